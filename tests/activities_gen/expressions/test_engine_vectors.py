"""Every template that Microsoft's engine was asked gets the engine's answer, where the recorded answers are at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from activities_gen.expressions import ActivityResult, Context, ExpressionError, evaluate

RECORDED = Path(__file__).parents[3].parent / "shared" / "facts" / "expression_vectors.jsonl"

CONTEXT = Context(
    parameters={
        "s": "foo",
        "n": 42,
        "f": 1.5,
        "b": True,
        "a": [1, 2, 3],
        "o": {"k": "v", "K2": {"x": [10, 20]}},
        "nul": None,
        "es": "",
    },
    global_parameters={"g": "G"},
    dataset={"d": "D"},
    system={"RunId": "rid", "TriggerTime": "2024-01-02T03:04:05.6789012Z"},
    variables={"v": "val", "va": ["a", "b"], "vb": True},
    activities={"A1": ActivityResult(output={"firstRow": {"c": 1}, "arr": [1, 2]})},
    item="it",
)


def recorded() -> list[dict[str, Any]]:
    """The recorded templates with their values or errors; none where the file is absent."""
    return [json.loads(line) for line in RECORDED.read_text("utf-8").splitlines()] if RECORDED.is_file() else []


def test_the_recorded_answers_are_at_hand() -> None:
    if not RECORDED.is_file():
        pytest.skip(f"no recorded answers of the engine: {RECORDED} is absent")
    assert len(recorded()) >= 296


@pytest.mark.parametrize("vector", recorded(), ids=lambda vector: vector["template"][:60])
def test_the_engine_and_we_agree(vector: dict[str, Any]) -> None:
    if "error" in vector:
        with pytest.raises(ExpressionError):
            evaluate(vector["template"], CONTEXT)
    else:
        value = evaluate(vector["template"], CONTEXT)
        assert json.dumps(value, sort_keys=True) == json.dumps(vector["value"], sort_keys=True)
