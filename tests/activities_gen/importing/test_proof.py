"""The proof compares as JSON does, types included, and names each place."""

from __future__ import annotations

from typing import Any

import pytest

from activities_gen.importing.proof import differences, prove, shown
from activities_gen.wire.document import parse


@pytest.mark.parametrize(
    ("one", "other", "path"),
    [
        (1, 1.0, ()),
        (1, True, ()),
        (0, False, ()),
        (None, "", ()),
        ([], {}, ()),
        ({"a": 1}, {}, ("a",)),
        ({}, {"a": None}, ("a",)),
        ([1], [1, 2], ()),
        ({"a": [{"b": "x"}]}, {"a": [{"b": "y"}]}, ("a", 0, "b")),
    ],
    ids=repr,
)
def test_a_difference_is_found_at_its_place(one: Any, other: Any, path: tuple[str | int, ...]) -> None:
    assert [place for place, _ in differences(one, other)] == [path]


def test_the_order_of_keys_is_no_difference() -> None:
    assert list(differences({"a": 1, "b": 2}, {"b": 2, "a": 1})) == []


def test_the_order_of_a_list_is() -> None:
    assert [place for place, _ in differences([1, 2], [2, 1])] == [(0,), (1,)]


def test_a_place_is_shown_as_people_write_it() -> None:
    assert shown(("properties", "activities", 2, "name")) == "'properties.activities[2].name'"


DOCUMENT = '{"name": "p", "properties": {"activities": [], "concurrency": 2}}'


def proof(source: str) -> list[str]:
    (document,), _ = parse(DOCUMENT, "p.json")
    return [str(finding) for finding in prove(source, document, (), None)]


def test_python_that_generates_the_document_is_proven() -> None:
    assert proof('from activities_gen import Pipeline\np = Pipeline("p", concurrency=2, target="adf")\n') == []


def test_python_that_generates_something_else_is_not() -> None:
    assert proof('from activities_gen import Pipeline\np = Pipeline("p", concurrency=3, target="adf")\n') == [
        "p.json:1:48  error  IMP010  Another value was generated at 'properties.concurrency'."
    ]


def test_python_that_does_not_run_is_not() -> None:
    (finding,) = proof("from activities_gen import Nothing\n")
    assert "PY003" in finding
