"""Measures the three stages at growing numbers of patients, with DuckDB beside them in the same run.

```
make benchmark NAME=features ARGS="--patients 1000 10000 100000"
```

Each stage is a process that starts Sail inside of itself and then runs `entrypoint.py`, as `activities_gen run` does. DuckDB computes the
same features, each that `pipeline.gold` declares and that is no word of the export, from the same CSV files in one process, with two threads and without bronze and silver tables, pseudonyms or quarantine:
it is the floor, not a rival. The two must agree on every feature of every patient. Memory is the peak of the resident set of the
greatest process. The last column but one sets the total against `import azure.mgmt.datafactory.models`, timed in the same run: it makes
figures of different machines, or of a busy one, comparable.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
from deltalake import DeltaTable

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from pipeline import gold  # noqa: E402 - the path comes first

KEY = "a-key-for-the-benchmark-0123456789abcdef"
STAGES = ("ingest", "pseudonymise", "features")
CLASSES = ("ambulatory", "emergency", "inpatient", "outpatient", "urgentcare", "wellness")

TABLES = """
create table patients as
    select "Id" as patient, year(try_cast("BIRTHDATE" as date)) as born, try_cast("DEATHDATE" as date) as death
    from csv('patients') where born is not null;
create table encounters as
    select "PATIENT" as patient, "Id" as id, "ENCOUNTERCLASS" as class,
        cast("START" as timestamp) as begun, cast("STOP" as timestamp) as ended from csv('encounters');
create table conditions as
    select "PATIENT" as patient, "CODE" as code, cast("START" as timestamp) as begun, cast("STOP" as timestamp) as ended
    from csv('conditions');
create table observations as
    select "PATIENT" as patient, "CODE" as code, cast("DATE" as timestamp) as moment,
        try_cast("VALUE" as double) as value, "UNITS" as units,
        "VALUE" is not null and try_cast("VALUE" as double) is null as in_words
    from csv('observations') where "CODE" is not null;
create table medications as
    select "PATIENT" as patient, "CODE" as code, cast("START" as timestamp) as begun, cast("STOP" as timestamp) as ended
    from csv('medications');
create table as_of as select max(moment) + interval 1 second as as_of from (
    select max(begun) as moment from encounters union all select max(begun) from conditions union all
    select max(moment) from observations union all select max(begun) from medications);
create table active as
    select patient, code, min(begun) as since from conditions, as_of where ended is null or ended > as_of group by all;
create table taken as
    select patient, code, min(begun) as since from medications, as_of where ended is null or ended > as_of group by all;
"""

FEATURES = {
    "age": "least(coalesce(year(died), year(as_of)) - born, 90)",
    "deceased": "died is not null",
    "inpatient_stays": "coalesce(stays, 0)",
    "inpatient_hours": "total",
    "inpatient_hours_median": "median",
    "inpatient_hours_longest": "longest",
    "readmissions_30d": "coalesce(readmissions, 0)",
    "days_since_discharge": "cast(floor(epoch(as_of - discharge) / 86400) as bigint)",
    **{f"emergency_visits_{days}d": f"coalesce(emergency_{days}, 0)" for days in (30, 90, 365)},
    **{f"encounters_{name}": f"coalesce({name}, 0)" for name in CLASSES},
    "active_conditions": "coalesce(conditions.active, 0)",
    "active_medications": "coalesce(medications.active, 0)",
    "polypharmacy": "coalesce(medications.active, 0) >= 5",
}
"""What is compared of the features of a patient, as DuckDB has it."""

NOT_COMPARED = {
    *(
        "birth_year",
        "birth_year_band",
        "death_year",
        "gender",
        "race",
        "ethnicity",
        "marital",
        "state",
        "postcode_area",
    ),
    *(f"encounters_{name}" for name in ("home", "hospice", "snf", "virtual", "other")),
}
"""What the export says as it is, and classes that made-up exports do not have."""

PATIENT_FEATURES = """
with stays as (
    select patient, begun, ended, case when ended <= as_of then epoch(ended - begun) / 3600 end as hours,
        lead(begun) over (partition by patient order by begun, ended, id) as next_one
    from encounters, as_of where class = 'inpatient'),
stay_features as (
    select patient, count(*) as stays, sum(hours) as total, median(hours) as median, max(hours) as longest,
        max(ended) filter (where hours is not null) as discharge,
        count(*) filter (where next_one > ended and next_one <= ended + interval 30 day) as readmissions
    from stays group by all),
counts as (
    select patient, {counts} from encounters, as_of where begun >= as_of - interval 12 month group by all),
conditions as (select patient, count(*) as active from active group by all),
medications as (select patient, count(*) as active from taken group by all),
people as (select patient, born, case when death < as_of then death end as died from patients, as_of)
select patient, {features}
from people cross join as_of left join stay_features using (patient) left join counts using (patient)
    left join conditions using (patient) left join medications using (patient)
"""

LATEST_OBSERVATIONS = """
select patient, code, latest.value, latest.units, cast(latest.moment as date), in_words from (
    select patient, code, count(*) filter (where in_words) as in_words,
        max({'moment': moment, 'value': value, 'units': units}) filter (where value is not null) as latest
    from observations where code in ('8302-2', '29463-7', '39156-5', '8480-6', '8462-4', '4548-4', '72514-3') group by all)
"""

ACTIVE = "select patient, code, cast(since as date) from {}"

GOLD = {
    "patient_features": f"patient_id, {', '.join(FEATURES)}",
    "latest_observations": "patient_id, code, value, units, date, not_numeric",
    "active_conditions": "patient_id, code, since",
    "active_medications": "patient_id, code, since",
}
"""What is compared of each table, in the order of DuckDB's columns."""

Found = dict[tuple[str, ...], tuple[Any, ...]]
"""The features of each table, pseudonym and, but for the features of patients, code."""


def with_duckdb(source: Path) -> tuple[float, Found]:
    """Seconds that DuckDB takes, and what it finds."""
    started = time.perf_counter()
    database = duckdb.connect(config={"threads": 2})
    database.execute(
        "create macro csv(name) as table select distinct * "
        f"from read_csv('{source}/' || name || '.csv', all_varchar=true, header=true, ignore_errors=true)"
    )
    database.execute(TABLES)
    counts = ", ".join(f"count(*) filter (where class = '{name}') as {name}" for name in CLASSES)
    counts += "".join(
        f", count(*) filter (where class = 'emergency' and begun >= as_of - interval {days} day) as emergency_{days}"
        for days in (30, 90, 365)
    )
    features = PATIENT_FEATURES.format(counts=counts, features=", ".join(FEATURES.values()))
    queries = (features, LATEST_OBSERVATIONS, ACTIVE.format("active"), ACTIVE.format("taken"))
    rows = {table: database.execute(query).fetchall() for table, query in zip(GOLD, queries, strict=True)}
    seconds = time.perf_counter() - started
    return seconds, keyed({table: [(pseudonym(row[0]), *row[1:]) for row in found] for table, found in rows.items()})


def keyed(tables: dict[str, list[tuple[Any, ...]]]) -> Found:
    """The rows of each table by what tells them apart."""
    keys = {table: 1 if table == "patient_features" else 2 for table in tables}
    return {(table, *row[: keys[table]]): row[keys[table] :] for table, rows in tables.items() for row in rows}


def pseudonym(text: str) -> str:
    """The pseudonym of an id."""
    return hmac.new(KEY.encode(), f"patient:{text}".encode(), hashlib.sha256).hexdigest()


LAUNCHER = ROOT / "activities_gen" / "run" / "connect_launcher.py"
"""What `activities_gen run` starts a stage with: Sail in the stage's own process."""


def with_sail(source: Path, lake: Path, conf: Path) -> tuple[list[float], int]:
    """Seconds of each stage, and the peak of memory in MB."""
    conf.mkdir()
    (conf / "spark-defaults.conf").write_text(
        f"spark.secret.pseudonymisation-key {KEY}\nspark.pipeline.k 1\nspark.pipeline.latest-date 2100-01-01\n"
    )
    environment = {
        **os.environ,
        "SPARK_CONF_DIR": str(conf),
        "PYTHONPATH": str(ROOT),
        "RUST_LOG": "error",
        "TZ": "UTC",
    }
    seconds = []
    for stage in STAGES:
        command = [sys.executable, str(LAUNCHER), str(ROOT / "entrypoint.py"), "--stage", stage]
        command += ["--input", str(source), "--lake", str(lake)]
        started = time.perf_counter()
        done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
        seconds.append(time.perf_counter() - started)
        if done.returncode:
            sys.exit(done.stderr)
    # of the greatest child that has ended, and what made the export is small
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def importing() -> float:
    """Seconds that Python takes to import the models of Data Factory."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import azure.mgmt.datafactory.models"], check=True)
    return time.perf_counter() - started


def from_gold(lake: Path) -> Found:
    """What counts in the gold zone, in the form of `with_duckdb`."""
    (commit,) = DeltaTable(str(lake / "gold" / "commits")).to_pyarrow_table(columns=["generation"]).to_pylist()
    database = duckdb.connect()
    found = {}
    for table, columns in GOLD.items():
        rows = DeltaTable(str(lake / "gold" / table)).to_pyarrow_table(
            filters=[("generation", "=", commit["generation"])]
        )
        found[table] = database.from_arrow(rows).query("rows", f"select {columns} from rows").fetchall()
    return keyed(found)


def differences(found: Found, expected: Found) -> list[str]:
    """The rows that are not the same in both, apart from the last digits of a number."""
    return [
        f"{' '.join(key)}: Sail has {found.get(key)}, DuckDB {expected.get(key)}"
        for key in sorted(found.keys() | expected.keys())
        if key not in found or key not in expected or not all(map(same, found[key], expected[key]))
    ]


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal, or two fractions nearly so."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9)
    return bool(one == other)


def measure(patients: int, seed: int) -> dict[str, Any]:
    """One line of the table."""
    with tempfile.TemporaryDirectory() as directory:
        work, source = Path(directory), Path(directory, "export")
        export = [sys.executable, str(ROOT / "benchmarks" / "export.py"), "--output", str(source)]
        subprocess.run([*export, "--patients", str(patients), "--seed", str(seed)], check=True)
        megabytes = sum(file.stat().st_size for file in source.iterdir()) / 1e6
        seconds, memory = with_sail(source, work / "lake", work / "conf")
        unit = importing()
        floor, expected = with_duckdb(source)
        differ = differences(from_gold(work / "lake"), expected)
        for line in differ[:5]:
            print(line, file=sys.stderr)
        return {
            "patients": patients,
            "MB": megabytes,
            **dict(zip(STAGES, seconds, strict=True)),
            "total": sum(seconds),
            "memory": memory,
            "DuckDB": floor,
            "import": unit,
            "ratio": sum(seconds) / unit,
            "agree": not differ,
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
    if other := {each.name for each in gold.FEATURES} ^ (FEATURES.keys() | NOT_COMPARED):
        sys.exit(f"compared and declared are not the same: {', '.join(sorted(other))}")
    print(
        "| patients | CSV MB | ingest s | pseudonymise s | features s | total s | MB | DuckDB s | import s | total / import | agree |"
    )
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
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
