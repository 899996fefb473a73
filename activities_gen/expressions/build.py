"""Expressions as Python objects, for the definition of a pipeline.

An :class:`Expr` is a string, so it may stand wherever the SDK takes one: alone it is ``@pipeline().parameters.day``, in
an f-string ``@{pipeline().parameters.day}``. Properties are Python attributes and indices:
``output_of(lookup).firstRow["my count"]``. The functions of the language are in :mod:`activities_gen.expressions.calls`.

Imports nothing of the parser or the evaluator: a definition is loaded often and evaluated elsewhere.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any, SupportsIndex

if TYPE_CHECKING:
    from collections.abc import Iterator

_IDENTIFIER = re.compile(r"(?:[^\W\d]|\$)(?:\w|\$)*")
_SEGMENT = re.compile(r"@@\{|@\{((?:[^'}]|'[^']*')*)\}")
_INT64 = range(-(2**63), 2**63)


class Expr(str):
    """An expression whose value ADF works out when the pipeline runs.

    Every public attribute and every index is a property of that value, so string methods are not available on it;
    ``str(expression)`` gives the plain text.
    """

    __slots__ = ()

    @property
    def _body(self) -> str:
        return str(self)[1:]

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Expr: ...

    def __getattribute__(self, name: str) -> Any:
        """A property of the value; names with an underscore first are Python's own."""
        if name.startswith("_") or name == "optional":
            return super().__getattribute__(name)
        return Expr(f"@{self._body}{_step(name)}")

    def __getitem__(self, key: SupportsIndex | slice | str) -> Expr:
        """A property by name, or an element by index or by another expression."""
        return Expr(f"@{self._body}{_index(key)}")

    def optional(self, key: str | int) -> Expr:
        """A property or element that may be missing: ``null`` then, where ``.name`` would fail the run."""
        return Expr(f"@{self._body}?{_step(key) if isinstance(key, str) else _index(key)}")

    def __format__(self, specification: str) -> str:
        """The interpolated form, for f-strings.

        Raises:
            ValueError: A format was asked for; ADF's own functions format.
        """
        if specification:
            raise ValueError(
                f"ADF cannot apply the format '{specification}'. Use functions such as format_date_time()."
            )
        return f"@{{{self._body}}}"

    def __add__(self, other: object) -> str:
        """This value with text behind it."""
        return f"{self}{other}" if isinstance(other, str) else NotImplemented

    def __radd__(self, other: object) -> str:
        """This value with text before it."""
        return f"{other}{self}" if isinstance(other, str) else NotImplemented

    def __iter__(self) -> Iterator[str]:
        """Refused: the value is not known before the pipeline runs.

        Raises:
            TypeError: Always.
        """
        raise TypeError("an expression cannot be iterated here; give it to a ForEachActivity as items=")

    def __repr__(self) -> str:
        """``Expr('@item()')``."""
        return f"Expr({str(self)!r})"


def _step(name: str) -> str:
    """Access to a property: after a dot where the language allows the name there, else in brackets."""
    return f".{name}" if _IDENTIFIER.fullmatch(name) else f"[{quoted(name)}]"


def _index(key: object) -> str:
    if isinstance(key, Expr):
        return f"[{key._body}]"
    if isinstance(key, str):
        return f"[{quoted(key)}]"
    if isinstance(key, int) and not isinstance(key, bool):
        return f"[{key}]"
    raise TypeError(f"an expression takes a name or a number in brackets, not {key!r}")


def quoted(text: str) -> str:
    """A string literal of the language."""
    return "'" + text.replace("'", "''") + "'"


def literal(text: str) -> str:
    """A text that ADF takes as it is, also where it begins with ``@`` or contains ``@{``."""
    if text.startswith("@") and len(text) > 1:
        return f"@{text}"  # what stands behind "@@" is not interpolated
    return text.replace("@{", "@@{")


def call(function: str, *arguments: Any) -> Expr:
    """A call of one of the language's functions.

    Args:
        function: Its name in ADF.
        arguments: Expressions, or values that become literals: strings, numbers, ``True``, ``None``, lists of those,
            and dicts without expressions. A string with ``@{…}`` in it, as an f-string makes, becomes ``concat(…)``.

    Raises:
        TypeError: An argument has no literal in the language.
        ValueError: A number is out of the language's range.
    """
    return Expr(f"@{function}({', '.join(map(argument, arguments))})")


def argument(value: Any) -> str:
    """A value as it stands between the parentheses of a call."""
    if isinstance(value, Expr):
        return value._body
    if isinstance(value, str):
        return _text_argument(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, (list, tuple)):
        return f"createArray({', '.join(map(argument, value))})" if value else "json('[]')"
    if isinstance(value, dict):
        return f"json({quoted(json.dumps(value, ensure_ascii=False, default=_no_literal, cls=_Plain))})"
    raise _no_literal(value)


def _text_argument(text: str) -> str:
    """A string as an argument; where it holds interpolations, the concatenation of its parts."""
    parts, end = [], 0
    plain = ""
    for match in _SEGMENT.finditer(text):
        plain += text[end : match.start()]
        end = match.end()
        if match[1] is None:  # an escaped "@{"
            plain += "@{"
            continue
        parts += [quoted(plain)] if plain else []
        parts.append(match[1])
        plain = ""
    plain += text[end:]
    if not parts:
        return quoted(plain)
    parts += [quoted(plain)] if plain else []
    return f"concat({', '.join(parts)})" if len(parts) > 1 else f"string({parts[0]})"


def _number(value: float) -> str:
    if isinstance(value, int):
        if value not in _INT64:
            raise ValueError(f"{value} is out of the range of ADF's integers (64 bits)")
        return str(value)
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a number that ADF can write")
    return repr(value)


class _Plain(json.JSONEncoder):
    """Refuses expressions inside a literal object: the language has no object literals to put them in."""

    def iterencode(self, o: Any, _one_shot: bool = False) -> Iterator[str]:  # noqa: FBT001, FBT002 the base's signature
        _refuse_expressions(o)
        return super().iterencode(o, _one_shot)


def _refuse_expressions(value: Any) -> None:
    if isinstance(value, Expr) or (isinstance(value, str) and _SEGMENT.search(value)):
        raise TypeError(
            f"{value!r} stands in an object; ADF has no object literals. Build the JSON text and use json_()."
        )
    for member in value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ():
        _refuse_expressions(member)


def _no_literal(value: Any) -> TypeError:
    return TypeError(f"{value!r} ({type(value).__name__}) has no literal in ADF's expression language")


# --- what an expression can refer to ----------------------------------------------------------------------------------


def parameter(name: str) -> Expr:
    """The value of a pipeline parameter; ``Pipeline.parameter()`` declares one and returns this."""
    return Expr(f"@pipeline().parameters{_step(name)}")


def global_parameter(name: str) -> Expr:
    """The value of a global parameter of the factory."""
    return Expr(f"@pipeline().globalParameters{_step(name)}")


def variable(name: str) -> Expr:
    """The value of a variable; ``Pipeline.variable()`` declares one and returns this."""
    return Expr(f"@variables({quoted(name)})")


def item() -> Expr:
    """The element that a ForEach or a Filter is at."""
    return Expr("@item()")


def output_of(activity: Any) -> Expr:
    """The output of an activity that ran before: ``output_of(lookup).firstRow.count``.

    Args:
        activity: The activity, or its name.
    """
    return Expr(f"@activity({quoted(_name(activity))}).output")


def error_of(activity: Any) -> Expr:
    """The error of an activity that failed before: ``error_of(copy).message``, ``.errorCode``, ``.failureType``."""
    return Expr(f"@activity({quoted(_name(activity))}).error")


def status_of(activity: Any) -> Expr:
    """How an activity ended: ``Succeeded``, ``Failed`` or ``Skipped``."""
    return Expr(f"@activity({quoted(_name(activity))}).Status")


def _name(activity: Any) -> str:
    name = activity if isinstance(activity, str) else getattr(activity, "name", None)
    if not isinstance(name, str):
        raise TypeError(f"takes an activity or its name, not {activity!r} ({type(activity).__name__})")
    return name


class _System:
    """ADF's system variables of a pipeline run."""

    data_factory = Expr("@pipeline().DataFactory")
    pipeline = Expr("@pipeline().Pipeline")
    run_id = Expr("@pipeline().RunId")
    trigger_type = Expr("@pipeline().TriggerType")
    trigger_id = Expr("@pipeline().TriggerId")
    trigger_name = Expr("@pipeline().TriggerName")
    trigger_time = Expr("@pipeline().TriggerTime")
    group_id = Expr("@pipeline().GroupId")
    triggered_by_pipeline_name = Expr("@pipeline()?.TriggeredByPipelineName")
    triggered_by_pipeline_run_id = Expr("@pipeline()?.TriggeredByPipelineRunId")


system = _System()
"""ADF's system variables of a pipeline run, as in ``system.run_id``."""


def window_start() -> Expr:
    """The start of a tumbling window; in a trigger's parameters only."""
    return Expr("@trigger().outputs.windowStartTime")


def window_end() -> Expr:
    """The end of a tumbling window; in a trigger's parameters only."""
    return Expr("@trigger().outputs.windowEndTime")


def trigger() -> Expr:
    """The trigger that fired, in a trigger's parameters only: ``trigger().scheduledTime``, ``trigger().startTime``."""
    return Expr("@trigger()")


def trigger_body() -> Expr:
    """What an event trigger was told: ``trigger_body().fileName``, ``.folderPath``, ``.event.subject``."""
    return Expr("@triggerBody()")
