"""What the pages say of the family "Control and web activities"."""

from __future__ import annotations

from typing import Any

from activities_gen.catalogue.examples import activity, web
from activities_gen.catalogue.page import Page

WEB = "https://learn.microsoft.com/azure/data-factory/control-flow-web-activity"


def _copy(**more: Any) -> dict[str, Any]:
    return activity("Copy", "Copy", source={"type": "BlobSource"}, sink={"type": "BlobSink"}) | more


_FILES = [{"referenceName": "Files", "type": "DatasetReference"}]

_PROCEDURE = activity("SqlServerStoredProcedure", "Load", storedProcedureName="dbo.Load")


PAGES = {
    "ADF330": Page(
        why="An empty `errorCode` becomes `ErrorCodeNotString`, and an empty `message` a stock sentence: the run report does not say what happened.",
        wrong=[activity("Fail", "Stop", message="", errorCode="500")],
        right=[activity("Fail", "Stop", message="No file for today.", errorCode="500")],
        source="https://learn.microsoft.com/azure/data-factory/control-flow-fail-activity",
    ),
    "ADF331": Page(
        why="`waitTimeInSeconds` is a whole number of seconds, or an expression that gives one. A Wait of 0 seconds, which does nothing, is a note.",
        wrong=[activity("Wait", "Pause", waitTimeInSeconds=-5)],
        right=[activity("Wait", "Pause", waitTimeInSeconds=5)],
        source="https://learn.microsoft.com/azure/data-factory/control-flow-wait-activity",
    ),
    "ADF332": Page(
        why="POST and PUT need a body, GET takes none.",
        wrong=[web(method="POST")],
        right=[web(method="POST", body="{}")],
        source=WEB,
    ),
    "ADF333": Page(
        why="POST is the only method that a WebHook has.",
        wrong=[activity("WebHook", "Ask", url="https://example.org", method="GET", body="{}")],
        right=[activity("WebHook", "Ask", url="https://example.org", method="POST", body="{}")],
        source="https://learn.microsoft.com/azure/data-factory/control-flow-webhook-activity",
    ),
    "ADF334": Page(
        why="Web and WebHook call an address that begins with `http://` or `https://`. Plain http sends everything unencrypted, so that is a note.",
        wrong=[web(url="example.org/api")],
        right=[web(url="https://example.org/api")],
        source=WEB,
    ),
    "ADF337": Page(
        why="`userProperties` is a list of objects with `name` and `value`.",
        wrong=[activity("Wait", "Pause", waitTimeInSeconds=1) | {"userProperties": [{"name": "owner"}]}],
        right=[activity("Wait", "Pause", waitTimeInSeconds=1) | {"userProperties": [{"name": "owner", "value": "us"}]}],
        source="REST interface of Data Factory, UserProperty",
    ),
    "ADF338": Page(
        why="A Copy reads one dataset and writes one; they are beside `typeProperties`, not in it.",
        wrong=[_copy(inputs=_FILES)],
        right=[_copy(inputs=_FILES, outputs=_FILES)],
        source="https://learn.microsoft.com/azure/data-factory/copy-activity-overview",
    ),
    "ADF339": Page(
        why="Scripts, stored procedures, functions, and activities on HDInsight, Batch, Data Explorer or Machine Learning need `linkedServiceName`, beside `typeProperties`. For Databricks a missing one is an error (ADF611).",
        wrong=[_PROCEDURE],
        right=[_PROCEDURE | {"linkedServiceName": {"referenceName": "Sql", "type": "LinkedServiceReference"}}],
        source="https://learn.microsoft.com/azure/data-factory/concepts-pipelines-activities",
    ),
}
