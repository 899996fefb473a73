"""The feature store: windows in a real PostgreSQL."""

from __future__ import annotations

import gc
import logging
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("sqlalchemy", reason="the feature store is written through SQLAlchemy")

import sqlalchemy as sa

from pipeline import gold_sql
from pipeline.errors import FeatureStoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyspark.sql import DataFrame, SparkSession

    from pipeline.feature_store import FeatureStore
    from postgres import Server

WINDOW = "20240101T000000Z_20240102T000000Z"
OTHER = "20240102T000000Z_20240103T000000Z"
MARKER = "Zebra77"
"""A value that no message may hold."""


def tables(frame: Callable[..., DataFrame], *values: float, name: str = "p") -> dict[str, DataFrame]:
    rows = [(datetime(2024, 1, 2, 12, 30), f"{name}{n}", value) for n, value in enumerate(values)]
    return {
        "first": frame("as_of timestamp, patient_id string, value double", *rows),
        "second": frame("value int", *[(len(values),)]),
    }


OF_VERSION_1 = (
    "CREATE TABLE first (window_id VARCHAR(40), as_of TIMESTAMP, patient_id VARCHAR(64), value DOUBLE PRECISION)"
)


@pytest.mark.postgres
@pytest.mark.spark
@pytest.mark.parametrize("existing", ["", OF_VERSION_1], ids=["made here", "made by version 1.0"])
def test_a_window_is_replaced_and_others_stay(
    store: FeatureStore, server: Server, frame: Callable[..., DataFrame], existing: str
) -> None:
    server.ask(existing)
    store.replace(WINDOW, tables(frame, 1.0, 2.0))
    store.replace(OTHER, tables(frame, 3.0))
    store.replace(WINDOW, tables(frame, 4.0))
    assert server.ask("SELECT * FROM first ORDER BY value") == [
        f"{OTHER}|2024-01-02 12:30:00|p0|3",
        f"{WINDOW}|2024-01-02 12:30:00|p0|4",
    ]
    assert server.ask("SELECT window_id, value FROM second ORDER BY window_id") == [f"{WINDOW}|1", f"{OTHER}|1"]
    assert server.ask("SELECT relname FROM pg_class WHERE relname LIKE '%stage%'") == []


@pytest.mark.postgres
@pytest.mark.spark
def test_a_table_has_a_key_and_an_index_on_what_it_is_asked_by(
    store: FeatureStore, server: Server, frame: Callable[..., DataFrame]
) -> None:
    store.replace(WINDOW, {"t": frame("patient_id string, code string, value double", ("p", "c", 1.0))})
    assert server.ask("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname") == [
        "CREATE INDEX ix_t_code ON public.t USING btree (code)",
        "CREATE INDEX ix_t_patient_id ON public.t USING btree (patient_id)",
        "CREATE UNIQUE INDEX pk_t ON public.t USING btree (window_id, patient_id, code)",
    ]


@pytest.mark.postgres
@pytest.mark.spark
def test_an_empty_window_replaces_what_was_there(
    store: FeatureStore, server: Server, frame: Callable[..., DataFrame]
) -> None:
    store.replace(WINDOW, tables(frame, 1.0))
    store.replace(WINDOW, tables(frame))
    assert server.ask("SELECT count(*) FROM first") == ["0"]


@pytest.mark.postgres
@pytest.mark.spark
def test_the_rows_of_erased_patients_go_from_all_tables_and_windows_or_from_none(
    store: FeatureStore, server: Server, frame: Callable[..., DataFrame]
) -> None:
    first = tables(frame, 1.0, 2.0, 3.0)["first"]
    for each in (WINDOW, OTHER):
        store.replace(each, {"first": first, "last": first})
    server.ask("CREATE TABLE mine (w text, p text, FOREIGN KEY (w, p) REFERENCES last (window_id, patient_id))")
    server.ask("INSERT INTO mine SELECT window_id, patient_id FROM last WHERE patient_id = 'p1' LIMIT 1")
    with pytest.raises(FeatureStoreError, match=r"^the feature store refused to erase patients: .*SQLSTATE 23503"):
        store.erase(["p0", "p1", "p"], ["first", "last"])
    assert server.ask("SELECT count(*) FROM first") == ["6"]
    server.ask("DROP TABLE mine")
    assert store.erase(["p0", "p1", "p"], ["first", "last", "none"]) == {"first": 4, "last": 4}
    assert server.ask("SELECT DISTINCT patient_id FROM first") == ["p2"]


@pytest.mark.postgres
@pytest.mark.spark
def test_a_refused_statement_leaves_all_tables_as_they_were(
    store: FeatureStore, server: Server, frame: Callable[..., DataFrame]
) -> None:
    store.replace(WINDOW, tables(frame, 1.0))
    server.ask("ALTER TABLE second ADD CONSTRAINT small CHECK (value < 2)")
    with pytest.raises(FeatureStoreError) as caught:
        store.replace(WINDOW, tables(frame, 5.0, 6.0))
    assert str(caught.value) == (
        "the feature store refused the new rows of second: ProgrammingError, SQLSTATE 23514, table second, constraint small "
        "(a value that a constraint forbids)"
    )
    assert server.ask("SELECT value FROM first") == ["1"]
    server.ask("ALTER TABLE second DROP CONSTRAINT small")
    store.replace(WINDOW, tables(frame, 5.0, 6.0))
    assert server.ask("SELECT value FROM first ORDER BY value") == ["5", "6"]


@pytest.mark.postgres
@pytest.mark.spark
def test_a_table_that_lacks_a_column_is_refused_with_its_name(
    store: FeatureStore, server: Server, frame: Callable[..., DataFrame]
) -> None:
    store.replace(WINDOW, tables(frame, 1.0))
    server.ask("ALTER TABLE second DROP COLUMN value")
    with pytest.raises(FeatureStoreError) as caught:
        store.replace(WINDOW, tables(frame, 5.0))
    assert str(caught.value) == (
        "the table second of the feature store lacks value (INTEGER): add it, or drop the table and run the windows again"
    )
    assert server.ask("SELECT value FROM first") == ["1"]


@pytest.mark.postgres
@pytest.mark.spark
def test_a_column_type_that_no_database_has_is_refused(store: FeatureStore, spark: SparkSession) -> None:
    with pytest.raises(FeatureStoreError, match=r"the column a of t is of the type array<int>, which"):
        store.replace(WINDOW, {"t": spark.sql("select array(1) as a")})


@pytest.mark.postgres
@pytest.mark.spark
@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"port": 1}, r"the feature store refused a connection: InterfaceError, ConnectionRefusedError"),
        (
            {"password": MARKER},
            r"refused a connection: ProgrammingError, SQLSTATE 28P01 \(the user or the password is wrong\)",
        ),
        ({"database": MARKER}, r"refused a connection: ProgrammingError, SQLSTATE 3D000 \(there is no such database\)"),
    ],
)
def test_a_connection_that_is_refused_is_an_error(
    store: FeatureStore, frame: Callable[..., DataFrame], change: dict[str, Any], message: str
) -> None:
    with pytest.raises(FeatureStoreError, match=message) as caught:
        replace(store, **change).replace(WINDOW, tables(frame, 1.0))
    assert MARKER not in "".join(traceback.format_exception(caught.type, caught.value, caught.tb))


FAILURES = {
    "a key twice": "",
    "a check": "CREATE TABLE t (window_id TEXT, patient_id TEXT CHECK (patient_id = 'x'), value INT)",
    "a number in a column of another type": "CREATE TABLE t (window_id TEXT, patient_id BYTEA, value INT)",
    "no value where one must be": "CREATE TABLE t (window_id TEXT, patient_id TEXT, value INT, more INT NOT NULL)",
    "a trigger that tells": (
        "CREATE TABLE t (window_id TEXT, patient_id TEXT, value INT); CREATE FUNCTION tell() RETURNS trigger AS "
        "'BEGIN RAISE EXCEPTION ''bad %'', NEW.patient_id; END' LANGUAGE plpgsql; "
        "CREATE TRIGGER told BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tell()"
    ),
}


@pytest.mark.postgres
@pytest.mark.spark
@pytest.mark.parametrize("existing", FAILURES.values(), ids=FAILURES)
def test_no_message_holds_a_value(
    store: FeatureStore,
    server: Server,
    frame: Callable[..., DataFrame],
    logged: list[dict[str, Any]],
    caplog: pytest.LogCaptureFixture,
    existing: str,
) -> None:
    server.ask(existing)
    caplog.set_level(logging.INFO)
    with pytest.raises(FeatureStoreError, match="the feature store refused") as caught:
        store.replace(WINDOW, {"t": frame("patient_id string, value int", (MARKER, 1), (MARKER, 1))})
    assert MARKER not in "".join(traceback.format_exception(caught.type, caught.value, caught.tb))
    assert MARKER not in f"{logged}{caplog.text}{caught.value!r}"


@pytest.mark.postgres
@pytest.mark.spark
@pytest.mark.parametrize(
    ("existing", "length"),
    [("CREATE TABLE t (window_id VARCHAR(40), patient_id VARCHAR(64), code VARCHAR(64), units TEXT)", 64), ("", 255)],
    ids=["made by version 1.0", "made here"],
)
def test_rows_with_a_text_that_is_too_long_are_left_out_and_counted(
    store: FeatureStore,
    server: Server,
    frame: Callable[..., DataFrame],
    logged: list[dict[str, Any]],
    existing: str,
    length: int,
) -> None:
    server.ask(existing)
    codes = ["\N{PILE OF POO}" * length, "x" * (length + 1), MARKER * 2000, None if existing else "c"]
    found = frame("patient_id string, code string, units string", *[("p", code, "u" * 20000) for code in codes])
    store.replace(WINDOW, {"t": found})
    assert sorted(server.ask("SELECT coalesce(char_length(code), 0), char_length(units) FROM t")) == sorted(
        [f"{length}|20000", "0|20000" if existing else "1|20000"]
    )
    reason = f"longer than the column, {length} characters"
    event = "rows left out of the feature store"
    assert logged == [{"event": event, "table": "t", "column": "code", "reason": reason, "rows": 2}]


@pytest.mark.postgres
@pytest.mark.spark
def test_times_arrive_as_utc_whatever_the_zone_of_the_machine(
    store: FeatureStore, server: Server, spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    instants = ["2024-03-31T01:30:00Z", "2024-10-27T01:30:00Z", "1901-02-03T04:05:06.789012Z", "1969-12-31T23:59:59.5Z"]
    found = spark.sql(" union all ".join(f"select timestamp'{each}' as at" for each in instants))
    monkeypatch.setenv("TZ", "Europe/London")
    time.tzset()
    try:
        store.replace(WINDOW, {"t": found})
    finally:
        monkeypatch.undo()
        time.tzset()
    assert server.ask("SELECT at FROM t ORDER BY at") == [
        "1901-02-03 04:05:06.789012",
        "1969-12-31 23:59:59.5",
        "2024-03-31 01:30:00",
        "2024-10-27 01:30:00",
    ]


@pytest.mark.postgres
@pytest.mark.spark
@pytest.mark.parametrize("existing", [OF_VERSION_1, ""], ids=["made by version 1.0", "made here"])
def test_two_runs_at_once_leave_one_of_them_in_each_window(
    store: FeatureStore, server: Server, frame: Callable[..., DataFrame], existing: str
) -> None:
    server.ask(existing)
    runs = [(WINDOW, "a"), (WINDOW, "b"), (OTHER, "c"), (WINDOW, "d")]
    found = [(each, tables(frame, *map(float, range(50)), name=name)) for each, name in runs]
    for _ in range(3):
        with ThreadPoolExecutor(len(runs)) as pool:
            list(pool.map(lambda run: store.replace(*run), found))
        names = server.ask("SELECT window_id, left(patient_id, 1), count(*) FROM first GROUP BY 1, 2 ORDER BY 1")
        assert [each.split("|")[0::2] for each in names] == [[WINDOW, "50"], [OTHER, "50"]]


@pytest.mark.postgres
@pytest.mark.spark
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a lost socket's buffer, in pg8000
def test_a_connection_that_is_lost_leaves_nothing(
    store: FeatureStore,
    server: Server,
    frame: Callable[..., DataFrame],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    store.replace(WINDOW, tables(frame, 1.0))
    others = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = 'postgres'"
    )
    one_at_a_time = gold_sql.one_at_a_time
    monkeypatch.setattr(gold_sql, "one_at_a_time", lambda: (server.ask(others), one_at_a_time())[1])
    with pytest.raises(FeatureStoreError, match="the feature store refused the new window: "):
        store.replace(WINDOW, tables(frame, 2.0))
    monkeypatch.undo()
    assert server.ask("SELECT value FROM first") == ["1"]
    assert server.ask("SELECT relname FROM pg_class WHERE relname LIKE '%stage%'") == []
    store.replace(WINDOW, tables(frame, 2.0))
    assert caplog.text == ""
    gc.collect()


@pytest.mark.postgres
@pytest.mark.spark
def test_many_rows_go_in_batches(
    store: FeatureStore, server: Server, spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, sent, most = 0, 0, 0
    rows = gold_sql.rows

    def counted(*arguments: Any) -> Iterator[dict[str, Any]]:
        nonlocal taken
        for row in rows(*arguments):
            taken += 1
            yield row

    def sending(_connection: Any, _clause: Any, multi: list[Any], *_: Any) -> None:
        nonlocal sent, most
        most = max(most, taken - sent)
        sent += len(multi)

    monkeypatch.setattr(gold_sql, "rows", counted)
    sa.event.listen(sa.Engine, "before_execute", sending)
    try:
        store.replace(
            WINDOW, {"t": spark.sql("select cast(id as string) as patient_id, id as value from range(20000)")}
        )
    finally:
        sa.event.remove(sa.Engine, "before_execute", sending)
    assert server.ask("SELECT count(*), sum(value) FROM t") == ["20000|199990000"]
    assert (taken, sent, most) == (20000, 20000, gold_sql.BATCH)


@pytest.mark.postgres
@pytest.mark.spark
def test_ids_of_two_keys_never_meet_in_one_table(store: FeatureStore, server: Server, spark: SparkSession) -> None:
    def rows(key: str) -> dict[str, DataFrame]:
        return {"t": spark.sql(f"select 'p' as patient_id, '{key}' as pseudonym_key")}

    store.replace("one", rows("2-old"))
    store.replace("one", rows("2-new"))
    with pytest.raises(FeatureStoreError, match="the table t of the feature store has ids of another key or scheme"):
        store.replace("two", rows("2-old"))
    assert server.ask("SELECT window_id, pseudonym_key FROM t") == ["one|2-new"]
