"""How findings are selected, ordered, changed and suppressed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from activities_gen.catalogue import CODES
from activities_gen.catalogue.examples import after, loop, pipeline, python, wait
from activities_gen.findings import Location, Severity
from activities_gen.rules import Options, Target, check_documents, inspect_directory, inspect_file, inspect_repository
from activities_gen.rules.engine import activity_at
from activities_gen.rules.model import RULES, rule
from activities_gen.wire.document import parse

if TYPE_CHECKING:
    from pathlib import Path

    from activities_gen.findings import Finding

BAD = pipeline(
    wait("Load: all", dependsOn=after("Lod")),
    loop(wait("Inner: one"), name="Each"),
    parameters={"p": {"type": "date", "defaultValue": ""}},
)


def found(value: Any = None, **options: Any) -> list[Finding]:
    documents, _ = parse(json.dumps(BAD if value is None else value, indent=1), "demo.json")
    return check_documents(documents, Options(**options))


def codes(**options: Any) -> list[str]:
    return [finding.code for finding in found(**options)]


def test_findings_come_in_the_order_of_the_file_and_are_the_same_each_time() -> None:
    places = [(finding.location, finding.code) for finding in found()]
    assert places == sorted(places)
    assert found() == found()


def test_a_finding_says_where() -> None:
    finding = next(finding for finding in found() if finding.code == "ADF203")
    assert finding.location.file == "demo.json"
    assert finding.location.line > 1
    assert finding.path == ("properties", "activities", 0, "dependsOn", 0)


def test_everything_is_reported_unless_something_is_selected() -> None:
    assert codes() == ["ADF104", "ADF203", "ADF104", "ADF303", "ADF301"]
    assert codes(select=("ADF2", "ADF301")) == ["ADF203", "ADF301"]
    assert codes(ignore=("ADF1", "ADF303")) == ["ADF203", "ADF301"]
    assert codes(select=("ADF",), ignore=("ADF3", "ADF104")) == ["ADF203"]


def test_a_severity_can_be_changed() -> None:
    changed = found(severities={"ADF203": Severity.NOTE})
    assert {finding.code: finding.severity for finding in changed}["ADF203"] is Severity.NOTE


def test_rules_for_flowehr_apply_there_only() -> None:
    assert not [code for code in codes() if code.startswith("FLO")]
    assert [code for code in codes(target=Target.FLOWEHR) if code.startswith("FLO")]


LIST = pipeline(python() | {"policy": []}, parameters={})
"""What rule ADF224 reports, and FLO132 in its place where FlowEHR is the target."""


def test_what_two_rules_find_in_one_place_is_told_by_the_one_that_says_more() -> None:
    assert [finding.code for finding in found(LIST)] == ["ADF224"]
    assert [finding.code for finding in found(LIST, target=Target.FLOWEHR)] == ["FLO132"]


@pytest.mark.parametrize(
    "options",
    [
        {"select": ("ADF",)},
        {"ignore": ("FLO132",)},
        {"suppressions": {"FLO132": "Agreed."}},
        {"severities": {"FLO132": Severity.WARNING}},
    ],
    ids=["not selected", "ignored", "suppressed", "less severe"],
)
def test_the_other_is_told_where_that_one_is_not_or_as_less(options: dict[str, Any]) -> None:
    assert "ADF224" in [finding.code for finding in found(LIST, target=Target.FLOWEHR, **options)]


def test_no_rule_stands_in_for_one_that_stands_in_for_another() -> None:
    replaced = {other for code in CODES.values() for other in code.instead_of}
    assert replaced <= CODES.keys()
    assert not any(CODES[code].instead_of for code in replaced)


@pytest.mark.parametrize(
    ("key", "left"),
    [
        ("ADF104", 0),
        ("ADF104:Load: all", 1),
        ("ADF104:Inner: one", 1),
        ("ADF104:demo/Load: all", 1),
        ("ADF104:demo/", 0),
        ("ADF104:Each", 2),
        ("ADF104:other/", 2),
    ],
)
def test_a_suppression_means_a_code_an_activity_or_a_pipeline(key: str, left: int) -> None:
    assert codes(suppressions={key: "Agreed."}).count("ADF104") == left


def test_a_suppression_that_suppresses_nothing_is_a_finding_where_it_was_written() -> None:
    place = Location("suppressions.json", 2)
    finding = found(suppressions={"ADF999": "x", "ADF110": "x"}, suppressions_at=place)[-1]
    assert (finding.code, finding.location) == ("SUP003", place)
    assert codes(suppressions={"ADF110": "x"}, ignore=("ADF1",)).count("SUP003") == 0


def test_a_suppression_without_reason_suppresses_nothing() -> None:
    assert codes(suppressions={"ADF203": " "}).count("SUP001") == 1
    assert "ADF203" in codes(suppressions={"ADF203": " "})


def test_a_suppression_of_no_rule_is_a_finding() -> None:
    assert "SUP002" in codes(suppressions={"ADF999": "x"})


def test_the_innermost_activity_is_the_one_that_is_meant() -> None:
    documents, _ = parse(json.dumps(BAD), "demo.json")
    path = ("properties", "activities", 1, "typeProperties", "activities", 0, "name")
    assert activity_at(documents[0], path) == "Inner: one"
    assert activity_at(documents[0], ("properties", "parameters", "p")) == ""


@pytest.mark.parametrize("code", ["ADF203", "ADF1", "adf203"])
def test_a_code_has_one_rule_at_most_and_is_in_the_catalogue(code: str) -> None:
    before = dict(RULES)
    with pytest.raises(ValueError, match=code):
        rule(code)
    assert before == RULES


def test_suppressions_stand_beside_the_json(tmp_path: Path) -> None:
    file = tmp_path / "demo.json"
    file.write_text(json.dumps(BAD))
    (tmp_path / "suppressions.json").write_text('{\n "ADF104": "Agreed.",\n "ADF110": "For another file."\n}')
    assert not {"ADF104", "SUP003"} & {finding.code for finding in inspect_file(file, "demo.json", Options())}


def test_a_directory_is_told_of_its_unused_suppressions(tmp_path: Path) -> None:
    (tmp_path / "activities.json").write_text(json.dumps([python()]))
    (tmp_path / "suppressions.json").write_text('{\n\n "ADF110": "Once needed."\n}')
    finding = next(finding for finding in inspect_directory(tmp_path, Options()) if finding.code == "SUP003")
    assert str(finding.location) == "suppressions.json:3:2"


@pytest.mark.parametrize("text", ["", "[]", '{"ADF104": 5}', "{", "\xff", "[" * 5000])
def test_suppressions_that_cannot_be_read_are_a_finding(text: str, tmp_path: Path) -> None:
    (tmp_path / "activities.json").write_text("[]")
    (tmp_path / "suppressions.json").write_text(text, encoding="latin-1")
    assert "SUP004" in {finding.code for finding in inspect_directory(tmp_path, Options())}


def test_the_same_activities_for_both_contracts_are_checked_once(tmp_path: Path) -> None:
    (tmp_path / "pipeline.json").write_text(json.dumps(BAD))
    (tmp_path / "activities.json").write_text(json.dumps(BAD["properties"]["activities"]))
    found_codes = [finding.code for finding in inspect_directory(tmp_path, Options())]
    assert found_codes.count("ADF203") == 1


def test_names_of_a_repository_are_complete_where_its_folder_is_there(tmp_path: Path) -> None:
    (tmp_path / "pipeline").mkdir()
    (tmp_path / "pipeline" / "demo.json").write_text(json.dumps(pipeline(python())))
    before = {finding.code for finding in inspect_repository(tmp_path, "", Options())}
    (tmp_path / "linkedService").mkdir()
    after_ = {finding.code for finding in inspect_repository(tmp_path, "", Options())}
    assert after_ - before == {"ADF510"}
