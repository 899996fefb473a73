"""`make accept`: one command for every file that a test compares with."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

ROOT = Path(__file__).parents[1]


@pytest.fixture
def accept() -> ModuleType:
    spec = importlib.util.spec_from_file_location("accept", ROOT / "tools" / "accept.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_nothing_is_accepted_in_ci(
    accept: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(accept, "steps", lambda: [["-c", "print('ran')"]])

    assert accept.main() == 2
    assert capsys.readouterr() == (
        "",
        "Nothing is accepted in CI. Run 'make accept' where you work, read the difference, commit it.\n",
    )


def test_the_first_step_that_fails_is_the_last(
    accept: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(accept, "steps", lambda: [["-c", "exit(3)"], ["-c", "exit(4)"]])

    assert accept.main() == 3
    assert capsys.readouterr().out == "$ python -c 'exit(3)'\n"


def test_every_tool_that_writes_files_for_a_test_is_a_step(accept: ModuleType) -> None:
    tools = {path.name for path in (ROOT / "tools").glob("*.py")} - {"accept.py", "accounts.py", "fetch_jars.py"}

    assert {step[0].removeprefix("tools/") for step in accept.steps()} == {*tools, "-m"}


def test_a_golden_file_that_differs_fails_the_test(
    golden: Callable[[Path, str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ACCEPT", raising=False)
    (tmp_path / "text").write_text("old")

    with pytest.raises(AssertionError, match="Accept it with: make accept"):
        golden(tmp_path / "text", "new")


def test_a_golden_file_is_written_when_changes_are_accepted(
    golden: Callable[[Path, str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("ACCEPT", "1")

    golden(tmp_path / "text", "new")

    assert (tmp_path / "text").read_text() == "new"


def test_a_golden_file_is_never_written_in_ci(
    golden: Callable[[Path, str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("ACCEPT", "1")
    (tmp_path / "text").write_text("old")

    with pytest.raises(AssertionError):
        golden(tmp_path / "text", "new")
    assert (tmp_path / "text").read_text() == "old"


SPOILT = (
    "activities.json",
    "activities_gen/expressions/calls.py",
    "activities_gen/model/activity_schema.json",
    "docs/functions.md",
    "docs/features.md",
    "docs/rules/limits.md",
    "tests/activities_gen/rules/corpus.findings.txt",
    "tests/pipeline/tables.txt",
)
"""A file of each kind, of which a line in the middle is deleted; in the page of features it is a row of the table."""


@pytest.mark.slow
def test_whatever_was_spoilt_is_as_it_was_after_an_accept(clone: Path) -> None:
    goldens = (*(clone / "tests").rglob("__snapshots__/**/*.json"), *(clone / "tests").glob("**/golden/*.py"))
    spoilt = {path: path.read_bytes() for path in (*(clone / name for name in SPOILT), min(goldens), max(goldens))}
    for path, content in spoilt.items():
        lines = content.splitlines(keepends=True)
        del lines[len(lines) // 2]
        path.write_bytes(b"".join(lines))

    environment = {name: value for name, value in os.environ.items() if name not in ("CI", "PYTHONPATH")}
    subprocess.run([sys.executable, "tools/accept.py"], cwd=clone, env=environment, check=True, capture_output=True)

    assert [path.name for path, content in spoilt.items() if path.read_bytes() != content] == []
