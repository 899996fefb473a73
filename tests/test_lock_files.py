"""The lock files: every version pinned with its hashes, for each Python that is supported, from no index in particular."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

DIRECTORY = Path(__file__).parents[1] / "requirements"
LOCKS = sorted(DIRECTORY.glob("*.txt"))
PYTHONS = ["3.10", "3.11", "3.12", "3.13"]
ONE = {"spark-3.3": "3.9", "spark-3.5": "3.11", "spark-4.0": "3.12", "spark-4.3": "3.13"}
"""The lock files of other Sparks: each is for one Python alone."""
FOR = [(lock, python) for lock in LOCKS for python in ([ONE[lock.stem]] if lock.stem in ONE else PYTHONS)]


def entries(path: Path) -> list[str]:
    """The requirements of a file, each on one line; comments and options left out."""
    text = re.sub(r"\s*\\\n\s*", " ", path.read_text(encoding="utf-8"))
    lines = [re.sub(r"\s+#.*", "", line) for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith(("#", "-"))]


def applying(path: Path, python: str) -> dict[str, Requirement]:
    """The requirements of a file that hold for a Python, by name."""
    environment = {"python_version": python, "python_full_version": f"{python}.0"}
    found = [Requirement(entry.split(" --hash")[0]) for entry in entries(path)]
    return {canonicalize_name(one.name): one for one in found if one.marker is None or one.marker.evaluate(environment)}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_every_version_is_pinned_with_its_hashes(lock: Path) -> None:
    assert entries(lock)
    for entry in entries(lock):
        assert re.match(r"[\w.-]+==[\w.!+]+( ; [^\n]+?)?( --hash=sha256:[0-9a-f]{64})+$", entry), entry[:80]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_no_index_is_named(lock: Path) -> None:
    assert not re.search(r"://|--(extra-)?index-url|--find-links|^-i ", lock.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize(("lock", "python"), FOR, ids=lambda one: getattr(one, "stem", one))
def test_what_is_asked_for_is_locked_for_each_python(lock: Path, python: str) -> None:
    locked = applying(lock, python)

    for name, wanted in applying(lock.with_suffix(".in"), python).items():
        [pin] = locked[name].specifier
        assert wanted.specifier.contains(pin.version), f"{name} {pin.version}"


@pytest.mark.parametrize("python", PYTHONS)
def test_both_sets_agree(python: str) -> None:
    build, test = (applying(DIRECTORY / name, python) for name in ("build.txt", "test.txt"))

    assert {name: str(one.specifier) for name, one in build.items()} == {
        name: str(test[name].specifier) for name in build if name in test
    }


@pytest.mark.parametrize("file", ["test.in", "test.txt"])
def test_sail_is_asked_for_where_it_has_a_wheel(file: str) -> None:
    lines = [entry.split(" --hash")[0] for entry in entries(DIRECTORY / file)]
    [sail] = [Requirement(line) for line in lines if line.startswith("pysail")]
    assert sail.marker is not None
    machines = [
        ("linux", "x86_64"),
        ("linux", "aarch64"),
        ("darwin", "arm64"),
        ("darwin", "x86_64"),
        ("win32", "AMD64"),
    ]
    has = [sail.marker.evaluate({"sys_platform": system, "platform_machine": kind}) for system, kind in machines]
    assert has == [True, False, True, False, True]


@pytest.mark.parametrize("python", PYTHONS)
def test_generating_and_building_install_no_spark(python: str) -> None:
    assert {"pyspark", "py4j", "pysail", "pytest"}.isdisjoint(applying(DIRECTORY / "build.txt", python))


def test_every_jar_has_its_hash() -> None:
    lines = (DIRECTORY / "jars.lock").read_text(encoding="utf-8").splitlines()
    for line in filter(None, lines):
        assert re.match(r"#|\d+\.\d+ [\w.-]+:[\w.-]+:[\w.-]+ [0-9a-f]{64}$", line), line


def test_every_package_of_azurite_has_its_hash_and_names_no_registry() -> None:
    locked = json.loads((DIRECTORY / "azurite" / "package-lock.json").read_text(encoding="utf-8"))
    packages = [package for folder, package in locked["packages"].items() if folder]
    assert packages
    assert [package for package in packages if not package["integrity"].startswith("sha512-")] == []
    assert [package for package in packages if "resolved" in package] == []
