"""Names, limits, keys and policies: for each documented rule the bad JSON and the finding it gets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from activities_gen.catalogue.examples import (
    activity,
    call,
    dataset,
    expression,
    loop,
    pipeline,
    python,
    set_variable,
    wait,
    web,
    window,
)
from activities_gen.catalogue.pages.policy import POLICY
from activities_gen.rules import check_documents
from activities_gen.rules.limits import MAX_BYTES
from activities_gen.wire.document import Kind, parse


def codes(value: Any) -> set[str]:
    documents, findings = parse(value if isinstance(value, str) else json.dumps(value), "demo.json")
    return {finding.code for finding in [*findings, *check_documents(documents)]}


def severities(value: Any) -> dict[str, str]:
    documents, _ = parse(json.dumps(value), "demo.json")
    found = check_documents(documents)
    return {one.code: one.severity.value for one in found if one.code.startswith("ADF")}


def schedule(**more: Any) -> dict[str, Any]:
    recurrence = {"frequency": "Day", "startTime": "2026-01-01T00:00:00Z", "timeZone": "UTC", **more}
    started = {"pipelineReference": {"referenceName": "demo", "type": "PipelineReference"}}
    properties = {"type": "ScheduleTrigger", "pipelines": [started], "typeProperties": {"recurrence": recurrence}}
    return {"name": "daily", "properties": properties}


def table(*rows: tuple[str, str, Any]) -> Any:
    return pytest.mark.parametrize(
        ("code", "bad"), [(code, bad) for _, code, bad in rows], ids=[f"{code}-{name}" for name, code, _ in rows]
    )


def named(name: str) -> dict[str, Any]:
    return pipeline(wait(), name=name)


def resource(kind: str, name: str) -> dict[str, Any]:
    service = {"referenceName": "Store", "type": "LinkedServiceReference"}
    properties = {
        "dataset": {"type": "Json", "linkedServiceName": service},
        "service": {"type": "AzureBlobStorage", "typeProperties": {}},
        "flow": {"type": "MappingDataFlow", "typeProperties": {}},
        "trigger": window()["properties"],
    }
    return {"name": name, "properties": properties[kind]}


@table(
    *[(f"forbidden {char}", "ADF101", named(f"a{char}b")) for char in "<>*#.%&:\\+?/"],
    ("first character", "ADF101", named("-a")),
    ("first character not ASCII", "ADF101", named("éa")),
    ("too long for the interface", "ADF101", named("a" * 261)),
    ("too long for the documentation", "ADF102", named("a" * 141)),
    ("dataset", "ADF101", resource("dataset", "a.b")),
    ("linked service", "ADF101", resource("service", "a.b")),
    ("data flow", "ADF101", resource("flow", "a.b")),
    ("trigger", "ADF101", resource("trigger", "a.b")),
    ("dash in a dataset", "ADF109", resource("dataset", "a-b")),
    ("dash in a linked service", "ADF109", resource("service", "a-b")),
    ("dash in a data flow", "ADF109", resource("flow", "a-b")),
    ("digit first in a dataset", "ADF109", resource("dataset", "1b")),
    *[(f"activity with {char}", "ADF104", [wait(f"a{char}b")]) for char in ".+?/<>*%&:\\"],
    ("activity, first character", "ADF104", [wait(" a")]),
    ("activity too long", "ADF105", [wait("a" * 56)]),
    ("activity without name", "ADF103", [activity("Wait", "", waitTimeInSeconds=1)]),
    ("activity whose name is a number", "ADF103", [wait() | {"name": 5}]),
    ("activities of one name", "ADF106", [wait("A"), wait("a")]),
    ("activities of one name in containers", "ADF106", [loop(wait("A")), wait("A")]),
    ("parameters of one name", "ADF107", pipeline(wait(), parameters={"a": {"type": "int"}, "A": {"type": "int"}})),
    ("variables of one name", "ADF107", pipeline(wait(), variables={"a": {"type": "Bool"}, "A": {"type": "Bool"}})),
    *[
        (f"parameter {name!r}", "ADF108", pipeline(wait(), parameters={name: {"type": "int"}}))
        for name in ("my-param", "my param", "1st", "a.b")
    ],
    (
        "two transformations of one name",
        "ADF116",
        {
            "name": "F",
            "properties": {"type": "MappingDataFlow", "typeProperties": {"sources": [{"name": "a"}, {"name": "A"}]}},
        },
    ),
)
def test_names(code: str, bad: Any) -> None:
    assert code in codes(bad)


@table(
    ("activities", "ADF110", [wait(f"W{number}") for number in range(121)]),
    ("nested activities", "ADF110", [loop(*[wait(f"W{number}") for number in range(120)])]),
    ("parameters", "ADF111", pipeline(wait(), parameters={f"p{number}": {"type": "int"} for number in range(51)})),
    ("batchCount", "ADF221", [loop(wait(), batchCount=51)]),
    ("batchCount of nought", "ADF221", [loop(wait(), batchCount=0)]),
    ("expression", "ADF414", [set_variable("v", "@concat('" + "x" * 8200 + "')")]),
    ("interpolated expression", "ADF414", [set_variable("v", "a@{concat('" + "x" * 8200 + "')}")]),
    ("tumbling window of minutes", "ADF708", window(frequency="Minute", interval=4)),
    ("timeout too short", "ADF233", [python() | {"policy": {"timeout": "00:09:00"}}]),
    ("timeout too long", "ADF232", [python() | {"policy": {"timeout": "7.00:00:01"}}]),
    ("pipeline object", "ADF112", [wait(description="x" * 205_000)]),
    ("dataset object", "ADF112", {**dataset(), "properties": dataset()["properties"] | {"description": "x" * 103_000}}),
    (
        "linked service object",
        "ADF112",
        {"name": "S", "properties": {"type": "Web", "typeProperties": {}, "description": "x" * 2_050_000}},
    ),
    (
        "cases",
        "ADF115",
        [activity("Switch", "S", on=expression("@item()"), cases=[{"value": str(number)} for number in range(26)])],
    ),
    ("concurrency", "ADF114", pipeline(wait(), concurrency=0)),
    ("window dependencies", "ADF711", window(dependsOn=[{"type": "X"}] * 6)),
    ("range", "ADF404", [loop(wait(), items="@range(0, 100001)")]),
)
def test_limits(code: str, bad: Any) -> None:
    assert code in codes(bad)


@pytest.mark.parametrize("character", ["x", "ü", "€", "😀"])
def test_the_limit_of_a_pipelines_size_counts_bytes_and_is_inclusive(character: str) -> None:
    def described(text: str) -> str:
        return json.dumps(pipeline(wait(), description=text), ensure_ascii=False)

    properties = json.dumps(pipeline(wait(), description="")["properties"], separators=(",", ":"))
    room = MAX_BYTES[Kind.PIPELINE] - len(properties)
    characters, rest = divmod(room, len(character.encode()))

    assert "ADF112" not in codes(described(character * characters + "x" * rest))
    assert "ADF112" in codes(described(character * characters + "x" * (rest + 1)))


def test_half_of_a_surrogate_pair_counts_three_bytes() -> None:
    assert "ADF112" in codes([wait(description="\ud83d" * 70_000)])


@pytest.mark.parametrize(
    ("value", "severity"),
    [
        ("2", "warning"),
        (" 2 ", "warning"),
        ("0", "error"),
        (" 00 ", "error"),
        ("-1", "error"),
        ("²", "error"),
        ("٣", "error"),
        (True, "error"),
        (1.5, "error"),
    ],
)
def test_a_concurrency_that_the_service_may_read_is_a_warning_and_any_other_an_error(value: Any, severity: str) -> None:
    assert severities(pipeline(wait(), concurrency=value)) == {"ADF114": severity}


@pytest.mark.parametrize("value", ["²", "٣", "-1", "1.5", True, 1.5])
@pytest.mark.parametrize(("key", "code"), [("retry", "ADF234"), ("retryIntervalInSeconds", "ADF235")])
def test_a_count_that_is_no_whole_number_in_ascii_digits_is_an_error(key: str, code: str, value: Any) -> None:
    assert severities([python() | {"policy": {key: value}}]) == {code: "error"}


@pytest.mark.parametrize("value", [True, False])
@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("ADF220", lambda value: [loop(wait(), batchCount=value)]),
        ("ADF220", lambda value: [activity("Wait", "W", waitTimeInSeconds=value)]),
        ("ADF703", lambda value: window(interval=value)),
        ("ADF703", lambda value: window(maxConcurrency=value)),
        ("ADF703", lambda value: window(retryPolicy={"count": value})),
        ("ADF703", lambda value: schedule(interval=value)),
    ],
    ids=["batchCount", "waitTimeInSeconds", "interval", "maxConcurrency", "retry count", "interval of a schedule"],
)
def test_a_boolean_in_the_place_of_a_number_is_told_as_that_and_not_as_one_out_of_range(
    code: str, place: Any, value: bool
) -> None:
    found, otherwise = (codes(place(given)) for given in (value, 5))
    assert {one for one in found - otherwise if one.startswith("ADF")} == {code}


def test_limits_are_inclusive() -> None:
    fine = [loop(*[wait(f"W{number}") for number in range(119)], batchCount=50)]
    assert not {"ADF110", "ADF221"} & codes(fine)
    assert "ADF414" not in codes([set_variable("v", "x" * 9000 + "@{string(1)}")])


@table(
    ("no type", "ADF216", [{"name": "A"}]),
    ("type is a number", "ADF216", [{"name": "A", "type": 5}]),
    ("unknown type", "ADF217", [activity("WebHoook", "A")]),
    ("Webhook in other case", "ADF218", [activity("Webhook", "A", url="https://x", method="POST", body="{}")]),
    (
        "filter in lower case",
        "ADF218",
        [activity("filter", "A", items=expression("@createArray(1)"), condition=expression("@equals(1, 1)"))],
    ),
    ("user property without value", "ADF337", [wait(userProperties=[{"name": "a"}])]),
    ("user property without name", "ADF337", [wait(userProperties=[{"value": "a"}])]),
    (
        "linked service without reference name",
        "ADF611",
        [python() | {"linkedServiceName": {"type": "LinkedServiceReference"}}],
    ),
    (
        "linked service of another reference type",
        "ADF225",
        [python() | {"linkedServiceName": {"referenceName": "A", "type": "DatasetReference"}}],
    ),
    ("linked service as text", "ADF215", [python() | {"linkedServiceName": "A"}]),
    ("general policy on control", "ADF223", [wait(policy={"timeout": "00:20:00"})]),
    ("secureOutput on ExecutePipeline", "ADF223", [call("child") | {"policy": {"secureOutput": True}}]),
    ("retry on SetVariable", "ADF223", [set_variable("v", "1") | {"policy": {"retry": 1}}]),
    ("state", "ADF219", [wait(state="Off")]),
    ("onInactiveMarkAs", "ADF219", [wait(state="Inactive", onInactiveMarkAs="Done")]),
    ("dependsOn misspelt", "ADF212", [wait(dependson_=[])]),
)
def test_envelope(code: str, bad: Any) -> None:
    assert code in codes(bad)


REQUIRED = {
    "AppendVariable": ("variableName", "value"),
    "SetVariable": ("variableName", "value"),
    "ExecutePipeline": ("pipeline",),
    "Fail": ("message", "errorCode"),
    "Filter": ("items", "condition"),
    "ForEach": ("items", "activities"),
    "IfCondition": ("expression",),
    "Switch": ("on",),
    "Until": ("expression", "activities"),
    "Validation": ("dataset",),
    "Wait": ("waitTimeInSeconds",),
    "WebHook": ("method", "url"),
    "WebActivity": ("method", "url"),
    "Copy": ("source", "sink"),
    "Lookup": ("source", "dataset"),
    "GetMetadata": ("dataset",),
    "Delete": ("dataset",),
    "Script": ("scripts",),
    "SqlServerStoredProcedure": ("storedProcedureName",),
    "AzureFunctionActivity": ("method", "functionName"),
    "Custom": ("command",),
    "DatabricksNotebook": ("notebookPath",),
    "DatabricksSparkPython": ("pythonFile",),
    "DatabricksSparkJar": ("mainClassName",),
    "DatabricksJob": ("jobId",),
    "HDInsightSpark": ("rootPath", "entryFilePath"),
    "HDInsightMapReduce": ("className", "jarFilePath"),
    "HDInsightStreaming": ("mapper", "reducer", "input", "output", "filePaths"),
    "ExecuteDataFlow": ("dataFlow",),
    "ExecuteSSISPackage": ("packageLocation", "connectVia"),
    "SynapseNotebook": ("notebook",),
    "SparkJob": ("sparkJob",),
}


@pytest.mark.parametrize(("kind", "keys"), REQUIRED.items(), ids=REQUIRED)
def test_required_keys_are_missed(kind: str, keys: tuple[str, ...]) -> None:
    documents, _ = parse(json.dumps([activity(kind, "A")]), "demo.json")
    messages = [finding.message for finding in check_documents(documents) if finding.code == "ADF214"]
    assert all(any(f"lacks the key '{key}'" in message for message in messages) for key in keys)
    assert len(messages) == len(keys)


@pytest.mark.parametrize("kind", REQUIRED)
def test_inactive_activities_may_lack_keys(kind: str) -> None:
    assert "ADF214" not in codes([activity(kind, "A") | {"state": "Inactive"}])


@table(
    ("reference without name", "ADF214", [activity("ExecutePipeline", "A", pipeline={"type": "PipelineReference"})]),
    ("reference without type", "ADF214", [activity("ExecutePipeline", "A", pipeline={"referenceName": "b"})]),
    ("script without type", "ADF214", [activity("Script", "A", scripts=[{"text": "select 1"}])]),
    ("Switch with expression for on", "ADF214", [activity("Switch", "A", expression=expression("@string(1)"))]),
    ("WebHook with GET", "ADF333", [activity("WebHook", "A", url="https://x", method="GET")]),
    ("POST without body", "ADF332", [web(method="POST")]),
    ("PUT without body", "ADF332", [web(method="PUT")]),
    ("GET with body", "ADF332", [web(body="{}")]),
    ("unknown method", "ADF219", [web(method="FETCH")]),
    ("request timeout too long", "ADF232", [web(httpRequestTimeout="00:11:00")]),
    ("request timeout too short", "ADF233", [web(httpRequestTimeout="00:00:10")]),
    (
        "Delete with no connections",
        "ADF221",
        [
            activity(
                "Delete", "A", dataset={"referenceName": "D", "type": "DatasetReference"}, maxConcurrentConnections=0
            )
        ],
    ),
    (
        "Copy without inputs",
        "ADF338",
        [activity("Copy", "A", source={"type": "BlobSource"}, sink={"type": "BlobSink"})],
    ),
    (
        "Expression object without text",
        "ADF222",
        [loop(wait()) | {"typeProperties": {"items": {"type": "Expression", "value": 1}, "activities": [wait("B")]}}],
    ),
    ("computed reference", "ADF225", [call("@pipeline().parameters.p")]),
    (
        "computed reference object",
        "ADF225",
        [
            activity(
                "ExecutePipeline",
                "A",
                pipeline={"referenceName": expression("@string(1)"), "type": "PipelineReference"},
            )
        ],
    ),
    ("items as plain text", "ADF220", [activity("ForEach", "A", items="@createArray(1)", activities=[wait("B")])]),
    ("items as list", "ADF215", [activity("ForEach", "A", items=[1, 2], activities=[wait("B")])]),
    ("isSequential as text", "ADF220", [loop(wait(), isSequential="true")]),
    ("isSequential as number", "ADF215", [loop(wait(), isSequential=1)]),
)
def test_type_properties(code: str, bad: Any) -> None:
    assert code in codes(bad)


@table(
    ("12h", "ADF230", "12h"),
    ("ISO duration", "ADF230", "PT12H"),
    ("days alone", "ADF230", "7"),
    ("24 hours in a day", "ADF230", "1.24:00:00"),
    ("60 minutes", "ADF230", "00:60:00"),
    ("60 seconds", "ADF230", "00:00:60"),
    ("single digit", "ADF230", "1:00:00"),
    ("single digit after days", "ADF230", "0.1:00:00"),
    ("negative", "ADF230", "-00:10:00"),
    ("24 days", "ADF231", "24:00:00"),
    ("25 days", "ADF231", "25:00:00"),
    ("99 days", "ADF231", "99:00:00"),
    ("eight days", "ADF232", "8.00:00:00"),
    ("five minutes", "ADF233", "0.00:05:00"),
)
def test_timeouts(code: str, bad: Any) -> None:
    assert code in codes([python() | {"policy": {"timeout": bad}}])
    assert POLICY.startswith("https://")


@table(
    ("retry below nought", "ADF234", {"retry": -1}),
    ("retry of a half", "ADF234", {"retry": 0.5}),
    ("retry as word", "ADF234", {"retry": "twice"}),
    ("interval too short", "ADF235", {"retryIntervalInSeconds": 29}),
    ("interval too long", "ADF235", {"retryIntervalInSeconds": 86_401}),
    ("interval as text", "ADF235", {"retryIntervalInSeconds": "60"}),
    ("interval as expression", "ADF235", {"retryIntervalInSeconds": expression("@int('60')")}),
    ("interval of a fraction", "ADF235", {"retryIntervalInSeconds": 30.5}),
    ("secureInput as text", "ADF236", {"secureInput": "true"}),
    ("secureOutput as expression", "ADF236", {"secureOutput": expression("@equals(1, 1)")}),
    ("unknown key", "ADF237", {"retrys": 1}),
    ("timeout as number", "ADF230", {"timeout": 60}),
)
def test_policies(code: str, bad: Any) -> None:
    assert code in codes([python() | {"policy": bad}])


def test_until_may_take_90_days_and_a_second() -> None:
    until = activity("Until", "Until", expression=expression("@equals(1, 1)"), activities=[wait()])
    for timeout, wrong in (("90.00:00:00", False), ("00:00:01", False), ("91.00:00:00", True), ("7:0:0", True)):
        bad = until | {"typeProperties": until["typeProperties"] | {"timeout": timeout}}
        assert bool({"ADF230", "ADF232", "ADF233"} & codes([bad])) is wrong
