"""Policies and every other time span: formats, ranges and their traps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from activities_gen.findings import Layer, Severity
from activities_gen.rules import schema
from activities_gen.rules.context import Context, title
from activities_gen.rules.elsewhere import foreign
from activities_gen.rules.examples import python, wait
from activities_gen.rules.model import Mark, Target, quoted, rule
from activities_gen.rules.values import DAY, is_dynamic, kind_of, means_days, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.findings import JsonPath
    from activities_gen.wire.document import Nested

POLICY = "https://learn.microsoft.com/azure/data-factory/concepts-pipelines-activities#activity-policy"
MODEL = "REST interface of Data Factory, ActivityPolicy"
_KEYS = ("timeout", "retry", "retryIntervalInSeconds", "secureInput", "secureOutput")
_OF_CONTROL = {
    "ExecutePipeline": ("secureInput",),
    "SetVariable": ("secureInput", "secureOutput"),
    "WebHook": ("secureInput", "secureOutput"),
}
_SPANS = {"Until": "timeout", "Validation": "timeout", "WebHook": "timeout", "WebActivity": "httpRequestTimeout"}
_LONGEST = {"Until": 90 * DAY}


def _spans(context: Context) -> list[tuple[Nested, JsonPath, str]]:
    """Every literal time span of the active activities: activity, path in the document, text."""
    found: list[tuple[Nested, JsonPath, str]] = context.once("spans", lambda: list(_find_spans(context)))
    return found


def _find_spans(context: Context) -> Iterator[tuple[Nested, JsonPath, str]]:
    for node in context.active:
        policy = node.activity.get("policy")
        places: list[tuple[Any, JsonPath]] = []
        if isinstance(policy, dict):
            places.append((policy.get("timeout"), ("policy", "timeout")))
        key = _SPANS.get(node.type)
        if key:
            places.append((node.type_properties.get(key), ("typeProperties", key)))
        for value, path in places:
            if isinstance(value, str) and not is_dynamic(value):
                yield node, (*node.path, *path), value


@rule(
    "ADF230",
    "a time span that cannot be read",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    why="Time spans are written `[d.]hh:mm:ss`, hours with two digits and below 24, as `0.12:00:00` for twelve hours. "
    "Other forms that .NET reads and the model's pattern does not, such as `1:00:00` or `7`, are a warning.",
    wrong=[python() | {"policy": {"timeout": "12h"}}],
    right=[python() | {"policy": {"timeout": "0.12:00:00"}}],
    source=POLICY,
)
def unreadable_span(context: Context) -> Iterator[Mark]:
    """A timeout in another form."""
    for node, path, value in _spans(context):
        if seconds(value) is None:
            message = f"{title(node)} has the timeout {quoted(value)}. Write it as 'd.hh:mm:ss', such as '0.12:00:00' for twelve hours."
            lenient = _DOTNET.fullmatch(value) is not None
            yield Mark(message, path, Severity.WARNING if lenient else None)


_DOTNET = re.compile(
    r"\s*(?:\d{1,8}|(?:\d{1,8}\.)?(?:[01]?\d|2[0-3]):[0-5]?\d(?::[0-5]?\d(?:\.\d{1,7})?)?)\s*", re.ASCII
)
"""What ``TimeSpan.Parse`` of .NET reads: ``d``, or ``[d.]hh:mm[:ss[.fff]]`` with one or two digits each."""


@rule(
    "ADF231",
    "a time span whose hours are read as days",
    Severity.ERROR,
    Layer.RUN,
    why="Where hours are over 23, .NET reads the first number as days: `24:00:00` is 24 days, not one, and more than the 7 that an "
    "activity may run. An Until may run 90 days; there it is a warning.",
    wrong=[python() | {"policy": {"timeout": "24:00:00"}}],
    right=[python() | {"policy": {"timeout": "1.00:00:00"}}],
    source="TimeSpan.Parse of .NET, which the service uses",
)
def hours_as_days(context: Context) -> Iterator[Mark]:
    """``24:00:00`` and the like."""
    for node, path, value in _spans(context):
        if seconds(value) is not None and means_days(value):
            hours = int(value[:2])
            better = f"{hours // 24}.{hours % 24:02}{value[2:]}"
            yield Mark(
                f"{title(node)} has the timeout {quoted(value)}, which is {hours} days. Write '{better}' for {hours} hours.",
                path,
                Severity.WARNING if hours * DAY <= _LONGEST.get(node.type, 7 * DAY) else None,
            )


@rule(
    "ADF232",
    "a timeout longer than Azure allows",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    why="An activity runs for at most 7 days, an Until for at most 90, a Web activity's request for 10 minutes.",
    wrong=[python() | {"policy": {"timeout": "8.00:00:00"}}],
    right=[python() | {"policy": {"timeout": "7.00:00:00"}}],
    source=POLICY,
)
def too_long(context: Context) -> Iterator[Mark]:
    """A timeout over the maximum."""
    for node, path, value in _spans(context):
        length = seconds(value)
        longest = 600 if path[-1] == "httpRequestTimeout" else _LONGEST.get(node.type, 7 * DAY)
        if length is not None and length > longest and not means_days(value):
            limit = f"{longest // DAY} days" if longest >= DAY else f"{longest // 60} minutes"
            yield Mark(f"{title(node)} has the timeout {quoted(value)}; at most {limit} are allowed.", path)


@rule(
    "ADF233",
    "a timeout shorter than Azure documents",
    Severity.NOTE,
    Layer.DEPLOYMENT,
    why="The policy's timeout is at least 10 minutes by the documentation, a Web activity's request timeout one minute. "
    "The timeouts of Until, Validation and WebHook may be shorter.",
    wrong=[python() | {"policy": {"timeout": "0.00:05:00"}}],
    right=[python() | {"policy": {"timeout": "0.00:10:00"}}],
    source=POLICY,
)
def too_short(context: Context) -> Iterator[Mark]:
    """A timeout under the minimum."""
    for node, path, value in _spans(context):
        length = seconds(value)
        shortest = {"policy": 600, "typeProperties": 60 if path[-1] == "httpRequestTimeout" else 0}[str(path[-2])]
        if length is not None and length < shortest:
            yield Mark(
                f"{title(node)} has the timeout {quoted(value)}; at least {shortest // 60} minute{'s' * (shortest > 60)} are documented.",
                path,
            )


@rule(
    "ADF234",
    "a number of retries that is no whole number from 0",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    why="`retry` is how often the activity is tried again; 0 is the default.",
    wrong=[python() | {"policy": {"retry": -1}}],
    right=[python() | {"policy": {"retry": 2}}],
    source=MODEL,
)
def retry(context: Context) -> Iterator[Mark]:
    """A negative or unreadable count."""
    for node, policy in _policies(context):
        value = policy.get("retry")
        if value is None or is_dynamic(value):
            continue
        lenient = (isinstance(value, str) and value.strip().isdigit()) or (
            isinstance(value, float) and value.is_integer()
        )
        if not lenient and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
            yield Mark(
                f"{title(node)} has {quoted(value)} as 'retry'; it must be a whole number from 0.",
                (*node.path, "policy", "retry"),
            )


@rule(
    "ADF235",
    "a retry interval outside 30 to 86,400 seconds",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    why="`retryIntervalInSeconds` is a plain whole number, 30 to 86,400. A shorter one is a warning: pipelines with it have been "
    "deployed. So is an expression, which the model does not have there.",
    wrong=[python() | {"policy": {"retry": 1, "retryIntervalInSeconds": 100_000}}],
    right=[python() | {"policy": {"retry": 1, "retryIntervalInSeconds": 30}}],
    source=MODEL,
)
def retry_interval(context: Context) -> Iterator[Mark]:
    """An interval out of range, or of another type."""
    for node, policy in _policies(context):
        value = policy.get("retryIntervalInSeconds")
        if value is None or (isinstance(value, str) and value.startswith("[")):
            continue
        lenient = isinstance(value, str) and value.strip().isdigit()
        number = int(value) if lenient and len(str(value)) < 10 else value
        if not isinstance(number, int) or isinstance(number, bool) or not 30 <= number <= 86_400:
            short = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 30
            severity = Severity.WARNING if short or is_dynamic(value) else None
            yield Mark(
                f"{title(node)} has {quoted(value)} as 'retryIntervalInSeconds'; it must be a whole number from 30 to 86400.",
                (*node.path, "policy", "retryIntervalInSeconds"),
                severity,
            )
        elif lenient and context.options.target is not Target.FLOWEHR:
            yield Mark(
                f"{title(node)} has the text {quoted(value)} as 'retryIntervalInSeconds'. Write the number without quotes.",
                (*node.path, "policy", "retryIntervalInSeconds"),
                Severity.WARNING,
            )


@rule(
    "ADF236",
    "secureInput or secureOutput is neither true nor false",
    Severity.WARNING,
    Layer.DEPLOYMENT,
    why="They are booleans. FlowEHR's Terraform stops at a text or an expression there (FLO132).",
    wrong=[python() | {"policy": {"secureInput": "true"}}],
    right=[python() | {"policy": {"secureInput": True}}],
    source=MODEL,
)
def secure_flags(context: Context) -> Iterator[Mark]:
    """A flag of another type."""
    for node, policy in _policies(context) if context.options.target is not Target.FLOWEHR else ():
        for key in ("secureInput", "secureOutput"):
            value = policy.get(key)
            if (
                value is not None
                and not isinstance(value, bool)
                and not (isinstance(value, str) and value.startswith("["))
            ):
                yield Mark(
                    f"{title(node)} has {kind_of(value)} as {quoted(key)}; it must be true or false, without quotes.",
                    (*node.path, "policy", key),
                )


@rule(
    "ADF237",
    "an unknown key in a policy",
    Severity.WARNING,
    Layer.DEPLOYMENT,
    why=f"A policy has the keys {', '.join(f'`{key}`' for key in _KEYS)} and no other.",
    wrong=[python() | {"policy": {"retries": 2}}],
    right=[python() | {"policy": {"retry": 2}}],
    source=POLICY,
)
def unknown_policy_key(context: Context) -> Iterator[Mark]:
    """A key that no policy has."""
    for node, policy in _policies(context):
        for key in policy:
            if key.casefold() not in map(str.casefold, _KEYS):
                near = context.suggest(key, list(_KEYS)) or f" The keys are {', '.join(_KEYS)}."
                yield Mark(
                    f"{title(node)} has the policy key {quoted(key)}, which has no effect.{near}",
                    (*node.path, "policy", key),
                )


@rule(
    "ADF223",
    "a policy on an activity that takes none",
    Severity.WARNING,
    Layer.RUN,
    why="Control activities have no timeout and no retries. ExecutePipeline takes `secureInput` only, Set Variable and "
    "WebHook `secureInput` and `secureOutput`. Anything else is ignored.",
    wrong=[wait("Pause", policy={"retry": 3})],
    right=[wait("Pause")],
    source=POLICY,
)
def policy_of_control(context: Context) -> Iterator[Mark]:
    """A policy key with an effect elsewhere, on a control activity."""
    for node, policy in _policies(context):
        if schema.canonical_type(node.type) not in schema.CONTROL:
            continue
        idle = [key for key in policy if key in _KEYS and key not in _OF_CONTROL.get(node.type, ()) and policy[key]]
        if idle:
            keys = " and ".join(map(quoted, idle))
            tail = "has no effect. Delete it." if len(idle) == 1 else "have no effect. Delete them."
            yield Mark(
                f"{title(node)} is a control activity, on which {keys} {tail}",
                (*node.path, "policy"),
            )


@rule(
    "ADF224",
    "a policy that is no object",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    why="A policy is one object with keys such as `timeout`.",
    wrong=[python() | {"policy": [{"timeout": "0.12:00:00"}]}],
    right=[python() | {"policy": {"timeout": "0.12:00:00"}}],
    source=MODEL,
)
def policy_shape(context: Context) -> Iterator[Mark]:
    """A list, a string or the like as policy, or a timeout that is no text."""
    for node in context.active:
        policy = node.activity.get("policy")
        if policy is not None and not isinstance(policy, dict) and not is_dynamic(policy):
            yield Mark(
                f"{title(node)} has {kind_of(policy)} as 'policy'; it must be an object.", (*node.path, "policy")
            )
        timeout = policy.get("timeout") if isinstance(policy, dict) else None
        if timeout is not None and not isinstance(timeout, str) and not is_dynamic(timeout):
            yield Mark(
                f"{title(node)} has {kind_of(timeout)} as timeout; it must be a text such as '0.12:00:00'.",
                (*node.path, "policy", "timeout"),
            )


def _policies(context: Context) -> Iterator[tuple[Nested, dict[str, Any]]]:
    for node in context.active:
        policy = node.activity.get("policy")
        if isinstance(policy, dict) and id(node) not in foreign(context):
            yield node, policy
