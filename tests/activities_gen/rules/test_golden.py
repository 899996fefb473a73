"""Everything that is found in a made-up factory and a made-up pipeline directory, to the letter.

To accept a change: ``make accept``, and read the difference.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from activities_gen.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

HERE = Path(__file__).parent
GOLDEN = HERE / "corpus.findings.txt"


def test_findings_of_the_corpus(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    golden: Callable[[Path, str], None],
) -> None:
    for name, content in json.loads((HERE / "corpus.json").read_text("utf-8")).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content, indent=2), "utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--all"]) == 1
    golden(GOLDEN, capsys.readouterr().out)
