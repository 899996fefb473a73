"""What FlowEHR and its Terraform refuse, change or drop: for each the bad JSON and the finding it gets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from activities_gen.catalogue.examples import (
    DATABRICKS,
    activity,
    expression,
    pipeline,
    python,
    read,
    set_variable,
    wait,
    web,
    window,
)
from activities_gen.rules import Options, Target, check_documents, inspect_directory
from activities_gen.wire.document import parse

if TYPE_CHECKING:
    from pathlib import Path

FLOWEHR = Options(target=Target.FLOWEHR)
MAKEFILE = "artifacts:\n\ttrue\n"


def codes(value: Any) -> set[str]:
    documents, findings = parse(value if isinstance(value, (str, bytes)) else json.dumps(value), "pipeline.json")
    return {finding.code for finding in [*findings, *check_documents(documents, FLOWEHR)]}


def table(*rows: tuple[str, str, Any]) -> Any:
    return pytest.mark.parametrize(
        ("code", "bad"), [(code, bad) for _, code, bad in rows], ids=[f"{code}-{name}" for name, code, _ in rows]
    )


def parameters(**declared: Any) -> dict[str, Any]:
    return pipeline(python(), parameters=declared)


def default(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "defaultValue": value}


def bare(**properties: Any) -> dict[str, Any]:
    return {"name": "demo", "properties": properties}


@table(
    *[
        (f"name {name!r}", "FLO101", pipeline(python(), name=name, parameters={}))
        for name in ("a b", "a(b)", "a@b", "-a", "a" * 146)
    ],
    ("no name", "FLO104", {"properties": {"activities": [], "parameters": {}}}),
    ("no parameters", "FLO104", pipeline(python())),
    ("no activities", "ADF004", bare(parameters={})),
    ("no properties", "FLO104", {"name": "demo"}),
    ("parameters null", "FLO104", bare(activities=[], parameters=None)),
    ("parameter without default", "FLO106", parameters(p={"type": "string"})),
    ("default null", "FLO106", parameters(p=default("string", None))),
    ("integer default", "FLO108", parameters(p=default("int", 5))),
    ("boolean default", "FLO108", parameters(p=default("bool", value=True))),
    ("fraction default", "FLO108", parameters(p=default("float", 1.5))),
    ("integer and boolean", "FLO107", parameters(p=default("int", 5), q=default("bool", value=True))),
    ("list default", "FLO107", parameters(p=default("array", []))),
    ("object default", "FLO107", parameters(p=default("object", {}))),
    ("activities null", "FLO104", bare(activities=None, parameters={})),
    ("activities an object", "FLO132", bare(activities={}, parameters={})),
    ("null among the activities", "FLO132", bare(activities=[None], parameters={})),
    ("variables", "FLO109", pipeline(python(), parameters={}, variables={"v": {"type": "String"}})),
    ("variable set", "FLO109", pipeline(set_variable("v", "1"), parameters={}, variables={"v": {"type": "String"}})),
    *[
        (key, "FLO109", pipeline(python(), parameters={}, **{key: value}))
        for key, value in {
            "concurrency": 1,
            "annotations": ["a"],
            "folder": {"name": "f"},
            "description": "d",
            "policy": {"elapsedTimeMetric": {"duration": "0.00:10:00"}},
            "runDimensions": {"a": "b"},
        }.items()
    ],
    ("parameter type", "FLO108", parameters(p=default("securestring", "x"))),
    ("duplicate keys", "ADF002", '{"name": "a", "name": "b", "properties": {"activities": [], "parameters": {}}}'),
    ("comments", "ADF001", '{"name": "a" // comment\n}'),
    ("trailing comma", "ADF001", '{"name": "a",}'),
    ("NaN", "ADF001", '{"name": NaN}'),
    ("Latin-1", "ADF001", '{"name": "é"}'.encode("latin-1")),
    ("empty", "ADF001", ""),
    ("separate accents", "FLO154", pipeline(python(parameters=["cafe\u0301"]), parameters={})),
    (
        "other linked service",
        "FLO150",
        pipeline(
            python() | {"linkedServiceName": {"referenceName": "X", "type": "LinkedServiceReference"}}, parameters={}
        ),
    ),
    ("dataset", "FLO151", pipeline(read("D"), parameters={})),
    (
        "data flow",
        "FLO151",
        pipeline(
            activity("ExecuteDataFlow", "F", dataFlow={"referenceName": "X", "type": "DataFlowReference"}),
            parameters={},
        ),
    ),
    (
        "integration runtime",
        "FLO152",
        pipeline(web(connectVia={"referenceName": "X", "type": "IntegrationRuntimeReference"}), parameters={}),
    ),
    ("DatabricksJob", "FLO130", [activity("DatabricksJob", "J", jobId="1") | {"linkedServiceName": DATABRICKS}]),
    ("SynapseNotebook", "FLO130", [activity("SynapseNotebook", "N", notebook={})]),
    ("SparkJob", "FLO130", [activity("SparkJob", "N", sparkJob={})]),
    ("type in another case", "FLO130", [activity("databricksSparkPython", "A", pythonFile="dbfs:/a")]),
    ("no type", "ADF216", [{"name": "A"}]),
    ("unknown key", "FLO131", [python(pythonFile2="x")]),
    ("key in another case", "FLO134", [python(PARAMETERS=["x"])]),
    ("null", "FLO133", [wait(description=None)]),
    (
        "setSystemVariable",
        "FLO131",
        [activity("SetVariable", "R", variableName="pipelineReturnValue", setSystemVariable=True, value=[])],
    ),
    (
        "scriptBlockExecutionTimeout",
        "FLO131",
        [activity("Script", "S", scripts=[], scriptBlockExecutionTimeout="02:00:00")],
    ),
    ("turnOffAsync", "FLO131", [web(turnOffAsync=True)]),
    ("httpRequestTimeout", "FLO131", [web(httpRequestTimeout="00:02:00")]),
    (
        "AzurePostgreSQLSink",
        "FLO135",
        [activity("Copy", "C", source={"type": "BlobSource"}, sink={"type": "AzurePostgreSQLSink"})],
    ),
    (
        "OnSuccess",
        "ADF207",
        [wait("A"), wait("B", dependsOn=[{"activity": "A", "dependencyConditions": ["OnSuccess"]}])],
    ),
    ("required key", "ADF214", [activity("DatabricksSparkPython", "A")]),
)
def test_pipelines(code: str, bad: Any) -> None:
    assert code in codes(bad)


STARTED = {"referenceName": "demo", "type": "PipelineReference"}


def started(**more: Any) -> dict[str, Any]:
    return {"pipelineReference": STARTED, "parameters": {}} | more


def trigger(pipeline_entry: Any = None, **properties: Any) -> dict[str, Any]:
    return window(pipeline_entry or started(), **({"retryPolicy": {"count": 1}} | properties))


@table(
    (
        "schedule",
        "FLO120",
        {"name": "t", "properties": {"type": "ScheduleTrigger", "typeProperties": {"recurrence": {}}}},
    ),
    ("no start", "FLO120", trigger(startTime=None)),
    ("no frequency", "FLO120", trigger(frequency=None)),
    ("no interval", "FLO120", trigger(interval=None)),
    (
        "pipelines list",
        "FLO120",
        {"name": "t", "properties": {"type": "TumblingWindowTrigger", "pipelines": [started()], "typeProperties": {}}},
    ),
    ("no retry policy", "FLO121", trigger(retryPolicy=None)),
    ("no retry count", "FLO121", trigger(retryPolicy={"intervalInSeconds": 30})),
    ("retry count nought", "FLO121", trigger(retryPolicy={"count": 0})),
    ("no parameters", "FLO122", trigger({"pipelineReference": {"referenceName": "demo"}})),
    (
        "Expression parameter",
        "FLO122",
        trigger(started(parameters={"a": expression("@trigger().outputs.windowStartTime")})),
    ),
    ("list parameter", "FLO122", trigger(started(parameters={"a": [1]}))),
    ("null parameter", "FLO122", trigger(started(parameters={"a": None}))),
    ("time without zone", "FLO124", trigger(startTime="2024-01-01T00:00:00")),
    ("end without zone", "FLO124", trigger(endTime="2030-01-01T00:00:00")),
    ("frequency in lower case", "FLO124", trigger(frequency="hour")),
    ("Day", "FLO124", trigger(frequency="Day")),
    ("an interval in words", "FLO124", trigger(interval="daily")),
    ("ARM expression as interval", "FLO124", trigger(interval="[parameters('hours')]")),
    ("ARM expression as start", "FLO124", trigger(startTime="[parameters('start')]")),
    ("ARM expression as concurrency", "FLO124", trigger(maxConcurrency="[parameters('n')]")),
    ("ARM expression as retries", "FLO124", trigger(retryPolicy={"count": "[parameters('n')]"})),
    ("dependencies", "FLO125", trigger(dependsOn=[{}])),
    ("stopped", "FLO125", {"name": "t", "properties": trigger()["properties"] | {"runtimeState": "Stopped"}}),
    ("maxConcurrency", "ADF710", trigger(maxConcurrency=51)),
    ("delay", "ADF710", trigger(delay="1h")),
)
def test_triggers(code: str, bad: Any) -> None:
    assert code in codes(bad)


@pytest.mark.parametrize(
    "good",
    [
        trigger(),
        trigger(startTime="${start}", interval="${hours}", frequency="#{frequency}#"),
        trigger(retryPolicy={"count": "2"}),
        trigger(retryPolicy={"count": "${retries}"}),
    ],
)
def test_triggers_that_flowehr_takes_or_of_which_nothing_is_known(good: Any) -> None:
    assert {code for code in codes(good) if code[:5] == "FLO12"} == set()


@pytest.mark.parametrize(
    ("code", "node"),
    [
        ("FLO150", lambda name: python() | {"linkedServiceName": {"referenceName": name}}),
        ("FLO152", lambda name: web(connectVia={"referenceName": name, "type": "IntegrationRuntimeReference"})),
    ],
)
def test_an_arm_expression_is_a_name_that_flowehr_does_not_have_and_a_placeholder_may_be_any(
    code: str, node: Any
) -> None:
    assert code in codes(pipeline(node("[parameters('name')]"), parameters={}))
    assert code not in codes(pipeline(node("${name}"), parameters={}))


def messages(value: Any) -> list[str]:
    documents, _ = parse(json.dumps(value), "pipeline.json")
    return [f"{finding.code} {finding.message}" for finding in check_documents(documents, FLOWEHR)]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (pipeline(python(), name="a.b", parameters={}), ["FLO101 The pipeline name 'a.b' cannot"]),
        (pipeline(python(), name=5, parameters={}), ["FLO104 The pipeline has no 'name'"]),
        (pipeline(python(), parameters=5), ["FLO104 'parameters' is a number"]),
        (bare(activities=None, parameters={}), ["FLO104 'activities' is null"]),
        (pipeline(set_variable("day", "1"), parameters={}), ["FLO109 FlowEHR does not deploy variables"]),
        ([{"name": "A", "type": "wait", "typeProperties": {"waitTimeInSeconds": 1}}], ["FLO130 'A' has the type"]),
        ([{"name": "A", "type": 5}], ["FLO132 'A' has a number as 'type'"]),
        ([wait(5)], ["FLO132 The activity at properties.activities[0] has a number as 'name'"]),
        ([wait("A"), wait("B", dependsOn=["A"])], ["FLO132 'B' has a string as 'dependsOn.0'; it must be an object {"]),
        ([wait("A"), wait("B", dependsOn="A")], ["FLO132 'B' has a string as 'dependsOn'; it must be a list."]),
        (
            [
                wait("A"),
                wait("B", dependsOn=[{"activity": 5, "dependencyConditions": "Succeeded"}]),
            ],
            [
                "FLO132 'B' has a number as 'dependsOn.0.activity'",
                "FLO132 'B' has a string as 'dependsOn.0.dependencyConditions'",
            ],
        ),
        ([python() | {"policy": []}], ["FLO132 'Ingest' has a list as 'policy'"]),
        ([python() | {"policy": {"secureInput": "true"}}], ["FLO132 'Ingest' has a string as 'policy.secureInput'"]),
        ([python(parameters={"day": "1"})], ["FLO132 'Ingest' has an object as 'typeProperties.parameters'"]),
        (
            [python(libraries=["x"])],
            ["FLO132 'Ingest' has a string as 'typeProperties.libraries.0'; it must be an obj"],
        ),
        ([activity("Wait", "A") | {"typeProperties": 5}], ["FLO132 'A' has a number as 'typeProperties'"]),
        (trigger(frequency="Day"), ["FLO124 The trigger 'daily' has the frequency 'Day'"]),
        (trigger(startTime="2024-01-01T00:00:00"), ["FLO124 The trigger 'daily' has '2024-01-01T00:00:00'"]),
        (trigger(interval="24"), ["FLO124 The trigger 'daily' has the text '24' as 'interval'"]),
        (trigger(interval=None), ["FLO120 The trigger 'daily' has no 'interval'"]),
        (trigger(retryPolicy={"count": -1}), ["FLO121 The trigger 'daily' needs 'retryPolicy'"]),
        (trigger(retryPolicy=[]), ["FLO121 The trigger 'daily' needs 'retryPolicy'"]),
        (trigger({"pipelineReference": STARTED}), ["FLO122 The trigger 'daily' has no object 'parameters'"]),
        (trigger(started(parameters=[])), ["FLO122 The trigger 'daily' has no object 'parameters'"]),
        (
            {"name": "daily", "properties": trigger()["properties"] | {"type": "TumblingTrigger"}},
            ["FLO120 The trigger 'daily' is a TumblingTrigger; FlowEHR deploys tumbling windows only."],
        ),
    ],
)
def test_a_mistake_that_adf_and_flowehr_refuse_is_said_once(bad: Any, said: list[str]) -> None:
    found = messages(bad)
    assert [message[: len(begin)] for message, begin in zip(found, said, strict=False)] == said
    assert len(found) == len(said)


@pytest.mark.parametrize(
    ("bad", "hint"),
    [
        (trigger(frequency="Day"), "Write 24 Hour for a day."),
        ([web() | {"type": "WebActvity"}], "Did you mean 'WebActivity'?"),
        ([wait(dependsOn=["A"])], '{"activity": …, "dependencyConditions": ["Succeeded"]}'),
        ([python(libraries=["x"])], '{"whl": …}'),
    ],
)
def test_what_to_write_is_said_all_the_same(bad: Any, hint: str) -> None:
    assert hint in messages(bad)[0]


def test_a_plain_trigger_is_fine() -> None:
    good = trigger(started(parameters={"a": "@trigger().outputs.windowStartTime", "b": "1"}))
    assert not {code for code in codes(good) if code.startswith("FLO")}


GOOD = {"pipeline.json": pipeline(python(), parameters={}), "Makefile": MAKEFILE, "artifacts/entrypoint.py": "pass\n"}


def inspected(root: Path, files: dict[str, Any]) -> dict[str, str]:
    """The severity of each code that is found in a pipeline directory."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return {finding.code: finding.severity.value for finding in inspect_directory(root, FLOWEHR)}


def test_a_good_directory_has_no_findings(tmp_path: Path) -> None:
    assert inspected(tmp_path / "demo", GOOD) == {}


@table(
    ("Pipeline.json", "FLO141", {"Pipeline.json": "{}"}),
    ("pipeline.JSON", "FLO141", {"pipeline.JSON": "{}"}),
    ("copy in build", "FLO140", {"build/lib/x/pipeline.json": "{}"}),
    ("copy in a hidden folder", "FLO140", {".venv/x/pipeline.json": "{}"}),
    ("fixture of the first contract", "FLO140", {"tests/activities.json": "[]"}),
    ("no Makefile", "FLO143", {"Makefile": None}),
    ("Makefile without the target", "FLO143", {"Makefile": "all:\n\ttrue\n"}),
    ("byte order mark", "FLO105", {"pipeline.json": "\ufeff" + json.dumps(GOOD["pipeline.json"])}),
    ("UTF-16", "FLO105", {"pipeline.json": json.dumps(GOOD["pipeline.json"]).encode("utf-16")}),
    (
        "file not staged",
        "FLO145",
        {
            "pipeline.json": pipeline(
                python(libraries=[{"whl": "dbfs:/pipelines/demo/artifacts/demo-1.0-py3-none-any.whl"}]), parameters={}
            )
        },
    ),
    (
        "path of another directory",
        "FLO144",
        {
            "pipeline.json": pipeline(
                python(pythonFile="dbfs:/pipelines/helloworld/artifacts/entrypoint.py"), parameters={}
            )
        },
    ),
    ("old wheel", "FLO146", {"artifacts/demo-0.9-py3-none-any.whl": "old"}),
    ("dotfile", "FLO146", {"artifacts/.gitkeep": ""}),
    ("folder", "FLO147", {"artifacts/data/x.csv": ""}),
    ("broken trigger", "ADF001", {"trigger.json": "{"}),
    (
        "trigger of another pipeline",
        "FLO123",
        {"trigger.json": trigger(started(pipelineReference={"referenceName": "other"}))},
    ),
    ("other activities", "FLO142", {"activities.json": [python("Other")]}),
)
def test_directories(code: str, bad: dict[str, Any], tmp_path: Path) -> None:
    files = {name: content for name, content in (GOOD | bad).items() if content is not None}
    assert code in inspected(tmp_path / "demo", files)


@pytest.mark.parametrize(
    ("first", "second"), [("GNUmakefile", "makefile"), ("GNUmakefile", "Makefile"), ("makefile", "Makefile")]
)
def test_of_several_makefiles_the_one_counts_that_make_reads(tmp_path: Path, first: str, second: str) -> None:
    rest = {name: content for name, content in GOOD.items() if name != "Makefile"}

    assert inspected(tmp_path / "good" / "demo", rest | {first: MAKEFILE, second: "all:\n"}) == {}
    assert inspected(tmp_path / "bad" / "demo", rest | {first: "all:\n", second: MAKEFILE}) == {"FLO143": "error"}


def test_names_differ_as_a_note_and_as_an_error_where_it_is_deployed(tmp_path: Path) -> None:
    assert inspected(tmp_path / "copy", GOOD)["FLO102"] == "note"
    assert inspected(tmp_path / "transform" / "pipelines" / "repository" / "copy", GOOD)["FLO102"] == "error"


def test_a_dot_in_the_directory_name_matters_with_a_trigger_where_it_is_deployed(tmp_path: Path) -> None:
    triggered = GOOD | {"trigger.json": trigger()}
    assert "FLO103" not in inspected(tmp_path / "transform" / "pipelines" / "one" / "my.demo", GOOD)
    assert inspected(tmp_path / "transform" / "pipelines" / "two" / "my.demo", triggered)["FLO103"] == "error"
    assert inspected(tmp_path / "two" / "my.demo", triggered)["FLO103"] == "note"


def test_a_quote_in_the_directory_name_breaks_the_dashboard(tmp_path: Path) -> None:
    assert inspected(tmp_path / "transform" / "pipelines" / 'my"demo', GOOD)["FLO103"] == "error"


def test_a_nested_pipeline_with_a_makefile_may_be_meant(tmp_path: Path) -> None:
    nested = {"other/pipeline.json": GOOD["pipeline.json"], "other/Makefile": MAKEFILE}
    assert inspected(tmp_path / "demo", GOOD | nested)["FLO140"] == "warning"


def test_links_to_folders_are_looked_into_once(tmp_path: Path) -> None:
    root = tmp_path / "demo"
    (root / "loop").mkdir(parents=True)
    (root / "loop" / "again").symlink_to(root, target_is_directory=True)
    assert inspected(root, GOOD) == {}


def test_artifacts_are_not_missed_before_they_are_built(tmp_path: Path) -> None:
    files = {name: content for name, content in GOOD.items() if not name.startswith("artifacts")}
    assert inspected(tmp_path / "demo", files) == {}


def test_the_first_contract_needs_neither_name_nor_parameters(tmp_path: Path) -> None:
    files = {"activities.json": [python()], "Makefile": MAKEFILE}
    assert inspected(tmp_path / "demo", files) == {}
