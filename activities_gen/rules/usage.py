"""Parameters and variables that nothing uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.model.values import is_arm
from activities_gen.rules.declarations import setters
from activities_gen.rules.evaluated import evaluated
from activities_gen.rules.model import Subject, Violation, quoted, rule
from activities_gen.rules.scoping import read
from activities_gen.wire.document import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.rules.context import Context

_KINDS = {Kind.PIPELINE: "parameter", Kind.DATASET: "dataset", Kind.LINKED_SERVICE: "linked_service"}


def _used(context: Context, kind: str) -> set[str] | None:
    """The names of a kind that expressions read, without letter case; ``None`` where one of them is computed."""
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
