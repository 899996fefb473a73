"""Python expressions, and their layout as ``ruff format`` and ``black`` give it at 120 columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from activities_gen.wire.codegen.text import literal, width

if TYPE_CHECKING:
    from collections.abc import Sequence

LINE = 120
_INDENT = 4


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
    """A string literal; a long one of several lines is broken where its own lines end."""

    __slots__ = ("value", "whole")

    def __init__(self, value: str) -> None:
        self.value = value
        self.whole = literal(value)
        self.width = width(self.whole)

    def flat(self) -> str:
        """One literal."""
        return self.whole

    def broken(self, lines: list[str], indent: int, head: str, tail: str) -> None:
        """One literal for each line of the text, in parentheses."""
        parts = self.value.split("\n")
        parts = [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
        if len(parts) == 1:
            super().broken(lines, indent, head, tail)
            return
        inner = indent + _INDENT
        lines.append(" " * indent + head + "(")
        lines.extend(
            " " * inner + text for text in ([self.whole] if inner + self.width <= LINE else map(literal, parts))
        )
        lines.append(" " * indent + ")" + tail)


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
        inner = sum(item.width for item in items) + 2 * max(len(items) - 1, 0)
        self.width = len(opening) + inner + len(closing)

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
            comma = "," if len(self.items) > 1 else ""
            for item in self.items:
                item.value.write(lines, inner, item.head, comma)
        lines.append(" " * indent + self.closing + tail)


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


def sequence(items: Sequence[Node], head: str = "") -> Bracketed:
    """``[item, …]``, each with ``head`` before it."""
    return Bracketed("[", [Item(head, item) for item in items], "]")


def mapping(members: dict[str, Node]) -> Bracketed:
    """``{"key": value, …}``."""
    return Bracketed("{", [Item(f"{literal(key)}: ", value) for key, value in members.items()], "}")
