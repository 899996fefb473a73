"""Checking of directories whose pipeline an ``activities.py`` defines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from activities_gen.catalogue import Target
from activities_gen.cli.directories import moved, relocated
from activities_gen.definition.texts import without_f
from activities_gen.definition.writing import left_out
from activities_gen.findings import Finding, FindingsError, Severity
from activities_gen.generation import JSON_FILES, STAGED, generate, staleness
from activities_gen.rules import Options, inspect_directory
from activities_gen.rules.directory import with_suppressions
from activities_gen.workspace.places import absolute

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from activities_gen.generation import Generated
    from activities_gen.wire.document import Document


def defined(
    path: Path, options: Options, shown: str, seen: list[Generated], *, chosen: bool
) -> tuple[Path, Options, str, Sequence[Document], Sequence[Finding]]:
    """A pipeline directory as :func:`~activities_gen.rules.inspect_opened` takes it, its definition loaded.

    What is wrong with the definition, and what on disk is stale, comes along as findings.

    Args:
        path: The directory; it has an ``activities.py``.
        options: How to check.
        shown: What stands before the names of its files in findings.
        seen: Gets what the directory generates.
        chosen: Whether the target in the options was asked for; else it is the pipeline's own.
    """
    try:
        generated = generate(absolute(path), structure=False)
        found = [
            *staleness(generated),
            *left_out(generated.written, generated.definition.recorder),
            *without_f(generated.definition),
        ]
    except FindingsError as error:
        if not chosen:  # nobody knows the target, and FlowEHR's rules may not apply
            options = replace(options, target=Target.ADF)
        return path, options, shown, [], [relocated(finding, shown) for finding in error.findings]
    seen.append(generated)
    options = _with_definition(generated, shown, options, chosen=chosen)
    documents = [_shown(document, shown) for document in generated.documents()]
    return path, options, shown, documents, [relocated(finding, shown) for finding in found]


def _with_definition(generated: Generated, shown: str, options: Options, *, chosen: bool) -> Options:
    """The options with what the definition says: its target, its suppressions, where its artifacts go."""
    pipeline = generated.definition.pipeline
    place = generated.definition.recorder.locate(pipeline)
    if not chosen:
        options = replace(options, target=Target(pipeline.target))
    flowehr = replace(options.flowehr, artifact_root=pipeline.artifacts_root)
    options = replace(options, flowehr=flowehr)
    return (
        with_suppressions(options, dict(pipeline.suppress), lambda _: moved(place, shown))
        if pipeline.suppress
        else options
    )


def _shown(document: Document, shown: str) -> Document:
    """A document whose places are below a directory."""
    return replace(document, file=shown + document.file, locate=lambda path: moved(document.locate(path), shown))


def refused(generated: Generated, shown: str) -> list[Finding]:
    """The errors for which a pipeline directory is not staged.

    What they say of files that staging itself writes is left out.

    Args:
        generated: What the directory generates.
        shown: What stands before the names of its files in findings.
    """
    options = _with_definition(generated, shown, Options(), chosen=False)
    documents = [_shown(document, shown) for document in generated.documents()]
    written = (*(f"{shown}{name}" for name in JSON_FILES), f"{shown}{STAGED}/")
    return [
        finding
        for finding in inspect_directory(generated.root, options, shown, documents)
        if finding.severity is Severity.ERROR and not finding.location.file.startswith(written)
    ]
