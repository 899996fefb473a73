"""The paths that this repository's pipeline can take."""

from __future__ import annotations

from pathlib import Path

import pytest

from activities import pipeline
from activities_gen.testing import fail, sequence, simulate, succeed

TRIGGER = Path(__file__).parents[1] / "trigger.json"


@pytest.mark.parametrize(
    ("outcomes", "ingest", "pseudonymise", "features"),
    [
        ({}, "Succeeded", "Succeeded", "Succeeded"),
        ({"Ingest": sequence(fail(), fail(), succeed())}, "Succeeded", "Succeeded", "Succeeded"),
        ({"Ingest": fail("no export")}, "Failed", "Skipped", "Skipped"),
        ({"Pseudonymise": fail("no key")}, "Succeeded", "Failed", "Skipped"),
        ({"Features": succeed(duration=5 * 60 * 60)}, "Succeeded", "Succeeded", "Failed"),
    ],
    ids=["all well", "well at the third try", "no export", "no key", "out of time"],
)
def test_each_stage_runs_when_the_one_before_succeeded(outcomes, ingest, pseudonymise, features):
    result = simulate(pipeline, outcomes=outcomes, default=succeed())
    assert result.statuses == {"Ingest": ingest, "Pseudonymise": pseudonymise, "Features": features}


def test_a_stage_is_tried_three_times():
    result = simulate(pipeline, outcomes={"Ingest": fail("no export")}, default=succeed())
    assert result["Ingest"].attempts == 3


def test_every_stage_is_given_the_window_of_the_trigger():
    window = ("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z")
    result = simulate(pipeline, default=succeed(), trigger=TRIGGER, window=window)
    for activity in result:
        assert set(window) <= set(activity.input["parameters"])


def test_every_stage_is_given_the_name_under_which_it_is_deployed():
    for activity in simulate(pipeline, default=succeed()):
        parameters = activity.input["parameters"]
        assert parameters[parameters.index("--pipeline") + 1] == pipeline.name
