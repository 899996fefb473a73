"""Where each value of a JSON text stands, so that a finding can name line and column.

The standard decoder is fast and forgets positions, and most documents have no finding. So positions are looked up when
they are asked for: the decoder steps over each member of the objects and lists on the way, and keeps nothing of them.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.findings import JsonPath

TOKEN = re.compile(r'[{}\[\],:]|"(?:[^"\\]|\\.)*"|[^\s{}\[\],:"]+', re.DOTALL)
"""The lexemes of JSON: brackets and marks, strings, numbers and words."""

_BLANK = re.compile(r"[ \t\n\r]*")
_STEP_OVER = json.JSONDecoder(object_pairs_hook=lambda _: None, parse_int=len, parse_float=len, strict=False).raw_decode

Members = dict["str | int", tuple[int, int]]
"""The members of an object or list by key or index: where a finding points, and where the value begins."""


@dataclass(frozen=True)
class Repeated:
    """A key that stands in one object again.

    Attributes:
        key: The key.
        first: Line and column of the place where it stood before.
        again: Line and column of the place where it stands again.
    """

    key: str
    first: tuple[int, int]
    again: tuple[int, int]


class Positions:
    """Line and column of every value of one well-formed JSON text."""

    def __init__(self, text: str) -> None:
        """Remember ``text``; nothing is read before the first question."""
        self._text = text
        self.length = len(text)
        self._members: dict[int, Members] = {}
        self._line_starts: list[int] = []

    def of(self, path: JsonPath) -> tuple[int, int]:
        """Line and column, from 1, of the member at ``path``, or of the nearest enclosing one that exists.

        For a member of an object that is where its key stands, as an editor's cursor would.
        """
        place = value = _past_blanks(self._text, 0)
        for step in path:
            member = self._members_at(value).get(step)
            if member is None:
                break
            place, value = member
        return self.of_offset(place)

    def repeated(self) -> list[Repeated]:
        """The keys that stand in one object twice or more, in the order of the text."""
        return [Repeated(key, self.of_offset(one), self.of_offset(other)) for key, one, other in _repeated(self._text)]

    def of_offset(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of the character at ``offset``."""
        if not self._line_starts:
            self._line_starts = [0, *(match.end() for match in re.finditer("\n", self._text))]
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def _members_at(self, offset: int) -> Members:
        """The members of the value that begins at an offset; a scalar has none."""
        if offset not in self._members:
            self._members[offset] = _members(self._text, offset)
        return self._members[offset]


def _members(text: str, offset: int) -> Members:
    found: Members = {}
    opening = text[offset : offset + 1]
    if opening not in ("{", "["):
        return found
    position = _past_blanks(text, offset + 1)
    while text[position] not in "]}":
        place = value = position
        key: str | int = len(found)
        if opening == "{":
            key, position = _STEP_OVER(text, position)
            value = _past_blanks(text, _past_blanks(text, position) + 1)  # the colon lies between
        _, position = _STEP_OVER(text, value)
        found[key] = (place, value)
        position = _past_blanks(text, position)
        if text[position] == ",":
            position = _past_blanks(text, position + 1)
    return found


def _repeated(text: str) -> Iterator[tuple[str, int, int]]:
    """Keys that stand in one object again, each with the offset of the place before and of this one."""
    open_objects: list[dict[str, int] | None] = []  # None for a list
    before = ""
    for match in TOKEN.finditer(text):
        lexeme = match.group()
        if lexeme in "[{":
            open_objects.append({} if lexeme == "{" else None)
        elif lexeme in "]}":
            open_objects.pop()
        elif open_objects and (keys := open_objects[-1]) is not None and before in ("{", ","):
            key = json.loads(lexeme, strict=False)
            if key in keys:
                yield key, keys[key], match.start()
            keys[key] = match.start()
        before = lexeme


def _past_blanks(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    return match.end() if match else position
