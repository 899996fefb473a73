"""From text to syntax tree: when a JSON string is an expression, and the grammar of one.

Both follow the engine. The parser keeps its own stack, so that the depth of nesting costs no Python frames.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from activities_gen.expressions.errors import ExpressionSyntaxError
from activities_gen.expressions.numbers import is_int64
from activities_gen.expressions.syntax import Access, Call, Constant, Interpolation, Literal, Whole
from activities_gen.expressions.text import WHITESPACE, is_basic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from activities_gen.expressions.syntax import Node, Template

MAX_LENGTH = 8192
"""Most characters of one expression, counted without ``@`` or ``@{`` and ``}``; ADF refuses longer ones."""

CACHED_LENGTH = 2 * MAX_LENGTH
"""Longest template whose tree is kept for the next time."""

_TOKEN = re.compile(
    rf"""[{WHITESPACE}]*(?:
      (?P<Identifier>[^\W\d][\w$]*|\$[\w$]*)
    | (?P<Literal>'[^']*(?:''[^']*)*')
    | (?P<Float>[+-]?[0-9]+(?:\.[0-9]*(?:[eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+))(?![\w$])
    | (?P<Integer>[+-]?[0-9]+)(?![\w$.])
    | (?P<LeftParenthesis>\() | (?P<RightParenthesis>\)) | (?P<Comma>,) | (?P<Dot>\.)
    | (?P<LeftSquareBracket>\[) | (?P<RightSquareBracket>\]) | (?P<QuestionMark>\?)
    | (?P<EndOfData>\Z)
    )""",
    re.VERBOSE,
)
_SEGMENT_END = re.compile(r"[^'}]*(?:'[^']*'[^'}]*)*\}")
_KEYWORDS: dict[str, Any] = {"true": True, "false": False, "null": None}
_SHOWN = {
    "Identifier": "a name",
    "Literal": "a string",
    "Integer": "an integer",
    "Float": "a number",
    "LeftParenthesis": "'('",
    "RightParenthesis": "')'",
    "LeftSquareBracket": "'['",
    "RightSquareBracket": "']'",
    "Comma": "','",
    "Dot": "'.'",
    "QuestionMark": "'?'",
    "EndOfData": "the end",
}


def is_expression(value: object) -> bool:
    """Whether ADF evaluates ``value``: a string with an expression in it, or an ``Expression`` object.

    An ``Expression`` object is ``{"type": "Expression", "value": "..."}``, which Studio writes for dynamic content.
    """
    if isinstance(value, str):
        value = str.__str__(value)
        return len(value) >= 2 and not value.startswith("@@") and (value[0] == "@" or "@{" in value)
    return expression_text(value) is not None


def expression_text(value: object) -> str | None:
    """The text of an ``Expression`` object, ``None`` for everything else."""
    if isinstance(value, dict) and value.get("type") == "Expression":
        text = value.get("value")
        return str.__str__(text) if isinstance(text, str) else None
    return None


def text_of(value: object) -> str | None:
    """The text that ADF may evaluate: of a string or an ``Expression`` object; ``None`` for everything else.

    A subclass of ``str`` comes as the string itself: the expressions that are built in Python are indexed otherwise.
    """
    return str.__str__(value) if isinstance(value, str) else expression_text(value)


def parse(value: str | Mapping[str, Any]) -> Template:
    """The syntax tree of a JSON string, or of an ``Expression`` object.

    Args:
        value: The string as it stands in the JSON, or ``{"type": "Expression", "value": "..."}``.

    Returns:
        A :class:`Whole`, :class:`Interpolation` or :class:`Literal`; positions in it count from the string's start.

    Raises:
        ExpressionSyntaxError: The string is an expression by its first characters, but not a correct one.
        TypeError: ``value`` is neither a string nor an ``Expression`` object.
    """
    text = text_of(value)
    if text is None:
        raise TypeError(f"neither a string nor an Expression object: {value!r}")
    return _parse_cached(text) if len(text) <= CACHED_LENGTH else parse_uncached(text)


def parse_uncached(text: str) -> Template:
    """What :func:`parse` does for a text that it has not seen before."""
    if len(text) < 2 or (text[0] != "@" and "@{" not in text):
        return Literal(text, text)
    if text.startswith("@@"):
        return Literal(text, text[1:])
    if text[0] == "@" and text[1] != "{":
        return Whole(text, _parse_body(text, 1, len(text)))
    return Interpolation(text, tuple(_parts(text)))


_parse_cached = lru_cache(maxsize=4096)(parse_uncached)


def _parts(text: str) -> list[str | Node]:
    """The text and the expressions of an interpolated string."""
    parts: list[str | Node] = []
    literal: list[str] = []
    position = 0
    while (start := text.find("@{", position)) >= 0:
        literal.append(text[position:start])
        if start and text[start - 1] == "@" and literal[-1].endswith("@"):
            literal[-1] = literal[-1][:-1] + "@{"
            position = start + 2
            continue
        match = _SEGMENT_END.match(text, start + 2)
        if match is None:
            message = (
                "The expression that begins here with '@{' has no '}'. Close it, or write '@@{' for the text '@{'."
            )
            raise ExpressionSyntaxError(message, start, text, start + 2, fault="segment")
        if "".join(literal):
            parts.append("".join(literal))
        literal = []
        parts.append(_parse_body(text, start + 2, match.end() - 1))
        position = match.end()
    tail = "".join(literal) + text[position:]
    return [*parts, tail] if tail else parts


class _Tokens:
    """The tokens of one expression body, one ahead."""

    __slots__ = ("end", "kind", "limit", "start", "text", "value")

    def __init__(self, text: str, start: int, limit: int) -> None:
        self.text = text
        self.limit = limit
        self.kind = self.value = ""
        self.start = self.end = start
        self.advance()

    def advance(self) -> None:
        """Read the next token into ``kind``, ``value``, ``start`` and ``end``."""
        match = _TOKEN.match(self.text, self.end, self.limit)
        if match is None:
            raise _lexical_error(self.text, self.end, self.limit)
        self.kind = kind = match.lastgroup or ""
        self.start, self.end = match.span(kind)
        self.value = value = match[kind]
        if kind == "Identifier" and not value.isascii() and not _is_identifier(value):
            raise _unexpected_character(self.text, self.start)

    def expected(self, wanted: str) -> ExpressionSyntaxError:
        """The error for a token of another kind than is ``wanted``."""
        message = f"Expected {_SHOWN[wanted]}, but found {_SHOWN[self.kind]}"
        if self.kind not in ("EndOfData", "Comma", "Dot") and not _SHOWN[self.kind].startswith("'"):
            message += f" {self.value}" if self.kind == "Literal" else f" '{self.value}'"
        return self.wrong(message + ".", wanted)

    def wrong(self, message: str, wanted: str) -> ExpressionSyntaxError:
        """The error for this token, with a message of its own."""
        end = max(self.end, self.start + 1)
        return ExpressionSyntaxError(message, self.start, self.text, end, fault="token", wanted=wanted, found=self.kind)

    def take(self, wanted: str) -> None:
        """Go past a token of the kind ``wanted``."""
        if self.kind != wanted:
            raise self.expected(wanted)
        self.advance()


def _is_identifier(name: str) -> bool:
    return is_basic(name) and all(c.isalpha() or c.isdecimal() or c in "_$" for c in name)


def _lexical_error(text: str, position: int, limit: int) -> ExpressionSyntaxError:
    """Why no token begins behind ``position``."""
    while position < limit and text[position] in WHITESPACE:
        position += 1
    character = text[position]
    if character == "'":
        message = "The string that begins here has no closing quote. A quote inside a string is written twice: ''."
        return ExpressionSyntaxError(message, position, text, limit, fault="string")
    if character in "+-" and not text[position + 1 : position + 2].isdigit():
        message = f"'{character}' is not an operator of the language. Use add() or sub()."
        return ExpressionSyntaxError(message, position, text, fault="character")
    number = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?").match(text, position, limit)
    return _unexpected_character(text, number.end() if number else position)


def _unexpected_character(text: str, position: int) -> ExpressionSyntaxError:
    message = f"The character '{text[position]}' is not expected here."
    return ExpressionSyntaxError(message, position, text, fault="character")


def _parse_body(text: str, start: int, end: int) -> Node:
    """The tree of one expression, which stands in ``text`` from ``start`` to ``end``."""
    if end - start > MAX_LENGTH:
        message = f"The expression has {end - start} characters; ADF takes at most {MAX_LENGTH}."
        raise ExpressionSyntaxError(message, start, text, end, fault="length")
    tokens = _Tokens(text, start, end)
    open_frames: list[tuple[Any, ...]] = []
    node = _operand(tokens, open_frames)
    while True:
        if not isinstance(node, Constant):
            node, index_opened = _accesses(node, tokens, open_frames)
            if index_opened:
                node = _operand(tokens, open_frames)
                continue
        if not open_frames:
            if tokens.kind != "EndOfData":
                raise tokens.expected("EndOfData")
            return node
        closed = _close(node, tokens, open_frames)
        node = _operand(tokens, open_frames) if closed is None else closed


def _operand(tokens: _Tokens, open_frames: list[tuple[Any, ...]]) -> Node:
    """A literal or a call without arguments; names with ``(`` before it are put on the stack."""
    while True:
        kind, value, start, end = tokens.kind, tokens.value, tokens.start, tokens.end
        if kind in ("Literal", "Integer", "Float"):
            constant = Constant(_literal(kind, value, tokens), start, end)
            tokens.advance()
            return constant
        if kind != "Identifier":
            raise tokens.expected("Identifier")
        tokens.advance()
        if value.lower() in _KEYWORDS:
            return Constant(_KEYWORDS[value.lower()], start, end)
        tokens.take("LeftParenthesis")
        if tokens.kind == "RightParenthesis":
            call = Call(value, (), start, tokens.end)
            tokens.advance()
            return call
        open_frames.append((value, [], start))


def _literal(kind: str, value: str, tokens: _Tokens) -> str | int | float:
    """The value of a literal's token."""
    if kind == "Literal":
        return value[1:-1].replace("''", "'")
    if kind == "Float":
        return float(value)
    number = int(value) if len(value) < 5000 and len(value.lstrip("+-0")) < 20 else None
    if number is None or not is_int64(number):
        message = (
            f"The number {value[:25]} is outside the range of a 64 bit integer. Write it with '.0', or as a string."
        )
        raise ExpressionSyntaxError(message, tokens.start, tokens.text, tokens.end, fault="number")
    return number


def _accesses(node: Node, tokens: _Tokens, open_frames: list[tuple[Any, ...]]) -> tuple[Node, bool]:
    """``node`` with the properties that follow it; true with it when an index was opened, on the stack then."""
    while tokens.kind in ("Dot", "QuestionMark", "LeftSquareBracket"):
        optional = tokens.kind == "QuestionMark"
        if optional:
            tokens.advance()
            if tokens.kind not in ("Dot", "LeftSquareBracket"):
                raise tokens.wrong("Behind '?' stands a property: write ?.name or ?['name'].", "Dot")
        if tokens.kind == "LeftSquareBracket":
            tokens.advance()
            open_frames.append((node, optional))
            return node, True
        tokens.advance()
        if tokens.kind != "Identifier":
            raise tokens.expected("Identifier")
        key = Constant(tokens.value, tokens.start, tokens.end)
        node = Access(node, key, optional=optional, dotted=True, start=node.start, end=tokens.end)
        tokens.advance()
    return node, False


def _close(node: Node, tokens: _Tokens, open_frames: list[tuple[Any, ...]]) -> Node | None:
    """Put ``node`` into the call or index that is open; the call or index if that ends it, else ``None``."""
    if len(open_frames[-1]) == 2:
        base, optional = open_frames.pop()
        end = tokens.end
        tokens.take("RightSquareBracket")
        return Access(base, node, optional=optional, dotted=False, start=base.start, end=end)
    name, arguments, start = open_frames[-1]
    arguments.append(node)
    end = tokens.end
    if tokens.kind == "Comma":
        tokens.advance()
        return None
    tokens.take("RightParenthesis")
    open_frames.pop()
    return Call(name, tuple(arguments), start, end)
