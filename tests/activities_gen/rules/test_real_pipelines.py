"""400 real pipelines, where they are at hand: no traceback, no crying wolf, in time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from activities_gen.findings import Severity
from activities_gen.rules import Options, inspect_file

ROOT = Path(__file__).parents[3]
CORPUS = ROOT.parent / "shared" / "corpus"
FILES = sorted(path for path in CORPUS.glob("*.json") if path.is_file())

pytestmark = pytest.mark.skipif(not FILES, reason="the real pipelines are not beside this repository")

ERRORS = {"ADF106": 1, "ADF203": 1, "ADF214": 14, "ADF411": 1, "ADF603": 1, "ADF610": 4}
"""How many errors there are of each code; each was looked at and is a true defect of its file."""


def test_every_error_is_one_of_those_that_were_looked_at() -> None:
    found = [finding for path in FILES for finding in inspect_file(path, path.name, Options())]
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    assert Counter(finding.code for finding in errors) == ERRORS, "\n".join(map(str, errors))
    assert all(finding.location.line for finding in found)


def cpu_seconds(*arguments: str) -> float:
    """What a Python process costs, start-up included, wherever and beside whatever it runs."""
    before = os.times()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=False, capture_output=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def test_all_are_checked_in_two_seconds_where_the_sdk_is_imported_in_a_fifth_of_one() -> None:
    spent = cpu_seconds("-m", "activities_gen", "check", *map(str, FILES))
    assert spent < 10 * min(cpu_seconds("-c", "import azure.mgmt.datafactory.models") for _ in range(3))
