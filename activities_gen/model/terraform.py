"""What the decoder of FlowEHR's Terraform provider makes of activities: where it stops, and what it changes.

The table beside this module says what the decoder knows. This module reads JSON as the decoder does, without building
anything: what comes out as it went in says nothing.
"""

from __future__ import annotations

import json
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from activities_gen.model.values import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.findings import JsonPath

ACTIVITIES = "[BasicActivity]"
"""What a list of activities is to the decoder."""


class Effect(Enum):
    """What the decoder does with a place."""

    STOPS = "the value cannot be read"
    CRASHES = "the provider ends with a panic"
    DROPS = "the key is not known"
    EMPTIES = "null, or what counts as nothing, is left out or replaced"
    RENAMES = "the key is written in another case"
    RETYPES = "the type is not known in its place, and replaced"
    ADDS = "the key is written, although it is missing"


class Deviation(NamedTuple):
    """One place that stops the decoder, or that it writes otherwise than it reads it.

    Attributes:
        effect: What the decoder does.
        path: Where, below what is decoded.
        value: What stands there.
        wanted: What the decoder takes or writes there: a type of the table, a key, the value of a ``type``. A key that
            it adds is named here; the path is that of the object.
        into: For what stops the decoder, the place and its type as its message names them; for a key that it adds, the
            JSON that it writes there.
        known: For an unknown key, the keys that are known.
    """

    effect: Effect
    path: JsonPath
    value: Any
    wanted: str
    into: str = ""
    known: tuple[str, ...] = ()


class _Class(NamedTuple):
    """One class of the table, as the tool that writes the table describes it."""

    name: str
    keys: dict[str, str]
    folded: dict[str, str]
    exact: bool
    open: bool
    type: str
    always: tuple[str, ...]
    writes: bool


class _Frame(NamedTuple):
    """The innermost struct and the keys that a message names; an outer one hides those inside of what it holds."""

    struct: str
    fields: tuple[str, ...]
    hides: bool = False


_NO_FRAME = _Frame("", ())


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads((Path(__file__).parent / "terraform_schema.json").read_text("utf-8"))
    return table


@cache
def _bases() -> dict[str, dict[str, str]]:
    bases: dict[str, dict[str, str]] = _table()["bases"]
    return bases


@cache
def _enums() -> frozenset[str]:
    return frozenset(_table()["enums"])


@cache
def _class(name: str) -> _Class:
    entry = _table()["classes"][name]
    keys: dict[str, str] = entry["keys"]
    exact = entry.get("exact", False)
    folded = {} if exact else {key.casefold(): key for key in keys}
    always = tuple(entry.get("always", ()))
    return _Class(
        name, keys, folded, exact, entry.get("open", False), entry.get("type", ""), always, entry.get("writes", False)
    )


def activity_types() -> frozenset[str]:
    """Returns the activity types that the provider knows."""
    return frozenset(_bases()["BasicActivity"]) - {""}


def is_text(kind: str) -> bool:
    """Whether a type of the table is a string, of whatever values."""
    return kind == "string" or kind in _enums()


def deviations(value: Any, kind: str = ACTIVITIES, path: JsonPath = ()) -> Iterator[Deviation]:
    """Yields what the decoder makes of a value, other than to write it as it is.

    Args:
        value: JSON; ``activities`` of a pipeline, if no other kind is given. Not null.
        kind: A type of the table.
        path: Where the value stands.
    """
    yield from _value(value, kind, path, _NO_FRAME)


def _value(value: Any, kind: str, path: JsonPath, frame: _Frame) -> Iterator[Deviation]:
    """The deviations of a value that is not null."""
    if kind == "any" or is_placeholder(value):
        return
    reader = _READERS.get(kind[0]) or (_object if kind[0].isupper() and not is_text(kind) else _scalar)
    yield from reader(value, kind, path, frame)


def _scalar(value: Any, kind: str, path: JsonPath, frame: _Frame) -> Iterator[Deviation]:
    if not _FITS.get(kind, _is_text)(value):
        yield _stop(value, kind, go_type(kind), path, frame)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_boolean(value: Any) -> bool:
    return isinstance(value, bool)


def _is_int32(value: Any) -> bool:
    """Whether a value is a whole number that fits; Terraform writes 1.0 as 1 before the provider reads it."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and -(2**31) <= value < 2**31 and value == int(value)


_FITS = {"string": _is_text, "bool": _is_boolean, "int32": _is_int32}


def _list(value: Any, kind: str, path: JsonPath, frame: _Frame) -> Iterator[Deviation]:
    inner = kind[1:-1]
    if not isinstance(value, list):
        yield _stop(value, kind, "[]*json.RawMessage" if inner in _bases() else go_type(kind), path, frame)
        return
    if inner == "any":
        return
    for index, member in enumerate(value):
        if member is not None:
            yield from _value(member, inner, (*path, index), frame)
        elif inner in _bases():
            yield Deviation(Effect.CRASHES, (*path, index), None, inner)
        elif inner[0] != "{":
            yield Deviation(Effect.EMPTIES, (*path, index), None, inner)


def _map(value: Any, kind: str, path: JsonPath, frame: _Frame) -> Iterator[Deviation]:
    inner = kind[1:-1]
    if not isinstance(value, dict):
        yield _stop(value, kind, go_type(kind), path, frame)
    elif inner != "any":
        for name, member in value.items():
            if member is not None:
                yield from _value(member, inner, (*path, name), frame)


_READERS = {"[": _list, "{": _map}


def _object(value: Any, kind: str, path: JsonPath, frame: _Frame) -> Iterator[Deviation]:
    """The deviations of an object of a class, or of one of an interface's classes by the value of its type."""
    classes = _bases().get(kind)
    if classes and isinstance(value, dict):
        written = value.get("type")
        if is_placeholder(written):
            return
        name = classes.get(written) if isinstance(written, str) else None
        found = _class(name or classes[""])
    elif classes:
        yield _stop(value, kind, "map[string]interface {}", path, frame)
        return
    else:
        found = _class(kind)
    if not isinstance(value, dict):
        yield _stop(value, kind, "map[string]*json.RawMessage" if found.exact else go_type(kind), path, frame)
        return
    yield from _members(value, found, path, frame)
    for key in (*found.always, *(("type",) if found.type else ())):
        if key not in value and (found.exact or key not in {name.casefold() for name in value}):
            yield Deviation(Effect.ADDS, path, value, key, found.type if key == "type" else "null")


def _members(value: dict[str, Any], found: _Class, path: JsonPath, frame: _Frame) -> Iterator[Deviation]:
    for name, member in value.items():
        key = name if name in found.keys else found.folded.get(name.casefold(), "")
        here = (*path, name)
        if not key:
            if is_placeholder(name):
                continue
            if not found.open:
                yield Deviation(Effect.DROPS, here, member, "", known=tuple(found.keys))
            elif member is None:
                yield Deviation(Effect.EMPTIES, here, None, name)
            continue
        if key != name:
            yield Deviation(Effect.RENAMES, here, member, key)
        yield from _member(member, key, found, here, frame)


def _member(member: Any, key: str, found: _Class, path: JsonPath, frame: _Frame) -> Iterator[Deviation]:
    """The deviations of the value of a known key."""
    kind = found.keys[key]
    if member is None:
        if key not in found.always:
            yield Deviation(Effect.EMPTIES, path, None, kind)
    elif key == "type" and found.type and isinstance(member, str):
        if member != found.type and not is_placeholder(member):
            yield Deviation(Effect.RETYPES, path, member, found.type)
    elif (member == "" and kind in _enums()) or (member == {} and kind[0] == "{" and not found.writes):
        yield Deviation(Effect.EMPTIES, path, member, kind)
    elif kind != "any":
        yield from _value(member, kind, path, _inside(frame, found, key))


def _inside(frame: _Frame, found: _Class, key: str) -> _Frame:
    """Returns what messages about the value of a key name."""
    if found.exact:
        return frame._replace(hides=True) if frame.struct else frame
    return frame if frame.hides else _Frame(found.name, (*frame.fields, key))


def _stop(value: Any, kind: str, go: str, path: JsonPath, frame: _Frame) -> Deviation:
    place = f"struct field {frame.struct}.{'.'.join(frame.fields)}" if frame.struct else "value"
    return Deviation(Effect.STOPS, path, value, kind, f"Go {place} of type {go}")


_GO = {"any": "interface {}", "string": "string", "bool": "bool", "int32": "int32"}


def go_type(kind: str) -> str:
    """Returns a type of the table as the provider's language writes it."""
    if kind[0] == "[":
        return f"[]{go_type(kind[1:-1])}"
    if kind[0] == "{":
        pointer = "" if kind[1:-1] == "any" or kind[1] == "{" else "*"
        return f"map[string]{pointer}{go_type(kind[1:-1])}"
    return _GO.get(kind) or f"datafactory.{kind}"


def go_kind(value: Any) -> str:
    """Returns what a value is, as the decoder's messages say it."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"
