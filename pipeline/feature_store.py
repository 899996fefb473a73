"""The gold tables in a SQL database, for those who ask in SQL.

A window is replaced in one transaction, all tables of it at once: a reader sees the old window or the new one, and a second run of the
window leaves the same rows. Here are the settings; `gold_sql` has the tables and statements, `database` connections and errors. Those
two need SQLAlchemy and a driver, so they are imported when there is a feature store and not before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from importlib import metadata
from typing import TYPE_CHECKING

from pipeline import settings
from pipeline.errors import FeatureStoreError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pyspark.sql import DataFrame, SparkSession

    from pipeline.monitoring import Log

HOST, DATABASE = "spark.secret.feature-store-fqdn", "spark.secret.feature-store-database"
USER, PASSWORD = "spark.secret.feature-store-app-id", "spark.secret.feature-store-app-secret"
TENANT = "spark.secret.azure-tenant-id"
DIALECT, PORT, SCHEMA = (
    "spark.pipeline.feature-store-dialect",
    "spark.pipeline.feature-store-port",
    "spark.pipeline.feature-store-schema",
)


@dataclass(frozen=True)
class Library:
    """A package that must be installed where the driver of Spark runs.

    Attributes:
        name: Its name on PyPI.
        oldest: The first version that works.
        below: The first newer version that does not.
    """

    name: str
    oldest: tuple[int, ...] = ()
    below: tuple[int, ...] = ()

    def __str__(self) -> str:
        """The requirement, as pip takes it."""
        bounds = {">=": self.oldest, "<": self.below}
        return self.name + ",".join(f"{sign}{'.'.join(map(str, each))}" for sign, each in bounds.items() if each)

    def fits(self, version: str) -> bool:
        """Whether a version is among those that work."""
        number = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
        return self.oldest <= number and (not self.below or number < self.below)


SQLALCHEMY = Library("SQLAlchemy", (2, 0), (2, 1))


@dataclass(frozen=True)
class Dialect:
    """What the settings of a kind of database start from.

    Attributes:
        port: The port that the database listens on by default.
        schema: The schema that tables are in by default.
        libraries: What must be installed.
    """

    port: int
    schema: str
    libraries: tuple[Library, ...]


DIALECTS = {
    "sqlserver": Dialect(
        1433,
        "dbo",
        (
            SQLALCHEMY,
            Library("sqlalchemy-pytds", (1, 0, 3), (2,)),
            Library("python-tds", (1, 17), (2,)),
            Library("pyOpenSSL", (24,), (26, 2)),
        ),
    ),
    "postgresql": Dialect(5432, "public", (SQLALCHEMY, Library("pg8000", (1, 30), (2,)))),
}


@dataclass(frozen=True)
class FeatureStore:
    """A database that takes the gold tables.

    Attributes:
        dialect: The kind of database, a name of `DIALECTS`.
        host: Where it is.
        port: The port that it listens on.
        database: Its name there.
        user: Who writes: a user of PostgreSQL, or the application id of a service principal.
        password: Their password, or the application's secret.
        schema: The schema that the tables are in.
        log: Takes log lines.
        tenant: The tenant of the service principal; of no use to PostgreSQL.
    """

    dialect: str
    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)
    schema: str
    log: Log
    tenant: str = ""

    def replace(self, window: str, tables: Mapping[str, DataFrame]) -> None:
        """Replaces a window of some tables; the rows of other windows stay.

        Args:
            window: Name of the window, which becomes the column `window_id`.
            tables: The rows of each table.

        Raises:
            FeatureStoreError: The database cannot be reached or refuses something. Its tables are as they were.
        """
        from pipeline import database, gold_sql  # noqa: PLC0415 - SQLAlchemy is there where a feature store is

        gold_sql.replace(database.engine(self), self.schema, window, tables, self.log)

    def erase(self, patients: Sequence[str], tables: Sequence[str]) -> dict[str, int]:
        """Deletes the rows of some patients from all windows, in one transaction, and returns how many of each table.

        Args:
            patients: Their pseudonyms.
            tables: The names of the tables; those that are not there are passed over.

        Raises:
            FeatureStoreError: The database cannot be reached or refuses something. Its tables are as they were.
        """
        from pipeline import database, gold_sql  # noqa: PLC0415 - SQLAlchemy is there where a feature store is

        return gold_sql.erase(database.engine(self), self.schema, patients, tables)


def configured(spark: SparkSession, log: Log) -> FeatureStore | None:
    """Returns the feature store of the settings, or None where none of its four secrets is set.

    Args:
        spark: The session that has the settings.
        log: Takes the log lines of the feature store.

    Raises:
        SettingsError: Some of them are set and others not, or the dialect or the port cannot be understood.
        FeatureStoreError: A library that the feature store needs is not installed.
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
    port = settings.get(spark, PORT) or str(DIALECTS[name].port)
    if not (port.isascii() and port.isdigit()):
        raise SettingsError(f"the setting {PORT} is {port!r}; it is a number")
    tenant = settings.get(spark, TENANT)
    if name == "sqlserver" and not tenant:
        raise SettingsError(
            f"the feature store needs the setting {TENANT}: the tenant that its service principal is in"
        )
    _require(DIALECTS[name].libraries)
    schema = settings.get(spark, SCHEMA) or DIALECTS[name].schema
    return FeatureStore(
        name, secrets[HOST], int(port), secrets[DATABASE], secrets[USER], secrets[PASSWORD], schema, log, tenant
    )


def _require(libraries: tuple[Library, ...]) -> None:
    """Refuses to start where a library is missing, in one sentence about all of them.

    Raises:
        FeatureStoreError: At least one is.
    """
    installed = {library: _version(library.name) for library in libraries}
    problems = [
        f"{library} ({f'installed is {version}' if version else 'not installed'})"
        for library, version in installed.items()
        if not (version and library.fits(version))
    ]
    if problems:
        raise FeatureStoreError(
            f"the feature store needs {', '.join(problems)}: name them in the activity's `libraries`, or install them on the cluster"
        )


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
