"""Run a pipeline here: simulated in a unit test, or for real with local processes. One engine, two executors."""

from __future__ import annotations

from activities_gen.run.result import ActivityResult, Event, RunResult
from activities_gen.run.simulate import simulate
from activities_gen.run.stub import Answer, Outcome, SimulationError, fail, sequence, succeed

__all__ = [
    "ActivityResult",
    "Answer",
    "Event",
    "Outcome",
    "RunResult",
    "SimulationError",
    "fail",
    "sequence",
    "simulate",
    "succeed",
]
