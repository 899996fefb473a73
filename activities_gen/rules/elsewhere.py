"""Activities of Microsoft Fabric, Azure Synapse and Data Factory version 1: they look alike and do not run here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from activities_gen.rules.context import Context, title
from activities_gen.rules.model import Violation, quoted, rule
from activities_gen.rules.subjects import activity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.model.activities import Activity

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
_SETTINGS = "datasetSettings"


def foreign(context: Context) -> dict[int, tuple[str, str]]:
    """The active activities written for another product, by the ``id`` of each: what shows it, and the product."""
    found: dict[int, tuple[str, str]] = context.once("foreign", lambda: dict(_foreign(context)))
    return found


def _foreign(context: Context) -> Iterator[tuple[int, tuple[str, str]]]:
    for node in context.active:
        if node.type in TYPES:
            yield id(node), (f"the type {quoted(node.type)}", TYPES[node.type])
            continue
        key = next((key for key in _KEYS if key in node.json), "")
        if key or _has_settings(node.type_properties):
            yield id(node), (f"the key {quoted(key or _SETTINGS)}", _KEYS.get(key, FABRIC))


def _has_settings(properties: dict[str, Any]) -> bool:
    """Whether a dataset is written where it is used, as Fabric does it."""
    ends = (properties, properties.get("source"), properties.get("sink"))
    return any(isinstance(end, dict) and _SETTINGS in end for end in ends)


@rule("ADF226", on=activity())
def foreign_activity(context: Context, node: Activity) -> Iterator[Violation]:
    """A type or a key that only another product has."""
    if id(node) in foreign(context):
        sign, owner = foreign(context)[id(node)]
        yield Violation(
            f"{title(node)} has {sign}, which {owner} has and Data Factory does not. Write it as an activity of Data Factory.",
            node.path,
        )
