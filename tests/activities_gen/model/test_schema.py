"""The table of keys is what the SDK says, and the decoder that reads it is exact."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from activities_gen.model import schema
from activities_gen.model.types import CONTROL, EXECUTION, canonical_type

ROOT = Path(__file__).parents[3]


def generator() -> Any:
    spec = importlib.util.spec_from_file_location("make_activity_schema", ROOT / "tools" / "make_activity_schema.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_is_what_the_installed_sdk_says() -> None:
    made = generator()
    assert made.TARGET.read_text("utf-8") == made.text(), "run: python tools/make_activity_schema.py"


def test_every_documented_activity_type_is_there() -> None:
    assert len(schema.activity_types()) == 40
    assert set(schema.activity_types()) == CONTROL | EXECUTION


def test_types_are_found_in_any_letter_case() -> None:
    assert canonical_type("webhook") == "WebHook"
    assert canonical_type("datalakeanalyticsu-sql") == "DataLakeAnalyticsU-SQL"
    assert canonical_type("Web") is None


@pytest.mark.parametrize(
    ("type_name", "value", "fits", "soft"),
    [
        ("string", "a", True, False),
        ("string", 1, False, True),
        ("string", [1], False, False),
        ("int", 1, True, False),
        ("int", True, False, True),
        ("int", "1", False, True),
        ("int", "one", False, False),
        ("int", "٣", False, False),
        ("int", 1.5, False, True),
        ("bool", True, True, False),
        ("bool", "true", False, True),
        ("bool", "FALSE", False, True),
        ("bool", 1, False, False),
        ("string", {}, False, False),
        ("string", "@a()", True, False),
        ("float", 1.5, True, False),
        ("float", True, False, True),
        ("float", "x", False, False),
        ("float", {"type": "Expression", "value": "@a()"}, False, True),
        ("int", "@a()", False, True),
        ("[string]", "", False, True),
        ("[string]", [None, "[parameters('a')]", "a"], True, False),
        ("[any]", [[1]], True, False),
        ("[Activity]", [1], True, False),
        ("{string}", {"a": None, "b": "[parameters('a')]"}, True, False),
        ("{any}", "", False, True),
        ("{any}", "@json('{}')", False, True),
        ("{any}", {"a": [1]}, True, False),
        ("Activity", {"name": 1}, True, False),
        ("ActivityPolicy", "@json('{}')", False, True),
        ("float", 1, True, False),
        ("[any]", [1, "a"], True, False),
        ("[any]", "a", False, False),
        ("[any]", "@createArray(1)", False, True),
        ("[string]", ["a"], True, False),
        ("[string]", [1], False, True),
        ("{any}", {"a": 1}, True, False),
        ("{any}", [], False, False),
        ("{string}", {"a": 1}, False, True),
        ("Expression", {"type": "Expression", "value": "@a()"}, True, False),
        ("Expression", "@a()", False, True),
        ("Expression", [1], False, False),
        ("ActivityPolicy", {"retryIntervalInSeconds": 30}, True, False),
        ("ActivityPolicy", {"retryIntervalInSeconds": "x"}, False, False),
        ("ActivityPolicy", [], False, False),
        ("any", {"any": ["thing"]}, True, False),
    ],
)
def test_values_and_types(type_name: str, value: Any, fits: bool, soft: bool) -> None:
    found = list(schema.mismatches({"key": value}, {"key": schema.Key("key", type_name)}))
    assert bool(found) is not fits
    assert all(mismatch.soft is soft for mismatch in found)


def test_keys_are_found_in_any_letter_case_and_arm_expressions_pass() -> None:
    key = {"count": schema.Key("count", "int")}
    assert [found.path for found in schema.mismatches({"Count": "x"}, key)] == [("Count",)]
    assert not list(schema.mismatches({"count": "[parameters('count')]"}, key))


@pytest.mark.parametrize(
    ("documented", "value", "fits"),
    [
        ("integer", 1, True),
        ("integer", 1.5, True),
        ("integer", "1", True),
        ("integer", "@int('1')", True),
        ("integer", "one", False),
        ("integer", True, False),
        ("integer", [1], False),
        ("integer", {}, False),
        ("boolean", True, True),
        ("boolean", "False", True),
        ("boolean", "TRUE", True),
        ("boolean", "yes", False),
        ("boolean", 1, False),
        ("string", "a", True),
        ("string", ["a"], True),
        ("string", {}, True),
        ("string", 1, False),
        ("", 1, True),
        ("array", 1, True),
    ],
)
def test_what_the_documentation_asks_for_is_soft_where_a_decoder_takes_anything(
    documented: str, value: Any, fits: bool
) -> None:
    key = schema.Key("key", "any", documented)
    found = list(schema.mismatches({"key": value}, {"key": key}))
    assert found == ([] if fits else [schema.Mismatch(("key",), key, value, soft=True)])


@pytest.mark.parametrize(
    ("type_name", "value", "path", "member"),
    [
        ("int", "one", (), "int"),
        ("Expression", [1], (), "Expression"),
        ("ActivityPolicy", [1], (), "ActivityPolicy"),
        ("[string]", 1, (), "[string]"),
        ("[string]", ["a", [1]], (1,), "string"),
        ("[[string]]", [["a"], ["a", [1]]], (1, 1), "string"),
        ("{string}", 1, (), "{string}"),
        ("{string}", {"a": "a", "b": [1]}, ("b",), "string"),
        ("{[string]}", {"a": [[1]]}, ("a", 0), "string"),
    ],
)
def test_a_mismatch_says_where_it_is_what_stands_there_and_what_is_wanted(
    type_name: str, value: Any, path: tuple[Any, ...], member: str
) -> None:
    at = value
    for step in path:
        at = at[step]
    (found,) = schema.mismatches({"key": value}, {"key": schema.Key("key", type_name)}, ("top",))
    assert found == schema.Mismatch(("top", "key", *path), schema.Key("key", member), at, soft=False)


def test_a_list_of_variables_is_soft_since_older_models_have_it() -> None:
    key = schema.Key("variables", "{any}")
    assert [found.soft for found in schema.mismatches({"variables": [1]}, {"variables": key})] == [True]


def test_an_object_of_an_abstract_class_is_read_as_the_class_that_its_type_names() -> None:
    keys = schema.type_properties_of("CopyActivity")
    source = {"type": "AzureSqlSource", "sourceRetryCount": 1, "partitionOption": "x", "isolationLevel": {}}
    assert schema.subtype("CopySource", "AzureSqlSource") == "AzureSqlSource"
    assert schema.subtype("CopySource", "Nothing") == "CopySource"
    assert schema.subtype("CopySource", None) == "CopySource"
    assert schema.subtype("ActivityPolicy", "AzureSqlSource") == "ActivityPolicy"
    found = {path: set(inner) for path, _, inner in schema.objects({"source": source}, keys)}
    assert set(found) == {(), ("source",)}
    assert "sqlReaderQuery" in found["source",]


def test_objects_are_met_in_lists_and_maps_each_with_its_path_and_activities_are_passed_over() -> None:
    keys = {
        "one": schema.Key("one", "ActivityPolicy"),
        "list": schema.Key("list", "[ActivityPolicy]"),
        "map": schema.Key("map", "{[ActivityPolicy]}"),
        "inner": schema.Key("inner", "[Activity]"),
        "text": schema.Key("text", "string"),
        "any": schema.Key("any", "any"),
    }
    value = {
        "text": "a",
        "any": {"a": 1},
        "one": {"retry": 1},
        "list": [1, {"retry": 2}],
        "map": {"m": [{"retry": 3}], "n": 4},
        "inner": [{"policy": {}}],
        "unknown": {"retry": 5},
    }
    found = [(path, inner) for path, inner, _ in schema.objects(value, keys, ("top",))]
    assert found == [
        (("top",), value),
        (("top", "one"), {"retry": 1}),
        (("top", "list", 1), {"retry": 2}),
        (("top", "map", "m", 0), {"retry": 3}),
    ]
    assert all("retry" in known for path, _, known in schema.objects(value, keys, ("top",)) if path != ("top",))


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (schema.Key("k", "[string]"), "a list"),
        (schema.Key("k", "any", "integer"), "a whole number"),
        (schema.Key("k", "bool"), "true or false"),
        (schema.Key("k", "ActivityPolicy"), "an object"),
    ],
)
def test_what_a_key_takes_is_said_in_words(key: schema.Key, text: str) -> None:
    assert schema.wanted(key) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"type": "Expression", "value": "@a()"}, "an Expression object"),
        ({"type": "other"}, "an object"),
        ([], "a list"),
        (None, "null"),
        (True, "a boolean"),
        (1.5, "a number"),
        ("a", "a string"),
    ],
)
def test_what_stands_there_is_said_in_words(value: Any, text: str) -> None:
    assert schema.described(schema.Mismatch((), schema.Key("k", "any"), value, soft=False)) == text


def test_a_mismatch_inside_an_object_has_the_path_to_it_and_is_of_the_class_that_its_type_names() -> None:
    keys = {"source": schema.Key("source", "CopySource"), "policy": schema.Key("policy", "ActivityPolicy")}
    value = {
        "source": {"type": "DelimitedTextSource", "formatSettings": 5},
        "policy": {"retryIntervalInSeconds": "x"},
    }
    assert [found.path for found in schema.mismatches(value, keys)] == [
        ("source", "formatSettings"),
        ("policy", "retryIntervalInSeconds"),
    ]
    assert not list(schema.mismatches({"source": {"type": "Other", "formatSettings": 5}}, keys))
