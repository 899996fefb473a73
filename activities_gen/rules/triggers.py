"""Triggers: what all of them have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from activities_gen.catalogue import Target
from activities_gen.findings import Severity
from activities_gen.model import schema
from activities_gen.model.pipeline import knows_all
from activities_gen.model.values import get, is_arm, is_dynamic, kind_of
from activities_gen.rules.context import Context, lookup
from activities_gen.rules.declarations import fits
from activities_gen.rules.execute_pipeline import LeftOut, gathered
from activities_gen.rules.model import Subject, Violation, quoted, rule
from activities_gen.rules.scoping import read
from activities_gen.rules.subjects import each
from activities_gen.wire.document import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.findings import JsonPath
    from activities_gen.wire.document import Document

AT: JsonPath = ("properties", "typeProperties")


def type_of(context: Context) -> str:
    """The trigger's type."""
    return str(context.document.properties.get("type", ""))


def content_of(context: Context) -> dict[str, Any]:
    """The trigger's ``typeProperties``."""
    value = context.document.properties.get("typeProperties")
    return value if isinstance(value, dict) else {}


def name_of(context: Context) -> str:
    """The trigger as messages name it."""
    return f"The trigger {quoted(context.document.name)}" if context.document.name else "The trigger"


def model_of(context: Context) -> str:
    """The class of the trigger's type; empty for an unknown type."""
    return schema.trigger_types().get(type_of(context), "")


def started(context: Context) -> Iterator[tuple[JsonPath, Any]]:
    """The entries that say which pipelines a trigger starts, each with its path."""
    return entries_of(context.document)


def entries_of(trigger: Document) -> Iterator[tuple[JsonPath, Any]]:
    """The same, of any trigger."""
    properties = trigger.properties
    if "pipeline" in properties:
        yield ("properties", "pipeline"), properties["pipeline"]
    several = properties.get("pipelines")
    for index, entry in enumerate(several if isinstance(several, list) else []):
        yield ("properties", "pipelines", index), entry


@rule("ADF701", on=Subject.TRIGGER)
def trigger_type(context: Context) -> Iterator[Violation]:
    """A missing or unknown type."""
    kind = context.document.properties.get("type")
    if not isinstance(kind, str) or not kind:
        yield Violation(
            f"{name_of(context)} has no 'type'. Add one, such as \"TumblingWindowTrigger\".", ("properties",)
        )
    elif kind not in schema.trigger_types() and not is_arm(kind):
        near = context.suggest(kind, list(schema.trigger_types()))
        yield Violation(
            f"{name_of(context)} has the type {quoted(kind)}, which is none of Azure's.{near}",
            ("properties", "type"),
            None if near else Severity.WARNING,
        )


@rule("ADF702", on=Subject.TRIGGER)
def missing_key(context: Context) -> Iterator[Violation]:
    """A key that the model of the trigger's type requires; FlowEHR has a default for one of them."""
    if is_arm(context.document.properties.get("typeProperties")):
        return
    given_there = ("maxConcurrency",) if context.options.target is Target.FLOWEHR else ()
    for path, value, keys in schema.objects(content_of(context), schema.type_properties_of(model_of(context))):
        for key in keys.values():
            if key.required and key.name not in given_there and get(value, key.name) is None:
                yield Violation(
                    f"{name_of(context)} lacks {quoted(key.name)}. Add it: {schema.wanted(key)}.", (*AT, *path)
                )


@rule("ADF703", on=Subject.TRIGGER)
def wrong_type(context: Context) -> Iterator[Violation]:
    """A value of another JSON type."""
    model, properties = model_of(context), context.document.properties
    single = isinstance(properties.get("pipeline"), dict)
    keys = {name: key for name, key in schema.keys_of(model).items() if name != "pipeline" or single}
    for found in (
        *schema.mismatches(properties, keys, ("properties",)),
        *schema.mismatches(content_of(context), schema.type_properties_of(model), AT),
    ):
        where = ".".join(map(str, found.path[len(AT) if found.path[: len(AT)] == AT else 1 :]))
        message = f"{name_of(context)} has {schema.described(found)} as '{where}'; it takes {schema.wanted(found.key)}."
        yield Violation(message, found.path, Severity.WARNING if found.soft else None)


@rule("ADF704", on=Subject.TRIGGER)
def unknown_key(context: Context) -> Iterator[Violation]:
    """A key of typeProperties, or of an object in it, that the model does not have."""
    model = model_of(context)
    for path, value, keys in schema.objects(content_of(context), schema.type_properties_of(model)) if model else ():
        folded = {name.casefold() for name in keys}
        for key in value:
            if key.casefold() not in folded and key not in _ALSO:
                near = context.suggest(key, keys)
                message = f"{name_of(context)} has the key {quoted(key)}, which has no effect.{near}"
                yield Violation(message, (*AT, *path, key))


_ALSO = frozenset({"advancedFilters"})
"""Keys that Studio writes and the model does not have."""


@rule("ADF705", on=Subject.TRIGGER)
def pipeline_shape(context: Context) -> Iterator[Violation]:
    """``pipelines`` on a tumbling window, ``pipeline`` on another trigger, both, or an entry without a name."""
    properties = context.document.properties
    single = type_of(context) in ("TumblingWindowTrigger", "ChainingTrigger")
    wanted, other = ("pipeline", "pipelines") if single else ("pipelines", "pipeline")
    if wanted not in properties and other in properties and type_of(context) in schema.trigger_types():
        form = "one object" if single else "a list"
        yield Violation(
            f"{name_of(context)} has {quoted(other)}; a {type_of(context)} has {quoted(wanted)}, {form}.",
            ("properties", other),
        )
    elif wanted in properties and properties.get(other) and type_of(context) in schema.trigger_types():
        yield Violation(
            f"{name_of(context)} has {quoted(wanted)} and {quoted(other)}; a {type_of(context)} takes {quoted(wanted)} alone.",
            ("properties", other),
        )
    elif not properties.get(wanted) and not properties.get(other) and type_of(context) != "RerunTumblingWindowTrigger":
        running = properties.get("runtimeState") == "Started"
        tail = ", and Azure does not start such a trigger" if running else ""
        severity = None if running else Severity.WARNING
        yield Violation(
            f"{name_of(context)} starts no pipeline{tail}. Add {quoted(wanted)}.", ("properties",), severity
        )
    for path, entry in started(context):
        if entry not in ({}, None) and not _reference_name(entry) and not is_arm(entry):
            yield Violation(
                f'{name_of(context)} starts a pipeline without a name. Add "pipelineReference": {{"referenceName": …}}.',
                path,
            )


def _reference_name(entry: Any) -> str:
    reference = entry.get("pipelineReference") if isinstance(entry, dict) else None
    name = reference.get("referenceName") if isinstance(reference, dict) else None
    return name if isinstance(name, str) else ""


@rule("ADF706", on=Subject.TRIGGER)
def missing_pipeline(context: Context) -> Iterator[Violation]:
    """A started pipeline that no file defines."""
    if not context.repository.knows_all(Kind.PIPELINE):
        return
    for path, entry in started(context):
        name = _reference_name(entry)
        if name and not is_dynamic(name) and context.repository.find(Kind.PIPELINE, name) is None:
            near = context.suggest(name, context.repository.names(Kind.PIPELINE))
            yield Violation(
                f"{name_of(context)} starts the pipeline {quoted(name)}, which is not in this repository.{near}", path
            )


@rule("ADF707", on=each(started, of=Subject.TRIGGER))
def arguments(context: Context, path: JsonPath, entry: Any) -> Iterator[Violation]:
    """A parameter without value, an argument without parameter, or one of another type."""
    pipeline = context.repository.find(Kind.PIPELINE, _reference_name(entry))
    if pipeline is None:
        return
    given = entry.get("parameters")
    found: dict[int, list[LeftOut]] = context.repository.once("left out by triggers", lambda: _left_out(context))
    for left in found.get(id(context.document), ()):
        if left.place == path:
            yield Violation(
                f"{name_of(context)} starts {quoted(left.pipeline)} without its parameter {quoted(left.parameter)}, which has no default{left.others('start')}.",
                path,
            )
    for argument, value in given.items() if isinstance(given, dict) and not is_dynamic(given) else ():
        problem = _argument_problem(context, argument, value, pipeline)
        if problem:
            yield Violation(f"{name_of(context)} passes {problem}", (*path, "parameters", argument))


def _left_out(context: Context) -> dict[int, list[LeftOut]]:
    triggers = [document for document in context.repository.documents if document.kind is Kind.TRIGGER]
    return gathered(
        (document, path, pipeline, entry.get("parameters"))
        for document in triggers
        for path, entry in entries_of(document)
        if (pipeline := context.repository.find(Kind.PIPELINE, _reference_name(entry)))
    )


def _argument_problem(context: Context, argument: str, value: Any, pipeline: Document) -> str:
    """Returns what is wrong with one argument of a pipeline, as the end of a sentence; empty if nothing is."""
    declared = pipeline.properties.get("parameters")
    declared = declared if isinstance(declared, dict) else {}
    entry = lookup(declared, argument)
    if entry is None and knows_all(pipeline, "parameters"):
        near = context.suggest(argument, declared)
        return f"{quoted(argument)}, which {quoted(pipeline.name)} has no parameter for.{near}"
    kind = entry.get("type") if isinstance(entry, dict) else None
    if isinstance(kind, str) and value is not None and not is_dynamic(value) and not fits(value, kind):
        return f"{kind_of(value)} as {quoted(argument)}, which {quoted(pipeline.name)} declares as {kind}."
    return ""


@rule("ADF720", on=each(started, of=Subject.TRIGGER))
def absent_parameters(context: Context, path: JsonPath, entry: Any) -> Iterator[Violation]:
    """An entry that starts a pipeline and has no parameters."""
    if isinstance(entry, dict) and "parameters" not in entry and "pipelineReference" in entry:
        yield Violation(f"{name_of(context)} starts a pipeline without 'parameters'. Add \"parameters\": {{}}.", path)


_WINDOW_TIMES = ("outputs.windowstarttime", "outputs.windowendtime")
_BLOB = ("filename", "folderpath")
_SYSTEM: dict[str, dict[str, tuple[str, ...]]] = {
    "TumblingWindowTrigger": {"trigger": (*_WINDOW_TIMES, "scheduledtime", "starttime")},
    "ScheduleTrigger": {"trigger": ("scheduledtime", "starttime")},
    "BlobEventsTrigger": {"trigger": ("starttime", *(f"outputs.body.{name}" for name in _BLOB)), "trigger_body": _BLOB},
    "CustomEventsTrigger": {"trigger": ("starttime", "outputs.body.event"), "trigger_body": ("event",)},
}
"""The documented system variables of each type of trigger: below ``trigger()``, and below ``triggerBody()``."""


@rule("ADF724", on=Subject.TRIGGER)
def system_variable(context: Context) -> Iterator[Violation]:
    """A property of ``trigger()`` or ``triggerBody()`` that triggers of another type have, or none."""
    known = _SYSTEM.get(type_of(context))
    for found, reference in read(context, "trigger", "trigger_body") if known else ():
        written = ".".join(str(step) for step in (reference.name, *reference.path) if step not in ("", None))
        names = known.get(reference.kind, ()) if known else ()
        if written and not any(_leads_to(written.casefold(), name) for name in names):
            call = "trigger()" if reference.kind == "trigger" else "triggerBody()"
            yield Violation(
                f"{name_of(context)} reads {call}.{written}, which a {type_of(context)} does not have.", found.path
            )


def _leads_to(written: str, name: str) -> bool:
    """Whether a chain of properties is a system variable, the way to one, or a part of its value."""
    return written == name or name.startswith(f"{written}.") or written.startswith(f"{name}.")
