"""Functions on encoded content: base64, binary objects, data URIs, XML and XPath."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from activities_gen.expressions.content import (
    charset,
    check_content,
    codec_of,
    content_object,
    decode_bytes,
    decode_xml,
    from_base64,
    from_utf8,
    is_media_type,
    is_xml,
    to_base64,
    to_utf8,
    unescape,
    url_decode,
)
from activities_gen.expressions.errors import FunctionError
from activities_gen.expressions.registry import Family
from activities_gen.expressions.values import check_size, content, kind, to_text
from activities_gen.lazy import lazy_module

if TYPE_CHECKING:
    from activities_gen.expressions import json_reader, xml_json, xml_text, xpath_nodes
    from activities_gen.expressions import xpath as xpath_engine
else:
    json_reader = lazy_module("activities_gen.expressions.json_reader")
    xml_json = lazy_module("activities_gen.expressions.xml_json")
    xml_text = lazy_module("activities_gen.expressions.xml_text")
    xpath_nodes = lazy_module("activities_gen.expressions.xpath_nodes")
    xpath_engine = lazy_module("activities_gen.expressions.xpath")

FUNCTIONS = Family("content")

XML_TYPE = "application/xml;charset=utf-8"
"""The content type of the XML objects that are made here."""

_XML = {"$content-type": XML_TYPE, "$content": "PGEvPg=="}


@FUNCTIONS.add("base64", "text: string -> string", engine="string|object|array -> string")
def base64(value: Any) -> str:
    """Base64 of a string's UTF-8 bytes; in the engine also of an array's or object's JSON, or of encoded content."""
    parts = content(value) if isinstance(value, dict) else None
    if parts is not None:
        return check_content(*parts)[1]
    return _encode(to_text(value))


def _encode(text: str) -> str:
    check_size(2 * len(text))
    return to_base64(to_utf8(text))


@FUNCTIONS.add("base64ToString", "text: string -> string")
@FUNCTIONS.add("decodeBase64", "text: string -> string")
def base64_to_string(text: str) -> str:
    """The UTF-8 text of base64. The padding must be complete."""
    return from_utf8(from_base64(text))


@FUNCTIONS.add("base64ToBinary", "text: string -> object")
def base64_to_binary(text: str) -> dict[str, str]:
    """A binary object of base64, which is kept as it is written."""
    from_base64(text)
    return {"$content-type": "application/octet-stream", "$content": text}


@FUNCTIONS.add("binary", "text: any -> object", engine="string|number|boolean|array|object -> object")
def binary(value: Any) -> dict[str, Any]:
    """A binary object of a value's text; encoded content is returned as it is. The documentation shows bits instead."""
    parts = content(value) if isinstance(value, dict) else None
    if parts is not None and not is_xml(parts[0]):
        check_content(*parts)
        return dict(value)
    return content_object(to_utf8(to_text(value)))


@FUNCTIONS.add("dataUri", "text: string -> string", engine="string|number|boolean|array|object -> string")
def data_uri(value: Any) -> str:
    """A data URI of a string, in base64; in the engine also of other values, as JSON, and of encoded content."""
    parts = content(value) if isinstance(value, dict) else None
    if parts is not None:
        check_content(*parts)
        return f"data:{parts[0]};base64,{parts[1]}"
    media_type = "text/plain" if isinstance(value, str) else "application/json"
    return f"data:{media_type};charset=utf-8;base64,{_encode(to_text(value))}"


_DATA_URI = re.compile(
    r"data:(?P<type>[^;,]*)(?P<parameters>(?:;[^;,]+)*?)(?P<base64>;base64)?,(?P<data>.*)", re.IGNORECASE | re.DOTALL
)
_LENIENT_DATA_URI = re.compile(
    r"data:(?P<type>[^;,]*)(?P<parameters>(?:;charset=(?P<charset>[^;,]*))?(?:;[^;,]*)*?)(?P<base64>;base64)?,(?P<data>.*)",
    re.IGNORECASE | re.DOTALL,
)
_JSON = re.compile(r"application/(?:.*\+)?json", re.IGNORECASE | re.DOTALL)


def _matched(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    match = pattern.fullmatch(text)
    if match is None or (not match["type"] and match["parameters"]):
        message = f"was given '{text[:40]}', which is no data URI; it has the form data:type/subtype;base64,..."
        raise FunctionError(message)
    return match


def _data_uri(text: str) -> tuple[str, str | None, str]:
    """Content type, character set and base64 text of a data URI. Base64 that is there is kept as it is written."""
    match = _matched(_DATA_URI, text)
    bare = match["type"].lower() == "base64" and not match["parameters"]
    media_type = "text/plain" if bare or not match["type"] else match["type"] + match["parameters"]
    data = match["data"]
    encoded = data if bare or match["base64"] else to_base64(unescape(to_utf8(data)))
    return media_type, charset(media_type), encoded


@FUNCTIONS.add("dataUriToBinary", "uri: string -> object")
def data_uri_to_binary(text: str) -> dict[str, str]:
    """A binary object of a data URI, with its content type; that is ``text/plain`` if it has none."""
    media_type, name, data = _data_uri(text)
    if not is_media_type(media_type.lstrip(" \t")):
        raise FunctionError(f"was given a data URI with the content type '{media_type}', which is not well formed")
    if name is not None:
        codec_of(name)
    return {"$content-type": media_type, "$content": data}


@FUNCTIONS.add("dataUriToString", "uri: string -> string")
def data_uri_to_string(text: str) -> str:
    """The text of a data URI. The engine reads UTF-8 here and no other character set."""
    _, name, data = _data_uri(text)
    if name is not None and name.lower() != "utf-8":
        raise FunctionError(f"reads UTF-8; the data URI has the character set '{name}'")
    return from_utf8(from_base64(data))


@FUNCTIONS.add("decodeDataUri", "uri: string -> any")
def decode_data_uri(text: str) -> Any:
    """The text of a data URI; the value of JSON in one; a binary object of any other type.

    A character set counts as the first parameter only. Without one it is ASCII: what ASCII does not have becomes ``?``.
    """
    match = _matched(_LENIENT_DATA_URI, text)
    media_type, name, data = match["type"] or "text/plain", match["charset"], match["data"]
    name = "us-ascii" if name is None else name
    codec = codec_of(name)
    is_base64 = match["base64"] or (media_type.lower() == "base64" and not match["parameters"])
    is_json = _JSON.fullmatch(media_type) is not None
    if is_json or media_type.lower().startswith("text/"):
        decoded = decode_bytes(from_base64(data), name) if is_base64 else url_decode(data, name)
        return json_reader.read_json(decoded) if is_json else decoded
    encoded = data if is_base64 else to_base64(unescape(data.encode(codec, "replace")))
    return {"$content-type": f"{media_type};charset={name}", "$content": encoded}


@FUNCTIONS.add("xml", "value: string|object -> xml")
def xml(value: Any) -> dict[str, Any]:
    """An XML object of XML text, or of an object with one root property. JSON text is not accepted.

    A document type with declarations is refused, though the engine keeps it: nothing is ever expanded or fetched.
    """
    if isinstance(value, str):
        document = xml_text.parse_xml(value)
        made = content_object(to_utf8(xml_text.write_xml(document)), XML_TYPE)
        if len(value) <= _KEPT and _SAME_AGAIN.fullmatch(value):
            _documents(XML_TYPE, made["$content"]).append(document)
        return made
    parts = content(value)
    if parts is None:
        return content_object(to_utf8(xml_text.write_xml(xml_json.from_object(value))), XML_TYPE)
    if is_xml(parts[0]):
        return dict(value)
    check_content(*parts)
    return {"$content-type": XML_TYPE, "$content": parts[1]}


@FUNCTIONS.add("xpath", "document: xml, path: string -> any", engine="any, string -> any", samples=((_XML,), ("/",)))
def xpath(document: Any, expression: str) -> Any:
    """Returns what an XPath 1.0 expression selects in an XML object.

    Nodes come as an array: elements as XML objects, attributes as ``name="value"``, text as strings. Numbers are
    always floats.
    """
    parts = content(document) if isinstance(document, dict) else None
    if parts is None or not is_xml(parts[0]):
        raise FunctionError(f"needs XML, which xml() makes; it was given a value of type {kind(document)}")
    found = xpath_engine.evaluate_xpath(_root(*parts), expression)
    if not isinstance(found, list):
        return found
    return [item if isinstance(item, str) else content_object(to_utf8(item.text), XML_TYPE) for item in found]


_KEPT = 100_000
"""Longest document that is kept for the next expression."""
_SAME_AGAIN = re.compile(r"[^&\r<]*(?:<[^!?&\r<][^&\r<]*)*")
"""XML that is the same document when it has been written and is read again."""


@lru_cache(maxsize=8)
def _documents(_media_type: object, _data: object) -> list[Any]:
    """Returns what has last been read of a content object: a document that ``xml`` made, or the root of its nodes."""
    return []


def _root(media_type: object, data: object) -> xpath_nodes.XNode:
    """The root of the document in a content object, for XPath."""
    kept = _documents(media_type, data) if isinstance(data, str) and len(data) <= _KEPT else []
    found = kept[-1] if kept else _read(media_type, data)
    if isinstance(found, xml_text.XmlDocument):
        found = xpath_nodes.build(found)
        kept[:] = [found]
    root: xpath_nodes.XNode = found
    return root


def _read(media_type: object, data: object) -> xml_text.XmlDocument:
    document = xml_text.parse_xml(decode_xml(media_type, data), keep_space=True)
    if any(isinstance(child, xml_text.Markup) and child.kind == "doctype" for child in document.children):
        raise FunctionError("reads no XML with a document type")
    return document
