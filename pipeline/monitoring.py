"""What a run says of itself: log lines for people, a metric for the dashboards.

Each log line is one JSON object on stdout. None holds a value from a record.

The metric is `rows_updated` by `table_name`, in the namespace `<pipeline>/rows_updated` that FlowEHR's dashboard reads. It is sent
when `APPLICATIONINSIGHTS_CONNECTION_STRING` is set and the library `azure-monitor-opentelemetry-exporter` is there.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from datetime import datetime, timezone
from typing import Any

CONNECTION_STRING = "APPLICATIONINSIGHTS_CONNECTION_STRING"
NAMESPACE_OPT_IN = "APPLICATIONINSIGHTS_METRIC_NAMESPACE_OPT_IN"
METRIC = "rows_updated"


class Log:
    """Writes one JSON object per line.

    Args:
        **fields: What each line says beside its own fields, such as the stage.
    """

    def __init__(self, **fields: Any) -> None:
        self._fields = fields

    def __call__(self, event: str, **fields: Any) -> None:
        """Writes a line.

        Args:
            event: What happened, in one or two words.
            **fields: The details; JSON values.
        """
        moment = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        sys.stdout.write(json.dumps({"time": moment, "event": event, **self._fields, **fields}, default=str) + "\n")
        sys.stdout.flush()


class Metrics:
    """Counts the rows that a run wrote, per table.

    Args:
        pipeline: Name of the pipeline's directory, which FlowEHR takes for its dashboard.
        reader: An OpenTelemetry metric reader, or None to keep silent.
    """

    def __init__(self, pipeline: str, reader: Any | None) -> None:
        self._provider: Any = None
        if reader is not None:
            sdk = importlib.import_module("opentelemetry.sdk.metrics")
            self._provider = sdk.MeterProvider(metric_readers=[reader])
            # Azure Monitor takes the meter's name for the namespace; FlowEHR's dashboard looks for the same text in both places
            self._counter = self._provider.get_meter(f"{pipeline}/{METRIC}").create_counter(
                f"{pipeline}/{METRIC}", unit="rows"
            )

    def rows_updated(self, table: str, rows: int) -> None:
        """Adds rows that were written to a table."""
        if self._provider is not None:
            self._counter.add(rows, {"table_name": table})

    def close(self) -> None:
        """Sends what has not been sent yet."""
        if self._provider is not None:
            self._provider.shutdown()


def azure_monitor(log: Log) -> Any | None:
    """A metric reader that sends to Azure Monitor, or None where it is not configured or its library is not there.

    A connection string that cannot be understood is logged and ends nothing: features matter more than a chart of them.
    """
    if not os.environ.get(CONNECTION_STRING):
        return None
    try:
        exporters = importlib.import_module("azure.monitor.opentelemetry.exporter")
        export = importlib.import_module("opentelemetry.sdk.metrics.export")
    except ImportError:
        return None
    os.environ.setdefault(NAMESPACE_OPT_IN, "true")
    try:
        return export.PeriodicExportingMetricReader(exporters.AzureMonitorMetricExporter())
    except ValueError as error:
        log("no metrics", setting=CONNECTION_STRING, reason=str(error))
        return None
