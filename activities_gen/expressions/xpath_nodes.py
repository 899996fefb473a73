"""The nodes that XPath sees: elements, attributes, merged text and the rest, in the document's order, and the axes.

The text of a document is one string, of which the string value of each element is a part; its nodes are one list, of
which the descendants of each element are a part. Neither is put together again for every use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from activities_gen.expressions.values import SizeError
from activities_gen.expressions.xml_text import Element, Markup, Text, XmlDocument

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from activities_gen.expressions.xml_text import Child

MAX_WORK = 2_000_000
"""Most nodes that one expression may visit; paths inside predicates multiply. Long texts count as several."""

_XML = {"xml": "http://www.w3.org/XML/1998/namespace"}


class Tree:
    """What all nodes of a document share.

    Attributes:
        nodes: All nodes but attributes, in the document's order.
        text: The text of the whole document.
    """

    __slots__ = ("nodes", "text")

    def __init__(self) -> None:
        self.nodes: list[XNode] = []
        self.text = ""


class XNode:
    """A node.

    Attributes:
        kind: ``root``, ``element``, ``attribute``, ``text``, ``comment``, ``instruction`` or ``namespace``.
        name: Its name with the prefix, or the target of an instruction.
        local_name: The name without the prefix.
        namespace: Whether it is in a namespace: its address, empty if it is in none.
        value: The text of all nodes but elements and the root.
        parent: The node around it.
        tree: What all nodes of the document share.
        children: The nodes in it, without attributes.
        attributes: An element's attributes.
        index: Its place among its parent's children.
        place: Its place among all nodes; that of its element for an attribute.
        order: Its place in the document, attributes included.
        last: The place behind its last descendant.
        start: Where its text begins in the document's.
        end: Where its text ends.
        source: The element or document that it stands for.
        scope: The namespaces around an element, by prefix.
    """

    __slots__ = (
        "attributes",
        "children",
        "end",
        "index",
        "kind",
        "last",
        "local_name",
        "name",
        "namespace",
        "order",
        "parent",
        "place",
        "scope",
        "source",
        "start",
        "tree",
        "value",
    )

    def __init__(self, kind: str, name: str, value: str, parent: XNode | None, tree: Tree, place: int) -> None:
        self.kind = kind
        self.name = name
        self.local_name = name.rpartition(":")[2] if ":" in name else name
        self.namespace = ""
        self.value = value
        self.parent = parent
        self.tree = tree
        self.place = self.last = place
        self.order: float = place
        self.index = self.start = self.end = 0
        self.children: list[XNode] | tuple[()] = ()
        self.attributes: list[XNode] | tuple[()] = ()
        self.scope: dict[str, str] = _XML
        self.source: Any = None

    @property
    def text(self) -> str:
        """The string value: of an element that of all text in it."""
        return self.tree.text[self.start : self.end] if self.kind in _HOLDERS else self.value

    @property
    def length(self) -> int:
        """How long the string value is."""
        return self.end - self.start if self.kind in _HOLDERS else len(self.value)


_HOLDERS = frozenset({"root", "element"})


class Focus:
    """The node that an expression looks at, its place among its peers, the work that is left, and paths from the root."""

    __slots__ = ("budget", "known", "node", "position", "size")

    def __init__(self, node: XNode, position: int, size: int, budget: list[int], known: dict[int, list[XNode]]) -> None:
        self.node = node
        self.position = position
        self.size = size
        self.budget = budget
        self.known = known

    def spend(self, amount: int) -> None:
        """Count work."""
        self.budget[0] -= amount
        if self.budget[0] < 0:
            raise SizeError(f"would visit more than {MAX_WORK} nodes")


class _Builder:
    """Makes the nodes of a document."""

    def __init__(self, document: XmlDocument) -> None:
        self.tree = Tree()
        self.texts: list[str] = []
        self.length = 0
        self.root = self._node("root", "", "", None)
        self.root.source = document
        self._fill(self.root, document.children, _XML)
        self.tree.text = "".join(self.texts)

    def _node(self, kind: str, name: str, value: str, parent: XNode | None) -> XNode:
        nodes = self.tree.nodes
        node = XNode(kind, name, value, parent, self.tree, len(nodes))
        nodes.append(node)
        return node

    def _fill(self, parent: XNode, children: list[Child], spaces: dict[str, str]) -> None:
        """Make the nodes in an element or the root; text and CDATA that touch are one node."""
        parent.start = self.length
        inner: list[XNode] = []
        run: list[str] = []
        for child in children:
            if isinstance(child, Text):
                run.append(child.value)
                continue
            if isinstance(child, Markup) and child.kind not in ("comment", "instruction"):
                continue
            if run:
                self._text(run, parent, inner)
                run = []
            if isinstance(child, Element):
                node = self._element(child, parent, spaces)
            else:
                node = self._node(child.kind, child.name, child.value, parent)
            node.index = len(inner)
            inner.append(node)
        if run:
            self._text(run, parent, inner)
        parent.children = inner
        parent.end = self.length
        parent.last = len(self.tree.nodes) - 1

    def _text(self, run: list[str], parent: XNode, inner: list[XNode]) -> None:
        node = self._node("text", "", "".join(run), parent)
        node.index = len(inner)
        inner.append(node)
        self.texts.append(node.value)
        self.length += len(node.value)

    def _element(self, element: Element, parent: XNode, spaces: dict[str, str]) -> XNode:
        """An element with its namespace, attributes and children."""
        node = self._node("element", element.name, "", parent)
        node.source, node.scope = element, spaces
        inner = spaces
        if element.attributes:
            declared = declarations(element)
            inner = {**spaces, **declared} if declared else spaces
            node.attributes = self._attributes(node, element, inner)
        node.namespace = inner.get(node.name.rpartition(":")[0], "")
        self._fill(node, element.children, inner)
        return node

    def _attributes(self, node: XNode, element: Element, spaces: dict[str, str]) -> list[XNode]:
        found: list[XNode] = []
        for name, value in element.attributes.items():
            if name == "xmlns" or name.startswith("xmlns:"):
                continue
            attribute = XNode("attribute", name, value, node, self.tree, node.place)
            attribute.namespace = spaces.get(name.rpartition(":")[0], "") if ":" in name else ""
            attribute.order = node.place + (len(found) + 1) / _BETWEEN
            found.append(attribute)
        return found


_BETWEEN = 2**20
"""More attributes, or namespaces, than an element has."""


def build(document: XmlDocument) -> XNode:
    """The root node of a document."""
    return _Builder(document).root


def declarations(element: Element) -> dict[str, str]:
    """The namespaces that an element declares, by prefix."""
    return {key[6:]: value for key, value in element.attributes.items() if key == "xmlns" or key.startswith("xmlns:")}


def _descendants(node: XNode) -> list[XNode]:
    """All nodes below one, in the document's order."""
    return node.tree.nodes[node.place + 1 : node.last + 1] if node.kind in _HOLDERS else []


def _descendants_or_self(node: XNode) -> list[XNode]:
    return node.tree.nodes[node.place : node.last + 1] if node.kind in _HOLDERS else [node]


def _ancestors(node: XNode) -> Iterator[XNode]:
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def _ancestors_or_self(node: XNode) -> Iterator[XNode]:
    yield node
    yield from _ancestors(node)


def _following_siblings(node: XNode) -> Iterable[XNode]:
    return () if node.parent is None or node.kind in _BESIDE else node.parent.children[node.index + 1 :]


def _preceding_siblings(node: XNode) -> Iterable[XNode]:
    return () if node.parent is None or node.kind in _BESIDE else reversed(node.parent.children[: node.index])


_BESIDE = frozenset({"attribute", "namespace"})


def _following(node: XNode) -> list[XNode]:
    """All nodes behind one that are not in it; those in its element are behind an attribute."""
    return node.tree.nodes[node.last + 1 :]


def _preceding(node: XNode) -> Iterator[XNode]:
    """All nodes before one, the nearest first, that it is not in."""
    nodes = node.tree.nodes
    around = {ancestor.place for ancestor in _ancestors(node)}
    return (nodes[place] for place in range(node.place - 1, -1, -1) if place not in around)


def _namespaces(node: XNode) -> Iterator[XNode]:
    """The namespaces that are declared at an element or around it."""
    if node.kind != "element":
        return
    for index, (prefix, uri) in enumerate({**node.scope, **declarations(node.source)}.items(), 1):
        if uri:
            found = XNode("namespace", prefix, uri, node, node.tree, node.place)
            found.order = node.place + index / _BETWEEN**2
            yield found


AXES: dict[str, Callable[[XNode], Iterable[XNode]]] = {
    "ancestor": _ancestors,
    "ancestor-or-self": _ancestors_or_self,
    "attribute": lambda node: node.attributes,
    "child": lambda node: node.children,
    "descendant": _descendants,
    "descendant-or-self": _descendants_or_self,
    "following": _following,
    "following-sibling": _following_siblings,
    "namespace": _namespaces,
    "parent": lambda node: () if node.parent is None else (node.parent,),
    "preceding": _preceding,
    "preceding-sibling": _preceding_siblings,
    "self": lambda node: (node,),
}
"""The axes by name: the nodes in each, nearest first."""

REVERSE = frozenset({"ancestor", "ancestor-or-self", "preceding", "preceding-sibling"})
"""The axes whose nearest node is the last in the document."""
