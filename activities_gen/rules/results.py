"""What expressions give, where the kind of value that is needed is known."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from activities_gen.expressions.syntax import Interpolation, Literal, Whole
from activities_gen.findings import Severity
from activities_gen.model import schema
from activities_gen.model.values import is_dynamic, is_expression_object
from activities_gen.rules.context import Context, lookup, title
from activities_gen.rules.declarations import setters
from activities_gen.rules.evaluated import named_types, shown_expression, template_in, template_of, unfit
from activities_gen.rules.keys import TypedObject, typed_objects
from activities_gen.rules.model import Violation, quoted, rule
from activities_gen.rules.scoping import read
from activities_gen.rules.shapes import read_shape
from activities_gen.rules.subjects import activity, each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.expressions.syntax import Template
    from activities_gen.model.activities import Activity


@rule("ADF456", on=activity("ForEach", "Filter"))
def items_are_a_list(context: Context, node: Activity) -> Iterator[Violation]:
    """An expression that can only give something else than a list."""
    template, text, path = template_of(context, node, "items")
    problem, severity = _items_problem(context, template, text)
    if problem:
        yield Violation(f"{title(node)} loops over {quoted(shown_expression(text))}, which {problem}.", path, severity)


def _items_problem(context: Context, template: Template | None, text: str) -> tuple[str, Severity | None]:
    """Why an expression gives no list; empty if it may give one."""
    if isinstance(template, Interpolation):
        return "is a text because of '@{…}'. Write it with '@' alone", None
    if isinstance(template, Literal):
        return "is a plain text. Begin it with '@'" if text else "", None
    found = unfit(context, template, ("Array",))
    if found is None:
        return "", None
    types, severity = found
    return (
        f"gives {named_types(types)}, not a list{_where_the_list_is(context, template) or mended(template, text, 'Array')}",
        severity,
    )


def _where_the_list_is(context: Context, template: Template | None) -> str:
    """The list inside of an output that is looped over as a whole."""
    shape = read_shape(context, template)
    lists = [key for key, member in shape.keys.items() if member.type == "Array"] if shape is not None else []
    return f". Its list is in {quoted(lists[0])}" if lists else ""


_BRACED = re.compile(r"@\{([^{}]*)\}")
_CONVERSIONS = {"String": "string", "Boolean": "bool", "Integer": "int"}


def mended(template: Template | None, text: str, wanted: str) -> str:
    """What to write for an expression whose value has another type than is wanted: ``. Write '@x'``; empty if unclear."""
    braced = _BRACED.fullmatch(text.strip())
    if isinstance(template, Interpolation) and braced is not None and wanted != "String":
        return f". Write {quoted('@' + braced[1])}, without braces"
    if isinstance(template, Whole) and wanted in _CONVERSIONS:
        return f". Write {quoted(f'@{_CONVERSIONS[wanted]}({text.strip()[1:]})')}, if that is meant"
    return ""


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
        f"{title(node)} has the condition {quoted(shown_expression(text))}, which gives {named_types(types)}, not true or false{mended(template, text, 'Boolean')}.",
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
            f"{title(node)} sets the variable {quoted(name)}, a {declared['type']}, to {quoted(shown_expression(text))}, which gives {named_types(types)}{mended(template, text, (wanted or ('',))[0])}.",
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

_ANYTHING = frozenset({("AzureFunctionActivity", "body"), ("WebActivity", "body"), ("WebHook", "body")})
"""The keys whose objects and lists are sent as JSON."""

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
            if key is None or is_expression_object(value) or (node.type, name) in _ANYTHING:
                continue
            wanted = _RESULTS_OF_KEYS.get((node.type, name)) or _RESULTS.get(key.value or key.type)
            if wanted is None:
                continue
            template, text, place = template_in(context, given, (*node.path, *path, name))
            found = unfit(context, template, wanted)
            if found is not None:
                yield Violation(
                    f"{title(node)} has {quoted(shown_expression(text))} as {quoted(name)}, which gives {named_types(found[0])}; it takes {_wanted(wanted)}{mended(template, text, wanted[0])}.",
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
