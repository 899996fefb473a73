"""The helpers of a definition: genuine SDK objects, with everything filled in that can be derived."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from azure.mgmt.datafactory.models import (
    ActivityDependency,
    ActivityPolicy,
    DatabricksSparkPythonActivity,
    LinkedServiceReference,
    ScheduleTrigger,
    ScheduleTriggerRecurrence,
    TumblingWindowTrigger,
    UserProperty,
    WaitActivity,
)

from activities_gen import (
    Pipeline,
    after,
    artifact,
    databricks,
    raw,
    spark_python,
    this_pipeline,
    tumbling_window,
    wheel,
)
from activities_gen.definition.writing import Written, write
from activities_gen.generation import generate
from activities_gen.wire.placeholders import WheelNames

WHEEL = WheelNames("code-1.0-py3-none-any.whl", "1.0")
HERE = "dbfs:/pipelines/p/artifacts"


def written(pipeline: Pipeline) -> Written:
    result = write(pipeline, WHEEL)
    assert result.problems == []
    return result


def activity(made: Any, **keywords: Any) -> dict[str, Any]:
    """The JSON of one activity in a pipeline called p."""
    return written(Pipeline("p", [made], **keywords)).activities[0]


def test_the_activity_of_the_hello_world_pipeline():
    pipeline = Pipeline("hello-world", [spark_python("DatabricksPythonActivity")])

    assert written(pipeline).activities == [
        {
            "name": "DatabricksPythonActivity",
            "type": "DatabricksSparkPython",
            "typeProperties": {
                "pythonFile": "dbfs:/pipelines/hello-world/artifacts/entrypoint.py",
                "libraries": [{"whl": "dbfs:/pipelines/hello-world/artifacts/code-1.0-py3-none-any.whl"}],
            },
            "linkedServiceName": {"referenceName": "ADBLinkedServiceViaMSI", "type": "LinkedServiceReference"},
        }
    ]


def test_it_is_a_genuine_object_of_the_sdk():
    assert type(spark_python("A")) is DatabricksSparkPythonActivity


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        ({"entrypoint": "jobs/other.py"}, {"pythonFile": f"{HERE}/other.py"}),
        ({"python_file": "dbfs:/shared/job.py"}, {"pythonFile": "dbfs:/shared/job.py"}),
        ({"libraries": []}, {"libraries": []}),
        (
            {"libraries": [{"whl": wheel()}, {"pypi": {"package": "pydicom"}}]},
            {"libraries": [{"whl": f"{HERE}/code-1.0-py3-none-any.whl"}, {"pypi": {"package": "pydicom"}}]},
        ),
        ({"parameters": []}, {"parameters": []}),
        ({"parameters": ["", 0, False]}, {"parameters": ["", 0, False]}),
    ],
)
def test_what_is_passed_wins_over_what_is_derived(keywords, expected):
    properties = activity(spark_python("A", **keywords))["typeProperties"]

    assert {key: properties[key] for key in expected} == expected


def test_everything_else_that_an_activity_has_can_be_passed():
    made = spark_python(
        "A",
        description="d",
        state="Inactive",
        on_inactive_mark_as="Failed",
        policy=ActivityPolicy(retry=0, secure_input=False),
        user_properties=[UserProperty(name="n", value="v")],
        linked_service_name=LinkedServiceReference(type="LinkedServiceReference", reference_name="Other"),
        depends_on=[],
    )

    assert {key: value for key, value in activity(made).items() if key != "typeProperties"} == {
        "name": "A",
        "description": "d",
        "type": "DatabricksSparkPython",
        "state": "Inactive",
        "onInactiveMarkAs": "Failed",
        "dependsOn": [],
        "policy": {"retry": 0, "secureInput": False},
        "userProperties": [{"name": "n", "value": "v"}],
        "linkedServiceName": {"referenceName": "Other", "type": "LinkedServiceReference"},
    }


def test_activities_made_by_hand_stand_in_the_same_list():
    first = spark_python("A")
    second = WaitActivity(name="W", wait_time_in_seconds=5, depends_on=after(first))
    third = raw({"name": "R", "type": "NewerThanTheSdk", "typeProperties": {"x": None}})

    assert [one["type"] for one in written(Pipeline("p", [first, second, third])).activities] == [
        "DatabricksSparkPython",
        "Wait",
        "NewerThanTheSdk",
    ]


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        ("dbfs:/pipelines", "dbfs:/pipelines/p/artifacts/entrypoint.py"),
        ("dbfs:/pipelines/", "dbfs:/pipelines/p/artifacts/entrypoint.py"),
        ("/Volumes/main/clinical/files", "/Volumes/main/clinical/files/p/artifacts/entrypoint.py"),
        (
            "abfss://pipelines@lake.dfs.core.windows.net/x",
            "abfss://pipelines@lake.dfs.core.windows.net/x/p/artifacts/entrypoint.py",
        ),
    ],
)
def test_the_root_of_the_artifacts_is_one_setting(root, expected):
    properties = activity(spark_python("A"), artifacts_root=root)["typeProperties"]

    assert properties["pythonFile"] == expected
    assert properties["libraries"][0]["whl"] == expected.replace("entrypoint.py", WHEEL.file_name)


def test_the_linked_service_is_one_setting():
    pipeline = Pipeline("p", [spark_python("A"), WaitActivity(name="W", wait_time_in_seconds=1)], linked_service="Mine")

    assert [one.get("linkedServiceName", {}).get("referenceName") for one in written(pipeline).activities] == [
        "Mine",
        None,
    ]
    by_hand = DatabricksSparkPythonActivity(name="B", python_file="f", linked_service_name=databricks())
    assert activity(by_hand, linked_service="Mine")["linkedServiceName"]["referenceName"] == "Mine"


def test_after_takes_activities_and_names_and_adds_up():
    first, second = spark_python("A"), spark_python("B")

    found = after(first, "X") + after(second, on=["Failed", "Skipped"])

    assert all(type(one) is ActivityDependency for one in found)
    assert [(one.activity, one.dependency_conditions) for one in found] == [
        ("A", ["Succeeded"]),
        ("X", ["Succeeded"]),
        ("B", ["Failed", "Skipped"]),
    ]


def test_after_nothing_is_an_empty_list():
    assert after() == []


@pytest.mark.parametrize(
    "call", [lambda: after("A", on="Nope"), lambda: Pipeline(5), lambda: Pipeline("p", target="x")]
)  # type: ignore[arg-type]
def test_outside_a_load_a_mistake_raises_where_it_is_made(call):
    with pytest.raises(ValueError, match=r"not|one of"):
        call()


def test_what_the_pipeline_itself_says_stands_in_its_properties_in_adfs_order():
    pipeline = Pipeline(
        "p",
        [],
        description="",
        concurrency=1,
        annotations=[],
        folder="clinical/features",
        run_dimensions={"site": "@pipeline().parameters.site"},
        extra={"properties": {"policy": {"elapsedTimeMetric": {"duration": "0.01:00:00"}}}},
    )
    pipeline.parameter("site", "uclh")
    pipeline.parameter("count", 3)
    pipeline.variable("seen", [])

    found = written(pipeline).pipeline

    assert found["name"] == "p"
    assert found["properties"] == {
        "description": "",
        "activities": [],
        "parameters": {"site": {"type": "String", "defaultValue": "uclh"}, "count": {"type": "Int", "defaultValue": 3}},
        "variables": {"seen": {"type": "Array", "defaultValue": []}},
        "concurrency": 1,
        "runDimensions": {"site": "@pipeline().parameters.site"},
        "folder": {"name": "clinical/features"},
        "annotations": [],
        "policy": {"elapsedTimeMetric": {"duration": "0.01:00:00"}},
    }
    assert list(found["properties"])[:4] == ["description", "activities", "parameters", "variables"]


def test_flowehr_reads_the_parameters_even_of_a_pipeline_without():
    assert written(Pipeline("p", [])).pipeline["properties"] == {"activities": [], "parameters": {}}
    assert written(Pipeline("p", [], target="adf")).pipeline["properties"] == {"activities": []}


@pytest.mark.parametrize(
    ("default", "expected"),
    [("x", "String"), (True, "Bool"), (1, "Int"), (1.5, "Float"), ([], "Array"), ({}, "Object"), (None, "String")],
)
def test_a_parameters_type_is_that_of_its_default(default, expected):
    pipeline = Pipeline("p", [])
    pipeline.parameter("x", default)

    assert written(pipeline).pipeline["properties"]["parameters"]["x"] == {"type": expected, "defaultValue": default}


def test_a_trigger_starts_the_pipeline_that_it_is_given_to():
    trigger = tumbling_window(
        frequency="Hour", interval=24, start_time="2024-01-01T00:00:00Z", parameters={"day": "@x"}
    )

    found = written(Pipeline("p", [], trigger=trigger)).trigger

    assert type(trigger) is TumblingWindowTrigger
    assert found["name"] == "TumblingWindowTriggerp"
    assert found["properties"]["pipeline"] == {
        "pipelineReference": {"referenceName": "p", "type": "PipelineReference"},
        "parameters": {"day": "@x"},
    }
    assert found["properties"]["typeProperties"]["startTime"] == "2024-01-01T00:00:00Z"
    assert found["properties"]["typeProperties"]["retryPolicy"] == {"count": 1, "intervalInSeconds": 30}


def test_several_triggers_have_names_of_their_own():
    daily = ScheduleTrigger(
        pipelines=[this_pipeline()], recurrence=ScheduleTriggerRecurrence(frequency="Day", interval=1)
    )
    hourly = tumbling_window(frequency="Hour", interval=1, start_time="2024-01-01T00:00:00Z")

    found = written(Pipeline("p", [], trigger={"Daily": daily, "Hourly": hourly}, target="adf")).trigger

    assert [(one["name"], one["properties"]["type"]) for one in found] == [
        ("Daily", "ScheduleTrigger"),
        ("Hourly", "TumblingWindowTrigger"),
    ]


def test_activities_can_be_added():
    pipeline = Pipeline("p")
    pipeline.add(spark_python("A"), spark_python("B"))

    assert [one["name"] for one in written(pipeline).activities] == ["A", "B"]
    assert repr(pipeline) == "Pipeline('p', 2 activities)"


def test_the_callers_list_stays_the_callers():
    mine = [spark_python("A")]
    Pipeline("p", mine).add(spark_python("B"))

    assert len(mine) == 1


def test_a_file_that_is_named_anywhere_is_uploaded():
    made = spark_python("A", parameters=["--codes", artifact("lookups/codes.csv"), f"--x={artifact('y.csv')}"])

    result = written(Pipeline("p", [made], artifacts=["LICENSE", "./lookups/codes.csv"]))

    assert result.artifacts == {
        "LICENSE": "LICENSE",
        "codes.csv": "lookups/codes.csv",
        "entrypoint.py": "entrypoint.py",
        "y.csv": "y.csv",
    }
    assert result.activities[0]["typeProperties"]["parameters"] == ["--codes", f"{HERE}/codes.csv", f"--x={HERE}/y.csv"]


def test_two_files_of_one_name_cannot_both_be_uploaded():
    made = spark_python("A", parameters=[artifact("a/x.csv"), artifact("b/x.csv")])

    assert [(one.code, one.message) for one in write(Pipeline("p", [made]), WHEEL).problems] == [
        ("GEN021", "'a/x.csv' and 'b/x.csv' would both be uploaded as 'x.csv'. Rename one.")
    ]


def test_what_a_type_checker_passes_generates(make_directory):
    sample = Path(__file__).with_name("typed_definition.py").read_text(encoding="utf-8")

    generated = generate(make_directory({"activities.py": sample}))

    assert [one["name"] for one in generated.written.activities] == ["First", "Each", "Decide", "Keep"]
