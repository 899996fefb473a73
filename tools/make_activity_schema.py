"""Write ``activities_gen/model/activity_schema.json``: what the SDK knows of every activity and trigger type.

Run by hand when the pinned SDK changes; a test fails while the file is not what this writes. The checks themselves
must not import the SDK, so that they work on anybody's JSON without it.

The file has three tables. ``activities`` and ``triggers`` lead from a type's name to its class; ``classes`` has, for
each class, its keys as they stand in JSON (``typeProperties.pythonFile``) with

* ``type``: what a strict decoder expects: ``any``, ``string``, ``int``, ``bool``, ``float``, ``[X]``, ``{X}`` or a class,
* ``value``: for ``any``, what the documentation asks for: ``string``, ``integer``, ``boolean``, ``array``, ``object``,
* ``required``, ``enum``, ``minimum``, ``maximum`` where there is one.

``subtypes`` leads from an abstract class to its classes by the value of their ``type``.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from azure.mgmt.datafactory import models

TARGET = Path(__file__).parents[1] / "activities_gen" / "model" / "activity_schema.json"
_SCALARS = {
    "object": "any",
    "str": "string",
    "int": "int",
    "bool": "bool",
    "float": "float",
    "iso-8601": "string",
    "duration": "string",
}
_VALUE = re.compile(r"Type:\s*([\w ]+?)\s*(?:\(|\.|,|$)", re.IGNORECASE)
_KNOWN = re.compile(r"Known values are:(.*?)(?:$|\.\s|\.$)", re.DOTALL)


def leaves(model: type[Any]) -> dict[str, str]:
    """The concrete classes below an abstract one, by the value of their ``type``."""
    result: dict[str, str] = {}
    for kind, name in model.__dict__.get("_subtype_map", {}).get("type", {}).items():
        below = leaves(getattr(models, name))
        result.update(below or {kind: name})
        if below and kind not in ("Container", "Execution"):
            result.setdefault(kind, name)
    return result


def wire_type(sdk_type: str) -> str:
    """The SDK's name of a type in the words of the table."""
    if sdk_type[0] in "[{":
        return f"{sdk_type[0]}{wire_type(sdk_type[1:-1])}{sdk_type[-1]}"
    return _SCALARS.get(sdk_type, sdk_type)


def documentation(model: type[Any]) -> dict[str, str]:
    """The text of each attribute in the class's docstring, on one line."""
    parts = re.split(r":ivar (\w+):", model.__doc__ or "")
    return {
        name: " ".join(text.split(":vartype")[0].split()) for name, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def value_type(text: str) -> str:
    """What the documentation of an untyped key asks for; empty where it says nothing usable."""
    match = _VALUE.search(text)
    word = match.group(1).casefold() if match else ""
    for known, result in (
        ("array", "array"),
        ("list", "array"),
        ("key value pairs", "object"),
        ("string", "string"),
        ("integer", "integer"),
        ("int", "integer"),
        ("bool", "boolean"),
        ("object", "object"),
    ):
        if word.startswith(known):
            return result
    return ""


def key_of(model: type[Any], attribute: str, text: str) -> dict[str, Any]:
    """One key's entry."""
    rules = model._validation.get(attribute, {})
    entry: dict[str, Any] = {"type": wire_type(model._attribute_map[attribute]["type"])}
    value = value_type(text) if entry["type"] == "any" else ""
    known = _KNOWN.search(text) if entry["type"] == "string" else None
    names = re.findall(r'"([^"]+)"', known.group(1)) if known else []
    optional = {
        "value": value,
        "required": bool(rules.get("required")),
        "enum": names,
        "minimum": rules.get("minimum"),
        "maximum": rules.get("maximum"),
    }
    return entry | {
        key: entry_value for key, entry_value in optional.items() if entry_value not in ("", False, [], None)
    }


def keys(model: type[Any]) -> dict[str, Any]:
    """Every key of a class by its place in JSON."""
    texts = documentation(model)
    return {
        described["key"].replace("\\", ""): key_of(model, attribute, texts.get(attribute, ""))
        for attribute, described in model._attribute_map.items()
        if described["key"] and attribute not in ("annotations", "runtime_state")
    }


def mentioned(entries: dict[str, Any]) -> set[str]:
    """The classes that a class's keys speak of."""
    return {name for entry in entries.values() for name in re.findall(r"[A-Z]\w+", entry["type"])}


def table() -> dict[str, Any]:
    """The whole table."""
    activities, triggers = leaves(models.Activity), leaves(models.Trigger)
    subtypes: dict[str, dict[str, str]] = {}
    classes: dict[str, Any] = {}
    todo = {*activities.values(), *triggers.values(), "Activity", "ActivityPolicy"}
    while todo:
        name = todo.pop()
        model = getattr(models, name)
        classes[name] = keys(model)
        if name != "Activity" and (below := leaves(model)):
            subtypes[name] = below
        todo |= (mentioned(classes[name]) | set(subtypes.get(name, {}).values())) - set(classes)
    return {
        "activities": activities,
        "triggers": triggers,
        "subtypes": dict(sorted(subtypes.items())),
        "classes": dict(sorted(classes.items())),
    }


def text() -> str:
    """The file's text: one line for each class, so that a difference can be read."""
    sections = []
    for section, content in table().items():
        lines = [f"    {json.dumps(name)}: {json.dumps(value)}" for name, value in content.items()]
        sections.append(f"  {json.dumps(section)}: {{\n" + ",\n".join(lines) + "\n  }")
    return "{\n" + ",\n".join(sections) + "\n}\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"{TARGET}\n")
