"""The serialiser against the SDK's own: the same JSON for random objects of every class of a pipeline or trigger."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from datetime import datetime, timedelta, timezone
from enum import Enum
from typing import Any

import pytest
from azure.mgmt.datafactory import models as sdk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities_gen.wire.raw import raw
from activities_gen.wire.sdk import keywords, members
from activities_gen.wire.serialise import Serialiser

ROOTS = (sdk.Activity, sdk.Trigger, sdk.PipelineResource)
ABSTRACT = {
    "Activity",
    "CompressionReadSettings",
    "CopySink",
    "CopySource",
    "DependencyReference",
    "FormatReadSettings",
    "SecretBase",
    "StoreReadSettings",
    "StoreWriteSettings",
    "Trigger",
}


def reachable() -> dict[str, Any]:
    """Every class that a pipeline or trigger can hold, by name."""
    found: dict[str, Any] = {}
    waiting = list(ROOTS)
    while waiting:
        kind: Any = waiting.pop()
        if kind.__name__ in found:
            continue
        found[kind.__name__] = kind
        waiting += kind.__subclasses__()
        names = (entry["type"].strip("[]{}") for entry in kind._attribute_map.values())
        waiting += [getattr(sdk, name) for name in names if hasattr(sdk, name)]
    return dict(sorted(found.items()))


CLASSES = reachable()
CONCRETE = [name for name in CLASSES if name not in ABSTRACT]

texts = st.text(max_size=8) | st.sampled_from(["@pipeline().RunId", "2024-01-01T00:00:00Z", "7.00:00:00", "1", "{}"])
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
zones = st.none() | st.sampled_from([timezone.utc, timezone(timedelta(hours=2)), timezone(timedelta(hours=-9.5))])
moments = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=zones)
clock = moments | st.timedeltas(timedelta(days=-400), timedelta(days=400)) | st.dates() | st.times()
decimals = st.decimals(allow_nan=False, allow_infinity=False, places=3)


def trees(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Lists and dicts of anything."""
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=6
    )


plain = trees(st.none() | st.booleans() | numbers | texts)
free = trees(st.none() | st.booleans() | numbers | texts | clock | decimals)
SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "str": texts | st.just("Skipped").map(sdk.DependencyCondition),
    "bool": st.booleans(),
    "int": st.integers(),
    "float": st.floats(allow_nan=False, allow_infinity=False),
    "iso-8601": moments,
    "object": free.filter(lambda value: value is not None),
    "{object}": st.dictionaries(texts, free, max_size=3),
}


def values(kind: str, depth: int) -> st.SearchStrategy[Any]:
    """Values of a type as the SDK's tables write it."""
    if kind in SCALARS:
        return SCALARS[kind]
    inner = kind[1:-1]
    if kind[0] == "[":
        return st.lists(values(inner, depth), max_size=2)
    if kind[0] == "{":
        return st.dictionaries(texts, values(inner, depth), max_size=2)
    names = [name for name in CONCRETE if issubclass(CLASSES[name], CLASSES[kind])]
    return st.sampled_from(names).flatmap(lambda name: instances(name, depth - 1))


@st.composite
def instances(draw: st.DrawFn, name: str, depth: int) -> Any:
    """Objects of a class, with some of its attributes; deep inside with those alone that it cannot do without."""
    kind = CLASSES[name]
    options = {}
    for member in members(kind):
        if member.attribute not in keywords(kind):
            continue
        if member.required or (depth > 0 and draw(st.booleans())):
            options[member.attribute] = draw(values(member.type, depth))
    if "additional_properties" in kind._attribute_map and depth > 0 and draw(st.booleans()):
        keys = texts.map("x{}".format) | st.sampled_from(["name", "type", "x"])
        options["additional_properties"] = draw(st.dictionaries(keys, plain, max_size=2))
    return kind(**options)


@pytest.mark.parametrize("name", CONCRETE)
@given(data=st.data())
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
def test_json_is_that_of_the_sdk(name: str, data: st.DataObject) -> None:
    instance = data.draw(instances(name, 2))
    serialiser = Serialiser()
    ours = serialiser.serialise(instance)
    assert json.loads(json.dumps(ours)) == json.loads(json.dumps(instance.serialize()))
    assert serialiser.problems == []


def test_every_activity_class_of_the_sdk_is_among_them() -> None:
    activities = {name for name in dir(sdk) if name.endswith("Activity")}
    assert len(activities) == 43
    assert activities - {"Activity", "ControlActivity", "ExecutionActivity"} <= set(CONCRETE)


def serialised(model: Any) -> tuple[Any, list[str]]:
    """The JSON of an object, and the messages of what is wrong with it."""
    serialiser = Serialiser()
    return serialiser.serialise(model), [problem.message for problem in serialiser.problems]


def test_keys_stand_in_the_order_of_adf() -> None:
    activity = sdk.WaitActivity(wait_time_in_seconds=5, user_properties=[], depends_on=[], description="d", name="Wait")
    assert list(serialised(activity)[0]) == [
        "name",
        "description",
        "type",
        "dependsOn",
        "userProperties",
        "typeProperties",
    ]


def test_text_that_holds_a_date_stays_as_it_is() -> None:
    window = sdk.ScheduleTriggerRecurrence(start_time="2024-01-01T00:00:00Z")
    assert serialised(window)[0] == {"startTime": "2024-01-01T00:00:00Z"}


@pytest.mark.parametrize("empty", [0, False, "", [], {}], ids=repr)
def test_what_is_empty_is_written(empty: Any) -> None:
    assert serialised(sdk.ActivityPolicy(retry=empty))[0] == {"retry": empty}


def test_what_is_unset_is_not_written() -> None:
    assert serialised(sdk.ActivityPolicy())[0] == {}


class Pause(sdk.WaitActivity):
    """A class of the user's own."""


class Text(str):
    """A string of the user's own."""


class Colour(Enum):
    """Values of the user's own."""

    RED = "red"


def test_a_class_derived_from_one_of_the_sdk_is_written_as_that() -> None:
    assert serialised(Pause(name="P", wait_time_in_seconds=1)) == serialised(
        sdk.WaitActivity(name="P", wait_time_in_seconds=1)
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Text("a"), "a"),
        (Colour.RED, "red"),
        (sdk.DependencyCondition.FAILED, "Failed"),
        ((1, (2,)), [1, [2]]),
        ({Colour.RED: OrderedDict(a=1)}, {"red": {"a": 1}}),
        (10**400, 10**400),
        ({"a": sdk.ActivityPolicy(retry=1)}, {"a": {"retry": 1}}),
        ([None, {"a": None}], [None, {"a": None}]),
    ],
    ids=lambda one: re.sub(" at 0x[0-9a-f]+", "", repr(one)),
)
def test_values_that_the_sdk_would_turn_into_their_repr_are_json(value: Any, expected: Any) -> None:
    assert serialised(sdk.ActivityPolicy(retry=value)) == ({"retry": expected}, [])


@pytest.mark.parametrize("text", ["@item()", "@equals(1, 1)", "@{item()}"])
def test_an_expression_alone_becomes_the_object_that_adf_demands(text: str) -> None:
    written, messages = serialised(sdk.FilterActivity(name="F", items=text, condition=text))  # type: ignore[arg-type]
    assert messages == []
    assert written["typeProperties"] == {
        "items": {"value": text, "type": "Expression"},
        "condition": {"value": text, "type": "Expression"},
    }


def test_a_raw_null_is_written() -> None:
    assert serialised(sdk.ActivityPolicy(retry=raw(None))) == ({"retry": None}, [])


def test_raw_without_a_value_leaves_a_required_attribute_out() -> None:
    activity = sdk.WaitActivity(name="Wait", wait_time_in_seconds=raw())
    assert serialised(activity) == ({"name": "Wait", "type": "Wait"}, [])


def test_raw_without_a_value_is_no_value_of_a_list() -> None:
    _, messages = serialised(sdk.ForEachActivity(name="All", items=raw({}), activities=[raw()]))
    assert messages == ["ForEachActivity 'All': 'activities' takes a JSON value or an SDK object, not raw() (Raw)."]


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (
            sdk.WaitActivity(name=None, wait_time_in_seconds=1),
            "WaitActivity: 'name' is required and was None. Give it a value.",
        ),
        (sdk.WaitActivity(name=5, wait_time_in_seconds=1), "WaitActivity: 'name' takes a string, not 5 (int)."),
        (
            sdk.WaitActivity(name="W", wait_time_in_seconds=b"1"),
            "WaitActivity 'W': 'wait_time_in_seconds' takes a JSON value or an SDK object, not b'1' (bytes).",
        ),
        (
            sdk.WaitActivity(name="W", wait_time_in_seconds=float("inf")),
            "WaitActivity 'W': 'wait_time_in_seconds' takes a finite number, not inf (float).",
        ),
        (
            sdk.CopyActivity(name="C", source=raw({}), sink=raw({}), additional_properties=["x"]),
            "CopyActivity 'C': 'additional_properties' takes an object (a dict), not ['x'] (list).",
        ),
        (
            sdk.UntilActivity(name="U", expression="true", activities=[]),
            (
                "UntilActivity 'U': 'expression' takes an Expression, not 'true' (str). "
                "Begin it with '@', or give it a parameter, an output or a function."
            ),
        ),
        (
            sdk.LookupActivity(name="L", source=raw({}), dataset=raw({}), policy=sdk.ActivityPolicy(secure_input="no")),
            "ActivityPolicy of LookupActivity 'L': 'secure_input' takes True or False, not 'no' (str).",
        ),
        (
            sdk.ForEachActivity(
                name="F", items="@x()", activities=[sdk.FailActivity(name="Fail", message=None, error_code=1)]
            ),
            "FailActivity 'Fail': 'message' is required and was None. Give it a value.",
        ),
        (
            sdk.WaitActivity(name="W", wait_time_in_seconds=1, depends_on=["A"]),
            (
                "WaitActivity 'W': 'depends_on' takes an ActivityDependency, not 'A' (str). "
                "Write after(…) with the activity it waits for."
            ),
        ),
    ],
    ids=[
        "a required None",
        "a number for a name",
        "bytes",
        "no finite number",
        "additional properties that are no object",
        "text for an expression",
        "a mistake in a part of an activity",
        "a mistake in an inner activity",
        "names for dependencies",
    ],
)
def test_what_the_sdk_lets_through_is_refused_by_name(model: Any, message: str) -> None:
    assert serialised(model)[1] == [message]
