"""Azure Data Factory pipelines as typed Python: defined, checked, run and deployed from one definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.lazy import lazy_names

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

_HOMES = {
    "activities_gen.definition.activities": ("after", "databricks", "policy", "spark_python"),
    "activities_gen.definition.pipeline": ("Pipeline",),
    "activities_gen.definition.triggers": ("this_pipeline", "tumbling_window"),
    "activities_gen.expressions": ("calls as functions",),
    "activities_gen.expressions.build": (
        "error_of",
        "global_parameter",
        "item",
        "status_of",
        "system",
        "trigger",
        "trigger_body",
        "window_end",
        "window_start",
    ),
    "activities_gen.expressions.expr": ("Expr", "literal"),
    "activities_gen.expressions.outputs": ("output_of",),
    "activities_gen.wire.placeholders": ("artifact", "wheel", "wheel_version"),
    "activities_gen.wire.raw": ("raw", "with_json", "with_spelling"),
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

# A check of JSON files never needs the SDK.
__getattr__, __dir__ = lazy_names(__name__, _HOMES)
