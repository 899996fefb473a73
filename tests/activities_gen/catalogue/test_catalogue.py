"""The catalogue is whole: each code has a family and a page."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from itertools import groupby
from pathlib import Path

from activities_gen.catalogue import CODES, FAMILIES, codes_of, page_of

ROOT = Path(__file__).parents[3]


def test_every_code_belongs_to_a_family_and_families_stand_together_in_order() -> None:
    assert [family for family, _ in groupby(CODES.values(), key=lambda code: code.family)] == list(FAMILIES)


def test_codes_of_a_family_are_sorted() -> None:
    assert all(codes_of(family) == sorted(codes_of(family)) for family in FAMILIES)


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    for family in FAMILIES:
        module = import_module(f"activities_gen.catalogue.pages.{family}")
        assert list(module.PAGES) == codes_of(family)
        assert all(page_of(code).why for code in codes_of(family))


def test_a_start_loads_no_page() -> None:
    code = "import activities_gen.rules as rules, sys; rules.RULES; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "activities_gen.catalogue" in loaded.split()
    assert not [name for name in loaded.split() if name.startswith("activities_gen.catalogue.pages")]
