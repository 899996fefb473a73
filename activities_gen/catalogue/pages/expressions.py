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
        why="A string that begins with `@`, or contains `@{…}`, is an expression, and is refused if it cannot be parsed. Write `@@` for a plain string that begins with `@`.",
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
        why="Each function takes a fixed number of arguments, or a range. If only Studio complains it is a warning.",
        wrong=_with("@replace('a', 'b')"),
        right=_with("@replace('a', 'b', 'c')"),
        source=EXPRESSIONS,
    ),
    "ADF404": Page(
        why="A number instead of a string, or a format, unit or time zone that does not exist: the function fails in every run.",
        wrong=_with("@toUpper(5)"),
        right=_with("@toUpper('a')"),
        source=EXPRESSIONS,
    ),
    "ADF405": Page(
        why="`mm` is minutes and `MM` months, `hh` counts to 12; `YYYY` and `DD` are not fields but plain text.",
        wrong=_with("@utcNow('YYYY-MM-DD')"),
        right=_with("@utcNow('yyyy-MM-dd')"),
        source=EXPRESSIONS,
    ),
    "ADF406": Page(
        why="A string is an expression only if `@` is its very first character.",
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
        why="Strings inside an expression are in single quotes. A single quote inside a string is doubled.",
        wrong=_with("@concat(\"a\", 'b')"),
        right=_with("@concat('a', 'b')"),
        source=EXPRESSIONS,
    ),
    "ADF409": Page(
        why="The language has no literals for them: `createArray(…)` makes a list, `json('…')` any value.",
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
        why="After a dot only letters, digits and underscores are allowed; any other name goes into `['…']`.",
        wrong=_with("@pipeline().parameters.my-day"),
        right=_with("@pipeline().parameters['day']"),
        source=EXPRESSIONS,
    ),
    "ADF412": Page(
        why="Only the first character of an expression is `@`; write functions inside it without.",
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
        why="A string that begins with `@` is one expression to its end. To put expressions into a string, write `@{…}`.",
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
        why="In a plain string only `@{…}` is evaluated; inside the strings of an expression nothing is.",
        wrong=_with("today is @utcNow()"),
        right=_with("today is @{utcNow()}"),
        source=EXPRESSIONS,
    ),
    "ADF418": Page(
        why="Without `@` as its first character it is a plain string, whatever the object says.",
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
        why="Checked if the repository has the factory's file in the folder `factory`.",
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
        why="`item()` is the current element: inside a ForEach, at any depth, or in the condition of a Filter.",
        wrong=_with("@item().name"),
        right=[loop(python(parameters=["@item().name"]))],
        source=EXPRESSIONS,
    ),
    "ADF425": Page(
        why="`pipeline()`, `activity()` and `variables()` are for pipelines, `dataset()` for datasets, `linkedService()` for linked services, `trigger()` and `triggerBody()` for triggers. Pass values between them as parameters. A dataset may read `pipeline()` of the pipeline that uses it; a parameter read there is a note, because every such pipeline must have it.",
        wrong=_with("@trigger().outputs.windowStartTime"),
        right=_with(_GOOD),
        source=_TRIGGERED,
    ),
    "ADF426": Page(
        why="`pipeline()` has a fixed list of properties; parameters are in `pipeline().parameters`.",
        wrong=_with("@pipeline().RunID2"),
        right=_with("@pipeline().RunId"),
        source=SYSTEM,
    ),
    "ADF427": Page(
        why="`TriggeredByPipelineName` and the like exist only if another pipeline started this one; without `?` the run fails otherwise.",
        wrong=_with("@pipeline().TriggeredByPipelineName"),
        right=_with("@pipeline()?.TriggeredByPipelineName"),
        source=SYSTEM,
    ),
    "ADF428": Page(
        why="System variables, activities, parameters and variables are found in any case, and Studio marks a different one. Names of functions are not looked at: Microsoft's own examples write them in several cases.",
        wrong=_with("@pipeline().runid"),
        right=_with("@pipeline().RunId"),
        source=EXPRESSIONS,
    ),
}
