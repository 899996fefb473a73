"""The functions are ADF's, each with a signature and a specification."""

from __future__ import annotations

import pytest

from activities_gen.expressions.functions import FAMILIES, NAMES, find
from activities_gen.expressions.registry import signature
from activities_gen.expressions.unknown_functions import DATA_FLOW, ENGINE_ONLY


@pytest.mark.parametrize("name", NAMES)
def test_each_function_has_a_specification_and_is_found_in_any_letter_case(name: str) -> None:
    function = find(name)
    assert function is not None
    assert function.name == name
    assert function.documentation.strip().endswith(".")
    assert find(name.upper()) is function
    assert function.adf.fewest >= 0


def test_each_family_has_exactly_the_functions_that_are_listed() -> None:
    for family, names in FAMILIES.items():
        functions = {function.name for name in names.split() if (function := find(name))}
        assert functions == set(names.split()), family
    assert len(NAMES) == len(set(NAMES))


def test_what_adf_does_not_have_is_not_found() -> None:
    names = {name.lower() for name in NAMES}
    assert not names & ENGINE_ONLY
    for name in ENGINE_ONLY:
        assert find(name) is None
    assert [name for name in DATA_FLOW if name in names] == [], "a function of pipelines is listed as one of data flows"


@pytest.mark.parametrize(
    ("text", "arity", "accepted"),
    [
        (" -> string", "no arguments", [0]),
        ("string -> string", "exactly 1 argument", [1]),
        ("string, [string] -> string", "1 to 2 arguments", [1, 2]),
        ("string, string... -> string", "at least 2 arguments", [2, 3, 9]),
        ("any... -> any", "at least 1 argument", [1, 5]),
    ],
)
def test_signatures(text: str, arity: str, accepted: list[int]) -> None:
    read = signature(text)
    assert read.arity == arity
    assert [count for count in (0, 1, 2, 3, 5, 9) if read.accepts(count)] == [
        count for count in (0, 1, 2, 3, 5, 9) if count in accepted or (read.most is None and count >= read.fewest)
    ]
