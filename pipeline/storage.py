"""The lake: three zones of tables, replaced window by window, never appended to.

```
<lake>/<zone>/<table>/window=<window>/generation=<id>/part-….parquet   format parquet
<lake>/<zone>/<table>/                                                 format delta, partitioned by `window`
<lake>/<zone>/_commits/<window>.<number>.json                          what of it counts
```

A stage writes its tables to `_staging`, moves them to a new generation, and then writes one commit, by a rename. The commit with the
greatest number of a window says which generation of each table counts, so that a reader sees all tables of the old run or all of the
new one, whenever the writer is killed. What does not count is removed at the end, or by the next run of the window. Nothing that
counts is removed before the commit. A reader that planned on the old generation and is still at it then fails instead of mixing the two.

Delta replaces the window of each table in a transaction of its own; the commit follows the last of them. From before the first until the
commit a file `_commits/<window>.replacing` tells readers that the window is neither the old nor the new one, and `read` refuses it.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyspark.sql.functions as F

from pipeline.errors import LakeError
from pipeline.files import Files, literal
from pipeline.windows import Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pyspark.sql import Column, DataFrame, SparkSession
    from pyspark.sql import types as T

BRONZE, SILVER, GOLD = "bronze", "silver", "gold"
PARQUET, DELTA = "parquet", "delta"
WINDOW = "window"
_COMMIT = re.compile(r"(\d{8}T\d{6}Z_\d{8}T\d{6}Z)\.(\d{6})\.json")


@dataclass(frozen=True)
class Staged:
    """A table that is written but does not count yet.

    Attributes:
        rows: Number of rows.
        fingerprint: A number that changes when any row does, whatever their order.
        totals: The further aggregates that were asked for.
    """

    rows: int
    fingerprint: str
    totals: Mapping[str, Any]


@dataclass(frozen=True)
class Commit:
    """What counts of one window of a zone.

    Attributes:
        window: The window.
        number: How many commits of the window there were.
        tables: Per table `generation`, `rows` and `fingerprint`.
        details: What the stage has to say, such as its row accounting.
    """

    window: Window
    number: int
    tables: Mapping[str, Mapping[str, Any]]
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """A text that changes when any row of any table does."""
        content = sorted((name, table["rows"], table["fingerprint"]) for name, table in self.tables.items())
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]

    def text(self) -> str:
        """The commit as JSON."""
        content = {"window": self.window.name, "number": self.number, "tables": self.tables, "details": self.details}
        return json.dumps(content, indent=1, sort_keys=True) + "\n"

    @staticmethod
    def parse(text: str) -> Commit:
        """The commit that `text` wrote."""
        content = json.loads(text)
        return Commit(Window.named(content["window"]), content["number"], content["tables"], content["details"])


class Lake:
    """A lake at a location.

    Args:
        spark: The session.
        location: Where it is; `{zone}` in it stands for the zone's name, which is appended where it does not occur.
        file_format: `parquet` or `delta`.
    """

    def __init__(self, spark: SparkSession, location: str, file_format: str = PARQUET) -> None:
        self.spark = spark
        self.files = Files(spark)
        self.delta = file_format == DELTA
        self._location = location.rstrip("/") if "{zone}" in location else f"{location.rstrip('/')}/{{zone}}"

    def zone(self, zone: str) -> str:
        """Directory of a zone."""
        return self._location.replace("{zone}", zone)

    def commits(self, zone: str) -> dict[Window, Commit]:
        """What counts of each window of a zone, in the order of the windows.

        Raises:
            LakeError: A commit is damaged.
        """
        paths = [self.commit_path(zone, window, number) for window, number in self.numbers(zone).items()]
        if not paths:
            return {}
        files = self.spark.read.text([literal(path) for path in paths], wholetext=True)
        texts: dict[str, str] = dict(files.select("_metadata.file_name", "value").collect())  # an empty file has no row
        found = (_parsed(path, texts.get(path.rsplit("/", 1)[-1], "")) for path in paths)
        return {commit.window: commit for commit in sorted(found, key=lambda commit: commit.window)}

    def numbers(self, zone: str) -> dict[str, int]:
        """The number of the commit that counts, by the name of the window."""
        found = map(_COMMIT.fullmatch, self.files.names(f"{self.zone(zone)}/_commits"))
        return {each[1]: int(each[2]) for each in found if each}  # names come sorted: the greatest number stays

    def commit_path(self, zone: str, window: str, number: int) -> str:
        """The file of a commit."""
        return f"{self.zone(zone)}/_commits/{window}.{number:06d}.json"

    def commit(self, zone: str, window: Window) -> Commit:
        """What counts of one window.

        Raises:
            LakeError: The window is not in the zone.
        """
        found = self.commits(zone).get(window)
        if found is None:
            raise LakeError(
                f"{self.zone(zone)} does not hold the window {window.name}: the stage that writes it has not run"
            )
        return found

    def read(self, zone: str, table: str, schema: T.StructType, commits: Iterable[Commit]) -> DataFrame:
        """Rows of a table in some windows, with the column `window`.

        Args:
            zone: The zone.
            table: The table.
            schema: Its columns. One that an older generation lacks is null there.
            commits: The windows, as `commits` returned them.

        Raises:
            LakeError: A window is half replaced, as only Delta can leave it.
        """
        names = {commit.window.name: commit.tables[table] for commit in commits}
        base = f"{self.zone(zone)}/{table}"
        if self.delta:
            self._refuse_half_replaced(zone, names)
            rows = self.spark.read.format(DELTA).load(base).where(F.col(WINDOW).isin(*names))
        else:
            paths = [literal(_generation(base, name, found["generation"])) for name, found in names.items()]
            rows = self.spark.read.schema(schema).option("basePath", base).parquet(*paths)
        return rows.select(*schema.names, WINDOW)

    def replacing(self, zone: str, window: str) -> str:
        """The file that is there while Delta replaces the tables of a window one after the other."""
        return f"{self.zone(zone)}/_commits/{window}.replacing"

    def _refuse_half_replaced(self, zone: str, windows: Iterable[str]) -> None:
        for window in windows:
            if self.files.exists(self.replacing(zone, window)):
                raise LakeError(
                    f"{self.zone(zone)} holds the window {window} half replaced: run the stage that writes it again"
                )

    def write(self, zone: str, window: Window) -> Writing:
        """Begins to replace a window of a zone."""
        return Writing(self, zone, window)


class Writing:
    """The replacement of one window of a zone, of which nothing counts before `commit`.

    Args:
        lake: The lake.
        zone: The zone.
        window: The window that is replaced.
    """

    def __init__(self, lake: Lake, zone: str, window: Window) -> None:
        self.spark = lake.spark
        self._lake, self._zone, self._window = lake, zone, window
        self._staging = f"{lake.zone(zone)}/_staging/{window.name}"
        self._staged: dict[str, Staged] = {}
        lake.files.delete(self._staging)

    def stage(self, table: str, frame: DataFrame, totals: Mapping[str, Column] | None = None) -> Staged:
        """Writes a table aside and counts what was written.

        Args:
            table: The table.
            frame: Its rows.
            totals: Further aggregates over the written rows.
        """
        frame.write.parquet(f"{self._staging}/{table}")
        written = self.frame(table, frame.schema)
        # the hash passes over a null, so that where one stands is hashed, too
        values = ", ".join(f"`{name}`, isnull(`{name}`)" for name in written.columns)
        hashed = F.expr(f"sum(cast(xxhash64({values}) as decimal(20, 0)))").alias("fingerprint")
        extra = [column.alias(name) for name, column in (totals or {}).items()]
        (found,) = written.agg(F.count(F.lit(1)).alias("rows"), hashed, *extra).collect()
        self._staged[table] = Staged(
            found["rows"], str(found["fingerprint"] or 0), {name: found[name] for name in totals or {}}
        )
        return self._staged[table]

    def frame(self, table: str, schema: T.StructType) -> DataFrame:
        """The rows of a table that is staged."""
        return self._lake.spark.read.schema(schema).parquet(literal(f"{self._staging}/{table}"))

    def commit(self, details: Mapping[str, Any]) -> Commit:
        """Makes what is staged count, and removes what no longer does.

        Args:
            details: What the stage has to say; JSON values.
        """
        lake, window = self._lake, self._window
        publish = self._publish_delta if lake.delta else self._publish_parquet
        if lake.delta:
            lake.files.create(lake.replacing(self._zone, window.name), "")
        tables = {
            table: {"rows": staged.rows, "fingerprint": staged.fingerprint, "generation": publish(table)}
            for table, staged in self._staged.items()
        }
        commit = Commit(window, lake.numbers(self._zone).get(window.name, 0) + 1, tables, details)
        lake.files.write_text(lake.commit_path(self._zone, window.name, commit.number), commit.text())
        self._clean(commit)
        return commit

    def _publish_parquet(self, table: str) -> str:
        generation = f"g{uuid.uuid4().hex}"
        base = f"{self._lake.zone(self._zone)}/{table}"
        self._lake.files.rename(f"{self._staging}/{table}", _generation(base, self._window.name, generation))
        return generation

    def _publish_delta(self, table: str) -> None:
        rows = self._lake.spark.read.parquet(literal(f"{self._staging}/{table}")).withColumn(
            WINDOW, F.lit(self._window.name)
        )
        writer = rows.write.format(DELTA).mode("overwrite").option("replaceWhere", f"{WINDOW} = '{self._window.name}'")
        writer.option("mergeSchema", "true").partitionBy(WINDOW).save(f"{self._lake.zone(self._zone)}/{table}")

    def _clean(self, commit: Commit) -> None:
        """Removes what no longer counts of the window: older commits, other generations, what was staged."""
        files, zone = self._lake.files, self._lake.zone(self._zone)
        counts = self._lake.commit_path(self._zone, self._window.name, commit.number)
        files.delete(self._staging)
        for name in files.names(f"{zone}/_commits"):
            if name.startswith(f"{self._window.name}.") and f"{zone}/_commits/{name}" != counts:
                files.delete(f"{zone}/_commits/{name}")
        for table, found in commit.tables.items():
            base = f"{zone}/{table}/{WINDOW}={self._window.name}"
            for name in files.names(base) if found["generation"] else []:
                if name != f"generation={found['generation']}":
                    files.delete(f"{base}/{name}")


def _generation(base: str, window: str, generation: str) -> str:
    return f"{base}/{WINDOW}={window}/generation={generation}"


def _parsed(path: str, text: str) -> Commit:
    """The commit that a file holds.

    Raises:
        LakeError: It holds something else, as when the disk was full or somebody edited it.
    """
    try:
        return Commit.parse(text)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LakeError(f"{path} is damaged: remove it and run the stage that writes this window again") from error
