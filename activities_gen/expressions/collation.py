"""Strings as en-US compares and searches them: Unicode's root order, to the extent of the tables here.

Compared are first the letters without accents and case, then accents, then case, lower before upper. Punctuation
counts, and stands before digits, digits before letters. Scripts other than Latin follow by their code points. Control
and format characters count for nothing.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from activities_gen.expressions.text import to_upper

_PUNCTUATION = (
    "_-\u2010\u2011\u2012\u2013\u2014\u2015,;:!\u00a1?\u00bf.\u2026'\u2018\u2019\u201a\u2039\u203a\""
    "\u201c\u201d\u201e\u00ab\u00bb()[]{}\u00a7\u00b6@*/\\&#%\u2030\u2020\u2021\u2022`\u00b4\u02dc^\u00af"
    "\u00a8\u00b0\u00a9\u00ae+\u00b1\u00f7\u00d7<=>|\u00a6~\u00ac"
)
_MONEY = {character: index for index, character in enumerate("\u00a4\u00a2$\u00a3\u00a5\u20ac")}
_BLANKS = "\t\n\v\f\r\x85\u2028\u2029 "
_ORDER = {character: index for index, character in enumerate(_BLANKS + _PUNCTUATION, 1)}
_EXPANDED = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ẞ": "SS",
    "Æ": "AE",
    "Œ": "OE",
    "Þ": "TH",
}
_BASES = {
    "ø": "o",
    "Ø": "O",
    "đ": "d",
    "Đ": "D",
    "ł": "l",
    "Ł": "L",
    "ħ": "h",
    "Ħ": "H",
    "ð": "d",
    "Ð": "D",
}
_BEHIND = {"\u0131": "i"}
_IGNORED_MARKS = frozenset("\u034f\ufe0e\ufe0f")
_LIGATURE = 0x10FFFF
"""The accent between the two letters of a ligature, behind all others."""
_SYMBOL, _OTHER, _CURRENCY, _DIGIT, _LETTER, _LAST = range(1, 7)

Weights = tuple[list[tuple[int, int]], list[int], list[int]]


def compare(left: str, right: str) -> int:
    """-1, 0 or 1: how two strings are ordered. Strings that differ in ignorable characters alone are equal."""
    if left == right:
        return 0
    one, other = weights(left), weights(right)
    return (one > other) - (one < other)


def weights(text: str) -> Weights:
    """The three levels by which a string is compared."""
    primary: list[tuple[int, int]] = []
    secondary: list[int] = []
    tertiary: list[int] = []
    for character in unicodedata.normalize("NFD", text):
        for kind, weight, accent, case in _elements(character):
            if kind:
                primary.append((kind, weight))
            if accent or kind:
                secondary.append(accent)
            tertiary.append(case)
    return primary, secondary, tertiary


@lru_cache(maxsize=4096)
def _elements(character: str) -> tuple[tuple[int, int, int, int], ...]:
    """Class, weight, accent and case of what a character stands for; nothing for those that are ignored."""
    if character == "\ufffd":
        return ((_LAST, 0, 0, 0),)
    if character in _ORDER:
        return ((_SYMBOL, _ORDER[character], 0, 0),)
    if character in _MONEY:
        return ((_CURRENCY, _MONEY[character], 0, 0),)
    if is_ignored(character):
        return ()
    category = unicodedata.category(character)
    if category == "Mn":
        return ((0, 0, ord(character), 0),)
    if category == "Nd":
        return ((_DIGIT, int(unicodedata.digit(character)), 0, int(ord(character) > 127)),)
    if character in _EXPANDED:
        first, second = (_letter(part, variant=2) for part in _EXPANDED[character])
        return (first, second) if character in "þÞ" else (first, (0, 0, _LIGATURE, 2), second)
    if character == "\u03c2":
        return (_letter("\u03c3", variant=2),)
    if character in _BASES:
        return (_letter(_BASES[character], accent=0x338),)
    parts = unicodedata.normalize("NFKD", character)
    if parts != character:
        return tuple((*element[:3], element[3] + 2) for part in parts for element in _elements(part))
    if category[0] == "L":
        return (_letter(character),)
    return ((_CURRENCY if category == "Sc" else _OTHER, ord(character), 0, 0),)


def is_ignored(character: str) -> bool:
    """Whether a character counts for nothing."""
    category = unicodedata.category(character)
    return (category in ("Cc", "Cf") and character not in _BLANKS) or character in _IGNORED_MARKS


def _letter(character: str, *, accent: int = 0, variant: int = 0) -> tuple[int, int, int, int]:
    """The element of a letter: upper case is the same letter, but behind it."""
    lower = character.lower()
    weight = 2 * ord(_BEHIND.get(lower, lower[0])) + (lower in _BEHIND)
    return _LETTER, weight, accent, variant + (1 if character != lower else 0)


class Searchable:
    """A text as ``indexOf`` and its like search it: letter case, and what compatible characters look like, is alike.

    ``é`` in one character is ``é`` in two, but none of them contains ``e``; ``²`` is ``2``, and ``ﬁ`` is ``fi``.

    Attributes:
        text: The text.
        key: A text that contains the key of another one exactly where ``text`` contains the other one.
        folded: A text that is the same for texts that are alike.
        starts: For each character that a user sees, its index in ``text`` in UTF-16 units.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts: list[int] = []
        shown: list[str] = []
        index = 0
        for character in text:
            for part in _folded(character):
                if shown and _continues(part):
                    shown[-1] += part
                else:
                    self.starts.append(index)
                    shown.append("\r\n" if part == "\n" and shown and shown[-1] == "\r" else part)
            index += 1 + (character > "\uffff")
        parts = [unicodedata.normalize("NFD", part) for part in shown]
        self.key = "".join(_EDGE + part for part in parts) + _EDGE
        self.folded = "".join(parts).lower()

    def index(self, position: int) -> int:
        """The index in the text of a position in the key; -1 of -1."""
        return self.starts[self.key.count(_EDGE, 0, position)] if position >= 0 else -1


_EDGE = "\0"


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    """Returns what a character is searched as; nothing if it is ignored."""
    if is_ignored(character):
        return ""
    if character == "\u017f" or unicodedata.decomposition(character).startswith(("<wide>", "<narrow>")):
        return character
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.digit(character))
    return to_upper(unicodedata.normalize("NFKD", character)).replace("ẞ", "ß")


def _continues(part: str) -> bool:
    """Whether a character belongs to the one before it: accents, Japanese marks, vowels and ends of Korean syllables."""
    return part in "\uff9e\uff9f" or unicodedata.category(part)[0] == "M" or "\u1160" <= part <= "\u11ff"
