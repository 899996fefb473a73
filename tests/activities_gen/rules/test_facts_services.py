"""Databricks, triggers and references: for each documented rule the bad JSON and the finding it gets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from activities_gen.catalogue.examples import (
    activity,
    call,
    dataset,
    expression,
    pipeline,
    python,
    read,
    schedule,
    wait,
    window,
)
from activities_gen.rules import Options, check_documents
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
