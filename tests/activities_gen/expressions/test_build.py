"""Expressions built in Python say in ADF what was meant."""

from __future__ import annotations

import copy
import json
import pickle
import re
from typing import TYPE_CHECKING, Any

import pytest
from azure.mgmt.datafactory import models as sdk_models
from hypothesis import given, settings
from hypothesis import strategies as st

from activities_gen.expressions import Context, evaluate, parse
from activities_gen.expressions import calls as adf
from activities_gen.expressions.build import (
    argument,
    error_of,
    expression,
    global_parameter,
    item,
    parameter,
    status_of,
    system,
    trigger,
    trigger_body,
    variable,
    window_end,
    window_start,
)
from activities_gen.expressions.expr import Expr, interpolated, literal
from activities_gen.expressions.outputs import output_of

if TYPE_CHECKING:
    from collections.abc import Callable

models: Any = sdk_models  # its annotations know no expressions
HOSTILE = st.text("@{}'\"\\ ab.[]()$\n\u00e9\U0001f600", max_size=12)
MODERATE = settings(deadline=None, max_examples=150)


@pytest.mark.parametrize(
    ("built", "text"),
    [
        (parameter("day"), "@pipeline().parameters.day"),
        (parameter("my day's"), "@pipeline().parameters['my day''s']"),
        (parameter("1st"), "@pipeline().parameters['1st']"),
        (global_parameter("env"), "@pipeline().globalParameters.env"),
        (variable("it's"), "@variables('it''s')"),
        (variable("@{x}"), "@variables('@{x}')"),
        (item(), "@item()"),
        (output_of("Look up"), "@activity('Look up').output"),
        (output_of(models.WaitActivity(name="W", wait_time_in_seconds=1)), "@activity('W').output"),
        (output_of("L").firstRow.n, "@activity('L').output.firstRow.n"),
        (output_of("L")["value"], "@activity('L').output.value"),
        (error_of("L").message, "@activity('L').error.message"),
        (status_of("L"), "@activity('L').Status"),
        (system.run_id, "@pipeline().RunId"),
        (system.triggered_by_pipeline_name, "@pipeline()?.TriggeredByPipelineName"),
        (trigger().scheduledTime, "@trigger().scheduledTime"),
        (window_start(), "@trigger().outputs.windowStartTime"),
        (window_end(), "@trigger().outputs.windowEndTime"),
        (trigger_body().fileName, "@triggerBody().fileName"),
        (expression("concat('a','b')"), "@concat('a','b')"),
    ],
    ids=str,
)
def test_references(built: Expr, text: str) -> None:
    assert built == text
    assert isinstance(built, Expr)
    parse(built)


@pytest.mark.parametrize(
    "name",
    ["count", "index", "split", "format", "title", "join", "replace", "strip", "encode", "keys", "name", "upper"],
)
def test_properties_win_over_the_methods_of_strings(name: str) -> None:
    assert getattr(output_of("L").firstRow, name) == f"@activity('L').output.firstRow.{name}"


def test_items_select_properties_and_elements() -> None:
    base = item()
    assert base["value"] == "@item().value"
    assert base["a-b"][0] == "@item()['a-b'][0]"
    assert base["it's"] == "@item()['it''s']"
    assert base[parameter("key")] == "@item()[pipeline().parameters.key]"
    assert base.optional("x").optional("a b").optional(0) == "@item()?.x?['a b']?[0]"
    assert base.optional(adf.concat("a", "b")) == "@item()?[concat('a', 'b')]"


def test_what_cannot_be_selected_is_refused_where_it_is_written() -> None:
    with pytest.raises(AttributeError, match=r'write \["value"\]'):
        _ = item().value
    with pytest.raises(AttributeError):
        _ = item()._private
    with pytest.raises(ValueError, match="use last"):
        _ = item()[-1]
    with pytest.raises(TypeError, match="an index an integer"):
        _ = item()[True]
    with pytest.raises(TypeError, match="a property in ADF, not a function"):
        item().firstRow()
    with pytest.raises(TypeError, match=r"a property in ADF, not a function; use functions.to_upper\(…\)"):
        item().optional("upper")()
    with pytest.raises(TypeError, match="takes an activity or its name"):
        output_of(5)


def test_an_expression_is_copied_and_written_as_a_string() -> None:
    built = output_of("L").firstRow
    for twin in (copy.copy(built), copy.deepcopy(built), pickle.loads(pickle.dumps(built))):
        assert twin == built
        assert type(twin) is Expr
        assert twin.count == "@activity('L').output.firstRow.count"
    assert repr(built) == repr(str(built))
    assert json.dumps([built]) == json.dumps([str(built)])
    assert type(str(built)) is str
    assert not hasattr(built, "_attribute_map")


def test_expressions_are_equal_when_their_texts_are() -> None:
    day = parameter("day")
    assert day == parameter("day")
    assert day == "@pipeline().parameters.day"
    assert day != "@pipeline().parameters.night"
    assert day != None  # noqa: E711 as one may write it
    assert day != object()


OPERATIONS: dict[str, tuple[Callable[[Any], object], str]] = {
    "if day": (bool, "decide on"),
    "not day": (lambda day: not day, "decide on"),
    "day == text": (lambda day: day == "x", "compare"),
    "text == day": (lambda day: "x" == day, "compare"),  # noqa: SIM300 the other way round is the point
    "day != text": (lambda day: day != "x", "compare"),
    "day == number": (lambda day: day == 3, "compare"),
    "day == other": (lambda day: day == parameter("other"), "compare"),
    "day in list": (lambda day: day in ["a", "b"], "compare"),
    "day < text": (lambda day: day < "x", "compare"),
    "day >= number": (lambda day: day >= 3, "compare"),
    "text in day": (lambda day: "x" in day, "search"),
    "for x in day": (list, "loop over"),
    "len(day)": (len, "measure"),
    "day[:4]": (lambda day: day[:4], "take a part of"),
    "day * 2": (lambda day: day * 2, "multiply"),
    "2 * day": (lambda day: 2 * day, "multiply"),
    "day % 2": (lambda day: day % 2, "use '%' on"),
    "text % day": (lambda day: "x%s" % day, "use '%' on"),  # noqa: UP031 what is refused
    "{day:>9}": (lambda day: f"{day:>9}", "format"),
    "{day: 1}": (lambda day: {day: 1}, "look up"),
    "dict[day]": (lambda day: {"x": 1}[day], "look up"),
    "day in set": (lambda day: day in {"x", "y"}, "look up"),
}


@pytest.mark.parametrize(("operation", "verb"), OPERATIONS.values(), ids=OPERATIONS)
def test_what_python_would_answer_from_the_text_is_refused(operation: Callable[[Any], object], verb: str) -> None:
    message = f"Python cannot {verb} pipeline().parameters.day, whose value is known only when the pipeline runs. Use "
    with pytest.raises(TypeError, match=re.escape(message)):
        operation(parameter("day"))


@pytest.mark.parametrize("method", ["replace", "split", "strip", "lower", "startswith", "encode", "zfill"])
def test_the_methods_of_strings_are_refused(method: str) -> None:
    with pytest.raises(
        TypeError, match=f"'pipeline\\(\\).parameters.day.{method}' is a property in ADF, not a function"
    ):
        getattr(parameter("day"), method)("-")


def test_the_models_of_the_sdk_take_expressions() -> None:
    built = adf.greater(output_of("L").firstRow.count, 3)
    condition = models.IfConditionActivity(name="If", expression=models.Expression(type="Expression", value=built))
    assert condition.serialize()["typeProperties"]["expression"]["value"] == str(built)
    python = models.DatabricksSparkPythonActivity(
        name="Run", python_file="dbfs:/job.py", parameters=["--day", parameter("day")], description=built
    )
    assert python.serialize()["typeProperties"]["parameters"] == ["--day", "@pipeline().parameters.day"]
    assert python.serialize()["description"] == str(built)


def test_interpolation_by_format_and_by_addition() -> None:
    day = parameter("day")
    assert f"in/{day}/x" == "in/@{pipeline().parameters.day}/x"
    assert "in/" + day + "/x" == "in/@{pipeline().parameters.day}/x"
    assert day + day == "@{pipeline().parameters.day}@{pipeline().parameters.day}"
    assert day + "" == "@{pipeline().parameters.day}"
    assert "ops@" + day == "ops@{'@'}@{pipeline().parameters.day}"
    assert f"{day}-" + day == "@{pipeline().parameters.day}-@{pipeline().parameters.day}"
    with pytest.raises(TypeError):
        _ = day + 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("it's", "'it''s'"),
        ("", "''"),
        ("@home", "'@home'"),
        (literal("@home"), "'@home'"),
        (literal("a@{b}"), "'a@{b}'"),
        (literal("@{b}"), "'@{b}'"),
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (-5, "-5"),
        (1.0, "1.0"),
        (1e16, "1e+16"),
        ([], "json('[]')"),
        ([1, "a", [None]], "createArray(1, 'a', createArray(null))"),
        ({"a": [1, "it's"], "b": None}, """json('{"a": [1, "it''s"], "b": null}')"""),
        (item(), "item()"),
        (f"{item()}", "string(item())"),
        (f"a{item()}b{item().x}", "concat('a', item(), 'b', item().x)"),
    ],
    ids=repr,
)
def test_arguments(value: Any, text: str) -> None:
    assert argument(value) == text
    parse("@" + text)


@pytest.mark.parametrize("value", [b"x", object(), {"a": item()}, {f"{item()}": 1}, {1, 2}])
def test_values_that_the_language_does_not_have_are_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        argument(value)


@pytest.mark.parametrize("value", [2**63, float("inf"), float("nan"), "a @{b", f"user@{item()}"])
def test_values_that_would_not_be_read_as_they_are_meant_are_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"range|no number|literal\(\)"):
        argument(value)


@pytest.mark.parametrize("text", ["", "@", "x", "@@x", "@{x}", "@" + "x" * 8193])
def test_what_is_no_expression_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"expression"):
        Expr(text)


def test_functions_have_adfs_names_and_arities() -> None:
    assert adf.if_(adf.and_(True, adf.not_(False)), adf.int_("1"), adf.json_("{}")) == (
        "@if(and(true, not(false)), int('1'), json('{}'))"
    )
    assert adf.format_date_time(adf.utc_now(), "yyyy-MM-dd") == "@formatDateTime(utcNow(), 'yyyy-MM-dd')"
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        adf.concat("a")  # type: ignore[call-arg]


@MODERATE
@given(HOSTILE)
def test_a_literal_stays_what_it_is(text: str) -> None:
    assert evaluate(literal(text)) == text


@MODERATE
@given(HOSTILE)
def test_a_string_argument_stays_what_it_is(text: str) -> None:
    assert evaluate("@" + argument(literal(text))) == text
    if "@{" not in text:
        assert evaluate("@" + argument(text)) == text


@MODERATE
@given(st.lists(HOSTILE, min_size=1, max_size=4), HOSTILE)
def test_texts_around_expressions_stay_what_they_are(texts: list[str], value: str) -> None:
    context = Context(parameters={"p": value})
    parts: list[str | Expr] = []
    for text in texts:
        parts += [text, parameter("p")]
    assert evaluate(interpolated(parts), context) == "".join(text + value for text in texts)


@MODERATE
@given(HOSTILE, HOSTILE, HOSTILE)
def test_adding_literals_to_an_expression_joins_their_texts(before: str, after: str, value: str) -> None:
    context = Context(parameters={"p": value})
    built = literal(before) + parameter("p") + literal(after)
    assert evaluate(built, context) == before + value + after


@MODERATE
@given(HOSTILE.filter(bool), HOSTILE)
def test_names_of_all_kinds_are_selected(name: str, value: str) -> None:
    context = Context(parameters={name: value}, variables={name: value}, item={name: {name: value}})
    assert evaluate(parameter(name), context) == value
    assert evaluate(variable(name), context) == value
    assert evaluate(item()[name].optional(name), context) == value


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | HOSTILE,
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=6,
)


@MODERATE
@given(JSON)
def test_python_values_become_the_same_json_values(value: Any) -> None:
    def escaped(item: Any) -> Any:
        return (
            [escaped(inner) for inner in item]
            if isinstance(item, list)
            else literal(item)
            if isinstance(item, str)
            else item
        )

    assert json.dumps(evaluate(adf.create_array(escaped(value)))) == json.dumps([value])
