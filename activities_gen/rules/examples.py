"""Short ways to write the activities in the rules' examples."""

from __future__ import annotations

from typing import Any

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
