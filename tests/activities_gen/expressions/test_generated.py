"""Expressions generated from the grammar, with all functions and odd values, end in a value or in our error."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from activities_gen.expressions import Context, ExpressionError, check, evaluate, parse, references
from activities_gen.expressions.functions import all_functions
from activities_gen.expressions.syntax import Whole

TEXTS = ["", "a", "A b", "\u00e9", "\U0001f600", "it's", "10", "1,5e3", "true", "2026-01-31", "12:00", "2018-03-15T12:00:00+02:00",
         "yyyy-MM-dd", "o", "%", "Day", "UTC", "India Standard Time", "{}", "[1,{", "<a x='1'>t</a>", "<a>", "//a", "aGk=",
         "data:,x", "data:;base64,aGk", "%41+%", "X", "\x00", "\ud800"]  # fmt: skip
LITERALS = st.one_of(
    st.sampled_from(TEXTS).map(lambda text: "'" + text.replace("'", "''") + "'"),
    st.text(max_size=8).map(lambda text: "'" + text.replace("'", "''") + "'"),
    st.integers(-(2**63), 2**63 - 1).map(str),
    st.sampled_from(["0", "1", "-1", "2147483648", "0.5", "-0.0", "1e400", "1e16", "true", "false", "null"]),
    st.sampled_from(
        ["item()", "pipeline().parameters.o", "pipeline().parameters.l", "variables('v')", "activity('A').output"]
    ),
)


def grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    calls = st.builds(
        lambda name, arguments: f"{name}({','.join(arguments)})",
        st.sampled_from([function.name for function in all_functions()]),
        st.lists(inner, max_size=4),
    )
    accesses = st.builds(
        lambda call, access: call + access, calls, st.sampled_from([".a", "?.a", "[0]", "?['b']", "?[9].c"])
    )
    return calls | accesses


EXPRESSIONS = st.recursive(LITERALS, grow, max_leaves=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None, max_examples=400)
@given(EXPRESSIONS, VALUES, st.booleans())
def test_generated_expressions_have_a_json_value_or_our_error(text: str, value: Any, interpolate: bool) -> None:
    context = Context(
        parameters={"o": {"a": 1, "b": value}, "l": [value, 2]},
        variables={"v": value},
        item=value,
        activities={"A": {"output": {"a": [1]}}},
    )
    template = f"x@{{{text}}}" if interpolate else f"@{text}"
    result = attempt(template, context)
    if not isinstance(result, ExpressionError):
        assert isinstance(result, str) or not interpolate
        json.dumps(result, allow_nan=False)


def attempt(template: str, context: Context) -> Any:
    """The value, or our error; every other exception is passed on."""
    try:
        return evaluate(template, context)
    except ExpressionError as error:
        return error


@settings(deadline=None, max_examples=150)
@given(EXPRESSIONS)
def test_generated_expressions_can_be_checked_and_searched(text: str) -> None:
    template = parse(f"@{text}")
    assert isinstance(template, Whole)
    assert template.text[template.node.start : template.node.end] == text
    for reference in references(template):
        assert 0 < reference.start < reference.end <= len(template.text)
    for problem in check(f"@{text}"):
        assert problem.code.startswith("ADF4")
