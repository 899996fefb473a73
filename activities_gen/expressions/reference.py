"""What an expression reads, found without evaluating it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from typing import Literal as OneOf

from activities_gen.expressions.parser import parse
from activities_gen.expressions.syntax import Access, Call, Constant, Interpolation, Literal, Whole, chain, roots

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from activities_gen.expressions.syntax import Node, Template

Kind = OneOf[
    "parameter",
    "global_parameter",
    "variable",
    "activity",
    "item",
    "system",
    "dataset",
    "linked_service",
    "trigger",
    "trigger_body",
    "function",
]
Path = tuple["str | int | None", ...]


@dataclass(frozen=True)
class Reference:
    """One thing that an expression reads, or one function that it calls.

    Attributes:
        kind: What it is.
        name: Its name as it is written: of the parameter, variable, activity, function, of the system variable, or of
            the first property of ``dataset()``, ``trigger()`` and their like. Empty for ``item()``, and where the name
            is computed or is left out.
        path: The properties and indices behind the name; ``None`` for a computed one. For an activity it begins with
            ``output``, ``error`` or ``status``.
        optional: For each step of ``path``, whether ``?`` stands before it.
        start: Offset of its first character in the string.
        end: Offset behind its last character.
        name_start: Offset of the name, with its quotes where it has some.
        name_end: Offset behind the name.
        argument_count: For a function, the number of its arguments.
        name_optional: Whether ``?`` stands before the name, as in ``pipeline()?.TriggeredByPipelineName``.
    """

    kind: Kind
    name: str
    path: Path = ()
    optional: tuple[bool, ...] = ()
    start: int = 0
    end: int = 0
    name_start: int = 0
    name_end: int = 0
    argument_count: int | None = None
    name_optional: bool = False


_NAMED: dict[str, Kind] = {"variables": "variable", "activity": "activity"}
_OBJECTS: dict[str, Kind] = {
    "dataset": "dataset",
    "linkedservice": "linked_service",
    "trigger": "trigger",
    "triggerbody": "trigger_body",
}


def references(value: str | Mapping[str, Any] | Template) -> list[Reference]:
    """Returns what a string reads, in the order in which it is written.

    Args:
        value: The string as it stands in the JSON, an ``Expression`` object, or a tree that ``parse`` returned.

    Returns:
        One entry for each place. A literal has none. ``activity('A').output.x`` is one entry with the path
        ``("output", "x")``; functions come with the number of their arguments.

    Raises:
        ExpressionSyntaxError: The string is not a correct expression.
    """
    template = value if isinstance(value, Literal | Whole | Interpolation) else parse(value)
    found = [reference for root in roots(template) for reference in _of_node(root)]
    return sorted(found, key=lambda reference: reference.start)


def read(text: str) -> tuple[Template, tuple[Reference, ...]]:
    """The tree of a string and what it reads; the same work is not done twice for a string that is not very long.

    Raises:
        ExpressionSyntaxError: The string is not a correct expression.
    """
    return _read_again(text) if len(text) <= _REMEMBERED else _read(text)


def _read(text: str) -> tuple[Template, tuple[Reference, ...]]:
    template = parse(text)
    return template, tuple(references(template))


_REMEMBERED = 2_000
_read_again = lru_cache(maxsize=4096)(_read)


def _of_node(root: Node) -> Iterator[Reference]:
    """The references of one expression. Needs no recursion, however deep the tree."""
    pending: list[Node] = [root]
    while pending:
        node = pending.pop()
        base, steps = chain(node)
        pending.extend(step.key for step in steps if not isinstance(step.key, Constant))
        if isinstance(base, Call):
            yield _reference(base, steps, node)
            pending.extend(base.arguments)


def _key(step: Access) -> str | int | None:
    """The property or index of a step, ``None`` if it is computed."""
    if not isinstance(step.key, Constant):
        return None
    value = step.key.value
    return value if isinstance(value, str | int) and not isinstance(value, bool) else None


def _reference(base: Call, steps: list[Access], node: Node) -> Reference:
    """The reference that a call with the properties behind it is."""
    function = base.name.lower()
    count = len(base.arguments)
    if function in _NAMED and count == 1:
        return _of_argument(_NAMED[function], base, steps, node)
    if count == 0 and function == "item":
        return _build("item", None, steps, node)
    if count == 0 and function == "pipeline":
        return _of_pipeline(steps, node)
    if count == 0 and function in _OBJECTS:
        return _build(_OBJECTS[function], steps[0] if steps else None, steps[1:], node)
    return Reference(
        "function",
        base.name,
        _path(steps),
        _flags(steps),
        base.start,
        node.end,
        base.start,
        base.start + len(base.name),
        count,
    )


def _path(steps: list[Access]) -> Path:
    return tuple(_key(step) for step in steps)


def _flags(steps: list[Access]) -> tuple[bool, ...]:
    return tuple(step.optional for step in steps)


def _of_argument(kind: Kind, base: Call, steps: list[Access], node: Node) -> Reference:
    """``variables('name')`` and ``activity('Name')``."""
    argument = base.arguments[0]
    value = argument.value if isinstance(argument, Constant) else None
    name = value if isinstance(value, str) else ""
    return Reference(kind, name, _path(steps), _flags(steps), node.start, node.end, argument.start, argument.end)


def _of_pipeline(steps: list[Access], node: Node) -> Reference:
    """``pipeline().parameters.x``, ``pipeline().globalParameters.x`` or ``pipeline().RunId``."""
    collection = str(_key(steps[0])).lower() if steps else ""
    kinds: dict[str, Kind] = {"parameters": "parameter", "globalparameters": "global_parameter"}
    if collection in kinds:
        return _build(kinds[collection], steps[1] if len(steps) > 1 else None, steps[2:], node)
    return _build("system", steps[0] if steps else None, steps[1:], node)


def _build(kind: Kind, name_step: Access | None, steps: list[Access], node: Node) -> Reference:
    """A reference whose name is a property."""
    key = _key(name_step) if name_step else None
    place = name_step.key if name_step else node
    return Reference(
        kind,
        key if isinstance(key, str) else "",
        _path(steps),
        _flags(steps),
        node.start,
        node.end,
        place.start,
        place.end,
        name_optional=bool(name_step and name_step.optional),
    )
