"""The verb ``import``: what it prints and writes, what it refuses, and how it ends."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from activities_gen.cli import main
from activities_gen.cli.import_verb import _directories
from activities_gen.importing.sources import Source, find

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
    assert 'Pipeline("C", ' in capsys.readouterr().out


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


def test_standard_input_is_imported_and_called_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(pipeline("C")).encode())))
    assert main(["import", "-"]) == 0
    assert capsys.readouterr().out.startswith('"""Pipeline C, imported from stdin."""')


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
    assert _directories(sources) == ["a-b", "A-b-2", "etc", "pipeline", "pipeline-2", "all"]


class TestSeveralPaths:
    """Hand-written pipeline directories and files, imported by one command."""

    @pytest.fixture(autouse=True)
    def _here(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)

    @staticmethod
    def directory(place: str, content: str | None = None) -> Path:
        root = Path(place)
        root.mkdir(parents=True)
        (root / "Makefile").write_text("artifacts:\n\ttrue\n")
        (root / "pipeline.json").write_text(json.dumps(pipeline(root.name)) if content is None else content)
        return root

    def test_each_directory_below_gets_its_module_beside_its_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        for place in ("b/scores", "a/loads", ".hidden/x", "a/loads/artifacts/y"):
            self.directory(place)
        assert main(["import", "--all"]) == 0
        assert capsys.readouterr().out == "wrote a/loads/activities.py\nwrote b/scores/activities.py\n"
        assert main(["generate", "--all"]) == 0

    def test_a_module_that_is_there_is_kept(self, capsys: pytest.CaptureFixture[str]) -> None:
        (self.directory("loads") / "activities.py").write_text("mine\n")
        assert main(["import", "--all"]) == 0
        assert capsys.readouterr().out == "loads/activities.py: is there already\n"
        assert Path("loads/activities.py").read_text() == "mine\n"

    def test_a_module_that_is_there_is_written_over_by_force(self) -> None:
        (self.directory("loads") / "activities.py").write_text("mine\n")
        assert main(["import", "--all", "--force"]) == 0
        assert 'Pipeline("loads"' in Path("loads/activities.py").read_text()

    def test_what_is_wrong_with_one_does_not_keep_the_others(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.directory("bad", "{")
        self.directory("loads")
        assert main(["import", "--all"]) == 1
        said = capsys.readouterr()
        assert "bad/pipeline.json:1:2  error  ADF001" in said.err
        assert said.out == "wrote loads/activities.py\n"

    def test_names_that_another_has_are_findings(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.directory("a/loads")
        self.directory("b/Loads")
        assert main(["import", "--all"]) == 1
        said = capsys.readouterr()
        assert [line.split(";")[0] for line in said.err.splitlines()] == [
            "b/Loads/pipeline.json:1:2  error  GEN050  The pipeline 'Loads' has the same name as that of 'a/loads/'",
            "b/Loads/pipeline.json:1:2  error  GEN051  The directory 'Loads' has the same name as that of 'a/loads/'",
        ]
        assert said.out == "wrote a/loads/activities.py\n"

    def test_several_pipelines_in_one_directory_are_refused(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.directory("loads", json.dumps([pipeline("A"), pipeline("B")]))
        assert main(["import", "--all"]) == 1
        assert "loads/pipeline.json  error  IMP008  2 pipelines: 'A', 'B'." in capsys.readouterr().err

    def test_what_is_said_of_a_file_names_its_directory(self, capsys: pytest.CaptureFixture[str]) -> None:
        path = "dbfs:/pipelines/scores/artifacts/"
        properties = {"pythonFile": f"{path}job.py", "libraries": [{"whl": f"{path}scores-1.0-py3-none-any.whl"}]}
        activity = {"name": "Job", "type": "DatabricksSparkPython", "typeProperties": properties}
        root = self.directory("b/scores", json.dumps([activity]))
        (root / "pyproject.toml").write_text('[build-system]\nbuild-backend = "hatchling.build"\n')
        assert main(["import", "--all"]) == 0
        assert capsys.readouterr().err.startswith("b/scores/pyproject.toml  warning  IMP012")

    def test_no_directory_below_is_wrong_usage(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["import", "--all"]) == 2
        assert "none with a pipeline.json or an activities.json." in capsys.readouterr().err

    def test_without_a_place_to_write_are_refused(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.directory("a")
        self.directory("b")
        assert main(["import", "a", "b"]) == 1
        assert "or write each to a directory of its own with -o DIR, or beside its JSON with --all." in (
            capsys.readouterr().err
        )

    def test_get_a_directory_each_below_the_output(self, one: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.directory("loads")
        assert main(["import", "loads", "nowhere", str(one), "-o", "new"]) == 1
        said = capsys.readouterr()
        assert said.err == "nowhere  error  IMP003  No such file or directory.\n"
        assert said.out == "wrote new/loads/activities.py\nwrote new/One/activities.py\n"

    def test_the_one_that_can_be_read_has_a_directory_too(self) -> None:
        self.directory("loads")
        assert main(["import", "loads", "nowhere", "-o", "new"]) == 1
        assert Path("new/loads/activities.py").is_file()

    def test_a_path_that_is_named_twice_is_read_once(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.directory("loads")
        assert main(["import", "loads", "./loads"]) == 0
        assert capsys.readouterr().out.startswith('"""Pipeline loads')

    def test_none_means_this_directory(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.chdir(self.directory("loads"))
        assert main(["import"]) == 0
        assert capsys.readouterr().out.startswith('"""Pipeline loads')

    def test_an_output_that_cannot_be_written_does_not_keep_the_others(self) -> None:
        self.directory("a")
        self.directory("b")
        Path("new").mkdir()
        Path("new/a").write_text("a file")
        assert main(["import", "a", "b", "-o", "new"]) == 1
        assert Path("new/b/activities.py").is_file()
