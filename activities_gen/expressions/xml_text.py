"""XML text to a small tree and back, as .NET's ``XmlDocument`` reads and writes it. Nothing is expanded or fetched.

White space between elements is dropped unless ``xml:space`` keeps it. A document type is kept only where it is a bare
name; declarations in one, and addresses of one, are refused before anything is read of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.parsers import expat

from activities_gen.expressions.errors import FunctionError
from activities_gen.expressions.text import WHITESPACE
from activities_gen.expressions.values import check_size

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DEPTH = 100
"""Deepest nesting of elements."""

MAX_ELEMENTS = 200_000
"""Most elements of a document; those that a run of ADF could pass on have fewer."""

XML_BLANKS = " \t\r\n"


@dataclass(eq=False, slots=True)
class Text:
    """Characters inside an element.

    Attributes:
        value: The characters.
        kind: ``text``, ``cdata``, or ``space`` for white space that ``xml:space`` keeps.
    """

    value: str
    kind: str = "text"


@dataclass(eq=False, slots=True)
class Markup:
    """A comment, a processing instruction, the XML declaration or the document type.

    Attributes:
        kind: ``comment``, ``instruction``, ``declaration`` or ``doctype``.
        name: The target of an instruction, or the name of a document type.
        value: What stands in it.
    """

    kind: str
    name: str
    value: str


@dataclass(eq=False, slots=True)
class Element:
    """An element.

    Attributes:
        name: Its name with the prefix.
        attributes: Names and values, in order.
        children: What it holds.
        is_empty: Whether it is written as ``<name />``.
    """

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Child] = field(default_factory=list)
    is_empty: bool = True

    @property
    def local_name(self) -> str:
        """The name without its prefix."""
        return self.name.rpartition(":")[2]


Child = Element | Text | Markup


@dataclass(eq=False)
class XmlDocument:
    """A document: the root element, and markup before and behind it."""

    children: list[Child] = field(default_factory=list)

    @property
    def root(self) -> Element | None:
        """The root element."""
        return next((child for child in self.children if isinstance(child, Element)), None)


def parse_xml(text: str, *, keep_space: bool = False) -> XmlDocument:
    """Read XML text.

    Args:
        text: The text.
        keep_space: Whether white space between elements is kept.

    Raises:
        FunctionError: It is not well formed, it declares entities, or it is nested too deeply.
    """
    builder = _Builder(text, keep_space=keep_space)
    try:
        builder.parser.Parse(builder.source, True)  # noqa: FBT003 - the parser's own signature
    except expat.ExpatError as error:
        raise FunctionError(f"cannot read the XML: {error}") from None
    return builder.document


class _Scope(NamedTuple):
    """What holds for an element and all in it: the prefixes that are declared, and whether white space is kept."""

    prefixes: frozenset[str]
    keeps_space: bool


_OUTERMOST = _Scope(frozenset({"xml", "xmlns"}), keeps_space=False)


class _Open(NamedTuple):
    """An element that has not ended."""

    element: Element
    children: list[Child]
    scope: _Scope


def _inner_scope(scope: _Scope, attributes: dict[str, str]) -> _Scope:
    """Returns what holds for an element by its attributes and what is around it."""
    declared = [key[6:] for key in attributes if key.startswith("xmlns:")]
    if any(not attributes[f"xmlns:{prefix}"] for prefix in declared):
        raise FunctionError("cannot read the XML: the declaration of a prefix is empty")
    space = attributes.get("xml:space")
    if not declared and space is None:
        return scope
    return _Scope(scope.prefixes.union(declared), scope.keeps_space if space is None else space == "preserve")


def _check_prefixes(known: frozenset[str], names: tuple[str, ...]) -> None:
    """Refuse names with a prefix that is not declared."""
    for prefix in (name.partition(":")[0] for name in names if ":" in name):
        if prefix not in known or any(name.endswith(":") for name in names):
            raise FunctionError(f"cannot read the XML: the prefix '{prefix}' is not declared")


class _Builder:
    """Takes the parser's events and builds the tree."""

    def __init__(self, text: str, *, keep_space: bool) -> None:
        bare = text.lstrip(WHITESPACE)
        if bare.startswith("\ufeff"):
            raise FunctionError("cannot read the XML: it begins with a byte order mark, which a string must not have")
        self.source = (text if bare.startswith("<?xml") else bare).encode("utf-8", "replace")
        self.document = XmlDocument()
        self.open = [_Open(Element(""), self.document.children, _OUTERMOST)]
        self.keep_space = keep_space
        self.cdata = False
        self.run: list[str] = []
        self.run_kept = False
        self.in_subset = False
        self.elements = 0
        self.parser = self._parser()

    def _parser(self) -> Any:
        parser = expat.ParserCreate("utf-8")
        parser.ordered_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.SkippedEntityHandler = self._refuse
        if b"<!" in self.source or b"<?" in self.source:
            self._add_markup(parser)
        return parser

    def _add_markup(self, parser: Any) -> None:
        """Let the parser tell of everything but elements and text, which few documents have."""
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EndDoctypeDeclHandler = self._end_doctype
        parser.EntityDeclHandler = parser.ElementDeclHandler = parser.AttlistDeclHandler = self._refuse
        parser.NotationDeclHandler = parser.UnparsedEntityDeclHandler = self._refuse
        parser.ExternalEntityRefHandler = self._refuse
        parser.StartCdataSectionHandler = self._start_cdata
        parser.EndCdataSectionHandler = self._end_cdata
        parser.CommentHandler = lambda value: self._markup("comment", "", value)
        parser.ProcessingInstructionHandler = lambda name, value: self._markup("instruction", name, value)

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        if version != "1.0":
            raise FunctionError(f"cannot read the XML: there is no version {version}")
        value = f'version="{version}"'
        value += f' encoding="{encoding}"' if encoding else ""
        value += f' standalone="{"yes" if standalone else "no"}"' if standalone >= 0 else ""
        self._markup("declaration", "xml", value)

    def _doctype(self, name: str, system: str | None, public: str | None, has_subset: int) -> None:
        if system or public:
            self._refuse()
        self._markup("doctype", name, "[]")
        self.in_subset = bool(has_subset)

    def _refuse(self, *_declaration: object) -> Any:
        raise FunctionError("refuses XML with a document type that declares or fetches anything")

    def _end_doctype(self) -> None:
        self.in_subset = False

    def _start(self, name: str, attributes: list[str]) -> None:
        if self.run or self.cdata:
            self._flush()
        self.elements += 1
        if len(self.open) > MAX_DEPTH or self.elements > MAX_ELEMENTS:
            raise FunctionError(
                f"refuses XML with more than {MAX_ELEMENTS} elements, or {MAX_DEPTH} of them inside each other"
            )
        element = Element(name)
        outer = self.open[-1]
        scope = outer.scope
        if attributes:
            element.attributes = dict(zip(attributes[::2], attributes[1::2], strict=True))
            scope = _inner_scope(scope, element.attributes)
        if ":" in name or (attributes and any(":" in key for key in element.attributes)):
            _check_prefixes(scope.prefixes, (name, *element.attributes))
        outer.children.append(element)
        self.open.append(_Open(element, element.children, scope))

    def _end(self, _name: str) -> None:
        if self.run or self.cdata:
            self._flush()
        element = self.open.pop().element
        if not element.children:
            place = self.parser.CurrentByteIndex
            element.is_empty = self.source[place - 2 : place] == b"/>"
        else:
            element.is_empty = False

    def _characters(self, value: str) -> None:
        """Text; what comes from a character reference is kept even where it is white space."""
        self.run.append(value)
        if not self.run_kept:
            place = self.parser.CurrentByteIndex
            self.run_kept = self.source[place : place + 1] == b"&"

    def _flush(self) -> None:
        """Put the characters since the last markup into the tree."""
        value = "".join(self.run)
        opened = self.open[-1]
        if self.cdata:
            opened.children.append(Text(value, "cdata"))
        elif value and (self.run_kept or value.strip(XML_BLANKS)):
            opened.children.append(Text(value))
        elif value and (opened.scope.keeps_space or (self.keep_space and len(self.open) > 1)):
            opened.children.append(Text(value, "space"))
        self.run, self.run_kept = [], False

    def _start_cdata(self) -> None:
        self._flush()
        self.cdata = True

    def _end_cdata(self) -> None:
        self._flush()
        self.cdata = False

    def _markup(self, kind: str, name: str, value: str) -> None:
        if self.in_subset:
            self._refuse()
        self._flush()
        self.open[-1].children.append(Markup(kind, name, value))


_IN_TEXT = re.compile("[&<>\x00-\x08\x0b\x0c\x0e-\x1f]")
_IN_ATTRIBUTE = re.compile('[&<>"\x00-\x08\n-\x1f]')
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def _escape(match: re.Match[str]) -> str:
    return _ENTITIES.get(match[0]) or f"&#x{ord(match[0]):X};"


def _start_tag(element: Element) -> str:
    """The start tag without its end."""
    if not element.attributes:
        return f"<{element.name}"
    attributes = (f' {name}="{_IN_ATTRIBUTE.sub(_escape, value)}"' for name, value in element.attributes.items())
    return f"<{element.name}{''.join(attributes)}"


def _leaf(child: Text | Markup) -> str:
    """The text of everything but elements."""
    if isinstance(child, Text):
        return f"<![CDATA[{child.value}]]>" if child.kind == "cdata" else _IN_TEXT.sub(_escape, child.value)
    if child.kind == "comment":
        return f"<!--{child.value}-->"
    if child.kind == "doctype":
        return f"<!DOCTYPE {child.name}{child.value}>"
    return f"<?{child.name} {child.value}?>"


def write_xml(node: XmlDocument | Element) -> str:
    """The text of a document or element, as it is."""
    parts: list[str] = []
    _write(node, parts)
    text = "".join(parts)
    check_size(len(text))
    return text


def _write(node: XmlDocument | Element, parts: list[str]) -> None:
    if isinstance(node, Element):
        parts.append(_start_tag(node) + (" />" if node.is_empty and not node.children else ">"))
    for child in node.children:
        if isinstance(child, Element):
            _write(child, parts)
        else:
            parts.append(_leaf(child))
    if isinstance(node, Element) and (node.children or not node.is_empty):
        parts.append(f"</{node.name}>")


def write_indented(node: XmlDocument | Element, scope: dict[str, str] | None = None) -> str:
    """The text as ``XPathNavigator.OuterXml`` gives it: indented by two blanks, but not around text; CDATA is text.

    Args:
        node: A document or an element.
        scope: The namespaces around the element, by prefix; those that it uses are declared in it.
    """
    children = node.children if isinstance(node, XmlDocument) else [node]
    kept = [child for child in children if not (isinstance(child, Markup) and child.kind in ("declaration", "doctype"))]
    texts = ["".join(_indent(child, 0, scope or {})) if isinstance(child, Element) else _leaf(child) for child in kept]
    text = "\n".join(texts)
    check_size(len(text))
    return text


def _indent(element: Element, depth: int, scope: dict[str, str], *, inline: bool = False) -> Iterator[str]:
    """An element with each child on its own line until the first text. ``scope`` is what is still to be declared."""
    missing, rest = _missing(element, scope)
    yield _start_tag(element) + missing + (" />" if element.is_empty and not element.children else ">")
    mixed = inline
    for child in element.children:
        mixed = mixed or isinstance(child, Text)
        yield "" if mixed else "\n" + "  " * (depth + 1)
        if isinstance(child, Text):
            yield _IN_TEXT.sub(_escape, child.value)
        elif isinstance(child, Markup):
            yield _leaf(child)
        else:
            yield from _indent(child, depth + 1, rest, inline=mixed)
    if element.children or not element.is_empty:
        yield ("\n" + "  " * depth if element.children and not mixed else "") + f"</{element.name}>"


def _missing(element: Element, scope: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Declarations of the outer namespaces that an element uses, and the outer namespaces that remain."""
    own = {name[6:] for name in element.attributes if name == "xmlns" or name.startswith("xmlns:")}
    names = [element.name, *(name for name in element.attributes if ":" in name)]
    used = dict.fromkeys(name.rpartition(":")[0] for name in names)
    needed = [prefix for prefix in used if prefix in scope and prefix not in own]
    text = "".join(
        f' xmlns{":" if prefix else ""}{prefix}="{_IN_ATTRIBUTE.sub(_escape, scope[prefix])}"' for prefix in needed
    )
    return text, {prefix: uri for prefix, uri in scope.items() if prefix not in own and prefix not in needed}
