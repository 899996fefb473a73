"""When a string is an expression, and what the grammar makes of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities_gen.expressions import ExpressionSyntaxError, is_expression, parse
from activities_gen.expressions.parser import MAX_LENGTH
from activities_gen.expressions.syntax import Access, Call, Constant, Interpolation, Literal, Template, Whole, walk


@pytest.mark.parametrize(
    "text",
    ["", "@", "plain", "  @concat('a')", "run @concat('a') now", "nurse@ward.org", "a@b{c}", "1 @ {2}", "{@}"],
)
def test_a_string_without_an_expression_is_taken_as_it_is(text: str) -> None:
    template = parse(text)
    assert isinstance(template, Literal)
    assert template.value == text
    assert not is_expression(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("@@", "@"), ("@@@", "@@"), ("@@home", "@home"), ("@@{x}", "@{x}"), ("@@{1}@{2}", "@{1}@{2}"), ("@@{", "@{")],
)
def test_two_at_signs_at_the_start_make_a_literal_with_one(text: str, value: str) -> None:
    template = parse(text)
    assert isinstance(template, Literal)
    assert template.value == value
    assert not is_expression(text)


def test_a_whole_expression_keeps_its_tree_with_positions() -> None:
    text = "@concat('a', item()?.name)"
    template = parse(text)
    assert isinstance(template, Whole)
    call = template.node
    assert isinstance(call, Call)
    assert text[call.start : call.end] == text[1:]
    constant, access = call.arguments
    assert isinstance(constant, Constant)
    assert (constant.value, text[constant.start : constant.end]) == ("a", "'a'")
    assert isinstance(access, Access)
    assert access.optional
    assert access.dotted
    assert text[access.start : access.end] == "item()?.name"
    assert text[access.key.start : access.key.end] == "name"


def test_an_interpolated_string_has_texts_and_expressions_in_order() -> None:
    template = parse("a @{item()}, @@{b} @{'}'}c")
    assert isinstance(template, Interpolation)
    kinds = [part if isinstance(part, str) else type(part).__name__ for part in template.parts]
    assert kinds == ["a ", "Call", ", @{b} ", "Constant", "c"]


@pytest.mark.parametrize("text", ["@ concat ( 'a' , 1 )", "@\tconcat\n(\r'a',1)", "@\u00a0concat('a',1)\u2003"])
def test_blanks_of_all_kinds_may_stand_between_tokens(text: str) -> None:
    template = parse(text)
    assert isinstance(template, Whole)
    assert [node.value for node in walk(template) if isinstance(node, Constant)] == ["a", 1]


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("'it''s'", "it's"),
        ("''", ""),
        ("'tab\there'", "tab\there"),
        ("-12", -12),
        ("+007", 7),
        ("9223372036854775807", 2**63 - 1),
        ("5.", 5.0),
        ("1.5e+3", 1500.0),
        ("2e2", 200.0),
        ("TRUE", True),
        ("nUlL", None),
    ],
)
def test_literals(literal: str, value: Any) -> None:
    template = parse("@" + literal)
    assert isinstance(template, Whole)
    assert isinstance(template.node, Constant)
    assert template.node.value == value
    assert type(template.node.value) is type(value)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("@ ", 2),
        ("@concat", 7),
        ("@concat(", 8),
        ("@concat('a',)", 12),
        ("@concat('a',,'b')", 12),
        ("@concat('a' 'b')", 12),
        ("@concat('a') x", 13),
        ("@concat('a'", 11),
        ("@concat('a", 8),
        ('@concat("a")', 8),
        ("@concat('a').", 13),
        ("@concat('a')?", 13),
        ("@concat('a')?x", 13),
        ("@concat('a')[", 13),
        ("@concat('a')[]", 13),
        ("@concat('a')[0", 14),
        ("@item()?.[0]", 9),
        ("@'abc'[0]", 6),
        ("@null?.x", 5),
        ("@true()", 5),
        ("@pipeline.parameters.x", 9),
        ("@pipeline()..x", 12),
        ("@item().1a", 9),
        ("@item().a-b", 9),
        ("@.5", 1),
        ("@1e", 2),
        ("@1x", 2),
        ("@- 1", 1),
        ("@1 + 2", 3),
        ("@add(1,2)+1", 9),
        ("@(1)", 1),
        ("@[1]", 1),
        ("@concat('a',@concat('b'))", 12),
        ("@9223372036854775808", 1),
        ("x@{}", 3),
        ("x@{ }", 4),
        ("x@{item()", 1),
        ("x@{'}", 1),
        ("@{1}@{'c'", 4),
        ("@{@{1}}", 2),
        ("@item().\U00010400", 8),
    ],
)
def test_a_wrong_expression_is_refused_at_its_place(text: str, position: int) -> None:
    with pytest.raises(ExpressionSyntaxError) as raised:
        parse(text)
    assert raised.value.position == position
    assert raised.value.expression == text


def test_an_expression_object_is_parsed_like_its_string() -> None:
    template = parse({"type": "Expression", "value": "@item()"})
    assert isinstance(template, Whole)
    assert is_expression({"type": "Expression", "value": "plain"})
    assert not is_expression({"type": "SecureString", "value": "@item()"})
    with pytest.raises(TypeError, match="neither a string nor an Expression object"):
        parse({"value": "@item()"})


def test_the_length_of_each_expression_is_limited_and_that_of_text_is_not() -> None:
    longest = "'" + "x" * (MAX_LENGTH - 2) + "'"
    assert isinstance(parse("@" + longest), Whole)
    assert isinstance(parse("y" * 9000 + "@{" + longest + "}@{" + longest + "}"), Interpolation)
    with pytest.raises(ExpressionSyntaxError, match="8193 characters"):
        parse("@" + longest + " ")


def test_the_same_text_is_parsed_once() -> None:
    assert parse("@concat('once', 'only')") is parse("@concat('once', 'only')")


@settings(deadline=None, max_examples=200)
@given(st.text("@{}'\"()[].,?abc1 \n\u00e9\u2028", max_size=40))
def test_any_text_is_parsed_or_refused_with_our_error(text: str) -> None:
    found = attempt(text)
    assert isinstance(found, int) or found.text == text


def attempt(text: str) -> Template | int:
    """The template, or the position of the error, which lies in the text."""
    try:
        return parse(text)
    except ExpressionSyntaxError as error:
        return range(len(text) + 1)[error.position]
