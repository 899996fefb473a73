"""Parameters and variables that nothing uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.findings import Layer, Severity
from activities_gen.rules.declarations import setters
from activities_gen.rules.evaluated import evaluated
from activities_gen.rules.examples import pipeline, python, set_variable
from activities_gen.rules.model import Mark, Subject, quoted, rule
from activities_gen.rules.scoping import read
from activities_gen.rules.values import is_arm
from activities_gen.wire.document import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.rules.context import Context

USE = "https://learn.microsoft.com/azure/data-factory/concepts-parameters-variables"
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


@rule(
    "ADF303",
    "a parameter that nothing reads",
    Severity.NOTE,
    Layer.STUDIO,
    on=Subject.RESOURCE,
    why="Whoever starts the pipeline gives a value that has no effect.",
    wrong=pipeline(python(), parameters={"day": {"type": "string", "defaultValue": "1"}}),
    right=pipeline(
        python(parameters=["@pipeline().parameters.day"]), parameters={"day": {"type": "string", "defaultValue": "1"}}
    ),
    source=USE,
)
def unused_parameter(context: Context) -> Iterator[Mark]:
    """A parameter that no expression reads."""
    kind = _KINDS.get(context.document.kind)
    for name in _idle(context, context.parameters, kind) if kind else ():
        yield Mark(
            f"Nothing reads the parameter {quoted(name)}. Delete it, or use it.", ("properties", "parameters", name)
        )


@rule(
    "ADF306",
    "a variable that nothing uses",
    Severity.NOTE,
    Layer.STUDIO,
    why="It is neither set nor read.",
    wrong=pipeline(python(), variables={"day": {"type": "String"}}),
    right=pipeline(
        set_variable("day", "1"), python(parameters=["@variables('day')"]), variables={"day": {"type": "String"}}
    ),
    source=USE,
)
def unused_variable(context: Context) -> Iterator[Mark]:
    """A variable that no activity sets and no expression reads."""
    set_names = {name.casefold() for _, name in setters(context)}
    for name in _idle(context, context.variables, "variable"):
        if name.casefold() not in set_names:
            yield Mark(f"Nothing uses the variable {quoted(name)}. Delete it.", ("properties", "variables", name))


@rule(
    "ADF312",
    "a variable that is set and never read",
    Severity.NOTE,
    Layer.STUDIO,
    why="Setting it has no effect, but that its value can be seen in the run's report.",
    wrong=pipeline(set_variable("day", "1"), variables={"day": {"type": "String"}}),
    right=pipeline(
        set_variable("day", "1"), python(parameters=["@variables('day')"]), variables={"day": {"type": "String"}}
    ),
    source=USE,
)
def unread_variable(context: Context) -> Iterator[Mark]:
    """A variable that activities set and no expression reads."""
    set_names = {name.casefold() for _, name in setters(context)}
    for name in _idle(context, context.variables, "variable"):
        if name.casefold() in set_names:
            yield Mark(f"The variable {quoted(name)} is set, and nothing reads it.", ("properties", "variables", name))
