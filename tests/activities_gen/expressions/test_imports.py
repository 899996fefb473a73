"""Importing the language is light: what a few functions need is imported when they are used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import activities_gen.expressions as package

HEAVY = ("lxml", "zoneinfo", "xml", "decimal", "azure", "pydantic", "rich", "random", "unicodedata", "json.decoder")


def modules_after(code: str) -> set[str]:
    program = f"import sys; sys.path[:0] = {sys.path!r}; before = set(sys.modules); {code}; print(*(set(sys.modules) - before))"
    result = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=True)
    return set(result.stdout.split())


@pytest.mark.parametrize(
    "code",
    [
        "import activities_gen.expressions",
        "from activities_gen.expressions import parse, evaluate, references, Context; evaluate('@concat(1, 2)')",
        "import activities_gen.expressions.build, activities_gen.expressions.calls",
    ],
)
def test_nothing_heavy_is_imported(code: str) -> None:
    loaded = modules_after(code)
    assert [name for name in HEAVY if name in loaded] == []


def test_building_needs_neither_parser_nor_evaluator() -> None:
    loaded = modules_after("from activities_gen.expressions import calls as adf; adf.concat('a', 'b')")
    own = {name.removeprefix("activities_gen.") for name in loaded if name.startswith("activities_gen.")}
    assert own == {"lazy", "expressions", *(f"expressions.{name}" for name in ("build", "calls", "expr"))}


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = package.nothing
    assert dir(package) == sorted(package.__all__)
    assert all(hasattr(package, name) for name in package.__all__)
