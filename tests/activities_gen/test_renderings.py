"""Findings as text, JSON, GitHub annotations and SARIF."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from activities_gen.catalogue import CODES
from activities_gen.findings import Finding, Location, Severity
from activities_gen.renderings import as_github, as_json, as_text, summary
from activities_gen.sarif import as_sarif

FOUND = [
    Finding("ADF203", Severity.ERROR, "'A' depends on 'B'.", Location("a.json", 3, 5), ("properties", 0)),
    Finding("ADF104", Severity.WARNING, "The name 'a:b' has : in it.", Location("a.json", 7)),
    Finding("FLO143", Severity.NOTE, "100%\nsure, is it?", Location("pipe lines/é.json")),
    Finding("PY001", Severity.ERROR, "There is no activities.py.", Location("/tmp/x.py", 1, 1)),
]


def test_text_has_a_line_for_each_finding_a_gap_between_files_and_a_summary() -> None:
    assert as_text(FOUND[:2], checked="1 file").splitlines() == [
        "a.json:3:5  error  ADF203  'A' depends on 'B'.",
        "a.json:7  warning  ADF104  The name 'a:b' has : in it.",
        "",
        "1 error, 1 warning in 1 file.",
    ]
    assert as_text(FOUND).count("\n\n") == 3


def test_text_is_coloured_on_demand_only() -> None:
    assert "\x1b[31merror\x1b[0m" in as_text(FOUND, colour=True)
    assert "\x1b" not in as_text(FOUND)


def test_text_of_a_finding_is_one_line_without_control_characters() -> None:
    evil = Finding("ADF203", Severity.ERROR, "a\x1b[2Jb\nc", Location("x\x07.json", 1))
    assert as_text([evil]).splitlines()[0] == "x\\x07.json:1  error  ADF203  a\\x1b[2Jb\\nc"


def test_summary_counts() -> None:
    assert summary([], "3 files") == "No findings in 3 files."
    assert summary(FOUND) == "2 errors, 1 warning, 1 note."


@pytest.mark.parametrize("code", ["ADF001", "ADF203", "FLO143", "PY001"])
def test_who_would_notice_first_is_what_the_catalogue_says(code: str) -> None:
    found = [Finding(code, Severity.ERROR, "It is wrong.", Location("a.json", 1))]
    (result,) = json.loads(as_sarif(found))["runs"][0]["results"]
    assert json.loads(as_json(found))[0]["layer"] == CODES[code].layer.value
    assert result["properties"]["noticedBy"] == CODES[code].layer.value


def test_json_has_every_field() -> None:
    first = json.loads(as_json(FOUND))[0]
    assert first == {
        "code": "ADF203",
        "severity": "error",
        "message": "'A' depends on 'B'.",
        "file": "a.json",
        "line": 3,
        "column": 5,
        "path": ["properties", 0],
        "layer": "run",
    }
    assert json.loads(as_json([])) == []


def test_github_commands_are_escaped() -> None:
    lines = as_github(FOUND).splitlines()
    assert lines[0] == "::error file=a.json,line=3,col=5,title=ADF203::'A' depends on 'B'."
    assert lines[2] == "::notice file=pipe lines/é.json,title=FLO143::100%25%0Asure, is it?"
    colon = Finding("X", Severity.WARNING, "m", Location("a:b,c.json"))
    assert as_github([colon]) == "::warning file=a%3Ab%2Cc.json,title=X::m\n"


MESSAGE = {
    "type": "object",
    "required": ["text"],
    "properties": {"text": {"type": "string", "minLength": 1}, "markdown": {"type": "string"}},
    "additionalProperties": False,
}
TAGS = {
    "type": "object",
    "properties": {"tags": {"type": "array", "uniqueItems": True, "items": {"type": "string"}}},
}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["tool"],
                "additionalProperties": False,
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "additionalProperties": False,
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "additionalProperties": False,
                                "properties": {
                                    "name": {"type": "string"},
                                    "version": {"type": "string"},
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id"],
                                            "additionalProperties": False,
                                            "properties": {
                                                "id": {"type": "string"},
                                                "shortDescription": MESSAGE,
                                                "fullDescription": MESSAGE,
                                                "help": MESSAGE,
                                                "properties": TAGS,
                                                "defaultConfiguration": {
                                                    "type": "object",
                                                    "additionalProperties": False,
                                                    "properties": {"level": LEVEL},
                                                },
                                            },
                                        },
                                    },
                                },
                            }
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["message", "partialFingerprints"],
                            "additionalProperties": False,
                            "properties": {
                                "properties": {"type": "object"},
                                "partialFingerprints": {
                                    "type": "object",
                                    "additionalProperties": {"type": "string", "minLength": 1},
                                },
                                "ruleId": {"type": "string"},
                                "ruleIndex": {"type": "integer", "minimum": -1},
                                "level": LEVEL,
                                "message": MESSAGE,
                                "locations": {
                                    "type": "array",
                                    "maxItems": 10,
                                    "items": {
                                        "type": "object",
                                        "additionalProperties": False,
                                        "properties": {
                                            "physicalLocation": {
                                                "type": "object",
                                                "required": ["artifactLocation", "region"],
                                                "additionalProperties": False,
                                                "properties": {
                                                    "artifactLocation": {
                                                        "type": "object",
                                                        "additionalProperties": False,
                                                        "properties": {
                                                            "uri": {"type": "string", "pattern": r"^[!-~]+$"},
                                                            "uriBaseId": {"type": "string"},
                                                        },
                                                    },
                                                    "region": {
                                                        "type": "object",
                                                        "required": ["startLine"],
                                                        "additionalProperties": False,
                                                        "properties": {
                                                            "startLine": {"type": "integer", "minimum": 1},
                                                            "startColumn": {"type": "integer", "minimum": 1},
                                                        },
                                                    },
                                                },
                                            }
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}
"""What the SARIF 2.1.0 schema and GitHub code scanning ask of the parts that are written, in our own words."""


def test_sarif_is_valid() -> None:
    for found in ([], FOUND):
        jsonschema.validate(json.loads(as_sarif(found, "1.0.0")), SARIF)


@pytest.mark.parametrize(
    "broken",
    [
        {"version": "2.0.0", "runs": []},
        {"version": "2.1.0", "runs": [{"results": []}]},
        {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [{"ruleId": "a"}]}]},
    ],
)
def test_the_schema_is_strict(broken: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, SARIF)


def test_sarif_fingerprints_stay_when_lines_move_and_tell_equal_findings_apart() -> None:
    def fingerprints(*found: Finding) -> list[str]:
        results = json.loads(as_sarif(found))["runs"][0]["results"]
        return [result["partialFingerprints"]["activitiesGen/v1"] for result in results]

    moved = Finding("ADF203", Severity.ERROR, FOUND[0].message, Location("a.json", 99, 1))
    other = Finding("ADF203", Severity.ERROR, FOUND[0].message, Location("b.json", 3, 5))
    assert fingerprints(FOUND[0]) == fingerprints(moved)
    assert len(set(fingerprints(FOUND[0], moved, other))) == 3


def test_sarif_results_point_to_rules_and_places() -> None:
    run = json.loads(as_sarif(FOUND))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["ADF104", "ADF203", "FLO143", "PY001"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert places[0]["region"] == {"startLine": 3, "startColumn": 5}
    assert places[2] == {
        "artifactLocation": {"uri": "pipe%20lines/%C3%A9.json", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 1},
    }
    assert places[3]["artifactLocation"] == {"uri": "file:///tmp/x.py"}
    assert run["tool"]["driver"]["rules"][1]["shortDescription"]["text"].startswith(CODES["ADF203"].title[:1].upper())
