"""What the pages say of the family "Triggers"."""

from __future__ import annotations

from activities_gen.catalogue.examples import REFERENCE, window
from activities_gen.catalogue.page import Page

SYSTEM = "https://learn.microsoft.com/azure/data-factory/control-flow-system-variables"

TRIGGERS = "https://learn.microsoft.com/azure/data-factory/concepts-pipeline-execution-triggers"


PAGES = {
    "ADF701": Page(
        why="The types are TumblingWindowTrigger, ScheduleTrigger, BlobEventsTrigger, CustomEventsTrigger and a few older ones.",
        wrong={"name": "daily", "properties": {"type": "TumblingTrigger", "typeProperties": {}}},
        right=window(),
        source=TRIGGERS,
    ),
    "ADF702": Page(
        why="Azure refuses it.",
        wrong=window(startTime=None),
        right=window(),
        source=TRIGGERS,
    ),
    "ADF703": Page(
        why='For example `"24"`, a string, instead of a whole number. A value that a lenient reader would convert is a warning.',
        wrong=window(interval={"hours": 24}),
        right=window(interval=24),
        source=TRIGGERS,
    ),
    "ADF704": Page(
        why="It has no effect.",
        wrong=window(intervall=24),
        right=window(interval=24),
        source=TRIGGERS,
    ),
    "ADF705": Page(
        why="A tumbling window starts one pipeline, in `pipeline`; other triggers may start several, in the list `pipelines`. Each entry has a `pipelineReference` with `referenceName`. A trigger has one of the two keys, never both. A trigger that starts nothing yet is a warning, and an error if its `runtimeState` is Started: starting it ends in `Missing or invalid pipeline references`.",
        wrong={
            "name": "daily",
            "properties": {
                "type": "TumblingWindowTrigger",
                "pipelines": [{"pipelineReference": REFERENCE}],
                "typeProperties": window()["properties"]["typeProperties"],
            },
        },
        right=window(),
        source=TRIGGERS,
    ),
    "ADF706": Page(
        why="Checked if the whole repository of the factory is there.",
        wrong={
            "trigger/daily.json": window({"pipelineReference": REFERENCE | {"referenceName": "dmeo"}}),
            "pipeline/demo.json": {"name": "demo", "properties": {"activities": []}},
        },
        right={
            "trigger/daily.json": window(),
            "pipeline/demo.json": {"name": "demo", "properties": {"activities": []}},
        },
        source=TRIGGERS,
    ),
    "ADF707": Page(
        why="A parameter without a default gets its value from the trigger, or from nowhere; each is reported once. An argument for a parameter that the pipeline does not declare has no effect, and one of another type is not what its expressions expect.",
        wrong={
            "trigger/daily.json": window(),
            "pipeline/demo.json": {
                "name": "demo",
                "properties": {"activities": [], "parameters": {"day": {"type": "string"}}},
            },
        },
        right={
            "trigger/daily.json": window(
                {"pipelineReference": REFERENCE, "parameters": {"day": "@trigger().outputs.windowStartTime"}}
            ),
            "pipeline/demo.json": {
                "name": "demo",
                "properties": {"activities": [], "parameters": {"day": {"type": "string"}}},
            },
        },
        source=TRIGGERS,
    ),
    "ADF720": Page(
        why="By the documentation each entry has `parameters`, which may be empty. FlowEHR's Terraform needs it.",
        wrong=window({"pipelineReference": {"referenceName": "demo", "type": "PipelineReference"}}),
        right=window(),
        source=TRIGGERS,
    ),
    "ADF724": Page(
        why=(
            "Tumbling windows have `trigger().outputs.windowStartTime` and `windowEndTime`, they and schedules "
            "`trigger().scheduledTime`, all `trigger().startTime`; storage events `triggerBody().fileName` and `folderPath`, custom events "
            "`triggerBody().event`."
        ),
        wrong=window({"pipelineReference": REFERENCE, "parameters": {"file": "@triggerBody().fileName"}}),
        right=window({"pipelineReference": REFERENCE, "parameters": {"day": "@trigger().outputs.windowStartTime"}}),
        source=SYSTEM,
    ),
}
