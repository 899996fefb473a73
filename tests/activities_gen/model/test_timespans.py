"""Time spans as .NET reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities_gen.model.timespans import DAY, SECOND, meant_seconds, parse_timespan, seconds_of, timespan


@given(st.integers(0, 10_000_000 * 86_400))
def test_what_is_written_is_read_back(length: int) -> None:
    assert seconds_of(timespan(length)) == length


@pytest.mark.parametrize(
    ("text", "length"),
    [("0.12:00:00", DAY // 2), ("24:00:00", 24 * DAY), ("30:20:10", 30 * DAY + (20 * 3600 + 600) * SECOND)],
)
def test_hours_over_23_without_days_are_days(text: str, length: int) -> None:
    assert parse_timespan(text) == length


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("12h", "is no time span of the form"),
        ("1:00:00", "is no time span of the form"),
        ("٠٠:10:00", "is no time span of the form"),  # digits of another script
        ("1.24:00:00", "overflows: hours end at 23"),
        ("00:60:00", "overflows: hours end at 23"),
        ("24:00:60", "overflows: hours end at 23"),
        ("10675199.00:00:00", "has fewer than 10,675,199 days"),
        ("9" * 5000 + ".00:00:00", "has fewer than"),
    ],
)
def test_what_net_cannot_read_says_why(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_timespan(text)
    assert seconds_of(text) is None


@pytest.mark.parametrize(
    ("text", "meant"), [("12h", 43_200), ("PT12H", 43_200), ("1:00:00", 3600), ("x", None), ("", None)]
)
def test_what_a_person_means_is_guessed(text: str, meant: int | None) -> None:
    assert meant_seconds(text) == meant
