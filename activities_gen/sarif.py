"""Findings as SARIF, with the pages of their codes, for GitHub code scanning and editors."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
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
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def as_sarif(findings: Iterable[Finding], version: str = "") -> str:
    """Findings as a SARIF 2.1.0 log, which GitHub code scanning and editors read.

    Args:
        findings: What was found.
        version: The version of this program; left out if it is empty.
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
