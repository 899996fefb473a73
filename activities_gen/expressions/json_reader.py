"""JSON as Newtonsoft.Json reads it, which is more than JSON allows.

Names without quotes, single quotes, trailing commas, comments, hexadecimal and octal numbers, and anything behind the
first value are accepted, and so is an array or object that the text's end cuts off. NUL counts as a blank. A comment in
an array is an element, which is null here. Of properties with the same name the last counts, in its place.
"""

from __future__ import annotations

import json
import re
from typing import Any

from activities_gen.expressions.errors import FunctionError
from activities_gen.expressions.text import WHITESPACE, characters
from activities_gen.expressions.values import SizeError

MAX_DEPTH = 500
"""Deepest nesting of arrays and objects."""

MAX_VALUES = 300_000
"""Most values that are read of a text that is not JSON as the standard has it, which takes microseconds for each."""

MAX_DIGITS = 380
"""Longest integer, as in Newtonsoft.Json."""

_BLANKS = re.compile(rf"(?:[{WHITESPACE}\0]+|/\*.*?\*/|//[^\r\n]*)*", re.DOTALL)
_STRING = {quote: re.compile(rf"[^{quote}\\]*(?:\\.[^{quote}\\]*)*", re.DOTALL) for quote in "\"'"}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "/": "/", "\\": "\\", '"': '"', "'": "'"}
_NAME = re.compile(r"[\w$]+")
_NUMBER = re.compile(r"[-.0-9a-fA-FxX+]+")
_WORDS: dict[str, Any] = {
    "true": True,
    "false": False,
    "null": None,
    "undefined": None,
    "NaN": float("nan"),
    "Infinity": float("inf"),
    "-Infinity": float("-inf"),
}
_WORD = re.compile(r"-?[A-Za-z]\w*")
_MISSING: Any = object()
_AFTER = f",]}}/{WHITESPACE}\0"
_AFTER_NUMBER = _AFTER + ")"
_COMMENT = re.compile(rf"[{WHITESPACE}\0]*(?:/\*.*?\*/|//[^\r\n]*)", re.DOTALL)
_SPACE = re.compile(rf"[{WHITESPACE}\0]*")


def read_json(text: str) -> Any:
    """The first value in ``text``; null of nothing but blanks.

    Raises:
        FunctionError: It is no JSON even so.
    """
    found = _strict(text) if text[:1] in ("{", "[") else _NOT_STRICT
    return _Reader(text).read() if found is _NOT_STRICT else found


_NOT_STRICT: Any = object()
_BEYOND_STRICT = re.compile(rf"\\u[dD][89a-fA-F]|[0-9]{{{MAX_DIGITS}}}")
"""What the standard library reads otherwise: surrogates alone, and integers that are too long."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of its properties; of those with the same name the last counts, in its place."""
    found = dict(pairs)
    if len(found) < len(pairs):
        for name, value in pairs:
            found.pop(name, None)
            found[name] = value
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_object, strict=False)


def _strict(text: str) -> Any:
    """The array or object in a text that is JSON as the standard has it, :data:`_NOT_STRICT` of any other."""
    if _BEYOND_STRICT.search(text):
        return _NOT_STRICT
    try:
        found, _end = _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        return _NOT_STRICT
    return _NOT_STRICT if _is_deep(found) else found


def _is_deep(value: Any) -> bool:
    """Whether arrays and objects are nested more deeply than is read."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            item
            for outer in level
            for item in (outer.values() if type(outer) is dict else outer)
            if type(item) is dict or type(item) is list
        ]
        if not level:
            return False
    return True


class _Reader:
    """A position in a text, and the arrays and objects that are open there."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.open: list[tuple[Any, Any]] = []

    def read(self) -> Any:
        """The first value."""
        if not self._peek():
            return None
        value = self._value()
        left = MAX_VALUES
        while self.open:
            if value is not _MISSING:
                self._put(value)
                left -= 1
                if not left:
                    raise SizeError(f"reads at most {MAX_VALUES} values of JSON that is not as the standard has it")
            value = self._next()
        return value

    def _peek(self) -> str:
        """The next character that is no blank and no comment, empty at the end."""
        match = _BLANKS.match(self.text, self.position)
        self.position = match.end() if match else self.position
        return self.text[self.position : self.position + 1]

    def _fail(self, what: str) -> FunctionError:
        return FunctionError(f"cannot read the JSON: {what} at position {self.position}")

    def _put(self, value: Any) -> None:
        """Put a value into the innermost array or object."""
        target, key = self.open[-1]
        if isinstance(target, list):
            target.append(value)
        else:
            target.pop(key, None)
            target[key] = value

    def _comments(self, target: Any) -> None:
        """Go past comments; in an array each is an element for the engine."""
        while isinstance(target, list) and (match := _COMMENT.match(self.text, self.position)) is not None:
            self.position = match.end()
            target.append(None)

    def _next(self) -> Any:
        """Go on in the innermost array or object: its next value, or itself when it is complete."""
        target, key = self.open[-1]
        self._comments(target)
        character = self._peek()
        closing = "]" if isinstance(target, list) else "}"
        if character in ("", closing):
            if not character and key is _MISSING:
                raise self._fail("unexpected end")
            self.position += 1
            self.open.pop()
            return target
        if key is not _MISSING:
            if character != ",":
                raise self._fail(f"unexpected '{character}' after a value")
            self.position += 1
            self._comments(target)
            if self._peek() in (closing, "") and self._peek():
                return self._next_closed()
        if isinstance(target, dict):
            self.open[-1] = (target, self._key())
        else:
            self.open[-1] = (target, None)
        return self._value()

    def _next_closed(self) -> Any:
        """The innermost array or object, which ends behind a comma."""
        self.position += 1
        return self.open.pop()[0]

    def _key(self) -> str:
        """A property's name and the colon behind it."""
        character = self._peek()
        if character in ("'", '"'):
            name = self._string(character)
        else:
            match = _NAME.match(self.text, self.position)
            if match is None:
                raise self._fail(f"unexpected '{character}' for a property's name" if character else "unexpected end")
            name = match[0]
            self.position = match.end()
        blanks = _SPACE.match(self.text, self.position)
        self.position = blanks.end() if blanks else self.position
        if self.text[self.position : self.position + 1] != ":":
            raise self._fail("expected ':' after a property's name")
        self.position += 1
        return name

    def _value(self) -> Any:
        """A scalar; or open an array or object, and give :data:`_MISSING`."""
        character = self._peek()
        if character in "[{" and character:
            if len(self.open) >= MAX_DEPTH:
                raise self._fail(f"more than {MAX_DEPTH} arrays and objects inside each other")
            self.position += 1
            self.open.append(([] if character == "[" else {}, _MISSING))
            return _MISSING
        if character in ("'", '"'):
            return self._string(character)
        if character == ",":
            return None
        match = _WORD.match(self.text, self.position)
        if match is not None and match[0] in _WORDS and self.text[match.end() : match.end() + 1] in _AFTER:
            self.position = match.end()
            return _WORDS[match[0]]
        return self._number(character)

    def _string(self, quote: str) -> str:
        """A string in quotes."""
        match = _STRING[quote].match(self.text, self.position + 1)
        if match is None or self.text[match.end() : match.end() + 1] != quote:
            raise self._fail("unterminated string")
        self.position = match.end() + 1
        return characters(_ESCAPE.sub(self._unescape, match[0])) if "\\" in match[0] else match[0]

    def _unescape(self, match: re.Match[str]) -> str:
        code = match[1]
        if code[0] == "u" and len(code) == 5:
            return chr(int(code[1:], 16))
        if code not in _ESCAPED:
            raise self._fail(f"bad escape '\\{code}' in the string that ends")
        return _ESCAPED[code]

    def _number(self, character: str) -> int | float:
        """A number; behind it stands a blank, a comma, a bracket or the end."""
        match = _NUMBER.match(self.text, self.position)
        if match is None or character == "+" or self.text[match.end() : match.end() + 1] not in _AFTER_NUMBER:
            raise self._fail(f"unexpected '{character}'" if character else "unexpected end")
        number = _read_number(match[0])
        if number is None:
            raise self._fail(f"the number {match[0][:30]} is not valid")
        self.position = match.end()
        return number


_DECIMAL = re.compile(r"-?[0-9]+")
_BASED = re.compile(r"0(?P<octal>[0-7]+)|0[xX](?P<hexadecimal>[0-9a-fA-F]+)")
_FLOAT = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def _read_number(text: str) -> int | float | None:
    """The number that ``text`` is, ``None`` if it is none. A leading zero makes it octal, unless a minus stands before."""
    if text[0] == "0" and len(text) > 1 and text[1] not in ".eE":
        return _based_number(text)
    if _DECIMAL.fullmatch(text):
        return int(text) if len(text) <= MAX_DIGITS else None
    return float(text) if _FLOAT.fullmatch(text) else None


def _based_number(text: str) -> int | None:
    """An octal or hexadecimal number of at most 64 bits, the first of which is the sign."""
    match = _BASED.fullmatch(text)
    if match is None:
        return None
    number = int(match["octal"], 8) if match["octal"] else int(match["hexadecimal"], 16)
    return None if number >= 2**64 else number - (number >= 2**63) * 2**64
