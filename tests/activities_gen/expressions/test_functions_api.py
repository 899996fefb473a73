"""The Python functions, their stub file and the functions of the language agree."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from pathlib import Path

import pytest

from activities_gen.expressions import functions_api
from activities_gen.expressions.functions import NAMES, find

STUB = Path(functions_api.__file__).with_suffix(".pyi")
DECLARED = {node.name: node for node in ast.parse(STUB.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)}


def snake(name: str) -> str:
    python = re.sub(r"[A-Z]", lambda match: "_" + match[0].lower(), name)
    return python + "_" if keyword.iskeyword(python) or hasattr(builtins, python) or python == "json" else python


def test_every_function_of_the_language_is_there_under_its_name() -> None:
    assert sorted(functions_api.NAMES) == sorted(map(snake, NAMES))
    assert sorted(DECLARED) == sorted(functions_api.NAMES)
    assert set(functions_api.NAMES) <= set(dir(functions_api))


@pytest.mark.parametrize("python", sorted(functions_api.NAMES))
def test_name_arity_and_stub_agree_with_the_language(python: str) -> None:
    name, fewest, most = functions_api.NAMES[python]
    function = find(name)
    assert function is not None
    assert function.name == name
    assert (fewest, most) == (function.adf.fewest, -1 if function.adf.most is None else function.adf.most)
    arguments = DECLARED[python].args
    assert len(arguments.posonlyargs) - len(arguments.defaults) == fewest
    assert (arguments.vararg is not None) is (most < 0)
    assert most < 0 or len(arguments.posonlyargs) == most
    assert ast.get_docstring(DECLARED[python])
