"""What a pipeline is told after it was made, its declarations, and expressions where they cannot stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from activities_gen.findings import FindingsError
from activities_gen.generation import generate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEAD = """
from decimal import Decimal

from azure.mgmt.datafactory.models import *

from activities_gen import *

p = Pipeline("p", target="adf")
s = p.parameter("s", "x")
"""
FIRST = HEAD.count("\n")
CASES = {
    "a name that is none": ("p.name = 5", "1 PY103 Pipeline 'p': 'name' takes a string, not 5 (int)."),
    "an expression for a name": (
        "p.name = s",
        "1 PY103 Pipeline 'p': 'name' takes a string, not '@pipeline().parameters.s' (Expr).",
    ),
    "activities that are no list": (
        "p.activities = 5",
        "1 PY103 Pipeline 'p': 'activities' takes a list of activities, not 5 (int).",
    ),
    "an activity that is none": (
        "p.activities.append(5)",
        "-1 PY103 Pipeline 'p': 'activities' takes activities of the SDK, not 5 (int).",
    ),
    "a file that is none": (
        "p.artifacts = [5]",
        "1 PY103 Pipeline 'p': 'artifacts' takes names of files, not 5 (int).",
    ),
    "a target that is none": (
        "p.target = 'azure'",
        "1 PY105 Pipeline 'p': 'target' is 'flowehr' or 'adf', not 'azure'.",
    ),
    "a misspelt attribute": (
        "p.triger = None",
        "1 PY101 Pipeline 'p' has no attribute 'triger' to set. Did you mean 'trigger'?",
    ),
    "parameters at once": (
        "p.parameters = {}",
        "1 PY101 Pipeline 'p' has no attribute 'parameters' to set. Declare each with pipeline.parameter(…).",
    ),
    "properties that are no object": (
        'p.extra = {"properties": [1]}',
        "-1 PY103 'extra' makes the pipeline's 'properties' [1] (list). Give it a dict.",
    ),
    "a parameter's name that is none": (
        "p.parameter(5)",
        "1 PY103 parameter(…): 'name' takes a string, not 5 (int).",
    ),
    "an expression for a variable's name": (
        "p.variable(s)",
        "1 PY103 variable(…): 'name' takes a string, not '@pipeline().parameters.s' (Expr).",
    ),
    "a parameter without a name": ("p.parameter(default=1)", "1 PY102 parameter(…) needs 'name'."),
    "a dependency on an expression": (
        'p.add(WaitActivity(name="W", wait_time_in_seconds=1, depends_on=after(s)))',
        "1 ADF203 'W' depends on '@pipeline().parameters.s', which is not an activity of this pipeline. Name one that is, or delete the dependency.",
    ),
    "a condition on an expression": (
        'if s == "x":\n    p.add(WaitActivity(name="W", wait_time_in_seconds=1))',
        (
            "1 PY003 TypeError: Python cannot compare pipeline().parameters.s, "
            "whose value is known only when the pipeline runs. Use functions.equals(…)."
        ),
    ),
}


def found_in(root: Path) -> list[str]:
    """The findings of a directory, each line counted from behind the head of the file."""
    with pytest.raises(FindingsError) as error:
        generate(root)
    return [f"{one.location.line - FIRST + 1} {one.code} {one.message}" for one in error.value.findings]


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES)
def test_a_mistake_is_reported_where_it_is_made(
    make_directory: Callable[..., Path], source: str, expected: str
) -> None:
    assert found_in(make_directory({"setup.py": None, "activities.py": HEAD + source})) == [expected]


def test_every_mistake_is_reported(make_directory: Callable[..., Path]) -> None:
    source = "p.name = 5\np.target = 5\np.stamp_wheel = None\np.folder = 5\np.artifacts = [1, 2]"
    found = found_in(make_directory({"setup.py": None, "activities.py": HEAD + source}))
    assert [line.split(" ", 1)[0] for line in found] == ["1", "2", "3", "4", "5", "5"]


@pytest.mark.parametrize(("default", "kind"), [("Decimal('1.5')", "Float"), ("(1, 2)", "Array")])
def test_the_type_of_a_parameter_is_that_of_its_default_in_json(
    make_directory: Callable[..., Path], default: str, kind: str
) -> None:
    source = HEAD + f"p.parameter('q', {default})"
    generated = generate(make_directory({"setup.py": None, "activities.py": source}))
    declared: dict[str, Any] = generated.written.pipeline["properties"]["parameters"]
    assert declared["q"]["type"] == kind
