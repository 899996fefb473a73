"""Characters as .NET counts and compares them: UTF-16 units, white space, letter case."""

from __future__ import annotations

WHITESPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
"""What ``System.Char.IsWhiteSpace`` accepts; unlike Python's, without the separators U+001C to U+001F."""


def is_basic(text: str) -> bool:
    """Whether each character of ``text`` is one UTF-16 unit, as .NET counts."""
    return text.isascii() or max(text) <= "\uffff"


def units(text: str) -> str:
    """``text`` with characters beyond U+FFFF as two surrogates, so that its length and indices are .NET's."""
    if is_basic(text):
        return text
    raw = text.encode("utf-16-le", "surrogatepass")
    return "".join(map(chr, memoryview(raw).cast("H")))


def characters(text: str) -> str:
    """The opposite of :func:`units`: surrogate pairs become one character; a lone one becomes U+FFFD, as in UTF-8."""
    if text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


_UPPER_EXCEPTIONS = {"\u0131": "\u0131", "\u017f": "S"}
_LOWER_EXCEPTIONS = {"\u0130": "\u0130"}


def to_upper(text: str) -> str:
    """Invariant upper case, character by character: ``ß`` stays, unlike in Python."""
    if text.isascii():
        return text.upper()
    return "".join(map(_upper, text))


def to_lower(text: str) -> str:
    """Invariant lower case, character by character."""
    if text.isascii():
        return text.lower()
    return "".join(map(_lower, text))


def _upper(character: str) -> str:
    exception = _UPPER_EXCEPTIONS.get(character)
    upper = exception or character.upper()
    return upper if len(upper) == 1 else character


def _lower(character: str) -> str:
    exception = _LOWER_EXCEPTIONS.get(character)
    lower = exception or character.lower()
    return lower if len(lower) == 1 else character


def is_simple(text: str) -> bool:
    """Whether letter case is all that en-US may overlook in ``text``: it is ASCII without control characters."""
    return text.isascii() and text.isprintable()
