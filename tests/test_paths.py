"""Every path through this repository's pipeline, simulated."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from activities_gen.testing import Answer, RunResult, fail, sequence, simulate, succeed

ROOT = Path(__file__).parents[1]
WINDOW = ("2026-01-01", "2026-01-02")


def run(**outcomes: Answer) -> RunResult:
    return simulate(
        ROOT / "pipeline.json", trigger=ROOT / "trigger.json", window=WINDOW, outcomes=outcomes, default=succeed()
    )


@pytest.mark.parametrize(
    ("failing", "ran"),
    [
        ("", ["Ingest", "Pseudonymise", "Features"]),
        ("Ingest", ["Ingest"]),
        ("Pseudonymise", ["Ingest", "Pseudonymise"]),
        ("Features", ["Ingest", "Pseudonymise", "Features"]),
    ],
)
def test_what_fails_ends_the_run(failing: str, ran: list[str]) -> None:
    result = run(**({failing: fail()} if failing else {}))
    assert (result.outcome, result.ran) == ("Failed" if failing else "Succeeded", ran)


def test_a_stage_is_tried_three_times_five_minutes_apart() -> None:
    result = run(Pseudonymise=sequence(fail(), fail(), succeed()))
    assert (result.outcome, result["Pseudonymise"].attempts, result.duration) == ("Succeeded", 3, timedelta(minutes=10))


def test_every_stage_gets_the_window() -> None:
    result = run()
    for stage in ("Ingest", "Pseudonymise", "Features"):
        arguments = result[stage].input["parameters"]
        assert arguments[arguments.index("--window-start") + 1] == "2026-01-01T00:00:00Z"
        assert arguments[arguments.index("--window-end") + 1] == "2026-01-02T00:00:00Z"
