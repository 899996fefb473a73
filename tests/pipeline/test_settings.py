"""Settings of the Spark configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from pipeline import settings
from pipeline.errors import SettingsError
from pipeline.features import LOINC_CODES

if TYPE_CHECKING:
    from pathlib import Path

    from pyspark.sql import SparkSession


def spark(values: dict[str, str]) -> SparkSession:
    """A session that has nothing but a configuration."""

    class Session:
        class conf:  # noqa: N801  named as in a session
            @staticmethod
            def get(name: str, default: str | None) -> Any:
                return values.get(name, default)

    return cast("SparkSession", Session())


@pytest.mark.parametrize("value", [{}, {settings.KEY: ""}, {settings.KEY: "  "}])
def test_a_missing_key_is_an_error_that_names_the_setting(value: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=r"the setting spark\.secret\.pseudonymisation-key is not set"):
        settings.key(spark(value))


def test_a_key_is_its_utf8_bytes() -> None:
    assert settings.key(spark({settings.KEY: "schlüssel" * 2})) == ("schlüssel" * 2).encode()


def test_a_key_that_can_be_guessed_is_an_error() -> None:
    with pytest.raises(SettingsError, match="has 10 bytes; a key has 16 random ones or more"):
        settings.key(spark({settings.KEY: "schlüssel"}))


def test_a_secret_that_databricks_did_not_replace_is_an_error() -> None:
    with pytest.raises(SettingsError, match="still a reference to a secret"):
        settings.key(spark({settings.KEY: "{{secrets/flowehr-secrets/pseudonymisation-key}}"}))


@pytest.mark.parametrize(
    ("argument", "values", "expected"),
    [
        ("/here", {settings.LAKE: "/there"}, "/here"),
        (None, {settings.LAKE: "/there", settings.DATALAKE_URI: "lake.dfs.core.windows.net"}, "/there"),
        ("", {settings.DATALAKE_URI: "lake.dfs.core.windows.net"}, "abfss://{zone}@lake.dfs.core.windows.net/features"),
        (None, {}, "lake"),
    ],
)
def test_the_lake_is_where_the_first_that_says_it_says(
    argument: str | None, values: dict[str, str], expected: str
) -> None:
    assert settings.lake(spark(values), argument, "features") == expected


def test_on_databricks_the_lake_must_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABRICKS_RUNTIME_VERSION", "14.3")
    with pytest.raises(SettingsError, match="pass --lake or set"):
        settings.lake(spark({}), None, "features")


def test_the_export_must_be_said() -> None:
    assert settings.source(spark({settings.INPUT: "/there"}), None) == "/there"
    with pytest.raises(SettingsError, match="pass --input or set"):
        settings.source(spark({}), "")


def test_what_the_configuration_does_not_say_the_environment_may(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SPARK_PIPELINE_LAKE", "/from/the/environment")
    (tmp_path / "key").write_text("0123456789abcdef\n", encoding="utf-8")
    monkeypatch.setenv("SPARK_SECRET_PSEUDONYMISATION_KEY_FILE", str(tmp_path / "key"))
    assert settings.lake(spark({}), None, "features") == "/from/the/environment"
    assert settings.lake(spark({settings.LAKE: "/there"}), None, "features") == "/there"
    assert settings.key(spark({})) == b"0123456789abcdef"


def test_a_file_that_cannot_be_read_is_an_error_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SPARK_SECRET_PSEUDONYMISATION_KEY_FILE", str(tmp_path))
    with pytest.raises(SettingsError, match="SPARK_SECRET_PSEUDONYMISATION_KEY_FILE names a file that cannot be read"):
        settings.key(spark({}))


def test_codes_are_separated_by_commas() -> None:
    assert settings.loinc_codes(spark({settings.CODES: " 8302-2, 29463-7,,"})) == ("8302-2", "29463-7")
    assert settings.loinc_codes(spark({})) == LOINC_CODES
