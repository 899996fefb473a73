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

_BLANKS = f"[{WHITESPACE}]*"
_NAME = r"[^\W\d][\w$]*|\$[\w$]*"
_STRING = "'[^']*(?:''[^']*)*'"
_FLOAT = r"[+-]?[0-9]+(?:\.[0-9]*(?:[eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+)(?![\w$])"
_INTEGER = r"[+-]?[0-9]+(?![\w$.])"

_UNIT = re.compile(
    rf"{_BLANKS}(?:({_NAME}){_BLANKS}\((?:{_BLANKS}(\)))?|(\))|(,)|\.{_BLANKS}({_NAME})|({_STRING})|({_INTEGER})|({_FLOAT})"
    rf"|\?{_BLANKS}\.{_BLANKS}({_NAME})|(\[)|(\?{_BLANKS}\[)|(\])|({_NAME})|(\Z)|(.))",
    re.DOTALL,
)
"""What an expression consists of: the last group that matches tells which part it is. It matches at every place."""
_OPEN, _EMPTY, _CLOSE, _COMMA, _PROPERTY, _LITERAL, _WHOLE_NUMBER, _REAL = range(1, 9)
_OPTIONAL_PROPERTY, _INDEX, _OPTIONAL_INDEX, _CLOSE_INDEX, _WORD, _END = range(9, 15)

_TOKEN = re.compile(
    rf"""{_BLANKS}(?:
      (?P<Identifier>{_NAME})
    | (?P<Literal>{_STRING})
    | (?P<Float>{_FLOAT})
    | (?P<Integer>{_INTEGER})
    | (?P<LeftParenthesis>\() | (?P<RightParenthesis>\)) | (?P<Comma>,) | (?P<Dot>\.)
    | (?P<LeftSquareBracket>\[) | (?P<RightSquareBracket>\]) | (?P<QuestionMark>\?)
    | (?P<EndOfData>\Z)
    )""",
    re.VERBOSE,
)
"""One token; only mistakes are looked at by tokens."""
_SEGMENT_END = re.compile(r"[^'}]*(?:'[^']*'[^'}]*)*\}")
_VALUES: dict[str, Any] = {"true": True, "false": False, "null": None}
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
    return parse_text(text)


def parse_text(text: str) -> Template:
    """The syntax tree of a string; the same tree for the same string, if that is not very long.

    Raises:
        ExpressionSyntaxError: The string is an expression by its first characters, but not a correct one.
    """
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
    """The tokens of a part of an expression that is not correct."""

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


def _parse_body(text: str, start: int, end: int) -> Node:  # noqa: PLR0912 - the parts that most expressions consist of
    """The tree of one expression, which stands in ``text`` from ``start`` to ``end``."""
    if end - start > MAX_LENGTH:
        message = f"The expression has {end - start} characters; ADF takes at most {MAX_LENGTH}."
        raise ExpressionSyntaxError(message, start, text, end, fault="length")
    frames: list[_Frame] = []
    node: Node | None = None
    for match in _UNIT.finditer(text, start, end):
        kind = match.lastindex
        if node is None:
            if kind == _LITERAL:
                first, last = match.span(kind)
                node = Constant(text[first + 1 : last - 1].replace("''", "'"), first, last)
            elif kind == _OPEN:
                frames.append((_called(match, frames), [], match.start(kind)))
            else:
                node = _operand(match, frames)
                if node is _WRONG:
                    raise _operand_error(text, match.start(), end)
        elif kind == _COMMA and frames and frames[-1][2] > 0:
            frames[-1][1].append(node)
            node = None
        elif kind == _CLOSE and frames and frames[-1][2] > 0:
            name, arguments, first = frames.pop()
            arguments.append(node)
            node = Call(name, tuple(arguments), first, match.end())
        elif kind == _PROPERTY and type(node) is not Constant:
            node = Access(node, _name(match, kind), False, node.start, match.end())  # noqa: FBT003 - made by place
        elif kind == _END and not frames:
            return node
        else:
            following = _behind(node, match, frames)
            if following is _WRONG:
                raise _after_error(text, match.start(), end, node, frames)
            node = following
    raise AssertionError("the end of the text is a part of it")


_Frame = tuple[Any, Any, int]
"""An open call, as its name, arguments and start; or an open index, as what it selects from, whether it is optional, -1."""
_NOTHING_OPEN: _Frame = ("", [], 0)


_WRONG = Constant(None, 0, 0)
"""Stands for a part that cannot stand where it stands."""


def _name(match: re.Match[str], kind: int) -> str:
    """The name in a part of an expression, which must be one for the engine too."""
    name = match[kind]
    if not (name.isascii() or _is_identifier(name)):
        raise _unexpected_character(match.string, match.start(kind))
    return name


def _called(match: re.Match[str], frames: list[_Frame]) -> str:
    """The name of a function that is called, which must not be that of a value."""
    name = match[_OPEN]
    if not name.isascii():
        name = _name(match, _OPEN)
    if len(name) < 6 and name.lower() in _VALUES:
        start = match.start(_OPEN)
        end = start + len(name)
        raise _after_error(match.string, end, match.endpos, Constant(None, start, end), frames)
    return name


def _operand(match: re.Match[str], frames: list[_Frame]) -> Node:
    """The number, the word or the call without arguments that a part is."""
    kind = match.lastindex or 0
    if kind == _EMPTY:
        return Call(_called(match, frames), (), match.start(_OPEN), match.end())
    start, end = match.span(kind)
    value = match[kind]
    if kind == _WHOLE_NUMBER:
        return Constant(_integer(value, match.string, start, end), start, end)
    if kind == _REAL:
        return Constant(float(value), start, end)
    if kind == _WORD and value.lower() in _VALUES:
        return Constant(_VALUES[value.lower()], start, end)
    return _WRONG


def _behind(node: Node, match: re.Match[str], frames: list[_Frame]) -> Node | None:
    """Returns what a node becomes by what stands behind it; ``None`` if another operand comes first."""
    kind = match.lastindex
    if kind == _OPTIONAL_PROPERTY and not isinstance(node, Constant):
        return Access(node, _name(match, kind), True, node.start, match.end())  # noqa: FBT003 - made by place
    if (kind == _INDEX or kind == _OPTIONAL_INDEX) and not isinstance(node, Constant):  # noqa: PLR1714, SIM109 - the same
        frames.append((node, kind == _OPTIONAL_INDEX, -1))
        return None
    opened, inner, start = frames[-1] if frames else _NOTHING_OPEN
    if kind == _CLOSE_INDEX and start < 0:
        frames.pop()
        return Access(opened, node, inner, opened.start, match.end())
    return _WRONG


def _integer(value: str, text: str, start: int, end: int) -> int:
    """The value of an integer's text."""
    if len(value) < 19:
        return int(value)
    digits = value.lstrip("+-0") or "0"
    number = int(f"-{digits}" if value[0] == "-" else digits) if len(digits) < 20 else None
    if number is None or not is_int64(number):
        message = (
            f"The number {value[:25]} is outside the range of a 64 bit integer. Write it with '.0', or as a string."
        )
        raise ExpressionSyntaxError(message, start, text, end, fault="number")
    return number


def _operand_error(text: str, position: int, end: int) -> ExpressionSyntaxError:
    """Why no operand begins at a place."""
    tokens = _Tokens(text, position, end)
    if tokens.kind != "Identifier":
        return tokens.expected("Identifier")
    tokens.advance()
    return tokens.expected("LeftParenthesis")


def _after_error(text: str, position: int, end: int, node: Node, frames: list[_Frame]) -> ExpressionSyntaxError:
    """Why what stands behind a node cannot stand there."""
    tokens = _Tokens(text, position, end)
    if tokens.kind == "QuestionMark" and not isinstance(node, Constant):
        tokens.advance()
        if tokens.kind not in ("Dot", "LeftSquareBracket"):
            return tokens.wrong("Behind '?' stands a property: write ?.name or ?['name'].", "Dot")
    if tokens.kind == "Dot" and not isinstance(node, Constant):
        tokens.advance()
        return tokens.expected("Identifier")
    if not frames:
        return tokens.expected("EndOfData")
    return tokens.expected("RightSquareBracket" if frames[-1][2] < 0 else "RightParenthesis")
