"""Questions about single JSON values that many rules ask."""

from __future__ import annotations

import re
from typing import Any

_ARM = re.compile(r"\[\s*[A-Za-z_][\w.]*\s*\(.*\]", re.DOTALL)
_TOKEN = re.compile(r"#\{[^{}]+\}#?")
_TIMESPAN = re.compile(r"(?:(\d{1,8})\.)?(\d\d):(\d\d):(\d\d)", re.ASCII)

DAY = 86400


def is_arm(value: object) -> bool:
    """Whether the value of a string is known at deployment only.

    It is an ARM template expression, or has a token such as ``#{name}#`` in it, which a release pipeline replaces.
    """
    if not isinstance(value, str):
        return False
    if value[:1] == "[" and value[-1:] == "]" and _ARM.fullmatch(value):
        return True
    return "#{" in value and bool(_TOKEN.search(value))


def is_expression_object(value: object) -> bool:
    """Whether a value is ``{"type": "Expression", "value": …}``."""
    return isinstance(value, dict) and str(value.get("type", "")).casefold() == "expression" and "value" in value


def is_dynamic(value: object) -> bool:
    """Whether a value is computed at run time or at deployment, so that nothing is known of it here."""
    if isinstance(value, str):
        return (value.startswith("@") and not value.startswith("@@")) or "@{" in value or is_arm(value)
    return is_expression_object(value)


def kind_of(value: object) -> str:
    """A value's JSON type, with its article, as messages say it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "a list" if isinstance(value, list) else "an object"


def get(mapping: object, key: str) -> Any:
    """The member of an object, whatever the case of its key, as the service reads it; ``None`` where there is none."""
    actual = actual_key(mapping, key)
    return mapping[actual] if actual is not None and isinstance(mapping, dict) else None


def actual_key(mapping: object, key: str) -> str | None:
    """How a key is really written in an object; ``None`` where there is none."""
    if not isinstance(mapping, dict):
        return None
    if key in mapping:
        return key
    folded = key.casefold()
    return next((name for name in mapping if name.casefold() == folded), None)


def seconds(timespan: str) -> int | None:
    """A time span ``[d.]hh:mm:ss`` in seconds; ``None`` where .NET would refuse it.

    ``24:00:00`` is not a day: without a part for days, hours over 23 are read as days.
    """
    match = _TIMESPAN.fullmatch(timespan)
    if not match:
        return None
    days, hours, minutes, rest = (int(part or 0) for part in match.groups())
    if minutes > 59 or rest > 59:
        return None
    if hours > 23:
        # .NET then reads hh:mm:ss as d:hh:mm
        return None if match.group(1) or minutes > 23 else hours * DAY + minutes * 3600 + rest * 60
    return days * DAY + hours * 3600 + minutes * 60 + rest


def means_days(timespan: str) -> bool:
    """Whether the first number of a time span is read as days though it looks like hours."""
    match = _TIMESPAN.fullmatch(timespan)
    return bool(match) and match is not None and match.group(1) is None and int(match.group(2)) > 23


_SHORT = re.compile(
    r"P?(?:(\d{1,9})D)?T?(?:(\d{1,9})H)?(?:(\d{1,9})M(?:IN)?)?(?:(\d{1,9})S)?", re.ASCII | re.IGNORECASE
)
_CLOCK = re.compile(r"(?:(\d{1,8})\.)?(\d{1,9}):(\d{1,9})(?::(\d{1,9}))?", re.ASCII)


def meant_seconds(text: str) -> int | None:
    """The seconds that a person means by a time span: ``12h``, ``PT12H``, ``1:00:00``, ``24:00:00``; ``None`` if unclear."""
    match = _CLOCK.fullmatch(text.strip()) or _SHORT.fullmatch(text.strip())
    if not match or not any(match.groups()):
        return None
    days, hours, minutes, rest = (int(part or 0) for part in match.groups())
    return days * DAY + hours * 3600 + minutes * 60 + rest


def timespan(length: int) -> str:
    """A length in seconds as ADF writes it: ``d.hh:mm:ss``."""
    return f"{length // DAY}.{length // 3600 % 24:02}:{length // 60 % 60:02}:{length % 60:02}"
