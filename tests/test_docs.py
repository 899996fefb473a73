"""The guides are true: each Python block of the guide to definitions is a pipeline that generates."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from activities_gen.generation import generate

ROOT = Path(__file__).parents[1]
BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "docs/definitions.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: re.search(r'Pipeline\("([^"]+)', block)[1])
def test_a_block_of_the_guide_is_a_whole_pipeline(block: str, tmp_path: Path) -> None:
    (tmp_path / "activities.py").write_text(block, encoding="utf-8")
    (tmp_path / "setup.py").write_text(
        "from setuptools import setup\nsetup(name='x', version='1', py_modules=['x'])", encoding="utf-8"
    )
    for name in ("x.py", "entrypoint.py", "score.py"):
        (tmp_path / name).touch()

    generated = generate(tmp_path)

    assert json.loads(generated.files["pipeline.json"])["properties"]["activities"]
