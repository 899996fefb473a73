"""The verb ``import``: what it prints and writes, what it refuses, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from activities_gen.cli import main
from activities_gen.cli.import_verb import _directories
from activities_gen.importing.sources import Source, find

if TYPE_CHECKING:
    from pathlib import Path

WAIT = {"name": "Wait", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}}


def pipeline(name: str) -> dict[str, Any]:
    return {"name": name, "properties": {"activities": [WAIT]}}


@pytest.fixture
def one(tmp_path: Path) -> Path:
    """A file with one pipeline."""
    path = tmp_path / "one.json"
    path.write_text(json.dumps(pipeline("One")))
    return path


@pytest.fixture
def several(tmp_path: Path) -> Path:
    """An ARM template with two pipelines."""
    path = tmp_path / "arm.json"
    kind = "Microsoft.DataFactory/factories/pipelines"
    resources = [{**pipeline(f"[concat(parameters('factoryName'), '/{name}')]"), "type": kind} for name in ("A b", "C")]
    path.write_text(json.dumps({"resources": resources}))
    return path


def test_python_is_printed(one: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(one)]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith('"""Pipeline One, imported from one.json."""\n')
    assert shown.err == ""


def test_python_is_written_to_a_file(one: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "new" / "activities.py"
    assert main(["import", str(one), "-o", str(target)]) == 0
    assert 'Pipeline("One"' in target.read_text()
    assert capsys.readouterr().out == f"wrote {target}\n"


def test_python_is_written_into_a_directory(one: Path, tmp_path: Path) -> None:
    assert main(["import", str(one), "-o", str(tmp_path / "new")]) == 0
    assert (tmp_path / "new" / "activities.py").is_file()


def test_the_same_again_is_up_to_date(one: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "a.py"
    main(["import", str(one), "-o", str(target)])
    capsys.readouterr()
    assert main(["import", str(one), "-o", str(target)]) == 0
    assert capsys.readouterr().out == f"{target}: up to date\n"


def test_an_existing_file_stays_as_it_is(one: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "a.py"
    target.write_text("mine\n")
    assert main(["import", str(one), "-o", str(target)]) == 1
    assert target.read_text() == "mine\n"
    assert "IMP007  The file is there and has another content." in capsys.readouterr().err


def test_an_existing_file_is_written_over_by_force(one: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.py"
    target.write_text("mine\n")
    assert main(["import", str(one), "-o", str(target), "--force"]) == 0
    assert "mine" not in target.read_text()


def test_several_pipelines_are_not_printed(several: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(several)]) == 1
    assert "IMP008  2 pipelines: 'A b', 'C'. Choose one with --name" in capsys.readouterr().err


def test_several_pipelines_do_not_fit_in_a_file(several: Path, tmp_path: Path) -> None:
    assert main(["import", str(several), "-o", str(tmp_path / "a.py")]) == 1
    assert not (tmp_path / "a.py").exists()


def test_several_pipelines_get_a_directory_each(several: Path, tmp_path: Path) -> None:
    assert main(["import", str(several), "-o", str(tmp_path / "new")]) == 0
    assert sorted(path.parent.name for path in (tmp_path / "new").glob("*/activities.py")) == ["A-b", "C"]


def test_one_of_several_is_chosen_by_name(several: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(several), "--name", "C"]) == 0
    assert "/C')]" in capsys.readouterr().out


def test_an_unknown_name_is_refused(several: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(several), "--name", "D"]) == 1
    assert "IMP002  There is no pipeline called 'D'. There are 'A b', 'C'." in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "{", "[1, 2", '{"a": 1}', "[" * 10_000, "\x00", '{"name": NaN}'], ids=range(7))
def test_what_is_no_pipeline_is_refused_without_a_traceback(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.json"
    path.write_text(content)
    assert main(["import", str(path)]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_a_missing_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "no.json"
    assert main(["import", str(path)]) == 1
    assert capsys.readouterr().err == f"{path}  error  IMP003  No such file or directory.\n"


def test_an_output_that_cannot_be_written_is_refused(
    one: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["import", str(one), "-o", str(tmp_path / "file" / "activities.py")]) == 1
    assert "GEN001" in capsys.readouterr().err


def test_an_output_that_is_a_file_of_another_kind_is_refused(one: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = one.read_bytes()
    assert main(["import", str(one), "-o", str(one)]) == 1
    assert "IMP007  -o takes a file whose name ends in .py, or a directory" in capsys.readouterr().err
    assert one.read_bytes() == before


def test_python_is_utf_8_whatever_the_locale(tmp_path: Path, repository: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps(pipeline("x") | {"properties": {"activities": [], "description": "Prüfung"}}))
    command = [sys.executable, "-m", "activities_gen", "import", str(path)]
    environment = {"PYTHONIOENCODING": "ascii", "PYTHONPATH": str(repository), "PATH": ""}
    done = subprocess.run(command, capture_output=True, check=True, env=environment)
    assert "Prüfung" in done.stdout.decode("utf-8")


def test_directories_are_named_for_their_pipelines_and_unique(tmp_path: Path) -> None:
    names = ["a/b", "A/b!", "../../etc", "..", "漢字", ""]
    path = tmp_path / "all.json"
    path.write_text(json.dumps([pipeline(name) for name in names]))
    sources: list[Source] = find(path).sources
    assert _directories(sources) == ["b", "b-2", "etc", "pipeline", "pipeline-2", "all"]
