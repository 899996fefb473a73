"""New pipeline directories: what is in them, and that they work on their own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from activities_gen.cli import main
from activities_gen.init import generator_wheel, package_name
from activities_gen.model.names import FLOWEHR_NAME

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "activities_gen" / "template"


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("clinical-features", "clinical_features"),
        ("Risk_Scores", "risk_scores"),
        ("2fast", "pipeline_2fast"),
        ("class", "pipeline_class"),
        ("tests", "pipeline_tests"),
        ("statistics", "pipeline_statistics"),
        ("Pandas", "pipeline_pandas"),
        ("_x_", "x"),
        ("größe", "groe"),
        ("患者", "pipeline"),
        ("--", "pipeline"),
    ],
)
def test_a_package_is_named_for_its_pipeline(name: str, package: str) -> None:
    assert package_name(name) == package
    assert package.isidentifier()


@pytest.mark.parametrize("name", ["a b", "a.b", "", "-a", 'a"b', "a\n", "患者", "x" * 146])
def test_a_name_that_flowehr_cannot_deploy_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not FLOWEHR_NAME.fullmatch(name)
    assert main(["init", str(tmp_path / "new"), f"--name={name or ' '}"]) == 1
    assert "GEN040" in (said := capsys.readouterr().err)
    assert FLOWEHR_NAME.fullmatch(said.rpartition("--name ")[2].split()[0])
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("file", ["Makefile", "requirements/build.txt", "requirements/test.txt", "requirements/uv.txt"])
def test_the_template_has_what_this_repository_has(file: str) -> None:
    copy = TEMPLATE / (file if file.endswith(".txt") else f"{file}.txt")
    assert copy.read_bytes() == (ROOT / file).read_bytes()


def test_the_generators_wheel_holds_all_of_it_and_nothing_else() -> None:
    name, content = generator_wheel()
    with zipfile.ZipFile(io.BytesIO(content)) as wheel:
        held = {entry for entry in wheel.namelist() if ".dist-info/" not in entry}
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "activities_gen"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert held == {entry for entry in tracked.split("\0") if entry}
    assert name.startswith("activities_gen-1.")


def test_a_new_directory_has_its_json_and_its_generator(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "risk-scores"
    assert main(["init", str(root)]) == 0
    assert "make artifacts" in capsys.readouterr().out
    names = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    assert {"activities.py", "activities.json", "pipeline.json", "risk_scores/job.py", ".gitignore"} <= names
    assert [name for name in names if name.startswith("vendor/activities_gen-")]
    assert main(["generate", "--check", str(root)]) == 0
    assert "{{" not in "".join((root / name).read_text() for name in names if name.endswith((".py", ".md", ".toml")))


def test_a_clone_that_turns_line_ends_into_those_of_windows_has_the_same_bytes(tmp_path: Path) -> None:
    root, clone = tmp_path / "new", tmp_path / "clone"
    assert main(["init", str(root)]) == 0
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    for command in (
        [*git, "init", "--quiet", "."],
        [*git, "add", "."],
        [*git, "commit", "--quiet", "--message=new"],
        [*git, "clone", "--quiet", "--config=core.autocrlf=true", ".", str(clone)],
    ):
        subprocess.run(command, cwd=root, check=True)
    tracked = [path.relative_to(clone) for path in clone.rglob("*") if path.is_file() and ".git" not in path.parts]
    assert Path("pipeline.json") in tracked
    assert [path for path in tracked if (clone / path).read_bytes() != (root / path).read_bytes()] == []


def test_a_directory_that_holds_something_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert main(["init", str(tmp_path), "--name", "x"]) == 1
    assert "not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_new_directory_can_begin_with_an_imported_pipeline(tmp_path: Path) -> None:
    file = tmp_path / "theirs.json"
    file.write_text(
        '{"name": "Nightly load", "properties": {"activities": [{"name": "Pause", "type": "Wait", '
        '"dependsOn": [], "userProperties": [], "typeProperties": {"waitTimeInSeconds": 5}}]}}'
    )
    root = tmp_path / "nightly-load"
    assert main(["init", str(root), "--from", str(file)]) == 0
    assert "WaitActivity" in (root / "activities.py").read_text()
    assert main(["generate", "--check", str(root)]) == 0


def test_a_pipeline_that_runs_files_of_its_directory_is_imported_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    theirs = Path("their labs")
    theirs.mkdir()
    job = {"pythonFile": "dbfs:/pipelines/labs/artifacts/job.py", "libraries": []}
    activity = {"name": "Job", "type": "DatabricksSparkPython", "typeProperties": job}
    (theirs / "pipeline.json").write_text(json.dumps({"name": "labs", "properties": {"activities": [activity]}}))
    (theirs / "Makefile").write_text("artifacts:\n\tcp job.py artifacts/\n")
    (theirs / "job.py").write_text("print('theirs')\n")
    assert main(["init", "new", "--from", "their labs"]) == 1
    assert capsys.readouterr().err == (
        "their labs  error  GEN041  The pipeline runs files of its directory, which a new one does not have: job.py. "
        "Import it where it is: python -m activities_gen import 'their labs' -o 'their labs'\n"
    )
    assert not Path("new").exists()


@pytest.mark.parametrize("arguments", [["full"], ["--upgrade", "full"]])
def test_a_directory_is_named_as_on_the_command_line(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("full").mkdir()
    Path("full/mine.txt").touch()
    assert main(["init", *arguments]) == 1
    assert capsys.readouterr().err.startswith("full  error  GEN040")


def test_what_cannot_be_generated_leaves_nothing_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "theirs.json"
    file.write_text('{"name": "Ünï", "properties": {"activities": []}}', encoding="utf-8")
    assert main(["init", str(tmp_path / "new" / "uni"), "--from", str(file)]) == 1
    assert "ADF101" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["theirs.json"]


def test_a_file_in_the_place_of_the_directory_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine").write_text("mine")
    assert main(["init", str(tmp_path / "mine")]) == 1
    assert "GEN001" in capsys.readouterr().err
    assert (tmp_path / "mine").read_text() == "mine"


def test_a_checkout_without_files_is_an_empty_directory(tmp_path: Path) -> None:
    (tmp_path / "new" / ".git").mkdir(parents=True)
    assert main(["init", str(tmp_path / "new")]) == 0


def test_a_place_with_spaces_can_be_pasted_into_a_shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "two words" / "new"
    assert main(["init", str(place)]) == 0
    assert f"cd '{place}'" in capsys.readouterr().out


def test_a_second_upgrade_has_nothing_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "new"
    main(["init", str(root)])
    capsys.readouterr()
    assert main(["init", "--upgrade", str(root)]) == 0
    assert capsys.readouterr().out == f"{root}: up to date\n"


def test_an_upgrade_replaces_the_generator_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "risk-scores"
    main(["init", str(root)])
    (wheel,) = (root / "vendor").iterdir()
    wheel.rename(wheel.with_name("activities_gen-0.9.0-py3-none-any.whl"))
    (root / "Makefile").write_text("old")
    activities = (root / "activities.py").read_bytes()

    assert main(["init", "--upgrade", str(root)]) == 0

    assert [path.name for path in (root / "vendor").iterdir()] == [wheel.name]
    assert (root / "Makefile").read_bytes() == (ROOT / "Makefile").read_bytes()
    assert (root / "activities.py").read_bytes() == activities


def test_an_upgrade_of_what_carries_no_generator_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--upgrade", str(tmp_path)]) == 1
    assert "no vendor/activities_gen" in capsys.readouterr().err


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of two directories with an outdated generator, and one that carries none."""
    monkeypatch.chdir(tmp_path)
    for name in ("scores", "deep/loads"):
        files = {"Makefile": "old", "activities.py": "", "vendor/activities_gen-0.9.0-py3-none-any.whl": ""}
        for file, content in files.items():
            (tmp_path / name / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / file).write_text(content)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "pipeline.json").write_text("{}")
    return tmp_path


def test_an_upgrade_takes_every_directory_that_carries_a_generator(
    many: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "--upgrade", "--all"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if "Makefile" in line] == ["wrote deep/loads/Makefile", "wrote scores/Makefile"]
    assert [path.name for path in (many / "other").iterdir()] == ["pipeline.json"]
    assert main(["init", "--upgrade", "--all"]) == 0
    assert capsys.readouterr().out == "deep/loads: up to date\nscores: up to date\n"


@pytest.mark.usefixtures("many")
def test_an_upgrade_goes_on_behind_a_directory_that_carries_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--upgrade", "other", "scores"]) == 1
    said = capsys.readouterr()
    assert "GEN040  There is no vendor/activities_gen-*.whl to upgrade." in said.err
    assert "wrote scores/Makefile" in said.out


def test_an_upgrade_where_no_directory_carries_a_generator_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "--upgrade", "--all", str(tmp_path)]) == 2
    assert "none with a vendor/activities_gen-*.whl" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["a", "b"], ["--all", "a"]])
def test_a_new_directory_is_made_alone(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", *arguments]) == 2
    assert "init: Name one new directory. Several, or --all, are for --upgrade.\n" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.spark
def test_a_new_directory_builds_and_tests_itself(tmp_path: Path) -> None:
    root = tmp_path / "risk-scores"
    assert main(["init", str(root)]) == 0
    for target in ("artifacts", "test"):
        made = subprocess.run(
            ["make", target, f"PYTHON={sys.executable}"],
            cwd=root,
            env={key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "MAKEFLAGS")}
            | {"PYSPARK_PYTHON": "/another/python"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stdout + made.stderr
    assert len(list((root / "artifacts").glob("risk_scores-0.1.0+*.whl"))) == 1
