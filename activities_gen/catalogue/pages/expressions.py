"""What the pages say of the family "Expressions"."""

from __future__ import annotations

from typing import Any

from activities_gen.catalogue.examples import expression, loop, pipeline, python
from activities_gen.catalogue.page import Page

EXPRESSIONS = "https://learn.microsoft.com/azure/data-factory/control-flow-expression-language-functions"
SYSTEM = "https://learn.microsoft.com/azure/data-factory/control-flow-system-variables"

_DAY = {"day": {"type": "string", "defaultValue": "1"}}

_TRIGGERED = "https://learn.microsoft.com/azure/data-factory/how-to-use-trigger-parameterization"

_GOOD = "@pipeline().parameters.day"


def _with(text: str) -> Any:
    """A pipeline with an activity that has this parameter."""
    return pipeline(python(parameters=[text]), parameters=_DAY)


PAGES = {
    "ADF401": Page(
        why="A text that begins with `@`, or has `@{…}` in it, is an expression, and is refused when it cannot be read. A text that begins with `@` by chance is written with `@@`.",
        wrong=_with("@concat('a', 'b'"),
        right=_with("@concat('a', 'b')"),
        source=EXPRESSIONS,
    ),
    "ADF402": Page(
        why="The run fails with `The template function '…' is not defined or not valid`.",
        wrong=_with("@concta('a', 'b')"),
        right=_with("@concat('a', 'b')"),
        source=EXPRESSIONS,
    ),
    "ADF403": Page(
        why="Each function takes a fixed number of arguments, some a range. Where Studio alone complains it is a warning.",
        wrong=_with("@replace('a', 'b')"),
        right=_with("@replace('a', 'b', 'c')"),
        source=EXPRESSIONS,
    ),
    "ADF404": Page(
        why="A number where a text is needed, a format, unit or time zone that does not exist: the function fails whenever it runs.",
        wrong=_with("@toUpper(5)"),
        right=_with("@toUpper('a')"),
        source=EXPRESSIONS,
    ),
    "ADF405": Page(
        why="`mm` are minutes and `MM` months, `hh` counts to 12; `YYYY` and `DD` are no fields at all but text.",
        wrong=_with("@utcNow('YYYY-MM-DD')"),
        right=_with("@utcNow('yyyy-MM-dd')"),
        source=EXPRESSIONS,
    ),
    "ADF406": Page(
        why="A text is an expression only where `@` is its very first character.",
        wrong=_with(" @utcNow()"),
        right=_with("@utcNow()"),
        source=EXPRESSIONS,
    ),
    "ADF407": Page(
        why="Data flows have a language of their own; its functions do not exist in a pipeline.",
        wrong=_with("@toString(5)"),
        right=_with("@string(5)"),
        source=EXPRESSIONS,
    ),
    "ADF408": Page(
        why="Texts inside an expression stand in single quotes; one inside a text is doubled.",
        wrong=_with("@concat(\"a\", 'b')"),
        right=_with("@concat('a', 'b')"),
        source=EXPRESSIONS,
    ),
    "ADF409": Page(
        why="The language has none: `createArray(…)` makes a list, `json('…')` anything.",
        wrong=_with("@length([1, 2])"),
        right=_with("@length(createArray(1, 2))"),
        source=EXPRESSIONS,
    ),
    "ADF410": Page(
        why="`pipeline` is a function: `pipeline().parameters.day`.",
        wrong=_with("@pipeline.parameters.day"),
        right=_with(_GOOD),
        source=EXPRESSIONS,
    ),
    "ADF411": Page(
        why="After a dot stand letters, digits and underscores only; any other name goes into `['…']`.",
        wrong=_with("@pipeline().parameters.my-day"),
        right=_with("@pipeline().parameters['day']"),
        source=EXPRESSIONS,
    ),
    "ADF412": Page(
        why="Only the first character of an expression is `@`; functions inside stand without.",
        wrong=_with("@concat('a', @string(1))"),
        right=_with("@concat('a', string(1))"),
        source=EXPRESSIONS,
    ),
    "ADF413": Page(
        why="The language has functions instead: `add`, `equals`, `and` and so on.",
        wrong=_with("@1 + 2"),
        right=_with("@add(1, 2)"),
        source=EXPRESSIONS,
    ),
    "ADF414": Page(
        why="Azure refuses longer ones.",
        wrong=_with(f"@concat('{'x' * 8192}', 'b')"),
        right=_with("@concat('x', 'b')"),
        source=EXPRESSIONS,
    ),
    "ADF415": Page(
        why="A text that begins with `@` is one expression to its end. To put expressions into a text, write `@{…}`.",
        wrong=_with("@pipeline().parameters.day today"),
        right=_with("@{pipeline().parameters.day} today"),
        source=EXPRESSIONS,
    ),
    "ADF416": Page(
        why="Every `@{` needs an expression and a `}`; the plain text `@{` is written `@@{`.",
        wrong=_with("day @{pipeline().parameters.day"),
        right=_with("day @{pipeline().parameters.day}"),
        source=EXPRESSIONS,
    ),
    "ADF417": Page(
        why="In a plain text only `@{…}` is evaluated; inside the texts of an expression nothing is.",
        wrong=_with("today is @utcNow()"),
        right=_with("today is @{utcNow()}"),
        source=EXPRESSIONS,
    ),
    "ADF418": Page(
        why="Without `@` first it is a plain text, whatever the object says.",
        wrong=[python(parameters=[expression("utcNow()")])],
        right=[python(parameters=[expression("@utcNow()")])],
        source=EXPRESSIONS,
    ),
    "ADF420": Page(
        why="Parameters are declared in `properties.parameters`.",
        wrong=_with("@pipeline().parameters.dya"),
        right=_with(_GOOD),
        source=EXPRESSIONS,
    ),
    "ADF421": Page(
        why="Checked where the repository has the factory's file, in the folder `factory`.",
        wrong={
            "pipeline/demo.json": pipeline(python(parameters=["@pipeline().globalParameters.enviroment"])),
            "factory/adf.json": {
                "name": "adf",
                "properties": {"globalParameters": {"environment": {"type": "string", "value": "dev"}}},
            },
        },
        right={
            "pipeline/demo.json": pipeline(python(parameters=["@pipeline().globalParameters.environment"])),
            "factory/adf.json": {
                "name": "adf",
                "properties": {"globalParameters": {"environment": {"type": "string", "value": "dev"}}},
            },
        },
        source="https://learn.microsoft.com/azure/data-factory/author-global-parameters",
    ),
    "ADF422": Page(
        why="Variables are declared in `properties.variables`. Azure says `… since it is not a variable of the current pipeline`.",
        wrong=pipeline(python(parameters=["@variables('dya')"]), variables={"day": {"type": "String"}}),
        right=pipeline(python(parameters=["@variables('day')"]), variables={"day": {"type": "String"}}),
        source=EXPRESSIONS,
    ),
    "ADF424": Page(
        why="`item()` is the element at hand: inside a ForEach, at any depth, or in the condition of a Filter.",
        wrong=_with("@item().name"),
        right=[loop(python(parameters=["@item().name"]))],
        source=EXPRESSIONS,
    ),
    "ADF425": Page(
        why=(
            "`pipeline()`, `activity()`, `variables()` are for pipelines, `dataset()` for datasets, `linkedService()` for linked services, `trigger()` and "
            "`triggerBody()` for triggers. Values are handed from one to the other as parameters."
        ),
        wrong=_with("@trigger().outputs.windowStartTime"),
        right=_with(_GOOD),
        source=_TRIGGERED,
    ),
    "ADF426": Page(
        why="`pipeline()` has a fixed list of properties; parameters are below `pipeline().parameters`.",
        wrong=_with("@pipeline().RunID2"),
        right=_with("@pipeline().RunId"),
        source=SYSTEM,
    ),
    "ADF427": Page(
        why="`TriggeredByPipelineName` and its like are there only when another pipeline started this one; without `?` the run fails otherwise.",
        wrong=_with("@pipeline().TriggeredByPipelineName"),
        right=_with("@pipeline()?.TriggeredByPipelineName"),
        source=SYSTEM,
    ),
    "ADF428": Page(
        why="Functions, system variables, activities and variables are found in any letter case, and Studio marks each other one.",
        wrong=_with("@toupper('a')"),
        right=_with("@toUpper('a')"),
        source=EXPRESSIONS,
    ),
}
