"""The script that fetches Delta's jars takes what was locked, nothing else, and says what is missing."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

SCRIPT = Path(__file__).parents[1] / "tools" / "fetch_jars.py"
MAVEN = """#!/bin/sh
for argument; do case $argument in
  -Dartifact=*) name=$(echo "${argument#*=}" | cut -d: -f2,3 | tr : -) ;;
  -DoutputDirectory=*) folder=${argument#*=} ;;
esac; done
printf content >"$folder/$name.jar"
echo "$name" >>"${0%/*}/fetched"
"""


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, for an environment with Spark 4.0.9 and a Maven that gives every jar the same content."""
    spec = importlib.util.spec_from_file_location("fetch_jars", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "FOLDER", tmp_path / "jars")
    monkeypatch.setattr(module, "LOCK", tmp_path / "jars.lock")
    monkeypatch.setattr(module, "version", lambda _: "4.0.9")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "mvn").write_text(MAVEN, encoding="utf-8")
    (tmp_path / "bin" / "mvn").chmod(0o755)
    good = hashlib.sha256(b"content").hexdigest()
    (tmp_path / "jars.lock").write_text(f"# Delta\n4.0 io.delta:one:4.0.1 {good}\n4.2 io.delta:other:4.4.0 {good}\n")
    return module


def jars(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "jars").glob("*"))


def test_the_jars_of_this_spark_are_fetched_once_and_others_removed(script: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "jars").mkdir()
    (tmp_path / "jars" / "one-3.3.2.jar").touch()
    assert [script.main(), script.main()] == [0, 0]
    assert jars(tmp_path) == ["one-4.0.1.jar"]
    assert (tmp_path / "bin" / "fetched").read_text(encoding="utf-8") == "one-4.0.1\n"


def test_a_jar_that_was_changed_is_fetched_again(script: ModuleType, tmp_path: Path) -> None:
    script.main()
    (tmp_path / "jars" / "one-4.0.1.jar").write_bytes(b"other")
    assert script.main() == 0
    assert (tmp_path / "jars" / "one-4.0.1.jar").read_bytes() == b"content"


def test_a_jar_with_another_hash_is_an_error_and_thrown_away(
    script: ModuleType, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "jars.lock").write_text(f"4.0 io.delta:one:4.0.1 {'0' * 64}\n")
    assert script.main() == 1
    assert jars(tmp_path) == []
    assert "io.delta:one:4.0.1 is not the jar whose hash is in jars.lock" in capfd.readouterr().err


@pytest.mark.parametrize(("required", "status"), [("", 0), ("1", 1)])
def test_no_maven_is_said(
    required: str,
    status: int,
    script: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "bin" / "mvn").unlink()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("CI_REQUIRED", required)
    assert script.main() == status
    assert jars(tmp_path) == []
    assert capfd.readouterr().err == "No Maven here: Delta is not tested on classic Spark\n"


def test_a_spark_without_delta_is_said(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script, "version", lambda _: "4.3.0")
    assert script.main() == 0
    assert "No Delta is locked for Spark 4.3.0" in capfd.readouterr().err
