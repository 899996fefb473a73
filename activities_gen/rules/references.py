"""References: how they are written, and that each leads to a resource of the ADF git repository."""

from __future__ import annotations

from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from activities_gen.findings import Severity
from activities_gen.model import schema
from activities_gen.model.pipeline import knows_all
from activities_gen.model.values import is_arm, is_dynamic, is_expression_object
from activities_gen.rules.context import Context, lookup, title
from activities_gen.rules.execute_pipeline import missing_arguments
from activities_gen.rules.keys import typed_objects
from activities_gen.rules.model import Subject, Violation, quoted, rule
from activities_gen.rules.names import NOUNS
from activities_gen.rules.subjects import each
from activities_gen.wire.document import FOLDERS, Document, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.findings import JsonPath
    from activities_gen.model.activities import Activity

KINDS = {
    "LinkedServiceReference": Kind.LINKED_SERVICE,
    "DatasetReference": Kind.DATASET,
    "DataFlowReference": Kind.DATA_FLOW,
    "PipelineReference": Kind.PIPELINE,
    "TriggerReference": Kind.TRIGGER,
    "IntegrationRuntimeReference": Kind.INTEGRATION_RUNTIME,
    "CredentialReference": Kind.CREDENTIAL,
}


def _all_references(context: Context) -> Iterator[tuple[JsonPath, dict[str, Any], str, str, str]]:
    """The references of a document: path, reference, type wanted, who refers, and where as messages say it."""
    if context.document.kind is Kind.PIPELINE:
        for node, path, value, kind in references(context):
            yield (*node.path, *path), value, kind, title(node), ".".join(map(str, path))
        return
    owner = f"The {NOUNS[context.document.kind]} {quoted(context.document.name)}"
    for path, value in _objects(context.document):
        kind = _PLACES.get(str(path[-1]), "")
        if kind and "referenceName" in value:
            yield path, value, kind, owner, ".".join(map(str, path[1:]))


@rule("ADF225", on=each(_all_references, of=Subject.RESOURCE))
def computed_reference(
    context: Context, path: JsonPath, value: dict[str, Any], kind: str, owner: str, where: str
) -> Iterator[Violation]:
    """An expression or nothing as the name of a reference, or a type that belongs to another kind of reference."""
    name, given = value.get("referenceName"), value.get("type")
    if is_expression_object(name) or (isinstance(name, str) and is_dynamic(name) and not is_arm(name)):
        message = f"{owner} computes the name of the {kind} at '{where}'; it must be a plain name. Put the expression into the reference's parameters."
        yield Violation(message, (*path, "referenceName"))
    elif name == "" and kind != "PipelineReference":
        yield Violation(f"{owner} has a reference without a name at '{where}'.", (*path, "referenceName"))
    if isinstance(given, str) and not is_arm(given) and given != kind:
        yield Violation(
            f"{owner} has a reference of type {quoted(given)} at '{where}'; it must be {quoted(kind)}.",
            (*path, "type"),
        )
    elif given is None and context.document.kind is not Kind.PIPELINE:
        yield Violation(f'{owner} has a reference without type at \'{where}\'. Add "type": "{kind}".', path)


_PLACES = {
    "pipelineReference": "PipelineReference",
    "referenceTrigger": "TriggerReference",
    "linkedServiceName": "LinkedServiceReference",
    "linkedService": "LinkedServiceReference",
    "store": "LinkedServiceReference",
    "dataset": "DatasetReference",
    "connectVia": "IntegrationRuntimeReference",
    "credential": "CredentialReference",
}
"""The keys of datasets, linked services, data flows and triggers that hold a reference, and its type."""


def _objects(document: Document) -> Iterator[tuple[JsonPath, dict[str, Any]]]:
    """Every object of a document, in the order of the file, with its path."""
    stack: list[tuple[Any, JsonPath]] = [(document.properties, ("properties",))]
    while stack:
        value, path = stack.pop()
        if isinstance(value, dict):
            yield path, value
        members = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
        stack.extend((member, (*path, key)) for key, member in reversed(members) if isinstance(member, (dict, list)))


TypedReference = tuple["Activity", "JsonPath", dict[str, Any], str]
"""An activity, a path inside it, the reference there, and the type of reference wanted."""


def references(context: Context) -> list[TypedReference]:
    """The references in the active activities."""
    found: list[TypedReference] = context.once("references", lambda: list(_references(context)))
    return found


def _references(context: Context) -> Iterator[TypedReference]:
    for node, around, value, keys in typed_objects(context):
        for name, key in schema.matched(value, keys):
            kind = key.type.strip("[]{}")
            if kind in _REFERENCE_TYPES:
                for member, path in schema.members(value[name], key.type, (*around, name)):
                    yield node, path, member, kind


_REFERENCE_TYPES = frozenset(KINDS) - {"TriggerReference"}


def _typed(context: Context, kind: Kind) -> Iterator[tuple[JsonPath, str, str]]:
    """The references to resources of a kind in any document: path, name, who refers."""
    if context.document.kind is Kind.PIPELINE:
        for node, path, value, reference in references(context):
            name = value.get("referenceName")
            if KINDS.get(reference) is kind and isinstance(name, str):
                yield (*node.path, *path), name, title(node)
    else:
        yield from _in_resource(context.document, kind)


def _in_resource(document: Document, kind: Kind) -> Iterator[tuple[JsonPath, str, str]]:
    """The references in a dataset, linked service, data flow or trigger."""
    owner = f"The {NOUNS[document.kind]} {quoted(document.name)}"
    for path, value in _objects(document):
        name = value.get("referenceName")
        if isinstance(name, str) and KINDS.get(str(value.get("type"))) is kind:
            yield path, name, owner


_IN_EVERY_FACTORY = ("AutoResolveIntegrationRuntime",)


def _missing(context: Context, kind: Kind) -> Iterator[Violation]:
    """Violations for references to a kind of resource that is not in the repository."""
    if not context.repository.knows_all(kind):
        return
    for path, name, owner in _typed(context, kind):
        if (
            name
            and not is_dynamic(name)
            and name not in _IN_EVERY_FACTORY
            and context.repository.find(kind, name) is None
        ):
            near = context.suggest(name, context.repository.names(kind))
            yield Violation(
                f"{owner} refers to the {NOUNS[kind]} {quoted(name)}, which is not in this repository.{near}", path
            )


def _arguments(context: Context, kind: Kind) -> Iterator[Violation]:
    """Violations for the references to a kind of resource whose arguments do not fit what it declares."""
    for path, value, reference, owner, _ in _all_references(context):
        name, arguments = value.get("referenceName"), value.get("parameters")
        found = context.repository.find(kind, name) if isinstance(name, str) and KINDS.get(reference) is kind else None
        if found is None or is_dynamic(arguments):
            continue
        what = f"the {NOUNS[kind]} {quoted(name)}"
        given = arguments if isinstance(arguments, dict) else {}
        declared = found.properties.get("parameters")
        declared = declared if isinstance(declared, dict) else {}
        for parameter in missing_arguments(found, given):
            yield Violation(
                f"{owner} uses {what} without its parameter {quoted(parameter)}, which has no default.", path
            )
        for argument in given if knows_all(found, "parameters") else ():
            if lookup(declared, argument) is None:
                near = context.suggest(argument, declared)
                yield Violation(
                    f"{owner} passes {quoted(argument)}, which {what} has no parameter for.{near}",
                    path,
                    Severity.WARNING,
                )


for _code, _subject, _check, _kind in (
    ("ADF510", Subject.RESOURCE, _missing, Kind.LINKED_SERVICE),
    ("ADF511", Subject.RESOURCE, _missing, Kind.DATASET),
    ("ADF512", Subject.RESOURCE, _missing, Kind.DATA_FLOW),
    ("ADF513", Subject.RESOURCE, _missing, Kind.INTEGRATION_RUNTIME),
    ("ADF514", Subject.RESOURCE, _missing, Kind.CREDENTIAL),
    ("ADF515", Subject.PIPELINE, _arguments, Kind.DATASET),
    ("ADF516", Subject.RESOURCE, _arguments, Kind.LINKED_SERVICE),
):
    rule(_code, on=_subject)(partial(_check, kind=_kind))


@rule("ADF517", on=Subject.RESOURCE)
def file_name(context: Context) -> Iterator[Violation]:
    """A name that differs from the file's, in an ADF git repository."""
    document = context.document
    if not context.repository.knows_all(document.kind):
        return
    place = PurePath(document.file)
    in_folder = FOLDERS.get(place.parent.name) is document.kind
    if in_folder and document.name and not is_arm(document.name) and place.stem != document.name:
        yield Violation(
            f"The {NOUNS[document.kind]} {quoted(document.name)} stands in the file {quoted(place.name)}. Rename the file to '{document.name}.json'.",
            ("name",),
        )


@rule("ADF518", on=Subject.RESOURCE)
def duplicate_resource(context: Context) -> Iterator[Violation]:
    """A name that an earlier document has."""
    document = context.document
    if not document.name or is_arm(document.name) or document.kind is Kind.OTHER:
        return
    first = context.repository.find(document.kind, document.name)
    if first is not None and first is not document:
        yield Violation(
            f"A second {NOUNS[document.kind]} is called {quoted(document.name)}; the first is in {quoted(first.file)}. Rename one of them.",
            ("name",),
        )
