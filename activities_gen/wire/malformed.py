"""What is wrong with text that is not JSON: the mistake, its place, and how to mend it.

The standard decoder says where it gave up, not what the author did. Its message is kept for what is not known here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from activities_gen.wire.positions import TOKEN, Positions

if TYPE_CHECKING:
    import json
    from collections.abc import Iterator

_TRAILING_COMMA = "A comma stands before a closing bracket. Delete it."
_COMMENT = "JSON has no comments. Delete it."
_ESCAPE = r"\" \\ \/ \b \f \n \r \t and \u with four hexadecimal digits"

_MOST_IN_PLACEHOLDER = 200
_PLACEHOLDER = re.compile(r"(?P<terraform>[$%]\{[^\n]{1,200}?\})|#\{[^\n{}]{1,200}\}#?")
"""What a template has in the place of a value: Terraform's ``${name}`` or ``%{ for … }``, or a token of a release."""

_OPENED = re.compile(r"[$%]\{[^\n{}]*\Z")
"""A placeholder of which quotes inside of it, as in ``"${paths["raw"]}"``, end the string around it."""

_BEGINNINGS: tuple[tuple[str, str], ...] = (
    (r"//|/\*|#", _COMMENT),
    (r"<<<<<<<|=======|>>>>>>>", "A merge conflict is not resolved."),
    (r"'", "JSON strings stand in double quotes."),
    ("[\u201c-\u201f\u2018-\u201b\u00ab\u00bb`]", 'JSON strings stand in straight double quotes: ".'),
    (r"(True|False|None|undefined)\b", "JSON writes true, false and null."),
    (r"[+.]", "A number begins with a digit or a minus sign."),
    (r"<", "This is XML or HTML, not JSON."),
)
"""Where the decoder expects something else: how that begins which stands there, and what to say of it."""


_SUPERFLUOUS = {
    _TRAILING_COMMA: re.compile(","),
    _COMMENT: re.compile(r"(//|#)[^\n\r]*|/\*.*?(\*/|\Z)", re.DOTALL),
}
"""What is to be deleted, by what is said of it."""


def without(text: str, message: str, offset: int) -> str | None:
    """A text with blanks in the place of a comment or comma, so that all else stands where it stood.

    Args:
        text: What is not JSON.
        message: What is wrong with it, as :func:`explained` says it.
        offset: Where.

    Returns:
        The text; ``None`` if the mistake is another.
    """
    match = _SUPERFLUOUS[message].match(text, offset) if message in _SUPERFLUOUS else None
    if match is None:
        return None
    return text[:offset] + re.sub(r"[^\n\r]", " ", match.group()) + text[match.end() :]


def explained(text: str, error: json.JSONDecodeError) -> tuple[str, int]:
    """Returns what is wrong with a text, and at which offset.

    Args:
        text: Anything that is not JSON.
        error: What the standard decoder says of it.
    """
    end = len(text.rstrip())
    if end == 0:
        return "The file is empty.", 0
    if "control character" in error.msg:
        return _control(text[error.pos]), error.pos
    if "escape" in error.msg:
        return (
            f"A backslash begins an escape, and JSON has {_ESCAPE} only. Write a backslash itself as \\\\.",
            error.pos,
        )
    if error.msg.startswith("Unterminated string"):
        return "The string that begins here has no closing quote.", error.pos
    if error.pos >= end:
        return _unclosed(text), end
    return _misplaced(text, error)


def _misplaced(text: str, error: json.JSONDecodeError) -> tuple[str, int]:
    """Returns what stands where the decoder expects something else."""
    place, rest = error.pos, text[error.pos : error.pos + 20]
    before = text[:place].rstrip()
    if error.msg.startswith("Illegal trailing comma"):  # Python 3.13 and newer
        return _TRAILING_COMMA, place
    if before.endswith(",") and rest[0] in "]}":
        return _TRAILING_COMMA, len(before) - 1
    opened = _OPENED.search(text, max(0, place - _MOST_IN_PLACEHOLDER), place)
    placeholder = _PLACEHOLDER.match(text, opened.start() if opened else place)
    if placeholder:
        return _template(placeholder), placeholder.start()
    for pattern, message in _BEGINNINGS:
        if re.match(pattern, rest):
            return message, place
    if error.msg.startswith("Extra data"):
        return "The JSON ends before this: a file holds one value. Delete the rest, or put all of it in a list.", place
    if not rest[0].isprintable() or rest[0].isspace():
        return f"The character U+{ord(rest[0]):04X} stands where JSON has no text. Delete it.", place
    return _missing(before, rest, error.msg), place


def _template(placeholder: re.Match[str]) -> str:
    """Returns what is said of a placeholder that no quotes are around."""
    fills = "Terraform's templatefile() fills" if placeholder["terraform"] else "a release pipeline fills"
    shown = placeholder[0] if len(placeholder[0]) <= 60 else f"{placeholder[0][:60]}…"
    return f"'{shown}' is a placeholder that {fills} in: this is a template, and no JSON yet. Check what it renders."


def _missing(before: str, rest: str, message: str) -> str:
    """Returns what the decoder misses."""
    if "','" in message:
        return (
            "A number has no zeros before it."
            if re.search(r"(^|[^\d.])0$", before) and rest[0].isdigit()
            else "A comma is missing before this."
        )
    if "':'" in message:
        return "A colon is missing between a key and its value."
    if "property name" in message:
        return "A key is expected here, in double quotes."
    return f"A value is expected here, not '{rest[0]}'." if rest[0] in ",:]}" else "A value is expected here."


def _control(character: str) -> str:
    if character in "\r\n":
        return "A line ends inside a string. Its closing quote is missing; or write the break as \\n."
    escape = "\\t" if character == "\t" else f"\\u{ord(character):04x}"
    return f"The control character U+{ord(character):04X} stands in a string. Write it as {escape}."


def _unclosed(text: str) -> str:
    """Returns what a text that ends too early leaves open."""
    stack: list[int] = []
    for match in TOKEN.finditer(text):
        if match.group() in ("{", "["):
            stack.append(match.start())
        elif match.group() in ("}", "]") and stack:
            stack.pop()
    if not stack:
        return "The file ends where a value is expected."
    line, column = Positions(text).of_offset(stack[-1])
    return f"The file ends before the '{text[stack[-1]]}' of line {line}, column {column} is closed."


def places_of(text: str, literals: frozenset[str]) -> Iterator[tuple[str, int]]:
    """The numbers and words of a text, outside of its strings, that are among some; with their offsets."""
    for match in TOKEN.finditer(text):
        if match.group() in literals:
            yield match.group(), match.start()


def too_deep(text: str, limit: int) -> int:
    """The offset of the first bracket that is nested deeper than a limit."""
    depth = 0
    for match in TOKEN.finditer(text):
        if match.group() in ("{", "["):
            depth += 1
            if depth > limit:
                return match.start()
        elif match.group() in ("}", "]"):
            depth -= 1
    return 0
