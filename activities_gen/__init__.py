"""Azure Data Factory pipelines as typed Python: defined, checked, run and deployed from one definition."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from activities_gen.definition.activities import after, databricks, spark_python
    from activities_gen.definition.pipeline import Pipeline
    from activities_gen.definition.triggers import this_pipeline, tumbling_window
    from activities_gen.wire.placeholders import artifact, wheel, wheel_version
    from activities_gen.wire.raw import raw, with_json

__all__ = [
    "Pipeline",
    "after",
    "artifact",
    "databricks",
    "raw",
    "spark_python",
    "this_pipeline",
    "tumbling_window",
    "wheel",
    "wheel_version",
    "with_json",
]

_HOME = {
    "Pipeline": "definition.pipeline",
    "after": "definition.activities",
    "databricks": "definition.activities",
    "spark_python": "definition.activities",
    "this_pipeline": "definition.triggers",
    "tumbling_window": "definition.triggers",
    "artifact": "wire.placeholders",
    "wheel": "wire.placeholders",
    "wheel_version": "wire.placeholders",
    "raw": "wire.raw",
    "with_json": "wire.raw",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is used: a check of JSON files never needs the SDK."""
    if name not in _HOME:
        raise AttributeError(f"module 'activities_gen' has no attribute '{name}'")
    return getattr(importlib.import_module(f"activities_gen.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)
