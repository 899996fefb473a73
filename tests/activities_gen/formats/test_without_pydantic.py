"""On a Python without pydantic, a file of one of our formats is a finding, and everything else works as ever."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from activities_gen.catalogue.examples import pipeline, wait
from activities_gen.cli import main, options
from activities_gen.formats import models
from activities_gen.lazy import lazy_module
from activities_gen.rules import directory
from activities_gen.run import earlier

if TYPE_CHECKING:
    from pathlib import Path

MESSAGE = (
    "This file is read by pydantic, which is not installed for this Python. 'make activities' installs it into .venv."
)


@pytest.fixture(autouse=True)
def without(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("activities_gen.formats.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pydantic", None)
    # What was imported before is remembered where it is used.
    monkeypatch.setattr(directory, "suppressed", lazy_module("activities_gen.formats.suppressions"))
    monkeypatch.setattr(options, "stub_format", lazy_module("activities_gen.formats.stub"))
    monkeypatch.setattr(earlier, "report_format", lazy_module("activities_gen.formats.report"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "demo.json").write_text(json.dumps(pipeline(wait())))
    return tmp_path


def test_suppressions_are_a_finding(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "suppressions.json").write_text("{}")
    assert main(["check", "demo.json"]) == 1
    assert capsys.readouterr().out.splitlines()[0] == f"suppressions.json  error  SUP004  {MESSAGE}"


def test_a_check_without_suppressions_is_a_check(folder: Path) -> None:
    assert main(["check", "demo.json"]) == 0


def test_a_stub_and_a_report_are_findings(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "demo.json").rename(folder / "pipeline.json")
    (folder / "stub.json").write_text("{}")
    (folder / "report.json").write_text("{}")
    assert main(["run", "--stub", "Wait=stub.json", "--resume", "--output", "."]) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"stub.json  error  RUN029  {MESSAGE}",
        f"report.json  error  RUN025  No run can be taken up from this report: {MESSAGE} Run from the start, without --resume.",
    ]


def test_another_module_that_is_missing_is_a_defect() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such"), models("file.json", "SUP004"):
        import activities_gen.formats.no_such  # noqa: F401, PLC0415
