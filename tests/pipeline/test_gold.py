"""The declared features, and the page that is made from them. `make accept` writes the page's table anew."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.gold import FEATURES, GOLD_SCHEMAS, ZERO

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = Path(__file__).parents[2] / "docs" / "features.md"
TABLE = re.compile(r"(?<=<!-- made from pipeline/gold.py -->\n).*?(?=<!-- end -->)", re.DOTALL)


def table() -> str:
    """The table of all features, as Markdown."""
    null = {ZERO: "never null: 0", "false": "never null: false"}
    rows = [
        f"| `{each.name}` | {each.type} | {each.definition} | {null.get(each.null, each.null)} |" for each in FEATURES
    ]
    return "\n".join(["", "| feature | type | definition | null |", "| --- | --- | --- | --- |", *rows, "", ""])


def test_the_page_lists_the_features_as_they_are_declared(golden: Callable[[Path, str], None]) -> None:
    text, tables = TABLE.subn(lambda _: table(), PAGE.read_text(encoding="utf-8"))
    assert tables == 1
    golden(PAGE, text)


def test_each_feature_is_a_column_of_its_type() -> None:
    columns = {field.name: field.dataType.simpleString() for field in GOLD_SCHEMAS["patient_features"]}
    assert {each.name: each.type for each in FEATURES}.items() <= columns.items()
    assert len({each.name for each in FEATURES}) == len(FEATURES)
