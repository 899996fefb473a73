"""Which waits of a pipeline take their time in a real run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from activities_gen.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Staged

FLAKY = "import pathlib, sys; f = pathlib.Path(sys.argv[1]); first = not f.exists(); f.touch(); sys.exit(first)"


def durations(staged: Staged) -> dict[str, float]:
    return {activity["name"]: activity["durationInSeconds"] for activity in staged.report()["activities"]}


def attempts(staged: Staged) -> list[dict[str, Any]]:
    tried: list[dict[str, Any]] = staged.report()["activities"][0]["attempts"]
    return tried


def test_a_policys_interval_is_not_waited_for(staged: Staged, tmp_path: Path) -> None:
    staged.add("Flaky", FLAKY, str(tmp_path / "seen"), policy={"retry": 1, "retryIntervalInSeconds": 3600})
    assert main(staged.arguments()) == 0
    assert len(attempts(staged)) == 2


def test_a_policys_interval_is_waited_for_where_that_is_wanted(staged: Staged, tmp_path: Path) -> None:
    staged.add("Flaky", FLAKY, str(tmp_path / "seen"), policy={"retry": 1, "retryIntervalInSeconds": 2})
    assert main(staged.arguments("--real-waits")) == 0
    first, second = attempts(staged)
    assert first["end"] < second["start"]
    assert durations(staged)["Flaky"] - first["durationInSeconds"] - second["durationInSeconds"] >= 2


def test_a_wait_waits(staged: Staged) -> None:
    staged.raw("Wait", "Wait", typeProperties={"waitTimeInSeconds": 1})
    assert main(staged.arguments()) == 0
    assert durations(staged)["Wait"] >= 1


def loop(staged: Staged) -> None:
    """An Until of three passes, with an hour's wait in each."""
    staged.properties["variables"] = {"seen": {"type": "Array", "defaultValue": []}}
    passes = [
        {"name": "Hour", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 3600}},
        {"name": "Count", "type": "AppendVariable", "typeProperties": {"variableName": "seen", "value": "x"}},
    ]
    done = {"type": "Expression", "value": "@equals(length(variables('seen')), 3)"}
    staged.raw("Poll", "Until", typeProperties={"expression": done, "activities": passes})


def test_wait_and_until_do_not_wait_where_that_is_wanted(staged: Staged) -> None:
    loop(staged)
    assert main(staged.arguments("--fast-waits")) == 0
    assert staged.report()["activities"][0]["passes"] == 3
    assert durations(staged)["Poll"] < 2
