"""What expressions refer to: that it is declared, in scope, and there when it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.findings import Severity
from activities_gen.model.reachability import may_read
from activities_gen.rules.context import Context, lookup, title
from activities_gen.rules.evaluated import evaluated
from activities_gen.rules.model import Subject, Violation, quoted, rule
from activities_gen.rules.names import NOUNS
from activities_gen.rules.subjects import each
from activities_gen.wire.document import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.expressions.reference import Reference
    from activities_gen.model.activities import Activity
    from activities_gen.rules.evaluated import Evaluated


def read(context: Context, *kinds: str) -> Iterator[tuple[Evaluated, Reference]]:
    """The references of some kinds in a document's expressions, each with its expression."""
    for found in evaluated(context):
        for reference in found.references:
            if reference.kind in kinds:
                yield found, reference


ACTIVITY_READ = each(lambda context: read(context, "activity"))
"""Each reference to an activity: its expression, and the reference."""


def reader(context: Context, owner: Activity | None) -> str:
    """Who reads something, as messages name it."""
    if owner is not None:
        return title(owner)
    return f"The {NOUNS[context.document.kind]} {quoted(context.document.name)}"


@rule("ADF452", on=ACTIVITY_READ)
def unknown_activity(context: Context, found: Evaluated, reference: Reference) -> Iterator[Violation]:
    """A name that no activity of the pipeline has."""
    if reference.name and reference.name.casefold() not in context.by_name and context.knows_activities:
        near = context.suggest(reference.name, (node.name for node in context.activities))
        yield Violation(
            f"{reader(context, found.owner)} reads the activity {quoted(reference.name)}, which is not in this pipeline.{near}",
            found.path,
        )


_MOST_DOUBLES = 100
"""Activities of one name that are looked at; that there are two is a mistake of its own."""


@rule("ADF453", on=ACTIVITY_READ)
def not_upstream(context: Context, found: Evaluated, reference: Reference) -> Iterator[Violation]:
    """A reference without a path of dependencies."""
    owner, targets = found.owner, context.by_name.get(reference.name.casefold(), [])[:_MOST_DOUBLES]
    if owner is not None and targets and not any(may_read(owner, target) for target in targets):
        message, severity = _hidden(owner, targets[0])
        if message:
            yield Violation(f"{title(owner)} reads {message}", found.path, severity)


def _hidden(owner: Activity, target: Activity) -> tuple[str, Severity | None]:
    """Why an activity cannot be read from another; empty if it can be, out of the last pass of an Until."""
    if owner is target:
        return "its own output, which is there when it has ended only.", None
    around = {id(owner), *(id(node) for node in owner.containers())}
    walls = [node for node in target.containers() if id(node) not in around]
    outer = walls[-1] if walls else target
    own_pass = owner.type == "Until" and any(node is owner for node in target.containers())
    if walls and any(node.type == "ForEach" for node in walls):
        loop = next(node for node in walls if node.type == "ForEach")
        return (
            f"{title(target)}, which is inside {title(loop)} and cannot be read from outside it. Append what it gives to a variable.",
            None,
        )
    if not own_pass and not may_read(owner, outer):
        return (
            f"{title(target)}, which may not have run: no dependency leads there. Add {title(outer)} to 'dependsOn'.",
            None,
        )
    branch = next((node for node in walls if node.type != "Until"), None)
    if branch is not None:
        return (
            f"{title(target)}, which is inside {title(branch)} and there only where that branch ran. Set a variable in the branch.",
            Severity.WARNING,
        )
    return "", None


@rule("ADF459", on=Subject.RESOURCE)
def unknown_own_parameter(context: Context) -> Iterator[Violation]:
    """A parameter of a dataset or linked service that is not declared."""
    wanted = {Kind.DATASET: "dataset", Kind.LINKED_SERVICE: "linked_service"}.get(context.document.kind)
    wanted = wanted if context.knows_parameters else None
    for found, reference in read(context, wanted) if wanted else ():
        if reference.name and lookup(context.parameters, reference.name) is None:
            near = context.suggest(reference.name, context.parameters) or " Declare it in 'parameters'."
            yield Violation(
                f"{reader(context, found.owner)} reads its parameter {quoted(reference.name)}, which it does not declare.{near}",
                found.path,
            )


@rule("ADF466", on=ACTIVITY_READ)
def inactive_source(context: Context, found: Evaluated, reference: Reference) -> Iterator[Violation]:
    """The output of an activity that is switched off."""
    targets = context.by_name.get(reference.name.casefold(), [])
    if len(targets) == 1 and targets[0].inactive and not _is_status(reference):
        yield Violation(
            f"{reader(context, found.owner)} reads {title(targets[0])}, which is inactive and has no output.",
            found.path,
        )


def _is_status(reference: Reference) -> bool:
    """Whether it reads ``activity('…').Status``, which an inactive activity has as well."""
    return str(next(iter(reference.path), "")).casefold() == "status"
