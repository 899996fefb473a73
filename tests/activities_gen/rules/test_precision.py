"""No crying wolf: what can be deployed, or cannot be judged from the file, is never an error.

``innocent.json`` holds pipelines and triggers in the many forms that Azure and its tools write them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from activities_gen.catalogue.examples import (
    activity,
    after,
    dataset,
    expression,
    loop,
    pipeline,
    python,
    read,
    set_variable,
    wait,
    web,
    window,
)
from activities_gen.findings import Severity
from activities_gen.rules import Options, check_documents, inspect_repository
from activities_gen.wire.document import parse

if TYPE_CHECKING:
    from activities_gen.findings import Finding

INNOCENT = json.loads((Path(__file__).parent / "innocent.json").read_text("utf-8"))
LOOKUP = activity(
    "Lookup", "Look", source={"type": "AzureSqlSource"}, dataset={"referenceName": "T", "type": "DatasetReference"}
)


def found(value: Any, *ignore: str) -> list[Finding]:
    documents, findings = parse(json.dumps(value), "demo.json")
    return [*findings, *check_documents(documents, Options(ignore=ignore))]


def severities(value: Any, code: str) -> set[Severity]:
    return {finding.severity for finding in found(value) if finding.code == code}


@pytest.mark.parametrize("value", INNOCENT.values(), ids=INNOCENT)
def test_forms_that_azure_writes_hold_no_error(value: Any) -> None:
    errors = [str(finding) for finding in found(value) if finding.severity is Severity.ERROR]
    assert not errors, "\n".join(errors)


UNKNOWN = {
    "parameters": pipeline(python(parameters=["@pipeline().parameters.day"]), parameters="[parameters('all')]"),
    "one parameter": pipeline(
        python(parameters=["@pipeline().parameters.day"]), parameters={"[parameters('name')]": {"type": "string"}}
    ),
    "variables": pipeline(set_variable("day", "@variables('other')"), variables="[variables('all')]"),
    "an activity's name": pipeline(wait("[parameters('name')]"), wait("Next", dependsOn=after("Load"))),
    "an activity": pipeline("[variables('first')]", wait("Next", dependsOn=after("Load"))),  # type: ignore[arg-type]
    "activities of a loop": pipeline(
        activity("ForEach", "Each", items=expression("@createArray(1)"), activities="[variables('inner')]"),
        set_variable("n", "@activity('Inner').output.x") | {"dependsOn": after("Each")},
        variables={"n": {"type": "String"}},
    ),
    "dependencies": pipeline(
        LOOKUP,
        set_variable("n", "@activity('Look').output.firstRow.n") | {"dependsOn": "[variables('before')]"},
        variables={"n": {"type": "String"}},
    ),
    "a dependency": pipeline(
        LOOKUP,
        set_variable("n", "@activity('Look').output.firstRow.n") | {"dependsOn": after("[variables('before')]")},
        variables={"n": {"type": "String"}},
    ),
    "a dataset's parameters": dataset("File")
    | {
        "properties": dataset()["properties"]
        | {"parameters": "[parameters('all')]", "typeProperties": {"location": {"folderPath": "@dataset().folder"}}}
    },
    "a return value": activity(
        "SetVariable", "Return", variableName="pipelineReturnValue", setSystemVariable=True, value="[variables('v')]"
    ),
    "a trigger": window() | {"properties": window()["properties"] | {"typeProperties": "[parameters('window')]"}},
    "a linked service": {
        "name": "Databricks",
        "properties": {"type": "AzureDatabricks", "typeProperties": "[parameters('all')]"},
    },
    "a token in a name": pipeline(wait(), name="#{prefix}#_load"),
    "a token in a path": pipeline(python(pythonFile="#{root}#/main.py")),
}


@pytest.mark.parametrize("value", UNKNOWN.values(), ids=UNKNOWN)
def test_what_is_known_at_deployment_only_is_not_judged(value: Any) -> None:
    value = [value] if "typeProperties" in value else value
    errors = [str(finding) for finding in found(value) if finding.severity is Severity.ERROR]
    assert not errors, "\n".join(errors)


DOUBTFUL = {
    "an interval of no seconds": ("ADF235", [python() | {"policy": {"retryIntervalInSeconds": 0}}]),
    "a computed interval": ("ADF235", [python() | {"policy": {"retryIntervalInSeconds": "@int('30')"}}]),
    "a span that only .NET reads": ("ADF230", [python() | {"policy": {"timeout": "7:00:00"}}]),
    "a span of days alone": ("ADF230", [python() | {"policy": {"timeout": "7"}}]),
    "days by mistake in an Until": (
        "ADF231",
        [activity("Until", "U", expression=expression("@equals(1, 1)"), timeout="24:00:00", activities=[wait()])],
    ),
    "a concurrency in quotes": ("ADF114", pipeline(wait(), concurrency="2")),
    "an empty text for an object": ("ADF220", [web(headers="")]),
    "the older list of Hive variables": (
        "ADF220",
        [activity("HDInsightHive", "Hive", scriptPath="a.hql", variables=["a"])],
    ),
    "a type that is new": ("ADF217", [activity("LakehouseMaintenance", "Tidy")]),
    "an at sign in a column's name": (
        "ADF401",
        [activity("Copy", "C", translator={"mappings": [{"source": {"name": "@id"}, "sink": {"name": "id"}}]})],
    ),
    "no activities": ("ADF004", {"name": "demo", "properties": {"annotations": []}}),
    "a window that starts nothing": ("ADF705", {**window(), "properties": window()["properties"] | {"pipeline": {}}}),
}


@pytest.mark.parametrize(("code", "value"), DOUBTFUL.values(), ids=DOUBTFUL)
def test_what_may_work_is_a_warning(code: str, value: Any) -> None:
    assert severities(value, code) == {Severity.WARNING}


@pytest.mark.parametrize("kind", ["Boolean", "Integer", "string", "Array"])
def test_the_variable_types_that_studio_writes_are_none_to_speak_of(kind: str) -> None:
    assert not severities(pipeline(set_variable("v", "@variables('v')"), variables={"v": {"type": kind}}), "ADF304")


@pytest.mark.parametrize("kind", ["filter", "FILTER"])
def test_an_item_is_known_in_a_filter_of_any_letter_case(kind: str) -> None:
    value = [activity(kind, "F", items=expression("@createArray(1)"), condition=expression("@greater(item(), 0)"))]
    assert not severities(value, "ADF424")


def test_activities_are_found_in_a_loop_of_any_letter_case() -> None:
    assert severities([loop(wait("A"), wait("a")) | {"type": "foreach"}], "ADF106") == {Severity.ERROR}


def test_in_an_arm_template_the_factory_is_no_part_of_a_name() -> None:
    resource = pipeline(wait(), name="factory/load") | {"type": "Microsoft.DataFactory/factories/pipelines"}
    documents, _ = parse(json.dumps({"resources": [resource]}), "template.json")
    assert [document.name for document in documents] == ["load"]


def test_synapse_templates_hold_pipelines_too() -> None:
    resource = pipeline(wait(), name="workspace/load") | {"type": "Microsoft.Synapse/workspaces/pipelines"}
    documents, _ = parse(json.dumps({"resources": [resource]}), "template.json")
    assert [document.name for document in documents] == ["load"]


@pytest.mark.parametrize(
    ("kind", "product"),
    [
        ("TridentNotebook", "Microsoft Fabric"),
        ("SqlPoolStoredProcedure", "Azure Synapse"),
        ("DotNetActivity", "Data Factory version 1"),
    ],
)
def test_an_activity_of_another_product_is_named_and_not_checked_further(kind: str, product: str) -> None:
    (finding,) = found([activity(kind, "Step", anything=1) | {"policy": {"style": "x"}}])
    assert (finding.code, finding.severity) == ("ADF226", Severity.WARNING)
    assert product in finding.message


PLACEHOLDERS = ["#{Sql}#", "%PWD%", "__pwd__", "$(pwd)", "${pwd}", "<password>", "password", "xxxx", "****", "{0}"]


@pytest.mark.parametrize("password", PLACEHOLDERS)
def test_placeholders_are_no_passwords(password: str) -> None:
    text = f"Server=a;User ID=b;Password={password};Encrypt=True"
    value = {"name": "Sql", "properties": {"type": "SqlServer", "typeProperties": {"connectionString": text}}}
    assert not severities(value, "ADF803")


@pytest.mark.parametrize("token", ["<token>", "YOUR_ACCESS_TOKEN", "xxxxxxxxxxxxxxxx", "#{token}#"])
def test_placeholders_are_no_credentials(token: str) -> None:
    assert not severities([web(headers={"Authorization": f"Bearer {token}"})], "ADF805")


def test_global_parameters_are_unknown_where_the_factory_declares_none(tmp_path: Path) -> None:
    assert "ADF421" not in codes_of(tmp_path, {"factory/adf.json": {"name": "adf", "properties": {}}})


def test_global_parameters_may_stand_in_a_folder_of_their_own(tmp_path: Path) -> None:
    files = {"globalParameters/adf.json": {"name": "adf", "properties": {"stage": {"type": "string", "value": "dev"}}}}
    assert "ADF421" not in codes_of(tmp_path, files)
    assert "ADF421" in codes_of(tmp_path, files, name="stgae")


def codes_of(root: Path, files: dict[str, Any], name: str = "stage") -> set[str]:
    demo = pipeline(python(parameters=[f"@pipeline().globalParameters.{name}"]))
    for place, content in {**files, "pipeline/demo.json": demo}.items():
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_text(json.dumps(content), "utf-8")
    return {finding.code for finding in inspect_repository(root, "", Options())}


def test_arguments_of_a_dataset_whose_parameters_are_computed_are_not_judged(tmp_path: Path) -> None:
    store = {"name": "Store", "properties": {"type": "AzureBlobStorage"}}
    file = dataset()
    file["properties"]["parameters"] = "[parameters('all')]"
    for place, content in {
        "pipeline/demo.json": pipeline(read("File", path="x")),
        "dataset/File.json": file,
        "linkedService/Store.json": store,
    }.items():
        (tmp_path / place).parent.mkdir()
        (tmp_path / place).write_text(json.dumps(content), "utf-8")
    assert "ADF515" not in {finding.code for finding in inspect_repository(tmp_path, "", Options())}
