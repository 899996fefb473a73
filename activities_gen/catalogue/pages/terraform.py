"""What the pages say of the family "FlowEHR: what its Terraform provider reads"."""

from __future__ import annotations

from typing import Any

from activities_gen.catalogue.examples import DATABRICKS, activity, loop, python, wait, web
from activities_gen.catalogue.page import Page

PROVIDER = "azurerm 3.47, resource azurerm_data_factory_pipeline, with azure-sdk-for-go 68"


_SECRET = {"store": {"referenceName": "KVLinkedServiceViaMSI", "type": "LinkedServiceReference"}, "secretName": "key"}


def _login(password: dict[str, Any]) -> dict[str, Any]:
    """A Web activity that logs in with a password, for examples."""
    return web(authentication={"type": "Basic", "username": "reader", "password": password})


PAGES = {
    "FLO130": Page(
        why="It is sent as `Activity`, and Azure stores a step that cannot run. Types are compared exactly, including case.",
        wrong=[activity("DatabricksJob", "Run job", jobId="1") | {"linkedServiceName": DATABRICKS}],
        right=[python()],
        source=PROVIDER,
    ),
    "FLO131": Page(
        why="Of most objects in `typeProperties`, at whatever depth, its decoder keeps only the keys that it knows, and drops the others silently. In some, such as those of Copy, Lookup and ForEach, it knows keys in their exact letter case only.",
        wrong=[web(httpRequestTimeout="00:02:00")],
        right=[web()],
        source=PROVIDER,
    ),
    "FLO132": Page(
        why="The decoder needs the exact JSON type. It stops the whole deployment with a line such as `json: cannot unmarshal string into Go value of type int32`, which names no activity. FlowEHR does not evaluate ARM expressions: `\"[parameters('n')]\"` is a string.",
        wrong=[loop(wait(), isSequential="true")],
        right=[loop(wait(), isSequential=True)],
        source=PROVIDER,
    ),
    "FLO133": Page(
        why="Nulls are left out when the pipeline is sent, and so are some empty objects. The result never equals the file, and every plan shows a change. The parameters of the activity SqlServerStoredProcedure are sent as they are, those of a source are not.",
        wrong=[wait(description=None)],
        right=[wait()],
        source=PROVIDER,
    ),
    "FLO134": Page(
        why="The decoder reads `PARAMETERS` and writes `parameters`: every plan shows a change.",
        wrong=[python(Parameters=["--day", "1"])],
        right=[python(parameters=["--day", "1"])],
        source=PROVIDER,
    ),
    "FLO135": Page(
        why="Types inside Copy, Lookup and others are compared exactly; an unknown one is sent as its base, such as `CopySink`.",
        wrong=[
            activity("Copy", "Copy", source={"type": "BlobSource"}, sink={"type": "AzurePostgreSQLSink"})
            | {
                "inputs": [{"referenceName": "A", "type": "DatasetReference"}],
                "outputs": [{"referenceName": "B", "type": "DatasetReference"}],
            }
        ],
        right=[python()],
        source=PROVIDER,
    ),
    "FLO136": Page(
        why="It writes a `type` into every part without one, often the base, such as `SecretBase`, and `compressionProperties` as null into the read settings of delimited text, JSON, XML and binary files that have none. The result never equals the file, and every plan shows a change.",
        wrong=[_login(_SECRET)],
        right=[_login(_SECRET | {"type": "AzureKeyVaultSecret"})],
        source=PROVIDER,
    ),
}
