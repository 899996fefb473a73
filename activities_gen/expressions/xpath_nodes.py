"""The nodes that XPath sees: elements, attributes, merged text and the rest, in the document's order, and the axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from activities_gen.expressions.values import SizeError
from activities_gen.expressions.xml_text import Child, Element, Markup, Text, XmlDocument

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


MAX_WORK = 2_000_000
"""Most nodes that one expression may visit; paths inside predicates multiply."""


class XNode:
    """A node.

    Attributes:
        kind: ``root``, ``element``, ``attribute``, ``text``, ``comment`` or ``instruction``.
        name: Its name with the prefix, or the target of an instruction.
        namespace: Whether it is in a namespace: its address, empty where there is none.
        value: The text of all nodes but elements and the root.
        parent: The node around it.
        children: The nodes in it, without attributes.
        attributes: An element's attributes.
        index: Its place among its parent's children.
        order: Its place in the document.
        source: The element or document that it stands for.
        scope: The namespaces around an element, by prefix.
    """

    __slots__ = (
        "attributes",
        "children",
        "index",
        "kind",
        "name",
        "namespace",
        "order",
        "parent",
        "scope",
        "source",
        "value",
    )

    def __init__(self, kind: str, name: str, value: str, parent: XNode | None, source: Any = None) -> None:
        self.kind = kind
        self.name = name
        self.value = value
        self.parent = parent
        self.source = source
        self.namespace = ""
        self.scope: dict[str, str] = {}
        self.children: list[XNode] = []
        self.attributes: list[XNode] = []
        self.index = 0
        self.order: float = 0

    @property
    def local_name(self) -> str:
        """The name without its prefix."""
        return self.name.rpartition(":")[2]

    @property
    def top(self) -> XNode:
        """The root."""
        node = self
        while node.parent is not None:
            node = node.parent
        return node

    @property
    def text(self) -> str:
        """The string value: of an element that of all text in it."""
        if self.kind not in ("root", "element"):
            return self.value
        return "".join(node.value for node in descendants(self) if node.kind == "text")


class Focus:
    """The node that an expression looks at, its place among its peers, and the work that is left."""

    __slots__ = ("budget", "node", "position", "size")

    def __init__(self, node: XNode, position: int, size: int, budget: list[int]) -> None:
        self.node = node
        self.position = position
        self.size = size
        self.budget = budget

    def spend(self, amount: int) -> None:
        """Count work."""
        self.budget[0] -= amount
        if self.budget[0] < 0:
            raise SizeError(f"would visit more than {MAX_WORK} nodes")


def build(document: XmlDocument) -> XNode:
    """The root node of a document."""
    root = XNode("root", "", "", None, document)
    counter = [0]
    _add_children(root, document.children, {"xml": "http://www.w3.org/XML/1998/namespace"}, counter)
    return root


def _next(counter: list[int]) -> int:
    counter[0] += 1
    return counter[0]


def _add_children(parent: XNode, children: list[Child], spaces: dict[str, str], counter: list[int]) -> None:
    """Nodes for the children; text and CDATA that touch are one node."""
    for child in children:
        if isinstance(child, Text):
            if parent.children and parent.children[-1].kind == "text":
                parent.children[-1].value += child.value
                continue
            node = XNode("text", "", child.value, parent)
        elif isinstance(child, Markup):
            if child.kind not in ("comment", "instruction"):
                continue
            node = XNode(child.kind, child.name, child.value, parent)
        else:
            node = XNode("element", child.name, "", parent, child)
        node.order, node.index = _next(counter), len(parent.children)
        parent.children.append(node)
        if isinstance(child, Element):
            _fill_element(node, child, spaces, counter)


def _fill_element(node: XNode, element: Element, spaces: dict[str, str], counter: list[int]) -> None:
    """Namespace, attributes and children of an element."""
    declared = {
        key[6:]: value for key, value in element.attributes.items() if key == "xmlns" or key.startswith("xmlns:")
    }
    inner = {**spaces, **declared} if declared else spaces
    node.scope = spaces
    node.namespace = inner.get(element.name.rpartition(":")[0], "")
    for name, value in element.attributes.items():
        if name != "xmlns" and not name.startswith("xmlns:"):
            attribute = XNode("attribute", name, value, node)
            attribute.namespace = inner.get(name.rpartition(":")[0], "") if ":" in name else ""
            attribute.order = _next(counter)
            node.attributes.append(attribute)
    _add_children(node, element.children, inner, counter)


def descendants(node: XNode) -> Iterator[XNode]:
    """All nodes below one, in the document's order."""
    pending = list(reversed(node.children))
    while pending:
        current = pending.pop()
        yield current
        pending.extend(reversed(current.children))


def _ancestors(node: XNode) -> Iterator[XNode]:
    while node.parent is not None:
        node = node.parent
        yield node


def _following_siblings(node: XNode) -> Iterator[XNode]:
    if node.parent is not None and node.kind != "attribute":
        yield from node.parent.children[node.index + 1 :]


def _preceding_siblings(node: XNode) -> Iterator[XNode]:
    if node.parent is not None and node.kind != "attribute":
        yield from reversed(node.parent.children[: node.index])


def _with_self(axis: Callable[[XNode], Iterator[XNode]]) -> Callable[[XNode], Iterator[XNode]]:
    def both(node: XNode) -> Iterator[XNode]:
        yield node
        yield from axis(node)

    return both


def _following(node: XNode) -> Iterator[XNode]:
    if node.kind == "attribute" and node.parent is not None:
        yield from descendants(node.parent)
        node = node.parent
    for level in _with_self(_ancestors)(node):
        for sibling in _following_siblings(level):
            yield from _with_self(descendants)(sibling)


def _preceding(node: XNode) -> Iterator[XNode]:
    start = node.parent if node.kind == "attribute" and node.parent is not None else node
    for level in _with_self(_ancestors)(start):
        for sibling in _preceding_siblings(level):
            yield from reversed(list(_with_self(descendants)(sibling)))


def _namespaces(node: XNode) -> Iterator[XNode]:
    """The namespaces that are declared at an element or around it."""
    if node.kind != "element":
        return
    own = {key[6:]: value for key, value in node.source.attributes.items() if key[:6] in ("xmlns", "xmlns:")}
    for index, (prefix, uri) in enumerate({**node.scope, **own}.items(), 1):
        if uri:
            found = XNode("namespace", prefix, uri, node)
            found.order = node.order + index / 10_000
            yield found


AXES: dict[str, Callable[[XNode], Iterator[XNode]]] = {
    "ancestor": _ancestors,
    "ancestor-or-self": _with_self(_ancestors),
    "attribute": lambda node: iter(node.attributes),
    "child": lambda node: iter(node.children),
    "descendant": descendants,
    "descendant-or-self": _with_self(descendants),
    "following": _following,
    "following-sibling": _following_siblings,
    "namespace": _namespaces,
    "parent": lambda node: iter([node.parent] if node.parent is not None else []),
    "preceding": _preceding,
    "preceding-sibling": _preceding_siblings,
    "self": lambda node: iter([node]),
}
"""The axes by name: the nodes in each, nearest first."""
