"""The activity types that ADF has. ADF compares type names without letter case; the model gives them in ADF's spelling."""

from __future__ import annotations

CONTAINERS: dict[str, tuple[str, ...]] = {
    "ForEach": ("activities",),
    "Until": ("activities",),
    "IfCondition": ("ifTrueActivities", "ifFalseActivities"),
    "Switch": ("cases", "defaultActivities"),
}
"""The types that hold activities, and the keys of their ``typeProperties`` that do."""

CONTROL = frozenset(
    [
        *CONTAINERS,
        "AppendVariable",
        "ExecutePipeline",
        "Fail",
        "Filter",
        "SetVariable",
        "Validation",
        "Wait",
        "WebHook",
    ]
)
"""The control activities, which have no policy of their own (REST interface of Data Factory, ``ControlActivity``)."""

EXECUTION = frozenset(
    [
        "AzureDataExplorerCommand",
        "AzureFunctionActivity",
        "AzureMLBatchExecution",
        "AzureMLExecutePipeline",
        "AzureMLUpdateResource",
        "Copy",
        "Custom",
        "DataLakeAnalyticsU-SQL",
        "DatabricksJob",
        "DatabricksNotebook",
        "DatabricksSparkJar",
        "DatabricksSparkPython",
        "Delete",
        "ExecuteDataFlow",
        "ExecuteSSISPackage",
        "ExecuteWranglingDataflow",
        "GetMetadata",
        "HDInsightHive",
        "HDInsightMapReduce",
        "HDInsightPig",
        "HDInsightSpark",
        "HDInsightStreaming",
        "Lookup",
        "Script",
        "SparkJob",
        "SqlServerStoredProcedure",
        "SynapseNotebook",
        "WebActivity",
    ]
)
"""All other activities, which do work outside of the pipeline and have a policy."""

_BY_FOLDED = {name.casefold(): name for name in CONTROL | EXECUTION}


def canonical_type(written: str) -> str | None:
    """An activity type as ADF writes it, whatever its letter case; ``None`` if there is no such type."""
    return _BY_FOLDED.get(written.casefold())
