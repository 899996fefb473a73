"""Content objects, ``{"$content-type": ..., "$content": <base64>}``: how ADF passes on XML and binary data."""

from __future__ import annotations

import binascii
import re

from activities_gen.expressions.errors import FunctionError
from activities_gen.expressions.text import characters

_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_BLANKS = str.maketrans("", "", " \t\r\n")
_CHARSETS = {
    name: codec
    for codec, names in {
        "utf-8": "utf-8 unicode-1-1-utf-8 unicode-2-0-utf-8 x-unicode-1-1-utf-8 x-unicode-2-0-utf-8",
        "utf-16-le": "utf-16 utf-16le ucs-2 iso-10646-ucs-2 unicode",
        "utf-16-be": "utf-16be unicodefffe",
        "utf-32-le": "utf-32 utf-32le",
        "utf-32-be": "utf-32be",
        "ascii": "us-ascii ascii ansi_x3.4-1968 ansi_x3.4-1986 cp367 csascii ibm367 iso-ir-6 iso646-us us",
        "latin-1": "iso-8859-1 iso8859-1 iso_8859-1 latin1 l1 cp819 ibm819 csisolatin1 iso-ir-100",
    }.items()
    for name in names.split()
}
_HTTP_WORD = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_MEDIA_TYPE = re.compile(
    rf"""{_HTTP_WORD}/{_HTTP_WORD}[ \t]*(?:;\s*{_HTTP_WORD}(?:\s*=\s*(?:"[^"]*"|{_HTTP_WORD}))?\s*)*"""
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


_XML = re.compile(r"application/(?:.*\+)?xml[ \t]*(?:;.*)?", re.IGNORECASE | re.DOTALL)


def is_xml(media_type: object) -> bool:
    """Whether a content type is one of XML for the engine: ``application/xml`` or ``application/...+xml``."""
    return isinstance(media_type, str) and _XML.fullmatch(media_type) is not None


def decode(media_type: object, data: object) -> str:
    """The text of a content object's two members, by the character set of its type, else UTF-8.

    Raises:
        FunctionError: The type is none, its character set is unknown, or the data is not base64.
    """
    name, text = check_content(media_type, data)
    return decode_bytes(from_base64(text), name)


def check_content(media_type: object, data: object) -> tuple[str, str]:
    """The character set and the base64 text of a content object's two members; the base64 may be wrong.

    Raises:
        FunctionError: The type is none, its character set is unknown, or there is no text.
    """
    if not isinstance(media_type, str) or not isinstance(data, str) or not is_media_type(media_type):
        raise FunctionError("was given a '$content' object that has no well-formed '$content-type' or no text")
    name = charset(media_type) or "utf-8"
    codec_of(name.strip('"'))
    return name, data


def decode_bytes(data: bytes, name: str) -> str:
    """Text of bytes in a named character set; what ASCII does not have becomes ``?``.

    Raises:
        FunctionError: The character set is not known.
    """
    codec = codec_of(name.strip('"'))
    text = data.decode(codec, "replace")
    return text.replace("\ufffd", "?") if codec == "ascii" else text


_MARKS = {
    b"\xef\xbb\xbf": "utf-8",
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}
_DECLARED = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)""")
_WIDE = frozenset({"utf-16", "ucs-2", "iso-10646-ucs-2"})


def decode_xml(media_type: object, data: object) -> str:
    """The text of XML in a content object: its bytes as the XML's own declaration says, as .NET reads a stream.

    Raises:
        FunctionError: The content cannot be decoded, or is not in the encoding that it declares.
    """
    name, text = check_content(media_type, data)
    if codec_of(name.strip('"')) != "utf-8":
        return decode_bytes(from_base64(text), name).lstrip("\ufeff")
    raw = from_base64(text)
    codec = next((codec for mark, codec in _MARKS.items() if raw.startswith(mark)), None)
    declared = _DECLARED.match(raw)
    if codec is not None or declared is None:
        return raw.decode(codec or "utf-8", "replace").lstrip("\ufeff")
    encoding = declared[1].decode("ascii", "replace")
    if encoding.lower() in _WIDE:
        raise FunctionError(f"cannot read the XML: it declares {encoding}, and has no byte order mark")
    return decode_bytes(raw, "utf-8" if encoding.lower() == "ucs-4" else encoding)


def codec_of(name: str) -> str:
    """Python's name of a character set that .NET knows by itself.

    Raises:
        FunctionError: The character set is not known.
    """
    codec = _CHARSETS.get(name.lower())
    if codec is None:
        raise FunctionError(f"does not know the character set '{name}'")
    return codec


_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_BEYOND_BYTES = re.compile(r"((?:%u[0-9A-Fa-f]{4})+|[^\x00-\x7f]+)")


def unescape(data: bytes) -> bytes:
    """Bytes with ``%41`` as the byte that it stands for and ``+`` as a blank; what is no correct escape stays."""
    return _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), data.replace(b"+", b" "))


def url_decode(text: str, name: str) -> str:
    """Text without the escapes of a URI: bytes in a named character set, and ``%u20AC`` as a UTF-16 unit."""
    pieces = _BEYOND_BYTES.split(text)
    pieces[::2] = [decode_bytes(unescape(piece.encode("ascii")), name) for piece in pieces[::2]]
    pieces[1::2] = [_units_of(piece) if piece[0] == "%" else piece for piece in pieces[1::2]]
    return characters("".join(pieces))


def _units_of(escapes: str) -> str:
    return "".join(chr(int(digits, 16)) for digits in escapes.split("%u")[1:])


def content_object(data: bytes, media_type: str = "application/octet-stream") -> dict[str, str]:
    """A content object."""
    return {"$content-type": media_type, "$content": to_base64(data)}
