"""For tests of pipelines: simulated runs, snapshots of generated JSON, and failure messages that show the whole run.

It is a pytest plugin. Where activities-gen is installed, pytest finds it by itself; elsewhere, name it in the tests'
``conftest.py``::

    pytest_plugins = ["activities_gen.testing"]

At pytest's start next to nothing is read: everything else is imported by the test that uses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from activities_gen.lazy import lazy_module, lazy_names

if TYPE_CHECKING:
    from collections.abc import Generator

    from activities_gen import snapshots
    from activities_gen.run import (
        ActivityResult,
        Answer,
        Outcome,
        RunResult,
        SimulationError,
        explanation,
        fail,
        sequence,
        simulate,
        succeed,
    )
    from activities_gen.snapshots import JsonTextExtension
else:
    explanation = lazy_module("activities_gen.run.explanation")
    snapshots = lazy_module("activities_gen.snapshots")

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
    "pytest_runtest_makereport",
    "sequence",
    "simulate",
    "succeed",
]

_HOMES = {
    "activities_gen.run": (
        "ActivityResult",
        "Answer",
        "Outcome",
        "RunResult",
        "SimulationError",
        "fail",
        "sequence",
        "simulate",
        "succeed",
    ),
    "activities_gen.snapshots": ("JsonTextExtension",),
}

_COMPARED = pytest.StashKey[list[Any]]()
"""The runs that comparisons which failed were about, until the test's report is made."""

MOST_RUNS = 3
"""Runs that are shown beneath a failed test."""


__getattr__, _ = lazy_names(__name__, _HOMES)  # pytest looks for hooks and fixtures in dir()


@pytest.fixture
def json_snapshot(request: pytest.FixtureRequest) -> Any:
    """A snapshot of JSON text: one readable ``.json`` file for each assertion, compared to the byte. Needs syrupy.

    >>> def test_the_json(json_snapshot):
    ...     assert Path("pipeline.json").read_text() == json_snapshot
    """
    return request.getfixturevalue("snapshot").use_extension(snapshots.JsonTextExtension)


def pytest_assertrepr_compare(config: pytest.Config, op: str, left: object, right: object) -> list[str] | None:
    """Say of a failed comparison of a run's outcome or of statuses what differs."""
    about = _about(left) or _about(right)
    if about is None:
        return None
    config.stash.setdefault(_COMPARED, []).append(about)
    return explanation.explain(about, op, left, right)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show beneath a failed test the runs that it was about: those it compared, and those that its variables hold."""
    report = yield
    compared = item.config.stash.get(_COMPARED, [])
    if report.failed and call.excinfo is not None:
        frames = [entry.frame.f_locals.values() for entry in call.excinfo.traceback]
        runs = {id(run): run for run in (*compared, *(run for values in frames for run in map(_run, values) if run))}
        if runs:
            report.sections.extend(explanation.section(run) for run in list(runs.values())[:MOST_RUNS])
    compared.clear()
    return report


def _about(value: object) -> Any:
    """The run that a compared value tells of, or that a member of a compared tuple does."""
    for candidate in (value, *(value if isinstance(value, tuple) else ())):
        about = _run(getattr(candidate, "about", None))
        if about is not None:
            return about
    return None


def _run(value: object) -> Any:
    """The value where it is a run, told without importing what runs are."""
    kind = type(value)
    return value if (kind.__module__, kind.__name__) == ("activities_gen.run.result", "RunResult") else None
