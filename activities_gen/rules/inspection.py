"""Checks what is on disk: one function for each kind of thing that a path can lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.findings import Finding, Location
from activities_gen.rules.directory import (
    Directory,
    open_directory,
    read_repository,
    read_suppressions,
)
from activities_gen.rules.engine import Reported, apply_rules, conclude, report_documents
from activities_gen.workspace.files import read_documents
from activities_gen.workspace.places import json_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from activities_gen.rules.model import Options
    from activities_gen.wire.document import Document


def inspect_file(path: Path, shown: str, options: Options) -> list[Finding]:
    """Check one JSON file, on its own.

    Args:
        path: The file; ``-`` for standard input.
        shown: How findings show it.
        options: How to check.
    """
    options, found = read_suppressions(path.parent, shown[: -len(path.name)], options)
    documents, unreadable = read_documents(path, shown)
    reported = [*_read([*found, *unreadable]), *report_documents(documents, options)]
    return _without_unused(conclude(reported, options))


def _without_unused(findings: list[Finding]) -> list[Finding]:
    """Findings but for suppressions that suppress nothing: they may be for another file of the folder."""
    return [finding for finding in findings if finding.code != "SUP003"]


def inspect_folder(root: Path, shown: str, options: Options) -> list[Finding]:
    """Check the JSON files of a folder together, such as a template and its nested ones; others are passed over."""
    options, found = read_suppressions(root, shown, options)
    documents: list[Document] = []
    for path in json_files(root):
        here, unreadable = read_documents(path, f"{shown}{path.name}")
        documents += here
        found += [finding for finding in unreadable if finding.code != "ADF003"]
    return conclude([*_read(found), *report_documents(documents, options)], options)


def inspect_repository(root: Path, shown: str, options: Options) -> list[Finding]:
    """Check an ADF git repository, with the references between its files."""
    options, found = read_suppressions(root, shown, options)
    documents, options, unreadable = read_repository(root, shown, options)
    return conclude([*_read([*found, *unreadable]), *report_documents(documents, options)], options)


def inspect_directory(
    root: Path,
    options: Options,
    shown: str = "",
    generated: Sequence[Document] | None = None,
    more: Iterable[Finding] = (),
) -> list[Finding]:
    """Check a pipeline directory.

    Args:
        root: The directory.
        options: How to check.
        shown: What stands before the names of its files in findings.
        generated: The pipeline and its triggers, where an ``activities.py`` makes them; what is on disk where ``None``.
        more: What else was found, to be shown with the rest.
    """
    return inspect_opened(root, options, shown, generated, more)[1]


def inspect_opened(
    root: Path,
    options: Options,
    shown: str = "",
    generated: Sequence[Document] | None = None,
    more: Iterable[Finding] = (),
) -> tuple[Directory, list[Finding]]:
    """Check a pipeline directory as :func:`inspect_directory` does, and return the directory with what was found."""
    directory, reported = _opened(root, shown, options, generated)
    return directory, conclude([*_read(more), *reported], directory.options)


def _opened(
    root: Path, shown: str, options: Options, generated: Sequence[Document] | None
) -> tuple[Directory, list[Reported]]:
    """A directory, and what the rules find in it."""
    options, found = read_suppressions(root, shown, options)
    directory, unreadable = open_directory(root, shown, options)
    if generated is not None:
        directory.documents, directory.generated = list(generated), True
    reported = [
        *_read([*found, *([] if directory.generated else unreadable)]),
        *report_documents(_once(directory), directory.options),
        *apply_rules(directory, directory.options, Location(shown or "./")),
    ]
    return directory, reported


def _once(directory: Directory) -> list[Document]:
    """The documents, without a bare list of activities that another document holds as well."""
    pipelines = directory.pipelines
    if len(pipelines) == 2 and pipelines[0].activities == pipelines[1].activities:
        return [document for document in directory.documents if document is not pipelines[1]]
    return directory.documents


def _read(findings: Iterable[Finding]) -> Iterator[Reported]:
    return (Reported(finding) for finding in findings)
