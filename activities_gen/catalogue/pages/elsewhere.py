"""What the pages say of the family "Activities of other products"."""

from __future__ import annotations

from activities_gen.catalogue.examples import activity, pipeline
from activities_gen.catalogue.page import Page

PAGES = {
    "ADF226": Page(
        why=(
            "Microsoft Fabric, Azure Synapse and version 1 of Data Factory write pipelines that look alike, with activities and keys "
            "that Data Factory does not have. Nothing else of such an activity is checked."
        ),
        wrong=[activity("TridentNotebook", "Report", notebookId="6e0c0c3e", workspaceId="0d1f3b2a")],
        right=pipeline(
            activity("SynapseNotebook", "Report", notebook={"referenceName": "report", "type": "NotebookReference"})
        ),
        source="https://learn.microsoft.com/fabric/data-factory/compare-fabric-data-factory-and-azure-data-factory",
    ),
}
