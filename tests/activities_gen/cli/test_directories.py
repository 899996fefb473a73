"""Verbs that take several pipeline directories, and what keeps those from being deployed together."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from activities_gen.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

SETUP = "from setuptools import setup\nsetup(name={0!r}, version='1', packages=[{1!r}])\n"
ACTIVITIES = "from activities_gen import *\npipeline = Pipeline({0!r}, [spark_python('A')], target={1!r})\n"


@pytest.fixture
def make(make_directory: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Writes a pipeline directory below the working directory: pipeline, wheel, package, and for whom."""
    monkeypatch.chdir(tmp_path)

    def directory(place: str, name: str, wheel: str, package: str, target: str = "flowehr") -> Path:
        files = {
            "Makefile": "artifacts:\n\ttrue\n",
            "setup.py": SETUP.format(wheel, package),
            "activities.py": ACTIVITIES.format(name, target),
            f"{package}/__init__.py": "",
        }
        return make_directory(files, place)

    return directory


def test_all_finds_the_directories_below_in_order(
    make: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    make("b/two", "two", "two", "two")
    make("a/one", "one", "one", "one")
    make(".hidden/three", "three", "three", "three")
    assert main(["generate", "--all"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"wrote {place}/{file}" for place in ("a/one", "b/two") for file in ("activities.json", "pipeline.json")
    ]


def test_all_passes_over_what_no_activities_py_defines(
    make: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    (make("written", "written", "w", "w") / "activities.py").rename("somewhere.py")
    make("without-makefile", "plain", "p", "p").joinpath("Makefile").unlink()
    (make("with-json", "json", "j", "j") / "pipeline.json").write_text("{}")
    (Path("with-json") / "Makefile").unlink()
    (Path("written") / "pipeline.json").write_text("{}")
    assert main(["generate", "--all"]) == 0
    assert {line.partition("/")[0] for line in capsys.readouterr().out.splitlines()} == {"wrote with-json"}


@pytest.mark.parametrize("verb", ["generate", "run"])
def test_every_directory_that_does_not_exist_is_named(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([verb, "x", "y"]) != 0
    said = capsys.readouterr().err
    assert "'x'" in said
    assert "'y'" in said


def test_a_directory_that_is_named_in_several_ways_is_done_once(
    make: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    make("one", "one", "one", "one")
    Path("link").symlink_to("one")
    assert main(["generate", "one", "./one/", "one/../one", "link"]) == 0
    assert capsys.readouterr().out.splitlines() == ["wrote one/activities.json", "wrote one/pipeline.json"]


@pytest.mark.parametrize("verb", ["generate", "run"])
def test_no_pipeline_directory_below_is_wrong_usage(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x").mkdir()
    assert main([verb, "--all", "x"]) == 2
    assert "'x' holds no pipeline directory: none with a" in capsys.readouterr().err


def test_a_directory_that_cannot_be_written_is_named_as_it_is_shown(
    make: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make("deep/one", "one", "one", "one")
    opened = os.open

    def refuses(path: Any, *arguments: Any, **options: Any) -> int:
        if path == root:
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return opened(path, *arguments, **options)

    monkeypatch.setattr(os, "open", refuses)
    assert main(["generate", "deep/one"]) == 1
    assert capsys.readouterr().err == "deep/one  error  GEN001  Permission denied. Nothing was changed.\n"


@pytest.mark.parametrize("verb", ["generate", "check"])
def test_a_folder_that_cannot_be_read_is_passed_over_with_a_warning(
    verb: str, make: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make("one", "one", "one", "one")
    make("two", "two", "two", "two")
    scandir = os.scandir

    def refuses(path: str) -> Any:
        if str(path).endswith("two"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuses)
    main([verb, "--all"])
    said = capsys.readouterr()
    assert said.err == (
        "two  warning  GEN002  The folder cannot be read: Permission denied. What it holds is passed over.\n"
    )
    assert "two" not in said.out


@pytest.mark.parametrize(
    ("second", "finding"),
    [
        (
            ("b/y", "X", "w2", "p2"),
            (
                "GEN050  The pipeline 'X' has the same name as that of 'a/x/'; "
                "a data factory tells pipelines apart by their names, whatever the letter case. Rename one."
            ),
        ),
        (
            ("b/x", "y", "w2", "p2"),
            (
                "GEN051  The directory 'x' has the same name as that of 'a/x/'; "
                "FlowEHR uploads artifacts and names triggers by it. Rename one."
            ),
        ),
        (
            ("b/y", "y", "w2", "p1"),
            (
                "GEN052  The Python package 'p1' has the same name as that of 'a/x/'; "
                "on FlowEHR's one shared cluster one would hide the other. Rename one."
            ),
        ),
        (
            ("b/y", "y", "W1", "p2"),
            (
                "GEN053  The wheel 'w1' has the same name as that of 'a/x/'; "
                "on FlowEHR's one shared cluster one would replace the other. Rename one."
            ),
        ),
    ],
    ids=["pipeline", "directory", "package", "wheel"],
)
def test_what_two_pipelines_cannot_share(
    make: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
    second: tuple[str, str, str, str],
    finding: str,
) -> None:
    make("a/x", "x", "w1", "p1")
    root = make(*second)
    assert main(["generate", "--all"]) == 1
    said = capsys.readouterr()
    assert said.err == f"{second[0]}/activities.py  error  {finding}\n"
    assert "wrote a/x/pipeline.json" in said.out  # what is not to blame has its turn
    assert not (root / "pipeline.json").exists()


@pytest.mark.parametrize(("name", "package"), [("w1", "p2"), ("w2", "p1")], ids=["wheel", "package"])
def test_check_reports_wheels_that_stand_in_each_others_way(
    make: Callable[..., Path], capsys: pytest.CaptureFixture[str], name: str, package: str
) -> None:
    make("a/x", "x", "w1", "p1")
    make("b/y", "y", name, package)
    assert main(["check", "--all"]) == 1
    assert "b/y/activities.py  error  GEN05" in capsys.readouterr().out


def test_elsewhere_than_on_flowehr_each_pipeline_may_have_a_cluster_of_its_own(make: Callable[..., Path]) -> None:
    make("a/x", "x", "w1", "p1", "adf")
    make("b/x", "y", "w1", "p1", "adf")
    assert main(["generate", "--all"]) == 0
