"""One public door: what stands in ``__all__`` is there, documented, and nothing else is."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

import activities_gen

PACKAGE = Path(activities_gen.__file__).parent


def test_the_names_are_sorted_and_stand_once():
    assert list(activities_gen.__all__) == sorted(set(activities_gen.__all__))


def test_they_are_what_a_shell_completes():
    assert dir(activities_gen) == sorted(activities_gen.__all__)


@pytest.mark.parametrize("name", activities_gen.__all__)
def test_each_can_be_imported_and_says_what_it_is(name):
    found = getattr(activities_gen, name)

    assert inspect.getdoc(found), f"{name} has no docstring"


def test_another_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match=r"module 'activities_gen' has no attribute 'spark_pyton'"):
        activities_gen.spark_pyton  # noqa: B018 the access is what is tested


def test_the_wheel_holds_every_package() -> None:
    pyproject = (PACKAGE / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.findall(r'^    "(activities_gen[\w.]*)",$', pyproject, re.MULTILINE)

    modules = [path.parent.relative_to(PACKAGE.parent) for path in PACKAGE.rglob("__init__.py")]
    assert listed == sorted(".".join(path.parts) for path in modules)
