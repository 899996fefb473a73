"""The emitted text, pinned: this repository's pipeline and each example, under a fixed stamp.

A changed snapshot is a changed deployment. ``make snapshots`` accepts it.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from activities_gen.cli import main
from activities_gen.generation import Generated, generate
from activities_gen.testing import json_snapshot

__all__ = ["json_snapshot"]

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/activities.py"))
SETUP = 'from setuptools import setup\n\nsetup(name="{name}", version="1.0.0", packages=["code_of_example"])\n'


def fixed(content: bytes) -> str:
    """The text with the wheel's stamp replaced, for it changes with every line of the code."""
    return re.sub(r"\+[0-9a-f]{12}\b", "+000000000000", content.decode())


def copied(example: Path, target: Path) -> Path:
    """An example as a pipeline directory of its own, with a package to run."""
    root = target / example.name
    shutil.copytree(example, root)
    (root / "setup.py").write_text(SETUP.format(name=example.name))
    (root / "code_of_example").mkdir()
    (root / "code_of_example/__init__.py").write_text("")
    (root / "Makefile").write_text("artifacts:\n\tpython -m activities_gen artifacts\n")
    return root


@pytest.fixture(scope="module")
def own() -> Generated:
    return generate(ROOT)


@pytest.mark.parametrize("name", ["activities.json", "pipeline.json", "trigger.json"])
def test_the_json_of_this_repository(own, json_snapshot, name):
    if name not in own.files:
        pytest.skip("the pipeline of this repository does not make it")
    assert fixed(own.files[name]) == json_snapshot


@pytest.mark.parametrize("name", ["activities.json", "pipeline.json", "trigger.json"])
def test_what_is_committed_is_what_is_generated(own, name):
    committed = ROOT / name

    assert own.files.get(name) == (committed.read_bytes() if committed.exists() else None)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_the_json_of_an_example(example, tmp_path, json_snapshot):
    generated = generate(copied(example, tmp_path))

    text = fixed(generated.files["pipeline.json"])
    assert text == json_snapshot
    if "trigger.json" in generated.files:
        assert fixed(generated.files["trigger.json"]) == json_snapshot


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_checks_and_stages(example, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(copied(example, tmp_path))

    assert main(["artifacts"]) == 0, capsys.readouterr().err
    assert main(["check"]) == 0, capsys.readouterr().out


def test_no_example_holds_what_flowehr_would_deploy():
    deployed = ("pipeline.json", "activities.json", "trigger.json")

    assert [path for path in (ROOT / "examples").rglob("*.json") if path.name in deployed] == []


def test_each_example_is_named_as_its_pipeline(tmp_path):
    assert [generate(copied(example, tmp_path)).definition.pipeline.name for example in EXAMPLES] == [
        example.name for example in EXAMPLES
    ]
