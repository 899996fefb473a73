"""The engine against the documented rules of dependencies and outcomes, in a second formulation of them."""

from __future__ import annotations

from itertools import chain, combinations, product
from typing import Any

import pytest

from activities_gen.run import fail, simulate, succeed
from activities_gen.wire.document import Document, parse

CONDITIONS = ("Succeeded", "Failed", "Skipped", "Completed")
CONDITION_SETS = [
    list(chosen)
    for chosen in chain.from_iterable(combinations(CONDITIONS, size) for size in range(1, len(CONDITIONS) + 1))
]

HOLDS = {
    "Succeeded": lambda end: end == "Succeeded",
    "Failed": lambda end: end == "Failed",
    "Skipped": lambda end: end == "Skipped",
    "Completed": lambda end: end != "Skipped",
}


def activity(name: str, *depends_on: tuple[str, list[str]], **more: Any) -> dict[str, Any]:
    entries = [{"activity": other, "dependencyConditions": conditions} for other, conditions in depends_on]
    return {"name": name, "type": "DatabricksSparkPython", "dependsOn": entries, "typeProperties": {}, **more}


def expected(depends_on: dict[str, dict[str, list[str]]], works: dict[str, bool]) -> tuple[dict[str, str], str]:
    """Statuses and outcome by the definitions: what an activity's end is, and when a run is good, said recursively."""

    def end(name: str) -> str:
        met = all(
            any(HOLDS[condition](end(other)) for condition in conditions)
            for other, conditions in depends_on[name].items()
        )
        return ("Succeeded" if works[name] else "Failed") if met else "Skipped"

    def good(name: str) -> bool:
        return all(map(good, depends_on[name])) if end(name) == "Skipped" else end(name) == "Succeeded"

    inner = {other for others in depends_on.values() for other in others}
    leaves = depends_on.keys() - inner
    return {name: end(name) for name in depends_on}, "Succeeded" if all(map(good, leaves)) else "Failed"


def graphs(names: str) -> Any:
    """Every way in which later activities may depend on earlier ones."""
    pairs = list(combinations(names, 2))
    for choice in product([None, *CONDITION_SETS], repeat=len(pairs)):
        graph: dict[str, dict[str, list[str]]] = {name: {} for name in names}
        for (earlier, later), conditions in zip(pairs, choice, strict=True):
            if conditions is not None:
                graph[later][earlier] = conditions
        yield graph


def document(graph: dict[str, dict[str, list[str]]]) -> Document:
    activities = [activity(name, *others.items()) for name, others in graph.items()]
    found, _ = parse("[]", "pipeline")
    return Document(found[0].kind, "", {"activities": activities}, activities, "pipeline", found[0].locate)


@pytest.mark.parametrize("names", ["A", "AB", pytest.param("ABC", marks=pytest.mark.slow)])
def test_every_graph_of_up_to_three_activities_ends_as_the_rules_say(names: str) -> None:
    for graph in graphs(names):
        source = document(graph)
        for works in product([True, False], repeat=len(names)):
            ends = dict(zip(names, works, strict=True))
            result = simulate(source, outcomes={name: succeed() if good else fail() for name, good in ends.items()})
            assert (result.statuses, result.outcome) == expected(graph, ends), (graph, ends)


TRUE = {"type": "Expression", "value": "@equals(1, 1)"}
CONTAINERS = {
    "ForEach": lambda inner: {"items": {"type": "Expression", "value": "@range(0, 1)"}, "activities": inner},
    "IfCondition": lambda inner: {"expression": TRUE, "ifTrueActivities": inner},
    "Switch": lambda inner: {"on": {"type": "Expression", "value": "@string(1)"}, "defaultActivities": inner},
    "Until": lambda inner: {"expression": TRUE, "activities": inner},
}


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_container_ends_as_a_pipeline_of_its_activities_would(container: str) -> None:
    for graph in graphs("AB"):
        inner = [activity(name, *others.items()) for name, others in graph.items()]
        box = {"name": "Box", "type": container, "typeProperties": CONTAINERS[container](inner)}
        for works in product([True, False], repeat=2):
            ends = dict(zip("AB", works, strict=True))
            result = simulate([box], outcomes={name: succeed() if good else fail() for name, good in ends.items()})
            statuses, outcome = expected(graph, ends)
            assert result.statuses == {"Box": outcome, **statuses}, (graph, ends)


@pytest.mark.parametrize("marks", list(product(["Succeeded", "Failed", "Skipped"], repeat=2)), ids="+".join)
def test_inactive_activities_decide_the_outcome_as_what_they_are_marked_as(marks: tuple[str, str]) -> None:
    """Two that are switched off and one after both: what depends on them, and the run, see their marks alone."""
    first, second = (activity(name, **marked(mark)) for name, mark in zip("AB", marks, strict=True))
    for here, there in product(CONDITION_SETS, repeat=2):
        runs = all(
            any(HOLDS[condition](mark) for condition in entry) for mark, entry in zip(marks, (here, there), strict=True)
        )
        result = simulate([first, second, activity("C", ("A", here), ("B", there))], default=succeed())
        assert result["C"].status == ("Succeeded" if runs else "Skipped")
        # Where C was skipped its parents are asked; one that counts as skipped has no parents to be asked.
        assert result.succeeded == (runs or "Failed" not in marks)


def marked(state: str) -> dict[str, Any]:
    return {"state": "Inactive", "onInactiveMarkAs": state}


@pytest.mark.parametrize("mark", ["Succeeded", "Failed", "Skipped"])
@pytest.mark.parametrize("conditions", CONDITION_SETS, ids="+".join)
def test_an_inactive_activity_branches_as_what_it_is_marked_as(mark: str, conditions: list[str]) -> None:
    result = simulate(
        [activity("A", state="Inactive", onInactiveMarkAs=mark), activity("B", ("A", conditions))],
        outcomes={"B": succeed()},
    )
    runs = any(HOLDS[condition](mark) for condition in conditions)
    assert result.statuses == {"A": "Inactive", "B": "Succeeded" if runs else "Skipped"}


def test_an_inactive_activity_counts_as_succeeded_unless_marked_otherwise() -> None:
    assert simulate([activity("A", state="Inactive")]).outcome == "Succeeded"
    assert simulate([activity("A", state="Inactive", onInactiveMarkAs="Failed")]).outcome == "Failed"
    assert simulate([activity("A", state="Inactive", onInactiveMarkAs="Skipped")]).outcome == "Succeeded"


TRY_CATCH = [activity("A"), activity("F", ("A", ["Failed"]))]
DO_IF_ELSE = [*TRY_CATCH, activity("S", ("A", ["Succeeded"]))]
DO_IF_SKIP_ELSE = [*DO_IF_ELSE, activity("D", ("S", ["Skipped"]))]
PROCEED = [*TRY_CATCH, activity("N", ("F", ["Succeeded", "Skipped"]))]
HANDLER = [
    activity("A"),
    activity("B", ("A", ["Succeeded"])),
    activity("C", ("B", ["Succeeded"])),
    activity("E", ("C", ["Failed", "Skipped"])),
]
BEST_EFFORT = [activity("A"), activity("B", ("A", ["Completed"]))]
CHAIN = [activity("A"), activity("B", ("A", ["Succeeded"]))]


@pytest.mark.parametrize(
    ("pattern", "failing", "outcome", "ran"),
    [
        pytest.param(TRY_CATCH, "", "Succeeded", "A", id="try-catch, nothing fails"),
        pytest.param(TRY_CATCH, "A", "Succeeded", "AF", id="try-catch, caught"),
        pytest.param(TRY_CATCH, "AF", "Failed", "AF", id="try-catch, the handler fails"),
        pytest.param(DO_IF_ELSE, "", "Succeeded", "AS", id="do-if-else, nothing fails"),
        pytest.param(DO_IF_ELSE, "A", "Failed", "AF", id="do-if-else, fails although handled"),
        pytest.param(DO_IF_SKIP_ELSE, "", "Succeeded", "AS", id="do-if-skip-else, nothing fails"),
        pytest.param(DO_IF_SKIP_ELSE, "A", "Succeeded", "AFD", id="do-if-skip-else, handled"),
        pytest.param(PROCEED, "", "Succeeded", "AN", id="try-catch-proceed, nothing fails"),
        pytest.param(PROCEED, "A", "Succeeded", "AFN", id="try-catch-proceed, proceeds"),
        pytest.param(HANDLER, "", "Succeeded", "ABC", id="generic handler, nothing fails"),
        pytest.param(HANDLER, "A", "Succeeded", "AE", id="generic handler, first step"),
        pytest.param(HANDLER, "B", "Succeeded", "ABE", id="generic handler, second step"),
        pytest.param(HANDLER, "C", "Succeeded", "ABCE", id="generic handler, last step"),
        pytest.param(BEST_EFFORT, "A", "Succeeded", "AB", id="best effort, the last decides"),
        pytest.param(BEST_EFFORT, "B", "Failed", "AB", id="best effort, the last fails"),
        pytest.param(CHAIN, "", "Succeeded", "AB", id="chain"),
        pytest.param(CHAIN, "A", "Failed", "A", id="chain, first fails"),
        pytest.param(CHAIN, "B", "Failed", "AB", id="chain, last fails"),
    ],
)
def test_the_documented_patterns(pattern: list[Any], failing: str, outcome: str, ran: str) -> None:
    result = simulate(pattern, outcomes={name: fail() for name in failing}, default=succeed())
    assert (result.outcome, "".join(result.ran)) == (outcome, ran)


def test_several_entries_for_one_activity_must_all_be_met() -> None:
    both = [activity("A"), activity("B", ("A", ["Succeeded"]), ("A", ["Failed"]))]
    assert simulate(both, default=succeed()).statuses == {"A": "Succeeded", "B": "Skipped"}


def test_skipping_cascades_and_says_why() -> None:
    line = [activity("X"), activity("Y", ("X", ["Succeeded"])), activity("Z", ("Y", ["Succeeded"]))]
    result = simulate(line, outcomes={"X": fail()})
    assert result.skipped == {"Y": "'X' was Failed, needed Succeeded", "Z": "'Y' was Skipped, needed Succeeded"}


def test_names_in_dependencies_are_compared_without_case() -> None:
    assert simulate([activity("A"), activity("B", ("a", ["Succeeded"]))], default=succeed()).ran == ["A", "B"]


def test_a_switched_off_activity_whose_own_dependency_is_not_met_is_skipped() -> None:
    off = activity("B", ("A", ["Succeeded"]), state="Inactive")
    result = simulate(
        [activity("A"), off, activity("C", ("B", ["Succeeded"]))], outcomes={"A": fail()}, default=succeed()
    )
    assert (result["B"].status, result["C"].status, result.outcome) == ("Skipped", "Skipped", "Failed")


def test_a_switched_off_activity_counts_as_marked_when_its_turn_comes() -> None:
    off = activity("B", ("A", ["Succeeded"]), state="Inactive", onInactiveMarkAs="Failed")
    result = simulate([activity("A"), off, activity("C", ("B", ["Failed"]))], default=succeed())
    assert (result["B"].status, result["C"].status, result.outcome) == ("Inactive", "Succeeded", "Succeeded")


def test_what_fails_may_have_an_output_all_the_same() -> None:
    copy = activity("Copy")
    log = {
        "name": "Log",
        "type": "SetVariable",
        "dependsOn": [{"activity": "Copy", "dependencyConditions": ["Failed"]}],
        "typeProperties": {"variableName": "v", "value": "@activity('Copy').output.errors[0].Message"},
    }
    pipeline = {"name": "p", "properties": {"activities": [copy, log], "variables": {"v": {"type": "String"}}}}
    result = simulate(pipeline, outcomes={"Copy": fail("no", output={"errors": [{"Message": "no such table"}]})})
    assert (result.variables["v"], result["Copy"].status) == ("no such table", "Failed")
