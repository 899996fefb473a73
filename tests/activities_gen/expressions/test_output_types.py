"""``output_of``: what editors complete is what the table of outputs says."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from azure.mgmt.datafactory.models import LookupActivity

from activities_gen import output_of
from activities_gen.expressions.expr import Expr

ROOT = Path(__file__).parents[3]


def test_the_module_is_what_the_table_says() -> None:
    files = runpy.run_path(str(ROOT / "tools" / "write_outputs.py"))["files"]()
    for path, text in files.items():
        assert path.read_text(encoding="utf-8") == text, "run: python tools/write_outputs.py"


@pytest.mark.parametrize("activity", ["Look up", LookupActivity(name="Look up", source=None, dataset=None)])
def test_an_output_is_an_expression_of_the_activity_or_its_name(activity: object) -> None:
    found = output_of(activity).firstRow.n
    assert isinstance(found, Expr)
    assert str.__str__(found) == "@activity('Look up').output.firstRow.n"


def test_what_is_no_activity_is_refused() -> None:
    with pytest.raises(TypeError, match="takes an activity or its name, not 7"):
        output_of(7)
