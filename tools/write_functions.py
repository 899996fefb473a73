"""Writes what is made from the registry of functions: ``expressions/calls.py`` and ``docs/functions.md``.

Run: ``python tools/write_functions.py``. A test holds both fresh.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from activities_gen.expressions.functions import FAMILIES, family  # noqa: E402 the path must be set first

if TYPE_CHECKING:
    from activities_gen.expressions.registry import Function, Parameter

MODULE = '''\
"""The functions of the ADF expression language as Python functions. Each returns an expression.

Arguments are expressions or plain values; see :func:`activities_gen.expressions.build.argument`. Names are ADF's in snake
case, with an underscore behind those that Python has taken: ``if_``, ``int_``, ``max_``.

Written by ``tools/write_functions.py`` from the registry of functions; do not edit.
"""

# fmt: off
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from activities_gen.expressions.build import NOT_GIVEN, call

if TYPE_CHECKING:
    from activities_gen.expressions.expr import Expr

    Integer = int | Expr
    Number = float | Expr
    Boolean = bool | Expr
    Array = list[Any] | tuple[Any, ...] | Expr
    Object = dict[str, Any] | Expr
'''
PAGE = """\
# Functions

Written by `tools/write_functions.py` from the registry of functions; do not edit. A parameter in brackets is optional,
and `*` stands before one that takes any number of arguments. The types are those that Studio accepts. In Python:
`from activities_gen import functions`.
"""
TITLES = {
    "string": "Strings",
    "collection": "Collections",
    "logical": "Logic",
    "math": "Arithmetic",
    "conversion": "Conversion",
    "date": "Dates and times",
    "content": "Encoded content",
}
TYPES = {
    "String": "str",
    "Integer": "Integer",
    "Float": "Number",
    "Boolean": "Boolean",
    "Array": "Array",
    "Object": "Object",
    "Null": "None",
}
"""Python's types for the engine's. An expression is a string, so that ``str`` takes it too."""


def module(functions: list[Function]) -> str:
    """The Python module with a function for each of the language."""
    return "\n".join([MODULE, *map(definition, functions)])


def definition(function: Function) -> str:
    """The Python function that builds a call of ``function``."""
    parameters = function.adf.parameters
    given = ", ".join(("*" if parameter.repeated else "") + parameter.name for parameter in parameters)
    taken = ", ".join(declaration(function, index) for index in range(len(parameters)))
    return (
        f"\ndef {function.python_name}({taken}) -> Expr:\n"
        f'    """{summary(function)}"""\n'
        f'    return call("{function.name}"{", " if given else ""}{given})'
    )


def declaration(function: Function, index: int) -> str:
    """A parameter with its type: that of the engine, which takes what Studio marks."""
    parameter: Parameter = function.adf.parameters[index]
    types = function.engine.parameter(index).types
    python = {TYPES[name] for name in types} - ({"Integer"} if "Float" in types else set())
    hint = " | ".join(sorted(python, key=lambda each: (each == "None", each))) or "Any"
    default = " = NOT_GIVEN" if parameter.optional else ""
    return f"{'*' if parameter.repeated else ''}{parameter.name}: {hint}{default}"


def summary(function: Function) -> str:
    """The first paragraph of a function's documentation, on one line."""
    return " ".join(function.documentation.split("\n\n")[0].split())


def page() -> str:
    """The reference of all functions."""
    parts = [PAGE]
    for name in FAMILIES:
        parts.append(f"\n## {TITLES[name]}\n")
        parts += [entry(function) for function in sorted(family(name).values(), key=lambda each: each.name)]
    return "".join(parts)


def entry(function: Function) -> str:
    """The reference of one function."""
    text = [" ".join(paragraph.split()) for paragraph in function.documentation.split("\n\n")]
    body = "\n\n".join(text).replace("``", "`")
    name, parameters = function.name, ", ".join(map(shown, function.adf.parameters))
    return f"\n### {name}\n\n`{name}({parameters}) -> {function.adf.shown}`, in Python `{function.python_name}`\n\n{body}\n"


def shown(parameter: Parameter) -> str:
    """A parameter in the signature of the reference."""
    text = f"{'*' if parameter.repeated else ''}{parameter.name}: {parameter.shown}"
    return f"[{text}]" if parameter.optional else text


def files() -> dict[Path, str]:
    """What is written, by its path."""
    functions = [function for name in FAMILIES for function in family(name).values()]
    return {
        ROOT / "activities_gen" / "expressions" / "calls.py": module(functions) + "\n",
        ROOT / "docs" / "functions.md": page(),
    }


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, "utf-8")
