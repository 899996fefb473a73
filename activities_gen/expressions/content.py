"""Content objects, ``{"$content-type": ..., "$content": <base64>}``: how ADF passes on XML and binary data."""

from __future__ import annotations

import binascii
import re

from activities_gen.expressions.errors import FunctionError

_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_BLANKS = str.maketrans("", "", " \t\r\n")
_CHARSETS = {
    "utf-8": "utf-8",
    "utf-16": "utf-16-le",
    "unicode": "utf-16-le",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "unicodefffe": "utf-16-be",
    "utf-32": "utf-32-le",
    "utf-32le": "utf-32-le",
    "utf-32be": "utf-32-be",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "latin-1",
    "latin1": "latin-1",
}
_HTTP_WORD = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_MEDIA_TYPE = re.compile(
    rf"""\s*{_HTTP_WORD}/{_HTTP_WORD}\s*(?:;\s*{_HTTP_WORD}(?:\s*=\s*(?:"[^"]*"|{_HTTP_WORD}))?\s*)*"""
)
_CHARSET = re.compile(r""";\s*charset\s*=\s*([^;\s]+)""", re.IGNORECASE)


def from_base64(text: str) -> bytes:
    """The bytes of base64 text as .NET reads it: blanks anywhere, padding required, no URL alphabet.

    Raises:
        FunctionError: It is not base64.
    """
    packed = text.translate(_BLANKS)
    if _BASE64.fullmatch(packed) is None:
        raise FunctionError("was given a text that is not base64; a padding of '=' up to a multiple of four is needed")
    return binascii.a2b_base64(packed)


def to_base64(data: bytes) -> str:
    """Base64 text without line breaks."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def to_utf8(text: str) -> bytes:
    """UTF-8; what stands alone of a surrogate pair is replaced, as .NET does."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode("utf-8")


def from_utf8(data: bytes) -> str:
    """Text of UTF-8 bytes; what is no UTF-8 becomes U+FFFD."""
    return data.decode("utf-8", "replace")


def charset(media_type: str) -> str | None:
    """The character set that a content type names, ``None`` if it names none."""
    match = _CHARSET.search(media_type)
    return match[1] if match else None


def is_media_type(text: str) -> bool:
    """Whether ``text`` is a content type: ``type/subtype``, perhaps with parameters."""
    return _MEDIA_TYPE.fullmatch(text) is not None


def is_xml(media_type: object) -> bool:
    """Whether a content type is one of XML for the engine: ``application/xml`` or ``application/...+xml``."""
    if not isinstance(media_type, str):
        return False
    essence = media_type.partition(";")[0].strip().lower()
    return essence == "application/xml" or (essence.startswith("application/") and essence.endswith("+xml"))


def decode(media_type: object, data: object) -> str:
    """The text of a content object's two members, by the character set of its type, else UTF-8.

    Raises:
        FunctionError: The type is none, its character set is unknown, or the data is not base64.
    """
    if not isinstance(media_type, str) or not isinstance(data, str) or not is_media_type(media_type):
        raise FunctionError("was given a '$content' object that has no well-formed '$content-type' or no text")
    return decode_bytes(from_base64(data), charset(media_type) or "utf-8")


def decode_bytes(data: bytes, name: str) -> str:
    """Text of bytes in a named character set; what ASCII does not have becomes ``?``.

    Raises:
        FunctionError: The character set is not known.
    """
    codec = _CHARSETS.get(name.strip('"').lower())
    if codec is None:
        raise FunctionError(f"does not know the character set '{name}'")
    text = data.decode(codec, "replace")
    return text.replace("\ufffd", "?") if codec == "ascii" else text


def content_object(data: bytes, media_type: str = "application/octet-stream") -> dict[str, str]:
    """A content object."""
    return {"$content-type": media_type, "$content": to_base64(data)}
