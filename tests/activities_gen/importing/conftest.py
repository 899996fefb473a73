"""Documents to import, and tools to judge the Python made of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[3]
Document = dict[str, Any]


@pytest.fixture
def shared() -> Path:
    """The folder of real pipelines beside the repository."""
    corpus = ROOT.parent / "shared" / "corpus"
    if not corpus.is_dir():
        pytest.skip("there is no folder 'shared/corpus' beside the repository")
    return corpus


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, Any], Path]:
    """Writes a file of JSON below the temporary directory: ``write("a/b.json", {…})``."""

    def write_json(name: str, content: Any) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    return write_json


@pytest.fixture
def tool() -> Callable[..., str]:
    """Runs a tool with the repository's configuration: ``tool("ruff", "check", directory)``; gives what it found."""

    def run(*command: str | Path) -> str:
        arguments = [sys.executable, "-m", *map(str, command)]
        done = subprocess.run(arguments, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
        return "" if done.returncode == 0 else done.stdout + done.stderr

    return run
