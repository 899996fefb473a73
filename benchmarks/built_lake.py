"""A lake of earlier days for `days.py`, written as if each day had been run."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import uuid
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import deltalake
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from made_up_days import Population, day, window
from pipeline import history
from pipeline.features import LOINC_CODES
from pipeline.gold import GOLD_SCHEMAS
from pipeline.pseudonymise import key_id
from pipeline.schemas import CARRIED_SCHEMAS, PSEUDONYM_KEY, QUARANTINE_SCHEMA, SILVER_SCHEMAS, TABLES
from pipeline.storage import TOGETHER
from pipeline.windows import Window, iso

if TYPE_CHECKING:
    from pathlib import Path

KEY = "a-key-for-the-benchmark-0123456789abcdef"


def digest(text: str) -> str:
    """The pseudonym of an id."""
    return hmac.new(KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


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


class Known:
    """What the days so far leave to be carried on to the next one."""

    def __init__(self, population: Population) -> None:
        self.population = population
        self.tables: dict[str, list[pa.Table]] = {name: [] for name in history.CARRIED}
        self.latest: dict[tuple[str, str], tuple[float, datetime]] = {}

    def add(self, silver: dict[str, pa.Table]) -> None:
        """Adds a day."""
        if not self.population.joining:
            self.tables["patients"] = []
        for name in ("patients", "encounters", "conditions", "medications"):
            self.tables[name].append(silver[name])
        observed = silver["observations"].select(["patient_id", "code", "value", "date"])
        for row in observed.filter(pc.is_in(observed["code"], pa.array(LOINC_CODES))).to_pylist():
            before = self.latest.get((row["patient_id"], row["code"]))
            if before is None or (row["date"], row["value"]) > (before[1], before[0]):
                self.latest[row["patient_id"], row["code"]] = (row["value"], row["date"])

    def narrow(self, end: datetime) -> None:
        """Leaves out what cannot change a feature any more."""
        year = pa.scalar(end - timedelta(days=366), pa.timestamp("us", "UTC"))
        stays = pa.concat_tables(self.tables["encounters"])
        inpatient = pc.equal(stays["encounter_class"], "inpatient")
        self.tables["encounters"] = [stays.filter(pc.or_(pc.greater_equal(stays["start"], year), inpatient))]
        for name in ("conditions", "medications"):
            lasting = pa.concat_tables(self.tables[name])
            later = pc.greater(lasting["stop"], pa.scalar(end, pa.timestamp("us", "UTC")))
            self.tables[name] = [lasting.filter(pc.fill_null(later, True))]

    def observed(self) -> pa.Table:
        """The latest observations."""
        found = list(self.latest.items())
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
    builder, known = Builder(lake), Known(population)
    cache: dict[str, str] = {}
    inputs = ""
    for number in range(days):
        span, found, generation = window(number), day(population, number, rows), uuid.uuid4().hex
        marks = {"window": span.name, "generation": generation}
        silver = pseudonymous(found, cache)
        cache = {text: name for text, name in cache.items() if text.startswith("patient")}
        put_bronze(builder, span, found, marks)
        fingerprint = put_silver(builder, span, silver, marks)
        inputs = hashlib.sha256(f"{inputs} {span.name} {fingerprint}".encode()).hexdigest()[:16]
        known.add(silver)
        last = number == days - 1
        if number % 30 == 29 or last:
            known.narrow(span.end)
        put_gold(builder, span, silver, known if last else None, marks, inputs)
    builder.checkpoint()


def put_bronze(builder: Builder, span: Window, found: dict[str, pa.Table], marks: dict[str, str]) -> None:
    """Writes a window of bronze."""
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
    none = pa.table({"copies": pa.array([], pa.int64())})
    tables["quarantine"] = builder.put("bronze", "quarantine", QUARANTINE_SCHEMA, none, marks)
    details = {"accounting": accounting, "as_of": iso(span.end)}
    builder.commit("bronze", span, marks["generation"], tables, details)


def put_silver(builder: Builder, span: Window, silver: dict[str, pa.Table], marks: dict[str, str]) -> str:
    """Writes a window of silver and returns the fingerprint of its commit."""
    tables = {name: builder.put("silver", name, schema, silver[name], marks) for name, schema in SILVER_SCHEMAS.items()}
    details = {"as_of": iso(span.end), PSEUDONYM_KEY: key_id(KEY.encode())}
    builder.commit("silver", span, marks["generation"], tables, details)
    return history.Commit(span, marks["generation"], tables).fingerprint


def put_gold(
    builder: Builder,
    span: Window,
    silver: dict[str, pa.Table],
    known: Known | None,
    marks: dict[str, str],
    inputs: str,
) -> None:
    """Writes a window of gold; only that of the last day, for which what is known is given, has all patients, and is carried on."""
    people = pa.concat_tables(known.tables["patients"]) if known else silver["patients"]
    observed = (known or Known(Population("nobody", 0, 0))).observed()
    gold = {
        "patient_features": pa.table(
            {"patient_id": people["patient_id"], "inpatient_stays": pa.array([0] * len(people))}
        ),
        "latest_observations": observed.set_column(
            observed.column_names.index("date"), "date", observed["date"].cast(pa.date32())
        ),
        **{f"active_{name}": silver[name].select(["patient_id", "code"]) for name in ("conditions", "medications")},
    }
    tables = {}
    for name, schema in GOLD_SCHEMAS.items():
        with_moment = gold[name].append_column("as_of", pa.array([span.end.date()] * len(gold[name]), pa.date32()))
        tables[name] = builder.put("gold", name, schema, with_moment, marks)
    if known:
        known.tables["latest_observations"] = [observed]
        for name, stored in history.CARRIED.items():
            kept = pa.concat_tables(known.tables[name] or [silver[name].slice(0, 0)])
            tables[stored] = builder.put("silver", stored, CARRIED_SCHEMAS[name], kept, marks)
    details = {"as_of": iso(span.end), "inputs": inputs, **history.details(LOINC_CODES)}
    builder.commit("gold", span, marks["generation"], tables, details)
