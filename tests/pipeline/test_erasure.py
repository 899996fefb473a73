"""Erasure and opt-out: the rows of some patients leave every file of a lake, and stay out."""

from __future__ import annotations

import hashlib
import hmac
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pipeline import erasure
from pipeline.erasure import TABLES_OF, erase, identifiers
from pipeline.errors import LakeError, SettingsError
from pipeline.monitoring import Log, Metrics
from pipeline.settings import KEY as KEY_SETTING
from pipeline.stages import Run, features_window, ingest, pseudonymise_window
from pipeline.storage import BRONZE, GOLD, SILVER, WINDOW, ZONES, Commit, Lake
from pipeline.windows import ALL_OF_TIME, Window, window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyspark.sql import SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.lake]
parquet = pytest.importorskip("pyarrow.parquet", reason="it reads files without an engine")

ROOT = Path(__file__).parents[2]
LAUNCHER = Path(__file__).parent / "support" / "stages_on_sail.py"
KEY = b"a-key-that-only-tests-use-0123456789"
CODES = ("8302-2",)
FIRST = window("2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z")
SECOND = window("2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z")
THIRD = window("2024-03-01T00:00:00Z", "2024-04-01T00:00:00Z")
GONE, STAYS, OTHER = (f"{digit * 8}-1111-4111-8111-{digit * 12}" for digit in "5af")
NAMES = ("Zwetschge", "Xylophon", "Quittengasse", "999-12-3456")
"""What only the patient has who is erased: first and last name, street and number."""


def pseudonym(patient: str) -> str:
    return hmac.new(KEY, patient.encode(), hashlib.sha256).hexdigest()


def month(number: int, *patients: str) -> dict[str, str]:
    """The export of a month in which each of the patients has a row in each table, and one that cannot be read."""
    day = f"2024-{number:02}-05T00:00:00Z"
    names = {GONE: ",".join(NAMES), STAYS: "Ann,Bee,Street 1,999-00-0001", OTHER: "Cid,Dee,Street 2,999-00-0002"}
    files = {
        "patients": ("Id,BIRTHDATE,FIRST,LAST,ADDRESS,SSN", "{0},1950-01-01,{1}", "{0},soon,{1}"),
        "encounters": (
            "Id,START,STOP,PATIENT,ENCOUNTERCLASS,CODE",
            "e{2}{0},{3},{3},{0},inpatient,1",
            'e9,soon,,"{0}",wellness,1',
        ),
        "conditions": ("START,STOP,PATIENT,ENCOUNTER,CODE", "{3},,{0},e{2}{0},1", '{3},"{0}"'),
        "observations": (
            "DATE,PATIENT,ENCOUNTER,CODE,VALUE,UNITS",
            "{3},{0},e{2}{0},8302-2,180,cm",
            "soon, {0} ,,8302-2,1,cm",
        ),
        "medications": ("START,STOP,PATIENT,ENCOUNTER,CODE", "{3},,{0},e{2}{0},1", "{3},,{0},,"),
    }
    return {
        name: "".join(
            f"{line}\n"
            for line in (header, *(text.format(each, names[each], number, day) for each in patients for text in rows))
        )
        for name, (header, *rows) in files.items()
    }


def all_stages(run: Run, source: str) -> list[Window]:
    ingest(run, source)
    pseudonymise_window(run, KEY)
    return [commit.window for commit in features_window(run, CODES, None)]


def held(lake: Path, *texts: str) -> set[str]:
    """Which of some texts are in the files of a lake: in their names, their bytes, or what Parquet has compressed."""
    found = set()
    for path in (each for each in lake.rglob("*") if each.is_file()):
        content = path.read_bytes() + str(path).encode()
        if path.suffix == ".parquet":
            content += str(parquet.read_table(path, partitioning=None).to_pylist()).encode()
            content += str(parquet.read_metadata(path).to_dict()).encode()
        found |= {text for text in texts if text.encode() in content}
    return found


ABOUT = (GONE, pseudonym(GONE), *NAMES)


def rows_of(lake: Lake, patient: str) -> dict[str, list[str]]:
    """The rows that count of all tables and windows, about a patient."""
    found = {}
    for zone in ZONES:
        commits = lake.commits(zone)
        for name, schema in TABLES_OF[zone].items():
            counting = [each for each in commits.values() if name in each.tables]
            rows = lake.read(zone, name, schema, counting).collect() if counting else []
            texts = sorted(str(row.asDict()) for row in rows)
            found[f"{zone}.{name}"] = [each for each in texts if patient in each or pseudonym(patient) in each]
    return found


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key in the environment, where an ingest of a lake with erased patients looks for it."""
    monkeypatch.setenv("SPARK_SECRET_PSEUDONYMISATION_KEY", KEY.decode())


@pytest.fixture(scope="module")
def built(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake with two windows, in each of which all three patients are."""
    folder = tmp_path_factory.mktemp("erasure")
    for number, each in enumerate((FIRST, SECOND), 1):
        source = folder / each.name
        source.mkdir()
        for name, text in month(number, GONE, STAYS, OTHER).items():
            (source / f"{name}.csv").write_text(text, encoding="utf-8")
        all_stages(Run(spark, Lake(spark, str(folder / "lake")), each, Log(), Metrics("tests", None)), str(source))
    return folder / "lake"


@pytest.fixture
def lake_of_two(spark: SparkSession, built: Path, tmp_path: Path) -> Lake:
    """A copy of that lake, where `run` has it."""
    shutil.copytree(built, tmp_path / "lake")
    return Lake(spark, str(tmp_path / "lake"))


def test_after_an_erasure_no_file_of_the_lake_tells_of_the_patient_and_all_other_rows_are_as_before(
    run: Callable[..., Run], lake_of_two: Lake, key: None, tmp_path: Path
) -> None:
    before = rows_of(lake_of_two, STAYS)
    assert held(tmp_path / "lake", *ABOUT) == set(ABOUT)
    erase(run(), KEY, [GONE], None)
    assert held(tmp_path / "lake", *ABOUT) == set()
    assert rows_of(lake_of_two, STAYS) == before
    assert all(before[name] for name in before if not name.endswith("quarantine") and ".current_" not in name)


def test_stages_of_old_and_new_windows_run_after_an_erasure_and_keep_the_patient_out(
    run: Callable[..., Run], lake_of_two: Lake, key: None, export: Callable[..., str], tmp_path: Path
) -> None:
    erase(run(), KEY, [GONE], None)
    pseudonymise_window(run(FIRST), KEY)
    assert [commit.window for commit in features_window(run(FIRST), CODES, None)] == [FIRST, SECOND]
    assert all_stages(run(THIRD), export(**month(3, GONE, STAYS))) == [THIRD]
    assert all_stages(run(SECOND), export(**month(2, GONE, STAYS, OTHER))) == [SECOND]
    assert held(tmp_path / "lake", *ABOUT) == set()
    assert all(rows_of(lake_of_two, STAYS)[f"gold.{name}"] for name in ("patient_features", "latest_observations"))


def test_an_ingest_accounts_for_the_rows_of_erased_patients(
    run: Callable[..., Run], export: Callable[..., str], key: None, logged: list[dict[str, Any]], tmp_path: Path
) -> None:
    erase(run(), KEY, [GONE], None)
    accounting = ingest(run(), export(**month(1, GONE, STAYS))).details["accounting"]
    account = {"rows_in": 4, "rows_out": 1, "duplicates": 0, "quarantined": 1, "erased": 2}
    assert accounting == {
        table: account for table in ("patients", "encounters", "conditions", "observations", "medications")
    }
    assert {"event": "rows", "table": "patients", **account} in logged
    assert held(tmp_path / "lake", *ABOUT) == set()
