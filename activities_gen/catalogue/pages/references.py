"""What the pages say of the family "References"."""

from __future__ import annotations

from typing import Any

from activities_gen.catalogue.examples import activity, dataset, pipeline, python, read, web
from activities_gen.catalogue.page import Page

GIT = "https://learn.microsoft.com/azure/data-factory/source-control"

_BLOB: dict[str, Any] = {
    "name": "Store",
    "properties": {"type": "AzureBlobStorage", "typeProperties": {"serviceEndpoint": "https://x"}},
}

_ADB = {
    "name": "ADBLinkedServiceViaMSI",
    "properties": {
        "type": "AzureDatabricks",
        "typeProperties": {
            "domain": "https://adb-1.1.azuredatabricks.net",
            "authentication": "MSI",
            "existingClusterId": "c",
        },
    },
}


def _files(*activities: dict[str, Any], **others: dict[str, Any]) -> dict[str, Any]:
    named = {f"{folder}/{document['name']}.json": document for folder, document in others.items()}
    return {"pipeline/demo.json": pipeline(*activities), **named}


def _flow_call(name: str) -> dict[str, Any]:
    return activity("ExecuteDataFlow", "Flow", dataFlow={"referenceName": name, "type": "DataFlowReference"})


_FLOW = {"name": "Clean", "properties": {"type": "MappingDataFlow", "typeProperties": {"sources": [], "sinks": []}}}

_PARAMETRISED = _BLOB | {"properties": _BLOB["properties"] | {"parameters": {"account": {"type": "string"}}}}


def _on_store(**arguments: Any) -> dict[str, Any]:
    found = dataset()
    reference = found["properties"]["linkedServiceName"]
    return found | {
        "properties": found["properties"] | {"linkedServiceName": reference | {"parameters": arguments}},
    }


_RUNTIME = {"name": "SHIR1", "properties": {"type": "SelfHosted", "typeProperties": {}}}


def _via(name: str) -> dict[str, Any]:
    runtime = {"referenceName": name, "type": "IntegrationRuntimeReference"}
    return _ADB | {"properties": {**_ADB["properties"], "connectVia": runtime}}  # type: ignore[dict-item]


_CREDENTIAL = {"name": "uami", "properties": {"type": "ManagedIdentity", "typeProperties": {"resourceId": "/x"}}}


def _login(name: str) -> dict[str, Any]:
    credential = {"referenceName": name, "type": "CredentialReference"}
    kind = "UserAssignedManagedIdentity"
    return web(authentication={"type": kind, "resource": "https://vault.azure.net", "credential": credential})


PAGES = {
    "ADF225": Page(
        why=(
            "The name of a linked service, dataset or pipeline is fixed when the resource is deployed: an expression there "
            "ends in `invalid reference`. Parameters of the reference may be expressions."
        ),
        wrong=[
            python()
            | {
                "linkedServiceName": {
                    "referenceName": "@pipeline().parameters.service",
                    "type": "LinkedServiceReference",
                }
            }
        ],
        right=[python()],
        source="https://learn.microsoft.com/azure/data-factory/parameterize-linked-services",
    ),
    "ADF510": Page(
        why="Deployment ends in `invalid reference`. Checked if the repository has a folder `linkedService`.",
        wrong=_files(
            python() | {"linkedServiceName": {"referenceName": "ADB", "type": "LinkedServiceReference"}},
            linkedService=_ADB,
        ),
        right=_files(python(), linkedService=_ADB),
        source=GIT,
    ),
    "ADF511": Page(
        why="Deployment ends in `invalid reference`. Checked if the repository has a folder `dataset`.",
        wrong=_files(read("Fiel"), dataset=dataset(), linkedService=_BLOB),
        right=_files(read("File"), dataset=dataset(), linkedService=_BLOB),
        source=GIT,
    ),
    "ADF512": Page(
        why="Deployment ends in `invalid reference`. Checked if the repository has a folder `dataflow`.",
        wrong=_files(_flow_call("Claen"), dataflow=_FLOW),
        right=_files(_flow_call("Clean"), dataflow=_FLOW),
        source=GIT,
    ),
    "ADF513": Page(
        why="Deployment ends in `invalid reference`. Checked if the repository has a folder `integrationRuntime`; `AutoResolveIntegrationRuntime` exists in every factory.",
        wrong=_files(python(), linkedService=_via("shir"), integrationRuntime=_RUNTIME),
        right=_files(python(), linkedService=_via("SHIR1"), integrationRuntime=_RUNTIME),
        source=GIT,
    ),
    "ADF514": Page(
        why="Deployment ends in `invalid reference`. Checked if the repository has a folder `credential`.",
        wrong=_files(_login("uamo"), credential=_CREDENTIAL),
        right=_files(_login("uami"), credential=_CREDENTIAL),
        source=GIT,
    ),
    "ADF515": Page(
        why="Every reference to the dataset must give a value to a parameter without a default. A value for a parameter that the dataset does not declare is a warning.",
        wrong=_files(read("File"), dataset=dataset("File", path={"type": "string"}), linkedService=_BLOB),
        right=_files(
            read("File", path="a.json"), dataset=dataset("File", path={"type": "string"}), linkedService=_BLOB
        ),
        source="https://learn.microsoft.com/azure/data-factory/concepts-parameters-variables",
    ),
    "ADF516": Page(
        why="Every reference to the linked service must give a value to a parameter without a default. A value for a parameter that it does not declare is a warning.",
        wrong=_files(read("File"), dataset=dataset(), linkedService=_PARAMETRISED),
        right=_files(read("File"), dataset=_on_store(account="x"), linkedService=_PARAMETRISED),
        source="https://learn.microsoft.com/azure/data-factory/parameterize-linked-services",
    ),
    "ADF517": Page(
        why="In an ADF git repository Studio looks for a resource in the file with its name.",
        wrong={"pipeline/dmo.json": pipeline(python(), name="demo")},
        right={"pipeline/demo.json": pipeline(python(), name="demo")},
        source=GIT,
    ),
    "ADF518": Page(
        why="Names are unique in a factory and compared without case: the second overwrites the first.",
        wrong={"pipeline/demo.json": pipeline(python()), "pipeline/Demo.json": pipeline(python(), name="Demo")},
        right={"pipeline/demo.json": pipeline(python()), "pipeline/other.json": pipeline(python(), name="other")},
        source="https://learn.microsoft.com/azure/data-factory/naming-rules",
    ),
}
