"""How findings are shown: as text to people, as JSON and GitHub annotations to machines. SARIF has a module of its own.

Every rendering is a pure function from findings to a string. What a finding quotes may come from anybody's file, so
control characters never reach a terminal, and GitHub's command syntax is escaped.
"""

from __future__ import annotations

import json
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any

from activities_gen.catalogue import CODES
from activities_gen.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from activities_gen.findings import Finding

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}
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
