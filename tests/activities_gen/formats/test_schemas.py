"""What is made from the models: the schemas and the reference page."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import jsonschema
import pytest

ROOT = Path(__file__).parents[3]
SCHEMAS = sorted((ROOT / "activities_gen" / "formats").glob("*.schema.json"))


@pytest.fixture(scope="module")
def tool() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "tools" / "write_formats.py"))


def test_what_is_made_from_the_models_is_fresh(tool: dict[str, Any]) -> None:
    written = tool["files"]()
    assert {path: path.read_text("utf-8") for path in written} == written
    assert {path for path in written if path.suffix == ".json"} == set(SCHEMAS)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_a_schema_is_one(path: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text("utf-8")))


def test_an_example_keeps_to_its_schema(tool: dict[str, Any]) -> None:
    examples = {name: model.example for name, model in tool["FORMATS"].items() if getattr(model, "example", None)}
    assert examples
    for name, example in examples.items():
        schema = json.loads((ROOT / f"activities_gen/formats/{name}.schema.json").read_text("utf-8"))
        jsonschema.Draft202012Validator(schema).validate({"$schema": "x", **example})
