"""The functions are ADF's, each with a signature and a specification."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from activities_gen.expressions.functions import FAMILIES, all_functions, family, find
from activities_gen.expressions.registry import signature
from activities_gen.expressions.unknown_functions import DATA_FLOW, ELSEWHERE, ENGINE_ONLY, unknown_function

if TYPE_CHECKING:
    from activities_gen.expressions.registry import Function


ADF = """
addDays addHours addMinutes addSeconds addToTime add and array base64 base64ToBinary base64ToString binary bool coalesce
concat contains convertFromUtc convertTimeZone convertToUtc createArray dataUri dataUriToBinary dataUriToString
dayOfMonth dayOfWeek dayOfYear decodeBase64 decodeDataUri decodeUriComponent div empty encodeUriComponent endsWith
equals first float formatDateTime getFutureTime getPastTime greater greaterOrEquals guid if indexOf int intersection
join json last lastIndexOf length less lessOrEquals max min mod mul not or rand range replace skip split startOfDay
startOfHour startOfMonth startsWith string sub substring subtractFromTime take ticks toLower toUpper trim union
uriComponent uriComponentToBinary uriComponentToString utcNow xml xpath
"""
"""The functions that ADF documents."""

NAMES = [function.name for function in all_functions()]


def test_the_functions_are_those_that_adf_documents() -> None:
    assert sorted(NAMES) == sorted(ADF.split())


@pytest.mark.parametrize("name", NAMES)
def test_each_function_has_a_specification_and_is_found_in_any_letter_case(name: str) -> None:
    function = find(name)
    assert function is not None
    assert function.name == name
    assert function.documentation.strip().endswith(".")
    assert find(name.upper()) is function
    assert function.adf.fewest >= 0


@pytest.mark.parametrize("name", FAMILIES)
def test_each_function_knows_its_family_and_names_its_parameters(name: str) -> None:
    for function in family(name).values():
        assert function.family == name
        assert all(parameter.name for parameter in function.adf.parameters)


@pytest.mark.parametrize("function", all_functions(), ids=lambda function: function.name)
def test_samples_stand_for_every_parameter_or_for_none(function: Function) -> None:
    assert len(function.samples) in (0, len(function.adf.parameters))


def test_what_adf_does_not_have_is_not_found() -> None:
    names = {name.lower() for name in NAMES}
    assert not names & ENGINE_ONLY.keys()
    for name in ENGINE_ONLY:
        assert find(name) is None
    assert not names & DATA_FLOW.keys(), "a function of pipelines is listed as one of data flows"
    assert not names & ELSEWHERE.keys(), "a function of pipelines is listed as one of another language"


@pytest.mark.parametrize("name", ["triggerOutputs", "appsetting", "encodeBase64", "parse", "formDataMultiValues"])
def test_what_the_engine_alone_knows_is_named_as_of_logic_apps(name: str) -> None:
    assert unknown_function(name).startswith(f"'{name}' is a function of Logic Apps that Data Factory does not have.")


@pytest.mark.parametrize(
    ("text", "arity", "accepted"),
    [
        (" -> string", "no arguments", [0]),
        ("string -> string", "exactly 1 argument", [1]),
        ("a: string, [b: string] -> string", "1 to 2 arguments", [1, 2]),
        ("a: string, *b: string -> string", "at least 1 argument", [1, 2, 3, 9]),
        ("any, *any -> any", "at least 1 argument", [1, 5]),
    ],
)
def test_signatures(text: str, arity: str, accepted: list[int]) -> None:
    read = signature(text)
    assert read.arity == arity
    assert [count for count in (0, 1, 2, 3, 5, 9) if read.accepts(count)] == [
        count for count in (0, 1, 2, 3, 5, 9) if count in accepted or (read.most is None and count >= read.fewest)
    ]
