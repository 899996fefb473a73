"""XML to JSON and back by the conventions of Newtonsoft.Json.

An element is a property. Its value is a string when it holds text alone, null when it is written as empty, and else an
object: attributes begin with ``@``, text is ``#text``, and elements of the same name make an array.
"""

from __future__ import annotations

import re
from typing import Any

from activities_gen.expressions.errors import FunctionError
from activities_gen.expressions.numbers import format_double
from activities_gen.expressions.text import characters
from activities_gen.expressions.values import kind
from activities_gen.expressions.xml_text import MAX_DEPTH, Child, Element, Markup, Text, XmlDocument, parse_xml

_TEXT_NAMES = {"text": "#text", "cdata": "#cdata-section", "space": "#significant-whitespace"}
_TEXT_KINDS = {"#text": "text", "#cdata-section": "cdata", "#whitespace": "text", "#significant-whitespace": "text"}
_JSON_NAMESPACE = "http://james.newtonking.com/projects/json"
_PSEUDO_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


def to_object(text: str) -> dict[str, Any]:
    """The object of XML text."""
    return _members(parse_xml(text).children, {})


def _members(children: list[Child], result: dict[str, Any]) -> dict[str, Any]:
    """The children by name; those of one name as an array, where the first stands."""
    groups: dict[str, list[Any]] = {}
    arrays = set()
    for child in children:
        name = _name(child)
        if name:
            groups.setdefault(name, []).append(_value(child))
            if isinstance(child, Element) and _is_array(child):
                arrays.add(name)
    result.update({name: values if len(values) > 1 or name in arrays else values[0] for name, values in groups.items()})
    return result


def _name(child: Child) -> str:
    """The property that a child makes, empty for a comment."""
    if isinstance(child, Element):
        return _decode(child.name)
    if isinstance(child, Text):
        return _TEXT_NAMES[child.kind]
    return {"instruction": f"?{_decode(child.name)}", "declaration": "?xml", "doctype": "!DOCTYPE"}.get(child.kind, "")


def _value(child: Child) -> Any:
    if isinstance(child, Text):
        return child.value
    if isinstance(child, Element):
        return _element_value(child)
    if child.kind == "declaration":
        return {f"@{name}": value for name, value in _PSEUDO_ATTRIBUTE.findall(child.value)}
    return {"@name": child.name} if child.kind == "doctype" else child.value


def _element_value(element: Element) -> Any:
    attributes = {
        f"@{_decode(name)}": value
        for name, value in element.attributes.items()
        if value != _JSON_NAMESPACE and not name.startswith("json:")
    }
    children = element.children
    if not attributes and len(children) == 1 and isinstance(children[0], Text) and children[0].kind == "text":
        return children[0].value
    if not attributes and not children:
        return None if element.is_empty else ""
    return _members(children, attributes)


def _is_array(element: Element) -> bool:
    return element.attributes.get("json:Array", "").lower() == "true"


def from_object(value: dict[str, Any]) -> XmlDocument:
    """The document of an object with one root property.

    Raises:
        FunctionError: There are several roots, or a name that XML cannot have.
    """
    document = XmlDocument()
    _fill(document, value, {}, 0)
    if any(isinstance(child, Markup) and child.kind == "declaration" for child in document.children[1:]):
        raise FunctionError("needs '?xml' to be the first property")
    if any(isinstance(child, Text) for child in document.children):
        raise FunctionError("needs an object with one root property that is an element, not text")
    return document


def _fill(target: Any, members: dict[str, Any], prefixes: dict[str, str], depth: int) -> None:
    """Put an object's properties into an element or the document."""
    if depth >= MAX_DEPTH:
        raise FunctionError(f"refuses objects with more than {MAX_DEPTH} inside each other")
    for name, value in members.items():
        if not name:
            raise FunctionError("cannot make an XML element of a property without a name")
        if isinstance(target, XmlDocument):
            _check_root(name, value, target)
        if isinstance(target, Element) and name[0] == "@":
            if name == "@":
                raise FunctionError("cannot make an XML attribute without a name")
            target.attributes[_encode(name[1:], keep_prefix=True)] = _scalar(value)
            if name.startswith("@xmlns:"):
                prefixes = {**prefixes, name[7:]: ""}
        else:
            for item in value if isinstance(value, list) else [value]:
                target.children.extend(_child(name, item, prefixes, depth))


def _check_root(name: str, value: Any, document: XmlDocument) -> None:
    """Refuse what cannot be a property of the outermost object: an attribute, and anything behind the root element."""
    if name[0] == "@":
        raise FunctionError(f"needs an object with one root property; '{name}' is an attribute, which needs an element")
    several = isinstance(value, list) and len(value) > 1
    if document.root is not None or several:
        raise FunctionError("needs an object with exactly one root property, whose value is not an array of several")


def _child(name: str, value: Any, prefixes: dict[str, str], depth: int) -> list[Child]:
    """Returns what one property with one value makes."""
    if name in _TEXT_KINDS:
        return [Text(_scalar(value), _TEXT_KINDS[name])]
    if name[0] in "?!":
        return [_markup(name, value)]
    element = Element("")
    prefix = name.partition(":")[0]
    own = isinstance(value, dict) and f"@xmlns:{prefix}" in value
    element.name = _encode(name, keep_prefix=own or prefix in prefixes)
    if isinstance(value, (dict, list)):
        _fill(element, value if isinstance(value, dict) else {name: value}, prefixes, depth + 1)
    elif value is not None:
        element.children.append(Text(_scalar(value)))
    return [element]


def _markup(name: str, value: Any) -> Markup:
    """A declaration, a document type or a processing instruction."""
    if name == "?xml":
        return Markup("declaration", "xml", _declaration(value))
    if name == "!DOCTYPE" and isinstance(value, dict) and set(value) == {"@name"}:
        return Markup("doctype", _scalar(value["@name"]), "")
    if name[0] == "!":
        raise FunctionError("refuses a document type that declares or fetches anything")
    return Markup("instruction", _encode(name[1:], keep_prefix=True), _scalar(value))


def _declaration(value: Any) -> str:
    """Returns what stands in an XML declaration."""
    members = {key: _scalar(item) for key, item in value.items()} if isinstance(value, dict) else {}
    if members.get("@version") != "1.0" or not members.keys() <= _DECLARED.keys():
        raise FunctionError("needs '?xml' to be an object with '@version': '1.0', '@encoding' and '@standalone'")
    if members.get("@standalone", "") not in ("", "yes", "no"):
        raise FunctionError("needs '@standalone' of '?xml' to be 'yes' or 'no'")
    return " ".join(f'{written}="{members[name]}"' for name, written in _DECLARED.items() if members.get(name))


_DECLARED = {"@version": "version", "@encoding": "encoding", "@standalone": "standalone"}


def _scalar(value: Any) -> str:
    """A value as XML Schema writes it."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return {"Infinity": "INF", "-Infinity": "-INF"}.get(format_double(value), format_double(value))
    if isinstance(value, int):
        return str(value)
    raise FunctionError(f"cannot make XML text of a value of type {kind(value)}")


_ENCODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_DECODED = re.compile(r"_[xX]([0-9A-Fa-f]{4})_")


def _decode(name: str) -> str:
    """A name with ``_xHHHH_`` as the character that it stands for."""
    return characters(_DECODED.sub(lambda match: chr(int(match[1], 16)), name)) if "_" in name else name


def _encode(name: str, *, keep_prefix: bool) -> str:
    """A name with what XML does not allow in it as ``_xHHHH_``; a prefix that is not declared is dropped."""
    prefix, colon, local = name.rpartition(":")
    if colon and keep_prefix and prefix and local:
        return f"{_encode_part(prefix)}:{_encode_part(local)}"
    return _encode_part(local if colon and prefix and local else name)


def _encode_part(name: str) -> str:
    safe = _ENCODED.sub("_x005F_", name)
    return "".join(
        character if _allowed(character, first=index == 0) else f"_x{ord(character):04X}_"
        for index, character in enumerate(safe)
    )


def _allowed(character: str, *, first: bool) -> bool:
    if character == "_" or character.isalpha():
        return True
    return not first and (character in "-.·" or character.isdecimal())
