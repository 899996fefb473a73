"""Ingest, pseudonymise and features over one lake."""

from __future__ import annotations

import csv
import hashlib
import hmac
import re
import shutil
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pyspark.sql.functions as F
import pytest

from pipeline.errors import InputError, LakeError, SettingsError
from pipeline.gold import GOLD_SCHEMAS
from pipeline.monitoring import Log, Metrics
from pipeline.schemas import OBSERVATIONS, QUARANTINE_SCHEMA, SILVER_SCHEMAS, TABLES, Table
from pipeline.schemas import PATIENTS as PATIENTS_TABLE
from pipeline.stages import Ingested, Run, _account, features_window, ingest, pseudonymise_window
from pipeline.storage import BRONZE, GOLD, SILVER, Commit, Lake
from pipeline.windows import ALL_OF_TIME, Window, plausible, window

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyspark.sql import DataFrame, SparkSession

pytestmark = pytest.mark.spark

NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
KEY = b"a-key-that-only-tests-use-0123456789"
CODES = ("8302-2",)
FIRST = window("2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z")
SECOND = window("2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z")
THIRD = window("2024-03-01T00:00:00Z", "2024-04-01T00:00:00Z")
ACROSS = window("2024-01-15T00:00:00Z", "2024-03-10T00:00:00Z")
"""It overlaps all three, and ends after the second."""

PATIENTS = "Id,BIRTHDATE\np1,1950-01-01\np2,1960-01-01\n"
ENCOUNTER_HEADER = "Id,START,STOP,PATIENT,ENCOUNTERCLASS,CODE\n"
HEADERS = {
    "conditions": "START,STOP,PATIENT,ENCOUNTER,CODE\n",
    "observations": "DATE,PATIENT,ENCOUNTER,CODE,VALUE,UNITS\n",
    "medications": "START,STOP,PATIENT,ENCOUNTER,CODE\n",
}
JANUARY = f"{ENCOUNTER_HEADER}e1,2024-01-05T00:00:00Z,2024-01-06T00:00:00Z,p1,inpatient,185349003\ne2,2024-01-10T00:00:00Z,2024-01-11T00:00:00Z,p1,inpatient,185349003\n"
FEBRUARY = f"{ENCOUNTER_HEADER}e3,2024-02-05T00:00:00Z,2024-02-06T00:00:00Z,p1,inpatient,185349003\n"
CONDITIONS = "START,PATIENT,ENCOUNTER,CODE\n2024-01-05,p1,e1,44054006\n"
MARCH = f"{ENCOUNTER_HEADER}e4,2024-03-20T00:00:00Z,2024-03-21T00:00:00Z,p2,wellness,185349003\n"


def read(run: Run, source: str) -> Commit:
    """Runs ingest with the plausible dates that the window has by itself."""
    return ingest(run, source, plausible(run.window, NOW))


def all_stages(run: Run, source: str, k: int = 1) -> list[Window]:
    """Runs the three stages and returns the windows whose features were computed."""
    read(run, source)
    pseudonymise_window(run, KEY)
    return [commit.window for commit in features_window(run, CODES, None, k)]


def table(run: Run, zone: str, name: str, window: Window | None = None) -> DataFrame:
    """The rows of a table that count, of one window or of all."""
    schema = {BRONZE: {"quarantine": QUARANTINE_SCHEMA}, SILVER: SILVER_SCHEMAS, GOLD: GOLD_SCHEMAS}[zone][name]
    commits = run.lake.commits(zone)
    return run.lake.read(zone, name, schema, [commits[window]] if window else commits.values())


def gold(run: Run, window: Window) -> dict[int, tuple[Any, ...]]:
    """Per year of birth, what a window of the gold zone says of stays."""
    columns = ("birth_year", "inpatient_stays", "readmissions_30d", "encounters_wellness")
    return {row[0]: tuple(row)[1:] for row in table(run, GOLD, "patient_features", window).select(*columns).collect()}


def files(run: Run, zone: str) -> dict[str, int]:
    return {
        str(path): path.stat().st_mtime_ns
        for path in Path(run.lake.location(zone)).rglob("*.parquet")
        if path.parent.parent.name.startswith("window=")
    }


@pytest.mark.slow
@pytest.mark.every_spark
def test_rows_in_are_rows_out_and_duplicates_and_quarantined_with_reason_and_text(
    run: Callable[..., Run], export: Callable[..., str], logged: list[dict[str, Any]]
) -> None:
    source = export(
        patients="Id,BIRTHDATE,LATER\np1,1950-01-01,\np1,1950-01-01,\np2,soon,\np3\np4,1950-01-01,\np4,1951-01-01,\n",
        observations="DATE,PATIENT,CODE,VALUE\n2024-01-01,p1,8302-2,1\n2024-01-01,p1,8302-2,1\nDATE,PATIENT,CODE,VALUE\n2024-01-01,p1,8302-2,1\n,p1,8302-2,1\n",
    )
    bronze = run()
    accounting = read(bronze, source).details["accounting"]
    assert accounting["patients"] == {
        "rows_in": 6,
        "rows_out": 2,
        "duplicates": 1,
        "quarantined": 3,
        "erased": 0,
        "values_left_out": {},
    }
    assert accounting["observations"] == {
        "rows_in": 5,
        "rows_out": 1,
        "duplicates": 2,
        "quarantined": 2,
        "erased": 0,
        "values_left_out": {},
    }
    assert {"event": "rows", "table": "patients", **accounting["patients"]} in logged
    found = table(bronze, BRONZE, "quarantine").select("table_name", "reason", "raw", "copies").collect()
    assert sorted(tuple(row) for row in found) == [
        ("observations", "DATE is missing", ",p1,8302-2,1", 1),
        ("observations", "DATE is not a time; CODE is not a LOINC code", "DATE,PATIENT,CODE,VALUE", 1),
        ("patients", "BIRTHDATE is not a date", "p2,soon,", 1),
        ("patients", "another row of the export has the same Id", "p4,1950-01-01,", 1),
        ("patients", "the number of fields is not that of the header", "p3", 1),
    ]


STAGED = Ingested(OBSERVATIONS, cast("DataFrame", None), rows_in=6, rows_out=3, copies=4, latest=None)
"""Two of its rows are to be in the quarantine."""


def test_an_account_says_where_the_rows_of_a_table_went() -> None:
    account = {
        "rows_in": 6,
        "rows_out": 3,
        "duplicates": 1,
        "quarantined": 2,
        "erased": 0,
        "values_left_out": {"UNITS is not a UCUM unit": 1},
    }
    assert _account([STAGED], {"observations": 2}, {"observations": {"UNITS is not a UCUM unit": 1}}) == {
        "observations": account
    }
    some = {**account, "quarantined": 0, "erased": 2, "values_left_out": {}}
    assert _account([replace(STAGED, erased=2)], {}, {}) == {"observations": some}


@pytest.mark.parametrize("rejected", [{}, {"observations": 1}, {"observations": 3}, {"patients": 2}])
def test_rows_that_do_not_add_up_are_an_error(rejected: dict[str, int]) -> None:
    with pytest.raises(LakeError, match="observations: the rows do not add up, so none were kept"):
        _account([STAGED], rejected, {})


def test_the_rows_of_each_table_that_a_stage_wrote_are_counted_with_its_zone(run: Callable[..., Run]) -> None:
    export = pytest.importorskip("opentelemetry.sdk.metrics.export", reason="OpenTelemetry is optional")
    reader = export.InMemoryMetricReader()
    counting = replace(run(), metrics=Metrics("clinical-features", reader))
    commit = Commit(FIRST, "g", {"patients": {"rows": 2}, "quarantine": {"rows": 3}}, {"as_of": "2024-02-01T00:00:00Z"})
    assert counting.wrote(BRONZE, commit) is commit
    (metric,) = reader.get_metrics_data().resource_metrics[0].scope_metrics[0].metrics
    counting.metrics.close()
    assert {point.attributes["table_name"]: point.value for point in metric.data.data_points} == {
        "bronze.patients": 2,
        "bronze.quarantine": 3,
    }


@pytest.mark.slow
def test_an_export_of_headers_passes_all_stages(run: Callable[..., Run], export: Callable[..., str]) -> None:
    empty = run()
    assert all_stages(empty, export()) == [ALL_OF_TIME]
    assert gold(empty, ALL_OF_TIME) == {}
    assert empty.lake.commit(GOLD, ALL_OF_TIME).details["as_of"] == "1970-01-01T00:00:00Z"


def test_a_file_that_cannot_be_read_leaves_the_lake_as_it_was(
    run: Callable[..., Run], export: Callable[..., str]
) -> None:
    bronze = run()
    read(bronze, export())
    before = bronze.lake.commits(BRONZE), files(bronze, BRONZE)
    with pytest.raises(InputError, match=r"medications\.csv: the header lacks CODE"):
        read(bronze, export(patients="Id,BIRTHDATE\n", medications="START,PATIENT\n"))
    assert (bronze.lake.commits(BRONZE), files(bronze, BRONZE)) == before


@pytest.fixture(scope="module")
def written(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake that holds three windows."""
    path = tmp_path_factory.mktemp("three")
    for each, encounters in ((FIRST, JANUARY), (SECOND, FEBRUARY), (THIRD, MARCH)):
        source = path / each.name
        source.mkdir()
        files = {
            **HEADERS,
            "conditions": CONDITIONS,
            "encounters": encounters,
            "patients": PATIENTS if each is FIRST else "Id,BIRTHDATE\n",
        }
        for name, text in files.items():
            (source / f"{name}.csv").write_text(text)
        all_stages(Run(spark, Lake(spark, str(path / "lake")), each, Log(), Metrics("tests", None)), str(source))
    return path / "lake"


@pytest.fixture
def three(run: Callable[..., Run], written: Path, tmp_path: Path) -> Callable[[Window], Run]:
    """Runs over a copy of a lake that holds three windows."""
    shutil.copytree(written, tmp_path / "lake", dirs_exist_ok=True)
    return run


@pytest.mark.slow
def test_a_window_is_computed_from_all_windows_up_to_it(three: Callable[[Window], Run]) -> None:
    assert gold(three(FIRST), FIRST) == {1950: (2, 1, 0), 1960: (0, 0, 0)}
    assert gold(three(THIRD), SECOND) == {1950: (3, 2, 0), 1960: (0, 0, 0)}
    assert gold(three(THIRD), THIRD) == {1950: (3, 2, 0), 1960: (0, 0, 1)}


@pytest.mark.slow
def test_a_late_correction_changes_what_is_computed_from_it_and_nothing_else(
    three: Callable[[Window], Run], export: Callable[..., str]
) -> None:
    corrected = three(SECOND)
    before = {zone: files(corrected, zone) for zone in (BRONZE, SILVER, GOLD)}
    moved = FEBRUARY.replace("2024-02-05", "2024-02-25").replace("2024-02-06", "2024-02-26")
    assert all_stages(corrected, export(patients="Id,BIRTHDATE\n", encounters=moved)) == [SECOND, THIRD]
    assert gold(corrected, SECOND) == {1950: (3, 1, 0), 1960: (0, 0, 0)}
    assert gold(corrected, THIRD) == {1950: (3, 1, 0), 1960: (0, 0, 1)}
    for zone, touched in ((BRONZE, [SECOND]), (SILVER, [SECOND]), (GOLD, [SECOND, THIRD])):
        after = files(corrected, zone)
        kept = {path for path in before[zone] if not any(window.name in path for window in touched)}
        assert kept
        assert {path: before[zone][path] for path in kept} == {path: after.get(path) for path in kept}


@pytest.mark.slow
def test_of_windows_that_overlap_the_one_that_ends_last_has_its_way_in_whatever_order_they_run(
    three: Callable[[Window], Run], export: Callable[..., str]
) -> None:
    moved = FEBRUARY.replace("2024-02-05", "2024-02-25").replace("2024-02-06", "2024-02-26")
    further = f"{moved}e5,2024-03-05T00:00:00Z,2024-03-06T00:00:00Z,p1,inpatient,185349003\n"
    assert all_stages(three(ACROSS), export(patients="Id,BIRTHDATE\n", encounters=further)) == [ACROSS, THIRD]
    assert all_stages(three(SECOND), export(patients="Id,BIRTHDATE\n", encounters=FEBRUARY)) == [SECOND, ACROSS, THIRD]
    assert gold(three(SECOND), SECOND) == {1950: (3, 2, 0), 1960: (0, 0, 0)}
    assert gold(three(ACROSS), ACROSS) == {1950: (4, 2, 0), 1960: (0, 0, 0)}
    assert gold(three(THIRD), THIRD) == {1950: (4, 2, 0), 1960: (0, 0, 1)}


@pytest.mark.slow
def test_a_rerun_leaves_the_same_tables_and_computes_its_own_window_only(
    three: Callable[[Window], Run], export: Callable[..., str]
) -> None:
    same = three(SECOND)
    before = [same.lake.commit(zone, SECOND).fingerprint for zone in (BRONZE, SILVER, GOLD)]
    assert all_stages(same, export(patients="Id,BIRTHDATE\n", encounters=FEBRUARY, conditions=CONDITIONS)) == [SECOND]
    assert [same.lake.commit(zone, SECOND).fingerprint for zone in (BRONZE, SILVER, GOLD)] == before
    whole = same.lake.table(GOLD, "patient_features")
    assert whole is not None
    assert whole.count() == table(same, GOLD, "patient_features").count() == 6


def test_a_stage_without_the_one_before_is_an_error(run: Callable[..., Run]) -> None:
    with pytest.raises(LakeError, match="bronze does not hold the window"):
        pseudonymise_window(run(), KEY)
    with pytest.raises(LakeError, match="silver does not hold the window"):
        features_window(run(), CODES, None)


def test_another_key_than_before_is_an_error(run: Callable[..., Run]) -> None:
    lake = run().lake
    lake.write(SILVER, FIRST).commit({"pseudonym_key": "of another key"})
    lake.write(BRONZE, SECOND).commit({})
    with pytest.raises(
        SettingsError, match=f"the key is not the one that the window {FIRST.name} was pseudonymised with"
    ):
        pseudonymise_window(run(SECOND), KEY)


@pytest.mark.parametrize(
    ("there", "given", "message"),
    [
        (FIRST, ALL_OF_TIME, f"the lake holds windows, such as {FIRST.name}: give --window-start and --window-end"),
        (ALL_OF_TIME, FIRST, "the lake holds a run over all of time: give a window with another lake"),
    ],
)
def test_a_lake_holds_windows_or_all_of_time(
    there: Window, given: Window, message: str, run: Callable[..., Run], export: Callable[..., str]
) -> None:
    run().lake.write(BRONZE, there).commit({})
    with pytest.raises(LakeError, match=message):
        read(run(given), export())


IDENTIFIERS = (
    "Id",
    "SSN",
    "DRIVERS",
    "PASSPORT",
    "FIRST",
    "MIDDLE",
    "LAST",
    "MAIDEN",
    "BIRTHPLACE",
    "ADDRESS",
    "CITY",
    "COUNTY",
    "ZIP",
    "LAT",
    "LON",
)
REFERENCES = ("PATIENT", "ENCOUNTER", "PROVIDER", "PAYER", "ORGANIZATION")


def identifiers(source: str) -> set[str]:
    """Everything in an export that tells who somebody is, and is long enough not to occur by chance.

    A city may have the name of a state, and states are kept.
    """
    found: set[str] = set()
    for each in TABLES:
        found |= exported(source, each, *IDENTIFIERS, *REFERENCES)
    return {text for text in found if len(text) >= 6} - exported(source, PATIENTS_TABLE, "STATE")


def exported(source: str, of: Table, *columns: str) -> set[str]:
    """What stands in some columns of a file of an export."""
    with Path(source, of.file).open(newline="", encoding="utf-8") as file:
        return {row[column] for row in csv.DictReader(file) for column in columns if row.get(column)}


def values(run: Run, zone: str, name: str) -> set[str]:
    """Each value of a table as text."""
    rows = run.lake.table(zone, name)
    assert rows is not None
    (found,) = rows.agg(*[F.collect_set(F.col(name).cast("string")) for name in rows.columns]).collect()
    return set().union(*found)


def said(run: Run, zone: str) -> set[str]:
    """All texts of a zone: names of files, what stands in them between other characters, and each value of each table."""
    found = set()
    for path in Path(run.lake.location(zone)).rglob("*"):
        found.add(str(path.relative_to(run.lake.location(zone))))
        if path.is_file():
            found |= set(re.findall(r"[\w.-]{6,}", path.read_bytes().decode("latin-1")))
    for name in run.lake.commit(zone, run.window).tables:
        found |= values(run, zone, name)
    return found


@pytest.mark.slow
def test_an_export_passes_all_stages_and_no_identifier_survives_in_silver_or_gold_or_in_what_is_logged(
    run: Callable[..., Run],
    whole_export: tuple[str, tuple[int, int, int]],
    capfd: pytest.CaptureFixture[str],
    logged: list[dict[str, Any]],
) -> None:
    source, expected = whole_export
    found = run()
    all_stages(found, source)
    for account in found.lake.commit(BRONZE, ALL_OF_TIME).details["accounting"].values():
        assert (
            account["rows_in"]
            == account["rows_out"] + account["duplicates"] + account["quarantined"] + account["erased"]
        )
    counted = table(found, GOLD, "patient_features").selectExpr(
        "count(*)", "sum(inpatient_stays)", "sum(readmissions_30d)"
    )
    assert [tuple(row) for row in counted.collect()] == [expected]

    secret, output = identifiers(source), capfd.readouterr()
    texts = said(found, SILVER) | said(found, GOLD) | {str(logged), output.out, output.err}
    words = {word for text in texts for word in re.split(r"[^\w.-]+", text)}
    assert len(secret) > 2000
    assert sorted(secret & texts) == []
    assert not {value for value in secret if re.fullmatch(r"[\w.-]+", value)} & words
    assert not [value for value in secret if " " in value and any(value in text for text in texts if " " in text)]

    # too short to be looked for everywhere: a code may be five digits, and what befell the newborn has the date of their birth
    zips, births = exported(source, PATIENTS_TABLE, "ZIP"), exported(source, PATIENTS_TABLE, "BIRTHDATE")
    silver, features = values(found, SILVER, "patients"), values(found, GOLD, "patient_features")
    assert len(zips) + len(births) > 100
    assert sorted(zips & (silver | features)) == []
    assert sorted(births & features) == []
    assert {birth for birth in births & silver if not birth.endswith("-01")} == set(), "the month of birth is kept"


@pytest.mark.slow
def test_silver_ids_are_the_same_in_every_table(three: Callable[[Window], Run]) -> None:
    expected = (
        hmac.new(KEY, b"patient:p1", hashlib.sha256).hexdigest(),
        hmac.new(KEY, b"encounter:e1", hashlib.sha256).hexdigest(),
    )
    run = three(FIRST)
    for name in ("encounters", "conditions"):
        found = table(run, SILVER, name).select("patient_id", "encounter_id")
        assert expected in {tuple(row) for row in found.collect()}
