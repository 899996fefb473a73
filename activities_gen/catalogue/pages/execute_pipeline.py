"""What the pages say of the family "ExecutePipeline"."""

from __future__ import annotations

from typing import Any

from activities_gen.catalogue.examples import activity, after, call, pipeline, wait, web
from activities_gen.catalogue.page import Page

CALLING = "https://learn.microsoft.com/azure/data-factory/control-flow-execute-pipeline-activity"


def _files(*documents: dict[str, Any]) -> dict[str, Any]:
    return {f"pipeline/{document['name']}.json": document for document in documents}


_RETURNED = [{"key": "rows", "value": {"type": "Int", "content": 1}}]
_RETURNING = pipeline(
    activity("SetVariable", "Return", variableName="pipelineReturnValue", setSystemVariable=True, value=_RETURNED),
    name="child",
)


def _reading(key: str) -> dict[str, Any]:
    asking = web(headers={"x-rows": f"@{{activity('Run').output.pipelineReturnValue.{key}}}"})
    return pipeline(call("child"), asking | {"dependsOn": after("Run")})


PAGES = {
    "ADF501": Page(
        why="`pipeline.referenceName` names the pipeline to run. An empty one ends in `invalid reference ''`.",
        wrong=[call("")],
        right=[call("child")],
        source=CALLING,
    ),
    "ADF502": Page(
        why="Checked if the whole repository of the factory is there: a pipeline that is not in it does not exist.",
        wrong=_files(pipeline(call("chld"), name="demo"), pipeline(wait(), name="child")),
        right=_files(pipeline(call("child"), name="demo"), pipeline(wait(), name="child")),
        source=CALLING,
    ),
    "ADF503": Page(
        why="Studio asks for it, and an expression of the called pipeline that reads it fails. Azure deploys such a call. Each parameter is reported once, at the first call that leaves it out.",
        wrong=_files(
            pipeline(call("child"), name="demo"), pipeline(wait(), name="child", parameters={"day": {"type": "string"}})
        ),
        right=_files(
            pipeline(call("child", parameters={"day": "1"}), name="demo"),
            pipeline(wait(), name="child", parameters={"day": {"type": "string"}}),
        ),
        source=CALLING,
    ),
    "ADF504": Page(
        why="It has no effect, and the intended parameter keeps its default.",
        wrong=_files(
            pipeline(call("child", parameters={"dya": "1"}), name="demo"),
            pipeline(wait(), name="child", parameters={"day": {"type": "string", "defaultValue": ""}}),
        ),
        right=_files(
            pipeline(call("child", parameters={"day": "1"}), name="demo"),
            pipeline(wait(), name="child", parameters={"day": {"type": "string", "defaultValue": ""}}),
        ),
        source=CALLING,
    ),
    "ADF505": Page(
        why="Azure refuses it: `Circular reference not allowed in pipeline`.",
        wrong=[call("demo")],
        right=[call("child")],
        source=CALLING,
    ),
    "ADF506": Page(
        why="Documentation, model and Studio disagree on the default of `waitOnCompletion`. Write it.",
        wrong=[call("child", waitOnCompletion=None)],
        right=[call("child", waitOnCompletion=True)],
        source=CALLING,
    ),
    "ADF507": Page(
        why="The called pipeline's expressions find a value of another type than its parameter declares. A text stays a text, whatever stands in it, and `@{…}` makes a text of any value: a ForEach over it fails, and so does an If.",
        wrong=_files(
            pipeline(call("child", parameters={"days": "all"}), name="demo"),
            pipeline(wait(), name="child", parameters={"days": {"type": "array"}}),
        ),
        right=_files(
            pipeline(call("child", parameters={"days": ["1"]}), name="demo"),
            pipeline(wait(), name="child", parameters={"days": {"type": "array"}}),
        ),
        source=CALLING,
    ),
    "ADF508": Page(
        why="`output.pipelineReturnValue` has the keys that the called pipeline sets, and another one ends the run with `property … doesn't exist`.",
        wrong=_files(_reading("row"), _RETURNING),
        right=_files(_reading("rows"), _RETURNING),
        source="https://learn.microsoft.com/azure/data-factory/tutorial-pipeline-return-value",
    ),
}
