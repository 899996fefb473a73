"""The expressions of a document: which strings ADF evaluates, parsed once, and what each reads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from activities_gen.expressions.checks.scope import Scope
from activities_gen.expressions.checks.texts import may_be_meant
from activities_gen.expressions.checks.types import types_of
from activities_gen.expressions.errors import ExpressionSyntaxError
from activities_gen.expressions.parser import is_expression
from activities_gen.expressions.reference import Reference, read
from activities_gen.expressions.syntax import Access, Call, Constant, Interpolation, Literal, Whole
from activities_gen.findings import Severity
from activities_gen.model.values import is_arm
from activities_gen.rules.shapes import output_types
from activities_gen.wire.document import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from activities_gen.expressions.syntax import Node, Template
    from activities_gen.findings import JsonPath
    from activities_gen.model.activities import Activity
    from activities_gen.rules.context import Context, Text

_NOTHING_KNOWN = Scope()

MAX_NAMES = 2_000
"""Most parameters or variables whose names and types are looked at; a pipeline has at most 50 parameters."""

_EVALUATED = frozenset({"typeProperties", "policy", "userProperties", "linkedServiceName", "inputs", "outputs"})


@dataclass(frozen=True)
class Evaluated:
    """One string that ADF evaluates.

    Attributes:
        text: The string and where it stands.
        template: What it was parsed to; ``None`` if it is no correct expression.
        references: What it reads.
        error: What is wrong with it, if it is no correct expression.
    """

    text: Text
    template: Template | None
    references: tuple[Reference, ...]
    error: ExpressionSyntaxError | None = None

    @property
    def path(self) -> JsonPath:
        """Where it stands in its document."""
        return self.text.path

    @property
    def owner(self) -> Activity | None:
        """The activity that it belongs to."""
        return self.text.owner


def evaluated(context: Context) -> list[Evaluated]:
    """The expressions of a document, but for those of inactive activities."""
    found: list[Evaluated] = context.once("evaluated", lambda: list(_evaluated(context)))
    return found


def _evaluated(context: Context) -> Iterator[Evaluated]:
    for text, _ in candidates(context):
        if is_expression(text.value):
            yield Evaluated(text, *parsed(context, text.value))


def candidates(context: Context) -> list[tuple[Text, bool]]:
    """The strings that are an expression or may be meant as one, each with whether an Expression object holds it.

    They stand where ADF evaluates strings, in activities that are not inactive.
    """
    found: list[tuple[Text, bool]] = context.once("candidates", lambda: list(_candidates(context)))
    return found


def _candidates(context: Context) -> Iterator[tuple[Text, bool]]:
    active = {id(node) for node in context.active}
    holders = {id(text.link[0]) for text in context.texts if text.value == "Expression" and text.link[1] == "type"}
    for text in context.texts:
        wrapped = text.link[1] == "value" and id(text.link[0]) in holders
        if not (wrapped or may_be_meant(text.value)) or is_arm(text.value):
            continue
        if (text.owner is None or id(text.owner) in active) and _is_evaluated(context, text):
            yield text, wrapped


def _is_evaluated(context: Context, text: Text) -> bool:
    """Whether ADF evaluates strings at that place."""
    path = text.path
    if text.owner is not None:
        inside = path[len(text.owner.path) :]
        case = len(inside) == 4 and inside[1] == "cases" and inside[3] == "value"
        name = path[-1] == "referenceName" or (inside[0] == "userProperties" and path[-1] == "name")
        return inside[0] in _EVALUATED and not name and not case
    if context.document.kind not in (Kind.TRIGGER, Kind.DATASET, Kind.LINKED_SERVICE):
        return False
    if context.document.kind is Kind.TRIGGER:
        return path[1] in ("pipeline", "pipelines") and "parameters" in path
    return path[1] == "typeProperties" or (path[1] == "linkedServiceName" and "parameters" in path)


Parsed = tuple["Template | None", tuple[Reference, ...], "ExpressionSyntaxError | None"]
"""The tree of a string and what it reads, or why it is no correct expression."""


def parsed(context: Context, text: str) -> Parsed:
    """A string of a document, parsed once for all rules."""
    known: dict[str, Parsed] = context.once("parsed", dict)
    if text not in known:
        known[text] = _parse(text)
    return known[text]


def _parse(text: str) -> Parsed:
    try:
        return *read(text), None
    except ExpressionSyntaxError as error:
        return None, (), error


def shown_expression(text: str) -> str:
    """An expression as messages show it: on one line, cut where it is long."""
    line = " ".join(text[:_MOST_SHOWN].split())
    return line if len(line) <= 60 and len(text) <= _MOST_SHOWN else f"{line[:59]}…"


_MOST_SHOWN = 1_000
"""Characters of an expression from which its beginning is taken; one of a megabyte may have thousands of findings."""


def result_types(template: Template | None, scope: Scope = _NOTHING_KNOWN) -> frozenset[str]:
    """The types that a template's value may have, in the engine's words; empty when it may be any."""
    if isinstance(template, (Interpolation, Literal)):
        return frozenset({"String"})
    return _node_types(template.node, scope) if isinstance(template, Whole) else frozenset()


def _node_types(node: Node, scope: Scope, depth: int = 0) -> frozenset[str]:
    if isinstance(node, Call) and node.name.lower() == "if" and len(node.arguments) == 3 and depth < _DEEPEST:
        first, second = (_node_types(argument, scope, depth + 1) for argument in node.arguments[1:])
        return first | second if first and second else frozenset()
    return frozenset({"String"}) if _is_system_variable(node) else types_of(node, scope)


def _is_system_variable(node: Node) -> bool:
    """Whether it is ``pipeline().RunId`` or its like, all of which are texts."""
    if not (isinstance(node, Access) and isinstance(node.base, Call) and node.base.name.lower() == "pipeline"):
        return False
    return isinstance(node.key, Constant) and str(node.key.value).lower() in _TEXTS


_DEEPEST = 20
_TEXTS = frozenset({"datafactory", "pipeline", "runid", "triggertype", "triggerid", "triggername", "triggertime"})


def unfit(
    context: Context, template: Template | None, wanted: Collection[str]
) -> tuple[frozenset[str], Severity | None] | None:
    """The types of an expression's value where it cannot have one of those wanted; ``None`` if it may have.

    With them comes a severity where that rests on the declared type of a parameter, in place of which a caller may
    pass something else.
    """
    for scope, severity in _scopes(context):
        types = result_types(template, scope)
        if types and types.isdisjoint(wanted):
            return types, severity
    return None


def _scopes(context: Context) -> list[tuple[Scope, Severity | None]]:
    """What is sure of the types of variables and parameters, and what is declared, each with the severity it gives."""

    def scopes() -> list[tuple[Scope, Severity | None]]:
        variables = declared_types(context.variables)
        outputs = partial(output_types, context)
        sure = Scope(variables=variables, outputs=outputs)
        declared = Scope(parameters=declared_types(context.parameters), variables=variables, outputs=outputs)
        return [(sure, None), (declared, Severity.WARNING)]

    found: list[tuple[Scope, Severity | None]] = context.once("scopes", scopes)
    return found


def declared_types(declared: dict[str, Any]) -> dict[str, str] | None:
    """The types that parameters or variables are declared with; ``None`` if there are too many to look at."""
    if len(declared) > MAX_NAMES:
        return None
    return {name: str(entry.get("type", "")) if isinstance(entry, dict) else "" for name, entry in declared.items()}


_NOUNS = {
    "String": "a text",
    "Integer": "a number",
    "Float": "a number",
    "Boolean": "a boolean",
    "Object": "an object",
    "Null": "null",
    "Array": "a list",
}


def named_types(types: frozenset[str]) -> str:
    """Types as messages say them."""
    return " or ".join(sorted({_NOUNS[kind] for kind in types}))


def template_of(context: Context, node: Activity, *keys: str) -> tuple[Template | None, str, JsonPath]:
    """The template, text and path of an activity's expression under a key of ``typeProperties``."""
    value: Any = node.type_properties
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return template_in(context, value, (*node.path, "typeProperties", *keys))


def template_in(context: Context, value: Any, path: JsonPath) -> tuple[Template | None, str, JsonPath]:
    """The template, text and path of the expression in a value, which may be a plain string or an Expression object.

    The text is empty if it is neither, or is an ARM expression.
    """
    if isinstance(value, dict) and isinstance(value.get("value"), str):
        value, path = value["value"], (*path, "value")
    if not isinstance(value, str) or is_arm(value):
        return None, "", path
    return parsed(context, value)[0], value, path
