"""Which version of the package runs."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from pipeline import version
from pipeline.errors import VersionError

if TYPE_CHECKING:
    from pathlib import Path

METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"


def install(place: Path, name: str, number: str, *files: str) -> None:
    """Lays the metadata of an installed distribution beside what it installed."""
    for file in files:
        (place / file).parent.mkdir(parents=True, exist_ok=True)
        (place / file).touch()
    directory = place / f"{name.replace('-', '_')}-{number}.dist-info"
    directory.mkdir(parents=True)
    (directory / "METADATA").write_text(METADATA.format(name=name, version=number))
    (directory / "RECORD").write_text("".join(f"{file},,\n" for file in files))


def test_the_version_is_that_of_the_distribution_that_holds_the_package(tmp_path: Path) -> None:
    install(tmp_path, "other", "9.9", "other/__init__.py")
    install(tmp_path, "clinical-features", "1.0.0+3f9c2ab81d07", "pipeline/__init__.py")
    assert version.versions(tmp_path) == ["1.0.0+3f9c2ab81d07"]


def test_a_wheel_on_the_path_has_its_own_version(tmp_path: Path) -> None:
    wheel = tmp_path / "clinical_features-1.0.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("pipeline/__init__.py", "")
        archive.writestr(
            "clinical_features-1.0.0.dist-info/METADATA", METADATA.format(name="clinical-features", version="1.0.0")
        )
        archive.writestr("clinical_features-1.0.0.dist-info/RECORD", "pipeline/__init__.py,,\n")
    assert version.versions(wheel) == ["1.0.0"]


def test_a_source_tree_has_none(tmp_path: Path) -> None:
    assert version.versions(tmp_path) == []


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the package seems to be imported from."""
    monkeypatch.setattr(version, "imported_from", lambda: tmp_path)
    return tmp_path


@pytest.mark.parametrize("expected", ["1.0.0+3f9c2ab81d07", "1.0.0+3F9C2AB81D07"])
def test_the_expected_version_passes(expected: str, place: Path) -> None:
    install(place, "clinical-features", "1.0.0+3f9c2ab81d07", "pipeline/__init__.py")
    version.check(expected)


def test_another_version_is_an_error_that_names_both_and_the_place(place: Path) -> None:
    install(place, "clinical-features", "1.0.0+old", "pipeline/__init__.py")
    with pytest.raises(VersionError) as caught:
        version.check("1.0.0+new")
    assert str(caught.value) == f"expected version 1.0.0+new, but 1.0.0+old runs, imported from {place}"


def test_two_versions_in_one_place_are_an_error(place: Path) -> None:
    for number in ("1.0.0", "1.0.1"):
        install(place, "clinical-features", number, "pipeline/__init__.py")
    with pytest.raises(VersionError, match=r"but 1\.0\.0 and 1\.0\.1 runs"):
        version.check("1.0.1")


def test_no_version_is_an_error(place: Path) -> None:
    with pytest.raises(VersionError, match=f"a package without a version runs, imported from {place}"):
        version.check("1.0.0")
