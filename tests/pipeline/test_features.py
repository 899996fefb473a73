"""Features, definition by definition, on frames whose columns have other names than the arguments."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pyspark.sql.functions as F
import pytest

from pipeline import features

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyspark.sql import Column, DataFrame

pytestmark = pytest.mark.spark

NEW_YEAR = datetime(2024, 1, 1)
STAYS = "who string, stay string, `from` timestamp, `to` timestamp, kind string"
NAMES = {"patient": "who", "encounter": "stay", "start": "from", "stop": "to", "encounter_class": "kind"}


@pytest.fixture
def as_of() -> Column:
    return F.lit("2024-01-01T00:00:00Z").cast("timestamp")


def ago(days: float) -> datetime:
    return NEW_YEAR - timedelta(days=days)


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
    stays: list[tuple[float, float | None]], readmissions: int, frame: Callable[..., DataFrame], as_of: Column
) -> None:
    data = [
        ("p", str(n), ago(start), None if stop is None else ago(stop), "inpatient")
        for n, (start, stop) in enumerate(stays)
    ]
    found = features.inpatient(frame(STAYS, *data), as_of, **NAMES).collect()
    assert [row["readmissions_30d"] for row in found] == [readmissions]


def test_inpatient_stays_are_counted_and_measured_per_patient(
    frame: Callable[..., DataFrame], as_of: Column, rows: Callable[..., object]
) -> None:
    stays = frame(
        STAYS,
        ("p", "1", ago(30), ago(29), "inpatient"),
        ("p", "2", ago(20), ago(18), "inpatient"),
        ("p", "3", ago(9000), ago(1), "inpatient"),
        ("p", "4", ago(1), ago(-1), "inpatient"),
        ("p", "5", ago(3), ago(2), "wellness"),
        ("p", "9", ago(3), ago(4), "inpatient"),
        ("q", "6", ago(3), None, "inpatient"),
        ("r", "7", ago(3), ago(2), None),
        ("s", "8", None, None, "inpatient"),
    )
    found = features.inpatient(stays, as_of, **NAMES)
    assert rows(
        found, "who", "inpatient_stays", "inpatient_hours", "inpatient_hours_median", "inpatient_hours_longest"
    ) == [
        ("p", 5, 24.0 + 48.0 + 8999 * 24.0, 48.0, 8999 * 24.0),
        ("q", 1, None, None, None),
    ]


def test_encounters_of_the_last_year_are_counted_by_class(
    frame: Callable[..., DataFrame], as_of: Column, rows: Callable[..., object]
) -> None:
    encounters = frame(
        "who string, `from` timestamp, kind string",
        ("p", NEW_YEAR, "wellness"),
        ("p", ago(0.001), "wellness"),
        ("p", ago(365), "wellness"),
        ("p", ago(366), "wellness"),
        ("p", ago(1), "emergency"),
        ("p", ago(1), "spa"),
        ("p", ago(1), None),
        ("p", None, "wellness"),
    )
    found = features.encounter_counts(encounters, as_of, patient="who", start="from", encounter_class="kind")
    assert rows(
        found, "who", "encounters_wellness", "encounters_emergency", "encounters_inpatient", "encounters_other"
    ) == [("p", 2, 1, 0, 2)]


def test_the_latest_observation_has_the_greatest_date_then_the_greatest_value(
    frame: Callable[..., DataFrame], as_of: Column, rows: Callable[..., object]
) -> None:
    observed = frame(
        "who string, loinc string, seen timestamp, number double, unit string, counts boolean",
        ("p", "8302-2", ago(9), 180.0, "cm", True),
        ("p", "8302-2", ago(2), 170.0, "cm", True),
        ("p", "8302-2", ago(2), 171.0, "cm", True),
        ("p", "8302-2", ago(2), 171.0, None, True),
        ("p", "8302-2", ago(1), None, "cm", False),
        ("p", "8302-2", ago(1), None, "cm", None),
        ("p", "8302-2", NEW_YEAR, 999.0, "cm", True),
        ("p", "other", ago(1), 1.0, "cm", True),
        ("q", "8302-2", ago(1), None, None, False),
        (None, None, None, None, None, None),
    )
    found = features.latest_observations(
        observed,
        as_of,
        ["8302-2"],
        patient="who",
        code="loinc",
        date="seen",
        value="number",
        units="unit",
        is_numeric="counts",
    )
    assert found.columns == ["patient_id", "code", "value", "units", "date", "not_numeric"]
    assert rows(found) == [("p", "8302-2", 171.0, "cm", ago(2), 1), ("q", "8302-2", None, None, None, 1)]


def test_a_condition_is_active_until_it_stops(
    frame: Callable[..., DataFrame], as_of: Column, rows: Callable[..., object]
) -> None:
    conditions = frame(
        "who string, what string, `from` timestamp, `to` timestamp",
        ("p", "asthma", ago(9), None),
        ("p", "asthma", ago(99), None),
        ("p", "cold", ago(9), ago(1)),
        ("p", "flu", ago(9), NEW_YEAR),
        ("p", "cough", ago(9), ago(-1)),
        ("p", "later", NEW_YEAR, None),
        (None, None, None, None),
    )
    found = features.active_conditions(conditions, as_of, patient="who", code="what", start="from", stop="to")
    assert rows(found) == [("p", "asthma", ago(99)), ("p", "cough", ago(9))]


def test_age_is_that_of_the_year_or_that_at_death_and_at_most_90_and_the_year_of_birth_tells_no_more(
    frame: Callable[..., DataFrame], as_of: Column, rows: Callable[..., object]
) -> None:
    people = frame(
        "who string, born int, died int, lived int",
        ("a", 1980, None, None),
        ("b", 1934, None, None),
        ("c", 1900, None, None),
        ("d", 1934, 1990, 80),
        ("e", 1980, 2030, 50),
        ("f", 2025, None, None),
        ("g", None, None, None),
    )
    found = features.ages(people, as_of, birth_year="born", death_year="died", age_at_death="lived")
    assert rows(found, "who", "age", "deceased", "born") == [
        ("a", 44, False, 1980),
        ("b", 90, False, 1934),
        ("c", 90, False, 1934),
        ("d", 80, True, 1934),
        ("e", 44, False, 1980),
        ("f", None, False, 2025),
        ("g", None, False, None),
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


def test_a_patient_without_events_has_zeros(frame: Callable[..., DataFrame], as_of: Column) -> None:
    patients = frame("patient_id string, birth_year int, death_year int, age_at_death int", ("p", 1980, None, None))
    encounters = frame(
        "patient_id string, encounter_id string, start timestamp, stop timestamp, encounter_class string",
        ("q", "e", ago(2), ago(1), "inpatient"),
    )
    conditions = frame("patient_id string, code string, start timestamp, stop timestamp", ("q", "flu", ago(2), None))
    (found,) = features.patient_features(patients, encounters, conditions, as_of).collect()
    assert (
        found["age"],
        found["inpatient_stays"],
        found["readmissions_30d"],
        found["encounters_inpatient"],
        found["active_conditions"],
    ) == (44, 0, 0, 0, 0)
    assert found["inpatient_hours"] is None


def test_each_table_of_the_gold_zone_says_as_of_when_and_a_record_without_a_patient_is_in_none_of_a_patient(
    frame: Callable[..., DataFrame], as_of: Column, rows: Callable[..., object]
) -> None:
    events = "patient_id string, encounter_id string, start timestamp, stop timestamp"
    current = {
        "patients": frame(
            "patient_id string, birth_year int, death_year int, age_at_death int", ("p", 1980, None, None)
        ),
        "encounters": frame(f"{events}, encounter_class string", ("p", "e", ago(2), ago(1), "inpatient"), (None,) * 5),
        "conditions": frame(f"{events}, code string", ("p", "e", ago(2), None, "flu"), (None,) * 5),
        "observations": frame(
            "patient_id string, date timestamp, code string, value double, is_numeric boolean, units string",
            ("p", ago(1), "8302-2", 171.0, True, "cm"),
            ("p", ago(1), "other", 1.0, True, "cm"),
            (None,) * 6,
        ),
    }
    found = features.tables(current, as_of=as_of, codes=["8302-2"])
    assert list(found) == ["patient_features", "latest_observations", "active_conditions"]
    assert {table.columns[0] for table in found.values()} == {"as_of"}
    columns = ("as_of", "patient_id", "age", "inpatient_stays", "inpatient_hours", "active_conditions")
    assert rows(found["patient_features"], *columns) == [(NEW_YEAR, "p", 44, 1, 24.0, 1)]
    observed = ("as_of", "patient_id", "code", "value", "units", "date", "not_numeric")
    assert rows(found["latest_observations"], *observed) == [(NEW_YEAR, "p", "8302-2", 171.0, "cm", ago(1), 0)]
    assert rows(found["active_conditions"]) == [(NEW_YEAR, "p", "flu", ago(2))]
