"""Evaluates expressions with the verdicts of ADF's engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from activities_gen.expressions.context import Context
from activities_gen.expressions.errors import EvaluationError, FunctionError, LimitError
from activities_gen.expressions.lookup import read, read_parameter, select
from activities_gen.expressions.parser import parse_text, text_of
from activities_gen.expressions.program import (
    CALL,
    FAIL,
    JUMP,
    NOT_NULL,
    PARAMETER,
    READ,
    SELECT,
    SELECT_COMPUTED,
    SELECT_OPTIONAL,
    SHORT,
    UNLESS,
    WHOLE,
    compile_node,
)
from activities_gen.expressions.syntax import Constant, Interpolation, Literal, Whole
from activities_gen.expressions.text import characters
from activities_gen.expressions.values import MAX_SIZE, SizeError, export, kind, plain, to_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from activities_gen.expressions.program import Prepared, Step
    from activities_gen.expressions.registry import Function
    from activities_gen.expressions.syntax import Node

    Trace = Callable[[Node, Any], None]

_EMPTY = Context()


def evaluate(value: str | Mapping[str, Any], context: Context = _EMPTY, *, trace: Trace | None = None) -> Any:
    """The JSON value of a string as ADF would use it.

    Args:
        value: The string as it stands in the JSON, or an ``Expression`` object. A literal is its own value.
        context: What the expression can read.
        trace: Called with each sub-expression but literals and its value, inner ones first.

    Returns:
        A JSON value. Infinite floats and not-a-number come as strings, as the engine writes them.

    Raises:
        ExpressionSyntaxError: The string is not a correct expression.
        EvaluationError: It has no value, as a run of ADF would fail.
    """
    text = value if type(value) is str else text_of(value)
    if text is None:
        raise TypeError(f"neither a string nor an Expression object: {value!r}")
    template = parse_text(text)
    if isinstance(template, Literal):
        return template.value
    if isinstance(template, Whole):
        program = template.program = template.program or compile_node(template.node)
        found = run(program, context, text, trace)
        return found if type(found) is str else export(found)
    return _interpolate(template, context, trace)


def evaluate_tree(value: Any, context: Context = _EMPTY) -> Any:
    """A JSON value with every string and every ``Expression`` object inside it evaluated, as ADF does before an activity.

    Args:
        value: A JSON value, such as an activity's ``typeProperties``.
        context: What the expressions can read.

    Returns:
        A new value; keys stay as they are.

    Raises:
        ExpressionError: One of the expressions is wrong or has no value.
    """
    if text_of(value) is not None:
        return evaluate(value, context)
    if isinstance(value, dict):
        return {key: evaluate_tree(item, context) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [evaluate_tree(item, context) for item in value]
    return value


def _interpolate(template: Interpolation, context: Context, trace: Trace | None) -> str:
    """The text of an interpolated string."""
    text = template.text
    if template.programs is None:
        template.programs = tuple(() if isinstance(part, str) else compile_node(part) for part in template.parts)
    texts: list[str] = []
    size = 0
    for part, program in zip(template.parts, template.programs, strict=True):
        value = part if isinstance(part, str) else run(program, context, text, trace)
        if type(value) is not str:
            value = _guarded(to_text, "the text of the value", cast("Node", part), text, value)
        texts.append(value)
        size += len(value)
        if size > MAX_SIZE + len(text):
            raise LimitError(f"The text would have more than {MAX_SIZE} characters.", 0, text)
    return characters("".join(texts))


def _guarded(function: Callable[..., Any], name: str, node: Node, text: str, *arguments: Any) -> Any:
    """Call ``function``; what it refuses becomes an error at ``node``."""
    try:
        return function(*arguments)
    except SizeError as error:
        raise LimitError(f"{name} {error.sentence}", node.start, text, node.end) from None
    except FunctionError as error:
        raise EvaluationError(f"{name} {error.sentence}", node.start, text, node.end) from None


def run(program: tuple[Step, ...], context: Context, text: str, trace: Trace | None = None) -> Any:
    """Execute one program.

    Args:
        program: The steps.
        context: What they can read.
        text: The template, for messages.
        trace: Called with the node and the value after each step that makes one.
    """
    stack: list[Any] = []
    made = counter = 0
    end = len(program)
    while counter < end:
        step = program[counter]
        counter += 1
        if type(step) is Constant:
            stack.append(step.value)
            continue
        operation, operand, node, goal = step  # type: ignore[misc]  # no literal
        if operation == CALL:
            value = _call(operand, stack, context, node, text)
            stack.append(value)
            if type(value) in _SIZED:
                made += len(value)
                if made > MAX_SIZE:
                    raise LimitError(f"The parts of the expression have more than {MAX_SIZE} characters.", 0, text)
        elif operation == PARAMETER:
            stack.append(read_parameter(operand, context, node, text))
        elif operation == READ:
            stack.append(read(operand, stack, context, node, text))
        elif operation in _SELECTIONS:
            counter = _select(step, stack, counter, text)
        elif operation != WHOLE:
            counter = goal if _jumps(operation, operand, stack, node, text) else counter
            continue
        if trace is not None:
            trace(node, stack[-1])
    return stack[0]


_SIZED = frozenset({str, list, dict})
_SELECTIONS = frozenset({SELECT, SELECT_OPTIONAL, SELECT_COMPUTED})


def _select(step: Step, stack: list[Any], following: int, text: str) -> int:
    """Replace the value, and the key where it is computed, by the property; the index of the next step."""
    operation, operand, node, goal = step  # type: ignore[misc]  # no literal
    computed = operation == SELECT_COMPUTED
    key = stack.pop() if computed else operand
    optional = operand if computed else operation == SELECT_OPTIONAL
    value = stack[-1]
    stack[-1] = select(value, key, optional, node, text)
    return goal if value is None else following


def _call(prepared: Prepared, stack: list[Any], context: Context, node: Node, text: str) -> Any:
    """The value of a function, whose arguments are taken from the stack."""
    function_run, count, classes, function = prepared
    if count == 1:
        arguments = [stack.pop()]
    elif count:
        arguments = stack[-count:]
        del stack[-count:]
    else:
        arguments = []
    for index, allowed in enumerate(classes):
        if allowed and type(arguments[index]) not in allowed:
            arguments[index] = _fit(arguments[index], index, function, node, text)
    try:
        if function.needs_context:
            return function_run(context, *arguments)
        return function_run(*arguments)
    except SizeError as error:
        raise LimitError(f"The function '{function.name}' {error.sentence}", node.start, text, node.end) from None
    except FunctionError as error:
        raise EvaluationError(f"The function '{function.name}' {error.sentence}", node.start, text, node.end) from None
    except RecursionError:
        message = f"The function '{function.name}' was given a value that is nested too deeply."
        raise LimitError(message, node.start, text, node.end) from None


_ORDINALS = ("first", "second", "third", "fourth", "fifth")


def _fit(value: Any, index: int, function: Function, node: Any, text: str) -> Any:
    """The argument, converted from a subclass of a JSON type; an error where it is of another type."""
    parameter = function.engine.parameter(index)
    value = _guarded(plain, f"The function '{function.name}'", node, text, value)
    if type(value) in parameter.classes:
        return value
    ordinal = _ORDINALS[index] if index < len(_ORDINALS) else f"{index + 1}th"
    message = (
        f"The function '{function.name}' expects its {ordinal} argument to be of type {parameter.shown}; "
        f"it is of type {kind(value)}."
    )
    argument = node.arguments[index]
    raise EvaluationError(message, argument.start, text, argument.end)


def _jumps(operation: int, operand: Any, stack: list[Any], node: Any, text: str) -> bool:
    """Whether a step goes on at its goal, with what it takes from the stack taken."""
    if operation == JUMP:
        return True
    if operation == FAIL:
        raise EvaluationError(operand, node.start, text, node.end)
    value = stack[-1]
    if operation == NOT_NULL:
        jumps = value is not None
    elif not isinstance(value, bool):
        message = (
            f"The function '{node.name}' expects booleans as conditions; it was given a value of type {kind(value)}."
        )
        raise EvaluationError(message, node.start, text, node.end)
    else:
        jumps = value is operand if operation == SHORT else not value
    if operation == UNLESS or not jumps:
        stack.pop()
    return jumps
