"""What an expression can read, as Python functions: parameters, variables, results of activities, the trigger, the item."""

from __future__ import annotations

from typing import Any

from activities_gen.expressions.build import Expr, body, call, quote

_PIPELINE = Expr("@pipeline()")


def parameter_reference(name: str) -> Expr:
    """A parameter of the pipeline, ``@pipeline().parameters.name``."""
    return _PIPELINE["parameters"][name]


def global_parameter(name: str) -> Expr:
    """A global parameter of the factory, ``@pipeline().globalParameters.name``."""
    return _PIPELINE["globalParameters"][name]


def variable_reference(name: str) -> Expr:
    """A variable of the pipeline, ``@variables('name')``."""
    return Expr(f"@variables({body(name) if isinstance(name, Expr) else quote(name)})")


def dataset_parameter(name: str) -> Expr:
    """A parameter of the dataset in whose definition it stands, ``@dataset().name``."""
    return call("dataset")[name]


def linked_service_parameter(name: str) -> Expr:
    """A parameter of the linked service in whose definition it stands, ``@linkedService().name``."""
    return call("linkedService")[name]


def item() -> Expr:
    """The current element inside a ForEach activity, or in the condition of a Filter activity."""
    return call("item")


def _result(activity: Any) -> Expr:
    """What an activity, or the activity of that name, left behind."""
    name = activity if isinstance(activity, str) else getattr(activity, "name", None)
    if not isinstance(name, str) or isinstance(name, Expr) or not name:
        raise TypeError(f"needs an activity or its name, not {activity!r}")
    return Expr("@activity('" + name.replace("'", "''") + "')")


def output_of(activity: Any) -> Expr:
    """The output of an activity that has run, given as the activity itself or as its name."""
    return _result(activity)["output"]


def first_row_of(activity: Any) -> Expr:
    """The one row that a Lookup activity with ``first_row_only`` has found."""
    return output_of(activity)["firstRow"]


def rows_of(activity: Any) -> Expr:
    """The rows that a Lookup activity without ``first_row_only`` has found, an array."""
    return output_of(activity)["value"]


def error_of(activity: Any) -> Expr:
    """The error of an activity that has failed: ``error_of(a).message``, ``.errorCode`` and ``.failureType``."""
    return _result(activity)["error"]


def status_of(activity: Any) -> Expr:
    """How an activity ended: ``Succeeded``, ``Failed``, ``Skipped``."""
    return _result(activity)["Status"]


def run_id_of(activity: Any) -> Expr:
    """The identifier of an activity's run."""
    return _result(activity)["ActivityRunId"]


def trigger_outputs() -> Expr:
    """The outputs of the trigger in whose definition it stands."""
    return call("trigger")["outputs"]


def window_start_time() -> Expr:
    """The start of the window, in the definition of a tumbling window trigger."""
    return trigger_outputs()["windowStartTime"]


def window_end_time() -> Expr:
    """The end of the window, in the definition of a tumbling window trigger."""
    return trigger_outputs()["windowEndTime"]


def scheduled_time() -> Expr:
    """The time for which a schedule or tumbling window trigger was planned, in its definition."""
    return call("trigger")["scheduledTime"]


def start_time() -> Expr:
    """The time at which a trigger fired, in its definition."""
    return call("trigger")["startTime"]


def trigger_body() -> Expr:
    """The event that fired an event trigger, in its definition: ``trigger_body().fileName``, ``.folderPath``."""
    return call("triggerBody")


class PipelineSystem:
    """The system variables of a pipeline, by ADF's own names: ``pipeline_system.RunId``.

    Those that are missing in some runs are read with ``?.``, so that they are null there.
    """

    DataFactory: Expr
    Pipeline: Expr
    RunId: Expr
    TriggerType: Expr
    TriggerId: Expr
    TriggerName: Expr
    TriggerTime: Expr
    GroupId: Expr
    TriggeredByPipelineName: Expr
    TriggeredByPipelineRunId: Expr

    _PERHAPS_MISSING = frozenset({"GroupId", "TriggeredByPipelineName", "TriggeredByPipelineRunId"})

    def __getattr__(self, name: str) -> Expr:
        """The system variable of that name."""
        if name not in PipelineSystem.__annotations__:
            from activities_gen.findings import suggestion  # noqa: PLC0415 - for the message alone

            known = suggestion(name, PipelineSystem.__annotations__)
            raise AttributeError(f"'{name}' is not a system variable of pipelines.{known}")
        return _PIPELINE.optional(name) if name in self._PERHAPS_MISSING else _PIPELINE[name]


pipeline_system = PipelineSystem()
"""The system variables of a pipeline."""
