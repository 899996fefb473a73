"""Written is all or nothing, the same bytes each time, and what is right already stays untouched."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from activities_gen import outputs
from activities_gen.findings import FindingsError
from activities_gen.outputs import json_bytes, publish, stale

FILES = {"a.json": b"new a", "artifacts/b.whl": b"new b"}


def tree(root: Path) -> dict[str, bytes]:
    """Every file below a directory."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def refused(root: Path, files: dict[str, bytes], delete: tuple[str, ...] = ()) -> str:
    with pytest.raises(FindingsError) as error:
        publish(root, files, delete)
    [finding] = error.value.findings
    return f"{finding.location} {finding.code} {finding.message}"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "artifacts").mkdir()
    (tmp_path / "a.json").write_bytes(b"old a")
    (tmp_path / "artifacts/old.whl").write_bytes(b"old")
    return tmp_path


def test_it_writes_what_is_new_and_deletes_what_is_named(root):
    assert publish(root, FILES, ["artifacts/old.whl", "never-there"]) == [
        "a.json",
        "artifacts/b.whl",
        "artifacts/old.whl",
    ]
    assert tree(root) == FILES


def test_what_is_right_already_keeps_its_time(root):
    publish(root, FILES)
    os.utime(root / "a.json", (1, 1))

    assert publish(root, FILES) == []
    assert publish(root, {**FILES, "artifacts/b.whl": b"newer"}) == ["artifacts/b.whl"]
    assert (root / "a.json").stat().st_mtime == 1


def test_the_folders_of_a_file_are_made(tmp_path):
    publish(tmp_path, {"a/b/c.txt": b"x"})

    assert tree(tmp_path) == {"a/b/c.txt": b"x"}


def test_a_folder_to_delete_goes_with_all_that_it_holds(root):
    (root / "artifacts/sub/deep").mkdir(parents=True)

    publish(root, {}, ["artifacts/sub"])

    assert not (root / "artifacts/sub").exists()


def test_a_link_is_replaced_and_what_it_points_to_is_left_alone(root, tmp_path_factory):
    target = tmp_path_factory.mktemp("elsewhere") / "precious"
    target.write_bytes(b"precious")
    (root / "a.json").unlink()
    (root / "a.json").symlink_to(target)
    (root / "artifacts/link").symlink_to(target.parent)

    publish(root, FILES, ["artifacts/link", "artifacts/old.whl"])

    assert target.read_bytes() == b"precious"
    assert not (root / "a.json").is_symlink()
    assert sorted(tree(root)) == sorted(FILES)


def test_a_broken_link_is_replaced(root):
    (root / "a.json").unlink()
    (root / "a.json").symlink_to("nowhere")

    publish(root, FILES)

    assert (root / "a.json").read_bytes() == b"new a"


def test_a_directory_in_the_place_of_a_file_is_refused(root):
    (root / "artifacts/b.whl").mkdir()
    before = tree(root)

    assert refused(root, FILES) == "artifacts/b.whl GEN001 Is a directory. Nothing was changed."
    assert tree(root) == before


def test_a_file_in_the_place_of_a_directory_is_refused(tmp_path):
    (tmp_path / "artifacts").write_bytes(b"mine")

    assert refused(tmp_path, FILES) == "artifacts/b.whl GEN001 File exists. Nothing was changed."
    assert tree(tmp_path) == {"artifacts": b"mine"}


def test_what_a_killed_run_left_is_swept_away(root):
    (root / ".activities-gen-abc").mkdir()
    (root / ".activities-gen-abc/0").write_bytes(b"half")

    publish(root, FILES)

    assert not list(root.glob(".activities-gen-*"))


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT, errno.EIO])
@pytest.mark.parametrize("fails", [1, 2])
def test_a_disk_that_takes_no_more_leaves_every_file_as_it_was(root, monkeypatch, code, fails):
    before, write, count = tree(root), outputs._write, 0

    def failing(path: Path, content: bytes) -> None:
        nonlocal count
        count += 1
        if count == fails:
            raise OSError(code, os.strerror(code), str(path))
        write(path, content)

    monkeypatch.setattr(outputs, "_write", failing)

    assert refused(root, FILES, ("artifacts/old.whl",)).endswith(f"GEN001 {os.strerror(code)}. Nothing was changed.")
    assert tree(root) == before


@pytest.mark.parametrize("fails", [1, 2, 3])
def test_a_disk_that_fails_while_files_are_moved_leaves_every_file_as_it_was(root, monkeypatch, fails):
    before, replace, count = tree(root), Path.replace, 0

    def failing(path: Path, target: Path) -> Path:
        nonlocal count
        count += 1
        if count == fails:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", failing)

    assert "GEN001" in refused(root, FILES, ("artifacts/old.whl",))
    assert tree(root) == before


def test_a_file_that_may_not_grow_leaves_every_file_as_it_was(root, repository):
    code = textwrap.dedent("""
        import pathlib, resource, signal, sys
        from activities_gen.findings import FindingsError
        from activities_gen.outputs import publish
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        try:
            publish(pathlib.Path(sys.argv[1]), {"a.json": b"new", "big": b"x" * 2000})
        except FindingsError as error:
            print(error)
    """)
    before = tree(root)

    found = subprocess.run(
        [sys.executable, "-c", code, root], cwd=repository, capture_output=True, text=True, check=True
    )

    assert found.stdout == "big  error  GEN001  File too large. Nothing was changed.\n"
    assert tree(root) == before


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_directory_is_refused(root):
    root.chmod(0o555)
    try:
        assert refused(root, FILES) == f"{root} GEN001 Permission denied. Nothing was changed."
    finally:
        root.chmod(0o755)


def test_stale_is_what_differs_and_what_is_missing(root):
    assert stale(root, {"a.json": b"old a"}) == []
    assert stale(root, {"a.json": b"new a", "b.json": b""}) == ["a.json", "b.json"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"b": 1, "a": [{}]}, '{\n  "b": 1,\n  "a": [\n    {}\n  ]\n}\n'),
        ([], "[]\n"),
        ({"é😀": "数据\u2028<&>"}, '{\n  "é😀": "数据\u2028<&>"\n}\n'),
        ({"a": 1.0, "b": None, "c": True, "d": 10**20}, '{\n  "a": 1.0,\n  "b": null,\n  "c": true,\n  "d": 100000000000000000000\n}\n'),
    ],
    ids=["order", "empty", "every script", "numbers"],
)  # fmt: skip
def test_json_reads_as_a_person_writes_it(value, expected):
    assert json_bytes(value).decode() == expected
