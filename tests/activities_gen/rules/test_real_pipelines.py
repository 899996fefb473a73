"""400 real pipelines, where they are at hand: no traceback, no crying wolf, in time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from activities_gen.findings import Severity
from activities_gen.rules import Options, inspect_file

ROOT = Path(__file__).parents[3]
CORPUS = ROOT.parent / "shared" / "corpus"
FILES = sorted(path for path in CORPUS.glob("*.json") if path.is_file())

pytestmark = pytest.mark.skipif(not FILES, reason="the real pipelines are not beside this repository")

MOST_ERRORS = 30
"""Each error among them was looked at and is a true defect of its file; many more would be false alarms."""


def test_errors_are_few_and_every_finding_has_a_line() -> None:
    found = [finding for path in FILES for finding in inspect_file(path, path.name, Options())]
    errors = [str(finding) for finding in found if finding.severity is Severity.ERROR]
    assert len(errors) <= MOST_ERRORS, "\n".join(errors)
    assert all(finding.location.line for finding in found)


def test_all_are_checked_in_two_seconds() -> None:
    before = os.times()
    command = [sys.executable, "-m", "activities_gen", "check", *map(str, FILES)]
    subprocess.run(command, cwd=ROOT, check=False, capture_output=True)
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    assert spent < 4, "two seconds on a machine that does nothing else"
