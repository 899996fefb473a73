"""Settings that need others, settings in the wrong place, and settings that exclude each other."""

from __future__ import annotations

import json
from typing import Any

import pytest

from activities_gen.catalogue.examples import activity, expression, pipeline, schedule, wait, web
from activities_gen.findings import Finding, Severity
from activities_gen.rules import check_documents
from activities_gen.wire.document import parse

STORE = {"referenceName": "Store", "type": "LinkedServiceReference"}


def of(code: str, value: Any) -> list[Finding]:
    documents, _ = parse(json.dumps(value), "demo.json")
    return [finding for finding in check_documents(documents) if finding.code == code]


def copy(**properties: Any) -> list[dict[str, Any]]:
    ends = {"source": {"type": "DelimitedTextSource"}, "sink": {"type": "ParquetSink"}}
    return [activity("Copy", "Copy", **(ends | properties))]


def delete(**properties: Any) -> list[dict[str, Any]]:
    return [activity("Delete", "Tidy", dataset={"referenceName": "F", "type": "DatasetReference"}, **properties)]


LACKING = {
    "staging": (copy(enableStaging=True), "'stagingSettings'"),
    "empty staging": (copy(enableStaging=True, stagingSettings={}), "'stagingSettings'"),
    "logging of a Delete": (delete(enableLogging=True), "'logStorageSettings'"),
    "a user": ([web(authentication={"type": "Basic", "username": "u"})], "'authentication.password'"),
    "a resource": ([web(authentication={"type": "MSI"})], "'authentication.resource'"),
    "a certificate": ([web(authentication={"type": "ClientCertificate"})], "'authentication.pfx'"),
    "a credential": (
        [web(authentication={"type": "UserAssignedManagedIdentity", "resource": "https://x"})],
        "'authentication.credential'",
    ),
    "a tenant": (
        [web(authentication={"type": "ServicePrincipal", "resource": "https://x", "username": "u"})],
        "'authentication.userTenant'",
    ),
    "a resource of a WebHook": (
        [activity("WebHook", "Call", url="https://x", method="POST", authentication={"type": "MSI"})],
        "'authentication.resource'",
    ),
}


@pytest.mark.parametrize(("value", "lacking"), LACKING.values(), ids=LACKING)
def test_a_setting_without_another_that_it_needs_is_an_error(value: Any, lacking: str) -> None:
    (error,) = of("ADF340", value)
    assert error.severity is Severity.ERROR
    assert lacking in error.message


COMPLETE = {
    "staging": copy(enableStaging=True, stagingSettings={"linkedServiceName": STORE}),
    "staging that is off": copy(enableStaging=False),
    "staging that is decided at run time": copy(enableStaging=expression("@pipeline().parameters.staged")),
    "logging of a Delete": delete(enableLogging=True, logStorageSettings={"linkedServiceName": STORE}),
    "a resource": [web(authentication={"type": "MSI", "resource": "@pipeline().parameters.resource"})],
    "an unknown authentication": [web(authentication={"type": "Anonymous"})],
}


@pytest.mark.parametrize("value", COMPLETE.values(), ids=COMPLETE)
def test_a_setting_with_what_it_needs_is_none(value: Any) -> None:
    assert not of("ADF340", value)


READ = {"type": "AzureBlobFSReadSettings"}
FORMAT = {"type": "DelimitedTextReadSettings"}


def test_a_key_of_the_object_around_is_said_to_belong_there() -> None:
    source = {"type": "DelimitedTextSource", "storeSettings": READ | {"formatSettings": FORMAT}}
    (warning,) = of("ADF341", copy(source=source))
    assert warning.message.endswith(
        "'formatSettings' in 'source.storeSettings', where it has no effect. It belongs beside 'storeSettings'."
    )


def test_a_key_of_an_object_inside_is_said_to_belong_there() -> None:
    source = {"type": "DelimitedTextSource", "recursive": True, "storeSettings": READ}
    assert of("ADF341", copy(source=source))[0].message.endswith("It belongs into 'storeSettings'.")


@pytest.mark.parametrize(
    "source",
    [
        {"type": "DelimitedTextSource", "storeSettings": READ | {"recursive": True}, "formatSettings": FORMAT},
        {"type": "DelimitedTextSource", "storeSettings": {"type": "[parameters('store')]", "formatSettings": FORMAT}},
        {"type": "DelimitedTextSource", "storeSettings": READ | {"anything": True}},
    ],
)
def test_a_key_in_its_place_or_of_an_unknown_object_is_not_misplaced(source: dict[str, Any]) -> None:
    assert not of("ADF341", copy(source=source))


def script(kind: Any) -> list[dict[str, Any]]:
    return [activity("Script", "Run", scripts=[{"text": "select 1", "type": kind}]) | {"linkedServiceName": STORE}]


@pytest.mark.parametrize("kind", ["Select", "Non-Query"])
def test_a_script_of_an_unknown_type_is_reported(kind: str) -> None:
    assert of("ADF219", script(kind))


@pytest.mark.parametrize("kind", ["Query", "NonQuery", "@pipeline().parameters.kind"])
def test_a_script_of_a_known_type_is_not(kind: str) -> None:
    assert not of("ADF219", script(kind)) + of("ADF220", script(kind)) + of("ADF215", script(kind))


def databricks(**cluster: Any) -> dict[str, Any]:
    properties = {"domain": "https://adb-1.1.azuredatabricks.net", "authentication": "MSI", "workspaceResourceId": "/w"}
    return {"name": "ADB", "properties": {"type": "AzureDatabricks", "typeProperties": properties | cluster}}


NEW = {"newClusterVersion": "15.4.x-scala2.12", "newClusterNumOfWorker": "1", "newClusterNodeType": "S"}


@pytest.mark.parametrize("more", [NEW, {"instancePoolId": "p"}, NEW | {"instancePoolId": "p"}])
def test_an_existing_cluster_beside_another_is_a_warning(more: dict[str, Any]) -> None:
    (warning,) = of("ADF617", databricks(existingClusterId="c", **more))
    assert warning.severity is Severity.WARNING
    assert "keep one" in warning.message


@pytest.mark.parametrize("cluster", [{"existingClusterId": "c"}, NEW, NEW | {"instancePoolId": "p"}])
def test_one_cluster_is_no_problem(cluster: dict[str, Any]) -> None:
    assert not of("ADF617", databricks(**cluster))


@pytest.mark.parametrize("frequency", ["Month", "Day", "Hour"])
def test_an_empty_list_of_weekdays_is_an_error_under_another_frequency(frequency: str) -> None:
    (error,) = of("ADF716", schedule(frequency=frequency, schedule={"weekDays": []}))
    assert error.severity is Severity.ERROR


def test_an_empty_list_of_days_of_the_month_is_a_warning_under_another_frequency() -> None:
    (warning,) = of("ADF716", schedule(frequency="Week", schedule={"monthDays": []}))
    assert warning.severity is Severity.WARNING


@pytest.mark.parametrize("entries", [{"weekDays": []}, {"weekDays": ["Monday"]}, {"monthDays": None}])
def test_days_that_fit_the_frequency_are_no_problem(entries: dict[str, Any]) -> None:
    assert not of("ADF716", schedule(frequency="Week", schedule=entries))


@pytest.mark.parametrize(("state", "severity"), [("Started", Severity.ERROR), ("Stopped", Severity.WARNING)])
def test_a_trigger_that_starts_nothing_is_an_error_if_it_is_started(state: str, severity: Severity) -> None:
    value = schedule()
    value["properties"] |= {"pipelines": [], "runtimeState": state}
    assert [finding.severity for finding in of("ADF705", value)] == [severity]


def test_a_started_trigger_with_a_pipeline_is_no_problem() -> None:
    value = schedule()
    value["properties"]["runtimeState"] = "Started"
    assert not of("ADF705", value)


def defaulting(value: Any) -> dict[str, Any]:
    return pipeline(wait(), parameters={"day": {"type": "string"}, "path": {"type": "string", "defaultValue": value}})


@pytest.mark.parametrize("value", ["@pipeline().parameters.dya", "x/@{pipeline().parameters.dya}"])
def test_a_default_that_reads_an_undeclared_parameter_is_refused_at_deployment(value: str) -> None:
    (error,) = of("ADF316", defaulting(value))
    assert error.severity is Severity.ERROR
    assert "Did you mean 'day'?" in error.message


@pytest.mark.parametrize("value", ["@pipeline().parameters.Day", "pipeline().parameters.dya", "@utcNow()", 5])
def test_a_default_that_reads_a_declared_parameter_or_none_is_not(value: Any) -> None:
    assert not of("ADF316", defaulting(value))


def declared(kind: str, value: Any, key: str = "parameters") -> dict[str, Any]:
    return pipeline(wait(), **{key: {"p": {"type": kind, "defaultValue": value}}})


@pytest.mark.parametrize(("kind", "value"), [("array", "[1]"), ("Bool", "true"), ("object", "{}"), ("int", "five")])
def test_a_default_of_another_type_than_declared_is_a_warning(kind: str, value: Any) -> None:
    assert of("ADF302", declared(kind, value))


def test_a_text_as_the_default_of_a_list_variable_is_a_warning() -> None:
    assert of("ADF302", declared("Array", '["a"]', key="variables"))


@pytest.mark.parametrize(
    ("kind", "value"), [("array", [1]), ("bool", False), ("object", {}), ("int", 5), ("array", "")]
)
def test_a_default_of_the_declared_type_is_none(kind: str, value: Any) -> None:
    assert not of("ADF302", declared(kind, value))


def reading(text: str, **declared: Any) -> dict[str, Any]:
    step = activity("SetVariable", "S", variableName="n", value=expression(text))
    return pipeline(step, variables={"n": {"type": "String"}, "u": {"type": "String", **declared}})


DIFFERING = ["@string(length(variables('u')))", "@string(equals(variables('u'), ''))", "@coalesce(variables('u'), 'x')"]


@pytest.mark.parametrize("text", DIFFERING)
def test_a_text_that_nothing_sets_is_a_note_where_null_makes_a_difference(text: str) -> None:
    assert [finding.severity for finding in of("ADF317", reading(text))] == [Severity.NOTE]


@pytest.mark.parametrize("text", ["@concat(variables('u'), 'x')", "@string(equals(variables('u'), 'x'))"])
def test_a_text_that_nothing_sets_is_none_where_null_makes_no_difference(text: str) -> None:
    assert not of("ADF317", reading(text))


@pytest.mark.parametrize("text", DIFFERING)
def test_a_text_with_a_default_is_none(text: str) -> None:
    assert not of("ADF317", reading(text, defaultValue=""))
