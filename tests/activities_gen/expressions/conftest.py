"""A context like that of a pipeline's run, and how the tests evaluate in it."""

from __future__ import annotations

import json
import random
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from activities_gen.expressions import ActivityResult, Context, evaluate

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 1, 31, 13, 45, 6, 789012, tzinfo=timezone.utc)


@pytest.fixture
def context() -> Context:
    """A pipeline with parameters of each type, two variables, two activities that have run, and an item."""
    return Context(
        parameters={
            "text": "ward",
            "number": 7,
            "ratio": 0.25,
            "flag": True,
            "list": ["a", "b", "c"],
            "object": {"Key": "v", "inner": {"rows": [10, 20]}, "my-name": 1},
            "nothing": None,
        },
        global_parameters={"env": "test"},
        variables={"Target": "landing", "many": [1, 2]},
        activities={
            "Look up": ActivityResult(output={"firstRow": {"n": 3}, "value": [{"n": 3}]}),
            "Broken": ActivityResult(output={}, status="Failed", error={"message": "boom", "errorCode": "2011"}),
        },
        item={"name": "file.csv"},
        system={"RunId": "run-1", "TriggerTime": "2026-01-31T13:45:06.7890120Z"},
        clock=lambda: NOW,
        random=random.Random(7),
    )


@pytest.fixture
def value_of(context: Context) -> Callable[[str], Any]:
    """Evaluate in the context above."""
    return lambda text: evaluate(text, context)


def same(left: Any, right: Any) -> bool:
    """Whether two JSON values are the same, types included: 1 is not 1.0, and true is not 1."""
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)
