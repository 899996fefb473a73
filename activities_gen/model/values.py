"""Questions about single JSON values."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

_ARM = re.compile(r"\[\s*[A-Za-z_][\w.]*\s*\(.*\]", re.DOTALL)
_TOKEN = re.compile(
    r"#\{[^{}]+\}#?"
    r"|(?<!\$)\$\{~?\s*(?!(?:item|pipeline|activity|variables|trigger|dataset|linkedService)\s*\()[A-Za-z_][^{}]*\}"
)
"""Placeholders of release pipelines and of Terraform; an expression of ADF after ``$`` is a mistake instead."""


def is_arm(value: object) -> bool:
    """Whether the value of a string is known at deployment only: it is an ARM expression, or has a placeholder in it."""
    if not isinstance(value, str) or (value[:1] != "[" and "{" not in value):
        return False
    return is_arm_expression(value) or is_placeholder(value)


def is_arm_expression(value: object) -> bool:
    """Whether a value is an expression of an ARM template; FlowEHR's Terraform takes it as the text that it is."""
    return isinstance(value, str) and value[:1] == "[" and value[-1:] == "]" and _ARM.fullmatch(value) is not None


def is_placeholder(value: object) -> bool:
    """Whether a string has a placeholder in it.

    It is a token such as ``#{name}#``, which a release pipeline replaces, or one such as ``${name}``, which Terraform's
    ``templatefile`` does.
    """
    return isinstance(value, str) and ("#{" in value or "${" in value) and _TOKEN.search(value) is not None


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


_DIGITS = re.compile(r"\s*\d{1,18}\s*", re.ASCII)


def whole_number(value: object) -> int | None:
    """Returns a whole number from 0 that stands as a number or as a text; ``None`` for anything else."""
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value or value < 0:  # noqa: PLR0124 NaN
        return None
    return int(value) if value == value // 1 else None


def get(mapping: object, key: str) -> Any:
    """The member of an object, whatever the case of its key, as the service reads it; ``None`` if there is none."""
    actual = actual_key(mapping, key)
    return mapping[actual] if actual is not None and isinstance(mapping, dict) else None


def actual_key(mapping: object, key: str) -> str | None:
    """How a key is really written in an object; ``None`` if there is none."""
    if not isinstance(mapping, dict):
        return None
    if key in mapping:
        return key
    folded = key.casefold()
    if isinstance(mapping, Names):
        return mapping.by_folded.get(folded)
    return next((name for name in mapping if name.casefold() == folded), None)


class Names(dict[str, Any]):
    """An object that is asked for many keys: one in another letter case is found without looking at all of them."""

    @cached_property
    def by_folded(self) -> dict[str, str]:
        """The keys as they are written, by what they are without letter case; of several the first."""
        return {name.casefold(): name for name in reversed(self)}
