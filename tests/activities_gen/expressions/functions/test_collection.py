"""Functions on collections: values and refusals as in the engine."""

from __future__ import annotations

from typing import Any

import pytest

from activities_gen.expressions import Context, EvaluationError, evaluate

CONTEXT = Context()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("contains('Ward','a')", True),
        ("contains('Ward','A')", False),
        ("contains('','')", True),
        ("contains(createArray(1,2),1)", True),
        ("contains(createArray(1,2),1.0)", False),
        ("contains(createArray(1,2),'1')", False),
        ("contains(createArray(true),1)", False),
        ("contains(createArray(null),null)", True),
        ('contains(createArray(json(\'{"a":1,"b":2}\')),json(\'{"b":2,"a":1}\'))', True),
        ("contains(json('{\"Key\":1}'),'kEY')", True),
        ("empty('')", True),
        ("empty(' ')", False),
        ("empty(json('[]'))", True),
        ("empty(json('{}'))", True),
        ("empty(null)", True),
        ("empty(binary(''))", False),
        ("first('abc')", "a"),
        ("first('')", ""),
        ("first(json('[]'))", None),
        ("first(createArray(null,1))", None),
        ("last('abc')", "c"),
        ("last(createArray(1,2))", 2),
        ("last(json('[]'))", None),
        ("intersection(createArray(3,1,2,2),createArray(2,3,2))", [3, 2]),
        ("intersection(createArray(1.0),createArray(1))", []),
        ('intersection(json(\'{"a":1,"b":2}\'),json(\'{"b":2,"a":5}\'))', {"b": 2}),
        ("intersection(createArray(1,2),createArray(2),createArray(1))", []),
        ("union(createArray(3,1),createArray(2,1),createArray('a','A'))", [3, 1, 2, "a", "A"]),
        ('union(json(\'{"a":{"x":1}}\'),json(\'{"a":{"y":2},"b":null}\'))', {"a": {"y": 2}, "b": None}),
        ("union(json('{\"a\":1}'),json('{\"A\":2}'))", {"a": 1, "A": 2}),
        ("union(createArray(1),createArray(1.0))", [1, 1.0]),
        ("join(createArray(1,null,true,1.0,createArray(1)),'-')", "1--True-1-[1]"),
        ("join(json('[]'),',')", ""),
        ("join(createArray('a','b'),'')", "ab"),
        ("length('a😀')", 3),
        ("length(createArray(1,2))", 2),
        ("length('')", 0),
        ("skip(createArray(1,2,3),1)", [2, 3]),
        ("skip(createArray(1),9)", []),
        ("skip('abc',1)", "bc"),
        ("take(createArray(1,2,3),2)", [1, 2]),
        ("take('abc',9)", "abc"),
        ("take('abc',0)", ""),
        ("take(createArray(1,2),4294967297)", [1]),
        ("contains(json('{\"\u00e9\":1}'),'E\u0301')", True),
        ("contains(json('{\"a\":1}'),'\u24b6')", True),
        ("contains(json('{\"a\":1}'),'\uff41')", False),
        ("contains(createArray('\u00e9'),'e\u0301')", False),
    ],
)
def test_values(text: str, value: Any) -> None:
    result = evaluate("@" + text, CONTEXT)
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('union(json(\'[{"a":1,"b":2},0]\'),json(\'[{"b":2,"a":1}]\'))', '[{"b":2,"a":1},0]'),
        ('union(json(\'{"a":1,"b":2}\'),json(\'{"b":3,"a":4}\'))', '{"a":4,"b":3}'),
        ("intersection(json('[0.0,1]'),json('[1,-0.0,0.0]'))", "[-0.0,1]"),
        ('intersection(json(\'{"a":1,"b":2}\'),json(\'{"b":2,"a":1}\'))', '{"a":1,"b":2}'),
    ],
)
def test_what_is_the_same_keeps_the_first_place_and_the_last_form(text: str, value: str) -> None:
    assert evaluate(f"@string({text})") == value


@pytest.mark.parametrize(
    "text",
    [
        "contains(null,'a')",
        "contains(1,'1')",
        "contains('a1',1)",
        "contains('a',null)",
        "contains(json('{}'),1)",
        "contains('a')",
        "empty(0)",
        "empty(false)",
        "empty('a','b')",
        "first(null)",
        "first(json('{}'))",
        "last(1)",
        "intersection(createArray(1))",
        "intersection(createArray(1),json('{}'))",
        "intersection(null,null)",
        "union('a','b')",
        "union(createArray(1),null)",
        "join('abc',',')",
        "join(null,',')",
        "join(createArray(1),1)",
        "join(createArray(1))",
        "length(null)",
        "length(json('{}'))",
        "length(1)",
        "skip(null,1)",
        "skip(createArray(1),-1)",
        "skip(createArray(1),1.0)",
        "skip(createArray(1),'1')",
        "take('abc',-1)",
        "take(null,1)",
        "take(json('{}'),1)",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(EvaluationError):
        evaluate("@" + text, CONTEXT)
