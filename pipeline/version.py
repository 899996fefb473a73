"""Which version of the package runs.

A shared cluster keeps each wheel it was ever given, and after a restart the order of installation decides which one is imported. An
activity therefore says which version it was generated with.
"""

from __future__ import annotations

from importlib.metadata import Distribution, distributions
from pathlib import Path

import pipeline
from pipeline.errors import VersionError

MODULE = "pipeline/__init__.py"


def imported_from() -> Path:
    """The directory, or the wheel on `sys.path`, that the package was imported from."""
    return Path(pipeline.__file__).parent.parent


def versions(place: Path) -> list[str]:
    """Versions of the distributions in a directory or wheel that hold the package; none for a source tree.

    The metadata is looked for beside the package's own files, because any other place on `sys.path` may hold another version.
    """
    found = (distribution for distribution in distributions(path=[str(place)]) if _holds(distribution))
    return sorted({str(distribution.version) for distribution in found})


def check(expected: str) -> None:
    """Ends the run unless the expected version runs.

    Args:
        expected: The version of the wheel that the activity was generated with, such as `1.0.0+3f9c2ab81d07`.

    Raises:
        VersionError: Another version runs, or it cannot be told which.
    """
    place = imported_from()
    running = versions(place)
    if [_normal(version) for version in running] != [_normal(expected)]:
        raise VersionError(
            f"expected version {expected}, but {' and '.join(running) or 'a package without a version'} runs, imported from {place}"
        )


def _holds(distribution: Distribution) -> bool:
    return any(str(file) == MODULE for file in distribution.files or ())


def _normal(version: str) -> str:
    """A version as packaging tools compare it, as far as wheels write it."""
    return version.strip().lower().lstrip("v").replace("-", ".").replace("_", ".")
