"""Makes a new pipeline directory, or brings the generator that one carries up to date."""

from __future__ import annotations

import keyword
import re
import shutil
import sys
import tempfile
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from activities_gen.findings import Finding, FindingsError, Location, Severity
from activities_gen.generation import generate
from activities_gen.model.names import FLOWEHR_NAME
from activities_gen.outputs import locked, publish, reported
from activities_gen.wheels import WheelProbe

if TYPE_CHECKING:
    from collections.abc import Mapping

_PACKAGE = Path(__file__).parent
_TEMPLATE = _PACKAGE / "template"
_TAKEN = frozenset(sys.stdlib_module_names) | {
    "activities",
    "activities_gen",
    "artifacts",
    "azure",
    "conftest",
    "databricks",
    "dbutils",
    "delta",
    "entrypoint",
    "mlflow",
    "numpy",
    "pandas",
    "pip",
    "py4j",
    "pyarrow",
    "pyspark",
    "pytest",
    "requirements",
    "runs",
    "scipy",
    "setup",
    "setuptools",
    "tests",
    "vendor",
}
"""Names that mean something else in a pipeline directory or on a cluster; a package of one would hide it, or be hidden."""


def package_name(name: str) -> str:
    """The Python package of a pipeline: its name in lower case with underscores, and ``pipeline_`` before what is taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    package = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")
    if not package.isidentifier() or keyword.iskeyword(package) or package in _TAKEN:
        package = f"pipeline_{package}".rstrip("_")
    return package


@cache
def generator_wheel() -> tuple[str, bytes]:
    """This generator as a wheel: file name and content; built once.

    Raises:
        FindingsError: It cannot be built.
    """
    with tempfile.TemporaryDirectory(prefix="activities-gen-") as scratch:
        copy = Path(scratch, "activities_gen")
        shutil.copytree(_PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"))
        (copy / "setup.py").write_text("from setuptools import setup\n\nsetup()\n", encoding="utf-8")
        wheel = WheelProbe(copy).wheel(stamped=True)
        return wheel.file_name, wheel.content


def new_files(name: str, activities: str | None = None) -> dict[str, bytes]:
    """The files of a new pipeline directory.

    Args:
        name: The pipeline's name.
        activities: The text of its ``activities.py``; the template's own where it is ``None``.

    Returns:
        Content by path relative to the directory.
    """
    package = package_name(name)
    files = {}
    for file in sorted(_TEMPLATE.rglob("*.txt")):
        target = file.relative_to(_TEMPLATE).as_posix()
        if not target.startswith("requirements/"):
            target = re.sub("^git", ".git", target.removesuffix(".txt")).replace("package/", f"{package}/")
        text = file.read_text(encoding="utf-8").replace("{{name}}", name).replace("{{package}}", package)
        files[target] = text.encode("utf-8")
    if activities is not None:
        files["activities.py"] = activities.encode("utf-8")
    return files


def create(root: Path, name: str, activities: str | None = None) -> list[str]:
    """Make a pipeline directory with everything that its own ``make artifacts`` and ``make test`` need.

    Args:
        root: The directory; it is made, or is empty.
        name: The pipeline's name.
        activities: As for :func:`new_files`.

    Returns:
        The files written, the JSON that FlowEHR deploys among them.

    Raises:
        FindingsError: The name or the directory cannot be used, or the activities are wrong; nothing was made.
    """
    if not FLOWEHR_NAME.fullmatch(name):
        valid = package_name(name).replace("_", "-")[:60].strip("-")
        message = (
            f"FlowEHR cannot deploy a pipeline called {name!r}. Use letters, digits, '-' and '_', and begin with a "
            f"letter: --name {valid}"
        )
        raise FindingsError([_finding(root, message)])
    with reported(str(root)):
        if root.exists() and any(entry.name != ".git" for entry in root.iterdir()):
            raise FindingsError([_finding(root, "The directory is not empty. Name a new one.")])
    wheel, content = generator_wheel()
    files = new_files(name, activities)
    files |= _generated(root.name, files)
    with reported(str(root)):
        root.mkdir(parents=True, exist_ok=True)
    with locked(root):
        return publish(root, {f"vendor/{wheel}": content, **files})


def _generated(directory: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The JSON that a new directory of these files generates."""
    with tempfile.TemporaryDirectory(prefix="activities-gen-") as scratch:
        root = Path(scratch, directory)
        for name, content in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)
        return generate(root).files


def carried(root: Path) -> list[str]:
    """The generators that a directory carries: the wheels in ``vendor/``, relative to it."""
    return [file.relative_to(root).as_posix() for file in root.glob("vendor/activities_gen-*.whl")]


def upgrade(root: Path) -> list[str]:
    """Replace the generator that a pipeline directory carries by this one, with the lock files and Makefile it needs.

    Returns:
        The files written or deleted.

    Raises:
        FindingsError: The directory carries none.
    """
    old = carried(root)
    if not old:
        raise FindingsError(
            [
                _finding(
                    root,
                    "There is no vendor/activities_gen-*.whl to upgrade. --all takes all that carry one below a folder.",
                )
            ]
        )
    wheel, content = generator_wheel()
    files = {
        path: text
        for path, text in new_files(root.name).items()
        if path.startswith("requirements/") or path == "Makefile"
    }
    files[f"vendor/{wheel}"] = content
    with locked(root):
        return publish(root, files, [path for path in old if path not in files])


def _finding(root: Path, message: str) -> Finding:
    return Finding("GEN040", Severity.ERROR, message, Location(str(root)))
