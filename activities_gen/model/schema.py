"""What the SDK knows of each activity and trigger type, read from the table beside this module."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from activities_gen.model.values import is_arm, is_dynamic, is_expression_object, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.findings import JsonPath


@dataclass(frozen=True)
class Key:
    """One key of a class.

    Attributes:
        name: How it is written.
        type: What a strict decoder expects: ``any``, ``string``, ``int``, ``bool``, ``float``, ``[X]``, ``{X}``, a class.
        value: For ``any``, what the documentation asks for.
        required: Whether it must be there.
        enum: The values it may have; any when empty.
        minimum: The smallest number.
        maximum: The largest number.
    """

    name: str
    type: str
    value: str = ""
    required: bool = False
    enum: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads((Path(__file__).parent / "activity_schema.json").read_text("utf-8"))
    return table


_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@cache
def activity_types() -> dict[str, str]:
    """The classes of the activity types that Azure has, by type."""
    return dict(_table()["activities"])


@cache
def trigger_types() -> dict[str, str]:
    """The classes of the trigger types, by type."""
    return dict(_table()["triggers"])


class Keys(dict[str, Key]):
    """The keys of an object by name, to be found in whatever letter case they are written."""

    @cached_property
    def _folded(self) -> dict[str, Key]:
        return {name.casefold(): key for name, key in reversed(self.items())}

    def find(self, name: str) -> Key | None:
        """Returns a key as the service finds it; ``None`` if there is none."""
        found = self.get(name)
        return self._folded.get(name.casefold()) if found is None else found


@cache
def keys_of(class_name: str) -> Keys:
    """The keys at the top of a class's JSON object, by name."""
    return Keys((name, key) for name, key in _all_keys(class_name).items() if "." not in name)


@cache
def type_properties_of(class_name: str) -> Keys:
    """The keys inside ``typeProperties`` of an activity's or trigger's class, by name."""
    prefix = "typeProperties."
    return Keys(
        (name.removeprefix(prefix), Key(**{**vars(key), "name": name.removeprefix(prefix)}))
        for name, key in _all_keys(class_name).items()
        if name.startswith(prefix)
    )


_BEYOND_THE_SDK: dict[str, dict[str, dict[str, Any]]] = {
    "WebActivity": {"typeProperties.method": {"type": "string", "required": True, "enum": _METHODS}},
    "ScriptActivityScriptBlock": {"type": {"type": "string", "required": True, "enum": ("Query", "NonQuery")}},
    "NotebookParameter": {"value": {"type": "any"}},
    "ExecuteDataFlowActivity": {"typeProperties.cacheSinks": {"type": "any"}},
    "CopyActivity": {"typeProperties.cloudDataMovementUnits": {"type": "any"}},
    "SynapseNotebookActivity": {"typeProperties.snapshot": {"type": "any"}},
}
"""Keys of which Studio and the service know more than the SDK: each entry as in the table, in place of it."""


@cache
def _all_keys(class_name: str) -> dict[str, Key]:
    entries = {**_table()["classes"].get(class_name, {}), **_BEYOND_THE_SDK.get(class_name, {})}
    return {
        name: Key(
            name,
            entry["type"],
            entry.get("value", ""),
            entry.get("required", False),
            tuple(entry.get("enum", ())),
            entry.get("minimum"),
            entry.get("maximum"),
        )
        for name, entry in entries.items()
    }


def subtype(class_name: str, kind: object) -> str:
    """The class that an object of an abstract class really has, by the value of its ``type``."""
    known = _table()["subtypes"].get(class_name, {})
    return str(known.get(kind, class_name)) if isinstance(kind, str) else class_name


@dataclass(frozen=True)
class Mismatch:
    """A value of another JSON type than its key takes.

    Attributes:
        path: Where, inside the checked object.
        key: What the key takes; for the members of a list, what a member is.
        value: What stands there.
        soft: Whether a lenient reader would take it: a number for a string, a value computed at run time for a literal,
            an empty text for nothing at all.
    """

    path: JsonPath
    key: Key
    value: Any
    soft: bool


def mismatches(value: dict[str, Any], keys: dict[str, Key], path: JsonPath = ()) -> Iterator[Mismatch]:
    """The values below an object that have another type than their keys take; activities inside are passed over."""
    for name, key in matched(value, keys):
        if value[name] is not None and not is_arm(value[name]):
            yield from _check(value[name], key, (*path, name))


def matched(value: dict[str, Any], keys: dict[str, Key]) -> Iterator[tuple[str, Key]]:
    """The members of an object that its class knows, in whatever letter case: the name as written, and the key."""
    find = keys.find if isinstance(keys, Keys) else Keys(keys).find
    for name in value:
        key = find(name)
        if key is not None:
            yield name, key


def _check(value: Any, key: Key, path: JsonPath) -> Iterator[Mismatch]:
    """The mismatches of one value with what a key takes."""
    kind = key.type
    if kind[0] == "[":
        yield from _check_list(value, key, path)
    elif kind[0] == "{":
        yield from _check_map(value, key, path)
    elif kind == "Expression":
        if not is_expression_object(value):
            yield Mismatch(path, key, value, soft=is_dynamic(value))
    elif kind[0].isupper():
        if not isinstance(value, dict):
            yield Mismatch(path, key, value, soft=is_dynamic(value))
        elif kind != "Activity":
            yield from mismatches(value, keys_of(subtype(kind, value.get("type"))), path)
    elif not _fits(value, key):
        yield Mismatch(path, key, value, soft=_is_soft(value, key))


def _check_list(value: Any, key: Key, path: JsonPath) -> Iterator[Mismatch]:
    if not isinstance(value, list):
        yield Mismatch(path, key, value, soft=_is_blank_or_dynamic(value))
        return
    inner = Key(key.name, key.type[1:-1])
    if inner.type not in ("any", "Activity"):
        for index, member in enumerate(value):
            if member is not None and not is_arm(member):
                yield from _check(member, inner, (*path, index))


def _check_map(value: Any, key: Key, path: JsonPath) -> Iterator[Mismatch]:
    if not isinstance(value, dict):
        yield Mismatch(path, key, value, soft=_is_blank_or_dynamic(value) or key.name == _LIST_OR_MAP)
        return
    inner = Key(key.name, key.type[1:-1])
    if inner.type != "any":
        for name, member in value.items():
            if member is not None and not is_arm(member):
                yield from _check(member, inner, (*path, name))


_LIST_OR_MAP = "variables"
"""The key of HDInsightHive that older models of Azure have as a list."""


def _is_blank_or_dynamic(value: Any) -> bool:
    return value == "" or is_dynamic(value)


_NUMBER = re.compile(r"\s*[+-]?\d+(\.\d+)?\s*", re.ASCII)


def _fits(value: Any, key: Key) -> bool:
    """Whether a scalar is of the type that its key takes."""
    kind = key.type
    if kind == "any":
        return is_dynamic(value) or _fits_documented(value, key.value)
    if kind == "string":
        return isinstance(value, str)
    if kind == "bool":
        return isinstance(value, bool)
    if kind == "int":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _fits_documented(value: Any, wanted: str) -> bool:
    """Whether a value is what the documentation asks for, where a decoder would take anything."""
    if wanted == "integer":
        return not isinstance(value, (dict, list, bool)) and not (
            isinstance(value, str) and not _NUMBER.fullmatch(value)
        )
    if wanted == "boolean":
        return isinstance(value, bool) or (isinstance(value, str) and value.casefold() in ("true", "false"))
    return wanted != "string" or value is None or isinstance(value, (str, dict, list))


def _is_soft(value: Any, key: Key) -> bool:
    if key.type == "any" or is_dynamic(value):
        return True
    if key.type == "string":
        return not isinstance(value, (dict, list))
    if key.type == "bool":
        return isinstance(value, str) and value.casefold() in ("true", "false")
    return isinstance(value, (int, float)) or (isinstance(value, str) and bool(_NUMBER.fullmatch(value)))


ARTICLES = {
    "string": "a string",
    "int": "a whole number",
    "bool": "true or false",
    "float": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "Expression": 'an object {"value": "@…", "type": "Expression"}',
}


def wanted(key: Key) -> str:
    """Returns what a key takes, as messages say it."""
    kind = key.value or key.type
    if kind[0] == "[":
        return "a list"
    return ARTICLES.get(kind, "an object")


def described(mismatch: Mismatch) -> str:
    """Returns what stands at a mismatch, as messages say it."""
    return "an Expression object" if is_expression_object(mismatch.value) else kind_of(mismatch.value)


def objects(
    value: dict[str, Any], keys: dict[str, Key], path: JsonPath = ()
) -> Iterator[tuple[JsonPath, dict[str, Any], dict[str, Key]]]:
    """An object and every object of a known class below it, each with its path and keys; activities are passed over."""
    yield path, value, keys
    for name, key in matched(value, keys):
        if not isinstance(value[name], (dict, list)):
            continue
        inner = key.type.strip("[]{}")
        if inner[0].isupper() and inner != "Activity":
            for member, member_path in members(value[name], key.type, (*path, name)):
                yield from objects(member, keys_of(subtype(inner, member.get("type"))), member_path)


def members(value: Any, kind: str, path: JsonPath) -> Iterator[tuple[dict[str, Any], JsonPath]]:
    """The objects of a class in a value: itself, or the members of a list or map of them."""
    if kind[0] == "[" and isinstance(value, list):
        for index, member in enumerate(value):
            yield from members(member, kind[1:-1], (*path, index))
    elif kind[0] == "{" and isinstance(value, dict):
        for name, member in value.items():
            yield from members(member, kind[1:-1], (*path, name))
    elif kind[0].isupper() and isinstance(value, dict):
        yield value, path
