"""The verb ``eval``: a value on standard output, errors with a caret, explanations."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from activities_gen.cli import main

if TYPE_CHECKING:
    from pathlib import Path


def run(*arguments: str) -> int:
    return main(["eval", *arguments])


def test_the_value_is_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("@createArray(1, 'a', null, 1.0)") == 0
    assert capsys.readouterr() == ('[1,"a",null,1.0]\n', "")


def test_parameters_are_json_or_text(capsys: pytest.CaptureFixture[str]) -> None:
    code = run(
        "@createArray(pipeline().parameters.n, pipeline().parameters.s, pipeline().parameters.e)",
        "--parameters",
        "n=42",
        "s=ward 1",
        "e=",
    )
    assert code == 0
    assert json.loads(capsys.readouterr().out) == [42, "ward 1", ""]


def test_a_context_file_gives_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = {
        "parameters": {"p": 1},
        "globalParameters": {"g": 2},
        "variables": {"v": 3},
        "activities": {"A": {"output": {"n": 4}, "status": "Succeeded"}},
        "item": 5,
        "system": {"RunId": "r"},
        "now": "2026-01-31T13:45:00Z",
    }
    file = tmp_path / "context.json"
    file.write_text(json.dumps(content), "utf-8")
    text = "@{pipeline().parameters.p}@{pipeline().globalParameters.g}@{variables('v')}@{activity('A').output.n}@{item()}@{pipeline().RunId}@{utcNow('HH:mm')}"
    assert run(text, "--context", str(file)) == 0
    assert json.loads(capsys.readouterr().out) == "12345r13:45"


def test_explain_shows_each_part_and_its_value(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("@concat('n=', string(pipeline().parameters.n))", "--parameters", "n=42", "--explain") == 0
    assert capsys.readouterr().out.splitlines() == [
        "pipeline().parameters.n                        =  42",
        'string(pipeline().parameters.n)                =  "42"',
        "concat('n=', string(pipeline().parameters.n))  =  \"n=42\"",
        '"n=42"',
    ]


def test_explain_shows_what_was_evaluated_before_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("@concat(string(1), toUpper(null))", "--explain") == 1
    captured = capsys.readouterr()
    assert captured.out == 'string(1)  =  "1"\n'
    assert "of type Null" in captured.err


def test_an_error_has_a_caret_under_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("@concat('a', toUper('b'))") == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        "error: 'toUper' is not a function of Data Factory. Did you mean 'toUpper'?",
        "  @concat('a', toUper('b'))",
        "               ^~~~~~~~~~~",
    ]


def test_a_syntax_error_says_what_to_write(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("@pipeline.parameters.x") == 1
    assert "write pipeline().parameters.x" in capsys.readouterr().err


def test_the_caret_stands_in_the_line_and_window_of_the_place(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("@concat('" + "x" * 300 + "',\n\ttoUpper(1))") == 1
    *_, line, caret = capsys.readouterr().err.splitlines()
    assert line[caret.index("^")] == "1"
    assert run("@concat('" + "x" * 300 + "', toUpper(1))") == 1
    *_, line, caret = capsys.readouterr().err.splitlines()
    assert line[caret.index("^")] == "1"
    assert len(line) < 120


@pytest.mark.parametrize(
    ("before", "columns"), [("'\u65e5\u672c'", 6), ("'\U0001f600'", 4), ("'e\u0301'", 3), ("'a\tb\x1b'", 6)]
)
def test_the_caret_counts_the_columns_of_a_terminal(
    before: str, columns: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(f"@concat({before},toUpper(1))") == 1
    *_, line, caret = capsys.readouterr().err.splitlines()
    assert line.isprintable()
    assert caret == " " * (2 + len("@concat(") + columns + len(",toUpper(")) + "^"


def test_what_is_no_json_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    values = ["NaN", "Infinity", "[" * 100_000, '"7"', "7", "{", "null"]
    pairs = [f"p{index}={value}" for index, value in enumerate(values)]
    names = ",".join(f"pipeline().parameters.p{index}" for index in range(len(values)))
    assert run(f"@createArray({names})", "--parameters", *pairs) == 0
    assert json.loads(capsys.readouterr().out) == [*values[:3], "7", 7, "{", None]


def test_explain_shows_what_decides(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("@if(equals(1,2), 'a', toUpper('b'))", "--explain") == 0
    assert capsys.readouterr().out.splitlines() == [
        "equals(1,2)                         =  false",
        "toUpper('b')                        =  \"B\"",
        "if(equals(1,2), 'a', toUpper('b'))  =  \"B\"",
        '"B"',
    ]


def test_a_plain_text_comes_with_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("concat('a', 'b')") == 0
    warning = "warning: ADF takes this as a plain text: an expression begins with '@'.\n"
    assert capsys.readouterr() == ("\"concat('a', 'b')\"\n", warning)


def test_a_value_may_come_with_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("@formatDateTime('2026-01-31','YYYY')") == 0
    captured = capsys.readouterr()
    assert captured.out == '"YYYY"\n'
    assert captured.err.startswith("warning: ADF405")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("@item()", "--parameters", "n"), "'n' is not of the form NAME=VALUE"),
        (("@item()", "--context", "missing.json"), "missing.json: No such file"),
    ],
)
def test_wrong_usage_is_status_two(
    arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ('{"item": NaN}', "not valid JSON"),
        ("[]", "expected an object"),
        ('{"parameter": {}}', "Did you mean 'parameters'?"),
        ('{"parameters": []}', "'parameters' must be an object"),
        ('{"now": "today"}', "'now' must be a time"),
    ],
)
def test_a_wrong_context_file_is_status_two(
    content: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "context.json"
    file.write_text(content, "utf-8")
    assert run("@item()", "--context", str(file)) == 2
    assert message in capsys.readouterr().err
