"""Policies and every other time span: formats, ranges and their traps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from activities_gen.findings import Severity
from activities_gen.model.timespans import means_days, meant_seconds, seconds_of, timespan
from activities_gen.model.types import CONTROL
from activities_gen.model.values import is_dynamic, kind_of, whole_number
from activities_gen.rules.context import Context, title
from activities_gen.rules.elsewhere import foreign
from activities_gen.rules.model import Violation, quoted, rule
from activities_gen.rules.subjects import activity, each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.findings import JsonPath
    from activities_gen.model.activities import Activity

_KEYS = ("timeout", "retry", "retryIntervalInSeconds", "secureInput", "secureOutput")
_OF_CONTROL = {
    "ExecutePipeline": ("secureInput",),
    "SetVariable": ("secureInput", "secureOutput"),
    "WebHook": ("secureInput", "secureOutput"),
}


DAY = 86_400


class Range(NamedTuple):
    """The shortest and longest time that is documented for a time span, in seconds; ``None`` for no limit."""

    shortest: int = 0
    longest: int | None = None


class Span(NamedTuple):
    """A time span of an activity that is no expression: where it stands, what stands there, and its limits."""

    node: Activity
    path: JsonPath
    value: Any
    allowed: Range

    @property
    def length(self) -> int | None:
        """The seconds that .NET reads; ``None`` if it reads none."""
        return seconds_of(self.value) if isinstance(self.value, str) else None

    @property
    def shown(self) -> str:
        """Whose it is, as messages begin."""
        return f"{title(self.node)} has the timeout {quoted(self.value)}"


_OF_POLICY = Range(600, 7 * DAY)
_OF_TYPES = {
    "Until": ("timeout", Range(0, 90 * DAY)),
    "Validation": ("timeout", Range(0, 7 * DAY)),
    "WebHook": ("timeout", Range(0, 7 * DAY)),
    "WebActivity": ("httpRequestTimeout", Range(60, 600)),
    "Script": ("scriptBlockExecutionTimeout", Range()),
}
_OF_DATA = {
    "source": ("queryTimeout", "sourceRetryWait"),
    "sink": ("writeBatchTimeout", "sinkRetryWait"),
}


def _spans(context: Context) -> list[Span]:
    """Every time span of the active activities that is no expression."""
    found: list[Span] = context.once("spans", lambda: list(_find_spans(context)))
    return found


def _find_spans(context: Context) -> Iterator[Span]:
    for node in context.active:
        for value, path, allowed in _places(node):
            if value is not None and not is_dynamic(value):
                yield Span(node, (*node.path, *path), value, allowed)


def _places(node: Activity) -> Iterator[tuple[Any, JsonPath, Range]]:
    """Yields what stands where an activity may have a time span."""
    policy = node.json.get("policy")
    if isinstance(policy, dict):
        yield policy.get("timeout"), ("policy", "timeout"), _OF_POLICY
    if node.type in _OF_TYPES:
        key, allowed = _OF_TYPES[node.type]
        yield node.type_properties.get(key), ("typeProperties", key), allowed
    for part, keys in _OF_DATA.items():
        data = node.type_properties.get(part)
        data = data if isinstance(data, dict) else {}
        for key in keys:
            yield data.get(key), ("typeProperties", part, key), Range()


@rule("ADF230", on=each(_spans))
def unreadable_span(_: Context, span: Span) -> Iterator[Violation]:
    """A timeout in another form, or no text at all."""
    if span.length is not None:
        return
    text = span.value if isinstance(span.value, str) else ""
    meant = meant_seconds(text)
    better = "it as 'd.hh:mm:ss', such as '0.12:00:00' for twelve hours" if meant is None else quoted(timespan(meant))
    problem = "is not written as one" if text else f"is {kind_of(span.value)}"
    lenient = _DOTNET.fullmatch(text) is not None
    yield Violation(f"{span.shown}, which {problem}. Write {better}.", span.path, Severity.WARNING if lenient else None)


_DOTNET = re.compile(
    r"\s*(?:\d{1,8}|(?:\d{1,8}\.)?(?:[01]?\d|2[0-3]):[0-5]?\d(?::[0-5]?\d(?:\.\d{1,7})?)?)\s*", re.ASCII
)
"""What ``TimeSpan.Parse`` of .NET reads: ``d``, or ``[d.]hh:mm[:ss[.fff]]`` with one or two digits each."""


@rule("ADF231", on=each(_spans))
def hours_as_days(_: Context, span: Span) -> Iterator[Violation]:
    """``24:00:00`` and the like."""
    if span.length is not None and means_days(span.value):
        hours = int(span.value[:2])
        better = timespan(meant_seconds(span.value) or 0)
        yield Violation(
            f"{span.shown}, which is {hours} days. Write '{better}' for {hours} hours.",
            span.path,
            Severity.WARNING if hours * DAY <= (span.allowed.longest or hours * DAY) else None,
        )


@rule("ADF232", on=each(_spans))
def too_long(_: Context, span: Span) -> Iterator[Violation]:
    """A timeout over the maximum."""
    longest = span.allowed.longest
    if span.length is not None and longest and span.length > longest and not means_days(span.value):
        limit = f"{longest // DAY} days" if longest >= DAY else f"{longest // 60} minutes"
        yield Violation(f"{span.shown}; at most {limit} are documented.", span.path)


@rule("ADF233", on=each(_spans))
def too_short(_: Context, span: Span) -> Iterator[Violation]:
    """A timeout under the minimum."""
    minutes = span.allowed.shortest // 60
    if span.length is not None and span.length < span.allowed.shortest:
        least = "1 minute is" if minutes == 1 else f"{minutes} minutes are"
        yield Violation(f"{span.shown}; at least {least} documented.", span.path)


def _policies(context: Context) -> Iterator[tuple[Activity, dict[str, Any]]]:
    for node in context.active:
        policy = node.json.get("policy")
        if isinstance(policy, dict) and id(node) not in foreign(context):
            yield node, policy


@rule("ADF234", on=each(_policies))
def retry(_: Context, node: Activity, policy: dict[str, Any]) -> Iterator[Violation]:
    """A negative or unreadable count."""
    value = policy.get("retry")
    if value is None or is_dynamic(value):
        return
    if whole_number(value) is None:
        yield Violation(
            f"{title(node)} has {quoted(value)} as 'retry'; it must be a whole number from 0.",
            (*node.path, "policy", "retry"),
        )


@rule("ADF235", on=each(_policies))
def retry_interval(_: Context, node: Activity, policy: dict[str, Any]) -> Iterator[Violation]:
    """An interval out of range, or of another type."""
    value = policy.get("retryIntervalInSeconds")
    if value is None or (isinstance(value, str) and value.startswith("[")):
        return
    lenient = isinstance(value, str) and whole_number(value) is not None
    number = whole_number(value) if lenient else value
    if not isinstance(number, int) or isinstance(number, bool) or not 30 <= number <= 86_400:
        short = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 30
        severity = Severity.WARNING if short or is_dynamic(value) else None
        yield Violation(
            f"{title(node)} has {quoted(value)} as 'retryIntervalInSeconds'; it must be a whole number from 30 to 86400.",
            (*node.path, "policy", "retryIntervalInSeconds"),
            severity,
        )
    elif lenient:
        yield Violation(
            f"{title(node)} has the text {quoted(value)} as 'retryIntervalInSeconds'. Write the number without quotes.",
            (*node.path, "policy", "retryIntervalInSeconds"),
            Severity.WARNING,
        )


@rule("ADF236", on=each(_policies))
def secure_flags(_: Context, node: Activity, policy: dict[str, Any]) -> Iterator[Violation]:
    """A flag of another type."""
    for key in ("secureInput", "secureOutput"):
        value = policy.get(key)
        if value is not None and not isinstance(value, bool) and not (isinstance(value, str) and value.startswith("[")):
            yield Violation(
                f"{title(node)} has {kind_of(value)} as {quoted(key)}; it must be true or false, without quotes.",
                (*node.path, "policy", key),
            )


@rule("ADF237", on=each(_policies))
def unknown_policy_key(context: Context, node: Activity, policy: dict[str, Any]) -> Iterator[Violation]:
    """A key that no policy has."""
    for key in policy:
        if key.casefold() not in map(str.casefold, _KEYS):
            near = context.suggest(key, list(_KEYS)) or f" The keys are {', '.join(_KEYS)}."
            yield Violation(
                f"{title(node)} has the policy key {quoted(key)}, which has no effect.{near}",
                (*node.path, "policy", key),
            )


@rule("ADF223", on=each(_policies))
def policy_of_control(_: Context, node: Activity, policy: dict[str, Any]) -> Iterator[Violation]:
    """A policy key with an effect elsewhere, on a control activity."""
    if node.type not in CONTROL:
        return
    idle = [key for key in policy if key in _KEYS and key not in _OF_CONTROL.get(node.type, ()) and policy[key]]
    if idle:
        keys = " and ".join(map(quoted, idle))
        tail = "has no effect. Delete it." if len(idle) == 1 else "have no effect. Delete them."
        yield Violation(
            f"{title(node)} is a control activity, on which {keys} {tail}",
            (*node.path, "policy"),
        )


@rule("ADF224", on=activity())
def policy_shape(_: Context, node: Activity) -> Iterator[Violation]:
    """A list, a string or the like as policy."""
    policy = node.json.get("policy")
    if policy is not None and not isinstance(policy, dict) and not is_dynamic(policy):
        yield Violation(
            f"{title(node)} has {kind_of(policy)} as 'policy'; it must be an object.", (*node.path, "policy")
        )
