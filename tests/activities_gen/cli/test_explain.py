"""The verb explain."""

from __future__ import annotations

import pytest

from activities_gen.catalogue import CODES
from activities_gen.catalogue.markdown import page, pages
from activities_gen.cli import main


def test_a_page_is_printed_whatever_the_letter_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "adf203"]) == 0
    assert capsys.readouterr().out == page(CODES["ADF203"])


def test_several_pages_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "ADF203", "FLO101"]) == 0
    assert capsys.readouterr().out.count("Source:") == 2


def test_without_a_code_all_rules_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(CODES)
    assert any(line.startswith("ADF203  error    a dependency on") for line in lines)


def test_all_pages_are_the_documentation(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--all"]) == 0
    assert capsys.readouterr().out == "\n".join(pages().values())


def test_an_unknown_code_is_wrong_usage_with_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "ADF2033"]) == 2
    assert "there is no code 'ADF2033'. Did you mean 'ADF" in capsys.readouterr().err


def test_a_retired_code_says_which_one_is_reported_now(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "FLO160"]) == 2
    assert "there is no code 'FLO160' any more: it is GEN051 now." in capsys.readouterr().err


def test_a_letter_that_looks_like_a_digit_is_taken_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "ADF2O3"]) == 2
    assert "there is no code 'ADF2O3'. Did you mean 'ADF203'?" in capsys.readouterr().err


@pytest.mark.parametrize("code", ["PY101", "GEN020", "IMP006", "RUN004"])
def test_a_code_that_is_no_rule_has_a_page_too(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", code]) == 0
    assert capsys.readouterr().out.startswith(f"## {code}: {CODES[code].title}\n")


def test_a_beginning_of_a_code_lists_the_rules_that_have_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "flo14"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "FLO140  error    a pipeline directory inside another"
    assert all(line.startswith("FLO14") for line in lines)
