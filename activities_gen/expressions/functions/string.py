"""String functions. Lengths and indices count UTF-16 units, as .NET does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from activities_gen.expressions.errors import FunctionError
from activities_gen.expressions.numbers import to_int32
from activities_gen.expressions.registry import Family
from activities_gen.expressions.text import WHITESPACE, characters, is_basic, is_simple, to_lower, to_upper, units
from activities_gen.expressions.values import check_size, to_text
from activities_gen.lazy import lazy_module

if TYPE_CHECKING:
    from activities_gen.expressions import collation
    from activities_gen.expressions.context import Context
else:
    collation = lazy_module("activities_gen.expressions.collation")

FUNCTIONS = Family("string")


@FUNCTIONS.add("concat", "first: string, second: string, *more: string -> string", engine="any, *any -> string")
def concat(*parts: Any) -> str:
    """One string of all arguments.

    The engine takes one argument too, and any type: null is empty, ``true`` is ``True``, ``1.0`` is ``1``, arrays and
    objects are compact JSON (they are never merged: use ``union`` or ``createArray``).
    """
    texts = [part if type(part) is str else to_text(part) for part in parts]
    check_size(sum(map(len, texts)))
    return characters("".join(texts))


@FUNCTIONS.add("startsWith", "text: string, start: string -> boolean")
def starts_with(text: str, start: str) -> bool:
    """Whether a string starts with another, whatever the letter case. The empty string starts every string."""
    if not start:
        return True
    if is_simple(text) and is_simple(start):
        return text.lower().startswith(start.lower())
    whole, part = _searchable(text, start)
    return whole.key.startswith(part.key) and bool(text)


@FUNCTIONS.add("endsWith", "text: string, end: string -> boolean")
def ends_with(text: str, end: str) -> bool:
    """Whether a string ends with another, whatever the letter case. The empty string ends every string."""
    if not end:
        return True
    if is_simple(text) and is_simple(end):
        return text.lower().endswith(end.lower())
    whole, part = _searchable(text, end)
    return bool(text) and whole.key.endswith(part.key) and bool(part.starts or collation.is_ignored(text[-1:]))


def _searchable(text: str, part: str) -> tuple[collation.Searchable, collation.Searchable]:
    return collation.Searchable(text), collation.Searchable(part)


@FUNCTIONS.add("guid", "[style: string] -> string", needs_context=True)
def guid(context: Context, pattern: str = "D") -> str:
    """A random identifier: ``N`` digits only, ``D`` with hyphens, ``B`` in braces, ``P`` in parentheses, ``X`` in C form."""
    bits = context.random_source.getrandbits(128) & ~(0xF << 76) & ~(0x3 << 62) | (0x4 << 76) | (0x2 << 62)
    digits = f"{bits:032x}"
    hyphenated = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    tail = ",".join(f"0x{digits[index : index + 2]}" for index in range(16, 32, 2))
    forms = {
        "N": digits,
        "D": hyphenated,
        "B": f"{{{hyphenated}}}",
        "P": f"({hyphenated})",
        "X": f"{{0x{digits[:8]},0x{digits[8:12]},0x{digits[12:16]},{{{tail}}}}}",
    }
    if pattern not in forms:
        raise FunctionError(f"does not know the format '{pattern}'; it is one of N, D, B, P and X, in upper case")
    return forms[pattern]


@FUNCTIONS.add("indexOf", "text: string, part: string -> integer")
def index_of(text: str, part: str) -> int:
    """The first index of a part, whatever the letter case; -1 if there is none, 0 for the empty part.

    A line feed behind a carriage return is not found by itself: the two are one character.
    """
    if not part:
        return 0
    if is_simple(text) and is_simple(part):
        return text.lower().find(part.lower())
    whole, sought = _searchable(text, part)
    if not sought.starts:
        return 0 if text else -1
    return whole.index(whole.key.find(sought.key))


@FUNCTIONS.add("lastIndexOf", "text: string, part: string -> integer")
def last_index_of(text: str, part: str) -> int:
    """The last index of a part, whatever the letter case; -1 if there is none.

    For the empty part the engine gives the last index of the text, 4 in ``Hello``, and 0 in the empty text.
    """
    if not part:
        return max(len(units(text)) - 1, 0)
    if is_simple(text) and is_simple(part):
        return text.lower().rfind(part.lower())
    whole, sought = _searchable(text, part)
    if not sought.starts:
        return len(units(text)) - 1
    return whole.index(whole.key.rfind(sought.key))


@FUNCTIONS.add("replace", "text: string, old: string, new: string -> string", samples=(("x",), ("x",), ("",)))
def replace(text: str, old: str, new: str) -> str:
    """Every occurrence of ``old`` replaced; letter case matters. ``old`` must not be empty, unless the text is."""
    if not text:
        return text
    if not old:
        raise FunctionError("cannot replace the empty string")
    if len(new) > len(old):
        check_size(len(text) + text.count(old) * (len(new) - len(old)))
    return text.replace(old, new)


@FUNCTIONS.add("split", "text: string, delimiter: string -> array")
def split(text: str, delimiter: str) -> list[str]:
    """The parts between the delimiters, empty ones kept; letter case matters. An empty delimiter splits nothing."""
    return text.split(delimiter) if delimiter else [text]


@FUNCTIONS.add(
    "substring", "text: string, start: integer, count: integer -> string", engine="string, integer, [integer] -> string"
)
def substring(text: str, start: int, count: int | None = None) -> str:
    """``count`` characters from ``start``, from 0; in the engine all the rest without ``count``.

    Nothing is cut to fit: ``start`` must be less than the length, so that no call on the empty string works, and
    ``start + count`` must not be more than the length.
    """
    if not text:
        raise FunctionError("takes nothing from an empty string")
    whole = text if is_basic(text) else units(text)
    first = to_int32(start)
    last = len(whole) if count is None else first + to_int32(count)
    if first < 0 or last < first:
        negative = f"start of 0 or more; it is {start}" if first < 0 else f"count of 0 or more; it is {count}"
        raise FunctionError(f"needs a {negative}")
    if first >= len(whole):
        raise FunctionError(f"needs a start less than the string's length, {len(whole)}; it is {start}")
    if last > len(whole):
        raise FunctionError(f"cannot take {count} characters from {start} of a string of {len(whole)}")
    return whole[first:last] if whole is text else characters(whole[first:last])


@FUNCTIONS.add("toLower", "text: string -> string")
def lower(text: str) -> str:
    """The string in lower case, by the invariant culture."""
    return to_lower(text)


@FUNCTIONS.add("toUpper", "text: string -> string")
def upper(text: str) -> str:
    """The string in upper case, by the invariant culture: ``ß`` stays ``ß``."""
    return to_upper(text)


@FUNCTIONS.add("trim", "text: string -> string")
def trim(text: str) -> str:
    """The string without Unicode white space at both ends."""
    return text.strip(WHITESPACE)
