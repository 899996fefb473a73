"""The lake: three zones of tables, replaced window by window.

```
<lake>/<zone>/<table>      rows with the columns `window` and `generation`, and partitioned by them
<lake>/<zone>/commits      a row per window: which generation counts, and which run began last
```

A stage appends its rows under a new generation and then changes one row of `commits`, so that a reader of several tables sees all of
the old run or all of the new one, whenever the writer is killed. The row says which run of the window began last, and only that one
may commit. docs/decisions/010-windows-in-delta.md weighs this against `replaceWhere`.

A lake is a directory, or a schema of a catalog. The catalog of Sail ends with the session: there the tables are those of a directory,
and each session names them in the catalog. Tables are Delta; a classic Spark without Delta's library writes Parquet.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyspark.sql.functions as F
from pyspark.sql import types as T
from pyspark.sql.utils import AnalysisException  # type: ignore[attr-defined]  # Spark 3.3 has no pyspark.errors

from pipeline.engine import again, has_delta, is_sail
from pipeline.errors import LakeError, PipelineError
from pipeline.paths import as_is_on_sail, files_in, literal
from pipeline.windows import Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pyspark.sql import Column, DataFrame, SparkSession

BRONZE, SILVER, GOLD = ZONES = "bronze", "silver", "gold"
WINDOW, GENERATION, COMMITS = "window", "generation", "commits"
PARQUET_COMMITS = "commits_in_parquet"
"""What `commits` is called in Parquet: a Delta table whose first write is under way looks like Parquet, so the name tells the kinds."""
MARKS = [T.StructField(name, T.StringType()) for name in (WINDOW, GENERATION)]
ROW = T.StructType([T.StructField(name, T.StringType()) for name in (WINDOW, "began", GENERATION, "time", "content")])
"""A row of `commits`: the window, the generation of the run that began last, the one that counts or null, when the row was written, and
what the commit says as JSON."""

TOGETHER = 32
"""After so many new windows the rows of `commits` are put together: each left a file, and a thousand of them take seconds to read."""
PROPERTIES = {"delta.dataSkippingNumIndexedCols": "0", "delta.enableDeletionVectors": "false"}
"""Of a new Delta table: its log holds no least and greatest values of columns, which are names and identifiers, and no row that is deleted
stays in a file. Of use for skipping files are the partitions alone."""
CATALOG = re.compile(r"[A-Za-z_]\w*\.[A-Za-z_]\w*")


@dataclass(frozen=True)
class Staged:
    """What was counted of a table that is written but does not count yet. The fingerprint changes when any row does."""

    rows: int
    fingerprint: str
    totals: Mapping[str, Any]


@dataclass(frozen=True)
class Commit:
    """What counts of one window of a zone.

    Attributes:
        window: The window.
        generation: Which rows of its tables count.
        tables: Per table `rows` and `fingerprint`.
        details: What the stage has to say, such as its row accounting.
    """

    window: Window
    generation: str
    tables: Mapping[str, Mapping[str, Any]]
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """A text that changes when any row of any table does."""
        content = sorted((name, table["rows"], table["fingerprint"]) for name, table in self.tables.items())
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


class Lake:
    """A lake at a location.

    Args:
        spark: The session.
        location: A directory, in which `{zone}` stands for the zone's name, or `<catalog>.<schema>`.
    """

    def __init__(self, spark: SparkSession, location: str) -> None:
        self.spark, self.delta, self._sail = spark, has_delta(spark), is_sail(spark)
        self.commits_name = COMMITS if self.delta else PARQUET_COMMITS
        names = f"{location}.{{zone}}_" if CATALOG.fullmatch(location) else ""
        self._catalog, self._names = bool(names) and not self._sail, names if self._sail else ""
        if self._names:
            spark.sql(f"CREATE DATABASE IF NOT EXISTS {location}").collect()
            warehouse = str(spark.conf.get("spark.sql.warehouse.dir", "spark-warehouse"))
            location = f"{warehouse if '://' in warehouse else Path(warehouse).absolute()}/{location}"
        self._prefix = names if self._catalog else location.rstrip("/") + ("/" if "{zone}" in location else "/{zone}/")
        if self._sail and not as_is_on_sail(self.location(BRONZE)):
            raise LakeError(
                f"{self.location(BRONZE)}: on Sail a lake's path has letters without accents, digits and "
                "/ . : ; @ = + , ! $ & ( ) ' - _ only: name another lake"
            )

    def location(self, zone: str, table: str = "") -> str:
        """Returns the directory of a table, or its name in the catalog."""
        prefix = self._prefix.replace("{zone}", zone)
        return prefix + table if table else prefix[:-1]

    def table(self, zone: str, table: str) -> DataFrame | None:
        """Returns a table with all its windows and generations, or None where there is none.

        Raises:
            LakeError: A lake of another kind is there.
        """
        place = self.location(zone, table)
        try:
            found = self._load(place)
            there = bool(found.columns)
        except AnalysisException:
            there = False
        if table == self.commits_name and not self._catalog and not there:
            self._refuse_another_kind(zone)
        if there and self._names:
            name, quoted = self._names.replace("{zone}", zone) + table, place.replace("'", "\\'")
            self.spark.sql(f"CREATE TABLE IF NOT EXISTS {name} USING delta LOCATION '{quoted}'").collect()
        return found if there else None

    def _load(self, place: str) -> DataFrame:
        if self._catalog:
            return self.spark.table(place)
        if self.delta:
            return self.spark.read.format("delta").load(place)
        return self.spark.read.option("mergeSchema", "true").parquet(literal(place))

    def _refuse_another_kind(self, zone: str) -> None:
        other, what = (PARQUET_COMMITS, "Parquet") if self.delta else (COMMITS, "Delta")
        kinds = {
            "_commits": "the layout of version 1.0 and is left as it is: name another lake, and run the three stages again for each window",
            other: f"{what}, which this Spark does not write: name another lake, or run the Spark that wrote it",
        }
        for name, kind in kinds.items():
            if files_in(self.spark, self.location(zone, name)):
                raise LakeError(f"{self.location(zone)} has {kind}")

    def rows(self, zone: str, window: Window | None = None) -> dict[str, Any]:
        """Returns the row of `commits` of each window, or of one, by the window's name."""
        found = self.table(zone, self.commits_name)
        if found is not None and window is not None:
            found = found.where(F.col(WINDOW) == window.name)
        rows = found.select(*ROW.names).collect() if found is not None else []
        return {row[WINDOW]: row for row in sorted(rows, key=lambda row: str(row["time"]))}

    def commits(self, zone: str) -> dict[Window, Commit]:
        """Returns what counts of each window of a zone, in the order of the windows.

        Raises:
            LakeError: A lake of another kind is there, or a commit is damaged.
        """
        found = (_parsed(row) for row in self.rows(zone).values() if row[GENERATION])
        return {commit.window: commit for commit in sorted(found, key=lambda commit: commit.window)}

    def commit(self, zone: str, window: Window) -> Commit:
        """Returns what counts of one window.

        Raises:
            LakeError: The window is not in the zone.
        """
        found = self.commits(zone).get(window)
        if found is None:
            raise LakeError(
                f"{self.location(zone)} does not hold the window {window.name}: the stage that writes it has not run"
            )
        return found

    def read(self, zone: str, table: str, schema: T.StructType, commits: Iterable[Commit]) -> DataFrame:
        """Returns the rows of a table that some commits count, with the column `window`. A column that the table lacks is null."""
        found = self.table(zone, table)
        if found is None and self.delta:
            raise LakeError(f"{self.location(zone, table)} is not there, but a commit names it: restore it")
        found = found or self.spark.createDataFrame([], T.StructType([*schema, *MARKS]))  # Parquet has no empty table
        there = found.columns
        columns = [
            each.name if each.name in there else F.lit(None).cast(each.dataType).alias(each.name) for each in schema
        ]
        return found.where(F.col(GENERATION).isin([each.generation for each in commits])).select(*columns, WINDOW)

    def written(self, zone: str, table: str, schema: T.StructType, generation: str) -> DataFrame:
        """Returns the rows of a generation of a table that `append` has just written to, so that nothing is to be looked for."""
        if (
            not self.delta or self._names
        ):  # Parquet has no table where there is no row, and Sail's catalog is told of each
            found = self.table(zone, table)
            found = found if found is not None else self.spark.createDataFrame([], T.StructType([*schema, *MARKS]))
        else:
            found = self._load(self.location(zone, table))
        return found.where(F.col(GENERATION) == generation).select(*schema.names)

    def append(self, zone: str, table: str, frame: DataFrame, schema: T.StructType) -> None:
        """Appends rows to a table, which is made, or given new columns, where that is needed. Nothing else adds rows to a lake.

        Engines differ in what they make of a column that is missing or has another type, so the schemas are compared first.

        Raises:
            LakeError: The rows, or the table that is there, have other columns or types than the schema.
        """
        wanted, found = _types(schema), self.table(zone, table)
        if _types(frame.schema) != wanted:
            raise LakeError(f"{table}: rows with {_types(frame.schema)} are no rows with {wanted}")
        there = _types(found.schema) if found else {}
        if other := [name for name in wanted if there.get(name, wanted[name]) != wanted[name]]:
            raise LakeError(f"{self.location(zone, table)} has another type of {', '.join(other)}: name another lake")
        if self._sail and wanted.keys() - there.keys():
            # with rows, Sail would take a column that has no null in them for one that never has any
            self._write(zone, table, self.spark.createDataFrame([], schema))
        self._write(zone, table, frame.select(*schema.names))

    def _write(self, zone: str, table: str, frame: DataFrame) -> None:
        writer = frame.write.format("delta" if self.delta else "parquet").mode("append").option("mergeSchema", "true")
        if table != self.commits_name and self.delta:
            writer = writer.partitionBy(WINDOW, GENERATION).options(**PROPERTIES)
        elif table != self.commits_name:
            writer = writer.partitionBy(WINDOW).mode("overwrite").option("partitionOverwriteMode", "dynamic")
        place = self.location(zone, table)
        again(lambda: writer.saveAsTable(place) if self._catalog else writer.save(place))

    def sql(self, statement: str, zone: str, table: str) -> None:
        """Runs a statement on a Delta table, which `{table}` in it stands for, until no other run is in its way."""
        parts = self.location(zone, table).split(".") if self._catalog else ("delta", self.location(zone, table))
        quoted = ".".join(f"`{part.replace('`', '``')}`" for part in parts)
        again(lambda: self.spark.sql(statement.replace("{table}", quoted)).collect())

    def delete(self, zone: str, table: str, column: str, values: Iterable[str]) -> None:
        """Deletes the rows of some windows or generations. Parquet keeps them: there a window is replaced in its place."""
        if self.delta and (listed := ", ".join(f"'{value}'" for value in values)):
            self.sql(f"DELETE FROM {{table}} WHERE {column} IN ({listed})", zone, table)  # noqa: S608  names of ours

    def write(self, zone: str, window: Window, elsewhere: Mapping[str, str] | None = None) -> Writing:
        """Begins to replace a window of a zone; some of its tables may stand in another zone, which is said by their names."""
        return Writing(self, zone, window, elsewhere or {})


class Writing:
    """The replacement of one window of a zone, of which nothing counts before `commit`.

    As a context, it takes its rows away if one of our errors ends it: readers of one table would see them.
    """

    def __init__(self, lake: Lake, zone: str, window: Window, elsewhere: Mapping[str, str]) -> None:
        self.spark, self.generation = lake.spark, uuid.uuid4().hex
        self._lake, self._zone, self._window, self._elsewhere = lake, zone, window, elsewhere
        self._staged: dict[str, Staged] = {}
        now = self._change("WHEN MATCHED THEN UPDATE SET began = s.began WHEN NOT MATCHED THEN INSERT *")
        self._first = (
            lake.rows(zone, window)[window.name]["time"] == now
        )  # so that no run before can have left rows of it

    def __enter__(self) -> Writing:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and issubclass(kind, PipelineError):
            for name in self._staged:
                self._lake.delete(self._zone_of(name), name, GENERATION, [self.generation])

    def _zone_of(self, table: str) -> str:
        return self._elsewhere.get(table, self._zone)

    def stage(
        self, table: str, frame: DataFrame, schema: T.StructType, totals: Mapping[str, Column] | None = None
    ) -> Staged:
        """Writes a table, in the place of what this run wrote to it before, and counts what was written.

        The further totals are aggregates over the written rows.

        Raises:
            LakeError: The rows, or the table that is there, have other columns or types than the schema.
        """
        if self._staged.pop(table, None):
            self._lake.delete(self._zone_of(table), table, GENERATION, [self.generation])
        rows = frame.select("*", F.lit(self._window.name).alias(WINDOW), F.lit(self.generation).alias(GENERATION))
        self._lake.append(self._zone_of(table), table, rows, T.StructType([*schema, *MARKS]))
        extra = [column.alias(name) for name, column in (totals or {}).items()]
        (found,) = self.frame(table, schema).agg(*counted(schema), *extra).collect()
        staged = Staged(found["rows"], str(found["fingerprint"] or 0), {name: found[name] for name in totals or {}})
        return self._staged.setdefault(table, staged)

    def frame(self, table: str, schema: T.StructType) -> DataFrame:
        """Returns the rows of a table that is staged."""
        return self._lake.written(self._zone_of(table), table, schema, self.generation)

    def check(self) -> None:
        """Makes sure that the window is still this run's to write.

        Raises:
            LakeError: A later run has begun to replace it.
        """
        if self._lake.rows(self._zone, self._window)[self._window.name]["began"] != self.generation:
            raise self._given_up()

    def _given_up(self) -> LakeError:
        place = f"the window {self._window.name} of {self._lake.location(self._zone)}"
        return LakeError(f"{place} is being written by a run that began later: this run was given up")

    def commit(self, details: Mapping[str, Any]) -> Commit:
        """Makes what is staged count, with what the stage has to say as JSON values, and removes what no longer counts.

        Raises:
            LakeError: A later run has begun to replace the window. What was staged is removed.
        """
        tables = {name: {"rows": each.rows, "fingerprint": each.fingerprint} for name, each in self._staged.items()}
        self._change(
            "AND t.began = s.began WHEN MATCHED THEN UPDATE SET generation = s.began, time = s.time, content = s.content",
            json.dumps({"tables": tables, "details": details}, sort_keys=True),
        )
        # a run before may have written a table of another zone that this one does without
        names = {**self._staged, **self._elsewhere}
        held = {name: {self.generation} if self._first else self._generations(name) for name in names}
        rows = self._lake.rows(self._zone)
        row = rows[self._window.name]
        for name, generations in held.items():
            self._lake.delete(self._zone_of(name), name, GENERATION, generations - {row["began"], row[GENERATION]})
        if row[GENERATION] != self.generation:
            raise self._given_up()
        self._staged = {}  # it counts, and is not this run's to take away any more
        if self._first and self._lake.delta and len(rows) % TOGETHER == 0:
            same = "(SELECT window AS w FROM {table}) s ON t.window = s.w WHEN MATCHED THEN UPDATE SET time = t.time"
            self._lake.sql(f"MERGE INTO {{table}} t USING {same}", self._zone, COMMITS)
        return Commit(self._window, self.generation, tables, details)

    def _generations(self, table: str) -> set[str]:
        """Returns the generations of the window that a table has rows of."""
        found = self._lake.table(self._zone_of(table), table)
        rows = found.where(F.col(WINDOW) == self._window.name).select(GENERATION).distinct().collect() if found else []
        return {row[0] for row in rows}

    def _change(self, clauses: str, content: str | None = None) -> str:
        """Changes the window's row of `commits`, and returns the time that a new one has.

        In Parquet the window does not count from the first change to the second.
        """
        lake, view = self._lake, f"commit_{self.generation}"
        now = datetime.now(timezone.utc).isoformat()
        row = (self._window.name, self.generation, content and self.generation, now, content)
        frame = lake.spark.createDataFrame([row], ROW)
        if not lake.delta or lake.table(self._zone, lake.commits_name) is None:
            lake.append(self._zone, lake.commits_name, frame.limit(0) if lake.delta else frame, ROW)
        if lake.delta:
            frame.createOrReplaceTempView(view)
            lake.sql(f"MERGE INTO {{table}} t USING {view} s ON t.window = s.window {clauses}", self._zone, COMMITS)
        return now


def counted(schema: T.StructType) -> tuple[Column, Column]:
    """Returns the aggregates `rows` and `fingerprint` of a table, which a commit holds. The latter is null where there are no rows."""
    # the hash passes over a null, so that where one stands is hashed, too
    values = ", ".join(f"`{name}`, isnull(`{name}`)" for name in schema.names)
    hashed = F.expr(f"sum(cast(xxhash64({values}) as decimal(20, 0)))")
    return F.count(F.lit(1)).alias("rows"), hashed.alias("fingerprint")


def _types(schema: T.StructType) -> dict[str, str]:
    return {each.name: each.dataType.simpleString() for each in schema}


def _parsed(row: Any) -> Commit:
    """Returns the commit that a row of `commits` holds.

    Raises:
        LakeError: It holds something else, as when somebody edited it.
    """
    try:
        content = json.loads(row["content"])
        return Commit(Window.named(row[WINDOW]), row[GENERATION], content["tables"], content["details"])
    except (ValueError, KeyError, TypeError) as error:
        why = f"the commit of {row[WINDOW]} is damaged: run the stage that writes this window again"
        raise LakeError(why) from error
