"""The Python of some documents, to the letter.

To accept a change: ``make accept``, and read the difference.
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
def test_python_is_as_agreed(name: str, golden: Callable[[Path, str], None]) -> None:
    (source,) = find(GOLDEN / f"{name}.json").sources
    result = import_pipeline(source)
    assert result.findings == ()
    golden(GOLDEN / f"{name}.py", result.source)


def test_python_passes_the_linter(tool: Callable[..., str]) -> None:
    assert tool("ruff", "check", GOLDEN) == ""


def test_python_passes_the_formatter(tool: Callable[..., str]) -> None:
    assert tool("ruff", "format", "--check", GOLDEN) == ""


def test_python_passes_the_type_checker(tool: Callable[..., str]) -> None:
    files = sorted(GOLDEN.glob("*.py"))
    assert tool("mypy", "--follow-imports=silent", *files) == ""
