"""Time spans as .NET reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities_gen.model.timespans import DAY, SECOND, meant_seconds, parse_timespan, seconds_of, show, timespan


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
        ("10675199.00:00:00", "'10675199.00:00:00' overflows: a time span has fewer than 10,675,199 days"),
        ("9" * 5000 + ".00:00:00", "'9{5000}.00:00:00' overflows: a time span has fewer than"),
    ],
)
def test_what_net_cannot_read_says_why(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_timespan(text)
    assert seconds_of(text) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("12h", 43_200),
        ("PT12H", 43_200),
        ("P2DT3H4M5S", 2 * 86_400 + 3 * 3600 + 4 * 60 + 5),
        ("1:02:03", 3600 + 2 * 60 + 3),
        ("2.03:04:05", 2 * 86_400 + 3 * 3600 + 4 * 60 + 5),
        ("x", None),
        ("", None),
    ],
)
def test_what_a_person_means_is_guessed(text: str, meant: int | None) -> None:
    assert meant_seconds(text) == meant


def test_zeros_before_days_and_hours_count_nothing() -> None:
    assert parse_timespan("007.03:00:00") == 7 * DAY + 3 * 3600 * SECOND


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (0, "0.000 s"),
        (250_000, "0.250 s"),
        (9_999_000, "9.999 s"),
        (10 * SECOND, "10.0 s"),
        (119_900_000, "119.9 s"),
        (120 * SECOND, "0:02:00"),
        (2 * 3600 * SECOND, "2:00:00"),
        (DAY - SECOND, "23:59:59"),
        (DAY, "1 d 0:00:00"),
        (7 * DAY + 3_723 * SECOND, "7 d 1:02:03"),
    ],
)
def test_a_length_is_shown_as_a_person_reads_it(length: int, text: str) -> None:
    assert show(length) == text


def test_seconds_are_whole() -> None:
    assert isinstance(seconds_of("00:00:01"), int)
