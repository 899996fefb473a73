"""From a pipeline directory to everything that FlowEHR deploys: the JSON files and the staged artifacts."""

from __future__ import annotations

import os
import re
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from activities_gen.catalogue import Target
from activities_gen.definition.loader import load
from activities_gen.definition.pipeline import TARGETS
from activities_gen.definition.writing import Written, document, findings, trigger_documents, write
from activities_gen.findings import Finding, FindingsError, Location, Severity
from activities_gen.outputs import json_bytes, locked, publish, reported, stale
from activities_gen.rules import STRUCTURE
from activities_gen.rules import load as load_rules
from activities_gen.rules.engine import check_documents
from activities_gen.rules.model import Options
from activities_gen.wheels import Wheel, WheelProbe
from activities_gen.wire.placeholders import WheelNames
from activities_gen.workspace.places import makefile_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.definition.loader import Definition
    from activities_gen.findings import JsonPath
    from activities_gen.wire.document import Document

JSON_FILES = ("activities.json", "pipeline.json", "trigger.json")
STAGED = "artifacts"


@dataclass(frozen=True)
class Generated:
    """What a pipeline directory generates; nothing is written yet.

    Attributes:
        root: The pipeline directory.
        definition: The pipeline and the record of how it was made.
        written: The JSON and what it names.
        wheel: The directory's wheel, ``None`` if there is no ``setup.py``.
        files: The bytes of each JSON file.
    """

    root: Path
    definition: Definition
    written: Written
    wheel: Wheel | None
    files: dict[str, bytes]

    @property
    def obsolete(self) -> list[str]:
        """JSON files that would be deployed if they were there, and that the definition does not make."""
        return [name for name in JSON_FILES if name not in self.files]

    def documents(self) -> list[Document]:
        """The pipeline and its triggers as rules read them; their places are lines of ``activities.py``."""
        return _documents(self.definition, self.written)


def _documents(definition: Definition, written: Written) -> list[Document]:
    pipeline, recorder = definition.pipeline, definition.recorder
    return [document(written, pipeline, recorder), *trigger_documents(written, pipeline, recorder)]


def generate(root: Path, *, structure: bool = True) -> Generated:
    """Load a pipeline directory's definition and work out its JSON.

    Args:
        root: The pipeline directory, an absolute path.
        structure: Whether refused names, activities of one name and dependencies on nothing are errors here, too;
            else they are left to a check that applies every rule.

    Raises:
        FindingsError: The definition or ``setup.py`` is wrong; every mistake that can be found in one go.
    """
    has_setup = (root / "setup.py").is_file()
    with WheelProbe(root) if has_setup else nullcontext() as probe:
        definition = load(root)
        wheel, of_wheel = _wheel(probe, definition)
    written = write(definition.pipeline, WheelNames(wheel.file_name, wheel.version) if wheel else None)
    recorder = definition.recorder
    found = [*definition.findings, *findings(written.problems, recorder), *of_wheel]
    if written.needs_wheel and not has_setup:
        message = "The activities name the directory's wheel, but there is no setup.py. Add one that packages your code, or pass libraries=[…]."
        found.append(Finding("GEN010", Severity.ERROR, message, recorder.locate(definition.pipeline)))
    if not of_wheel:
        found += _named_by_hand(root, wheel, definition, written)
    found += _missing_files(root, definition, written)
    documents = _documents(definition, written)
    found += _unwritable(documents)
    if structure or found:
        found += _unstructured(documents, definition, found)
    if found:
        raise FindingsError(sorted(dict.fromkeys(found), key=lambda finding: finding.location))
    return Generated(root, definition, written, wheel, _json_files(definition, written))


_OF_NAMES = frozenset({"ADF101", "ADF106", "ADF202", "ADF203", "ADF204", "ADF206", "FLO101"})
"""The rules that hold of JSON with gaps, too: they look at the names of what is there."""


def _unstructured(documents: list[Document], definition: Definition, known: list[Finding]) -> list[Finding]:
    """What leaves the JSON without a meaning: a refused name, two activities of one, a dependency on nothing, a cycle.

    Where mistakes are known already, the JSON has gaps; what follows from those is not reported again.
    """
    load_rules(STRUCTURE)
    pipeline = definition.pipeline
    target = Target(pipeline.target) if pipeline.target in TARGETS else Target.ADF
    suppressions = {code: str(reason) for code, reason in pipeline.suppress.items()}
    options = Options(target=target, select=("ADF1", "ADF2", "FLO101"), suppressions=suppressions)
    errors = [finding for finding in check_documents(documents, options) if finding.severity is Severity.ERROR]
    if not known:
        return errors
    places = {finding.location for finding in known}
    # What depends on an activity that could not be made would be told that it is not there.
    codes = _OF_NAMES - {"ADF203"} if definition.recorder.broken else _OF_NAMES
    return [one for one in errors if one.code in codes and one.location not in places]


def _wheel(probe: WheelProbe | None, definition: Definition) -> tuple[Wheel | None, list[Finding]]:
    if probe is None:
        return None, []
    try:
        return probe.wheel(stamped=definition.pipeline.stamp_wheel), []
    except FindingsError as error:
        return None, list(error.findings)


def _named_by_hand(root: Path, wheel: Wheel | None, definition: Definition, written: Written) -> list[Finding]:
    """Have the files uploaded whose paths the JSON spells out, and report those that do not exist."""
    found = []
    place = document(written, definition.pipeline, definition.recorder).locate
    built = wheel.file_name if wheel else ""
    known = {*written.artifacts, built} - {""}
    directory = f"{definition.pipeline.artifacts_directory}/"
    for path, text in _strings(written.pipeline, ()):
        for name in _uploaded_names(text, directory, known) if directory in text else ():
            if name == built:
                written.needs_wheel = True
            elif name not in written.artifacts and (root / name).is_file():
                written.artifacts[name] = name
            elif name not in written.artifacts:
                hint = f" The wheel is called '{built}': write wheel()." if built and name.endswith(".whl") else ""
                message = f"'{text}' names '{name}', which is not in the pipeline directory.{hint}"
                found.append(Finding("GEN020", Severity.ERROR, message, place(path)))
    return found if definition.pipeline.target == "flowehr" else []  # elsewhere others may upload them


def _uploaded_names(text: str, directory: str, known: set[str]) -> list[str]:
    """The files of the artifacts directory that a string names: alone, or as a part of it.

    What is known is found whatever characters its name has; else a name ends at a quote, a space or a brace.
    """
    whole = text.removeprefix(directory)
    if whole != text and (whole in known or not re.search(r"['\"\s{}]", whole)):
        return [whole]
    names = "|".join([*map(re.escape, sorted(known, key=len, reverse=True)), r"[^'\"\s{}]+"])
    return re.findall(f"{re.escape(directory)}({names})", text)


def _strings(value: Any, path: JsonPath) -> Iterator[tuple[JsonPath, str]]:
    """Every string in a JSON value, keys too, with its place."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, member in value.items():
            yield (*path, key), key
            yield from _strings(member, (*path, key))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _strings(member, (*path, index))


def _missing_files(root: Path, definition: Definition, written: Written) -> list[Finding]:
    """A finding for each file that would be uploaded and is not there."""
    return [
        Finding("GEN020", Severity.ERROR, problem, definition.recorder.locate(written.owners[name], "", file))
        for name, file in written.artifacts.items()
        if (problem := _missing(root, name, file))
    ]


def _missing(root: Path, name: str, file: str) -> str:
    """Why a file cannot be uploaded, or the empty string."""
    if not name:
        return "An entrypoint or artifact has no name. Name a file of the pipeline directory."
    if Path(file).is_absolute():
        return f"'{file}' is an absolute path, which no other machine has. Name it relative to the pipeline directory."
    if not (root / file).is_file():
        return f"'{file}' does not exist in the pipeline directory; it would be uploaded as '{name}'."
    return ""


def _unwritable(documents: list[Document]) -> list[Finding]:
    """A finding for each text that UTF-8, and so JSON, cannot hold."""
    return [
        Finding(
            "GEN022",
            Severity.ERROR,
            f"{text!r} holds half a character, a lone surrogate. Write the whole character.",
            one.locate(path),
        )
        for one in documents
        for path, text in _strings(one.raw, ())
        if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)
    ]


def _json_files(definition: Definition, written: Written) -> dict[str, bytes]:
    """The JSON files by name. FlowEHR's first contract reads the bare list, the present one the pipeline."""
    contents = {
        "activities.json": written.activities if _is_for_flowehr(definition, written) else None,
        "pipeline.json": written.pipeline,
        "trigger.json": written.trigger,
    }
    return {name: json_bytes(value) for name, value in contents.items() if value is not None}


def _is_for_flowehr(definition: Definition, written: Written) -> bool:
    return definition.pipeline.target == "flowehr" and isinstance(written.activities, list)


def write_json(generated: Generated) -> list[str]:
    """Write the JSON files; returns those that changed.

    Raises:
        FindingsError: They cannot be written; every file is as it was.
    """
    with locked(generated.root):
        return publish(generated.root, generated.files, generated.obsolete)


def stage(generated: Generated) -> list[str]:
    """Write the JSON files and fill ``artifacts/`` with exactly what they name; returns the files that changed.

    Files in ``artifacts/`` that nothing names are deleted, for FlowEHR would upload them.

    Raises:
        FindingsError: Something cannot be read or written; every file is as it was.
    """
    root = generated.root
    with locked(root):
        files = {f"{STAGED}/{name}": content for name, content in artifact_files(generated).items()}
        extra = [f"{STAGED}/{name}" for name in staged_files(root) if f"{STAGED}/{name}" not in files]
        return publish(root, files | generated.files, [*generated.obsolete, *extra])


def artifact_files(generated: Generated) -> dict[str, bytes]:
    """The content of every artifact by the name it is uploaded under.

    Raises:
        FindingsError: A file cannot be read.
    """
    files = {}
    for name, file in generated.written.artifacts.items():
        with reported(file):
            files[name] = (generated.root / file).read_bytes()
    if generated.written.needs_wheel and generated.wheel is not None:
        files[generated.wheel.file_name] = generated.wheel.content
    return files


def staged_files(root: Path) -> list[str]:
    """Returns what is in ``artifacts/`` now, sorted.

    Raises:
        FindingsError: It cannot be read.
    """
    directory = root / STAGED
    with reported(STAGED):
        return sorted(entry.name for entry in directory.iterdir()) if os.path.lexists(directory) else []


_OUTDATED = {True: "not what activities.py generates", False: "missing; activities.py generates it"}
"""What a JSON file is that is not up to date, by whether it is there."""


def staleness(generated: Generated) -> list[Finding]:
    """Returns what on disk is not what the definition generates now; ``artifacts/`` is looked into where it exists.

    Raises:
        FindingsError: Something cannot be read.
    """
    root = generated.root
    found = [
        _stale("GEN030", name, f"is {_OUTDATED[os.path.lexists(root / name)]}", generating(root))
        for name in stale(root, generated.files)
    ]
    found += [
        _stale("GEN031", name, "is there, and activities.py does not generate it", generating(root))
        for name in generated.obsolete
        if (root / name).exists()
    ]
    return found + _staged_staleness(generated) if os.path.lexists(root / STAGED) else found


def generating(root: Path) -> str:
    """The command that writes a directory's JSON: its Makefile's target, or the verb where a hand-written one has none."""
    makefile = makefile_of(root)
    text = "" if makefile is None else makefile.read_text(encoding="utf-8", errors="replace")
    target = re.search(r"^activities\s*:", text, re.MULTILINE)
    return "make activities" if target else "python -m activities_gen generate"


def _staged_staleness(generated: Generated) -> list[Finding]:
    """Returns what in ``artifacts/`` is not what would be staged now."""
    wanted = artifact_files(generated)
    staged = {f"{STAGED}/{name}": content for name, content in wanted.items()}
    found = [
        _stale("GEN032", name, "is missing, or not made from the present sources", "make artifacts")
        for name in stale(generated.root, staged)
    ]
    found += [
        _stale("GEN033", f"{STAGED}/{name}", "is named by nothing, and FlowEHR would upload it", "make artifacts")
        for name in staged_files(generated.root)
        if name not in wanted
    ]
    return found


def _stale(code: str, name: str, what: str, command: str) -> Finding:
    return Finding(code, Severity.ERROR, f"{name} {what}. Run: {command}", Location(name))
