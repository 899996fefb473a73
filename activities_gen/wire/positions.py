"""Where each value of a JSON text stands, so that a finding can name line and column.

The standard decoder is fast and forgets positions; most documents have no finding. So positions are found by a second
pass over the text, and only for a text that something was found in.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from activities_gen.findings import JsonPath

TOKEN = re.compile(r'[{}\[\],:]|"(?:[^"\\]|\\.)*"|[^\s{}\[\],:"]+', re.DOTALL)
"""The lexemes of JSON: brackets and marks, strings, numbers and words."""


@dataclass
class _Node:
    """A value's offset, its key's offset where it has one, and its members."""

    start: int
    key: int | None = None
    members: dict[str | int, _Node] = field(default_factory=dict)


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
        self._root: _Node | None = None
        self._repeated: list[tuple[str, int, int]] = []
        self._line_starts: list[int] = []

    def of(self, path: JsonPath) -> tuple[int, int]:
        """Line and column, from 1, of the member at ``path``, or of the nearest enclosing one that exists.

        For a member of an object that is where its key stands, as an editor's cursor would.
        """
        node = self._tree()
        for step in path:
            member = node.members.get(step)
            if member is None:
                break
            node = member
        return self.of_offset(node.start if node.key is None else node.key)

    def repeated(self) -> list[Repeated]:
        """The keys that stand in one object twice or more, in the order of the text."""
        self._tree()
        return [Repeated(key, self.of_offset(one), self.of_offset(other)) for key, one, other in self._repeated]

    def _tree(self) -> _Node:
        if self._root is None:
            self._root = _index(self._text, self._repeated)
        return self._root

    def of_offset(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of the character at ``offset``."""
        if not self._line_starts:
            self._line_starts = [0, *(match.end() for match in re.finditer("\n", self._text))]
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1


def _index(text: str, repeated: list[tuple[str, int, int]]) -> _Node:
    """The tree of offsets of a well-formed JSON text; notes keys that stand in one object again, with both offsets."""
    root = _Node(0)
    stack: list[tuple[_Node, bool]] = []  # the open containers; whether each is an object
    key: tuple[str, int] | None = None
    for match in TOKEN.finditer(text):
        lexeme = match.group()
        if lexeme in "]}":
            stack.pop()
            continue
        if lexeme in ",:":
            continue
        if stack and stack[-1][1] and key is None:
            key = (lexeme[1:-1] if "\\" not in lexeme else json.loads(lexeme, strict=False), match.start())
            continue
        node = _Node(match.start(), key[1] if key else None)
        if not stack:
            root = node
        else:
            members = stack[-1][0].members
            if key and (other := members.get(key[0])) is not None and other.key is not None:
                repeated.append((key[0], other.key, key[1]))
            members[key[0] if key else len(members)] = node
        key = None
        if lexeme in "[{":
            stack.append((node, lexeme == "{"))
    return root
