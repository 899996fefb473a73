"""What of an imported pipeline the helpers derive: its files, its wheel, its linked service."""

from __future__ import annotations

import os
import re
import tempfile
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from activities_gen.definition.pipeline import DEFAULT_LINKED_SERVICE, DEFAULT_ROOT
from activities_gen.findings import Finding, FindingsError, Location, Severity
from activities_gen.model.pipeline import Pipeline
from activities_gen.outputs import reported
from activities_gen.wheels import WheelProbe
from activities_gen.wire.placeholders import WheelNames

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.importing.sources import Source
    from activities_gen.wheels import Wheel

_ARTIFACT = re.compile(r"(?P<root>[^\s@{}\[\]]+)/(?P<directory>[^/\s@{}\[\]]+)/artifacts/(?P<file>[^/\s@{}\[\]]+)")
_WHEEL = re.compile(r"(?P<distribution>[^-]+)-(?P<version>[^-]+)(-[^-]+){3,4}\.whl")
_STAMP = re.compile(r"[+.][0-9a-f]{12}$")
_NEVER = frozenset({"artifacts", "build", "dist", "node_modules", "site-packages", "tests", "__pycache__"})
_DEEPEST = 3
_DATABRICKS = "Databricks"


@dataclass
class Derived:
    """What the definition derives.

    Attributes:
        options: Keywords of ``Pipeline(…)`` that make it so.
        linked_service: The Databricks linked service; empty if no activity names one.
        helped: Strings of the document that a helper gives.
        wheel: What the document calls the wheel.
        files: What the directory needs beside its ``activities.py``: content by name.
        findings: What becomes another than it was.
    """

    options: dict[str, Any] = field(default_factory=dict)
    linked_service: str = ""
    helped: dict[str, tuple[str, ...]] = field(default_factory=dict)
    wheel: WheelNames | None = None
    files: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def derive(source: Source, root: Path | None) -> Derived:
    """Returns what the helpers derive for a pipeline.

    Args:
        source: The pipeline.
        root: The directory that its ``activities.py`` is for, ``None`` if that is not known.
    """
    derived = Derived()
    paths = [match for text in _paths(source) if (match := _ARTIFACT.fullmatch(text))]
    places = Counter((match["root"], match["directory"]) for match in paths)
    place = places.most_common(1)[0][0] if places else (DEFAULT_ROOT, _directory_name(source))
    if root is not None:
        own = [match for match in paths if (match["root"], match["directory"]) == place]
        _helped_files(derived, [match for match in own if not match["file"].endswith(".whl")], root)
        _helped_wheel(derived, [match for match in own if match["file"].endswith(".whl")], root)
    if derived.helped or source.directory is not None:
        derived.options |= {"artifacts_root": place[0]} if place[0] != DEFAULT_ROOT else {}
        derived.options |= {"directory": place[1]} if place[1] != source.name else {}
    derived.linked_service = _linked_service(source)
    if derived.linked_service not in ("", DEFAULT_LINKED_SERVICE):
        derived.options["linked_service"] = derived.linked_service
    order = ("artifacts_root", "directory", "linked_service", "stamp_wheel")
    derived.options = {key: derived.options[key] for key in order if key in derived.options}
    return derived


def _directory_name(source: Source) -> str:
    return source.name if source.directory is None else source.directory.name


def _paths(source: Source) -> Iterator[str]:
    """The paths of files and wheels in Databricks activities."""
    for activity in Pipeline(source.document).activities:
        if activity.type.startswith(_DATABRICKS):
            libraries = activity.type_properties.get("libraries")
            values = [activity.type_properties.get("pythonFile")]
            for library in libraries if isinstance(libraries, list) else ():
                values += library.values() if isinstance(library, dict) else ()
            yield from (value for value in values if isinstance(value, str))


def _linked_service(source: Source) -> str:
    """The linked service that most Databricks activities name, and nothing but its name."""
    names = Counter(
        reference["referenceName"]
        for activity in Pipeline(source.document).activities
        if activity.type.startswith(_DATABRICKS)
        and isinstance(reference := activity.json.get("linkedServiceName"), dict)
        and set(reference) == {"referenceName", "type"}
        and reference["type"] == "LinkedServiceReference"
        and isinstance(reference["referenceName"], str)
    )
    return names.most_common(1)[0][0] if names else ""


def _helped_files(derived: Derived, matches: list[re.Match[str]], root: Path) -> None:
    """Have files that lie in the pipeline directory named by :func:`~activities_gen.artifact`."""
    for match in matches:
        file = _file(root, match["file"])
        if file is not None:
            derived.helped[match.group()] = ("artifact", file)


def _file(root: Path, base: str) -> str | None:
    """The one file of a name in a pipeline directory, relative to it; itself before its folders."""
    if (root / base).is_file():
        return base
    found = []
    for directory, folders, files in os.walk(root):
        deep = len(Path(directory).relative_to(root).parts) >= _DEEPEST
        folders[:] = [] if deep else [name for name in folders if not name.startswith(".") and name not in _NEVER]
        if base in files:
            found.append(Path(directory, base).relative_to(root))
    return PurePosixPath(found[0]).as_posix() if len(found) == 1 else None


def _helped_wheel(derived: Derived, matches: list[re.Match[str]], root: Path) -> None:
    """Have the directory's own wheel named by :func:`~activities_gen.wheel`."""
    parsed = {match.group(): name for match in matches if (name := _WHEEL.fullmatch(match["file"]))}
    try:
        wheel = _own_wheel(derived, root) if parsed else None
    except FindingsError as error:
        derived.findings += [replace(finding, severity=Severity.WARNING) for finding in error.findings]
        return
    if wheel is None:
        return
    own = {path: match for path, match in parsed.items() if _folded(match[1]) == _folded(wheel.distribution)}
    if len(own) != 1:
        return
    ((path, match),) = own.items()
    derived.helped[path] = ("wheel",)
    derived.wheel = WheelNames(match.group(), match["version"])
    made = wheel.file_name
    if _STAMP.search(match["version"]):
        derived.helped[match["version"]] = ("wheel_version",)
    else:  # the directory's own `make artifacts` builds it so
        made = made.replace(wheel.version, _STAMP.sub("", wheel.version))
        derived.options["stamp_wheel"] = False
        message = "The wheel keeps its name by stamp_wheel=False. Without that a changed wheel gets a new name, which is what makes a running cluster take it."
        derived.findings.append(Finding("IMP009", Severity.NOTE, message, Location("activities.py")))
    if match.group() != made:
        message = f"The wheel '{match.group()}' becomes '{made}', which is what setup.py makes."
        derived.findings.append(Finding("IMP006", Severity.WARNING, message, Location("setup.py")))


def _own_wheel(derived: Derived, root: Path) -> Wheel | None:
    """The wheel of a pipeline directory; one that a ``pyproject.toml`` describes alone is given a ``setup.py``.

    Raises:
        FindingsError: It cannot be built.
    """
    if (root / "setup.py").is_file():
        return WheelProbe(root).wheel(stamped=True)
    project = root / "pyproject.toml"
    if not project.is_file():
        return None
    backend = _BACKEND.search(project.read_text(encoding="utf-8", errors="replace"))
    if backend and not backend[1].startswith("setuptools"):
        message = f"The wheel is built by '{backend[1]}'; write a setup.py that makes the same: {_BUILDS}."
        raise FindingsError([Finding("IMP012", Severity.WARNING, message, Location("pyproject.toml"))])
    with reported("setup.py"), tempfile.TemporaryDirectory(prefix="activities-gen-") as scratch:
        for entry in root.iterdir():
            Path(scratch, entry.name).symlink_to(entry)
        Path(scratch, "setup.py").write_text(_SETUP, encoding="utf-8")
        wheel = WheelProbe(Path(scratch)).wheel(stamped=True)
    derived.files["setup.py"] = _SETUP
    message = (
        f"A setup.py goes beside pyproject.toml, of the lines 'from setuptools import setup' and 'setup()': {_BUILDS}."
    )
    derived.findings.append(Finding("IMP012", Severity.NOTE, message, Location("pyproject.toml")))
    return wheel


_BUILDS = "the generator builds the wheel by that file"
_SETUP = "from setuptools import setup\n\nsetup()\n"
_BACKEND = re.compile(r"""^\s*build-backend\s*=\s*["']([^"']*)["']""", re.MULTILINE)


def _folded(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()
