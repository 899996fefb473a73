"""What FlowEHR's Terraform needs of a ``trigger.json``, and what it drops."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from activities_gen.findings import Severity
from activities_gen.model.values import is_arm_expression, is_placeholder, kind_of, whole_number
from activities_gen.rules.model import Subject, Violation, quoted, rule
from activities_gen.rules.triggers import AT, content_of, name_of, type_of
from activities_gen.rules.windows import IN_HOURS
from activities_gen.wire.document import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.rules.context import Context

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def _started(context: Context) -> dict[str, Any]:
    value = context.document.properties.get("pipeline")
    return value if isinstance(value, dict) else {}


@rule("FLO120", on=Subject.TRIGGER)
def tumbling_window(context: Context) -> Iterator[Violation]:
    """A trigger of another type, or without a key that FlowEHR reads."""
    properties, kind = context.document.properties, type_of(context)
    if kind != "TumblingWindowTrigger":
        yield Violation(
            f"{name_of(context)} {f'is a {kind}' if kind else 'has no type'}; FlowEHR deploys tumbling windows only.",
            ("properties", *_first("type", of=properties)),
        )
        return
    for key in ("startTime", "frequency", "interval"):
        if content_of(context).get(key) is None:
            yield Violation(f"{name_of(context)} has no {quoted(key)}, which FlowEHR's Terraform reads.", AT)
    if not isinstance(properties.get("pipeline"), dict):
        yield Violation(
            f"{name_of(context)} has no object 'pipeline', which FlowEHR's Terraform reads.",
            ("properties", *_first("pipeline", "pipelines", of=properties)),
        )


def _first(*keys: str, of: dict[str, Any]) -> tuple[str, ...]:
    """The rest of the path to the first of the keys that is there; empty if none is."""
    return next(((key,) for key in keys if key in of), ())


@rule("FLO121", on=Subject.TRIGGER)
def retries(context: Context) -> Iterator[Violation]:
    """A retry count that is missing or below one."""
    content = content_of(context)
    policy = content.get("retryPolicy")
    policy = policy if isinstance(policy, dict) else {}
    count = policy.get("count")
    if type_of(context) == "TumblingWindowTrigger" and not whole_number(count) and not _is_open(count):
        yield Violation(
            f"{name_of(context)} needs 'retryPolicy' with a 'count' of at least 1 under FlowEHR. Add \"retryPolicy\": {{\"count\": 1}}.",
            (*AT, *_first("retryPolicy", of=content), *_first("count", of=policy)),
        )


@rule("FLO122", on=Subject.TRIGGER)
def arguments(context: Context) -> Iterator[Violation]:
    """No parameters, or one that is no plain value."""
    started = _started(context)
    given = started.get("parameters")
    path = ("properties", "pipeline", "parameters")
    if started and not isinstance(given, dict):
        yield Violation(
            f"{name_of(context)} has no object 'parameters' in 'pipeline', which FlowEHR's Terraform reads. Add \"parameters\": {{}}.",
            (*path[:-1], *_first("parameters", of=started)),
        )
        return
    for name, value in (given or {}).items():
        if isinstance(value, (dict, list)):
            yield Violation(
                f'{name_of(context)} passes {kind_of(value)} as {quoted(name)}, at which FlowEHR\'s Terraform stops. Write a text such as "@…".',
                (*path, name),
            )
        elif value is None:
            yield Violation(
                f"{name_of(context)} passes null as {quoted(name)}, which FlowEHR leaves out. Delete it.",
                (*path, name),
                Severity.WARNING,
            )


@rule("FLO123", on=Subject.TRIGGER)
def started_pipeline(context: Context) -> Iterator[Violation]:
    """A reference that is not the pipeline's name."""
    reference = _started(context).get("pipelineReference")
    name = reference.get("referenceName") if isinstance(reference, dict) else None
    known = [known for known in context.repository.names(Kind.PIPELINE) if known]
    if isinstance(name, str) and known and name not in known:
        near = context.suggest(name, known) or f" It is {quoted(known[0])}."
        yield Violation(
            f"{name_of(context)} starts {quoted(name)}, which is not the name in pipeline.json.{near}",
            ("properties", "pipeline"),
        )


def _is_open(value: object) -> bool:
    """Whether nothing is known of a value; an ARM expression that FLO124 reports is not looked at again."""
    return is_placeholder(value) or is_arm_expression(value)


def _settings(content: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The values of a window that Terraform reads, by their place; those of the retry policy after a dot."""
    policy = content.get("retryPolicy")
    inner = policy.items() if isinstance(policy, dict) else ()
    yield from ((key, value) for key, value in content.items() if key not in ("retryPolicy", "dependsOn"))
    yield from ((f"retryPolicy.{key}", value) for key, value in inner)


@rule("FLO124", on=Subject.TRIGGER)
def values(context: Context) -> Iterator[Violation]:
    """A frequency, time, interval or ARM expression that the provider refuses."""
    content = content_of(context) if type_of(context) == "TumblingWindowTrigger" else {}
    for key, value in _settings(content):
        if is_arm_expression(value):
            yield Violation(
                f"{name_of(context)} has the ARM expression {quoted(value)} as {quoted(key)}, which is plain text to FlowEHR. Write the value itself.",
                (*AT, *key.split(".")),
            )
    yield from _refused(context, {key: value for key, value in content.items() if not _is_open(value)})


def _refused(context: Context, content: dict[str, Any]) -> Iterator[Violation]:
    """Yields what the provider refuses among plain values."""
    for key in ("startTime", "endTime"):
        value = content.get(key)
        if value is not None and not (isinstance(value, str) and _RFC3339.fullmatch(value)):
            yield Violation(
                f"{name_of(context)} has {quoted(value)} as {quoted(key)}. FlowEHR's Terraform needs a zone: '2024-01-01T00:00:00Z'.",
                (*AT, key),
            )
    frequency, interval = content.get("frequency"), content.get("interval")
    if isinstance(frequency, str) and frequency not in ("Minute", "Hour", "Month"):
        near = IN_HOURS.get(frequency.casefold()) or context.suggest(frequency, ["Minute", "Hour", "Month"])
        yield Violation(
            f"{name_of(context)} has the frequency {quoted(frequency)}; FlowEHR's Terraform takes Minute, Hour and Month.{near}",
            (*AT, "frequency"),
        )
    if isinstance(interval, str):
        yield Violation(
            f"{name_of(context)} has the text {quoted(interval)} as 'interval'. Write the number without quotes.",
            (*AT, "interval"),
            None if whole_number(interval) is None else Severity.WARNING,
        )


@rule("FLO125", on=Subject.TRIGGER)
def ignored(context: Context) -> Iterator[Violation]:
    """Dependencies, a state that FlowEHR does not keep, a description or annotations."""
    if content_of(context).get("dependsOn"):
        yield Violation(f"{name_of(context)} has 'dependsOn', which FlowEHR does not deploy.", (*AT, "dependsOn"))
    state = context.document.properties.get("runtimeState")
    if isinstance(state, str) and state.casefold() != "started":
        yield Violation(
            f"{name_of(context)} is {quoted(state)}; FlowEHR starts every trigger. Remove the file to have none.",
            ("properties", "runtimeState"),
        )
    for key in ("annotations", "description"):
        if context.document.properties.get(key):
            yield Violation(
                f"{name_of(context)} has {quoted(key)}, which FlowEHR does not deploy.",
                ("properties", key),
                Severity.NOTE,
            )
