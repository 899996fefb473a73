"""The settings of the feature store, and the libraries that it needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from pipeline import feature_store
from pipeline.errors import FeatureStoreError, SettingsError
from pipeline.feature_store import DIALECTS, Library, configured
from pipeline.monitoring import Log

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SECRETS = {
    feature_store.HOST: "sql.database.windows.net",
    feature_store.DATABASE: "features",
    feature_store.USER: "app",
    feature_store.PASSWORD: "secret",
}
SETTINGS = {**SECRETS, feature_store.TENANT: "tenant"}


def session(values: dict[str, str]) -> SparkSession:
    """A session that has nothing but a configuration."""

    class Session:
        class conf:  # noqa: N801  named as in a session
            @staticmethod
            def get(name: str, default: str | None) -> Any:
                return values.get(name, default)

    return cast("SparkSession", Session())


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The versions of the libraries, as they are found installed; none is missing."""
    versions = {library.name: "" for dialect in DIALECTS.values() for library in dialect.libraries}
    versions.update({"SQLAlchemy": "2.0.58", "pg8000": "1.31.6", "sqlalchemy-pytds": "1.0.3"})
    versions.update({"python-tds": "1.17.1", "pyOpenSSL": "26.0.0"})
    monkeypatch.setattr(feature_store, "_version", lambda name: versions.get(name, ""))
    return versions


@pytest.mark.usefixtures("installed")
def test_the_settings_are_those_of_flowehr() -> None:
    assert sorted(SECRETS) == [
        f"spark.secret.feature-store-{name}" for name in ("app-id", "app-secret", "database", "fqdn")
    ]
    found = configured(session(SETTINGS), Log())
    assert found is not None
    assert (found.dialect, found.host, found.port) == ("sqlserver", "sql.database.windows.net", 1433)
    assert (found.database, found.schema) == ("features", "dbo")
    assert (found.user, found.password, found.tenant) == ("app", "secret", "tenant")
    assert "secret" not in repr(found)


@pytest.mark.usefixtures("installed")
def test_postgresql_has_its_own_port_and_schema_and_needs_no_tenant() -> None:
    found = configured(session({**SECRETS, feature_store.DIALECT: "postgresql"}), Log())
    assert found is not None
    assert (found.dialect, found.port, found.schema) == ("postgresql", 5432, "public")


def test_without_secrets_there_is_no_feature_store() -> None:
    assert configured(session({}), Log()) is None


@pytest.mark.parametrize("missing", sorted(SECRETS))
def test_some_secrets_without_others_are_an_error_that_names_them(missing: str) -> None:
    values = {name: value for name, value in SECRETS.items() if name != missing}
    with pytest.raises(SettingsError, match=f"the feature store is configured in part: {missing} not set"):
        configured(session(values), Log())


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (feature_store.DIALECT, "oracle", "is 'oracle'; it can be 'sqlserver' or 'postgresql'"),
        (feature_store.PORT, "x", "is 'x'; it is a number"),
        (feature_store.PORT, "\N{SUPERSCRIPT TWO}", "it is a number"),
        (feature_store.TENANT, "", "needs the setting spark.secret.azure-tenant-id: the tenant"),
    ],
)
def test_a_setting_that_cannot_be_understood_is_an_error(name: str, value: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        configured(session({**SETTINGS, name: value}), Log())


def test_libraries_that_are_missing_are_one_error_that_names_them(installed: dict[str, str]) -> None:
    installed.update({"SQLAlchemy": "1.4.39", "python-tds": ""})
    with pytest.raises(FeatureStoreError) as caught:
        configured(session(SETTINGS), Log())
    assert str(caught.value) == (
        "the feature store needs SQLAlchemy>=2.0,<2.1 (installed is 1.4.39), python-tds>=1.17,<2 (not installed): "
        "name them in the activity's `libraries`, or install them on the cluster"
    )


@pytest.mark.parametrize(
    ("version", "fits"),
    [("26.1.0", True), ("26.2.0", False), ("26.2", False), ("24", True), ("23.9", False), ("26.2.0rc1", False)],
)
def test_a_version_is_compared_by_its_numbers(version: str, fits: bool) -> None:
    assert Library("pyOpenSSL", (24,), (26, 2)).fits(version) is fits


def test_the_activity_names_the_libraries_of_sql_server() -> None:
    activities = json.loads((Path(__file__).parents[2] / "activities.json").read_text(encoding="utf-8"))
    named = {
        activity["name"]: [
            library["pypi"]["package"] for library in activity["typeProperties"]["libraries"] if "pypi" in library
        ]
        for activity in activities
    }
    expected = [str(library) for library in DIALECTS["sqlserver"].libraries]
    assert named == {"Ingest": [], "Pseudonymise": [], "Features": expected}


def test_without_a_feature_store_neither_sqlalchemy_nor_a_driver_is_imported() -> None:
    code = (
        "import sys\n"
        "for name in ('sqlalchemy', 'pg8000', 'pytds', 'OpenSSL'): sys.modules[name] = None\n"
        "from pipeline import feature_store\n"
        "class Spark:\n"
        "    class conf:\n"
        "        get = staticmethod(lambda name, default: default)\n"
        "assert feature_store.configured(Spark, None) is None\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
