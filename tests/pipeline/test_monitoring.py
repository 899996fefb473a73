"""Log lines and metrics."""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.monitoring import CONNECTION_STRING, Log, Metrics, azure_monitor


def test_a_log_line_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    Log(stage="ingest")("rows", table="patients", rows_in=3)
    line = json.loads(capsys.readouterr().out)
    assert line.pop("time").endswith("+00:00")
    assert line == {"event": "rows", "stage": "ingest", "table": "patients", "rows_in": 3}


def test_rows_updated_is_counted_by_table_under_the_name_of_the_pipeline() -> None:
    export = pytest.importorskip("opentelemetry.sdk.metrics.export", reason="OpenTelemetry is optional")
    reader = export.InMemoryMetricReader()
    metrics = Metrics("clinical-features", reader)
    metrics.rows_updated("gold.patient_features", 113)
    metrics.rows_updated("gold.patient_features", 2)
    metrics.rows_updated("gold.active_conditions", 7)
    (resource,) = reader.get_metrics_data().resource_metrics
    (scope,) = resource.scope_metrics
    (metric,) = scope.metrics
    points: list[Any] = list(metric.data.data_points)
    metrics.close()
    assert scope.scope.name == metric.name == "clinical-features/rows_updated"
    assert {point.attributes["table_name"]: point.value for point in points} == {
        "gold.patient_features": 115,
        "gold.active_conditions": 7,
    }


def test_without_a_reader_metrics_are_silent() -> None:
    metrics = Metrics("clinical-features", None)
    metrics.rows_updated("gold.patient_features", 113)
    metrics.close()


def test_without_a_connection_string_there_is_no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CONNECTION_STRING, raising=False)
    assert azure_monitor(Log()) is None


def test_without_the_library_there_is_no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CONNECTION_STRING, "InstrumentationKey=00000000-0000-0000-0000-000000000000")
    monkeypatch.setitem(sys.modules, "azure.monitor.opentelemetry.exporter", None)
    assert azure_monitor(Log()) is None


def test_a_connection_string_that_is_none_is_logged_and_ends_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("opentelemetry.sdk.metrics.export", reason="OpenTelemetry is optional")

    def refuse() -> None:
        raise ValueError("Invalid connection string")

    library = SimpleNamespace(AzureMonitorMetricExporter=refuse)
    monkeypatch.setitem(sys.modules, "azure.monitor.opentelemetry.exporter", library)
    monkeypatch.setenv(CONNECTION_STRING, "x")
    assert azure_monitor(Log()) is None
    line = json.loads(capsys.readouterr().out)
    assert (line["event"], line["reason"]) == ("no metrics", "Invalid connection string")
