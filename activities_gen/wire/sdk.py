"""The tables that every class of the SDK carries, read once per class: its attributes, their keys and types."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_ORDERS: dict[str, tuple[str, ...]] = {
    "activity": (
        "name",
        "description",
        "type",
        "state",
        "onInactiveMarkAs",
        "dependsOn",
        "policy",
        "userProperties",
        "typeProperties",
        "linkedServiceName",
        "inputs",
        "outputs",
    ),
    "trigger": ("description", "annotations", "runtimeState", "pipelines", "pipeline", "type", "typeProperties"),
    "pair": ("value", "referenceName", "type"),
}
"""ADF's own order of keys, as Studio writes them; keys that are not listed keep the SDK's order behind these."""


@dataclass(frozen=True)
class Member:
    """One attribute of a class.

    Attributes:
        attribute: Its Python name.
        key: Its key in JSON.
        inside: The key of the object that ``key`` stands in if that is not the class's own, as ``typeProperties``.
        type: Its type as the SDK's tables write it: ``str``, ``object``, ``[Activity]``, ``{str}``, a class.
        required: Whether the SDK demands it.
    """

    attribute: str
    key: str
    inside: str | None
    type: str
    required: bool


@cache
def members(kind: Any) -> tuple[Member, ...]:
    """Returns what objects of an SDK class write, in ADF's order of keys.

    Attributes that the service alone sets, and the bag of additional properties, are not among them.
    """
    validation = kind._validation
    found = []
    for attribute, entry in kind._attribute_map.items():
        rules = validation.get(attribute, {})
        if attribute == "additional_properties" or rules.get("readonly"):
            continue
        inside, _, key = entry["key"].replace("\\.", "\0").rpartition(".")
        required = bool(rules.get("required"))
        found.append(Member(attribute, key.replace("\0", "."), inside or None, entry["type"], required))
    return tuple(sorted(found, key=_rank(kind)))


def _rank(kind: Any) -> Callable[[Member], int]:
    """ADF's order of a class's keys, for a stable sort of the SDK's."""
    bases = {base.__name__ for base in kind.__mro__}
    pair = kind.__name__ == "Expression" or kind.__name__.endswith("Reference")
    family = "activity" if "Activity" in bases else "trigger" if "Trigger" in bases else "pair" if pair else ""
    order = {key: index for index, key in enumerate(_ORDERS.get(family, ()))}
    return lambda member: order.get(member.inside or member.key, len(order))


def is_kind(kind: Any, base: str) -> bool:
    """Whether a class is the SDK's of that name, as ``Activity``, or derives from it."""
    return hasattr(kind, "_attribute_map") and any(one.__name__ == base for one in kind.__mro__)


@cache
def keywords(kind: Any) -> dict[str, None]:
    """The keywords of a class's constructor, in order; those it hands on to its bases are among them."""
    return {
        name: None
        for name, parameter in inspect.signature(kind.__init__).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    }


def required_keywords(kind: Any) -> list[str]:
    """The attributes that a class of the SDK cannot do without, ``type`` aside."""
    return [member.attribute for member in members(kind) if member.required and member.attribute != "type"]
