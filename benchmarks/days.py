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
import csv
import hashlib
import hmac
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import deltalake
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from pipeline import history  # noqa: E402 - the path comes first
from pipeline.features import LOINC_CODES  # noqa: E402
from pipeline.gold import GOLD_SCHEMAS  # noqa: E402
from pipeline.pseudonymise import key_id  # noqa: E402
from pipeline.schemas import CARRIED_SCHEMAS, PSEUDONYM_KEY, QUARANTINE_SCHEMA, SILVER_SCHEMAS, TABLES  # noqa: E402
from pipeline.storage import TOGETHER  # noqa: E402
from pipeline.windows import Window, iso  # noqa: E402

KEY = "a-key-for-the-benchmark-0123456789abcdef"
STAGES = ("ingest", "pseudonymise", "features")
LAUNCHER = ROOT / "tests" / "pipeline" / "support" / "stages_on_sail.py"
LIMIT = 1.5
START = datetime(2022, 1, 1, tzinfo=timezone.utc)
SHARES = {"encounters": 0.10, "conditions": 0.03, "medications": 0.04}
"""Of the rows of a day; the rest, but for the patients, are observations."""

KINDS = np.array(["ambulatory", "outpatient", "wellness", "emergency", "inpatient"])
CODES = np.array([*LOINC_CODES, "QALY", "DALY", "QOLS"])
ILLNESSES = np.array(
    ["44054006", "38341003", "10509002", "195662009", "444814009", "55822004", "162864005", "15777000"]
)
DRUGS = np.array(["314076", "860975", "313782"])


def digest(text: str) -> str:
    """The pseudonym of an id."""
    return hmac.new(KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def window(number: int) -> Window:
    return Window(start=START + timedelta(days=number), end=START + timedelta(days=number + 1))


@dataclass
class Population:
    """Who is in the lake.

    Attributes:
        name: What is printed.
        first: Patients on the first day.
        joining: Patients who join on each further day; where it is 0, each day's export has all patients.
    """

    name: str
    first: int
    joining: int
    ids: list[str] = field(default_factory=list)

    def exported(self, number: int) -> list[int]:
        """The numbers of the patients in a day's export."""
        if not self.joining:
            return list(range(self.first))
        return list(range(self.size(number - 1) if number else 0, self.size(number)))

    def size(self, number: int) -> int:
        """How many patients there are on a day."""
        return self.first + self.joining * number


def day(population: Population, number: int, rows: int) -> dict[str, pa.Table]:
    """The rows of a day: bronze's columns, but for those that are null in all rows."""
    draw = np.random.default_rng(number)
    begin, size, people = window(number).start, population.size(number), population.exported(number)
    counts = {name: int(rows * share) for name, share in SHARES.items()}
    counts["observations"] = rows - len(people) - sum(counts.values())

    def patients(count: int) -> Any:
        return np.char.add("p", draw.integers(0, size, count).astype(str))

    def moments(count: int) -> Any:
        micros = draw.integers(0, 86_400, count) * 1_000_000 + int(begin.timestamp()) * 1_000_000
        return pa.array(micros, pa.int64()).cast(pa.timestamp("us", "UTC"))

    def later(start: Any, seconds: Any, chance: float) -> Any:
        stop = pc.add(start.cast(pa.int64()), pa.array(seconds * 1_000_000)).cast(pa.timestamp("us", "UTC"))
        return pc.if_else(pa.array(draw.random(len(start)) < chance), stop, None)

    one = counts["encounters"]
    visits, came, who = np.char.add(f"e{number}-", np.arange(one).astype(str)), moments(one), patients(one)
    known, began = draw.integers(0, one, counts["conditions"]), draw.integers(0, one, counts["medications"])
    seen = draw.integers(0, one, counts["observations"])
    born = np.array([f"{1930 + person % 90}-06-15" for person in people])
    return {
        "patients": pa.table(
            {
                "patient_id": [f"p{person}" for person in people],
                "birth_date": pa.array(born).cast(pa.date32()),
                "gender": draw.choice(["F", "M"], len(people)),
                "state": ["Ohio"] * len(people),
                "zip": ["30000"] * len(people),
            }
        ),
        "encounters": pa.table(
            {
                "encounter_id": visits,
                "start": came,
                "stop": later(came, draw.integers(900, 200_000, one), 0.95),
                "patient_id": who,
                "encounter_class": draw.choice(KINDS, one, p=[0.45, 0.25, 0.2, 0.05, 0.05]),
                "code": ["185349003"] * one,
            }
        ),
        "conditions": pa.table(
            {
                "start": came.take(pa.array(known)),
                "stop": later(came.take(pa.array(known)), draw.integers(5, 60, len(known)) * 86_400, 0.95),
                "patient_id": who[known],
                "encounter_id": visits[known],
                "code": draw.choice(ILLNESSES, len(known)),
            }
        ),
        "observations": pa.table(
            {
                "date": came.take(pa.array(seen)),
                "patient_id": who[seen],
                "encounter_id": visits[seen],
                "code": np.char.add(draw.choice(CODES, len(seen)), ""),
                "value": np.round(draw.normal(80, 10, len(seen)), 1).astype(str),
                "units": ["kg"] * len(seen),
                "type": ["numeric"] * len(seen),
            }
        ),
        "medications": pa.table(
            {
                "start": came.take(pa.array(began)),
                "stop": later(came.take(pa.array(began)), draw.integers(1, 90, len(began)) * 86_400, 0.9),
                "patient_id": who[began],
                "encounter_id": visits[began],
                "code": draw.choice(DRUGS, len(began)),
                "dispenses": draw.integers(1, 12, len(began)).astype(float),
            }
        ),
    }


def export(folder: Path, found: dict[str, pa.Table]) -> None:
    """Writes a day as CSV."""
    folder.mkdir(parents=True)
    for table in TABLES:
        names = {
            column.name: column.source for column in table.columns if column.name in found[table.name].column_names
        }
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(names.values())
            for row in found[table.name].select(list(names)).to_pylist():
                writer.writerow(
                    [
                        value.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else value
                        for value in row.values()
                    ]
                )


class Builder:
    """A lake whose earlier days are written without an engine, by `deltalake`."""

    def __init__(self, lake: Path) -> None:
        self.lake = lake
        self.versions: dict[str, int] = {}
        self.windows: set[Window] = set()

    def put(self, zone: str, name: str, schema: Any, rows: pa.Table, marks: dict[str, str]) -> dict[str, Any]:
        """Appends the rows of a window to a table."""
        fields = [pa.field(each.name, ARROW[each.dataType.simpleString()]) for each in schema]
        columns = [
            rows[each.name].cast(each.type) if each.name in rows.column_names else pa.nulls(len(rows), each.type)
            for each in fields
        ]
        columns += [pa.array([text] * len(rows), pa.string()) for text in marks.values()]
        fields += [pa.field(mark, pa.string()) for mark in marks]
        self.append(f"{zone}/{name}", pa.table(columns, schema=pa.schema(fields)), list(marks))
        return {"rows": len(rows), "fingerprint": "0"}

    def append(self, path: str, rows: pa.Table, partitions: list[str]) -> None:
        """Appends rows of one partition to a table: a file, and a version that names it. `deltalake` would read the whole log each time."""
        table = self.lake / path
        if path not in self.versions:
            schema = deltalake.Schema.from_arrow(rows.schema)
            deltalake.DeltaTable.create(str(table), schema, partition_by=partitions or None)
            self.versions[path] = 0
        if not len(rows):
            return
        values = {name: rows[name][0].as_py() for name in partitions}
        file = table.joinpath(
            *[f"{name}={value}" for name, value in values.items()], f"part-{uuid.uuid4()}.snappy.parquet"
        )
        file.parent.mkdir(parents=True, exist_ok=True)
        content = rows.drop_columns(partitions)
        pq.write_table(content, file)
        add = {
            "path": str(file.relative_to(table)),
            "partitionValues": values,
            "size": file.stat().st_size,
            "modificationTime": int(time.time() * 1000),
            "dataChange": True,
            "stats": json.dumps({"numRecords": len(rows), **extremes(content)}),
        }
        self.versions[path] += 1
        log = table / "_delta_log" / f"{self.versions[path]:020d}.json"
        log.write_text(json.dumps({"commitInfo": {"operation": "WRITE"}}) + "\n" + json.dumps({"add": add}) + "\n")

    def commit(self, zone: str, span: Window, generation: str, tables: dict[str, Any], details: dict[str, Any]) -> None:
        """Writes the row of a window in `commits`; as a run does, it puts the rows together each time that there are many files."""
        row = {
            "window": span.name,
            "began": generation,
            "generation": generation,
            "time": datetime.now(timezone.utc).isoformat(),
            "content": json.dumps({"tables": tables, "details": details}, sort_keys=True),
        }
        self.append(f"{zone}/commits", pa.Table.from_pylist([row]), [])
        self.windows.add(span)
        if len(self.windows) % TOGETHER == 0:
            commits = deltalake.DeltaTable(str(self.lake / zone / "commits"))
            commits.optimize.compact()
            self.versions[f"{zone}/commits"] = commits.version()

    def checkpoint(self) -> None:
        """Writes what spares a reader the log; Sail does it every ten versions."""
        for path in self.versions:
            deltalake.DeltaTable(str(self.lake / path)).create_checkpoint()


def extremes(rows: pa.Table) -> dict[str, dict[str, Any]]:
    """The least and the greatest value of each column, as the log has them."""
    least: dict[str, Any] = {}
    greatest: dict[str, Any] = {}
    for name in rows.column_names:
        found = pc.min_max(rows[name]).as_py() if rows[name].type != pa.bool_() else {"min": None}
        if found["min"] is not None:
            shown = [
                f"{each:%Y-%m-%dT%H:%M:%S.000Z}" if isinstance(each, datetime) else each for each in found.values()
            ]
            least[name], greatest[name] = (str(each) if isinstance(each, date) else each for each in shown)
    return {"minValues": least, "maxValues": greatest}


ARROW = {
    "string": pa.string(),
    "int": pa.int32(),
    "bigint": pa.int64(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", "UTC"),
}


def pseudonymous(found: dict[str, pa.Table], cache: dict[str, str]) -> dict[str, pa.Table]:
    """Silver's rows of bronze's."""
    silver = {}
    for name, rows in found.items():
        columns = {each: rows[each] for each in rows.column_names}
        for each in ("patient_id", "encounter_id"):
            if each in columns:
                texts = columns[each].to_pylist()
                keyed = [f"{each.removesuffix('_id')}:{text}" for text in texts]
                columns[each] = pa.array([cache.get(text) or cache.setdefault(text, digest(text)) for text in keyed])
        columns[PSEUDONYM_KEY] = pa.array([key_id(KEY.encode())] * len(rows))
        if name == "patients":
            columns |= {
                "birth_month": pc.floor_temporal(columns["birth_date"], unit="month"),
                "postcode_area": pc.utf8_slice_codeunits(columns["zip"], 0, 3),
            }
        if name == "observations":
            columns |= {"value": columns["value"].cast(pa.float64()), "is_numeric": pa.array([True] * len(rows))}
        silver[name] = pa.table(columns)
    return silver


def observed_last(latest: dict[tuple[str, str], tuple[float, datetime]]) -> pa.Table:
    """The latest observations, as a window leaves them to be carried on."""
    found = list(latest.items())
    return pa.table(
        {
            "patient_id": pa.array([patient for (patient, _), _ in found], pa.string()),
            "code": pa.array([code for (_, code), _ in found], pa.string()),
            "value": pa.array([value for _, (value, _) in found], pa.float64()),
            "units": pa.array(["kg"] * len(found), pa.string()),
            "date": pa.array([moment for _, (_, moment) in found], pa.timestamp("us", "UTC")),
            "not_numeric": pa.array([0] * len(found), pa.int64()),
            PSEUDONYM_KEY: pa.array([key_id(KEY.encode())] * len(found), pa.string()),
        }
    )


def build(lake: Path, population: Population, days: int, rows: int) -> None:
    """Writes a lake of some days, as if each had been run."""
    builder, cache = Builder(lake), {}
    current: dict[str, list[pa.Table]] = {name: [] for name in history.CARRIED}
    latest: dict[tuple[str, str], tuple[float, datetime]] = {}
    inputs = ""
    for number in range(days):
        span, found = window(number), day(population, number, rows)
        as_of, silver, generation = iso(span.end), pseudonymous(found, cache), uuid.uuid4().hex
        cache = {text: name for text, name in cache.items() if text.startswith("patient")}
        marks = {"window": span.name, "generation": generation}
        tables, accounting = {}, {}
        for table in TABLES:
            each = found[table.name].append_column("copies", pa.array([1] * len(found[table.name]), pa.int64()))
            tables[table.name] = builder.put("bronze", table.name, table.schema(), each, marks)
            accounting[table.name] = {
                "rows_in": len(each),
                "rows_out": len(each),
                "duplicates": 0,
                "quarantined": 0,
                "erased": 0,
            }
        builder.put("bronze", "quarantine", QUARANTINE_SCHEMA, pa.table({"copies": pa.array([], pa.int64())}), marks)
        tables["quarantine"] = {"rows": 0, "fingerprint": "0"}
        builder.commit("bronze", span, generation, tables, {"accounting": accounting, "as_of": as_of})
        tables = {
            name: builder.put("silver", name, schema, silver[name], marks) for name, schema in SILVER_SCHEMAS.items()
        }
        builder.commit("silver", span, generation, tables, {"as_of": as_of, PSEUDONYM_KEY: key_id(KEY.encode())})
        fingerprint = history.Commit(span, generation, tables).fingerprint
        inputs = hashlib.sha256(f"{inputs} {span.name} {fingerprint}".encode()).hexdigest()[:16]

        moment = pa.scalar(span.end, pa.timestamp("us", "UTC"))
        year = pa.scalar(span.end - timedelta(days=366), pa.timestamp("us", "UTC"))
        current["patients"] = (
            [silver["patients"]] if not population.joining else [*current["patients"], silver["patients"]]
        )
        current["encounters"].append(silver["encounters"])
        for name in ("conditions", "medications"):
            current[name].append(silver[name])
        if number % 30 == 29 or number == days - 1:  # what cannot change a feature any more
            stays = pa.concat_tables(current["encounters"])
            inpatient = pc.equal(stays["encounter_class"], "inpatient")
            current["encounters"] = [stays.filter(pc.or_(pc.greater_equal(stays["start"], year), inpatient))]
            for name in ("conditions", "medications"):
                lasting = pa.concat_tables(current[name])
                current[name] = [lasting.filter(pc.fill_null(pc.greater(lasting["stop"], moment), True))]
        observed = silver["observations"]
        observed = observed.filter(pc.is_in(observed["code"], pa.array(LOINC_CODES)))
        for row in observed.select(["patient_id", "code", "value", "date"]).to_pylist():
            before = latest.get((row["patient_id"], row["code"]))
            if before is None or (row["date"], row["value"]) > (before[1], before[0]):
                latest[row["patient_id"], row["code"]] = (row["value"], row["date"])
        last = number == days - 1
        people = pa.concat_tables(current["patients"]) if last else silver["patients"]
        current["latest_observations"] = [observed_last(latest if last else {})]
        of_codes = {
            name: pa.table({"patient_id": silver[name]["patient_id"], "code": silver[name]["code"]})
            for name in ("conditions", "medications")
        }
        observed = current["latest_observations"][0]
        gold = {
            "patient_features": pa.table(
                {"patient_id": people["patient_id"], "inpatient_stays": pa.array([0] * len(people))}
            ),
            "active_conditions": of_codes["conditions"],
            "active_medications": of_codes["medications"],
            "latest_observations": observed.set_column(
                observed.column_names.index("date"), "date", observed["date"].cast(pa.date32())
            ),
        }
        tables = {}
        for name, schema in GOLD_SCHEMAS.items():
            with_moment = gold[name].append_column("as_of", pa.array([span.end.date()] * len(gold[name]), pa.date32()))
            tables[name] = builder.put("gold", name, schema, with_moment, marks)
        if last:
            for name, stored in history.CARRIED.items():
                kept = pa.concat_tables(current[name] or [silver[name].slice(0, 0)])
                tables[stored] = builder.put("silver", stored, CARRIED_SCHEMAS[name], kept, marks)
        builder.commit(
            "gold", span, generation, tables, {"as_of": as_of, "inputs": inputs, **history.details(LOINC_CODES)}
        )
    builder.checkpoint()


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
