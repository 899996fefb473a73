"""Azure Data Factory pipelines as typed Python: defined, checked, run and deployed from one definition."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from activities_gen.definition.activities import after, databricks, policy, spark_python
    from activities_gen.definition.pipeline import Pipeline
    from activities_gen.definition.triggers import this_pipeline, tumbling_window
    from activities_gen.expressions import calls as functions
    from activities_gen.expressions.build import (
        error_of,
        global_parameter,
        item,
        status_of,
        system,
        trigger,
        trigger_body,
        window_end,
        window_start,
    )
    from activities_gen.expressions.expr import Expr, literal
    from activities_gen.expressions.outputs import output_of
    from activities_gen.wire.placeholders import artifact, wheel, wheel_version
    from activities_gen.wire.raw import raw, with_json, with_spelling

_HOME = {
    "Pipeline": "definition.pipeline",
    "after": "definition.activities",
    "databricks": "definition.activities",
    "policy": "definition.activities",
    "spark_python": "definition.activities",
    "this_pipeline": "definition.triggers",
    "tumbling_window": "definition.triggers",
    "functions": "expressions.calls",
    "Expr": "expressions.expr",
    "error_of": "expressions.build",
    "global_parameter": "expressions.build",
    "item": "expressions.build",
    "literal": "expressions.expr",
    "output_of": "expressions.outputs",
    "status_of": "expressions.build",
    "system": "expressions.build",
    "trigger": "expressions.build",
    "trigger_body": "expressions.build",
    "window_end": "expressions.build",
    "window_start": "expressions.build",
    "artifact": "wire.placeholders",
    "wheel": "wire.placeholders",
    "wheel_version": "wire.placeholders",
    "raw": "wire.raw",
    "with_json": "wire.raw",
    "with_spelling": "wire.raw",
}

__all__ = [
    "Expr",
    "Pipeline",
    "after",
    "artifact",
    "databricks",
    "error_of",
    "functions",
    "global_parameter",
    "item",
    "literal",
    "output_of",
    "policy",
    "raw",
    "spark_python",
    "status_of",
    "system",
    "this_pipeline",
    "trigger",
    "trigger_body",
    "tumbling_window",
    "wheel",
    "wheel_version",
    "window_end",
    "window_start",
    "with_json",
    "with_spelling",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is used: a check of JSON files never needs the SDK."""
    if name not in _HOME:
        raise AttributeError(f"module 'activities_gen' has no attribute '{name}'")
    module = importlib.import_module(f"activities_gen.{_HOME[name]}")
    return module if name == "functions" else getattr(module, name)


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)
