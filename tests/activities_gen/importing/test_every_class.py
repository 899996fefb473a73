"""Every class of the SDK that a pipeline can hold is imported as that class, and as it is where its JSON is odd."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from azure.mgmt.datafactory import models as sdk
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from activities_gen.importing.codegen.models import discriminator
from activities_gen.importing.imported import Imported, import_pipeline
from activities_gen.importing.sources import Source
from activities_gen.wire.document import parse
from activities_gen.wire.sdk import members

TEXTS = st.sampled_from(
    ["", "x", "a b", "2024-01-01T00:00:00Z", "2024-01-01", "0.12:00:00", "@item().x", "@{item()}/y", "é\n", "[x]"]
)
KEYS = st.sampled_from(
    ["a.b", "a-b", "é", "class", "name", "type", "additional_properties", "additionalProperties", "self", "_x", "Name", ""]
)  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.sampled_from([1.0, 1e3, -0.0, 1e300, 0.1])
EXPRESSION = st.fixed_dictionaries({"value": TEXTS, "type": st.just("Expression")})
FREE = TEXTS | SCALARS.filter(lambda value: value is not None) | EXPRESSION | st.lists(TEXTS, max_size=2)
ODD = (
    SCALARS
    | TEXTS
    | EXPRESSION
    | st.sampled_from([[], {}, [None], [{}], {"type": "Unknown"}, {"type": None}, {"a": {"b": []}}])
)


def concrete(base: Any) -> list[Any]:
    """The classes that objects of a base can be of, with the ``type`` that tells them apart."""
    found = []
    for key, name in vars(base).get("_subtype_map", {}).get("type", {}).items():
        kind = getattr(sdk, name)
        found += concrete(kind) or [(kind, key)]
    return found


def instances(kind: Any, key: str | None, depth: int) -> st.SearchStrategy[Any]:
    """The JSON of objects of a class: what it demands, and some of what it takes."""

    @st.composite
    def build(draw: st.DrawFn) -> dict[str, Any]:
        made: dict[str, Any] = {} if key is None else {"type": key}
        for member in members(kind):
            if (member.attribute == "type" and key) or not (member.required or (depth and draw(st.booleans()))):
                continue
            holder = made.setdefault(member.inside, {}) if member.inside else made
            holder[member.key] = draw(values(member.type, depth - 1))
        return made

    return build()


def values(kind: str, depth: int) -> st.SearchStrategy[Any]:
    """The JSON of a type as the SDK's tables write it."""
    scalars = {
        "object": FREE,
        "str": TEXTS,
        "iso-8601": TEXTS,
        "bool": st.booleans(),
        "int": st.integers(-9, 2**40),
        "float": st.sampled_from([1, 1.5]),
    }
    if kind in scalars:
        return scalars[kind]
    if kind[0] == "[":
        return st.lists(values(kind[1:-1], depth), max_size=max(depth, 0) and 2)
    if kind[0] == "{":
        return st.dictionaries(KEYS, values(kind[1:-1], depth), max_size=2)
    base = getattr(sdk, kind)
    variants = concrete(base) or [(base, discriminator(base))]
    return st.sampled_from(variants).flatmap(lambda one: instances(*one, max(depth, 0)))


def imported(*activities: Any) -> Imported:
    content = {"name": "p", "properties": {"activities": list(activities)}}
    (document,), findings = parse(json.dumps(content), "p.json")
    assert not findings
    return import_pipeline(Source("p", document))


ACTIVITIES = concrete(sdk.Activity)
QUICK = settings(
    max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate], database=None
)


@pytest.mark.parametrize(("kind", "key"), ACTIVITIES, ids=[key for _, key in ACTIVITIES])
def test_an_activity_is_imported_as_its_class_without_anything_raw(kind: Any, key: str) -> None:
    @QUICK
    @given(instances(kind, key, 5))
    def check(activity: dict[str, Any]) -> None:
        result = imported(activity)
        assert result.findings == ()
        assert f"{kind.__name__}(" in result.source or "spark_python(" in result.source
        assert "raw(" not in result.source
        assert "with_json(" not in result.source

    check()


def parts(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of everything inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, member in inner for place in [(*path, key), *parts(member, (*path, key))]]


@st.composite
def odd(draw: st.DrawFn, strategy: st.SearchStrategy[Any]) -> Any:
    """JSON of a class with some changes that make it another's, or nobody's."""
    value = copy.deepcopy(draw(strategy))
    for _ in range(draw(st.integers(1, 4))):
        *path, last = draw(st.sampled_from(parts(value)))
        holder = value
        for step in path:
            holder = holder[step]
        change = draw(st.sampled_from(["replace", "delete", "add", "case"]))
        if change == "replace":
            holder[last] = draw(ODD)
        elif change == "delete" and len(parts(value)) > 1:
            del holder[last]
        elif change == "add" and isinstance(holder, dict):
            holder[draw(KEYS)] = draw(ODD)
        elif change == "case" and isinstance(holder[last], str):
            holder[last] = holder[last].swapcase()
    return value


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(ACTIVITIES).flatmap(lambda one: odd(instances(*one, 4))), min_size=1, max_size=3))
def test_odd_activities_are_imported_as_they_are(activities: list[Any]) -> None:
    assert imported(*activities).findings == ()
