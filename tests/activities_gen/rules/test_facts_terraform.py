"""What the decoder of FlowEHR's Terraform refuses and takes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from activities_gen.catalogue.examples import (
    DATABRICKS,
    activity,
    call,
    expression,
    loop,
    python,
    set_variable,
    wait,
    web,
)
from activities_gen.rules import Options, Target, check_documents
from activities_gen.wire.document import parse

FLOWEHR = Options(target=Target.FLOWEHR)


def condition(kind: str, value: Any) -> dict[str, Any]:
    key = {"Switch": "on"}.get(kind, "expression")
    return activity(kind, "C", **{key: value}, activities=[], cases=[])


DECODER = [
    ("parameters as object", python(parameters={"a": 1}), "object into Go value of type []interface {}"),
    (
        "parameters as Expression",
        python(parameters=expression("@createArray(1)")),
        "object into Go value of type []interface {}",
    ),
    ("libraries as object", python(libraries={"whl": "x"}), "object into Go value of type []map[string]interface {}"),
    ("libraries as strings", python(libraries=["x"]), "string into Go value of type map[string]interface {}"),
    (
        "baseParameters as list",
        activity("DatabricksNotebook", "N", notebookPath="/a", baseParameters=[1]),
        "array into Go value of type map[string]interface {}",
    ),
    ("secureInput as text", python() | {"policy": {"secureInput": "true"}}, "string into Go value of type bool"),
    (
        "secureOutput as Expression",
        python() | {"policy": {"secureOutput": expression("@bool(1)")}},
        "object into Go value of type bool",
    ),
    ("interval as text", python() | {"policy": {"retryIntervalInSeconds": "30"}}, "string into Go value of type int32"),
    (
        "interval as fraction",
        python() | {"policy": {"retryIntervalInSeconds": 30.5}},
        "number 30.5 into Go value of type int32",
    ),
    (
        "interval as Expression",
        python() | {"policy": {"retryIntervalInSeconds": expression("@int(1)")}},
        "object into Go value of type int32",
    ),
    ("policy as list", python() | {"policy": []}, "array into Go value of type map[string]*json.RawMessage"),
    ("dependsOn as names", wait(dependsOn=["B"]), "string into Go value of type map[string]*json.RawMessage"),
    ("dependsOn as object", wait(dependsOn={}), "object into Go value of type []datafactory.ActivityDependency"),
    (
        "conditions as text",
        wait(dependsOn=[{"activity": "B", "dependencyConditions": "Succeeded"}]),
        "string into Go value of type []",
    ),
    ("userProperties as object", wait(userProperties={}), "object into Go value of type []datafactory.UserProperty"),
    (
        "linkedServiceName as text",
        python() | {"linkedServiceName": "A"},
        "string into Go value of type datafactory.LinkedServiceReference",
    ),
    (
        "items as text",
        activity("ForEach", "F", items="@createArray(1)", activities=[]),
        "string into Go value of type datafactory.Expression",
    ),
    (
        "items as list",
        activity("ForEach", "F", items=[1], activities=[]),
        "array into Go value of type datafactory.Expression",
    ),
    (
        "If expression as text",
        condition("IfCondition", "@bool(1)"),
        "string into Go value of type datafactory.Expression",
    ),
    (
        "If expression as boolean",
        condition("IfCondition", value=True),
        "bool into Go value of type datafactory.Expression",
    ),
    ("Until expression as text", condition("Until", "@bool(1)"), "string into Go value of type datafactory.Expression"),
    ("Switch on as text", condition("Switch", "@string(1)"), "string into Go value of type datafactory.Expression"),
    (
        "Filter condition as text",
        activity("Filter", "F", items=expression("@createArray(1)"), condition="@bool(1)"),
        "string into Go value of type datafactory.Expression",
    ),
    ("isSequential as text", loop(wait(), isSequential="true"), "string into Go value of type bool"),
    ("batchCount as text", loop(wait(), batchCount="3"), "string into Go value of type int32"),
    ("batchCount as Expression", loop(wait(), batchCount=expression("@int(1)")), "object into Go value of type int32"),
    (
        "case value as number",
        activity("Switch", "S", on=expression("@string(1)"), cases=[{"value": 5, "activities": []}]),
        "number into Go value of type string",
    ),
    (
        "pipeline as text",
        activity("ExecutePipeline", "E", pipeline="child"),
        "string into Go value of type datafactory.PipelineReference",
    ),
    (
        "method as Expression",
        web(method=expression("@string(1)")),
        "object into Go value of type datafactory.WebActivityMethod",
    ),
    (
        "disableCertValidation as Expression",
        web(disableCertValidation=expression("@bool(1)")),
        "object into Go value of type bool",
    ),
    ("name as number", wait() | {"name": 5}, "number into Go value of type string"),
    ("type as number", {"name": "A", "type": 5}, "number into Go value of type datafactory.TypeBasicActivity"),
    (
        "Hive variables as object",
        activity("HDInsightHive", "H", variables={"a": "b"}),
        "object into Go value of type []interface {}",
    ),
    ("nested", loop(python(parameters={"a": 1})), "object into Go value of type []interface {}"),
]


@pytest.mark.parametrize(("bad", "text"), [row[1:] for row in DECODER], ids=[row[0] for row in DECODER])
def test_what_the_decoder_refuses_is_said_with_its_words(bad: dict[str, Any], text: str) -> None:
    documents, _ = parse(json.dumps([bad]), "activities.json")
    messages = [finding.message for finding in check_documents(documents, FLOWEHR) if finding.code == "FLO132"]
    assert any(f"json: cannot unmarshal {text}" in message for message in messages), messages


FINE = {
    "timeout as Expression": python() | {"policy": {"timeout": expression("@string('0.12:00:00')")}},
    "retry as Expression": python() | {"policy": {"retry": expression("@int(1)")}},
    "Wait as Expression": activity("Wait", "W", waitTimeInSeconds=expression("@int(1)")),
    "parameters of any kind": python(parameters=[expression("@string(1)"), 1, None]),
    "base parameters of any kind": activity(
        "DatabricksNotebook", "N", notebookPath="/a", baseParameters={"a": 1, "b": [1]}
    ),
    "parameters of a linked service": python() | {"linkedServiceName": DATABRICKS | {"parameters": {"a": 1}}},
    "policy of ExecutePipeline": call("child") | {"policy": {"secureInput": True}},
    "policy of SetVariable": set_variable("v", "1") | {"policy": {"secureOutput": True}},
    "headers of any shape": web(headers=expression("@json('{}')")),
}


@pytest.mark.parametrize("good", FINE.values(), ids=FINE)
def test_what_the_decoder_takes_is_not_reported(good: dict[str, Any]) -> None:
    documents, _ = parse(json.dumps([good]), "activities.json")
    assert "FLO132" not in {finding.code for finding in check_documents(documents, FLOWEHR)}
