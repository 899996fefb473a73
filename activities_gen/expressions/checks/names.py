"""What is wrong with the names that an expression reads: not declared, not there, or in another letter case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.expressions.checks.problem import Problem
from activities_gen.expressions.syntax import Call, Constant
from activities_gen.findings import Severity, suggestion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from activities_gen.expressions.checks.scope import Scope
    from activities_gen.expressions.reference import Reference
    from activities_gen.expressions.syntax import Access

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
_HOMES = {
    "dataset": ("dataset", "dataset()", "a dataset"),
    "linked_service": ("linked_service", "linkedService()", "a linked service"),
    "trigger": ("trigger", "trigger()", "a trigger"),
    "trigger_body": ("trigger", "triggerBody()", "a trigger"),
}
_WRITTEN = {name.lower(): name for name in SYSTEM_VARIABLES}


def check_system_variable(node: Access, scope: Scope) -> Iterator[Problem]:
    """A property of ``pipeline()`` in another letter case."""
    key = node.key.value if isinstance(node.key, Constant) else None
    if not (scope.in_pipeline and isinstance(node.base, Call) and node.base.name.lower() == "pipeline"):
        return
    written = _WRITTEN.get(key.lower(), key) if isinstance(key, str) else key
    if key != written:
        message = f"The system variable is written '{written}'; Studio marks '{key}'."
        yield Problem("ADF428", message, node.key.start, node.key.end, Severity.NOTE)


def check_reference(reference: Reference, scope: Scope) -> Iterator[Problem]:
    """Yields what is wrong with one name that is read."""
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
    """A parameter or variable that is not there, or in another letter case; an activity if there is no pipeline."""
    tables: dict[str, tuple[Collection[str] | None, str, str]] = {
        "parameter": (scope.parameters, "ADF420", "a parameter of this pipeline"),
        "global_parameter": (scope.global_parameters, "ADF421", "a global parameter of the factory"),
        "variable": (scope.variables, "ADF422", "a variable of this pipeline"),
    }
    names, code, what = tables.get(reference.kind, (None, "", ""))
    if not scope.in_pipeline:
        yield from _outside(reference, scope)
    elif names is not None and reference.name and reference.name not in names:
        if reference.name.lower() in map(str.lower, names):
            written = next(name for name in names if name.lower() == reference.name.lower())
            message = f"The name is written '{written}'; Studio marks '{reference.name}'."
            yield _problem("ADF428", message, reference, Severity.NOTE)
        elif not reference.name_optional:
            yield _problem(code, f"'{reference.name}' is not {what}.{suggestion(reference.name, names)}", reference)


def _outside(reference: Reference, scope: Scope) -> Iterator[Problem]:
    """What only a pipeline has, read in another resource; a dataset is evaluated in the pipeline that uses it."""
    call = {"variable": "variables()", "activity": "activity()"}.get(reference.kind, "pipeline()")
    if call != "pipeline()" or scope.document != "dataset":
        yield _problem("ADF425", f"'{call}' can only be used in the definition of a pipeline.{_own(scope)}", reference)
    elif reference.kind == "parameter":
        message = f"A pipeline without the parameter '{reference.name}' cannot use this dataset.{_own(scope)}"
        yield _problem("ADF425", message, reference, Severity.NOTE)


def _own(scope: Scope) -> str:
    """Returns what to use instead of a pipeline's parameters."""
    own = {"dataset": "dataset()", "linked_service": "linkedService()"}.get(scope.document)
    return f" Declare a parameter of its own and write {own}.name." if own else ""


def _of_system(reference: Reference, scope: Scope) -> Iterator[Problem]:
    """A property of ``pipeline()`` that is none."""
    if not scope.in_pipeline:
        yield from _outside(reference, scope)
        return
    if reference.name and reference.name.lower() not in _WRITTEN:
        message = f"'{reference.name}' is not a system variable of pipelines.{_elsewhere(reference)}"
        yield _problem("ADF426", message, reference, Severity.WARNING)
    elif reference.name.lower() in _PERHAPS_NULL and not reference.name_optional:
        message = f"'{reference.name}' is missing in some runs: write pipeline()?.{reference.name}."
        yield _problem("ADF427", message, reference, Severity.WARNING)


def _elsewhere(reference: Reference) -> str:
    """How what is sought among the system variables is read."""
    name = next((key for key in reference.path if isinstance(key, str)), "name")
    key = reference.name.lower()
    if key in ("variables", "variable"):
        return f" Write variables('{name}')."
    if key in ("activities", "activity"):
        return f" Write activity('{name}')."
    hint = suggestion(reference.name, SYSTEM_VARIABLES)
    return f"{hint} Parameters are read as pipeline().parameters.name."


def _of_home(reference: Reference, scope: Scope) -> Iterator[Problem]:
    """``dataset()``, ``trigger()`` and their like outside their own definitions."""
    document, call, what = _HOMES[reference.kind]
    if scope.document == document:
        return
    hint = " Let the trigger pass the value on as a parameter of the pipeline." if document == "trigger" else ""
    yield _problem("ADF425", f"'{call}' can only be used in the definition of {what}.{hint}", reference)


def _problem(code: str, message: str, reference: Reference, severity: Severity = Severity.ERROR) -> Problem:
    return Problem(code, message, reference.name_start, reference.name_end, severity)
