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


PYTHON = "Go struct field DatabricksSparkPythonActivityTypeProperties."
DECODER = [
    ("parameters as object", python(parameters={"a": 1}), f"object into {PYTHON}parameters of type []interface {{}}"),
    (
        "parameters as Expression",
        python(parameters=expression("@createArray(1)")),
        f"object into {PYTHON}parameters of type []interface {{}}",
    ),
    (
        "libraries as object",
        python(libraries={"whl": "x"}),
        f"object into {PYTHON}libraries of type []map[string]interface {{}}",
    ),
    (
        "libraries as strings",
        python(libraries=["x"]),
        f"string into {PYTHON}libraries of type map[string]interface {{}}",
    ),
    (
        "baseParameters as list",
        activity("DatabricksNotebook", "N", notebookPath="/a", baseParameters=[1]),
        "array into Go struct field DatabricksNotebookActivityTypeProperties.baseParameters of type map[string]interface {}",
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
        "string into Go struct field FilterActivityTypeProperties.condition of type datafactory.Expression",
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
        "string into Go struct field ExecutePipelineActivityTypeProperties.pipeline of type datafactory.PipelineReference",
    ),
    (
        "method as Expression",
        web(method=expression("@string(1)")),
        "object into Go struct field WebActivityTypeProperties.method of type datafactory.WebActivityMethod",
    ),
    (
        "disableCertValidation as Expression",
        web(disableCertValidation=expression("@bool(1)")),
        "object into Go struct field WebActivityTypeProperties.disableCertValidation of type bool",
    ),
    ("name as number", wait() | {"name": 5}, "number into Go value of type string"),
    ("type as number", {"name": "A", "type": 5}, "number into Go value of type datafactory.TypeBasicActivity"),
    (
        "Hive variables as object",
        activity("HDInsightHive", "H", variables={"a": "b"}),
        "object into Go struct field HDInsightHiveActivityTypeProperties.variables of type []interface {}",
    ),
    ("nested", loop(python(parameters={"a": 1})), f"object into {PYTHON}parameters of type []interface {{}}"),
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


def findings(*activities: Any) -> list[tuple[str, str]]:
    documents, _ = parse(json.dumps(list(activities)), "activities.json")
    return [(found.code, found.message) for found in check_documents(documents, FLOWEHR) if found.code[:4] == "FLO1"]


def codes(*activities: Any) -> list[str]:
    return [code for code, _ in findings(*activities)]


def lookup(**source: Any) -> dict[str, Any]:
    return activity("Lookup", "L", source={"type": "SqlServerSource"} | source)


@pytest.mark.parametrize(
    ("bad", "place"),
    [
        (loop(wait(), batchCount="[parameters('n')]"), "typeProperties.batchCount"),
        (python() | {"policy": {"retryIntervalInSeconds": "[variables('n')]"}}, "policy.retryIntervalInSeconds"),
        (wait() | {"typeProperties": "[parameters('all')]"}, "typeProperties"),
        (wait(dependsOn="[parameters('before')]"), "dependsOn"),
        (lookup(partitionSettings="[parameters('p')]"), "typeProperties.source.partitionSettings"),
    ],
)
def test_an_arm_expression_is_text_that_stops_the_decoder_where_it_wants_something_else(bad: Any, place: str) -> None:
    (message,) = [message for code, message in findings(bad) if code == "FLO132"]
    assert "the ARM expression '[" in message
    assert f"which is plain text to FlowEHR, as '{place}'" in message


def test_an_arm_expression_may_stand_where_the_decoder_takes_anything_or_a_text() -> None:
    assert codes(activity("Wait", "[parameters('name')]", waitTimeInSeconds="[parameters('n')]")) == []


@pytest.mark.parametrize("text", ["${count}", "${ var.count }", "#{count}#"])
def test_a_placeholder_may_stand_for_anything(text: str) -> None:
    assert codes(loop(wait(), batchCount=text), {"name": "T", "type": text, "typeProperties": text}) == []


def test_expressions_and_texts_in_the_settings_of_a_store_stop_the_decoder() -> None:
    store = {"type": "SftpReadSettings", "enablePartitionDiscovery": "true"}
    ftp = {"type": "FtpReadSettings", "useBinaryTransfer": expression("@bool(1)")}
    given = expression("@json('{}')")
    assert codes(lookup(type="JsonSource", storeSettings=store)) == ["FLO132"]
    assert codes(lookup(type="JsonSource", storeSettings=ftp)) == ["FLO132"]
    assert set(codes(lookup(storedProcedureParameters=given))) == {"FLO132"}


@pytest.mark.parametrize("kind", ["SetVariable", "WebHook", "SparkJob"])
def test_a_policy_that_the_decoder_does_not_know_may_hold_anything(kind: str) -> None:
    assert "FLO132" not in codes(activity(kind, "A") | {"policy": {"secureInput": "true"}})


def test_null_parameters_are_lost_in_sources_and_kept_in_stored_procedures() -> None:
    given = {"p": {"value": None, "type": "String"}}
    assert codes(lookup(storedProcedureParameters=given)) == ["FLO133"]
    assert (
        codes(activity("SqlServerStoredProcedure", "S", storedProcedureName="x", storedProcedureParameters=given)) == []
    )


def test_keys_that_vanish_are_named_at_whatever_depth_with_the_one_that_is_meant() -> None:
    script = activity("Script", "S", scripts=[{"type": "Query", "text": "x", "paramters": []}])
    assert findings(script) == [
        (
            "FLO131",
            "'S' has the key 'paramters' in 'typeProperties.scripts.0', which FlowEHR's Terraform drops silently. Did you mean 'parameters'?",
        )
    ]


def test_a_type_that_is_sent_as_it_is_is_not_reported() -> None:
    sink = {"type": "JsonSink", "formatSettings": {"type": "JsonWriteSettings"}}
    assert codes(activity("Copy", "C", source={"type": "RestSource"}, sink=sink)) == ["FLO136"]


@pytest.mark.parametrize("kind", ["SnowflakeV2Source", "SalesforceV2Source", "LakeHouseTableSource"])
def test_a_source_that_is_newer_than_the_decoder_becomes_the_base(kind: str) -> None:
    (found,) = findings(lookup(type=kind))
    assert found == ("FLO135", f"'L' has a source of type '{kind}', which FlowEHR's Terraform sends as 'CopySource'.")


def test_a_null_among_activities_ends_the_provider() -> None:
    assert findings(None) == [
        (
            "FLO132",
            "The pipeline has null as 'activities.0'; it must be an object. Terraform's provider ends with a panic.",
        )
    ]


def test_a_missing_type_is_written_as_that_of_the_class() -> None:
    (found,) = findings(web(authentication={"type": "Basic", "password": {}}))
    assert found[0] == "FLO136"
    assert "writes SecretBase there" in found[1]
