"""Logical functions: values and refusals as in the engine."""

from __future__ import annotations

from typing import Any

import pytest

from activities_gen.expressions import Context, EvaluationError, evaluate

CONTEXT = Context()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("lessOrEquals('çß1','ÇSS1')", False),
        ("greater('æ','AE')", True),
        ("less('Œz','oe')", False),
        ("less('straße','strassf')", True),
        ("equals(json('9223372036854775808'),'a')", False),
        ("equals(json('9223372036854775807'),1)", False),
        ("and(true,true)", True),
        ("and(true,true,false)", False),
        ("and(true)", True),
        ("or(false,false,true)", True),
        ("or(false)", False),
        ("not(false)", True),
        ("if(false,1,'two')", "two"),
        ("equals(1,1.0)", True),
        ("equals(1,'1')", False),
        ("equals(true,1)", False),
        ("equals('a','A')", False),
        ("equals(null,null)", True),
        ("equals(null,'')", False),
        ("equals(1,1,2)", False),
        ('equals(json(\'{"a":1,"b":[2]}\'),json(\'{"b":[2],"a":1}\'))', True),
        ("equals(createArray(1),createArray(1.0))", False),
        ("equals(-0.0,0)", True),
        ("equals(float('NaN'),float('NaN'))", False),
        ("equals(9007199254740993,9007199254740992.0)", True),
        ("greater(2,1.5)", True),
        ("greater(1,1.0)", False),
        ("greaterOrEquals(1,1.0)", True),
        ("less(9007199254740992,9007199254740993)", True),
        ("lessOrEquals(1,float('NaN'))", False),
        ("greaterOrEquals(float('NaN'),1)", False),
        ("less('apple','Banana')", True),
        ("less('a','A')", True),
        ("less('A','a')", False),
        ("less('B','a')", False),
        ("less('10','9')", True),
        ("less('e','é')", True),
        ("less('é','f')", True),
        ("less('Z','é')", False),
        ("less('co-op','coop')", True),
        ("less('_a','-a')", True),
        ("less('$x','1')", True),
        ("less('1','a')", True),
        ("less('2026/01/01','2026-01-02')", False),
        ("greaterOrEquals('ß','ss')", True),
        ("less('中','a')", False),
        ("less('','a')", True),
        ("lessOrEquals('a','a')", True),
        ("equals(createArray(0.0),createArray(-0.0))", True),
        ("less('\u03c3','\u03c2')", True),
        ("less('\u221e','$')", True),
        ("less('i','\u0131')", True),
        ("less('\ufb01','resume')", True),
        ("less('z','\ufffd')", True),
    ],
)
def test_values(text: str, value: Any) -> None:
    result = evaluate("@" + text, CONTEXT)
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "equals(json('9223372036854775808'),1)",
        "equals(1,json('-9223372036854775809'))",
        "greater(json('9223372036854775808'),1)",
        "lessOrEquals(1,json('9223372036854775808'))",
        "and()",
        "and(true,1)",
        "or(false,'true')",
        "or()",
        "not(null)",
        "not('true')",
        "not()",
        "if(true,1)",
        "if(true,1,2,3)",
        "if(null,1,2)",
        "equals(1)",
        "greater('a',1)",
        "greater(true,false)",
        "greater(null,null)",
        "less(1,2,3)",
        "less(1)",
        "greater(createArray(1),createArray(0))",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(EvaluationError):
        evaluate("@" + text, CONTEXT)
