"""Foreign text as Python: string literals that mean exactly that text, and names that are plain identifiers.

Everything in a generated module that comes from a document passes through here. Characters that change how a line looks
(controls, direction marks, combining marks, blanks of unusual width, characters that no font has) are escaped, so that
the module reads as it runs.
"""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SHORT = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SHOWN = frozenset({"Lu", "Ll", "Lo", "Nd", "No", "Sc", "Sm", "So", "Po", "Pd", "Ps", "Pe", "Pi", "Pf", "Pc"})
_UNICODE = unicodedata.ucd_3_2_0
"""One version of Unicode for every Python, so that each writes the same bytes."""

_PLAIN = re.compile(r"[ !#-\[\]-~]*")
_LATIN = "\xc0-\xd6\xd8-\xf6\xf8-\u0130\u0132-\u017e"
"""Letters of Europe's languages that look like no other."""

_ONLY_LATIN = re.compile(rf"[ -~{_LATIN}\n\r\t]*")
_UNREMARKED = re.compile(rf"[^ !#$%&'()*+,\-./0-9:;<=>?@A-Z\[\]^_a-z{{|}}~{_LATIN}]")
_ODD = frozenset({0xAD, 0x17A4, 0x17D8, 0x1885, 0x1886, 0x2800, 0x3164, 0xFFA0, 0x231A, 0x231B, 0x25FD, 0x25FE})
_ODD |= {*range(0x2630, 0x2638), *range(0x2648, 0x2654), *range(0x1100, 0x1200)}
"""Characters that show nothing, join others, or changed their class or width since that version."""

_MAX_NAME = 50


def literal(text: str) -> str:
    """A Python string literal that means ``text``, in the quotes that a formatter would choose."""
    if _PLAIN.fullmatch(text):
        return f'"{text}"'
    quote = _quote(text)
    return quote + "".join(_escaped(character, quote) for character in text) + quote


def formatted(parts: Sequence[str | Field]) -> str:
    """An f-string of texts and fields, or a plain literal if there is no field."""
    text = "".join(part for part in parts if isinstance(part, str))
    if len(parts) == sum(isinstance(part, str) for part in parts):
        return literal(text)
    quote = _quote(text)
    inner = (
        "".join(_escaped(character, quote) * (2 if character in "{}" else 1) for character in part)
        if isinstance(part, str)
        else f"{{{part.quoted(quote)}}}"
        for part in parts
    )
    return f"f{quote}{''.join(inner)}{quote}"


def constant(value: float | None) -> str:
    """A number, truth value or null as a formatter writes it."""
    return repr(value).replace("e+", "e")


@dataclass(frozen=True)
class Field:
    """What stands in the braces of an f-string.

    Attributes:
        code: Python without double quotes, backslashes and braces.
    """

    code: str

    def quoted(self, outer: str) -> str:
        """The code inside an f-string: before Python 3.12 its quotes must be others than those around it."""
        return self.code if outer == '"' else self.code.replace("'", '"')


def _quote(text: str) -> str:
    return "'" if text.count('"') > text.count("'") else '"'


def _escaped(character: str, quote: str) -> str:
    if character == quote:
        return f"\\{quote}"
    if " " <= character <= "~" and character != "\\":
        return character
    return _foreign(character)


@cache
def _foreign(character: str) -> str:
    """How a character outside of plain ASCII stands in a literal."""
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if code > 127 and _UNICODE.category(character) in _SHOWN and code not in _ODD:
        return character
    if code < 256:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"


def width(text: str) -> int:
    """Columns that a line of generated code takes: ideographs and their kin take two."""
    if text.isascii():
        return len(text)
    return len(text) + sum(_UNICODE.east_asian_width(character) in "WF" for character in text)


def is_plain(text: str) -> bool:
    """Whether no character of a line is one that linters take for a possible double of an ASCII one."""
    return text.isascii() or _ONLY_LATIN.fullmatch(text) is not None


def remark(text: str, limit: int = 80) -> str:
    """Foreign text for a docstring or comment: one line of ASCII and Latin letters, without quotes and backslashes."""
    shown = _UNREMARKED.sub("?", text)
    return shown if len(shown) <= limit else f"{shown[: limit - 3]}..."


_TAKEN = frozenset(
    {
        *keyword.kwlist,
        *keyword.softkwlist,
        *dir(builtins),
        *"lio",
        "copyright",
        "credits",
        "exit",
        "help",
        "license",
        "quit",
    }
)


class Names:
    """The names of a module: each given once."""

    def __init__(self, reserved: Iterable[str]) -> None:
        """Begin with names that the module may import or define otherwise."""
        self._reserved = _TAKEN.union(reserved)
        self._taken = set(self._reserved)
        self._kinds: dict[str, str] = {}
        self._next: dict[str, int] = {}

    def give(self, text: str, fallback: str) -> str:
        """A free name for something that is called ``text`` elsewhere.

        Args:
            text: Any text.
            fallback: What it is: its name where ``text`` has no letters or digits of ASCII, and what is added where a
                name is that of something else already.
        """
        stem = identifier(text) or fallback
        if stem[0].isdigit():
            stem = f"{fallback}_{stem}"
        name = stem
        if name in self._reserved or self._kinds.get(name, fallback) != fallback:
            name = stem = f"{stem}_{fallback}"
        number = self._next.get(stem, 2)
        while name in self._taken:
            name = f"{stem}_{number}"
            number += 1
        self._next[stem] = number
        self._taken.add(name)
        self._kinds[name] = fallback
        return name


def identifier(text: str) -> str:
    """``text`` in ``snake_case``: lower-case ASCII letters, digits and single underscores; maybe nothing."""
    folded = unicodedata.normalize("NFKD", text[: 4 * _MAX_NAME]).encode("ascii", "ignore").decode()
    words = re.sub(r"([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])", r"\1\3_\2\4", folded)
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")[:_MAX_NAME].strip("_")
