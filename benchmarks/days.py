"""What one more daily window costs in a lake of two days, and in one of a thousand.

    make benchmark NAME=days ARGS="[--days 2 1000] [--rows 10000] [--repeat 3]"

A day is an export of 10,000 rows. The three stages run for it as processes of their own, as `activities_gen run` starts them, each with
Sail inside. Two populations: 1,000 patients who are in each export, and one that 50 patients join each day. The cost in the lake of many
days over that in the lake of few is held against 1.5.

The days before are not run, which would take hours. Their rows and commits are written to the same tables, one Delta version for
each window as a run writes it, but that of gold only the last has all patients. Two more days are then run before any is measured.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from built_lake import KEY, build
from made_up_days import Population, day, export, window
from pipeline.windows import iso

ROOT = Path(__file__).resolve().parents[1]
STAGES = ("ingest", "pseudonymise", "features")
LAUNCHER = ROOT / "tests" / "pipeline" / "support" / "stages_on_sail.py"
LIMIT = 1.5


def run_day(lake: Path, population: Population, number: int, rows: int, folder: Path) -> dict[str, float]:
    """Runs the stages of one more day; returns the seconds that each took."""
    source = folder / f"{population.name} {lake.name} {number}".replace(" ", "-")
    export(source, day(population, number, rows))
    span = window(number)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(ROOT), *sys.path)),
        "SPARK_SECRET_PSEUDONYMISATION_KEY": KEY,
        "SPARK_PIPELINE_LATEST_DATE": "2100-01-01",  # made-up stays end after their day
    }
    taken = {}
    for stage in STAGES:
        command = [sys.executable, str(LAUNCHER), "--input", str(source), "--lake", str(lake), "--"]
        before = time.perf_counter()
        done = subprocess.run(
            [*command, f"{stage}={iso(span.start)}={iso(span.end)}"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        taken[stage] = time.perf_counter() - before
        if done.returncode or "error" in done.stderr:
            raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, nargs=2, default=[2, 1000], help="days in the lakes (default: 2 1000)")
    parser.add_argument("--rows", type=int, default=10_000, help="rows of a day (default: %(default)s)")
    parser.add_argument("--repeat", type=int, default=3, help="further days that are measured (default: %(default)s)")
    parser.add_argument("--keep", type=Path, help="a directory in which the lakes are left, and found again")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        for population in (Population("1,000 patients", 1000, 0), Population("50 patients more each day", 1000, 50)):
            compare(population, arguments, Path(name))


def compare(population: Population, arguments: argparse.Namespace, folder: Path) -> None:
    """Measures a population in both lakes, in turns, and prints it."""
    lakes = {}
    for days in arguments.days:
        lakes[days] = folder / f"lake-{days}-{population.joining}"
        kept = arguments.keep and arguments.keep / lakes[days].name
        if kept and kept.is_dir():
            shutil.copytree(kept, lakes[days])
            continue
        before = time.perf_counter()
        build(lakes[days], population, days, arguments.rows)
        print(f"  {days} days were written in {time.perf_counter() - before:.0f} s", file=sys.stderr, flush=True)
        if kept:
            shutil.copytree(lakes[days], kept)
    taken: dict[int, list[dict[str, float]]] = {days: [] for days in lakes}
    for further in range(arguments.repeat + 2):
        for days, lake in lakes.items():
            found = run_day(lake, population, days + further, arguments.rows, folder)
            if further >= 2:
                taken[days].append(found)
    few, many = (
        {stage: statistics.median(each[stage] for each in found) for stage in STAGES} for found in taken.values()
    )
    print(f"{population.name}: a day of {arguments.rows:,} rows")
    for days, seconds in zip(lakes, (few, many), strict=True):
        shown = ", ".join(f"{stage} {each:.2f}" for stage, each in seconds.items())
        print(f"  in a lake of {days:5,} days  {sum(seconds.values()):6.2f} s   {shown}")
    print(
        f"  ratio                  {sum(many.values()) / sum(few.values()):6.2f}     held against {LIMIT}", flush=True
    )
    for lake in lakes.values():
        shutil.rmtree(lake)


if __name__ == "__main__":
    main()
