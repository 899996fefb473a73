"""The documentation is generated from the catalogue and complete."""

from __future__ import annotations

import re
from pathlib import Path

from activities_gen.catalogue import CODES
from activities_gen.catalogue.markdown import page, pages

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs" / "rules"
NOT_CHECKABLE = ROOT / "docs" / "not-checkable.md"


def test_the_committed_pages_are_what_the_rules_say() -> None:
    committed = {path.name: path.read_text("utf-8") for path in DOCS.iterdir()}
    assert committed == pages(), "run: python tools/write_rule_pages.py"


def test_every_link_of_the_index_leads_to_a_heading() -> None:
    files = pages()
    links = re.findall(r"\]\((\S+\.md)#([^)]+)\)", files["README.md"])
    assert len(links) == len(CODES)
    for file, anchor in links:
        headings = re.findall(r"^## (.*)$", files[file], re.MULTILINE)
        assert anchor in {re.sub(r"[^\w\- ]", "", heading.casefold()).replace(" ", "-") for heading in headings}


def test_no_page_is_too_long_to_be_read() -> None:
    assert max(len(text) for text in pages().values()) < 60_000


def test_pages_show_no_secret_in_full() -> None:
    text = "".join(page(code) for code in CODES.values() if code.family == "secrets")
    assert not re.search(r"[A-Za-z0-9]{33,}", re.sub(r"https://\S+|\w+\.\w+", "", text))


def test_codes_that_the_list_of_the_unknowable_names_exist() -> None:
    named = set(re.findall(r"\b(?:ADF|FLO|SUP)\d{3}\b", NOT_CHECKABLE.read_text("utf-8")))
    assert named
    assert named <= CODES.keys()
