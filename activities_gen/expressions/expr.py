"""An expression as a string that stands for its value in ADF: properties, interpolation and literal text.

An expression is an :class:`Expr`, a string as it stands in the JSON, so that it can be given to every model of the SDK::

    lookup_rows = output_of("Lookup").firstRow.count       # @activity('Lookup').output.firstRow.count
    path = f"landing/{parameter('day')}.csv"               # landing/@{pipeline().parameters.day}.csv
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LENGTH = 8192
"""Most characters of one expression without its ``@``; ADF refuses longer ones."""

_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*\Z")
_SEGMENT = re.compile(r"[^'}]*(?:'[^']*'[^'}]*)*\}")


class Expr(str):
    """An expression: a string with ``@`` before it, whose attributes and items are those of its value in ADF.

    * ``expr.name``, ``expr["any name"]`` and ``expr[0]`` select a property or an element, even where strings have a
      method of that name. Two kinds of names need brackets: ``expr["value"]``, because the SDK reads the attribute
      ``value`` of everything that it serialises, and names that begin with ``_``.
    * ``expr.optional("name")`` selects with ``?``: null if it is missing.
    * ``f"...{expr}..."`` and ``expr + "..."`` make an interpolated string, whose value is always a string.
    * It is written, copied and formatted as the string that it is. What Python would answer from that text instead of
      from the value, which is known when the pipeline runs and not before, raises a ``TypeError`` that names ADF's way:
      conditions, comparisons, loops, ``len()``, ``in``, slices, calls of a string's methods, keys of a dict.
    """

    __slots__ = ()

    if TYPE_CHECKING:  # properties that strings have methods of
        center: Any
        count: Any
        encode: Any
        find: Any
        format: Any
        index: Any
        join: Any
        lower: Any
        partition: Any
        replace: Any
        split: Any
        strip: Any
        title: Any
        translate: Any
        upper: Any

    def __new__(cls, text: str) -> Expr:
        """Take a string of the form ``@...``.

        Raises:
            ValueError: It is none, or it is longer than ADF allows.
        """
        plain = str.__str__(text)
        if len(plain) < 2 or plain[0] != "@" or plain[1] in "@{":
            raise ValueError(f"an expression is one '@' and the call behind it, not {plain[:60]!r}")
        if len(plain) > MAX_LENGTH + 1:
            raise ValueError(f"the expression has {len(plain) - 1} characters; ADF takes at most {MAX_LENGTH}")
        return str.__new__(cls, plain)

    def __getattribute__(self, name: str) -> Any:
        """A property of the value, for every name but those of Python's own and ``optional``."""
        if name[0] == "_" or name == "optional":
            return str.__getattribute__(self, name)
        if name == "value":
            raise AttributeError(f'write ["value"] instead of .value behind {body(self)}: the SDK reads the attribute')
        return _select(self, name, "")

    def __getitem__(self, key: Any) -> Expr:
        """A property by its name, an element by its index, or either by an expression."""
        if isinstance(key, slice):
            raise _unknown(self, "take a part of", "functions.substring(…), take(…) or skip(…)")
        return _select(self, key, "")

    def __format__(self, specification: str) -> str:
        """The form inside text, ``@{...}``."""
        if specification:
            raise _unknown(self, "format", "functions.format_date_time(…) or another function")
        return f"@{{{body(self)}}}"

    def __add__(self, other: object) -> Text:
        """Text behind the expression's, as ADF would put them together."""
        return interpolated([*split(self), *split(other)]) if isinstance(other, str) else NotImplemented

    def __radd__(self, other: object) -> Text:
        """Text before the expression's, as ADF would put them together."""
        return interpolated([*split(other), *split(self)]) if isinstance(other, str) else NotImplemented

    def __mod__(self, other: Any) -> str:
        """Refused: ``%`` would format the text of the expression, not its value."""
        raise _unknown(self, "use '%' on", "functions.mod(…), or an f-string")

    def __rmod__(self, template: Any) -> str:
        """Refused: ``%`` would put the expression's text where ``@{...}`` belongs."""
        raise _unknown(self, "use '%' on", "an f-string")

    def __mul__(self, other: Any) -> str:
        """Refused: ``*`` would repeat the text of the expression."""
        raise _unknown(self, "multiply", "functions.mul(…)")

    __rmul__ = __mul__

    def __bool__(self) -> bool:
        """Refused: the text of an expression is always true."""
        raise _unknown(self, "decide on", "functions.if_(…) or an IfConditionActivity")

    def __eq__(self, other: object) -> bool:
        """Whether it is the same expression; with anything but a string of the form ``@...`` it cannot be compared."""
        if isinstance(other, str) and str.__eq__(self, other):
            return True
        if (isinstance(other, str) and type(other) is not Expr and str.startswith(other, "@")) or other is None:
            return False
        if isinstance(other, (str, int, float, list, tuple, dict)):
            raise _unknown(self, "compare", "functions.equals(…)")
        return NotImplemented

    def __ne__(self, other: object) -> bool:
        """As ``==``."""
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else not equal

    def __lt__(self, other: Any) -> bool:
        """Refused: texts of expressions have no order that matters."""
        raise _unknown(self, "compare", "functions.less(…) or functions.greater(…)")

    __le__ = __gt__ = __ge__ = __lt__

    def __hash__(self) -> int:
        """Refused: what is looked up by an expression is never found."""
        raise _unknown(self, "look up", "functions.if_(…) or a SwitchActivity; a dict or set has no place for it")

    def __contains__(self, part: Any) -> bool:
        """Refused: ``in`` would search the text of the expression."""
        raise _unknown(self, "search", "functions.contains(…)")

    def __iter__(self) -> Iterator[Any]:
        """Refused: a loop would go over the characters of the expression."""
        raise _unknown(self, "loop over", "a ForEachActivity")

    def __len__(self) -> int:
        """Refused: the length would be that of the expression's text."""
        raise _unknown(self, "measure", "functions.length(…)")

    def __call__(self, *_: Any, **__: Any) -> Any:
        """Refused: no property is a function in ADF, and the methods of strings would see the expression's text."""
        base, _dot, name = body(self).rpartition(".")
        instead = _METHODS.get(name) if base else None
        hint = f"; use {instead}" if instead else ""
        raise TypeError(f"'{body(self)}' is a property in ADF, not a function{hint}")

    def optional(self, key: str | int | Expr) -> Expr:
        """The property or element with ``?``: null if it is missing, or where this is null."""
        return _select(self, key, "?")


_METHODS = {
    "endswith": "functions.ends_with(…)",
    "find": "functions.index_of(…)",
    "format": "an f-string",
    "index": "functions.index_of(…)",
    "join": "functions.join(…)",
    "lower": "functions.to_lower(…)",
    "replace": "functions.replace(…)",
    "rfind": "functions.last_index_of(…)",
    "split": "functions.split(…)",
    "startswith": "functions.starts_with(…)",
    "strip": "functions.trim(…)",
    "upper": "functions.to_upper(…)",
}
"""What says in ADF what a method of Python's strings says, for those who reach for the method."""


def _unknown(expression: Expr, verb: str, instead: str) -> TypeError:
    """The error for what Python would do to the text of an expression instead of to its value."""
    return TypeError(
        f"Python cannot {verb} {body(expression)[:80]}, whose value is known only when the pipeline runs. Use {instead}"
    )


class Text(str):
    """A string in the form in which ADF reads it: what :func:`literal` and additions make.

    Adding to it adds to its text in ADF: what is literal stays literal, what is an expression stays one.
    """

    __slots__ = ()

    def __add__(self, other: object) -> Text:
        """Text behind it."""
        return interpolated([*split(self), *split(other)]) if isinstance(other, str) else NotImplemented

    def __radd__(self, other: object) -> Text:
        """Text before it."""
        return interpolated([*split(other), *split(self)]) if isinstance(other, str) else NotImplemented


def body(expression: Expr) -> str:
    """An expression without its ``@``, as it stands inside another."""
    return str.__str__(expression)[1:]


def quote(text: str) -> str:
    """A text as a string of the language, in single quotes."""
    return "'" + str.__str__(text).replace("'", "''") + "'"


def _select(base: Expr, key: Any, mark: str) -> Expr:
    """``base`` with a property or an element."""
    if isinstance(key, Expr):
        return Expr(f"@{body(base)}{mark}[{body(key)}]")
    if isinstance(key, str):
        step = f"{mark}.{key}" if _IDENTIFIER.match(key) else f"{mark}[{quote(key)}]"
        return Expr(f"@{body(base)}{step}")
    if isinstance(key, bool) or not isinstance(key, int):
        raise TypeError(f"a property is a string and an index an integer, not {key!r}")
    if key < 0:
        raise ValueError(f"ADF has no negative index such as {key}; use last()")
    return Expr(f"@{body(base)}{mark}[{key}]")


def literal(text: str) -> Text:
    """A text that ADF takes as it is, though it begins with ``@`` or has ``@{`` in it."""
    plain = str.__str__(text)
    if plain[:1] == "@" and len(plain) > 1:
        return Text("@" + plain)
    return Text(plain.replace("@{", "@@{"))


def split(text: str) -> list[str | Expr]:
    """The texts and expressions of a string as it stands in the JSON, by ADF's rules; no empty texts.

    Raises:
        ValueError: An ``@{`` has no ``}``.
    """
    plain = str.__str__(text)
    if isinstance(text, Expr):
        return [text]
    if plain.startswith("@@"):
        return [plain[1:]]
    if len(plain) < 2:
        return [plain] if plain else []
    if plain[0] == "@" and plain[1] != "{":
        return [Expr(plain)]
    return [part for part in _segments(plain) if isinstance(part, Expr) or part]


def _segments(text: str) -> Iterator[str | Expr]:
    """The texts and expressions of an interpolated string."""
    position = 0
    before = ""
    while (start := text.find("@{", position)) >= 0:
        before += text[position:start]
        if start > position and text[start - 1] == "@":
            before = before[:-1] + "@{"
            position = start + 2
            continue
        match = _SEGMENT.match(text, start + 2)
        if match is None:
            raise ValueError(f"'@{{' without '}}' at position {start} of {text[:60]!r}; use literal() for a text")
        yield before
        yield Expr("@" + text[start + 2 : match.end() - 1])
        before = ""
        position = match.end()
    yield before + text[position:]


def interpolated(parts: list[str | Expr]) -> Text:
    """One string whose value is the text of all parts: texts as they are, expressions as text.

    An ``@`` at the very start or directly before an expression would be read as part of the syntax; it becomes an
    expression too.
    """
    merged = _merge(parts)
    if all(not isinstance(part, Expr) for part in merged):
        return literal("".join(merged))
    out = []
    for index, part in enumerate(merged):
        if isinstance(part, Expr):
            out.append(format(part))
            continue
        head = part[: len(part) - len(part.lstrip("@"))] if index == 0 else ""
        inner = part[len(head) :]
        tail = inner[len(inner.rstrip("@")) :] if index + 1 < len(merged) else ""
        middle = inner[: len(inner) - len(tail)].replace("@{", "@@{")
        out += [_at_signs(head), middle, _at_signs(tail)]
    return Text("".join(out))


def _merge(parts: list[str | Expr]) -> list[str | Expr]:
    """The parts with neighbouring texts joined and empty ones left out."""
    merged: list[str | Expr] = []
    for part in parts:
        if isinstance(part, Expr) or not merged or isinstance(merged[-1], Expr):
            merged.append(part)
        else:
            merged[-1] = merged[-1] + part
    return [part for part in merged if isinstance(part, Expr) or part]


def _at_signs(signs: str) -> str:
    return f"@{{'{signs}'}}" if signs else ""
