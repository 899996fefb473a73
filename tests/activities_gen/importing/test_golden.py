"""The Python of some documents, to the letter.

After a wanted change: ``python -m activities_gen import X.json -o X.py --force`` in the folder ``golden``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from activities_gen.importing.imported import import_pipeline
from activities_gen.importing.sources import find

if TYPE_CHECKING:
    from collections.abc import Callable

GOLDEN = Path(__file__).with_name("golden")


@pytest.mark.parametrize("name", sorted(path.stem for path in GOLDEN.glob("*.json")))
def test_python_is_as_agreed(name: str) -> None:
    (source,) = find(GOLDEN / f"{name}.json").sources
    result = import_pipeline(source)
    assert result.source == (GOLDEN / f"{name}.py").read_text(encoding="utf-8")
    assert result.findings == ()


def test_python_passes_the_linter(tool: Callable[..., str]) -> None:
    assert tool("ruff", "check", GOLDEN) == ""


def test_python_passes_the_formatter(tool: Callable[..., str]) -> None:
    assert tool("ruff", "format", "--check", GOLDEN) == ""


def test_python_passes_the_type_checker(tool: Callable[..., str]) -> None:
    files = sorted(GOLDEN.glob("*.py"))
    assert tool("mypy", "--follow-imports=silent", *files) == ""
