"""A pipeline as data: what is well-formed is linked, what is malformed stays with its place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from activities_gen.findings import Location
from activities_gen.model.pipeline import Pipeline, knows_all
from activities_gen.model.reachability import contradictions, may_read
from activities_gen.model.values import actual_key, is_arm, is_dynamic
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


def test_what_is_no_branch_of_a_container_is_an_empty_one_of_it() -> None:
    container = pipeline(loop("L", wait("A"))).activities[0]
    found = container.branch("defaultActivities")
    assert (found.activities, found.path, found.parent, found.key) == (
        [],
        container.path,
        container,
        "defaultActivities",
    )
    assert names(container.branch("activities").activities) == ["A"]


def test_a_container_goes_on_behind_a_branch_that_is_no_list() -> None:
    decision = {"name": "If", "type": "IfCondition"}
    inner = {"ifTrueActivities": "none", "ifFalseActivities": [wait("A")]}
    assert names(pipeline({**decision, "typeProperties": inner}).activities) == ["If", "A"]


def test_the_top_level_is_in_no_branch_and_knows_its_place() -> None:
    top = pipeline(wait("A")).top
    assert (top.key, top.branch, top.case, top.parent, top.path) == ("", "", None, None, ("properties", "activities"))


def test_an_activity_shows_its_type_its_name_and_its_place() -> None:
    assert repr(pipeline(wait("A")).activities[0]) == "<Wait 'A' at properties/activities/0>"
    assert repr(pipeline({"name": "A"}).activities[0]) == "<Activity 'A' at properties/activities/0>"


def test_a_pipeline_has_the_name_of_its_document_unless_another_is_given() -> None:
    document = pipeline(wait("A")).document
    assert (Pipeline(document).name, Pipeline(document, "q").name) == ("p", "q")


@pytest.mark.parametrize(
    ("value", "runs"), [(2, 2), (1, 1), (0, None), (-1, None), (True, None), ("2", None), (None, None)]
)
def test_concurrency_is_a_whole_number_from_one_or_none(value: Any, runs: int | None) -> None:
    assert pipeline(concurrency=value).concurrency == runs


@pytest.mark.parametrize(
    ("value", "found", "all_known"),
    [
        ({"a": {"type": "String"}}, {"a": {"type": "String"}}, True),
        ({"[parameters('a')]": {}}, {"[parameters('a')]": {}}, False),
        ("[parameters('p')]", {}, False),
        ([1], {}, True),
        (None, {}, True),
    ],
)
def test_declarations_are_read_where_they_are_an_object(value: Any, found: dict[str, Any], all_known: bool) -> None:
    made = pipeline(parameters=value, variables=value)
    assert (made.parameters, made.variables) == (found, found)
    assert knows_all(made.document, "parameters") is all_known


@pytest.mark.parametrize(
    ("activities", "known"),
    [
        ([wait("A")], True),
        ("[variables('activities')]", False),
        ([wait("A"), "[variables('more')]"], False),
        ([wait("[parameters('a')]")], False),
        ([loop("L", wait("A"))], True),
        ([loop("L", "[variables('more')]")], False),
        ([{"name": "L", "type": "ForEach", "typeProperties": {"activities": "[variables('more')]"}}], False),
        ([{"name": "L", "type": "ForEach", "typeProperties": "[variables('more')]"}], False),
        ([{"name": "W", "type": "Wait", "typeProperties": {"activities": "[variables('more')]"}}], True),
    ],
)
def test_a_template_may_hide_activities_wherever_they_can_stand(activities: Any, known: bool) -> None:
    assert pipeline().knows_activities
    everything = {"activities": activities}
    listed = Document(Kind.PIPELINE, "p", everything, {}, "p.json", lambda _: Location("p.json"))
    assert Pipeline(listed).knows_activities is known


@pytest.mark.parametrize(
    ("value", "computed"),
    [
        ("#{name}#", True),
        ("a#{name}b", True),
        ("#{}", False),
        ("#name}", False),
        ("{name}", False),
        ("[parameters('a')]", True),
    ],
)
def test_tokens_of_release_pipelines_and_arm_expressions_are_known_at_deployment_only(
    value: str, computed: bool
) -> None:
    assert is_arm(value) is computed
    assert is_dynamic(value) is computed


def test_the_key_of_an_object_is_found_in_any_letter_case_the_exact_one_first() -> None:
    assert actual_key({"A": 1, "b": 2}, "B") == "b"
    assert actual_key({"B": 1, "b": 2}, "b") == "b"
    assert actual_key({"A": 1}, "b") is None
    assert actual_key([1], "b") is None


def test_what_comes_before_is_told_for_every_pair_of_a_chain() -> None:
    made = pipeline(*(wait(name, *after) for name, after in zip("ABCD", ["", "A", "B", "C"], strict=True)))
    pairs = {
        (one.name, other.name) for one in made.activities for other in made.activities if made.top.before(one, other)
    }
    assert pairs == {("B", "A"), ("C", "A"), ("C", "B"), ("D", "A"), ("D", "B"), ("D", "C")}


def test_only_what_is_computed_or_comes_after_something_that_is_may_come_after_anything() -> None:
    made = pipeline(
        wait("A"), wait("B", "A"), {**wait("C"), "dependsOn": "[parameters('d')]"}, wait("D", "C"), wait("E")
    )
    a, b, c, d, e = made.activities
    assert [made.top.may_precede(e, one) for one in (a, b, c, d)] == [False, False, True, True]
    assert [made.top.may_precede(a, one) for one in (b, e)] == [True, False]
