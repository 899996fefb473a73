"""Turn existing pipeline JSON into an activities.py, and prove that it generates the same JSON again.

PATH is a JSON file in any of ADF's forms (git, ARM template, REST, a list of activities), a hand-written pipeline
directory, an ADF repository, a folder of JSON files, or - for standard input. Without -o one pipeline is printed. With -o FILE.py it is written there; with -o DIR to
DIR/activities.py, and several pipelines to a directory each below DIR. With --all and no -o each is written beside its
JSON if there is no activities.py yet. Where what the Python generates is not what was read, the places are listed
and nothing is written.
"""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from activities_gen.cli import show
from activities_gen.cli.directories import (
    Claim,
    add_all,
    collisions,
    folder_names,
    here,
    pipeline_directories,
    prefix,
    relocated,
)
from activities_gen.definition.sdk import prepare
from activities_gen.findings import Finding, FindingsError, Location, Severity, has_errors
from activities_gen.importing.sources import choose, find
from activities_gen.lazy import lazy_module
from activities_gen.outputs import locked, publish, reported
from activities_gen.workspace.places import PIPELINE_FILES, unique

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Sequence

    from activities_gen.importing import imported as importer
    from activities_gen.importing.imported import Imported
    from activities_gen.importing.sources import Source
else:
    importer = lazy_module(
        "activities_gen.importing.imported"
    )  # behind prepare(), which keeps the SDK's client out: 0.2 s

SUMMARY = "turn existing JSON into an activities.py, proven to generate the same"
_FILE = "activities.py"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="JSON file, pipeline directory or ADF repository (default: this directory)",
    )
    add_all(parser, "PATH")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE_OR_DIR", help="where to write (default: print it)")
    parser.add_argument(
        "--name", action="append", default=[], metavar="NAME", help="import the pipeline of this name (repeatable)"
    )
    parser.add_argument("--force", action="store_true", help="write over an existing file of other content")


def run(arguments: argparse.Namespace) -> int:
    """Import the pipelines that the arguments name."""
    output: Path | None = arguments.output
    if output is not None and output.suffix != ".py" and output.is_file():
        message = "-o takes a file whose name ends in .py, or a directory; this is a file of another kind."
        raise FindingsError([Finding("IMP007", Severity.ERROR, message, Location(str(output)))])
    paths = _paths(arguments)
    found, status = _found(paths)
    sources = choose([source for _, source in found], arguments.name) if found else []
    printed = output is None and not arguments.all
    if len(sources) > 1 and (printed or (output is not None and output.suffix == ".py")):
        raise FindingsError([_several(sources)])
    if printed:
        return max([status, *(_print(imported(source)) for source in sources)])
    free = _free(sources, found)
    targets = _targets(free, output, many=arguments.all or len(paths) > 1)
    written = _write(targets, force=arguments.force, keep=output is None)
    return max(status, written, int(len(free) < len(sources)))


def _paths(arguments: argparse.Namespace) -> list[Path]:
    """Returns what is to be read, each path once."""
    if arguments.all:
        return pipeline_directories(
            arguments.paths,
            every=True,
            wanted=lambda directory: any((directory / name).is_file() for name in PIPELINE_FILES),
            described="a pipeline.json or an activities.json",
        )
    return unique(arguments.paths or [here()])


def _found(paths: Iterable[Path]) -> tuple[list[tuple[Path, Source]], int]:
    """The pipelines of all paths, each with its path, and the exit status; what is wrong is shown.

    A path that cannot be read does not keep the others from being read.
    """
    found = []
    wrong: list[Finding] = []
    for path in paths:
        try:
            here = find(path)
        except FindingsError as error:
            wrong += error.findings
            continue
        found += [(path, source) for source in here.sources]
        wrong += here.findings
    _report(wrong)
    return found, 1 if has_errors(wrong) else 0


def _free(sources: Iterable[Source], found: Iterable[tuple[Path, Source]]) -> list[Source]:
    """The pipelines without those whose names an earlier one of another path has, which are shown."""
    paths = {id(source): path for path, source in found}
    clashes = collisions(claim for source in sources for claim in _claims(source, paths[id(source)]))
    _report(clashes)
    refused = {finding.location for finding in clashes}
    return [source for source in sources if _place(source) not in refused]


def _claims(source: Source, path: Path) -> Iterator[Claim]:
    """The names that a pipeline must have for itself among those of other paths."""
    owner = prefix(path) if path.is_dir() else str(path)
    yield Claim("GEN050", source.name, owner, _place(source))
    if source.directory is not None:
        yield Claim("GEN051", source.directory.name, owner, _place(source))


def _place(source: Source) -> Location:
    return source.document.locate(("name",))


def imported(source: Source, root: Path | None = None) -> Imported:
    """A pipeline as Python, as :func:`~activities_gen.importing.imported.import_pipeline` makes it.

    Raises:
        FindingsError: The Azure SDK is not installed.
    """
    if not prepare():
        message = "The Azure SDK is not installed. Run: pip install 'azure-mgmt-datafactory>=9.3,<9.4'"
        raise FindingsError([Finding("PY006", Severity.ERROR, message, Location(source.document.file))])
    return importer.import_pipeline(source, root)


def _targets(sources: Sequence[Source], output: Path | None, *, many: bool) -> dict[Path, Source]:
    """Where each pipeline goes.

    Args:
        sources: The pipelines.
        output: What ``-o`` says.
        many: Whether there may be many: each then gets a directory below the output, be it the only one.

    Raises:
        FindingsError: Several would go to one file.
    """
    if output is None:
        return _beside(sources)
    if output.suffix == ".py":
        return {output: sources[0]} if sources else {}
    if len(sources) == 1 and not many:
        return {output / _FILE: sources[0]}
    return dict(zip((output / name / _FILE for name in _directories(sources)), sources, strict=True))


def _beside(sources: Iterable[Source]) -> dict[Path, Source]:
    """Each pipeline's module beside its JSON."""
    targets: dict[Path, list[Source]] = {}
    for source in sources:
        targets.setdefault(Path(source.document.file).with_name(_FILE), []).append(source)
    crowded = [_several(here) for here in targets.values() if len(here) > 1]
    if crowded:
        raise FindingsError(crowded)
    return {target: source for target, (source,) in targets.items()}


def _directories(sources: Iterable[Source]) -> list[str]:
    """A directory's name for each pipeline: its own, of letters, digits, dashes and underscores, and unique."""
    return folder_names((source.name for source in sources), unfit=r"[^A-Za-z0-9_-]+")


def _print(imported: Imported) -> int:
    _report(imported.findings)
    if has_errors(imported.findings):
        return 1
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # Python source is UTF-8 whatever the locale
    print(imported.source, end="")
    return 0


def _write(targets: dict[Path, Source], *, force: bool, keep: bool) -> int:
    """Write every pipeline that is proven and stands in nobody's way; the exit status.

    Args:
        targets: Where each pipeline goes.
        force: Whether files of other content are written over.
        keep: Whether those are left as they are, else, and nothing is wrong with that.
    """
    status = 0
    for target, source in targets.items():
        if keep and not force and target.exists():
            print(f"{target}: is there already")
            continue
        made = imported(source, target.absolute().parent if source.directory is None else None)
        _report(made.findings)
        if has_errors(made.findings):
            status = 1
            continue
        try:
            if not force and _differs(target, made.source.encode("utf-8")):
                raise FindingsError([_exists(target)])
            _publish(target, made)
        except FindingsError as error:
            _report(error.findings)
            status = 1
    return status


def _differs(target: Path, content: bytes) -> bool:
    """Whether there is a file of another content."""
    with reported(str(target)):
        return target.exists() and (not target.is_file() or target.read_bytes() != content)


def _publish(target: Path, imported: Imported) -> None:
    """Write the module and what it needs beside it, all or nothing, and say so.

    Raises:
        FindingsError: It cannot be written.
    """
    directory = target.absolute().parent
    files = {name: text.encode("utf-8") for name, text in {target.name: imported.source, **imported.files}.items()}
    with reported(str(target)):
        directory.mkdir(parents=True, exist_ok=True)
    try:
        with locked(directory):
            changed = publish(directory, files)
    except FindingsError as error:  # its places are relative to the directory
        findings = [replace(finding, location=Location(str(target))) for finding in error.findings]
        raise FindingsError(findings) from error
    for name in files:
        print(f"wrote {target.parent / name}" if name in changed else f"{target.parent / name}: up to date")


def _report(findings: Iterable[Finding]) -> None:
    show(FindingsError(relocated(finding, "") for finding in findings))


def _exists(target: Path) -> Finding:
    message = "The file is there and has another content. Move it away, or write over it with --force."
    return Finding("IMP007", Severity.ERROR, message, Location(str(target)))


def _several(sources: Sequence[Source]) -> Finding:
    names = [source.name for source in sources]
    shown = ", ".join(f"'{name}'" for name in names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
    beside = ", or beside its JSON with --all" if all(source.directory is not None for source in sources) else ""
    message = f"{len(names)} pipelines: {shown}. Choose one with --name, or write each to a directory of its own with -o DIR{beside}."
    return Finding("IMP008", Severity.ERROR, message, Location(sources[0].document.file))
