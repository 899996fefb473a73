"""A pipeline as data: what is well-formed is linked, what is malformed stays with its place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from activities_gen.findings import Location
from activities_gen.model.pipeline import Pipeline
from activities_gen.model.reachability import contradictions, may_read
from activities_gen.wire.document import Document, Kind, parse


def pipeline(*activities: Any, **properties: Any) -> Pipeline:
    everything = {"activities": list(activities), **properties}
    raw = {"name": "p", "properties": everything}
    return Pipeline(Document(Kind.PIPELINE, "p", everything, raw, "p.json", lambda _: Location("p.json")))


def wait(name: str, *after: str, on: str = "Succeeded", **more: Any) -> dict[str, Any]:
    depends = [{"activity": other, "dependencyConditions": [on]} for other in after]
    return {"name": name, "type": "Wait", "dependsOn": depends, **more}


def loop(name: str, *inner: Any, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": "foreach", "typeProperties": {"activities": list(inner)}, **more}


def names(activities: Any) -> list[str]:
    return [activity.name for activity in activities]


def test_activities_are_walked_containers_first() -> None:
    made = pipeline(
        loop(
            "L",
            wait("A"),
            {"name": "S", "type": "SWITCH", "typeProperties": {"cases": [{"value": "x", "activities": [wait("B")]}]}},
        ),
        wait("C"),
    )
    assert names(made.activities) == ["L", "A", "S", "B", "C"]
    inner = made.by_name["b"][0]
    assert (inner.siblings.key, inner.siblings.branch, names(inner.containers())) == ("case x", "cases", ["S", "L"])
    assert inner.path == (
        "properties",
        "activities",
        0,
        "typeProperties",
        "activities",
        1,
        "typeProperties",
        "cases",
        0,
        "activities",
        0,
    )


def test_what_is_switched_off_takes_what_it_holds_along() -> None:
    made = pipeline(loop("L", wait("A"), state="INACTIVE"), wait("B"))
    assert names(made.active) == ["B"]
    assert made.activities[0].inactive == "Succeeded"


def test_dependencies_are_linked_from_both_ends_whatever_their_letter_case() -> None:
    made = pipeline(wait("A"), wait("B", "a", on="COMPLETED"))
    a, b = made.activities
    assert [(edge.activity, edge.conditions, sorted(edge.accepts)) for edge in b.upstream] == [
        (a, ("Completed",), ["Failed", "Succeeded"])
    ]
    assert [edge.activity for edge in a.downstream] == [b]
    assert made.top.leaves == (b,)


@pytest.mark.parametrize("entry", [7, None, {}, {"activity": 7}, {"activity": "[parameters('a')]"}, {"activity": "No"}])
def test_a_dependency_on_nothing_is_no_edge_and_no_error(entry: Any) -> None:
    made = pipeline(wait("A"), {**wait("B"), "dependsOn": [entry]})
    assert made.activities[1].upstream == ()
    assert [dependency.path[-1] for dependency in made.activities[1].dependencies] == [0]


def test_the_ancestors_are_all_that_comes_before() -> None:
    made = pipeline(wait("D", "C", "B"), wait("A"), wait("B", "A"), wait("C", "A"), wait("E"))
    d, a, b, c, e = made.activities
    assert d.ancestors == [a, b, c]
    assert (made.top.before(d, a), made.top.before(a, d), made.top.before(e, a)) == (True, False, False)
    assert names(made.top.order) == ["A", "B", "C", "D", "E"]


def test_an_activity_may_read_what_has_ended_before_it_or_before_a_container_around_it() -> None:
    made = pipeline(
        wait("A"), wait("Other"), loop("L", wait("In"), wait("After", "In"), dependsOn=wait("x", "A")["dependsOn"])
    )
    by = {activity.name: activity for activity in made.activities}
    assert may_read(by["After"], by["In"])
    assert may_read(by["In"], by["A"])
    assert not may_read(by["In"], by["Other"])
    assert not may_read(by["A"], by["In"])
    assert not may_read(by["In"], by["In"])


def test_what_is_computed_at_deployment_may_lead_anywhere() -> None:
    made = pipeline(wait("A"), {**wait("B"), "dependsOn": "[parameters('d')]"}, wait("C", "B"))
    a, _, c = made.activities
    assert may_read(c, a)
    assert not may_read(a, c)


def test_a_contradiction_is_told_where_it_begins() -> None:
    made = pipeline(
        wait("Load"),
        wait("Report", "Load"),
        wait("Alert", "Load", on="Failed"),
        wait("Clean", "Report", "Alert"),
        wait("End", "Clean"),
    )
    assert [(node.name, other.name) for node, other in contradictions(made.top)] == [("Clean", "Load")]


@pytest.mark.parametrize("value", [None, {}, "[x()]", 7])
def test_a_pipeline_without_a_list_of_activities_has_none(value: Any) -> None:
    properties = {"activities": value}
    made = Pipeline(Document(Kind.PIPELINE, "p", properties, {}, "p.json", lambda _: Location("p.json")))
    assert made.activities == made.active == made.lists == []


@pytest.mark.parametrize(("value", "number"), [(3, 3), (0, None), (-1, None), (True, None), ("3", None), (None, None)])
def test_concurrency_is_a_number_from_1(value: Any, number: int | None) -> None:
    assert pipeline(concurrency=value).concurrency == number


NESTED = [
    {"name": "If", "type": "IfCondition", "typeProperties": {"ifTrueActivities": [{"name": "T"}], "ifFalseActivities": [{"name": "F"}]}},
    {"name": "Switch", "type": "Switch", "typeProperties": {"cases": [{"value": "1", "activities": [{"name": "C"}]}, None], "defaultActivities": [{"name": "D"}]}},
    {"name": "Each", "type": "ForEach", "typeProperties": {"activities": [{"name": "U", "type": "Until", "typeProperties": {"activities": [{"name": "I"}]}}]}},
    "no activity",
    {"name": "Odd", "type": "ForEach", "typeProperties": {"activities": "none"}},
    {"type": 5, "typeProperties": []},
]  # fmt: skip


def test_every_activity_is_walked_containers_first():
    [document], _ = parse(json.dumps(NESTED), "activities.json")

    nodes = Pipeline(document).activities

    assert [node.name for node in nodes] == ["If", "T", "F", "Switch", "C", "D", "Each", "U", "I", "Odd", ""]
    inner = next(node for node in nodes if node.name == "I")
    assert [node.name for node in inner.containers()] == ["U", "Each"]
    case = next(node for node in nodes if node.name == "C")
    assert (case.siblings.branch, case.path) == (
        "cases",
        ("properties", "activities", 1, "typeProperties", "cases", 0, "activities", 0),
    )
    assert [branch.branch for branch in nodes[3].branches] == ["cases", "defaultActivities"]
