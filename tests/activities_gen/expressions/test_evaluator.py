"""Values of whole expressions, interpolation, properties and scopes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from activities_gen.expressions import (
    Context,
    EvaluationError,
    ExpressionError,
    ExpressionSyntaxError,
    evaluate,
    evaluate_tree,
)

ValueOf = Callable[[str], Any]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("@@home", "@home"),
        ("@pipeline().parameters.number", 7),
        ("@{pipeline().parameters.number}", "7"),
        ("n=@{pipeline().parameters.number};", "n=7;"),
        ("@{1}@{2}", "12"),
        ("@{pipeline().parameters.nothing}|", "|"),
        ("@{pipeline().parameters.flag}", "True"),
        ("@{1.0} @{1e16} @{1e17} @{0.00001}", "1 10000000000000000 1E+17 1E-05"),
        ("@{pipeline().parameters.list}", '["a","b","c"]'),
        ("x@@{1}@{2}", "x@{1}2"),
        ("x@@@{1}", "x@@{1}"),
        ("@{'}'}}", "}}"),
        ("@{1}x@concat('a')", "1x@concat('a')"),
    ],
)
def test_whole_expressions_keep_their_type_and_interpolation_makes_text(
    value_of: ValueOf, text: str, value: Any
) -> None:
    result = value_of(text)
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("@PIPELINE().Parameters.TEXT", "ward"),
        ("@pipeline()['parameters']['text']", "ward"),
        ("@pipeline().globalParameters.env", "test"),
        ("@pipeline().runid", "run-1"),
        ("@pipeline()?.TriggeredByPipelineName", None),
        ("@variables('TARGET')", "landing"),
        ("@variables('many')[1]", 2),
        ("@activity('look UP').output.firstRow.n", 3),
        ("@activity('Broken').Status", "Failed"),
        ("@activity('Broken').error.message", "boom"),
        ("@activity('Look up').error?.message", None),
        ("@item().name", "file.csv"),
        ("@pipeline().parameters.object.key", "v"),
        ("@pipeline().parameters.object['my-name']", 1),
        ("@pipeline().parameters.object.inner.rows[sub(2,1)]", 20),
        ("@pipeline().parameters.object.inner.rows?[5]", None),
        ("@pipeline().parameters.object.inner.rows?[-1]", None),
        ("@pipeline().parameters.object?.gone?.deeper?['still']", None),
        ("@pipeline().parameters.nothing?.x", None),
        ("@pipeline() ? . parameters ? [ 'text' ]", "ward"),
    ],
)
def test_reading_the_context(value_of: ValueOf, text: str, value: Any) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("@pipeline().parameters.txt", "The property 'txt' does not exist"),
        ("@pipeline().parameters.tekst", "Did you mean 'text'?"),
        ("@pipeline().parameters.object?.gone.deeper", "cannot be selected from null. Put '?' before it"),
        ("@pipeline().parameters.nothing.x", "cannot be selected from null"),
        ("@pipeline().parameters.text.x", "from a value of type String"),
        ("@pipeline().parameters.text[0]", "Use substring()"),
        ("@pipeline().parameters.text?.x", "from a value of type String"),
        ("@pipeline().parameters.list.first", "its elements are selected by integers"),
        ("@pipeline().parameters.list['0']", "its elements are selected by integers"),
        ("@pipeline().parameters.list[true]", "its elements are selected by integers"),
        ("@pipeline().parameters.list?['0']", "its elements are selected by integers"),
        ("@pipeline().parameters.list[3]", "the array has the indices 0 to 2"),
        ("@pipeline().parameters.list[-1]", "The index -1 does not exist"),
        ("@json('[]')[0]", "the array is empty"),
        ("@pipeline().parameters.object[1]", "its properties are selected by strings"),
        ("@pipeline().parameters.object[null]", "its properties are selected by strings"),
        ("@variables('Targett')", "Did you mean 'Target'?"),
        ("@variables()", "takes one name"),
        ("@variables(1)", "takes one name"),
        ("@activity('Lookup')", "that has run before this one"),
        ("@pipeline('x')", "takes no arguments"),
        ("@dataset().x", "can only be used in the definition of a dataset"),
        ("@trigger().startTime", "pass its values on as pipeline parameters"),
        ("@toUper('a')", "Did you mean 'toUpper'?"),
        ("@sort(createArray(1))", "a function of Logic Apps that Data Factory does not have"),
        ("@iif(true,1,2)", "a function of mapping data flows, not of pipelines. Write if(...)"),
        ("@concat()", "takes at least 1 argument; it was given 0"),
        ("@toLower(null)", "expects its first argument to be of type string; it is of type Null"),
        ("@if('true',1,2)", "expects booleans as conditions"),
    ],
)
def test_what_has_no_value_is_an_error_that_says_why(value_of: ValueOf, text: str, message: str) -> None:
    with pytest.raises(EvaluationError) as raised:
        value_of(text)
    assert message in raised.value.message


def test_an_error_knows_its_place_and_part() -> None:
    text = "@concat('a', toUpper(1))"
    with pytest.raises(EvaluationError) as raised:
        evaluate(text)
    assert raised.value.part == "1"
    assert raised.value.expression == text
    assert text[raised.value.position : raised.value.end] == "1"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("@if(true,'yes',unknown())", "yes"),
        ("@if(false,substring(),'no')", "no"),
        ("@and(false,pipeline().parameters.gone)", False),
        ("@or(true,pipeline().parameters.gone)", True),
        ("@or(false,false,true,unknown())", True),
        ("@coalesce(null,0,unknown())", 0),
        ("@coalesce(null,null)", None),
        ("@if(and(true,or(false,true)),if(false,1,2),3)", 2),
        ("@add(if(true,1,2),if(false,1,2))", 3),
    ],
)
def test_arguments_that_are_not_needed_are_not_evaluated(value_of: ValueOf, text: str, value: Any) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    "text", ["@and(true,1)", "@or(false,null)", "@and(1,false)", "@coalesce(null,unknown())", "@if(1,1,2)"]
)
def test_arguments_that_are_needed_must_fit(value_of: ValueOf, text: str) -> None:
    with pytest.raises(EvaluationError):
        value_of(text)


def test_a_property_in_exact_letter_case_wins() -> None:
    context = Context(parameters={"o": {"A": 1, "a": 2, "Bc": 3}})
    assert evaluate("@pipeline().parameters.o.a", context) == 2
    assert evaluate("@pipeline().parameters.o.A", context) == 1
    assert evaluate("@pipeline().parameters.o.bC", context) == 3


@pytest.mark.parametrize(
    ("context", "text", "value"),
    [
        (Context(dataset={"folder": "in"}), "@dataset().folder", "in"),
        (Context(linked_service={"url": "u"}), "@linkedService().url", "u"),
        (Context(trigger={"outputs": {"windowStartTime": "t"}}), "@trigger().outputs.windowStartTime", "t"),
        (Context(trigger_body={"fileName": "f"}), "@triggerBody().fileName", "f"),
    ],
)
def test_definitions_other_than_pipelines_have_their_own_functions(context: Context, text: str, value: str) -> None:
    assert evaluate(text, context) == value
    with pytest.raises(EvaluationError, match="is for pipelines"):
        evaluate("@pipeline().parameters.x", context)


def test_the_item_is_out_of_scope_unless_there_is_one() -> None:
    with pytest.raises(EvaluationError, match="inside a ForEach"):
        evaluate("@item()", Context())
    assert evaluate("@item()", Context(item=None)) is None


def test_a_tree_is_evaluated_in_every_string_and_expression_object(context: Context) -> None:
    tree = {
        "path": "in/@{item().name}",
        "@key": ["@pipeline().parameters.number", {"type": "Expression", "value": "@variables('Target')"}, 5, None],
        "literal": "@@home",
    }
    assert evaluate_tree(tree, context) == {"path": "in/file.csv", "@key": [7, "landing", 5, None], "literal": "@home"}


def test_infinite_numbers_come_as_strings_wherever_they_stand() -> None:
    assert evaluate("@1e400") == "Infinity"
    assert evaluate("@createArray(1e400, createArray(float('NaN')))") == ["Infinity", ["NaN"]]


def test_values_of_python_types_like_those_of_json_are_taken_as_json() -> None:
    class Name(str):
        __slots__ = ()

    context = Context(parameters={"name": Name("x"), "pair": (1, 2)})
    assert evaluate("@toUpper(pipeline().parameters.name)", context) == "X"
    assert evaluate("@length(pipeline().parameters.pair)", context) == 2
    with pytest.raises(EvaluationError, match="which JSON does not have"):
        evaluate("@toUpper(pipeline().parameters.raw)", Context(parameters={"raw": b"x"}))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("@pipeline().parameters.nothing?.a.b['c'][0]", None),
        ("@json('{}')?.a?.b.c", None),
        ("@pipeline().parameters.nothing?.a[div(1,0)]", None),
        ("@concat(pipeline().parameters.nothing?.a.b,'x')", "x"),
        ("@coalesce(pipeline().parameters.nothing?.a.b,1)", 1),
        ("@pipeline().parameters.list[coalesce(pipeline().parameters.nothing?.a.b,1)]", "b"),
    ],
)
def test_behind_a_question_mark_and_null_the_rest_of_the_chain_is_not_evaluated(
    value_of: ValueOf, text: str, value: Any
) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "@json('{}')?.a.b",
        "@json('{\"a\":null}')?.a.b",
        "@pipeline().parameters.nothing?[true]",
        "@pipeline().parameters.nothing?[1.5].a",
        "@pipeline().parameters.nothing?[div(1,0)]",
        "@pipeline().parameters.nothing.a?.b",
    ],
)
def test_a_missing_property_ends_no_chain(value_of: ValueOf, text: str) -> None:
    with pytest.raises(EvaluationError):
        value_of(text)


@pytest.mark.parametrize(
    "text", ["@variables('\u24e3arget')", "@variables('tar\u00adget')", "@activity('look\u00a0up').output?.x?.y"]
)
def test_names_are_compared_as_en_us_does(value_of: ValueOf, text: str) -> None:
    assert value_of(text) in ("landing", None)


def told_of(text: str, context: Context) -> list[tuple[str, Any]]:
    """What a trace tells, as sub-expressions and values."""
    told: list[tuple[str, Any]] = []
    evaluate(text, context, trace=lambda node, value: told.append((text[node.start : node.end], value)))
    return told


def test_the_trace_tells_each_value_but_literals_inner_ones_first(context: Context) -> None:
    text = "@concat('a', string(pipeline().parameters.number))"
    assert told_of(text, context) == [
        ("pipeline().parameters.number", 7),
        ("string(pipeline().parameters.number)", "7"),
        (text[1:], "a7"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("@if(not(true), add(1,1), sub(1,1))", [("not(true)", False), ("sub(1,1)", 0)]),
        ("@and(not(true), not(false))", [("not(true)", False)]),
        ("@or(not(true), not(false))", [("not(true)", False), ("not(false)", True)]),
        ("@coalesce(null, add(1,1), sub(1,1))", [("add(1,1)", 2)]),
    ],
)
def test_the_trace_tells_lazy_functions_and_only_the_arguments_that_are_evaluated(
    context: Context, text: str, told: list[tuple[str, Any]]
) -> None:
    assert told_of(text, context) == [*told, (text[1:], evaluate(text, context))]


def test_syntax_errors_and_missing_values_are_one_family() -> None:
    assert issubclass(ExpressionSyntaxError, ExpressionError)
    assert issubclass(EvaluationError, ExpressionError)
    with pytest.raises(TypeError):
        evaluate({"value": "@item()"})
