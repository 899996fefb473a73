"""What is on disk: a pipeline directory, a JSON file, an ADF git repository."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from activities_gen.findings import Finding, FindingsError, Location, Severity
from activities_gen.formats import SUPPRESSIONS, models
from activities_gen.lazy import lazy_module
from activities_gen.wire.document import FOLDERS, Document, Kind, parse
from activities_gen.workspace.files import read_documents, read_file
from activities_gen.workspace.places import DEPLOYED, PIPELINE_FILES, STAGED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.formats import suppressions as suppressed
    from activities_gen.rules.model import Options
else:
    suppressed = lazy_module("activities_gen.formats.suppressions")  # needs pydantic, which other checks do without

MAX_ENTRIES = 300_000
"""Files and folders below a pipeline directory that are looked at."""


@dataclass
class Directory:
    """A pipeline directory as it is on disk.

    Attributes:
        root: The directory.
        shown: What stands before the names of its files in findings.
        options: How it is checked.
        documents: The pipeline, its trigger and its bare list of activities.
        contents: The bytes of the files that FlowEHR reads, by name.
        artifacts: The names of the files in ``artifacts/``; ``None`` if there is no such folder.
        folders: The names of the folders in ``artifacts/``.
        generated: Whether the documents come from an ``activities.py``, which then answers for the artifacts.
    """

    root: Path
    shown: str
    options: Options
    documents: list[Document] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)
    artifacts: list[str] | None = None
    folders: list[str] = field(default_factory=list)
    generated: bool = False

    @property
    def name(self) -> str:
        """The directory's own name, which FlowEHR uses for its artifacts."""
        return self.options.flowehr.name or self.root.resolve().name

    @property
    def pipelines(self) -> list[Document]:
        """The pipelines among the documents, those with a name first."""
        found = [document for document in self.documents if document.kind is Kind.PIPELINE]
        return sorted(found, key=lambda document: not document.name)

    def place(self, file: str, line: int = 0) -> Location:
        """A file of the directory as findings show it."""
        return Location(f"{self.shown}{file}", line)


def open_directory(root: Path, shown: str, options: Options) -> tuple[Directory, list[Finding]]:
    """Read a pipeline directory.

    Args:
        root: The directory.
        shown: What stands before the names of its files in findings.
        options: How it will be checked.
    """
    named = replace(options.flowehr, name=options.flowehr.name or root.resolve().name)
    directory = Directory(root, shown, replace(options, flowehr=named))
    findings = []
    for name in DEPLOYED:
        if not os.path.lexists(root / name):
            continue
        content = read_file(root / name)
        if isinstance(content, str):
            findings.append(Finding("ADF001", Severity.ERROR, content, directory.place(name)))
            continue
        documents, found = parse(content, f"{shown}{name}")
        directory.contents[name] = content
        directory.documents += documents
        findings += found
    directory.artifacts, directory.folders = _staged(root / STAGED)
    return directory, findings


def _staged(folder: Path) -> tuple[list[str] | None, list[str]]:
    """The files and the folders in ``artifacts/``, sorted; ``None`` for no such folder."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return None, []
    files = [entry.name for entry in entries if entry.is_file()]
    return files, [entry.name for entry in entries if entry.is_dir()]


def below(root: Path) -> Iterator[str]:
    """The files below a directory that FlowEHR would deploy as pipelines of their own, relative to it.

    As Terraform does it, hidden folders and links to folders are looked into.
    """
    seen: set[tuple[int, int]] = set()
    left = MAX_ENTRIES
    for folder, folders, files in os.walk(root, followlinks=True):
        identity = _identity(folder)
        left -= len(files) + len(folders)
        if identity in seen or left < 0:
            folders[:] = []
            continue
        seen.add(identity)
        folders[:] = sorted(name for name in folders if name not in (".git", "__pycache__"))
        place = Path(folder)
        if place != root:
            yield from ((place / name).relative_to(root).as_posix() for name in PIPELINE_FILES if name in files)


def _identity(folder: str) -> tuple[int, int]:
    try:
        status = os.stat(folder)  # noqa: PTH116 os.walk gives strings
    except OSError:
        return (0, 0)
    return status.st_dev, status.st_ino


def read_suppressions(folder: Path, shown: str, options: Options) -> tuple[Options, list[Finding]]:
    """The options with the suppressions of ``suppressions.json`` in a folder, if there is one.

    The file is an object from ``CODE``, ``CODE:activity``, ``CODE:pipeline/activity`` or ``CODE:pipeline/`` to the
    reason. Suppressions that the options have already are kept.
    """
    path = folder / SUPPRESSIONS
    if not os.path.lexists(path):
        return options, []
    place, content = f"{shown}{SUPPRESSIONS}", read_file(path)
    if isinstance(content, str):
        return options, [Finding("SUP004", Severity.ERROR, content, Location(place))]
    try:
        with models(place, "SUP004"):
            reasons, place_of = suppressed.read_suppressions(content, place)
    except FindingsError as error:
        return options, list(error.findings)
    return with_suppressions(options, reasons, place_of), []


def with_suppressions(options: Options, more: dict[str, str], place: Any) -> Options:
    """The options with further suppressions.

    Args:
        options: The options.
        more: Reasons by key.
        place: From a key to where it is written.
    """
    before = options.suppressions_at

    def at(key: str) -> Location:
        if key in more:
            found: Location = place(key)
            return found
        return before if isinstance(before, Location) else before(key)

    return replace(options, suppressions={**options.suppressions, **more}, suppressions_at=at)


def read_repository(root: Path, shown: str, options: Options) -> tuple[list[Document], Options, list[Finding]]:
    """The documents of an ADF git repository, the options with what is complete in it, and what cannot be read."""
    documents: list[Document] = []
    findings: list[Finding] = []
    for folder in (*FOLDERS, "factory"):
        for path in sorted((root / folder).glob("*.json")):
            found, problems = read_documents(path, f"{shown}{folder}/{path.name}")
            documents += found
            findings += problems
    complete = frozenset(kind for folder, kind in FOLDERS.items() if (root / folder).is_dir())
    names = _global_parameters(root)
    return documents, replace(options, complete=complete, global_parameters=names), findings


def _global_parameters(root: Path) -> frozenset[str] | None:
    """The global parameters of the factory, from ``factory`` or ``globalParameters``; ``None`` if none are written."""
    found: set[str] = set()
    for folder in ("factory", "globalParameters"):
        for path in sorted((root / folder).glob("*.json")):
            properties = _properties(path)
            declared = properties.get("globalParameters") if folder == "factory" else properties
            found |= set(declared if isinstance(declared, dict) else ())
    return frozenset(found) if found else None


def _properties(path: Path) -> dict[str, Any]:
    """The ``properties`` of a resource; empty if there are none to be read."""
    content = read_file(path)
    try:
        value = json.loads(content) if isinstance(content, bytes) else None
    except (ValueError, RecursionError):
        return {}
    properties = value.get("properties") if isinstance(value, dict) else None
    return properties if isinstance(properties, dict) else {}
