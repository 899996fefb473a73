"""The feature store: the statements for each kind of database, and a real PostgreSQL."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from pipeline import feature_store
from pipeline.errors import FeatureStoreError, SettingsError
from pipeline.feature_store import DIALECTS, FeatureStore, configured, statements
from pipeline.schemas import SILVER_SCHEMAS
from pipeline.stages import Run, features_window
from pipeline.storage import GOLD, SILVER
from pipeline.windows import Window, iso, window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyspark.sql import DataFrame, SparkSession

WINDOW = "20240101T000000Z_20240102T000000Z"
OTHER = "20240102T000000Z_20240103T000000Z"
SECRETS = {
    feature_store.HOST: "sql.database.windows.net",
    feature_store.DATABASE: "features",
    feature_store.USER: "app",
    feature_store.PASSWORD: "secret",
}


def session(values: dict[str, str]) -> SparkSession:
    """A session that has nothing but a configuration."""

    class Session:
        class conf:  # noqa: N801  named as in a session
            @staticmethod
            def get(name: str, default: str | None) -> Any:
                return values.get(name, default)

    return cast("SparkSession", Session())


def test_sql_server_statements() -> None:
    assert statements(DIALECTS["sqlserver"], "dbo", WINDOW, {"active_conditions": ["window_id", "co]de"]}) == [
        (
            "IF OBJECT_ID(N'[dbo].[active_conditions]', N'U') IS NULL SELECT TOP 0 * INTO [dbo].[active_conditions] "
            "FROM [dbo].[stage_active_conditions_20240101t000000z_20240102t000000z]"
        ),
        "DELETE FROM [dbo].[active_conditions] WHERE [window_id] = '20240101T000000Z_20240102T000000Z'",
        (
            "INSERT INTO [dbo].[active_conditions] ([window_id], [co]]de]) SELECT [window_id], [co]]de] "
            "FROM [dbo].[stage_active_conditions_20240101t000000z_20240102t000000z]"
        ),
        "DROP TABLE [dbo].[stage_active_conditions_20240101t000000z_20240102t000000z]",
    ]


def test_postgresql_statements() -> None:
    assert statements(DIALECTS["postgresql"], "public", WINDOW, {"t": ["window_id", "code"]}) == [
        'CREATE TABLE IF NOT EXISTS "public"."t" (LIKE "public"."stage_t_20240101t000000z_20240102t000000z")',
        'DELETE FROM "public"."t" WHERE "window_id" = \'20240101T000000Z_20240102T000000Z\'',
        'INSERT INTO "public"."t" ("window_id", "code") SELECT "window_id", "code" FROM "public"."stage_t_20240101t000000z_20240102t000000z"',
        'DROP TABLE "public"."stage_t_20240101t000000z_20240102t000000z"',
    ]


def test_the_settings_are_those_of_flowehr() -> None:
    assert sorted(SECRETS) == [
        f"spark.secret.feature-store-{name}" for name in ("app-id", "app-secret", "database", "fqdn")
    ]
    store = configured(session(SECRETS))
    assert store is not None
    assert store.url == (
        "jdbc:sqlserver://sql.database.windows.net:1433;database=features;encrypt=true;trustServerCertificate=false;loginTimeout=30;"
        "Authentication=ActiveDirectoryServicePrincipal"
    )
    assert (store.user, store.password, store.schema) == ("app", "secret", "dbo")


def test_without_secrets_there_is_no_feature_store() -> None:
    assert configured(session({})) is None


@pytest.mark.parametrize("missing", sorted(SECRETS))
def test_some_secrets_without_others_are_an_error_that_names_them(missing: str) -> None:
    values = {name: value for name, value in SECRETS.items() if name != missing}
    with pytest.raises(SettingsError, match=f"the feature store is configured in part: {missing} not set"):
        configured(session(values))


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (feature_store.DIALECT, "oracle", "is 'oracle'; it can be 'sqlserver' or 'postgresql'"),
        (feature_store.PORT, "x", "is 'x'; it is a number"),
    ],
)
def test_a_setting_that_cannot_be_understood_is_an_error(name: str, value: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        configured(session({**SECRETS, name: value}))


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server of its own."""

    port: int
    psql: str

    def ask(self, query: str) -> list[str]:
        command = [self.psql, "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-Atc", query]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def _binary(name: str) -> str:
    found = [str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))] or [
        shutil.which(name) or ""
    ]
    if not found[-1] or not Path("/usr/share/java/postgresql.jar").exists():
        pytest.skip("PostgreSQL or its JDBC driver is not installed (Debian: postgresql libpostgresql-jdbc-java)")
    return found[-1]


def _somebody_else() -> dict[str, Any]:
    """How to start a process as another user than root: PostgreSQL refuses to run as root."""
    users = {user.pw_name: user for user in pwd.getpwall()}
    owner = users.get("postgres", users.get("nobody"))
    if os.getuid() != 0 or owner is None:
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Starts a server on a free port, in a directory that another user than root can reach."""
    initdb, postgres, ready, psql = (_binary(name) for name in ("initdb", "postgres", "pg_isready", "psql"))
    port, options = _free_port(), _somebody_else()
    with tempfile.TemporaryDirectory() as base:
        os.chown(base, options.get("user", -1), options.get("group", -1))
        subprocess.run(
            [initdb, "-D", f"{base}/data", "-U", "postgres", "-A", "trust", "-N"],
            check=True,
            capture_output=True,
            cwd=base,
            **options,
        )
        arguments = ["-D", f"{base}/data", "-p", str(port), "-h", "127.0.0.1", "-k", base, "-F"]
        with Path(base, "log").open("wb") as log:
            process = subprocess.Popen([postgres, *arguments], stdout=log, stderr=log, cwd=base, **options)
        deadline = time.monotonic() + 30
        while (
            subprocess.run([ready, "-h", "127.0.0.1", "-p", str(port)], capture_output=True, check=False).returncode
            != 0
        ):
            assert process.poll() is None, Path(base, "log").read_text()
            assert time.monotonic() < deadline, "PostgreSQL did not start in 30 seconds"
            time.sleep(0.1)
        yield Server(port, psql)
        process.send_signal(signal.SIGINT)  # a fast shutdown
        process.wait(30)


@pytest.fixture
def store(spark: SparkSession, server: Server) -> FeatureStore:
    server.ask("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return FeatureStore(
        spark,
        DIALECTS["postgresql"],
        f"jdbc:postgresql://127.0.0.1:{server.port}/postgres",
        "postgres",
        "any",
        "public",
    )


def tables(frame: Callable[..., DataFrame], *values: float) -> dict[str, DataFrame]:
    rows = [(datetime(2024, 1, 2, 12, 30), f"p{n}", value) for n, value in enumerate(values)]
    return {
        "first": frame("as_of timestamp, patient_id string, value double", *rows),
        "second": frame("value int", *[(len(values),)]),
    }


@pytest.mark.postgres
@pytest.mark.spark
def test_a_window_is_replaced_and_others_stay(
    store: FeatureStore, server: Server, frame: Callable[..., DataFrame]
) -> None:
    store.replace(WINDOW, tables(frame, 1.0, 2.0))
    store.replace(OTHER, tables(frame, 3.0))
    store.replace(WINDOW, tables(frame, 4.0))
    assert server.ask("SELECT * FROM first ORDER BY value") == [
        f"{OTHER}|2024-01-02 12:30:00|p0|3",
        f"{WINDOW}|2024-01-02 12:30:00|p0|4",
    ]
    assert server.ask("SELECT window_id, value FROM second ORDER BY window_id") == [f"{WINDOW}|1", f"{OTHER}|1"]


@pytest.mark.postgres
@pytest.mark.spark
def test_no_staging_table_is_left(store: FeatureStore, server: Server, frame: Callable[..., DataFrame]) -> None:
    store.replace(WINDOW, tables(frame, 1.0))
    assert server.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1") == ["first", "second"]


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
def test_a_refused_statement_leaves_all_tables_as_they_were(
    store: FeatureStore, server: Server, frame: Callable[..., DataFrame]
) -> None:
    store.replace(WINDOW, tables(frame, 1.0))
    server.ask("ALTER TABLE second ADD CONSTRAINT small CHECK (value < 2)")
    with pytest.raises(FeatureStoreError, match=r'the feature store refused: .*violates check constraint "small"'):
        store.replace(WINDOW, tables(frame, 5.0, 6.0))
    assert server.ask("SELECT value FROM first") == ["1"]
    server.ask("ALTER TABLE second DROP CONSTRAINT small")
    store.replace(WINDOW, tables(frame, 5.0, 6.0))
    assert server.ask("SELECT value FROM first ORDER BY value") == ["5", "6"]
    assert server.ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == ["2"]


@pytest.mark.postgres
@pytest.mark.spark
@pytest.mark.usefixtures("server")
def test_a_server_that_is_not_there_is_an_error(spark: SparkSession, frame: Callable[..., DataFrame]) -> None:
    store = FeatureStore(
        spark, DIALECTS["postgresql"], "jdbc:postgresql://127.0.0.1:1/postgres", "postgres", "any", "public"
    )
    with pytest.raises(FeatureStoreError, match=r"the feature store refused: .*Connection refused"):
        store.replace(WINDOW, tables(frame, 1.0))


@pytest.mark.spark
def test_a_driver_that_is_not_there_is_an_error(spark: SparkSession, frame: Callable[..., DataFrame]) -> None:
    store = FeatureStore(spark, DIALECTS["sqlserver"], "jdbc:sqlserver://127.0.0.1:1", "app", "any", "dbo")
    with pytest.raises(FeatureStoreError, match="SQLServerDriver"):
        store.replace(WINDOW, tables(frame, 1.0))


JANUARY = window("2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z")
FEBRUARY = window("2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z")


@pytest.fixture
def computed(run: Callable[..., Run], frame: Callable[..., DataFrame], store: FeatureStore) -> Callable[..., Run]:
    """Writes a window of the silver zone, patients with their years of birth and nothing else, and computes its features."""

    def make(window: Window, **born: int) -> Run:
        found = run(window)
        writing = found.lake.write(SILVER, window)
        for table, schema in SILVER_SCHEMAS.items():
            columns = ", ".join(f"{column.name} {column.dataType.simpleString()}" for column in schema)
            patients = [(name, year, *[None] * (len(schema) - 2)) for name, year in born.items()]
            writing.stage(table, frame(columns, *(patients if table == "patients" else [])))
        writing.commit({"as_of": iso(window.end)})
        features_window(found, ["8302-2"], store)
        return found

    return make


@pytest.mark.postgres
@pytest.mark.spark
@pytest.mark.slow
def test_after_a_correction_the_store_holds_the_new_rows_of_the_window_and_of_the_later_ones(
    computed: Callable[..., Run], server: Server
) -> None:
    computed(JANUARY, p=1950)
    computed(FEBRUARY, q=1960)
    computed(JANUARY, p=1951)
    assert server.ask("SELECT window_id, patient_id, birth_year, age FROM patient_features ORDER BY 1, 2") == [
        f"{JANUARY.name}|p|1951|73",
        f"{FEBRUARY.name}|p|1951|73",
        f"{FEBRUARY.name}|q|1960|64",
    ]


@pytest.mark.postgres
@pytest.mark.spark
@pytest.mark.slow
def test_a_store_that_refuses_leaves_the_gold_zone_as_it_was(
    computed: Callable[..., Run], server: Server, spark: SparkSession
) -> None:
    lake = computed(JANUARY, p=1950).lake
    before = lake.commit(GOLD, JANUARY)
    server.ask("ALTER TABLE patient_features ADD CONSTRAINT young CHECK (birth_year < 1951)")
    with pytest.raises(FeatureStoreError, match="young"):
        computed(JANUARY, p=1951)
    assert lake.commit(GOLD, JANUARY) == before
    found = spark.read.parquet(f"{lake.zone(GOLD)}/patient_features").select("patient_id", "birth_year").collect()
    assert [tuple(row) for row in found] == [("p", 1950)]
    assert server.ask("SELECT patient_id, birth_year FROM patient_features") == ["p|1950"]
