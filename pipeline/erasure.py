"""Erasure and opt-out: the rows of some patients leave the lake and the feature store, and stay out.

Who stays out stands in the table `erased` of the bronze zone, as keyed hashes, from which nobody gets an identifier. It is written first, and
each ingest leaves out the rows of these patients. Then the zones follow, one after the other. Every run of a window that has begun by then
is refused when it wants to commit, as by a run that began later: nothing that was read before the rows went is committed after it. If a run
is killed, the next one does what is left.

No statement, plan or log holds an identifier: they go to the engine as rows. `storage.PROPERTIES` keeps values out of the logs of the tables.
"""

from __future__ import annotations

import importlib
import json
import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyspark.sql.functions as F
from pyspark.sql import types as T

from pipeline import pseudonymise, settings
from pipeline.codes import ID
from pipeline.engine import is_sail
from pipeline.errors import LakeError, SettingsError
from pipeline.gold import GOLD_SCHEMAS
from pipeline.history import CARRIED
from pipeline.parsing import RAW, REASON, typed
from pipeline.schemas import CARRIED_SCHEMAS, PSEUDONYM_KEY, QUARANTINE_SCHEMA, SILVER_SCHEMAS, TABLES
from pipeline.storage import BRONZE, GENERATION, GOLD, MARKS, ROW, SILVER, WINDOW, ZONES, counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pyspark.sql import DataFrame, SparkSession

    from pipeline.feature_store import FeatureStore
    from pipeline.stages import Run
    from pipeline.storage import Lake

ERASED, HASH, PATIENT, LISTED = "erased", "hash", "patient_id", "_listed"
QUARANTINE = "quarantine"
SCHEMA = T.StructType([T.StructField(name, T.StringType()) for name in (HASH, PSEUDONYM_KEY)])
_KEPT = {stored: CARRIED_SCHEMAS[name] for name, stored in CARRIED.items()}
TABLES_OF: Mapping[str, Mapping[str, T.StructType]] = {
    BRONZE: {**{table.name: table.schema() for table in TABLES}, QUARANTINE: QUARANTINE_SCHEMA},
    SILVER: SILVER_SCHEMAS,
    GOLD: {**GOLD_SCHEMAS, **_KEPT},
}
"""The tables that hold rows of patients, by the zone whose commits count them."""


def place(zone: str, table: str) -> str:
    """Returns the zone that a table stands in."""
    return SILVER if table in _KEPT else zone


VACUUM_SETTINGS = {
    "spark.databricks.delta.retentionDurationCheck.enabled": "false",  # else a week is the least
    "spark.sql.sources.parallelPartitionDiscovery.parallelism": "32",  # else ten thousand tasks list the files of each table
}
VACUUMED_BY = "deltalake>=1.6,<2"


@dataclass(frozen=True)
class Register:
    """Who stays out of a lake.

    Attributes:
        hashes: The keyed hashes of their identifiers.
        pads: One row with the two pads of the key.
    """

    hashes: DataFrame
    pads: DataFrame

    def ids(self, rows: DataFrame) -> list[str]:
        """Returns those of the identifiers in the column `patient_id` that are theirs."""
        return self._theirs(rows.selectExpr(f"{PATIENT} as value", f"{PATIENT} as text").distinct())

    def texts(self, rows: DataFrame, name: str) -> list[str]:
        """Returns those of the rows of CSV in a column that have one of their identifiers as a field, with or without quotes."""
        found = rows.select(F.col(name).alias("value")).distinct()
        return self._theirs(found.select("value", F.explode(F.split("value", '[,"\r\n]')).alias("text")))

    def _theirs(self, found: DataFrame) -> list[str]:
        hashed = _hashed(found, self.pads, "value").join(self.hashes, HASH, "left_semi")
        return [row[0] for row in hashed.select("value").distinct().collect()]


def _hashed(texts: DataFrame, pads: DataFrame, *others: str) -> DataFrame:
    """Returns for each identifier in the column `text` what stands for it: among the erased, and in silver and gold."""
    ids = texts.selectExpr(*others, f"{typed('text', ID)} as id")
    domains = {HASH: ERASED, PATIENT: pseudonymise.PATIENT}
    hashes = [pseudonymise.hmac_sha256("id", domain).alias(name) for name, domain in domains.items()]
    return ids.crossJoin(F.broadcast(pads)).select(*others, *hashes)


def registered(lake: Lake) -> Register | None:
    """Returns who stays out of a lake, or None if nobody does.

    Raises:
        SettingsError: The key is missing, or it is another one than that of the lake.
    """
    found = lake.table(BRONZE, ERASED)
    if found is None:
        return None
    if not settings.get(lake.spark, settings.KEY):
        raise SettingsError(
            f"the setting {settings.KEY} is not set: the lake keeps patients out, who are known by it alone"
        )
    return _register(lake, found, settings.key(lake.spark))


def _register(lake: Lake, found: DataFrame, key: bytes) -> Register:
    checks = {row[0] for row in found.select(PSEUDONYM_KEY).distinct().collect()}
    if checks - {pseudonymise.key_id(key)}:
        raise SettingsError(f"the setting {settings.KEY} is not the key that patients were erased with")
    return Register(found.select(HASH).distinct(), pseudonymise.key_frame(lake.spark, key))


def without(register: Register | None, parsed: DataFrame) -> tuple[DataFrame, int]:
    """Returns the rows of a parsed table that are not about those who stay out, and the number of the others.

    A row that cannot be read is about them if one of its fields is their identifier.
    """
    if register is None:
        return parsed, 0
    unreadable = parsed.where(F.col(REASON).isNotNull())
    left_out = 0
    for name, values in ((PATIENT, register.ids(parsed)), (RAW, register.texts(unreadable, RAW))):
        if values:
            listed, same = _listed(parsed.sparkSession, values), F.col(name) == F.col(LISTED)
            left_out += parsed.join(listed, same, "left_semi").count()
            parsed = parsed.join(listed, same, "left_anti")
    return parsed, left_out


def _listed(spark: SparkSession, values: Iterable[str]) -> DataFrame:
    return F.broadcast(spark.createDataFrame([(value,) for value in values], f"{LISTED} string"))


def identifiers(path: str) -> list[str]:
    """Returns the identifiers that a file names, one in a line; blank lines and those that begin with # name none.

    Raises:
        SettingsError: The file cannot be read, names nobody, or has a line that is no identifier.
    """
    try:
        text = Path(re.sub("^dbfs:", "/dbfs", path)).read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise SettingsError(f"--patients {path}: the file cannot be read as UTF-8 text") from error
    lines = ((number, line.strip()) for number, line in enumerate(text.splitlines(), 1))
    found = {line: number for number, line in lines if line and not line.startswith("#")}
    if not found:
        raise SettingsError(f"--patients {path}: the file names no patient")
    wrong = [number for line, number in found.items() if re.search('[,;"\t]', line)]
    if wrong:
        raise SettingsError(f"--patients {path}: line {wrong[0]} is not one identifier without quotes and separators")
    return list(found)


def erase(run: Run, key: bytes, patients: Sequence[str], store: FeatureStore | None) -> None:
    """Removes the rows of patients from all zones, windows and old versions of the lake and from the feature store, and keeps them out.

    Args:
        run: The run; its window does not matter.
        key: The key of the pseudonyms.
        patients: Their identifiers, as an export has them.
        store: The feature store, or None.

    Raises:
        LakeError: A run of another stage began meanwhile, so that old versions are still there.
        SettingsError: The key is not that of the lake, an identifier is none, or the engine lacks what removes old versions.
        FeatureStoreError: The feature store refused. Old versions are still there, in the lake too.
    """
    lake, token = run.lake, uuid.uuid4().hex
    vacuum = _vacuum(lake)
    for commit in lake.commits(SILVER).values():
        if commit.details.get(PSEUDONYM_KEY) != pseudonymise.key_id(key):
            raise SettingsError(f"the setting {settings.KEY} is not the key that this lake was pseudonymised with")
    pads = pseudonymise.key_frame(lake.spark, key)
    people = _hashed(_listed(lake.spark, patients).toDF("text"), pads).distinct().collect()
    if None in {person[HASH] for person in people}:
        raise SettingsError("--patients names a word that stands for a value that is missing, such as null")
    register = _remember(lake, key, {person[HASH] for person in people}, token)
    pseudonyms = [person[PATIENT] for person in people]
    for zone in ZONES:
        run.log("erased", zone=zone, rows=_erase(lake, zone, register, pseudonyms, token))
    if store is not None:
        run.log("erased", zone="feature store", rows=store.erase(pseudonyms, list(GOLD_SCHEMAS)))
    if lake.delta:
        if {row["began"] for zone in ZONES for row in lake.rows(zone).values()} - {token}:
            raise LakeError(
                "another run began meanwhile: run the stage erase again, so that old versions of the tables go"
            )
        _each(lake, vacuum)
    run.log("old versions removed", patients=len(people))


def _remember(lake: Lake, key: bytes, hashes: set[str], token: str) -> Register:
    """Adds to those who stay out, and returns them all."""
    found, schema = lake.table(BRONZE, ERASED), T.StructType([*SCHEMA, *MARKS])
    register = _register(lake, found or lake.spark.createDataFrame([], schema), key)
    known = {row[0] for row in register.hashes.collect()}
    # a window of its own, since in Parquet rows replace those of their window
    rows = [(each, pseudonymise.key_id(key), f"erased_{token}", token) for each in sorted(hashes - known)]
    if rows:
        lake.append(BRONZE, ERASED, lake.spark.createDataFrame(rows, schema), schema)
    every = lake.spark.createDataFrame([(each,) for each in sorted(hashes | known)], f"{HASH} string")
    return Register(every, register.pads)


def _erase(lake: Lake, zone: str, register: Register, pseudonyms: Sequence[str], token: str) -> dict[str, int]:
    """Removes rows from all tables of a zone, and returns how many of each counted."""
    rows = lake.rows(zone)
    if not rows:
        return {}
    if lake.delta:  # each run that has begun is refused from now on
        began = lake.spark.createDataFrame([(name, token, None, None, None) for name in rows], ROW)
        _merge(lake, zone, lake.commits_name, began, "t.window = s.window WHEN MATCHED THEN UPDATE SET began = s.began")
    held: dict[str, set[str]] = {}
    for name in TABLES_OF[zone]:
        found = lake.table(place(zone, name), name)
        if found is None:
            continue
        held[name] = {row[0] for row in found.select(GENERATION).distinct().collect()}
        if zone != BRONZE:
            _remove(lake, place(zone, name), name, PATIENT, pseudonyms)
        elif name == QUARANTINE:
            _remove(lake, zone, name, "raw", register.texts(found, "raw"))
        else:
            _remove(lake, zone, name, PATIENT, register.ids(found))
    erased = _recount(lake, zone, held)
    counting = {row[name] for row in lake.rows(zone).values() for name in ("began", GENERATION)}
    for name, generations in held.items():
        lake.delete(place(zone, name), name, GENERATION, generations - counting)
    return erased


def _remove(lake: Lake, zone: str, name: str, column: str, values: Sequence[str]) -> None:
    """Removes the rows of a table that have one of some values."""
    listed, found = _listed(lake.spark, values), lake.table(zone, name)
    if values and lake.delta:
        _merge(lake, zone, name, listed, f"t.{column} = s.{LISTED} WHEN MATCHED THEN DELETE")
    elif values and found is not None:
        _replace(lake, zone, name, found, listed.withColumnRenamed(LISTED, column))


def _replace(lake: Lake, zone: str, name: str, found: DataFrame, gone: DataFrame) -> None:
    """Removes rows from a table of Parquet: the windows that have any of them are written again."""
    windows = {row[0] for row in found.join(gone, gone.columns, "left_semi").select(WINDOW).distinct().collect()}
    stay = found.where(F.col(WINDOW).isin(*windows)).join(gone, gone.columns, "left_anti").select(*found.columns)
    emptied = windows - {row[0] for row in stay.select(WINDOW).distinct().collect()}
    # Spark replaces no window by nothing, so a row that does not count is put there
    rows = [tuple({WINDOW: each, GENERATION: ""}.get(column) for column in found.columns) for each in emptied]
    if windows:
        lake.append(zone, name, stay.unionByName(lake.spark.createDataFrame(rows, found.schema)), found.schema)


def _recount(lake: Lake, zone: str, tables: Iterable[str]) -> dict[str, int]:
    """Writes to `commits` what is left of each table, and returns how many rows went."""
    commits, went = lake.commits(zone), dict.fromkeys(tables, 0)
    left = {}
    for name in went:
        rows = lake.read(place(zone, name), name, TABLES_OF[zone][name], commits.values())
        left[name] = {row[WINDOW]: row for row in rows.groupBy(WINDOW).agg(*counted(TABLES_OF[zone][name])).collect()}
    changed = []
    for window, commit in commits.items():
        counts = dict(commit.tables)
        for name in counts.keys() & went.keys():
            row = left[name].get(window.name)
            if row is not None or name not in _KEPT:  # what is not carried on any more is not erased
                now = {"rows": row["rows"] if row else 0, "fingerprint": str(row["fingerprint"] or 0) if row else "0"}
                went[name] += counts[name]["rows"] - now["rows"]
                counts[name] = {**counts[name], **now}
        if counts != commit.tables:
            content = json.dumps({"tables": counts, "details": commit.details}, sort_keys=True)
            time = datetime.now(timezone.utc).isoformat()
            changed.append((window.name, commit.generation, commit.generation, time, content))
    if changed:
        frame = lake.spark.createDataFrame(changed, ROW)
        same = "t.window = s.window AND t.generation = s.generation"
        if lake.delta:
            _merge(lake, zone, lake.commits_name, frame, f"{same} WHEN MATCHED THEN UPDATE SET content = s.content")
        else:
            lake.append(zone, lake.commits_name, frame, ROW)
    return {name: rows for name, rows in went.items() if rows}


def _merge(lake: Lake, zone: str, table: str, frame: DataFrame, clauses: str) -> None:
    """Changes a table by the rows of a frame."""
    view = f"erasure_{uuid.uuid4().hex}"
    frame.createOrReplaceTempView(view)
    lake.sql(f"MERGE INTO {{table}} t USING {view} s ON {clauses}", zone, table)
    lake.spark.catalog.dropTempView(view)


def _vacuum(lake: Lake) -> Callable[[str, str], object]:
    """Returns what removes the old versions of a table.

    Raises:
        SettingsError: Sail has no such statement, and the library is missing.
    """
    if not is_sail(lake.spark):
        return partial(lake.sql, "VACUUM {table} RETAIN 0 HOURS")
    try:
        table = importlib.import_module("deltalake").DeltaTable
    except ImportError as error:
        raise SettingsError(f"on Sail, which has no VACUUM, the stage erase needs {VACUUMED_BY}: install it") from error
    now = {"retention_hours": 0, "enforce_retention_duration": False, "dry_run": False, "full": True}
    return lambda zone, name: table(lake.location(zone, name)).vacuum(**now)


def _each(lake: Lake, vacuum: Callable[[str, str], object]) -> None:
    """Removes the old versions of all tables that hold rows of patients."""
    spark = lake.spark
    wanted = {} if is_sail(spark) else VACUUM_SETTINGS
    before = {name: spark.conf.get(name, None) for name in wanted}
    try:
        for name, value in wanted.items():
            spark.conf.set(name, value)
        for zone, tables in TABLES_OF.items():
            for table in tables:
                if lake.table(place(zone, table), table) is not None:
                    vacuum(place(zone, table), table)
    finally:
        for name, earlier in before.items():
            spark.conf.set(name, earlier) if earlier is not None else spark.conf.unset(name)
