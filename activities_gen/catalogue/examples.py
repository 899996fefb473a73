"""Short ways to write the activities in the rules' examples."""

from __future__ import annotations

from typing import Any

from activities_gen.catalogue.page import Session

Json = dict[str, Any]

DATABRICKS = {"referenceName": "ADBLinkedServiceViaMSI", "type": "LinkedServiceReference"}


def wait(name: str = "Wait", **more: Any) -> Json:
    """An activity that does nothing for a second; further keys of the activity may be given."""
    return {"name": name, "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}} | more


def python(name: str = "Ingest", **properties: Any) -> Json:
    """A Python activity; ``properties`` are its ``typeProperties``."""
    return {
        "name": name,
        "type": "DatabricksSparkPython",
        "typeProperties": {"pythonFile": "dbfs:/pipelines/demo/artifacts/entrypoint.py"} | properties,
        "linkedServiceName": DATABRICKS,
    }


def activity(kind: str, name: str, **properties: Any) -> Json:
    """Any activity; ``properties`` are its ``typeProperties``."""
    return {"name": name, "type": kind, "typeProperties": properties}


def web(name: str = "Call", **properties: Any) -> Json:
    """A Web activity that gets a page."""
    return activity("WebActivity", name, **({"url": "https://example.org", "method": "GET"} | properties))


def expression(text: str) -> Json:
    """An Expression object."""
    return {"value": text, "type": "Expression"}


def after(*names: str, on: str = "Succeeded") -> list[Json]:
    """A ``dependsOn`` with one condition for all."""
    return [{"activity": name, "dependencyConditions": [on]} for name in names]


def loop(*inner: Json, name: str = "Each", items: str = "@createArray(1, 2)", **properties: Any) -> Json:
    """A ForEach."""
    return activity("ForEach", name, items=expression(items), activities=list(inner), **properties)


def pipeline(*activities: Json, name: str = "demo", **properties: Any) -> Json:
    """A pipeline resource."""
    return {"name": name, "properties": {"activities": list(activities)} | properties}


def set_variable(variable: str, value: Any, name: str = "Set") -> Json:
    """A Set Variable activity."""
    return activity("SetVariable", name, variableName=variable, value=value)


REFERENCE = {"referenceName": "demo", "type": "PipelineReference"}
"""The pipeline that the triggers of the examples start."""


def call(target: str, name: str = "Run", **properties: Any) -> dict[str, Any]:
    """An ExecutePipeline activity, for examples."""
    reference = {"referenceName": target, "type": "PipelineReference"}
    return activity("ExecutePipeline", name, **({"pipeline": reference, "waitOnCompletion": True} | properties))


def dataset(name: str = "File", **parameters: Any) -> dict[str, Any]:
    """A dataset on the linked service ``Store``, for examples."""
    properties: dict[str, Any] = {
        "type": "Json",
        "linkedServiceName": {"referenceName": "Store", "type": "LinkedServiceReference"},
    }
    return {"name": name, "properties": properties | ({"parameters": parameters} if parameters else {})}


def read(reference: str, **arguments: Any) -> dict[str, Any]:
    """A GetMetadata activity on a dataset, for examples."""
    found: dict[str, Any] = {"referenceName": reference, "type": "DatasetReference"}
    return activity(
        "GetMetadata", "Look", dataset=found | ({"parameters": arguments} if arguments else {}), fieldList=["exists"]
    )


def window(pipeline: Any = None, **properties: Any) -> dict[str, Any]:
    """A tumbling window trigger, for examples; ``None`` leaves a key out."""
    base = {"frequency": "Hour", "interval": 24, "startTime": "2024-01-01T00:00:00Z", "maxConcurrency": 1}
    content = {key: value for key, value in (base | properties).items() if value is not None}
    started = pipeline or {"pipelineReference": REFERENCE, "parameters": {}}
    return {
        "name": "daily",
        "properties": {"type": "TumblingWindowTrigger", "pipeline": started, "typeProperties": content},
    }


def trigger(kind: str, **properties: Any) -> dict[str, Any]:
    """A trigger of a kind that may start several pipelines, for examples."""
    pipelines = [{"pipelineReference": REFERENCE, "parameters": {}}]
    return {"name": "daily", "properties": {"type": kind, "pipelines": pipelines, "typeProperties": properties}}


def schedule(**recurrence: Any) -> dict[str, Any]:
    """A schedule trigger, for examples."""
    base = {"frequency": "Day", "interval": 1, "startTime": "2024-01-01T00:00:00Z", "timeZone": "UTC"}
    return trigger("ScheduleTrigger", recurrence=base | recurrence)


GENERATE = "activities-gen generate"
_IMPORTS = "from activities_gen import Pipeline\nfrom azure.mgmt.datafactory.models import WaitActivity\n\n"
WAIT = (
    _IMPORTS
    + 'pause = WaitActivity(name="Pause", wait_time_in_seconds=1)\npipeline = Pipeline("demo", activities=[pause])\n'
)
"""An ``activities.py`` whose pipeline waits for a second."""


def defining(*lines: str, command: str = GENERATE, **files: Any) -> Session:
    """A command on an ``activities.py`` of these lines; further files may be given."""
    return Session(command, {"activities.py": _IMPORTS + "\n".join(lines) + "\n"} | files)
