"""A hand-written pipeline directory becomes one that generates the same JSON and stages what it names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from activities_gen.generation import generate, stage, staged_files
from activities_gen.importing.imported import Imported, import_pipeline
from activities_gen.importing.sources import find

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ARTIFACTS = "dbfs:/pipelines/hello-world/artifacts"
WHEEL = "my_code-1.2.0-py3-none-any.whl"
REFERENCE = {"referenceName": "ADBLinkedServiceViaMSI", "type": "LinkedServiceReference"}


def spark(file: str = f"{ARTIFACTS}/entrypoint.py", wheel: str = f"{ARTIFACTS}/{WHEEL}", **more: Any) -> dict[str, Any]:
    inner = {"pythonFile": file, "libraries": [{"whl": wheel}]}
    return {
        "name": "Hello",
        "type": "DatabricksSparkPython",
        "typeProperties": inner | more,
        "linkedServiceName": REFERENCE,
    }


def pipeline(*activities: Any, name: str = "hello-world") -> dict[str, Any]:
    return {"name": name, "properties": {"activities": list(activities), "parameters": {}}}


Import = Any


@pytest.fixture
def imported(make_directory: Callable[..., Path]) -> Import:
    """Writes a directory with JSON by hand, imports it, and writes its ``activities.py``."""

    def make(files: dict[str, Any]) -> tuple[Path, Imported]:
        texts = {
            name: content if content is None or isinstance(content, str) else json.dumps(content)
            for name, content in files.items()
        }
        root = make_directory({"activities.py": None, "Makefile": "artifacts:\n", **texts})
        (source,) = find(root).sources
        result = import_pipeline(source)
        (root / "activities.py").write_text(result.source, encoding="utf-8")
        return root, result

    return make


def codes(result: Imported) -> list[str]:
    return [f"{finding.code} {finding.severity.value}" for finding in result.findings]


def test_the_helpers_derive_files_wheel_and_linked_service(imported: Import) -> None:
    _, result = imported({"pipeline.json": pipeline(spark())})
    assert 'hello = spark_python("Hello")\n' in result.source
    assert 'pipeline = Pipeline("hello-world", activities=[hello], stamp_wheel=False)\n' in result.source


def test_the_imported_directory_generates_the_same_json(imported: Import) -> None:
    written = pipeline(spark(parameters=["--day", "@{pipeline().RunId}"]))
    root, _ = imported({"pipeline.json": written})
    assert json.loads(generate(root).files["pipeline.json"]) == written


def test_the_imported_directory_stages_what_the_json_names(imported: Import) -> None:
    root, _ = imported({"pipeline.json": pipeline(spark())})
    stage(generate(root))
    assert staged_files(root) == ["entrypoint.py", WHEEL]


def test_that_the_wheel_keeps_its_name_is_said(imported: Import) -> None:
    _, result = imported({"pipeline.json": pipeline(spark())})
    assert codes(result) == ["IMP009 note"]


def test_a_wheel_of_another_version_becomes_what_setup_py_makes(imported: Import) -> None:
    root, result = imported({"pipeline.json": pipeline(spark(wheel=f"{ARTIFACTS}/my_code-0.9-py3-none-any.whl"))})
    assert codes(result) == ["IMP009 note", "IMP006 warning"]
    stage(generate(root))
    assert staged_files(root) == ["entrypoint.py", WHEEL]


def test_a_stamped_wheel_of_another_content_becomes_the_one_of_today(imported: Import) -> None:
    stamped = f"{ARTIFACTS}/my_code-1.2.0+0123456789ab-py3-none-any.whl"
    root, result = imported({"pipeline.json": pipeline(spark(wheel=stamped))})
    assert codes(result) == ["IMP006 warning"]
    stage(generate(root))
    assert staged_files(root)[1].startswith("my_code-1.2.0+")


def test_a_wheel_of_another_distribution_stays_as_it_is(imported: Import) -> None:
    path = "dbfs:/shared/other-1.0-py3-none-any.whl"
    _, result = imported({"pipeline.json": pipeline(spark(wheel=path))})
    assert f'libraries=[{{"whl": "{path}"}}]' in result.source


def test_a_broken_setup_py_is_a_warning_and_the_path_stays(imported: Import) -> None:
    _, result = imported({"pipeline.json": pipeline(spark()), "setup.py": "raise ValueError('no')\n"})
    assert codes(result) == ["GEN011 warning"]
    assert WHEEL in result.source


PROJECT = """
[build-system]
requires = ["setuptools"]
build-backend = "{}"

[project]
name = "my_code"
version = "1.2.0"

[tool.setuptools]
packages = ["code_here"]
"""


def test_a_wheel_that_pyproject_toml_describes_alone_gets_the_setup_py_that_builds_it(imported: Import) -> None:
    project = PROJECT.format("setuptools.build_meta")
    root, result = imported({"pipeline.json": pipeline(spark()), "setup.py": None, "pyproject.toml": project})
    assert codes(result) == ["IMP012 note", "IMP009 note"]
    assert 'spark_python("Hello")' in result.source
    assert not (root / "setup.py").exists()

    for name, text in result.files.items():
        (root / name).write_text(text)
    stage(generate(root))
    assert staged_files(root) == ["entrypoint.py", WHEEL]


def test_a_wheel_of_another_build_system_is_a_warning_and_the_path_stays(imported: Import) -> None:
    project = PROJECT.format("hatchling.build")
    _, result = imported({"pipeline.json": pipeline(spark()), "setup.py": None, "pyproject.toml": project})
    assert codes(result) == ["IMP012 warning"]
    assert (WHEEL in result.source, result.files) == (True, {})


def test_a_file_in_a_folder_is_found_by_its_name(imported: Import) -> None:
    files = {"pipeline.json": pipeline(spark(f"{ARTIFACTS}/job.py")), "jobs/job.py": "", "entrypoint.py": ""}
    root, result = imported(files)
    assert 'spark_python("Hello", entrypoint="jobs/job.py")' in result.source
    assert generate(root).written.artifacts == {"job.py": "jobs/job.py"}


def test_a_pipeline_that_is_called_otherwise_than_its_directory_keeps_both_names(imported: Import) -> None:
    root, result = imported({"pipeline.json": pipeline(spark(), name="HelloPipeline")})
    assert 'directory="hello-world"' in result.source
    assert json.loads(generate(root).files["pipeline.json"]) == pipeline(spark(), name="HelloPipeline")


def test_the_stamped_version_is_named_by_its_helper(imported: Import) -> None:
    version = "1.2.0+0123456789ab"
    wheel = f"{ARTIFACTS}/my_code-{version}-py3-none-any.whl"
    _, result = imported({"pipeline.json": pipeline(spark(wheel=wheel, parameters=["--expected", version]))})
    assert 'parameters=["--expected", wheel_version()]' in result.source


def test_the_first_contract_is_a_list_of_activities(imported: Import) -> None:
    root, _ = imported({"activities.json": [spark()]})
    assert json.loads(generate(root).files["activities.json"]) == [spark()]


def test_the_trigger_comes_along(imported: Import) -> None:
    window = {
        "name": "Nightly",
        "properties": {
            "type": "TumblingWindowTrigger",
            "runtimeState": "Started",
            "pipeline": {
                "pipelineReference": {"referenceName": "hello-world", "type": "PipelineReference"},
                "parameters": {"from": "@trigger().outputs.windowStartTime"},
            },
            "typeProperties": {
                "frequency": "Hour",
                "interval": 24,
                "startTime": "2024-01-01T00:00:00Z",
                "maxConcurrency": 1,
                "retryPolicy": {"count": 3, "intervalInSeconds": 30},
            },
        },
    }
    root, result = imported({"pipeline.json": pipeline(spark()), "trigger.json": window})
    assert "pipeline.trigger = {" in result.source
    assert "retries=3" in result.source
    assert json.loads(generate(root).files["trigger.json"]) == window


def test_a_schedule_comes_along(imported: Import) -> None:
    schedule = {
        "name": "T",
        "properties": {
            "type": "ScheduleTrigger",
            "annotations": [],
            "pipelines": [{"pipelineReference": {"referenceName": "hello-world", "type": "PipelineReference"}}],
            "typeProperties": {"recurrence": {"frequency": "Day", "interval": 1, "schedule": {"hours": [3]}}},
        },
    }
    root, result = imported({"pipeline.json": pipeline(spark()), "trigger.json": schedule})
    assert "ScheduleTrigger(" in result.source
    assert json.loads(generate(root).files["trigger.json"]) == schedule


def test_parameters_that_are_missing_are_added_for_flowehr(imported: Import) -> None:
    root, result = imported({"pipeline.json": {"name": "hello-world", "properties": {"activities": []}}})
    assert codes(result) == []
    assert json.loads(generate(root).files["pipeline.json"])["properties"]["parameters"] == {}
