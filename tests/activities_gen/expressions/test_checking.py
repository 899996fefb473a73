"""Static checks: each mistake has a code, a place and what to write instead."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities_gen.expressions import Problem, Scope, check
from activities_gen.expressions.check_calls import format_traps
from activities_gen.findings import Severity

SCOPE = Scope(
    parameters={"day": "String", "count": "int", "flag": "Bool", "rows": "Array", "any": "Object"},
    global_parameters={"env": "String"},
    variables={"Target": "String"},
    activities=["Look up"],
    item_in_scope=False,
)


@pytest.mark.parametrize(
    ("text", "code", "place", "advice"),
    [
        ("@concat('a'", "ADF401", "", "add ')'"),
        ("@concat('a", "ADF401", "'a", "no closing quote"),
        ("@variables(v)", "ADF401", ")", "write variables('v')"),
        ("@add(1,.5)", "ADF401", ".", "write 0.5"),
        ("@toUper('a')", "ADF402", "toUper", "Did you mean 'toUpper'?"),
        ("@sort(item())", "ADF402", "sort", "Logic Apps"),
        ("@createArray()", "ADF403", "createArray()", "json('[]')"),
        ("@replace('a','b')", "ADF403", "replace('a','b')", "exactly 3 arguments; it has 2"),
        ("@utcNow('D','E')", "ADF403", "utcNow('D','E')", "0 to 1 arguments"),
        ("@toLower(1)", "ADF404", "1", "Convert it with string()"),
        ("@add('1',2)", "ADF404", "'1'", "int() or float()"),
        ("@if('true',1,2)", "ADF404", "'true'", "equals()"),
        ("@length(json('{}'))", None, "", ""),
        ("@toUpper(length('a'))", "ADF404", "length('a')", "this is Integer"),
        ("@addToTime(utcNow(),1,'Days')", "ADF404", "'Days'", "Did you mean 'Day'?"),
        ("@convertFromUtc(utcNow(),'PST')", "ADF404", "'PST'", "does not know the time zone"),
        ("@formatDateTime(utcNow(),'x')", "ADF404", "'x'", "not a date format"),
        ("@formatDateTime(utcNow(),'h')", "ADF404", "'h'", "'%h'"),
        ("@int('abc')", "ADF404", "int('abc')", "cannot make"),
        ("@formatDateTime('2018-02-30')", "ADF404", "formatDateTime('2018-02-30')", "no valid time"),
        ("@substring('abc',5,1)", "ADF404", "substring('abc',5,1)", "needs a start"),
        ("@formatDateTime(utcNow(),'YYYY')", "ADF405", "'YYYY'", "write 'yyyy'"),
        ("@addDays(utcNow(),1,'yyyy-MM-DD')", "ADF405", "'yyyy-MM-DD'", "write 'dd'"),
        ("  @concat('a','b')", "ADF406", "  @", "Delete the blank"),
        ("@isNull(item())", "ADF407", "isNull", "equals(..., null)"),
        ("@currentUTC()", "ADF407", "currentUTC", "utcNow()"),
        ('@concat("a","b")', "ADF408", '"', "write 'a'"),
        ("@createArray([1,2])", "ADF409", "[", "createArray(a, b)"),
        ("@{{'a':1}}", "ADF409", "{", "json("),
        ("@pipeline.parameters.day", "ADF410", ".", "write pipeline().parameters.day"),
        ("@activity.output", "ADF410", ".", "activity('name')"),
        ("@pipeline().parameters.my-day", "ADF411", "-", "['my-day']"),
        ("@item().1st", "ADF411", "1", None),
        ("@concat('a',@item())", "ADF412", "@", "delete it"),
        ("@item() == 1", "ADF413", "=", "equals(a, b)"),
        ("@add(1,2)+1", "ADF413", "+1", "add(a, b)"),
        ("@'a' + 'b'", "ADF413", "+", "concat(a, b)"),
        ("@concat('a','b') and more", "ADF415", "and", "around it"),
        ("@concat('a','b')@{item()}", "ADF415", "@", "'@{...}' too"),
        ("a @{item()", "ADF416", "@{", "has no '}'"),
        ("a @{}", "ADF416", "}", "There is no expression"),
        ("ops@@{item()}", "ADF417", "@@{item(", "write @{'@'}@{item(...)}"),
        ("@@{item()}", "ADF417", "@@{item(", "write @{'@'}@{item(...)}"),
        ("@{item()} ops@@{item()}", "ADF417", "@@{item(", "write @{'@'}@{item(...)}"),
        ("run @concat('a','b') now", "ADF417", "@concat(", "Write @{concat(...)}"),
        ("@concat('a @{item()}','b')", "ADF417", "'a @{item()}'", "is not evaluated"),
    ],
)
def test_a_mistake_is_found_at_its_place_with_advice(
    text: str, code: str | None, place: str, advice: str | None
) -> None:
    problems = check(text)
    if code is None:
        assert not problems
        return
    problem = problems[0]
    assert problem.code == code
    if advice is None:
        return
    assert text[problem.start : problem.end].startswith(place)
    assert advice in problem.message
    assert problem.message.endswith((".", "?"))


def test_an_expression_that_is_too_long_is_found() -> None:
    (problem,) = check("@concat('" + "x" * 9000 + "','')")
    assert problem.code == "ADF414"


def test_an_expression_object_without_an_at_sign_is_found() -> None:
    (problem,) = check({"type": "Expression", "value": "pipeline().parameters.x"})
    assert (problem.code, problem.severity) == ("ADF418", Severity.WARNING)
    assert check({"type": "Expression", "value": "just text"}) == []
    assert check({"type": "SecureString", "value": "pipeline().x"}) == []


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "nurse@ward.org",
        "@@concat('a')",
        "@concat('a', string(1))",
        "@if(equals(pipeline().parameters.flag, true), 'a', 1)",
        "@formatDateTime(pipeline().parameters.day, 'yyyy-MM-ddTHH:mm:ss')",
        "@formatDateTime(utcNow(), 'hh:mm tt')",
        "@max(1, 2.5)",
        "@max(pipeline().parameters.rows)",
        "@length(pipeline().parameters.any)",
        "@activity('Look up').output.firstRow?.n",
        "in/@{pipeline().globalParameters.env}/@{variables('Target')}",
        "@pipeline()?.TriggeredByPipelineName",
        "@coalesce(pipeline()?.GroupId, 'none')",
        "@utcNow()",
        "@guid()",
        "@rand(1,2)",
    ],
)
def test_a_correct_string_has_no_problems(text: str) -> None:
    assert check(text, SCOPE) == []


@pytest.mark.parametrize(
    ("text", "code", "severity", "advice"),
    [
        ("@pipeline().parameters.dey", "ADF420", Severity.ERROR, "Did you mean 'day'?"),
        ("@pipeline().globalParameters.nev", "ADF421", Severity.ERROR, "Did you mean 'env'?"),
        ("@variables('Tarket')", "ADF422", Severity.ERROR, "Did you mean 'Target'?"),
        ("@activity('Lookup').output", "ADF423", Severity.ERROR, "Did you mean 'Look up'?"),
        ("@item().x", "ADF424", Severity.ERROR, "inside a ForEach"),
        ("@dataset().x", "ADF425", Severity.ERROR, "definition of a dataset"),
        ("@trigger().outputs.windowStartTime", "ADF425", Severity.ERROR, "as a parameter of the pipeline"),
        ("@pipeline().Runid2", "ADF426", Severity.WARNING, "Did you mean 'RunId'?"),
        ("@pipeline().TriggeredByPipelineName", "ADF427", Severity.WARNING, "pipeline()?.TriggeredByPipelineName"),
        ("@variables('target')", "ADF428", Severity.NOTE, "Did you mean 'Target'?"),
        ("@toupper('a')", "ADF428", Severity.NOTE, "'toUpper'"),
        ("@and(true,false,true)", "ADF403", Severity.WARNING, "and(a, and(b, c))"),
        ("@concat('a',1)", "ADF404", Severity.NOTE, "Studio wants string"),
        ("@toUpper(pipeline().parameters.count)", "ADF404", Severity.ERROR, "this is Integer"),
        ("@not(pipeline().parameters.day)", "ADF404", Severity.ERROR, "this is String"),
    ],
)
def test_names_and_types_are_checked_where_they_are_known(
    text: str, code: str, severity: Severity, advice: str
) -> None:
    found = {problem.code: problem for problem in check(text, SCOPE)}
    assert found[code].severity is severity
    assert advice in found[code].message


def test_an_optional_parameter_may_be_missing() -> None:
    assert check("@pipeline().parameters?.other", SCOPE) == []


def test_a_dataset_has_no_pipeline() -> None:
    problems = check(
        "@concat(pipeline().parameters.x, variables('v'), activity('A').output.x, dataset().y)",
        Scope(document="dataset"),
    )
    assert [problem.code for problem in problems] == ["ADF425", "ADF425", "ADF425"]
    assert "write dataset().name" in problems[0].message


def test_all_problems_of_a_string_come_in_order() -> None:
    problems = check("@{toUper('a')} @{isNull(1)} @{add('1',2)}")
    assert [problem.code for problem in problems] == ["ADF402", "ADF407", "ADF404"]
    assert [problem.start for problem in problems] == sorted(problem.start for problem in problems)


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ("yyyy-MM-dd HH:mm:ss", 0),
        ("yyyyMMddHHmm", 0),
        ("hh:mm tt", 0),
        ("'YYYY' yyyy", 0),
        ("yyyy-mm-dd", 1),
        ("YYYY-MM-DD", 2),
        ("HH:MM:ss", 1),
        ("yyyyMMddhhmmss", 1),
        ("HH:mm:SS", 1),
        ("dd/MM/YY", 1),
    ],
)
def test_date_formats_that_mean_something_else(pattern: str, count: int) -> None:
    assert len(format_traps(pattern)) == count


@settings(deadline=None, max_examples=200)
@given(st.text("@{}'\"()[].,?+-=abipelncourt().1 ", max_size=40))
def test_any_text_can_be_checked(text: str) -> None:
    for problem in check(text, SCOPE):
        assert isinstance(problem, Problem)
        assert 0 <= problem.start <= problem.end <= len(text) + 1
