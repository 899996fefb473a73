"""The paths that this repository's pipeline can take."""

from __future__ import annotations

from pathlib import Path

import pytest

from activities import pipeline
from activities_gen.testing import fail, sequence, simulate, succeed

TRIGGER = Path(__file__).parents[1] / "trigger.json"


@pytest.mark.parametrize(
    ("ingest", "statuses"),
    [
        (succeed(), ["Succeeded", "Succeeded", "Succeeded"]),
        (sequence(fail(), fail(), succeed()), ["Succeeded", "Succeeded", "Succeeded"]),
        (fail("no export"), ["Failed", "Skipped", "Skipped"]),
    ],
    ids=["all well", "well at the third try", "never well"],
)
def test_each_stage_runs_when_the_one_before_succeeded(ingest, statuses):
    result = simulate(pipeline, outcomes={"Ingest": ingest}, default=succeed())
    assert list(result.statuses.values()) == statuses


def test_every_stage_is_given_the_window_of_the_trigger():
    window = ("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z")
    result = simulate(pipeline, default=succeed(), trigger=TRIGGER, window=window)
    for activity in result:
        assert set(window) <= set(activity.input["parameters"])
