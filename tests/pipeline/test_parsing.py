"""From text to typed rows, duplicates and a quarantine."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pyspark.sql.functions as F
import pytest

from pipeline.codes import DATE, ID, NAME, NUMBER, SNOMED, TEXT, TIME, Kind
from pipeline.parsing import distinct, kept, parse, present, quarantined, typed
from pipeline.schemas import Column, Table
from pipeline.windows import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyspark.sql import DataFrame

pytestmark = pytest.mark.spark

STAYS = Table(
    "stays",
    (
        Column("stay", "Id", ID, required=True),
        Column("begun", "START", TIME, required=True),
        Column("cost", "COST", NUMBER),
    ),
    key=("stay",),
    unique=True,
)
SPAN = Span("1900-01-01T00:00:00Z", "2024-06-01T12:00:00Z")
NOTES = Table("notes", STAYS.columns, key=("stay",))
TEXTS = "stay string, begun string, cost string, _corrupt string, _raw string"

TIMES = [
    ("2024-02-29", datetime(2024, 2, 29)),
    ("2024-02-29T10:19:05Z", datetime(2024, 2, 29, 10, 19, 5)),
    ("2024-02-29 10:19:05", datetime(2024, 2, 29, 10, 19, 5)),
    ("2024-02-29T10:19Z", datetime(2024, 2, 29, 10, 19)),
    ("2024-02-29T10:19:05.250Z", datetime(2024, 2, 29, 10, 19, 5, 250000)),
    ("2024-02-29T10:19:05+02:00", datetime(2024, 2, 29, 8, 19, 5)),
    ("2024-02-29T10:19:05-0500", datetime(2024, 2, 29, 15, 19, 5)),
    (" 2024-02-29 ", datetime(2024, 2, 29)),
    ("1889-05-01T00:00:00Z", datetime(1889, 5, 1)),
    *[
        (text, None)
        for text in (
            "2023-02-29",
            "2024",
            "10:19:05",
            "2024-02-29T25:00:00Z",
            "29/02/2024",
            "2024-02-29T10:19:05Z\n",
            "soon",
            "null",
            "N/A",
            "",
            None,
        )
    ],
]
DATES = [
    ("2024-02-29", date(2024, 2, 29)),
    ("2024-02-29T23:59:59Z", date(2024, 2, 29)),
    ("1889-05-01", date(1889, 5, 1)),
    *[
        (text, None)
        for text in (
            "2023-02-29",
            "2024-2",
            "2024-02-29Tea",
            "2024-02-29 or later",
            "2024-02-29\n",
            "February",
            "",
            None,
        )
    ],
]
NUMBERS = [
    ("1", 1.0),
    ("-0.5", -0.5),
    ("1e3", 1000.0),
    (".5", 0.5),
    *[(text, None) for text in ("1e400", "-1e400", "NaN", "Infinity", "1d", "1,5", "1\n", "one", "0x10", "", None)],
]


@pytest.mark.parametrize(
    ("kind", "table"), [(TIME, TIMES), (DATE, DATES), (NUMBER, NUMBERS)], ids=["time", "date", "number"]
)
def test_a_value_has_the_type_of_its_kind_or_is_null(
    kind: Kind, table: list[tuple[str | None, object]], frame: Callable[..., DataFrame]
) -> None:
    texts = frame("position int, `any name` string", *[(position, text) for position, (text, _) in enumerate(table)])
    found = {row[0]: row[1] for row in texts.select("position", F.expr(typed("any name", kind))).collect()}
    assert [(text, found[position]) for position, (text, _) in enumerate(table)] == table


def test_a_value_that_says_there_is_none_is_null_but_not_in_a_name(
    frame: Callable[..., DataFrame], rows: Callable[..., object]
) -> None:
    texts = frame("units string", ("null",), ("n/a",), ("N/A",), ("  ",), ("",), (None,), (" kg ",))
    assert rows(texts.select(F.expr(present("units", TEXT)))) == [("kg",), *[(None,)] * 6]
    assert rows(texts.select(F.expr(present("units", NAME)))) == [
        ("N/A",),
        ("kg",),
        ("n/a",),
        ("null",),
        *[(None,)] * 3,
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("a", "2024-01-01", "1.5", None), None),
        (("a", "2024-01-01", None, None), None),
        ((None, "2024-01-01", "1.5", None), "Id is missing"),
        (("null", "2024-01-01", "1.5", None), "Id is missing"),
        (("a", "soon", "cheap", None), "START is not a time; COST is not a finite number"),
        (("a", None, None, "a"), "the number of fields is not that of the header"),
    ],
)
def test_a_row_that_cannot_be_read_says_why_and_keeps_its_text(
    row: tuple[str | None, ...], reason: str | None, frame: Callable[..., DataFrame], rows: Callable[..., object]
) -> None:
    assert rows(parse(frame(TEXTS, (*row, "its text")), STAYS, SPAN), "_reason", "_raw") == [(reason, "its text")]


def test_no_row_is_lost(frame: Callable[..., DataFrame], rows: Callable[..., object]) -> None:
    texts = frame(
        TEXTS,
        ("a", "2024-01-01", "1", None, "a,2024-01-01,1"),
        ("a", "2024-01-01T00:00:00Z", "1.0", None, "a,2024-01-01T00:00:00Z,1.0"),
        ("b", "2024-01-01", None, None, "b,2024-01-01,"),
        ("b", "2024-01-01", "2", None, "b,2024-01-01,2"),
        ("b", "2024-01-01", None, None, "b,2024-01-01,"),
        ("c", "never", None, None, "c,never,"),
        ("c", "never", None, None, "c,never,"),
    )
    parsed = parse(texts, STAYS, SPAN)
    first = datetime(2024, 1, 1)
    assert rows(kept(distinct(parsed, STAYS), STAYS)) == [("a", first, 1.0, None, 2), ("b", first, 2.0, None, 1)]
    assert rows(quarantined(parsed, STAYS)) == [
        ("stays", "START is not a time", False, "c,never,", 1),
        ("stays", "START is not a time", False, "c,never,", 1),
        ("stays", "another row of the export has the same Id", False, "b,2024-01-01,", 2),
    ]


def test_rows_of_one_key_stay_where_the_key_is_not_unique(
    frame: Callable[..., DataFrame], rows: Callable[..., object]
) -> None:
    parsed = parse(
        frame(
            TEXTS, ("b", "2024-01-01", None, None, "b,2024-01-01,"), ("b", "2024-01-01", "2", None, "b,2024-01-01,2")
        ),
        NOTES,
        SPAN,
    )
    assert rows(kept(distinct(parsed, NOTES), NOTES), "stay", "cost") == [("b", 2.0), ("b", None)]
    assert rows(quarantined(parsed, NOTES)) == []


VISITS = Table(
    "visits",
    (
        Column("begun", "START", TIME, required=True),
        Column("ended", "STOP", TIME),
        Column("born", "BIRTHDATE", DATE),
        Column("code", "CODE", SNOMED, required=True),
        Column("reason", "REASON", SNOMED),
    ),
    key=("begun",),
)


@pytest.mark.parametrize(
    ("texts", "row", "reason", "left_out"),
    [
        (("2024-06-01T12:00:00Z", None, None, "10509002", "10509002"), (None, None, "10509002"), None, None),
        (
            ("2024-06-01T12:00:01Z", None, None, "10509002", None),
            None,
            "START is not between 1900-01-01 and 2024-06-01T12:00:00Z",
            None,
        ),
        (
            ("1899-12-31", None, None, "10509002", None),
            None,
            "START is not between 1900-01-01 and 2024-06-01T12:00:00Z",
            None,
        ),
        (
            ("2024-01-01", "9999-12-31T23:59:59Z", "2204-01-01", "10509002", None),
            (None, None, None),
            None,
            "STOP is not between 1900-01-01 and 2024-06-01T12:00:00Z; BIRTHDATE is not between 1900-01-01 and 2024-06-01T12:00:00Z",
        ),
        (("2024-01-01", None, None, "10509003", None), None, "CODE is not a SNOMED CT code", None),
        (
            ("2024-01-01", None, None, "10509002", "Jane Secretname"),
            (None, None, None),
            None,
            "REASON is not a SNOMED CT code",
        ),
    ],
    ids=["fits", "too late", "too early", "an end too late", "a wrong check digit", "words for a code"],
)
def test_what_does_not_fit_costs_the_row_where_it_is_required_and_the_value_elsewhere(
    texts: tuple[str | None, ...],
    row: tuple[object, ...] | None,
    reason: str | None,
    left_out: str | None,
    frame: Callable[..., DataFrame],
    rows: Callable[..., object],
) -> None:
    schema = "begun string, ended string, born string, code string, reason string, _corrupt string, _raw string"
    parsed = parse(frame(schema, (*texts, None, "its text")), VISITS, SPAN)
    assert rows(parsed, "_reason", "left_out") == [(reason, left_out)]
    if row is not None:
        assert rows(parsed, "ended", "born", "reason") == [row]
        expected = [("visits", left_out, True, "its text", 1)] if left_out else []
        assert rows(quarantined(parsed, VISITS)) == expected


def test_rows_that_are_the_same_without_what_was_left_out_are_one(
    frame: Callable[..., DataFrame], rows: Callable[..., object]
) -> None:
    schema = "begun string, ended string, born string, code string, reason string, _corrupt string, _raw string"
    texts = frame(
        schema,
        ("2024-01-01", None, None, "10509002", None, None, "a"),
        ("2024-01-01", None, None, "10509002", "x", None, "b"),
    )
    found = kept(distinct(parse(texts, VISITS, SPAN), VISITS), VISITS)
    assert rows(found, "code", "left_out", "copies") == [("10509002", "REASON is not a SNOMED CT code", 2)]
