"""What the pages say of the family "Databricks libraries"."""

from __future__ import annotations

from typing import Any

from activities_gen.catalogue.examples import pipeline, python
from activities_gen.catalogue.page import Page

WHEEL_NAMES = "https://packaging.python.org/specifications/binary-distribution-format/"

LIBRARIES = "https://docs.databricks.com/api/azure/workspace/libraries"

DBFS = "https://learn.microsoft.com/azure/databricks/archive/legacy/dbfs-libraries"

_WHEEL = "/Workspace/Shared/demo-1.0-py3-none-any.whl"


def _service(**properties: Any) -> dict[str, Any]:
    base = {
        "domain": "https://adb-1.1.azuredatabricks.net",
        "authentication": "MSI",
        "workspaceResourceId": "/subscriptions/…",
    }
    return {"name": "Databricks", "properties": {"type": "AzureDatabricks", "typeProperties": base | properties}}


def _on_runtime(version: str) -> dict[str, Any]:
    """A pipeline with a requirements file, and a linked service that asks for a runtime, for examples."""
    cluster = {"newClusterVersion": version, "newClusterNumOfWorker": "1", "newClusterNodeType": "Standard_D4s_v5"}
    service = _service(**cluster) | {"name": "ADBLinkedServiceViaMSI"}
    activity = python(libraries=[{"requirements": "/Workspace/Shared/requirements.txt"}])
    return {"pipeline/demo.json": pipeline(activity), "linkedService/ADBLinkedServiceViaMSI.json": service}


PAGES = {
    "ADF604": Page(
        why="Each entry of `libraries` is an object with exactly one of the keys `jar`, `egg`, `whl`, `pypi`, `maven`, `cran`, `requirements`.",
        wrong=[python(libraries=[{"wheel": _WHEEL}])],
        right=[python(libraries=[{"whl": _WHEEL}])],
        source=LIBRARIES,
    ),
    "ADF605": Page(
        why="jar, egg, whl and requirements take a path; pypi and cran an object with `package`; maven an object with `coordinates` of the form `group:artifact:version`.",
        wrong=[python(libraries=[{"pypi": "simplejson==3.8.0"}])],
        right=[python(libraries=[{"pypi": {"package": "simplejson==3.8.0"}}])],
        source=LIBRARIES,
    ),
    "ADF606": Page(
        why="A wheel is called `{distribution}-{version}-{python}-{abi}-{platform}.whl`, with underscores instead of dashes in the distribution. Renamed to `latest`, it cannot be installed. The name of a zip of wheels ends in `.wheelhouse.zip`.",
        wrong=[python(libraries=[{"whl": "/Workspace/Shared/demo-latest.whl"}])],
        right=[python(libraries=[{"whl": _WHEEL}])],
        source=WHEEL_NAMES,
    ),
    "ADF607": Page(
        why="From Databricks runtime 15 on, libraries are not installed from DBFS. If the linked service names such a runtime and does not allow it again, it is an error. FlowEHR keeps its artifacts there, so it is not reported for FlowEHR. Prefer workspace files or `/Volumes/…`.",
        wrong=[python(libraries=[{"whl": "dbfs:/FileStore/jars/demo-1.0-py3-none-any.whl"}])],
        right=[python(libraries=[{"whl": "/Volumes/main/code/wheels/demo-1.0-py3-none-any.whl"}])],
        source=DBFS,
    ),
    "ADF608": Page(
        why="Eggs are deprecated and not installed from Databricks runtime 14 on. If the linked service names such a runtime, it is an error.",
        wrong=[python(libraries=[{"egg": "/Workspace/Shared/demo-1.0-py3.8.egg"}])],
        right=[python(libraries=[{"whl": _WHEEL}])],
        source=LIBRARIES,
    ),
    "ADF614": Page(
        why="`requirements` installs from Databricks runtime 15.0 on. Checked if the linked service names a runtime.",
        wrong=_on_runtime("14.3.x-scala2.12"),
        right=_on_runtime("15.4.x-scala2.12"),
        source=LIBRARIES,
    ),
    "ADF615": Page(
        why="A library file has an absolute workspace path, such as `/Workspace/…` or `/Volumes/…`, or a cloud address.",
        wrong=[python(libraries=[{"whl": "demo-1.0-py3-none-any.whl"}])],
        right=[python(libraries=[{"whl": _WHEEL}])],
        source=LIBRARIES,
    ),
    "ADF616": Page(
        why="The second entry installs nothing.",
        wrong=[python(libraries=[{"whl": _WHEEL}, {"whl": _WHEEL}])],
        right=[python(libraries=[{"whl": _WHEEL}])],
        source=LIBRARIES,
    ),
    "ADF617": Page(
        why=(
            "It needs `domain`; `accessToken`, or `authentication` with `workspaceResourceId`, or a credential; and one of "
            "`existingClusterId`, `instancePoolId`, or `newClusterVersion` with `newClusterNumOfWorker` and `newClusterNodeType`. "
            "An existing cluster beside a pool or a new cluster is one too many. Only the missing domain is an error; the rest is a warning."
        ),
        wrong=_service(domain=None),
        right=_service(existingClusterId="0101-000000-abcdefgh"),
        source="https://learn.microsoft.com/azure/data-factory/compute-linked-services#azure-databricks-linked-service",
    ),
}
