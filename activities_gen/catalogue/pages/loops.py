"""What the pages say of the family "Loops"."""

from __future__ import annotations

from typing import Any

from activities_gen.catalogue.examples import activity, call, expression, loop, pipeline, set_variable
from activities_gen.catalogue.page import Page


def _until(condition: str) -> dict[str, Any]:
    repeated = activity("Until", "Poll", expression=expression(condition), activities=[set_variable("state", "done")])
    return pipeline(repeated, parameters={"repeat": {"type": "string"}}, variables={"state": {"type": "String"}})


PAGES = {
    "ADF325": Page(
        why="`isSequential` lets one iteration end before the next begins, and an ExecutePipeline that does not wait ends at once. The called pipelines run side by side.",
        wrong=[loop(call("child", waitOnCompletion=False), isSequential=True)],
        right=[loop(call("child", waitOnCompletion=True), isSequential=True)],
        source="https://learn.microsoft.com/azure/data-factory/control-flow-execute-pipeline-activity",
    ),
    "ADF326": Page(
        why="Parameters, system variables and what has ended before the loop keep their values while it runs. A condition that reads nothing else holds after the first pass or never, and then the loop runs into its timeout.",
        wrong=_until("@equals(pipeline().parameters.repeat, 'no')"),
        right=_until("@equals(variables('state'), pipeline().parameters.repeat)"),
        source="https://learn.microsoft.com/azure/data-factory/control-flow-until-activity",
    ),
}
