"""Parameters and variables that nothing uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.expressions.syntax import Call, Constant, roots
from activities_gen.model.values import is_arm
from activities_gen.rules.declarations import setters
from activities_gen.rules.evaluated import evaluated
from activities_gen.rules.model import Subject, Violation, quoted, rule
from activities_gen.rules.scoping import read, reader
from activities_gen.wire.document import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.expressions.syntax import Node
    from activities_gen.rules.context import Context
    from activities_gen.rules.evaluated import Evaluated

_KINDS = {Kind.PIPELINE: "parameter", Kind.DATASET: "dataset", Kind.LINKED_SERVICE: "linked_service"}


def _used(context: Context, kind: str) -> set[str] | None:
    """The names of a kind that expressions read, without letter case; ``None`` if one of them is computed."""
    names = {reference.name.casefold() for _, reference in read(context, kind)}
    return None if "" in names else names


def _hidden(context: Context) -> str:
    """All text whose expressions cannot be read here: wrong ones, and ARM expressions."""
    wrong = [found.text.value for found in evaluated(context) if found.template is None]
    return "\n".join([*wrong, *(text.value for text in context.texts if is_arm(text.value))]).casefold()


def _idle(context: Context, declared: dict[str, object], kind: str) -> Iterator[str]:
    used = _used(context, kind)
    if used is None or not declared:
        return
    hidden = _hidden(context)
    yield from (name for name in declared if name.casefold() not in used and name.casefold() not in hidden)


@rule("ADF303", on=Subject.RESOURCE)
def unused_parameter(context: Context) -> Iterator[Violation]:
    """A parameter that no expression reads."""
    kind = _KINDS.get(context.document.kind)
    for name in _idle(context, context.parameters, kind) if kind else ():
        yield Violation(
            f"Nothing reads the parameter {quoted(name)}. Delete it, or use it.", ("properties", "parameters", name)
        )


@rule("ADF306")
def unused_variable(context: Context) -> Iterator[Violation]:
    """A variable that no activity sets and no expression reads."""
    set_names = {name.casefold() for _, name in setters(context)}
    for name in _idle(context, context.variables, "variable"):
        if name.casefold() not in set_names:
            yield Violation(f"Nothing uses the variable {quoted(name)}. Delete it.", ("properties", "variables", name))


@rule("ADF312")
def unread_variable(context: Context) -> Iterator[Violation]:
    """A variable that activities set and no expression reads."""
    set_names = {name.casefold() for _, name in setters(context)}
    for name in _idle(context, context.variables, "variable"):
        if name.casefold() in set_names:
            yield Violation(
                f"The variable {quoted(name)} is set, and nothing reads it.", ("properties", "variables", name)
            )


@rule("ADF317")
def unset_text(context: Context) -> Iterator[Violation]:
    """A String variable without default that nothing sets, read where null and an empty text differ."""
    unset = {name.casefold() for name, declared in context.variables.items() if _is_unset_text(declared)}
    unset -= {name.casefold() for _, name in setters(context)} if unset else set()
    for found in evaluated(context) if unset else ():
        for name in _read_by_value(found):
            if name.casefold() in unset:
                message = f'{reader(context, found.owner)} reads the variable {quoted(name)}, which has no default and is never set. A simulated run takes it as null, and Azure perhaps as an empty text. Add "defaultValue": "".'
                yield Violation(message, found.path)


def _is_unset_text(declared: object) -> bool:
    return (
        isinstance(declared, dict)
        and str(declared.get("type")).casefold() == "string"
        and declared.get("defaultValue") is None
    )


_TAKES_NO_NULL = frozenset(
    {
        *("length", "first", "last", "take", "skip", "contains", "startswith", "endswith", "indexof", "lastindexof"),
        *("toupper", "tolower", "trim", "split", "replace", "substring"),
        *("coalesce", "int", "float", "bool", "base64", "json"),
    }
)
"""The functions that give one value for null and another, or an error, for an empty text."""


def _read_by_value(found: Evaluated) -> Iterator[str]:
    """The variables that an expression passes on to a function for which null and an empty text differ."""
    pending: list[Node] = list(roots(found.template)) if found.template else []
    while pending:
        node = pending.pop()
        pending.extend(node.children)
        if isinstance(node, Call) and _tells_null(node):
            yield from (name for argument in node.arguments if (name := _variable(argument)))


def _tells_null(node: Call) -> bool:
    if node.name.lower() != "equals":
        return node.name.lower() in _TAKES_NO_NULL
    return any(isinstance(argument, Constant) and argument.value in ("", None) for argument in node.arguments)


def _variable(node: Node) -> str:
    """The name of the variable that a node reads; empty if it reads none, or a computed one."""
    named = isinstance(node, Call) and node.name.lower() == "variables" and len(node.arguments) == 1
    name = node.arguments[0] if named and isinstance(node, Call) else None
    return name.value if isinstance(name, Constant) and isinstance(name.value, str) else ""
