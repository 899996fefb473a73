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
        ("int", 1.5, False, True),
        ("bool", True, True, False),
        ("bool", "true", False, True),
        ("bool", 1, False, False),
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
