"""How findings are shown: as text to people, as JSON, SARIF and GitHub annotations to machines.

Every rendering is a pure function from findings to a string. What a finding quotes may come from anybody's file, so
control characters never reach a terminal, and GitHub's command syntax is escaped.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from itertools import groupby
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from activities_gen.catalogue import CODES, FAMILIES, page_of
from activities_gen.catalogue.markdown import page
from activities_gen.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from activities_gen.catalogue import Code
    from activities_gen.findings import Finding, Location

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
TOOL = "activities-gen"

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def as_text(findings: Sequence[Finding], *, checked: str = "", colour: bool = False) -> str:
    """Findings for people: one line each, a blank line between files, a summary last.

    Args:
        findings: In the order in which they are shown.
        checked: What was checked, for the summary, as in ``"3 pipelines"``.
        colour: Whether to colour severities, for a terminal.
    """
    groups = [
        "\n".join(_line(finding, colour=colour) for finding in group)
        for _, group in groupby(findings, key=lambda finding: finding.location.file)
    ]
    return "\n\n".join([*groups, summary(findings, checked)]) + "\n"


def summary(findings: Iterable[Finding], checked: str = "") -> str:
    """The last line: how many of each severity, in how many files."""
    findings = list(findings)
    counts = Counter(finding.severity for finding in findings)
    tail = f" in {checked}" if checked else ""
    if not findings:
        return f"No findings{tail}."
    parts = [_counted(counts[severity], severity.value) for severity in Severity if counts[severity]]
    return f"{', '.join(parts)}{tail}."


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _line(finding: Finding, *, colour: bool) -> str:
    severity = finding.severity.value
    shown = f"\x1b[{_COLOURS[finding.severity]}m{severity}\x1b[0m" if colour else severity
    return f"{_plain(str(finding.location))}  {shown}  {finding.code}  {_plain(finding.message)}"


def _plain(text: str) -> str:
    """A text on one line, with control characters written out."""
    return text if text.isprintable() else "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def as_json(findings: Iterable[Finding]) -> str:
    """Findings as a JSON list, with the keys of :class:`~activities_gen.findings.Finding` and who would notice first."""
    return json.dumps([_json(finding) for finding in findings], indent=2) + "\n"


def _json(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "file": finding.location.file,
        "line": finding.location.line,
        "column": finding.location.column,
        "path": list(finding.path),
        "layer": CODES[finding.code].layer.value,
    }


def as_github(findings: Iterable[Finding]) -> str:
    """Findings as commands that a GitHub workflow turns into annotations of the changed files."""
    return "".join(f"{_github(finding)}\n" for finding in findings)


def _github(finding: Finding) -> str:
    place = finding.location
    properties = {"file": place.file, "line": place.line, "col": place.column, "title": finding.code}
    shown = ",".join(f"{key}={_escape_property(str(value))}" for key, value in properties.items() if value)
    return f"::{_GITHUB[finding.severity]} {shown}::{_escape_data(finding.message)}"


def _escape_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")


def as_sarif(findings: Iterable[Finding], version: str = "") -> str:
    """Findings as a SARIF 2.1.0 log, which GitHub code scanning and editors read.

    Args:
        findings: What was found.
        version: The version of this program; left out where it is empty.
    """
    findings = list(findings)
    used = sorted({finding.code for finding in findings})
    index = {code: number for number, code in enumerate(used)}
    driver: dict[str, Any] = {"name": TOOL} | ({"version": version} if version else {})
    driver["rules"] = [_sarif_rule(CODES[code]) for code in used]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": _sarif_results(findings, index),
    }
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _sarif_rule(code: Code) -> dict[str, Any]:
    why = page_of(code.code).why
    return {
        "id": code.code,
        "shortDescription": {"text": f"{code.title[:1].upper()}{code.title[1:]}."},
        "fullDescription": {"text": why},
        "help": {"text": why, "markdown": page(code)},
        "defaultConfiguration": {"level": _LEVELS[code.severity]},
        "properties": {"tags": [FAMILIES[code.family]]},
    }


def _sarif_results(findings: Sequence[Finding], index: Mapping[str, int]) -> list[dict[str, Any]]:
    """The results, each with a fingerprint that stays the same while lines move."""
    seen: Counter[str] = Counter()
    results = []
    for finding in findings:
        same = f"{finding.code}\n{finding.location.file}\n{finding.message}"
        digest = hashlib.sha256(f"{same}\n{seen[same]}".encode("utf-8", "backslashreplace")).hexdigest()
        seen[same] += 1
        results.append(_sarif_result(finding, index) | {"partialFingerprints": {"activitiesGen/v1": digest[:32]}})
    return results


def _sarif_result(finding: Finding, index: Mapping[str, int]) -> dict[str, Any]:
    place = finding.location
    region = {"startLine": max(place.line, 1)} | ({"startColumn": place.column} if place.column else {})
    location = {"physicalLocation": {"artifactLocation": _artifact(place), "region": region}}
    return {
        "ruleId": finding.code,
        "ruleIndex": index[finding.code],
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [location],
        "properties": {"noticedBy": CODES[finding.code].layer.value},
    }


def _artifact(place: Location) -> dict[str, str]:
    """A file as a URI: relative to the root of the sources where it can be."""
    path = PurePath(place.file)
    if path.is_absolute():
        return {"uri": path.as_uri()}
    uri = path.as_posix()
    return {"uri": quote(uri), "uriBaseId": "%SRCROOT%"}
