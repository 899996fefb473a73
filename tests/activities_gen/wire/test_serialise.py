"""The serialiser against the SDK's own: the same JSON for random objects of every class of a pipeline or trigger."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from azure.mgmt.datafactory import models as sdk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
numbers = st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False)
moments = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)).map(lambda moment: moment.replace(tzinfo=timezone.utc))  # noqa: DTZ001 made aware at once
free = st.recursive(
    st.none() | st.booleans() | numbers | texts | moments | st.timedeltas(timedelta(0), timedelta(days=400)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "str": texts,
    "bool": st.booleans(),
    "int": st.integers(-(2**31), 2**31),
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
    return kind(**options)


@pytest.mark.parametrize("name", CONCRETE)
@given(data=st.data())
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_json_is_that_of_the_sdk(name: str, data: st.DataObject) -> None:
    instance = data.draw(instances(name, 2))
    serialiser = Serialiser()
    ours = serialiser.serialise(instance)
    assert json.loads(json.dumps(ours)) == json.loads(json.dumps(instance.serialize()))
    assert serialiser.problems == []
