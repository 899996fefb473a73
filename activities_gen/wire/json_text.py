"""JSON text to values, strictly: what the standard decoder would pass over in silence is a finding with its place."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from activities_gen.findings import Finding, FindingsError, Location, Severity
from activities_gen.wire.malformed import explained, places_of, too_deep, without
from activities_gen.wire.positions import Positions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.wire.positions import Repeated

MAX_DEPTH = 200
"""Deepest nesting of objects and lists that is read; real pipelines stay under 30."""

_MOST_MISTAKES = 20
"""Most comments and commas that are named at once."""

_MOST_TEXT = 10_000_000
"""Most characters that are read again to find them, which takes some tenths of a second."""


def read(content: bytes | str, file: str) -> tuple[Any, Positions, list[Finding]]:
    """The value of a JSON file.

    Args:
        content: The file's bytes, in UTF-8 or UTF-16, with or without a byte order mark; or its text.
        file: The file's path as findings show it.

    Returns:
        The value, where its parts stand, and ``ADF002`` for each key that stands in one object twice.

    Raises:
        FindingsError: It cannot be read: ``ADF001``.
    """
    text = _text(content, file)
    positions = Positions(text)
    reader = _Reader()
    try:
        value = reader.read(text)
    except json.JSONDecodeError as error:
        found = [*_refusals(text[: error.pos], file, reader.refused), *_mistakes(text, error, file)]
        raise FindingsError(found) from error
    except RecursionError as error:
        raise FindingsError([_too_deep(text, file)]) from error
    if reader.refused:
        raise FindingsError(_refusals(text, file, reader.refused))
    if _depth_exceeds(value, MAX_DEPTH):
        raise FindingsError([_too_deep(text, file)])
    return value, positions, [_repetition(one, file) for one in positions.repeated()] if reader.repeated else []


def _text(content: bytes | str, file: str) -> str:
    """The text of a file, whatever Unicode encoding it was saved in."""
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode(json.detect_encoding(content)).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(error.encoding, "replace").removeprefix("\ufeff")
        place = Location(file, *Positions(before).of_offset(len(before)))
        message = "The file is neither UTF-8 nor UTF-16 from here on. Save it as UTF-8."
        raise FindingsError([unreadable(message, place)]) from error


class _Reader:
    """The standard decoder, which also notes what it would pass over in silence.

    Attributes:
        refused: What is wrong with numbers and words that JSON, or ADF, does not have.
        repeated: Whether a key stands in one object twice.
    """

    def __init__(self) -> None:
        self.refused: dict[str, str] = {}
        self.repeated = False

    def read(self, text: str) -> Any:
        """The value of a text."""
        return json.loads(
            text,
            object_pairs_hook=self._object,
            parse_constant=lambda literal: self._refuse(literal, f"'{literal}' is not JSON."),
            parse_int=self._integer,
            parse_float=self._float,
        )

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        self.repeated = self.repeated or len(result) != len(pairs)
        return result

    def _integer(self, literal: str) -> int:
        return int(literal) if len(literal) <= 400 else self._refuse(literal, f"A number of {len(literal)} digits.")

    def _float(self, literal: str) -> float:
        value = float(literal)
        if math.isinf(value):
            self._refuse(literal, f"The number {literal} is larger than any that ADF can hold.")
        return value

    def _refuse(self, literal: str, message: str) -> int:
        self.refused[literal] = message
        return 0


def unreadable(message: str, location: Location) -> Finding:
    """The finding for a file that cannot be read."""
    return Finding("ADF001", Severity.ERROR, message, location)


def _mistakes(text: str, error: json.JSONDecodeError, file: str) -> Iterator[Finding]:
    """A finding for what is not JSON in a text; where that is a comment or a comma, for what follows as well."""
    positions = Positions(text)
    for _ in range(min(_MOST_MISTAKES, 1 + _MOST_TEXT // max(1, len(text)))):
        message, offset = explained(text, error)
        yield unreadable(message, Location(file, *positions.of_offset(offset)))
        rest = without(text, message, offset)
        if rest is None:
            return
        text = rest
        try:
            _Reader().read(text)
        except json.JSONDecodeError as following:
            error = following
        except RecursionError:
            return
        else:
            return


def _too_deep(text: str, file: str) -> Finding:
    place = Positions(text).of_offset(too_deep(text, MAX_DEPTH))
    return unreadable(f"Lists and objects are nested deeper than {MAX_DEPTH}.", Location(file, *place))


def _refusals(text: str, file: str, refused: dict[str, str]) -> list[Finding]:
    """A finding for each place of a number or word that is not taken."""
    positions = Positions(text)
    return [
        unreadable(refused[literal], Location(file, *positions.of_offset(offset)))
        for literal, offset in places_of(text, frozenset(refused))
    ]


def _repetition(repeated: Repeated, file: str) -> Finding:
    message = f"The key '{repeated.key}' stands in this object before, in line {repeated.first[0]}; the last one wins. Delete the other."
    return Finding("ADF002", Severity.ERROR, message, Location(file, *repeated.again))


def _depth_exceeds(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = (
            [
                member
                for item in level
                for member in (item.values() if isinstance(item, dict) else item)
                if isinstance(member, (dict, list))
            ]
            if level and isinstance(level[0], (dict, list))
            else []
        )
        if not level:
            return False
    return True
