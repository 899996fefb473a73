"""The keys of activities: required ones, unknown ones, and the types and values that they take."""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from activities_gen.findings import Severity
from activities_gen.model import schema
from activities_gen.model.types import canonical_type
from activities_gen.model.values import get, is_arm, is_dynamic, is_expression_object, kind_of
from activities_gen.rules.context import Context, title
from activities_gen.rules.elsewhere import foreign
from activities_gen.rules.model import Violation, quoted, rule
from activities_gen.rules.subjects import EVERY_ACTIVITY, each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.findings import JsonPath
    from activities_gen.model.activities import Activity

ENVELOPE = {
    "linkedServiceName": schema.Key("linkedServiceName", "LinkedServiceReference"),
    "policy": schema.Key("policy", "ActivityPolicy"),
}
_ALSO_ON_ACTIVITIES = ("typeProperties", "linkedServiceName", "policy", "inputs", "outputs")


@rule("ADF216", on=EVERY_ACTIVITY)
def typeless_activity(_: Context, node: Activity) -> Iterator[Violation]:
    """A missing type, or one that is no string."""
    if not node.type:
        value = node.json.get("type")
        problem = "has no 'type'" if value in (None, "") else f"has the type {quoted(value)}, {kind_of(value)}"
        path = (*node.path, "type") if "type" in node.json else node.path
        yield Violation(f'{title(node)} {problem}. Add one, such as "DatabricksSparkPython".', path)


@rule("ADF217", on=EVERY_ACTIVITY)
def unknown_type(context: Context, node: Activity) -> Iterator[Violation]:
    """A type that no known one equals, letter case aside."""
    known = is_arm(node.type) or id(node) in foreign(context) or canonical_type(node.type) is not None
    if node.type and not known:
        near = context.suggest(node.type, list(schema.activity_types()), cutoff=SLIP)
        message = (
            f"{title(node)} has the type {quoted(node.type)}, which is none of Data Factory's activity types.{near}"
        )
        yield Violation(message, (*node.path, "type"), None if near else Severity.WARNING)


SLIP = 0.85
"""How alike a type and a known one are, from 0 to 1, where one is a slip of the other."""


@rule("ADF218", on=EVERY_ACTIVITY)
def type_case(_: Context, node: Activity) -> Iterator[Violation]:
    """A type that differs from a known one in case."""
    canonical = canonical_type(node.type)
    if canonical is not None and canonical != node.written_type:
        yield Violation(
            f"{title(node)} has the type {quoted(node.written_type)}. Write {quoted(canonical)}.",
            (*node.path, "type"),
        )


def typed_objects(context: Context) -> list[TypedObject]:
    """Every object of a known class in the active activities; not the policy, which has rules of its own."""
    found: list[TypedObject] = context.once("typed objects", lambda: list(_find_typed_objects(context)))
    return found


@rule("ADF212", on=each(typed_objects))
def unknown_activity_key(context: Context, found: TypedObject) -> Iterator[Violation]:
    """A key of an activity that none of the models has, or one in its references and dependencies that is a slip."""
    if not found.path:
        yield from _unknown(context, found, {*found.keys, *_ALSO_ON_ACTIVITIES})
    elif found.path[0] != "typeProperties":
        yield from _slips(context, found)


@rule("ADF213", on=each(typed_objects))
def unknown_property(context: Context, found: TypedObject) -> Iterator[Violation]:
    """A key of ``typeProperties`` that the activity's type does not have, or one in an object there that is a slip."""
    if found.path == ("typeProperties",):
        yield from _unknown(context, found, set(found.keys))
    elif found.path[:1] == ("typeProperties",):
        yield from _slips(context, found)


def _slips(context: Context, found: TypedObject) -> Iterator[Violation]:
    """Violations for the keys of an inner object that are a known key but for a letter or two."""
    violations = _unknown(context, found, set(found.keys), SLIP) if found.keys else ()
    return (violation for violation in violations if violation.severity is not None)


def known_activities(context: Context) -> list[tuple[Activity, str]]:
    """The active activities of a known type, each with its class; not those written for another product."""
    found: list[tuple[Activity, str]] = context.once("known activities", lambda: list(_known_activities(context)))
    return found


def _known_activities(context: Context) -> Iterator[tuple[Activity, str]]:
    others = foreign(context)
    for node in context.active:
        canonical = canonical_type(node.type)
        if canonical is not None and id(node) not in others:
            yield node, schema.activity_types()[canonical]


def _unknown(context: Context, found: TypedObject, known: set[str], cutoff: float = 0.6) -> Iterator[Violation]:
    node, path, value, _ = found
    if known.issuperset(value):
        return
    folded = {name.casefold() for name in known}
    for key in value:
        if key.casefold() not in folded and not key.startswith(("@", "$")):
            near = context.suggest(key, sorted(known.difference(value)), cutoff)
            where = f" in '{'.'.join(map(str, path))}'" if len(path) > 1 else ""
            message = f"{title(node)} has the key {quoted(key)}{where}, which {quoted(node.type)} does not have; it has no effect.{near}"
            yield Violation(message, (*node.path, *path, key), Severity.WARNING if near else None)


@rule("ADF214", on=each(typed_objects))
def missing_key(context: Context, found: TypedObject) -> Iterator[Violation]:
    """A key that the model of the type requires, missing, null or empty."""
    node, path, value, keys = found
    if not path or path[0] in _OWN_RULES or is_arm(node.json.get(str(path[0]))):
        return
    serviceless = node.type in CLUSTERS and path == ("linkedServiceName",) and value.get("referenceName") is None
    if not serviceless:
        documented = _REQUIRED_BY_DOCUMENTATION.get(node.type, {}) if path == ("typeProperties",) else {}
        yield from _missing(context, found._replace(keys={**keys, **documented}))


_OWN_RULES = ("policy", "dependsOn", "userProperties")
CLUSTERS = ("DatabricksSparkPython", "DatabricksNotebook", "DatabricksSparkJar", "DatabricksJob")
"""The activity types that run on Databricks; that they need a linked service is a rule of its own."""

_MAY_BE_EMPTY = ("value", "message", "errorCode", "referenceName")
_REQUIRED_BY_DOCUMENTATION = {
    "SetVariable": {
        "variableName": schema.Key("variableName", "string", required=True),
        "value": schema.Key("value", "any", required=True),
    },
    "AppendVariable": {
        "variableName": schema.Key("variableName", "string", required=True),
        "value": schema.Key("value", "any", required=True),
    },
    "Script": {"scripts": schema.Key("scripts", "[ScriptActivityScriptBlock]", required=True)},
}


def _missing(context: Context, found: TypedObject) -> Iterator[Violation]:
    node, path, value, keys = found
    if is_expression_object(value) and "type" not in keys:
        return
    for key in keys.values():
        given = get(value, key.name)
        if not key.required or given not in (None, "") or (given == "" and key.name in _MAY_BE_EMPTY):
            continue
        inner = ".".join(map(str, path[1:] if path[0] == "typeProperties" else path))
        where = f" of '{inner}'" if inner else ""
        if given == "":
            yield Violation(
                f"{title(node)} has an empty {quoted(key.name)}{where}, which {quoted(node.type)} requires.",
                (*node.path, *path, key.name),
            )
            continue
        near = context.suggest(key.name, [name for name in value if name not in keys]) if len(value) < 50 else ""
        hint = near.replace("Did you mean", "Is that meant by") if near else f" Add it: {schema.wanted(key)}."
        message = f"{title(node)} lacks the key {quoted(key.name)}{where}, which {quoted(node.type)} requires.{hint}"
        yield Violation(message, (*node.path, *path))


def typed(context: Context) -> list[tuple[Activity, schema.Mismatch]]:
    """Every value of an active activity that has another type than its key takes; the policy is another rule's."""
    found: list[tuple[Activity, schema.Mismatch]] = context.once("typed", lambda: list(_find_typed(context)))
    return found


@rule("ADF215", on=each(typed))
def wrong_type(_: Context, node: Activity, mismatch: schema.Mismatch) -> Iterator[Violation]:
    """A value that no reader would take for what is wanted."""
    if not mismatch.soft:
        yield Violation(_typed_message(node, mismatch), (*node.path, *mismatch.path))


@rule("ADF220", on=each(typed))
def lenient_type(_: Context, node: Activity, mismatch: schema.Mismatch) -> Iterator[Violation]:
    """A value that a lenient reader would convert."""
    if mismatch.soft:
        yield Violation(_typed_message(node, mismatch), (*node.path, *mismatch.path))


def _find_typed(context: Context) -> Iterator[tuple[Activity, schema.Mismatch]]:
    for node, model in known_activities(context):
        yield from ((node, found) for found in schema.mismatches(node.json, _envelope(model)))
        properties = schema.type_properties_of(model)
        inner = node.json.get("typeProperties")
        if isinstance(inner, dict):
            yield from ((node, found) for found in schema.mismatches(inner, properties, ("typeProperties",)))
        elif inner is not None and not is_arm(inner):
            yield node, schema.Mismatch(("typeProperties",), schema.Key("typeProperties", "{any}"), inner, soft=False)


@cache
def _envelope(model: str) -> dict[str, schema.Key]:
    """The keys beside ``typeProperties`` that no other rule looks at."""
    return {name: key for name, key in _around(model).items() if name not in ("name", "type", "dependsOn")}


def _typed_message(node: Activity, mismatch: schema.Mismatch) -> str:
    where = ".".join(map(str, mismatch.path))
    shown = "" if isinstance(mismatch.value, (dict, list)) else f" {quoted(mismatch.value)}"
    return (
        f"{title(node)} has {schema.described(mismatch)}{shown} as '{where}'; it takes {schema.wanted(mismatch.key)}."
    )


@rule("ADF219")
def unknown_word(context: Context) -> Iterator[Violation]:
    """A word that is not in the list of its key."""
    states = {name: key for name, key in schema.keys_of("Activity").items() if key.enum}
    inactive = ((node, (), node.json, states) for node in context.activities if node.inactive)
    for node, path, value, keys in chain(typed_objects(context), inactive):
        for name, key in schema.matched(value, keys):
            word = value[name] if key.enum else None
            if isinstance(word, str) and not is_dynamic(word) and word.casefold() not in map(str.casefold, key.enum):
                near = context.suggest(word, list(key.enum)) or f" It takes {', '.join(key.enum)}."
                yield Violation(
                    f"{title(node)} has {quoted(word)} as {quoted(key.name)}.{near}", (*node.path, *path, name)
                )


@rule("ADF221", on=each(typed_objects))
def out_of_range(_: Context, found: TypedObject) -> Iterator[Violation]:
    """A number under the minimum or over the maximum of its key."""
    node, path, value, keys = found
    for name, key in schema.matched(value, keys):
        number = value[name]
        if not isinstance(number, int) or isinstance(number, bool):
            continue
        lowest, highest = _DOCUMENTED.get(key.name, (key.minimum, key.maximum))
        if (lowest is not None and number < lowest) or (highest is not None and number > highest):
            limits = f"from {lowest or 0}" + (f" to {highest}" if highest is not None else "")
            yield Violation(
                f"{title(node)} has {number} as {quoted(key.name)}; it must be {limits}.",
                (*node.path, *path, name),
            )


_DOCUMENTED: dict[str, tuple[int | None, int | None]] = {"batchCount": (1, 50), "dataIntegrationUnits": (0, 256)}
"""The smallest and largest number of keys for which the documentation says more than the model."""


class TypedObject(NamedTuple):
    """An object of a known class in an activity.

    Attributes:
        node: The activity.
        path: Where it stands in the activity.
        value: The object.
        keys: The keys of its class.
    """

    node: Activity
    path: JsonPath
    value: dict[str, Any]
    keys: dict[str, schema.Key]


def _find_typed_objects(context: Context) -> Iterator[TypedObject]:
    for node, model in known_activities(context):
        for path, value, keys in schema.objects(node.json, _around(model)):
            yield TypedObject(node, path, value, keys)
        for path, value, keys in schema.objects(node.type_properties, schema.type_properties_of(model)):
            yield TypedObject(node, ("typeProperties", *path), value, keys)


@cache
def _around(model: str) -> dict[str, schema.Key]:
    """The keys of an activity of a class beside ``typeProperties``, but for the policy."""
    return {name: key for name, key in {**schema.keys_of(model), **ENVELOPE}.items() if name != "policy"}


@rule("ADF222", on=each(typed_objects))
def broken_expression_object(_: Context, found: TypedObject) -> Iterator[Violation]:
    """An Expression object whose value is no text, or that has another type than Expression where one is wanted."""
    node, path, value, keys = found
    for name, key in schema.matched(value, keys):
        inner = value[name]
        if isinstance(inner, dict) and is_expression_object(inner) and not isinstance(inner["value"], str):
            message = f'{title(node)} has {kind_of(inner["value"])} as the value of the Expression object {quoted(key.name)}; it takes a text such as "@…".'
            lenient = isinstance(inner["value"], (bool, int, float)) and key.type != "Expression"
            yield Violation(message, (*node.path, *path, name), Severity.WARNING if lenient else None)
