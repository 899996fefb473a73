"""Expressions: everything that the static check of the language finds, at its place in the document."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from activities_gen.expressions.checks.scope import Scope
from activities_gen.expressions.checks.syntax import diagnose
from activities_gen.expressions.checks.template import check_tree
from activities_gen.findings import Layer, Severity
from activities_gen.rules.evaluated import Parsed, candidates, declared_types, parsed, shown_expression
from activities_gen.rules.examples import expression, loop, pipeline, python
from activities_gen.rules.model import Mark, Subject, quoted, rule
from activities_gen.rules.scoping import EXPRESSIONS, SYSTEM, read, reader
from activities_gen.wire.document import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from activities_gen.expressions.checks.problem import Problem
    from activities_gen.rules.context import Context, Text
    from activities_gen.rules.model import Example

_DOCUMENTS: dict[Kind, Any] = {
    Kind.PIPELINE: "pipeline",
    Kind.DATASET: "dataset",
    Kind.LINKED_SERVICE: "linked_service",
    Kind.TRIGGER: "trigger",
}
_DAY = {"day": {"type": "string", "defaultValue": "1"}}
_TRIGGERED = "https://learn.microsoft.com/azure/data-factory/how-to-use-trigger-parameterization"


def _found(context: Context) -> dict[str, list[tuple[Text, Problem]]]:
    """The problems of a document's expressions by code."""
    result: dict[str, list[tuple[Text, Problem]]] = defaultdict(list)
    document = _DOCUMENTS.get(context.document.kind)
    if document is None:
        return result
    outside = _scope(context, document, item=False)
    inside = _scope(context, document, item=True)
    known: dict[tuple[str, bool, bool], list[Problem]] = {}
    for text, wrapped in candidates(context):
        in_loop = _has_item(text)
        key = (text.value, wrapped, in_loop)
        if key not in known:
            known[key] = _problems(parsed(context, text.value), inside if in_loop else outside, wrapped=wrapped)
        for problem in known[key]:
            result[problem.code].append((text, problem))
    return result


def _problems(tree: Parsed, scope: Scope, *, wrapped: bool) -> list[Problem]:
    """What is wrong with a string that has been parsed, or could not be."""
    template, references, error = tree
    if error is not None:
        return [diagnose(error)]
    return check_tree(template, references, scope, wrapped=wrapped) if template else []


def _scope(context: Context, document: Any, *, item: bool) -> Scope:
    """What is known at the places of a document; activities have rules of their own."""
    bare = isinstance(context.document.raw, list)
    known = context.options.global_parameters
    return Scope(
        document=document,
        parameters=declared_types(context.parameters) if context.knows_parameters and not bare else None,
        variables=declared_types(context.variables) if context.knows_variables and not bare else None,
        global_parameters=None if known is None else dict.fromkeys(known, ""),
        item_in_scope=item,
    )


def _has_item(text: Text) -> bool:
    """Whether ``item()`` has a meaning at a place: inside a ForEach, or in a Filter's condition."""
    owner = text.owner
    if owner is None:
        return False
    in_filter = owner.type == "Filter" and "condition" in text.path[len(owner.path) :]
    return in_filter or any(node.type == "ForEach" for node in owner.ancestors())


def _reporter(code: str) -> Callable[[Context], Iterator[Mark]]:
    """The check of one code: what the language's check found under it."""

    def report(context: Context) -> Iterator[Mark]:
        found: dict[str, list[tuple[Text, Problem]]] = context.once("problems", lambda: _found(context))
        for text, problem in found.get(code, ()):
            message = (
                f"{reader(context, text.owner)} has the expression '{shown_expression(text.value)}': {problem.message}"
            )
            # The names of columns in a mapping may begin with an at sign, as XML attributes do.
            mapped = problem.severity is Severity.ERROR and "translator" in text.path and text.path[-1] == "name"
            yield Mark(message, text.path, Severity.WARNING if mapped else problem.severity)

    report.__module__ = __name__
    return report


def _other_case(context: Context) -> Iterator[Mark]:
    """Names in another letter case: what the language's check found, and activities, which it is not told of."""
    yield from _reporter("ADF428")(context)
    for found, reference in read(context, "activity"):
        names = [node.name for node in context.by_name.get(reference.name.casefold(), ())]
        if names and reference.name not in names:
            message = (
                f"{reader(context, found.owner)} reads the activity {quoted(reference.name)}. "
                f"The name is written {quoted(names[0])}; it works, and Studio marks it."
            )
            yield Mark(message, found.path)


def _declare(
    code: str,
    title: str,
    why: str,
    wrong: str | Example,
    right: str | Example,
    *,
    severity: Severity = Severity.ERROR,
    layer: Layer = Layer.STUDIO,
    source: str = EXPRESSIONS,
    check: Callable[[Context], Iterator[Mark]] | None = None,
) -> None:
    """Register the rule of one code; an example that is a string stands for an activity with that parameter.

    Its check reports what the language's own check found under the code, where none is given.
    """
    examples = [
        pipeline(python(parameters=[item]), parameters=_DAY) if isinstance(item, str) else item
        for item in (wrong, right)
    ]
    rule(
        code, title, severity, layer, on=Subject.RESOURCE, why=why, wrong=examples[0], right=examples[1], source=source
    )(check or _reporter(code))


_GOOD = "@pipeline().parameters.day"

_declare(
    "ADF401",
    "a text that is no correct expression",
    "A text that begins with `@`, or has `@{…}` in it, is an expression, and is refused when it cannot be read. A text that begins with `@` by chance is written with `@@`.",
    "@concat('a', 'b'",
    "@concat('a', 'b')",
)
_declare(
    "ADF402",
    "a function that Data Factory does not have",
    "The run fails with `The template function '…' is not defined or not valid`.",
    "@concta('a', 'b')",
    "@concat('a', 'b')",
)
_declare(
    "ADF403",
    "a wrong number of arguments",
    "Each function takes a fixed number of arguments, some a range. Where Studio alone complains it is a warning.",
    "@replace('a', 'b')",
    "@replace('a', 'b', 'c')",
)
_declare(
    "ADF404",
    "an argument that can never fit",
    "A number where a text is needed, a format, unit or time zone that does not exist: the function fails whenever it runs.",
    "@toUpper(5)",
    "@toUpper('a')",
    layer=Layer.RUN,
)
_declare(
    "ADF405",
    "a date format that means something else",
    "`mm` are minutes and `MM` months, `hh` counts to 12; `YYYY` and `DD` are no fields at all but text.",
    "@utcNow('YYYY-MM-DD')",
    "@utcNow('yyyy-MM-dd')",
    severity=Severity.WARNING,
    layer=Layer.RUN,
)
_declare(
    "ADF406",
    "a blank that makes an expression a plain text",
    "A text is an expression only where `@` is its very first character.",
    " @utcNow()",
    "@utcNow()",
    severity=Severity.WARNING,
    layer=Layer.RUN,
)
_declare(
    "ADF407",
    "a function of mapping data flows",
    "Data flows have a language of their own; its functions do not exist in a pipeline.",
    "@toString(5)",
    "@string(5)",
)
_declare(
    "ADF408",
    "quotes that are not straight single quotes",
    "Texts inside an expression stand in single quotes; one inside a text is doubled.",
    "@concat(\"a\", 'b')",
    "@concat('a', 'b')",
)
_declare(
    "ADF409",
    "a literal list or object",
    "The language has none: `createArray(…)` makes a list, `json('…')` anything.",
    "@length([1, 2])",
    "@length(createArray(1, 2))",
)
_declare(
    "ADF410",
    "a function without parentheses",
    "`pipeline` is a function: `pipeline().parameters.day`.",
    "@pipeline.parameters.day",
    _GOOD,
)
_declare(
    "ADF411",
    "a property whose name needs brackets",
    "After a dot stand letters, digits and underscores only; any other name goes into `['…']`.",
    "@pipeline().parameters.my-day",
    "@pipeline().parameters['day']",
)
_declare(
    "ADF412",
    "an at sign inside an expression",
    "Only the first character of an expression is `@`; functions inside stand without.",
    "@concat('a', @string(1))",
    "@concat('a', string(1))",
)
_declare(
    "ADF413",
    "an operator",
    "The language has functions instead: `add`, `equals`, `and` and so on.",
    "@1 + 2",
    "@add(1, 2)",
)
_declare(
    "ADF414",
    "an expression of more than 8,192 characters",
    "Azure refuses longer ones.",
    f"@concat('{'x' * 8192}', 'b')",
    "@concat('x', 'b')",
    layer=Layer.RUN,
)
_declare(
    "ADF415",
    "something behind an expression",
    "A text that begins with `@` is one expression to its end. To put expressions into a text, write `@{…}`.",
    "@pipeline().parameters.day today",
    "@{pipeline().parameters.day} today",
)
_declare(
    "ADF416",
    "an interpolation without end or content",
    "Every `@{` needs an expression and a `}`; the plain text `@{` is written `@@{`.",
    "day @{pipeline().parameters.day",
    "day @{pipeline().parameters.day}",
)
_declare(
    "ADF417",
    "an expression inside a text that nobody evaluates",
    "In a plain text only `@{…}` is evaluated; inside the texts of an expression nothing is.",
    "today is @utcNow()",
    "today is @{utcNow()}",
    severity=Severity.WARNING,
    layer=Layer.RUN,
)
_declare(
    "ADF418",
    "an Expression object whose text is plain",
    "Without `@` first it is a plain text, whatever the object says.",
    [python(parameters=[expression("utcNow()")])],
    [python(parameters=[expression("@utcNow()")])],
    severity=Severity.WARNING,
    layer=Layer.RUN,
)
_declare(
    "ADF420",
    "a parameter that is not declared",
    "Parameters are declared in `properties.parameters`.",
    "@pipeline().parameters.dya",
    _GOOD,
)
_declare(
    "ADF421",
    "a global parameter that the factory does not have",
    "Checked where the repository has the factory's file, in the folder `factory`.",
    {
        "pipeline/demo.json": pipeline(python(parameters=["@pipeline().globalParameters.enviroment"])),
        "factory/adf.json": {
            "name": "adf",
            "properties": {"globalParameters": {"environment": {"type": "string", "value": "dev"}}},
        },
    },
    {
        "pipeline/demo.json": pipeline(python(parameters=["@pipeline().globalParameters.environment"])),
        "factory/adf.json": {
            "name": "adf",
            "properties": {"globalParameters": {"environment": {"type": "string", "value": "dev"}}},
        },
    },
    source="https://learn.microsoft.com/azure/data-factory/author-global-parameters",
)
_declare(
    "ADF422",
    "a variable that is not declared",
    "Variables are declared in `properties.variables`. Azure says `… since it is not a variable of the current pipeline`.",
    pipeline(python(parameters=["@variables('dya')"]), variables={"day": {"type": "String"}}),
    pipeline(python(parameters=["@variables('day')"]), variables={"day": {"type": "String"}}),
)
_declare(
    "ADF424",
    "item() where there is no item",
    "`item()` is the element at hand: inside a ForEach, at any depth, or in the condition of a Filter.",
    "@item().name",
    [loop(python(parameters=["@item().name"]))],
)
_declare(
    "ADF425",
    "a function that belongs to another kind of resource",
    "`pipeline()`, `activity()`, `variables()` are for pipelines, `dataset()` for datasets, `linkedService()` for linked services, `trigger()` and "
    "`triggerBody()` for triggers. Values are handed from one to the other as parameters.",
    "@trigger().outputs.windowStartTime",
    _GOOD,
    source=_TRIGGERED,
)
_declare(
    "ADF426",
    "a system variable that does not exist",
    "`pipeline()` has a fixed list of properties; parameters are below `pipeline().parameters`.",
    "@pipeline().RunID2",
    "@pipeline().RunId",
    severity=Severity.WARNING,
    layer=Layer.RUN,
    source=SYSTEM,
)
_declare(
    "ADF427",
    "a system variable that is missing in some runs",
    "`TriggeredByPipelineName` and its like are there only when another pipeline started this one; without `?` the run fails otherwise.",
    "@pipeline().TriggeredByPipelineName",
    "@pipeline()?.TriggeredByPipelineName",
    severity=Severity.WARNING,
    layer=Layer.RUN,
    source=SYSTEM,
)
_declare(
    "ADF428",
    "a name in another letter case",
    "Functions, system variables, activities and variables are found in any letter case, and Studio marks each other one.",
    "@toupper('a')",
    "@toUpper('a')",
    severity=Severity.NOTE,
    check=_other_case,
)
