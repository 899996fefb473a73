"""What expressions give, where the kind of value that is needed is known."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from activities_gen.expressions.reference import references
from activities_gen.expressions.syntax import Access, Interpolation, Literal, Whole
from activities_gen.findings import Severity
from activities_gen.model import schema
from activities_gen.model.values import is_dynamic, is_expression_object
from activities_gen.rules.context import Context, lookup, title
from activities_gen.rules.declarations import setters
from activities_gen.rules.evaluated import named_types, shown_expression, template_in, template_of, unfit
from activities_gen.rules.keys import TypedObject, typed_objects
from activities_gen.rules.model import Violation, quoted, rule
from activities_gen.rules.scoping import ACTIVITY_READ, read, reader
from activities_gen.rules.subjects import activity, each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.expressions.reference import Reference
    from activities_gen.expressions.syntax import Template
    from activities_gen.model.activities import Activity
    from activities_gen.rules.evaluated import Evaluated


@rule("ADF455", on=ACTIVITY_READ)
def lookup_form(context: Context, found: Evaluated, reference: Reference) -> Iterator[Violation]:
    """``value`` of a single row, or ``firstRow`` of a list."""
    target = next(iter(context.by_name.get(reference.name.casefold(), [])), None)
    steps = [str(step).casefold() for step in reference.path[:2]]
    if target is None or target.type != "Lookup" or len(steps) < 2 or steps[0] != "output":
        return
    first = _first_row_only(target)
    wrong = (first is True and steps[1] in ("value", "count")) or (first is False and steps[1] == "firstrow")
    if wrong:
        mend = f'{"output.firstRow" if first else "output.value"}, or set "firstRowOnly": {"false" if first else "true"} there'
        severity = Severity.WARNING if reference.optional[1:2] == (True,) else None
        yield Violation(
            f"{reader(context, found.owner)} reads output.{reference.path[1]} of {title(target)}, which {'gives one row' if first else 'gives all rows'}. Read {mend}.",
            found.path,
            severity,
        )


def _first_row_only(node: Activity) -> bool | None:
    """What a Lookup says, by default true; ``None`` where it is computed."""
    value = node.type_properties.get("firstRowOnly", True)
    if isinstance(value, str) and value.casefold() in ("true", "false"):
        return value.casefold() == "true"
    return value if isinstance(value, bool) else None


@rule("ADF456", on=activity("ForEach", "Filter"))
def items_are_a_list(context: Context, node: Activity) -> Iterator[Violation]:
    """An expression that can only give something else than a list."""
    template, text, path = template_of(context, node, "items")
    problem, severity = _items_problem(context, template, text)
    if problem:
        yield Violation(f"{title(node)} loops over {quoted(shown_expression(text))}, which {problem}.", path, severity)


def _items_problem(context: Context, template: Template | None, text: str) -> tuple[str, Severity | None]:
    """Why an expression gives no list; empty where it may give one."""
    if isinstance(template, Interpolation):
        return "is a text because of '@{…}'. Write it with '@' alone", None
    if isinstance(template, Literal):
        return "is a plain text. Begin it with '@'" if text else "", None
    found = unfit(context, template, ("Array",))
    if found is not None:
        types, severity = found
        return f"gives {named_types(types)}, not a list", severity
    if isinstance(template, Whole) and isinstance(template.node, Access):
        return _read_problem(context, template), None
    return "", None


def _read_problem(context: Context, template: Whole) -> str:
    """Why what an expression reads is no list."""
    whole = [reference for reference in references(template) if reference.end == template.node.end]
    for reference in whole:
        target = next(iter(context.by_name.get(reference.name.casefold(), [])), None)
        steps = tuple(str(step).casefold() for step in reference.path)
        if reference.kind == "activity" and target is not None and steps == ("output",) and target.type in _LISTS:
            return f"is an object, the whole output. Its list is in 'output.{_LISTS[target.type]}'"
        if (
            reference.kind == "activity"
            and target is not None
            and target.type == "Lookup"
            and steps == ("output", "firstrow")
        ):
            return "is one row, an object"
    return ""


_LISTS = {"Lookup": "value", "GetMetadata": "childItems", "Filter": "value"}
_CONDITIONS = {"IfCondition": ("expression",), "Until": ("expression",), "Filter": ("condition",)}


@rule("ADF457", on=activity())
def boolean_condition(context: Context, node: Activity) -> Iterator[Violation]:
    """An expression that can only give something else than a boolean."""
    keys = _CONDITIONS.get(node.type)
    template, text, path = template_of(context, node, *keys) if keys else (None, "", ())
    found = unfit(context, template, ("Boolean",)) if text else None
    if found is None or (isinstance(template, Literal) and text.strip().casefold() in ("true", "false")):
        return
    types, severity = found
    yield Violation(
        f"{title(node)} has the condition {quoted(shown_expression(text))}, which gives {named_types(types)}, not true or false.",
        path,
        Severity.WARNING if isinstance(template, Interpolation) else severity,
    )


@rule("ADF309")
def self_reference(context: Context) -> Iterator[Violation]:
    """A Set Variable whose value reads the variable."""
    names = {id(node): name for node, name in setters(context) if node.type == "SetVariable"}
    for found, reference in read(context, "variable"):
        name = names.get(id(found.owner), "")
        if found.owner is not None and name and reference.name.casefold() == name.casefold():
            yield Violation(
                f"{title(found.owner)} sets the variable {quoted(name)} from itself, which Azure refuses. Work the value out into another variable first.",
                found.path,
            )


_WANTED = {
    "string": ("String", "Null"),
    "bool": ("Boolean", "Null"),
    "boolean": ("Boolean", "Null"),
    "array": ("Array", "Null"),
}


@rule("ADF314", on=each(setters))
def assigned_result(context: Context, node: Activity, name: str) -> Iterator[Violation]:
    """A Set Variable whose expression can only give another type."""
    declared = lookup(context.variables, name)
    wanted = _WANTED.get(str(declared.get("type")).casefold()) if isinstance(declared, dict) else None
    template, text, path = template_of(context, node, "value")
    computed = node.type == "SetVariable" and text and not isinstance(template, Literal)
    found = unfit(context, template, wanted) if computed and wanted else None
    if found is not None:
        types, severity = found
        yield Violation(
            f"{title(node)} sets the variable {quoted(name)}, a {declared['type']}, to {quoted(shown_expression(text))}, which gives {named_types(types)}.",
            path,
            severity,
        )


_SCALARS = ("String", "Integer", "Float", "Boolean", "Null")
_RESULTS: dict[str, tuple[str, ...]] = {
    "int": ("Integer",),
    "integer": ("Integer",),
    "bool": ("Boolean",),
    "boolean": ("Boolean",),
    "array": ("Array",),
    "string": _SCALARS,
}
"""The types of values that the keys of a type take, by the model's or the documentation's word."""

_RESULTS_OF_KEYS = {
    ("Switch", "on"): ("String", "Integer"),
    ("Fail", "message"): ("String",),
    ("Fail", "errorCode"): ("String",),
}


@rule("ADF458")
def typed_results(context: Context) -> Iterator[Violation]:
    """An expression that can only give what its key does not take."""
    for node, path, value, keys in chain(typed_objects(context), _policies(context)):
        for name, given in value.items():
            key = keys.get(name) if is_dynamic(given) else None
            if key is None or is_expression_object(value):
                continue
            wanted = _RESULTS_OF_KEYS.get((node.type, name)) or _RESULTS.get(key.value or key.type)
            if wanted is None:
                continue
            template, text, place = template_in(context, given, (*node.path, *path, name))
            found = unfit(context, template, wanted)
            if found is not None:
                yield Violation(
                    f"{title(node)} has {quoted(shown_expression(text))} as {quoted(name)}, which gives {named_types(found[0])}; it takes {_wanted(wanted)}.",
                    place,
                )


def _wanted(types: tuple[str, ...]) -> str:
    """The types that a key takes as messages say them: a text, where numbers and the like are written as one."""
    return "a text" if types is _SCALARS else named_types(frozenset(types))


def _policies(context: Context) -> Iterator[TypedObject]:
    """The policies of the active activities, with the keys that take expressions."""
    keys = {name: key for name, key in schema.keys_of("ActivityPolicy").items() if key.type == "any"}
    for node in context.active:
        policy = node.json.get("policy")
        if isinstance(policy, dict):
            yield TypedObject(node, ("policy",), policy, keys)


@rule("ADF468", on=ACTIVITY_READ)
def unawaited_value(context: Context, found: Evaluated, reference: Reference) -> Iterator[Violation]:
    """``pipelineReturnValue`` of a call that does not wait."""
    target = next(iter(context.by_name.get(reference.name.casefold(), [])), None)
    steps = [str(step).casefold() for step in reference.path[:2]]
    waits = target is None or target.type_properties.get("waitOnCompletion") is not False
    if not waits and steps == ["output", "pipelinereturnvalue"]:
        yield Violation(
            f'{reader(context, found.owner)} reads the return value of {title(target)}, which does not wait for it. Set "waitOnCompletion": true there.'
            if target
            else "",
            found.path,
        )
