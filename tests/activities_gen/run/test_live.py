"""What is shown while a run goes on."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from activities_gen.cli import main
from activities_gen.run import fail, sequence, simulate, succeed
from activities_gen.run.live import LiveView, PlainView, news, view_for
from activities_gen.run.redaction import Secrets

if TYPE_CHECKING:
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


def test_lines_go_to_a_terminal_that_cannot_redraw(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert isinstance(view_for(Terminal(), Secrets(), verbose=False), PlainView)


def test_nothing_that_a_name_or_a_log_holds_breaks_a_line(staged: Staged, capsys: pytest.CaptureFixture[str]) -> None:
    staged.add("a 'name'\nof two lines", r"print('\x1b[31mred\x1b[0m \x1b[2J', 'old\rnew'); raise SystemExit(1)")
    assert main(staged.arguments()) == 1
    printed = capsys.readouterr().out
    assert "  a 'name' of two lines  running\n" in printed
    assert "a 'name' of two lines | new\n" in printed
    assert "\na 'name' of two lines  Failed" in printed
    assert "\x1b" not in printed


def test_a_terminal_gets_a_table_of_states_and_last_lines(staged: Staged, monkeypatch: pytest.MonkeyPatch) -> None:
    staged.properties["parameters"] = {"key": {"type": "SecureString", "defaultValue": "s3cr3t"}}
    staged.add("Works", "import sys; print('last line', sys.argv[1])", "@pipeline().parameters.key")
    staged.add("Fails", "print('the reason'); raise SystemExit(4)", after=("Works",))
    terminal = Terminal()
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stdout", terminal)
    assert main(staged.arguments()) == 1
    shown = terminal.getvalue()
    assert [
        word
        for word in ("activity", "Works", "Succeeded", "last line ***", "Fails | the reason", "exit status 4")
        if word not in shown
    ] == []
    assert "s3cr3t" not in shown


@pytest.mark.parametrize(("width", "height", "columns", "rows"), [(80, 24, 4, 22), (30, 7, 3, 5)])
def test_the_table_keeps_to_the_screen(width: int, height: int, columns: int, rows: int) -> None:
    view = LiveView(Console(file=Terminal(), width=width, height=height, force_terminal=True), Secrets())
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
    loops, *passes = simulate(loop, default=succeed()).all_runs
    view.changed(loops, "started")
    for run in passes:
        view.changed(run, "started")
        view.changed(run, run.status or "")
    table = view._table()
    assert (len(table.columns), len(table.rows)) == (columns, rows)
    assert loops.opened in view._rows  # what still runs is never dropped


def test_what_is_not_run_is_a_row(staged: Staged, monkeypatch: pytest.MonkeyPatch) -> None:
    staged.add("Works", "print('fine')")
    staged.add("Rests", "print('never')")
    terminal = Terminal()
    console = Console(file=terminal, width=120, height=20, force_terminal=True, color_system=None)
    view = LiveView(console, Secrets())
    monkeypatch.setattr("activities_gen.cli.run.view_for", lambda *_args, **_more: view)
    assert main(staged.arguments("--only", "Works")) == 0
    console.print(view._table())
    assert re.search(r"Rests +not run +0\.0 s +not run: left out by --only", terminal.getvalue())
