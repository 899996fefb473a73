"""Pipeline directories for tests: small, real, and the caller's to change."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from activities_gen.catalogue.page import Session
from activities_gen.cli import main
from activities_gen.findings import Finding, Location, Severity, has_errors
from activities_gen.rules import Flowehr, Options, Target, check_documents, inspect_directory, inspect_repository
from activities_gen.wire.document import parse
from activities_gen.workspace.places import is_pipeline_directory

if TYPE_CHECKING:
    from activities_gen.catalogue.page import Example

MakeDirectory = Callable[..., Path]

SETUP = """
from setuptools import find_packages, setup

setup(name="my-code", version="1.2.0", packages=find_packages(include=["code_here", "code_here.*"]))
"""
ACTIVITIES = """
from activities_gen import Pipeline, spark_python

pipeline = Pipeline("hello-world", activities=[spark_python("Hello")])
"""
FILES = {
    "activities.py": ACTIVITIES,
    "setup.py": SETUP,
    "entrypoint.py": "import code_here\n",
    "code_here/__init__.py": "ANSWER = 42\n",
}


def write_files(root: Path, files: Mapping[str, str | bytes | None]) -> Path:
    """Write files below a directory; text loses its common indentation, ``None`` deletes."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            path.unlink(missing_ok=True)
        else:
            data = content if isinstance(content, bytes) else textwrap.dedent(content).lstrip("\n").encode()
            path.write_bytes(data)
    return root


@pytest.fixture(scope="session")
def make_directory_in() -> MakeDirectory:
    """Writes a pipeline directory into a folder: ``make_directory_in(tmp_path, {"setup.py": None})``."""
    return lambda root, files=None: write_files(root, FILES | dict(files or {}))


@pytest.fixture
def make_directory(tmp_path: Path) -> MakeDirectory:
    """Writes a pipeline directory called ``hello-world``: ``make_directory({"setup.py": None, "x.csv": "1"})``."""

    def make(files: Mapping[str, str | bytes | None] | None = None, name: str = "hello-world") -> Path:
        return write_files(tmp_path / name, FILES | dict(files or {}))

    return make


@pytest.fixture
def repository() -> Path:
    """The root of the repository that the tests stand in."""
    return Path(__file__).parents[2]


@pytest.fixture
def check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., list[Finding]]:
    """What is found in an example of a page, whichever form it has."""

    def run(example: Example, target: Target = Target.ADF) -> list[Finding]:
        if isinstance(example, Session):
            monkeypatch.chdir(_written(tmp_path / "demo", example.files))
            return _printed(example.command, capsys)
        if isinstance(example, list) or "properties" in example:
            return check_text(json.dumps(example), target)
        root = _written(tmp_path / "demo", example)
        options = Options(target=target)
        if is_pipeline_directory(root):
            return inspect_directory(root, options, "demo/")
        for folder in root.iterdir():
            if is_pipeline_directory(folder):
                return inspect_directory(folder, options, f"{folder.name}/")
        return inspect_repository(root, "demo/", options)

    return run


def _written(root: Path, files: Mapping[str, Any]) -> Path:
    texts = {name: text if isinstance(text, str) else json.dumps(text, indent=2) for name, text in files.items()}
    return write_files(root, {name: text.encode() for name, text in texts.items()})


def _printed(command: str, capsys: pytest.CaptureFixture[str]) -> list[Finding]:
    """The findings that a command prints; nothing of it waits."""
    program, verb, *rest = command.split()
    assert program == "activities-gen"
    status = main([verb, *rest, *(["--fast-waits"] if verb == "run" else [])])
    said = capsys.readouterr()
    lines = re.findall(r"^(\S+)  (error|warning|note)  ([A-Z]+\d{3})  (.*)$", said.out + said.err, re.MULTILINE)
    found = [Finding(code, Severity(word), message, Location(place)) for place, word, code, message in lines]
    assert status == has_errors(found), said
    return found


def check_text(text: str, target: Target) -> list[Finding]:
    documents, findings = parse(text, "demo/pipeline.json")
    return [*findings, *check_documents(documents, Options(target=target, flowehr=Flowehr(name="demo")))]
