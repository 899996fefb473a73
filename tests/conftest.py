"""What all tests share: a failed assertion about a pipeline's run shows the run, and golden files are accepted alike."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]

pytest_plugins = ["activities_gen.testing", "pytester"]

GOLDEN = {"golden", "json_snapshot", "snapshot"}
"""The fixtures that compare with files which ``make accept`` writes anew."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that ``make accept`` runs."""
    for item in items:
        if GOLDEN & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.golden)


@pytest.fixture
def golden() -> Callable[[Path, str], None]:
    """Compares a text with a file. With ``ACCEPT`` set, and never in CI, the text is written to the file first."""

    def compare(file: Path, text: str) -> None:
        if os.environ.get("ACCEPT") and not os.environ.get("CI"):
            file.write_text(text, encoding="utf-8")
        assert text == file.read_text(encoding="utf-8"), f"{file} differs. Accept it with: make accept"

    return compare


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of what is in the working tree, with a git history of one commit."""
    root = tmp_path_factory.mktemp("clone") / "clinical-features"
    files = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    for name in filter(None, files):
        if (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name)
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
        subprocess.run([*git, *command], cwd=root, check=True)
    if (ROOT / ".venv").is_dir():
        (root / ".venv").symlink_to(ROOT / ".venv")
    return root
