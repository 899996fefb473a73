"""What is shown while a run goes on."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich.console import Console

from activities_gen.cli import main
from activities_gen.run import fail, sequence, simulate, succeed
from activities_gen.run.live import LiveView, PlainView, news, view_for
from activities_gen.run.redaction import Secrets

if TYPE_CHECKING:
    import pytest
    from conftest import Staged

    from activities_gen.run.state import ActivityRun


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def runs() -> list[ActivityRun]:
    graph = [
        {"name": "A", "type": "Copy", "policy": {"retry": 1}},
        {"name": "B", "type": "Copy", "dependsOn": [{"activity": "A", "dependencyConditions": ["Succeeded"]}]},
    ]
    return simulate(graph, outcomes={"A": sequence(fail("one"), fail("two"))}).all_runs


def test_a_change_is_one_line() -> None:
    tried, skipped = runs()
    assert news(tried, "retrying") == "failed (attempt 2), will be tried again: two"
    assert news(tried, "Failed") == "Failed (attempt 2): two"
    assert news(skipped, "Skipped") == "Skipped: 'A' was Failed, needed Succeeded"
    assert news(tried, "started") == ""


def test_lines_go_where_no_terminal_is() -> None:
    assert isinstance(view_for(io.StringIO(), Secrets(), verbose=False), PlainView)
    assert isinstance(view_for(Terminal(), Secrets(), verbose=True), PlainView)


def test_a_terminal_gets_a_table_of_states_and_last_lines(staged: Staged, monkeypatch: pytest.MonkeyPatch) -> None:
    staged.properties["parameters"] = {"key": {"type": "SecureString", "defaultValue": "s3cr3t"}}
    staged.add("Works", "import sys; print('last line', sys.argv[1])", "@pipeline().parameters.key")
    staged.add("Fails", "raise SystemExit(4)", after=("Works",))
    terminal = Terminal()
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stdout", terminal)
    assert main(staged.arguments()) == 1
    shown = terminal.getvalue()
    assert [
        word for word in ("activity", "Works", "Succeeded", "last line ***", "exit status 4") if word not in shown
    ] == []
    assert "s3cr3t" not in shown


def test_a_long_loop_does_not_outgrow_the_screen() -> None:
    view = LiveView(Console(file=Terminal()), Secrets())
    loop = [
        {
            "name": "L",
            "type": "ForEach",
            "typeProperties": {
                "items": {"type": "Expression", "value": "@range(0, 90)"},
                "activities": [{"name": "I", "type": "Copy"}],
            },
        }
    ]
    for run in simulate(loop, default=succeed()).all_runs:
        view.changed(run, "started")
        view.changed(run, run.status or "")
    assert len(view._table().rows) == 50
