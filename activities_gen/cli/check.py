"""Report everything that would go wrong in Azure, before it gets there.

A PATH is a pipeline directory, a JSON file (a pipeline, a trigger, a bare list of activities, an ARM template), an ADF
git repository with its folders pipeline/, dataset/ and so on, or a folder of JSON files. Without a PATH it is the working directory; - is a
JSON file on standard input. CODES are codes of rules or their beginnings, with commas between: ADF203,FLO,ADF4.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from activities_gen.cli import UsageError, installed_version
from activities_gen.cli.codes import matching, unknown
from activities_gen.cli.directories import Claim, collisions, here, passed_over
from activities_gen.findings import Severity, has_errors
from activities_gen.lazy import lazy_module
from activities_gen.renderings import as_github, as_json, as_text
from activities_gen.rules import Options, Target, inspect_file, inspect_folder, inspect_opened, inspect_repository
from activities_gen.rules.engine import Reported, conclude
from activities_gen.workspace.places import (
    DEFINITION,
    PlaceKind,
    is_template,
    kind_of,
    places_below,
    repositories_below,
    unique,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from activities_gen import sarif
    from activities_gen.cli import definitions, generating
    from activities_gen.findings import Finding
    from activities_gen.generation import Generated
    from activities_gen.rules import checkout
    from activities_gen.rules.directory import Directory
    from activities_gen.wire.document import Document
else:
    definitions = lazy_module("activities_gen.cli.definitions")  # needs the SDK, which plain JSON does not
    generating = lazy_module("activities_gen.cli.generating")  # likewise
    checkout = lazy_module("activities_gen.rules.checkout")
    sarif = lazy_module("activities_gen.sarif")

SUMMARY = "report everything that would go wrong in Azure"
FORMATS = ("text", "json", "sarif", "github")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="what to check (default: this directory)")
    parser.add_argument(
        "--all", action="store_true", help="every pipeline directory and ADF repository below each PATH"
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="how to report (default: text)")
    parser.add_argument("--select", action="append", default=[], metavar="CODES", help="report these codes only")
    parser.add_argument("--ignore", action="append", default=[], metavar="CODES", help="do not report these codes")
    parser.add_argument(
        "--severity",
        action="append",
        default=[],
        metavar="CODES=SEVERITY",
        help="report these codes as error, warning or note",
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
    kinds = dict(_places(arguments.paths or [Path() if arguments.all else here()], every=arguments.all))
    places = [(path, kinds[path]) for path in unique(list(kinds))]
    findings = sorted(_findings(places, options, arguments.target), key=lambda found: (found.location, found.code))
    sys.stdout.write(_rendered(findings, arguments.format, _counted(places)))
    return 1 if has_errors(findings) else 0


def _options(arguments: argparse.Namespace) -> Options:
    """Returns what the arguments say about how to check."""
    options = Options(
        select=_codes(arguments.select),
        ignore=_codes(arguments.ignore),
        severities={code: severity for given in arguments.severity for code, severity in _severities(given)},
    )
    if arguments.flowehr is None:
        return options
    try:
        return replace(options, flowehr=checkout.read_checkout(arguments.flowehr))
    except (OSError, ValueError) as error:
        raise UsageError(f"'{arguments.flowehr}' is no checkout of FlowEHR: {error}.") from error


def _codes(given: Sequence[str]) -> tuple[str, ...]:
    """The codes in arguments such as ``ADF1,ADF203``."""
    codes = tuple(code.strip().upper() for argument in given for code in argument.split(",") if code.strip())
    wrong = [unknown(code) for code in codes if not matching(code)]
    if wrong:
        raise UsageError(*wrong)
    return codes


def _severities(given: str) -> Iterator[tuple[str, Severity]]:
    """The codes and the severity in an argument such as ``ADF1,ADF203=warning``."""
    codes, _, word = given.partition("=")
    words = [severity.value for severity in Severity]
    if word not in words:
        raise UsageError(f"'{given}' names no severity; write {codes}= and one of {', '.join(words)}.")
    for code in _codes([codes]):
        yield from ((each, Severity(word)) for each in matching(code))


def _places(paths: Sequence[Path], *, every: bool) -> Iterator[tuple[Path, PlaceKind]]:
    """Yields what is to be checked, each with its kind."""
    for path in paths:
        kind = kind_of(path)
        if kind is PlaceKind.FILE and not path.exists():
            raise UsageError(f"'{path}' does not exist.")
        if path.is_dir() and every:
            found = list(places_below(path, passed_over))
            if not found:
                raise UsageError(f"'{path}' holds no pipeline directory and no ADF repository.")
            yield from found
        elif kind is None:
            yield _only_repository(path), PlaceKind.REPOSITORY
        else:
            yield path, kind


def _only_repository(path: Path) -> Path:
    """The one ADF repository below a folder that is none itself."""
    below = repositories_below(path)
    if len(below) > 1:
        names = ", ".join(f"'{found}'" for found in below)
        raise UsageError(f"'{path}' holds several ADF repositories: {names}. Name one, or add --all.")
    if not below:
        raise UsageError(
            f"'{path}' is no pipeline directory (no activities.py, pipeline.json or activities.json in it) and no ADF repository. To look below it, add --all."
        )
    return below[0]


def _findings(places: Sequence[tuple[Path, PlaceKind]], options: Options, target: str | None) -> list[Finding]:
    """Everything that is found."""
    plain = replace(options, target=Target(target or "adf"))
    found: list[Finding] = []
    for path, kind in places:
        if kind in (PlaceKind.FILE, PlaceKind.STANDARD_INPUT):
            found += inspect_file(path, "stdin" if kind is PlaceKind.STANDARD_INPUT else _shown(path), plain)
        elif kind is PlaceKind.REPOSITORY:
            found += inspect_repository(path, _prefix(path), plain)
        elif kind is PlaceKind.FOLDER:
            found += inspect_folder(path, _prefix(path), plain)
    claims: list[Claim] = []
    for path in (path for path, kind in places if kind is PlaceKind.DIRECTORY):
        generated: list[Generated] = []
        directory, here = inspect_opened(*_directory(path, options, target, generated))
        found += here
        claims += generating.claims(generated[0], directory.shown) if generated else _claims(directory)
    return found + conclude(map(Reported, collisions(claims)), plain)


def _claims(directory: Directory) -> Iterator[Claim]:
    """The names that a pipeline must have for itself, where it is hand-written."""
    document = next(iter(directory.pipelines), None)
    place = directory.place("") if document is None else document.locate(("name",))
    if document is not None and document.name:
        yield Claim("GEN050", document.name, directory.shown, place)
    if directory.options.target is Target.FLOWEHR:
        yield Claim("GEN051", directory.name, directory.shown, place)


def _directory(
    path: Path, options: Options, target: str | None, generated: list[Generated]
) -> tuple[Path, Options, str, Sequence[Document] | None, Sequence[Finding]]:
    """A pipeline directory, with its definition loaded where it has one."""
    options = replace(options, target=Target(target or ("adf" if is_template(path) else "flowehr")))
    if not (path / DEFINITION).is_file():
        return path, options, _prefix(path), None, ()
    return definitions.defined(path, options, _prefix(path), generated, chosen=target is not None)


def _shown(path: Path) -> str:
    """A path as findings show it: relative to the working directory where it is below it."""
    relative = os.path.relpath(path)
    return Path(path if relative.startswith("..") else relative).as_posix()


def _prefix(path: Path) -> str:
    shown = _shown(path)
    return "" if shown == "." else f"{shown}/"


_NOUNS = {
    PlaceKind.STANDARD_INPUT: ("file", "files"),
    PlaceKind.FILE: ("file", "files"),
    PlaceKind.FOLDER: ("folder of JSON files", "folders of JSON files"),
    PlaceKind.DIRECTORY: ("pipeline directory", "pipeline directories"),
    PlaceKind.REPOSITORY: ("ADF repository", "ADF repositories"),
}


def _counted(places: Sequence[tuple[Path, PlaceKind]]) -> str:
    """Returns what was checked, in words."""
    counts = {kind: sum(other is kind for _, other in places) for kind in _NOUNS}
    return " and ".join(f"{count:,} {_NOUNS[kind][count != 1]}" for kind, count in counts.items() if count)


def _rendered(findings: Sequence[Finding], form: str, checked: str) -> str:
    if form == "json":
        return as_json(findings)
    if form == "github":
        return as_github(findings)
    if form == "sarif":
        return sarif.as_sarif(findings, installed_version())
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return as_text(findings, checked=checked, colour=colour)
