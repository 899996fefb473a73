"""What cannot be started is refused, all of it in one go."""

from __future__ import annotations

from typing import Any

import pytest

from activities_gen.findings import FindingsError
from activities_gen.model.timespans import DAY, SECOND, parse_timespan, show
from activities_gen.run import simulate, succeed


def activity(name: str, *after: str, **more: Any) -> dict[str, Any]:
    entries = [{"activity": other, "dependencyConditions": ["Succeeded"]} for other in after]
    return {"name": name, "type": "Copy", "dependsOn": entries, **more}


@pytest.mark.parametrize(
    "properties", [{}, {"activities": None}, {"activities": {}}], ids=["missing", "null", "an object"]
)
def test_a_pipeline_without_a_list_of_activities_is_refused(properties):
    with pytest.raises(FindingsError, match="The pipeline has no list of activities"):
        simulate({"name": "p", "properties": properties})


@pytest.mark.parametrize(
    ("activities", "code", "message"),
    [
        ([1], "RUN001", "An activity must be a JSON object."),
        ([{"type": "Copy"}], "RUN001", "An activity has no 'name'."),
        ([{"name": "A"}], "RUN001", "An activity has no 'type'."),
        ([activity("A"), activity("a")], "RUN002", "Two activities are named 'a'; names are compared without case."),
        (
            [activity("Ingest"), activity("B", "Ingst")],
            "RUN003",
            "'B' depends on 'Ingst', which is no activity beside it. Did you mean 'Ingest'?",
        ),
        (
            [activity("A"), activity("B", dependsOn=[{"activity": "A"}])],
            "RUN004",
            "A dependency of 'B' names no condition.",
        ),
        (
            [activity("A"), activity("B", dependsOn=[{"activity": "A", "dependencyConditions": ["Success"]}])],
            "RUN004",
            "A dependency of 'B' has the unknown condition 'Success'. Did you mean 'Succeeded'?",
        ),
        ([activity("A", "A")], "RUN005", "Activities wait for each other: 'A' -> 'A'."),
        (
            [activity("S", "C"), activity("A", "B"), activity("B", "C"), activity("C", "A")],
            "RUN005",
            "Activities wait for each other: 'C' -> 'A' -> 'B' -> 'C'.",
        ),
        (
            [activity("A", policy={"timeout": "12h"})],
            "RUN006",
            "The timeout of 'A': '12h' is no time span of the form 'd.hh:mm:ss' or 'hh:mm:ss'.",
        ),
        (
            [{"name": "If", "type": "IfCondition", "typeProperties": {"ifTrueActivities": [activity("B", "If")]}}],
            "RUN003",
            "'B' depends on 'If', which is no activity beside it.",
        ),
    ],
)
def test_a_pipeline_that_cannot_start_is_refused(activities: list[Any], code: str, message: str) -> None:
    with pytest.raises(FindingsError) as caught:
        simulate(activities, default=succeed())
    assert [(finding.code, finding.message) for finding in caught.value.findings] == [(code, message)]


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(FindingsError) as caught:
        simulate([activity("A", "X"), activity("A"), activity("B", policy={"timeout": "x"})])
    assert [finding.code for finding in caught.value.findings] == ["RUN002", "RUN003", "RUN006"]


def test_what_is_inactive_need_not_be_right() -> None:
    off = activity("A", state="Inactive", policy={"timeout": "nonsense"})
    assert simulate([off]).outcome == "Succeeded"


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("00:00:01", SECOND),
        ("0.12:00:00", DAY // 2),
        ("7.00:00:00", 7 * DAY),
        ("90.23:59:59", 91 * DAY - SECOND),
        ("23:59:59", DAY - SECOND),
        pytest.param("24:00:00", 24 * DAY, id="without days, hours from 24 are days"),
        pytest.param("30:12:30", 30 * DAY + DAY // 2 + 1800 * SECOND, id="then minutes are hours"),
    ],
)
def test_time_spans_are_read_as_dotnet_reads_them(text: str, microseconds: int) -> None:
    assert parse_timespan(text) == microseconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        "PT12H",
        "1:00:00",
        "0.1:00:00",
        "1.24:00:00",
        "00:60:00",
        "00:00:60",
        "25:30:00",
        "-00:10:00",
        "00:10:00 ",
    ],
)
def test_other_time_spans_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"time span|overflows"):
        parse_timespan(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0.000 s"), (9.5, "9.500 s"), (75, "75.0 s"), (3725, "1:02:05"), (7 * 86_400 + 61, "7 d 0:01:01")],
)
def test_durations_are_shown_for_people(seconds: float, text: str) -> None:
    assert show(round(seconds * SECOND)) == text


def test_what_stands_in_an_inactive_container_is_known_and_does_not_run() -> None:
    inner = [activity("B", "Nowhere")]
    off = {"name": "If", "type": "IfCondition", "state": "Inactive", "typeProperties": {"ifTrueActivities": inner}}
    result = simulate([off], outcomes={"B": succeed()})
    assert (result["If"].status, result["B"].status) == ("Inactive", "NotRun")
