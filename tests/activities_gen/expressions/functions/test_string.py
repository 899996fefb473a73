"""String functions: values and refusals as in the engine."""

from __future__ import annotations

import random
from typing import Any

import pytest

from activities_gen.expressions import Context, EvaluationError, evaluate

CONTEXT = Context()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("replace('','','x')", ""),
        ("indexOf('ｶﾞ','ﾞ')", -1),
        ("indexOf('aﾟ','ﾟ')", -1),
        ("indexOf('ﾞ','ﾞ')", 0),
        ("concat('a', 1, 2.0, true, null)", "a12True"),
        ("concat(createArray(1,'x'), json('{\"k\":[1.0]}'))", '[1,"x"]{"k":[1.0]}'),
        ("concat('one')", "one"),
        ("concat(binary('hello'), xml('<a/>'))", "hello<a />"),
        ("concat(json('\"\\ud83d\"'),'x')", "�x"),
        ("startsWith('Ward','wA')", True),
        ("startsWith('','')", True),
        ("startsWith('','a')", False),
        ("startsWith('straße','STRASSE')", False),
        ("endsWith('Ärzte','ZTE')", True),
        ("endsWith('x','')", True),
        ("indexOf('Emergency','G')", 4),
        ("indexOf('abc','')", 0),
        ("indexOf('abc','x')", -1),
        ("indexOf('a😀b','B')", 3),
        ("lastIndexOf('abcABC','bc')", 4),
        ("lastIndexOf('Hello','')", 4),
        ("lastIndexOf('','')", 0),
        ("lastIndexOf('x😀y','')", 3),
        ("lastIndexOf('aaa','aa')", 1),
        ("replace('aaa','aa','b')", "ba"),
        ("replace('Aa','a','')", "A"),
        ("replace('','a','x')", ""),
        ("replace('x','x','xxx')", "xxx"),
        ("split('a||b||','||')", ["a", "b", ""]),
        ("split('abc','')", ["abc"]),
        ("split('',',')", [""]),
        ("split('aXb','x')", ["aXb"]),
        ("substring('patient',3,4)", "ient"),
        ("substring('patient',3)", "ient"),
        ("substring('patient',0,0)", ""),
        ("substring('a😀b',1,2)", "😀"),
        ("substring('abc',4294967297,1)", "b"),
        ("toUpper('straße ﬁ ŉ ÿ')", "STRAßE ﬁ ŉ Ÿ"),
        ("toLower('ΑΣ İ ẞ')", "ασ İ ß"),
        ("trim('\xa0\u2003 x\x85\t')", "x"),
        ("trim('\x1cx\u200b')", "\x1cx\u200b"),
        ("length(guid())", 36),
        ("length(guid('N'))", 32),
        ("length(guid('B'))", 38),
        ("length(guid('P'))", 38),
        ("length(guid('X'))", 68),
        ("startsWith('e\u0301t\u00e9','\u00c9T')", True),
        ("startsWith('e\u0301','e')", False),
        ("startsWith('abc','\u00ad')", True),
        ("startsWith('','\u00ad')", False),
        ("endsWith('m\u00b2','2')", True),
        ("endsWith('abc\u00ad','C')", True),
        ("endsWith('abc','\u00ad')", False),
        ("endsWith('','\u00ad')", False),
        ("indexOf('a\u00a0b',' ')", 1),
        ("indexOf('\u00adabc','a')", 1),
        ("indexOf('a\r\nb','\r')", 1),
        ("indexOf('a\r\nb','\n')", -1),
        ("indexOf('a\nb','\n')", 1),
        ("indexOf('abc','\u00ad')", 0),
        ("indexOf('','\u00ad')", -1),
        ("indexOf('fix','\ufb01')", 0),
        ("indexOf('\uff41','a')", -1),
        ("indexOf('\u017f','s')", -1),
        ("indexOf('\ud55c\uae00','\u1100\u1173\u11af')", 1),
        ("lastIndexOf('a\u0301ba\u0301','\u00c1')", 3),
        ("lastIndexOf('\U0001f600\u0663','3')", 2),
        ("lastIndexOf('abc','\u00ad')", 2),
    ],
)
def test_values(text: str, value: Any) -> None:
    result = evaluate("@" + text, CONTEXT)
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "concat()",
        "startsWith(null,'a')",
        "endsWith(12,'2')",
        "indexOf('a',null)",
        "indexOf('a')",
        "lastIndexOf('a','b','c')",
        "replace('abc','','x')",
        "replace('a',null,'x')",
        "replace(1,'a','b')",
        "replace('a','b')",
        "split(null,',')",
        "split('a',1)",
        "split('a')",
        "substring('abc',3)",
        "substring('abc',3,0)",
        "substring('',0,0)",
        "substring('abc',-1,1)",
        "substring('abc',0,-1)",
        "substring('abc',1,3)",
        "substring('abc','1',1)",
        "substring('abc',1.0,1)",
        "substring(null,0,1)",
        "toLower(null)",
        "toUpper(1)",
        "trim(null)",
        "trim()",
        "guid('n')",
        "guid('')",
        "guid(null)",
        "concat(json('123456789012345678901234567890'))",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(EvaluationError):
        evaluate("@" + text, CONTEXT)


class Bits(random.Random):
    """Draws bits that are all the same."""

    def __init__(self, bit: int) -> None:
        super().__init__()
        self.bit = bit

    def getrandbits(self, count: int) -> int:
        return self.bit * ((1 << count) - 1)


@pytest.mark.parametrize(
    ("bit", "value"), [(0, "00000000-0000-4000-8000-000000000000"), (1, "ffffffff-ffff-4fff-bfff-ffffffffffff")]
)
def test_a_guid_has_the_version_and_the_variant_of_random_ones_whatever_is_drawn(bit: int, value: str) -> None:
    assert evaluate("@guid()", Context(random=Bits(bit))) == value


def test_a_guid_is_drawn_anew_each_time_from_the_contexts_source() -> None:
    context = Context(random=random.Random(3))
    first, second = evaluate("@guid()", context), evaluate("@guid()", context)
    assert first != second
    assert evaluate("@guid()", Context(random=random.Random(3))) == first
