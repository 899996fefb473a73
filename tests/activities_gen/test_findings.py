"""What a finding says beside what is wrong."""

from __future__ import annotations

import pytest

from activities_gen.findings import Finding, Location, Severity, suggestion


@pytest.mark.parametrize(
    ("wrong", "known", "near"),
    [
        ("Ingst", ["Features", "Ingest"], "Ingest"),
        ("INGEST", ["Ingests", "ingest"], "ingest"),
        ("ADF2O3", ["ADF237", "ADF203"], "ADF203"),
        ("ADF20l", ["ADF203", "ADF201"], "ADF201"),
        ("stageI", ["stage1", "stagei"], "stagei"),
    ],
    ids=["a slip", "letter case", "O for 0", "l for 1", "letter case before looks"],
)
def test_the_nearest_is_suggested(wrong: str, known: list[str], near: str) -> None:
    assert suggestion(wrong, known) == f" Did you mean '{near}'?"


@pytest.mark.parametrize(
    ("wrong", "known"),
    [("Features", ["Ingest"]), ("Ingest", ["Ingest"]), ("Ingest", []), ("", ["Ingest"])],
    ids=["nothing near", "nothing wrong", "nothing known", "nothing given"],
)
def test_nothing_is_suggested(wrong: str, known: list[str]) -> None:
    assert suggestion(wrong, known) == ""


def test_a_finding_is_one_line_that_moves_no_cursor() -> None:
    finding = Finding("GEN001", Severity.ERROR, "The name 'a\x1b[2J\tb' is odd.", Location("new\nline/ä 🏥.json", 3, 1))
    assert str(finding) == r"new\nline/ä 🏥.json:3:1  error  GEN001  The name 'a\x1b[2J\tb' is odd."
