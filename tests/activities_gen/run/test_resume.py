"""Runs that go on from the report of an earlier one: --resume."""

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
ONCE_BROKEN = "import pathlib, sys; print('ran', *sys.argv[2:]); sys.exit(not pathlib.Path(sys.argv[1]).exists())"
"""Fails until a file is there."""


def expression(text: str) -> dict[str, str]:
    return {"type": "Expression", "value": text}


def run(staged: Staged, *more: str) -> int:
    """Run with reports where they are by default."""
    return main(["run", str(staged.write()), *more])


def reports(staged: Staged) -> list[Path]:
    return sorted((staged.root / "runs").glob("*/report.json"))


def last(staged: Staged) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(reports(staged)[-1].read_text())
    return report


def statuses(staged: Staged) -> dict[str, str]:
    return {activity["name"]: activity["status"] for activity in last(staged)["activities"]}


def log(staged: Staged, name: str) -> str:
    return (reports(staged)[-1].parent / "logs" / name).read_text()


@pytest.fixture
def mended(tmp_path: Path) -> Path:
    """The file that lets what is broken work, not there yet."""
    return tmp_path / "mended"


def three(staged: Staged, mended: Path) -> None:
    """A, then B, which is broken, then C."""
    staged.add("A", RUNS)
    staged.add("B", ONCE_BROKEN, str(mended), after=("A",))
    staged.add("C", RUNS, after=("B",))


def test_what_succeeded_is_not_run_again(
    staged: Staged, mended: Path, capsys: pytest.CaptureFixture[str], report_schema: Any
) -> None:
    three(staged, mended)
    assert run(staged) == 1
    assert statuses(staged) == {"A": "Succeeded", "B": "Failed", "C": "Skipped"}
    first = last(staged)
    mended.touch()
    capsys.readouterr()
    assert run(staged, "--resume") == 0
    assert statuses(staged) == {"A": "NotRun", "B": "Succeeded", "C": "Succeeded"}
    taken = last(staged)["activities"][0]
    assert taken["earlier"] == {"runId": first["runId"], "status": "Succeeded", "end": first["activities"][0]["end"]}
    assert taken["output"] == first["activities"][0]["output"]
    jsonschema.Draft202012Validator(report_schema).validate(last(staged))
    printed = capsys.readouterr().out
    assert f"Going on from the run of {first['start']}, which failed: {reports(staged)[0]}" in printed
    assert f"A  not run: Succeeded at {taken['earlier']['end'][:19]}Z" in printed


def test_a_resumed_run_can_be_resumed_in_turn(staged: Staged, mended: Path) -> None:
    three(staged, mended)
    assert run(staged) == 1
    first = last(staged)["runId"]
    assert run(staged, "--resume") == 1
    mended.touch()
    assert run(staged, "--resume") == 0
    assert statuses(staged) == {"A": "NotRun", "B": "Succeeded", "C": "Succeeded"}
    assert last(staged)["activities"][0]["earlier"]["runId"] == first


def test_later_expressions_evaluate_as_they_would(staged: Staged, mended: Path, tmp_path: Path) -> None:
    staged.properties["variables"] = {"seen": {"type": "Array", "defaultValue": []}, "day": {"type": "String"}}
    staged.properties["parameters"] = {"region": {"type": "string"}}
    staged.raw("Look", "Lookup", typeProperties={})
    staged.raw("Day", "SetVariable", ("Look",), typeProperties={"variableName": "day", "value": "2026-01-01"})
    staged.raw("Add", "AppendVariable", ("Day",), typeProperties={"variableName": "seen", "value": "x"})
    pairs = [{"key": "rows", "value": {"type": "Expression", "content": "@activity('Look').output.rows"}}]
    properties = {"variableName": "pipelineReturnValue", "setSystemVariable": True, "value": pairs}
    staged.raw("Return", "SetVariable", ("Add",), typeProperties=properties)
    reads = ("@{activity('Look').output.rows}", "@variables('day')", "@{variables('seen')}", "@activity('Add').Status")
    parameters = (*reads, "@pipeline().parameters.region")
    staged.add("B", ONCE_BROKEN, str(mended), *parameters, after=("Return",))
    (tmp_path / "look.json").write_text('{"rows": 7}')
    stub = ("--stub", f"Look={tmp_path / 'look.json'}")
    assert run(staged, *stub, "--parameters", "region=north") == 1
    before = last(staged)
    mended.touch()
    assert run(staged, "--resume") == 0  # neither the stub nor the parameter is given again
    assert log(staged, "B.1.log") == 'ran 7 2026-01-01 ["x"] Succeeded north\n'
    after = last(staged)
    assert [(key, after[key]) for key in ("variables", "returnValue", "parameters")] == [
        (key, before[key]) for key in ("variables", "returnValue", "parameters")
    ]


def test_what_depends_on_what_runs_again_runs_again(staged: Staged, mended: Path) -> None:
    staged.add("A", ONCE_BROKEN, str(mended))
    staged.add("Always", RUNS)
    staged.activities[-1]["dependsOn"] = [{"activity": "A", "dependencyConditions": ["Completed"]}]
    staged.add("Mend", RUNS)
    staged.activities[-1]["dependsOn"] = [{"activity": "A", "dependencyConditions": ["Failed"]}]
    staged.add("Apart", RUNS)
    assert run(staged) == 0  # its failure is handled
    mended.touch()
    assert run(staged, "--resume") == 0
    assert statuses(staged) == {"A": "Succeeded", "Always": "Succeeded", "Mend": "Skipped", "Apart": "NotRun"}


def test_what_was_skipped_or_is_switched_off_lets_what_follows_it_rest(staged: Staged, mended: Path) -> None:
    staged.add("A", RUNS)
    staged.add("Mend", RUNS)
    staged.activities[-1]["dependsOn"] = [{"activity": "A", "dependencyConditions": ["Failed"]}]
    staged.add("Off", RUNS, state="Inactive")
    staged.add("Next", RUNS, after=("Off",))
    staged.activities[-1]["dependsOn"].append({"activity": "Mend", "dependencyConditions": ["Skipped"]})
    staged.add("B", ONCE_BROKEN, str(mended), after=("Next",))
    assert run(staged) == 1
    (staged.root / "artifacts" / "next.py").unlink()
    mended.touch()
    assert run(staged, "--resume") == 0
    expected = {"A": "NotRun", "Mend": "Skipped", "Off": "Inactive", "Next": "NotRun", "B": "Succeeded"}
    assert statuses(staged) == expected


def test_a_failure_that_was_handled_is_tried_again_and_handled_again(staged: Staged) -> None:
    staged.add("A", RUNS)
    staged.add("B", "raise SystemExit(1)", after=("A",))
    staged.add("Mend", RUNS)
    staged.activities[-1]["dependsOn"] = [{"activity": "B", "dependencyConditions": ["Failed"]}]
    assert run(staged) == 0
    assert run(staged, "--resume") == 0
    assert statuses(staged) == {"A": "NotRun", "B": "Failed", "Mend": "Succeeded"}


class TestContainers:
    def loop(self, staged: Staged, items: str, *more: dict[str, Any]) -> None:
        script = staged.script(
            "inner.py", "import sys; print('ran', *sys.argv[1:]); sys.exit(sys.argv[1] == sys.argv[2])"
        )
        properties = {"pythonFile": script, "parameters": ["@string(item())", "@pipeline().parameters.bad"]}
        inner = {"name": "Inner", "type": "DatabricksSparkPython", "typeProperties": properties}
        staged.properties["parameters"] = {"bad": {"type": "string"}}
        staged.raw("Loop", "ForEach", typeProperties={"items": expression(items), "activities": [inner, *more]})

    def test_repeat_the_passes_that_failed(self, staged: Staged) -> None:
        self.loop(staged, "@range(1, 3)")
        assert run(staged, "--parameters", "bad=2") == 1
        assert run(staged, "--resume", "--parameters", "bad=none") == 0
        assert last(staged)["activities"][0]["counts"] == {"Inner": {"NotRun": 2, "Succeeded": 1}}
        assert [path.read_text() for path in (reports(staged)[-1].parent / "logs").iterdir()] == ["ran 2 none\n"]

    def test_repeat_the_passes_of_other_items(self, staged: Staged) -> None:
        self.loop(staged, "@createArray(1, 2)")
        assert run(staged, "--parameters", "bad=2") == 1
        staged.activities.clear()
        self.loop(staged, "@createArray('1', 2)")  # a text is another item
        assert run(staged, "--resume", "--parameters", "bad=none") == 0
        assert last(staged)["activities"][0]["counts"] == {"Inner": {"Succeeded": 2}}

    def test_repeat_what_failed_in_a_branch_and_read_what_did_not(self, staged: Staged, mended: Path) -> None:
        (staged.root / "x").touch()
        script = {"pythonFile": staged.script("b.py", ONCE_BROKEN)}
        filtered = {"items": expression("@range(0, 3)"), "condition": expression("@greater(item(), 0)")}
        inner = [
            {"name": "Some", "type": "Filter", "typeProperties": filtered},
            {
                "name": "B",
                "type": "DatabricksSparkPython",
                "dependsOn": [{"activity": "Some", "dependencyConditions": ["Succeeded"]}],
                "typeProperties": {
                    **script,
                    "parameters": [str(mended), "@{activity('Some').output.FilteredItemsCount}"],
                },
            },
        ]
        properties = {"expression": expression("@equals(1, 1)"), "ifTrueActivities": inner}
        staged.raw("If", "IfCondition", typeProperties=properties)
        staged.add("After", RUNS, "@{activity('Some').output.FilteredItemsCount}", after=("If",))
        assert run(staged) == 1
        mended.touch()
        assert run(staged, "--resume") == 0
        inside = last(staged)["activities"][0]["scopes"][0]["activities"]
        assert [one["status"] for one in inside] == ["NotRun", "Succeeded"]
        assert log(staged, "After.1.log") == "ran 2\n"

    def test_that_succeeded_let_later_expressions_see_inside_of_them(self, staged: Staged, mended: Path) -> None:
        filtered = {"items": expression("@range(0, 3)"), "condition": expression("@greater(item(), 0)")}
        some = {"name": "Some", "type": "Filter", "typeProperties": filtered}
        properties = {"expression": expression("@equals(1, 1)"), "ifTrueActivities": [some]}
        staged.raw("If", "IfCondition", typeProperties=properties)
        staged.add("B", ONCE_BROKEN, str(mended), "@{activity('Some').output.FilteredItemsCount}", after=("If",))
        for _ in range(2):
            assert run(staged, *(["--resume"] if reports(staged) else [])) == 1
        mended.touch()
        assert run(staged, "--resume") == 0
        assert (statuses(staged)["If"], log(staged, "B.1.log")) == ("NotRun", "ran 2\n")

    def test_that_poll_begin_anew(self, staged: Staged, mended: Path) -> None:
        script = {"pythonFile": staged.script("b.py", ONCE_BROKEN), "parameters": [str(mended)]}
        inner = [
            {"name": "Pause", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 0}},
            {"name": "B", "type": "DatabricksSparkPython", "typeProperties": script},
        ]
        staged.raw("Poll", "Until", typeProperties={"expression": expression("@equals(1, 1)"), "activities": inner})
        assert run(staged) == 1
        mended.touch()
        assert run(staged, "--resume") == 0
        inside = last(staged)["activities"][0]["scopes"][0]["activities"]
        assert [one["status"] for one in inside] == ["Succeeded", "Succeeded"]

    @pytest.mark.parametrize(("again", "expected"), [("1", "NotRun"), ("2", "Succeeded")])
    def test_that_start_a_pipeline_go_on_in_it_where_its_parameters_are_the_same(
        self, staged: Staged, mended: Path, tmp_path: Path, again: str, expected: str
    ) -> None:
        script = {"pythonFile": staged.script("b.py", ONCE_BROKEN), "parameters": [str(mended), "@variables('v')"]}
        inner = [
            {"name": "Set", "type": "SetVariable", "typeProperties": {"variableName": "v", "value": "set"}},
            {
                "name": "B",
                "type": "DatabricksSparkPython",
                "dependsOn": [{"activity": "Set", "dependencyConditions": ["Succeeded"]}],
                "typeProperties": script,
            },
        ]
        declared = {"parameters": {"n": {"type": "string"}}, "variables": {"v": {"type": "String"}}}
        (tmp_path / "child.json").write_text(
            json.dumps({"name": "child", "properties": {**declared, "activities": inner}})
        )
        staged.properties["parameters"] = {"n": {"type": "string"}}
        reference = {
            "pipeline": {"referenceName": "child"},
            "parameters": {"n": expression("@pipeline().parameters.n")},
        }
        staged.raw("Call", "ExecutePipeline", typeProperties=reference)
        child = ("--pipelines", str(tmp_path / "child.json"))
        assert run(staged, *child, "--parameters", "n=1") == 1
        mended.touch()
        assert run(staged, *child, "--resume", "--parameters", f"n={again}") == 0
        inside = last(staged)["activities"][0]["run"]["activities"]
        assert [one["status"] for one in inside] == [expected, "Succeeded"]
        assert next((reports(staged)[-1].parent / "logs").iterdir()).read_text() == "ran set\n"


class TestWithNames:
    def test_the_rest_is_taken_from_the_report_whatever_became_of_it(self, staged: Staged, mended: Path) -> None:
        three(staged, mended)
        staged.add("Tell", RUNS, "@activity('B').error.errorCode", "@activity('A').Status")
        staged.activities[-1]["dependsOn"] = [{"activity": "B", "dependencyConditions": ["Failed"]}]
        assert run(staged) == 1
        assert run(staged, "--resume", "--only", "Tell") == 0
        assert statuses(staged) == {"A": "NotRun", "B": "NotRun", "C": "NotRun", "Tell": "Succeeded"}
        assert log(staged, "Tell.1.log") == "ran 3204 Succeeded\n"
        mended.touch()
        assert run(staged, "--resume") == 0
        assert statuses(staged) == {"A": "NotRun", "B": "Succeeded", "C": "Succeeded", "Tell": "Skipped"}

    def test_what_is_named_runs_again(self, staged: Staged, mended: Path) -> None:
        three(staged, mended)
        mended.touch()
        assert run(staged) == 0
        assert run(staged, "--resume", "--from", "B") == 0
        assert statuses(staged) == {"A": "NotRun", "B": "Succeeded", "C": "Succeeded"}


class TestWhatIsSaid:
    def test_of_activities_that_changed_since(
        self, staged: Staged, mended: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        three(staged, mended)
        assert run(staged) == 1
        staged.activities[0]["typeProperties"]["parameters"] = ["other"]
        staged.activities[1]["typeProperties"]["parameters"] = [str(mended), "other"]
        mended.touch()
        assert run(staged, "--resume") == 0
        assert "Changed since, and not run again: 'A'. To run them: --from NAME.\n" in capsys.readouterr().out

    def test_of_parameters_that_are_others(
        self, staged: Staged, mended: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        staged.properties["parameters"] = {"n": {"type": "int"}, "m": {"type": "int"}}
        three(staged, mended)
        assert run(staged, "--parameters", "n=1", "m=1") == 1
        assert run(staged, "--resume", "--parameters", "N=2") == 1
        assert last(staged)["parameters"] == {"n": 2, "m": 1}
        assert "Not as in that run are the parameters 'n'.\n" in capsys.readouterr().out

    def test_of_runs_that_left_no_report(
        self, staged: Staged, mended: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        three(staged, mended)
        assert run(staged) == 1
        (staged.root / "runs" / "99990101T000000.000000Z").mkdir()
        assert run(staged, "--resume") == 1
        assert "Later runs left no report: 99990101T000000.000000Z.\n" in capsys.readouterr().out

    def test_of_outputs_that_the_report_does_not_have(
        self, staged: Staged, mended: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for name in ("Read", "Unread"):
            staged.raw(name, "Lookup", typeProperties={}, policy={"secureOutput": True})
        staged.add("B", ONCE_BROKEN, str(mended), "@{activity('Read').output.rows}", after=("Read", "Unread"))
        (tmp_path / "look.json").write_text('{"rows": 7}')
        stubs = [part for name in ("Read", "Unread") for part in ("--stub", f"{name}={tmp_path / 'look.json'}")]
        assert run(staged, *stubs) == 1
        mended.touch()
        assert run(staged, "--resume", *stubs) == 0
        assert statuses(staged) == {"Read": "Succeeded", "Unread": "NotRun", "B": "Succeeded"}
        printed = capsys.readouterr().out
        assert "Run again, for the report does not have all of what they gave: 'Read'.\n" in printed


def test_what_is_not_run_again_need_not_be_able_to(staged: Staged, mended: Path) -> None:
    three(staged, mended)
    assert run(staged) == 1
    (staged.root / "artifacts" / "a.py").unlink()
    mended.touch()
    assert run(staged, "--resume") == 0


def test_an_activity_that_is_new_or_of_another_type_runs(staged: Staged, mended: Path) -> None:
    staged.raw("A", "Wait", typeProperties={"waitTimeInSeconds": 0})
    staged.add("B", ONCE_BROKEN, str(mended), after=("A",))
    assert run(staged) == 1
    staged.activities.clear()
    staged.add("New", RUNS)
    three(staged, mended)
    mended.touch()
    assert run(staged, "--resume") == 0
    assert statuses(staged) == {"New": "Succeeded", "A": "Succeeded", "B": "Succeeded", "C": "Succeeded"}


def test_a_report_may_lie_in_a_given_folder(staged: Staged, mended: Path) -> None:
    three(staged, mended)
    assert main(staged.arguments()) == 1
    mended.touch()
    assert main(staged.arguments("--resume")) == 0
    assert staged.statuses() == {"A": "NotRun", "B": "Succeeded", "C": "Succeeded"}


def test_several_pipelines_go_on_each_from_its_own_run(staged: Staged, stage: Any, mended: Path) -> None:
    other = stage("other")
    three(staged, mended)
    other.add("A", RUNS)
    both = ["run", str(staged.write()), str(other.write())]
    assert main(both) == 1
    mended.touch()
    assert main([*both, "--resume"]) == 0
    assert (statuses(staged)["A"], statuses(other)["A"]) == ("NotRun", "NotRun")


class TestAReportThatIsNoUse:
    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("", ":1:1  error  RUN025  No run can be taken up from this report: The file is empty."),
            ("[]", ":1:1  error  RUN025  No run can be taken up from this report: The whole file must be an object"),
            ('{"mode": "real"}', "The key 'version' is missing. Add it."),
            ('{"version": 2, "mode": "real"}', ":1:2  error  RUN025  "),
            ('{"version": 2, "mode": "real"}', "'version' must be 1, not 2: another release wrote this report."),
            ("[" * 100_000, "Lists and objects are nested deeper than 200."),
            ("\udcff", "The file is neither UTF-8 nor UTF-16 from here on."),
        ],
    )
    def test_is_one_finding(self, staged: Staged, capsys: pytest.CaptureFixture[str], text: str, why: str) -> None:
        staged.add("A", RUNS)
        staged.output.mkdir()
        (staged.output / "report.json").write_bytes(text.encode("utf-8", "surrogateescape"))
        assert main(staged.arguments("--resume")) == 1
        error = capsys.readouterr().err
        assert len(error.splitlines()) == 1
        assert why in error
        assert error.endswith("Run from the start, without --resume.\n")
        assert (staged.output / "report.json").exists()

    @pytest.mark.parametrize(
        "path", [("activities", 0, "status"), ("activities", 1, "error"), ("runId",), ("outcome",)]
    )
    @pytest.mark.parametrize("value", [None, 1, []])
    def test_is_one_finding_where_a_value_is_of_another_type(
        self, staged: Staged, mended: Path, capsys: pytest.CaptureFixture[str], path: tuple[Any, ...], value: Any
    ) -> None:
        three(staged, mended)
        assert main(staged.arguments()) == 1
        report = staged.report()
        holder = report
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = value
        (staged.output / "report.json").write_text(json.dumps(report))
        capsys.readouterr()
        assert main(staged.arguments("--resume")) == 1
        error = capsys.readouterr().err
        assert (error.count("RUN025"), len(error.splitlines())) == (1, 1)

    def test_for_there_is_none_is_one_finding(self, staged: Staged, capsys: pytest.CaptureFixture[str]) -> None:
        staged.add("A", RUNS)
        assert run(staged, "--resume") == 1
        assert (
            "runs  error  RUN025  There is no report of an earlier run to go on from. Run from the start, without --resume."
            in capsys.readouterr().err
        )

    def test_for_it_is_of_another_pipeline_is_one_finding(
        self, staged: Staged, stage: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        other = stage("other")
        other.add("A", RUNS)
        assert main(["run", str(other.write()), "--output", str(staged.output)]) == 0
        staged.add("A", RUNS)
        assert main(staged.arguments("--resume")) == 1
        assert (
            "RUN025  No run can be taken up from this report: it is of the pipeline 'other'." in capsys.readouterr().err
        )

    def test_for_a_variable_is_secret_is_one_finding(
        self, staged: Staged, mended: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        staged.properties["variables"] = {"v": {"type": "String"}}
        staged.properties["parameters"] = {"key": {"type": "SecureString"}}
        properties = {"variableName": "v", "value": expression("@pipeline().parameters.key")}
        staged.raw("Set", "SetVariable", typeProperties=properties)
        staged.add("B", ONCE_BROKEN, str(mended), after=("Set",))
        assert main(staged.arguments("--parameters", "key=s3cr3t")) == 1
        assert main(staged.arguments("--parameters", "key=s3cr3t", "--resume")) == 1
        assert "it does not have all values of the variables, for they are secret or long" in capsys.readouterr().err
