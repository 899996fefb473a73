"""The Python functions and the functions of the language agree."""

from __future__ import annotations

import builtins
import inspect
import keyword
import re
from typing import Any

import pytest

from activities_gen.expressions import calls
from activities_gen.expressions.expr import Expr
from activities_gen.expressions.functions import NAMES, find


def snake(name: str) -> str:
    python = re.sub(r"[A-Z]", lambda match: "_" + match[0].lower(), name)
    return python + "_" if keyword.iskeyword(python) or hasattr(builtins, python) else python


def function_of(name: str) -> Any:
    """The Python function of one of the language, with or without an underscore behind its name."""
    python = snake(name)
    return getattr(calls, python, None) or getattr(calls, python + "_")


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
