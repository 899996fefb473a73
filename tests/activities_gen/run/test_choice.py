"""Runs of some activities alone: --only and --from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from activities_gen.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Staged

RUNS = "import sys; print('ran', *sys.argv[1:])"


def expression(text: str) -> dict[str, str]:
    return {"type": "Expression", "value": text}


def script(staged: Staged, name: str, *parameters: str, after: tuple[str, ...] = ()) -> dict[str, Any]:
    """An activity to stand inside of another."""
    properties = {"pythonFile": staged.script("inner.py", RUNS), "parameters": list(parameters)}
    entries = [{"activity": other, "dependencyConditions": ["Succeeded"]} for other in after]
    return {"name": name, "type": "DatabricksSparkPython", "dependsOn": entries, "typeProperties": properties}


def chain(staged: Staged) -> None:
    """A, then B, then C; beside them D."""
    staged.add("A", RUNS)
    staged.add("B", RUNS, after=("A",))
    staged.add("C", RUNS, after=("B",))
    staged.add("D", RUNS)


def reason(staged: Staged, name: str) -> str:
    return next(activity["reason"] for activity in staged.report()["activities"] if activity["name"] == name)


def test_one_activity_runs_alone_and_the_rest_is_not_run(
    staged: Staged, capsys: pytest.CaptureFixture[str], report_schema: Any
) -> None:
    chain(staged)
    assert main(staged.arguments("--only", "b")) == 0
    assert staged.statuses() == {"A": "NotRun", "B": "Succeeded", "C": "NotRun", "D": "NotRun"}
    assert reason(staged, "A") == "left out by --only"
    jsonschema.Draft202012Validator(report_schema).validate(staged.report())
    printed = capsys.readouterr().out
    assert "A  not run: left out by --only" in printed  # while it goes on
    assert "\nA         not run" in printed  # in the table
    assert [path.name for path in (staged.output / "logs").iterdir()] == ["B.1.log"]


def test_several_activities_keep_their_order(staged: Staged) -> None:
    chain(staged)
    assert main(staged.arguments("--only", "C", "--only", "A", "--limit", "4")) == 0
    assert staged.statuses() == {"A": "Succeeded", "B": "NotRun", "C": "Succeeded", "D": "NotRun"}
    first, last = staged.report()["activities"][0], staged.report()["activities"][2]
    assert first["end"] <= last["start"]


def test_what_fails_stops_what_depends_on_it_through_what_is_not_run(staged: Staged) -> None:
    staged.add("A", "raise SystemExit(1)")
    staged.add("B", RUNS, after=("A",))
    staged.add("C", RUNS, after=("B",))
    assert main(staged.arguments("--only", "A", "--only", "C")) == 1
    assert staged.statuses() == {"A": "Failed", "B": "Skipped", "C": "Skipped"}


def test_all_after_an_activity_runs(staged: Staged) -> None:
    chain(staged)
    assert main(staged.arguments("--from", "B")) == 0
    assert staged.statuses() == {"A": "NotRun", "B": "Succeeded", "C": "Succeeded", "D": "NotRun"}


def test_a_named_activity_runs_whatever_its_conditions_say_of_what_is_not_run(staged: Staged) -> None:
    staged.add("A", RUNS)
    staged.add("Mend", RUNS)
    staged.activities[-1]["dependsOn"] = [{"activity": "A", "dependencyConditions": ["Failed"]}]
    staged.add("Next", RUNS, after=("Mend",))
    assert main(staged.arguments("--from", "Mend")) == 0
    assert staged.statuses() == {"A": "NotRun", "Mend": "Succeeded", "Next": "Succeeded"}


def test_what_is_not_run_counts_as_succeeded_for_what_is_not_named(staged: Staged) -> None:
    staged.add("A", RUNS)
    staged.add("B", RUNS)
    staged.add("Both", RUNS, after=("A", "B"))
    staged.add("Mend", RUNS, after=("B",))
    staged.activities[-1]["dependsOn"].append({"activity": "A", "dependencyConditions": ["Failed"]})
    assert main(staged.arguments("--from", "B")) == 0
    assert staged.statuses() == {"A": "NotRun", "B": "Succeeded", "Both": "Succeeded", "Mend": "Skipped"}
    assert reason(staged, "Mend") == "'A' was not run and counts as Succeeded, needed Failed"


def test_a_failure_is_one_though_its_handler_is_not_run(staged: Staged) -> None:
    staged.add("A", "raise SystemExit(1)")
    staged.add("Mend", RUNS)
    staged.activities[-1]["dependsOn"] = [{"activity": "A", "dependencyConditions": ["Failed"]}]
    assert main(staged.arguments("--only", "A")) == 1
    assert staged.statuses() == {"A": "Failed", "Mend": "NotRun"}
    assert staged.report()["outcome"] == "Failed"


def test_what_is_not_run_need_not_be_able_to(staged: Staged) -> None:
    staged.raw("Copy", "Copy", typeProperties={})
    staged.raw("Call", "ExecutePipeline", typeProperties={"pipeline": {"referenceName": "nowhere"}})
    staged.add("B", RUNS, after=("Copy", "Call"))
    assert main(staged.arguments("--only", "B")) == 0


def test_a_stub_stands_in_for_what_is_not_named(staged: Staged, tmp_path: Path) -> None:
    staged.raw("Look", "Lookup", typeProperties={})
    staged.add("Use", RUNS, "@{activity('Look').output.rows}", after=("Look",))
    (tmp_path / "look.json").write_text('{"rows": 7}')
    assert main(staged.arguments("--only", "Use", "--stub", f"Look={tmp_path / 'look.json'}")) == 0
    assert staged.log("Use.1.log") == "ran 7\n"


def test_reading_what_is_not_run_is_said_before_anything_starts(
    staged: Staged, capsys: pytest.CaptureFixture[str]
) -> None:
    staged.add("A", RUNS)
    staged.add("B", RUNS, "@{activity('a').output.runPageUrl}", after=("A",))
    assert main(staged.arguments("--only", "B")) == 1
    assert (
        "RUN026  'B' reads 'A', which is not run. Name it too (--only), give it an output (--stub), or take that "
        "from the last report (--resume)." in capsys.readouterr().err
    )
    assert not staged.output.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--only", "Ingst"], "--only: The pipeline has no activity 'Ingst'. Did you mean 'Ingest'?"),
        (["--from", "Ingst", "--only", "x y"], "--only: The pipeline has no activity 'x y'.\n--from: The pipeline has"),
        (["--only", "Off"], "--only: 'Off' is switched off: it is Inactive, and never runs."),
        (["--only", "Step"], "--only: 'Step' stands in the Until 'Poll', which might never end without the rest of it"),
    ],
)
def test_a_name_that_cannot_be_meant_is_wrong_usage(
    staged: Staged, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    staged.add("Ingest", RUNS)
    staged.add("Off", RUNS, state="Inactive")
    wait = {"name": "Step", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 0}}
    staged.raw("Poll", "Until", typeProperties={"expression": expression("@equals(1, 1)"), "activities": [wait]})
    assert main(staged.arguments(*arguments)) == 2
    assert message in capsys.readouterr().err
    assert not staged.output.exists()


def test_names_are_of_one_pipeline(staged: Staged, stage: Any, capsys: pytest.CaptureFixture[str]) -> None:
    other = stage("other")
    other.add("A", RUNS)
    staged.add("A", RUNS)
    assert main(["run", str(staged.write()), str(other.write()), "--only", "A"]) == 2
    assert "--only and --from name activities of one pipeline." in capsys.readouterr().err


class TestContainers:
    def test_run_whole_where_they_are_named(self, staged: Staged) -> None:
        staged.add("A", RUNS)
        inner = [script(staged, "One", "@string(item())"), script(staged, "Two", after=("One",))]
        staged.raw("Loop", "ForEach", ("A",), typeProperties={"items": expression("@range(0, 2)"), "activities": inner})
        assert main(staged.arguments("--only", "Loop")) == 0
        counts = staged.report()["activities"][1]["counts"]
        assert counts == {"One": {"Succeeded": 2}, "Two": {"Succeeded": 2}}

    def test_run_in_part_around_a_named_activity(self, staged: Staged) -> None:
        inner = [script(staged, "One"), script(staged, "Two", "@string(item())", after=("One",))]
        staged.raw("Loop", "ForEach", typeProperties={"items": expression("@range(5, 2)"), "activities": inner})
        staged.add("After", RUNS, after=("Loop",))
        assert main(staged.arguments("--only", "two")) == 0
        loop, after = staged.report()["activities"]
        assert (loop["status"], after["status"]) == ("Succeeded", "NotRun")
        assert loop["counts"] == {"One": {"NotRun": 2}, "Two": {"Succeeded": 2}}
        assert sorted(path.read_text() for path in (staged.output / "logs").iterdir()) == ["ran 5\n", "ran 6\n"]

    def test_let_what_follows_them_run_from_a_named_activity_on(self, staged: Staged) -> None:
        staged.add("Before", RUNS)
        yes = [script(staged, "One"), script(staged, "Two", after=("One",)), script(staged, "Three", after=("Two",))]
        properties = {"expression": expression("@equals(1, 1)"), "ifTrueActivities": yes}
        staged.raw("If", "IfCondition", ("Before",), typeProperties=properties)
        staged.add("After", RUNS, after=("If",))
        assert main(staged.arguments("--from", "Two")) == 0
        assert staged.statuses() == {"Before": "NotRun", "If": "Succeeded", "After": "Succeeded"}
        inside = staged.report()["activities"][1]["scopes"][0]["activities"]
        assert [one["status"] for one in inside] == ["NotRun", "Succeeded", "Succeeded"]

    def test_say_that_a_named_activity_was_not_come_to(
        self, staged: Staged, capsys: pytest.CaptureFixture[str]
    ) -> None:
        properties = {"expression": expression("@equals(1, 2)"), "ifTrueActivities": [script(staged, "One")]}
        staged.raw("If", "IfCondition", typeProperties=properties)
        assert main(staged.arguments("--only", "One")) == 0
        assert "The run never came to 'One'.\n" in capsys.readouterr().out

    def test_that_start_a_pipeline_run_all_of_it(self, staged: Staged, tmp_path: Path) -> None:
        staged.add("A", RUNS)
        staged.raw("Call", "ExecutePipeline", ("A",), typeProperties={"pipeline": {"referenceName": "child"}})
        child = {"name": "child", "properties": {"activities": [script(staged, "A"), script(staged, "B")]}}
        (tmp_path / "child.json").write_text(json.dumps(child))
        assert main(staged.arguments("--only", "Call", "--pipelines", str(tmp_path / "child.json"))) == 0
        assert staged.statuses() == {"A": "NotRun", "Call": "Succeeded"}
        inside = staged.report()["activities"][1]["run"]["activities"]
        assert [one["status"] for one in inside] == ["Succeeded", "Succeeded"]
