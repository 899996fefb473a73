"""A pipeline document as the proven source of an ``activities.py``."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from activities_gen.findings import Finding, Severity
from activities_gen.importing.artifacts import derive
from activities_gen.importing.codegen.module import source as python_source
from activities_gen.importing.codegen.pipeline import Settings
from activities_gen.importing.phrases import phrase
from activities_gen.importing.proof import prove
from activities_gen.wire import arm

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from activities_gen.importing.sources import Source
    from activities_gen.wire.document import Document


@dataclass(frozen=True)
class Imported:
    """A pipeline as Python.

    Attributes:
        source: The text of an ``activities.py``.
        findings: Errors where it does not generate what it was made from; warnings for what it generates anew.
        files: What the directory needs beside it: content by name.
        own: Files of the pipeline directory that it was made in and that it cannot do without.
    """

    source: str
    findings: tuple[Finding, ...]
    files: Mapping[str, str] = field(default_factory=dict)
    own: tuple[str, ...] = ()


def import_pipeline(source: Source, root: Path | None = None) -> Imported:
    """The ``activities.py`` of a pipeline, proven.

    Args:
        source: The pipeline, of :func:`~activities_gen.importing.sources.find`.
        root: The directory that the module is for: what lies in it is named by helpers. The pipeline directory that
            the JSON belongs to if it is left out.
    """
    repeated = [_repeated(one) for index, one in enumerate(source.triggers) if _names(source.triggers[:index], one)]
    if repeated:
        return Imported("", tuple(repeated))
    root = root or source.directory
    derived = derive(source, root)
    settings = Settings(
        source=PurePath(source.document.file).name,
        title=source.name,
        name=source.name,
        target="adf" if source.directory is None else "flowehr",
        options=derived.options,
        linked_service=derived.linked_service,
        helped=derived.helped,
        phrase=phrase,
        triggers=source.triggers,
        trigger_name=f"TumblingWindowTrigger{derived.options.get('directory', source.name)}",
    )
    text = python_source(source.document, settings)
    wrong = prove(text, source.document, source.triggers, derived.wheel)
    anew = [finding if root is None else _below(root, finding) for finding in derived.findings]
    return Imported(
        text, (*wrong, *anew, *_unevaluated(source.document)), derived.files, tuple(_own(derived.helped.values()))
    )


def _unevaluated(document: Document) -> Iterator[Finding]:
    """A finding for each ARM expression that stays a text: outside of a template nothing evaluates it."""
    if not (isinstance(document.raw, dict) and "/" in str(document.raw.get("type", ""))):
        return
    whole = {"name": document.raw.get("name"), "properties": document.properties}
    places = dict(reversed(arm.expressions(whole)))
    for text, path in reversed(places.items()):
        message = f"The ARM expression '{text}' stays as it is; outside of a template nothing evaluates it. Write the value that it stands for."
        yield Finding("IMP013", Severity.WARNING, message, document.locate(path), path)


def _below(root: Path, finding: Finding) -> Finding:
    """A finding whose place is relative to a directory, with the directory's path."""
    location = finding.location
    return replace(finding, location=replace(location, file=str(root / location.file)))


def _own(helped: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """The files behind what helpers name."""
    for helper, *file in helped:
        yield from file if helper == "artifact" else ["setup.py"] if helper == "wheel" else []


def _names(triggers: Iterable[Document], other: Document) -> bool:
    """Whether one of some triggers has the name of another."""
    return any(trigger.name == other.name for trigger in triggers)


def _repeated(trigger: Document) -> Finding:
    message = f"Another trigger is called '{trigger.name}', too. Rename one."
    return Finding("IMP011", Severity.ERROR, message, trigger.locate(("name",)))
