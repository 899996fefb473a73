"""The file of ``run --stub``: an output, alone or under its key, or an error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from activities_gen import formats
from activities_gen.findings import FindingsError
from activities_gen.formats.stub import read_stub
from activities_gen.run import fail

SCHEMA = json.loads((Path(formats.__file__).parent / "stub.schema.json").read_text("utf-8"))


def refused(content: str) -> list[str]:
    with pytest.raises(FindingsError) as caught:
        read_stub(content, "stub.json")
    return [str(finding).removeprefix("stub.json:") for finding in caught.value.findings]


def allowed_by_the_schema(value: Any) -> bool:
    return bool(jsonschema.Draft202012Validator(SCHEMA).is_valid(value))


@pytest.mark.parametrize(
    ("value", "output"),
    [
        ({"rows": 7}, {"rows": 7}),
        ([1, "a", None], [1, "a", None]),
        ("text", "text"),
        (0, 0),
        (None, None),
        ({}, {}),
        ({"output": {"rows": 7}}, {"rows": 7}),
        ({"output": None}, None),
        ({"output": 1, "error": None}, 1),
        ({"output": {"error": "of the service"}}, {"error": "of the service"}),
        ({"output": 1, "rows": 2}, {"output": 1, "rows": 2}),
        ({"error": "x", "status": 500}, {"error": "x", "status": 500}),
        ({"$schema": "s.json", "output": 1}, 1),
        ({"$schema": "s.json", "rows": 7}, {"rows": 7}),
        ({"output": {"$schema": "of the data"}}, {"$schema": "of the data"}),
    ],
)
def test_an_output_stands_alone_or_under_its_key(value: Any, output: Any) -> None:
    stub = read_stub(json.dumps(value), "stub.json")
    assert (stub.output, stub.error) == (output, None)
    assert allowed_by_the_schema(value)


def test_an_error_has_the_defaults_of_a_simulated_failure() -> None:
    expected = fail().error
    error = read_stub('{"error": {}}', "stub.json").error
    assert error is not None
    assert expected is not None
    assert (error.code, error.message, error.failure_type) == (expected.code, expected.message, expected.failure_type)


def test_an_error_may_be_copied_from_adf() -> None:
    value = {"errorCode": "3204", "message": "No.", "failureType": "SystemError", "target": "Ingest", "details": []}
    error = read_stub(json.dumps({"error": value}), "stub.json").error
    assert error is not None
    assert (error.code, error.message, error.failure_type) == ("3204", "No.", "SystemError")
    assert allowed_by_the_schema({"error": value})


def test_what_fails_may_have_an_output_too() -> None:
    value = {"output": {"errors": [{"Message": "no table"}]}, "error": {"message": "No."}}
    stub = read_stub(json.dumps(value), "stub.json")
    assert stub.error is not None
    assert (stub.error.message, stub.output) == ("No.", value["output"])
    assert allowed_by_the_schema(value)


EITHER = "1:1  error  RUN029  A stub has 'output' or 'error': what the activity gives, or why it fails. Write one."


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"error": null}', EITHER),
        ('{"error": "boom"}', "1:2  error  RUN029  'error' must be an object, not \"boom\"."),
        (
            '{"error":\n {"errorCode": 3204}}',
            "2:3  error  RUN029  'error.errorCode' must be text in double quotes, not the number 3204. Write \"3204\".",
        ),
        (
            '{"error": {"mesage": "No."}}',
            "1:12  error  RUN029  There is no key 'error.mesage' here. Did you mean 'message'?",
        ),
        ('{"error": {"hint": "x"}}', "1:12  error  RUN029  There is no key 'error.hint' here. Delete it."),
        (
            '{"error": {"failureType": "usererror"}}',
            "1:12  error  RUN029  'error.failureType' must be 'UserError' or 'SystemError', not \"usererror\". Did you mean 'UserError'?",
        ),
        (
            '{"$schema": 1, "output": {}}',
            "1:2  error  RUN029  '$schema' must be text in double quotes, not the number 1. Write \"1\".",
        ),
    ],
)
def test_a_mistake_is_one_finding_and_the_schema_has_it_too(content: str, expected: str) -> None:
    assert refused(content) == [expected]
    assert not allowed_by_the_schema(json.loads(content))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "1:1  error  RUN029  The file is empty."),
        ("rows: 7", "1:1  error  RUN029  A value is expected here."),
        ('{"rows": NaN}', "1:10  error  RUN029  'NaN' is not JSON."),
        (
            '{"output": {"rows": 1, "rows": 2}}',
            "1:24  error  RUN029  The key 'rows' stands in this object before, in line 1; the last one wins. Delete the other.",
        ),
    ],
)
def test_what_is_no_clean_json_is_one_finding(content: str, expected: str) -> None:
    assert refused(content) == [expected]
