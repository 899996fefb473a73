"""The catalogue is whole: it has each code that can be reported, with a family and a page."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib import import_module
from itertools import groupby
from pathlib import Path

from activities_gen.catalogue import CODES, FAMILIES, codes_of, page_of

ROOT = Path(__file__).parents[3]


def reported() -> set[str]:
    """Every code that stands as a text in a source outside of the catalogue."""
    paths = [path for path in (ROOT / "activities_gen").rglob("*.py") if not {"catalogue", "template"} & {*path.parts}]
    nodes = (node for path in paths for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    texts = (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return {text for text in texts if re.fullmatch(r"(ADF|FLO|PY|GEN|IMP|RUN|SUP)\d{3}", text)}


def test_what_can_be_reported_is_in_the_catalogue_and_nothing_else() -> None:
    assert reported() == CODES.keys()


def test_every_code_belongs_to_a_family_and_families_stand_together_in_order() -> None:
    assert [family for family, _ in groupby(CODES.values(), key=lambda code: code.family)] == list(FAMILIES)


def test_codes_of_a_family_are_sorted() -> None:
    assert all(codes_of(family) == sorted(codes_of(family)) for family in FAMILIES)


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    for family in FAMILIES:
        module = import_module(f"activities_gen.catalogue.pages.{family}")
        assert list(module.PAGES) == codes_of(family)
        assert all(page_of(code).why for code in codes_of(family))


def test_every_title_names_what_is_wrong_and_is_no_sentence() -> None:
    wrong = [code.title for code in CODES.values() if not re.fullmatch(r"(an?|two|several) [^:;]+[^.:; ]", code.title)]
    assert wrong == []


def test_a_start_loads_no_page() -> None:
    code = "import activities_gen.rules as rules, sys; rules.RULES; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "activities_gen.catalogue" in loaded.split()
    assert not [name for name in loaded.split() if name.startswith("activities_gen.catalogue.pages")]
