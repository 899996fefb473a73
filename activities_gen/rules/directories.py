"""What FlowEHR makes of a pipeline directory as a whole: its name, its Makefile, its artifacts, and what lies below it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from activities_gen.findings import Severity
from activities_gen.rules.context import Context, Repository, title
from activities_gen.rules.directory import below
from activities_gen.rules.model import Subject, Violation, quoted, rule
from activities_gen.rules.wheels import distribution
from activities_gen.workspace.git import untracked
from activities_gen.workspace.places import DEPLOYED, makefile_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.findings import JsonPath
    from activities_gen.rules.directory import Directory
    from activities_gen.wire.document import Document

_ARTIFACT = re.compile(
    r"(?P<root>(?:dbfs:)?/[^'\"\s]*?|abfss://[^'\"\s]*?)/(?P<name>[^/'\"\s]+)/artifacts/(?P<file>[^'\"\s{}@]+)"
)
_TRIGGER_NAME = re.compile(r"[A-Za-z0-9_][^<>*#.%&:\\+?/]*")


@rule("FLO102", on=Subject.DIRECTORY)
def two_names(directory: Directory) -> Iterator[Violation]:
    """A directory that is not called like its pipeline."""
    deployed = _is_deployed(directory)
    for document in directory.pipelines[:1]:
        if document.name and document.name != directory.name:
            message = f"The directory is called {quoted(directory.name)} and its pipeline {quoted(document.name)}. FlowEHR uploads artifacts by the directory's name: give both the same."
            yield Violation(message, severity=Severity.ERROR if deployed else None, location=document.locate(("name",)))


@rule("FLO103", on=Subject.DIRECTORY)
def directory_name(directory: Directory) -> Iterator[Violation]:
    """A quote, a backslash, or with a trigger a character that its name may not have."""
    name = directory.name
    severity = Severity.ERROR if _is_deployed(directory) else None
    if '"' in name or "\\" in name:
        yield Violation(
            f"The directory name {quoted(name)} has a quote or backslash in it, which breaks FlowEHR's dashboard. Rename it.",
            severity=severity,
        )
    elif "trigger.json" in directory.contents and not _TRIGGER_NAME.fullmatch(name):
        yield Violation(
            f"The directory name {quoted(name)} becomes part of the trigger's name, which may not have these characters. Use letters, digits, underscores and dashes.",
            severity=severity,
        )


def _is_deployed(directory: Directory) -> bool:
    """Whether a directory stands where FlowEHR deploys from, so that the name it has here counts."""
    return "transform/pipelines/" in f"{directory.root.resolve().parent.as_posix()}/"


@rule("FLO105", on=Subject.DIRECTORY)
def encoding(directory: Directory) -> Iterator[Violation]:
    """A byte order mark, or UTF-16."""
    for name, content in directory.contents.items():
        if content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content[:4]:
            yield Violation(
                f"{name} is not plain UTF-8: it begins with a byte order mark, or is UTF-16. Save it as UTF-8 without one.",
                location=directory.place(name, 1),
            )


@rule("FLO140", on=Subject.DIRECTORY)
def nested_pipeline(directory: Directory) -> Iterator[Violation]:
    """A file below that FlowEHR would deploy."""
    for name in below(directory.root):
        meant = makefile_of((directory.root / name).parent) is not None
        severity = Severity.WARNING if meant else None
        yield Violation(
            f"FlowEHR would deploy {quoted(name)} as a pipeline of its own. Call the file otherwise, or delete it.",
            severity=severity,
            location=directory.place(name),
        )


@rule("FLO141", on=Subject.DIRECTORY)
def wrong_case(directory: Directory) -> Iterator[Violation]:
    """A name that differs from the one looked for in letter case."""
    for entry in sorted(directory.root.iterdir()) if directory.root.is_dir() else []:
        if entry.name.casefold() in DEPLOYED and entry.name not in DEPLOYED:
            yield Violation(
                f"{quoted(entry.name)} is not deployed. Rename it to {quoted(entry.name.casefold())}.",
                location=directory.place(entry.name),
            )


@rule("FLO142", on=Subject.DIRECTORY)
def two_contracts(directory: Directory) -> Iterator[Violation]:
    """A bare list that is not the pipeline's."""
    lists = [document.activities for document in directory.pipelines]
    if len(lists) == 2 and lists[0] != lists[1]:
        yield Violation(
            "activities.json holds other activities than pipeline.json. Generate both anew.",
            location=directory.place("activities.json", 1),
        )


@rule("FLO143", on=Subject.DIRECTORY)
def makefile(directory: Directory) -> Iterator[Violation]:
    """No Makefile, or none with the target."""
    present = makefile_of(directory.root)
    if present is None:
        yield Violation(
            "There is no Makefile; FlowEHR runs 'make artifacts' and stops. Add one with a target 'artifacts'.",
            location=directory.place("Makefile"),
        )
        return
    text = present.read_text("utf-8", "replace")
    if not re.search(
        r"^artifacts\b[^:=\n]*:(?!=)|^[^#\n\t]*\bartifacts\b[^:=\n]*:(?!=)|^-?include\b", text, re.MULTILINE
    ):
        yield Violation(
            "The Makefile has no target 'artifacts', which FlowEHR runs. Add it.",
            location=directory.place(present.name),
        )


def _paths(directory: Directory) -> Iterator[tuple[Document, JsonPath, str, re.Match[str]]]:
    """The paths of artifacts in the pipeline: document, place, who names it, match."""
    document = next(iter(directory.pipelines), None)
    if document is None:
        return
    for text in Context(document, Repository([document]), directory.options).texts:
        if "/artifacts/" in text.value:
            owner = title(text.owner) if text.owner else "The pipeline"
            yield from ((document, text.path, owner, match) for match in _ARTIFACT.finditer(text.value))


@rule("FLO144", on=Subject.DIRECTORY)
def foreign_artifact(directory: Directory) -> Iterator[Violation]:
    """A path with another directory's name."""
    root = directory.options.flowehr.artifact_root
    for document, path, owner, match in _paths(directory):
        if match["root"] == root and match["name"] not in (directory.name, document.name):
            good = f"{root}/{directory.name}/artifacts/{match['file']}"
            yield Violation(
                f"{owner} names {quoted(match[0])}; this directory's artifacts are uploaded to {quoted(good)}.",
                location=document.locate(path),
            )


@rule("FLO145", on=Subject.DIRECTORY)
def missing_artifact(directory: Directory) -> Iterator[Violation]:
    """A file that is not in ``artifacts/``."""
    if directory.generated or directory.artifacts is None:
        return
    for document, path, owner, match in _paths(directory):
        ours = match["root"] == directory.options.flowehr.artifact_root and match["name"] in (
            directory.name,
            document.name,
        )
        if ours and match["file"] not in directory.artifacts:
            near = _nearest(match["file"], directory.artifacts)
            yield Violation(
                f"{owner} names {quoted(match['file'])}, which is not in artifacts/.{near} Run: make artifacts",
                location=document.locate(path),
            )


def _nearest(file: str, present: list[str]) -> str:
    """The wheel of the same package, where a wheel is missing."""
    same = [name for name in present if distribution(name) and distribution(name) == distribution(file)]
    return f" There is {quoted(same[0])}." if same else ""


@rule("FLO146", on=Subject.DIRECTORY)
def unused_artifact(directory: Directory) -> Iterator[Violation]:
    """A file in ``artifacts/`` to which no path leads."""
    if directory.generated or not directory.artifacts or not directory.pipelines:
        return
    named = {match["file"] for _, _, _, match in _paths(directory)}
    computed = any("artifacts" in str(document.raw) and "@" in str(document.raw) for document in directory.pipelines)
    for name in directory.artifacts:
        if name not in named and not computed:
            yield Violation(
                f"{quoted(name)} is uploaded, and no activity names it. Delete it.",
                location=directory.place(f"artifacts/{name}"),
            )


@rule("FLO147", on=Subject.DIRECTORY)
def artifact_folder(directory: Directory) -> Iterator[Violation]:
    """A folder that is not uploaded."""
    for name in directory.folders:
        yield Violation(
            f"The folder {quoted(name)} in artifacts/ is not uploaded. Put its files into artifacts/ itself, or zip it.",
            location=directory.place(f"artifacts/{name}"),
        )


@rule("FLO148", on=Subject.DIRECTORY)
def untracked_file(directory: Directory) -> Iterator[Violation]:
    """A file that FlowEHR needs and a clone would not have."""
    needed = [name for name in (*DEPLOYED, "Makefile") if (directory.root / name).is_file()]
    for name, ignored in untracked(directory.root, needed).items():
        problem = "is told to ignore" if ignored else "does not track"
        mend = f"git add {'--force ' if ignored else ''}{name}"
        yield Violation(
            f"Git {problem} {quoted(name)}, so FlowEHR, which clones the repository, does not get it. Run {quoted(mend)} and commit it.",
            severity=Severity.ERROR if ignored else None,
            location=directory.place(name),
        )
