"""The report of a run as a model. That it takes each report that the tests of ``run`` write is asserted there, for each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from activities_gen import formats
from activities_gen.findings import FindingsError
from activities_gen.formats.report import RunReport, read_report
from activities_gen.run import fail, simulate, succeed
from activities_gen.run.report import report, report_bytes

SCHEMA = json.loads((Path(formats.__file__).parent / "report.schema.json").read_text("utf-8"))
PIPELINE = {
    "name": "all",
    "properties": {
        "variables": {"v": {"type": "String", "defaultValue": "x"}},
        "activities": [
            {"name": "Off", "type": "Copy", "state": "Inactive"},
            {"name": "Tried", "type": "Copy", "policy": {"retry": 2}},
            {
                "name": "Loop",
                "type": "ForEach",
                "typeProperties": {
                    "items": {"type": "Expression", "value": "@range(0, 3)"},
                    "activities": [{"name": "Inner", "type": "Copy"}],
                },
            },
            {"name": "Call", "type": "ExecutePipeline", "typeProperties": {"pipeline": {"referenceName": "child"}}},
        ],
    },
}
CHILD = {"name": "child", "properties": {"activities": [{"name": "Load", "type": "Copy"}]}}


def real() -> Any:
    """A report of a run with a loop, a child, attempts and a failure."""
    return report(simulate(PIPELINE, pipelines=CHILD, outcomes={"Tried": fail()}, default=succeed()), "real")


def refused(value: Any) -> list[str]:
    with pytest.raises(FindingsError) as caught:
        read_report(value if isinstance(value, str) else json.dumps(value, indent=1), "report.json")
    return [str(finding).split("  ", 3)[3] for finding in caught.value.findings]


def test_a_report_is_the_same_after_a_round_trip() -> None:
    written = report_bytes(simulate(PIPELINE, pipelines=CHILD, outcomes={"Tried": fail()}, default=succeed()))
    model = RunReport.model_validate(json.loads(written))
    assert model.model_dump(by_alias=True, exclude_unset=True) == json.loads(written)


def test_the_report_of_a_real_run_is_read() -> None:
    found = read_report(json.dumps(real()), "report.json")
    assert [(one.name, one.status) for one in found.activities][:2] == [("Off", "Inactive"), ("Tried", "Failed")]
    assert [scope.item for scope in found.activities[2].scopes] == [0, 1, 2]
    assert found.activities[3].run is not None
    assert found.activities[3].run.pipeline == "child"


def test_the_address_of_the_schema_may_stand_in_it() -> None:
    value = {"$schema": "report.schema.json", **real()}
    assert read_report(json.dumps(value), "report.json").schema_uri == "report.schema.json"
    jsonschema.Draft202012Validator(SCHEMA).validate(value)


def test_no_run_goes_on_from_a_simulation() -> None:
    assert refused({**real(), "mode": "simulated"}) == ["'mode' must be 'real', not \"simulated\"."]


@pytest.mark.parametrize("version", [0, 2, 99])
def test_of_another_version_nothing_else_is_said(version: int) -> None:
    expected = f"'version' must be 1, not {version}: another release wrote this report."
    assert refused({"version": version, "mode": "other", "more": 1}) == [expected]


def edited(path: tuple[Any, ...], value: Any) -> Any:
    """The report with another value at a path; ``...`` for none at all."""
    changed = real()
    holder = changed
    for step in path[:-1]:
        holder = holder[step]
    if value is ...:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("version",), True, "'version' must be a whole number, not true."),
        (("runId",), ..., "The key 'runId' is missing. Add it."),
        (("runid",), "x", "There is no key 'runid' here. Did you mean 'runId'?"),
        (("activities",), {}, "'activities' must be a list, not an object."),
        (("activities", 0, "status"), "Suceeded", None),
        (("activities", 0), 5, "'activities[0]' must be an object, not the number 5."),
        (
            ("activities", 1, "attempts", 0, "number"),
            0,
            "'activities[1].attempts[0].number' must be 1 or more, not the number 0.",
        ),
        (
            ("activities", 1, "durationInSeconds"),
            "1",
            "'activities[1].durationInSeconds' must be a number, not \"1\".",
        ),
        (("activities", 1, "error"), None, "The 'error' of a failed activity is missing. Add it."),
        (("activities", 2, "counts", "Inner"), [], "'activities[2].counts.Inner' must be an object, not a list."),
        (
            ("activities", 2, "scopes", 1, "itme"),
            1,
            "There is no key 'activities[2].scopes[1].itme' here. Did you mean 'item'?",
        ),
        (("activities", 3, "run", "events", 0, "time"), "today", None),
        (
            ("activities", 3, "run", "activities", 0, "typ"),
            "Copy",
            "There is no key 'activities[3].run.activities[0].typ' here. Did you mean 'type'?",
        ),
    ],
)
def test_an_edited_report_is_one_finding_and_the_schema_refuses_it_too(
    path: tuple[Any, ...], value: Any, expected: str | None
) -> None:
    found = refused(edited(path, value))
    assert len(found) == 1
    assert expected in (None, *found)
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(edited(path, value))


def test_a_status_that_is_none_has_a_suggestion() -> None:
    [message] = refused(edited(("activities", 0, "status"), "Suceeded"))
    assert message.endswith("not \"Suceeded\". Did you mean 'Succeeded'?")


def test_a_misspelt_key_is_not_also_a_missing_one() -> None:
    value = real()
    value["activities"][0]["Name"] = value["activities"][0].pop("name")
    assert refused(value) == ["There is no key 'activities[0].Name' here. Did you mean 'name'?"]


def test_a_finding_has_the_line_of_the_key() -> None:
    text = json.dumps(edited(("activities", 0, "status"), 1), indent=1)
    with pytest.raises(FindingsError) as caught:
        read_report(text, "report.json")
    [finding] = caught.value.findings
    assert text.splitlines()[finding.location.line - 1].strip() == '"status": 1,'
    assert finding.path == ("activities", 0, "status")
