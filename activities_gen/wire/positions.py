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

_TOKEN = re.compile(r'[{}\[\],:]|"(?:[^"\\]|\\.)*"|[^\s{}\[\],:"]+', re.DOTALL)


@dataclass
class _Node:
    """A value's offset, its key's offset where it has one, and its members."""

    start: int
    key: int | None = None
    members: dict[str | int, _Node] = field(default_factory=dict)


class Positions:
    """Line and column of every value of one well-formed JSON text."""

    def __init__(self, text: str) -> None:
        """Remember ``text``; nothing is read before the first question."""
        self._text = text
        self._root: _Node | None = None
        self._line_starts: list[int] = []

    def of(self, path: JsonPath) -> tuple[int, int]:
        """Line and column, from 1, of the member at ``path``, or of the nearest enclosing one that exists.

        For a member of an object that is where its key stands, as an editor's cursor would.
        """
        if self._root is None:
            self._root = _index(self._text)
            self._line_starts = [0, *(match.end() for match in re.finditer("\n", self._text))]
        node = self._root
        for step in path:
            member = node.members.get(step)
            if member is None:
                break
            node = member
        return self.of_offset(node.start if node.key is None else node.key)

    def of_offset(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of the character at ``offset``."""
        if not self._line_starts:
            self._line_starts = [0, *(match.end() for match in re.finditer("\n", self._text))]
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1


def _index(text: str) -> _Node:
    """The tree of offsets of a well-formed JSON text."""
    root = _Node(0)
    stack: list[tuple[_Node, bool]] = []  # the open containers; whether each is an object
    key: tuple[str, int] | None = None
    for match in _TOKEN.finditer(text):
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
            parent = stack[-1][0]
            parent.members[key[0] if key else len(parent.members)] = node
        key = None
        if lexeme in "[{":
            stack.append((node, lexeme == "{"))
    return root
