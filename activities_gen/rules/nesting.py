"""What may stand inside what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.findings import Severity
from activities_gen.model.types import CONTAINERS
from activities_gen.model.values import is_arm, is_dynamic
from activities_gen.rules.context import Context, title
from activities_gen.rules.model import Violation, quoted, rule
from activities_gen.rules.subjects import activity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.model.activities import Activity

LOOPS = ("ForEach", "Until")
BRANCHING = ("IfCondition", "Switch")


@rule("ADF320", on=activity())
def forbidden_nesting(_: Context, node: Activity) -> Iterator[Violation]:
    """A loop in a container, or a branching in a branching."""
    outer = _forbidding(node)
    if outer is not None:
        message = f"{title(node)}, of type {node.type}, stands inside {title(outer)}, of type {outer.type}, which may not hold it. Move it to a pipeline of its own and call that with ExecutePipeline."
        yield Violation(message, node.path, None if node.type in LOOPS else Severity.WARNING)


def _forbidding(node: Activity) -> Activity | None:
    """The nearest container around one that may not hold it, directly or not."""
    if node.type not in CONTAINERS:
        return None
    for outer in node.containers():
        if outer.type in BRANCHING or node.type in LOOPS:
            return outer
    return None


@rule("ADF321", on=activity("Validation"))
def nested_validation(_: Context, node: Activity) -> Iterator[Violation]:
    """A Validation that is not at the top level."""
    if node.parent is not None:
        yield Violation(
            f"{title(node)} is a Validation inside {title(node.parent)}. Move it to the top level, or use GetMetadata.",
            node.path,
        )


@rule("ADF322")
def empty_container(context: Context) -> Iterator[Violation]:
    """A container all of whose branches are empty."""
    holders = {id(node.parent) for node in context.activities if node.parent}
    for node in context.active:
        if node.type in CONTAINERS and id(node) not in holders and not _has_unread_branches(node):
            yield Violation(f"{title(node)}, of type {node.type}, holds no activity. Add one or delete it.", node.path)


def _has_unread_branches(node: Activity) -> bool:
    """Whether a branch is something that another rule reports, or nothing that can be read here."""
    present = [key for key in CONTAINERS[node.type] if key in node.type_properties]
    return any(not isinstance(node.type_properties[key], list) for key in present)


@rule("ADF323", on=activity("Switch"))
def idle_case(_: Context, node: Activity) -> Iterator[Violation]:
    """A case value that an earlier case has, or none."""
    cases = node.type_properties.get("cases")
    seen: set[str] = set()
    for index, case in enumerate(cases if isinstance(cases, list) else []):
        value = case.get("value") if isinstance(case, dict) else ""
        second = isinstance(value, str) and value in seen
        computed = isinstance(value, str) and is_dynamic(value) and not is_arm(value)
        problem = "without a 'value'" if value is None else f"{quoted(value)} a second time" if second else ""
        problem = f"{quoted(value)}, an expression that is not evaluated" if computed else problem
        if problem:
            message = f"{title(node)} has a case {problem}, which is never chosen."
            yield Violation(message, (*node.path, "typeProperties", "cases", index))
        if isinstance(value, str) and isinstance(case, dict):
            seen.add(value)


@rule("ADF324", on=activity("ForEach"))
def idle_batch_count(_: Context, node: Activity) -> Iterator[Violation]:
    """A batch count without effect."""
    count = node.type_properties.get("batchCount")
    if node.type_properties.get("isSequential") is True and count not in (None, 1):
        yield Violation(
            f"{title(node)} is sequential, so its 'batchCount' has no effect. Delete one of the two.",
            (*node.path, "typeProperties", "batchCount"),
        )
