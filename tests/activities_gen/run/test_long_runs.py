"""Long chains and deep nesting cost no more than their length."""

from __future__ import annotations

import time
from typing import Any

import pytest

from activities_gen.findings import FindingsError
from activities_gen.run import simulate, succeed


def chain(length: int) -> dict[str, Any]:
    """Lookups, each of which reads the one before it."""
    activities = [
        {
            "name": f"A{number}",
            "type": "Lookup",
            "typeProperties": {"query": f"@activity('a{number - 1}').output.firstRow" if number else "first"},
            "dependsOn": [{"activity": f"A{number - 1}", "dependencyConditions": ["Succeeded"]}] if number else [],
        }
        for number in range(length)
    ]
    return {"name": "p", "properties": {"activities": activities}}


def cost(length: int) -> float:
    """The least CPU time of a simulation, of three."""
    taken = []
    for _ in range(3):
        start = time.process_time()
        assert simulate(chain(length), default=succeed()).outcome == "Succeeded"
        taken.append(time.process_time() - start)
    return min(taken)


def test_a_chain_four_times_as_long_does_not_cost_eight_times_as_much() -> None:
    assert cost(2_000) < 8 * cost(500)


def calling(names: list[str]) -> list[dict[str, Any]]:
    """Pipelines, each of which starts the next."""
    return [
        {"name": name, "properties": {"activities": [call(other)] if other else []}}
        for name, other in zip(names, [*names[1:], ""], strict=True)
    ]


def call(name: str) -> dict[str, Any]:
    reference = {"referenceName": name, "type": "PipelineReference"}
    return {
        "name": "Call",
        "type": "ExecutePipeline",
        "typeProperties": {"pipeline": reference, "waitOnCompletion": True},
    }


def test_a_thousand_pipelines_may_start_each_other() -> None:
    pipelines = calling([f"p{number}" for number in range(1_000)])
    assert simulate(pipelines[0], pipelines=pipelines[1:]).outcome == "Succeeded"


def test_a_circle_of_pipelines_is_refused_at_the_call_that_closes_it() -> None:
    pipelines = calling(["a", "b", "c", "a"])[:3]
    with pytest.raises(FindingsError, match=r"in pipeline 'c': 'a' -> 'b' -> 'c' -> 'a'\."):
        simulate(pipelines[0], pipelines=pipelines[1:])


def test_an_activity_that_has_not_run_before_is_not_seen_and_the_nearest_name_is_told() -> None:
    pipeline = chain(3)
    pipeline["properties"]["activities"][2]["typeProperties"]["query"] = "@activity('A11').output"
    assert "Did you mean 'A1'?" in str(simulate(pipeline, default=succeed())["A2"].error)
