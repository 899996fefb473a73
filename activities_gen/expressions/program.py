"""From a syntax tree to a flat program: steps for a stack machine, so that deep nesting costs no Python frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from activities_gen.expressions.functions import READERS, find
from activities_gen.expressions.syntax import Access, Call, Constant, chain, literal
from activities_gen.expressions.unknown_functions import unknown_function

if TYPE_CHECKING:
    from collections.abc import Callable

    from activities_gen.expressions.registry import Function
    from activities_gen.expressions.syntax import Node

PUSH = 0
"""Push the operand."""
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

Step = tuple[int, Any, Any, int]
"""What to do, its operand, the node for messages and explanations, and the index of the step that is its goal."""


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


class Label:
    """The place of a step, known when the steps before it are there."""

    __slots__ = ("index",)

    def __init__(self) -> None:
        self.index = 0


Planned = tuple[int, Any, "Node", "Label | None"]
"""A step whose goal is still a label."""

_READERS = {name.lower(): name for name in READERS}


def compile_node(root: Node) -> tuple[Step, ...]:
    """The program that leaves the value of ``root`` on the stack."""
    steps: list[Planned] = []
    pending: list[Node | Label | Planned] = [root]
    while pending:
        work = pending.pop()
        if isinstance(work, Label):
            work.index = len(steps)
        elif isinstance(work, tuple):
            steps.append(work)
        else:
            pending.extend(reversed(_expand(work)))
    return tuple((operation, operand, node, goal.index if goal else 0) for operation, operand, node, goal in steps)


def _expand(node: Node) -> list[Node | Label | Planned]:
    """What compiles a node: steps, nodes that are compiled in their turn, and labels where they stand."""
    if isinstance(node, Constant):
        return [(PUSH, node.value, node, None)]
    return _properties(node) if isinstance(node, Access) else _call(node)


def _properties(node: Access) -> list[Node | Label | Planned]:
    """A chain of properties. Behind ``?`` and null the rest of it is not evaluated; a pipeline's parameter is one step."""
    base, accesses = chain(node)
    work: list[Node | Label | Planned] = [base]
    if len(accesses) > 1 and is_parameter(accesses[1]):
        work = [(PARAMETER, accesses[1].key.value, accesses[1], None)]  # type: ignore[union-attr]
        accesses = accesses[2:]
    end = Label()
    for access in accesses:
        if isinstance(access.key, Constant):
            work.append((SELECT_OPTIONAL if access.optional else SELECT, access.key.value, access, end))
        else:
            work += [access.key, (SELECT_COMPUTED, access.optional, access, end)]
    return [*work, end]


def is_parameter(node: Access) -> bool:
    """Whether a property is exactly ``pipeline().parameters.name``."""
    base = node.base
    if not isinstance(base, Access) or node.optional or base.optional or not (node.dotted and base.dotted):
        return False
    call = base.base
    key = base.key.value if isinstance(base.key, Constant) else None
    return key == "parameters" and isinstance(call, Call) and call.name == "pipeline" and not call.arguments


def _call(node: Call) -> list[Node | Label | Planned]:
    """A call: arguments in order, then the function; lazy functions decide between their arguments."""
    count = len(node.arguments)
    key = node.name.lower()
    if key in _READERS:
        return [*node.arguments, (READ, (_READERS[key], count), node, None)]
    function = find(node.name)
    if function is None:
        return [(FAIL, unknown_function(node.name, literal(node.arguments[0]) if node.arguments else None), node, None)]
    if not function.engine.accepts(count):
        message = f"The function '{function.name}' takes {function.engine.arity}; it was given {count}."
        return [(FAIL, message, node, None)]
    if key == "if":
        return _choice(node)
    if function.lazy:
        return _alternatives(node, key)
    return [*node.arguments, (CALL, prepare(function, count), node, None)]


def prepare(function: Function, count: int) -> Prepared:
    """A function with what is to be checked of its arguments."""
    signature = function.engine
    classes = tuple(signature.parameter(index).classes for index in range(count))
    return Prepared(function.run, count, classes if any(classes) else (), function)


def _choice(node: Call) -> list[Node | Label | Planned]:
    """``if``: the condition, and one of two branches."""
    condition, then, otherwise = node.arguments
    no, end = Label(), Label()
    test, leave = (UNLESS, None, node, no), (JUMP, None, node, end)
    return [condition, test, then, leave, no, otherwise, end, (WHOLE, None, node, None)]


def _alternatives(node: Call, key: str) -> list[Node | Label | Planned]:
    """``and``, ``or`` and ``coalesce``: each argument may be the last that is evaluated."""
    end = Label()
    decide = (NOT_NULL, None, node, end) if key == "coalesce" else (SHORT, key == "or", node, end)
    work = [part for argument in node.arguments for part in (argument, decide)]
    undecided = {"and": True, "or": False}.get(key)
    return [*work, (PUSH, undecided, node, None), end, (WHOLE, None, node, None)]
