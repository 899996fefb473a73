"""Turn existing pipeline JSON into an activities.py, and prove that it generates the same JSON again.

PATH is a JSON file in any of ADF's forms (git, ARM template, REST, a list of activities), a hand-written pipeline
directory, or an ADF repository. Without -o one pipeline is printed. With -o FILE.py it is written there; with -o DIR to
DIR/activities.py, and several pipelines to a directory each below DIR. Where what the Python generates is not what was
read, the places are listed and nothing is written.
"""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from activities_gen.cli.directories import folder_names
from activities_gen.definition.sdk import prepare
from activities_gen.findings import Finding, FindingsError, Location, Severity, has_errors
from activities_gen.importing.sources import choose, find, short_name
from activities_gen.outputs import locked, publish, reported

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence

    from activities_gen.importing.imported import Imported
    from activities_gen.importing.sources import Source

SUMMARY = "turn existing JSON into an activities.py, proven to generate the same"
_FILE = "activities.py"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("path", type=Path, metavar="PATH", help="JSON file, pipeline directory or ADF repository")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE_OR_DIR", help="where to write (default: print it)")
    parser.add_argument(
        "--name", action="append", default=[], metavar="NAME", help="import the pipeline of this name (repeatable)"
    )
    parser.add_argument("--force", action="store_true", help="write over an existing file of other content")


def run(arguments: argparse.Namespace) -> int:
    """Import the pipelines that the arguments name."""
    found = find(arguments.path)
    _report(found.findings)
    sources = choose(found.sources, arguments.name)
    output: Path | None = arguments.output
    if len(sources) > 1 and (output is None or output.suffix == ".py"):
        raise FindingsError([_several(sources)])
    if output is not None and output.suffix != ".py" and output.is_file():
        message = "-o takes a file whose name ends in .py, or a directory; this is a file of another kind."
        raise FindingsError([Finding("IMP007", Severity.ERROR, message, Location(str(output)))])
    if output is None:
        return _print(_imported(sources[0], None))
    return _write(_targets(sources, output), force=arguments.force) or int(has_errors(found.findings))


def _imported(source: Source, root: Path | None) -> Imported:
    """A pipeline as Python.

    Raises:
        FindingsError: The Azure SDK is not installed.
    """
    if not prepare():
        message = "The Azure SDK is not installed. Run: pip install 'azure-mgmt-datafactory>=9.3,<9.4'"
        raise FindingsError([Finding("PY006", Severity.ERROR, message, Location(source.document.file))])
    # Imported behind prepare(), which keeps the SDK's client out: 0.2 s.
    from activities_gen.importing.imported import import_pipeline  # noqa: PLC0415

    return import_pipeline(source, root)


def _targets(sources: Sequence[Source], output: Path) -> dict[Path, Source]:
    """Where each pipeline goes."""
    if output.suffix == ".py":
        return {output: sources[0]}
    if len(sources) == 1:
        return {output / _FILE: sources[0]}
    return dict(zip((output / name / _FILE for name in _directories(sources)), sources, strict=True))


def _directories(sources: Iterable[Source]) -> list[str]:
    """A directory's name for each pipeline: its own, of letters, digits, dashes and underscores, and unique."""
    return folder_names((short_name(source.name) for source in sources), unfit=r"[^A-Za-z0-9_-]+")


def _print(imported: Imported) -> int:
    _report(imported.findings)
    if has_errors(imported.findings):
        return 1
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # Python source is UTF-8 whatever the locale
    print(imported.source, end="")
    return 0


def _write(targets: dict[Path, Source], *, force: bool) -> int:
    """Write every pipeline that is proven and stands in nobody's way."""
    status = 0
    for target, source in targets.items():
        imported = _imported(source, target.absolute().parent if source.directory is None else None)
        _report(imported.findings)
        if has_errors(imported.findings):
            status = 1
        elif not force and _differs(target, imported.source.encode("utf-8")):
            _report([_exists(target)])
            status = 1
        else:
            _publish(target, imported)
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
    for finding in findings:
        print(finding, file=sys.stderr)


def _exists(target: Path) -> Finding:
    message = "The file is there and has another content. Move it away, or write over it with --force."
    return Finding("IMP007", Severity.ERROR, message, Location(str(target)))


def _several(sources: Sequence[Source]) -> Finding:
    names = [short_name(source.name) for source in sources]
    shown = ", ".join(f"'{name}'" for name in names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
    message = (
        f"{len(names)} pipelines: {shown}. Choose one with --name, or write each to a directory of its own with -o DIR."
    )
    return Finding("IMP008", Severity.ERROR, message, Location(sources[0].document.file))
