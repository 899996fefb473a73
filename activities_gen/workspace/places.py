"""Which folders hold pipelines, and in which form."""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from activities_gen.formats import SUPPRESSIONS
from activities_gen.wire.document import FOLDERS
from activities_gen.workspace.files import STANDARD_INPUT, read_documents, read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

PIPELINE_FILES = ("pipeline.json", "activities.json")
"""What FlowEHR reads as the pipeline of a directory; the first that is there counts."""

DEPLOYED = (*PIPELINE_FILES, "trigger.json")
"""What FlowEHR reads in a pipeline directory."""

MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
"""The names of a file that ``make`` reads; the first that is there counts."""

DEFINITION = "activities.py"
STAGED = "artifacts"
"""The folder of a pipeline directory's staged files."""

_NEVER = frozenset({STAGED, "build", "dist", "node_modules", "site-packages", "__pycache__"})
_DEEPEST = 3
"""Levels below a folder at which an ADF repository is looked for: ADF lets one choose its root folder in git."""


class PlaceKind(Enum):
    """What a path leads to; the value is its name in messages."""

    FILE = "file"
    STANDARD_INPUT = "standard input"
    DIRECTORY = "pipeline directory"
    REPOSITORY = "ADF repository"
    FOLDER = "folder of JSON files"


def kind_of(path: Path) -> PlaceKind | None:
    """Returns what a path leads to; ``None`` if that is nothing with a pipeline in it."""
    if str(path) == STANDARD_INPUT:
        return PlaceKind.STANDARD_INPUT
    if not path.is_dir():
        return PlaceKind.FILE
    if is_pipeline_directory(path):
        return PlaceKind.DIRECTORY
    if is_repository(path):
        return PlaceKind.REPOSITORY
    return PlaceKind.FOLDER if any(read_documents(file, file.name)[0] for file in json_files(path)) else None


def is_pipeline_directory(folder: Path) -> bool:
    """Whether a folder is a pipeline directory: it holds a pipeline's JSON, or an ``activities.py`` to make it from."""
    return any((folder / name).is_file() for name in (*PIPELINE_FILES, DEFINITION))


def is_template(folder: Path) -> bool:
    """Whether all that a folder holds is a Terraform template of activities, which FlowEHR would not fill in."""
    if any((folder / name).is_file() for name in ("pipeline.json", DEFINITION, "Makefile")):
        return False
    content = read_file(folder / "activities.json")
    return isinstance(content, bytes) and b"${" in content


def is_repository(folder: Path) -> bool:
    """Whether a folder is an ADF git repository: it has one of ADF's folders with JSON files in it."""
    return any(next((folder / name).glob("*.json"), None) is not None for name in FOLDERS)


def json_files(folder: Path) -> list[Path]:
    """Returns the JSON files that lie in a folder, sorted; not the suppressions, which are about the others."""
    return sorted(file for file in folder.glob("*.json") if file.is_file() and file.name != SUPPRESSIONS)


def is_found(files: Collection[str]) -> bool:
    """Whether a search takes a folder with these files for a pipeline directory.

    A module called ``activities.py`` may be anybody's; to be found, rather than named, it needs a Makefile beside it.
    """
    return any(name in files for name in PIPELINE_FILES) or (
        DEFINITION in files and any(name in files for name in MAKEFILES)
    )


def makefile_of(folder: Path) -> Path | None:
    """Returns the file that ``make`` reads in a folder; ``None`` if there is none."""
    return next((folder / name for name in MAKEFILES if (folder / name).is_file()), None)


def walk(
    start: Path, unreadable: Callable[[OSError], None] | None = None
) -> Iterator[tuple[Path, list[str], list[str]]]:
    """Yields every folder at or below ``start`` with its folders, of which some may be deleted, and its files.

    Sorted. Hidden folders and what was built are passed over.

    Args:
        start: Where to begin.
        unreadable: Is told of each folder that cannot be read.
    """
    for folder, folders, files in os.walk(start, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _NEVER)
        yield Path(folder), folders, files


def places_below(start: Path, unreadable: Callable[[OSError], None] | None = None) -> Iterator[tuple[Path, PlaceKind]]:
    """Yields every pipeline directory and ADF repository at or below a folder."""
    for folder, folders, files in walk(start, unreadable):
        if is_found(files) or (folder == start and is_pipeline_directory(folder)):
            yield folder, PlaceKind.DIRECTORY
        elif is_repository(folder):
            folders[:] = []
            yield folder, PlaceKind.REPOSITORY


def repositories_below(start: Path) -> list[Path]:
    """Returns the ADF repositories a few levels below a folder: ADF lets one choose its root folder in git."""
    found = []
    for folder, folders, _ in walk(start):
        if folder != start and is_repository(folder):
            found.append(folder)
            folders[:] = []
        elif len(folder.relative_to(start).parts) >= _DEEPEST:
            folders[:] = []
    return found


def directory_around(start: Path) -> Path | None:
    """Returns the pipeline directory that a folder lies in, inside of one git repository; ``None`` if there is none.

    Outside of git nothing is looked for: what lies further up may be of somebody else.
    """
    folder = absolute(start)
    trail = [folder, *folder.parents]
    top = next((number for number, place in enumerate(trail) if (place / ".git").exists()), 0)
    return next((place for place in trail[1 : top + 1] if is_pipeline_directory(place)), None)


def unique(paths: Sequence[Path]) -> list[Path]:
    """Returns paths without those that lead where an earlier one does, by ``..`` or a link."""
    return list({os.path.realpath(path): path for path in reversed(paths)}.values())[::-1]


def absolute(path: Path) -> Path:
    """Returns the one name of a path: from the root, without ``..``; links are not followed."""
    return Path(os.path.normpath(path.absolute()))
