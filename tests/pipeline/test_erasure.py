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
from pipeline.erasure import TABLES_OF, erase, identifiers, place
from pipeline.errors import LakeError, SettingsError
from pipeline.monitoring import Log, Metrics
from pipeline.schemas import PATIENTS
from pipeline.settings import KEY as KEY_SETTING
from pipeline.stages import Run, features_window, ingest, pseudonymise_window
from pipeline.storage import BRONZE, SILVER, ZONES, Lake
from pipeline.windows import Span, Window, window

if TYPE_CHECKING:
    from collections.abc import Callable

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
DATES = Span("1900-01-01T00:00:00Z", "2100-01-01T00:00:00Z")
GONE, STAYS, OTHER = (f"{digit * 8}-1111-4111-8111-{digit * 12}" for digit in "5af")
NAMES = ("Zwetschge", "Xylophon", "Quittengasse", "999-12-3456")
"""What only the patient has who is erased: first and last name, street and number."""


def pseudonym(patient: str) -> str:
    return hmac.new(KEY, f"patient:{patient}".encode(), hashlib.sha256).hexdigest()


def month(number: int, *patients: str) -> dict[str, str]:
    """The export of a month in which each of the patients has a row in each table, and one that cannot be read."""
    day = f"2024-{number:02}-05T00:00:00Z"
    names = {GONE: ",".join(NAMES), STAYS: "Ann,Bee,Street 1,999-00-0001", OTHER: "Cid,Dee,Street 2,999-00-0002"}
    files = {
        "patients": ("Id,BIRTHDATE,FIRST,LAST,ADDRESS,SSN", "{0},1950-01-01,{1}", "{0},soon,{1}"),
        "encounters": (
            "Id,START,STOP,PATIENT,ENCOUNTERCLASS,CODE",
            "e{2}{0},{3},{3},{0},inpatient,185349003",
            'e9,soon,,"{0}",wellness,185349003',
        ),
        "conditions": ("START,STOP,PATIENT,ENCOUNTER,CODE", "{3},,{0},e{2}{0},44054006", '{3},"{0}"'),
        "observations": (
            "DATE,PATIENT,ENCOUNTER,CODE,VALUE,UNITS",
            "{3},{0},e{2}{0},8302-2,180,cm",
            "soon, {0} ,,8302-2,1,cm",
        ),
        "medications": ("START,STOP,PATIENT,ENCOUNTER,CODE", "{3},,{0},e{2}{0},860975", "{3},,{0},,"),
    }
    return {
        name: "".join(
            f"{line}\n"
            for line in (header, *(text.format(each, names[each], number, day) for each in patients for text in rows))
        )
        for name, (header, *rows) in files.items()
    }


def all_stages(run: Run, source: str) -> list[Window]:
    ingest(run, source, DATES)
    pseudonymise_window(run, KEY)
    return [commit.window for commit in features_window(run, CODES, None, 1)]


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
            rows = lake.read(place(zone, name), name, schema, counting).collect() if counting else []
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


def test_after_an_erasure_no_file_and_no_log_line_tells_of_the_patient_and_all_other_rows_are_as_before(
    run: Callable[..., Run], lake_of_two: Lake, logged: list[dict[str, Any]], tmp_path: Path
) -> None:
    before = rows_of(lake_of_two, STAYS)
    assert all(before[name] for name in before if name != "bronze.quarantine" and ".current_" not in name)
    assert held(tmp_path / "lake", *ABOUT) == set(ABOUT)
    erase(run(), KEY, [GONE], None)
    assert held(tmp_path / "lake", *ABOUT) == set()
    assert rows_of(lake_of_two, STAYS) == before
    rows = {line["zone"]: line["rows"] for line in logged if line["event"] == "erased"}
    assert (rows["bronze"]["quarantine"], rows["silver"]["patients"], rows["gold"]["patient_features"]) == (10, 2, 2)
    assert not [text for text in ABOUT if text in str(logged)]


@pytest.mark.every_spark
def test_an_erased_row_leaves_the_files_of_a_table_on_every_engine(
    run: Callable[..., Run], spark: SparkSession, delta: None, tmp_path: Path
) -> None:
    writing, schema = run().lake.write(BRONZE, FIRST), PATIENTS.schema()
    names = dict(zip(("first", "last", "address", "ssn"), NAMES))
    rows = [{"patient_id": GONE, **names}, {"patient_id": STAYS}]
    frame = spark.createDataFrame([tuple(row.get(name) for name in schema.names) for row in rows], schema)
    writing.stage("patients", frame, schema)
    writing.commit({})
    assert held(tmp_path / "lake", GONE, *NAMES) == {GONE, *NAMES}
    erase(run(), KEY, [GONE], None)
    assert held(tmp_path / "lake", GONE, *NAMES) == set()
    found = run().lake.read(BRONZE, "patients", schema, run().lake.commits(BRONZE).values())
    assert [row["patient_id"] for row in found.collect()] == [STAYS]
    assert run().lake.commit(BRONZE, FIRST).tables["patients"]["rows"] == 1


@pytest.mark.slow
def test_stages_of_old_and_new_windows_run_after_an_erasure_and_keep_the_patient_out(
    run: Callable[..., Run], lake_of_two: Lake, key: None, export: Callable[..., str], tmp_path: Path
) -> None:
    erase(run(), KEY, [GONE], None)
    pseudonymise_window(run(FIRST), KEY)
    assert [commit.window for commit in features_window(run(FIRST), CODES, None, 1)] == [FIRST, SECOND]
    assert all_stages(run(THIRD), export(**month(3, GONE, STAYS))) == [THIRD]
    assert all_stages(run(SECOND), export(**month(2, GONE, STAYS, OTHER))) == [SECOND]
    assert held(tmp_path / "lake", *ABOUT) == set()
    assert all(rows_of(lake_of_two, STAYS)[f"gold.{name}"] for name in ("patient_features", "latest_observations"))


def test_an_ingest_accounts_for_the_rows_of_erased_patients(
    run: Callable[..., Run], export: Callable[..., str], key: None, logged: list[dict[str, Any]], tmp_path: Path
) -> None:
    erase(run(), KEY, [GONE], None)
    accounting = ingest(run(), export(**month(1, GONE, STAYS)), DATES).details["accounting"]
    account = {"rows_in": 4, "rows_out": 1, "duplicates": 0, "quarantined": 1, "erased": 2, "values_left_out": {}}
    assert accounting == dict.fromkeys(("patients", "encounters", "conditions", "observations", "medications"), account)
    assert {"event": "rows", "table": "patients", **account} in logged
    assert held(tmp_path / "lake", *ABOUT) == set()


def test_an_erased_lake_takes_no_export_without_the_key(run: Callable[..., Run], export: Callable[..., str]) -> None:
    erase(run(), KEY, [GONE], None)
    with pytest.raises(SettingsError, match=f"^the setting {KEY_SETTING} is not set: the lake keeps patients out"):
        ingest(run(), export(), DATES)


def test_an_erased_lake_takes_no_export_with_another_key(
    run: Callable[..., Run], export: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    erase(run(), KEY, [GONE], None)
    monkeypatch.setenv("SPARK_SECRET_PSEUDONYMISATION_KEY", "another-key-0123456789")
    with pytest.raises(
        SettingsError, match=f"^the setting {KEY_SETTING} is not the key that patients were erased with$"
    ):
        ingest(run(), export(), DATES)


def test_another_key_than_that_of_the_pseudonyms_erases_nobody(run: Callable[..., Run]) -> None:
    lake = run().lake
    lake.write(SILVER, FIRST).commit({"pseudonym_key": "of another key"})
    with pytest.raises(SettingsError, match="is not the key that this lake was pseudonymised with"):
        erase(run(), KEY, [GONE], None)
    assert lake.table(BRONZE, erasure.ERASED) is None


def test_a_run_that_began_before_an_erasure_does_not_commit(run: Callable[..., Run]) -> None:
    writing = run().lake.write(BRONZE, FIRST)
    erase(run(), KEY, [GONE], None)
    with pytest.raises(LakeError, match="is being written by a run that began later"):
        writing.commit({})


def test_old_versions_stay_while_a_run_works_that_began_after_its_zone_was_erased(
    run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    count = erasure._recount

    def meanwhile(lake: Lake, zone: str, tables: Any) -> dict[str, int]:
        lake.write(zone, SECOND)
        return count(lake, zone, tables)

    run().lake.write(BRONZE, FIRST)
    monkeypatch.setattr(erasure, "_recount", meanwhile)
    with pytest.raises(LakeError, match=r"^another run began meanwhile: run the stage erase again"):
        erase(run(), KEY, [GONE], None)


def test_an_erasure_without_the_library_for_old_versions_changes_nothing(
    run: Callable[..., Run], engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine != "sail":
        pytest.skip("this engine has VACUUM")
    monkeypatch.setitem(sys.modules, "deltalake", None)
    with pytest.raises(SettingsError, match=r"^on Sail, which has no VACUUM, the stage erase needs deltalake"):
        erase(run(), KEY, [GONE], None)
    assert run().lake.table(BRONZE, erasure.ERASED) is None


def test_the_list_of_the_erased_holds_each_once_and_no_identifier(run: Callable[..., Run]) -> None:
    for patients in ([GONE, f" {GONE} "], [GONE, STAYS]):
        erase(run(), KEY, patients, None)
    found = run().lake.table(BRONZE, erasure.ERASED)
    wanted = [hmac.new(KEY, f"erased:{each}".encode(), hashlib.sha256).hexdigest() for each in (GONE, STAYS)]
    assert sorted(row[0] for row in found.select("hash").collect()) == sorted(wanted)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file names no patient"),
        (b"# nobody\n\n", "the file names no patient"),
        (b"a\nb,c\n", "line 2 is not one identifier without quotes and separators"),
        (b"\xff\n", "the file cannot be read as UTF-8 text"),
        (None, "the file cannot be read as UTF-8 text"),
    ],
)
def test_a_list_of_patients_that_is_none_is_refused(content: bytes | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / "patients.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError) as error:
        identifiers(str(path))
    assert str(error.value) == f"--patients {path}: {message}"


def test_a_list_of_patients_has_one_in_a_line_and_comments(tmp_path: Path) -> None:
    path = tmp_path / "patients.txt"
    path.write_bytes(b"\xef\xbb\xbf# by request\r\n b \n\na\nb\n")
    assert identifiers(str(path)) == ["b", "a"]


def test_a_word_for_no_value_is_no_identifier(run: Callable[..., Run]) -> None:
    with pytest.raises(SettingsError, match="a word that stands for a value that is missing"):
        erase(run(), KEY, [GONE, "null"], None)


@pytest.mark.slow
def test_an_erasure_that_is_killed_is_completed_by_the_next(lake_of_two: Lake, tmp_path: Path, engine: str) -> None:
    if engine != "sail":
        pytest.skip("what is killed has Sail inside")
    before, names = rows_of(lake_of_two, STAYS), tmp_path / "patients.txt"
    names.write_text(f"{GONE}\n")
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(ROOT), *sys.path)),
        "SPARK_SECRET_PSEUDONYMISATION_KEY": KEY.decode(),
    }
    options = ["--lake", str(tmp_path / "lake"), "--patients", str(names)]
    command = [sys.executable, str(LAUNCHER), *options, "--", "erase"]
    moments = [random.uniform(0, 3) for _ in range(int(os.environ.get("PIPELINE_KILLS", "2")))]
    for moment in [*moments, None]:
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            if moment is not None:
                time.sleep(moment)
                process.send_signal(signal.SIGKILL)
            _, errors = process.communicate(timeout=60)
            assert moment is not None or (process.returncode, errors) == (0, b"")
    assert held(tmp_path / "lake", *ABOUT) == set()
    assert rows_of(lake_of_two, STAYS) == before
