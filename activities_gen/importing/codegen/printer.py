"""Python expressions, and their layout as ``ruff format`` and ``black`` give it at 120 columns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from activities_gen.importing.codegen.text import Field, formatted, literal, width

if TYPE_CHECKING:
    from collections.abc import Sequence

LINE = 120
_INDENT = 4
_STRING = re.compile(r""" *("([^"\\]|\\.)*"|'([^'\\]|\\.)*'),?""")


class Node:
    """A Python expression.

    Attributes:
        width: Columns that it takes on one line.
    """

    __slots__ = ("width",)
    width: int

    def flat(self) -> str:
        """The expression on one line."""
        raise NotImplementedError

    def measure(self) -> None:
        """Work the width out again, after a :class:`Phrase` inside became plain text."""

    def broken(self, lines: list[str], indent: int, head: str, tail: str) -> None:
        """Add the expression to ``lines`` over several lines, where it can be broken."""
        lines.append(" " * indent + head + self.flat() + tail)

    def write(self, lines: list[str], indent: int, head: str = "", tail: str = "") -> None:
        """Add the expression to ``lines``, on one line if it fits.

        Args:
            lines: The module so far.
            indent: Columns before ``head``.
            head: What stands before the expression, as in ``name=``.
            tail: What stands behind it, a comma mostly.
        """
        if indent + width(head) + self.width + len(tail) <= LINE:
            lines.append(" " * indent + head + self.flat() + tail)
        else:
            self.broken(lines, indent, head, tail)

    def write_alone(self, lines: list[str], indent: int) -> None:
        """Add the expression to ``lines`` as the only argument of a call, which needs no parentheses of its own."""
        self.write(lines, indent)


class Atom(Node):
    """A name, a number, or a string that is not broken."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text
        self.width = width(text)

    def flat(self) -> str:
        """The text itself."""
        return self.text


class Text(Node):
    """A string literal or f-string; a long one of several lines is broken where its own lines end."""

    __slots__ = ("parts", "whole")

    def __init__(self, *parts: str | Field) -> None:
        self.parts = parts
        self.whole = formatted(parts)
        self.width = width(self.whole)

    def flat(self) -> str:
        """One literal."""
        return self.whole

    def broken(self, lines: list[str], indent: int, head: str, tail: str) -> None:
        """One literal for each line of the text, in parentheses."""
        own = self._lines()
        if len(own) == 1:
            super().broken(lines, indent, head, tail)
            return
        inner = indent + _INDENT
        texts = [self.whole] if inner + self.width <= LINE else [formatted(line) for line in own]
        lines.append(" " * indent + head + "(")
        lines.extend(" " * inner + text for text in texts)
        lines.append(" " * indent + ")" + tail)

    def write_alone(self, lines: list[str], indent: int) -> None:
        """One literal, or one for each line of the text."""
        own = [self.whole] if indent + self.width <= LINE else [formatted(line) for line in self._lines()]
        lines.extend(" " * indent + text for text in own)

    def _lines(self) -> list[list[str | Field]]:
        """The parts of each line of the text."""
        own: list[list[str | Field]] = [[]]
        for part in self.parts:
            if isinstance(part, Field):
                own[-1].append(part)
                continue
            first, *others = part.split("\n")
            own[-1].append(f"{first}\n" if others else first)
            own.extend([f"{line}\n"] for line in others[:-1])
            own.extend([line] for line in others[-1:])
        return own if own[-1] != [""] or len(own) == 1 else own[:-1]


class Phrase(Node):
    """Text that is written as Python where that fits on its lines, and as text where it does not.

    Attributes:
        uses: The names that the Python uses.
        given_up: Whether it is written as text.
    """

    __slots__ = ("given_up", "python", "text", "used", "uses")

    def __init__(self, python: Node, text: Text, uses: frozenset[str], used: list[Phrase]) -> None:
        """Remember both forms.

        Args:
            python: The Python.
            text: The text.
            uses: The names that the Python uses.
            used: Where the phrase notes itself when it is written.
        """
        self.python, self.text, self.uses, self.used = python, text, uses, used
        self.given_up = False
        self.width = python.width

    def flat(self) -> str:
        """The form that is written."""
        self.used.append(self)
        return (self.text if self.given_up else self.python).flat()

    def measure(self) -> None:
        """The width of the form that is written."""
        self.width = (self.text if self.given_up else self.python).width

    def broken(self, lines: list[str], indent: int, head: str, tail: str) -> None:
        """The Python over several lines; where one of those is too long the text, and all is to be laid out anew.

        An f-string stays one, however long its lines are: so would the text be.
        """
        self.used.append(self)
        own: list[str] = []
        if not self.given_up:
            self.python.broken(own, indent, head, tail)
            self.given_up = not isinstance(self.python, Text) and not all(map(_is_laid_out, own))
        if self.given_up:
            own.clear()
            self.text.broken(own, indent, head, tail)
        lines += own

    def write_alone(self, lines: list[str], indent: int) -> None:
        """As its text would stand there, where it is text."""
        if self.given_up:
            self.used.append(self)
            self.text.write_alone(lines, indent)
        else:
            self.write(lines, indent)


def _is_laid_out(line: str) -> bool:
    """Whether a line fits, or is a string that no layout makes shorter."""
    return width(line) <= LINE or _STRING.fullmatch(line) is not None


@dataclass(frozen=True)
class Item:
    """One argument of a call, or one member of a list or dict.

    Attributes:
        head: What stands before the value: ``name=``, ``"key": ``, ``*`` or nothing.
        value: The value.
    """

    head: str
    value: Node

    @property
    def width(self) -> int:
        """Columns that it takes on one line."""
        return width(self.head) + self.value.width

    def flat(self) -> str:
        """The item on one line."""
        return self.head + self.value.flat()


class Bracketed(Node):
    """A call, a list or a dict."""

    __slots__ = ("closing", "hugging", "items", "opening")

    def __init__(self, opening: str, items: Sequence[Item], closing: str, *, hugging: bool = False) -> None:
        """Remember the parts.

        Args:
            opening: As in ``Call(``, ``[`` or ``{``.
            items: What stands inside.
            closing: The closing bracket.
            hugging: Whether all items may share one indented line, as a call's arguments do.
        """
        self.opening, self.items, self.closing, self.hugging = opening, items, closing, hugging
        self._add()

    def _add(self) -> None:
        inner = sum(item.width for item in self.items) + 2 * max(len(self.items) - 1, 0)
        self.width = len(self.opening) + inner + len(self.closing)

    def with_attribute(self, name: str) -> Bracketed:
        """An attribute of it; an element would be broken in its own brackets where the rest fits on the line."""
        return Bracketed(self.opening, self.items, f"{self.closing}.{name}", hugging=self.hugging)

    def measure(self) -> None:
        """The sum of the parts' widths."""
        for item in self.items:
            item.value.measure()
        self._add()

    def flat(self) -> str:
        """Everything on one line."""
        return self.opening + ", ".join(item.flat() for item in self.items) + self.closing

    def broken(self, lines: list[str], indent: int, head: str, tail: str) -> None:
        """The items on one line of their own, else each on its own line and with a comma where they are several."""
        if not self.items:
            super().broken(lines, indent, head, tail)
            return
        lines.append(" " * indent + head + self.opening)
        inner = indent + _INDENT
        if self.hugging and inner + self.width - len(self.opening) - len(self.closing) <= LINE:
            lines.append(" " * inner + ", ".join(item.flat() for item in self.items))
        else:
            self._write_items(lines, inner)
        lines.append(" " * indent + self.closing + tail)

    def _write_items(self, lines: list[str], indent: int) -> None:
        """Each item on its own line, or on several."""
        if len(self.items) == 1 and self.hugging and not self.items[0].head:
            self.items[0].value.write_alone(lines, indent)
            return
        comma = "," if len(self.items) > 1 else ""
        for item in self.items:
            item.value.write(lines, indent, item.head, comma)


class Choice(Node):
    """An expression that is written in one way where it fits on a line, and in another where it does not."""

    __slots__ = ("long", "short")

    def __init__(self, short: str, long: Node) -> None:
        self.short, self.long = short, long
        self.width = width(short)

    def flat(self) -> str:
        """The way for one line."""
        return self.short

    def broken(self, lines: list[str], indent: int, head: str, tail: str) -> None:
        """The way for several lines."""
        self.long.broken(lines, indent, head, tail)


def call(function: str, *arguments: Node, **keywords: Node) -> Bracketed:
    """``function(argument, keyword=…)``."""
    items = [Item("", argument) for argument in arguments]
    items += [Item(f"{name}=", value) for name, value in keywords.items()]
    return Bracketed(f"{function}(", items, ")", hugging=True)


def sequence(items: Sequence[Node]) -> Bracketed:
    """``[item, …]``."""
    return Bracketed("[", [Item("", item) for item in items], "]")


def mapping(members: dict[str, Node]) -> Bracketed:
    """``{"key": value, …}``."""
    return Bracketed("{", [Item(f"{literal(key)}: ", value) for key, value in members.items()], "}")
