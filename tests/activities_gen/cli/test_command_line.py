"""The command line: exit status, what goes where, and no traceback whatever happens."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from activities_gen.cli import VERBS, _module, _Parser, main, overview

ROOT = Path(__file__).parents[3]
EXISTING = [
    verb
    for verb in VERBS
    if (ROOT / "activities_gen/cli" / f"{'import_verb' if verb == 'import' else verb}.py").is_file()
]


def run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own, through a shell."""
    command = " ".join([sys.executable, "-m", "activities_gen", *arguments])
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(["bash", "-c", command], cwd=cwd, env=variables, capture_output=True, text=True, check=False)


def called(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of a call in this process."""
    try:
        status = main([str(argument) for argument in arguments])
    except SystemExit as error:
        status = int(error.code or 0)
    output = capsys.readouterr()
    return status, output.out, output.err


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["help"]])
def test_help_names_every_verb(capsys, arguments):
    if len(EXISTING) < len(VERBS):
        pytest.skip("not all verbs are there")
    status, out, err = called(capsys, *arguments)

    assert (status, err) == (0, "")
    assert all(f"  {verb} " in out and _module(verb).SUMMARY in out for verb in VERBS)


def test_without_a_verb_it_is_wrong_usage(capsys):
    if len(EXISTING) < len(VERBS):
        pytest.skip("not all verbs are there")
    assert called(capsys) == (2, overview() + "\n", "")


@pytest.mark.parametrize("verb", EXISTING)
def test_each_verb_explains_itself_and_its_exit_status(capsys, verb):
    status, out, err = called(capsys, verb, "--help")

    assert (status, err) == (0, "")
    assert out.startswith(f"usage: activities-gen {verb}")
    assert "Exit status: 0 " in out


@pytest.mark.parametrize("verb", EXISTING)
def test_each_argument_of_a_verb_has_a_help_text(verb):
    parser = _Parser(prog=verb)
    _module(verb).configure(parser)

    assert [action.dest for action in parser._actions if not action.help] == []


@pytest.mark.parametrize("verb", EXISTING)
def test_each_verb_has_its_protocol(verb):
    module = importlib.import_module(_module(verb).__name__)

    assert callable(module.configure)
    assert callable(module.run)
    assert module.SUMMARY[0].islower()
    assert not module.SUMMARY.endswith(".")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["generat"], "activities-gen: there is no verb 'generat'. Did you mean 'generate'? See --help.\n"),
        (["GENERATE"], "activities-gen: there is no verb 'GENERATE'. Did you mean 'generate'? See --help.\n"),
        (["xyz"], "activities-gen: there is no verb 'xyz'. See --help.\n"),
        ([""], "activities-gen: there is no verb ''. See --help.\n"),
    ],
)
def test_an_unknown_verb_is_wrong_usage(capsys, arguments, expected):
    assert called(capsys, *arguments) == (2, "", expected)


@pytest.mark.parametrize(("option", "hint"), [("--chek", " Did you mean '--check'?"), ("--nothing-like-it", "")])
def test_an_unknown_option_is_wrong_usage(capsys, option, hint):
    status, out, err = called(capsys, "generate", option)

    assert (status, out) == (2, "")
    assert err.splitlines()[-2:] == [
        f"activities-gen generate: unrecognized arguments: {option}.{hint}",
        "Try 'activities-gen generate --help'.",
    ]


def test_the_version(capsys):
    status, out, err = called(capsys, "--version")

    assert (status, err) == (0, "")
    assert out.startswith("activities-gen")


# --- generate and artifacts -------------------------------------------------------------------------------------------


def test_generate_says_what_it_wrote_and_then_that_nothing_changed(make_directory, monkeypatch, capsys):
    monkeypatch.chdir(make_directory())

    assert called(capsys, "generate") == (0, "wrote activities.json\nwrote pipeline.json\n", "")
    assert called(capsys, "generate") == (0, "activities.json, pipeline.json: up to date\n", "")
    assert called(capsys, "generate", "--check") == (0, "", "")


def test_check_names_what_is_stale_and_writes_nothing(make_directory, monkeypatch, capsys):
    root = make_directory({"Makefile": "activities:\n\ttrue\n"})
    monkeypatch.chdir(root)

    status, out, err = called(capsys, "generate", "--check")

    assert (status, out) == (1, "")
    assert err == "activities.json is stale. Run: make activities\npipeline.json is stale. Run: make activities\n"
    assert not (root / "pipeline.json").exists()


def test_diff_shows_the_change_line_by_line(make_directory, monkeypatch, capsys):
    root = make_directory()
    monkeypatch.chdir(root)
    called(capsys, "generate")
    source = root / "activities.py"
    source.write_text(source.read_text().replace('"Hello"', '"Привет 😀"'))

    status, out, err = called(capsys, "generate", "--diff")

    assert (status, err) == (1, "")
    assert '-        "name": "Hello",' in out
    assert '+        "name": "Привет 😀",' in out
    assert "--- pipeline.json (on disk)" in out


def test_artifacts_says_what_it_staged(make_directory, monkeypatch, capsys):
    monkeypatch.chdir(make_directory({"Makefile": "artifacts:\n\techo\n"}))

    status, out, err = called(capsys, "artifacts")

    assert (status, err) == (0, "")
    assert out.splitlines()[0] == "wrote artifacts/entrypoint.py"
    assert out.splitlines()[-1] == "artifacts/: 2 files, every path in the JSON is one of them"


def test_a_directory_can_be_named_and_findings_name_it(make_directory, monkeypatch, capsys, tmp_path):
    make_directory({"activities.py": "1 / 0"})
    monkeypatch.chdir(tmp_path)

    assert called(capsys, "generate", "hello-world") == (
        1,
        "",
        "hello-world/activities.py:1  error  PY003  ZeroDivisionError: division by zero.\n",
    )


def test_all_takes_every_directory_and_one_that_is_wrong_does_not_stop_the_others(
    make_directory, monkeypatch, capsys, tmp_path
):
    for name in ("good", "bad", "build/never", ".hidden"):
        source = f"from activities_gen import *\np = Pipeline({Path(name).name!r}, [spark_python('A', libraries=[])])"
        make_directory({"activities.py": "1 / 0" if name == "bad" else source, "Makefile": "artifacts:\n"}, name=name)
    monkeypatch.chdir(tmp_path)

    status, out, err = called(capsys, "generate", "--all")

    assert status == 1
    assert out == "wrote good/activities.json\nwrote good/pipeline.json\n"
    assert err == "bad/activities.py:1  error  PY003  ZeroDivisionError: division by zero.\n"


@pytest.mark.parametrize("verb", [("generate",), ("artifacts",), ("run",), ("init", "--upgrade"), ("import", "--all")])
def test_a_directory_that_does_not_exist_is_wrong_usage(capsys, tmp_path, verb):
    (tmp_path / "notes.json").touch()

    status, out, err = called(capsys, *verb, tmp_path / "nowhere", tmp_path / "notes.json")

    assert status == 2
    assert out == ""
    assert f"There is no directory '{tmp_path / 'nowhere'}'.\n" in err
    assert f"notes.json' is not a directory. Name the one that it lies in: {tmp_path}\n" in err


@pytest.mark.parametrize("name", ["activities.py", "pipeline.json", "activities.json", "trigger.json"])
def test_a_file_that_makes_a_pipeline_directory_names_it(capsys, tmp_path, name):
    (tmp_path / name).touch()
    (tmp_path / "activities.py").write_text("1 / 0\n")

    status, _, err = called(capsys, "generate", tmp_path / name)

    assert status == 1
    assert f"{tmp_path}/activities.py:1  error  PY003  ZeroDivisionError: division by zero.\n" in err.replace(
        f"{os.path.relpath(tmp_path)}/", f"{tmp_path}/"
    )


@pytest.mark.parametrize("verb", [("generate",), ("run",), ("check",), ("import",), ("init", "--upgrade")])
def test_a_folder_of_pipeline_directories_is_told_of_all(capsys, tmp_path, verb):
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "pipeline.json").touch()

    status, _, err = called(capsys, *verb, tmp_path)

    assert status != 0
    assert "--all" in err


@pytest.mark.parametrize("verb", ["generate", "artifacts"])
def test_a_directory_without_a_definition(capsys, tmp_path, monkeypatch, verb):
    monkeypatch.chdir(tmp_path)

    status, _, err = called(capsys, verb)

    assert status == 1
    assert "PY001" in err
    assert "There is no activities.py" in err


def test_a_name_that_flowehr_refuses_is_not_staged(make_directory, monkeypatch, capsys):
    source = 'from activities_gen import *\np = Pipeline("two words", [spark_python("A")])'
    root = make_directory({"activities.py": source, "Makefile": "artifacts:\n\techo\n"})
    monkeypatch.chdir(root)

    status, _, err = called(capsys, "artifacts")

    assert status == 1
    assert "FLO101" in err
    assert not (root / "artifacts").exists()


# --- whatever happens -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "environment", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}, {"PYTHONIOENCODING": "latin-1"}], ids=str
)
@pytest.mark.parametrize("arguments", [["generate", "--diff"], ["generate"]])
def test_names_in_every_script_can_be_shown_in_every_locale(make_directory, environment, arguments):
    source = 'from activities_gen import *\np = Pipeline("p", [spark_python("数据 😀", libraries=[], parm=1)])'
    root = make_directory({"activities.py": source.replace(", parm=1", "") if "--diff" in arguments else source})

    found = run(*arguments, cwd=root, **environment)

    assert found.returncode == 1
    assert "Traceback" not in found.stdout + found.stderr


def test_a_reader_that_goes_away_is_no_error_message(make_directory):
    root = make_directory(
        {
            "activities.py": "from activities_gen import *\np = Pipeline('p', [spark_python(f'A{i}') for i in range(100)], target='adf')"
        }
    )
    found = run("generate --diff | head -1", cwd=root)

    assert (found.stderr, found.stdout.splitlines()) == ("", ["--- pipeline.json (on disk)"])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_output_that_cannot_be_written_is_said_in_one_line(make_directory):
    found = run("generate > /dev/full", cwd=make_directory())

    assert (found.returncode, found.stderr) == (1, "activities-gen: No space left on device.\n")


def test_without_any_output_it_does_its_work(make_directory):
    root = make_directory()

    found = run("generate >&-", cwd=root)

    assert (found.returncode, found.stderr) == (0, "")
    assert (root / "pipeline.json").exists()


def test_interrupted_it_says_so(capsys, monkeypatch):
    def interrupt(arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("activities_gen.cli.generate.run", interrupt)

    assert called(capsys, "generate") == (130, "", "Interrupted.\n")
