"""Whether git tracks what FlowEHR needs; nothing is said if git has nothing to say."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from activities_gen.catalogue.examples import pipeline, python
from activities_gen.findings import Severity
from activities_gen.rules import Options, Target, inspect_directory
from activities_gen.workspace.git import untracked

if TYPE_CHECKING:
    from pathlib import Path

    from activities_gen.findings import Finding

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
NEEDED = ("pipeline.json", "Makefile")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A pipeline directory in a repository to which nothing has been added."""
    git(tmp_path, "init")
    folder = tmp_path / "one repo" / "demo"
    folder.mkdir(parents=True)
    (folder / "pipeline.json").write_text(json.dumps(pipeline(python(), parameters={})), "utf-8")
    (folder / "Makefile").write_text("artifacts:\n\ttrue\n", "utf-8")
    return folder


def found(folder: Path, target: Target = Target.FLOWEHR) -> list[Finding]:
    return [found for found in inspect_directory(folder, Options(target=target)) if found.code == "FLO148"]


def test_a_new_file_is_not_tracked(directory: Path) -> None:
    assert untracked(directory, NEEDED) == {"pipeline.json": False, "Makefile": False}


def test_an_added_file_is_tracked_before_it_is_committed(directory: Path) -> None:
    git(directory, "add", "pipeline.json")
    assert untracked(directory, NEEDED) == {"Makefile": False}


def test_a_file_that_is_ignored_is_said_to_be(directory: Path) -> None:
    (directory.parent / ".gitignore").write_text("*.json\n", "utf-8")
    assert untracked(directory, NEEDED) == {"pipeline.json": True, "Makefile": False}


def test_a_tracked_file_may_match_what_is_ignored(directory: Path) -> None:
    (directory.parent / ".gitignore").write_text("*.json\n", "utf-8")
    git(directory, "add", "--force", *NEEDED)
    assert untracked(directory, NEEDED) == {}


def test_outside_of_a_work_tree_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "pipeline.json").write_text("{}", "utf-8")
    assert untracked(tmp_path, NEEDED) == {}


def test_a_work_tree_that_git_refuses_says_nothing(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /nowhere\n", "utf-8")
    assert untracked(tmp_path, NEEDED) == {}


def test_without_git_nothing_is_said(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(directory))
    assert untracked(directory, NEEDED) == {}


def test_settings_of_the_repository_start_no_program(directory: Path) -> None:
    program, trace = directory / "program", directory / "trace"
    program.write_text(f"#!/bin/sh\ntouch '{trace}'\n", "utf-8")
    program.chmod(0o755)
    git(directory, "config", "core.fsmonitor", str(program))
    untracked(directory, NEEDED)
    assert not trace.exists()


def test_what_a_clone_lacks_is_a_warning_and_an_error_if_it_is_ignored(directory: Path) -> None:
    assert [finding.severity for finding in found(directory)] == [Severity.WARNING] * 2
    (directory / ".gitignore").write_text("pipeline.json\n", "utf-8")
    ignored, _ = sorted(found(directory), key=lambda finding: finding.severity is not Severity.ERROR)
    assert ignored.severity is Severity.ERROR
    assert "Git is told to ignore 'pipeline.json'" in ignored.message
    assert "'git add --force pipeline.json'" in ignored.message


def test_git_is_not_asked_for_another_target(directory: Path) -> None:
    assert found(directory, Target.ADF) == []
