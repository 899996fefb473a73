"""Writes ``docs/rules`` from the catalogue; a test holds it fresh.

Run: ``python tools/write_rule_pages.py``.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from activities_gen.catalogue.markdown import pages  # noqa: E402

if __name__ == "__main__":
    folder = ROOT / "docs" / "rules"
    folder.mkdir(exist_ok=True)
    files = pages()
    for stale in set(folder.iterdir()) - {folder / name for name in files}:
        stale.unlink()
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
