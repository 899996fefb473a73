"""JSON that the SDK's models cannot say."""

from __future__ import annotations

import pytest
from azure.mgmt.datafactory.models import ActivityPolicy, DataFlowReference, ExecuteDataFlowActivity, WaitActivity

from activities_gen import raw, with_json, with_spelling
from activities_gen.wire.raw import merge
from activities_gen.wire.serialise import Serialiser


def written(model):
    serialiser = Serialiser()
    result = serialiser.serialise(model)
    assert serialiser.problems == []
    return result


@pytest.mark.parametrize("value", [None, 0, False, "", [], {}, {"type": "NewActivity", "x": [None]}])
def test_a_raw_value_is_written_as_it_is(value):
    assert written(raw(value)) == value


def test_a_raw_value_stands_wherever_an_object_is_expected():
    model = WaitActivity(name="W", wait_time_in_seconds=raw({"value": "@x", "type": "Expression"}), depends_on=raw([]))

    assert written(model) == {
        "name": "W",
        "type": "Wait",
        "dependsOn": [],
        "typeProperties": {"waitTimeInSeconds": {"value": "@x", "type": "Expression"}},
    }


def test_a_raw_activity_has_a_name():
    assert raw({"name": "N", "type": "T"}).name == "N"
    assert raw({"type": "T"}).name is None
    assert raw([]).name is None
    assert repr(raw({"a": 1})) == "raw({'a': 1})"


def test_keys_are_added_to_what_an_object_writes():
    model = WaitActivity(name="W", wait_time_in_seconds=1, policy=None)

    assert with_json(model, {"policy": {"retry": 3}, "typeProperties": {"new": True}}) is model
    assert written(model) == {
        "name": "W",
        "type": "Wait",
        "typeProperties": {"waitTimeInSeconds": 1, "new": True},
        "policy": {"retry": 3},
    }


def test_a_raw_value_replaces_as_a_whole():
    model = with_json(ActivityPolicy(retry=1), {"retry": raw({"value": "@x"})})

    assert written(model) == {"retry": {"value": "@x"}}


def data_flow():
    return ExecuteDataFlowActivity(
        name="Clean", data_flow=DataFlowReference(reference_name="clean", type="DataFlowReference")
    )


def test_a_key_is_written_in_another_letter_case_in_its_own_place():
    model = data_flow()

    assert with_spelling(model, "dataflow", "Name") is model
    assert list(written(model)) == ["Name", "type", "typeProperties"]
    assert written(model)["typeProperties"] == {"dataflow": {"referenceName": "clean", "type": "DataFlowReference"}}


def test_a_spelling_of_a_key_that_is_not_written_is_a_problem():
    serialiser = Serialiser()
    serialiser.serialise(with_spelling(data_flow(), "datafow"))

    assert [(problem.code, problem.message) for problem in serialiser.problems] == [
        ("PY101", "ExecuteDataFlowActivity 'Clean' writes no key 'datafow', in any letter case.")
    ]


@pytest.mark.parametrize(
    ("target", "extra", "expected"),
    [
        ({"a": {"b": 1}}, {"a": {"c": 2}}, {"a": {"b": 1, "c": 2}}),
        ({"a": {"b": 1}}, {"a": [1]}, {"a": [1]}),
        ({"a": [1]}, {"a": [2]}, {"a": [2]}),
        ({"a": 1}, {"a": {"b": 2}}, {"a": {"b": 2}}),
        ({"a": 1}, {"a": None}, {"a": None}),
        ({}, {}, {}),
    ],
)
def test_objects_are_merged_key_by_key_and_all_else_replaces(target, extra, expected):
    merge(target, extra)

    assert target == expected
