"""For tests of pipelines: simulated runs, snapshots of generated JSON, and failure messages that show the whole run.

It is a pytest plugin. Where activities-gen is installed, pytest finds it by itself; elsewhere, import what is wanted in
``conftest.py``::

    from activities_gen.testing import json_snapshot, pytest_assertrepr_compare

At pytest's start nothing but this file is read: everything else is imported by the test that uses it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from activities_gen.run import (
        ActivityResult,
        Answer,
        Outcome,
        RunResult,
        SimulationError,
        fail,
        sequence,
        simulate,
        succeed,
    )
    from activities_gen.snapshots import JsonTextExtension

__all__ = [
    "ActivityResult",
    "Answer",
    "JsonTextExtension",
    "Outcome",
    "RunResult",
    "SimulationError",
    "fail",
    "json_snapshot",
    "pytest_assertrepr_compare",
    "sequence",
    "simulate",
    "succeed",
]

_HOME = {"JsonTextExtension": "activities_gen.snapshots"}


def __getattr__(name: str) -> Any:
    """Import a name when a test uses it."""
    if name not in __all__:
        raise AttributeError(f"module 'activities_gen.testing' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOME.get(name, "activities_gen.run")), name)


@pytest.fixture
def json_snapshot(request: pytest.FixtureRequest) -> Any:
    """A snapshot of JSON text: one readable ``.json`` file for each assertion, compared to the byte. Needs syrupy.

    >>> def test_the_json(json_snapshot):
    ...     assert Path("pipeline.json").read_text() == json_snapshot
    """
    extension = importlib.import_module("activities_gen.snapshots").JsonTextExtension
    return request.getfixturevalue("snapshot").use_extension(extension)


def pytest_assertrepr_compare(config: pytest.Config, op: str, left: object, right: object) -> list[str] | None:  # noqa: ARG001 - pytest's names
    """Show the run that a failed comparison of its outcome or of statuses is about."""
    about = _about(left) or _about(right)
    if about is None:
        return None
    explain = importlib.import_module("activities_gen.run.explanation").explain
    lines: list[str] = explain(about, op, left, right)
    return lines


def _about(value: object) -> Any:
    """The run that a compared value tells of, or that a member of a compared tuple does."""
    for candidate in (value, *(value if isinstance(value, tuple) else ())):
        about = getattr(candidate, "about", None)
        if type(about).__module__ == "activities_gen.run.result":
            return about
    return None
