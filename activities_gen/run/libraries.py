"""The libraries that an activity names, as a cluster would have them: wheels unpacked, packages present."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_ARTIFACT = re.compile(r"(?:.*/)?artifacts/([^/]+)")
_IMPORTS_SPARK = re.compile(rb"^(?:from|import)\s+pyspark\b", re.MULTILINE)
"""Not where it is indented: what is imported for types alone, or as a choice, is."""

_MENTIONS_SPARK = re.compile(rb"^\s*(?:from|import)\s+pyspark\b", re.MULTILINE)


@dataclass
class Libraries:
    """What an activity needs beside its script.

    Attributes:
        python: The interpreter that runs it.
        wheels: Wheels, and zip files of wheels, as they are staged.
        jars: Java archives, as they are staged.
        maven: Coordinates of packages from Maven.
        problems: What cannot be had here, one sentence each.
    """

    python: str
    wheels: list[Path] = field(default_factory=list)
    jars: list[Path] = field(default_factory=list)
    maven: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def staged(uri: Any, artifacts: Path) -> Path | None:
    """The staged file that a path in the JSON means: ``<anything>/artifacts/<file>``; ``None`` if there is none."""
    match = _ARTIFACT.fullmatch(uri) if isinstance(uri, str) else None
    path = artifacts / match[1] if match else None
    return path if path is not None and path.is_file() else None


def missing_file(uri: Any, artifacts: Path) -> str:
    """Why ``staged`` gives nothing for a path."""
    match = _ARTIFACT.fullmatch(uri) if isinstance(uri, str) else None
    if match is None:
        return f"'{uri}' is no artifact of this pipeline: its path does not end in 'artifacts/<file>'."
    return f"'{uri}' is not staged: there is no file {artifacts / match[1]}. Run 'make artifacts'."


def resolve(entries: Any, artifacts: Path, python: str = sys.executable) -> Libraries:
    """Find the libraries of an activity.

    Args:
        entries: The evaluated ``libraries``.
        artifacts: The folder of staged files.
        python: The interpreter that packages must be installed for.
    """
    libraries = Libraries(python)
    for entry in entries if isinstance(entries, list) else []:
        kind, value = next(iter(entry.items())) if isinstance(entry, dict) and entry else ("", entry)
        add = _KINDS.get(kind)
        if add is None:
            libraries.problems.append(f"A library of kind '{kind}' cannot be had here: {value}.")
        else:
            add(libraries, value, artifacts)
    return libraries


def _add_wheel(libraries: Libraries, uri: Any, artifacts: Path) -> None:
    path = staged(uri, artifacts)
    if path is None:
        libraries.problems.append(missing_file(uri, artifacts))
    elif not zipfile.is_zipfile(path):
        libraries.problems.append(f"{path} is no wheel: not a zip file.")
    else:
        libraries.wheels.append(path)
        for requirement in wheel_requirements(path):
            _require(libraries, requirement, f"{path.name} needs")
        libraries.problems += without_spark(path, libraries.python)


def _add_jar(libraries: Libraries, uri: Any, artifacts: Path) -> None:
    path = staged(uri, artifacts)
    if path is None:
        libraries.problems.append(missing_file(uri, artifacts))
    else:
        libraries.jars.append(path)


def _add_pypi(libraries: Libraries, value: Any, artifacts: Path) -> None:  # noqa: ARG001 - one signature for all
    package = value.get("package") if isinstance(value, dict) else None
    _require(libraries, str(package), "the activity names")


def _add_maven(libraries: Libraries, value: Any, artifacts: Path) -> None:  # noqa: ARG001 - one signature for all
    libraries.maven.append(str(value.get("coordinates")) if isinstance(value, dict) else str(value))


_KINDS: dict[str, Callable[[Libraries, Any, Path], None]] = {
    "whl": _add_wheel,
    "jar": _add_jar,
    "pypi": _add_pypi,
    "maven": _add_maven,
}


def without_spark(path: Path, python: str) -> list[str]:
    """What to say of a script or a wheel that imports PySpark where an interpreter lacks it: a cluster has it, so nobody names it."""
    if not any(map(_IMPORTS_SPARK.search, _sources(path))) or finds("pyspark", python):
        return []
    return [f"{path.name} imports pyspark, which is not installed here. {install_engine(python, 'pyspark')}"]


def uses_spark(path: Path) -> bool:
    """Whether a script or a wheel imports PySpark anywhere, so that it may ask for a session."""
    return any(map(_MENTIONS_SPARK.search, _sources(path)))


def _sources(path: Path) -> Iterator[bytes]:
    """The Python in a wheel, or the script itself."""
    if not zipfile.is_zipfile(path):
        yield path.read_bytes()
        return
    with zipfile.ZipFile(path) as archive:
        yield from (archive.read(name) for name in archive.namelist() if name.endswith(".py"))


@cache
def finds(module: str, python: str) -> bool:
    """Whether an interpreter finds a module, from whatever distribution or folder."""
    ask = "import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is None)"
    return subprocess.run([python, "-c", ask, module], check=False).returncode == 0  # noqa: S603 - the user's own interpreter


def install(python: str, package: str) -> str:
    """How to install a package for an interpreter, in one sentence."""
    pip = "pip" if python == sys.executable else f"{python} -m pip"
    return f"Install it: {pip} install '{package}'"


ENGINES = {"pyspark": "pyspark[connect]==4.2.*", "pysail": "pysail==0.7.*"}
"""What runs Spark code, in the versions that fit each other: Sail refuses newer clients."""


def install_engine(python: str, package: str) -> str:
    """How to install what runs Spark code, in one sentence: as the pipeline directory does it, where the interpreter is one's."""
    environment = Path(python).absolute().parent.parent
    if environment.name == ".venv" and (environment.parent / "Makefile").is_file():
        return "'make test' and 'make run' install it"
    return install(python, ENGINES[package])


@cache
def has_jars(python: str) -> bool:
    """Whether the PySpark of an interpreter, or ``SPARK_HOME``, has Spark's own jars: the package ``pyspark-client`` has none."""
    home = os.environ.get("SPARK_HOME")
    if home and Path(home, "jars").is_dir():
        return True
    ask = "import pathlib, pyspark, sys; sys.exit(not pathlib.Path(pyspark.__path__[0], 'jars').is_dir())"
    return subprocess.run([python, "-c", ask], capture_output=True, check=False).returncode == 0  # noqa: S603 - the user's own interpreter


def _require(libraries: Libraries, text: str, who: str) -> None:
    """Note it where a required package is not installed, or in another version."""
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415 - as below

    try:
        requirement = Requirement(text)
    except InvalidRequirement as error:
        libraries.problems.append(f"{who} '{text}', which is no requirement: {error}.")
        return
    if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
        return
    version = installed_version(requirement.name, libraries.python)
    how = install(libraries.python, str(requirement))
    if version is None:
        libraries.problems.append(f"{who} '{text}', which is not installed here. {how}")
    elif not requirement.specifier.contains(version, prereleases=True):
        libraries.problems.append(f"{who} '{text}'; installed is {version}. {how}")


def installed_version(package: str, python: str) -> str | None:
    """The version of a package that an interpreter has, ``None`` if it has none."""
    # Both take 40 ms to import; most pipelines name no package.
    from importlib import metadata  # noqa: PLC0415

    from packaging.utils import canonicalize_name  # noqa: PLC0415

    if python != sys.executable:
        return _all_versions(python).get(canonicalize_name(package))
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


@cache
def _all_versions(python: str) -> dict[str, str]:
    """Every package of another interpreter, by canonical name; empty if it does not answer."""
    from packaging.utils import canonicalize_name  # noqa: PLC0415 - as above

    ask = "import importlib.metadata as m; [print(d.metadata['Name'], d.version) for d in m.distributions()]"
    asked = [python, "-c", ask]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False).stdout  # noqa: S603 - the user's own interpreter
    pairs = [line.split() for line in answer.splitlines()]
    return {canonicalize_name(pair[0]): pair[1] for pair in pairs if len(pair) == 2}


def wheel_requirements(path: Path) -> list[str]:
    """Returns what a wheel's own metadata requires."""
    with zipfile.ZipFile(path) as archive:
        return [
            line.partition(":")[2].strip()
            for name in archive.namelist()
            if re.fullmatch(r"[^/]+\.dist-info/METADATA", name)
            for line in archive.read(name).decode("utf-8", "replace").partition("\n\n")[0].splitlines()
            if line.startswith("Requires-Dist:")
        ]


def packages(wheels: Iterable[Path]) -> list[str]:
    """The names of the packages and modules that wheels hold, outermost; those of wheelhouses are others' and are left out."""
    found: set[str] = set()
    for wheel in wheels:
        if wheel.suffix == ".whl":
            with zipfile.ZipFile(wheel) as archive:
                places = [PurePosixPath(place) for place in map(_place, archive.namelist()) if place]
            found.update(place.parts[0].removesuffix(".py") for place in places if place.suffix == ".py")
    return sorted(found)


def unpack(wheels: Iterable[Path], target: Path) -> None:
    """Lay wheels out as an installation would: modules and ``.dist-info`` folders beside each other.

    Args:
        wheels: Wheels, or ``.wheelhouse.zip`` files of wheels.
        target: The folder to fill.

    Raises:
        ValueError: A wheel would write outside of the folder.
    """
    target.mkdir(parents=True, exist_ok=True)
    for path in wheels:
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as house:
                for name in house.namelist():
                    if name.endswith(".whl"):
                        _unpack_one(BytesIO(house.read(name)), target)
        else:
            _unpack_one(path, target)


def _unpack_one(wheel: Path | IO[bytes], target: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            place = _place(entry.filename)
            if entry.is_dir() or place is None:
                continue
            destination = target / place
            if not destination.resolve().is_relative_to(target.resolve()):
                raise ValueError(f"The wheel holds a path that leads out of it: {entry.filename}")
            destination.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as source, destination.open("wb") as sink:
                shutil.copyfileobj(source, sink)


def _place(name: str) -> str | None:
    """Where a member of a wheel belongs; ``None`` for scripts and headers, which no import needs."""
    parts = PurePosixPath(name).parts
    if parts and parts[0].endswith(".data"):
        return "/".join(parts[2:]) if len(parts) > 2 and parts[1] in ("purelib", "platlib") else None
    return name
