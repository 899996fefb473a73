"""Report everything that would go wrong in Azure, before it gets there.

A PATH is a pipeline directory, a JSON file (a pipeline, a trigger, a bare list of activities, an ARM template), or an
ADF git repository with its folders pipeline/, dataset/ and so on. Without a PATH it is the working directory; - is a
JSON file on standard input. CODES are codes of rules or their beginnings, with commas between: ADF203,FLO,ADF4.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from activities_gen.cli import installed_version
from activities_gen.cli.codes import matching, unknown
from activities_gen.cli.directories import collisions, holds_pipeline, unique, walk
from activities_gen.findings import Severity, has_errors
from activities_gen.renderings import as_github, as_json, as_sarif, as_text
from activities_gen.rules import Options, Target, inspect_directories, inspect_file, inspect_repository, inspect_text
from activities_gen.rules.directory import is_pipeline_directory, is_repository
from activities_gen.wire.document import MAX_BYTES

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from activities_gen.findings import Finding
    from activities_gen.generation import Generated
    from activities_gen.wire.document import Document

SUMMARY = "report everything that would go wrong in Azure"
FORMATS = ("text", "json", "sarif", "github")
STDIN = Path("-")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="what to check (default: this directory)")
    parser.add_argument(
        "--all", action="store_true", help="every pipeline directory and ADF repository below each PATH"
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="how to report (default: text)")
    parser.add_argument("--select", action="append", default=[], metavar="CODES", help="report these rules only")
    parser.add_argument("--ignore", action="append", default=[], metavar="CODES", help="do not report these rules")
    parser.add_argument(
        "--severity",
        action="append",
        default=[],
        metavar="CODES=SEVERITY",
        help="report these rules as error, warning or note",
    )
    parser.add_argument(
        "--for",
        dest="target",
        choices=[target.value for target in Target],
        help="where it is going (default: flowehr for a pipeline directory, else adf)",
    )
    parser.add_argument(
        "--flowehr", type=Path, metavar="DIR", help="a checkout of FlowEHR, to read the names of linked services from"
    )


def run(arguments: argparse.Namespace) -> int:
    """Check, print what was found, and return 1 where any of it is an error."""
    options = _options(arguments)
    kinds = dict(_places(arguments.paths or [Path()], every=arguments.all))
    places = [(path, kinds[path]) for path in unique(list(kinds))]
    findings = sorted(_findings(places, options, arguments.target), key=lambda found: (found.location, found.code))
    sys.stdout.write(_rendered(findings, arguments.format, _counted(places)))
    return 1 if has_errors(findings) else 0


def usage_error(message: str) -> NoReturn:
    """End with a usage error."""
    print(f"activities-gen check: {message}", file=sys.stderr)
    raise SystemExit(2)


def _options(arguments: argparse.Namespace) -> Options:
    """What the arguments say about how to check."""
    options = Options(
        select=_codes(arguments.select),
        ignore=_codes(arguments.ignore),
        severities={code: severity for given in arguments.severity for code, severity in _severities(given)},
    )
    if arguments.flowehr is None:
        return options
    from activities_gen.rules.checkout import read_checkout  # noqa: PLC0415 for this option alone

    try:
        return replace(options, flowehr=read_checkout(arguments.flowehr))
    except (OSError, ValueError) as error:
        usage_error(f"'{arguments.flowehr}' is no checkout of FlowEHR: {error}.")


def _codes(given: Sequence[str]) -> tuple[str, ...]:
    """The codes in arguments such as ``ADF1,ADF203``."""
    codes = tuple(code.strip().upper() for argument in given for code in argument.split(",") if code.strip())
    for code in codes:
        if not matching(code):
            usage_error(unknown(code))
    return codes


def _severities(given: str) -> Iterator[tuple[str, Severity]]:
    """The codes and the severity in an argument such as ``ADF1,ADF203=warning``."""
    codes, _, word = given.partition("=")
    words = [severity.value for severity in Severity]
    if word not in words:
        usage_error(f"'{given}' names no severity; write {codes}= and one of {', '.join(words)}.")
    for code in _codes([codes]):
        yield from ((each, Severity(word)) for each in matching(code))


def _places(paths: Sequence[Path], *, every: bool) -> Iterator[tuple[Path, str]]:
    """What is to be checked, each with its kind."""
    for path in paths:
        if path == STDIN:
            yield path, "stdin"
            continue
        if not path.exists():
            usage_error(f"'{path}' does not exist.")
        kind = _kind(path)
        if path.is_dir() and every:
            found = list(_below(path))
            if not found:
                usage_error(f"'{path}' holds no pipeline directory and no ADF repository.")
            yield from found
        elif kind:
            yield path, kind
        else:
            usage_error(
                f"'{path}' is no pipeline directory (no activities.py, pipeline.json or activities.json in it) and no ADF repository. To look below it, add --all."
            )


def _kind(path: Path) -> str:
    """What a path leads to; empty where it is nothing that can be checked."""
    if not path.is_dir():
        return "file"
    if is_pipeline_directory(path):
        return "directory"
    return "repository" if is_repository(path) else ""


def _below(start: Path) -> Iterator[tuple[Path, str]]:
    """Every pipeline directory and ADF repository at or below a directory; hidden and built ones are passed over."""
    for place, folders, files in walk(start):
        module = "activities.py" in files and not holds_pipeline(files)
        kind = "" if place != start and module else _kind(place)
        if kind == "repository":
            folders[:] = []
        if kind:
            yield place, kind


def _findings(places: Sequence[tuple[Path, str]], options: Options, target: str | None) -> list[Finding]:
    """Everything that is found."""
    plain = replace(options, target=Target(target or "adf"))
    found: list[Finding] = []
    for path, kind in places:
        if kind == "file":
            found += inspect_file(path, _shown(path), plain)
        elif kind == "stdin":
            found += inspect_text(_standard_input(), "stdin", plain)
        elif kind == "repository":
            found += inspect_repository(path, _prefix(path), plain)
    directories = [path for path, kind in places if kind == "directory"]
    generated: list[tuple[Generated, str]] = []
    found += inspect_directories([_directory(path, options, target, generated) for path in directories])
    return found + (_wheel_collisions(generated) if generated else [])


def _wheel_collisions(generated: list[tuple[Generated, str]]) -> list[Finding]:
    """The wheels that hide or replace each other; names of pipelines and directories have rules of their own."""
    from activities_gen.cli.generating import claims  # noqa: PLC0415 needs the SDK, which plain JSON does not

    claimed = [claim for each, shown in generated for claim in claims(each, shown)]
    return collisions(claim for claim in claimed if claim.code in ("GEN052", "GEN053"))


def _standard_input() -> bytes:
    """What comes by standard input, at most a little more than a document may have; nothing where it is closed."""
    stream = getattr(sys.stdin, "buffer", None)
    return stream.read(MAX_BYTES + 1) if stream is not None else b""


def _directory(
    path: Path, options: Options, target: str | None, generated: list[tuple[Generated, str]]
) -> tuple[Path, str, Options, Sequence[Document] | None, Sequence[Finding]]:
    """A pipeline directory, with its definition loaded where it has one."""
    options = replace(options, target=Target(target or "flowehr"))
    if not (path / "activities.py").is_file():
        return path, _prefix(path), options, None, ()
    from activities_gen.cli.definitions import defined  # noqa: PLC0415 needs the SDK, which plain JSON does not

    return defined(path, _prefix(path), options, generated, chosen=target is not None)


def _shown(path: Path) -> str:
    """A path as findings show it: relative to the working directory where it is below it."""
    relative = os.path.relpath(path)
    return Path(path if relative.startswith("..") else relative).as_posix()


def _prefix(path: Path) -> str:
    shown = _shown(path)
    return "" if shown == "." else f"{shown}/"


def _counted(places: Sequence[tuple[Path, str]]) -> str:
    """What was checked, in words."""
    nouns = {
        "stdin": ("file", "files"),
        "file": ("file", "files"),
        "directory": ("pipeline directory", "pipeline directories"),
        "repository": ("ADF repository", "ADF repositories"),
    }
    counts = {kind: sum(other == kind for _, other in places) for kind in nouns}
    return " and ".join(f"{count:,} {nouns[kind][count != 1]}" for kind, count in counts.items() if count)


def _rendered(findings: Sequence[Finding], form: str, checked: str) -> str:
    if form == "json":
        return as_json(findings)
    if form == "github":
        return as_github(findings)
    if form == "sarif":
        return as_sarif(findings, installed_version())
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return as_text(findings, checked=checked, colour=colour)
