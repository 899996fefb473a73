"""Features, definition by definition."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pyspark.sql.functions as F
import pytest

from pipeline import features
from pipeline.gold import FEATURES, GOLD_SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pyspark.sql import Column, DataFrame

pytestmark = pytest.mark.spark

NEW_YEAR = datetime(2024, 1, 1)
STAYS = "patient_id string, encounter_id string, start timestamp, stop timestamp, encounter_class string"
EVENTS = "patient_id string, code string, start timestamp, stop timestamp, pseudonym_key string"
PEOPLE = (
    "patient_id string, birth_month date, death_date date, age_at_death int, gender string, race string, ethnicity string, "
    "marital string, state string, postcode_area string, pseudonym_key string"
)
KEY = "2-key"


@pytest.fixture
def as_of() -> Column:
    return F.lit("2024-01-01T00:00:00Z").cast("timestamp")


def ago(days: float) -> datetime:
    return NEW_YEAR - timedelta(days=days)


def person(name: str, born: date | None, died: date | None = None, lived: int | None = None) -> tuple[object, ...]:
    return (name, born, died, lived, *[None] * 6, KEY)


@pytest.fixture
def counted(frame: Callable[..., DataFrame], as_of: Column) -> Callable[..., DataFrame]:
    """The features of some patients, from the rows of events of theirs."""

    def make(
        *names: str,
        encounters: Sequence[tuple[object, ...]] = (),
        conditions: Sequence[tuple[object, ...]] = (),
        medications: Sequence[tuple[object, ...]] = (),
    ) -> DataFrame:
        patients = features.people(frame(PEOPLE, *[person(name, date(1980, 1, 1)) for name in names]), as_of)
        current = {
            "encounters": frame(STAYS, *encounters),
            "conditions": frame(EVENTS, *conditions),
            "medications": frame(EVENTS, *medications),
        }
        return features.patient_features(patients, features.prepared(current, as_of))

    return make


@pytest.mark.parametrize(
    ("stays", "readmissions"),
    [
        ([(100, 90), (60, 59)], 1),
        ([(100, 90), (59.999, 59)], 0),
        ([(100, 90), (90, 89)], 0),
        ([(100, 90), (95, 80)], 0),
        ([(100, 90), (100, 90)], 0),
        ([(100, 100), (100, 100), (99, 98)], 1),
        ([(100, 90), (89, 80), (79, 70)], 2),
        ([(100, None), (99, 98)], 0),
        ([(100, 40), (60, 59), (50, 49)], 1),
        ([(2, 1), (-1, -2)], 0),
        ([(100, 90)], 0),
    ],
    ids=[
        "30 days after the stop counts",
        "later does not",
        "the instant of the stop does not",
        "before the stop does not",
        "the same instant does not",
        "of stays without length the last is followed",
        "each stay has its next one",
        "a stay without stop has none",
        "only the very next counts",
        "a stay after the window's end is not known yet",
        "one stay has no next",
    ],
)
def test_readmissions_within_30_days(
    stays: list[tuple[float, float | None]], readmissions: int, counted: Callable[..., DataFrame]
) -> None:
    data = [
        ("p", str(n), ago(start), None if stop is None else ago(stop), "inpatient")
        for n, (start, stop) in enumerate(stays)
    ]
    assert [row["readmissions_30d"] for row in counted("p", encounters=data).collect()] == [readmissions]


def test_inpatient_stays_are_counted_and_measured_per_patient(
    counted: Callable[..., DataFrame], rows: Callable[..., object]
) -> None:
    stays = [
        ("p", "1", ago(30), ago(29), "inpatient"),
        ("p", "2", ago(20), ago(18), "inpatient"),
        ("p", "3", ago(9000), ago(1.5), "inpatient"),
        ("p", "4", ago(1), ago(-1), "inpatient"),
        ("p", "5", ago(3), ago(1), "wellness"),
        ("p", "9", ago(3), ago(4), "inpatient"),
        ("q", "6", ago(3), None, "inpatient"),
        ("r", "7", ago(3), ago(2), None),
        ("s", "8", None, None, "inpatient"),
    ]
    columns = (
        "inpatient_stays",
        "inpatient_hours",
        "inpatient_hours_median",
        "inpatient_hours_longest",
        "days_since_discharge",
    )
    assert rows(counted("p", "q", "r", "s", encounters=stays), "patient_id", *columns) == [
        ("p", 5, 24.0 + 48.0 + 8998.5 * 24.0, 48.0, 8998.5 * 24.0, 1),
        ("q", 1, None, None, None, None),
        ("r", 0, None, None, None, None),
        ("s", 0, None, None, None, None),
    ]


def test_encounters_of_the_last_year_are_counted_by_class(
    counted: Callable[..., DataFrame], rows: Callable[..., object]
) -> None:
    encounters = [
        ("p", NEW_YEAR, "wellness"),
        ("p", ago(0.001), "wellness"),
        ("p", ago(365), "wellness"),
        ("p", ago(366), "wellness"),
        ("p", ago(1), "emergency"),
        ("p", ago(1), "field"),
        ("p", ago(1), None),
        ("p", None, "wellness"),
    ]
    found = counted("p", encounters=[(who, str(n), at, None, kind) for n, (who, at, kind) in enumerate(encounters)])
    columns = ("encounters_wellness", "encounters_emergency", "encounters_inpatient", "encounters_other")
    assert rows(found, *columns) == [(2, 1, 0, 2)]


def test_emergency_visits_are_counted_by_days(counted: Callable[..., DataFrame], rows: Callable[..., object]) -> None:
    days = (0, 1, 30, 30.01, 90, 91, 365, 366)
    visits = [("p", str(n), ago(each), None, "emergency") for n, each in enumerate(days)]
    columns = [f"emergency_visits_{each}d" for each in (30, 90, 365)]
    assert rows(counted("p", encounters=visits), *columns) == [(2, 4, 6)]


@pytest.mark.parametrize(
    ("codes", "expected"), [("1234", (4, False)), ("12345", (5, True)), ("11223", (3, False)), ("", (0, False))]
)
def test_five_active_medications_are_polypharmacy(
    codes: str, expected: tuple[int, bool], counted: Callable[..., DataFrame], rows: Callable[..., object]
) -> None:
    taken = [("p", code, ago(9), None, KEY) for code in codes]
    stopped = [("p", "8", ago(9), ago(1), KEY), ("p", "9", NEW_YEAR, None, KEY)]
    assert rows(counted("p", medications=[*taken, *stopped]), "active_medications", "polypharmacy") == [expected]


def test_the_latest_observation_has_the_greatest_date_then_the_greatest_value(
    frame: Callable[..., DataFrame], as_of: Column, rows: Callable[..., object]
) -> None:
    observed = frame(
        "patient_id string, code string, date timestamp, value double, units string, is_numeric boolean, pseudonym_key string",
        ("p", "8302-2", ago(9), 180.0, "cm", True, KEY),
        ("p", "8302-2", ago(2), 170.0, "cm", True, KEY),
        ("p", "8302-2", ago(2), 171.0, "cm", True, KEY),
        ("p", "8302-2", ago(2), 171.0, None, True, KEY),
        ("p", "8302-2", ago(1), None, "cm", False, KEY),
        ("p", "8302-2", ago(1), None, "cm", None, KEY),
        ("p", "8302-2", NEW_YEAR, 999.0, "cm", True, KEY),
        ("p", "other", ago(1), 1.0, "cm", True, KEY),
        ("q", "8302-2", ago(1), None, None, False, KEY),
        (None, None, None, None, None, None, None),
    )
    found = features.latest_observations(observed, as_of, ["8302-2"])
    columns = ("patient_id", "code", "value", "units", "date", "not_numeric")
    assert rows(found, *columns) == [("p", "8302-2", 171.0, "cm", ago(2), 1), ("q", "8302-2", None, None, None, 1)]


def test_a_condition_is_active_until_it_stops(
    frame: Callable[..., DataFrame], as_of: Column, rows: Callable[..., object]
) -> None:
    conditions = frame(
        EVENTS,
        ("p", "asthma", ago(9.5), None, KEY),
        ("p", "asthma", ago(99.5), None, KEY),
        ("p", "cold", ago(9), ago(1), KEY),
        ("p", "flu", ago(9), NEW_YEAR, KEY),
        ("p", "cough", ago(9), ago(-1), KEY),
        ("p", "later", NEW_YEAR, None, KEY),
        (None, None, None, None, None),
    )
    found = features.active(conditions, as_of)
    assert rows(found, "patient_id", "code", "since") == [
        ("p", "asthma", ago(99.5).date()),
        ("p", "cough", ago(9).date()),
    ]


def test_age_and_death_are_as_of_the_day_and_who_is_born_later_has_no_row(
    frame: Callable[..., DataFrame], as_of: Column, rows: Callable[..., object]
) -> None:
    people = [
        person("a", date(1980, 5, 1)),
        person("b", date(1934, 1, 1)),
        person("c", date(1900, 1, 1)),
        person("d", date(1934, 1, 1), date(1990, 3, 1), 80),
        person("e", date(1980, 5, 1), date(2024, 11, 30), 44),
        person("f", date(1980, 5, 1), date(2023, 12, 31), 43),
        person("g", date(1980, 5, 1), date(2024, 1, 1), 44),
        person("h", date(2024, 12, 1)),
        person("i", date(2024, 1, 1)),
        person("j", date(2023, 12, 1)),
    ]
    found = features.people(frame(PEOPLE, *people), as_of)
    assert rows(found, "patient_id", "age", "deceased", "birth_year", "death_year") == [
        ("a", 44, False, 1980, None),
        ("b", 90, False, 1934, None),
        ("c", 90, False, 1934, None),
        ("d", 80, True, 1934, 1990),
        ("e", 44, False, 1980, None),
        ("f", 43, True, 1980, 2023),
        ("g", 44, False, 1980, None),
        ("j", 1, False, 2023, None),
    ]


def test_the_latest_window_replaces_all_rows_of_a_key(
    frame: Callable[..., DataFrame], rows: Callable[..., object]
) -> None:
    versions = frame(
        "who string, value int, seen string",
        ("p", 1, "20240101T000000Z_20240102T000000Z"),
        ("p", 2, "20240102T000000Z_20240103T000000Z"),
        ("p", 3, "20240102T000000Z_20240103T000000Z"),
        ("q", 4, "20240101T000000Z_20240102T000000Z"),
        ("q", 5, "00010101T000000Z_99991231T235959Z"),
        (None, 6, "20240101T000000Z_20240102T000000Z"),
        (None, 7, "20240102T000000Z_20240103T000000Z"),
    )
    assert rows(features.last_versions(versions, ["who"], window="seen"), "who", "value") == [
        ("p", 2),
        ("p", 3),
        ("q", 5),
        (None, 7),
    ]


def test_a_patient_without_events_has_zeros_where_the_declaration_says_so(counted: Callable[..., DataFrame]) -> None:
    (found,) = counted("p", encounters=[("q", "e", ago(2), ago(1), "inpatient")]).collect()
    meanings = {each.name: found[each.name] for each in FEATURES if each.source != "patients"}
    assert {name for name, value in meanings.items() if value is None} == {
        each.name for each in FEATURES if each.null == "no stay ended"
    }
    assert {value for value in meanings.values() if value is not None} == {0}


def test_each_table_of_the_gold_zone_has_the_columns_of_its_schema_and_days_for_times(
    frame: Callable[..., DataFrame], as_of: Column, rows: Callable[..., object]
) -> None:
    current = {
        "patients": frame(PEOPLE, person("p", date(1980, 1, 1))),
        "encounters": frame(STAYS, ("p", "e", ago(2), ago(1), "inpatient"), (None,) * 5),
        "conditions": frame(EVENTS, ("p", "flu", ago(2.5), None, KEY), (None,) * 5),
        "medications": frame(EVENTS, ("p", "860975", ago(2.5), None, KEY), (None,) * 5),
        "observations": frame(
            "patient_id string, code string, date timestamp, value double, is_numeric boolean, units string, pseudonym_key string",
            ("p", "8302-2", ago(1.5), 171.0, True, "cm", KEY),
            (None,) * 7,
        ),
    }
    latest = features.latest_observations(current["observations"], as_of, ["8302-2"])
    found = features.tables(current, features.people(current["patients"], as_of), latest, as_of=as_of)
    assert {name: table.columns for name, table in found.items()} == {
        name: schema.names for name, schema in GOLD_SCHEMAS.items()
    }
    assert [
        kind for schema in GOLD_SCHEMAS.values() for kind in schema if kind.dataType.simpleString() == "timestamp"
    ] == []
    day, since = NEW_YEAR.date(), ago(2.5).date()
    columns = ("as_of", "patient_id", "age", "inpatient_stays", "inpatient_hours", "active_conditions", "pseudonym_key")
    assert rows(found["patient_features"], *columns) == [(day, "p", 44, 1, 24.0, 1, KEY)]
    assert rows(found["latest_observations"]) == [(day, "p", "8302-2", 171.0, "cm", ago(1.5).date(), 0, KEY)]
    assert rows(found["active_conditions"]) == [(day, "p", "flu", since, KEY)]
    assert rows(found["active_medications"]) == [(day, "p", "860975", since, KEY)]


def test_rows_that_no_feature_counts_are_counted(
    frame: Callable[..., DataFrame], as_of: Column, rows: Callable[..., object]
) -> None:
    current = {
        "encounters": frame(
            STAYS,
            ("p", "1", ago(1), None, "inpatient"),
            ("p", "2", ago(1), None, "field"),
            ("p", "3", NEW_YEAR, None, "inpatient"),
            ("nobody", "4", ago(1), None, "inpatient"),
        ),
        "conditions": frame(EVENTS, ("nobody", "flu", NEW_YEAR, None, KEY)),
    }
    people = features.people(frame(PEOPLE, person("p", date(1980, 1, 1))), as_of)
    found = features.account(current, people, as_of, {"encounters": "start", "conditions": "start"})
    assert rows(found, "table_name", "encounter_class", "rows_in", "after_as_of", "orphans") == [
        ("conditions", None, 1, 1, 0),
        ("encounters", "field", 1, 0, 0),
        ("encounters", None, 3, 1, 1),
    ]
