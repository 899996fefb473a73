"""The document model: one ADF resource of a JSON file, with every key, value and order as it was read.

Read are all the forms in which people hold pipelines: ADF's own git form, FlowEHR's ``pipeline.json``, ``trigger.json``
and ``activities.json`` (a bare list), the answers of the REST interface and of ``az datafactory``, and ARM templates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from activities_gen.findings import Finding, FindingsError, JsonPath, Location, Severity
from activities_gen.wire import arm
from activities_gen.wire.json_text import read, unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from activities_gen.wire.positions import Positions

MAX_BYTES = 64 * 1024 * 1024
"""Largest file that is read. ADF refuses a pipeline over 200 KB; an ARM template holds at most some thousand of them."""


class Kind(Enum):
    """What a document defines; the value is the last part of its ARM type."""

    PIPELINE = "pipelines"
    TRIGGER = "triggers"
    DATASET = "datasets"
    LINKED_SERVICE = "linkedservices"
    DATA_FLOW = "dataflows"
    INTEGRATION_RUNTIME = "integrationruntimes"
    CREDENTIAL = "credentials"
    OTHER = "other"


FOLDERS = {
    "pipeline": Kind.PIPELINE,
    "trigger": Kind.TRIGGER,
    "dataset": Kind.DATASET,
    "linkedService": Kind.LINKED_SERVICE,
    "dataflow": Kind.DATA_FLOW,
    "integrationRuntime": Kind.INTEGRATION_RUNTIME,
    "credential": Kind.CREDENTIAL,
}
"""The folders of an ADF git repository, and what the files in each define."""


@dataclass(frozen=True)
class Document:
    """One resource of a JSON file.

    Attributes:
        kind: What it defines.
        name: The resource's own name, without that of its factory; empty if there is none.
        properties: The object that ADF calls ``properties``; ``activities``, ``parameters`` and so on for a pipeline.
        raw: The object around ``properties``, or the bare list of activities. Of an ARM template, names and constant strings
            are resolved.
        file: The file as it is shown in findings.
        locate: From a path inside the document, beginning with ``"name"`` or ``"properties"``, to its place.
        length: How many characters the file has; 0 if it comes from none.
    """

    kind: Kind
    name: str
    properties: dict[str, Any]
    raw: Any
    file: str
    locate: Callable[[JsonPath], Location] = field(repr=False, compare=False)
    length: int = field(default=0, repr=False, compare=False)

    @property
    def activities(self) -> list[Any]:
        """The activities of a pipeline, as they are; empty if they are missing or no list."""
        activities = self.properties.get("activities")
        return activities if isinstance(activities, list) else []


def parse(content: bytes | str, file: str) -> tuple[list[Document], list[Finding]]:
    """Read the documents of one JSON file.

    Args:
        content: The file's bytes, in UTF-8 or UTF-16, with or without a byte order mark; or its text.
        file: The file's path as findings show it. The name of its folder, or the name ``trigger.json``, decides what
            it defines where the content leaves that open.

    Returns:
        The documents in the order of the file, and what is wrong with it: ``ADF001`` for what cannot be read (then
        there are no documents), ``ADF002`` for a key that stands twice, ``ADF003`` for a form that is not known.
    """
    if len(content) > MAX_BYTES:
        message = f"The file has more than {MAX_BYTES >> 20} MiB; ADF takes at most 200 KB for a pipeline."
        return [], [unreadable(message, Location(file))]
    try:
        value, positions, findings = read(content, file)
    except FindingsError as error:
        return [], list(error.findings)
    documents = list(_documents(value, file, positions))
    if not documents:
        message = "No pipeline, trigger or other ADF resource in it: expected an object with 'properties', a list of activities, or an ARM template."
        findings.append(Finding("ADF003", Severity.ERROR, message, Location(file, 1, 1)))
    return documents, findings


def _documents(value: Any, file: str, positions: Positions) -> Iterator[Document]:
    """The resources in a file's JSON, by its form."""
    if isinstance(value, list):
        if any(isinstance(item, dict) and "properties" in item for item in value):
            for index, item in enumerate(value):
                yield from _resource(item, (index,), file, positions)
        else:
            locate = _locator(file, positions, (), strip=2)
            yield Document(Kind.PIPELINE, "", {"activities": value}, value, file, locate, positions.length)
    elif isinstance(value, dict):
        if isinstance(value.get("resources"), (list, dict)):
            yield from _arm(value["resources"], ("resources",), file, positions)
        elif isinstance(value.get("value"), list) and "properties" not in value:
            for index, item in enumerate(value["value"]):
                yield from _resource(item, ("value", index), file, positions)
        else:
            yield from _resource(value, (), file, positions)


_ARM_PREFIXES = ("microsoft.datafactory/factories/", "microsoft.synapse/workspaces/")


def _arm(resources: Any, path: JsonPath, file: str, positions: Positions) -> Iterator[Document]:
    """The ADF resources of an ARM template, those inside others and inside nested deployments too.

    Resources are a list, or an object by symbolic name, as Bicep writes them.
    """
    members = enumerate(resources) if isinstance(resources, list) else resources.items()
    for step, resource in members:
        if not isinstance(resource, dict):
            continue
        here: JsonPath = (*path, step)
        kind = str(resource.get("type", "")).casefold()
        properties = resource.get("properties")
        if kind.startswith(_ARM_PREFIXES) or kind in _BY_ARM_SUFFIX:
            yield from _resource(resource, here, file, positions)
        template = properties.get("template") if isinstance(properties, dict) else None
        inner = template.get("resources") if isinstance(template, dict) else None
        for value, steps in ((resource.get("resources"), ()), (inner, ("properties", "template"))):
            if isinstance(value, (list, dict)):
                yield from _arm(value, (*here, *steps, "resources"), file, positions)


def _resource(value: Any, path: JsonPath, file: str, positions: Positions) -> Iterator[Document]:
    """One resource: with ``properties``, or flat as ``az datafactory pipeline show`` prints it."""
    if not isinstance(value, dict):
        return
    value = _without_template(value)
    name = value["name"] if isinstance(value.get("name"), str) else ""
    properties = value.get("properties")
    if isinstance(properties, dict):
        kind = _kind(value, properties, file)
        yield Document(kind, name, properties, value, file, _locator(file, positions, path), positions.length)
    elif "activities" in value:
        locate = _locator(file, positions, path, strip=1)
        yield Document(Kind.PIPELINE, name, value, value, file, locate, positions.length)
    elif "name" in value or PurePath(file).name in ("pipeline.json", "trigger.json"):
        locate = _locator(file, positions, path)
        yield Document(_kind(value, {}, file), name, {}, value, file, locate, positions.length)


def _without_template(resource: dict[str, Any]) -> dict[str, Any]:
    """A resource of an ARM template or of the REST interface as the factory has it.

    Its name is without the factory's, and in a template constant strings are resolved.
    """
    name, kind = resource.get("name"), resource.get("type")
    if not (isinstance(kind, str) and "/" in kind):
        return resource
    if "apiVersion" in resource or (isinstance(name, str) and arm.is_expression(name)):
        resource = {**resource, "properties": arm.resolved(resource.get("properties"))}
    return {**resource, "name": arm.own_name(name)} if isinstance(name, str) else resource


_BY_ARM_SUFFIX = {kind.value: kind for kind in Kind}


def _kind(value: dict[str, Any], properties: dict[str, Any], file: str) -> Kind:
    """Returns what a resource defines: by its ARM type, else by what it holds, else by where its file lies."""
    arm = value.get("type")
    if isinstance(arm, str) and "/" in arm:
        return _BY_ARM_SUFFIX.get(arm.casefold().rsplit("/", 1)[1], Kind.OTHER)
    if "activities" in properties:
        return Kind.PIPELINE
    kind = str(properties.get("type", ""))
    if re.fullmatch(r"\w*Trigger", kind):
        return Kind.TRIGGER
    place = PurePath(file)
    if "globalParameters" in properties or place.parent.name == "factory":
        return Kind.OTHER
    if place.parent.name in FOLDERS:
        return FOLDERS[place.parent.name]
    if place.name == "trigger.json":
        return Kind.TRIGGER
    if kind in ("MappingDataFlow", "Flowlet", "WranglingDataFlow"):
        return Kind.DATA_FLOW
    if "linkedServiceName" in properties:
        return Kind.DATASET
    return Kind.LINKED_SERVICE if kind else Kind.PIPELINE


def _locator(file: str, positions: Positions, root: JsonPath, strip: int = 0) -> Callable[[JsonPath], Location]:
    """Places inside one document; ``strip`` leading steps exist in the model only, not in the file."""

    def locate(path: JsonPath) -> Location:
        return Location(file, *positions.of((*root, *path[strip:])))

    return locate
