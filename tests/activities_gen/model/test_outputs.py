"""The table of outputs: what it says is plain data, and its samples have what expressions may read."""

from __future__ import annotations

from typing import Any

import pytest

from activities_gen.findings import Location
from activities_gen.model import outputs
from activities_gen.model.outputs import merged, output_of, own_keys, sample_of
from activities_gen.model.pipeline import Pipeline
from activities_gen.model.types import canonical_type
from activities_gen.run import fail, simulate, succeed
from activities_gen.wire.document import Document, Kind


def made(kind: str, **properties: Any) -> Any:
    everything = {"activities": [{"name": "A", "type": kind, "typeProperties": properties}]}
    return Pipeline(Document(Kind.PIPELINE, "p", everything, {}, "p.json", lambda _: Location("p"))).activities[0]


@pytest.mark.parametrize("table", [outputs._SUCCEEDED, outputs._FAILED])
def test_every_row_is_of_a_type_that_there_is(table: dict[str, Any]) -> None:
    assert [name for name in table if canonical_type(name) != name] == []


@pytest.mark.parametrize("name", sorted(outputs._SUCCEEDED))
def test_every_row_gives_an_object(name: str) -> None:
    shape = output_of(made(name))
    assert shape is not None
    assert shape.type == "Object"
    assert isinstance(sample_of(shape), dict)


@pytest.mark.parametrize(
    ("first", "keys"),
    [(None, ["firstRow"]), (True, ["firstRow"]), (False, ["count", "value"]), ("false", ["count", "value"])],
)
def test_a_lookup_gives_one_form(first: Any, keys: list[str]) -> None:
    shape = output_of(made("lookup", **({} if first is None else {"firstRowOnly": first})))
    assert shape is not None
    assert own_keys(shape) == keys


def test_a_type_that_is_not_in_the_table_is_not_known() -> None:
    assert output_of(made("WebActivity")) is None
    assert output_of(made("Lookup"), "Failed") is None


def test_of_several_shapes_all_keys_are_known() -> None:
    notebook = made("DatabricksNotebook")
    shapes = [shape for ending in ("Succeeded", "Failed") if (shape := output_of(notebook, ending))]
    both = merged(shapes)
    assert both is not None
    assert {"runOutput", "runError"} <= set(own_keys(both))
    assert merged([]) is None


def activity(kind: str, expression: str, on: str = "Succeeded", **properties: Any) -> dict[str, Any]:
    first = {"name": "A", "type": kind, "typeProperties": properties}
    show = {
        "name": "Show",
        "type": "SetVariable",
        "dependsOn": [{"activity": "A", "dependencyConditions": [on]}],
        "typeProperties": {"variableName": "v", "value": f"@string({expression})"},
    }
    return {"name": "p", "properties": {"activities": [first, show], "variables": {"v": {"type": "String"}}}}


@pytest.mark.parametrize(
    ("pipeline", "value"),
    [
        (activity("Copy", "activity('A').output.rowsCopied"), "0"),
        (activity("Lookup", "activity('A').output.count", firstRowOnly=False), "0"),
        (activity("Lookup", "empty(activity('A').output.firstRow)"), "True"),
        (activity("GetMetadata", "length(activity('A').output.childItems)", fieldList=["childItems"]), "0"),
    ],
)
def test_a_simulation_gives_what_is_documented(pipeline: dict[str, Any], value: str) -> None:
    assert simulate(pipeline, default=succeed()).variables["v"] == value


@pytest.mark.parametrize(
    ("kind", "expression"),
    [("Copy", "activity('A').output.errors[0].Message"), ("DatabricksNotebook", "activity('A').output.runError")],
)
def test_what_fails_tells_why_in_its_output(kind: str, expression: str) -> None:
    result = simulate(activity(kind, expression, "Failed"), outcomes={"A": fail("no such table")})
    assert result.variables["v"] == "no such table"
