"""What the decoder of FlowEHR's Terraform provider refuses, changes or drops in activities.

All of this is about azurerm 3.47, the version that FlowEHR pins. Its messages never say which activity they mean.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from activities_gen.model import schema
from activities_gen.model.activities import FORM
from activities_gen.model.types import canonical_type
from activities_gen.model.values import actual_key
from activities_gen.rules.context import Context, title
from activities_gen.rules.keys import ENVELOPE, SLIP
from activities_gen.rules.model import Violation, quoted, rule
from activities_gen.rules.subjects import EVERY_ACTIVITY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.findings import JsonPath
    from activities_gen.model.activities import Activity

NEWER_TYPES = frozenset({"DatabricksJob", "SynapseNotebook", "SparkJob"})
"""Activity types that the pinned provider does not know."""

NEWER_KEYS = {
    "SetVariable": frozenset({"setSystemVariable"}),
    "Script": frozenset({"scriptBlockExecutionTimeout", "returnMultistatementResult", "treatDecimalAsString"}),
    "WebActivity": frozenset({"turnOffAsync", "httpRequestTimeout"}),
    "Lookup": frozenset({"treatDecimalAsString"}),
    "ExecuteDataFlow": frozenset({"continuationSettings"}),
}
"""Keys of ``typeProperties`` that Azure has and the pinned provider drops."""

_ANY = ("headers",)
_GO = {
    "string": "string",
    "bool": "bool",
    "int": "int32",
    "float": "float64",
    "any": "interface {}",
    "{any}": "map[string]interface {}",
    "[any]": "[]interface {}",
    "[{any}]": "[]map[string]interface {}",
    "[Activity]": "[]*json.RawMessage",
    "ActivityPolicy": "map[string]*json.RawMessage",
    "ActivityDependency": "map[string]*json.RawMessage",
}
_GO_OF_KEYS = {
    "dependencyConditions": "[]datafactory.DependencyCondition",
    "type": "datafactory.TypeBasicActivity",
    "WebActivity.method": "datafactory.WebActivityMethod",
}
"""The types of keys whose values the provider's model lists, some of them of one activity type only."""


@rule("FLO130", on=EVERY_ACTIVITY)
def unknown_type(context: Context, node: Activity) -> Iterator[Violation]:
    """A type that is newer than the provider, or in other letter case."""
    canonical = canonical_type(node.type)
    if node.type and (canonical != node.written_type or canonical in NEWER_TYPES):
        known = [] if canonical else [kind for kind in schema.activity_types() if kind not in NEWER_TYPES]
        hint = context.suggest(node.type, known, cutoff=SLIP) or " Use a type that it knows."
        if canonical and canonical not in NEWER_TYPES:
            hint = f" Write {quoted(canonical)}."
        yield Violation(
            f"{title(node)} has the type {quoted(node.written_type)}, which FlowEHR's Terraform sends as 'Activity', a step that cannot run.{hint}",
            (*node.path, "type"),
        )


@rule("FLO131", on=EVERY_ACTIVITY)
def dropped_key(_: Context, node: Activity) -> Iterator[Violation]:
    """A key that Azure has and the provider drops."""
    for key in sorted(NEWER_KEYS.get(node.type, frozenset()) & node.type_properties.keys()):
        yield Violation(
            f"{title(node)} has the key {quoted(key)}, which FlowEHR's Terraform drops silently. Do without it.",
            (*node.path, "typeProperties", key),
        )


@rule("FLO132", on=EVERY_ACTIVITY)
def decoder(_: Context, node: Activity) -> Iterator[Violation]:
    """A value that the provider's decoder cannot read."""
    for found in _decoded(node):
        message = f"{title(node)} has {schema.described(found)} as '{'.'.join(map(str, found.path))}'; it must be {_strictly(found.key)}. Terraform says 'json: cannot unmarshal {_go_kind(found.value)} into Go value of type {_go_name(node, found)}'."
        yield Violation(message, (*node.path, *found.path))


def _decoded(node: Activity) -> Iterator[schema.Mismatch]:
    """The mismatches of one activity with what the decoder reads."""
    kind = node.written_type
    canonical = kind if kind in schema.activity_types() and kind not in NEWER_TYPES else None
    model = schema.activity_types()[canonical] if canonical else "Activity"
    envelope = {**schema.keys_of(model), **ENVELOPE}
    yield from _strict(node.json, envelope, ())
    properties = node.json.get("typeProperties")
    if properties is not None and not isinstance(properties, dict):
        yield schema.Mismatch(("typeProperties",), schema.Key("typeProperties", "{any}"), properties, soft=False)
    elif canonical and isinstance(properties, dict):
        newer = NEWER_KEYS.get(canonical, frozenset())
        keys = {
            name: _older(canonical, key) for name, key in schema.type_properties_of(model).items() if name not in newer
        }
        yield from _strict(properties, keys, ("typeProperties",))


def _strict(value: dict[str, Any], keys: dict[str, schema.Key], path: JsonPath) -> Iterator[schema.Mismatch]:
    return (found for found in schema.mismatches(value, keys, path) if found.key.type != "any")


def _older(kind: str, key: schema.Key) -> schema.Key:
    """A key as the pinned provider's older model has it."""
    if key.name in _ANY:
        return schema.Key(key.name, "any")
    if (kind, key.name) == ("HDInsightHive", "variables"):
        return schema.Key(key.name, "[any]")
    return key


def _go_kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, float):
        return f"number {value}"
    return {str: "string", int: "number", list: "array", dict: "object"}.get(type(value), "null")


def _go_name(node: Activity, found: schema.Mismatch) -> str:
    """The type that a mismatch's key takes, in the words of the provider's language."""
    key = found.key
    own = _GO_OF_KEYS.get(key.name, "") if found.path[-1] == key.name else ""
    return own or _GO_OF_KEYS.get(f"{node.type}.{key.name}") or _go_type(key.type)


def _go_type(kind: str) -> str:
    """The type of a key in the words of the provider's language."""
    if kind in _GO:
        return _GO[kind]
    if kind[0] == "[":
        return f"[]{_go_type(kind[1:-1]) if kind[1].islower() or kind[1] in '[{' else f'datafactory.{kind[1:-1]}'}"
    return f"map[string]{_go_type(kind[1:-1])}" if kind[0] == "{" else f"datafactory.{kind}"


_FORMS = {
    ("dependsOn", "ActivityDependency"): f"an object {FORM}",
    ("libraries", "{any}"): 'an object such as {"whl": …}',
}
"""What the members of a list must be, by the list's name and their type."""


def _strictly(key: schema.Key) -> str:
    kinds = {"string": "a plain text", "int": "a whole number without quotes", "bool": "true or false without quotes"}
    return _FORMS.get((key.name, key.type)) or kinds.get(key.type) or schema.wanted(key)


@rule("FLO133", on=EVERY_ACTIVITY)
def null(_: Context, node: Activity) -> Iterator[Violation]:
    """A null among the keys of an activity, its policy and its properties, or as a stored procedure's parameter."""
    for path, part in _parts(node):
        for key, value in part.items():
            if value is None:
                yield Violation(
                    f"{title(node)} has null as {quoted(key)}, which FlowEHR's Terraform leaves out, so that every plan shows a change. Delete the key.",
                    (*node.path, *path, key),
                )


def _parts(node: Activity) -> Iterator[tuple[JsonPath, dict[str, Any]]]:
    """The objects of an activity whose nulls are left out."""
    yield (), node.json
    yield ("typeProperties",), node.type_properties
    policy = node.json.get("policy")
    if isinstance(policy, dict):
        yield ("policy",), policy
    given = node.type_properties.get("storedProcedureParameters")
    for name, value in given.items() if isinstance(given, dict) else ():
        if isinstance(value, dict):
            yield ("typeProperties", "storedProcedureParameters", name), value


@rule("FLO134", on=EVERY_ACTIVITY)
def key_case(_: Context, node: Activity) -> Iterator[Violation]:
    """A known key in another case."""
    model = schema.activity_types().get(node.type)
    for name in schema.type_properties_of(model) if model else ():
        actual = actual_key(node.type_properties, name)
        if actual is not None and actual != name:
            yield Violation(
                f"{title(node)} has the key {quoted(actual)}. Write {quoted(name)}, as Terraform does; else every plan shows a change.",
                (*node.path, "typeProperties", actual),
            )


_POLYMORPHIC = ("source", "sink", "storeSettings", "formatSettings")
_TYPE_NAME = re.compile(r"[A-Za-z]\w*")


@rule("FLO135", on=EVERY_ACTIVITY)
def rewritten_type(_: Context, node: Activity) -> Iterator[Violation]:
    """A polymorphic part, at whatever depth, whose type is none of those known."""
    model = schema.activity_types().get(node.type)
    for path, value, keys in schema.objects(node.type_properties, schema.type_properties_of(model)) if model else ():
        for key in keys.values():
            part = value.get(key.name)
            kind = part.get("type") if isinstance(part, dict) and key.name in _POLYMORPHIC else None
            if isinstance(kind, str) and _TYPE_NAME.fullmatch(kind) and schema.subtype(key.type, kind) == key.type:
                yield Violation(
                    f"{title(node)} has a {key.name} of type {quoted(kind)}, which FlowEHR's Terraform sends as {quoted(key.type)}.",
                    (*node.path, "typeProperties", *path, key.name, "type"),
                )
