"""JSON that the SDK's models cannot say, carried as it is.

The SDK knows fewer keys than ADF: it loses ``typeProperties.dataflow`` and ``policy.retry`` of a control activity, and
activity types younger than itself. What it cannot say stands in a definition visibly, in one of these three forms.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, TypeVar

_Model = TypeVar("_Model")
_EXTRA = "_activities_gen_extra"
_SPELLING = "_activities_gen_spelling"


class _Absent(Enum):
    """Tells "no value" from "the value is null"."""

    ABSENT = "absent"


ABSENT = _Absent.ABSENT


class Raw:
    """A JSON value that is written as it is. Made by :func:`raw`."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    @property
    def name(self) -> str | None:
        """The activity's name, where the value is an activity."""
        name = self.value.get("name") if isinstance(self.value, dict) else None
        return name if isinstance(name, str) else None

    def __repr__(self) -> str:
        """``raw({…})``."""
        return "raw()" if self.value is ABSENT else f"raw({self.value!r})"


def raw(value: Any = ABSENT) -> Any:
    """A JSON value that is written as it is, wherever an SDK object or a value is expected.

    Args:
        value: What ``json.loads`` gives. As an activity: an object with ``name`` and ``type``. Left out, it stands for
            an attribute that the SDK demands and the JSON does not have, as those of an inactive activity.

    Returns:
        An object for the place of an SDK object; typed ``Any``, for a type checker must let it stand there.
    """
    return Raw(value)


def with_json(model: _Model, extra: dict[str, Any]) -> _Model:
    """Add keys to what an SDK object writes.

    Args:
        model: Any SDK object.
        extra: Merged over the object's JSON: objects key by key, everything else replaces. A value of :func:`raw`
            replaces as a whole.

    Returns:
        ``model`` itself.
    """
    model.__dict__[_EXTRA] = extra
    return model


def with_spelling(model: _Model, *keys: str) -> _Model:
    """Spell keys of what an SDK object writes in another letter case.

    ADF reads keys in any case, and Studio writes some otherwise than the SDK: ``dataflow`` in an ExecuteDataFlow.

    Args:
        model: Any SDK object.
        keys: As they are to be written, as in ``"dataflow"``: the object's own, or those of its ``typeProperties``.

    Returns:
        ``model`` itself.
    """
    model.__dict__[_SPELLING] = {key.casefold(): key for key in keys}
    return model


def respell(model: Any, written: dict[str, Any]) -> set[str]:
    """Put the spellings of :func:`with_spelling` into the JSON of an SDK object, in place and in order.

    Returns:
        The spellings of keys that the JSON does not have.
    """
    spelling: dict[str, str] | None = model.__dict__.get(_SPELLING)
    if spelling is None:
        return set()
    unused = set(spelling.values())
    inner = written.get("typeProperties")
    for holder in (written, inner) if isinstance(inner, dict) else (written,):
        members = [(spelling.get(key.casefold(), key), value) for key, value in holder.items()]
        unused.difference_update(key for key, _ in members)
        holder.clear()
        holder.update(members)
    return unused


def extra_of(model: Any) -> dict[str, Any] | None:
    """What :func:`with_json` added to an SDK object."""
    extra: dict[str, Any] | None = model.__dict__.get(_EXTRA)
    return extra


def own_attributes(model: Any) -> set[str]:
    """The names of an SDK object's attributes, without this module's own."""
    return set(model.__dict__) - {_EXTRA, _SPELLING}


def merge(target: dict[str, Any], extra: dict[str, Any]) -> None:
    """Merge ``extra`` over ``target``, in place."""
    for key, value in extra.items():
        present = target.get(key)
        if isinstance(present, dict) and isinstance(value, dict):
            merge(present, value)
        else:
            target[key] = value
