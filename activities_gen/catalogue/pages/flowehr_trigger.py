"""What the pages say of the family "FlowEHR: triggers"."""

from __future__ import annotations

from typing import Any

from activities_gen.catalogue.examples import window
from activities_gen.catalogue.page import Page

MODULE = "FlowEHR, infrastructure/transform/pipeline.tf, azurerm_data_factory_trigger_tumbling_window"

_STARTED = {"pipelineReference": {"referenceName": "demo", "type": "PipelineReference"}, "parameters": {}}

_RETRY = {"count": 1, "intervalInSeconds": 30}


def _window(started: Any = None, **properties: Any) -> dict[str, Any]:
    return window(started or _STARTED, **({"retryPolicy": _RETRY} | properties))


PAGES = {
    "FLO120": Page(
        why=(
            "FlowEHR makes a tumbling window of every `trigger.json`: it reads `typeProperties.startTime`, `frequency` and "
            "`interval`, and one `pipeline`. A schedule trigger has none of them, and stops the plan of all pipelines."
        ),
        wrong={
            "name": "daily",
            "properties": {
                "type": "ScheduleTrigger",
                "pipelines": [_STARTED],
                "typeProperties": {
                    "recurrence": {
                        "frequency": "Day",
                        "interval": 1,
                        "startTime": "2024-01-01T00:00:00Z",
                        "timeZone": "UTC",
                    }
                },
            },
        },
        right=_window(),
        source=MODULE,
    ),
    "FLO121": Page(
        why="FlowEHR always sets a retry, whose `count` must be at least 1. No `retryPolicy`, no count, or 0 stop the plan.",
        wrong=window(_STARTED),
        right=_window(),
        source=MODULE,
    ),
    "FLO122": Page(
        why='`pipeline.parameters` must exist, at least as `{}`, and be a flat map of plain values. An Expression object stops the plan; a string such as `"@trigger().outputs.windowStartTime"` is right.',
        wrong=_window(
            _STARTED | {"parameters": {"day": {"value": "@trigger().outputs.windowStartTime", "type": "Expression"}}}
        ),
        right=_window(_STARTED | {"parameters": {"day": "@trigger().outputs.windowStartTime"}}),
        source=MODULE,
    ),
    "FLO123": Page(
        why="`referenceName` must be exactly the `name` in `pipeline.json`. A difference is noticed only by `apply`.",
        wrong={
            "pipeline.json": {"name": "demo", "properties": {"activities": [], "parameters": {}}},
            "Makefile": "artifacts:\n\ttrue\n",
            "trigger.json": _window(
                _STARTED | {"pipelineReference": {"referenceName": "dmeo", "type": "PipelineReference"}}
            ),
        },
        right={
            "pipeline.json": {"name": "demo", "properties": {"activities": [], "parameters": {}}},
            "Makefile": "artifacts:\n\ttrue\n",
            "trigger.json": _window(),
        },
        source=MODULE,
    ),
    "FLO124": Page(
        why="The frequency is exactly Minute, Hour or Month; times have seconds and a zone, as in `2024-01-01T00:00:00Z`; the interval is a whole number from 1.",
        wrong=_window(startTime="2024-01-01T00:00:00"),
        right=_window(startTime="2024-01-01T00:00:00Z"),
        source=MODULE,
    ),
    "FLO125": Page(
        why="Dependencies between triggers are not deployed, and every trigger is started, whatever `runtimeState` says. Description and annotations, which are dropped as well, are a note. The trigger's own name is replaced: FlowEHR calls it `TumblingWindowTrigger<directory>`.",
        wrong=_window(
            dependsOn=[
                {"type": "SelfDependencyTumblingWindowTriggerReference", "offset": "-1.00:00:00", "size": "1.00:00:00"}
            ]
        ),
        right=_window(),
        source=MODULE,
    ),
}
