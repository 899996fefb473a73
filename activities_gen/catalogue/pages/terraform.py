"""What the pages say of the family "FlowEHR: what its Terraform provider reads"."""

from __future__ import annotations

from activities_gen.catalogue.examples import DATABRICKS, activity, loop, python, wait, web
from activities_gen.catalogue.page import Page

PROVIDER = "azurerm 3.47, resource azurerm_data_factory_pipeline, with azure-sdk-for-go 68"


PAGES = {
    "FLO130": Page(
        why="It is sent as `Activity`, and Azure stores a step that cannot run. Types are compared exactly, including case.",
        wrong=[activity("DatabricksJob", "Run job", jobId="1") | {"linkedServiceName": DATABRICKS}],
        right=[python()],
        source=PROVIDER,
    ),
    "FLO131": Page(
        why="Its decoder keeps only the keys of `typeProperties` that it knows, and drops the others silently.",
        wrong=[web(httpRequestTimeout="00:02:00")],
        right=[web()],
        source=PROVIDER,
    ),
    "FLO132": Page(
        why="The decoder needs the exact JSON type. It stops the whole deployment with a line such as `json: cannot unmarshal string into Go value of type int32`, which names no activity.",
        wrong=[loop(wait(), isSequential="true")],
        right=[loop(wait(), isSequential=True)],
        source=PROVIDER,
    ),
    "FLO133": Page(
        why="Nulls of known keys are left out when the pipeline is sent. The result never equals the file, and every plan shows a change.",
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
}
