"""Malformed, hostile and enormous input gets findings, never a traceback, in bounded time."""

from __future__ import annotations

import json
import os
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities_gen.catalogue.examples import activity, after, loop, python, wait
from activities_gen.model.schema import activity_types, trigger_types
from activities_gen.rules import Options, Target, check_documents, inspect_directory, inspect_file, inspect_repository
from activities_gen.wire.document import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(
        ["@", "@{", "@item()", "@activity('A').output.value", "@pipeline().parameters.p", "[parameters('a')]"]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(
    [
        "items",
        "activities",
        "expression",
        "on",
        "cases",
        "pipeline",
        "parameters",
        "libraries",
        "pythonFile",
        "variableName",
        "value",
        "policy",
        "timeout",
        "ifTrueActivities",
        "dataset",
        "source",
        "recurrence",
        "schedule",
        "dependsOn",
        "retryPolicy",
        "waitTimeInSeconds",
        "url",
        "method",
    ]
)
PROPERTIES = st.dictionaries(KEYS, VALUES, max_size=5)
ACTIVITIES = st.lists(
    VALUES
    | st.fixed_dictionaries(
        {
            "name": SCALARS,
            "type": st.sampled_from([*activity_types(), "Nothing"]) | VALUES,
            "typeProperties": PROPERTIES | VALUES,
        },
        optional={"dependsOn": VALUES, "policy": PROPERTIES | VALUES, "linkedServiceName": VALUES, "state": VALUES},
    ),
    max_size=3,
)
PIPELINES = st.fixed_dictionaries(
    {
        "name": SCALARS,
        "properties": st.fixed_dictionaries(
            {"activities": ACTIVITIES | VALUES}, optional={"parameters": VALUES, "variables": VALUES}
        ),
    }
)
TRIGGERS = st.fixed_dictionaries(
    {
        "name": SCALARS,
        "properties": st.fixed_dictionaries(
            {"type": st.sampled_from([*trigger_types(), "XTrigger"]), "typeProperties": PROPERTIES | VALUES},
            optional={"pipeline": VALUES, "pipelines": VALUES, "runtimeState": VALUES},
        ),
    }
)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def survives(value: Any) -> None:
    documents, _ = parse(json.dumps(value), "pipeline/demo.json")
    for target in Target:
        for finding in check_documents(documents, Options(target=target)):
            assert finding.message.isprintable()


@given(PIPELINES)
@QUICK
def test_pipelines_of_any_shape(value: Any) -> None:
    survives(value)


@given(TRIGGERS)
@QUICK
def test_triggers_of_any_shape(value: Any) -> None:
    survives(value)


@given(VALUES)
@QUICK
def test_resources_of_any_shape(value: Any) -> None:
    for kind in ("AzureDatabricks", "MappingDataFlow", "Json", 5):
        survives(
            {
                "name": "x",
                "properties": {"type": kind, "typeProperties": value, "linkedServiceName": value, "parameters": value},
            }
        )


@given(st.binary(max_size=60))
@QUICK
def test_bytes_of_any_kind(content: bytes) -> None:
    documents, findings = parse(content, "demo.json")
    assert documents or findings


INNOCENT = json.loads((Path(__file__).parent / "innocent.json").read_text("utf-8"))
DEEP: Any = []
for _ in range(100):
    DEEP = [{"a": DEEP}]
REPLACEMENTS = [None, [], {}, 0, -1, 0.5, True, "", "x", "@", "@{", "\ud800", [None, 1, {}], {"": {}}, DEEP]
REPLACEMENTS += [{"value": None, "type": "Expression"}, {"value": "@x(", "type": "Expression"}, {"referenceName": 5}]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all values in a document."""
    yield path
    for step, member in (
        value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ())
    ):
        yield from places(member, (*path, step))


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    changed = value.copy()
    changed[path[0]] = replaced(value[path[0]], path[1:], new)
    return changed


PLACES = [(name, path) for name, value in INNOCENT.items() for path in places(value)]


@given(st.sampled_from(PLACES), st.sampled_from(REPLACEMENTS))
@QUICK
def test_documents_with_anything_in_place_of_a_value(place: tuple[str, tuple[Any, ...]], new: Any) -> None:
    name, path = place
    survives(replaced(INNOCENT[name], path, new))


def nested(depth: int) -> Any:
    node = wait("Inner")
    for number in range(depth):
        node = activity("IfCondition", f"If {number}", ifTrueActivities=[node])
    return [node]


DEEP_EXPRESSIONS = {
    "calls": "@" + "not(" * 1600 + "true" + ")" * 1600,
    "ifs": "@" + "if(true,1," * 700 + "1" + ")" * 700,
    "accesses": "@item()" + ".a" * 4000,
    "interpolations": "@{1}" * 2000,
    "opened": "@{" * 4000,
}


@pytest.mark.parametrize("text", DEEP_EXPRESSIONS.values(), ids=DEEP_EXPRESSIONS)
def test_deep_expressions(text: str) -> None:
    survives([python(parameters=[text]), activity("SetVariable", "S", variableName="v", value=text)])
    survives([activity("ForEach", "F", items={"type": "Expression", "value": text}, activities=[wait()])])


HUGE = {
    "deep containers": nested(60),
    "one long name": [wait("x" * 1_000_000)],
    "long names unknown": [wait(f"{number}" + "x" * 5000, dependsOn=after("y" * 5000)) for number in range(300)],
    "unknown names": [wait(f"Step {number}", dependsOn=after(f"Stpe {number}")) for number in range(1500)],
    "all depend on all": [wait(f"W{a}", dependsOn=after(*[f"W{b}" for b in range(a)])) for a in range(250)],
    "one circle": [wait(f"W{number}", dependsOn=after(f"W{(number + 1) % 2000}")) for number in range(2000)],
    "long chain read from its end": [
        wait("W0"),
        *[
            activity("Wait", f"W{n}", waitTimeInSeconds="@activity('W0').output.x") | {"dependsOn": after(f"W{n - 1}")}
            for n in range(1, 1000)
        ],
    ],
    "many parameters": {
        "name": "p",
        "properties": {
            "activities": [python(parameters=["@pipeline().parameters.q"] * 2000)],
            "parameters": {f"p{number}": {"type": "int"} for number in range(5000)},
        },
    },
    "bad connection strings": [
        python(
            parameters=[
                ";" * 20_000,
                "Password=" * 5000,
                "?sig=" * 5000,
                "AccountKey=" + "A" * 50_000,
                "eyJ" + "a" * 50_000,
            ]
        )
    ],
    "wheels": [python(libraries=[{"whl": "dbfs:/" + "-1" * 20_000 + ".whl"}])],
    "blanks": [python(parameters=[" " * 100_000 + "@", "/" * 100_000 + "artifacts/" * 5000])],
}


@pytest.mark.parametrize("value", HUGE.values(), ids=HUGE)
def test_enormous_documents_take_bounded_time(value: Any) -> None:
    start = process_time()
    survives(value)
    assert process_time() - start < 15


def test_files_that_are_no_files_get_a_finding(tmp_path: Path) -> None:
    (tmp_path / "pipeline.json").mkdir()
    os.mkfifo(tmp_path / "trigger.json")
    (tmp_path / "activities.json").symlink_to(tmp_path / "nowhere")
    found = [finding for finding in inspect_directory(tmp_path, Options()) if finding.code == "ADF001"]
    assert len(found) == 3
    assert inspect_file(tmp_path / "trigger.json", "trigger.json", Options())[0].code == "ADF001"


def test_repositories_of_broken_files_get_findings(tmp_path: Path) -> None:
    for folder in ("pipeline", "dataset", "linkedService", "trigger", "dataflow", "factory"):
        (tmp_path / folder).mkdir()
        for name, text in (
            ("a.json", "{"),
            ("b.json", "[]"),
            ("c.json", '{"name": {}, "properties": []}'),
            ("d.json", "[" * 10_000),
        ):
            (tmp_path / folder / name).write_text(text)
    assert inspect_repository(tmp_path, "", Options())


def test_a_pipeline_that_is_no_list_of_activities_is_survived_by_a_loop_around_it() -> None:
    survives([loop(*[None, 5, "x"])])  # type: ignore[list-item]
