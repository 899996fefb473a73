"""What an expression reads is found without evaluating it."""

from __future__ import annotations

from typing import Any

import pytest

from activities_gen.expressions import ExpressionSyntaxError, Reference, parse, references


def summary(reference: Reference) -> tuple[Any, ...]:
    return reference.kind, reference.name, reference.path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", []),
        ("@@{item()}", []),
        ("@pipeline().parameters.day", [("parameter", "day", ())]),
        ("@PIPELINE().Parameters['my day'].x[0]", [("parameter", "my day", ("x", 0))]),
        ("@pipeline().globalParameters.env", [("global_parameter", "env", ())]),
        ("@variables('v')[1]", [("variable", "v", (1,))]),
        ("@item()", [("item", "", ())]),
        ("@item()?.a.b", [("item", "", ("a", "b"))]),
        ("@pipeline().RunId", [("system", "RunId", ())]),
        ("@pipeline()", [("system", "", ())]),
        ("@pipeline().parameters", [("parameter", "", ())]),
        ("@activity('A b').output.firstRow['n']", [("activity", "A b", ("output", "firstRow", "n"))]),
        ("@dataset().d", [("dataset", "d", ())]),
        ("@linkedService().l", [("linked_service", "l", ())]),
        ("@trigger().outputs.windowStartTime", [("trigger", "outputs", ("windowStartTime",))]),
        ("@triggerBody().fileName", [("trigger_body", "fileName", ())]),
        (
            "@pipeline().parameters.map[item().key].x",
            [("parameter", "map", (None, "x")), ("item", "", ("key",))],
        ),
        (
            "@activity(concat('a', item()))",
            [("activity", "", ()), ("function", "concat", ()), ("item", "", ())],
        ),
        (
            "a @{toUpper(variables('v'))} b @{item()}",
            [("function", "toUpper", ()), ("variable", "v", ()), ("item", "", ())],
        ),
        ("@json('{}').x?.y", [("function", "json", ("x", "y"))]),
        ("@activity()", [("function", "activity", ())]),
    ],
)
def test_each_place_is_one_entry_in_the_order_of_the_text(text: str, expected: list[tuple[Any, ...]]) -> None:
    assert [summary(reference) for reference in references(text)] == expected


def test_a_reference_knows_its_places_and_question_marks() -> None:
    text = "x @{activity('A')?.output.rows?[0]}"
    (reference,) = references(text)
    assert text[reference.start : reference.end] == "activity('A')?.output.rows?[0]"
    assert text[reference.name_start : reference.name_end] == "'A'"
    assert reference.optional == (True, False, True)


def test_a_property_as_name_knows_its_place_and_question_mark() -> None:
    text = "@pipeline()?.TriggeredByPipelineName"
    (reference,) = references(text)
    assert text[reference.name_start : reference.name_end] == "TriggeredByPipelineName"
    assert reference.name_optional


def test_functions_come_with_the_number_of_their_arguments() -> None:
    text = "@concat('a', guid(), if(true, 1, 2))"
    found = [(reference.name, reference.argument_count) for reference in references(text)]
    assert found == [("concat", 3), ("guid", 0), ("if", 3)]


def test_trees_and_expression_objects_are_taken_too() -> None:
    assert references(parse("@item()")) == references("@item()")
    assert references({"type": "Expression", "value": "@item()"}) == references("@item()")


def test_a_wrong_expression_has_no_references() -> None:
    with pytest.raises(ExpressionSyntaxError):
        references("@item(")


@pytest.mark.parametrize(("index", "step"), [("0", 0), ("'0'", "0"), ("true", None), ("null", None), ("1.5", None)])
def test_a_step_is_known_if_it_is_a_text_or_a_whole_number(index: str, step: str | int | None) -> None:
    (found,) = references(f"@pipeline().parameters.p[{index}]")
    assert found.path == (step,)
    assert type(found.path[0]) is type(step)
