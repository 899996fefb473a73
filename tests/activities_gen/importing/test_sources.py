"""What a path holds: pipelines in each of their forms, with their triggers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from activities_gen.findings import FindingsError
from activities_gen.importing import sources
from activities_gen.importing.sources import choose, find

Write = Callable[[str, Any], Path]
ARM_NAME = "[concat(parameters('factoryName'), '/{}')]"


def pipeline(name: str) -> dict[str, Any]:
    return {"name": name, "properties": {"activities": []}}


def trigger(name: str, *pipelines: str) -> dict[str, Any]:
    references = [{"pipelineReference": {"referenceName": one, "type": "PipelineReference"}} for one in pipelines]
    return {"name": name, "properties": {"type": "ScheduleTrigger", "pipelines": references, "typeProperties": {}}}


def template(*names: str) -> dict[str, Any]:
    kind = {"type": "Microsoft.DataFactory/factories/pipelines", "apiVersion": "2018-06-01", "dependsOn": []}
    return {"resources": [{**pipeline(ARM_NAME.format(name)), **kind} for name in names]}


def names(path: Path) -> list[str]:
    return [source.name for source in find(path).sources]


def refusal(path: Path) -> str:
    with pytest.raises(FindingsError) as error:
        find(path)
    return error.value.findings[-1].message


def test_a_file_holds_its_pipeline(write: Write) -> None:
    assert names(write("p.json", pipeline("One"))) == ["One"]


def test_a_template_holds_several_under_the_names_it_gives_them(write: Write) -> None:
    assert names(write("arm.json", template("A", "B"))) == ["A", "B"]


def test_a_list_of_activities_is_called_like_its_file(write: Write) -> None:
    assert names(write("nightly.json", [{"name": "W", "type": "Wait"}])) == ["nightly"]


def test_a_list_of_activities_in_a_file_with_a_name_for_all_is_called_like_its_folder(write: Write) -> None:
    assert names(write("hello/activities.json", [])) == ["hello"]


def test_a_repository_holds_the_pipelines_of_its_folder(write: Write, tmp_path: Path) -> None:
    write("pipeline/b.json", pipeline("B"))
    write("pipeline/a.json", pipeline("A"))
    write("dataset/d.json", {"name": "D", "properties": {"type": "Json"}})
    write("package.json", pipeline("No"))
    assert names(tmp_path) == ["A", "B"]


def test_a_trigger_of_one_pipeline_belongs_to_it(write: Write, tmp_path: Path) -> None:
    write("pipeline/a.json", pipeline("A"))
    write("trigger/t.json", trigger("T", "A"))
    (source,) = find(tmp_path).sources
    assert [one.name for one in source.triggers] == ["T"]


@pytest.mark.parametrize(
    ("started", "why"),
    [
        (["A", "B"], "starts 2 pipelines; it is not imported. A pipeline directory has its own triggers."),
        (["C"], "starts 'C', which is not among the pipelines here; it is not imported."),
        ([], "starts no pipeline; it is not imported."),
    ],
)
def test_a_trigger_that_is_left_out_says_why(write: Write, tmp_path: Path, started: list[str], why: str) -> None:
    write("pipeline/a.json", pipeline("A"))
    write("trigger/t.json", trigger("T", *started))
    (finding,) = find(tmp_path).findings
    assert (finding.code, finding.message) == ("IMP005", f"The trigger 'T' {why}")


def test_a_pipeline_directory_has_its_trigger(write: Write, tmp_path: Path) -> None:
    write("pipeline.json", pipeline("A"))
    write("trigger.json", {"name": "T", "properties": {"type": "TumblingWindowTrigger"}})
    (source,) = find(tmp_path).sources
    assert (source.directory, [one.name for one in source.triggers]) == (tmp_path, ["T"])


def test_the_present_contract_of_a_pipeline_directory_counts_before_the_first(write: Write, tmp_path: Path) -> None:
    write("pipeline.json", pipeline("New"))
    write("activities.json", [])
    assert names(tmp_path) == ["New"]


def test_the_json_of_a_pipeline_directory_is_the_directory(write: Write, tmp_path: Path) -> None:
    path = write("pipeline.json", pipeline("A"))
    assert find(path).sources[0].directory == find(tmp_path).sources[0].directory == tmp_path


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_the_encoding_is_no_matter(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "p.json"
    path.write_bytes(json.dumps(pipeline("Prüfung"), ensure_ascii=False).encode(encoding))
    assert names(path) == ["Prüfung"]


def test_a_bad_file_among_good_ones_is_passed_over_and_said(write: Write, tmp_path: Path) -> None:
    write("a.json", pipeline("A"))
    (tmp_path / "b.json").write_text("{")
    found = find(tmp_path)
    assert [source.name for source in found.sources] == ["A"]
    assert [(finding.code, finding.severity.value) for finding in found.findings] == [("ADF001", "warning")]


def test_a_missing_path_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "no.json") == "No such file or directory."


def test_a_directory_without_pipelines_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path).startswith(f"No pipeline in '{tmp_path.name}'.")


@pytest.mark.parametrize(
    ("content", "instead"),
    [
        (trigger("T", "A"), ", but a trigger"),
        ({"name": "D", "properties": {"type": "Json", "linkedServiceName": {}}}, ", but a dataset"),
        ({"name": "L", "properties": {"type": "AzureSqlDatabase"}}, ", but a linked service"),
        ({"name": "F", "properties": {"type": "MappingDataFlow"}}, ", but a data flow"),
        ({"name": "W", "type": "Wait", "typeProperties": {}}, ", but a single activity, which belongs in a list"),
        ({"name": "package", "version": "1.0.0"}, ""),
        ({"properties": {}}, ""),
        ([1, "a", {"b": 2}], ""),
    ],
)
def test_a_file_without_a_pipeline_is_refused_with_what_it_holds(write: Write, content: Any, instead: str) -> None:
    assert refusal(write("x.json", content)).startswith(f"No pipeline in 'x.json'{instead}. Name a JSON file with one")


def test_a_pipeline_without_activities_is_known_by_its_folder(write: Write) -> None:
    assert names(write("pipeline/a.json", {"name": "A", "properties": {}})) == ["A"]


def test_a_trigger_that_is_nested_too_deep_is_refused(write: Write, tmp_path: Path) -> None:
    value: Any = 1
    for _ in range(80):
        value = [value]
    write("pipeline/a.json", pipeline("A"))
    write("trigger/t.json", {**trigger("T", "A"), "properties": {"type": "ScheduleTrigger", "x": value}})
    (finding,) = find(tmp_path).findings
    assert finding.message.startswith("Lists and objects of the trigger 'T' are nested deeper than 64.")


def test_deep_nesting_is_refused(write: Write) -> None:
    value: Any = 1
    for _ in range(80):
        value = [value]
    path = write("p.json", {"name": "p", "properties": {"activities": [], "x": value}})
    with pytest.raises(FindingsError) as error:
        find(path)
    assert [finding.code for finding in error.value.findings] == ["IMP004"]


def test_deeper_nesting_than_json_readers_take_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text("[" * 10_000 + "]" * 10_000)
    assert refusal(path) == "Lists and objects are nested deeper than 200."


def test_more_values_than_any_pipeline_has_are_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_VALUES", 100)
    path = write("p.json", {"name": "p", "properties": {"activities": [[]] * 200}})
    with pytest.raises(FindingsError) as error:
        find(path)
    assert error.value.findings[0].message == "The pipeline 'p' is larger than any that ADF takes: 200 KB."


def test_more_text_than_any_pipeline_has_is_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_TEXT", 100)
    path = write("p.json", {"name": "p", "properties": {"activities": [], "x" * 60: "y" * 60}})
    with pytest.raises(FindingsError) as error:
        find(path)
    assert error.value.findings[0].message == "The pipeline 'p' is larger than any that ADF takes: 200 KB."


def test_more_values_than_any_template_has_are_not_even_parsed(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_FILE_VALUES", 100)
    path = write("p.json", {"name": "p", "properties": {"activities": [[]] * 60}})
    with pytest.raises(FindingsError) as error:
        find(path)
    assert error.value.findings[0].message == "The file holds more than 100 values; a factory's template has fewer."


def test_pipelines_of_a_template_are_chosen_by_their_own_names(write: Write) -> None:
    found = find(write("arm.json", template("A", "B"))).sources
    assert [source.name for source in choose(found, ["B"])] == ["B"]


def test_an_unknown_name_is_refused_with_the_nearest(write: Write) -> None:
    found = find(write("arm.json", template("Ingest", "Export"))).sources
    with pytest.raises(FindingsError, match=r"There is no pipeline called 'Ingst'\. Did you mean 'Ingest'\?"):
        choose(found, ["Ingst"])
