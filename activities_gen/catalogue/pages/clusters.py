"""What the pages say of the family "Databricks clusters"."""

from __future__ import annotations

from typing import Any

from activities_gen.catalogue.page import Page


def _cluster(**properties: Any) -> dict[str, Any]:
    """A Databricks linked service that starts a cluster, for examples."""
    base = {
        "domain": "https://adb-1.1.azuredatabricks.net",
        "authentication": "MSI",
        "workspaceResourceId": "/subscriptions/…",
        "newClusterVersion": "13.3.x-scala2.12",
        "newClusterNumOfWorker": "2",
        "newClusterNodeType": "Standard_D4s_v5",
    }
    return {"name": "Databricks", "properties": {"type": "AzureDatabricks", "typeProperties": base | properties}}


PAGES = {
    "ADF640": Page(
        why="Azure stores any value. A number of workers as a number breaks the linked service's page in Studio, and what is no list of scripts or no range of workers fails when the cluster starts.",
        wrong=_cluster(newClusterNumOfWorker=2, newClusterInitScripts="dbfs:/init.sh"),
        right=_cluster(newClusterNumOfWorker="2:8", newClusterInitScripts=["dbfs:/init.sh"]),
        source="https://learn.microsoft.com/azure/data-factory/compute-linked-services#azure-databricks-linked-service",
    ),
}
