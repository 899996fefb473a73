"""Each fact in a pair: JSON that goes wrong and the finding it gets, and JSON right beside it that gets none of that code."""

from __future__ import annotations

import json
from typing import Any

import pytest

from activities_gen.catalogue.examples import (
    DATABRICKS,
    activity,
    after,
    call,
    dataset,
    expression,
    loop,
    pipeline,
    python,
    read,
    schedule,
    set_variable,
    trigger,
    wait,
    web,
    window,
)
from activities_gen.findings import Finding, Severity
from activities_gen.rules import Options, Target, check_documents
from activities_gen.wire.document import Kind, parse

ALL = frozenset({Kind.PIPELINE, Kind.DATASET, Kind.LINKED_SERVICE, Kind.DATA_FLOW, Kind.TRIGGER})
FILES = {"referenceName": "Files", "type": "DatasetReference"}
STARTED = {"referenceName": "demo", "type": "PipelineReference"}
BLOB_CREATED = "Microsoft.Storage.BlobCreated"
Pair = tuple[str, str, Any, Any]


def found(value: Any, options: Options | None = None) -> list[Finding]:
    """What is found in one resource, or in a tuple of resources that are checked together."""
    documents, findings = [], []
    for resource in value if isinstance(value, tuple) else (value,):
        parsed, unreadable = parse(json.dumps(resource), "demo.json")
        documents += parsed
        findings += unreadable
    return [*findings, *check_documents(documents, options or Options())]


def codes(value: Any, options: Options | None = None) -> set[str]:
    return {finding.code for finding in found(value, options)}


def pairs(*rows: Pair) -> Any:
    return pytest.mark.parametrize(
        ("code", "bad", "good"), [row[1:] for row in rows], ids=[f"{code}-{name}" for name, code, _, _ in rows]
    )


def condition(text: str = "@equals(1, 1)", *inner: dict[str, Any]) -> dict[str, Any]:
    return activity("IfCondition", "If", expression=expression(text), ifTrueActivities=list(inner) or [wait()])


def switch(*cases: dict[str, Any], on: str = "@pipeline().TriggerName", **more: Any) -> dict[str, Any]:
    return activity("Switch", "Choose", on=expression(on), cases=list(cases), **more)


def case(value: Any, name: str = "Wait") -> dict[str, Any]:
    return {"value": value, "activities": [wait(name)]}


def copy(**properties: Any) -> dict[str, Any]:
    ends = {"inputs": [FILES], "outputs": [FILES]}
    return (
        activity("Copy", "Copy", **({"source": {"type": "BlobSource"}, "sink": {"type": "BlobSink"}} | properties))
        | ends
    )


def with_policy(**policy: Any) -> list[dict[str, Any]]:
    return [python() | {"policy": policy}]


def depending(*conditions: str, name: str = "B") -> dict[str, Any]:
    return wait(name, dependsOn=[{"activity": "A", "dependencyConditions": list(conditions)}])


@pairs(
    ("a name that is a number", "ADF113", {"name": 5, "properties": {"activities": [wait()]}}, pipeline(wait())),
    ("no name", "ADF113", {"properties": {"activities": [wait()]}}, pipeline(wait())),
    ("260 characters", "ADF101", pipeline(wait(), name="a" * 261), pipeline(wait(), name="a" * 260)),
    ("140 characters", "ADF102", pipeline(wait(), name="a" * 141), pipeline(wait(), name="a" * 140)),
    ("55 characters", "ADF105", [wait("a" * 56)], [wait("a" * 55)]),
    ("a dash first", "ADF101", pipeline(wait(), name="-a"), pipeline(wait(), name="a-(b) 'c'é")),
    ("both branches", "ADF106", [condition("@equals(1, 1)", wait("If"))], [condition()]),
    ("120 activities", "ADF110", [wait(f"W{n}") for n in range(121)], [wait(f"W{n}") for n in range(120)]),
    ("25 cases", "ADF115", [switch(*map(case, map(str, range(26))))], [switch(case("a"))]),
    ("no case", "ADF115", [switch(defaultActivities=[wait()])], [switch(case("a"), defaultActivities=[wait("B")])]),
    ("256 integration units", "ADF221", [copy(dataIntegrationUnits=257)], [copy(dataIntegrationUnits=256)]),
    ("a batch of 50", "ADF221", [loop(wait(), batchCount=51)], [loop(wait(), batchCount=50)]),
    ("a batch of 1", "ADF221", [loop(wait(), batchCount=0)], [loop(wait(), batchCount=1)]),
    ("8,192 characters", "ADF414", [wait(userProperties=[{"name": "a", "value": f"@{{string('{'x' * 8183}')}}"}])], [
        wait(userProperties=[{"name": "a", "value": f"@{{string('{'x' * 8182}')}}"}])
    ]),
    ("100,000 numbers", "ADF404", [loop(wait(), items="@range(0, 100001)")], [loop(wait(), items="@range(0, 100000)")]),
)  # fmt: skip
def test_names_and_limits(code: str, bad: Any, good: Any) -> None:
    assert code in codes(bad)
    assert code not in codes(good)


@pairs(
    ("a linked service without type", "ADF214", [python() | {"linkedServiceName": {"referenceName": "A"}}], [python()]),
    ("a reference without a name", "ADF225", [read("")], [read("File")]),
    ("an empty path", "ADF214", [python(pythonFile="")], [python()]),
    ("an empty value", "ADF214", [activity("Custom", "C", command="")], [set_variable("v", "")]),
    ("a path that is a number", "ADF220", [python(pythonFile=5)], [python()]),
    ("a user property that is null", "ADF337", [wait(userProperties=[{"name": "a", "value": None}])], [
        wait(userProperties=[{"name": "a", "value": ""}])
    ]),
    ("a slip in a dependency", "ADF212", [wait("A"), wait("B", dependsOn=[{"activity": "A", "dependencyCondition": []}])], [
        wait("A"), depending("Succeeded")
    ]),
    ("a slip inside a source", "ADF213", [copy(source={"type": "AzureSqlSource", "sqlReaderQuerry": "x"})], [
        copy(source={"type": "AzureSqlSource", "sqlReaderQuery": "x", "anythingElse": 1})
    ]),
    ("a case without a value", "ADF323", [switch({"activities": [wait()]})], [switch(case(""))]),
    ("a Wait of nought", "ADF331", [activity("Wait", "W", waitTimeInSeconds=0)], [wait()]),
    ("a script without its service", "ADF339", [activity("Script", "S", scripts=[{"type": "Query", "text": "x"}])], [
        activity("Script", "S", scripts=[{"type": "Query", "text": "x"}]) | {"linkedServiceName": DATABRICKS}
    ]),
    ("a timeout that is a number", "ADF230", with_policy(timeout=7200), with_policy(timeout="0.02:00:00")),
    ("60 minutes", "ADF230", with_policy(timeout="00:60:00"), with_policy(timeout="00:59:59")),
    ("24 hours in a day", "ADF230", with_policy(timeout="1.24:00:00"), with_policy(timeout="1.23:00:00")),
    ("Arabic digits", "ADF230", with_policy(timeout="٠١:00:00"), with_policy(timeout="01:00:00")),
    ("a day", "ADF231", with_policy(timeout="24:00:00"), with_policy(timeout="23:59:59")),
    ("a query's day", "ADF231", [copy(source={"type": "BlobSource", "queryTimeout": "24:00:00"})], [
        copy(source={"type": "BlobSource", "queryTimeout": "1.00:00:00"})
    ]),
    ("7 days", "ADF232", with_policy(timeout="7.00:00:01"), with_policy(timeout="7.00:00:00")),
    ("10 minutes", "ADF233", with_policy(timeout="00:09:59"), with_policy(timeout="00:10:00")),
    ("86,400 seconds", "ADF235", with_policy(retryIntervalInSeconds=86_401), with_policy(retryIntervalInSeconds=86_400)),
    ("30 seconds", "ADF235", with_policy(retryIntervalInSeconds=29), with_policy(retryIntervalInSeconds=30)),
)  # fmt: skip
def test_keys_and_policies(code: str, bad: Any, good: Any) -> None:
    assert code in codes(bad)
    assert code not in codes(good)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12h", "0.12:00:00"),
        ("PT12H", "0.12:00:00"),
        ("90m", "0.01:30:00"),
        ("1:00:00", "0.01:00:00"),
        ("00:60:00", "0.01:00:00"),
        ("1.24:00:00", "2.00:00:00"),
        ("24:00:00", "1.00:00:00"),
        ("36:00:00", "1.12:00:00"),
    ],
)
def test_the_message_has_the_time_span_that_was_meant(written: str, meant: str) -> None:
    messages = [finding.message for finding in found(with_policy(timeout=written)) if finding.code.startswith("ADF23")]
    assert [message for message in messages if f"Write '{meant}'" in message]


@pairs(
    ("the same condition twice", "ADF209", [wait("A"), depending("Failed", "Failed")], [wait("A"), depending("Failed")]),
    ("a condition contained", "ADF209", [wait("A"), depending("Completed", "Failed")], [
        wait("A"), depending("Succeeded", "Failed")
    ]),
    ("the skip of an inactive activity", "ADF210", [wait("A", state="Inactive"), depending("Skipped")], [
        wait("A", state="Inactive", onInactiveMarkAs="Skipped"), depending("Skipped")
    ]),
    ("the success of what is marked as skipped", "ADF210", [
        wait("A", state="Inactive", onInactiveMarkAs="Skipped"), depending("Succeeded")
    ], [wait("A", state="Inactive"), depending("Succeeded")]),
    ("the output of an inactive activity", "ADF466", [
        wait("A", state="Inactive"), python(parameters=["@activity('A').output.x"]) | {"dependsOn": after("A")}
    ], [wait("A", state="Inactive"), python(parameters=["@activity('A').status"]) | {"dependsOn": after("A")}]),
)  # fmt: skip
def test_dependencies(code: str, bad: Any, good: Any) -> None:
    assert code in codes(bad)
    assert code not in codes(good)


def test_every_circle_is_shown() -> None:
    bad = [wait(name, dependsOn=after(on)) for name, on in ("AB", "BC", "CA", "XY", "YX")]
    messages = [finding.message for finding in found(bad) if finding.code == "ADF206"]
    assert ["A → C → B → A" in messages[0], "X → Y → X" in messages[1]] == [True, True]


def test_every_circle_of_calls_is_shown_and_inactive_calls_are_none() -> None:
    ring = [pipeline(call(on), name=name) for name, on in ("ab", "ba", "cd", "dc")]
    messages = [finding.message for finding in found(tuple(ring)) if finding.code == "ADF505"]
    assert ["a → b → a" in messages[0], "c → d → c" in messages[1]] == [True, True]
    asleep = (pipeline(call("b"), name="a"), pipeline(call("a") | {"state": "Inactive"}, name="b"))
    assert "ADF505" not in codes(asleep)


VARIABLES = {"s": {"type": "String"}, "b": {"type": "Bool"}, "a": {"type": "Array"}}
PARAMETERS = {kind: {"type": kind} for kind in ("string", "int", "bool", "array", "object")}


def typed(*nodes: dict[str, Any]) -> dict[str, Any]:
    return pipeline(*nodes, variables=VARIABLES, parameters=PARAMETERS)


def setting(variable: str, value: Any) -> dict[str, Any]:
    return typed(set_variable(variable, value))


def returned(value: Any, **more: Any) -> list[dict[str, Any]]:
    entry = {"key": "k", "value": value}
    return [activity("SetVariable", "R", variableName="pipelineReturnValue", value=[entry], **more)]


def factory(declared: dict[str, Any]) -> dict[str, Any]:
    return {"name": "adf", "properties": {"globalParameters": {"g": declared}}}


@pairs(
    ("a list parameter into a text", "ADF314", setting("s", "@pipeline().parameters.array"), setting(
        "s", "@pipeline().parameters.string"
    )),
    ("a number parameter into a list", "ADF314", setting("a", "@pipeline().parameters.int"), setting(
        "a", "@pipeline().parameters.array"
    )),
    ("a text variable into a boolean", "ADF314", setting("b", "@variables('s')"), setting("b", "@equals(1, 1)")),
    ("a loop over a text parameter", "ADF456", typed(loop(wait(), items="@pipeline().parameters.string")), typed(
        loop(wait(), items="@pipeline().parameters.object.list")
    )),
    ("a loop over a text variable", "ADF456", typed(loop(wait(), items="@variables('s')")), typed(
        loop(wait(), items="@variables('a')")
    )),
    ("a loop over a system variable", "ADF456", typed(loop(wait(), items="@pipeline().RunId")), typed(
        loop(wait(), items="@split(pipeline().RunId, '-')")
    )),
    ("a condition that is a text parameter", "ADF457", typed(condition("@pipeline().parameters.string")), typed(
        condition("@pipeline().parameters.bool")
    )),
    ("a Wait that is a text", "ADF458", [activity("Wait", "W", waitTimeInSeconds=expression("@concat('a', 'b')"))], [
        activity("Wait", "W", waitTimeInSeconds=expression("@int('5')"))
    ]),
    ("a Switch over a list", "ADF458", [switch(case("a"), on="@createArray(1, 2)")], [switch(case("1"), on="@add(1, 1)")]),
    ("a retry that is a list", "ADF458", with_policy(retry="@createArray(1)"), with_policy(retry="@add(1, 1)")),
    ("a message that is a number", "ADF458", [activity("Fail", "F", message="@add(1, 1)", errorCode="1")], [
        activity("Fail", "F", message="@string(add(1, 1))", errorCode="1")
    ]),
    ("a command line parameter that is a number", "ADF609", [python(parameters=["@add(1, 1)"])], [
        python(parameters=["@string(add(1, 1))", "@{add(1, 1)}"])
    ]),
    ("a return value of no type", "ADF313", returned({"type": "Integer", "content": 1}, setSystemVariable=True), returned(
        {"type": "Int", "content": 1}, setSystemVariable=True
    )),
    ("a return value without content", "ADF313", returned({"type": "Int"}, setSystemVariable=True), returned(
        {"type": "Null"}, setSystemVariable=True
    )),
    ("a return value that is not said to be one", "ADF313", returned({"type": "Int", "content": 1}), returned(
        {"type": "Int", "content": 1}, setSystemVariable=True
    )),
    ("parameters as a list", "ADF301", pipeline(wait(), parameters=["a"]), pipeline(wait(), parameters={})),
    ("variables as a list", "ADF304", pipeline(wait(), variables=["a"]), pipeline(wait(), variables={})),
    ("a secret global parameter", "ADF315", factory({"type": "SecureString", "value": ""}), factory(
        {"type": "Object", "value": {}}
    )),
    ("a global parameter without value", "ADF315", factory({"type": "Int"}), factory({"type": "Int", "value": 1})),
    ("a user property's value", "ADF401", [wait(userProperties=[{"name": "a", "value": "@x"}])], [
        wait(userProperties=[{"name": "@x", "value": "a"}])
    ]),
)  # fmt: skip
def test_types_of_values(code: str, bad: Any, good: Any) -> None:
    assert code in codes(bad)
    assert code not in codes(good)


def test_what_rests_on_a_parameters_declared_type_is_a_warning() -> None:
    severities = {
        variable: {
            finding.severity for finding in found(typed(loop(wait(), items=variable))) if finding.code == "ADF456"
        }
        for variable in ("@variables('s')", "@pipeline().parameters.string")
    }
    assert list(severities.values()) == [{Severity.ERROR}, {Severity.WARNING}]


CHILD = pipeline(wait(), name="child", parameters={"days": {"type": "array"}})


def service(**more: Any) -> dict[str, Any]:
    properties = {"type": "AzureBlobStorage", "typeProperties": {"serviceEndpoint": "https://x"}}
    return {"name": "Store", "properties": properties | more}


def starting(**more: Any) -> dict[str, Any]:
    return {"pipelineReference": STARTED, "parameters": {}} | more


ACCOUNT = {"account": {"type": "string"}}


def stored(**arguments: Any) -> dict[str, Any]:
    reference = {"referenceName": "Store", "type": "LinkedServiceReference", "parameters": arguments}
    return {"name": "File", "properties": {"type": "Json", "linkedServiceName": reference}}


@pairs(
    ("a text made of a list", "ADF507", (pipeline(call("child", parameters={"days": "@{createArray(1)}"})), CHILD), (
        pipeline(call("child", parameters={"days": "@createArray(1)"})), CHILD
    )),
    ("a linked service's parameter", "ADF516", (dataset(), service(parameters=ACCOUNT)), (
        stored(account="x"), service(parameters=ACCOUNT)
    )),
    ("a parameter that a linked service does not have", "ADF516", (stored(account="x"), service()), (stored(), service())),
    ("a trigger's argument of another type", "ADF707", (
        window(starting(parameters={"days": "x"})), CHILD | {"name": "demo"}
    ), (window(starting(parameters={"days": ["x"]})), CHILD | {"name": "demo"})),
    ("a trigger's reference without type", "ADF225", window(starting(pipelineReference={"referenceName": "demo"})), window()),
    ("a trigger's computed reference", "ADF225", window(starting(pipelineReference=STARTED | {"referenceName": "@x()"})), window()),
    ("a dataset's reference of another type", "ADF225", {
        "name": "File", "properties": {"type": "Json", "linkedServiceName": {"referenceName": "A", "type": "DatasetReference"}}
    }, dataset()),
)  # fmt: skip
def test_references(code: str, bad: Any, good: Any) -> None:
    assert code in codes(bad)
    assert code not in codes(good)


def dependent(**more: Any) -> dict[str, Any]:
    reference = {"referenceName": "other", "type": "TriggerReference"}
    base = {"type": "TumblingWindowTriggerDependencyReference", "referenceTrigger": reference}
    return window(dependsOn=[base | more])


def on_itself(**more: Any) -> dict[str, Any]:
    return window(dependsOn=[{"type": "SelfDependencyTumblingWindowTriggerReference"} | more])


def rerun(**more: Any) -> dict[str, Any]:
    times = {"requestedStartTime": "2024-01-01T00:00:00Z", "requestedEndTime": "2024-01-02T00:00:00Z"}
    properties = {"parentTrigger": "daily", "rerunConcurrency": 50} | times | more
    return {"name": "again", "properties": {"type": "RerunTumblingWindowTrigger", "typeProperties": properties}}


def reading(text: str, kind: str = "", **properties: Any) -> dict[str, Any]:
    """A trigger that hands an expression on as a parameter."""
    entry = starting(parameters={"a": text})
    if not kind:
        return window(entry)
    made = trigger(kind, **properties)
    return made | {"properties": made["properties"] | {"pipelines": [entry]}}


def blobs(**more: Any) -> dict[str, Any]:
    base = {"scope": "/subscriptions/x", "events": [BLOB_CREATED], "blobPathEndsWith": ".csv"}
    return trigger("BlobEventsTrigger", **base | more)


RECURRENCE = schedule()["properties"]["typeProperties"]


@pairs(
    ("5 minutes", "ADF708", window(frequency="Minute", interval=4), window(frequency="Minute", interval=5)),
    ("a delay of a day", "ADF710", window(delay="24:00:00"), window(delay="1.00:00:00")),
    ("a rerun's concurrency", "ADF710", rerun(rerunConcurrency=51), rerun()),
    ("a rerun's time", "ADF709", rerun(requestedStartTime="tomorrow"), rerun()),
    ("a rerun that ends first", "ADF709", rerun(requestedEndTime="2023-01-01T00:00:00Z"), rerun()),
    ("a dependency on no kind of trigger", "ADF711", dependent(type="Other"), dependent()),
    ("an offset of a day", "ADF711", dependent(offset="-24:00:00"), dependent(offset="-1.00:00:00")),
    ("a computed offset", "ADF711", dependent(offset="@string('x')"), dependent(offset="01:00:00")),
    ("an offset of nought to itself", "ADF711", on_itself(offset="-00:00:00"), on_itself(offset="-01:00:00")),
    ("a negative size", "ADF711", dependent(size="-01:00:00"), dependent(size="01:00:00")),
    ("five dependencies", "ADF711", window(dependsOn=dependent()["properties"]["typeProperties"]["dependsOn"] * 6), window(
        dependsOn=dependent()["properties"]["typeProperties"]["dependsOn"] * 5
    )),
    ("both forms of pipelines", "ADF705", window() | {"properties": window()["properties"] | {"pipelines": [starting()]}}, window()),
    ("pipelines as an object", "ADF703", schedule() | {"properties": schedule()["properties"] | {"pipelines": starting()}}, schedule()),
    ("arguments as a list", "ADF703", window(starting(parameters=[])), window()),
    ("a slip in a retry policy", "ADF704", window(retryPolicy={"cnt": 1}), window(retryPolicy={"count": 1})),
    ("a slip in a recurrence", "ADF704", schedule(timezone_="UTC"), schedule(timeZone="UTC")),
    ("a slip in a schedule", "ADF704", schedule(schedule={"days": [1]}), schedule(schedule={"hours": [1]})),
    ("1,000 as interval", "ADF712", schedule(interval=1001), schedule(interval=1000)),
    ("a scope that is a name", "ADF717", blobs(scope="mystorage"), blobs()),
    ("a window's time in a schedule", "ADF724", reading(
        "@trigger().outputs.windowStartTime", "ScheduleTrigger", **RECURRENCE
    ), reading("@trigger().scheduledTime", "ScheduleTrigger", **RECURRENCE)),
    ("a file's name in a window", "ADF724", reading("@triggerBody().fileName"), reading("@trigger().outputs.windowEndTime")),
    ("no such property of a window", "ADF724", reading("@trigger().outputs.windowStart"), reading("@trigger().startTime")),
    ("a blob's name in a custom event", "ADF724", reading(
        "@triggerBody().fileName", "CustomEventsTrigger", scope="/s", events=["x"]
    ), reading("@triggerBody().event.data.key", "CustomEventsTrigger", scope="/s", events=["x"])),
)  # fmt: skip
def test_triggers(code: str, bad: Any, good: Any) -> None:
    assert code in codes(bad)
    assert code not in codes(good)


WHEEL = "/Workspace/a-1.0-py3-none-any.whl"
LIBRARY_KEY = "spark.databricks.driver.dbfsLibraryInstallationAllowed"


def with_library(**library: Any) -> list[dict[str, Any]]:
    return [python(libraries=[library])]


def cluster(**more: Any) -> dict[str, Any]:
    base = {
        "domain": "https://adb-1.1.azuredatabricks.net",
        "authentication": "MSI",
        "workspaceResourceId": "/subscriptions/x",
        "newClusterVersion": "13.3.x-scala2.12",
        "newClusterNumOfWorker": "1:8",
        "newClusterNodeType": "Standard_D4s_v5",
    }
    properties = {key: value for key, value in (base | more).items() if value is not None}
    return {
        "name": DATABRICKS["referenceName"],
        "properties": {"type": "AzureDatabricks", "typeProperties": properties},
    }


def running(version: str, **library: Any) -> tuple[Any, ...]:
    return pipeline(*with_library(**library)), cluster(newClusterVersion=version)


@pairs(
    ("exclusions as a text", "ADF605", with_library(maven={"coordinates": "a:b:1", "exclusions": "c:d"}), with_library(
        maven={"coordinates": "a:b:1", "exclusions": ["c:d"]}
    )),
    ("an exclusion without group", "ADF605", with_library(maven={"coordinates": "a:b:1", "exclusions": ["c"]}), with_library(
        maven={"coordinates": "a:b:1"}
    )),
    ("a key that packages do not have", "ADF605", with_library(pypi={"package": "a", "version": "1"}), with_library(
        pypi={"package": "a==1", "repo": "https://x"}
    )),
    ("a relative library", "ADF615", with_library(jar="a.jar"), with_library(jar="abfss://c@a/a.jar")),
    ("a requirements file in DBFS", "ADF607", with_library(requirements="dbfs:/r.txt"), with_library(
        requirements="/Workspace/r.txt"
    )),
    ("a computed file in DBFS", "ADF607", with_library(whl="dbfs:/@{pipeline().RunId}.whl"), with_library(
        whl="/Volumes/@{pipeline().RunId}.whl"
    )),
    ("a requirements file before runtime 15", "ADF614", running("14.3.x-scala2.12", requirements="/Workspace/r.txt"), running(
        "15.0.x-scala2.12", requirements="/Workspace/r.txt"
    )),
    ("a package twice", "ADF616", [python(libraries=[{"pypi": {"package": "a"}}] * 2)], [
        python(libraries=[{"pypi": {"package": "a"}}, {"pypi": {"package": "b"}}])
    ]),
    ("a login without its workspace", "ADF617", cluster(workspaceResourceId=None), cluster()),
    ("a cluster without a node type", "ADF617", cluster(newClusterNodeType=None), cluster(
        newClusterNodeType=None, instancePoolId="pool"
    )),
    ("an address without https", "ADF617", cluster(domain="adb-1.1.azuredatabricks.net"), cluster()),
    ("the key of a Logic App", "ADF802", [web(url="https://x.logic.azure.com/a?sv=1.0&sig=" + "aB1_-" * 8)], [
        web(url="https://x.logic.azure.com/a?sv=1.0")
    ]),
    ("a password in an address", "ADF803", [web(url="https://bob:Winter2024@example.org/")], [
        web(url="https://example.org:8080/?to=bob@example.org")
    ]),
    ("a header in an Expression object", "ADF805", [web(headers={"Authorization": expression("Basic ZGVtbzpXaW50ZXI=")})], [
        web(headers={"Authorization": expression("@concat('Basic ', pipeline().RunId)")})
    ]),
    ("a bare token", "ADF805", [web(headers={"Authorization": "0123456789abcdef"})], [web(headers={"Accept": "0123456789abcdef"})]),
    ("a secret in a form", "ADF807", [web(method="POST", body="id=a&client_secret=aB3~defGHI")], [
        web(method="POST", body="id=a&client_secret=@{activity('Key').output.value}")
    ]),
    ("a default of a password", "ADF807", pipeline(
        wait(), parameters={"password": {"type": "string", "defaultValue": "Winter2024!"}}
    ), pipeline(wait(), parameters={"password": {"type": "string", "defaultValue": ""}})),
    ("a function's key", "ADF807", service(typeProperties={"functionKey": {"type": "SecureString", "value": "Winter2024!"}}), service(
        typeProperties={"functionKey": {"type": "AzureKeyVaultSecret", "store": {}, "secretName": "key"}}
    )),
)  # fmt: skip
def test_databricks_and_secrets(code: str, bad: Any, good: Any) -> None:
    assert code in codes(bad)
    assert code not in codes(good)


def test_dbfs_libraries_are_not_allowed_by_a_setting_that_says_false() -> None:
    for said, severity in (("true", Severity.WARNING), ("false", Severity.ERROR)):
        conf = {LIBRARY_KEY: said}
        documents = (
            running("15.4.x-scala2.12", jar="dbfs:/a.jar")[0],
            cluster(newClusterVersion="15.4.x-scala2.12", newClusterSparkConf=conf),
        )
        assert {finding.severity for finding in found(documents) if finding.code == "ADF607"} == {severity}


FLOWEHR = Options(target=Target.FLOWEHR)


def deployed(*nodes: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return pipeline(*(nodes or (python(),)), **({"parameters": {}} | properties))


def procedure(**parameters: Any) -> dict[str, Any]:
    return copy(source={"type": "SqlServerSource", "storedProcedureParameters": parameters})


def ready(**more: Any) -> dict[str, Any]:
    made = window(starting(), retryPolicy={"count": 1})
    return made | {"properties": made["properties"] | more}


@pairs(
    ("a variable that is read", "FLO109", deployed(
        python(parameters=["@variables('v')"]), variables={"v": {"type": "String", "defaultValue": "x"}}
    ), deployed()),
    ("145 characters", "FLO101", deployed(name="a" * 146), deployed(name="a" * 145)),
    ("a null in a policy", "FLO133", deployed(python() | {"policy": {"timeout": None}}), deployed(
        python() | {"policy": {"timeout": "0.12:00:00"}}
    )),
    ("a stored procedure's null", "FLO133", deployed(procedure(a={"value": None, "type": "String"})), deployed(
        procedure(a={"value": "", "type": "String"})
    )),
    ("a setting of a source", "FLO135", deployed(
        copy(source={"type": "JsonSource", "storeSettings": {"type": "azureBlobStorageReadSettings"}})
    ), deployed(copy(source={"type": "JsonSource", "storeSettings": {"type": "AzureBlobStorageReadSettings"}}))),
    ("a key with separate accents", "FLO154", deployed(python() | {"x": {"e\u0301": "a"}}), deployed(
        python() | {"x": {"\u00e9": "a"}}
    )),
    ("annotations of a trigger", "FLO125", ready(annotations=["a"]), ready(annotations=[])),
    ("no maxConcurrency for ADF's sake alone", "FLO121", window(starting(), maxConcurrency=None), window(
        starting(), maxConcurrency=None, retryPolicy={"count": 1}
    )),
    ("a parameters list", "FLO104", deployed(parameters=["a"]), deployed(parameters=[])),
)  # fmt: skip
def test_flowehr(code: str, bad: Any, good: Any) -> None:
    assert code in codes(bad, FLOWEHR)
    assert code not in codes(good, FLOWEHR)


def test_flowehr_has_a_default_for_maxconcurrency_and_takes_an_empty_list_of_parameters() -> None:
    assert "ADF702" not in codes(window(starting(), maxConcurrency=None, retryPolicy={"count": 1}), FLOWEHR)
    assert "ADF301" not in codes(deployed(parameters=[]), FLOWEHR)


def test_unknown_keys_are_a_warning_for_flowehr_which_drops_them() -> None:
    told = [
        {(finding.code, finding.severity) for finding in found([python(zzz=1)], options)}
        & {("ADF213", Severity.NOTE), ("FLO131", Severity.WARNING)}
        for options in (Options(), FLOWEHR)
    ]
    assert told == [{("ADF213", Severity.NOTE)}, {("FLO131", Severity.WARNING)}]


def test_each_use_of_a_variable_is_marked_for_flowehr() -> None:
    nodes = [set_variable("v", "1"), python(parameters=["@variables('v')"]), set_variable("v", "2", name="Again")]
    marked = [
        finding
        for finding in found(deployed(*nodes, variables={"v": {"type": "String"}}), FLOWEHR)
        if finding.code == "FLO109"
    ]
    assert len(marked) == 3


def test_a_repository_knows_what_its_resources_refer_to() -> None:
    options = Options(complete=ALL)
    missing = pipeline(web(linkedServices=[{"referenceName": "X", "type": "LinkedServiceReference"}]))
    assert "ADF510" in codes(missing, options)
    assert "ADF721" in codes((dependent(), pipeline(wait())), options)
    assert "ADF722" in codes((dependent() | {"name": "other"}, pipeline(wait())), options)
