"""XPath 1.0 over the small XML tree: what ``xpath()`` selects, within a budget of work.

There are no variables, no namespaces and no functions beyond the core library, as in the engine.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from activities_gen.expressions.errors import FunctionError
from activities_gen.expressions.xml_text import Element, XmlDocument, write_indented
from activities_gen.expressions.xpath_functions import FUNCTIONS, to_boolean, to_number
from activities_gen.expressions.xpath_nodes import AXES, MAX_WORK, Focus, XNode, build
from activities_gen.expressions.xpath_parser import XPathError, parse_xpath

if TYPE_CHECKING:
    from collections.abc import Callable

    from activities_gen.expressions.xpath_parser import Tree


@dataclass(frozen=True)
class Fragment:
    """The XML text of a selected element.

    Attributes:
        text: The text.
    """

    text: str


def evaluate_xpath(document: XmlDocument, expression: str) -> Any:
    """The value of an expression, with a document as its context.

    Returns:
        A string, float or boolean; or a list of what was selected: elements and the document as :class:`Fragment`,
        attributes as ``name="value"``, text as strings.

    Raises:
        FunctionError: The expression is wrong, selects nodes of other kinds, or needs too much work.
    """
    tree = parse_xpath(expression, FUNCTIONS)
    value = _value(tree, Focus(build(document), 1, 1, [MAX_WORK]))
    return [_export(node) for node in value] if isinstance(value, list) else value


def _export(node: XNode) -> Fragment | str:
    if isinstance(node.source, (Element, XmlDocument)):
        scope = {prefix: uri for prefix, uri in node.scope.items() if prefix != "xml"}
        return Fragment(write_indented(node.source, scope))
    if node.kind == "attribute":
        return f'{node.name}="{node.value}"'
    if node.kind == "text":
        return node.value
    raise FunctionError(f"selects a node of the kind '{node.kind}', which cannot be a value")


def _value(tree: Tree, focus: Focus) -> Any:
    """The value of an expression at a node."""
    operation = tree[0]
    if operation in ("number", "text"):
        return tree[1]
    if operation == "context":
        return [focus.node]
    if operation == "root":
        return [focus.node.top]
    if operation == "path":
        return _path(_nodes(tree[1], focus), tree[2], focus)
    if operation == "filter":
        return _filter(_nodes(tree[1], focus), tree[2], focus)
    if operation == "call":
        return FUNCTIONS[tree[1]][2](focus, *(_value(argument, focus) for argument in tree[2]))
    if operation == "negate":
        return -to_number(_value(tree[1], focus))
    return _binary(operation, tree[1], tree[2], focus)


def _nodes(tree: Tree, focus: Focus) -> list[XNode]:
    value = _value(tree, focus)
    if not isinstance(value, list):
        raise XPathError("a path can only go on from nodes")
    return value


def _path(nodes: list[XNode], steps: list[Tree], focus: Focus) -> list[XNode]:
    """Follow the steps from each node, without duplicates and in the document's order."""
    for axis, test, predicates in steps:
        found: dict[float, XNode] = {}
        for node in nodes:
            candidates = []
            for candidate in AXES[axis](node):
                focus.spend(1)
                if _matches(candidate, test, axis):
                    candidates.append(candidate)
            for kept in _filter(candidates, predicates, focus):
                found[kept.order] = kept
        nodes = [found[order] for order in sorted(found)]
    return nodes


def _matches(node: XNode, test: Tree, axis: str) -> bool:
    """Whether a node passes the test of its step. A name means one without namespace."""
    if test[0] == "node":
        return True
    if test[0] == "name":
        principal = {"attribute": "attribute", "namespace": "namespace"}.get(axis, "element")
        return node.kind == principal and (test[1] == "*" or (node.local_name == test[1] and not node.namespace))
    kind = {"processing-instruction": "instruction"}.get(test[0], test[0])
    return node.kind == kind and (not test[1] or node.name == test[1])


def _filter(nodes: list[XNode], predicates: Any, focus: Focus) -> list[XNode]:
    """The nodes that meet all conditions; a number is the place in the list."""
    for predicate in predicates:
        kept = []
        for position, node in enumerate(nodes, 1):
            focus.spend(1)
            value = _value(predicate, Focus(node, position, len(nodes), focus.budget))
            if value == position if isinstance(value, float) else to_boolean(value):
                kept.append(node)
        nodes = kept
    return nodes


def _binary(operation: str, left: Tree, right: Tree, focus: Focus) -> Any:
    """``and`` and ``or`` stop early; all other operators take both values."""
    one = _value(left, focus)
    if operation in ("and", "or"):
        if to_boolean(one) is (operation == "or"):
            return operation == "or"
        return to_boolean(_value(right, focus))
    other = _value(right, focus)
    if operation == "union":
        if not isinstance(one, list) or not isinstance(other, list):
            raise XPathError("'|' unites nodes only")
        merged = {node.order: node for node in (*one, *other)}
        return [merged[order] for order in sorted(merged)]
    if operation in _COMPARISONS:
        return _compare(operation, one, other, focus)
    return _ARITHMETIC[operation](to_number(one), to_number(other))


def _divide(left: float, right: float) -> float:
    if right == 0:
        return math.nan if left == 0 or math.isnan(left) else math.copysign(math.inf, left) * math.copysign(1, right)
    return left / right


def _remainder(left: float, right: float) -> float:
    return math.nan if right == 0 or math.isinf(left) else math.fmod(left, right)


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "div": _divide,
    "mod": _remainder,
}
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: bool(left == right),
    "!=": lambda left, right: bool(left != right),
    "<": lambda left, right: bool(left < right),
    "<=": lambda left, right: bool(left <= right),
    ">": lambda left, right: bool(left > right),
    ">=": lambda left, right: bool(left >= right),
}


def _compare(operation: str, left: Any, right: Any, focus: Focus) -> bool:
    """Nodes compare by any one of them, unless the other side is a boolean."""
    equality = operation in ("=", "!=")
    if isinstance(left, bool) or isinstance(right, bool):
        left = to_boolean(left) if equality or isinstance(left, list) else left
        right = to_boolean(right) if equality or isinstance(right, list) else right
    ones = [node.text for node in left] if isinstance(left, list) else [left]
    others = [node.text for node in right] if isinstance(right, list) else [right]
    focus.spend(len(ones) * len(others))
    return any(_holds(operation, one, other) for one in ones for other in others)


def _holds(operation: str, one: Any, other: Any) -> bool:
    """A comparison of two scalars: as strings only where both are, and for equality."""
    if operation in ("=", "!="):
        if isinstance(one, bool) or isinstance(other, bool):
            return _COMPARISONS[operation](to_boolean(one), to_boolean(other))
        if isinstance(one, str) and isinstance(other, str):
            return _COMPARISONS[operation](one, other)
    return _COMPARISONS[operation](to_number(one), to_number(other))
