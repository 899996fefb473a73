"""JSON that the SDK's models cannot say."""

from __future__ import annotations

import pytest
from azure.mgmt.datafactory.models import ActivityPolicy, WaitActivity

from activities_gen import raw, with_json
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
