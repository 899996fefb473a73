"""What FlowEHR makes of a pipeline directory as a whole: its name, its Makefile, its artifacts, and what lies below it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from activities_gen.findings import Layer, Severity
from activities_gen.rules.context import Context, Repository, title
from activities_gen.rules.directory import DEPLOYED, below
from activities_gen.rules.examples import pipeline, python
from activities_gen.rules.model import Mark, Subject, Target, quoted, rule
from activities_gen.rules.wheels import distribution

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.findings import JsonPath
    from activities_gen.rules.directory import Directory
    from activities_gen.wire.document import Document

LOCALS = "FlowEHR, infrastructure/transform/locals.tf"
PIPELINE = "FlowEHR, infrastructure/transform/pipeline.tf"
BUILD = "FlowEHR, scripts/build_artifacts.sh"
_MAKEFILE = "artifacts:\n\tmkdir -p artifacts && cp entrypoint.py artifacts/\n"
_ARTIFACT = re.compile(
    r"(?P<root>(?:dbfs:)?/[^'\"\s]*?|abfss://[^'\"\s]*?)/(?P<name>[^/'\"\s]+)/artifacts/(?P<file>[^'\"\s{}@]+)"
)
_TRIGGER_NAME = re.compile(r"[A-Za-z0-9_][^<>*#.%&:\\+?/]*")
_FILE = "pass\n"


def _directory(document: Any = None, **files: Any) -> dict[str, Any]:
    """A pipeline directory called ``demo``, for examples."""
    base = {"pipeline.json": document or pipeline(python(), parameters={}), "Makefile": _MAKEFILE}
    named = {"artifacts/entrypoint.py": _FILE} | {name.replace("__", "/"): content for name, content in files.items()}
    return base | named


@rule(
    "FLO102",
    "the directory and the pipeline have different names",
    Severity.NOTE,
    Layer.FLOWEHR,
    on=Subject.DIRECTORY,
    target=Target.FLOWEHR,
    why="FlowEHR calls the pipeline by the `name` in `pipeline.json`, and uploads its artifacts to a folder with the name of "
    "the directory. Under a `transform/pipelines` folder, where it is deployed from, a difference is an error.",
    wrong=_directory(pipeline(python(), name="other", parameters={})),
    right=_directory(),
    source=LOCALS,
)
def two_names(directory: Directory) -> Iterator[Mark]:
    """A directory that is not called like its pipeline."""
    deployed = _is_deployed(directory)
    for document in directory.pipelines[:1]:
        if document.name and document.name != directory.name:
            message = f"The directory is called {quoted(directory.name)} and its pipeline {quoted(document.name)}. FlowEHR uploads artifacts by the directory's name: give both the same."
            yield Mark(message, severity=Severity.ERROR if deployed else None, location=document.locate(("name",)))


@rule(
    "FLO103",
    "a directory name that FlowEHR cannot use",
    Severity.NOTE,
    Layer.TERRAFORM,
    on=Subject.DIRECTORY,
    target=Target.FLOWEHR,
    why="The name becomes part of a dashboard's JSON, which a quote or backslash breaks, and of the trigger's name, which may "
    "have none of `<>*#.%&:\\+?/`. Under a `transform/pipelines` folder, where it is deployed from, that is an error.",
    wrong={"my.demo/pipeline.json": pipeline(python(), name="demo", parameters={}), "my.demo/trigger.json": "{}"},
    right=_directory(),
    source=PIPELINE,
)
def directory_name(directory: Directory) -> Iterator[Mark]:
    """A quote, a backslash, or with a trigger a character that its name may not have."""
    name = directory.name
    severity = Severity.ERROR if _is_deployed(directory) else None
    if '"' in name or "\\" in name:
        yield Mark(
            f"The directory name {quoted(name)} has a quote or backslash in it, which breaks FlowEHR's dashboard. Rename it.",
            severity=severity,
        )
    elif "trigger.json" in directory.contents and not _TRIGGER_NAME.fullmatch(name):
        yield Mark(
            f"The directory name {quoted(name)} becomes part of the trigger's name, which may not have these characters. Use letters, digits, underscores and dashes.",
            severity=severity,
        )


def _is_deployed(directory: Directory) -> bool:
    """Whether a directory stands where FlowEHR deploys from, so that the name it has here counts."""
    return "transform/pipelines/" in f"{directory.root.resolve().parent.as_posix()}/"


@rule(
    "FLO105",
    "a file in an encoding that Terraform does not read",
    Severity.ERROR,
    Layer.TERRAFORM,
    on=Subject.DIRECTORY,
    target=Target.FLOWEHR,
    why="Terraform reads UTF-8 without a byte order mark, and stops at anything else.",
    wrong=_directory() | {"trigger.json": "\ufeff{}"},
    right=_directory(),
    source="Terraform, functions file and jsondecode",
)
def encoding(directory: Directory) -> Iterator[Mark]:
    """A byte order mark, or UTF-16."""
    for name, content in directory.contents.items():
        if content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content[:4]:
            yield Mark(
                f"{name} is not plain UTF-8: it begins with a byte order mark, or is UTF-16. Save it as UTF-8 without one.",
                location=directory.place(name, 1),
            )


@rule(
    "FLO140",
    "another pipeline below the directory",
    Severity.ERROR,
    Layer.FLOWEHR,
    on=Subject.DIRECTORY,
    target=Target.FLOWEHR,
    why="FlowEHR deploys every folder of a checkout that holds a `pipeline.json` (or, in its first contract, `activities.json`), "
    "hidden folders and fixtures of tests included. Where the folder has a Makefile it may be meant: then it is a warning.",
    wrong=_directory(tests__fixture__pipeline_json="x") | {"tests/fixture/pipeline.json": pipeline(python())},
    right=_directory() | {"tests/fixture/golden.json": pipeline(python())},
    source=LOCALS,
)
def nested_pipeline(directory: Directory) -> Iterator[Mark]:
    """A file below that FlowEHR would deploy."""
    for name in below(directory.root):
        meant = (directory.root / name).with_name("Makefile").exists()
        severity = Severity.WARNING if meant else None
        yield Mark(
            f"FlowEHR would deploy {quoted(name)} as a pipeline of its own. Call the file otherwise, or delete it.",
            severity=severity,
            location=directory.place(name),
        )


@rule(
    "FLO141",
    "a file whose name FlowEHR does not recognise",
    Severity.ERROR,
    Layer.FLOWEHR,
    on=Subject.DIRECTORY,
    target=Target.FLOWEHR,
    why="`Pipeline.json` or `pipeline.JSON` deploys nothing, and nobody says so.",
    wrong=_directory() | {"Trigger.json": "{}"},
    right=_directory(),
    source=LOCALS,
)
def wrong_case(directory: Directory) -> Iterator[Mark]:
    """A name that differs from the one looked for in letter case."""
    for entry in sorted(directory.root.iterdir()) if directory.root.is_dir() else []:
        if entry.name.casefold() in DEPLOYED and entry.name not in DEPLOYED:
            yield Mark(
                f"{quoted(entry.name)} is not deployed. Rename it to {quoted(entry.name.casefold())}.",
                location=directory.place(entry.name),
            )


@rule(
    "FLO142",
    "pipeline.json and activities.json hold different activities",
    Severity.ERROR,
    Layer.FLOWEHR,
    on=Subject.DIRECTORY,
    target=Target.FLOWEHR,
    why="They are the same pipeline for two versions of FlowEHR. Generate both from `activities.py`.",
    wrong=_directory() | {"activities.json": [python("Another")]},
    right=_directory() | {"activities.json": [python()]},
    source=PIPELINE,
)
def two_contracts(directory: Directory) -> Iterator[Mark]:
    """A bare list that is not the pipeline's."""
    lists = [document.activities for document in directory.pipelines]
    if len(lists) == 2 and lists[0] != lists[1]:
        yield Mark(
            "activities.json holds other activities than pipeline.json. Generate both anew.",
            location=directory.place("activities.json", 1),
        )


@rule(
    "FLO143",
    "no Makefile with a target artifacts",
    Severity.ERROR,
    Layer.FLOWEHR,
    on=Subject.DIRECTORY,
    target=Target.FLOWEHR,
    why="FlowEHR runs `make artifacts` in every pipeline directory before it plans, and stops where that fails.",
    wrong={"pipeline.json": pipeline(python(), parameters={})},
    right=_directory(),
    source=BUILD,
)
def makefile(directory: Directory) -> Iterator[Mark]:
    """No Makefile, or none with the target."""
    present = [name for name in ("GNUmakefile", "makefile", "Makefile") if (directory.root / name).is_file()]
    if not present:
        yield Mark(
            "There is no Makefile; FlowEHR runs 'make artifacts' and stops. Add one with a target 'artifacts'.",
            location=directory.place("Makefile"),
        )
        return
    text = (directory.root / present[0]).read_text("utf-8", "replace")
    if not re.search(
        r"^artifacts\b[^:=\n]*:(?!=)|^[^#\n\t]*\bartifacts\b[^:=\n]*:(?!=)|^-?include\b", text, re.MULTILINE
    ):
        yield Mark(
            "The Makefile has no target 'artifacts', which FlowEHR runs. Add it.", location=directory.place(present[0])
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


@rule(
    "FLO144",
    "a path to an artifact of another directory",
    Severity.ERROR,
    Layer.FLOWEHR,
    on=Subject.DIRECTORY,
    target=Target.FLOWEHR,
    why="FlowEHR uploads to `dbfs:/pipelines/<directory>/artifacts/`. A renamed or copied directory keeps old paths.",
    wrong=_directory(pipeline(python(pythonFile="dbfs:/pipelines/helloworld/artifacts/entrypoint.py"), parameters={})),
    right=_directory(),
    source=PIPELINE,
)
def foreign_artifact(directory: Directory) -> Iterator[Mark]:
    """A path with another directory's name."""
    root = directory.options.flowehr.artifact_root
    for document, path, owner, match in _paths(directory):
        if match["root"] == root and match["name"] not in (directory.name, document.name):
            good = f"{root}/{directory.name}/artifacts/{match['file']}"
            yield Mark(
                f"{owner} names {quoted(match[0])}; this directory's artifacts are uploaded to {quoted(good)}.",
                location=document.locate(path),
            )


@rule(
    "FLO145",
    "a path to an artifact that is not there",
    Severity.ERROR,
    Layer.RUN,
    on=Subject.DIRECTORY,
    target=Target.FLOWEHR,
    why="Nothing checks that a path leads to an uploaded file before the activity runs. Checked where `artifacts/` has been "
    "built.",
    wrong=_directory(pipeline(python(pythonFile="dbfs:/pipelines/demo/artifacts/main.py"), parameters={})),
    right=_directory(),
    source=PIPELINE,
)
def missing_artifact(directory: Directory) -> Iterator[Mark]:
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
            yield Mark(
                f"{owner} names {quoted(match['file'])}, which is not in artifacts/.{near} Run: make artifacts",
                location=document.locate(path),
            )


def _nearest(file: str, present: list[str]) -> str:
    """The wheel of the same package, where a wheel is missing."""
    same = [name for name in present if distribution(name) and distribution(name) == distribution(file)]
    return f" There is {quoted(same[0])}." if same else ""


@rule(
    "FLO146",
    "an artifact that nothing names",
    Severity.WARNING,
    Layer.FLOWEHR,
    on=Subject.DIRECTORY,
    target=Target.FLOWEHR,
    why="FlowEHR uploads every file in `artifacts/`, old wheels and `.gitkeep` too.",
    wrong=_directory() | {"artifacts/demo-0.9-py3-none-any.whl": "old"},
    right=_directory(),
    source=PIPELINE,
)
def unused_artifact(directory: Directory) -> Iterator[Mark]:
    """A file in ``artifacts/`` to which no path leads."""
    if directory.generated or not directory.artifacts or not directory.pipelines:
        return
    named = {match["file"] for _, _, _, match in _paths(directory)}
    computed = any("artifacts" in str(document.raw) and "@" in str(document.raw) for document in directory.pipelines)
    for name in directory.artifacts:
        if name not in named and not computed:
            yield Mark(
                f"{quoted(name)} is uploaded, and no activity names it. Delete it.",
                location=directory.place(f"artifacts/{name}"),
            )


@rule(
    "FLO147",
    "a folder in artifacts",
    Severity.WARNING,
    Layer.FLOWEHR,
    on=Subject.DIRECTORY,
    target=Target.FLOWEHR,
    why="FlowEHR uploads the files directly in `artifacts/` and drops folders silently.",
    wrong=_directory() | {"artifacts/models/model.bin": "x"},
    right=_directory(),
    source=PIPELINE,
)
def artifact_folder(directory: Directory) -> Iterator[Mark]:
    """A folder that is not uploaded."""
    for name in directory.folders:
        yield Mark(
            f"The folder {quoted(name)} in artifacts/ is not uploaded. Put its files into artifacts/ itself, or zip it.",
            location=directory.place(f"artifacts/{name}"),
        )


def clashes(directories: list[Directory]) -> Iterator[tuple[Directory, str, str]]:
    """What keeps several directories from being deployed together: directory, code, message."""
    seen: dict[tuple[str, str], str] = {}
    for directory in directories:
        names = [("FLO160", "directory", directory.name)]
        names += [("FLO161", "pipeline", document.name) for document in directory.pipelines[:1] if document.name]
        for code, noun, name in names:
            other = seen.setdefault((code, name.casefold()), directory.shown or "./")
            if other != (directory.shown or "./"):
                yield (
                    directory,
                    code,
                    f"The {noun} {quoted(name)} has the same name as that of {quoted(other)}; FlowEHR cannot deploy both. Rename one.",
                )


def _reported_for_several(_: Directory) -> Iterator[Mark]:
    """Reported where several directories are checked at once."""
    yield from ()


def _two(*directories: tuple[str, str]) -> dict[str, Any]:
    """Several pipeline directories by their paths and their pipelines' names, for examples."""
    files: dict[str, Any] = {}
    for path, name in directories:
        document = pipeline(python(pythonFile="dbfs:/code/main.py"), name=name, parameters={})
        files |= {f"{path}/pipeline.json": document, f"{path}/Makefile": _MAKEFILE}
    return files


rule(
    "FLO160",
    "two directories with the same name",
    Severity.ERROR,
    Layer.TERRAFORM,
    on=Subject.DIRECTORY,
    target=Target.FLOWEHR,
    why="Terraform keys by the directory's name, whatever repository it is in: `Duplicate object key`.",
    wrong=_two(("one/etl", "etl-one"), ("two/etl", "etl-two")),
    right=_two(("one/etl-one", "etl-one"), ("two/etl-two", "etl-two")),
    source=LOCALS,
)(_reported_for_several)

rule(
    "FLO161",
    "two pipelines with the same name",
    Severity.ERROR,
    Layer.TERRAFORM,
    on=Subject.DIRECTORY,
    target=Target.FLOWEHR,
    why="The plan is happy, and apply says that the resource exists already, or one overwrites the other.",
    wrong=_two(("one", "etl"), ("two", "etl")),
    right=_two(("one", "one"), ("two", "two")),
    source=LOCALS,
)(_reported_for_several)
