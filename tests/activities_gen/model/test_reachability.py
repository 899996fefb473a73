"""Which activities can never run, against all ways in which a pipeline can go."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities_gen.findings import Location
from activities_gen.model.activities import ACCEPTS
from activities_gen.model.pipeline import Pipeline
from activities_gen.model.reachability import MOST_SIBLINGS, contradictions, may_read
from activities_gen.wire.document import Document, Kind

ENDINGS = {"Wait": ("Succeeded", "Failed"), "Fail": ("Failed",)}
"""How an activity that runs may end, by its type."""


def pipeline(*activities: dict[str, Any]) -> Pipeline:
    properties = {"activities": list(activities)}
    return Pipeline(Document(Kind.PIPELINE, "p", properties, {}, "p.json", lambda _: Location("p.json")))


def activity(name: str, kind: str = "Wait", off: str = "", **after: list[str]) -> dict[str, Any]:
    switched = {"state": "Inactive", "onInactiveMarkAs": off} if off else {}
    depends = [{"activity": other, "dependencyConditions": conditions} for other, conditions in after.items()]
    return {"name": name, "type": kind, "dependsOn": depends, **switched}


@st.composite
def pipelines(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Up to four activities, each after some of those before it."""
    conditions = st.lists(st.sampled_from(sorted(ACCEPTS)), min_size=1, max_size=2, unique=True)
    made: list[dict[str, Any]] = []
    for name in "ABCD"[: draw(st.integers(1, 4))]:
        others = st.lists(st.sampled_from([one["name"] for one in made]), unique=True) if made else st.just([])
        after = {other: draw(conditions) for other in draw(others)}
        kind, off = draw(
            st.sampled_from(
                [("Wait", ""), ("Fail", ""), ("Wait", "Succeeded"), ("Wait", "Failed"), ("Wait", "Skipped")]
            )
        )
        made.append(activity(name, kind, off, **after))
    return made


def never_run(activities: list[dict[str, Any]]) -> set[str]:
    """The activities whose dependencies are met in none of the ways in which the pipeline can go."""
    ran: set[str] = set()
    for chosen in product(("Succeeded", "Failed"), repeat=len(activities)):
        ended: dict[str, str] = {}
        for one, ending in zip(activities, chosen, strict=True):
            entries = [(entry["activity"], entry["dependencyConditions"]) for entry in one["dependsOn"]]
            met = all(any(ended[other] in ACCEPTS[name] for name in names) for other, names in entries)
            possible = (one["onInactiveMarkAs"],) if "onInactiveMarkAs" in one else ENDINGS[one["type"]]
            ended[one["name"]] = "Skipped" if not met else ending if ending in possible else possible[0]
            ran |= {one["name"]} if met else set()
    return {one["name"] for one in activities} - ran


@given(pipelines())
@settings(max_examples=300, deadline=None)
def test_what_is_told_to_never_run_never_does(activities: list[dict[str, Any]]) -> None:
    assert {one.name for one, _ in contradictions(pipeline(*activities).top)} <= never_run(activities)


SUCCEEDED, FAILED, SKIPPED = ["Succeeded"], ["Failed"], ["Skipped"]


@pytest.mark.parametrize(
    ("activities", "told"),
    [
        ([activity("A"), activity("B", A=FAILED), activity("C", A=SUCCEEDED, B=SUCCEEDED)], [("C", "A")]),
        ([activity("A"), activity("B", A=FAILED), activity("C", A=["Completed"], B=SUCCEEDED)], []),
        ([activity("F", "Fail"), activity("B", F=SUCCEEDED)], [("B", "F")]),
        ([activity("F", "Fail"), activity("B", F=FAILED)], []),
        ([activity("F", "Fail"), activity("B", F=["Succeeded", "Failed"])], []),
        ([activity("A", off="Succeeded"), activity("B", A=FAILED)], [("B", "A")]),
        ([activity("A", off="Failed"), activity("B", A=FAILED)], []),
        ([activity("A"), activity("B", A=SUCCEEDED), activity("C", A=SUCCEEDED, B=SKIPPED)], [("C", "B")]),
        ([activity("A"), activity("B", A=SUCCEEDED), activity("C", A=FAILED, B=SKIPPED)], []),
        ([activity("A"), activity("B", "Wait", "Skipped", A=SUCCEEDED), activity("C", A=SUCCEEDED, B=SKIPPED)], []),
        (
            [activity("A"), activity("F", "Fail", A=SUCCEEDED), activity("C", A=FAILED, F=SKIPPED)],
            [],
        ),
        ([activity("F", "Fail"), activity("B", F=SUCCEEDED), activity("C", B=SUCCEEDED)], [("B", "F")]),
        ([activity("F", "Fail"), activity("B", F=SUCCEEDED), activity("C", B=SUCCEEDED, F=SUCCEEDED)], [("B", "F")]),
        ([activity("B"), activity("A", off="Succeeded", B=FAILED), activity("C", A=SKIPPED, B=SUCCEEDED)], []),
        ([activity("F", "Fail"), activity("B", F=SUCCEEDED, No=SUCCEEDED)], []),
        ([activity("F", "Fail"), activity("B", F=SUCCEEDED), activity("C", F=["Never"])], []),
        ([activity("F", "Fail"), activity("B", F=SUCCEEDED), activity("b")], []),
    ],
)
def test_it_is_told_where_a_contradiction_begins_and_with_what(
    activities: list[dict[str, Any]], told: list[tuple[str, str]]
) -> None:
    assert [(one.name, other.name) for one, other in contradictions(pipeline(*activities).top)] == told


@pytest.mark.parametrize(("more", "told"), [(0, 1), (1, 0)])
def test_a_list_that_is_too_long_for_azure_is_not_looked_into(more: int, told: int) -> None:
    others = [activity(f"W{number}") for number in range(MOST_SIBLINGS - 2 + more)]
    made = pipeline(activity("F", "Fail"), activity("B", F=SUCCEEDED), *others)
    assert len(list(contradictions(made.top))) == told


def test_in_a_circle_anything_may_be_read() -> None:
    a, b, c = pipeline(activity("A", B=SUCCEEDED), activity("B", A=SUCCEEDED), activity("C")).activities
    assert may_read(a, b)
    assert may_read(a, c)


def test_of_two_activities_of_one_name_the_first_is_the_one_that_was_waited_for() -> None:
    _, second, reader = pipeline(activity("A"), activity("a"), activity("B", A=SUCCEEDED)).activities
    assert may_read(reader, second)
