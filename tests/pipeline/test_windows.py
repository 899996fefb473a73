"""The window of a run."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from pipeline.errors import SettingsError
from pipeline.windows import ALL_OF_TIME, Window, end_of_data, window

JANUARY = datetime(2024, 1, 1, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-01T00:00:00Z",
        "2024-01-01T00:00:00.0000000Z",
        "2024-01-01T00:00:00",
        "2024-01-01 00:00:00+00:00",
        "2024-01-01T01:00:00+01:00",
        "2024-01-01T00:00Z",
        "2024-01-01",
    ],
)
def test_takes_the_ways_in_which_an_instant_is_written(text: str) -> None:
    assert window(text, "2024-01-02T00:00:00Z").start == JANUARY


@pytest.mark.parametrize(
    "text", ["yesterday", "2024-13-01T00:00:00Z", "2024-01-01T00:00:00.5Z", "01/02/2024 00:00:00", "@trigger()"]
)
def test_refuses_what_is_no_instant_and_names_the_argument(text: str) -> None:
    with pytest.raises(SettingsError, match=r"--window-start '.*' is not a time such as 2024-01-31T00:00:00Z"):
        window(text, "2024-01-02T00:00:00Z")


def test_refuses_an_end_that_is_not_after_the_start() -> None:
    with pytest.raises(SettingsError, match="is not after"):
        window("2024-01-02T00:00:00Z", "2024-01-02T00:00:00Z")


def test_refuses_one_end_alone() -> None:
    with pytest.raises(SettingsError, match="together or not at all"):
        window("2024-01-02T00:00:00Z", "")


@pytest.mark.parametrize("nothing", [None, ""])
def test_is_all_of_time_where_none_is_given(nothing: str | None) -> None:
    assert window(nothing, nothing) == ALL_OF_TIME
    assert ALL_OF_TIME.is_open


@pytest.mark.parametrize("found", [ALL_OF_TIME, window("2024-01-01T00:00:00Z", "2024-01-02T06:30:15Z")])
def test_has_a_name_that_leads_back_to_it(found: Window) -> None:
    assert Window.named(found.name) == found


def test_has_a_name_without_colons() -> None:
    assert window("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z").name == "20240101T000000Z_20240102T000000Z"


def test_sorts_by_end() -> None:
    short, long = (
        window("2024-01-02T00:00:00Z", "2024-01-03T00:00:00Z"),
        window("2023-01-01T00:00:00Z", "2024-01-04T00:00:00Z"),
    )
    assert sorted([ALL_OF_TIME, long, short]) == [short, long, ALL_OF_TIME]


def test_without_end_ends_one_second_after_the_data() -> None:
    assert end_of_data(int(JANUARY.timestamp())) == JANUARY + timedelta(seconds=1)
    assert end_of_data(-10_000_000_000).year == 1653
    assert end_of_data(None) == datetime(1970, 1, 1, tzinfo=timezone.utc)
