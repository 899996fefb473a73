"""Real runs: processes, their files and environment, their ends."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from activities_gen.cli import main
from activities_gen.findings import FindingsError
from activities_gen.run.live import PlainView
from activities_gen.run.process_executor import ProcessExecutor
from activities_gen.run.real import Job, reserved, run_for_real, secrets_of, write_report
from activities_gen.run.references import reachable
from activities_gen.run.staging import obstacles, read_pipeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Staged

    from activities_gen.run import RunResult
    from activities_gen.run.state import Attempt

RUNS = "print('ran')"
TREE = """
import os, subprocess, sys, time
stubborn = "import os, signal, time; os.setsid(); signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(300)"
child = subprocess.Popen([sys.executable, "-c", stubborn])
open(sys.argv[1], "w").write(f"{os.getpid()} {child.pid}")
time.sleep(300)
"""


def run(staged: Staged, **options: Any) -> RunResult:
    model = read_pipeline(staged.write())
    job = Job(
        model=model,
        pipelines=reachable(model, {}),
        parameters={},
        directory=staged.root,
        output=staged.output,
        python=sys.executable,
        **{"grace": 0.5, **options},
    )
    secrets = secrets_of(job)
    assert obstacles(job.pipelines, job.directory, job.stubs, job.python, job.engine) == []
    with Path(os.devnull).open("w") as nowhere, reserved([job.output]):
        return run_for_real(job, secrets, PlainView(nowhere, secrets))


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.05)


class TestAnActivity:
    def test_gets_its_evaluated_parameters_as_arguments(self, staged: Staged) -> None:
        staged.properties["parameters"] = {"day": {"type": "string"}, "n": {"type": "int", "defaultValue": 3}}
        staged.add(
            "Echo",
            "import sys; print(sys.argv[1:])",
            "--day",
            "@pipeline().parameters.day",
            "@{pipeline().parameters.n}",
            5,
        )
        assert main(staged.arguments("--parameters", "day=2026-01-01 x")) == 0
        assert staged.log("Echo.1.log") == "['--day', '2026-01-01 x', '3', '5']\n"

    def test_imports_the_staged_wheel_as_installed(self, staged: Staged) -> None:
        wheel = staged.wheel("demo", "1.0+abc", "value = 'staged'\n")
        text = "import demo, demo_extra, importlib.metadata as m; print(demo.value, demo_extra.here, m.version('demo'), '.whl' in demo.__file__)"
        staged.add("Import", text, libraries=[wheel])
        assert main(staged.arguments()) == 0
        assert staged.log("Import.1.log") == "staged True 1.0+abc False\n"

    def test_does_not_see_the_sources(self, staged: Staged, monkeypatch: pytest.MonkeyPatch) -> None:
        (staged.root / "demo.py").write_text("value = 'source'")
        (staged.root / "artifacts" / "beside.py").write_text("")
        monkeypatch.setenv("PYTHONPATH", f"{staged.root}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
        monkeypatch.chdir(staged.root)
        staged.add("Import", "import importlib.util as u; print(u.find_spec('demo'), u.find_spec('beside'))")
        assert main(staged.arguments()) == 0
        assert staged.log("Import.1.log") == "None None\n"

    def test_works_in_an_empty_folder_that_is_gone_afterwards(self, staged: Staged) -> None:
        staged.add("Where", "import os; print(os.getcwd(), os.listdir()); open('left', 'w')")
        assert main(staged.arguments()) == 0
        folder, _, content = staged.log("Where.1.log").strip().partition(" ")
        assert content == "[]"
        assert not Path(folder).exists()

    def test_gives_sparks_settings_to_its_spark(self, staged: Staged, tmp_path: Path) -> None:
        settings = tmp_path / "settings"
        settings.write_text("# comment\nspark.pipeline.format parquet\nspark.secret.key=from = file\n")
        text = "import os, pathlib; f = pathlib.Path(os.environ['SPARK_CONF_DIR'], 'spark-defaults.conf'); print(oct(f.stat().st_mode)[-3:]); print(f.read_text())"
        staged.add("Conf", text)
        assert (
            main(
                staged.arguments(
                    "--conf-file", str(settings), "--conf", "spark.pipeline.zone=C:\\new", "--master", "local[3]"
                )
            )
            == 0
        )
        lines = staged.log("Conf.1.log").splitlines()
        assert lines[0] == "600"
        assert {"spark.master local[3]", "spark.pipeline.format parquet", "spark.pipeline.zone C\\:\\\\new"} <= set(
            lines
        )

    def test_fails_with_its_exit_status(self, staged: Staged) -> None:
        staged.add("Fails", "import sys; print('why'); sys.exit(3)")
        staged.add("Next", RUNS, after=("Fails",))
        assert main(staged.arguments()) == 1
        first, second = staged.report()["activities"]
        assert (
            first["error"]["message"] == f"The process ended with exit status 3; see {staged.output}/logs/Fails.1.log."
        )
        assert (second["status"], second["reason"]) == ("Skipped", "'Fails' was Failed, needed Succeeded")

    def test_that_is_killed_fails_and_says_by_what(self, staged: Staged) -> None:
        staged.add("Killed", "import os; os.kill(os.getpid(), 9)")
        assert "was ended by SIGKILL" in run(staged).error

    def test_is_tried_again(self, staged: Staged, tmp_path: Path) -> None:
        text = "import pathlib, sys; f = pathlib.Path(sys.argv[1]); first = not f.exists(); f.touch(); sys.exit(first)"
        staged.add("Flaky", text, str(tmp_path / "seen"), policy={"retry": 1, "retryIntervalInSeconds": 0})
        assert main(staged.arguments()) == 0
        attempts = staged.report()["activities"][0]["attempts"]
        assert [(attempt["number"], attempt["error"] is None) for attempt in attempts] == [(1, False), (2, True)]
        assert sorted(path.name for path in (staged.output / "logs").iterdir()) == ["Flaky.1.log", "Flaky.2.log"]

    def test_may_write_what_is_no_text(self, staged: Staged) -> None:
        staged.add("Noise", "import sys; sys.stdout.buffer.write(b'a\\xff\\r\\n' + b'x' * 200_000)")
        assert main(staged.arguments()) == 0
        log = staged.log("Noise.1.log")
        assert (log.splitlines()[0], log.count("x")) == ("a\ufffd", 200_000)

    def test_whose_log_finds_no_room_goes_on(self, staged: Staged) -> None:
        staged.add("Long", "for _ in range(20_000): print('x' * 60)")
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
        try:
            assert run(staged).succeeded
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert (staged.output / "logs" / "Long.1.log").stat().st_size <= 200_000

    def test_has_a_log_of_its_own_whatever_its_name(self, staged: Staged) -> None:
        for name in ("A 'b'", "A_b_", "🎉" * 90):
            staged.raw(name, "DatabricksSparkPython", typeProperties={"pythonFile": staged.script("x.py", RUNS)})
        assert run(staged, limit=1).succeeded
        names = sorted(path.name for path in (staged.output / "logs").iterdir())
        assert (len(names), names[0]) == (3, "A_b_.1.log")

    def test_with_a_parameter_that_no_process_can_take_fails(self, staged: Staged) -> None:
        staged.add("Zero", RUNS, "a\0b")
        assert "could not be started" in run(staged).error


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at processes through /proc")
class TestWholeTrees:
    def test_end_when_an_attempt_times_out(self, staged: Staged, tmp_path: Path) -> None:
        staged.add("Hangs", TREE, str(tmp_path / "pids"), policy={"timeout": "00:00:01"})
        result = run(staged)
        assert result.error == "Operation on target Hangs failed: The activity timed out."
        assert not any(is_running(int(pid)) for pid in (tmp_path / "pids").read_text().split())

    def test_end_when_the_script_leaves_something_behind(self, staged: Staged, tmp_path: Path) -> None:
        staged.add("Leaves", TREE.replace("time.sleep(300)\n", ""), str(tmp_path / "pids"))
        result = run(staged)
        assert result.succeeded
        pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
        wait_until(lambda: not any(map(is_running, pids)))

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_end_when_the_run_is_interrupted(self, staged: Staged, tmp_path: Path, number: signal.Signals) -> None:
        staged.add("Hangs", TREE, str(tmp_path / "pids"))
        staged.add("Next", RUNS, after=("Hangs",))
        command = [sys.executable, "-m", "activities_gen", *staged.arguments()]
        root = str(Path(__file__).parents[3])
        with subprocess.Popen(
            command, env={**os.environ, "PYTHONPATH": root}, stdout=subprocess.PIPE, text=True
        ) as process:
            wait_until((tmp_path / "pids").exists)
            time.sleep(0.2)
            process.send_signal(number)
            time.sleep(0.3)
            process.send_signal(number)  # the second time, what ignores the first is killed
            process.communicate(timeout=20)
        assert process.returncode == 1
        assert staged.report()["outcome"] == "Cancelled"
        assert staged.statuses() == {"Hangs": "Cancelled", "Next": "Cancelled"}
        assert not any(is_running(int(pid)) for pid in (tmp_path / "pids").read_text().split())

    def test_end_when_the_run_itself_is_killed(self, staged: Staged, tmp_path: Path) -> None:
        staged.add("Hangs", TREE.replace("signal.SIG_IGN", "signal.SIG_DFL"), str(tmp_path / "pids"))
        command = [sys.executable, "-m", "activities_gen", *staged.arguments()]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), "TMPDIR": str(tmp_path)}
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
            wait_until((tmp_path / "pids").exists)
            time.sleep(0.2)
            process.kill()
        pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
        wait_until(lambda: not any(map(is_running, pids)) and not list(tmp_path.glob("activities-gen-run-*")))


class TestSideBySide:
    BARRIER = """
import pathlib, sys, time
here, others = pathlib.Path(sys.argv[1]), sys.argv[2:]
here.touch()
deadline = time.monotonic() + 10
while not all(pathlib.Path(other).exists() for other in others):
    assert time.monotonic() < deadline, "alone"
    time.sleep(0.01)
"""

    def test_independent_activities_run_at_the_same_time(self, staged: Staged, tmp_path: Path) -> None:
        names = [str(tmp_path / name) for name in "abc"]
        for name in names:
            staged.add(Path(name).name, self.BARRIER, name, *names)
        assert run(staged, limit=3).succeeded

    def test_no_more_than_the_limit(self, staged: Staged) -> None:
        for name in "abc":
            staged.add(name, "import time; time.sleep(0.2)")
        attempts = [activity.run.attempts[0] for activity in run(staged, limit=1)]
        spans = sorted((attempt.started, attempt.ended or 0) for attempt in attempts)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))


class TestBeforeAnythingStarts:
    def test_all_that_cannot_run_is_listed(self, staged: Staged, capsys: pytest.CaptureFixture[str]) -> None:
        staged.add("Fine", "open('/nowhere/at/all')")
        staged.raw("Copy it", "Copy", typeProperties={})
        staged.raw("Book", "DatabricksNotebook", typeProperties={})
        staged.raw("Off", "Copy", state="Inactive")
        staged.raw("Call", "ExecutePipeline", typeProperties={"pipeline": {"referenceName": "other"}})
        staged.raw(
            "Gone", "DatabricksSparkPython", typeProperties={"pythonFile": "dbfs:/pipelines/x/artifacts/gone.py"}
        )
        staged.raw("Bad", "DatabricksSparkPython", typeProperties={"pythonFile": "gone.py"})
        assert main(staged.arguments()) == 1
        errors = capsys.readouterr().err
        assert [line.split("  ", 3)[2:] for line in errors.splitlines()] == [
            [
                "RUN021",
                "'Copy it' is of type Copy, which cannot run here. Give it an outcome: --stub \"Copy it\"=FILE.",
            ],
            [
                "RUN021",
                "'Book' is of type DatabricksNotebook, which cannot run here. Give it an outcome: --stub Book=FILE.",
            ],
            [
                "RUN021",
                "'Call' starts the pipeline 'other', which is not here. Name its directory as well, or its file with --pipelines, or --stub Call=FILE.",
            ],
            [
                "RUN022",
                f"'Gone' cannot run: 'dbfs:/pipelines/x/artifacts/gone.py' is not staged: there is no file {staged.root}/artifacts/gone.py. Run 'make artifacts'.",
            ],
            [
                "RUN022",
                "'Bad' cannot run: 'gone.py' is no artifact of this pipeline: its path does not end in 'artifacts/<file>'.",
            ],
        ]
        assert not staged.output.exists()

    @pytest.mark.parametrize(
        ("library", "problem"),
        [
            (
                {"pypi": {"package": "not-there==1.0"}},
                "the activity names 'not-there==1.0', which is not installed here. Install it: pip install 'not-there==1.0'",
            ),
            ({"pypi": {"package": "pytest<1"}}, "Install it: pip install 'pytest<1'"),
            ({"pypi": {"package": "pytest >> 1"}}, "which is no requirement"),
            ({"whl": "dbfs:/pipelines/x/artifacts/no-1.0-py3-none-any.whl"}, "is not staged"),
            ({"egg": "dbfs:/pipelines/x/artifacts/no.egg"}, "A library of kind 'egg' cannot be had here"),
        ],
    )
    def test_missing_libraries_are_named(
        self, staged: Staged, capsys: pytest.CaptureFixture[str], library: Any, problem: str
    ) -> None:
        staged.add("Needs", RUNS, libraries=[library])
        assert main(staged.arguments()) == 1
        assert problem in capsys.readouterr().err

    def test_what_a_wheel_requires_must_be_there_too(self, staged: Staged, capsys: pytest.CaptureFixture[str]) -> None:
        staged.add(
            "Needs", RUNS, libraries=[staged.wheel("demo", "1.0", "", ("pytest", "not-there>2", "never; extra == 'x'"))]
        )
        assert main(staged.arguments()) == 1
        assert "demo-1.0-py3-none-any.whl needs 'not-there>2', which is not installed here." in capsys.readouterr().err

    def test_what_is_installed_is_no_problem(self, staged: Staged) -> None:
        staged.add("Needs", RUNS, libraries=[{"pypi": {"package": "pytest>=1"}}])
        assert main(staged.arguments()) == 0

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["--parameters", "dya=1"], "The pipeline has no parameter 'dya'. Did you mean 'day'?"),
            (
                ["--parameters", "day", "=1", "--conf", "x", "--stub", "Echo"],
                (
                    "run: --parameters takes NAME=VALUE, not 'day'.\n"
                    "--parameters takes NAME=VALUE, not '=1'.\n"
                    "--stub takes NAME=FILE, not 'Echo'.\n"
                    "--conf takes NAME=VALUE, not 'x'.\n"
                    "The pipeline needs --parameters day=…\n"
                ),
            ),
            (["--parameters", "day=1", "n"], "run: --parameters takes NAME=VALUE, not 'n'.\nTry"),
            (["--parameters", "day=1", "/"], "not '/'. Name directories before the option.\nTry"),
            (["--parameters", "day=1", "x" * 5000], "not 'xxx"),
            (["--parameters", "n=many", "day=1"], "The parameter 'n' is of type int; 'many' is not."),
            ([], "The pipeline needs --parameters day=…"),
            (["--window", "2026-01-01"], "--window takes START/END, not '2026-01-01'."),
            (
                ["--window", "2026-01-02/2026-01-01"],
                "The window ends at 2026-01-01, which is not after its start, 2026-01-02.",
            ),
            (["--window", "monday/tuesday"], "'monday' is no date or time of ISO 8601"),
            (
                ["--parameters", "dya=1", "n=many", "n=x"],
                (
                    "The pipeline has no parameter 'dya'. Did you mean 'day'?\n"
                    "The parameter 'n' is of type int; 'x' is not.\n"
                    "The pipeline needs --parameters day=…"
                ),
            ),
            (
                ["--parameters", "day=1", "--stub", "Ehco=x.json"],
                "--stub: There is no activity 'Ehco' to give an outcome to. Did you mean 'Echo'?",
            ),
            (["--parameters", "day=1", "--python", "/no/python"], "there is no interpreter '/no/python'"),
            (
                ["--parameters", "day=1", "--stub", "Echo=/no/file.json"],
                "--stub: /no/file.json cannot be read: No such file or directory.",
            ),
            (
                ["--parameters", "day=1", "--conf-file", "/no/1", "--conf-file", "/no/2"],
                (
                    "--conf-file: /no/1 cannot be read: No such file or directory.\n"
                    "--conf-file: /no/2 cannot be read: No such file or directory.\n"
                ),
            ),
            (["--limit", "0"], "--limit must be at least 1."),
        ],
    )
    def test_wrong_usage_is_explained(
        self, staged: Staged, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
    ) -> None:
        staged.properties["parameters"] = {"day": {"type": "string"}, "n": {"type": "int", "defaultValue": 1}}
        staged.add("Echo", RUNS)
        (staged.root / "trigger.json").write_text(
            json.dumps({"name": "T", "properties": {"type": "TumblingWindowTrigger", "pipeline": {}}})
        )
        assert main(staged.arguments(*arguments)) == 2
        assert message in capsys.readouterr().err

    def test_an_output_folder_that_cannot_be_is_a_finding(
        self, staged: Staged, capsys: pytest.CaptureFixture[str]
    ) -> None:
        staged.add("Echo", RUNS)
        staged.output.write_text("a file")
        assert main(staged.arguments()) == 1
        assert (
            capsys.readouterr().err
            == f"{staged.output}  error  RUN024  Cannot be written: File exists. Give another folder: --output DIR.\n"
        )

    def test_two_runs_do_not_share_an_output_folder(self, staged: Staged, capsys: pytest.CaptureFixture[str]) -> None:
        text = "import pathlib, sys, time\nwhile not pathlib.Path(sys.argv[1]).exists(): time.sleep(0.01)"
        staged.add("Waits", text, str(staged.root / "go"))
        first = threading.Thread(target=run, args=(staged,))
        first.start()
        wait_until((staged.output / "logs" / "Waits.1.log").exists)
        status = main(staged.arguments())
        (staged.root / "go").touch()
        first.join()
        assert (status, "RUN023  Another run is writing to this folder." in capsys.readouterr().err) == (1, True)

    def test_a_run_that_comes_too_late_leaves_the_folder_of_the_first_alone(self, tmp_path: Path) -> None:
        output = tmp_path / "out"
        with reserved([output]):
            with pytest.raises(FindingsError, match="RUN023"), reserved([output]):
                pass
            assert (output / "logs").is_dir()

    def test_a_run_that_never_starts_leaves_no_folder(self, tmp_path: Path) -> None:
        with reserved([tmp_path / "runs" / "now", tmp_path / "runs" / "later"]):
            pass
        assert list(tmp_path.iterdir()) == []

    def test_what_an_earlier_run_left_goes_and_the_logs_of_others_stay(self, tmp_path: Path) -> None:
        (tmp_path / "logs").mkdir()
        for name in ("report.json", "report.txt", "logs/Load.1.log", "logs/Load.12.10.log", "logs/server.log"):
            (tmp_path / name).touch()
        with reserved([tmp_path]):
            assert [path.name for path in tmp_path.rglob("*.*")] == ["server.log"]

    def test_a_run_that_never_starts_leaves_a_folder_that_was_there(self, tmp_path: Path) -> None:
        with reserved([tmp_path]):
            pass
        assert list(tmp_path.iterdir()) == []

    def test_what_keeps_several_output_folders_from_being_made_is_said_once(self, tmp_path: Path) -> None:
        (tmp_path / "out").symlink_to(tmp_path / "nowhere")
        with pytest.raises(FindingsError) as raised, reserved([tmp_path / "out" / "a", tmp_path / "out" / "b"]):
            pass
        assert [str(finding.location.file) for finding in raised.value.findings] == [str(tmp_path / "out")]

    def test_a_directory_without_pipeline_is_a_finding(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["run", str(tmp_path)]) == 1
        assert (
            "RUN020  There is no pipeline.json and no activities.json. Name a pipeline directory; --all takes all below"
        ) in capsys.readouterr().err

    def test_a_directory_without_generated_json_is_a_finding(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "activities.py").touch()
        assert main(["run", str(tmp_path)]) == 1
        assert (
            "RUN020  There is no pipeline.json and no activities.json. Run 'make artifacts'." in capsys.readouterr().err
        )


class TestStandIns:
    @pytest.mark.parametrize(
        ("content", "status", "seen"),
        [
            ({"rows": 3}, 0, "3"),
            ({"output": {"rows": 4}}, 0, "4"),
            ({"error": {"errorCode": "7", "message": "no"}}, 1, ""),
        ],
    )
    def test_answer_for_what_cannot_run_here(
        self, staged: Staged, tmp_path: Path, content: Any, status: int, seen: str
    ) -> None:
        staged.raw("Look", "Lookup", typeProperties={})
        staged.add("Use", "import sys; print(sys.argv[1])", "@{activity('Look').output.rows}", after=("Look",))
        (tmp_path / "look.json").write_text(json.dumps(content))
        assert main(staged.arguments("--stub", f"Look={tmp_path / 'look.json'}")) == status
        if seen:
            assert staged.log("Use.1.log").strip() == seen

    def test_all_that_is_wrong_with_their_files_is_said_at_once(
        self, staged: Staged, capsys: pytest.CaptureFixture[str]
    ) -> None:
        staged.raw("Look", "Lookup", typeProperties={})
        staged.raw("Load", "Copy", typeProperties={})
        look, load = staged.root / "look.json", staged.root / "load.json"
        look.write_text('{"error": {"mesage": "no",\n "errorCode": 7}}')
        load.write_text("rows: 3")
        assert main(staged.arguments("--stub", f"Look={look}", "--stub", f"Load={load}")) == 1
        assert capsys.readouterr().err.splitlines() == [
            f"{look}:1:12  error  RUN029  There is no key 'error.mesage' here. Did you mean 'message'?",
            f"{look}:2:2  error  RUN029  'error.errorCode' must be text in double quotes, not the number 7. Write \"7\".",
            f"{load}:1:1  error  RUN029  A value is expected here.",
        ]
        assert not staged.output.exists()

    def test_another_pipeline_may_be_a_file_beside(self, staged: Staged, tmp_path: Path) -> None:
        staged.raw(
            "Call", "ExecutePipeline", typeProperties={"pipeline": {"referenceName": "child"}, "waitOnCompletion": True}
        )
        work = {
            "name": "Work",
            "type": "DatabricksSparkPython",
            "typeProperties": {"pythonFile": staged.script("work.py", RUNS)},
        }
        (tmp_path / "child.json").write_text(json.dumps({"name": "child", "properties": {"activities": [work]}}))
        assert main(staged.arguments("--pipelines", str(tmp_path / "child.json"))) == 0
        assert staged.report()["activities"][0]["run"]["activities"][0]["name"] == "Work"

    def test_of_one_of_several_pipelines_is_named_with_it(self, staged: Staged, tmp_path: Path) -> None:
        staged.raw("Call", "ExecutePipeline", typeProperties={"pipeline": {"referenceName": "child"}})
        staged.add("Work", RUNS)
        (tmp_path / "child.json").write_text(
            '{"name": "child", "properties": {"activities": [{"name": "Work", "type": "Copy"}]}}'
        )
        (tmp_path / "work.json").write_text("{}")
        child = ["--pipelines", str(tmp_path / "child.json")]
        assert main(staged.arguments(*child, "--stub", f"CHILD/work={tmp_path / 'work.json'}")) == 0
        assert [path.name for path in (staged.output / "logs").iterdir()] == ["Work.1.log"]


def test_a_run_goes_on_when_nobody_reads_its_output(staged: Staged) -> None:
    staged.add("Talks", "import time\nfor n in range(9): print('line 🎉', n); time.sleep(0.05)")
    staged.add("Next", RUNS, after=("Talks",))
    command = [sys.executable, "-m", "activities_gen", *staged.arguments("--verbose")]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), "PYTHONIOENCODING": "ascii"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert staged.statuses() == {"Talks": "Succeeded", "Next": "Succeeded"}
    assert staged.log("Talks.1.log").endswith("line 🎉 8\n")


def test_a_report_that_cannot_be_written_is_a_finding(staged: Staged) -> None:
    staged.add("Echo", RUNS)
    with pytest.raises(
        FindingsError, match=r"gone/\.report\.json\.\d+  error  RUN024  Cannot be written: No such file"
    ):
        write_report(run(staged), staged.output / "gone")


def test_a_window_binds_the_triggers_parameters(staged: Staged) -> None:
    staged.properties["parameters"] = {"start": {"type": "string"}, "end": {"type": "string"}}
    staged.add("Echo", "import sys; print(*sys.argv[1:])", "@pipeline().parameters.start", "@pipeline().parameters.end")
    reference = {"pipelineReference": {"referenceName": staged.root.name, "type": "PipelineReference"}}
    parameters = {
        "start": "@trigger().outputs.windowStartTime",
        "end": "@{formatDateTime(trigger().outputs.windowEndTime, 'yyyy-MM-dd')}",
    }
    trigger = {
        "name": "T",
        "properties": {"type": "TumblingWindowTrigger", "pipeline": {**reference, "parameters": parameters}},
    }
    (staged.root / "trigger.json").write_text(json.dumps(trigger))
    assert main(staged.arguments("--window", "2026-01-01/2026-01-02")) == 0
    assert staged.log("Echo.1.log") == "2026-01-01T00:00:00Z 2026-01-02\n"


def test_secrets_are_shown_nowhere(staged: Staged, capfd: pytest.CaptureFixture[str]) -> None:
    staged.properties["parameters"] = {
        "key": {"type": "SecureString", "defaultValue": "s3cr3t"},
        "user": {"type": "string", "defaultValue": "hidden-user"},
    }
    text = "import base64, os, sys; print(sys.argv[1:], base64.b64encode(sys.argv[1].encode())); print(open(os.environ['SPARK_CONF_DIR'] + '/spark-defaults.conf').read()); sys.exit(1)"
    staged.add(
        "Says all", text, "@pipeline().parameters.key", "@pipeline().parameters.user", policy={"secureInput": True}
    )
    assert main(staged.arguments("--conf", "spark.secret.password=hunter22", "--verbose")) == 1
    shown = "".join(capfd.readouterr()) + "".join(
        path.read_text() for path in staged.output.rglob("*") if path.is_file()
    )
    assert [word for word in ("s3cr3t", "czNjcjN0", "hidden-user", "hunter22") if word in shown] == []
    assert "['***', '***']" in shown


def test_secrets_are_known_before_a_process_could_write_them(staged: Staged, monkeypatch: pytest.MonkeyPatch) -> None:
    staged.add("Says all", "import sys; print(sys.argv)", "@concat('hidden', '-word')", policy={"secureInput": True})
    spawn = ProcessExecutor._spawn

    def slowly(executor: ProcessExecutor, attempt: Attempt) -> None:
        spawn(executor, attempt)
        time.sleep(0.5)

    monkeypatch.setattr(ProcessExecutor, "_spawn", slowly)
    assert run(staged).succeeded
    assert "hidden-word" not in staged.log("Says_all.1.log")


def test_an_activity_inside_a_loop_has_a_log_for_each_pass(staged: Staged) -> None:
    work = {
        "name": "Work",
        "type": "DatabricksSparkPython",
        "typeProperties": {
            "pythonFile": staged.script("work.py", "import sys; print(sys.argv)"),
            "parameters": ["@string(item())"],
        },
    }
    staged.raw(
        "Loop",
        "ForEach",
        typeProperties={"items": {"type": "Expression", "value": "@range(0, 3)"}, "activities": [work]},
    )
    assert main(staged.arguments()) == 0
    assert len(list((staged.output / "logs").iterdir())) == 3


def test_the_output_says_what_happened(staged: Staged, capsys: pytest.CaptureFixture[str]) -> None:
    staged.add("Works", "print('fine')")
    staged.add("Fails", "import sys; print('the reason'); sys.exit(1)", after=("Works",))
    assert main(staged.arguments()) == 1
    printed = capsys.readouterr().out
    assert "Works  Succeeded after" in printed
    assert "Fails | the reason" in printed
    assert f"report: {staged.output / 'report.json'}" in printed
