"""Files are read up to what a document may have, and no exception comes out of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from activities_gen.workspace import files
from activities_gen.workspace.files import read_documents, read_file

if TYPE_CHECKING:
    import pytest


def test_no_more_is_read_than_a_file_may_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "p.json"
    path.write_bytes(b" " * 1000)
    monkeypatch.setattr(files, "MAX_BYTES", 100)
    assert len(read_file(path)) == 101


def test_a_file_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    assert read_file(tmp_path / "p.json") == "No such file or directory."


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "p.json")
    assert read_file(tmp_path / "p.json") == "Not a regular file."


def test_a_name_that_no_file_can_have_is_said_in_a_sentence() -> None:
    assert isinstance(read_file(Path("a\0b")), str)


def test_what_cannot_be_read_is_a_finding_with_the_file(tmp_path: Path) -> None:
    documents, findings = read_documents(tmp_path, "folder")
    assert documents == []
    assert [str(finding) for finding in findings] == ["folder  error  ADF001  Not a regular file."]
