"""Activities of Microsoft Fabric, Azure Synapse and Data Factory version 1: they look alike and do not run here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.findings import Layer, Severity
from activities_gen.rules.context import Context, title
from activities_gen.rules.examples import activity, pipeline
from activities_gen.rules.model import Mark, quoted, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.wire.document import Nested

FABRIC, SYNAPSE, VERSION_1 = "Microsoft Fabric", "Azure Synapse", "Data Factory version 1"
TYPES = {
    "AzureHDInsight": FABRIC,
    "CopyJob": FABRIC,
    "DataLakeAnalyticsScope": FABRIC,
    "Email": FABRIC,
    "FabricNotebook": FABRIC,
    "InvokeCopyJob": FABRIC,
    "InvokePipeline": FABRIC,
    "InvokeRemotePipeline": FABRIC,
    "InvokeUserDataFunction": FABRIC,
    "KustoQueryLanguage": FABRIC,
    "MicrosoftTeams": FABRIC,
    "Office365Email": FABRIC,
    "Office365Outlook": FABRIC,
    "PBISemanticModelRefresh": FABRIC,
    "RefreshDataflow": FABRIC,
    "SparkJobDefinition": FABRIC,
    "Teams": FABRIC,
    "TridentNotebook": FABRIC,
    "SqlPoolStoredProcedure": SYNAPSE,
    "AzureMLBatchScoring": VERSION_1,
    "DotNetActivity": VERSION_1,
}
"""Activity types that Data Factory does not have, and the product that has them."""

_KEYS = {"externalReferences": FABRIC, "connectionSettings": FABRIC, "scheduler": VERSION_1}
_PROPERTIES = {"datasetSettings": FABRIC}


def product(node: Nested) -> str:
    """The other product that an activity was written for; empty for Data Factory's own."""
    kind = TYPES.get(node.type, "")
    return kind or _sign(node)[1]


def _sign(node: Nested) -> tuple[str, str]:
    """A key that only another product has, and the product; both empty where there is none."""
    for keys, holders in (
        (_KEYS, [node.activity]),
        (_PROPERTIES, [node.type_properties, *map(node.type_properties.get, ("source", "sink"))]),
    ):
        for key, owner in keys.items():
            if any(isinstance(holder, dict) and key in holder for holder in holders):
                return key, owner
    return "", ""


@rule(
    "ADF226",
    "an activity of another product",
    Severity.WARNING,
    Layer.DEPLOYMENT,
    why="Microsoft Fabric, Azure Synapse and version 1 of Data Factory write pipelines that look alike, with activities and keys "
    "that Data Factory does not have. Nothing else of such an activity is checked.",
    wrong=[activity("TridentNotebook", "Report", notebookId="6e0c0c3e", workspaceId="0d1f3b2a")],
    right=pipeline(
        activity("SynapseNotebook", "Report", notebook={"referenceName": "report", "type": "NotebookReference"})
    ),
    source="https://learn.microsoft.com/fabric/data-factory/compare-fabric-data-factory-and-azure-data-factory",
)
def foreign_activity(context: Context) -> Iterator[Mark]:
    """A type or a key that only another product has."""
    for node in context.active:
        owner = product(node)
        if owner:
            key = _sign(node)[0]
            sign = f"has the type {quoted(node.type)}" if node.type in TYPES else f"has the key {quoted(key)}"
            yield Mark(
                f"{title(node)} {sign}, which {owner} has and Data Factory does not. Write it as an activity of Data Factory.",
                node.path,
            )
