"""What the pages say of the family "Outputs of activities"."""

from __future__ import annotations

from typing import Any

from activities_gen.catalogue.examples import activity, after, loop, pipeline, set_variable, wait
from activities_gen.catalogue.page import Page

LOOKUP = "https://learn.microsoft.com/azure/data-factory/control-flow-lookup-activity"
METADATA = "https://learn.microsoft.com/azure/data-factory/control-flow-get-metadata-activity"
FAILURES = "https://learn.microsoft.com/azure/data-factory/tutorial-pipeline-failure-error-handling"


def _look(*, first: bool) -> dict[str, Any]:
    dataset = {"referenceName": "Table", "type": "DatasetReference"}
    return activity("Lookup", "Look", source={"type": "AzureSqlSource"}, dataset=dataset, firstRowOnly=first)


def _files(*fields: str) -> dict[str, Any]:
    dataset = {"referenceName": "Files", "type": "DatasetReference"}
    return activity("GetMetadata", "Files", dataset=dataset, fieldList=list(fields))


def _shown(text: str, before: dict[str, Any], on: str = "Succeeded") -> dict[str, Any]:
    show = set_variable("n", text, name="Show") | {"dependsOn": after(before["name"], on=on)}
    return pipeline(before, show, variables={"n": {"type": "String"}})


PAGES = {
    "ADF455": Page(
        why=(
            "What an activity gives depends on its type and on what it is asked for: a Lookup gives `firstRow`, or with "
            "`firstRowOnly: false` `value` and `count`; Get Metadata exactly the fields of its `fieldList`; a Copy "
            "`rowsCopied`; only notebooks `runOutput`, and if they fail `runError`. The run fails with `property … doesn't "
            "exist`."
        ),
        wrong=[_look(first=True), loop(wait(), items="@activity('Look').output.value") | {"dependsOn": after("Look")}],
        right=[_look(first=False), loop(wait(), items="@activity('Look').output.value") | {"dependsOn": after("Look")}],
        source=LOOKUP,
    ),
    "ADF460": Page(
        why="`activity('…')` has `output`, `error` and `Status`; what the activity gives is in its `output`.",
        wrong=_shown("@string(activity('Look').firstRow.n)", _look(first=True)),
        right=_shown("@string(activity('Look').output.firstRow.n)", _look(first=True)),
        source=LOOKUP,
    ),
    "ADF461": Page(
        why=(
            "Only an activity that has failed has an `error`. Behind `Completed` it may have succeeded; read it with `?`, "
            "as in `activity('…')?.error?.message`."
        ),
        wrong=_shown("@activity('Look').error.message", _look(first=True)),
        right=_shown("@activity('Look').error.message", _look(first=True), on="Failed"),
        source=FAILURES,
    ),
    "ADF462": Page(
        why="A list has elements: read one with `[0]`, or loop over them. Texts and numbers have no properties.",
        wrong=_shown("@string(activity('Look').output.value.n)", _look(first=False)),
        right=_shown("@string(activity('Look').output.value[0].n)", _look(first=False)),
        source=LOOKUP,
    ),
    "ADF463": Page(
        why="A field that does not exist is not in the output; some stores refuse it.",
        wrong=[_files("childitem")],
        right=[_files("childItems")],
        source=METADATA,
    ),
    "ADF468": Page(
        why="`output.pipelineReturnValue` of ExecutePipeline exists only with `waitOnCompletion`.",
        wrong=pipeline(
            activity(
                "ExecutePipeline",
                "Run",
                pipeline={"referenceName": "child", "type": "PipelineReference"},
                waitOnCompletion=False,
            ),
            set_variable("n", "@activity('Run').output.pipelineReturnValue.n") | {"dependsOn": after("Run")},
            variables={"n": {"type": "String"}},
        ),
        right=pipeline(
            activity(
                "ExecutePipeline",
                "Run",
                pipeline={"referenceName": "child", "type": "PipelineReference"},
                waitOnCompletion=True,
            ),
            set_variable("n", "@activity('Run').output.pipelineReturnValue.n") | {"dependsOn": after("Run")},
            variables={"n": {"type": "String"}},
        ),
        source="https://learn.microsoft.com/azure/data-factory/tutorial-pipeline-return-value",
    ),
}
