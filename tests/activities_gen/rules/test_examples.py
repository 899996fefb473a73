"""Every rule reports its wrong example and is content with its right one; its page shows the same two."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from activities_gen.findings import Severity
from activities_gen.rules import RULES, Rule, Target
from activities_gen.rules.pages import heading, page

if TYPE_CHECKING:
    from collections.abc import Callable

    from activities_gen.findings import Finding

RULE = pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())


@RULE
def test_wrong_example_is_reported(rule: Rule, check: Callable[..., list[Finding]]) -> None:
    found = check(rule.wrong, rule.target or Target.ADF)
    assert rule.code in {finding.code for finding in found}


@RULE
def test_right_example_is_not_reported_and_has_no_error(rule: Rule, check: Callable[..., list[Finding]]) -> None:
    found = check(rule.right, rule.target or Target.ADF)
    bad = [str(finding) for finding in found if finding.code == rule.code or finding.severity is Severity.ERROR]
    assert not bad


@RULE
def test_messages_are_sentences_that_name_the_activity(rule: Rule, check: Callable[..., list[Finding]]) -> None:
    for finding in check(rule.wrong, rule.target or Target.ADF):
        assert re.search(r"([.?]|Run: make \w+)$", finding.message), finding.message
        assert finding.message.isprintable()
        assert len(finding.message) < 700


@RULE
def test_page_has_both_examples_and_a_source(rule: Rule) -> None:
    text = page(rule)
    assert text.startswith(f"## {rule.code}: {rule.title}\n")
    assert "Wrong:" in text
    assert "Right:" in text
    assert f"Source: {rule.source}" in text
    assert heading(rule.family)


def test_codes_lie_in_the_ranges_of_their_families() -> None:
    ranges = {"ADF": range(1, 900), "FLO": range(100, 200), "SUP": range(10)}
    assert all(int(code[3:]) in ranges[code[:3]] for code in RULES)
