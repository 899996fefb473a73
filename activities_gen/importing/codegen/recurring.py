"""What several activities of a pipeline have alike, said once: their policies and linked services."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from azure.mgmt.datafactory.models import Activity, ActivityPolicy, LinkedServiceReference, SecureInputOutputPolicy

from activities_gen.importing.codegen.models import model, reference, same, variant
from activities_gen.model.pipeline import Pipeline
from activities_gen.model.timespans import seconds_of
from activities_gen.wire.sdk import members

if TYPE_CHECKING:
    from activities_gen.importing.codegen.models import Builder
    from activities_gen.wire.document import Document

_SHARED: tuple[tuple[str, Any, str], ...] = (
    ("policy", ActivityPolicy, "default"),
    ("policy", SecureInputOutputPolicy, "control"),
    ("linkedServiceName", LinkedServiceReference, ""),
)
"""What may be shared: its key in an activity, the class that the attribute must have, what its name begins with."""


def define_recurring(builder: Builder, document: Document) -> None:
    """Define a variable for each policy and linked service that two activities or more have alike.

    Values with expressions in them stay where they are, for those may name what is defined later.
    """
    for key, kind, usual in _SHARED:
        values = _recurring(document, key, kind.__name__)
        for value in values:
            made = model(builder, value, kind) if value != reference(builder.linked_service) else None
            if made is not None:
                name = _policy_name(value, values[0], usual) if usual else _service_name(value)
                variable = builder.names.give(name, "shared")
                builder.state(made, variable)
                builder.shared[kind.__name__, same(value)] = variable


def _recurring(document: Document, key: str, kind: str) -> list[dict[str, Any]]:
    """The values of a key that several activities have, the most frequent first."""
    values = {}
    count: Counter[str] = Counter()
    for activity in Pipeline(document).activities:
        value = activity.json.get(key)
        if isinstance(value, dict) and len(value) > 1 and _takes(activity.json, key, kind):
            text = same(value)
            values[text] = value
            count[text] += 1
    return [values[text] for text, number in count.most_common() if number > 1 and "@" not in text]


def _takes(activity: dict[str, Any], key: str, kind: str) -> bool:
    """Whether an activity's class has an attribute of a type for a key."""
    own = variant(Activity, activity)
    return own is not None and any(member.key == key and member.type == kind for member in members(own))


def _policy_name(value: dict[str, Any], usual: dict[str, Any], name: str) -> str:
    """A policy's name, by what tells it from the most frequent one, which has a name of its own."""
    if value is usual:
        return f"{name}_policy"
    if value.get("secureInput") is True or value.get("secureOutput") is True:
        return "secure_policy"
    if value.get("retry") != usual.get("retry"):
        return f"retry_{json.dumps(value.get('retry'))}_policy"
    if value.get("timeout") != usual.get("timeout"):
        return f"timeout_{_timespan(value.get('timeout'))}_policy"
    return "other_policy"


def _timespan(text: Any) -> str:
    """A timespan in short, as in ``12h`` for ``0.12:00:00``."""
    length = seconds_of(text) if isinstance(text, str) else None
    if length is None:
        return json.dumps(text)
    parts = zip((length // 86_400, length // 3600 % 24, length // 60 % 60, length % 60), "dhms", strict=True)
    return "".join(f"{number}{unit}" for number, unit in parts if number)


def _service_name(value: dict[str, Any]) -> str:
    """A linked service's name; where that is an ARM expression, the last name in it."""
    name = value.get("referenceName")
    text = name if isinstance(name, str) else ""
    quoted = re.findall(r"'([^']*)'", text) if text.startswith("[") else []
    return f"{quoted[-1] if quoted else text} service"
