"""From SDK objects to ADF JSON.

Driven by the tables that every SDK model carries (``_attribute_map``, ``_validation``), so that each class of the SDK is
covered by the same few functions. Equal to the SDK's own ``serialize()`` wherever that is right, and different where it
is not: keys stand in ADF's order, strings that hold a date stay as they are, and what the SDK drops or converts in
silence (a required ``None``, a number for a name, strings for dependencies) is a problem that names object and attribute.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any

from activities_gen.findings import suggestion
from activities_gen.wire.raw import ABSENT, Raw, extra_of, merge, own_attributes, respell
from activities_gen.wire.sdk import is_kind, members

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Problem:
    """Something in an SDK object that has no right JSON.

    Attributes:
        model: The SDK object.
        attribute: The attribute's Python name, empty if the object as a whole is meant.
        code: The code of the finding that it becomes.
        message: What is wrong and how to mend it.
        value: The wrong value, where its own line is to be found; ``None`` if the attribute's is meant.
    """

    model: Any = field(repr=False)
    attribute: str
    code: str
    message: str
    value: object = None


@dataclass
class Serialiser:
    """One pass over SDK objects.

    Attributes:
        resolve: Applied to every string.
        problems: What was wrong, in the order met. JSON made while there are problems is incomplete.
        origins: From the ``id`` of a JSON object made here to the SDK object it was made from. Valid as long as the
            JSON lives.
        current: The SDK object being written.
        activity: The innermost activity being written, which problems of its parts name.
    """

    resolve: Callable[[str], str] = str
    current: Any = None
    activity: Any = None
    problems: list[Problem] = field(default_factory=list)
    origins: dict[int, Any] = field(default_factory=dict)

    def serialise(self, model: Any) -> Any:
        """The ADF JSON of an SDK object, or of plain data that holds some.

        Args:
            model: An object of a class of ``azure.mgmt.datafactory.models``, a :func:`~activities_gen.raw` value, or
                lists and dicts of those.

        Returns:
            What ``json.dumps`` takes, with keys in ADF's order; unset attributes are left out, empty ones are kept.
        """
        return _value(self, model, None, "")

    def attribute(self, owner: Any, attribute: str, value: Any) -> Any:
        """The JSON of a value that is no SDK object's own.

        Args:
            owner: What problems are reported of.
            attribute: The keyword of ``owner`` that holds the value.
            value: As :meth:`serialise` takes it.
        """
        return _value(self, value, owner, attribute)

    def model(self, model: Any) -> dict[str, Any]:
        """The JSON object of one SDK object."""
        result: dict[str, Any] = {}
        self.origins[id(result)] = model
        outer, self.current = (self.current, self.activity), model
        attributes = model.__dict__
        kind: Any = type(model)
        plan = _plan(kind)
        if plan.activity:
            self.activity = model
        for member in plan.members:
            value = attributes.get(member.attribute)
            if value is None:
                if member.required:
                    self._missing(model, member)
                continue
            if type(value) is Raw and value.value is ABSENT:
                continue
            encoded = member.encode(self, value, model, member.attribute)
            if member.inside is None:
                result[member.key] = encoded
            else:
                result.setdefault(member.inside, {})[member.key] = encoded
        additional = attributes.get("additional_properties")
        if additional and plan.open:
            added = _object(self, additional, model, "additional_properties")
            merge(result, added if isinstance(added, dict) else {})
        self._respell(model, result)
        extra = extra_of(model)
        if extra:
            merge(result, _value(self, extra, model, ""))
        if len(attributes) > plan.attribute_count:
            self._unknown(model, plan)
        self.current, self.activity = outer
        return result

    def wrong(self, model: Any, attribute: str, expected: str, value: Any) -> None:
        """Note that an attribute holds a value of another type than it takes, unless that mistake is known already."""
        if getattr(type(value), "is_recorded_mistake", False):
            return
        owner = f"{self._owner(model)}: " if model is not None else ""
        message = f"{owner}'{attribute}' takes {expected}, not {shown(value)}.{_hint(expected, value)}"
        self.problems.append(Problem(model, attribute, "PY103", message, value))

    def _owner(self, model: Any) -> str:
        """How a message names an object: a part of an activity together with that."""
        whole = "" if self.activity in (None, model) else f" of {_title(self.activity)}"
        return f"{_title(model)}{whole}"

    def _respell(self, model: Any, result: dict[str, Any]) -> None:
        for key in sorted(respell(model, result)):
            message = f"{self._owner(model)} writes no key '{key}', in any letter case.{suggestion(key, result)}"
            self.problems.append(Problem(model, "", "PY101", message))

    def _missing(self, model: Any, member: _Member) -> None:
        message = f"{self._owner(model)}: '{member.attribute}' is required and was None. Give it a value."
        self.problems.append(Problem(model, member.attribute, "PY102", message))

    def _unknown(self, model: Any, plan: _Plan) -> None:
        known = {member.attribute for member in plan.members} | plan.silent
        for name in sorted(own_attributes(model) - known):
            message = f"{self._owner(model)} has no attribute '{name}'; the SDK would drop it.{suggestion(name, known)}"
            self.problems.append(Problem(model, name, "PY101", message))


def _title(model: Any) -> str:
    """How a message names an object of a definition: by class or noun, and by name where it has one."""
    name = getattr(model, "name", None)
    kind = getattr(model, "noun", None) or type(model).__name__
    return f"{kind} '{name}'" if isinstance(name, str) and str(name) else kind


def shown(value: Any) -> str:
    """How a message shows a wrong value, as in ``'3' (str)``: readable, and the same in every run."""
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if hasattr(type(value), "_attribute_map"):
        return _title(value)
    text = repr(value)
    if " at 0x" in text:
        return f"{'an' if type(value).__name__[0] in 'aeiouAEIOU' else 'a'} {type(value).__name__}"
    return f"{text if len(text) <= 60 else f'{text[:57]}…'} ({type(value).__name__})"


def _hint(expected: str, value: Any) -> str:
    """Returns what to write instead, for the mistakes that people make."""
    if "ActivityDependency" in expected:
        return " Write after(…) with the activity it waits for."
    if isinstance(value, str) and expected == "an Expression":
        return " Begin it with '@', or give it a parameter, an output or a function."
    if isinstance(value, str) and expected.startswith("a list"):
        return " Put it in square brackets."
    return ""


# --- the encoders, one for each type that the SDK's tables name -------------------------------------------------------


def _value(state: Serialiser, value: Any, model: Any, attribute: str) -> Any:
    """JSON of an attribute that takes anything."""
    kind = type(value)
    if kind is str:
        return state.resolve(value)
    if kind is bool or kind is int or value is None:
        return value
    if kind is dict:
        return {
            _key(state, key, model, attribute): _value(state, item, model, attribute) for key, item in value.items()
        }
    if kind is list or kind is tuple:
        return [_value(state, item, model, attribute) for item in value]
    if hasattr(kind, "_attribute_map"):
        return state.model(value)
    return _rare_value(state, value, model, attribute)


def _rare_value(state: Serialiser, value: Any, model: Any, attribute: str) -> Any:
    """JSON of the less usual values: enumerations, subclasses of ``str``, dates, raw JSON."""
    if isinstance(value, Raw) and value.value is not ABSENT:
        return _value(state, value.value, model, attribute)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return state.resolve(str(value))
    if isinstance(value, (float, Decimal)):
        if not math.isfinite(value):
            state.wrong(model, attribute, "a finite number", value)
        return float(value)
    if isinstance(value, (datetime, date, time, timedelta)):
        return _moment(value)
    if isinstance(value, dict):
        return _value(state, dict(value.items()), model, attribute)
    if isinstance(value, (list, tuple)):
        return _value(state, [*value], model, attribute)
    if isinstance(value, int):
        return int(value)
    if _is_null(value):
        return None
    state.wrong(model, attribute, "a JSON value or an SDK object", value)
    return None


def _is_null(value: Any) -> bool:
    """Whether it is azure-core's ``NULL``, by which the SDK spells an explicit null."""
    return type(value).__name__ == "_Null" and type(value).__module__ == "azure.core.serialization"


def _moment(value: datetime | date | time | timedelta) -> str:
    """Dates and durations as the SDK writes them: ISO 8601, instants in UTC with milliseconds."""
    if isinstance(value, datetime):
        utc = value.astimezone(timezone.utc) if value.tzinfo else value
        fraction = f"{utc.microsecond:06}".rstrip("0").ljust(3, "0")
        return f"{utc:%Y-%m-%dT%H:%M:%S}".rjust(19, "0") + f".{fraction}Z"
    if isinstance(value, date):
        return f"{value.year:04}-{value.month:02}-{value.day:02}"
    if isinstance(value, time):
        fraction = f".{value.microsecond:02}" if value.microsecond else ""
        return f"{value.hour:02}:{value.minute:02}:{value.second:02}{fraction}"
    return _duration(value)


def _duration(value: timedelta) -> str:
    """An ISO 8601 duration, as in ``P1DT2H``."""
    sign = "-" if value < timedelta(0) else ""
    value = abs(value)
    hours, rest = divmod(value.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    exact = f"{seconds}.{value.microseconds:06}".rstrip("0").rstrip(".")
    parts = [(hours, f"{hours}H"), (minutes, f"{minutes}M"), (exact != "0", f"{exact}S")]
    clock = "".join(text for number, text in parts if number)
    days = f"{value.days}D" if value.days else ""
    return f"{sign}P{days}{'T' + clock if clock else ''}" if days or clock else "P0D"


def _key(state: Serialiser, key: Any, model: Any, attribute: str) -> str:
    if isinstance(key, Enum):
        key = key.value
    if not isinstance(key, str):
        state.wrong(model, attribute, "an object whose keys are strings", key)
    return str(key)


def _text(state: Serialiser, value: Any, model: Any, attribute: str) -> Any:
    if type(value) is str:
        return state.resolve(value)
    if isinstance(value, (Enum, Raw)):
        return _rare_value(state, value, model, attribute)
    if isinstance(value, str):
        return state.resolve(str(value))
    if _is_null(value):
        return None
    state.wrong(model, attribute, "a string", value)
    return None


def _number(kinds: tuple[type, ...], expected: str) -> Any:
    def encode(state: Serialiser, value: Any, model: Any, attribute: str) -> Any:
        if isinstance(value, Raw) or _is_null(value):
            return _rare_value(state, value, model, attribute)
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            state.wrong(model, attribute, expected, value)
        elif isinstance(value, float) and not math.isfinite(value):
            state.wrong(model, attribute, "a finite number", value)
        return value

    return encode


def _instant(state: Serialiser, value: Any, model: Any, attribute: str) -> Any:
    if isinstance(value, datetime):
        return _moment(value)
    return _text(state, value, model, attribute)


def _object(state: Serialiser, value: Any, model: Any, attribute: str) -> Any:
    """An attribute of the SDK type ``{…}`` with free values."""
    if isinstance(value, (dict, Raw)) or hasattr(type(value), "_attribute_map"):
        return _value(state, value, model, attribute)
    state.wrong(model, attribute, "an object (a dict)", value)
    return None


def _list_of(item: Any, expected: str) -> Any:
    def encode(state: Serialiser, value: Any, model: Any, attribute: str) -> Any:
        if isinstance(value, Raw):
            return _value(state, value, model, attribute)
        if not isinstance(value, (list, tuple)):
            state.wrong(model, attribute, f"a list of {expected}", value)
            return None
        return [None if element is None else item(state, element, model, attribute) for element in value]

    return encode


def _dict_of(item: Any, expected: str) -> Any:
    def encode(state: Serialiser, value: Any, model: Any, attribute: str) -> Any:
        if isinstance(value, Raw):
            return _value(state, value, model, attribute)
        if not isinstance(value, dict):
            state.wrong(model, attribute, f"a dict of {expected}", value)
            return None
        return {
            _key(state, key, model, attribute): item(state, element, model, attribute) for key, element in value.items()
        }

    return encode


def _expression(state: Serialiser, value: Any, model: Any, attribute: str) -> Any:
    """An ``Expression`` of the SDK; an expression alone is put into one, as ADF demands in these places."""
    if isinstance(value, str) and str.startswith(value, "@"):
        return {"value": _text(state, value, model, attribute), "type": "Expression"}
    return _AN_EXPRESSION(state, value, model, attribute)


def _model_of(name: str) -> Any:
    def encode(state: Serialiser, value: Any, model: Any, attribute: str) -> Any:
        if isinstance(value, Raw) or _is_null(value):
            return _value(state, value, model, attribute)
        if not is_kind(type(value), name):
            state.wrong(model, attribute, f"{'an' if name[0] in 'AEIOU' else 'a'} {name}", value)
            return None
        return state.model(value)

    return encode


_AN_EXPRESSION = _model_of("Expression")
_ENCODERS: dict[str, tuple[Any, str]] = {
    "object": (_value, "JSON values"),
    "str": (_text, "strings"),
    "bool": (_number((bool,), "True or False"), "booleans"),
    "int": (_number((int,), "a whole number"), "whole numbers"),
    "float": (_number((int, float), "a number"), "numbers"),
    "iso-8601": (_instant, "dates"),
    "{object}": (_object, "objects"),
    "Expression": (_expression, "expressions"),
}


def _encoder(kind: str) -> tuple[Any, str]:
    """The encoder for a type of the SDK's tables, and that type in the plural for messages."""
    if kind in _ENCODERS:
        return _ENCODERS[kind]
    if kind[0] in "[{":
        item, plural = _encoder(kind[1:-1])
        return (_list_of if kind[0] == "[" else _dict_of)(item, plural), f"lists of {plural}"
    return _model_of(kind), kind


# --- what to write for a class, worked out once -----------------------------------------------------------------------


@dataclass(frozen=True)
class _Member:
    """One attribute of a class: its key, the object it stands in if that is not the class's own, its encoder."""

    attribute: str
    key: str
    inside: str | None
    encode: Any
    required: bool


@dataclass(frozen=True)
class _Plan:
    """How the objects of a class are written."""

    members: tuple[_Member, ...]
    open: bool
    activity: bool
    attribute_count: int
    silent: frozenset[str]


@cache
def _plan(kind: Any) -> _Plan:
    written = tuple(
        _Member(member.attribute, member.key, member.inside, _encoder(member.type)[0], member.required)
        for member in members(kind)
    )
    silent = frozenset(kind._attribute_map) - {member.attribute for member in written} | {"additional_properties"}
    return _Plan(
        members=written,
        open="additional_properties" in kind._attribute_map,
        activity=is_kind(kind, "Activity"),
        attribute_count=len(written) + len(silent),
        silent=silent,
    )
