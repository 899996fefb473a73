"""The pytest plugin: what a failing test shows, snapshots, and what pytest pays for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]

PIPELINE = """
from activities_gen.testing import fail, simulate, succeed

PIPELINE = [
    {"name": "Ingest", "type": "Copy"},
    {"name": "Features", "type": "Copy", "dependsOn": [{"activity": "Ingest", "dependencyConditions": ["Succeeded"]}]},
]

def run():
    return simulate(PIPELINE, outcomes={"Ingest": fail("no rows", code="E1")})
"""


@pytest.fixture
def run_pytest(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Runs a test that uses the pipeline; gives what pytest prints."""
    monkeypatch.syspath_prepend(ROOT)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("CI", raising=False)  # there, pytest shortens nothing
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)  # a worker leaves the summary to who started it
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # others would take most of the time

    def run(test: str, *arguments: str) -> str:
        pytester.makepyfile(test_it=PIPELINE + test)
        options = ("-p", "activities_gen.testing", "-p", "syrupy", "-p", "no:cacheprovider", "-q", *arguments)
        done = pytester.runpytest_inprocess(*options)
        return "\n".join([*done.outlines, *done.errlines])

    return run


TABLE = [
    "Operation on target Ingest failed: no rows",
    "Ingest    Failed        +0.000 s      0.000 s      1  #                                         E1: no rows",
    "Features  Skipped       +0.000 s      0.000 s      0  .                                         'Ingest' was Failed, needed Succeeded",
]


@pytest.mark.parametrize(
    ("assertion", "lines"),
    [
        ("run().outcome == 'Succeeded'", ["'Failed' == 'Succeeded'", *TABLE]),
        ("'Succeeded' == run()['Ingest'].status", ["'Succeeded' == 'Failed'", *TABLE]),
        (
            "run().statuses == {'Ingest': 'Failed', 'Features': 'Succeeded', 'More': 'Succeeded'}",
            ["Features: Skipped, expected Succeeded", "More: NotRun, expected Succeeded", *TABLE],
        ),
        ("(run().ran, 1) == (['Ingest', 'Features'], 1)", ["(['Ingest'], 1) == (['Ingest', 'Features'], 1)", *TABLE]),
        (
            "run().succeeded",
            [
                "<run of '': Failed: <Ingest: Failed (E1: no rows)>, <Features: Skipped ('Ingest' was Failed, needed Succeeded)>>"
            ],
        ),
        ("not (result := run()).error", TABLE),
        ("[result := run()][0]['Features'].attempts == 1", TABLE),
    ],
)
def test_a_failed_assertion_shows_what_ran_and_what_was_skipped_why(
    run_pytest: Callable[..., str], assertion: str, lines: list[str]
) -> None:
    output = run_pytest(f"def test(): assert {assertion}")
    assert [line for line in lines if line not in output] == []


def test_what_differs_comes_before_what_pytest_cuts_off(run_pytest: Callable[..., str]) -> None:
    test = """
MANY = [{"name": f"A{n}", "type": "Copy"} for n in range(30)]
def test():
    result = simulate(MANY, default=fail("no"))
    assert result.statuses == {f"A{n}": "Succeeded" for n in range(30)}
"""
    output = run_pytest(test)
    assert "  A0: Failed, expected Succeeded" in output
    assert "… and 25 more" in output
    assert "Full output truncated" not in output
    assert "A29       Failed" in output


def test_a_test_that_passes_shows_no_run(run_pytest: Callable[..., str]) -> None:
    test = "def test_1(): assert not run().outcome == 'Succeeded'\ndef test_2(): assert False"
    assert "- run -" not in run_pytest(test)


def test_the_readme_shows_what_a_failing_test_does(run_pytest: Callable[..., str]) -> None:
    test = """
from activities import pipeline
def test():
    result = simulate(pipeline, outcomes={"Pseudonymise": fail("no key")}, default=succeed())
    assert result.statuses == {"Ingest": "Succeeded", "Pseudonymise": "Succeeded", "Features": "Succeeded"}
"""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = readme.partition("<!-- not run: the tests of the pytest plugin hold it -->\n```console\n")[2].partition(
        "```"
    )[0]
    above, _, below = shown.partition("…\n")
    output = run_pytest(test)
    assert above in output
    assert below in output


def test_other_comparisons_are_left_alone(run_pytest: Callable[..., str]) -> None:
    output = run_pytest("def test(): assert {'a': 1} == {'a': 2}")
    assert "Differing items" in output or "{'a': 1} == {'a': 2}" in output


def test_secrets_are_masked_in_failure_messages(run_pytest: Callable[..., str]) -> None:
    test = """
GRAPH = {"name": "p", "properties": {"parameters": {"k": {"type": "SecureString"}}, "activities": [
    {"name": "Stop", "type": "Fail", "typeProperties": {"message": "@concat('key ', pipeline().parameters.k)", "errorCode": "1"}}]}}
def test(): assert simulate(GRAPH, parameters={"k": "".join(["s3c", "r3t"])}).outcome == "Succeeded"
"""
    output = run_pytest(test)
    assert "1: key ***" in output
    assert "s3cr3t" not in output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("outcomes={'Ingst': succeed()}", "There is no activity 'Ingst' to give an outcome to. Did you mean 'Ingest'?"),
        ("", "'Ingest' has no outcome. Give it one: outcomes={'Ingest': succeed()}, or default=succeed()."),
    ],
    ids=["before the run", "in the run"],
)
def test_of_a_mistake_in_a_test_the_test_alone_is_shown(
    run_pytest: Callable[..., str], arguments: str, message: str
) -> None:
    shown = run_pytest(f"def test_it():\n    simulate(PIPELINE, {arguments})\n")
    assert f"E       activities_gen.run.stub.SimulationError: {message}" in shown
    assert "simulate.py" not in shown
    assert "engine.py" not in shown


def test_a_snapshot_is_the_text_in_a_json_file(run_pytest: Callable[..., str], pytester: pytest.Pytester) -> None:
    test = 'def test_text(json_snapshot): assert \'{"b": 1,\\n "a": "\u00e9"}\\n\' == json_snapshot'
    assert "1 snapshot generated" in run_pytest(test, "--snapshot-update")
    written = (pytester.path / "__snapshots__" / "test_it" / "test_text.json").read_text("utf-8")
    assert written == '{"b": 1,\n "a": "\u00e9"}\n'
    assert "1 passed" in run_pytest(test)
    assert "1 failed" in run_pytest(test.replace('"b": 1', '"b": 2'))
    swapped = test.replace('{"b": 1,\\n "a": "\u00e9"}', '{"a": "\u00e9",\\n "b": 1}')
    assert swapped != test
    assert "1 failed" in run_pytest(swapped)


def test_a_snapshot_of_anything_but_text_is_refused(run_pytest: Callable[..., str]) -> None:
    test = """
import pytest

@pytest.mark.parametrize("value", [{'a': 1}, [1], None, 'no newline', 'crlf\\r\\n'])
def test_it(json_snapshot, value): assert value == json_snapshot
"""
    assert "5 failed" in run_pytest(test, "--snapshot-update")


def test_pytest_starts_without_importing_what_tests_use() -> None:
    script = "import sys, activities_gen.testing; print(*sorted(name for name in sys.modules if name.startswith(('activities_gen', 'syrupy', 'azure', 'rich'))))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["activities_gen", "activities_gen.lazy", "activities_gen.testing"]


def test_the_plugin_may_be_named_where_it_is_installed() -> None:
    """Pytest takes one module under two names for two plugins, and stops."""
    project = (ROOT / "activities_gen" / "pyproject.toml").read_text("utf-8")
    assert '[project.entry-points.pytest11]\n"activities_gen.testing" = "activities_gen.testing"\n' in project
