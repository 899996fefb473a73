"""What Azure Data Factory refuses or gets wrong: for each documented rule the bad JSON and the finding it gets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from activities_gen.rules import Options, check_documents
from activities_gen.rules.examples import (
    activity,
    after,
    expression,
    loop,
    pipeline,
    python,
    set_variable,
    wait,
    web,
)
from activities_gen.rules.execute_pipeline import call
from activities_gen.rules.policy import POLICY
from activities_gen.rules.references import dataset, read
from activities_gen.rules.schedules import schedule
from activities_gen.rules.triggers import window
from activities_gen.wire.document import Kind, parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from activities_gen.findings import Finding


def codes(value: Any) -> set[str]:
    documents, findings = parse(value if isinstance(value, str) else json.dumps(value), "demo.json")
    return {finding.code for finding in [*findings, *check_documents(documents)]}


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


def switch(cases: Any, **more: Any) -> dict[str, Any]:
    return activity("Switch", "Choose", on=expression("@pipeline().TriggerName"), cases=cases, **more)


def check(kind: str, *inner: Any, name: str = "Outer") -> dict[str, Any]:
    """A container of a kind around some activities."""
    if kind == "ForEach":
        return loop(*inner, name=name)
    if kind == "Until":
        return activity("Until", name, expression=expression("@equals(1, 1)"), activities=list(inner))
    if kind == "Switch":
        return activity(
            "Switch", name, on=expression("@pipeline().TriggerName"), cases=[{"value": "a", "activities": list(inner)}]
        )
    return activity("IfCondition", name, expression=expression("@equals(1, 1)"), ifTrueActivities=list(inner))


def lookup(**more: Any) -> dict[str, Any]:
    table_reference = {"referenceName": "Table", "type": "DatasetReference"}
    return activity("Lookup", "Look", source={"type": "AzureSqlSource"}, dataset=table_reference, **more)


def then(node: dict[str, Any]) -> dict[str, Any]:
    return node | {"dependsOn": after("Look")}


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
    ("cases", "ADF115", [switch([{"value": str(number), "activities": []} for number in range(26)])]),
    ("concurrency", "ADF114", pipeline(wait(), concurrency=0)),
    ("window dependencies", "ADF711", window(dependsOn=[{"type": "X"}] * 6)),
    ("range", "ADF404", [loop(wait(), items="@range(0, 100001)")]),
)
def test_limits(code: str, bad: Any) -> None:
    assert code in codes(bad)


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
    ("timeout as number", "ADF224", {"timeout": 60}),
)
def test_policies(code: str, bad: Any) -> None:
    assert code in codes([python() | {"policy": bad}])


def test_until_may_take_90_days_and_a_second() -> None:
    until = check("Until", wait())
    for timeout, wrong in (("90.00:00:00", False), ("00:00:01", False), ("91.00:00:00", True), ("7:0:0", True)):
        bad = until | {"typeProperties": until["typeProperties"] | {"timeout": timeout}}
        assert bool({"ADF230", "ADF232", "ADF233"} & codes([bad])) is wrong


@table(
    ("unknown", "ADF203", [wait("A"), wait("B", dependsOn=after("C"))]),
    ("itself", "ADF202", [wait("A", dependsOn=after("a"))]),
    ("other scope, inward", "ADF204", [loop(wait("A")), wait("B", dependsOn=after("A"))]),
    ("other scope, outward", "ADF204", [wait("A"), loop(wait("B", dependsOn=after("A")))]),
    ("duplicate", "ADF205", [wait("A"), wait("B", dependsOn=after("A", "A"))]),
    (
        "circle",
        "ADF206",
        [wait("A", dependsOn=after("C")), wait("B", dependsOn=after("A")), wait("C", dependsOn=after("B"))],
    ),
    ("OnSuccess", "ADF207", [wait("A"), wait("B", dependsOn=after("A", on="OnSuccess"))]),
    ("lower case", "ADF207", [wait("A"), wait("B", dependsOn=after("A", on="succeeded"))]),
    ("no condition", "ADF208", [wait("A"), wait("B", dependsOn=[{"activity": "A"}])]),
    (
        "Completed and Succeeded",
        "ADF209",
        [wait("A"), wait("B", dependsOn=[{"activity": "A", "dependencyConditions": ["Succeeded", "Completed"]}])],
    ),
    ("list of names", "ADF201", [wait("A"), wait("B", dependsOn=["A"])]),
    ("object", "ADF201", [wait("A"), wait("B", dependsOn={"activity": "A", "dependencyConditions": ["Succeeded"]})]),
    (
        "conditions as text",
        "ADF201",
        [wait("A"), wait("B", dependsOn=[{"activity": "A", "dependencyConditions": "Succeeded"}])],
    ),
    ("entry without name", "ADF201", [wait("B", dependsOn=[{"dependencyConditions": ["Succeeded"]}])]),
    (
        "after both branches",
        "ADF210",
        [
            wait("A"),
            wait("S", dependsOn=after("A")),
            wait("F", dependsOn=after("A", on="Failed")),
            wait("N", dependsOn=after("S", "F")),
        ],
    ),
    ("success of Fail", "ADF210", [activity("Fail", "A", message="m", errorCode="1"), wait("B", dependsOn=after("A"))]),
    ("skip of the first", "ADF210", [wait("A"), wait("B", dependsOn=after("A", on="Skipped"))]),
    (
        "success of inactive marked failed",
        "ADF210",
        [wait("A", state="Inactive", onInactiveMarkAs="Failed"), wait("B", dependsOn=after("A"))],
    ),
    (
        "failure in a chain, joined",
        "ADF210",
        [
            wait("A"),
            wait("B", dependsOn=after("A")),
            wait("C", dependsOn=after("B")),
            wait("D", dependsOn=after("A", on="Failed") + after("C")),
        ],
    ),
)
def test_dependencies(code: str, bad: Any) -> None:
    assert code in codes(bad)


PATTERNS = {
    "try-catch": [wait("A"), wait("F", dependsOn=after("A", on="Failed"))],
    "do-if-else": [wait("A"), wait("F", dependsOn=after("A", on="Failed")), wait("S", dependsOn=after("A"))],
    "do-if-skip-else": [
        wait("A"),
        wait("F", dependsOn=after("A", on="Failed")),
        wait("S", dependsOn=after("A")),
        wait("D", dependsOn=after("S", on="Skipped")),
    ],
    "try-catch-proceed": [
        wait("A"),
        wait("F", dependsOn=after("A", on="Failed")),
        wait("N", dependsOn=[{"activity": "F", "dependencyConditions": ["Succeeded", "Skipped"]}]),
    ],
    "generic handler": [
        wait("A"),
        wait("B", dependsOn=after("A")),
        wait("C", dependsOn=after("B")),
        wait("E", dependsOn=[{"activity": "C", "dependencyConditions": ["Failed", "Skipped"]}]),
    ],
    "best effort": [wait("A"), wait("B", dependsOn=after("A", on="Completed"))],
    "join of two": [wait("A"), wait("B"), wait("C", dependsOn=after("A", "B"))],
    "both completed": [
        wait("A"),
        wait("B", dependsOn=after("A")),
        wait("C", dependsOn=after("A", "B", on="Completed")),
    ],
}


@pytest.mark.parametrize("good", PATTERNS.values(), ids=PATTERNS)
def test_documented_patterns_of_error_handling_are_fine(good: Any) -> None:
    assert not {code for code in codes(good) if code.startswith("ADF2")}


CONTAINERS = ("ForEach", "Until", "IfCondition", "Switch")
ALLOWED = {(outer, inner) for outer in ("ForEach", "Until") for inner in ("IfCondition", "Switch")}


@pytest.mark.parametrize("outer", CONTAINERS)
@pytest.mark.parametrize("inner", CONTAINERS)
def test_nesting_of_containers(outer: str, inner: str) -> None:
    found = codes([check(outer, check(inner, wait(), name="Inner"))])
    assert ("ADF320" in found) is ((outer, inner) not in ALLOWED)


@pytest.mark.parametrize("outer", CONTAINERS)
def test_validation_stands_in_no_container(outer: str) -> None:
    validation = activity("Validation", "V", dataset={"referenceName": "D", "type": "DatasetReference"})
    assert "ADF321" in codes([check(outer, validation)])


def test_a_third_container_is_too_deep() -> None:
    assert "ADF320" in codes([loop(check("IfCondition", check("Switch", wait(), name="S"), name="I"))])


VARIABLES = {"s": {"type": "String"}, "b": {"type": "Bool"}, "a": {"type": "Array"}}


def with_variables(*nodes: dict[str, Any]) -> dict[str, Any]:
    return pipeline(*nodes, variables=VARIABLES)


@table(
    ("items a text", "ADF456", [loop(wait(), items="@{createArray(1)}")]),
    ("items without at", "ADF456", [loop(wait(), items="createArray(1)")]),
    ("items a text function", "ADF456", [loop(wait(), items="@concat('a', 'b')")]),
    ("items the whole output", "ADF456", [lookup(), then(loop(wait(), items="@activity('Look').output"))]),
    ("items a row", "ADF456", [lookup(), then(loop(wait(), items="@activity('Look').output.firstRow"))]),
    ("variable in a parallel loop", "ADF311", with_variables(loop(set_variable("s", "@{item()}")))),
    (
        "inner read from outside",
        "ADF453",
        [loop(lookup()), set_variable("s", "@string(activity('Look').output)") | {"dependsOn": after("Each")}],
    ),
    (
        "condition a text",
        "ADF457",
        [check("IfCondition", wait()) | {"typeProperties": {"expression": expression("@concat('tr', 'ue')")}}],
    ),
    (
        "condition interpolated",
        "ADF457",
        [check("IfCondition", wait()) | {"typeProperties": {"expression": expression("@{equals(1, 1)}")}}],
    ),
    (
        "Until condition a number",
        "ADF457",
        [activity("Until", "U", expression=expression("@add(1, 1)"), activities=[wait()])],
    ),
    ("no cases worth having", "ADF323", [switch([{"value": "a", "activities": []}, {"value": "a", "activities": []}])]),
    ("case value a number", "ADF220", [switch([{"value": 5, "activities": [wait()]}])]),
    ("Fail without message", "ADF330", [activity("Fail", "F", message=" ", errorCode="1")]),
    ("Fail with a number", "ADF330", [activity("Fail", "F", message="m", errorCode=500)]),
    ("Wait below nought", "ADF331", [activity("Wait", "W", waitTimeInSeconds=-1)]),
    ("Wait of a fraction", "ADF331", [activity("Wait", "W", waitTimeInSeconds=1.5)]),
    ("ExecutePipeline of itself", "ADF505", pipeline(call("demo"))),
    ("ExecutePipeline without target", "ADF501", [call("")]),
    ("waiting left open", "ADF506", [call("child", waitOnCompletion=None)]),
    (
        "return value not waited for",
        "ADF468",
        with_variables(
            call("child", waitOnCompletion=False),
            set_variable("s", "@activity('Run').output.pipelineReturnValue.x") | {"dependsOn": after("Run")},
        ),
    ),
    ("undeclared variable set", "ADF307", with_variables(set_variable("x", "1"))),
    ("variable from itself", "ADF309", with_variables(set_variable("s", "@{variables('S')}x"))),
    ("text into Bool", "ADF310", with_variables(set_variable("b", "yes"))),
    ("text into Array", "ADF310", with_variables(set_variable("a", "yes"))),
    ("list into String", "ADF310", with_variables(set_variable("s", ["x"]))),
    ("interpolation into Array", "ADF314", with_variables(set_variable("a", "@{createArray(1)}"))),
    ("number into String", "ADF314", with_variables(set_variable("s", "@add(1, 1)"))),
    ("append to String", "ADF308", with_variables(activity("AppendVariable", "A", variableName="s", value="1"))),
    (
        "append to an undeclared one",
        "ADF307",
        with_variables(activity("AppendVariable", "A", variableName="x", value="1")),
    ),
    (
        "another system variable",
        "ADF313",
        [activity("SetVariable", "R", variableName="runId", setSystemVariable=True, value=[])],
    ),
    (
        "return value of another form",
        "ADF313",
        [
            activity(
                "SetVariable", "R", variableName="pipelineReturnValue", setSystemVariable=True, value=[{"key": "a"}]
            )
        ],
    ),
    ("undeclared variable read", "ADF422", with_variables(set_variable("s", "@variables('x')"))),
    ("item() outside", "ADF424", with_variables(set_variable("s", "@item()"))),
    (
        "item() in a Filter's items",
        "ADF424",
        [activity("Filter", "F", items=expression("@item()"), condition=expression("@equals(1, 1)"))],
    ),
    (
        "activity not upstream",
        "ADF453",
        with_variables(lookup(), set_variable("s", "@string(activity('Look').output)")),
    ),
    ("activity that reads itself", "ADF453", with_variables(set_variable("s", "@string(activity('Set').output)"))),
    ("trigger() in a pipeline", "ADF425", with_variables(set_variable("s", "@trigger().outputs.windowStartTime"))),
    ("triggerBody() in a pipeline", "ADF425", with_variables(set_variable("s", "@triggerBody().fileName"))),
    (
        "pipeline() in a dataset",
        "ADF425",
        {**dataset(), "properties": dataset()["properties"] | {"typeProperties": {"x": "@pipeline().parameters.p"}}},
    ),
    ("dataset() in a pipeline", "ADF425", with_variables(set_variable("s", "@dataset().p"))),
)
def test_single_activities_and_scopes(code: str, bad: Any) -> None:
    assert code in codes(bad)


def test_item_is_visible_below_an_if_in_a_loop_and_in_a_filters_condition() -> None:
    good = with_variables(
        loop(check("IfCondition", set_variable("s", "@{item()}"), name="If")),
        activity("Filter", "F", items=expression("@createArray(1)"), condition=expression("@equals(item(), 1)")),
    )
    assert "ADF424" not in codes(good)


def test_the_condition_of_an_until_reads_what_is_inside_it_and_what_follows_reads_its_last_pass() -> None:
    until = activity(
        "Until", "U", expression=expression("@equals(activity('Look').output.firstRow.n, 1)"), activities=[lookup()]
    )
    reader = set_variable("s", "@string(activity('Look').output.firstRow.n)") | {"dependsOn": after("U")}
    assert "ADF453" not in codes(with_variables(until, reader))


def test_an_activity_in_a_container_reads_what_is_upstream_of_the_container() -> None:
    inner = set_variable("s", "@string(activity('Look').output)")
    good = with_variables(lookup(), then(loop(inner, isSequential=True)))
    assert "ADF453" not in codes(good)


@table(
    ("parameter type", "ADF301", pipeline(wait(), parameters={"p": {"type": "Date"}})),
    ("parameter without type", "ADF301", pipeline(wait(), parameters={"p": {"defaultValue": "1"}})),
    ("parameter that is no object", "ADF301", pipeline(wait(), parameters={"p": "1"})),
    ("variable type", "ADF304", pipeline(wait(), variables={"v": {"type": "Object"}})),
    ("list for Int", "ADF302", pipeline(wait(), parameters={"p": {"type": "int", "defaultValue": [1]}})),
    ("text for Bool", "ADF302", pipeline(wait(), parameters={"p": {"type": "bool", "defaultValue": "maybe"}})),
    ("text for Object", "ADF302", pipeline(wait(), parameters={"p": {"type": "object", "defaultValue": "x"}})),
    ("fraction for Int", "ADF302", pipeline(wait(), parameters={"p": {"type": "int", "defaultValue": 1.5}})),
    (
        "expression as default",
        "ADF305",
        pipeline(wait(), parameters={"p": {"type": "string", "defaultValue": "@utcNow()"}}),
    ),
    (
        "unknown parameter read",
        "ADF420",
        pipeline(set_variable("v", "@pipeline().parameters.x"), parameters={}, variables={"v": {"type": "String"}}),
    ),
    ("parameter nobody reads", "ADF303", pipeline(wait(), parameters={"p": {"type": "string"}})),
    ("variable nobody uses", "ADF306", pipeline(wait(), variables={"v": {"type": "String"}})),
    (
        "pipelines on a tumbling window",
        "ADF705",
        {"name": "t", "properties": {"type": "TumblingWindowTrigger", "pipelines": []}},
    ),
    (
        "pipeline on a schedule",
        "ADF705",
        {"name": "t", "properties": {"type": "ScheduleTrigger", "pipeline": {}, "typeProperties": {}}},
    ),
    (
        "no parameters in an entry",
        "ADF720",
        window({"pipelineReference": {"referenceName": "demo", "type": "PipelineReference"}}),
    ),
    (
        "empty base parameter",
        "ADF610",
        [activity("DatabricksNotebook", "N", notebookPath="/a", baseParameters={"p": None})],
    ),
)
def test_parameters_and_variables(code: str, bad: Any) -> None:
    assert code in codes(bad)


def test_parameter_types_are_compared_without_letter_case() -> None:
    kinds = ("object", "STRING", "Int", "float", "BOOL", "array", "SecureString")
    assert "ADF301" not in codes(pipeline(wait(), parameters={kind: {"type": kind} for kind in kinds}))


@table(
    ("arity", "ADF403", "@and(equals(1, 1), equals(1, 1), equals(1, 1), equals(1, 1), equals(1, 1))"),
    ("type", "ADF404", "@concat(toUpper(5), 'a')"),
    ("dot missing", "ADF415", "@pipeline().parameters.p x"),
    ("pipeline without parentheses", "ADF410", "@pipeline.parameters.n"),
    ("variables without quotes", "ADF401", "@variables(v)"),
    ("parenthesis missing", "ADF401", "@concat('a', 'b'"),
    ("data flow function", "ADF407", "@toString(1)"),
    ("unknown function", "ADF402", "@dateDif('a', 'b')"),
    ("int of nothing", "ADF404", "@int('')"),
    ("date of nothing", "ADF404", "@formatDateTime('', 'yyyy')"),
    ("text beginning with at", "ADF401", "@_c1"),
    ("unknown activity", "ADF452", "@activity('X').output"),
)
def test_messages_of_expressions(code: str, bad: Any) -> None:
    assert code in codes(with_variables(set_variable("s", bad)))


@table(
    ("value of a single row", "ADF455", [lookup(), then(loop(wait(), items="@activity('Look').output.value"))]),
    (
        "count of a single row",
        "ADF455",
        [lookup(), then(activity("Wait", "W", waitTimeInSeconds=expression("@activity('Look').output.count")))],
    ),
    (
        "first row of a list",
        "ADF455",
        [
            lookup(firstRowOnly=False),
            then(activity("Wait", "W", waitTimeInSeconds=expression("@activity('Look').output.firstRow.n"))),
        ],
    ),
)
def test_lookup_is_read_in_its_own_form(code: str, bad: Any) -> None:
    assert code in codes(bad)


def test_lookup_whose_form_is_computed_may_be_read_in_both() -> None:
    look = lookup(firstRowOnly=expression("@equals(1, 1)"))
    good = [look, then(loop(wait(), items="@activity('Look').output.value"))]
    assert "ADF455" not in codes(good)


@table(
    ("relative Python file", "ADF601", [python(pythonFile="foo.py")]),
    ("relative folder", "ADF601", [python(pythonFile="folder/foo.py")]),
    ("FUSE path", "ADF602", [python(pythonFile="/dbfs/foo.py")]),
    ("relative notebook", "ADF603", [activity("DatabricksNotebook", "N", notebookPath="Shared/a")]),
    (
        "two kinds in one library",
        "ADF604",
        [python(libraries=[{"whl": "/a-1-py3-none-any.whl", "pypi": {"package": "b"}}])],
    ),
    ("unknown kind", "ADF604", [python(libraries=[{"wheel": "x"}])]),
    ("library as text", "ADF604", [python(libraries=["x.whl"])]),
    ("empty library", "ADF604", [python(libraries=[{}])]),
    ("pypi as text", "ADF605", [python(libraries=[{"pypi": "a"}])]),
    ("pypi without package", "ADF605", [python(libraries=[{"pypi": {"repo": "a"}}])]),
    ("maven coordinates", "ADF605", [python(libraries=[{"maven": {"coordinates": "jsoup"}}])]),
    ("cran as text", "ADF605", [python(libraries=[{"cran": "ada"}])]),
    ("jar as object", "ADF605", [python(libraries=[{"jar": {"path": "x"}}])]),
    ("DBFS wheel", "ADF607", [python(libraries=[{"whl": "dbfs:/FileStore/jars/a-1-py3-none-any.whl"}])]),
    ("egg", "ADF608", [python(libraries=[{"egg": "/a.egg"}])]),
    ("parameter number", "ADF609", [python(parameters=[1])]),
    ("parameter object", "ADF609", [python(parameters=[{"a": 1}])]),
    ("no linked service", "ADF611", [activity("DatabricksJob", "J", jobId="1")]),
    ("jar activity without jar", "ADF613", [activity("DatabricksSparkJar", "J", mainClassName="a.B")]),
    (
        "linked service without domain",
        "ADF617",
        {"name": "A", "properties": {"type": "AzureDatabricks", "typeProperties": {"existingClusterId": "x"}}},
    ),
    (
        "workers as number range",
        "ADF617",
        {
            "name": "A",
            "properties": {
                "type": "AzureDatabricks",
                "typeProperties": {
                    "domain": "https://x",
                    "newClusterVersion": "13.3.x-scala2.12",
                    "newClusterNumOfWorker": "two",
                },
            },
        },
    ),
)
def test_databricks(code: str, bad: Any) -> None:
    assert code in codes(bad)


GOOD_PATHS = (
    "dbfs:/a/foo.py",
    "/Workspace/a.py",
    "/Repos/x/a.py",
    "/Volumes/a/b/c/d.py",
    "abfss://c@a/x.py",
    "@concat('dbfs:/', 'a')",
    "@{concat('a', 'b')}/a.py",
)


@pytest.mark.parametrize("path", GOOD_PATHS)
def test_good_python_files(path: str) -> None:
    assert not {"ADF601", "ADF602"} & codes([python(pythonFile=path)])


@pytest.mark.parametrize(
    "library",
    [
        {"jar": "/Volumes/a/b/c/library.jar"},
        {"whl": "/Workspace/mlflow-0.0.1.dev0-py2-none-any.whl"},
        {"whl": "/Workspace/wheel-libraries.wheelhouse.zip"},
        {"maven": {"coordinates": "org.jsoup:jsoup:1.7.2", "exclusions": ["slf4j:slf4j"]}},
        {"pypi": {"package": "simplejson", "repo": "http://my-pypi-mirror.com"}},
        {"cran": {"package": "ada", "repo": "https://cran.us.r-project.org"}},
        {"requirements": "/Workspace/requirements.txt"},
    ],
)
def test_documented_libraries_are_fine(library: dict[str, Any]) -> None:
    assert not {code for code in codes([python(libraries=[library])]) if code.startswith("ADF6")}


def tumbling(**dependency: Any) -> dict[str, Any]:
    return window(dependsOn=[dependency])


@table(
    ("unknown type", "ADF701", {"name": "t", "properties": {"type": "TimerTrigger", "typeProperties": {}}}),
    ("Day", "ADF708", window(frequency="Day")),
    ("Week", "ADF708", window(frequency="Week")),
    ("interval nought", "ADF708", window(interval=0)),
    ("no frequency", "ADF702", window(frequency=None)),
    ("no interval", "ADF702", window(interval=None)),
    ("no start", "ADF702", window(startTime=None)),
    ("no maxConcurrency", "ADF702", window(maxConcurrency=None)),
    ("interval computed", "ADF703", window(interval=expression("@int('1')"))),
    ("start is no time", "ADF709", window(startTime="tomorrow")),
    ("start not in UTC", "ADF709", window(startTime="2024-01-01T00:00:00+01:00")),
    ("end before start", "ADF709", window(endTime="2023-01-01T00:00:00Z")),
    ("delay", "ADF710", window(delay="1h")),
    ("maxConcurrency", "ADF710", window(maxConcurrency=51)),
    ("retry count", "ADF710", window(retryPolicy={"count": -1})),
    ("retry interval", "ADF710", window(retryPolicy={"count": 1, "intervalInSeconds": 20})),
    ("self without offset", "ADF711", tumbling(type="SelfDependencyTumblingWindowTriggerReference", size="01:00:00")),
    (
        "self with positive offset",
        "ADF711",
        tumbling(type="SelfDependencyTumblingWindowTriggerReference", offset="01:00:00"),
    ),
    (
        "offset",
        "ADF711",
        tumbling(
            type="TumblingWindowTriggerDependencyReference",
            referenceTrigger={"referenceName": "T", "type": "TriggerReference"},
            offset="1h",
        ),
    ),
    (
        "size nought",
        "ADF711",
        tumbling(
            type="TumblingWindowTriggerDependencyReference",
            referenceTrigger={"referenceName": "T", "type": "TriggerReference"},
            size="00:00:00",
        ),
    ),
    ("no reference", "ADF711", tumbling(type="TumblingWindowTriggerDependencyReference")),
    ("no pipeline", "ADF705", {"name": "t", "properties": {"type": "TumblingWindowTrigger", "typeProperties": {}}}),
    ("schedule frequency", "ADF712", schedule(frequency="Daily")),
    ("schedule interval", "ADF712", schedule(interval=1001)),
    ("UTC without Z", "ADF713", schedule(startTime="2024-01-01T00:00:00")),
    ("zone with Z", "ADF713", schedule(timeZone="W. Europe Standard Time")),
    ("zone that is none", "ADF714", schedule(timeZone="PST", startTime="2024-01-01T00:00:00")),
    ("minute 60", "ADF715", schedule(schedule={"minutes": [60]})),
    ("hour 24", "ADF715", schedule(schedule={"hours": [24]})),
    ("month day 32", "ADF715", schedule(frequency="Month", schedule={"monthDays": [32]})),
    ("month day 0", "ADF715", schedule(frequency="Month", schedule={"monthDays": [0]})),
    ("week day", "ADF715", schedule(frequency="Week", schedule={"weekDays": ["Mon"]})),
    (
        "occurrence 6",
        "ADF715",
        schedule(frequency="Month", schedule={"monthlyOccurrences": [{"day": "Monday", "occurrence": 6}]}),
    ),
    ("week days by day", "ADF716", schedule(schedule={"weekDays": ["Monday"]})),
    ("month days by week", "ADF716", schedule(frequency="Week", schedule={"monthDays": [1]})),
    (
        "blob events unknown",
        "ADF717",
        {
            "name": "t",
            "properties": {
                "type": "BlobEventsTrigger",
                "pipelines": [],
                "typeProperties": {"scope": "s", "events": ["Created"], "blobPathEndsWith": ".csv"},
            },
        },
    ),
    (
        "blob events without path",
        "ADF717",
        {
            "name": "t",
            "properties": {
                "type": "BlobEventsTrigger",
                "pipelines": [],
                "typeProperties": {"scope": "s", "events": ["Microsoft.Storage.BlobCreated"]},
            },
        },
    ),
    (
        "blob events without scope",
        "ADF702",
        {"name": "t", "properties": {"type": "BlobEventsTrigger", "pipelines": [], "typeProperties": {"events": []}}},
    ),
    (
        "blob path",
        "ADF718",
        {
            "name": "t",
            "properties": {
                "type": "BlobEventsTrigger",
                "pipelines": [],
                "typeProperties": {"blobPathBeginsWith": "/in/a/b"},
            },
        },
    ),
    (
        "custom events empty",
        "ADF719",
        {
            "name": "t",
            "properties": {
                "type": "CustomEventsTrigger",
                "pipelines": [],
                "typeProperties": {"scope": "s", "events": []},
            },
        },
    ),
    (
        "legacy blob trigger",
        "ADF702",
        {"name": "t", "properties": {"type": "BlobTrigger", "pipelines": [], "typeProperties": {}}},
    ),
    (
        "chaining trigger",
        "ADF702",
        {"name": "t", "properties": {"type": "ChainingTrigger", "pipeline": {}, "typeProperties": {}}},
    ),
    (
        "rerun concurrency",
        "ADF702",
        {"name": "t", "properties": {"type": "RerunTumblingWindowTrigger", "typeProperties": {}}},
    ),
)
def test_triggers(code: str, bad: Any) -> None:
    assert code in codes(bad)


def test_a_trigger_without_type_is_found_in_trigger_json() -> None:
    documents, _ = parse('{"name": "t", "properties": {"typeProperties": {}}}', "trigger.json")
    assert "ADF701" in {finding.code for finding in check_documents(documents)}


def repository(*documents: dict[str, Any]) -> set[str]:
    parsed = [parse(json.dumps(document), f"{number}.json")[0][0] for number, document in enumerate(documents)]
    complete = frozenset({Kind.PIPELINE, Kind.DATASET, Kind.LINKED_SERVICE, Kind.DATA_FLOW, Kind.TRIGGER})
    return {finding.code for finding in check_documents(parsed, Options(complete=complete))}


STORE = {"name": "Store", "properties": {"type": "AzureBlobStorage", "typeProperties": {}}}


@pytest.mark.parametrize(
    ("code", "documents"),
    [
        ("ADF502", [pipeline(call("missing"))]),
        ("ADF503", [pipeline(call("child")), pipeline(wait(), name="child", parameters={"p": {"type": "int"}})]),
        ("ADF504", [pipeline(call("child", parameters={"q": 1})), pipeline(wait(), name="child")]),
        (
            "ADF507",
            [
                pipeline(call("child", parameters={"p": "x"})),
                pipeline(wait(), name="child", parameters={"p": {"type": "int"}}),
            ],
        ),
        ("ADF505", [pipeline(call("b"), name="a"), pipeline(call("c"), name="b"), pipeline(call("a"), name="c")]),
        ("ADF510", [pipeline(python())]),
        ("ADF510", [dataset(), pipeline(wait())]),
        ("ADF511", [pipeline(read("Missing"))]),
        (
            "ADF512",
            [pipeline(activity("ExecuteDataFlow", "F", dataFlow={"referenceName": "X", "type": "DataFlowReference"}))],
        ),
        ("ADF515", [pipeline(read("File")), dataset("File", p={"type": "string"}), STORE]),
        ("ADF515", [pipeline(read("File", q="1")), dataset("File"), STORE]),
        ("ADF518", [pipeline(wait()), pipeline(wait(), name="DEMO")]),
        ("ADF706", [window()]),
        ("ADF707", [window(), pipeline(wait(), parameters={"p": {"type": "int"}})]),
        (
            "ADF707",
            [
                window(
                    {
                        "pipelineReference": {"referenceName": "demo", "type": "PipelineReference"},
                        "parameters": {"q": 1},
                    }
                ),
                pipeline(wait()),
            ],
        ),
    ],
)
def test_references_between_resources(code: str, documents: list[dict[str, Any]]) -> None:
    assert code in repository(*documents)


def test_a_runtime_too_new_makes_a_dbfs_library_an_error(check: Callable[..., list[Finding]]) -> None:
    for version, conf, severity in (
        ("15.4.x-scala2.12", {}, "error"),
        ("14.3.x-scala2.12", {}, "warning"),
        ("15.4.x-scala2.12", {"spark.databricks.driver.dbfsLibraryInstallationAllowed": "true"}, "warning"),
    ):
        service = {
            "type": "AzureDatabricks",
            "typeProperties": {
                "domain": "https://x",
                "authentication": "MSI",
                "newClusterVersion": version,
                "newClusterSparkConf": conf,
            },
        }
        files = {
            "pipeline/demo.json": pipeline(python(libraries=[{"whl": "dbfs:/a-1-py3-none-any.whl"}])),
            "linkedService/ADBLinkedServiceViaMSI.json": {"name": "ADBLinkedServiceViaMSI", "properties": service},
        }
        assert [finding.severity.value for finding in check(files) if finding.code == "ADF607"] == [severity]
