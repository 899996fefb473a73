"""What the pages say of the family "Names"."""

from __future__ import annotations

from typing import Any

from activities_gen.catalogue.examples import loop, pipeline, wait
from activities_gen.catalogue.page import Page

NAMING_RULES = "https://learn.microsoft.com/azure/data-factory/naming-rules"

DASHBOARD = "FlowEHR, infrastructure/transform/monitoring.tf; azurerm 3.47, names of portal dashboards"

PIPELINES = "https://learn.microsoft.com/azure/data-factory/concepts-pipelines-activities"


def _flow(*names: str) -> dict[str, Any]:
    transformations = [{"name": name} for name in names]
    properties = {"sources": [], "sinks": [], "transformations": transformations, "scriptLines": []}
    return {"name": "Flow", "properties": {"type": "MappingDataFlow", "typeProperties": properties}}


PAGES = {
    "ADF101": Page(
        why="The name is part of the URL of the resource. It starts with a letter, a digit or an underscore, contains none of `<>*#.%&:\\+?/`, and has at most 260 characters.",
        wrong=pipeline(wait(), name="sales/daily"),
        right=pipeline(wait(), name="sales-daily"),
        source="REST interface of Data Factory, path parameters of all resources",
    ),
    "ADF102": Page(
        why="The documentation allows 140 characters, the REST interface 260.",
        wrong=pipeline(wait(), name="p" * 141),
        right=pipeline(wait(), name="p" * 140),
        source=PIPELINES,
    ),
    "ADF103": Page(
        why="Dependencies, expressions and run reports all refer to activities by name.",
        wrong=[{"type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}}],
        right=[wait("Pause")],
        source=PIPELINES,
    ),
    "ADF104": Page(
        why="An activity name starts with a letter, a digit or an underscore and contains none of `.+?/<>*%&:\\`. Studio accepts no other; the service stores some of them.",
        wrong=[wait("Load: all")],
        right=[wait("Load all")],
        source=PIPELINES,
    ),
    "ADF105": Page(
        why="The documentation allows 55 characters.",
        wrong=[wait("a" * 56)],
        right=[wait("a" * 55)],
        source=PIPELINES,
    ),
    "ADF106": Page(
        why="All activities of a pipeline share one namespace, including those inside containers, and names are compared without case: a dependency or `activity('…')` could mean either.",
        wrong=[wait("Pause"), wait("pause")],
        right=[wait("Pause"), wait("Pause again")],
        source=PIPELINES,
    ),
    "ADF107": Page(
        why="Names are compared without case, so they are one name.",
        wrong=pipeline(wait(), parameters={"day": {"type": "string"}, "Day": {"type": "string"}}),
        right=pipeline(wait(), parameters={"day": {"type": "string"}, "month": {"type": "string"}}),
        source=NAMING_RULES,
    ),
    "ADF108": Page(
        why="After a dot an expression takes only letters, digits and underscores. Such a parameter can be read only as `pipeline().parameters['my-day']`.",
        wrong=pipeline(wait(), parameters={"my-day": {"type": "string"}}),
        right=pipeline(wait(), parameters={"myDay": {"type": "string"}}),
        source=NAMING_RULES,
    ),
    "ADF109": Page(
        why="The documentation asks for a letter first and no dashes in these names. The REST interface is more lenient.",
        wrong={
            "name": "blob-store",
            "properties": {
                "type": "DelimitedText",
                "linkedServiceName": {"referenceName": "Store", "type": "LinkedServiceReference"},
            },
        },
        right={
            "name": "BlobStore",
            "properties": {
                "type": "DelimitedText",
                "linkedServiceName": {"referenceName": "Store", "type": "LinkedServiceReference"},
            },
        },
        source=NAMING_RULES,
    ),
    "ADF113": Page(
        why="Studio and deployment tools take the name from the file; only `az datafactory … create --name` gives its own. A name that is not a string is an error.",
        wrong={"properties": {"activities": [wait()]}},
        right=pipeline(wait()),
        source=NAMING_RULES,
    ),
    "ADF116": Page(
        why="Names of transformations are words of the data flow's script: a letter, then letters and digits, and each name once.",
        wrong=_flow("join-patients"),
        right=_flow("joinPatients"),
        source=NAMING_RULES,
    ),
    "ADF117": Page(
        why="Names are taken as they are written: each iteration of a loop has an activity of the same name. What varies from run to run goes into user properties, which are evaluated.",
        wrong=[loop(wait("Wait @{item()}"))],
        right=[loop(wait("Pause") | {"userProperties": [{"name": "item", "value": "@{item()}"}]})],
        source=NAMING_RULES,
    ),
    "FLO101": Page(
        why="FlowEHR makes a dashboard called `<name>StatusDashboard`. The name may contain only letters, digits, underscores and dashes, and has at most 145 characters.",
        wrong=pipeline(wait(), name="clinical features", parameters={}),
        right=pipeline(wait(), name="clinical-features", parameters={}),
        source=DASHBOARD,
    ),
}
