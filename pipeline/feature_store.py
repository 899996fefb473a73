"""The gold tables in a SQL database, for those who ask in SQL.

A window is replaced in one transaction, all tables of it at once. Spark writes each table to a staging table first, with all its
tasks; then one connection deletes the window from the tables and inserts it again from the staging tables. A reader sees the old
window or the new one, and a second run of the window leaves the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyspark.sql.functions as F
from py4j.protocol import Py4JJavaError

from pipeline import settings
from pipeline.errors import FeatureStoreError, SettingsError, java_reason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pyspark.sql import DataFrame, SparkSession

HOST, DATABASE = "spark.secret.feature-store-fqdn", "spark.secret.feature-store-database"
USER, PASSWORD = "spark.secret.feature-store-app-id", "spark.secret.feature-store-app-secret"
DIALECT, PORT, SCHEMA = (
    "spark.pipeline.feature-store-dialect",
    "spark.pipeline.feature-store-port",
    "spark.pipeline.feature-store-schema",
)

WINDOW_ID = "window_id"
COLUMN_TYPES = {WINDOW_ID: "VARCHAR(40)", "patient_id": "VARCHAR(64)", "code": "VARCHAR(64)"}
"""Types of text columns that a database may want to index."""

INITIALISE = True


@dataclass(frozen=True)
class Dialect:
    """What differs between two kinds of database.

    Attributes:
        driver: Class of the JDBC driver.
        url: Where the database is, with `{host}`, `{port}` and `{database}`.
        port: The port that the database listens on by default.
        schema: The schema that tables are in by default.
        quotes: What stands before and after a name.
        time: The type of a time column since Spark 4 where Spark's own choice has a zone, else empty.
        create: A statement that makes `{table}` with the columns of `{staging}` and no rows, unless it is there.
    """

    driver: str
    url: str
    port: int
    schema: str
    quotes: tuple[str, str]
    time: str
    create: str

    def name(self, *parts: str) -> str:
        """A name of several parts, quoted."""
        left, right = self.quotes
        return ".".join(f"{left}{part.replace(right, right * 2)}{right}" for part in parts)


DIALECTS = {
    "sqlserver": Dialect(
        driver="com.microsoft.sqlserver.jdbc.SQLServerDriver",
        url=(
            "jdbc:sqlserver://{host}:{port};database={database};encrypt=true;trustServerCertificate=false;loginTimeout=30;"
            "Authentication=ActiveDirectoryServicePrincipal"
        ),
        port=1433,
        schema="dbo",
        quotes=("[", "]"),
        time="",
        create="IF OBJECT_ID(N'{table}', N'U') IS NULL SELECT TOP 0 * INTO {table} FROM {staging}",
    ),
    "postgresql": Dialect(
        driver="org.postgresql.Driver",
        url="jdbc:postgresql://{host}:{port}/{database}",
        port=5432,
        schema="public",
        quotes=('"', '"'),
        time="TIMESTAMP_NTZ",
        create="CREATE TABLE IF NOT EXISTS {table} (LIKE {staging})",
    ),
}


def statements(dialect: Dialect, schema: str, window: str, tables: Mapping[str, Sequence[str]]) -> list[str]:
    """The statements of the transaction that replaces a window.

    Args:
        dialect: The kind of database.
        schema: The schema that the tables are in.
        window: Name of the window.
        tables: Columns of each table.
    """
    found = []
    for table, columns in tables.items():
        target, staging = dialect.name(schema, table), dialect.name(schema, staging_table(table, window))
        names = ", ".join(dialect.name(column) for column in columns)
        found += [
            dialect.create.format(table=target, staging=staging),
            f"DELETE FROM {target} WHERE {dialect.name(WINDOW_ID)} = '{window}'",  # noqa: S608  names are quoted, a window's name has digits only
            f"INSERT INTO {target} ({names}) SELECT {names} FROM {staging}",  # noqa: S608  names are quoted
            f"DROP TABLE {staging}",
        ]
    return found


def staging_table(table: str, window: str) -> str:
    """The table that receives a window's rows first: the same for each run of the window, so that none is left over."""
    return f"stage_{table}_{window.lower()}"


@dataclass(frozen=True)
class FeatureStore:
    """A database that takes the gold tables.

    Attributes:
        spark: The session.
        dialect: The kind of database.
        url: Its JDBC URL.
        user: Who writes.
        password: Their password.
        schema: The schema that the tables are in.
    """

    spark: SparkSession
    dialect: Dialect
    url: str
    user: str
    password: str
    schema: str

    def replace(self, window: str, tables: Mapping[str, DataFrame]) -> None:
        """Replaces a window of some tables; the rows of other windows stay.

        Args:
            window: Name of the window, which becomes the column `window_id`.
            tables: The rows of each table.

        Raises:
            FeatureStoreError: The database cannot be reached or refuses a statement. Its tables are as they were.
        """
        prepared = {name: self._prepared(frame, window) for name, frame in tables.items()}
        columns = {name: frame.columns for name, frame in prepared.items()}
        try:
            for name, frame in prepared.items():
                self._stage(frame, staging_table(name, window))
            self._transact(statements(self.dialect, self.schema, window, columns))
        except Py4JJavaError as error:
            raise FeatureStoreError(f"the feature store refused: {java_reason(error)}") from error

    def _prepared(self, frame: DataFrame, window: str) -> DataFrame:
        """The rows with the window's name, and times as UTC: JDBC writes a time as the clock of the driver's zone shows it."""
        zone = str(self._jvm.java.util.TimeZone.getDefault().getID())
        times = {name for name, kind in frame.dtypes if kind == "timestamp"}
        columns = [
            F.to_utc_timestamp(F.col(name), zone).alias(name) if name in times else F.col(name)
            for name in frame.columns
        ]
        return frame.select(F.lit(window).alias(WINDOW_ID), *columns)

    @property
    def _jvm(self) -> Any:
        return self.spark._jvm

    def _stage(self, frame: DataFrame, table: str) -> None:
        options = {"url": self.url, "user": self.user, "password": self.password, "driver": self.dialect.driver}
        time = self.dialect.time if int(self.spark.version.split(".")[0]) >= 4 else ""
        times = {name: time for name, kind in frame.dtypes if kind == "timestamp" and time}
        types = ", ".join(f"{name} {kind}" for name, kind in {**COLUMN_TYPES, **times}.items() if name in frame.columns)
        writer = frame.write.format("jdbc").mode("overwrite").options(**options)
        writer = writer.option("dbtable", self.dialect.name(self.schema, table))
        writer.option("createTableColumnTypes", types).save()

    def _connect(self) -> Any:
        """A connection, by way of the driver's class: the driver manager does not see what came with `--jars`."""
        loader = self._jvm.java.lang.Thread.currentThread().getContextClassLoader()
        driver = self._jvm.java.lang.Class.forName(self.dialect.driver, INITIALISE, loader).newInstance()
        properties = self._jvm.java.util.Properties()
        properties.setProperty("user", self.user)
        properties.setProperty("password", self.password)
        return driver.connect(self.url, properties)

    def _transact(self, statements: Sequence[str]) -> None:
        connection = self._connect()
        try:
            connection.setAutoCommit(False)
            statement = connection.createStatement()
            for each in statements:
                statement.execute(each)
            connection.commit()
        finally:
            connection.close()


def configured(spark: SparkSession) -> FeatureStore | None:
    """The feature store of the settings, or None where none of its four secrets is set.

    Raises:
        SettingsError: Some of them are set and others not, or the dialect or the port cannot be understood.
    """
    secrets = {name: settings.get(spark, name) for name in (HOST, DATABASE, USER, PASSWORD)}
    missing = [name for name, value in secrets.items() if not value]
    if len(missing) == len(secrets):
        return None
    if missing:
        raise SettingsError(f"the feature store is configured in part: {', '.join(missing)} not set")
    name = settings.get(spark, DIALECT) or "sqlserver"
    if name not in DIALECTS:
        raise SettingsError(f"the setting {DIALECT} is {name!r}; it can be {' or '.join(map(repr, DIALECTS))}")
    dialect = DIALECTS[name]
    port = settings.get(spark, PORT) or str(dialect.port)
    if not port.isdigit():
        raise SettingsError(f"the setting {PORT} is {port!r}; it is a number")
    url = dialect.url.format(host=secrets[HOST], port=port, database=secrets[DATABASE])
    return FeatureStore(
        spark, dialect, url, secrets[USER], secrets[PASSWORD], settings.get(spark, SCHEMA) or dialect.schema
    )
