"""What there is to import: the pipelines of a file, a pipeline directory, a repository or a template."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from activities_gen.findings import Finding, FindingsError, Location, Severity, has_errors, suggestion
from activities_gen.wire.document import Document, Kind, parse
from activities_gen.workspace.files import read_file, shown_file
from activities_gen.workspace.places import PIPELINE_FILES, PlaceKind, json_files, kind_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

MAX_VALUES = 250_000
"""Most JSON values of one pipeline that is imported; the 200 KB that ADF takes hold fewer than half as many."""

MAX_TEXT = 4_000_000
"""Most characters of one pipeline that is imported: twenty times what ADF takes."""

MAX_FILE_VALUES = 4_000_000
"""Most commas and opening brackets of a file that is read: more than a template of 64 MB has."""

MAX_DEPTH = 64
"""Deepest nesting that is imported. Python's parser takes no much deeper brackets; real pipelines stay under 30."""


@dataclass(frozen=True)
class Source:
    """A pipeline to import.

    Attributes:
        name: The pipeline's name.
        document: Its document.
        triggers: The documents of the triggers that start it and nothing else.
        directory: The pipeline directory that it belongs to, ``None`` if it lies in none.
    """

    name: str
    document: Document
    triggers: tuple[Document, ...] = ()
    directory: Path | None = None


@dataclass
class Found:
    """What a path holds.

    Attributes:
        sources: The pipelines, in the order of their files.
        findings: What was wrong with files that do not count, or is left out.
        others: What else there is, by nouns: ``a dataset``.
    """

    sources: list[Source] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def find(path: Path) -> Found:
    """The pipelines of a file or directory.

    Args:
        path: A JSON file in any form of :func:`~activities_gen.wire.document.parse`; a pipeline directory with a
            ``pipeline.json`` or ``activities.json``; an ADF git repository; or a directory of JSON files, such as an
            exported ARM template.

    Raises:
        FindingsError: It does not exist, cannot be read, or holds no pipeline.
    """
    kind = kind_of(path)
    own = next((path / name for name in PIPELINE_FILES if (path / name).is_file()), None)
    if own is not None:
        found = _of_pipeline_directory(own)
    elif kind is PlaceKind.FILE and path.name in PIPELINE_FILES:
        found = _of_pipeline_directory(path)
    elif kind is PlaceKind.REPOSITORY:
        found = _of_files([file for name in ("pipeline", "trigger") for file in json_files(path / name)])
    else:
        found = _of_files(json_files(path) if path.is_dir() else [path])
    if not found.sources and has_errors(found.findings):
        raise FindingsError(found.findings)
    if not found.sources:
        others = f", but {' and '.join(sorted(set(found.others)))}" if found.others else ""
        message = f"No pipeline in '{path.absolute().name}'{others}. Name a JSON file with one, a pipeline directory or an ADF repository{'; --all takes all below a folder' if path.is_dir() else ''}."
        raise FindingsError([*found.findings, Finding("IMP001", Severity.ERROR, message, Location(str(path)))])
    return found


def choose(sources: Sequence[Source], names: Sequence[str]) -> list[Source]:
    """The pipelines of some names, or all if there are none.

    Args:
        sources: Pipelines.
        names: Names of pipelines, in an ARM template without the factory's.

    Raises:
        FindingsError: There is no pipeline of a name, or there are several.
    """
    if not names:
        return list(sources)
    found = []
    chosen = []
    for name in names:
        matching = [source for source in sources if name == source.name]
        chosen += matching
        if len(matching) != 1:
            known = sorted({source.name for source in sources})
            count = "no pipeline" if not matching else f"{len(matching)} pipelines"
            hint = suggestion(name, known) or f" There {_are(known)}."
            message = f"There {'are' if matching else 'is'} {count} called '{name}'.{hint}"
            found.append(Finding("IMP002", Severity.ERROR, message, Location(sources[0].document.file)))
    if found:
        raise FindingsError(found)
    return list({id(source): source for source in chosen}.values())


def _are(names: Sequence[str]) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:20])
    return f"{'is' if len(names) == 1 else 'are'} {shown}{'' if len(names) <= 20 else f' and {len(names) - 20} more'}"


def _of_pipeline_directory(file: Path) -> Found:
    """The pipeline of a directory that FlowEHR deploys, and its trigger."""
    directory = file.absolute().parent
    documents, found = _documents(file)
    trigger = file.with_name("trigger.json")
    triggers: list[Document] = []
    if trigger.is_file():
        triggers, wrong = _documents(trigger)
        found += wrong
    pipelines = [document for document in documents if _is_pipeline(document)]
    named = [Source(document.name or directory.name, document, (), directory) for document in pipelines]
    if len(named) == 1:
        named = [Source(named[0].name, pipelines[0], tuple(triggers), directory)]
    return Found(named, found, _others(documents))


def _of_files(files: Iterable[Path]) -> Found:
    """The pipelines of any files, each with the triggers that start it alone."""
    found = Found()
    triggers: list[Document] = []
    several = isinstance(files, list) and len(files) > 1
    for file in files:
        documents, wrong = _documents(file)
        found.findings += [_downgraded(finding) for finding in wrong] if several else wrong
        triggers += [document for document in documents if document.kind is Kind.TRIGGER]
        found.others += _others(documents)
        found.sources += [
            Source(document.name or _file_name(file), document) for document in documents if _is_pipeline(document)
        ]
    _give_triggers(found, triggers)
    return found


def _give_triggers(found: Found, triggers: Iterable[Document]) -> None:
    """Give each pipeline the triggers that start it and nothing else."""
    owned: dict[str, list[Document]] = {source.name: [] for source in found.sources}
    for trigger in triggers:
        names = _started(trigger.properties)
        if len(names) == 1 and names[0] in owned:
            owned[names[0]].append(trigger)
        elif found.sources:
            found.findings.append(_left_out(trigger, names))
    found.sources = [Source(source.name, source.document, tuple(owned[source.name])) for source in found.sources]


def _is_pipeline(document: Document) -> bool:
    """Whether a document says that it is a pipeline: by its activities, or by what it is called."""
    if document.kind is not Kind.PIPELINE:
        return False
    if isinstance(document.raw, list):
        return not document.raw or any(isinstance(item, dict) and "type" in item for item in document.raw)
    if "activities" in document.properties:
        return True
    file = PurePath(document.file)
    named = file.name in PIPELINE_FILES or file.parent.name == "pipeline" or "/" in str(document.raw.get("type", ""))
    return named and "properties" in document.raw


def _others(documents: Iterable[Document]) -> list[str]:
    """Returns what documents define that are no pipelines."""
    found = [_NOUNS[document.kind] for document in documents if document.kind in _NOUNS]
    single = any(isinstance(document.raw, dict) and "typeProperties" in document.raw for document in documents)
    return [*found, "a single activity, which belongs in a list"] if single else found


_NOUNS = {
    Kind.TRIGGER: "a trigger",
    Kind.DATASET: "a dataset",
    Kind.LINKED_SERVICE: "a linked service",
    Kind.DATA_FLOW: "a data flow",
    Kind.INTEGRATION_RUNTIME: "an integration runtime",
    Kind.CREDENTIAL: "a credential",
}


def _documents(file: Path) -> tuple[list[Document], list[Finding]]:
    """The documents of a file that can be imported, and what is wrong with it."""
    content, shown = read_file(file), shown_file(file)
    if isinstance(content, str):
        raise FindingsError([Finding("IMP003", Severity.ERROR, content, Location(shown))])
    if sum(content.count(mark) for mark in (b",", b"[", b"{")) > MAX_FILE_VALUES:
        message = f"The file holds more than {MAX_FILE_VALUES:,} values; a factory's template has fewer."
        return [], [Finding("IMP004", Severity.ERROR, message, Location(shown))]
    documents, findings = parse(content, shown)
    if has_errors(finding for finding in findings if finding.code != "ADF003"):
        return [], findings
    problems = {id(document): _beyond(document) for document in documents if document.kind in _NOUNS_OF_IMPORTED}
    for problem in filter(None, problems.values()):
        findings.append(Finding("IMP004", Severity.ERROR, problem, Location(shown)))
    return [document for document in documents if not problems.get(id(document))], findings


_NOUNS_OF_IMPORTED = {Kind.PIPELINE: "pipeline", Kind.TRIGGER: "trigger"}


def _beyond(document: Document) -> str:
    """Returns what of a pipeline or trigger is larger than any has, or nothing."""
    noun = _NOUNS_OF_IMPORTED[document.kind]
    level: list[Any] = [document.properties]
    count = size = 0
    for _ in range(MAX_DEPTH):
        count += len(level)
        size += sum(map(_length, level))
        if count > MAX_VALUES or size > MAX_TEXT:
            return f"The {noun} '{document.name}' is larger than any that ADF takes: 200 KB."
        level = [inner for value in level for inner in _members(value)]
        if not level:
            return ""
    return f"Lists and objects of the {noun} '{document.name}' are nested deeper than {MAX_DEPTH}."


def _members(value: Any) -> Collection[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _length(value: Any) -> int:
    """Characters of a string, or of an object's keys."""
    return len(value) if isinstance(value, str) else sum(map(len, value)) if isinstance(value, dict) else 0


def _file_name(file: Path) -> str:
    """Returns what a pipeline without a name is called: its file, or its folder where the file has a name for all."""
    return file.absolute().parent.name if file.name in PIPELINE_FILES else file.stem


def _started(properties: dict[str, Any]) -> list[str]:
    """The names of the pipelines that a trigger starts."""
    references = properties.get("pipelines")
    references = [properties.get("pipeline"), *(references if isinstance(references, list) else [])]
    found = [reference.get("pipelineReference") for reference in references if isinstance(reference, dict)]
    names = [reference.get("referenceName") for reference in found if isinstance(reference, dict)]
    return [name for name in dict.fromkeys(names) if isinstance(name, str)]


def _left_out(trigger: Document, names: Sequence[str]) -> Finding:
    if len(names) > 1:
        why = f"starts {len(names)} pipelines"
        hint = " A pipeline directory has its own triggers."
    else:
        why = f"starts '{names[0]}', which is not among the pipelines here" if names else "starts no pipeline"
        hint = ""
    message = f"The trigger '{trigger.name}' {why}; it is not imported.{hint}"
    return Finding("IMP005", Severity.WARNING, message, trigger.locate(("name",)))


def _downgraded(finding: Finding) -> Finding:
    """Returns what is wrong with one file of many does not keep the others from being imported."""
    return Finding(
        finding.code, Severity.WARNING, f"{finding.message} The file is passed over.", finding.location, finding.path
    )
