"""The triggers of a pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azure.mgmt.datafactory.models import Trigger, TumblingWindowTrigger

from activities_gen.importing.codegen.models import attributes, model, starts_pipeline, unknown, with_extra
from activities_gen.importing.codegen.printer import Atom, Node, mapping

if TYPE_CHECKING:
    from collections.abc import Sequence

    from activities_gen.importing.codegen.models import Builder
    from activities_gen.wire.document import Document

_RETRY = {"count": "retries", "intervalInSeconds": "retry_interval"}
_DEFAULTS = {"max_concurrency": 1, "retries": 1, "retry_interval": 30}
_FREE = frozenset({"start_time", "end_time", "delay"})


def trigger_value(builder: Builder, triggers: Sequence[Document], default_name: str) -> Node | None:
    """Returns what makes the triggers of a pipeline.

    Args:
        builder: The module.
        triggers: Their documents.
        default_name: What a single trigger is called where the definition does not name it.

    Returns:
        The value of ``pipeline.trigger``, ``None`` if there are no triggers.
    """
    named = {trigger.name: _expression(builder, trigger.properties) for trigger in triggers}
    if list(named) == [default_name]:
        return named[default_name]
    return mapping(named) if named else None


def _expression(builder: Builder, properties: dict[str, Any]) -> Node:
    """Returns what makes one trigger."""
    if _is_plain_window(builder, properties):
        return _window(builder, properties)
    made = model(builder, properties, Trigger)
    return builder.raw(properties) if made is None else made


def _is_plain_window(builder: Builder, properties: dict[str, Any]) -> bool:
    """Whether ``tumbling_window`` can make a trigger: it always writes the pipeline, a retry policy and a limit."""
    inner = properties.get("typeProperties")
    if properties.get("type") != "TumblingWindowTrigger" or not isinstance(inner, dict):
        return False
    retry = inner.get("retryPolicy")
    return (
        starts_pipeline(properties.get("pipeline"), builder.pipeline)
        and isinstance(retry, dict)
        and set(retry) == set(_RETRY)
        and all(type(number) is int for number in [*retry.values(), inner.get("interval"), inner.get("maxConcurrency")])
        and all(isinstance(inner.get(key), str) for key in ("frequency", "startTime"))
        and all(isinstance(inner.get(key, ""), str) for key in ("endTime", "delay"))
    )


def _window(builder: Builder, properties: dict[str, Any]) -> Node:
    """A call of ``tumbling_window`` with what is not its default."""
    replaced = ("pipeline", "retry_policy", "max_concurrency")
    options = attributes(builder, properties, TumblingWindowTrigger, _FREE, replaced)
    parameters = properties["pipeline"]["parameters"]
    retry = properties["typeProperties"]["retryPolicy"]
    numbers = {_RETRY[key]: retry[key] for key in _RETRY}
    numbers["max_concurrency"] = properties["typeProperties"]["maxConcurrency"]
    if parameters:
        options["parameters"] = builder.value(parameters)
    options |= {key: Atom(repr(number)) for key, number in numbers.items() if number != _DEFAULTS[key]}
    ordered = {key: options[key] for key in _KEYWORDS if key in options}
    return with_extra(builder, builder.helper("tumbling_window", **ordered), unknown(properties, TumblingWindowTrigger))


_KEYWORDS = (
    "frequency",
    "interval",
    "start_time",
    "parameters",
    "end_time",
    "delay",
    "max_concurrency",
    "retries",
    "retry_interval",
    "depends_on",
    "description",
    "annotations",
)
