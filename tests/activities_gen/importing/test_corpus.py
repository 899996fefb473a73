"""Real pipelines: each is imported, generates again to equal JSON, and its Python passes the project's tools."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from activities_gen.importing.imported import import_pipeline
from activities_gen.importing.sources import find

if TYPE_CHECKING:
    from collections.abc import Callable

CORPUS = Path(__file__).parents[3].parent / "shared" / "corpus"
FILES = sorted(CORPUS.glob("*.json"))


@pytest.mark.parametrize("file", FILES or [None], ids=lambda file: file.stem if file else "none")
def test_a_real_pipeline_generates_again_to_equal_json(file: Path | None, shared: Path) -> None:
    found = find(shared / file.name if file else shared)
    assert found.findings == []
    assert [finding for source in found.sources for finding in import_pipeline(source).findings] == []


@pytest.mark.slow
def test_python_of_real_pipelines_is_formatted_and_clean(
    shared: Path, tmp_path: Path, tool: Callable[..., str]
) -> None:
    for source in find(shared).sources:
        name = f"p{Path(source.document.file).stem}.py"
        (tmp_path / name).write_text(import_pipeline(source).source, encoding="utf-8")
    assert tool("ruff", "format", "--check", "--config", "pyproject.toml", tmp_path) == ""
    assert tool("ruff", "check", "--config", "pyproject.toml", tmp_path) == ""
    assert tool("mypy", "--follow-imports=silent", *sorted(tmp_path.glob("*.py"))[::16]) == ""
