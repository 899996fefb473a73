"""The lake: windows are replaced, whole, whatever happens on the way."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyspark.sql.functions as F
import pytest
from pyspark.sql import types as T

from pipeline.errors import LakeError
from pipeline.files import Files
from pipeline.storage import BRONZE, DELTA, PARQUET, Commit, Lake, Staged, Writing
from pipeline.windows import Window, window

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyspark.sql import DataFrame, SparkSession

pytestmark = pytest.mark.spark

FIRST = window("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z")
SECOND = window("2024-01-02T00:00:00Z", "2024-01-03T00:00:00Z")
SCHEMA = T.StructType([T.StructField("value", T.IntegerType())])


class KilledError(Exception):
    """Stands for the end of the process."""


@pytest.fixture
def lake(spark: SparkSession, tmp_path: Path) -> Lake:
    return Lake(spark, str(tmp_path / "lake"))


@pytest.fixture(params=[PARQUET, DELTA])
def either(request: pytest.FixtureRequest, spark: SparkSession, tmp_path: Path) -> Lake:
    """A lake of each format. Delta's library is a jar that no Python package brings; docs/pipeline.md says how to have it here."""
    if request.param == DELTA and not spark.conf.get("spark.sql.extensions", ""):
        pytest.skip("Spark was started without Delta's library")
    return Lake(spark, str(tmp_path / "lake"), request.param)


def numbers(lake: Lake, *values: int) -> DataFrame:
    listed = ", ".join(map(str, values)) or "cast(null as int)"
    return lake.spark.sql(f"select explode(array({listed})) as value").where("value is not null")


def write(lake: Lake, window: Window, *values: int) -> None:
    writing = lake.write(BRONZE, window)
    for table in ("one", "two"):
        writing.stage(table, numbers(lake, *values))
    writing.commit({"said": list(values)})


def content(lake: Lake, table: str = "one") -> list[tuple[str, int]]:
    commits = lake.commits(BRONZE).values()
    if not commits:
        return []
    return sorted((row["window"], row["value"]) for row in lake.read(BRONZE, table, SCHEMA, commits).collect())


def files(lake: Lake) -> dict[str, int]:
    """All files of the lake with the times at which they were written."""
    return {str(path): path.stat().st_mtime_ns for path in Path(lake.zone(BRONZE)).rglob("*") if path.is_file()}


def test_a_window_holds_what_was_written_last(either: Lake) -> None:
    write(either, FIRST, 1, 2)
    write(either, SECOND, 3)
    write(either, FIRST, 4)
    assert content(either) == content(either, "two") == [(FIRST.name, 4), (SECOND.name, 3)]
    assert [commit.details for commit in either.commits(BRONZE).values()] == [{"said": [4]}, {"said": [3]}]


def test_a_rerun_leaves_nothing_of_the_run_before(lake: Lake, spark: SparkSession) -> None:
    for _ in range(2):
        write(lake, FIRST, 1, 2)
    assert spark.read.parquet(f"{lake.zone(BRONZE)}/one").count() == 2
    assert Files(spark).names(f"{lake.zone(BRONZE)}/_commits") == [f"{FIRST.name}.000002.json"]
    assert Files(spark).names(f"{lake.zone(BRONZE)}/_staging") == []


def test_a_window_leaves_the_files_of_another_untouched(lake: Lake) -> None:
    write(lake, FIRST, 1)
    before = files(lake)
    write(lake, SECOND, 2)
    write(lake, SECOND, 3)
    assert before.items() <= files(lake).items()


def test_a_lake_may_have_any_name(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, str(tmp_path / "a lake [2024] {zone} *?"))
    write(lake, FIRST, 1)
    write(lake, SECOND, 2)
    assert content(lake) == [(FIRST.name, 1), (SECOND.name, 2)]


def test_what_is_staged_does_not_count(lake: Lake) -> None:
    write(lake, FIRST, 1)
    lake.write(BRONZE, FIRST).stage("one", numbers(lake, 9))
    assert content(lake) == [(FIRST.name, 1)]


def test_counts_and_fingerprints_tell_one_content_from_another(lake: Lake) -> None:
    writing = lake.write(BRONZE, FIRST)
    one = writing.stage("one", numbers(lake, 1, 2), {"greatest": F.max("value")})
    same = writing.stage("two", numbers(lake, 2, 1))
    other = writing.stage("three", numbers(lake, 1, 3))
    none = writing.stage("four", numbers(lake), {"greatest": F.max("value")})
    null_first, null_last = (
        writing.stage(name, lake.spark.sql(f"select {values}")).fingerprint
        for name, values in (
            ("five", "cast(null as string) as a, '1' as b"),
            ("six", "'1' as a, cast(null as string) as b"),
        )
    )
    assert null_first != null_last
    assert (one.rows, dict(one.totals)) == (2, {"greatest": 2})
    assert one.fingerprint == same.fingerprint != other.fingerprint
    assert (none.rows, dict(none.totals)) == (0, {"greatest": None})


def test_a_column_that_an_older_window_lacks_is_null_there(lake: Lake) -> None:
    write(lake, FIRST, 1)
    schema = T.StructType([*SCHEMA.fields, T.StructField("later", T.StringType())])
    found = lake.read(BRONZE, "one", schema, lake.commits(BRONZE).values())
    assert [tuple(row) for row in found.select("value", "later").collect()] == [(1, None)]


def test_a_window_that_is_not_there_is_an_error(lake: Lake) -> None:
    with pytest.raises(LakeError, match=f"bronze does not hold the window {FIRST.name}"):
        lake.commit(BRONZE, FIRST)


@pytest.mark.parametrize("text", ["", '{"window": "2024', "[]", "{}", '{"window": 1}'])
def test_a_damaged_commit_is_an_error_that_says_what_to_do(lake: Lake, text: str) -> None:
    commit = Path(lake.commit_path(BRONZE, FIRST.name, 1))
    commit.parent.mkdir(parents=True)
    commit.write_text(text)
    with pytest.raises(LakeError, match=f"{FIRST.name}.000001.json is damaged: remove it and run the stage"):
        lake.commits(BRONZE)


def test_a_foreign_file_beside_the_commits_is_passed_over(lake: Lake) -> None:
    write(lake, FIRST, 1)
    for name in ("README.json", "notes.txt", f"{FIRST.name}.000002.json.part"):
        Path(lake.zone(BRONZE), "_commits", name).write_text("{}")
    assert content(lake) == [(FIRST.name, 1)]


def test_the_zone_stands_where_the_location_says(spark: SparkSession) -> None:
    assert (
        Lake(spark, "abfss://{zone}@lake.dfs.core.windows.net/features/").zone("silver")
        == "abfss://silver@lake.dfs.core.windows.net/features"
    )
    assert Lake(spark, "/lake/").zone("silver") == "/lake/silver"


def killed(step: int) -> Callable[[], None]:
    """Lets the process end before the file operation of a number, and says how to bring it back."""
    left = [step]
    patches = pytest.MonkeyPatch()

    def counted(name: str) -> None:
        original: Any = getattr(Files, name)

        def operation(self: Files, *arguments: str) -> None:
            if left[0] == 0:
                raise KilledError
            left[0] -= 1
            original(self, *arguments)

        patches.setattr(Files, name, operation)

    for name in ("delete", "rename", "create"):
        counted(name)
    return patches.undo


@pytest.fixture(scope="module")
def written(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What Spark writes of an old and of a new content."""
    base = tmp_path_factory.mktemp("written")
    for name in ("old", "new"):
        spark.sql(f"select '{name}' as value").write.parquet(str(base / name))
    return {name: base / name for name in ("old", "new")}


@pytest.fixture
def replace(lake: Lake, written: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Replaces two tables of a window by what was written before: Spark's part in it is the same at every step."""

    def staged(self: Writing, table: str, content: Path) -> None:
        shutil.copytree(content, f"{self._staging}/{table}")
        self._staged[table] = Staged(1, content.name, {})

    monkeypatch.setattr(Writing, "stage", staged)

    def replace(name: str) -> None:
        writing: Any = lake.write(BRONZE, FIRST)
        for table in ("one", "two"):
            writing.stage(table, written[name])
        writing.commit({})

    return replace


def parts(path: Path) -> set[str]:
    return {file.name for file in path.rglob("part-*")}


def counting(lake: Lake) -> list[set[str]]:
    """The files of each table that the commit counts."""
    tables = lake.commit(BRONZE, FIRST).tables
    window = f"window={FIRST.name}"
    return [
        parts(Path(lake.zone(BRONZE), table, window, f"generation={tables[table]['generation']}")) for table in tables
    ]


@pytest.mark.parametrize("step", range(11))
def test_killed_at_any_step_a_reader_sees_the_old_window_or_the_new_and_a_rerun_mends_it(
    step: int, lake: Lake, replace: Callable[[str], None], written: dict[str, Path]
) -> None:
    replace("old")
    revive = killed(step)
    with pytest.raises(KilledError):
        replace("new")
    revive()
    assert counting(lake) in ([parts(written["old"])] * 2, [parts(written["new"])] * 2)
    replace("new")
    assert counting(lake) == [parts(written["new"])] * 2
    assert [parts(Path(lake.zone(BRONZE), table)) for table in ("one", "two")] == [parts(written["new"])] * 2


def test_a_write_has_no_more_steps_than_those_at_which_it_is_killed(
    lake: Lake, replace: Callable[[str], None], written: dict[str, Path]
) -> None:
    replace("old")
    revive = killed(11)
    replace("new")
    revive()
    assert counting(lake) == [parts(written["new"])] * 2


def test_delta_replaces_the_window_of_each_table(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The calls that Spark gets, as Delta's own library is seldom there."""
    calls: list[tuple[str, Any]] = []

    class Writer:
        def __getattr__(self, name: str) -> Any:
            def call(*arguments: Any) -> Writer:
                calls.append((name, arguments))
                return self

            return call

    lake = Lake(spark, str(tmp_path / "lake"), DELTA)
    writing = lake.write(BRONZE, FIRST)
    writing.stage("one", numbers(lake, 1))

    def looked_at(rows: DataFrame) -> Writer:
        with pytest.raises(LakeError, match=f"holds the window {FIRST.name} half replaced: run the stage"):
            lake.read(BRONZE, "one", SCHEMA, [Commit(FIRST, 1, {"one": {}})])
        calls.append(("columns", rows.columns))
        return Writer()

    monkeypatch.setattr(type(numbers(lake, 1)), "write", property(looked_at))
    commit = writing.commit({})
    assert calls == [
        ("columns", ["value", "window"]),
        ("format", ("delta",)),
        ("mode", ("overwrite",)),
        ("option", ("replaceWhere", f"window = '{FIRST.name}'")),
        ("option", ("mergeSchema", "true")),
        ("partitionBy", ("window",)),
        ("save", (f"{tmp_path}/lake/bronze/one",)),
    ]
    assert json.loads(commit.text())["tables"]["one"]["rows"] == 1
    assert Files(spark).names(f"{lake.zone(BRONZE)}/_commits") == [f"{FIRST.name}.000001.json"]
