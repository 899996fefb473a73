"""The order of strings in en-US, as ``less`` and ``greater`` use it: Unicode's root order, to the extent of its tables here.

Compared are first the letters without accents and case, then accents, then case, lower before upper. Punctuation
counts, and stands before digits, digits before letters. Scripts other than Latin follow by their code points.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_PUNCTUATION = (
    "_-\u2010\u2011\u2012\u2013\u2014\u2015,;:!\u00a1?\u00bf.\u2026'\u2018\u2019\u201a\u2039\u203a\""
    "\u201c\u201d\u201e\u00ab\u00bb()[]{}\u00a7\u00b6@*/\\&#%\u2030\u2020\u2021\u2022`\u00b4\u02dc^\u00af"
    "\u00a8\u00b0\u00a9\u00ae+\u00b1\u00f7\u00d7<=>|\u00a6~\u00ac\u00a4\u00a2$\u00a3\u00a5\u20ac"
)
_BLANKS = "\t\n\v\f\r\x85\u2028\u2029 "
_ORDER = {character: index for index, character in enumerate(_BLANKS + _PUNCTUATION, 1)}
_EXPANDED = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ĳ": "ij",
    "þ": "th",
    "ẞ": "SS",
    "Æ": "AE",
    "Œ": "OE",
    "Ĳ": "IJ",
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
    "\u0131": "i",
}
_SYMBOL, _DIGIT, _LETTER = 1, 3, 4

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
    if character in _ORDER:
        return ((_SYMBOL, _ORDER[character], 0, 0),)
    category = unicodedata.category(character)
    if category in ("Cc", "Cf"):
        return ()
    if category == "Mn":
        return ((0, 0, ord(character), 0),)
    if category == "Nd":
        return ((_DIGIT, int(unicodedata.digit(character)), 0, int(ord(character) > 127)),)
    if character in _EXPANDED:
        return tuple(_letter(part, variant=2) for part in _EXPANDED[character])
    if character in _BASES:
        return (_letter(_BASES[character], accent=0x338),)
    if category[0] == "L":
        return (_letter(character),)
    return ((2, ord(character), 0, 0),)


def _letter(character: str, *, accent: int = 0, variant: int = 0) -> tuple[int, int, int, int]:
    """The element of a letter: upper case is the same letter, but behind it."""
    lower = character.lower()
    return _LETTER, ord(lower[0]), accent, variant + (1 if character != lower else 0)
