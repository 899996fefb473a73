"""Runs stages in a process of its own, on an engine of its own.

python apart.py ENGINE FOLDER [LAKE START/END SOURCE STAGES]...
"""

from __future__ import annotations

import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import engines
from pipeline import session
from pipeline.monitoring import Log, Metrics
from pipeline.stages import Run, features_window, ingest, pseudonymise_window
from pipeline.storage import ZONES, Lake
from pipeline.windows import plausible, window

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from pipeline.windows import Window

ROOT = Path(__file__).parents[3]
KEY = b"a-key-that-only-tests-use-0123456789"
FIRST = "1900-01-01T00:00:00Z/2024-03-01T00:00:00Z"
SECOND = "2024-03-01T00:00:00Z/2024-04-01T00:00:00Z"
OLD = {
    "patients": 'Id,BIRTHDATE,GENDER\na,1900-12-31,F\nb,1960-01-01,M\nb,1960-01-01,M\nbroken\nc,2000-02-29,"f, or so"\n',
    "encounters": "Id,START,STOP,PATIENT,ENCOUNTERCLASS,CODE\ne,1969-12-31T23:59:59.5Z,1970-01-02T00:00:00Z,a,inpatient,185349003\n",
    "conditions": "START,STOP,PATIENT,ENCOUNTER,CODE\n2024-01-01,,a,e,44054006\n",
    "observations": "DATE,PATIENT,ENCOUNTER,CODE,VALUE,UNITS\n2024-01-01,a,e,8302-2,171.5,cm\n2024-01-01,b,,4548-4,ünknown,%\n",
    "medications": "START,STOP,PATIENT,ENCOUNTER,CODE\n2024-01-01,,a,e,860975\n",
}
NEW = {
    "patients": "Id,BIRTHDATE,GENDER\nb,1961-01-01,M\n",
    "encounters": "Id,START,STOP,PATIENT,ENCOUNTERCLASS,CODE\nf,2024-03-02,2024-03-04T06:00:00Z,b,inpatient,185349003\n",
    "conditions": "START,STOP,PATIENT,ENCOUNTER,CODE\n2024-01-01,2024-03-02,a,e,44054006\n",
    "observations": "DATE,PATIENT,ENCOUNTER,CODE,VALUE,UNITS\n2024-03-02,b,f,4548-4,6.5,%\n",
    "medications": "START,STOP,PATIENT,ENCOUNTER,CODE\n",
}
ALL = "ingest,pseudonymise,features"
CODES = ("8302-2", "4548-4", "72514-3")
VARIABLES = ("SPARK_REMOTE", "SPARK_CONNECT_MODE_ENABLED")
"""What would make a process use the engine of the one that started it."""


def write(directory: Path, files: dict[str, str]) -> str:
    """Writes an export."""
    directory.mkdir()
    for name, content in files.items():
        (directory / f"{name}.csv").write_text(content, encoding="utf-8")
    return str(directory)


def run_stages(spark: SparkSession, lake: str, span: Window, source: str, stages: str = ALL) -> None:
    """Runs stages of a window."""
    run = Run(spark, Lake(spark, lake), span, Log(), Metrics("tests", None))
    if "ingest" in stages:
        ingest(run, source, plausible(run.window, datetime.now(timezone.utc)))
    if "pseudonymise" in stages:
        pseudonymise_window(run, KEY)
    if "features" in stages:
        features_window(run, CODES, None)


def fingerprints(spark: SparkSession, lake: str) -> dict[tuple[str, str], str]:
    """What a lake holds, in short: a text per zone and window that changes with any row."""
    found = Lake(spark, lake)
    return {(zone, each.name): commit.fingerprint for zone in ZONES for each, commit in found.commits(zone).items()}


def command(engine: str, folder: Path, *runs: tuple[str, str, str, str]) -> list[str]:
    """The command that runs the stages apart, each run a lake, a window as `<start>/<end>`, an export and stages."""
    return [sys.executable, __file__, engine, str(folder), *(text for run in runs for text in run)]


def environment(variables: dict[str, str]) -> dict[str, str]:
    """The environment for that command."""
    kept = {name: value for name, value in variables.items() if name not in VARIABLES}
    return {**kept, "PYTHONPATH": f"{ROOT}:{Path(__file__).parent}", "PYTHONUNBUFFERED": "1"}


def span(text: str) -> Window:
    """The window that a text names."""
    return window(*text.split("/"))


if __name__ == "__main__":
    engine, folder, *rest = sys.argv[1:]
    with engines.started(engine, Path(folder)) as found:
        session.configure(found, Log())
        for place in range(0, len(rest), 4):
            lake, text, source, stages = rest[place : place + 4]
            run_stages(found, lake, span(text), source, stages)
