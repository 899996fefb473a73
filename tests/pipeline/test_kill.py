"""Runs that are killed, and runs that are in each other's way, leave the tables of good runs one after the other.

`PIPELINE_KILLS` says how many random moments are tried, two unless it is set. Every second one kills the first run of a window; the
others kill a run that replaces an older one. What is killed is a whole process, with Sail inside.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.gold import GOLD_SCHEMAS
from pipeline.history import CARRIED
from pipeline.monitoring import Log, Metrics
from pipeline.schemas import SILVER_SCHEMAS, TABLES
from pipeline.stages import Run, features_window, ingest, pseudonymise_window
from pipeline.storage import BRONZE, GENERATION, GOLD, SILVER, WINDOW, ZONES, Commit, Lake
from pipeline.windows import Window, plausible, window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.slow]
deltalake = pytest.importorskip("deltalake", reason="it reads Delta without an engine")
pytest.importorskip("pysail", reason="Sail runs inside the process that is killed")

ROOT = Path(__file__).parents[2]
LAUNCHER = Path(__file__).parent / "support" / "stages_on_sail.py"
MOMENTS = int(os.environ.get("PIPELINE_KILLS", "2"))
KEY = "a-key-that-only-tests-use-0123456789"
CODES = ("8302-2", "29463-7", "72514-3")
STAGES = ("ingest", "pseudonymise", "features")
YEARS = [f"{year}-01-01T00:00:00Z" for year in range(2017, 2027)]
WINDOWS = [window(YEARS[index - 1], YEARS[index]) for index in range(1, len(YEARS))]
READ: dict[str, dict[str, Any]] = {
    BRONZE: {table.name: table.schema() for table in TABLES},
    SILVER: SILVER_SCHEMAS,
    GOLD: GOLD_SCHEMAS,
}


def export(folder: Path, name: str, patients: int, seed: int) -> Path:
    generator = [sys.executable, str(ROOT / "benchmarks" / "export.py"), "--output", str(folder / name)]
    subprocess.run([*generator, "--patients", str(patients), "--seed", str(seed)], check=True)
    return folder / name


def all_stages(spark: SparkSession, source: Path, lake: Path, window: Window) -> None:
    """Runs the stages in the session of the tests."""
    run = Run(spark, Lake(spark, str(lake)), window, Log(), Metrics("tests", None))
    ingest(run, str(source), plausible(window, datetime.now(timezone.utc)))
    pseudonymise_window(run, KEY.encode())
    features_window(run, CODES, None)


def started(source: Path, lake: Path, *stages: str) -> subprocess.Popen[bytes]:
    """A process of its own that runs stages, with Sail inside; from when that listens."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(ROOT), *sys.path)),
        "SPARK_SECRET_PSEUDONYMISATION_KEY": KEY,
        "SPARK_PIPELINE_LOINC_CODES": ",".join(CODES),
    }
    command = [sys.executable, str(LAUNCHER), "--input", str(source), "--lake", str(lake), "--", *stages]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def of_window(window: Window) -> list[str]:
    """The stages of a window, as the launcher wants them."""
    start, end = YEARS[WINDOWS.index(window)], YEARS[WINDOWS.index(window) + 1]
    return [f"{stage}={start}={end}" for stage in STAGES]


def seen(spark: SparkSession, lake: Path) -> dict[str, list[str]]:
    """The rows of all tables that a reader sees through the package: those of each window that counts."""
    found, reader = {}, Lake(spark, str(lake))
    for zone in ZONES:
        for each, commit in reader.commits(zone).items():
            for name in commit.tables.keys() & READ[zone].keys():
                rows = reader.read(zone, name, READ[zone][name], [commit]).drop(WINDOW).collect()
                found[f"{zone}.{name} {each.name}"] = sorted(str(row.asDict().values()) for row in rows)
    return found


def pylist(table: Path) -> list[dict[str, Any]]:
    """The rows of a Delta table."""
    rows: list[dict[str, Any]] = deltalake.DeltaTable(str(table)).to_pyarrow_table().to_pylist()
    return rows


def plain(lake: Path, zone: str, *, filtered: bool) -> dict[str, list[str]]:
    """The rows of all tables as the library `deltalake` reads them: those that commits count, or simply all."""
    rows = {path.name: pylist(path) for path in (lake / zone).iterdir()}
    del rows["commits"]
    found: dict[str, list[str]] = {}
    for table, each in sorted(rows.items()):
        commits = pylist(lake / (GOLD if table in CARRIED.values() else zone) / "commits")
        counting = {(row[WINDOW], row[GENERATION]) for row in commits}
        for row in each:
            window, generation = row.pop(WINDOW), row.pop(GENERATION)
            if not filtered or (window, generation) in counting:
                found.setdefault(f"{zone}.{table} {window}", []).append(str(sorted(row.items())))
    return {name: sorted(each) for name, each in found.items()}


def fingerprints(commits: dict[Window, Commit]) -> dict[Window, str]:
    return {window: commit.fingerprint for window, commit in commits.items()}


def test_a_row_that_both_kinds_of_reader_see_is_told_from_another(good: Good, spark: SparkSession) -> None:
    for zone in ZONES:
        assert plain(good.lake, zone, filtered=True) == plain(good.lake, zone, filtered=False) != {}
    assert len(seen(spark, good.lake)) > 20


class Good:
    """Lakes with a window that is there, and a later one that is not, is as an older export says, or as the export says."""

    def __init__(self, spark: SparkSession, folder: Path) -> None:
        self.export, older = export(folder, "export", 10, 1), export(folder, "older", 6, 2)
        first = export(folder, "first", 8, 1)
        self.window, self.without, self.older, self.lake = WINDOWS[-1], folder / "0", folder / "1", folder / "2"
        all_stages(spark, first, self.without, WINDOWS[-2])
        for lake in (self.older, self.lake):
            shutil.copytree(self.without, lake)
        all_stages(spark, older, self.older, self.window)
        before = time.monotonic()
        with started(self.export, self.lake, *of_window(self.window)) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            ready = time.monotonic()
            process.communicate()
            assert process.returncode == 0
        self.seconds = time.monotonic() - ready
        assert ready - before < 60


@pytest.fixture(scope="module")
def good(spark: SparkSession, engine: str, tmp_path_factory: pytest.TempPathFactory) -> Good:
    if engine != "sail":
        pytest.skip("the tests' own session must see what Sail wrote")
    return Good(spark, tmp_path_factory.mktemp("good"))


@pytest.mark.parametrize("seed", range(MOMENTS))
def test_killed_at_any_moment_and_run_again_the_tables_are_those_of_one_good_run(
    seed: int, good: Good, spark: SparkSession, tmp_path: Path
) -> None:
    draw, before, lake = random.Random(seed), good.older if seed % 2 else good.without, tmp_path / "lake"
    shutil.copytree(before, lake)
    with started(good.export, lake, *of_window(good.window)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(draw.uniform(0, good.seconds))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    for zone in ZONES:
        states = [fingerprints(Lake(spark, str(each)).commits(zone)) for each in (before, good.lake, lake)]
        assert states[2] in states[:2]
    old, new, killed = (seen(spark, each) for each in (before, good.lake, lake))
    assert all(killed[name] in (old.get(name), new.get(name)) for name in killed)
    all_stages(spark, good.export, lake, good.window)
    assert seen(spark, lake) == new
    for zone in ZONES:
        assert plain(lake, zone, filtered=True) == plain(good.lake, zone, filtered=True)
    assert plain(lake, GOLD, filtered=False) == plain(good.lake, GOLD, filtered=False)


def outputs(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """All but what a window leaves to be carried on: which windows still have it depends on the order in which they were computed."""
    return {name: rows for name, rows in found.items() if "current_" not in name}


def finish(processes: list[subprocess.Popen[bytes]]) -> Iterator[str]:
    """Waits for processes; gives what each said of runs that were refused."""
    for process in processes:
        _, err = process.communicate(timeout=500)
        assert process.returncode == 0, err.decode()
        yield from err.decode().splitlines()


REFUSED = ("is being written by a run that began later", "changed meanwhile", "does not hold the window")


def test_two_runs_of_one_window_at_once_leave_the_tables_of_one(
    good: Good, spark: SparkSession, tmp_path: Path
) -> None:
    shutil.copytree(good.older, tmp_path / "lake")
    said = finish([started(good.export, tmp_path / "lake", *of_window(good.window)) for _ in range(2)])
    assert [line for line in said if "error:" in line and not any(reason in line for reason in REFUSED)] == []
    assert seen(spark, tmp_path / "lake") == seen(spark, good.lake)
    for zone in ZONES:
        assert plain(tmp_path / "lake", zone, filtered=False) == plain(good.lake, zone, filtered=False)


def test_eight_windows_at_once_leave_the_tables_of_one_after_the_other(spark: SparkSession, tmp_path: Path) -> None:
    """Most patients are in several of them, so that each window has something to correct in those before it."""
    exports = [export(tmp_path, f"export {n}", 3 + n, 1 + n % 3) for n in range(8)]
    for source, each in zip(exports, WINDOWS):
        all_stages(spark, source, tmp_path / "good", each)
    said = finish([started(source, tmp_path / "lake", *of_window(each)) for source, each in zip(exports, WINDOWS)])
    assert [line for line in said if "error:" in line and not any(reason in line for reason in REFUSED)] == []
    assert outputs(seen(spark, tmp_path / "lake")) == outputs(seen(spark, tmp_path / "good"))
    for zone in ZONES:
        found, expected = (plain(tmp_path / name, zone, filtered=False) for name in ("lake", "good"))
        assert outputs(found) == outputs(expected)
    for name in ("lake", "good"):
        all_stages(spark, exports[0], tmp_path / name, WINDOWS[8])
    assert outputs(seen(spark, tmp_path / "lake")) == outputs(seen(spark, tmp_path / "good"))
