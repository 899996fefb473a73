"""Real runs of several pipeline directories by one command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from activities_gen.cli import main
from activities_gen.run.real import write_report

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Staged

    from activities_gen.run import RunResult

    Stage = Callable[[str], Staged]

RUNS = "print('ran')"
FAILS = "import sys; sys.exit(1)"
DAY = {"day": {"type": "string"}}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def write(stage: Stage) -> Callable[..., Staged]:
    """Writes a pipeline directory with one activity."""

    def directory(place: str, text: str = RUNS, *parameters: str, name: str = "Work", **properties: Any) -> Staged:
        staged = stage(place)
        staged.properties = properties
        staged.add(name, text, *parameters)
        staged.write()
        return staged

    return directory


def with_trigger(staged: Staged, parameters: dict[str, str]) -> None:
    reference = {"pipelineReference": {"referenceName": staged.root.name}, "parameters": parameters}
    trigger = {"name": "T", "properties": {"type": "TumblingWindowTrigger", "pipeline": reference}}
    (staged.root / "trigger.json").write_text(json.dumps(trigger))


def reports(*places: str) -> list[dict[str, Any]]:
    """The report of the one run of each directory."""
    return [json.loads(path.read_text()) for place in places for path in Path(place).glob("runs/*/report.json")]


def started() -> list[str]:
    """What lies in the run folders of all directories."""
    return [str(path) for path in Path().glob("*/runs/*")]


class TestTheDirectories:
    def test_run_in_the_order_given(self, write: Callable[..., Staged], capsys: pytest.CaptureFixture[str]) -> None:
        write("b")
        write("a")
        assert main(["run", "b", "a"]) == 0
        assert [line for line in capsys.readouterr().out.splitlines() if line.startswith("[")] == [
            "[1/2] b",
            "[2/2] a",
        ]
        second, first = reports("a", "b")
        assert first["end"] <= second["start"]

    def test_are_found_and_sorted(self, write: Callable[..., Staged], capsys: pytest.CaptureFixture[str]) -> None:
        for place in ("b", "deep/a 🎉", ".hidden/c"):
            write(place)
        assert main(["run", "--all"]) == 0
        said = capsys.readouterr().out
        assert [line for line in said.splitlines() if line.startswith("[")] == [
            "[1/2] b",
            "[2/2] a 🎉 in deep/a 🎉",
        ]

    def test_have_their_reports_and_logs_to_themselves(self, write: Callable[..., Staged]) -> None:
        write("a")
        write("b")
        assert main(["run", "a", "b"]) == 0
        assert [len(list(Path(place).glob("runs/*/logs/Work.1.log"))) for place in ("a", "b")] == [1, 1]

    def test_share_an_output_folder_by_the_names_of_their_pipelines(self, stage: Stage) -> None:
        for place, name in (("a", "nightly load 🎉"), ("b", "../x/y"), ("c", "..\\x/Y")):
            staged = stage(place)
            staged.add("Work", RUNS)
            staged.write()
            (staged.root / "pipeline.json").write_text(
                json.dumps({"name": name, "properties": {"activities": staged.activities}})
            )
        assert main(["run", "a", "b", "c", "--output", "out"]) == 0
        assert sorted(path.name for path in Path("out").iterdir()) == ["nightly load 🎉", "x-Y-2", "x-y"]
        assert len(list(Path("out").glob("*/report.json"))) == 3

    def test_that_are_named_twice_run_once(
        self, write: Callable[..., Staged], capsys: pytest.CaptureFixture[str]
    ) -> None:
        write("a")
        assert main(["run", "a", "./a/"]) == 0
        assert len(started()) == 1
        assert "[1/1]" not in capsys.readouterr().out

    def test_may_stand_among_the_options(self, write: Callable[..., Staged]) -> None:
        write("a")
        write("b")
        assert main(["run", "a", "--limit", "1", "b"]) == 0
        assert len(started()) == 2

    def test_with_a_bare_list_of_activities_name_its_pipeline(self, write: Callable[..., Staged]) -> None:
        staged = write("listed", "import sys; print(sys.argv[1])", "@pipeline().Pipeline")
        (staged.root / "pipeline.json").unlink()
        (staged.root / "activities.json").write_text(json.dumps(staged.activities))
        assert main(["run", "--all", "--output", "out"]) == 0
        assert Path("out/listed/logs/Work.1.log").read_text() == "listed\n"


class TestAPipelineThatFails:
    def test_does_not_keep_the_others_from_running(
        self, write: Callable[..., Staged], capsys: pytest.CaptureFixture[str]
    ) -> None:
        write("a", FAILS)
        write("b")
        assert main(["run", "--all"]) == 1
        assert [report["outcome"] for report in reports("a", "b")] == ["Failed", "Succeeded"]
        lines = capsys.readouterr().out.splitlines()[-3:]
        assert [line.split()[:2] for line in lines] == [["pipeline", "outcome"], ["a", "Failed"], ["b", "Succeeded"]]

    def test_to_have_its_report_written_is_a_finding(
        self, write: Callable[..., Staged], capsys: pytest.CaptureFixture[str]
    ) -> None:
        text = "import shutil; shutil.rmtree('{}/out/a')"
        write("a", text.format(Path().absolute()))
        write("b")
        assert main(["run", "--all", "--output", "out"]) == 1
        assert "RUN024  Cannot be written" in capsys.readouterr().err
        assert Path("out/b/report.json").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_run_under_way_and_starts_no_other(
    write: Callable[..., Staged], number: signal.Signals
) -> None:
    write(
        "a", "import pathlib, sys, time; pathlib.Path(sys.argv[1]).touch(); time.sleep(60)", str(Path("up").absolute())
    )
    write("b")
    command = [sys.executable, "-m", "activities_gen", "run", "--all"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 30
        while not Path("up").exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(number)
        said, _ = process.communicate(timeout=20)
    assert process.returncode == 1
    assert [line.split()[:2] for line in said.splitlines()[-2:]] == [["a", "Cancelled"], ["b", "not"]]
    assert [path.partition("/")[0] for path in started()] == ["a"]


def test_a_signal_between_two_runs_loses_no_report(
    write: Callable[..., Staged], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write("a")
    write("b")

    def interrupted(result: RunResult, output: Path) -> None:
        signal.raise_signal(signal.SIGINT)
        write_report(result, output)

    monkeypatch.setattr("activities_gen.cli.run.write_report", interrupted)
    assert main(["run", "--all"]) == 1
    assert [report["outcome"] for report in reports("a", "b")] == ["Succeeded"]
    assert capsys.readouterr().out.splitlines()[-1].split() == ["b", "not", "started"]


def test_the_runs_go_on_when_nobody_reads_their_output(write: Callable[..., Staged]) -> None:
    write("a", "import time; time.sleep(0.5)")
    write("b")
    command = [sys.executable, "-m", "activities_gen", "run", "--all"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        _, errors = process.communicate(timeout=20)
    assert errors == b""
    assert [report["outcome"] for report in reports("a", "b")] == ["Succeeded", "Succeeded"]


class TestBeforeAnythingStarts:
    def test_all_that_is_wrong_is_said_of_all(self, stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
        for place in ("a", "b"):
            staged = stage(place)
            staged.properties["parameters"] = {"day": {"type": "string"}}
            staged.add("Fine", RUNS)
            staged.raw("Copy", "Copy", typeProperties={})
            staged.write()
        (Path("b") / "artifacts" / "fine.py").unlink()
        Path("c").mkdir()
        assert main(["run", "a", "b", "c", "--limit", "0"]) == 2
        said = capsys.readouterr().err.splitlines()
        assert [(line.partition("/")[0].partition(" ")[0], line.split("  ")[2]) for line in said[:4]] == [
            ("c", "RUN020"),
            ("a", "RUN021"),
            ("b", "RUN022"),
            ("b", "RUN021"),
        ]
        assert said[4:] == [
            "activities-gen run: --limit must be at least 1.",
            "a: The pipeline needs --parameters day=…",
            "b: The pipeline needs --parameters day=…",
            "Try 'activities-gen run --help'.",
        ]
        assert started() == []

    def test_two_pipelines_of_one_name_are_a_finding(
        self, write: Callable[..., Staged], capsys: pytest.CaptureFixture[str]
    ) -> None:
        write("a/load")
        write("b/Load")
        assert main(["run", "--all"]) == 1
        assert capsys.readouterr().err == (
            "b/Load/pipeline.json  error  GEN050  The pipeline 'Load' has the same name as that of 'a/load/'; "
            "a data factory tells pipelines apart by their names, whatever the letter case. Rename one.\n"
        )

    def test_directories_that_do_not_exist_are_all_named(
        self, write: Callable[..., Staged], capsys: pytest.CaptureFixture[str]
    ) -> None:
        write("a")
        assert main(["run", "x", "a", "y"]) == 2
        assert capsys.readouterr().err == (
            "activities-gen run: There is no directory 'x'.\nThere is no directory 'y'.\n"
            "Try 'activities-gen run --help'.\n"
        )

    def test_an_output_folder_that_cannot_be_keeps_all_from_starting(
        self, write: Callable[..., Staged], capsys: pytest.CaptureFixture[str]
    ) -> None:
        write("a")
        write("b")
        Path("out").mkdir()
        Path("out/b").write_text("a file")
        assert main(["run", "--all", "--output", "out"]) == 1
        assert "out/b  error  RUN024" in capsys.readouterr().err
        assert not Path("out/a").exists()


class TestOptions:
    def test_a_parameter_goes_to_each_pipeline_that_has_it(self, write: Callable[..., Staged]) -> None:
        says = "import sys; print(*sys.argv[1:])"
        write("a", says, "@pipeline().parameters.day", parameters=DAY)
        write("b", says, "@pipeline().parameters.Day", parameters={"Day": {"type": "string"}})
        write("c", parameters={"other": {"type": "int", "defaultValue": 1}})
        assert main(["run", "--all", "--output", "out", "--parameters", "day=monday"]) == 0
        assert [Path(f"out/{place}/logs/Work.1.log").read_text() for place in "ab"] == ["monday\n"] * 2

    def test_a_parameter_that_none_has_is_wrong_usage(
        self, write: Callable[..., Staged], capsys: pytest.CaptureFixture[str]
    ) -> None:
        write("a", parameters=DAY)
        write("b")
        assert main(["run", "--all", "--parameters", "day=1", "dya=1"]) == 2
        assert "run: No pipeline has a parameter 'dya'. Did you mean 'day'?\n" in capsys.readouterr().err

    def test_a_value_of_another_type_is_told_of_its_directory(
        self, write: Callable[..., Staged], capsys: pytest.CaptureFixture[str]
    ) -> None:
        write("a", parameters={"n": {"type": "int"}})
        write("b", parameters={"n": {"type": "string"}})
        assert main(["run", "--all", "--parameters", "n=x"]) == 2
        assert capsys.readouterr().err.splitlines()[0] == (
            "activities-gen run: a: The parameter 'n' is of type int; 'x' is not."
        )

    def test_a_stub_goes_to_each_pipeline_that_has_the_activity(self, write: Callable[..., Staged]) -> None:
        write("a", FAILS, name="Shared")
        write("b", FAILS, name="Shared")
        write("c")
        Path("stub.json").write_text("{}")
        assert main(["run", "--all", "--stub", "Shared=stub.json"]) == 0

    def test_a_stub_of_one_pipeline_is_named_with_it(self, write: Callable[..., Staged]) -> None:
        write("a", FAILS)
        write("b", FAILS)
        Path("stub.json").write_text("{}")
        assert main(["run", "--all", "--stub", "b/Work=stub.json"]) == 1
        assert [report["outcome"] for report in reports("a", "b")] == ["Failed", "Succeeded"]

    def test_a_stub_that_none_has_is_wrong_usage(
        self, write: Callable[..., Staged], capsys: pytest.CaptureFixture[str]
    ) -> None:
        write("a")
        write("b")
        Path("stub.json").write_text("{}")
        assert main(["run", "--all", "--stub", "Wrok=stub.json"]) == 2
        assert "--stub: There is no activity 'Wrok'" in capsys.readouterr().err

    def test_a_window_is_for_the_pipelines_with_a_trigger(self, write: Callable[..., Staged]) -> None:
        with_trigger(
            write("a", "import sys; print(sys.argv[1])", "@pipeline().parameters.day", parameters=DAY),
            {"day": "@trigger().outputs.windowStartTime"},
        )
        write("b")
        assert main(["run", "--all", "--output", "out", "--window", "2026-01-01/2026-01-02"]) == 0
        assert Path("out/a/logs/Work.1.log").read_text() == "2026-01-01T00:00:00Z\n"

    def test_a_window_where_no_pipeline_has_a_trigger_is_refused(
        self, write: Callable[..., Staged], capsys: pytest.CaptureFixture[str]
    ) -> None:
        write("a")
        write("b")
        assert main(["run", "--all", "--window", "2026-01-01/2026-01-02"]) == 1
        assert [line.split("  ")[::2] for line in capsys.readouterr().err.splitlines()] == [
            ["a", "RUN020"],
            ["b", "RUN020"],
        ]

    def test_a_trigger_that_cannot_be_evaluated_is_a_finding(
        self, write: Callable[..., Staged], capsys: pytest.CaptureFixture[str]
    ) -> None:
        with_trigger(write("a"), {"day": "@nonsense(1)"})
        assert main(["run", "a", "--window", "2026-01-01/2026-01-02"]) == 1
        assert capsys.readouterr().err.startswith(
            "a/trigger.json  error  RUN013  The trigger's parameters cannot be evaluated: 'nonsense' is not a function"
        )


@pytest.mark.usefixtures("_parent_and_child")
class TestPipelinesThatStartEachOther:
    @pytest.fixture
    def _parent_and_child(self, stage: Stage, write: Callable[..., Staged]) -> None:
        """A pipeline that starts another, whose script has the name of one of its own."""
        write("child", "print('the child')")
        parent = stage("parent")
        parent.add("Work", "print('the parent')")
        reference = {"pipeline": {"referenceName": "child"}, "waitOnCompletion": True}
        parent.raw("Call", "ExecutePipeline", typeProperties=reference)
        parent.write()

    @pytest.mark.parametrize(
        "arguments", [["child"], ["child", "--pipelines", "child"]], ids=["beside", "and by --pipelines"]
    )
    def test_are_found_among_those_that_run(self, arguments: list[str]) -> None:
        assert main(["run", "parent", *arguments, "--output", "out"]) == 0
        assert len(list(Path("out/parent/logs").iterdir())) == 2

    def test_have_their_own_staged_files(self) -> None:
        assert main(["run", "parent", "--pipelines", "child", "--output", "out"]) == 0
        assert sorted(log.read_text() for log in Path("out/logs").iterdir()) == ["the child\n", "the parent\n"]

    @pytest.mark.parametrize("arguments", [["child"], ["--pipelines", "child/pipeline.json"]], ids=["run", "further"])
    def test_are_not_missed_where_the_file_of_one_cannot_be_read(
        self, arguments: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        Path("child/pipeline.json").write_text("[,]")
        assert main(["run", "parent", *arguments]) == 1
        (said,) = capsys.readouterr().err.splitlines()
        assert said.startswith("child/pipeline.json:1:2  error  ADF001")

    def test_are_not_looked_for_below_a_folder(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["run", "parent", "--pipelines", "."]) == 2
        assert capsys.readouterr().err == (
            "activities-gen run: --pipelines: '.' holds no JSON file. Name pipeline directories, or a folder of JSON "
            "files.\nTry 'activities-gen run --help'.\n"
        )

    def test_in_a_circle_are_a_finding(self, stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
        child = stage("child-too")
        child.root = Path("child")
        child.raw("Back", "ExecutePipeline", typeProperties={"pipeline": {"referenceName": "parent"}})
        child.write()
        assert main(["run", "parent", "child"]) == 1
        assert "RUN007  Circular reference not allowed" in capsys.readouterr().err
