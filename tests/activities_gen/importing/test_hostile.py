"""Whatever a document holds, its Python defines the pipeline and does nothing else, and generates the document again."""

from __future__ import annotations

import ast
import json
import keyword
from functools import cache
from typing import Any

import pytest
from azure.mgmt.datafactory import models as sdk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities_gen.importing.codegen.models import variant
from activities_gen.importing.codegen.pipeline import HELPERS, REFERENCES
from activities_gen.importing.imported import import_pipeline
from activities_gen.importing.sources import Source
from activities_gen.wire.document import parse
from activities_gen.wire.sdk import members

NASTY = [
    "",
    '"',
    "'",
    '"""',
    "\\",
    "\\N{BELL}",
    "a\nb\r\n\tc",
    "{x}",
    "{{",
    "}",
    "import os",
    "__import__('os').system('x')",
    "x = 1; y",
    "\u202e\u2066evil\u2069",
    "\ufdd0wheel\ufdd1",
    "\ufdd0artifact:x\ufdd1",
    "\ufdd0open\ufdd1",
    "\ufdd0",
    "\ud800",
    "\udfff\ud83d",
    "\U0001f600\u200d\U0001f468",
    "e\u0301",
    "\x00",
    "\x7f\x85\xa0",
    "漢字",
    "Ünïcode",
    "ﬁ",
    "class",
    "lambda",
    "print",
    "pipeline",
    "Pipeline",
    "after",
    "f",
    "item",
    "_",
    "l",
    "1st",
    "# noqa",
    "# type: ignore",
    "None",
    "True",
    "@pipeline().parameters.class",
    "@pipeline().parameters['a b']",
    "@item().x",
    "@concat('a', item())",
    "@{item()} and {x} \"quoted\" 'too'\n@{pipeline().RunId}",
    "@@{x}",
    "@",
    "@{",
    "@activity('A').output.firstRow.x",
    "@equals(true, null)",
    "@createArray(1, 1.5, 'x')",
    "@json('{\"a\": 1}').a[0]?.b",
    "x" * 200,
    "/tmp/x",
    "0.0.0.0",
    "\u2028",
]

texts = st.sampled_from(NASTY) | st.text(max_size=5)
numbers = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
KINDS = [*sdk.Activity._subtype_map["type"], "copy", "Unknown", "Container", "WebActivity"]


@cache
def keys(kind: str) -> tuple[list[str], list[str]]:
    """The keys of an activity type, at the top and in ``typeProperties``."""
    model = variant(sdk.Activity, {"type": kind})
    own = members(model) if model else ()
    return [one.key for one in own if one.inside is None], [one.key for one in own if one.inside] or ["x"]


@st.composite
def activities(draw: st.DrawFn, depth: int = 2) -> Any:
    """Something like an activity."""
    kind = draw(st.sampled_from(KINDS))
    top, inner = keys(kind)
    activity: dict[str, Any] = {"name": draw(texts), "type": kind}
    if draw(st.booleans()):
        activity["dependsOn"] = draw(dependencies | values)
    listed = st.lists(activities(depth - 1), max_size=2) if depth else st.just([])
    held = (
        values
        | listed
        | st.builds(lambda kind, more: {**more, "type": kind}, texts, st.dictionaries(texts, values, max_size=2))
    )
    activity["typeProperties"] = draw(st.dictionaries(st.sampled_from(inner) | texts, held, max_size=4) | values)
    return activity | draw(st.dictionaries(st.sampled_from([*top, "policy", "x"]), values, max_size=2))


dependencies = st.lists(
    st.builds(
        lambda name, conditions: {"activity": name, "dependencyConditions": conditions},
        texts,
        st.lists(st.sampled_from(["Succeeded", "Failed", "Completed", "Skipped", "succeeded"]), max_size=2),
    ),
    max_size=3,
)
specifications = st.dictionaries(
    texts, values | st.builds(lambda kind, value: {"type": kind, "defaultValue": value}, texts, values), max_size=3
)
properties = st.fixed_dictionaries(
    {"activities": st.lists(activities() | values, max_size=3) | values},
    optional={
        "parameters": specifications | values,
        "variables": specifications | values,
        "annotations": values,
        "folder": values | st.builds(lambda name: {"name": name}, texts),
        "description": values,
        "policy": values,
        "concurrency": values,
        "lastPublishTime": values,
    },
)

ALLOWED = {
    ast.Module, ast.Expr, ast.Constant, ast.ImportFrom, ast.alias, ast.Assign, ast.Name, ast.Load, ast.Store, ast.Call,
    ast.keyword, ast.Attribute, ast.List, ast.Dict, ast.Starred, ast.BinOp, ast.Add, ast.JoinedStr, ast.FormattedValue,
    ast.Subscript, ast.UnaryOp, ast.USub,
}  # fmt: skip
HELPED = {"Pipeline", *HELPERS, *REFERENCES}


def assert_only_defines(source: str) -> None:
    """The module imports names of the SDK and of this package, calls those, and assigns plain names."""
    tree = ast.parse(source)
    imported = {
        alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert imported <= HELPED | {"f"} | {name for name in dir(sdk) if not name.startswith("_")}
    for node in ast.walk(tree):
        assert type(node) in ALLOWED, ast.dump(node)
        if isinstance(node, ast.ImportFrom):
            assert node.module in ("activities_gen", "azure.mgmt.datafactory.models")
        if isinstance(node, ast.Call):
            assert_harmless(node.func, imported)
        if isinstance(node, ast.Assign):
            (target,) = node.targets
            assert ast.unparse(target) == "pipeline.trigger" or (
                isinstance(target, ast.Name) and is_plain(target.id, imported)
            )


def assert_harmless(function: ast.expr, imported: set[str]) -> None:
    """A call is of an imported name, a method of the pipeline, a function of the language, or ``.optional``."""
    if isinstance(function, ast.Name):
        assert function.id in imported
        return
    assert isinstance(function, ast.Attribute)
    owner = ast.unparse(function.value)
    assert (
        (owner == "pipeline" and function.attr in ("add", "parameter", "variable"))
        or owner == "f"
        or function.attr == "optional"
    )


def is_plain(name: str, imported: set[str]) -> bool:
    return (
        name.isidentifier()
        and name.isascii()
        and not keyword.iskeyword(name)
        and not name.startswith("_")
        and name not in imported
    )


def imported(content: Any) -> Any:
    """What importing a document gives."""
    documents, findings = parse(json.dumps(content), "x.json")
    assert not findings
    return import_pipeline(Source(documents[0].name or "x", documents[0]))


@given(name=texts, inner=properties)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_pipeline_is_imported_and_proven_and_its_python_only_defines(name: str, inner: dict[str, Any]) -> None:
    result = imported({"name": name, "properties": inner})
    assert_only_defines(result.source)
    assert result.findings == ()


@pytest.mark.parametrize("where", ["annotations", "description", "policy", "lastPublishTime", "runDimensions"])
def test_a_pipeline_names_nothing_before_it_is_defined(where: str) -> None:
    inner = {
        "activities": [],
        "parameters": {"day": {"type": "String"}, "other": {"type": "Array", "defaultValue": [DAY]}},
        where: {"annotations": [DAY], "description": DAY, "policy": {"elapsedTimeMetric": {"duration": DAY}}}.get(
            where, {"x": DAY}
        ),
    }
    assert imported({"name": "p", "properties": inner}).findings == ()


DAY = "@pipeline().parameters.day"


def test_a_trigger_names_nothing_of_the_pipeline() -> None:
    trigger = {
        "name": "T",
        "properties": {
            "type": "ScheduleTrigger",
            "pipelines": [{"pipelineReference": {"type": "PipelineReference", "referenceName": "p"}, "parameters": {"day": DAY}}],
            "typeProperties": {"recurrence": {}},
        },
    }  # fmt: skip
    pipeline, _ = parse(
        json.dumps({"name": "p", "properties": {"activities": [], "parameters": {"day": {"type": "String"}}}}), "p.json"
    )
    triggers, _ = parse(json.dumps(trigger), "trigger.json")
    result = import_pipeline(Source("p", pipeline[0], tuple(triggers)))
    assert_only_defines(result.source)
    assert result.findings == ()


def test_triggers_of_one_name_are_refused() -> None:
    (pipeline,), _ = parse(json.dumps({"name": "p", "properties": {"activities": []}}), "p.json")
    triggers, _ = parse(json.dumps([{"name": "T", "properties": {"type": "ScheduleTrigger"}}] * 2), "trigger.json")
    result = import_pipeline(Source("p", pipeline, tuple(triggers)))
    assert [str(finding) for finding in result.findings] == [
        "trigger.json:1:61  error  IMP011  Another trigger is called 'T', too. Rename one."
    ]


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_nasty_text_stays_what_it_is_wherever_it_stands(text: str) -> None:
    wait = {
        "name": text,
        "type": "Wait",
        "description": text,
        "typeProperties": {"waitTimeInSeconds": text, text or "x": text},
    }
    other = {
        "name": f"{text}2",
        "type": text,
        "dependsOn": [{"activity": text, "dependencyConditions": ["Succeeded"]}],
        text or "x": text,
    }
    inner = {
        "activities": [other, wait],
        "parameters": {text: {"type": "String", "defaultValue": text}},
        "variables": {text: {"type": text}},
        "folder": {"name": text},
        "annotations": [text],
        text or "x": text,
    }
    result = imported({"name": text, "properties": inner})
    assert_only_defines(result.source)
    assert result.findings == ()
