"""Which activities a run is about: all, those that somebody names, or those that have not succeeded before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from activities_gen.expressions import ExpressionSyntaxError, references
from activities_gen.wire.document import CONTAINERS

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from activities_gen.run.earlier import EarlierActivity, EarlierRun
    from activities_gen.run.plan import Plan, Step
    from activities_gen.run.state import Scope

NOT_RUN: Final = "NotRun"
"""The status of an activity that the run is not about, or never came to: a branch not taken, a loop without items."""


_AT_REST = (NOT_RUN, "Inactive", "Skipped")
"""How an activity ends that gives what it gave in the earlier run, where nothing before it ran."""


@dataclass(frozen=True)
class Choice:
    """Which activities of a pipeline run. What is left out counts as succeeded, or as it came out in an earlier run.

    Attributes:
        option: The option that names activities, empty where none is named; then those run that no earlier run spares.
        named: The activities that are named: they run whatever their conditions say of what is left out.
        around: The containers around those, which run in part; of their conditions the same holds.
        left_out: The activities that do not run.
        needed: The names, in lower case, whose outputs expressions read: only with its whole output may such a one be left out.
    """

    option: str = ""
    named: frozenset[Step] = frozenset()
    around: frozenset[Step] = frozenset()
    left_out: frozenset[Step] = frozenset()
    needed: frozenset[str] = frozenset()

    def earlier(self, scope: Scope, step: Step) -> EarlierActivity | None:
        """What an earlier run says of an activity that this run goes on from.

        An activity runs again where one before it does: it may get something else now.
        """
        found = scope.earlier.get(step.name.casefold())
        if found is None or found.type != step.type:
            return None
        if self.option:
            return found if step in self.left_out or step in self.around else None
        before = (scope.runs[index] for index in step.ancestors)
        return found if all(run is not None and run.status in _AT_REST for run in before) else None

    def leaves_out(self, step: Step, earlier: EarlierActivity | None) -> bool:
        """Whether an activity does not run."""
        if self.option:
            return step in self.left_out
        return earlier is not None and earlier.status == "Succeeded" and self.knows_enough(earlier)

    def knows_enough(self, earlier: EarlierActivity) -> bool:
        """Whether all outputs that expressions read of an activity, and inside of it, are known from an earlier run."""
        return all(one.whole or one.name.casefold() not in self.needed for one in earlier.walk())

    def forces(self, step: Step) -> bool:
        """Whether an activity's conditions do not mind what is left out."""
        return step in self.named or step in self.around or step in self.left_out

    def reason(self, earlier: EarlierActivity | None) -> str:
        """Why an activity does not run."""
        before = f"{earlier.status} at {earlier.ended[:19]}Z" if earlier else ""
        return "; ".join(filter(None, (f"left out by {self.option}" if self.option else "", before)))


EVERYTHING = Choice()
"""All activities run."""


def choose(plan: Plan, only: Sequence[str], onwards: Sequence[str], given: Container[Step]) -> Choice:
    """The choice that names make: ``only`` these, and ``onwards`` from those to all that depends on them.

    Args:
        plan: The activities.
        only: Names of activities that run with all that they hold.
        onwards: The same of those after which also everything runs that depends on them, or on a container around them.
        given: Activities for which something else stands in.
    """
    chosen: set[Step] = set()
    around: set[Step] = set()
    named: set[Step] = set()
    for name in (*only, *onwards):
        trail = trail_of(plan, name)
        named.add(trail[-1][1])
        chosen.update(_whole(trail[-1][1]))
        around.update(step for _, step in trail[:-1])
        if name in onwards:
            chosen.update(inner for scope, step in trail for after in _after(scope, step) for inner in _whole(after))
    around -= chosen
    left_out = frozenset(step for step in plan.walk() if step not in chosen | around and step not in given)
    option = " and ".join(name for name, names in (("--only", only), ("--from", onwards)) if names)
    return Choice(option, frozenset(named), frozenset(around), left_out)


def reads(step: Step) -> set[str]:
    """The names, in lower case, of the activities that an activity's own expressions read; not what stands inside of it."""
    return {name.casefold() for text in _texts(_own(step)) for name in _read(text)}


def _own(step: Step) -> list[Any]:
    """What an activity says itself."""
    inner = CONTAINERS.get(step.type, ())
    properties = [value for key, value in step.properties.items() if key not in inner]
    return [value for key, value in step.activity.items() if key != "typeProperties"] + properties


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


def spared(plan: Plan, choice: Choice, earlier: EarlierRun | None) -> set[Step]:
    """The activities of which it is known beforehand that they do not run, with all that they hold."""
    if choice.option or earlier is None:
        return set(choice.left_out)
    stands = {step.index for step in plan.steps if _stands(step, choice, earlier)}
    rests = stands | {step.index for step in plan.steps if step.inactive or _was_skipped(step, earlier)}
    whole = (step for step in plan.steps if step.index in stands and rests.issuperset(step.ancestors))
    return {inner for step in whole for inner in _whole(step)}


def _stands(step: Step, choice: Choice, earlier: EarlierRun) -> bool:
    """Whether an activity need not run again as long as nothing before it does."""
    before = earlier.activities.get(step.name.casefold())
    return before is not None and before.type == step.type and choice.leaves_out(step, before)


def _was_skipped(step: Step, earlier: EarlierRun) -> bool:
    before = earlier.activities.get(step.name.casefold())
    return before is not None and before.status == "Skipped"


def trail_of(plan: Plan, name: str) -> list[tuple[Plan, Step]]:
    """The way to an activity: the containers around it and itself, each with the scope it stands in; empty where there is none."""
    for step in plan.steps:
        if step.name.casefold() == name.casefold():
            return [(plan, step)]
        for branch in step.branches.values():
            below = trail_of(branch, name)
            if below:
                return [(plan, step), *below]
    return []


def _whole(step: Step) -> Iterator[Step]:
    """An activity and all that it holds."""
    yield step
    for branch in step.branches.values():
        yield from branch.walk()


def _after(scope: Plan, step: Step) -> list[Step]:
    """All that depends on an activity, directly or not."""
    return [other for other in scope.steps if step.index in other.ancestors]
