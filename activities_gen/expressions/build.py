"""Builds expressions in Python: calls with Python's values as arguments, and what an expression can refer to.

Neither this module nor :mod:`~activities_gen.expressions.expr` imports anything of the parser or the evaluator: every
``activities.py`` imports both.
"""

from __future__ import annotations

from typing import Any

from activities_gen.expressions.expr import Expr, Text, body, quote, split

_INT64 = 2**63

NOT_GIVEN: Any = object()
"""Stands for an optional argument that is left out; ``None`` is a value, ``null``."""


def argument(value: Any) -> str:
    """A Python value as an argument of a function.

    An :class:`Expr` stands as it is. A string that an f-string made, with ``@{...}`` in it, becomes a ``concat``; every
    other string is a literal, ``@`` or not. Lists become ``createArray``, and dictionaries of constants ``json``.

    Raises:
        TypeError: The language has no such value.
        ValueError: A number is out of range.
    """
    if isinstance(value, Expr):
        return body(value)
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, (list, tuple)):
        return f"createArray({', '.join(map(argument, value))})" if value else "json('[]')"
    if isinstance(value, dict):
        return _object(value)
    raise TypeError(f"an expression has no value like {value!r} of type {type(value).__name__}")


def _text(value: str) -> str:
    """A string as an argument."""
    if not isinstance(value, Text) and "@{" not in value:
        return quote(value)
    if "@@{" in value and not isinstance(value, Text):
        raise ValueError(f"the '@' before '@{{' makes it a text in {value[:60]!r}; join with '+', or use literal()")
    parts = [body(part) if isinstance(part, Expr) else quote(part) for part in split(value)]
    if len(parts) == 1:
        return parts[0] if parts[0].startswith("'") else f"string({parts[0]})"
    return f"concat({', '.join(parts)})" if parts else "''"


def _number(value: float) -> str:
    """A number as a literal."""
    if isinstance(value, int):
        if not -_INT64 <= value < _INT64:
            raise ValueError(f"{value} is outside the range of a 64 bit integer")
        return str(int(value))
    text = repr(float(value))
    if text.strip("-") in ("inf", "nan"):
        raise ValueError(f"an expression has no number {text}")
    return text


def _object(value: dict[Any, Any]) -> str:
    """A dictionary of constants as an argument."""
    import json  # noqa: PLC0415 - for dictionaries alone

    if _holds_expression(value):
        raise TypeError(
            "an object with expressions in it has no literal; build its JSON text with concat() and json_()"
        )
    return f"json({quote(json.dumps(value, ensure_ascii=False, allow_nan=False))})"


def _holds_expression(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_expression, [*value, *value.values()]))
    if isinstance(value, (list, tuple)):
        return any(map(_holds_expression, value))
    return isinstance(value, str) and (isinstance(value, Expr) or "@{" in value)


def expression(text: str) -> Expr:
    """An expression that is written by hand, with or without its ``@``, for what the functions here cannot say."""
    return Expr(text if text.startswith("@") else f"@{text}")


def call(name: str, *arguments: Any) -> Expr:
    """A call of a function of the language with Python values as arguments; :data:`NOT_GIVEN` is left out."""
    given = [argument(value) for value in arguments if value is not NOT_GIVEN]
    return Expr(f"@{name}({', '.join(given)})")


# --- what an expression can refer to ----------------------------------------------------------------------------------


_PIPELINE = Expr("@pipeline()")


def parameter(name: str) -> Expr:
    """The value of a pipeline parameter; ``Pipeline.parameter()`` declares one and returns this."""
    return _PIPELINE["parameters"][name]


def global_parameter(name: str) -> Expr:
    """The value of a global parameter of the factory."""
    return _PIPELINE["globalParameters"][name]


def variable(name: str) -> Expr:
    """The value of a variable; ``Pipeline.variable()`` declares one and returns this."""
    return Expr(f"@variables({quote(name)})")


def item() -> Expr:
    """The element that a ForEach or a Filter is at."""
    return Expr("@item()")


def error_of(activity: Any) -> Expr:
    """The error of an activity that failed before: ``error_of(copy).message``, ``.errorCode``, ``.failureType``."""
    return Expr(f"@activity({quote(name_of(activity))}).error")


def status_of(activity: Any) -> Expr:
    """How an activity ended: ``Succeeded``, ``Failed`` or ``Skipped``."""
    return Expr(f"@activity({quote(name_of(activity))}).Status")


def name_of(activity: Any) -> str:
    """The name of an activity, or the name itself.

    Raises:
        TypeError: It is neither.
    """
    name = activity if isinstance(activity, str) else getattr(activity, "name", None)
    if not isinstance(name, str):
        raise TypeError(f"takes an activity or its name, not {activity!r} ({type(activity).__name__})")
    return name


class _System:
    """ADF's system variables of a pipeline run."""

    data_factory = Expr("@pipeline().DataFactory")
    pipeline = Expr("@pipeline().Pipeline")
    run_id = Expr("@pipeline().RunId")
    trigger_type = Expr("@pipeline().TriggerType")
    trigger_id = Expr("@pipeline().TriggerId")
    trigger_name = Expr("@pipeline().TriggerName")
    trigger_time = Expr("@pipeline().TriggerTime")
    group_id = Expr("@pipeline()?.GroupId")
    triggered_by_pipeline_name = Expr("@pipeline()?.TriggeredByPipelineName")
    triggered_by_pipeline_run_id = Expr("@pipeline()?.TriggeredByPipelineRunId")


system = _System()
"""ADF's system variables of a pipeline run, as in ``system.run_id``."""


def window_start() -> Expr:
    """The start of a tumbling window; in a trigger's parameters only."""
    return Expr("@trigger().outputs.windowStartTime")


def window_end() -> Expr:
    """The end of a tumbling window; in a trigger's parameters only."""
    return Expr("@trigger().outputs.windowEndTime")


def trigger() -> Expr:
    """The trigger that fired, in a trigger's parameters only: ``trigger().scheduledTime``, ``trigger().startTime``."""
    return Expr("@trigger()")


def trigger_body() -> Expr:
    """Returns what an event trigger was told: ``trigger_body().fileName``, ``.folderPath``, ``.event.subject``."""
    return Expr("@triggerBody()")
