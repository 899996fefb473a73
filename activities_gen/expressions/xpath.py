"""XPath 1.0 over the small XML tree: what ``xpath()`` selects, within a budget of work.

There are no variables, no namespaces and no functions beyond the core library, as in the engine.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from activities_gen.expressions.errors import FunctionError
from activities_gen.expressions.values import check_size
from activities_gen.expressions.xml_text import write_indented
from activities_gen.expressions.xpath_functions import FUNCTIONS, to_boolean, to_number
from activities_gen.expressions.xpath_nodes import AXES, MAX_WORK, REVERSE, Focus, XNode
from activities_gen.expressions.xpath_parser import XPathError, parse_xpath

if TYPE_CHECKING:
    from collections.abc import Iterable

    from activities_gen.expressions.xpath_parser import Tree


@dataclass(frozen=True)
class Fragment:
    """The XML text of a selected element.

    Attributes:
        text: The text.
    """

    text: str


def evaluate_xpath(root: XNode, expression: str) -> Any:
    """The value of an expression, with a document's root as its context.

    Returns:
        A string, float or boolean; or a list of what was selected: elements and the document as :class:`Fragment`,
        attributes as ``name="value"``, text as strings.

    Raises:
        FunctionError: The expression is wrong, selects nodes of other kinds, or needs too much work.
    """
    value = _value(_parsed(expression), Focus(root, 1, 1, [MAX_WORK], {}))
    return _exported(value) if isinstance(value, list) else value


@lru_cache(maxsize=256)
def _parsed(expression: str) -> Tree:
    return parse_xpath(expression, FUNCTIONS)


def _exported(nodes: list[XNode]) -> list[Fragment | str]:
    found: list[Fragment | str] = []
    size = 0
    for node in nodes:
        item = _export(node)
        size += len(item.text if isinstance(item, Fragment) else item)
        check_size(size)
        found.append(item)
    return found


def _export(node: XNode) -> Fragment | str:
    if node.source is not None:
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
        return [focus.node.tree.nodes[0]]
    if operation == "path":
        return _absolute(tree, focus) if tree[1] == _ROOT else _path(_nodes(tree[1], focus), tree[2], focus)
    if operation == "filter":
        return _filter(_nodes(tree[1], focus), tree[2], focus)
    if operation == "call":
        arguments = [_value(argument, focus) for argument in tree[2]]
        focus.spend(_cost(tree[1], arguments, focus))
        return FUNCTIONS[tree[1]][2](focus, *arguments)
    if operation == "negate":
        return -to_number(_value(tree[1], focus))
    return _binary(operation, tree[1], tree[2], focus)


_SEARCHED, _READ = 12, 6
"""How many characters count as one node, as a power of two: of a text that is searched, and of one that is read."""
_SEARCHES = frozenset({"boolean", "contains", "starts-with", "string", "substring-after", "substring-before"})


def _cost(function: str, arguments: list[Any], focus: Focus) -> int:
    """How many nodes a call counts as: one, and more for long texts."""
    if function == "sum" and isinstance(arguments[0], list):
        nodes: list[XNode] = arguments[0]
        return 1 + sum(4 + (node.length >> _READ) for node in nodes)
    texts = [_length(argument) for argument in arguments] if arguments else [focus.node.length]
    return 1 + (sum(texts) >> (_SEARCHED if function in _SEARCHES else _READ))


def _length(value: Any) -> int:
    """How long the text of a value is."""
    if isinstance(value, list):
        return value[0].length if value else 0
    return len(value) if isinstance(value, str) else 0


def _nodes(tree: Tree, focus: Focus) -> list[XNode]:
    value = _value(tree, focus)
    if not isinstance(value, list):
        raise XPathError("a path can only go on from nodes")
    return value


_ROOT = ("root",)


def _absolute(tree: Tree, focus: Focus) -> list[XNode]:
    """The nodes of a path that begins at the root: the same from everywhere, so that they are looked for once."""
    found = focus.known.get(id(tree))
    if found is None:
        found = focus.known[id(tree)] = _path([focus.node.tree.nodes[0]], tree[2], focus)
    return found


def _path(nodes: list[XNode], steps: list[Tree], focus: Focus) -> list[XNode]:
    """Follow the steps from each node, without duplicates and in the document's order."""
    for axis, test, predicates in steps:
        matches = _tester(test, axis)
        if len(nodes) == 1:
            nodes = _step(nodes[0], axis, matches, predicates, focus)
            nodes = nodes[::-1] if axis in REVERSE else nodes
            continue
        found: dict[float, XNode] = {}
        for node in nodes:
            for kept in _step(node, axis, matches, predicates, focus):
                found[kept.order] = kept
        nodes = [found[order] for order in sorted(found)]
    return nodes


def _step(node: XNode, axis: str, matches: Test, predicates: tuple[Tree, ...], focus: Focus) -> list[XNode]:
    """The nodes of an axis that pass a test and all conditions, the nearest first."""
    if predicates and predicates[0][0] == "number":
        return _filter(_first(AXES[axis](node), matches, predicates[0][1], focus), predicates, focus)
    whole = list(AXES[axis](node))
    focus.spend(1 + len(whole))
    return _filter([candidate for candidate in whole if matches(candidate)], predicates, focus)


def _first(nodes: Iterable[XNode], matches: Test, count: float, focus: Focus) -> list[XNode]:
    """The first nodes that pass a test; those behind them are not visited."""
    found: list[XNode] = []
    for node in nodes:
        focus.spend(1)
        if matches(node):
            found.append(node)
            if len(found) >= count:
                break
    return found


Test = Callable[[XNode], bool]


@lru_cache(maxsize=256)
def _tester(test: Tree, axis: str) -> Test:
    """Whether a node passes the test of its step. A name means one without namespace."""
    if test[0] == "node":
        return lambda _node: True
    if test[0] == "name":
        principal = axis if axis in ("attribute", "namespace") else "element"
        if test[1] == "*":
            return lambda node: node.kind == principal
        return lambda node: node.local_name == test[1] and node.kind == principal and not node.namespace
    kind = {"processing-instruction": "instruction"}.get(test[0], test[0])
    return lambda node: node.kind == kind and (not test[1] or node.name == test[1])


def _filter(nodes: list[XNode], predicates: Any, focus: Focus) -> list[XNode]:
    """The nodes that meet all conditions; a number is the place in the list."""
    for predicate in predicates:
        if not nodes:
            break
        if predicate[0] == "number":
            focus.spend(1)
            place = predicate[1]
            nodes = nodes[int(place) - 1 : int(place)] if place >= 1 and place == int(place) else []
            continue
        kept = []
        focus.spend(len(nodes))
        for position, node in enumerate(nodes, 1):
            value = _value(predicate, Focus(node, position, len(nodes), focus.budget, focus.known))
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
    if not isinstance(left, list) and not isinstance(right, list):
        return _holds(operation, left, right)
    ones, others = _texts(left, focus), _texts(right, focus)
    focus.spend(len(ones) + len(others))
    if not isinstance(left, list) or not isinstance(right, list):
        return any(_holds(operation, one, other) for one in ones for other in others)
    if operation == "=":
        return not set(ones).isdisjoint(others)
    if operation == "!=":
        return bool(ones and others) and len({*ones, *others}) > 1
    return _any_ordered(operation, ones, others)


def _texts(value: Any, focus: Focus) -> list[Any]:
    """The texts of nodes, or a value that is no nodes."""
    if not isinstance(value, list):
        return [value]
    focus.spend(sum(node.length for node in value) >> _READ)
    return [node.text for node in value]


def _any_ordered(operation: str, ones: list[str], others: list[str]) -> bool:
    """Whether any one of some numbers is less, or more, than any of others."""
    left, right = ([number for number in map(to_number, side) if not math.isnan(number)] for side in (ones, others))
    if not left or not right:
        return False
    least, most = (min, max) if operation in ("<", "<=") else (max, min)
    return _COMPARISONS[operation](least(left), most(right))


def _holds(operation: str, one: Any, other: Any) -> bool:
    """A comparison of two scalars: as strings only where both are, and for equality."""
    if operation in ("=", "!="):
        if isinstance(one, bool) or isinstance(other, bool):
            return _COMPARISONS[operation](to_boolean(one), to_boolean(other))
        if isinstance(one, str) and isinstance(other, str):
            return _COMPARISONS[operation](one, other)
    return _COMPARISONS[operation](to_number(one), to_number(other))
