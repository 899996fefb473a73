"""The syntax tree of an expression: three kinds of node, and three kinds of template around them.

Nodes compare by identity: the same text parsed twice gives the same cached tree, and no comparison of deep trees can
exhaust the stack. Nothing changes a node once it is made; they are not frozen because that makes them four times as slow to make.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(eq=False, slots=True)
class Constant:
    """A literal: string, integer, float, boolean or null.

    Attributes:
        value: Its value.
        start: Offset of its first character in the template's text.
        end: Offset behind its last character.
    """

    value: Any
    start: int
    end: int

    @property
    def children(self) -> tuple[Node, ...]:
        """None."""
        return ()


@dataclass(eq=False, slots=True, repr=False)
class Call:
    """A function with its arguments.

    Attributes:
        name: The function's name as it is written.
        arguments: The arguments' nodes.
        start: Offset of the name's first character.
        end: Offset behind the closing parenthesis.
    """

    name: str
    arguments: tuple[Node, ...]
    start: int
    end: int

    @property
    def children(self) -> tuple[Node, ...]:
        """The arguments."""
        return self.arguments


class Access:
    """A property or an index of a value: ``base.key``, ``base?.key``, ``base[key]``, ``base?[key]``.

    Attributes:
        base: What it is selected from.
        name: The name for the dotted forms, ``None`` for those with brackets.
        optional: Whether ``?`` stands before it, so that a missing one is null.
        start: Offset of the base's first character.
        end: Offset behind the key, or the closing bracket.
    """

    __slots__ = ("_key", "base", "end", "name", "optional", "start")

    def __init__(self, base: Node, key: Node | str, optional: bool, start: int, end: int) -> None:  # noqa: FBT001 - as written
        self.base = base
        self.name = key if type(key) is str else None
        self._key = key
        self.optional = optional
        self.start = start
        self.end = end

    @property
    def dotted(self) -> bool:
        """Whether it is written with a dot."""
        return self.name is not None

    @property
    def key(self) -> Node:
        """The key's node; a :class:`Constant` with the name for the dotted forms, made when it is first asked for."""
        key = self._key
        if isinstance(key, str):
            key = self._key = Constant(key, self.end - len(key), self.end)
        return key

    @property
    def children(self) -> tuple[Node, ...]:
        """Base and key."""
        return (self.base, self.key)


Node = Constant | Call | Access


@dataclass(frozen=True, eq=False, slots=True)
class Literal:
    """A string that ADF takes as it is, apart from a doubled ``@`` at its start.

    Attributes:
        text: The string as it is written.
        value: The string that ADF uses.
    """

    text: str
    value: str


@dataclass(eq=False, slots=True, repr=False)
class Whole:
    """A string that is one expression; the value keeps its type.

    Attributes:
        text: The string as it is written, with the ``@``.
        node: The expression.
        program: What evaluates it, once it has been evaluated.
    """

    text: str
    node: Node
    program: Any = None


@dataclass(eq=False, slots=True, repr=False)
class Interpolation:
    """Text with expressions in ``@{...}``; the value is always a string.

    Attributes:
        text: The string as it is written.
        parts: Text, with its escapes undone, and expressions, in order.
        programs: What evaluates each part, once they have been evaluated; empty for a text.
    """

    text: str
    parts: tuple[str | Node, ...]
    programs: Any = None


Template = Literal | Whole | Interpolation


def roots(template: Template) -> tuple[Node, ...]:
    """The expressions of a template, in order."""
    if isinstance(template, Whole):
        return (template.node,)
    if isinstance(template, Interpolation):
        return tuple(part for part in template.parts if not isinstance(part, str))
    return ()


def literal(node: Node) -> Any:
    """The value of a literal, ``None`` for every other node."""
    return node.value if isinstance(node, Constant) else None


def chain(node: Node) -> tuple[Node, list[Access]]:
    """Returns what a chain of properties begins with, and the properties in order."""
    accesses: list[Access] = []
    while isinstance(node, Access):
        accesses.append(node)
        node = node.base
    return node, accesses[::-1]


def walk(template: Template) -> Iterator[Node]:
    """Every node of a template, outer before inner, left before right. Needs no recursion, however deep the tree."""
    pending = list(reversed(roots(template)))
    while pending:
        node = pending.pop()
        yield node
        pending.extend(reversed(node.children))
