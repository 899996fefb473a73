"""Static checks: each mistake has a code, a place and what to write instead."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities_gen.expressions import Context, EvaluationError, Problem, Scope, check, evaluate
from activities_gen.expressions.checks.date_formats import format_traps
from activities_gen.expressions.functions import all_functions, find
from activities_gen.findings import Severity

SCOPE = Scope(
    parameters={"day": "String", "count": "int", "flag": "Bool", "rows": "Array", "any": "Object"},
    global_parameters={"env": "String"},
    variables={"Target": "String"},
    item_in_scope=False,
)


@pytest.mark.parametrize(
    ("text", "code", "place", "advice"),
    [
        ("@concat('a'", "ADF401", "", "add ')'"),
        ("@concat('a", "ADF401", "'a", "no closing quote"),
        ("@variables(v)", "ADF401", "v", "write 'v' in single quotes if the text is meant."),
        ("@concat(day, 'a')", "ADF401", "day", "pipeline().parameters.day for a parameter"),
        ("@formatDateTime(utcNow(), yyyy-MM-dd)", "ADF401", "yyyy-MM-dd", "write 'yyyy-MM-dd' in single quotes"),
        ("@concat('it's')", "ADF401", "'s", "written twice"),
        ("@concat('a' 'b')", "ADF401", "'b'", "comma is missing before 'b'"),
        ("@concat('a';'b')", "ADF401", ";", "write ','"),
        ("@concat('a',)", "ADF401", ")", "delete the comma"),
        ("@item().rows[0", "ADF401", "", "add ']'"),
        ("@item()..x", "ADF401", ".", "delete the dot"),
        ("@item()?x", "ADF401", "x", "write ?.name"),
        ("@(1)", "ADF401", "(", "delete them"),
        ("@string(1) // one", "ADF401", "//", "no comments"),
        ("@ ", "ADF401", "@ ", "no expression behind '@'"),
        ("@add(1,", "ADF401", "", "argument is missing"),
        ("@add(1,99999999999999999999)", "ADF401", "99999999999999999999", "as a string"),
        ("@add(1,.5)", "ADF401", ".5", "write 0.5"),
        ("@toUper('a')", "ADF402", "toUper", "Did you mean 'toUpper'?"),
        ("@sort(item())", "ADF402", "sort", "Logic Apps"),
        ("@createArray()", "ADF403", "createArray()", "json('[]')"),
        ("@replace('a','b')", "ADF403", "replace('a','b')", "exactly 3 arguments; it has 2"),
        ("@utcNow('D','E')", "ADF403", "utcNow('D','E')", "0 to 1 arguments"),
        ("@toLower(1)", "ADF404", "1", "Convert it with string()"),
        ("@add('1',2)", "ADF404", "'1'", "int() or float()"),
        ("@if('true',1,2)", "ADF404", "'true'", "equals()"),
        ("@toUpper(length('a'))", "ADF404", "length('a')", "this is an integer"),
        ("@addToTime(utcNow(),1,'Days')", "ADF404", "'Days'", "Did you mean 'Day'?"),
        ("@convertFromUtc(utcNow(),'PST')", "ADF404", "'PST'", "does not know the time zone"),
        ("@formatDateTime(utcNow(),'x')", "ADF404", "'x'", "does not accept the format 'x'"),
        ("@formatDateTime(utcNow(),'h')", "ADF404", "'h'", "'%h'"),
        ("@int('abc')", "ADF404", "'abc'", "cannot make an integer"),
        ("@formatDateTime('2018-02-30')", "ADF404", "'2018-02-30'", "no valid time"),
        ("@substring('abc',5,1)", "ADF404", "substring('abc',5,1)", "needs a start less than the string's length, 3"),
        ("@formatDateTime(utcNow(),'YYYY')", "ADF405", "'YYYY'", "write 'yyyy'"),
        ("@addDays(utcNow(),1,'yyyy-MM-DD')", "ADF405", "'yyyy-MM-DD'", "write 'dd'"),
        ("  @concat('a','b')", "ADF406", "  @", "Delete the blank"),
        ("@isNull(item())", "ADF407", "isNull", "equals(..., null)"),
        ("@currentUTC()", "ADF407", "currentUTC", "utcNow()"),
        ('@concat("a","b")', "ADF408", '"a"', "write 'a'"),
        ("@concat(\u2019a\u2019,'b')", "ADF408", "\u2019a\u2019", "write 'a'"),
        ("@concat(\"it's", "ADF408", '"', "single quotes"),
        ("@createArray([1,2])", "ADF409", "[", "createArray(a, b)"),
        ("@{{'a':1}}", "ADF409", "{", "json("),
        ("@pipeline.parameters.day", "ADF410", "pipeline", "write pipeline().parameters.day"),
        ("@activity.output", "ADF410", "activity", "activity('name')"),
        ("@concat('a', utcnow)", "ADF410", "utcnow", "write utcNow()"),
        ("@pipeline().parameters.my-day", "ADF411", "my-day", "['my-day']"),
        ("@item().n+1", "ADF411", "n+1", "To calculate write add(a, b)"),
        ("@item().1st", "ADF411", "1st", "write ['1st']"),
        ("@item().rows.0", "ADF411", "0", "write [0]"),
        ("@concat('a',@item())", "ADF412", "@", "delete it"),
        ("@concat('a',@{item()})", "ADF412", "@{", "delete them"),
        ("@item() == 1", "ADF413", "==", "equals(a, b)"),
        ("@item() >= 1", "ADF413", ">=", "greaterOrEquals(a, b)"),
        ("@-item()", "ADF413", "-", "mul(-1, a)"),
        ("@add(1,2)+1", "ADF413", "+", "add(a, b)"),
        ("@'a' + 'b'", "ADF413", "+", "concat(a, b)"),
        ("@concat('a','b') and more", "ADF415", "and", "around the expression"),
        ("@concat('a','b'))", "ADF415", ")", "delete it"),
        ("@item()name", "ADF415", "name", ".name"),
        ("@concat('a','b')@{item()}", "ADF415", "@{", "'@{...}' too"),
        ("a @{item()", "ADF416", "@{", "has no '}'"),
        ("a @{concat('b)} c", "ADF416", "@{", "a quote in it is not closed"),
        ("a @{concat('}')", "ADF416", "@{", "has no '}'"),
        ("a @{}", "ADF416", "@{}", "There is no expression"),
        ("a @{  } b", "ADF416", "@{  }", "There is no expression"),
        ("ops@@{item()}", "ADF417", "@@{item(", "write @{'@'}@{item(...)}"),
        ("@@{item()}", "ADF417", "@@{item(", "write @{'@'}@{item(...)}"),
        ("@{item()} ops@@{item()}", "ADF417", "@@{item(", "write @{'@'}@{item(...)}"),
        ("run @concat('a','b') now", "ADF417", "@concat(", "Write @{concat(...)}"),
        ("@concat('a @{item()}','b')", "ADF417", "'a @{item()}'", "is not evaluated"),
    ],
)
def test_a_mistake_is_found_at_its_place_with_advice(text: str, code: str, place: str, advice: str) -> None:
    problem = check(text)[0]
    assert problem.code == code
    assert text[problem.start : problem.end] == place
    assert advice in problem.message
    assert problem.message.endswith((".", "?"))


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("@item(1).name", "'item' takes no arguments; it has 1. Write item()."),
        ("@pipeline(1).RunId", "Write pipeline()."),
        ("@trigger('a')", "Write trigger()."),
        ("@activity().output", "'activity' takes exactly 1 argument; it has 0. Write activity('name')."),
        ("@variables('a', 'b')", "'variables' takes exactly 1 argument; it has 2. Write variables('name')."),
        ("x @{item(variables())}", "Write item()."),
    ],
)
def test_the_functions_that_read_have_their_arguments_counted(text: str, advice: str) -> None:
    problem = check(text)[0]
    assert (problem.code, problem.severity) == ("ADF403", Severity.ERROR)
    assert advice in problem.message


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("@guid('Q')", ["'Q'"]),
        ("@rand(5, 1)", ["rand(5, 1)"]),
        ("@range(0, -1)", ["-1"]),
        ("@skip(item(), -1)", ["-1"]),
        ("@take(item(), -1)", ["-1"]),
        ("@div(item(), 0)", ["0"]),
        ("@replace(item(), '', 'x')", ["''"]),
        ("@substring(item(), -1, 2)", ["-1"]),
        ("@substring('', item(), 2)", ["''"]),
        ("@substring('abc', 3, item())", ["substring('abc', 3, item())"]),
        ("@addDays(item(), 4000000)", ["4000000"]),
        ("@addToTime(item(), 1, 'Days', 'x')", ["'Days'", "'x'"]),
        ("@getPastTime(item(), 'Fortnight')", ["'Fortnight'"]),
        ("@convertFromUtc('2026-01-31', item())", ["'2026-01-31'"]),
        ("@convertToUtc(item(), 'Mars')", ["'Mars'"]),
        ("@convertTimeZone(item(), 'Mars', 'Venus')", ["'Mars'", "'Venus'"]),
        ("@xpath(item(), '//a[')", ["'//a['"]),
        ("@json('{')", ["'{'"]),
        ("@xml('<a>')", ["'<a>'"]),
        ("@bool('yes')", ["'yes'"]),
        ("é😀 @{int('abc')} @{int('1.5')}", ["'abc'", "'1.5'"]),
    ],
)
def test_literals_that_can_never_work_are_found_whatever_the_other_arguments_are(text: str, places: list[str]) -> None:
    problems = check(text)
    assert {problem.code for problem in problems} == {"ADF404"}
    assert [text[problem.start : problem.end] for problem in problems] == places


@pytest.mark.parametrize(
    "text",
    [
        "@if(pipeline().parameters.flag, 1, int('stop here'))",
        "@coalesce(pipeline().parameters.any, int('stop here'))",
        "@if(pipeline().parameters.flag, 1, string(div(1, 0)))",
        "@and(pipeline().parameters.flag, equals(1, int('stop here')))",
    ],
)
def test_a_value_that_fails_where_it_may_go_unevaluated_is_a_warning(text: str) -> None:
    assert [(problem.code, problem.severity) for problem in check(text, SCOPE)] == [("ADF404", Severity.WARNING)]


_VALUES = (
    None,
    True,
    0,
    -1,
    3,
    10**12,
    1.5,
    "",
    "abc",
    "Day",
    "UTC",
    "o",
    "2026-01-31",
    "2026-01-31T12:00:00Z",
    [],
    [1],
)
_INTEGERS = ("0", "-1", "4000000", "item()")
SAMPLED = [each.name for each in all_functions() if each.samples or each.name == "substring"]
_STRINGS = ("''", "'abc'", "'Day'", "'o'", "'2026-01-31'", "item()")


@pytest.mark.parametrize("name", SAMPLED)
def test_what_is_said_to_fail_fails_with_every_value(name: str) -> None:
    function = find(name)
    assert function is not None
    kinds = [parameter.types for parameter in function.adf.parameters[: max(function.adf.fewest, 2)]]
    for arguments in product(*(_INTEGERS if "Integer" in kind else _STRINGS for kind in kinds)):
        text = f"@{function.name}({', '.join(arguments)})"
        if "item()" in text and any(problem.severity is Severity.ERROR for problem in check(text)):
            for value in _VALUES:
                if name == "replace" and value == "":
                    continue  # nothing is replaced in the empty string, whatever is sought
                with pytest.raises(EvaluationError):
                    evaluate(text, Context(item=value))


@pytest.mark.parametrize("text", ["@createArray(item(1), 'x')", "@length(replace(item(), 'a', 'b'))", "@utcNow(1)"])
def test_no_mistake_is_found_twice_at_one_place(text: str) -> None:
    places = [(problem.start, problem.end) for problem in check(text)]
    assert len(places) == len(set(places))


@pytest.mark.parametrize(
    "text",
    [
        f"@length(replace('{'x' * 2000}', 'x', '{'y' * 5000}'))",
        "@length(range(0, 100000))",
        f"@json('{'[' * 8000}')",
        "@xpath(xml('<a/>'), '" + "//a" * 2000 + "')",
    ],
)
def test_checking_a_literal_that_is_much_work_is_quick_and_says_nothing_beyond_one_problem(text: str) -> None:
    assert len(check(text)) <= 1


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
        "@activity('Look up').output.firstRow?.n",
        "in/@{pipeline().globalParameters.env}/@{variables('Target')}",
        "@pipeline()?.TriggeredByPipelineName",
        "@coalesce(pipeline()?.GroupId, 'none')",
        "@utcNow()",
        "@guid()",
        "@rand(1,2)",
        "@length(json('{}'))",
        "@rand(5, int(variables('Target')))",
        "@range(0, 0)",
        "@substring(variables('Target'), 100000, 1)",
        "@take(variables('Target'), 0)",
        "@addDays(pipeline().parameters.day, 3000000)",
        "@addDays(pipeline().parameters.day, -3000000)",
        "@convertToUtc(variables('Target'), 'W. Europe Standard Time')",
        "@convertFromUtc(utcNow(), 'UTC', 'd')",
        "@convertTimeZone('2026-01-31T12:00:00', variables('Target'), 'UTC')",
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
        ("@item().x", "ADF424", Severity.ERROR, "inside a ForEach"),
        ("@dataset().x", "ADF425", Severity.ERROR, "definition of a dataset"),
        ("@trigger().outputs.windowStartTime", "ADF425", Severity.ERROR, "as a parameter of the pipeline"),
        ("@pipeline().Runid2", "ADF426", Severity.WARNING, "Did you mean 'RunId'?"),
        ("@pipeline().TriggeredByPipelineName", "ADF427", Severity.WARNING, "pipeline()?.TriggeredByPipelineName"),
        ("@variables('target')", "ADF428", Severity.NOTE, "written 'Target'"),
        ("@pipeline().runid", "ADF428", Severity.NOTE, "written 'RunId'"),
        ("@pipeline().Parameters.day", "ADF428", Severity.NOTE, "written 'parameters'"),
        ("@variables(pipeline().parameters.count)", "ADF404", Severity.ERROR, "needs a name in single quotes"),
        ("@and(true,false,true)", "ADF403", Severity.WARNING, "and(a, and(b, c))"),
        ("@concat('a',1)", "ADF404", Severity.NOTE, "Studio wants a string"),
        ("@toUpper(pipeline().parameters.count)", "ADF404", Severity.ERROR, "this is an integer"),
        ("@not(pipeline().parameters.day)", "ADF404", Severity.ERROR, "this is a string"),
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
    assert [(problem.code, problem.severity) for problem in problems] == [
        ("ADF425", Severity.NOTE),
        ("ADF425", Severity.ERROR),
        ("ADF425", Severity.ERROR),
    ]
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
