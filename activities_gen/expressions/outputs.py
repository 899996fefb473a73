"""``output_of``: the output of an activity, with what is documented of it for editors to complete.

Written by ``tools/write_outputs.py`` from the table of outputs; do not edit.
"""

# fmt: off
# ruff: noqa: N815 the names are ADF's
from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from activities_gen.expressions.build import name_of
from activities_gen.expressions.expr import Expr, quote

if TYPE_CHECKING:
    from azure.mgmt.datafactory import models

    class AppendVariableOutput(Expr):
        """The output of a ``AppendVariableActivity``."""

        name: Expr

    class ExecutePipelineOutput(Expr):
        """The output of a ``ExecutePipelineActivity``."""

        pipelineName: Expr
        pipelineRunId: Expr
        pipelineReturnValue: Expr

    class FilterOutput(Expr):
        """The output of a ``FilterActivity``."""

        ItemsCount: Expr
        FilteredItemsCount: Expr
        Value: Expr

    class SetVariableOutput(Expr):
        """The output of a ``SetVariableActivity``."""

        name: Expr

    class CopyOutput(Expr):
        """The output of a ``CopyActivity``."""

        copyDuration: Expr
        dataConsistencyVerification: Expr
        dataRead: Expr
        dataWritten: Expr
        errors: Expr
        executionDetails: Expr
        filesRead: Expr
        filesSkipped: Expr
        filesWritten: Expr
        hdfsDistcp: Expr
        logFilePath: Expr
        logPath: Expr
        profile: Expr
        redshiftUnload: Expr
        reportLineageToPurview: Expr
        rowsCopied: Expr
        rowsRead: Expr
        rowsSkipped: Expr
        sinkPeakConnections: Expr
        sourcePeakConnections: Expr
        sqlDwPolyBase: Expr
        throughput: Expr
        usedDataIntegrationUnits: Expr
        usedParallelCopies: Expr

    class DatabricksNotebookOutput(Expr):
        """The output of a ``DatabricksNotebookActivity``."""

        runPageUrl: Expr
        runError: Expr
        runOutput: Expr

    class DatabricksSparkJarOutput(Expr):
        """The output of a ``DatabricksSparkJarActivity``."""

        runPageUrl: Expr

    class DatabricksSparkPythonOutput(Expr):
        """The output of a ``DatabricksSparkPythonActivity``."""

        runPageUrl: Expr

    class DeleteOutput(Expr):
        """The output of a ``DeleteActivity``."""

        datasetName: Expr
        filesDeleted: Expr
        logPath: Expr
        path: Expr

    class GetMetadataOutput(Expr):
        """The output of a ``GetMetadataActivity``."""

        childItems: Expr
        columnCount: Expr
        contentMD5: Expr
        created: Expr
        exists: Expr
        itemName: Expr
        itemType: Expr
        lastModified: Expr
        size: Expr
        structure: Expr

    class LookupOutput(Expr):
        """The output of a ``LookupActivity``."""

        firstRow: Expr
        count: Expr

    class ScriptOutput(Expr):
        """The output of a ``ScriptActivity``."""

        outputLogs: Expr
        outputLogsLocation: Expr
        outputParameters: Expr
        outputTruncated: Expr
        recordsAffected: Expr
        resultSetCount: Expr
        resultSets: Expr


@overload
def output_of(activity: models.AppendVariableActivity) -> AppendVariableOutput: ...
@overload
def output_of(activity: models.ExecutePipelineActivity) -> ExecutePipelineOutput: ...
@overload
def output_of(activity: models.FilterActivity) -> FilterOutput: ...
@overload
def output_of(activity: models.SetVariableActivity) -> SetVariableOutput: ...
@overload
def output_of(activity: models.CopyActivity) -> CopyOutput: ...
@overload
def output_of(activity: models.DatabricksNotebookActivity) -> DatabricksNotebookOutput: ...
@overload
def output_of(activity: models.DatabricksSparkJarActivity) -> DatabricksSparkJarOutput: ...
@overload
def output_of(activity: models.DatabricksSparkPythonActivity) -> DatabricksSparkPythonOutput: ...
@overload
def output_of(activity: models.DeleteActivity) -> DeleteOutput: ...
@overload
def output_of(activity: models.GetMetadataActivity) -> GetMetadataOutput: ...
@overload
def output_of(activity: models.LookupActivity) -> LookupOutput: ...
@overload
def output_of(activity: models.ScriptActivity) -> ScriptOutput: ...
@overload
def output_of(activity: Any) -> Expr: ...
def output_of(activity: Any) -> Expr:
    """The output of an activity that ran before: ``output_of(lookup).firstRow.count``.

    Args:
        activity: The activity, or its name.
    """
    return Expr(f"@activity({quote(name_of(activity))}).output")
