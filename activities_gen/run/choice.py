"""Which activities a run is about: all, those that somebody names, or those that have not succeeded before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from activities_gen.expressions import ExpressionSyntaxError, references
from activities_gen.model.types import CONTAINERS

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from activities_gen.model.activities import Activity, Siblings
    from activities_gen.run.earlier import EarlierActivity, EarlierRun
    from activities_gen.run.state import Scope

NOT_RUN: Final = "NotRun"
"""The status of an activity that the run is not about, or never came to: a branch not taken, a loop without items."""


_AT_REST = (NOT_RUN, "Inactive", "Skipped")
"""How an activity ends that gives what it gave in the earlier run, where nothing before it ran."""


@dataclass(frozen=True)
class Choice:
    """Which activities of a pipeline run. What is left out counts as succeeded, or as it came out in an earlier run.

    Attributes:
        option: The option that names activities, empty if none is named; then those run that no earlier run spares.
        named: The activities that are named: they run whatever their conditions say of what is left out.
        around: The containers around those, which run in part; of their conditions the same holds.
        left_out: The activities that do not run.
        needed: The names, in lower case, whose outputs expressions read: only with its whole output may such a one be left out.
    """

    option: str = ""
    named: frozenset[Activity] = frozenset()
    around: frozenset[Activity] = frozenset()
    left_out: frozenset[Activity] = frozenset()
    needed: frozenset[str] = frozenset()

    def earlier(self, scope: Scope, activity: Activity) -> EarlierActivity | None:
        """Returns what an earlier run says of an activity that this run goes on from.

        An activity runs again where one before it does: it may get something else now.
        """
        found = scope.earlier.get(activity.name.casefold())
        if found is None or found.type != activity.type:
            return None
        if self.option:
            return found if activity in self.left_out or activity in self.around else None
        before = (scope.runs[other.index] for other in activity.ancestors)
        return found if all(run is not None and run.status in _AT_REST for run in before) else None

    def leaves_out(self, activity: Activity, earlier: EarlierActivity | None) -> bool:
        """Whether an activity does not run."""
        if self.option:
            return activity in self.left_out
        return earlier is not None and earlier.status == "Succeeded" and self.knows_enough(earlier)

    def knows_enough(self, earlier: EarlierActivity) -> bool:
        """Whether all outputs that expressions read of an activity, and inside of it, are known from an earlier run."""
        return all(one.whole or one.name.casefold() not in self.needed for one in earlier.walk())

    def forces(self, activity: Activity) -> bool:
        """Whether an activity's conditions do not mind what is left out."""
        return activity in self.named or activity in self.around or activity in self.left_out

    def reason(self, earlier: EarlierActivity | None) -> str:
        """Why an activity does not run."""
        before = f"{earlier.status} at {earlier.ended[:19]}Z" if earlier else ""
        return "; ".join(filter(None, (f"left out by {self.option}" if self.option else "", before)))


EVERYTHING = Choice()
"""All activities run."""


def choose(top: Siblings, only: Sequence[str], onwards: Sequence[str], given: Container[Activity]) -> Choice:
    """The choice that names make: ``only`` these, and ``onwards`` from those to all that depends on them.

    Args:
        top: The activities.
        only: Names of activities that run with all that they hold.
        onwards: The same of those after which also everything runs that depends on them, or on a container around them.
        given: Activities for which something else stands in.
    """
    chosen: set[Activity] = set()
    around: set[Activity] = set()
    named: set[Activity] = set()
    for name in (*only, *onwards):
        trail = trail_of(top, name)
        named.add(trail[-1])
        chosen.update(trail[-1].walk())
        around.update(trail[:-1])
        if name in onwards:
            chosen.update(inner for one in trail for after in _after(one) for inner in after.walk())
    around -= chosen
    left_out = frozenset(
        activity for activity in top.walk() if activity not in chosen | around and activity not in given
    )
    option = " and ".join(name for name, names in (("--only", only), ("--from", onwards)) if names)
    return Choice(option, frozenset(named), frozenset(around), left_out)


def reads(activity: Activity) -> set[str]:
    """The names, in lower case, of the activities that an activity's own expressions read; not what stands inside of it."""
    return {name.casefold() for text in _texts(_own(activity)) for name in _read(text)}


def _own(activity: Activity) -> list[Any]:
    """Returns what an activity says itself."""
    inner = CONTAINERS.get(activity.type, ())
    properties = [value for key, value in activity.type_properties.items() if key not in inner]
    return [value for key, value in activity.json.items() if key != "typeProperties"] + properties


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str) and "@" in value:
        yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from _texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)


def _read(text: str) -> list[str]:
    try:
        return [found.name for found in references(text) if found.kind == "activity"]
    except ExpressionSyntaxError:
        return []  # the activity will fail, and say so


def spared(top: Siblings, choice: Choice, earlier: EarlierRun | None) -> set[Activity]:
    """The activities of which it is known beforehand that they do not run, with all that they hold."""
    if choice.option or earlier is None:
        return set(choice.left_out)
    stands = {activity for activity in top.activities if _stands(activity, choice, earlier)}
    rests = stands | {one for one in top.activities if one.inactive or _was_skipped(one, earlier)}
    whole = (activity for activity in top.activities if activity in stands and rests.issuperset(activity.ancestors))
    return {inner for activity in whole for inner in activity.walk()}


def _stands(activity: Activity, choice: Choice, earlier: EarlierRun) -> bool:
    """Whether an activity need not run again as long as nothing before it does."""
    before = earlier.activities.get(activity.name.casefold())
    return before is not None and before.type == activity.type and choice.leaves_out(activity, before)


def _was_skipped(activity: Activity, earlier: EarlierRun) -> bool:
    before = earlier.activities.get(activity.name.casefold())
    return before is not None and before.status == "Skipped"


def trail_of(top: Siblings, name: str) -> list[Activity]:
    """Returns the way to an activity: the containers around it, outermost first, and itself; nothing if there is none."""
    found = next((activity for activity in top.walk() if activity.name.casefold() == name.casefold()), None)
    return [] if found is None else [*reversed(list(found.containers())), found]


def _after(activity: Activity) -> list[Activity]:
    """All that depends on an activity, directly or not."""
    return [other for other in activity.siblings.activities if activity.siblings.before(other, activity)]
