"""Expressions as Python: typed references where they give the very text, text everywhere else."""

from __future__ import annotations

import pytest

from activities_gen.importing.codegen.models import Vocabulary
from activities_gen.importing.phrases import phrase

VOCABULARY = Vocabulary({"day": "day", "a b": "a_b"}, {"v": "v_variable"}, {"Get it": "get_it"})


def python(text: str) -> str | None:
    phrased = phrase(text, VOCABULARY)
    return phrased[0].flat() if phrased else None


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("@pipeline().parameters.day", "day"),
        ("@pipeline().parameters['a b']", "a_b"),
        ("@pipeline().parameters.day.x[0]", "day.x[0]"),
        ("@variables('v')", "v_variable"),
        ("@pipeline().globalParameters.g", 'global_parameter("g")'),
        ("@pipeline().RunId", "system.run_id"),
        ("@activity('Get it').output.firstRow.id", "output_of(get_it).firstRow.id"),
        ("@activity('Other').output.count", 'output_of("Other").count'),
        ("@activity('Get it').error.message", "error_of(get_it).message"),
        ("@activity('Get it').Status", "status_of(get_it)"),
        ("@activity('Get it').output.value", 'output_of(get_it)["value"]'),
        ("@item()", "item()"),
        ("@item().class", 'item()["class"]'),
        ("@item()?.x", 'item().optional("x")'),
        ("@item()['a b'][1]", 'item()["a b"][1]'),
        ("@item()[variables('v')]", "item()[v_variable]"),
        ("@trigger().outputs.windowStartTime", "trigger().outputs.windowStartTime"),
        ("@triggerBody().fileName", "trigger_body().fileName"),
        ("@concat('a', item().b)", 'f.concat("a", item().b)'),
        ("@if(equals(1, 2), 'x', null)", 'f.if_(f.equals(1, 2), "x", None)'),
        ("@utcNow()", "f.utc_now()"),
        ("x @{item()} y", 'f"x {item()} y"'),
        ("{@{item().a}}", 'f"{{{item().a}}}"'),
        ("@{formatDateTime(utcNow(), 'yyyy')}", "f\"{f.format_date_time(f.utc_now(), 'yyyy')}\""),
        ("\"@{item()['a b']}\"", 'f\'"{item()["a b"]}"\''),
    ],
)
def test_an_exact_expression_is_python(text: str, written: str) -> None:
    assert python(text) == written


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "",
        "@",
        "@@escaped",
        "a@b.c",
        "@concat('a',item().b)",  # no blank behind the comma
        "@Concat('a', item().b)",
        "@pipeline().parameters.Day",
        "@pipeline().parameters.unknown",
        "@pipeline()",
        "@item()['x']",  # the builder writes .x
        "@variables('unknown')",
        "@unknown(1)",
        "@concat(",
        "@{item()",
        "@{item() }",
        "@activity('Get it')",
        "@'text'",
        "@1",
        "@{'{'}",
    ],
)
def test_everything_else_stays_text(text: str) -> None:
    assert python(text) is None


def test_the_names_that_python_uses_are_told() -> None:
    phrased = phrase("@concat(activity('Get it').output.a, variables('v'))", VOCABULARY)
    assert phrased is not None
    assert phrased[1] == {"f", "output_of", "get_it", "v_variable"}
