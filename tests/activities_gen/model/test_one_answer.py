"""What has one meaning in ADF has one answer: `check`, `simulate` and `import` are asked the same, and must agree."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from activities_gen.cli import main
from activities_gen.findings import FindingsError, has_errors
from activities_gen.importing.imported import import_pipeline
from activities_gen.importing.sources import Source
from activities_gen.init import create
from activities_gen.model.names import FLOWEHR_NAME
from activities_gen.rules import check_documents
from activities_gen.run import fail, simulate, succeed
from activities_gen.wire.document import Document, Kind, parse

if TYPE_CHECKING:
    from pathlib import Path

    from activities_gen.findings import Finding
    from activities_gen.run import RunResult

AFTER_A = [{"activity": "A", "dependencyConditions": ["Succeeded"]}]


def wait(name: str = "A", seconds: Any = 1, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": "Wait", "typeProperties": {"waitTimeInSeconds": seconds}, **more}


def checked(*activities: dict[str, Any], **more: Any) -> list[str]:
    """The codes of all errors that `check` reports."""
    raw = {"name": "p", "properties": {"activities": list(activities), **more}}
    return sorted({found.code for found in findings(raw) if found.severity.value == "error"})


def findings(raw: dict[str, Any]) -> list[Finding]:
    documents, problems = parse(json.dumps(raw), "p.json")
    assert problems == []
    return check_documents(documents)


def simulated(*activities: dict[str, Any], **more: Any) -> RunResult | list[str]:
    """How a simulation comes out, or the codes for which it does not start."""
    try:
        return simulate({"name": "p", "properties": {"activities": list(activities), **more}}, default=succeed())
    except FindingsError as error:
        return sorted({finding.code for finding in error.findings})


@pytest.mark.parametrize("spelling", ["Wait", "wait", "WAIT"])
def test_a_type_is_the_same_in_any_letter_case(spelling: str) -> None:
    activity = {**wait(seconds=-5), "type": spelling}
    assert "ADF331" in checked(activity)
    result = simulated(activity)
    assert not isinstance(result, list)
    assert result.outcome == "Failed"


@pytest.mark.parametrize("spelling", ["SetVariable", "setVariable"])
def test_a_variable_that_is_not_declared_is_one_in_any_letter_case_of_the_type(spelling: str) -> None:
    activity = {"name": "A", "type": spelling, "typeProperties": {"variableName": "n", "value": "1"}}
    assert checked(activity) == ["ADF307"]
    result = simulated(activity)
    assert not isinstance(result, list)
    assert result.outcome == "Failed"


@pytest.mark.parametrize("state", ["Inactive", "inactive", "INACTIVE"])
def test_an_activity_is_switched_off_in_any_letter_case(state: str) -> None:
    activity = wait(seconds=-5, state=state)
    assert checked(activity) == []
    result = simulated(activity)
    assert not isinstance(result, list)
    assert result["A"].status == "Inactive"


@pytest.mark.parametrize("condition", ["Succeeded", "succeeded", "SUCCEEDED"])
def test_a_condition_is_the_same_in_any_letter_case(condition: str) -> None:
    second = wait("B", dependsOn=[{"activity": "A", "dependencyConditions": [condition]}])
    assert checked(wait(), second) == []
    result = simulated(wait(), second)
    assert not isinstance(result, list)
    assert result["B"].status == "Succeeded"


@pytest.mark.parametrize(
    "entry", [{"activity": "A"}, {"activity": "A", "dependencyConditions": []}], ids=["missing", "empty"]
)
def test_a_dependency_without_a_condition_cannot_run(entry: dict[str, Any]) -> None:
    activities = wait(), wait("B", dependsOn=[entry])
    assert checked(*activities) == ["ADF208"]
    assert simulated(*activities) == ["RUN004"]


@pytest.mark.parametrize(
    ("depends_on", "said"),
    [
        (["A"], "'B' has a dependency that is a string; write {\"activity\": …"),
        ([{"dependencyConditions": ["Succeeded"]}], "'B' has a dependency that names no 'activity'."),
        ([{"activity": "A", "dependencyConditions": "Succeeded"}], "'B' has a dependency that has a string as"),
        ("A", "'B' has a string as 'dependsOn'; it must be a list of objects."),
    ],
)
def test_a_malformed_dependency_is_told_in_the_same_words(depends_on: Any, said: str) -> None:
    raw = {"name": "p", "properties": {"activities": [wait(), wait("B", dependsOn=depends_on)]}}
    assert any(found.message.startswith(said) for found in findings(raw))
    with pytest.raises(FindingsError) as caught:
        simulate(raw)
    assert [finding.message.startswith(said) for finding in caught.value.findings] == [True]


@pytest.mark.parametrize(
    ("seconds", "fits"),
    [
        (0, True),
        ("0", True),
        (5, True),
        ("5", True),
        (5.0, True),
        (-5, False),
        (1.5, False),
        ("²", False),
        ("x", False),
    ],
)
def test_a_waiting_time_is_a_whole_number_from_0(seconds: Any, *, fits: bool) -> None:
    result = simulated(wait(seconds=seconds))
    assert not isinstance(result, list)
    assert (result.outcome == "Succeeded") is fits
    assert ("ADF331" in checked(wait(seconds=seconds))) is not fits


@pytest.mark.parametrize(
    ("timeout", "fits"),
    [("0.00:10:00", True), ("23:59:59", True), ("00:60:00", False), ("100000000.00:00:00", False), ("12h", False)],
)
def test_a_time_span_is_read_alike(timeout: str, *, fits: bool) -> None:
    activity = {
        "name": "A",
        "type": "Until",
        "typeProperties": {
            "expression": {"value": "@equals(1, 1)", "type": "Expression"},
            "activities": [wait("B")],
            "timeout": timeout,
        },
    }
    assert ("ADF230" in checked(activity)) is not fits
    assert (simulated(activity) == ["RUN006"]) is not fits


def test_two_of_one_name_and_circles_are_refused_by_all() -> None:
    assert checked(wait(), wait("a")) == ["ADF106"]
    assert simulated(wait(), wait("a")) == ["RUN002"]
    circle = (
        wait("A", dependsOn=[{"activity": "B", "dependencyConditions": ["Succeeded"]}]),
        wait("B", dependsOn=AFTER_A),
    )
    assert checked(*circle) == ["ADF206"]
    assert simulated(*circle) == ["RUN005"]


def test_an_import_takes_what_is_malformed_and_gives_it_back() -> None:
    activities = [
        wait("B", dependsOn=["A"]),
        {**wait(), "type": "wait", "state": "inactive"},
        wait("C", dependsOn=[{"activity": "a", "dependencyConditions": ["succeeded"]}]),
    ]
    raw = {"name": "p", "properties": {"activities": activities}}
    found = Document(Kind.PIPELINE, "p", raw["properties"], raw, "p.json", lambda _: pytest.fail("no place"))  # type: ignore[arg-type]
    assert not has_errors(import_pipeline(Source("p", found)).findings)


@pytest.mark.parametrize(("length", "fits"), [(145, True), (146, False)])
def test_a_name_that_flowehr_can_deploy_is_as_long_for_all(tmp_path: Path, length: int, *, fits: bool) -> None:
    name = "p" * length
    raw = {"name": name, "properties": {"activities": [wait()]}}
    (tmp_path / "p.json").write_text(json.dumps(raw))
    assert (main(["check", str(tmp_path / "p.json"), "--for", "flowehr", "--select", "FLO101"]) == 0) is fits
    assert (FLOWEHR_NAME.fullmatch(name) is not None) is fits
    if not fits:
        with pytest.raises(FindingsError, match="FlowEHR cannot deploy a pipeline called"):
            create(tmp_path / "new", name)


def test_a_switched_off_activity_counts_as_it_is_marked_in_any_letter_case() -> None:
    second = wait("B", dependsOn=[{"activity": "A", "dependencyConditions": ["Failed"]}])
    result = simulated(wait(state="Inactive", onInactiveMarkAs="failed"), second)
    assert not isinstance(result, list)
    assert result["B"].status == "Succeeded"


def test_an_outcome_is_given_to_a_type_in_any_letter_case() -> None:
    activity = {"name": "A", "type": "copy", "typeProperties": {}}
    assert simulate({"name": "p", "properties": {"activities": [activity]}}, outcomes={"A": fail()}).outcome == "Failed"
