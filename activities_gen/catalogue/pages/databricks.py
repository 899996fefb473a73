"""What the pages say of the family "Databricks activities"."""

from __future__ import annotations

from typing import Any

from activities_gen.catalogue.examples import DATABRICKS, activity, python
from activities_gen.catalogue.page import Page

PYTHON = "https://learn.microsoft.com/azure/data-factory/transform-data-databricks-python"

NOTEBOOK = "https://learn.microsoft.com/azure/data-factory/transform-data-databricks-notebook"

JAR = "https://learn.microsoft.com/azure/data-factory/transform-data-databricks-jar"

GUIDE = "https://learn.microsoft.com/azure/data-factory/data-factory-troubleshoot-guide#azure-databricks"


def notebook(path: str = "/Shared/report", **properties: Any) -> dict[str, Any]:
    """A Notebook activity, for examples."""
    return activity("DatabricksNotebook", "Report", notebookPath=path, **properties) | {"linkedServiceName": DATABRICKS}


PAGES = {
    "ADF601": Page(
        why=(
            "Databricks takes `dbfs:/folder/file.py`, another cloud address, or an absolute workspace path such as "
            "`/Workspace/file.py`. Anything else ends in error 3201, Invalid Python file URI."
        ),
        wrong=[python(pythonFile="artifacts/entrypoint.py")],
        right=[python(pythonFile="dbfs:/pipelines/demo/artifacts/entrypoint.py")],
        source=GUIDE,
    ),
    "ADF602": Page(
        why="`/dbfs/…` is the path of DBFS for programs on the cluster. Databricks takes the address, `dbfs:/…`.",
        wrong=[python(pythonFile="/dbfs/pipelines/demo/artifacts/entrypoint.py")],
        right=[python(pythonFile="dbfs:/pipelines/demo/artifacts/entrypoint.py")],
        source=PYTHON,
    ),
    "ADF603": Page(
        why="`notebookPath` begins with a slash.",
        wrong=[notebook("Shared/report")],
        right=[notebook("/Shared/report")],
        source=NOTEBOOK,
    ),
    "ADF609": Page(
        why="Databricks takes a list of strings as parameters of a Python file or a jar.",
        wrong=[python(parameters=["--days", 7])],
        right=[python(parameters=["--days", "7"])],
        source="Databricks Jobs API, spark_python_task.parameters",
    ),
    "ADF610": Page(
        why="An empty or null value ends in `Expected 'key' and 'value' to be set for JSON map field base_parameters`.",
        wrong=[notebook(baseParameters={"day": ""})],
        right=[notebook(baseParameters={"day": "2024-01-01"})],
        source=GUIDE,
    ),
    "ADF611": Page(
        why="`linkedServiceName` says which workspace and cluster it runs on. It is beside `typeProperties`.",
        wrong=[{key: value for key, value in python().items() if key != "linkedServiceName"}],
        right=[python()],
        source=PYTHON,
    ),
    "ADF612": Page(
        why="It needs a linked service of type AzureDatabricks.",
        wrong={
            "pipeline/demo.json": {"name": "demo", "properties": {"activities": [python()]}},
            "linkedService/ADBLinkedServiceViaMSI.json": {
                "name": "ADBLinkedServiceViaMSI",
                "properties": {
                    "type": "AzureBlobStorage",
                    "typeProperties": {"serviceEndpoint": "https://x.blob.core.windows.net"},
                },
            },
        },
        right={
            "pipeline/demo.json": {"name": "demo", "properties": {"activities": [python()]}},
            "linkedService/ADBLinkedServiceViaMSI.json": {
                "name": "ADBLinkedServiceViaMSI",
                "properties": {
                    "type": "AzureDatabricks",
                    "typeProperties": {
                        "domain": "https://adb-1.1.azuredatabricks.net",
                        "authentication": "MSI",
                        "workspaceResourceId": "/subscriptions/…",
                        "existingClusterId": "0101-000000-abcdefgh",
                    },
                },
            },
        },
        source=PYTHON,
    ),
    "ADF613": Page(
        why="The class is loaded from the jars among `libraries`; without one it must already be on the cluster.",
        wrong=[
            activity("DatabricksSparkJar", "Count", mainClassName="org.example.Count")
            | {"linkedServiceName": DATABRICKS}
        ],
        right=[
            activity(
                "DatabricksSparkJar",
                "Count",
                mainClassName="org.example.Count",
                libraries=[{"jar": "/Volumes/main/x/y/count.jar"}],
            )
            | {"linkedServiceName": DATABRICKS}
        ],
        source=JAR,
    ),
    "ADF618": Page(
        why="A space before `@` makes the whole string plain text.",
        wrong=[python(pythonFile=" @pipeline().parameters.file")],
        right=[python(pythonFile="@concat('dbfs:/', pipeline().parameters.file)")],
        source=PYTHON,
    ),
}
