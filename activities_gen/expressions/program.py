"""From a syntax tree to a flat program: steps for a stack machine, so that deep nesting costs no Python frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from activities_gen.expressions.functions import LAZY, READERS, find
from activities_gen.expressions.syntax import Access, Call, Constant
from activities_gen.expressions.unknown import unknown_function

if TYPE_CHECKING:
    from collections.abc import Callable

    from activities_gen.expressions.registry import Function
    from activities_gen.expressions.syntax import Node

PUSH = 0
"""Push the operand."""
CALL = 1
"""Call the function that the operand, a :class:`Prepared`, describes."""
READ = 2
"""Call the function that reads the context, with as many values as the operand's second says."""
SELECT = 3
"""Replace the value by its property, the operand."""
SELECT_OPTIONAL = 4
"""As ``SELECT``; null where there is none."""
SELECT_COMPUTED = 5
"""Replace a value and a key by the property; the operand says whether it is optional."""
JUMP = 6
"""Go on at the step that the operand names."""
UNLESS = 7
"""Take a boolean; go on at the operand's step where it is false."""
SHORT = 8
"""End ``and`` and ``or``: the operand is the value that decides, and where to go on with it."""
NOT_NULL = 9
"""End ``coalesce``: go on at the operand's step with a value that is not null, else drop it."""
PARAMETER = 11
"""Push the pipeline's parameter that the operand names."""
FAIL = 10
"""Raise an error with the operand as its message."""

Step = tuple[int, Any, Any]
"""What to do, its operand, and the node for messages and explanations."""


class Prepared(NamedTuple):
    """A function, ready to be called with a number of arguments.

    Attributes:
        run: What computes its value.
        arguments: How many arguments there are.
        classes: For each argument the Python classes that fit; empty where all do. Empty itself where nothing is checked.
        function: The function, for messages.
    """

    run: Callable[..., Any]
    arguments: int
    classes: tuple[frozenset[type], ...]
    function: Function


_READERS = {name.lower(): name for name in READERS}


def compile_node(root: Node) -> tuple[Step, ...]:
    """The program that leaves the value of ``root`` on the stack."""
    steps: list[Step] = []
    pending: list[Any] = [root]
    while pending:
        current = pending.pop()
        if isinstance(current, list):
            current[0](steps)
        elif isinstance(current, Constant):
            steps.append((PUSH, current.value, current))
        elif isinstance(current, Access):
            pending.extend(reversed(_access(current)))
        else:
            pending.extend(reversed(_call(current)))
    return tuple(steps)


def _emit(operation: int, operand: Any, node: Node) -> list[Any]:
    """Work for later: append one step."""
    return [[lambda steps: steps.append((operation, operand, node))]]


def _access(node: Access) -> list[Any]:
    """What compiles a property: base, key where it is computed, selection; a pipeline's parameter is one step."""
    if is_parameter(node):
        return _emit(PARAMETER, node.key.value, node)  # type: ignore[union-attr]
    if isinstance(node.key, Constant):
        return [node.base, *_emit(SELECT_OPTIONAL if node.optional else SELECT, node.key.value, node)]
    return [node.base, node.key, *_emit(SELECT_COMPUTED, node.optional, node)]


def is_parameter(node: Access) -> bool:
    """Whether a property is exactly ``pipeline().parameters.name``."""
    base = node.base
    if not isinstance(base, Access) or node.optional or base.optional or not (node.dotted and base.dotted):
        return False
    call = base.base
    key = base.key.value if isinstance(base.key, Constant) else None
    return key == "parameters" and isinstance(call, Call) and call.name == "pipeline" and not call.arguments


def _call(node: Call) -> list[Any]:
    """What compiles a call: arguments in order, then the call; jumps between them for lazy functions."""
    count = len(node.arguments)
    key = node.name.lower()
    if key in _READERS:
        return [*node.arguments, *_emit(READ, (_READERS[key], count), node)]
    function = find(node.name)
    if function is None:
        return _emit(FAIL, unknown_function(node.name), node)
    if not function.engine.accepts(count):
        return _emit(FAIL, f"The function '{function.name}' takes {function.engine.arity}; it was given {count}.", node)
    if key in LAZY:
        return _choice(node) if key == "if" else _chain(node, key)
    return [*node.arguments, *_emit(CALL, prepare(function, count), node)]


def prepare(function: Function, count: int) -> Prepared:
    """A function with what is to be checked of its arguments."""
    signature = function.engine
    classes = tuple(signature.parameter(index).classes for index in range(count))
    return Prepared(function.run, count, classes if any(classes) else (), function)


def _choice(node: Call) -> list[Any]:
    """``if``: the condition, and one of two branches."""
    condition, then, otherwise = node.arguments
    targets: dict[str, int] = {}
    return [
        condition,
        [lambda steps: _open(steps, UNLESS, targets, "otherwise", node)],
        then,
        [lambda steps: _open(steps, JUMP, targets, "end", node)],
        [lambda steps: _land(steps, targets, "otherwise")],
        otherwise,
        [lambda steps: _land(steps, targets, "end")],
    ]


def _open(steps: list[Step], operation: int, targets: dict[str, int], name: str, node: Node) -> None:
    """Append a jump whose goal is not yet known."""
    targets[name] = len(steps)
    steps.append((operation, None, node))


def _land(steps: list[Step], targets: dict[str, int], name: str) -> None:
    """Let the jump ``name`` go on at the next step."""
    index = targets[name]
    steps[index] = (steps[index][0], len(steps), steps[index][2])


def _chain(node: Call, key: str) -> list[Any]:
    """``and``, ``or`` and ``coalesce``: each argument may be the last that is evaluated."""
    ends: list[int] = []
    work: list[Any] = []
    for argument in node.arguments:
        work += [argument, [lambda steps: _open_end(steps, ends, node)]]
    return [*work, [lambda steps: _finish(steps, ends, key, node)]]


def _finish(steps: list[Step], ends: list[int], key: str, node: Node) -> None:
    """Fill in the steps that may end a chain, and what it is worth when none does."""
    value = {"and": True, "or": False}.get(key)
    steps.append((PUSH, value, node))
    for index in ends:
        goal = len(steps)
        steps[index] = (NOT_NULL, goal, node) if key == "coalesce" else (SHORT, (key == "or", goal), node)


def _open_end(steps: list[Step], ends: list[int], node: Node) -> None:
    """Append a step that may end a chain."""
    ends.append(len(steps))
    steps.append((PUSH, None, node))
