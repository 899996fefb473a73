"""Measures the three stages at growing numbers of patients, with DuckDB beside them in the same run.

```
make benchmark NAME=features ARGS="--patients 1000 10000 100000"
```

Each stage runs as on Databricks, as a process of `entrypoint.py`, on `local[2]`. DuckDB computes the same features from the same CSV
files in one process, with two threads and without bronze and silver tables, pseudonyms or quarantine files: it is the floor, not a rival.
The two must agree, patient by patient. Memory is the peak of the resident set of Spark's JVM and of the Python process.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).resolve().parents[1]
KEY = "a-key-for-the-benchmark-0123456789abcdef"
STAGES = ("ingest", "pseudonymise", "features")
CLASSES = ("ambulatory", "emergency", "inpatient", "outpatient", "urgentcare", "wellness")

READ = """
create table {table} as select distinct * from read_csv('{source}/{table}.csv', all_varchar=true, header=true, ignore_errors=true)
"""

FEATURES = """
with as_of as (select max(moment) + interval 1 second as as_of from (
    select max(try_cast("START" as timestamp)) as moment from encounters union all
    select max(try_cast("DATE" as timestamp)) from observations where "CODE" is not null union all
    select max(try_cast("START" as timestamp)) from conditions union all
    select max(try_cast("START" as timestamp)) from medications)),
stays as (select "PATIENT" as patient, cast("START" as timestamp) as begun, cast("STOP" as timestamp) as ended,
    lead(cast("START" as timestamp)) over (partition by "PATIENT" order by "START", "STOP", "Id") as next_one
    from encounters where "ENCOUNTERCLASS" = 'inpatient'),
stay_features as (select patient, count(*) as stays,
    count(*) filter (where next_one > ended and next_one <= ended + interval 30 day) as readmissions from stays group by patient),
counts as (select "PATIENT" as patient, {counts}
    from encounters, as_of where cast("START" as timestamp) >= as_of - interval 12 month group by all),
active as (select "PATIENT" as patient, count(distinct "CODE") as active from conditions, as_of
    where "STOP" is null or cast("STOP" as timestamp) > as_of group by all)
select patients."Id", coalesce(stays, 0), coalesce(readmissions, 0), {zeros}, coalesce(active, 0)
from patients left join stay_features on stay_features.patient = patients."Id" left join counts on counts.patient = patients."Id"
    left join active on active.patient = patients."Id"
where try_cast("BIRTHDATE" as date) is not null
"""

LATEST = """
select "PATIENT", "CODE", max_by(try_cast("VALUE" as double), (cast("DATE" as timestamp), try_cast("VALUE" as double)))
    filter (where try_cast("VALUE" as double) is not null)
from observations where "CODE" in ('8302-2', '29463-7', '39156-5', '8480-6', '8462-4', '4548-4', '72514-3') group by all
"""

Found = dict[tuple[str, ...], tuple[Any, ...]]


def with_duckdb(source: Path) -> tuple[float, Found]:
    """Seconds that DuckDB takes, and what it finds per pseudonym, and per pseudonym and code."""
    started = time.perf_counter()
    database = duckdb.connect(config={"threads": 2})
    for table in ("patients", "encounters", "conditions", "observations", "medications"):
        database.execute(READ.format(table=table, source=source))
    counts = ", ".join(f"""count(*) filter (where "ENCOUNTERCLASS" = '{name}') as {name}""" for name in CLASSES)
    zeros = ", ".join(f"coalesce({name}, 0)" for name in CLASSES)
    rows = database.execute(FEATURES.format(counts=counts, zeros=zeros)).fetchall()
    latest = database.execute(LATEST).fetchall()
    seconds = time.perf_counter() - started
    return seconds, {
        **{(pseudonym(row[0]),): row[1:] for row in rows},
        **{(pseudonym(row[0]), row[1]): row[2:] for row in latest},
    }


def pseudonym(text: str) -> str:
    """The pseudonym of an id."""
    return hmac.new(KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def with_spark(source: Path, work: Path) -> tuple[list[float], int, int]:
    """Seconds of each stage, and the peaks of memory of the JVM and of Python in MB."""
    configuration = work / "conf"
    configuration.mkdir()
    (configuration / "spark-defaults.conf").write_text(
        f"spark.secret.pseudonymisation-key {KEY}\nspark.master local[2]\n"
    )
    environment = {**os.environ, "SPARK_CONF_DIR": str(configuration), "PYSPARK_PYTHON": sys.executable}
    seconds, java, python = [], 0, 0
    for stage in STAGES:
        command = [
            sys.executable,
            str(ROOT / "entrypoint.py"),
            "--stage",
            stage,
            "--input",
            str(source),
            "--lake",
            str(work / "lake"),
        ]
        started = time.perf_counter()
        with subprocess.Popen(
            command,
            env=environment,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as process:
            while process.poll() is None:
                time.sleep(0.2)  # at first it is a copy of this process
                java, python = max(java, peak(process.pid, "java")), max(python, peak(process.pid, "python"))
            if process.returncode and process.stderr:
                sys.exit(process.stderr.read().decode())
        seconds.append(time.perf_counter() - started)
    return seconds, java // 1024, python // 1024


def peak(group: int, program: str) -> int:
    """The greatest resident set so far, in kB, of the processes of a group that run a program.

    One that Java forks has the name of one of its threads until it runs a program of its own, and Java's memory.
    """
    found = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            if os.getpgid(int(status.parent.name)) != group:
                continue
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
        except (ProcessLookupError, FileNotFoundError):
            continue  # it ended meanwhile
        if fields["Name"].strip().startswith(program):
            found = max(found, int(fields.get("VmHWM", "0 kB").split()[0]))
    return found


def from_gold(lake: Path) -> Found:
    """What the gold zone holds, in the form of `with_duckdb`."""
    names = ", ".join(f"encounters_{name}" for name in CLASSES)
    features = f"select patient_id, inpatient_stays, readmissions_30d, {names}, active_conditions from '{lake}/gold/patient_features/**/*.parquet'"
    latest = f"select patient_id, code, value from '{lake}/gold/latest_observations/**/*.parquet'"
    found = {(row[0],): row[1:] for row in duckdb.execute(features).fetchall()}
    return {**found, **{row[:2]: row[2:] for row in duckdb.execute(latest).fetchall()}}


def measure(patients: int, seed: int) -> dict[str, Any]:
    """One line of the table."""
    with tempfile.TemporaryDirectory() as directory:
        work, source = Path(directory), Path(directory, "export")
        export = [
            sys.executable,
            str(ROOT / "benchmarks" / "export.py"),
            "--patients",
            str(patients),
            "--seed",
            str(seed),
        ]
        subprocess.run([*export, "--output", str(source)], check=True)
        megabytes = sum(file.stat().st_size for file in source.iterdir()) / 1e6
        seconds, java, python = with_spark(source, work)
        floor, expected = with_duckdb(source)
        agree = from_gold(work / "lake") == expected
        return {
            "patients": patients,
            "MB": megabytes,
            **dict(zip(STAGES, seconds, strict=True)),
            "total": sum(seconds),
            "JVM": java,
            "Python": python,
            "DuckDB": floor,
            "agree": agree,
        }


def main() -> int:
    """Prints the table. Returns 1 if the two do not agree."""
    parser = argparse.ArgumentParser(description="Measure the three stages, with DuckDB beside them.")
    parser.add_argument(
        "--patients",
        type=int,
        nargs="+",
        default=[1000, 10000],
        metavar="N",
        help="how many patients (default: 1000 10000)",
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="seed of the export (default: 1)")
    arguments = parser.parse_args()
    print(
        "| patients | CSV MB | ingest s | pseudonymise s | features s | total s | JVM MB | Python MB | DuckDB s | agree |"
    )
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
    agree = True
    for patients in arguments.patients:
        line = measure(patients, arguments.seed)
        agree = agree and line["agree"]
        cells = [
            f"{value:.1f}"
            if isinstance(value, float)
            else {True: "yes", False: "no"}.get(value, str(value))
            if isinstance(value, bool)
            else f"{value:,}"
            for value in line.values()
        ]
        print(f"| {' | '.join(cells)} |", flush=True)
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
