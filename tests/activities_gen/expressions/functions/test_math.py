"""Arithmetic: values and refusals as in the engine."""

from __future__ import annotations

from typing import Any

import pytest

from activities_gen.expressions import Context, EvaluationError, evaluate

CONTEXT = Context()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("add(1,2)", 3),
        ("add(1,2.0)", 3.0),
        ("add(0.1,0.2)", 0.30000000000000004),
        ("sub(1,5)", -4),
        ("mul(1.5,2)", 3.0),
        ("mul(-3,4)", -12),
        ("div(11,5)", 2),
        ("div(-7,2)", -3),
        ("div(7,-2)", -3),
        ("div(-7,-2)", 3),
        ("div(7.0,2)", 3.5),
        ("div(0,5)", 0),
        ("mod(7,-3)", 1),
        ("mod(-7,3)", -1),
        ("mod(5.5,2)", 1.5),
        ("mod(-5.5,2)", -1.5),
        ("mod(5,2.5)", 0.0),
        ("max(1,2.5)", 2.5),
        ("max(3,1.5)", 3.0),
        ("max(createArray(1,5,2))", 5),
        ("max(4)", 4),
        ("min(1.0,2)", 1.0),
        ("min(createArray(2,1))", 1),
        ("max(float('NaN'),1)", 1.0),
        ("min(2,float('NaN'))", "NaN"),
        ("add(1e308,1e308)", "Infinity"),
        ("range(-2,3)", [-2, -1, 0]),
        ("range(5,0)", []),
        ("range(2147483647,1)", [2147483647]),
        ("range(4294967297,2)", [1, 2]),
        ("length(range(0,100000))", 100000),
        ("rand(5,5)", 5),
        ("rand(-5,-4)", -5),
        ("sub(-9223372036854775807,1)", -9223372036854775808),
    ],
)
def test_values(text: str, value: Any) -> None:
    result = evaluate("@" + text, CONTEXT)
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "add('1',2)",
        "add(null,1)",
        "add(true,1)",
        "add(1)",
        "add(9223372036854775807,1)",
        "sub(-9223372036854775808,1)",
        "mul(9223372036854775807,2)",
        "div(-9223372036854775808,-1)",
        "mod(-9223372036854775808,-1)",
        "div(1,0)",
        "div(1,0.0)",
        "div(1.0,0)",
        "mod(1,0)",
        "mod(1,0.0)",
        "max()",
        "max(json('[]'))",
        "max('a')",
        "max(createArray(1,'a'))",
        "max(createArray(1),2)",
        "max(null)",
        "rand(2,1)",
        "rand(1.0,2)",
        "rand(1)",
        "range(0,-1)",
        "range(0,100001)",
        "range(2147483647,2)",
        "range(1.0,2)",
        "range('1',2)",
        "add(json('99999999999999999999'),1)",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(EvaluationError):
        evaluate("@" + text, CONTEXT)


def test_a_random_number_lies_below_the_maximum() -> None:
    assert {evaluate("@rand(1,4)") for _ in range(200)} == {1, 2, 3}
