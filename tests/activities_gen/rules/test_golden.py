"""Everything that is found in a made-up factory and a made-up pipeline directory, to the letter.

To accept a change: ``ACCEPT=1 pytest tests/activities_gen/rules/test_golden.py`` and read the difference.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from activities_gen.cli import main

if TYPE_CHECKING:
    import pytest

HERE = Path(__file__).parent
GOLDEN = HERE / "corpus.findings.txt"


def test_findings_of_the_corpus(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, content in json.loads((HERE / "corpus.json").read_text("utf-8")).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content, indent=2), "utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--all"]) == 1
    found = capsys.readouterr().out
    if os.environ.get("ACCEPT") and not os.environ.get("CI"):
        GOLDEN.write_text(found, "utf-8")
    assert found == GOLDEN.read_text("utf-8")
