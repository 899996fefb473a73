"""What the pages say of the family "Keys and types of values"."""

from __future__ import annotations

from activities_gen.catalogue.examples import activity, expression, loop, python, wait, web
from activities_gen.catalogue.page import Page

MODEL = "REST interface of Data Factory, models of the activities (azure-mgmt-datafactory 9.3)"


PAGES = {
    "ADF212": Page(
        why="Azure stores it and ignores it. If it resembles a known key it is probably a typing error, and a warning.",
        wrong=[wait("Pause", dependOn=[])],
        right=[wait("Pause", dependsOn=[])],
        source=MODEL,
    ),
    "ADF213": Page(
        why="It has no effect, and FlowEHR's Terraform drops it silently. If it resembles a known key it is probably a typing error, and a warning; it is always a warning for FlowEHR. Inside nested objects only such typing errors are reported.",
        wrong=[python(paramters=["--day", "1"])],
        right=[python(parameters=["--day", "1"])],
        source=MODEL,
    ),
    "ADF214": Page(
        why="The activity cannot run without it. Inactive activities may lack keys.",
        wrong=[{"name": "Ingest", "type": "DatabricksSparkPython", "typeProperties": {"parameters": []}}],
        right=[python()],
        source=MODEL,
    ),
    "ADF215": Page(
        why="A list instead of an object, or a string instead of a list: the definition cannot be read as an activity.",
        wrong=[python(parameters={"day": "1"})],
        right=[python(parameters=["--day", "1"])],
        source=MODEL,
    ),
    "ADF216": Page(
        why="The type decides what an activity does. FlowEHR's Terraform sends a missing one as `Activity`, which cannot run.",
        wrong=[{"name": "Pause", "typeProperties": {"waitTimeInSeconds": 1}}],
        right=[wait("Pause")],
        source=MODEL,
    ),
    "ADF217": Page(
        why="Mind `WebActivity` but `WebHook`, `AzureFunctionActivity`, `IfCondition` and `DataLakeAnalyticsU-SQL`. A type that does not resemble a known one is a warning: it may be newer than this program.",
        wrong=[
            {"name": "Call", "type": "WebActvity", "typeProperties": {"url": "https://example.org", "method": "GET"}}
        ],
        right=[web()],
        source=MODEL,
    ),
    "ADF218": Page(
        why="The service accepts it, but FlowEHR's Terraform treats it as an unknown type and sends `Activity`.",
        wrong=[{"name": "Pause", "type": "wait", "typeProperties": {"waitTimeInSeconds": 1}}],
        right=[wait("Pause")],
        source="azurerm 3.47, decoder of activities",
    ),
    "ADF219": Page(
        why="The key takes one of a few words.",
        wrong=[web(method="GETT")],
        right=[web(method="GET")],
        source=MODEL,
    ),
    "ADF220": Page(
        why='`"true"` for true, `"3"` for 3, or an expression where the model has a plain value. Azure accepts some of these; FlowEHR\'s Terraform refuses them all.',
        wrong=[loop(wait(), batchCount="3")],
        right=[loop(wait(), batchCount=3)],
        source=MODEL,
    ),
    "ADF221": Page(
        why="For example a ForEach that runs more than 50 iterations at once.",
        wrong=[loop(wait(), batchCount=100)],
        right=[loop(wait(), batchCount=50)],
        source=MODEL,
    ),
    "ADF222": Page(
        why='An Expression object is `{"value": "@…", "type": "Expression"}` with a string as value. A number or a boolean is a warning if a plain one is allowed there.',
        wrong=[activity("IfCondition", "If", expression={"value": True, "type": "Expression"})],
        right=[activity("IfCondition", "If", expression=expression("@equals(1, 1)"), ifTrueActivities=[wait()])],
        source=MODEL,
    ),
}
