"""The core library of XPath 1.0."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from activities_gen.expressions.errors import FunctionError
from activities_gen.expressions.numbers import format_double
from activities_gen.expressions.text import units
from activities_gen.expressions.values import check_size
from activities_gen.expressions.xml_text import XML_BLANKS

if TYPE_CHECKING:
    from collections.abc import Callable

    from activities_gen.expressions.xpath_nodes import Focus, XNode

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")


def to_string(value: Any) -> str:
    """The string of a value: of nodes that of the first."""
    if isinstance(value, list):
        return value[0].text if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return format_double(value) if isinstance(value, float) else str(value)


def to_number(value: Any) -> float:
    """The number of a value; what is none is not-a-number."""
    if isinstance(value, (bool, float)):
        return float(value)
    text = to_string(value).strip(XML_BLANKS)
    return float(text) if _NUMBER.fullmatch(text) else math.nan


def to_boolean(value: Any) -> bool:
    """The boolean of a value: whether there are nodes, characters, or a number other than 0."""
    if isinstance(value, float):
        return not (value == 0 or math.isnan(value))
    return bool(value)


def _set(value: Any) -> list[XNode]:
    if not isinstance(value, list):
        raise FunctionError("needs nodes as the argument of an XPath function that has another value")
    return value


def _of_node(read: Callable[[XNode], str]) -> Callable[..., str]:
    """A function of the first node of its argument, or of the current node."""

    def run(focus: Focus, nodes: Any = None) -> str:
        chosen = [focus.node] if nodes is None else _set(nodes)
        return read(chosen[0]) if chosen else ""

    return run


def _text(focus: Focus, value: Any = None) -> str:
    return focus.node.text if value is None else to_string(value)


def _concat(_focus: Focus, *values: Any) -> str:
    texts = [to_string(value) for value in values]
    check_size(sum(map(len, texts)))
    return "".join(texts)


def _round(number: float) -> float:
    return number if math.isnan(number) or math.isinf(number) else math.floor(number + 0.5) + 0.0


def _substring(_focus: Focus, value: Any, start: Any, length: Any = None) -> str:
    """Characters by their place from 1, rounded as XPath says."""
    text = to_string(value)
    first = _round(to_number(start))
    last = math.inf if length is None else first + _round(to_number(length))
    if math.isnan(first) or math.isnan(last):
        return ""
    begin, end = (max(min(place, len(text) + 1.0), 1.0) for place in (first, last))
    return text[int(begin) - 1 : int(end) - 1]


def _translate(_focus: Focus, value: Any, old: Any, new: Any) -> str:
    target = to_string(new)
    table: dict[int, str | None] = {}
    for index, character in enumerate(to_string(old)):
        table.setdefault(ord(character), target[index] if index < len(target) else None)
    return to_string(value).translate(table)


def _lang(focus: Focus, value: Any) -> bool:
    wanted = to_string(value).lower()
    node: XNode | None = focus.node
    while node is not None:
        for attribute in node.attributes:
            if attribute.name == "xml:lang":
                found = attribute.value.lower()
                return found == wanted or found.startswith(wanted + "-")
        node = node.parent
    return False


def _before(_focus: Focus, text: Any, mark: Any) -> str:
    before, found, _ = _partition(text, mark)
    return before if found else ""


def _after(_focus: Focus, text: Any, mark: Any) -> str:
    _, found, after = _partition(text, mark)
    return after if found else ""


def _partition(text: Any, mark: Any) -> tuple[str, bool, str]:
    whole, part = to_string(text), to_string(mark)
    place = whole.find(part)
    return whole[: max(place, 0)], place >= 0, whole[place + len(part) :]


def _whole(function: Callable[[float], float]) -> Callable[..., float]:
    def run(_focus: Focus, value: Any) -> float:
        number = to_number(value)
        return number if math.isnan(number) or math.isinf(number) else float(function(number))

    return run


FUNCTIONS: dict[str, tuple[int, float, Callable[..., Any]]] = {
    "boolean": (1, 1, lambda _focus, value: to_boolean(value)),
    "ceiling": (1, 1, _whole(math.ceil)),
    "concat": (2, math.inf, _concat),
    "contains": (2, 2, lambda _focus, text, part: to_string(part) in to_string(text)),
    "count": (1, 1, lambda _focus, nodes: float(len(_set(nodes)))),
    "false": (0, 0, lambda _focus: False),
    "floor": (1, 1, _whole(math.floor)),
    "lang": (1, 1, _lang),
    "last": (0, 0, lambda focus: float(focus.size)),
    "local-name": (0, 1, _of_node(lambda node: node.local_name)),
    "name": (0, 1, _of_node(lambda node: node.name)),
    "namespace-uri": (0, 1, _of_node(lambda node: node.namespace)),
    "normalize-space": (0, 1, lambda focus, value=None: " ".join(_text(focus, value).split())),
    "not": (1, 1, lambda _focus, value: not to_boolean(value)),
    "number": (0, 1, lambda focus, value=None: to_number(_text(focus) if value is None else value)),
    "position": (0, 0, lambda focus: float(focus.position)),
    "round": (1, 1, lambda _focus, value: _round(to_number(value))),
    "starts-with": (2, 2, lambda _focus, text, part: to_string(text).startswith(to_string(part))),
    "string": (0, 1, _text),
    "string-length": (0, 1, lambda focus, value=None: float(len(units(_text(focus, value))))),
    "substring": (2, 3, _substring),
    "substring-after": (2, 2, _after),
    "substring-before": (2, 2, _before),
    "sum": (1, 1, lambda _focus, nodes: math.fsum(to_number(node.text) for node in _set(nodes))),
    "translate": (3, 3, _translate),
    "true": (0, 0, lambda _focus: True),
}
"""Fewest and most arguments of each function, and what computes it."""
