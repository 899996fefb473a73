"""What the decoder of FlowEHR's Terraform provider refuses, changes or drops in activities.

All of this is about azurerm 3.47, the version that FlowEHR pins. Its messages never say which activity they mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from activities_gen.model import terraform
from activities_gen.model.activities import FORM
from activities_gen.model.terraform import Deviation, Effect
from activities_gen.model.types import canonical_type
from activities_gen.model.values import is_arm_expression, is_expression_object, is_placeholder, kind_of
from activities_gen.rules.context import Context, title
from activities_gen.rules.keys import SLIP
from activities_gen.rules.model import Each, Violation, quoted, rule
from activities_gen.rules.subjects import EVERY_ACTIVITY, each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.findings import JsonPath
    from activities_gen.model.activities import Activity

_ACTIVITIES = ("properties", "activities")


@rule("FLO130", on=EVERY_ACTIVITY)
def unknown_type(context: Context, node: Activity) -> Iterator[Violation]:
    """A type that the provider does not know, or in other letter case."""
    known = terraform.activity_types()
    if node.written_type in {"", *known} or is_placeholder(node.written_type):
        return
    canonical = canonical_type(node.type)
    hint = "" if canonical else context.suggest(node.type, sorted(known), cutoff=SLIP)
    if canonical in known:
        hint = f" Write {quoted(canonical)}."
    yield Violation(
        f"{title(node)} has the type {quoted(node.written_type)}, which FlowEHR's Terraform sends as 'Activity', a step that cannot run.{hint or ' Use a type that it knows.'}",
        (*node.path, "type"),
    )


class Decoded(NamedTuple):
    """A deviation of the decoder, and whose it is.

    Attributes:
        owner: The innermost activity around it, as messages name it.
        inner: Where, inside of that.
        found: The deviation; its path is that of the document.
    """

    owner: str
    inner: JsonPath
    found: Deviation

    @property
    def where(self) -> str:
        """Where in its owner, as messages name it."""
        return ".".join(map(str, self.inner))


def _decode(context: Context) -> dict[Effect, list[Decoded]]:
    """Returns what the decoder makes of the activities, by what it does."""
    activities = context.document.properties.get("activities")
    found: dict[Effect, list[Decoded]] = {effect: [] for effect in Effect}
    if activities is None:
        return found
    nodes = {node.path: node for node in context.activities}
    for deviation in terraform.deviations(activities, path=_ACTIVITIES):
        found[deviation.effect].append(_owned(deviation, nodes))
    return found


def _owned(found: Deviation, nodes: dict[JsonPath, Activity]) -> Decoded:
    path = found.path
    size = next((size for size in range(len(path), 1, -1) if path[:size] in nodes), 1)
    return Decoded(title(nodes[path[:size]]) if size > 1 else "The pipeline", path[size:], found)


def _effects(*effects: Effect) -> Each:
    """Returns a subject for each place where the decoder does one of these."""

    def find(context: Context) -> Iterator[Decoded]:
        by_effect = context.once("decoded", lambda: _decode(context))
        return (decoded for effect in effects for decoded in by_effect[effect])

    return each(find)


@rule("FLO131", on=_effects(Effect.DROPS))
def dropped_key(context: Context, decoded: Decoded) -> Iterator[Violation]:
    """A key that the provider does not know, where it keeps known keys only."""
    key = str(decoded.found.path[-1])
    near = context.suggest(key, [known for known in decoded.found.known if known != key], SLIP)
    where = f" in {quoted('.'.join(map(str, decoded.inner[:-1])))}" if len(decoded.inner) > 2 else ""
    yield Violation(
        f"{decoded.owner} has the key {quoted(key)}{where}, which FlowEHR's Terraform drops silently.{near or ' Do without it.'}",
        decoded.found.path,
    )


@rule("FLO132", on=_effects(Effect.STOPS, Effect.CRASHES))
def decoder(_: Context, decoded: Decoded) -> Iterator[Violation]:
    """A value that the provider's decoder cannot read."""
    found = decoded.found
    says = "Terraform's provider ends with a panic."
    if found.effect is Effect.STOPS:
        says = f"Terraform says 'json: cannot unmarshal {_go_kind(found)} into {found.into}'."
    yield Violation(
        f"{decoded.owner} has {_described(found.value)} as {quoted(decoded.where)}; it must be {_wanted(found)}. {says}",
        found.path,
    )


def _described(value: Any) -> str:
    if is_arm_expression(value):
        return f"the ARM expression {quoted(value)}, which is plain text to FlowEHR,"
    return "an Expression object" if is_expression_object(value) else kind_of(value)


def _go_kind(found: Deviation) -> str:
    """Returns what stands there, as the message says it: a number that is none of the wanted ones is shown."""
    kind, value = terraform.go_kind(found.value), found.value
    if kind != "number" or found.wanted != "int32":
        return kind
    return f"{kind} {int(value) if isinstance(value, float) and value.is_integer() else value}"


_WANTED = {
    "bool": "true or false without quotes",
    "int32": "a whole number without quotes",
    "Expression": 'an object {"value": "@…", "type": "Expression"}',
    "ActivityDependency": f"an object {FORM}",
}
_LIBRARIES = 'an object such as {"whl": …}'


def _wanted(found: Deviation) -> str:
    """Returns what a place takes, by the type in the provider's table."""
    kind = found.wanted
    if kind == "{any}" and found.path[-2:-1] == ("libraries",):
        return _LIBRARIES
    if kind in _WANTED:
        return _WANTED[kind]
    if kind[0] == "[":
        return "a list"
    return "a plain text" if terraform.is_text(kind) else "an object"


@rule("FLO133", on=_effects(Effect.EMPTIES))
def null(_: Context, decoded: Decoded) -> Iterator[Violation]:
    """A null, or what counts as nothing, where the provider keeps neither."""
    value = decoded.found.value
    shown = "null" if value is None else "an empty text" if value == "" else "an empty object"
    yield Violation(
        f"{decoded.owner} has {shown} as {quoted(decoded.where)}, which FlowEHR's Terraform does not keep, so that every plan shows a change. Delete it.",
        decoded.found.path,
    )


@rule("FLO134", on=_effects(Effect.RENAMES))
def key_case(_: Context, decoded: Decoded) -> Iterator[Violation]:
    """A known key in another case."""
    yield Violation(
        f"{decoded.owner} has the key {quoted(decoded.found.path[-1])}. Write {quoted(decoded.found.wanted)}, as Terraform does; else every plan shows a change.",
        decoded.found.path,
    )


@rule("FLO135", on=_effects(Effect.RETYPES))
def rewritten_type(_: Context, decoded: Decoded) -> Iterator[Violation]:
    """A part of an activity, at whatever depth, whose type is none of those known in its place."""
    if len(decoded.inner) > 1:
        yield Violation(
            f"{decoded.owner} has a {decoded.inner[-2]} of type {quoted(decoded.found.value)}, which FlowEHR's Terraform sends as {quoted(decoded.found.wanted)}.",
            decoded.found.path,
        )


@rule("FLO136", on=_effects(Effect.ADDS))
def added_key(_: Context, decoded: Decoded) -> Iterator[Violation]:
    """A key that the provider writes if it is missing."""
    key, written = decoded.found.wanted, decoded.found.into
    if not decoded.inner:
        return
    hint = "Add the type." if key == "type" else f'Add "{key}": {written}.'
    yield Violation(
        f"{decoded.owner} has no {quoted(key)} in {quoted(decoded.where)}; FlowEHR's Terraform writes {written} there, so that every plan shows a change. {hint}",
        decoded.found.path,
    )
