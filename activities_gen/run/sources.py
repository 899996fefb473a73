"""What may be given as a pipeline, made into documents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

from activities_gen.findings import Finding, FindingsError, Location, Severity, has_errors
from activities_gen.run.startable import startable
from activities_gen.wire.document import Document, Kind, parse
from activities_gen.workspace.files import read_file
from activities_gen.workspace.places import PIPELINE_FILES, json_files

if TYPE_CHECKING:
    from activities_gen.model.pipeline import Pipeline


@runtime_checkable
class HasDocument(Protocol):
    """A definition that can say its ADF JSON."""

    def document(self) -> Document:
        """The document that Azure would receive."""


Source: TypeAlias = "Document | HasDocument | str | Path | Mapping[str, Any] | list[Any]"
"""A document, a definition, the path of a JSON file or of a pipeline directory, or parsed JSON in any of the forms that
people hold pipelines in."""

FILES = {Kind.PIPELINE: PIPELINE_FILES, Kind.TRIGGER: ("trigger.json",)}
"""What stands where in a pipeline directory; the first file that is there is taken."""


def documents(source: Source, kind: Kind = Kind.PIPELINE) -> list[Document]:
    """The documents of one kind that a source holds; of a folder, those of its JSON files.

    Raises:
        FindingsError: It cannot be read.
    """
    if isinstance(source, Document):
        return [source]
    if isinstance(source, HasDocument):
        return [source.document()]
    if isinstance(source, (str, Path)):
        path = Path(source)
        files = json_files(path) if path.is_dir() else [path]
        return [found for file in files for found in _parsed(_read(file), str(file), kind)]
    if not isinstance(source, (Mapping, list)):
        raise TypeError(f"A {kind.name.lower()} is a definition, a document, parsed JSON or a path, not {source!r}.")
    return _parsed(json.dumps(source), f"<{kind.name.lower()}>", kind)


def document(source: Source, kind: Kind = Kind.PIPELINE) -> Document:
    """The one document of a kind that a source holds.

    Raises:
        FindingsError: It cannot be read, or there is none, or more than one.
    """
    found = documents(_standing(source, kind), kind)
    if len(found) != 1:
        names = ", ".join(f"'{other.name}'" for other in found)
        wanted = kind.name.lower().replace("_", " ")
        message = f"Expected one {wanted}, found {len(found)}: {names}." if found else f"There is no {wanted} in it."
        file = found[0].file if found else str(source) if isinstance(source, (str, Path)) else f"<{wanted}>"
        raise FindingsError([Finding("RUN010", Severity.ERROR, message, Location(file))])
    return found[0]


def _standing(source: Source, kind: Kind) -> Source:
    """The file of a kind in a pipeline directory; any other source as it is."""
    if isinstance(source, (str, Path)) and kind in FILES:
        paths = (Path(source) / name for name in FILES[kind])
        return next((path for path in paths if path.is_file()), source)
    return source


def repository(pipelines: Mapping[str, Source] | Iterable[Source] | Source | None) -> dict[str, Pipeline]:
    """The pipelines that may be started by others, by name in lower case.

    Raises:
        FindingsError: One cannot be read or started.
    """
    if pipelines is None:
        return {}
    one_resource = {"properties", "activities", "resources"}
    if isinstance(pipelines, Mapping) and not one_resource & pipelines.keys():
        named = [(name, found) for name, source in pipelines.items() for found in documents(source)]
    else:
        many = isinstance(pipelines, Iterable) and not isinstance(pipelines, (str, Mapping, Document))
        sources: Any = pipelines if many else [pipelines]
        named = [(found.name, found) for source in sources for found in documents(source)]
    return {name.casefold(): startable(found, name) for name, found in named}


def directory_of(model: Pipeline, otherwise: Path) -> Path:
    """The directory whose staged files a pipeline means: its own, or ``otherwise`` where it lies in no pipeline directory."""
    file = Path(model.document.file)
    return file.parent.resolve() if file.name in FILES[Kind.PIPELINE] else otherwise


def _read(path: Path) -> bytes:
    content = read_file(path)
    if isinstance(content, str):
        raise FindingsError([Finding("RUN011", Severity.ERROR, content, Location(str(path)))])
    return content


def _parsed(content: bytes | str, file: str, kind: Kind) -> list[Document]:
    found, findings = parse(content, file)
    if has_errors(finding for finding in findings if finding.code != "ADF003"):
        raise FindingsError(findings)
    return [document for document in found if document.kind is kind]
