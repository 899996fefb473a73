"""From a syntax tree to a flat program: steps for a stack machine, so that deep nesting costs no Python frames."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from activities_gen.expressions.functions import READERS, find
from activities_gen.expressions.syntax import Access, Call, Constant, literal
from activities_gen.expressions.unknown_functions import unknown_function

if TYPE_CHECKING:
    from collections.abc import Callable

    from activities_gen.expressions.registry import Function
    from activities_gen.expressions.syntax import Node

CALL = 1
"""Call the function that the operand, a :class:`Prepared`, describes."""
READ = 2
"""Call the function that reads the context: the operand is its name, and how many values it takes."""
PARAMETER = 3
"""Push the pipeline's parameter that the operand names."""
SELECT = 4
"""Replace a value by its property, the operand."""
SELECT_OPTIONAL = 5
"""As ``SELECT``, with null for a property that is missing; of null itself go on at the goal."""
SELECT_COMPUTED = 6
"""Replace a value and a key by the property; as ``SELECT_OPTIONAL`` where the operand is true."""
JUMP = 7
"""Go on at the goal."""
UNLESS = 8
"""Take a boolean; go on at the goal where it is false."""
SHORT = 9
"""End ``and`` and ``or``: go on at the goal with a boolean that is the operand, else drop it."""
NOT_NULL = 10
"""End ``coalesce``: go on at the goal with a value that is not null, else drop it."""
WHOLE = 11
"""Nothing: what jumps lead to is complete, and the value is that of the node."""
FAIL = 12
"""Raise an error with the operand as its message."""

Step = tuple[int, Any, Any, int] | Constant
"""What to do, its operand, the node for messages and explanations, and the index of the step that is its goal.

A literal pushes its value.
"""


class Prepared(NamedTuple):
    """A function, ready to be called with a number of arguments.

    Attributes:
        run: What computes its value.
        arguments: How many arguments there are.
        classes: For each argument the Python classes that fit; empty if all do. Empty itself where nothing is checked.
        function: The function, for messages.
    """

    run: Callable[..., Any]
    arguments: int
    classes: tuple[frozenset[type], ...]
    function: Function


_READERS = {name.lower(): name for name in READERS}


class _Pending(NamedTuple):
    """What is still to be written before the steps that there are.

    Attributes:
        node: A node, or the call that a step decides in.
        operation: The step, ``None`` if the node itself is compiled.
        operand: The step's operand.
        goal: Where the step goes, or where a chain of properties ends: a place in the reversed program.
    """

    node: Node
    operation: int | None = None
    operand: Any = None
    goal: int = 0


def compile_node(root: Node) -> tuple[Step, ...]:
    """The program that leaves the value of ``root`` on the stack.

    It is written from its end, so that the goal of each jump is there before the jump: a node's own step first, then
    what computes its arguments, the last one first.
    """
    steps: list[Step] = []
    jumps: list[int] = []
    pending: list[Node | _Pending] = [root]
    while pending:
        node = pending.pop()
        kind = type(node)
        if kind is Constant:
            steps.append(node)  # type: ignore[arg-type]  # a constant
        elif kind is Call:
            _call(node, steps, pending)  # type: ignore[arg-type]  # a call
        elif kind is Access:
            _properties(node, len(steps) - 1, steps, jumps, pending)  # type: ignore[arg-type]  # properties
        else:
            _decide(node, steps, jumps, pending)  # type: ignore[arg-type]  # what is left
    last = len(steps) - 1
    for place in jumps:
        operation, operand, at, goal = steps[place]  # type: ignore[misc]  # a jump
        steps[place] = (operation, operand, at, last - goal)
    steps.reverse()
    return tuple(steps)


def _properties(node: Node, end: int, steps: list[Step], jumps: list[int], pending: list[Node | _Pending]) -> None:
    """A chain of properties that ends at a place. Behind ``?`` and null the rest of it is not evaluated."""
    while isinstance(node, Access):
        name = node.name
        if name is None and isinstance(node.key, Constant):
            name = node.key.value
        elif name is None:
            jumps.append(len(steps))
            steps.append((SELECT_COMPUTED, node.optional, node, end))
            pending.append(_Pending(node.base, goal=end))
            pending.append(node.key)
            return
        elif _is_parameter(node):
            steps.append((PARAMETER, name, node, 0))
            return
        if node.optional:
            jumps.append(len(steps))
        steps.append((SELECT_OPTIONAL if node.optional else SELECT, name, node, end))
        node = node.base
    pending.append(node)


def _is_parameter(node: Access) -> bool:
    """Whether a dotted property is exactly ``pipeline().parameters.name``."""
    base = node.base
    if not isinstance(base, Access) or base.name != "parameters" or node.optional or base.optional:
        return False
    call = base.base
    return isinstance(call, Call) and call.name == "pipeline" and not call.arguments


def _decide(work: _Pending, steps: list[Step], jumps: list[int], pending: list[Node | _Pending]) -> None:
    """A step that may jump; or the rest of a chain of properties."""
    node, operation, operand, goal = work
    if operation is None:
        _properties(node, goal, steps, jumps, pending)
        return
    if operation == JUMP:
        # Behind it stands the other branch, which is where the condition goes if it is false.
        pending.insert(-1, _Pending(node, UNLESS, None, len(steps) - 1))
    jumps.append(len(steps))
    steps.append((operation, operand, node, goal))


def _call(node: Call, steps: list[Step], pending: list[Node | _Pending]) -> None:
    """A call: its own step, and its arguments; lazy functions decide between their arguments."""
    arguments = node.arguments
    operation, operand, key = _target(node.name, len(arguments))
    if operation == FAIL:
        operand = operand or unknown_function(node.name, literal(arguments[0]) if arguments else None)
        arguments = ()
    steps.append((operation, operand, node, 0))
    if operation != WHOLE:
        pending.extend(arguments)
        return
    end = len(steps) - 1
    if key == "if":
        condition, then, otherwise = arguments
        pending += [condition, then, _Pending(node, JUMP, None, end), otherwise]
        return
    steps.append(Constant({"and": True, "or": False}.get(key), node.start, node.end))
    decision = NOT_NULL if key == "coalesce" else SHORT
    for argument in arguments:
        pending += [argument, _Pending(node, decision, key == "or", end)]


@lru_cache(maxsize=1024)
def _target(name: str, count: int) -> tuple[int, Any, str]:
    """The step that a call with so many arguments is, its operand, and the function's name in lower case.

    The operand is missing for a function that there is not.
    """
    key = name.lower()
    if key in _READERS:
        return READ, (_READERS[key], count), key
    function = find(name)
    if function is None:
        return FAIL, "", key
    if not function.engine.accepts(count):
        return FAIL, f"The function '{function.name}' takes {function.engine.arity}; it was given {count}.", key
    return (WHOLE, None, key) if function.lazy else (CALL, prepare(function, count), key)


def prepare(function: Function, count: int) -> Prepared:
    """A function with what is to be checked of its arguments."""
    signature = function.engine
    classes = tuple(signature.parameter(index).classes for index in range(count))
    return Prepared(function.run, count, classes if any(classes) else (), function)
