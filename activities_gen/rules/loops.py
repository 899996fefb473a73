"""Loops that do not do what they seem to: conditions that never change, and iterations that do not wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.expressions.functions import find
from activities_gen.expressions.syntax import Whole
from activities_gen.model.reachability import may_meet
from activities_gen.rules.context import Context, title
from activities_gen.rules.declarations import setters
from activities_gen.rules.evaluated import parsed, template_of
from activities_gen.rules.model import Violation, quoted, rule
from activities_gen.rules.subjects import activity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.expressions.reference import Reference
    from activities_gen.model.activities import Activity


@rule("ADF325", on=activity("ExecutePipeline"))
def idle_sequence(_: Context, node: Activity) -> Iterator[Violation]:
    """A call that does not wait, in a loop that is sequential."""
    around = next((outer for outer in node.containers() if outer.type == "ForEach"), None)
    waits = node.type_properties.get("waitOnCompletion")
    if around is None or str(waits).casefold() != "false" or not is_sequential(around):
        return
    yield Violation(
        f'{title(around)} is sequential, which has no effect on the pipelines that it calls: {title(node)} does not wait for them, so they run side by side. Set "waitOnCompletion": true.',
        (*node.path, "typeProperties", "waitOnCompletion"),
    )


def is_sequential(loop: Activity) -> bool:
    """Whether a ForEach runs one iteration after the other."""
    return str(loop.type_properties.get("isSequential")).casefold() == "true"


@rule("ADF326", on=activity("Until"))
def constant_condition(context: Context, node: Activity) -> Iterator[Violation]:
    """A condition that reads nothing that changes while the loop runs."""
    template, text, path = template_of(context, node, "expression")
    read = parsed(context, text)[1] if isinstance(template, Whole) else ()
    if isinstance(template, Whole) and not any(_changes(context, node, reference) for reference in read):
        yield Violation(
            f"{title(node)} has a condition that never changes: {_what_is_read(read)}. The loop ends after one pass, or at its timeout. Read what an activity in the loop gives, or a variable that is set there.",
            path,
        )


_SAME = frozenset({"parameter", "global_parameter", "system", "item"})
"""What stays as it is while a loop runs."""

_FRESH = frozenset({"utcnow", "getfuturetime", "getpasttime", "guid", "rand"})
"""The functions that give another value each time."""

_MOST_SETTERS = 1_000


def _changes(context: Context, loop: Activity, reference: Reference) -> bool:
    """Whether what a loop's condition reads may change from pass to pass, as far as is known here."""
    name = reference.name.casefold()
    if reference.kind == "function":
        return name in _FRESH or find(name) is None
    if reference.kind not in ("variable", "activity"):
        return reference.kind not in _SAME
    sources = _setters(context).get(name, []) if reference.kind == "variable" else context.by_name.get(name)
    if not name or sources is None or len(sources) > _MOST_SETTERS:
        return True
    return any(loop in source.containers() or may_meet(loop, source) for source in sources)


def _setters(context: Context) -> dict[str, list[Activity]]:
    """The activities that set a variable, by its name in lower case."""

    def by_name() -> dict[str, list[Activity]]:
        result: dict[str, list[Activity]] = {}
        for node, name in setters(context):
            result.setdefault(name.casefold(), []).append(node)
        return result

    found: dict[str, list[Activity]] = context.once("setters", by_name)
    return found


def _what_is_read(references: tuple[Reference, ...]) -> str:
    """Returns what a condition reads, as the end of a sentence."""
    for kind, form in (
        ("variable", "nothing in the loop sets the variable {}"),
        ("activity", "the activity {} has ended before the loop begins"),
        ("parameter", "the parameter {} has one value for the whole run"),
    ):
        name = next((reference.name for reference in references if reference.kind == kind), "")
        if name:
            return form.format(quoted(name))
    return "what it reads has one value for the whole run" if references else "it reads nothing"
