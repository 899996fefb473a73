"""The Python functions and the functions of the language agree."""

from __future__ import annotations

import inspect
import runpy
from pathlib import Path
from typing import Any

import pytest

from activities_gen.expressions import calls
from activities_gen.expressions.expr import Expr
from activities_gen.expressions.functions import all_functions, find

ROOT = Path(__file__).parents[3]
NAMES = [function.name for function in all_functions()]


def function_of(name: str) -> Any:
    """The Python function of one of the language."""
    function = find(name)
    assert function is not None
    return getattr(calls, function.python_name)


def test_what_is_made_from_the_registry_is_fresh() -> None:
    written = runpy.run_path(str(ROOT / "tools" / "write_functions.py"))["files"]()

    assert {path: path.read_text("utf-8") for path in written} == written


@pytest.mark.parametrize(
    ("name", "python"),
    [
        ("addDays", "add_days"),
        ("if", "if_"),
        ("json", "json_"),
        ("max", "max_"),
        ("convertFromUtc", "convert_from_utc"),
    ],
)
def test_names_are_in_snake_case_with_an_underscore_behind_those_that_python_has(name: str, python: str) -> None:
    assert function_of(name).__name__ == python


def test_arguments_have_the_types_that_the_engine_takes() -> None:
    hints = {name: parameter.annotation for name, parameter in inspect.signature(calls.substring).parameters.items()}

    assert hints == {"text": "str", "start": "Integer", "count": "Integer"}


@pytest.mark.parametrize("name", NAMES)
def test_each_function_of_the_language_has_a_python_function_with_its_arity(name: str) -> None:
    function, python = find(name), function_of(name)
    assert function is not None
    parameters = inspect.signature(python).parameters.values()
    positional = [parameter for parameter in parameters if parameter.kind is not parameter.VAR_POSITIONAL]
    assert sum(parameter.default is parameter.empty for parameter in positional) == function.adf.fewest
    if function.adf.most is None:
        assert len(positional) < len(parameters)
    else:
        assert len(positional) == len(parameters) == function.adf.most
    assert python.__doc__


@pytest.mark.parametrize("name", NAMES)
def test_each_python_function_writes_a_call_of_its_own(name: str) -> None:
    function = find(name)
    assert function is not None
    arguments = [f"a{index}" for index in range(function.adf.fewest)]
    built = function_of(name)(*arguments)
    assert isinstance(built, Expr)
    assert built == f"@{name}({', '.join(repr(argument) for argument in arguments)})"
