"""Findings as JSON: what is written without the model is as the model says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from activities_gen import formats
from activities_gen.catalogue import CODES
from activities_gen.findings import Finding, Location, Severity
from activities_gen.formats.findings import Findings
from activities_gen.renderings import as_json

SCHEMA = json.loads((Path(formats.__file__).parent / "findings.schema.json").read_text("utf-8"))
EVERY = [
    Finding(code, severity, "Half a \ud83d, 'é' and a\nbreak.", Location("a.json", line, column), path)
    for code in CODES
    for severity, line, column, path in [
        *((severity, 0, 0, ()) for severity in Severity),
        (Severity.ERROR, 3, 5, ("properties", 0)),
    ]
]


@pytest.mark.parametrize("findings", [[], EVERY], ids=["none", "every code and severity"])
def test_what_is_written_is_the_same_after_a_round_trip(findings: list[Finding]) -> None:
    written = json.loads(as_json(findings))
    assert Findings.model_validate(written).model_dump(by_alias=True, exclude_unset=True) == written
    jsonschema.Draft202012Validator(SCHEMA).validate(written)


@pytest.mark.parametrize("change", [{"severity": "fatal"}, {"line": -1}, {"column": "1"}, {"more": 1}, {"path": [1.5]}])
def test_other_entries_are_refused_by_model_and_schema(change: dict[str, Any]) -> None:
    value = [json.loads(as_json(EVERY[:1]))[0] | change]
    with pytest.raises(ValidationError):
        Findings.model_validate(value)
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(value)
