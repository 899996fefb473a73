"""What the checks say to write: for what other languages write otherwise, for arguments that do not fit, for plain texts."""

from __future__ import annotations

import pytest

from activities_gen.expressions import Problem, Scope, check
from activities_gen.findings import Severity

SCOPE = Scope(
    parameters={
        "day": "String",
        "n": "Int",
        "ratio": "Float",
        "flag": "Bool",
        "rows": "Array",
        "settings": "Object",
    },
    variables={"x": "String", "names": "Array"},
    item_in_scope=True,
)


def only(text: str) -> Problem:
    """The one problem of a string."""
    (problem,) = check(text, SCOPE)
    return problem


@pytest.mark.parametrize(
    ("text", "code", "place", "written"),
    [
        ("@pipeline().parameters.day/folder", "ADF415", "/", "write @{pipeline().parameters.day}/folder."),
        ("@{pipeline().parameters.day/folder}", "ADF415", "/", "write @{pipeline().parameters.day}/folder."),
        ("in/@{item().name/x}", "ADF415", "/", "write @{item().name}/x."),
        ("@concat('a', 'b')/c", "ADF415", "/", "write @{concat('a', 'b')}/c."),
        ("@variables('x'):8080", "ADF415", ":", "write @{variables('x')}:8080."),
        ("@concat('a', item().b/c)", "ADF413", "/", "write concat(a, '/b')"),
        ("@variables('x') more text", "ADF415", "more", "@{variables('x')} more text"),
    ],
)
def test_text_behind_an_expression_is_shown_as_an_interpolation(text: str, code: str, place: str, written: str) -> None:
    problem = only(text)
    assert (problem.code, text[problem.start : problem.end]) == (code, place)
    assert written in problem.message


@pytest.mark.parametrize(
    ("text", "place", "written"),
    [
        ("@a and b", "and", "write and(a, b)."),
        ("@a == b", "==", "write equals(a, b)."),
        ("@a + b", "+", "write add(a, b) for numbers or concat(a, b) for strings."),
        ("@item().a and item().b", "and", "write and(a, b)."),
        ("@if(item().a OR equals(item().b, 1), 1, 2)", "OR", "write or(a, b)."),
        ("@item().a + '/x'", "+", "concat(a, b) for strings"),
        ("@item().a+'/x'", "+", "concat(a, b) for strings"),
        ("@concat('a'+'b')", "+", "concat(a, b) for strings"),
        ("@item().n - 1", "-", "write sub(a, b)."),
        ("@item().n / 2", "/", "write div(a, b)."),
        ("@item().a && item().b", "&&", "write and(a, b)."),
        ("@item().a ?? 'x'", "??", "write coalesce(a, b)."),
        ("@item().a != 'x'", "!=", "write not(equals(a, b))."),
        ("@item().n gt 5", "gt", "write greater(a, b)."),
    ],
)
def test_operators_are_named_with_their_function(text: str, place: str, written: str) -> None:
    problem = only(text)
    assert (problem.code, text[problem.start : problem.end]) == ("ADF413", place)
    assert written in problem.message


@pytest.mark.parametrize(
    ("text", "code", "written"),
    [
        ("@pipeline().parameters('day')", "ADF415", "write pipeline().parameters.day."),
        ("@concat('a', pipeline().parameters('my day'))", "ADF415", "write pipeline().parameters['my day']."),
        ("@activity('A').output('x')", "ADF415", "write activity('A').output.x."),
        ("@item().name()", "ADF415", "delete the parentheses"),
        (
            "@item().my col",
            "ADF415",
            "write item()['my col']; for text behind the expression write @{item().my} col.",
        ),
        ("@concat(item().my long name, 'x')", "ADF411", "write item()['my long name']."),
        ("@concat(item().a item().b)", "ADF401", "A comma is missing before item."),
        ("@null()", "ADF401", "write null."),
        ("@equals(item().x, True())", "ADF401", "write true."),
        ("@parameters('day')", "ADF402", "Write pipeline().parameters.day."),
        ("@concat(parameters('my day'), 'x')", "ADF402", "Write pipeline().parameters['my day']."),
        ("@outputs('A')", "ADF402", "Write activity('A').output."),
        ("@items('loop')", "ADF402", "Write item()."),
        ("@pipeline().variables.x", "ADF426", "Write variables('x')."),
        ("@pipeline().activities.A", "ADF426", "Write activity('A')."),
        ("@now()", "ADF402", "Write utcNow()."),
        ("@getdate()", "ADF402", "Write utcNow()."),
        ("@len('a')", "ADF402", "Write length(...)."),
        ("@strcat('a', 'b')", "ADF402", "Write concat(...)."),
        ("@dateadd('day', 1, utcNow())", "ADF402", "Write addDays(...) or addToTime(...)."),
        ("@pipeline().parameters.Dya", "ADF420", "Did you mean 'day'?"),
    ],
)
def test_what_is_written_otherwise_elsewhere_is_shown_as_adf_writes_it(text: str, code: str, written: str) -> None:
    problem = only(text)
    assert problem.code == code
    assert written in problem.message


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("@concat('select '', pipeline().parameters.day, ''')", "pipeline().parameters.day"),
        ("@concat('a = '', string(item().x), '' and b = ''', 'c')", "string(item().x)"),
    ],
)
def test_a_quote_that_does_not_end_a_string_is_found_by_what_it_swallows(text: str, inner: str) -> None:
    problem = only(text)
    assert problem.code == "ADF417"
    assert problem.message.startswith(f"'{inner}' is part of this string")
    assert "write three, as in concat('x = ''', y, '''')" in problem.message


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("@join(',', pipeline().parameters.rows)", "write join(array, delimiter)."),
        ("@join(', ', item().names)", "write join(array, delimiter)."),
        ("@addDays(1, utcNow())", "write addDays(timestamp, days)."),
        ("@substring(0, 'abc', 2)", "write substring(text, start, count)."),
        ("@contains('a', pipeline().parameters.rows)", "write contains(collection, value)."),
        ("@take(2, variables('names'))", "write take(collection, count)."),
    ],
)
def test_arguments_the_other_way_round_are_one_mistake(text: str, written: str) -> None:
    problem = only(text)
    assert (problem.code, problem.severity) == ("ADF404", Severity.ERROR)
    assert "the other way round" in problem.message
    assert written in problem.message


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("@equals(pipeline().parameters.flag, 'true')", "Write true or false without quotes."),
        ("@equals('5', pipeline().parameters.n)", "Write the number without quotes"),
        ("@if(equals(length(item()), '0'), 1, 2)", "Write the number without quotes"),
        ("@equals(pipeline().RunId, 5)", "always false: a string never equals an integer"),
        ("@equals(pipeline().parameters.rows, '')", "always false: an array never equals a string"),
    ],
)
def test_a_comparison_that_is_always_false_is_a_warning(text: str, advice: str) -> None:
    problem = only(text)
    assert (problem.code, problem.severity) == ("ADF404", Severity.WARNING)
    assert advice in problem.message


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("@greater(pipeline().parameters.day, 3)", "here it has a string and an integer. Convert the string"),
        ("@lessOrEquals(length(item()), '5')", "here it has an integer and a string. Convert the string"),
        ("@greater(pipeline().parameters.flag, 3)", "here it has a boolean and an integer."),
        (
            "@contains(variables('x'), 5)",
            "looks in a string for a string; this is an integer. Convert it with string().",
        ),
    ],
)
def test_a_comparison_that_fails_is_an_error(text: str, advice: str) -> None:
    problem = only(text)
    assert (problem.code, problem.severity) == ("ADF404", Severity.ERROR)
    assert advice in problem.message


@pytest.mark.parametrize(
    "text",
    [
        "@equals(pipeline().parameters.n, 5.0)",
        "@equals(pipeline().parameters.day, null)",
        "@equals(item().x, 'true')",
        "@equals(pipeline().parameters.flag, true)",
        "@greater(pipeline().parameters.ratio, 3)",
        "@less(pipeline().parameters.day, utcNow())",
        "@contains(pipeline().parameters.rows, 5)",
        "@contains(item().x, pipeline().parameters.day)",
        "@join(pipeline().parameters.rows, ',')",
        "@concat('it''s ', item().x, ' and ''', item().y, '''')",
        "select * from openjson('@{pipeline().parameters.rows}')",
        '{"settings": @{pipeline().parameters.settings}}',
        "@{pipeline().parameters.settings}",
        "max(item)",
        "replace('a', 'b', 'c')",
        "select concat(a, b) from t",
        "see {name} and ${NAME} and {{x}} of item()",
        "@@mention",
        "@item().a",
    ],
)
def test_what_may_be_meant_so_has_no_problem(text: str) -> None:
    assert check(text, SCOPE) == []


def test_the_length_of_an_object_is_a_warning() -> None:
    problem = only("@length(pipeline().parameters.settings)")
    assert (problem.code, problem.severity) == ("ADF404", Severity.WARNING)
    assert "needs a string or an array here; this is an object" in problem.message


@pytest.mark.parametrize(
    "text",
    [
        "select * from t where x = @{pipeline().parameters.settings}",
        "where id in (@{variables('names')})",
    ],
)
def test_an_object_or_array_in_a_text_is_found(text: str) -> None:
    problem = only(text)
    assert (problem.code, problem.severity) == ("ADF404", Severity.WARNING)
    assert "becomes its JSON" in problem.message


@pytest.mark.parametrize(
    ("text", "place", "written"),
    [
        (
            "concat('a', pipeline().parameters.day)",
            "concat('a', pipeline().parameters.day)",
            "Write @concat('a', pipeline().parameters.day).",
        ),
        ("pipeline().parameters.day", "pipeline().parameters.day", "Write @pipeline().parameters.day."),
        ("utcNow()", "utcNow()", "Write @utcNow()."),
        ("{item().name}", "{item().name}", "write @{item().name}."),
        ("a/${item().name}/b", "${item().name}", "write @{item().name}."),
        ("a/{ variables('x') }/@{item().y}", "{ variables('x') }", "write @{variables('x')}."),
        ("@@item().name", "@@", "Write @item().name."),
        ("@concat('a/{item().name}', 'b')", "'a/{item().name}'", "or use concat()."),
    ],
)
def test_an_expression_that_is_plain_text_is_found(text: str, place: str, written: str) -> None:
    problem = only(text)
    assert (problem.code, problem.severity) == ("ADF417", Severity.WARNING)
    assert text[problem.start : problem.end] == place
    assert written in problem.message
