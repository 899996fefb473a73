"""Static checks: what is wrong with an expression, found without running it.

========  ==============================================================================
code      finding
========  ==============================================================================
ADF401    the string is no correct expression
ADF402    a function that Data Factory does not have
ADF403    a wrong number of arguments
ADF404    an argument that can never fit
ADF405    a date format that means something else
ADF406    a blank before ``@`` makes the expression a text
ADF407    a function of mapping data flows
ADF408    double quotes
ADF409    an array or object literal
ADF410    ``pipeline.parameters`` without parentheses
ADF411    a property name that needs brackets and quotes
ADF412    ``@`` inside an expression
ADF413    an operator
ADF414    more than 8,192 characters
ADF415    something behind an expression that is the whole string
ADF416    ``@{`` without ``}``, or nothing between them
ADF417    an expression inside a string or a text, which nobody evaluates
ADF418    an ``Expression`` object whose text is no expression
ADF420    a parameter that is not declared
ADF421    a global parameter that is not declared
ADF422    a variable that is not declared
ADF423    an activity that cannot be read here
ADF424    ``item()`` where there is no item
ADF425    a function that belongs to another kind of definition
ADF426    a system variable that does not exist
ADF427    a system variable that needs ``?.``
ADF428    a name in another letter case
========  ==============================================================================
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from activities_gen.expressions.check_calls import check_call
from activities_gen.expressions.errors import ExpressionSyntaxError
from activities_gen.expressions.functions import find
from activities_gen.expressions.mistakes import diagnose
from activities_gen.expressions.parser import parse, text_of
from activities_gen.expressions.problem import Problem
from activities_gen.expressions.reference import read
from activities_gen.expressions.static_types import Scope
from activities_gen.expressions.syntax import Call, Constant, Literal, Whole, walk
from activities_gen.findings import Severity, suggestion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from activities_gen.expressions.reference import Reference
    from activities_gen.expressions.syntax import Template

SYSTEM_VARIABLES = (
    "DataFactory",
    "Pipeline",
    "RunId",
    "TriggerType",
    "TriggerId",
    "TriggerName",
    "TriggerTime",
    "GroupId",
    "TriggeredByPipelineName",
    "TriggeredByPipelineRunId",
    "parameters",
    "globalParameters",
)
"""The properties of ``pipeline()``, as ADF documents them."""

_PERHAPS_NULL = frozenset({"groupid", "triggeredbypipelinename", "triggeredbypipelinerunid"})
_CALL_IN_TEXT = re.compile(r"@([A-Za-z]+)\(")
_ESCAPED_CALL = re.compile(r"@@\{([A-Za-z]+)\(")
_BLANK_BEFORE = re.compile(r"\s+@(?=[A-Za-z]+\s*\()")
_HOMES = {
    "dataset": ("dataset", "dataset()", "a dataset"),
    "linked_service": ("linked_service", "linkedService()", "a linked service"),
    "trigger": ("trigger", "trigger()", "a trigger"),
    "trigger_body": ("trigger", "triggerBody()", "a trigger"),
}


def check(value: str | Mapping[str, Any], scope: Scope | None = None) -> list[Problem]:
    """What is wrong with a string of the JSON, without running it.

    Args:
        value: The string as it stands in the JSON, or an ``Expression`` object.
        scope: What is known of the place where it stands; without it names are not checked.

    Returns:
        The problems in the order of their places, all that can be found. A correct string has none.
    """
    text = text_of(value)
    if text is None:
        return []
    try:
        template, found = read(text)
    except ExpressionSyntaxError as error:
        return [mistake(error)]
    return check_tree(template, found, scope, wrapped=not isinstance(value, str))


def mistake(error: ExpressionSyntaxError) -> Problem:
    """Why a string is no correct expression."""
    code, message = diagnose(error)
    return Problem(code, message, error.position, error.end)


def check_tree(
    template: Template, found: Iterable[Reference], scope: Scope | None = None, *, wrapped: bool = False
) -> list[Problem]:
    """What is wrong with a string that has been parsed.

    Args:
        template: Its tree.
        found: What it reads.
        scope: What is known of the place where it stands; without it names are not checked.
        wrapped: Whether an ``Expression`` object holds it.
    """
    escaped = [] if isinstance(template, Whole) else list(_escaped(template.text))
    if isinstance(template, Literal):
        return escaped or list(_of_literal(template, wrapped=wrapped))
    known = scope if scope is not None else Scope()
    problems = [*escaped, *_of_nodes(template, known), *(_of_references(found, scope) if scope is not None else ())]
    return sorted(problems, key=lambda problem: (problem.start, problem.code))


def _escaped(text: str) -> Iterator[Problem]:
    """Expressions in a text that an ``@`` before them, as in ``ops@@{item()}``, makes plain."""
    for match in _ESCAPED_CALL.finditer(text):
        if _is_function(match[1]):
            name = match[1]
            message = f"'@@{{' is a plain '@{{', so '{name}(...)' is not evaluated. For an '@' before it write @{{'@'}}@{{{name}(...)}}."
            yield Problem("ADF417", message, match.start(), match.end(), Severity.WARNING)


def _of_literal(template: Literal, *, wrapped: bool) -> Iterator[Problem]:
    """A text that its author will have meant as an expression."""
    text = template.text
    if text.startswith("@@"):
        return
    blank = _BLANK_BEFORE.match(text)
    if blank is not None:
        message = "A blank stands before '@', so that this is a text and not an expression. Delete the blank."
        yield Problem("ADF406", message, 0, blank.end(), Severity.WARNING)
        return
    for match in _CALL_IN_TEXT.finditer(text):
        if _is_function(match[1]):
            message = f"'@{match[1]}(...)' inside a text is not evaluated. Write @{{{match[1]}(...)}}."
            yield Problem("ADF417", message, match.start(), match.end(), Severity.WARNING)
    if wrapped and not text.startswith("@") and _would_be_expression(text):
        message = f"An expression begins with '@'; this is a text. Write @{text[:40]}."
        yield Problem("ADF418", message, 0, len(text), Severity.WARNING)


def _is_function(name: str) -> bool:
    return find(name) is not None or name.lower() in ("pipeline", "activity", "variables", "item", "dataset", "trigger")


def _would_be_expression(text: str) -> bool:
    """Whether a text would be a call of a known function if ``@`` stood before it."""
    match = re.match(r"([A-Za-z]+)\s*\(", text)
    if match is None or not _is_function(match[1]):
        return False
    try:
        parse("@" + text)
    except ExpressionSyntaxError:
        return False
    return True


def _of_nodes(template: Template, scope: Scope) -> Iterator[Problem]:
    """The problems of each call and each string."""
    for node in walk(template):
        if isinstance(node, Call):
            yield from check_call(node, template.text, scope)
        elif isinstance(node, Constant) and isinstance(node.value, str) and "@{" in node.value:
            message = "'@{...}' inside a string of an expression is not evaluated. Use concat(), or interpolation for the whole."
            yield Problem("ADF417", message, node.start, node.end, Severity.WARNING)


def _of_references(found: Iterable[Reference], scope: Scope) -> Iterator[Problem]:
    """The problems of each name that is read."""
    for reference in found:
        if reference.kind in ("parameter", "global_parameter", "variable", "activity"):
            yield from _of_name(reference, scope)
        elif reference.kind == "system":
            yield from _of_system(reference, scope)
        elif reference.kind == "item" and scope.item_in_scope is False:
            message = "'item()' can only be used inside a ForEach activity or in the condition of a Filter activity."
            yield _problem("ADF424", message, reference)
        elif reference.kind in _HOMES:
            yield from _of_home(reference, scope)


def _of_name(reference: Reference, scope: Scope) -> Iterator[Problem]:
    """A parameter, variable or activity that is not there, or in another letter case."""
    tables: dict[str, tuple[Collection[str] | None, str, str]] = {
        "parameter": (scope.parameters, "ADF420", "a parameter of this pipeline"),
        "global_parameter": (scope.global_parameters, "ADF421", "a global parameter of the factory"),
        "variable": (scope.variables, "ADF422", "a variable of this pipeline"),
        "activity": (scope.activities, "ADF423", "an activity that this one can read; it must run before it"),
    }
    names, code, what = tables[reference.kind]
    if not scope.in_pipeline:
        call = {"variable": "variables()", "activity": "activity()"}.get(reference.kind, "pipeline()")
        yield _problem("ADF425", f"'{call}' can only be used in the definition of a pipeline.{_own(scope)}", reference)
    elif names is not None and reference.name and reference.name not in names:
        if reference.name.lower() in {name.lower() for name in names}:
            message = (
                f"'{reference.name}' differs from the declared name in letter case.{suggestion(reference.name, names)}"
            )
            yield _problem("ADF428", message, reference, Severity.NOTE)
        elif not reference.name_optional:
            yield _problem(code, f"'{reference.name}' is not {what}.{suggestion(reference.name, names)}", reference)


def _own(scope: Scope) -> str:
    """What to use instead of a pipeline's parameters."""
    own = {"dataset": "dataset()", "linked_service": "linkedService()"}.get(scope.document)
    return f" Declare a parameter of its own and write {own}.name." if own else ""


def _of_system(reference: Reference, scope: Scope) -> Iterator[Problem]:
    """A property of ``pipeline()`` that is none."""
    if not scope.in_pipeline:
        message = f"'pipeline()' can only be used in the definition of a pipeline.{_own(scope)}"
        yield _problem("ADF425", message, reference)
        return
    folded = {name.lower() for name in SYSTEM_VARIABLES}
    if reference.name and reference.name.lower() not in folded:
        hint = suggestion(reference.name, SYSTEM_VARIABLES)
        message = f"'{reference.name}' is not a system variable of pipelines.{hint} Parameters are read as pipeline().parameters.name."
        yield _problem("ADF426", message, reference, Severity.WARNING)
    elif reference.name.lower() in _PERHAPS_NULL and not reference.name_optional:
        message = f"'{reference.name}' is missing in some runs: write pipeline()?.{reference.name}."
        yield _problem("ADF427", message, reference, Severity.WARNING)


def _of_home(reference: Reference, scope: Scope) -> Iterator[Problem]:
    """``dataset()``, ``trigger()`` and their like outside their own definitions."""
    document, call, what = _HOMES[reference.kind]
    if scope.document == document:
        return
    hint = " Let the trigger pass the value on as a parameter of the pipeline." if document == "trigger" else ""
    yield _problem("ADF425", f"'{call}' can only be used in the definition of {what}.{hint}", reference)


def _problem(code: str, message: str, reference: Reference, severity: Severity = Severity.ERROR) -> Problem:
    return Problem(code, message, reference.name_start, reference.name_end, severity)
