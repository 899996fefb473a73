"""The session of a stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from pipeline import session
from pipeline.errors import SettingsError
from pipeline.monitoring import Log

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ZONE = "spark.sql.session.timeZone"


class Kept(Log):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, event: str, **fields: Any) -> None:
        self.lines.append((event, fields))


class Serverless:
    """A session that takes one setting and refuses all others, as Databricks' serverless does."""

    def __init__(self) -> None:
        self.taken: dict[str, str] = {}
        self.conf = self

    def set(self, key: str, value: str) -> None:
        if key != ZONE:
            raise ValueError(f"[CONFIG_NOT_AVAILABLE] Configuration {key} is not available.")
        self.taken[key] = value


def test_a_setting_that_the_engine_refuses_is_a_line_of_the_log_and_the_others_are_set() -> None:
    spark, log = Serverless(), Kept()
    session.configure(cast("SparkSession", spark), log)
    assert spark.taken == {ZONE: "UTC"}
    assert {event for event, _ in log.lines} == {"setting refused"}
    assert {fields["setting"] for _, fields in log.lines} == session.SETTINGS.keys() - {ZONE}


def test_a_machine_without_spark_is_told_how_to_name_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    class Builder:
        def appName(self, _name: str) -> Builder:  # noqa: N802  named as in PySpark
            return self

        def config(self, _key: str, _value: str) -> Builder:
            return self

        def getOrCreate(self) -> None:  # noqa: N802  named as in PySpark
            raise RuntimeError("Only remote Spark sessions using Databricks Connect are supported.")

    monkeypatch.setattr("pipeline.session.SparkSession", type("Session", (), {"builder": Builder()}))
    with pytest.raises(SettingsError, match="no Spark session: set SPARK_REMOTE to a Spark Connect server"):
        session.start("clinical-features", Kept())
