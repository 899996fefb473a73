"""What a trigger gives to the run that it starts: at a time of its schedule, in a window, for a file or an event."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities_gen.findings import FindingsError
from activities_gen.run import SimulationError, simulate
from activities_gen.run.recurrence import occurrences, read_recurrence

BERLIN = "W. Europe Standard Time"


def times(start: str, end: str, most: int = 50, **recurrence: Any) -> list[str]:
    """The first times of a schedule in a window, in UTC."""
    window = (datetime.fromisoformat(moment).replace(tzinfo=timezone.utc) for moment in (start, end))
    found = occurrences(read_recurrence(recurrence), *window)
    return [moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment, _ in zip(found, range(most), strict=False)]


@pytest.mark.parametrize(
    ("recurrence", "expected"),
    [
        (
            {"frequency": "Minute", "interval": 40},
            ["2024-03-01T00:00:00Z", "2024-03-01T00:40:00Z", "2024-03-01T01:20:00Z"],
        ),
        (
            {"frequency": "Hour", "interval": 9},
            ["2024-03-01T03:00:00Z", "2024-03-01T12:00:00Z", "2024-03-01T21:00:00Z"],
        ),
        (
            {"frequency": "Hour", "interval": 1, "schedule": {"minutes": [45, 15]}},
            ["2024-03-01T00:15:00Z", "2024-03-01T00:45:00Z", "2024-03-01T01:15:00Z"],
        ),
        ({"frequency": "Day", "interval": 2}, ["2024-03-01T12:00:00Z", "2024-03-03T12:00:00Z", "2024-03-05T12:00:00Z"]),
        (
            {"frequency": "Day", "interval": 1, "schedule": {"hours": [17, 5], "minutes": [30]}},
            ["2024-03-01T05:30:00Z", "2024-03-01T17:30:00Z", "2024-03-02T05:30:00Z"],
        ),
        (
            {"frequency": "Week", "interval": 2, "schedule": {"weekDays": ["monday", "Friday"]}},
            ["2024-03-01T12:00:00Z", "2024-03-11T12:00:00Z", "2024-03-15T12:00:00Z"],
        ),
        (
            {"frequency": "Week", "interval": 1},
            ["2024-03-06T12:00:00Z", "2024-03-13T12:00:00Z", "2024-03-20T12:00:00Z"],
        ),
        (
            {"frequency": "Month", "interval": 1},
            ["2024-03-31T12:00:00Z", "2024-05-31T12:00:00Z", "2024-07-31T12:00:00Z"],
        ),
        (
            {"frequency": "Month", "interval": 1, "schedule": {"monthDays": [-1, 30]}},
            ["2024-03-30T12:00:00Z", "2024-03-31T12:00:00Z", "2024-04-30T12:00:00Z"],
        ),
        (
            {
                "frequency": "Month",
                "interval": 1,
                "schedule": {"monthlyOccurrences": [{"day": "Friday", "occurrence": -1}]},
            },
            ["2024-03-29T12:00:00Z", "2024-04-26T12:00:00Z", "2024-05-31T12:00:00Z"],
        ),
        (
            {
                "frequency": "Month",
                "interval": 1,
                "schedule": {"monthlyOccurrences": [{"day": "Monday", "occurrence": 1}]},
            },
            ["2024-03-04T12:00:00Z", "2024-04-01T12:00:00Z", "2024-05-06T12:00:00Z"],
        ),
    ],
    ids=lambda value: "-".join(map(str, value.values()))[:40] if isinstance(value, dict) else "",
)
def test_a_schedule_has_its_times(recurrence: dict[str, Any], expected: list[str]) -> None:
    first = {"Minute": "2024-02-20T00:00:00Z", "Hour": "2024-02-20T00:00:00Z", "Month": "2024-01-31T12:00:00Z"}
    start = first.get(recurrence["frequency"], "2024-02-28T12:00:00Z")
    if recurrence["frequency"] == "Day":
        start = "2024-02-20T12:00:00Z"
    assert times("2024-03-01", "2025-01-01", 3, startTime=start, timeZone="UTC", **recurrence) == expected


def test_days_follow_the_clocks_of_the_time_zone() -> None:
    daily = {"frequency": "Day", "interval": 1, "startTime": "2024-03-29T02:30:00", "timeZone": BERLIN}
    assert times("2024-03-29", "2024-04-03", **daily) == [
        "2024-03-29T01:30:00Z",
        "2024-03-30T01:30:00Z",
        "2024-03-31T01:30:00Z",  # 02:30 does not exist on that day
        "2024-04-01T00:30:00Z",
        "2024-04-02T00:30:00Z",
    ]


def test_hours_do_not_follow_the_clocks() -> None:
    hourly = {"frequency": "Hour", "interval": 24, "startTime": "2024-03-30T12:00:00", "timeZone": BERLIN}
    assert times("2024-03-30", "2024-04-02", **hourly) == [
        "2024-03-30T11:00:00Z",
        "2024-03-31T11:00:00Z",
        "2024-04-01T11:00:00Z",
    ]


def test_nothing_starts_before_the_start_nor_after_the_end() -> None:
    bounded = {"frequency": "Day", "startTime": "2024-03-02T06:00:00Z", "endTime": "2024-03-04T06:00:00Z"}
    found = times("2024-01-01", "2025-01-01", **bounded)
    assert found == ["2024-03-02T06:00:00Z", "2024-03-03T06:00:00Z", "2024-03-04T06:00:00Z"]


RECURRENCES = st.fixed_dictionaries(
    {
        "frequency": st.sampled_from(["Minute", "Hour", "Day", "Week", "Month"]),
        "interval": st.integers(1, 40),
        "startTime": st.datetimes(datetime(2023, 1, 1), datetime(2024, 6, 1)).map(lambda at: f"{at:%Y-%m-%dT%H:%M:%S}"),
        "timeZone": st.sampled_from(["UTC", BERLIN, "Eastern Standard Time"]),
        "schedule": st.fixed_dictionaries(
            {},
            optional={
                "hours": st.lists(st.integers(0, 23), max_size=3, unique=True),
                "minutes": st.lists(st.integers(0, 59), max_size=3, unique=True),
                "weekDays": st.lists(st.sampled_from(["Monday", "Sunday", "Saturday"]), max_size=2, unique=True),
                "monthDays": st.lists(st.sampled_from([1, 15, 31, -1, -31]), max_size=2, unique=True),
            },
        ),
    }
)


@settings(max_examples=60, deadline=None)
@given(RECURRENCES, st.integers(0, 100))
def test_where_one_looks_from_does_not_change_the_times(recurrence: dict[str, Any], days: int) -> None:
    read = read_recurrence(recurrence)
    end = read.start + timedelta(days=120)
    later = read.start + timedelta(days=days)
    whole = list(zip(occurrences(read, read.start, end), range(6_000), strict=False))
    assert [moment for moment, _ in whole] == sorted({moment for moment, _ in whole})
    from_later = next(occurrences(read, later, end), None)
    if len(whole) < 6_000:
        assert from_later == next((moment for moment, _ in whole if moment >= later), None)


def pipeline(parameter: str) -> dict[str, Any]:
    show = {
        "name": "S",
        "type": "SetVariable",
        "typeProperties": {"variableName": "v", "value": f"@pipeline().parameters.{parameter}"},
    }
    return {
        "name": "p",
        "properties": {
            "activities": [show],
            "variables": {"v": {"type": "String"}},
            "parameters": {parameter: {"type": "string"}},
        },
    }


def trigger(kind: str, expression: str, **properties: Any) -> dict[str, Any]:
    started = {
        "pipelineReference": {"referenceName": "p", "type": "PipelineReference"},
        "parameters": {"x": expression},
    }
    return {"name": "T", "properties": {"type": kind, "pipelines": [started], "typeProperties": properties}}


DAILY = {"frequency": "Day", "interval": 1, "startTime": "2024-03-29T02:30:00", "timeZone": BERLIN}


def test_a_schedule_passes_a_time_that_it_has() -> None:
    scheduled = trigger("ScheduleTrigger", "@trigger().scheduledTime", recurrence=DAILY)
    result = simulate(pipeline("x"), trigger=scheduled, window=("2024-04-01", "2024-04-02"))
    assert result.variables["v"] == "2024-04-01T00:30:00Z"


@pytest.mark.parametrize(
    ("recurrence", "said"),
    [
        (
            DAILY | {"startTime": "2024-05-01T02:30:00"},
            "has no time from 2024-04-01T00:00:00Z to 2024-04-02T00:00:00Z. The next one is 2024-05-01T00:30:00Z.",
        ),
        (DAILY | {"frequency": "Daily"}, "cannot be told: the frequency 'Daily' is none of a schedule."),
        (DAILY | {"timeZone": "Nowhere"}, "cannot be told: it does not know the time zone 'Nowhere'"),
        (DAILY | {"startTime": "soon"}, "cannot be told: Invalid isoformat string: 'soon'."),
        (DAILY | {"schedule": {"hours": [25]}}, "cannot be told: hour must be in 0..23"),
        (DAILY | {"schedule": {"hours": ["5"]}}, "cannot be told: "),
        (DAILY | {"interval": 0}, "cannot be told: the interval '0' is no whole number from 1."),
        ({}, "cannot be told: the frequency 'None' is none of a schedule."),
    ],
)
def test_a_window_in_which_a_schedule_does_not_start_is_refused(recurrence: dict[str, Any], said: str) -> None:
    scheduled = trigger("ScheduleTrigger", "@trigger().scheduledTime", recurrence=recurrence)
    with pytest.raises(FindingsError) as caught:
        simulate(pipeline("x"), trigger=scheduled, window=("2024-04-01", "2024-04-02"))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("@triggerBody().fileName", "a.csv"),
        ("@triggerBody().folderPath", "c/in/2024"),
        ("@concat(trigger().outputs.body.folderPath, '/', triggerBody().fileName)", "c/in/2024/a.csv"),
    ],
)
@pytest.mark.parametrize("event", ["c/in/2024/a.csv", {"fileName": "a.csv", "folderPath": "c/in/2024"}])
def test_a_storage_event_passes_its_file(expression: str, value: str, event: Any) -> None:
    stored = trigger("BlobEventsTrigger", expression, blobPathBeginsWith="/c/blobs/in/", blobPathEndsWith=".csv")
    result = simulate(pipeline("x"), trigger=stored, event=event)
    assert result.variables["v"] == value


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("c/out/a.csv", "does not start for '/c/blobs/out/a.csv': its 'blobPathBeginsWith' is '/c/blobs/in/'."),
        ("c/in/a.txt", "does not start for '/c/blobs/in/a.txt': its 'blobPathEndsWith' is '.csv'."),
        ({"fileName": "a.csv"}, "A storage event has a 'fileName' and a 'folderPath'"),
    ],
)
def test_a_file_for_which_the_trigger_does_not_start_is_refused(event: Any, said: str) -> None:
    stored = trigger(
        "BlobEventsTrigger", "@triggerBody().fileName", blobPathBeginsWith="/c/blobs/in/", blobPathEndsWith=".csv"
    )
    with pytest.raises(FindingsError) as caught:
        simulate(pipeline("x"), trigger=stored, event=event)
    assert said in str(caught.value)


def test_a_custom_event_passes_what_it_holds() -> None:
    custom = trigger("CustomEventsTrigger", "@triggerBody().event.data.patient")
    event = {"eventType": "admitted", "subject": "ward/3", "data": {"patient": "17"}}
    assert simulate(pipeline("x"), trigger=custom, event=event).variables["v"] == "17"


def test_windows_and_events_belong_to_their_triggers() -> None:
    stored = trigger("BlobEventsTrigger", "@triggerBody().fileName")
    scheduled = trigger("ScheduleTrigger", "@trigger().scheduledTime", recurrence=DAILY)
    with pytest.raises(FindingsError, match="starts at events, not in windows"):
        simulate(pipeline("x"), trigger=stored, window=("2024-04-01", "2024-04-02"))
    with pytest.raises(FindingsError, match="does not start at events"):
        simulate(pipeline("x"), trigger=scheduled, event="c/a.csv")
    with pytest.raises(SimulationError, match="needs a window or an event"):
        simulate(pipeline("x"), trigger=scheduled)
