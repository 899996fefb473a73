"""What the pages say of the family "Tumbling windows"."""

from __future__ import annotations

from typing import Any

from activities_gen.catalogue.examples import window
from activities_gen.catalogue.page import Page

WINDOW = "https://learn.microsoft.com/azure/data-factory/how-to-create-tumbling-window-trigger"

DEPENDENCY = "https://learn.microsoft.com/azure/data-factory/tumbling-window-trigger-dependency"

_SELF = {"type": "SelfDependencyTumblingWindowTriggerReference", "offset": "-1.00:00:00", "size": "1.00:00:00"}


def _depends(on: str) -> dict[str, Any]:
    reference = {"referenceName": on, "type": "TriggerReference"}
    return window(dependsOn=[{"type": "TumblingWindowTriggerDependencyReference", "referenceTrigger": reference}])


_PIPELINE = {"name": "demo", "properties": {"activities": []}}


PAGES = {
    "ADF708": Page(
        why=(
            "The frequencies are Minute, Hour and Month; a day is 24 hours, a week 168. The interval is a whole number from 1, in "
            "minutes from 5."
        ),
        wrong=window(frequency="Day", interval=1),
        right=window(frequency="Hour", interval=24),
        source=WINDOW,
    ),
    "ADF709": Page(
        why="Times are written as `2024-01-01T00:00:00Z`; a tumbling window's are in UTC; the end comes after the start.",
        wrong=window(startTime="01/01/2024"),
        right=window(startTime="2024-01-01T00:00:00Z"),
        source=WINDOW,
    ),
    "ADF710": Page(
        why=(
            "`maxConcurrency` is 1 to 50; `delay` is a time span `d.hh:mm:ss`; `retryPolicy.count` is from 0 and "
            "`intervalInSeconds` 30 to 86,400."
        ),
        wrong=window(maxConcurrency=100),
        right=window(maxConcurrency=50),
        source=WINDOW,
    ),
    "ADF711": Page(
        why=(
            "There are at most five. A dependency on the trigger itself needs a negative `offset`; offset and size are time "
            "spans, the size a positive one; another trigger is named in `referenceTrigger`."
        ),
        wrong=window(dependsOn=[_SELF | {"offset": "1.00:00:00"}]),
        right=window(dependsOn=[_SELF]),
        source=DEPENDENCY,
    ),
    "ADF721": Page(
        why="A tumbling window can depend only on tumbling windows. Checked if the repository has a folder `trigger`.",
        wrong={"trigger/daily.json": _depends("hourly"), "pipeline/demo.json": _PIPELINE},
        right={
            "trigger/daily.json": _depends("hourly"),
            "trigger/hourly.json": window() | {"name": "hourly"},
            "pipeline/demo.json": _PIPELINE,
        },
        source=DEPENDENCY,
    ),
    "ADF722": Page(
        why="None of their windows can start first.",
        wrong={
            "trigger/daily.json": _depends("hourly"),
            "trigger/hourly.json": _depends("daily") | {"name": "hourly"},
            "pipeline/demo.json": _PIPELINE,
        },
        right={
            "trigger/daily.json": _depends("hourly"),
            "trigger/hourly.json": window() | {"name": "hourly"},
            "pipeline/demo.json": _PIPELINE,
        },
        source=DEPENDENCY,
    ),
}
