"""Every code is reported for the wrong example of its page, and not for the right one; its page shows the same two."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from activities_gen.catalogue import CODES, FAMILIES, Code, Target, page_of
from activities_gen.catalogue.markdown import page
from activities_gen.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from activities_gen.findings import Finding

EACH_CODE = pytest.mark.parametrize("code", CODES.values(), ids=CODES.keys())


@EACH_CODE
def test_wrong_example_is_reported(code: Code, check: Callable[..., list[Finding]]) -> None:
    found = check(page_of(code.code).wrong, code.target or Target.ADF)
    assert code.code in {finding.code for finding in found}


@EACH_CODE
def test_right_example_is_not_reported_and_has_no_error(code: Code, check: Callable[..., list[Finding]]) -> None:
    found = check(page_of(code.code).right, code.target or Target.ADF)
    bad = [str(finding) for finding in found if finding.code == code.code or finding.severity is Severity.ERROR]
    assert not bad


@EACH_CODE
def test_messages_are_sentences_that_name_the_activity(code: Code, check: Callable[..., list[Finding]]) -> None:
    for finding in check(page_of(code.code).wrong, code.target or Target.ADF):
        assert re.search(r"([.?]|Run: make \w+)$", finding.message), finding.message
        assert finding.message.isprintable()
        assert len(finding.message) < 700


@EACH_CODE
def test_page_has_both_examples_and_a_source(code: Code) -> None:
    text = page(code)
    assert text.startswith(f"## {code.code}: {code.title}\n")
    assert "Wrong:" in text
    assert "Right:" in text
    assert f"Source: {page_of(code.code).source}" in text
    assert FAMILIES[code.family]


def test_codes_lie_in_the_ranges_of_their_families() -> None:
    ranges = {"ADF": range(1, 900), "FLO": range(100, 200), "SUP": range(10)}
    assert all(int(code[3:]) in ranges[code[:3]] for code in CODES)
