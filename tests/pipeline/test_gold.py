"""The declared features, and the page that is made from them. `PIPELINE_ACCEPT=1` writes the page's table anew."""

from __future__ import annotations

import os
import re
from pathlib import Path

from pipeline.gold import FEATURES, GOLD_SCHEMAS, ZERO

PAGE = Path(__file__).parents[2] / "docs" / "features.md"
TABLE = re.compile(r"(?<=<!-- made from pipeline/gold.py -->\n).*?(?=<!-- end -->)", re.DOTALL)


def table() -> str:
    """The table of all features, as Markdown."""
    null = {ZERO: "never null: 0", "false": "never null: false"}
    rows = [
        f"| `{each.name}` | {each.type} | {each.definition} | {null.get(each.null, each.null)} |" for each in FEATURES
    ]
    return "\n".join(["", "| feature | type | definition | null |", "| --- | --- | --- | --- |", *rows, "", ""])


def test_the_page_lists_the_features_as_they_are_declared() -> None:
    text = PAGE.read_text(encoding="utf-8")
    if os.environ.get("PIPELINE_ACCEPT"):
        PAGE.write_text(TABLE.sub(lambda _: table(), text), encoding="utf-8")
    found = TABLE.search(PAGE.read_text(encoding="utf-8"))
    assert found
    assert found[0] == table()


def test_each_feature_is_a_column_of_its_type() -> None:
    columns = {field.name: field.dataType.simpleString() for field in GOLD_SCHEMAS["patient_features"]}
    assert {each.name: each.type for each in FEATURES}.items() <= columns.items()
    assert len({each.name for each in FEATURES}) == len(FEATURES)
