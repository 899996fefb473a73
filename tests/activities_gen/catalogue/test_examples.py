"""Every code is reported for the wrong example of its page, and not for the right one; its page shows the same two."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from activities_gen.catalogue import CODES, FAMILIES, Code, Target, page_of
from activities_gen.catalogue.markdown import page
from activities_gen.cli import main
from activities_gen.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from activities_gen.findings import Finding

ELSEWHERE = {
    "FLO148": "needs a git repository: workspace/test_git.py",
    "GEN002": "only a user who may not read the folder gets it: cli/test_directories.py",
    "IMP010": "nothing that can be imported is known to differ: importing/test_proof.py",
    "RUN023": "needs two runs at the same time: run/test_real_runs.py",
    "RUN028": "needs a system that forbids user namespaces: run/test_isolation.py",
}
"""The codes whose examples do not run in this process, why, and the test that has them reported."""
WITHOUT_SDK = "PY006"
WITHOUT_ENDPOINT = "RUN027"

EACH_CODE = pytest.mark.parametrize("code", CODES.values(), ids=CODES.keys())
EACH_WRONG = pytest.mark.parametrize(
    "code", [code for key, code in CODES.items() if key not in {*ELSEWHERE, WITHOUT_SDK}], ids=lambda code: code.code
)
EACH_RIGHT = pytest.mark.parametrize(
    "code",
    [code for key, code in CODES.items() if key not in {*ELSEWHERE, WITHOUT_SDK, WITHOUT_ENDPOINT}],
    ids=lambda code: code.code,
)


@EACH_WRONG
def test_wrong_example_is_reported_as_the_catalogue_says(code: Code, check: Callable[..., list[Finding]]) -> None:
    found = check(page_of(code.code).wrong, code.target or Target.ADF)
    severities = {finding.severity.value for finding in found if finding.code == code.code}
    assert severities
    assert code.severity.value in severities or any(word in page_of(code.code).why for word in severities)


@EACH_RIGHT
def test_right_example_is_not_reported_and_has_no_error(code: Code, check: Callable[..., list[Finding]]) -> None:
    found = check(page_of(code.code).right, code.target or Target.ADF)
    bad = [str(finding) for finding in found if finding.code == code.code or finding.severity is Severity.ERROR]
    assert not bad


@EACH_WRONG
def test_messages_are_sentences_that_name_the_activity(code: Code, check: Callable[..., list[Finding]]) -> None:
    for finding in check(page_of(code.code).wrong, code.target or Target.ADF):
        assert re.search(r"([.?)]|Run: (make|python -m activities_gen) \w+)$", finding.message), finding.message
        assert finding.message.isprintable()
        assert len(finding.message) < 700


def test_a_python_without_the_sdk_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("activities_gen.definition.loader.prepare", lambda: False)
    (tmp_path / "activities.py").touch()
    assert main(["generate", str(tmp_path)]) == 1
    assert f"error  {WITHOUT_SDK}  The Azure SDK is not installed for this Python." in capsys.readouterr().err


@pytest.mark.parametrize("code", ELSEWHERE)
def test_a_code_whose_example_does_not_run_here_has_a_test_of_its_own(code: str, repository: Path) -> None:
    test = repository / "tests/activities_gen" / ELSEWHERE[code].rpartition(": ")[2]
    assert code in test.read_text("utf-8")


@EACH_CODE
def test_page_has_both_examples_and_a_source(code: Code) -> None:
    text = page(code)
    assert text.startswith(f"## {code.code}: {code.title}\n")
    assert "Wrong:" in text
    assert "Right:" in text
    assert f"Source: {page_of(code.code).source}" in text
    assert FAMILIES[code.family]


def test_codes_lie_in_the_ranges_of_their_families() -> None:
    ranges = {
        "ADF": range(1, 900),
        "FLO": range(100, 200),
        "PY": range(1, 200),
        "GEN": range(1, 100),
        "IMP": range(1, 100),
        "RUN": range(1, 100),
        "SUP": range(1, 10),
    }
    assert all(int(code[-3:]) in ranges[code[:-3]] for code in CODES)
