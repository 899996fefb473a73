from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from activities_gen.rules import (
    Flowehr,
    Options,
    Target,
    check_documents,
    inspect_directories,
    inspect_repository,
)
from activities_gen.rules.directory import is_pipeline_directory
from activities_gen.wire.document import parse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from activities_gen.findings import Finding
    from activities_gen.rules.model import Example


def write(root: Path, files: dict[str, Any]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content, indent=2)
        path.write_text(text, encoding="utf-8")


def check_text(text: str | bytes, target: Target = Target.ADF, file: str = "demo/pipeline.json") -> list[Finding]:
    documents, findings = parse(text, file)
    options = Options(target=target, flowehr=Flowehr(name="demo"))
    return [*findings, *check_documents(documents, options)]


@pytest.fixture
def check(tmp_path: Path) -> Callable[[Example, Target], list[Finding]]:
    """What is found in an example, whichever of its three forms it has."""

    def run(example: Example, target: Target = Target.ADF) -> list[Finding]:
        if isinstance(example, list) or "properties" in example:
            return check_text(json.dumps(example), target)
        root = tmp_path / "demo"
        write(root, example)
        options = Options(target=target)
        if is_pipeline_directory(root):
            return inspect_directories([(root, "demo/", options, None, ())])
        below = sorted(folder for folder in root.iterdir() if folder.is_dir() and is_pipeline_directory(folder))
        deeper = sorted(folder for folder in root.glob("*/*") if folder.is_dir() and is_pipeline_directory(folder))
        if below or deeper:
            work = [(folder, f"{folder.relative_to(root)}/", options, None, ()) for folder in [*below, *deeper]]
            return inspect_directories(work)
        return inspect_repository(root, "demo/", options)

    return run
