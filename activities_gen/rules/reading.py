"""Whether a file can be read at all, and has the form of an ADF resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from activities_gen.findings import Layer, Severity
from activities_gen.rules.examples import pipeline, wait
from activities_gen.rules.model import Mark, Target, rule
from activities_gen.rules.values import is_arm, kind_of
from activities_gen.wire.document import branches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.rules.context import Context

JSON_RFC = "https://www.rfc-editor.org/rfc/rfc8259"
_GOOD = '[{"name": "Pause", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}}]\n'


def _reported_elsewhere(_: Context) -> Iterator[Mark]:
    """Reported while the file is read, not by looking at a document."""
    yield from ()


rule(
    "ADF001",
    "the file cannot be read as JSON",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    why="A comment, a comma too many, single quotes, another encoding than Unicode, or a number that no type holds: "
    "the file has no content as far as Azure and Terraform are concerned.",
    wrong={"activities.json": '[{"name": "Pause",}]  // not yet\n'},
    right={"activities.json": _GOOD},
    source=JSON_RFC,
)(_reported_elsewhere)

rule(
    "ADF002",
    "a key stands twice in one object",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    why="The last one wins silently, whatever the first one said.",
    wrong={"activities.json": _GOOD.replace('"type"', '"name": "Rest", "type"')},
    right={"activities.json": _GOOD},
    source=JSON_RFC,
)(_reported_elsewhere)

rule(
    "ADF003",
    "the file holds no ADF resource",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    why="A pipeline is an object with `properties`, FlowEHR's first contract a bare list of activities.",
    wrong={"activities.json": '{"steps": []}\n'},
    right={"activities.json": _GOOD},
    source="https://learn.microsoft.com/azure/data-factory/concepts-pipelines-activities#pipeline-json",
)(_reported_elsewhere)


@rule(
    "ADF004",
    "a pipeline without a list of activities",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    why="`properties.activities` is a list. A null there, or an object, makes an empty pipeline or none at all. Where the key is "
    "missing the pipeline is empty, which is a warning; for FlowEHR, whose Terraform stops there, an error.",
    wrong={"name": "demo", "properties": {"activities": {"Pause": wait("Pause")}}},
    right=pipeline(wait("Pause")),
    source="https://learn.microsoft.com/azure/data-factory/concepts-pipelines-activities#pipeline-json",
)
def activities_are_a_list(context: Context) -> Iterator[Mark]:
    """Missing activities, or something else than a list."""
    properties = context.document.properties
    value = properties.get("activities")
    if "activities" not in properties:
        severity = None if context.options.target is Target.FLOWEHR else Severity.WARNING
        yield Mark("The pipeline has no list 'activities' in its 'properties'. Add one.", ("properties",), severity)
    elif not isinstance(value, list) and not is_arm(value):
        yield Mark(f"'activities' is {kind_of(value)}; it must be a list.", ("properties", "activities"))


@rule(
    "ADF005",
    "something in a list of activities is no activity",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    why="Each member is an object with `name` and `type`. A null there crashes FlowEHR's Terraform provider.",
    wrong=[wait("Pause"), None],
    right=[wait("Pause")],
    source="https://learn.microsoft.com/azure/data-factory/concepts-pipelines-activities#activity-json",
)
def activities_are_objects(context: Context) -> Iterator[Mark]:
    """A null, a string or the like among the activities."""
    yield from _strays(context.document.activities, ("properties", "activities"), "the pipeline")
    for node in context.activities:
        for _, path, inner in branches(node.activity):
            yield from _strays(inner, (*node.path, *path), repr(node.name))


def _strays(members: list[Any], path: tuple[str | int, ...], owner: str) -> Iterator[Mark]:
    for index, member in enumerate(members):
        if not isinstance(member, dict) and not is_arm(member):
            yield Mark(
                f"Activity {index + 1} of {owner} is {kind_of(member)}; it must be an object. Delete it.",
                (*path, index),
            )
