"""The command line: what it takes, how it ends, what it says."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline import settings
from pipeline.cli import main
from pipeline.storage import GOLD, Lake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyspark.sql import SparkSession

ROOT = Path(__file__).parents[2]
KEY = "a-key-that-only-tests-use-0123456789"
WINDOW = ["--window-start", "2024-01-01T00:00:00Z", "--window-end", "2024-02-01T00:00:00Z"]
ENCOUNTERS = "Id,START,STOP,PATIENT,ENCOUNTERCLASS,CODE\ne1,2024-01-05T00:00:00Z,2024-01-06T00:00:00Z,p1,inpatient,1\n"


ADA = ("0c1f2a9e-ada", "1950-06-15", "999-10-1815", "Lovelace1815")
BOB = ("77d1b3c4-bob", "a long time ago", "999-27-1904", "Oppenheimer1904")
"""Two patients: id, date of birth, social security number, name. Bob's row cannot be read."""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--stage", "digest"], "argument --stage: invalid choice: 'digest'"),
        (["--input", "here"], "the stage summary needs --input and --output"),
        (["--input", "here", "--output", ""], "the stage summary needs --input and --output"),
        (["--stage", "erase"], "the stage erase needs --patients"),
        (["--colour"], "unrecognized arguments: --colour"),
    ],
)
def test_wrong_usage_ends_with_2(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--stage", "ingest", "--expected-version", "1.0.0+new"], "expected version 1.0.0+new, but "),
        (["--stage", "erase", "--patients", "none.txt"], "--patients none.txt: the file cannot be read as UTF-8 text"),
        (
            ["--stage", "ingest", "--window-start", "now", "--window-end", "2024-01-01"],
            "--window-start 'now' is not a time such as",
        ),
        (
            ["--stage", "ingest", "--window-end", "2024-01-01"],
            "--window-start and --window-end are given together or not at all",
        ),
    ],
)
def test_a_mistake_that_needs_no_spark_ends_with_1_before_spark_starts(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.session.start", lambda *_: pytest.fail("Spark was started"))
    assert main(arguments) == 1
    found = capsys.readouterr()
    assert found.err.startswith(f"entrypoint.py: error: {message}")
    assert found.err.count("\n") == 1


def test_an_interrupted_run_ends_with_1_and_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.session.start", interrupt)
    assert main(["--stage", "ingest"]) == 1
    assert capsys.readouterr().err == "entrypoint.py: error: interrupted; run the stage again\n"


def test_every_argument_has_a_help_text(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    for name in (
        "stage",
        "input",
        "output",
        "lake",
        "patients",
        "window-start",
        "window-end",
        "expected-version",
        "pipeline",
    ):
        assert f"--{name}" in told


@pytest.fixture
def cluster(spark: SparkSession, monkeypatch: pytest.MonkeyPatch) -> Iterator[SparkSession]:
    """A session that is not ours to stop, as on a cluster, with the settings of one."""
    monkeypatch.setenv("DATABRICKS_RUNTIME_VERSION", "14.3")
    monkeypatch.delenv("APPLICATIONINSIGHTS_CONNECTION_STRING", raising=False)
    values = {settings.KEY: KEY, settings.CODES: "8302-2"}
    for name, value in values.items():
        spark.conf.set(name, value)
    yield spark
    for name in values:
        spark.conf.unset(name)


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.every_spark
def test_the_stages_run_one_after_the_other_and_say_what_they_did(
    cluster: SparkSession, export: Callable[..., str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = export(patients="Id,BIRTHDATE\np1,1950-01-01\n", encounters=ENCOUNTERS)
    for stage in ("ingest", "pseudonymise", "features"):
        assert main(["--stage", stage, "--input", source, "--lake", str(tmp_path / "lake"), *WINDOW]) == 0
    found = capsys.readouterr()
    lines = [json.loads(line) for line in found.out.splitlines()]
    assert [line["zone"] for line in lines if line["event"] == "written"] == ["bronze", "silver", "gold"]
    assert {line["as_of"] for line in lines if line["event"] == "written"} == {"2024-02-01T00:00:00Z"}
    features = Lake(cluster, str(tmp_path / "lake")).table(GOLD, "patient_features")
    assert features is not None
    assert features.count() == 1
    assert KEY not in found.out + found.err


@pytest.mark.spark
@pytest.mark.parametrize(
    ("setting", "arguments", "message"),
    [
        (
            settings.KEY,
            ["--stage", "pseudonymise", "--lake", "{lake}"],
            "the setting spark.secret.pseudonymisation-key is not set",
        ),
        (
            None,
            ["--stage", "ingest", "--lake", "{lake}"],
            "where the export is, is not said: pass --input or set spark.pipeline.input",
        ),
        (
            None,
            ["--stage", "ingest", "--input", "{lake}/none", "--lake", "{lake}"],
            "{lake}/none: there is no such directory, or nothing in it",
        ),
        (None, ["--stage", "ingest", "--input", "here"], "where the lake is, is not said: pass --lake or set"),
        (None, ["--stage", "features", "--lake", "{lake}"], "{lake}/silver does not hold the window"),
        (
            None,
            ["--stage", "summary", "--input", "{lake}", "--output", "{lake}"],
            "{lake}: there is no such directory, or nothing in it",
        ),
    ],
)
def test_a_mistake_ends_with_1_and_one_line_and_writes_nothing(
    setting: str | None,
    arguments: list[str],
    message: str,
    cluster: SparkSession,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if setting:
        cluster.conf.unset(setting)
    lake = str(tmp_path / "lake")
    assert main([argument.format(lake=lake) for argument in arguments]) == 1
    found = capsys.readouterr().err
    assert found.startswith(f"entrypoint.py: error: {message.format(lake=lake)}")
    assert found.count("\n") == 1
    assert not Path(lake).exists()


@pytest.mark.spark
@pytest.mark.usefixtures("cluster")
def test_a_lake_that_cannot_be_written_ends_with_1_and_one_line(
    export: Callable[..., str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("not a directory")
    assert main(["--stage", "ingest", "--input", export(), "--lake", str(tmp_path / "file" / "lake")]) == 1
    found = capsys.readouterr().err
    assert found.startswith("entrypoint.py: error: ")
    assert found.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Cast error: Cannot cast string 'Lovelace' to value of Int32 type", "Cannot cast string …"),
        (
            "An error occurred.\n\tat x\nCaused by: java.io.IOException: No space left on device",
            "No space left on device",
        ),
        ("", "ValueError: "),
    ],
)
@pytest.mark.usefixtures("cluster")
@pytest.mark.spark
def test_what_is_not_foreseen_ends_with_1_and_one_line_without_values(
    text: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise ValueError(text)

    monkeypatch.setattr("pipeline.settings.lake", fail)
    assert main(["--stage", "ingest"]) == 1
    found = capsys.readouterr().err
    assert found.startswith("entrypoint.py: error: ")
    assert said in found
    assert found.count("\n") == 1
    assert "Lovelace" not in found


def sample(output: Path, patients: int) -> str:
    """Writes a made-up export with the project's generator."""
    specification = importlib.util.spec_from_file_location("export", ROOT / "benchmarks" / "export.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["export"] = module
    specification.loader.exec_module(module)
    module.write(output, patients, 1)
    return str(output)


def test_the_generator_gives_the_same_bytes_for_the_same_seed(tmp_path: Path) -> None:
    for directory, patients in (("one", 12), ("two", 12), ("more", 15)):
        sample(tmp_path / directory, patients)
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()
        assert (tmp_path / "more" / file.name).read_bytes().startswith(file.read_bytes())


@pytest.mark.spark
@pytest.mark.usefixtures("cluster")
def test_the_summary_of_an_export_is_one_csv_file(
    export: Callable[..., str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--input", export(encounters=ENCOUNTERS), "--output", str(tmp_path / "out")]) == 0
    (file,) = (tmp_path / "out").glob("[!.]*")
    assert file.read_text() == "encounter_class,encounters,median_hours,mean_hours\ninpatient,,,\n"  # fewer than five
    assert json.loads(capsys.readouterr().out)["file"] == str(file)


@pytest.mark.spark
@pytest.mark.slow
def test_entrypoint_runs_in_a_process_of_its_own_in_any_time_zone_and_names_nobody(
    tmp_path: Path, export: Callable[..., str]
) -> None:
    source = export(
        patients=f"Id,BIRTHDATE,SSN,LAST\n{','.join(ADA)}\n{','.join(BOB)}\n",
        encounters=f"{ENCOUNTERS}e2,2024-06-30T12:00:00Z,,{ADA[0]},wellness,1\n",
    )
    command = [sys.executable, str(ROOT / "entrypoint.py"), "--stage", "ingest", "--input", source]
    found = subprocess.run(
        [*command, "--lake", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TZ": "Pacific/Kiritimati"},
        cwd=tmp_path,
    )
    assert found.returncode == 0, found.stderr
    expected = {"zone": "bronze", "as_of": "2024-06-30T12:00:01Z"}
    lines = [json.loads(line) for line in found.stdout.splitlines()]
    assert expected.items() <= lines[-1].items()
    assert [line["quarantined"] for line in lines if line["event"] == "rows" and line["table"] == "patients"] == [1]
    assert [text for text in (*ADA, *BOB) if text in found.stdout + found.stderr] == []
