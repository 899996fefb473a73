"""The lake: windows are replaced, whole, whatever happens on the way."""

from __future__ import annotations

import contextlib
import itertools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyspark.sql.functions as F
import pytest
from pyspark.sql import types as T

from pipeline import storage
from pipeline.errors import LakeError
from pipeline.storage import BRONZE, COMMITS, GENERATION, PARQUET_COMMITS, SILVER, WINDOW, Commit, Lake, Writing
from pipeline.windows import Window, window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyspark.sql import DataFrame, SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.lake]

FIRST = window("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z")
SECOND = window("2024-01-02T00:00:00Z", "2024-01-03T00:00:00Z")


def schema(**columns: T.DataType) -> T.StructType:
    return T.StructType([T.StructField(name, kind) for name, kind in columns.items()])


SCHEMA = schema(value=T.IntegerType())


class KilledError(Exception):
    """Stands for the end of the process."""


@pytest.fixture
def lake(spark: SparkSession, tmp_path: Path) -> Lake:
    return Lake(spark, str(tmp_path / "lake"))


def numbers(lake: Lake, *values: int) -> DataFrame:
    listed = ", ".join(map(str, values)) or "cast(null as int)"
    return lake.spark.sql(f"select explode(array({listed})) as value").where("value is not null")


def begin(lake: Lake, window: Window, *values: int) -> Writing:
    """Stages two tables."""
    writing = lake.write(BRONZE, window)
    for table in ("one", "two"):
        writing.stage(table, numbers(lake, *values), SCHEMA)
    return writing


def write(lake: Lake, window: Window, *values: int) -> Commit:
    return begin(lake, window, *values).commit({"said": list(values)})


def content(lake: Lake, table: str = "one", columns: T.StructType = SCHEMA) -> list[tuple[Any, ...]]:
    """What a reader sees of a table: the window and the columns of each row."""
    commits = lake.commits(BRONZE).values()
    rows = lake.read(BRONZE, table, columns, commits).collect() if commits else []
    return sorted(((row[WINDOW], *row[:-1]) for row in rows), key=repr)


def generations(lake: Lake, table: str = "one") -> list[tuple[str, str]]:
    """The windows and generations that a table has rows of, as the library `deltalake` finds them without any of our code."""
    deltalake = pytest.importorskip("deltalake", reason="it reads Delta without an engine")
    rows = deltalake.DeltaTable(lake.location(BRONZE, table)).to_pyarrow_table(columns=[WINDOW, GENERATION]).to_pylist()
    return sorted({(row[WINDOW], row[GENERATION]) for row in rows})


def counted(lake: Lake) -> list[tuple[str, str]]:
    return [(commit.window.name, commit.generation) for commit in lake.commits(BRONZE).values()]


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def data_files(folder: Path) -> set[str]:
    return {str(path) for path in folder.rglob("part-*")}


@pytest.mark.every_spark
def test_a_window_holds_what_was_written_last(lake: Lake) -> None:
    write(lake, FIRST, 1, 2)
    write(lake, SECOND, 3)
    write(lake, FIRST, 4)
    assert content(lake) == content(lake, "two") == [(FIRST.name, 4), (SECOND.name, 3)]
    assert [commit.details for commit in lake.commits(BRONZE).values()] == [{"said": [4]}, {"said": [3]}]


def test_windows_are_in_their_order_whichever_was_written_first(lake: Lake) -> None:
    for each in (SECOND, FIRST):
        write(lake, each, 1)
    assert list(lake.commits(BRONZE)) == [FIRST, SECOND]


def test_what_a_commit_returns_is_what_the_lake_holds(lake: Lake) -> None:
    commit = write(lake, FIRST, 1)
    assert lake.commit(BRONZE, FIRST) == commit
    assert {name: table["rows"] for name, table in commit.tables.items()} == {"one": 1, "two": 1}


@pytest.mark.every_spark
def test_a_rerun_leaves_nothing_of_the_run_before(lake: Lake, delta: None) -> None:
    write(lake, SECOND, 3)
    for _ in range(3):
        write(lake, FIRST, 1, 2)
    for table in ("one", "two"):
        assert generations(lake, table) == counted(lake)


def test_a_rerun_without_rows_leaves_none_of_the_run_before(lake: Lake) -> None:
    write(lake, FIRST, 1)
    write(lake, FIRST)
    assert content(lake) == []
    assert lake.commit(BRONZE, FIRST).tables["one"]["rows"] == 0


def test_the_rows_of_other_windows_are_not_touched(lake: Lake, delta: None) -> None:
    write(lake, FIRST, 1)
    part = Path(lake.location(BRONZE, "one")) / f"{WINDOW}={FIRST.name}"
    before = files(part)
    assert before
    write(lake, SECOND, 2)
    write(lake, SECOND, 3)
    assert files(part) == before
    assert content(lake) == [(FIRST.name, 1), (SECOND.name, 3)]


def test_what_is_staged_does_not_count(lake: Lake, delta: None) -> None:
    write(lake, FIRST, 1)
    staged = begin(lake, FIRST, 9)
    begin(lake, SECOND, 9)
    assert content(lake) == [(FIRST.name, 1)]
    assert [row["value"] for row in staged.frame("one", SCHEMA).collect()] == [9]


def test_a_table_that_is_staged_again_has_the_later_rows(lake: Lake) -> None:
    writing = lake.write(BRONZE, FIRST)
    for values in ((1, 2), (3,)):
        writing.stage("one", numbers(lake, *values), SCHEMA)
    assert writing.commit({}).tables["one"]["rows"] == 1
    assert content(lake) == [(FIRST.name, 3)]


def test_counts_and_fingerprints_tell_one_content_from_another(lake: Lake) -> None:
    writing = lake.write(BRONZE, FIRST)
    greatest = {"greatest": F.max("value")}
    one = writing.stage("one", numbers(lake, 1, 2), SCHEMA, greatest)
    same = writing.stage("two", numbers(lake, 2, 1), SCHEMA)
    other = writing.stage("three", numbers(lake, 1, 3), SCHEMA)
    none = writing.stage("four", numbers(lake), SCHEMA, greatest)
    null_first, null_last = (
        writing.stage(name, lake.spark.sql(f"select {values}"), schema(a=T.StringType(), b=T.StringType())).fingerprint
        for name, values in (
            ("five", "cast(null as string) as a, '1' as b"),
            ("six", "'1' as a, cast(null as string) as b"),
        )
    )
    assert null_first != null_last
    assert (one.rows, dict(one.totals)) == (2, {"greatest": 2})
    assert one.fingerprint == same.fingerprint != other.fingerprint
    assert (none.rows, dict(none.totals)) == (0, {"greatest": None})


def test_a_commit_has_the_same_fingerprint_exactly_when_all_rows_are_the_same(lake: Lake) -> None:
    same, again, other = (write(lake, FIRST, *values).fingerprint for values in ((1, 2), (2, 1), (1, 2, 2)))
    assert same == again != other


LATER = schema(value=T.IntegerType(), later=T.IntegerType(), at=T.TimestampType())


def test_a_column_that_an_older_table_lacks_is_null(lake: Lake) -> None:
    write(lake, FIRST, 1)
    assert content(lake, columns=LATER) == [(FIRST.name, 1, None, None)]


@pytest.mark.parametrize("value", ["1", "cast(null as int)"])
def test_a_table_gets_a_new_column_which_is_null_in_the_rows_that_are_there(value: str, lake: Lake) -> None:
    """A column without a null in its rows, too, which Sail would take for one that never has any: 0 or 1970 in older rows."""
    write(lake, FIRST, 1)
    writing = lake.write(BRONZE, SECOND)
    rows = lake.spark.sql(f"select 2 as value, {value} as later, timestamp'2024-01-01T00:00:00Z' as at")
    writing.stage("one", rows, LATER)
    writing.commit({})
    new = schema(later=T.IntegerType())
    assert content(lake, columns=new) == [
        (FIRST.name, None),
        (SECOND.name, None if value.startswith("cast") else int(value)),
    ]
    assert [at is None for _, at in content(lake, columns=schema(at=T.TimestampType()))] == [True, False]


def test_rows_without_a_column_that_the_table_has_leave_it_null(lake: Lake) -> None:
    writing = lake.write(BRONZE, FIRST)
    writing.stage("one", lake.spark.sql("select 1 as value, 1 as later, timestamp'2024-01-01' as at"), LATER)
    writing.commit({})
    write(lake, SECOND, 2)
    found = content(lake, columns=schema(value=T.IntegerType(), later=T.IntegerType()))
    assert found == [(FIRST.name, 1, 1), (SECOND.name, 2, None)]


def test_another_type_of_a_column_is_refused_and_nothing_is_written(lake: Lake, tmp_path: Path) -> None:
    write(lake, FIRST, 1)
    writing, before = lake.write(BRONZE, SECOND), data_files(tmp_path)
    with pytest.raises(LakeError, match=r"bronze/one has another type of value: name another lake"):
        writing.stage("one", lake.spark.sql("select '1' as value"), schema(value=T.StringType()))
    assert data_files(tmp_path) == before
    assert content(lake) == [(FIRST.name, 1)]


@pytest.mark.parametrize(
    "rows", ["1 as other", "1 as value, 2 as other", "'1' as value", "cast(1 as bigint) as value", "1.5D as value"]
)
def test_rows_with_other_columns_than_the_schema_are_refused_before_anything_is_written(
    rows: str, lake: Lake, tmp_path: Path
) -> None:
    writing, before = lake.write(BRONZE, FIRST), data_files(tmp_path)
    with pytest.raises(LakeError, match=r"one: rows with .* are no rows with"):
        writing.stage("one", lake.spark.sql(f"select {rows}"), SCHEMA)
    assert data_files(tmp_path) == before


def test_a_window_that_is_not_there_is_an_error(lake: Lake) -> None:
    with pytest.raises(LakeError, match=f"bronze does not hold the window {FIRST.name}: the stage that writes it"):
        lake.commit(BRONZE, FIRST)


def test_a_table_that_a_commit_names_and_that_is_gone_is_an_error(lake: Lake, delta: None) -> None:
    commit = write(lake, FIRST, 1)
    with pytest.raises(LakeError, match="bronze/three is not there, but a commit names it: restore it"):
        lake.read(BRONZE, "three", SCHEMA, [commit])


@pytest.mark.parametrize("text", ["", '{"tables": {', "[]", "{}", "1", '{"tables": {}}'])
def test_a_damaged_commit_is_an_error_that_says_what_to_do_and_a_rerun_mends_it(text: str, lake: Lake) -> None:
    write(lake, FIRST, 1)
    row = (FIRST.name, "g", "g", "2999-01-01", text)
    if lake.delta:
        lake.sql(f"UPDATE {{table}} SET content = '{text}'", BRONZE, COMMITS)
    else:
        lake.append(
            BRONZE,
            COMMITS,
            lake.spark.createDataFrame(
                [row], "window string, began string, generation string, time string, content string"
            ),
            schema(**{name: T.StringType() for name in (WINDOW, "began", GENERATION, "time", "content")}),
        )
    with pytest.raises(
        LakeError, match=f"the commit of {FIRST.name} is damaged: run the stage that writes this window"
    ):
        lake.commits(BRONZE)
    if lake.delta:
        write(lake, FIRST, 2)
        assert content(lake) == [(FIRST.name, 2)]


@pytest.mark.parametrize("use", [lambda lake: lake.commits(BRONZE), lambda lake: lake.write(BRONZE, FIRST)])
def test_a_lake_of_version_1_0_is_refused_in_one_line_and_left_as_it_is(
    use: Callable[[Lake], object], lake: Lake, tmp_path: Path
) -> None:
    zone = tmp_path / "lake" / BRONZE
    rows = zone / "one" / f"window={FIRST.name}" / "generation=1"
    rows.parent.mkdir(parents=True)
    lake.spark.sql("select 1 as value").write.parquet(str(rows))
    (zone / "_commits").mkdir()
    tables = {"one": {"rows": 1, "generation": 1, "fingerprint": "1"}}
    text = json.dumps({"window": FIRST.name, "generation": 1, "tables": tables, "details": {}})
    (zone / "_commits" / f"{FIRST.name}.000001.json").write_text(text)
    before = files(tmp_path)
    with pytest.raises(LakeError) as raised:
        use(lake)
    assert str(raised.value) == (
        f"{zone} has the layout of version 1.0 and is left as it is: "
        "name another lake, and run the three stages again for each window"
    )
    assert files(tmp_path) == before


def test_a_lake_of_parquet_is_refused_where_the_engine_writes_delta(lake: Lake, delta: None, tmp_path: Path) -> None:
    lake.spark.sql("select 'w' as window").write.parquet(lake.location(BRONZE, PARQUET_COMMITS))
    before = files(tmp_path)
    with pytest.raises(LakeError, match="bronze has Parquet, which this Spark does not write: name another lake"):
        lake.write(BRONZE, FIRST)
    assert files(tmp_path) == before


def test_a_first_write_that_has_no_log_yet_is_no_lake_of_another_kind(lake: Lake, delta: None, tmp_path: Path) -> None:
    """Two first runs at once: the rows of one are there before its log is."""
    lake.spark.sql("select 'w' as window").write.parquet(lake.location(BRONZE, COMMITS))
    write(lake, FIRST, 1)
    assert content(lake) == [(FIRST.name, 1)]


def test_the_zone_stands_where_the_location_says(spark: SparkSession, tmp_path: Path) -> None:
    found = Lake(spark, "abfss://{zone}@lake.dfs.core.windows.net/features/")
    assert found.location("silver") == "abfss://silver@lake.dfs.core.windows.net/features"
    assert found.location("silver", "patients") == "abfss://silver@lake.dfs.core.windows.net/features/patients"
    assert Lake(spark, "/lake/").location("silver", "patients") == "/lake/silver/patients"
    lake = Lake(spark, f"{tmp_path}/of-{{zone}}/lake")
    write(lake, FIRST, 1)
    assert content(lake) == [(FIRST.name, 1)]
    assert (tmp_path / "of-bronze" / "lake" / "one").is_dir()


def test_the_commits_of_many_windows_are_put_together_in_few_files(
    lake: Lake, delta: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    deltalake = pytest.importorskip("deltalake", reason="it reads Delta without an engine")
    monkeypatch.setattr(storage, "TOGETHER", 4)
    for number in range(1, 9):
        write(lake, window(f"2024-01-0{number}T00:00:00Z", f"2024-01-0{number + 1}T00:00:00Z"), number)
    found = deltalake.DeltaTable(lake.location(BRONZE, COMMITS)).file_uris()
    assert len(found) <= 4
    assert [value for _, value in content(lake)] == list(range(1, 9))
    assert generations(lake) == counted(lake)


TAKEN = "a lake [2024] {x} *? 50% #1 é"


def test_a_lake_may_have_any_name(engine: str, spark: SparkSession, tmp_path: Path) -> None:
    plain = "of_a-lake+x,y=1.0:@!$&();'" if engine == "sail" else TAKEN
    lake = Lake(spark, str(tmp_path / plain))
    write(lake, FIRST, 1)
    write(lake, FIRST, 2)
    write(lake, SECOND, 3)
    assert content(lake) == [(FIRST.name, 2), (SECOND.name, 3)]
    assert [path.name for path in tmp_path.iterdir()] == [plain]


@pytest.mark.parametrize("character", ' "#%*<>?[\\]^`{|}~éß語')
def test_sail_would_write_some_names_into_another_directory_and_so_refuses_them(
    character: str, engine: str, spark: SparkSession, tmp_path: Path
) -> None:
    if engine != "sail":
        pytest.skip("it is Sail that does it")
    with pytest.raises(LakeError, match=r"on Sail a lake's path has letters without accents.*name another lake"):
        Lake(spark, f"{tmp_path}/a{character}lake")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def catalog(engine: str, spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A schema of the session's catalog, which on Sail has its tables in the folder `spark-warehouse` of where it runs."""
    monkeypatch.chdir(tmp_path)
    name = f"{'sail' if engine == 'sail' else 'spark_catalog'}.lake_{tmp_path.name.rpartition('-')[2][-20:]}".lower()
    spark.sql(f"CREATE DATABASE IF NOT EXISTS {name}").collect()
    yield name
    spark.sql(f"DROP DATABASE {name} CASCADE").collect()


def test_a_lake_may_be_a_schema_of_a_catalog(catalog: str, spark: SparkSession, delta: None) -> None:
    lake = Lake(spark, catalog)
    write(lake, FIRST, 1)
    write(lake, SECOND, 2)
    write(lake, FIRST, 3)
    assert content(lake) == content(lake, "two") == [(FIRST.name, 3), (SECOND.name, 2)]
    assert {row["value"] for row in spark.table(f"{catalog}.bronze_one").collect()} == {3, 2}
    assert spark.table(f"{catalog}.bronze_{COMMITS}").count() == 2


def test_a_lake_in_a_catalog_is_there_for_the_next_session(
    catalog: str, engine: str, spark: SparkSession, delta: None
) -> None:
    """As of a process of its own for each stage: Sail's catalog ends with the session, and the lake does not."""
    write(Lake(spark, catalog), FIRST, 1)
    if engine == "sail":
        for table in ("one", "two", COMMITS):
            spark.sql(f"DROP TABLE {catalog}.bronze_{table}").collect()
    write(Lake(spark, catalog), SECOND, 2)
    assert content(Lake(spark, catalog)) == [(FIRST.name, 1), (SECOND.name, 2)]
    assert {row["value"] for row in spark.table(f"{catalog}.bronze_one").collect()} == {1, 2}


@pytest.mark.every_spark
def test_of_two_writers_the_one_that_began_last_wins_and_the_other_is_refused_by_name(lake: Lake, delta: None) -> None:
    write(lake, FIRST, 1)
    earlier = begin(lake, FIRST, 2)
    later = begin(lake, FIRST, 3)
    with pytest.raises(
        LakeError,
        match=f"the window {FIRST.name} of .*bronze is being written by a run that began later: this run was given up",
    ):
        earlier.commit({})
    assert content(lake) == [(FIRST.name, 1)]
    assert earlier.generation not in {generation for _, generation in generations(lake)}
    later.commit({})
    assert content(lake) == [(FIRST.name, 3)]
    assert generations(lake) == generations(lake, "two") == counted(lake)


def test_the_claim_of_a_dead_writer_stops_nobody_and_its_rows_are_removed_by_the_next_run(
    lake: Lake, delta: None
) -> None:
    write(lake, FIRST, 1)
    dead = begin(lake, FIRST, 2)
    assert content(lake) == [(FIRST.name, 1)]
    assert dead.generation in {generation for _, generation in generations(lake)}
    write(lake, FIRST, 3)
    assert content(lake) == [(FIRST.name, 3)]
    assert generations(lake) == generations(lake, "two") == counted(lake)


def test_the_rows_of_a_dead_first_writer_are_removed_by_the_next_run(lake: Lake, delta: None) -> None:
    begin(lake, FIRST, 2)
    assert lake.commits(BRONZE) == {}
    write(lake, FIRST, 3)
    assert generations(lake) == generations(lake, "two") == counted(lake)


def orders(steps: int) -> list[str]:
    """All orders in which two writers, a and b, can take their steps; b begins last."""
    found = {"".join(each) for each in itertools.permutations("a" * steps + "b" * steps)}
    return sorted(each for each in found if each.startswith("a"))


def steps_of(lake: Lake, value: int) -> Iterator[str]:
    """A writer that stops after each of its steps: its claim, a table, another one, and its commit."""
    writing = lake.write(BRONZE, FIRST)
    yield writing.generation
    for table in ("one", "two"):
        writing.stage(table, numbers(lake, value), SCHEMA)
        yield writing.generation
    with contextlib.suppress(LakeError):
        writing.commit({"writer": value})
    yield writing.generation


@pytest.mark.slow
@pytest.mark.parametrize("order", orders(4))
def test_in_every_order_of_two_writers_steps_tables_agree_and_the_one_that_began_last_wins(
    order: str, lake: Lake, delta: None
) -> None:
    writers = {"a": steps_of(lake, 1), "b": steps_of(lake, 2)}
    for each in order:
        next(writers[each])
        ones, twos = ([value for _, value in content(lake, table)] for table in ("one", "two"))
        assert ones == twos
    assert content(lake) == content(lake, "two") == [(FIRST.name, 2)]
    assert generations(lake) == generations(lake, "two") == counted(lake)


def killed_before(step: int) -> Callable[[], bool]:
    """Lets the process end before the write operation of a number; what it returns brings it back and says whether it ended."""
    done, ended, patches = itertools.count(), [], pytest.MonkeyPatch()

    def patched(name: str) -> None:
        original: Any = getattr(Lake, name)

        def operation(self: Lake, *arguments: Any) -> None:
            if next(done) >= step:
                ended.append(name)
                raise KilledError
            original(self, *arguments)

        patches.setattr(Lake, name, operation)

    for name in ("_write", "sql"):  # rows are only appended, and all else is a statement: MERGE or DELETE
        patched(name)

    def revive() -> bool:
        patches.undo()
        return bool(ended)

    return revive


@pytest.mark.slow
@pytest.mark.parametrize("older", [True, False], ids=["a rerun", "a first run"])
def test_killed_before_any_write_readers_see_all_of_the_old_run_or_of_the_new_one_and_a_rerun_mends_it(
    older: bool, lake: Lake, delta: None
) -> None:
    old, new = ([(SECOND.name, 7)], [(SECOND.name, 8)])
    seen = []
    for step in itertools.count():
        each = Lake(lake.spark, lake.location(SILVER) + str(step))
        write(each, FIRST, 1)
        if older:
            write(each, SECOND, 7)
        revive = killed_before(step)
        with contextlib.suppress(KilledError):
            write(each, SECOND, 8)
        if not revive():
            break
        found = [row for row in content(each) if row[0] == SECOND.name]
        assert found == [row for row in content(each, "two") if row[0] == SECOND.name]
        assert found in (old if older else [], new)
        seen.append(found == new)
        write(each, SECOND, 8)
        assert content(each) == content(each, "two") == [(FIRST.name, 1), *new]
        assert generations(each) == generations(each, "two") == counted(each)
    assert seen == sorted(seen), "the new run counts from one moment on"
    claim, two_tables, commit, two_deletes = 1, 2, 1, 2
    assert len(seen) == claim + two_tables + commit + (two_deletes if older else 0)


@pytest.mark.slow
def test_killed_before_any_write_of_the_first_window_of_a_lake_a_rerun_mends_it(lake: Lake, delta: None) -> None:
    for step in itertools.count():
        each = Lake(lake.spark, lake.location(SILVER) + str(step))
        revive = killed_before(step)
        with contextlib.suppress(KilledError):
            write(each, FIRST, 1)
        if not revive():
            break
        assert each.commits(BRONZE) == {}
        write(each, FIRST, 1)
        assert content(each) == content(each, "two") == [(FIRST.name, 1)]
        assert generations(each) == generations(each, "two") == counted(each)
    assert step == 8, "commits is made, gets its first row, and that counts; two tables are each made and filled"


def fail_in(lake: Lake, value: int, *, committed: bool) -> None:
    """Writes a value, and ends in one of our errors before or after the commit."""
    with lake.write(BRONZE, FIRST) as writing:
        writing.stage("one", numbers(lake, value), SCHEMA)
        if committed:
            writing.commit({})
        raise LakeError("given up")


@pytest.mark.usefixtures("delta")
def test_a_run_that_gives_up_takes_its_rows_away_and_one_that_has_committed_keeps_them(lake: Lake) -> None:
    with pytest.raises(LakeError, match="given up"):
        fail_in(lake, 1, committed=False)
    table = lake.table(BRONZE, "one")
    assert table is not None
    assert table.count() == 0
    with pytest.raises(LakeError, match="given up"):
        fail_in(lake, 2, committed=True)
    assert content(lake) == [(FIRST.name, 2)]
