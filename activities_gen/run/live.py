"""Show a run while it goes on: as lines anywhere, as a live table on a terminal."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any, TextIO

from activities_gen.model.timespans import show
from activities_gen.run.choice import NOT_RUN
from activities_gen.run.outcome import message_of
from activities_gen.run.words import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from rich.console import Console
    from rich.table import Table

    from activities_gen.run.redaction import Secrets
    from activities_gen.run.state import ActivityRun, Attempt

TAIL = 20
"""Lines of a failed attempt's log that are shown."""

NARROW = 60
"""A terminal of fewer columns has no room for the last line of the log."""

_ENDS = ("Succeeded", "Failed", "Skipped", "Inactive", "Cancelled", NOT_RUN)

_SHOWN = {NOT_RUN: "not run"}

_STYLES = {
    "Succeeded": "green",
    "Failed": "bold red",
    "Skipped": "yellow",
    "Cancelled": "magenta",
    "Inactive": "dim",
    NOT_RUN: "dim",
}


def news(run: ActivityRun, what: str) -> str:
    """Returns what to say of a change, empty if nothing is worth saying."""
    attempt = run.attempts[-1] if run.attempts else None
    number = f" (attempt {attempt.number})" if attempt and attempt.number > 1 else ""
    if what in ("running", "queued"):
        return f"{what}{number}"
    if what == "retrying" and attempt and attempt.error:
        return f"failed{number}, will be tried again: {attempt.error.message}"
    if what == "Failed":
        return f"Failed{number}: {message_of(run)}"
    if what in _ENDS:
        took = f" after {show((run.ended or run.started) - run.started)}" if not run.reason else f": {run.reason}"
        return f"{_SHOWN.get(what, what)}{number}{took}"
    return ""


class Tails:
    """The last lines of the log of each attempt under way; lines come from a thread for each."""

    def __init__(self) -> None:
        self._lines: dict[Attempt, deque[str]] = {}
        self._lock = threading.Lock()

    def add(self, attempt: Attempt, text: str) -> None:
        """Remember a line."""
        with self._lock:
            self._lines.setdefault(attempt, deque(maxlen=TAIL)).append(text)

    def take(self, run: ActivityRun) -> list[str]:
        """The last lines of an activity's last attempt, which are forgotten with it."""
        with self._lock:
            return list(self._lines.pop(run.attempts[-1], ())) if run.attempts else []


class PlainView:
    """One line for each change; the log's lines too where that is wanted, and the end of a failed one always."""

    def __init__(self, stream: TextIO, secrets: Secrets, *, verbose: bool = False) -> None:
        self._stream = stream
        self._secrets = secrets
        self._verbose = verbose
        self._tails = Tails()
        self._lock = threading.Lock()

    def __enter__(self) -> PlainView:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is held open."""

    def changed(self, run: ActivityRun, what: str) -> None:
        """Print a change."""
        text = news(run, what)
        if text:
            self._print(f"{time.strftime('%H:%M:%S')}  {one_line(run.name)}  {self._secrets.mask(one_line(text))}")
        if what in (*_ENDS, "retrying"):
            lines = self._tails.take(run)
            self._quote(run.name, lines if what in ("Failed", "retrying") else ())

    def line(self, attempt: Attempt, text: str) -> None:
        """Remember a line of a log, or print it."""
        if self._verbose:
            self._quote(attempt.run.name, (text,))
        else:
            self._tails.add(attempt, text)

    def _quote(self, name: str, lines: Iterable[str]) -> None:
        for line in lines:
            self._print(f"          {one_line(name)} | {one_line(line)}")

    def _print(self, text: str) -> None:
        # Whoever reads the lines may have gone; the run goes on, and its report will be there.
        with self._lock, contextlib.suppress(OSError):
            self._stream.write(text + "\n")
            self._stream.flush()


class LiveView:
    """A table that is redrawn: each activity's state, time and last line of log. It is gone once the run has ended.

    The end of a failed attempt's log stays above it.
    """

    def __init__(self, console: Console, secrets: Secrets) -> None:
        # rich is imported on a terminal only; a run elsewhere does not pay for it.
        from rich.live import Live  # noqa: PLC0415

        self._console = console
        self._secrets = secrets
        self._tails = Tails()
        self._rows: dict[int, dict[str, Any]] = {}
        self._live = Live(console=console, refresh_per_second=8, get_renderable=self._table, transient=True)

    def __enter__(self) -> LiveView:
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the terminal as it was."""
        self._live.__exit__(kind, error, trace)

    def changed(self, run: ActivityRun, what: str) -> None:
        """Note a change; the next drawing shows it."""
        row = self._rows.setdefault(run.opened, {"name": run.name, "began": time.monotonic(), "line": "", "took": None})
        row["state"] = what
        if what in ("Failed", "Skipped", NOT_RUN, "retrying"):
            row["line"] = self._secrets.mask(one_line(news(run, what)))
        if what in _ENDS:
            row["took"] = time.monotonic() - row["began"]
        if what in (*_ENDS, "retrying"):
            lines = self._tails.take(run)
            self._quote(run.name, lines if what in ("Failed", "retrying") else [])
        self._keep_to_the_screen()

    def _quote(self, name: str, lines: list[str]) -> None:
        """Print lines above the table."""
        from rich.text import Text  # noqa: PLC0415 - on a terminal only

        for line in lines:
            self._console.print(Text(f"{one_line(name)} | {one_line(line)}", "dim"))

    def _keep_to_the_screen(self) -> None:
        """Let the rows that ended first go where there are more than the screen has lines."""
        excess = len(self._rows) - max(1, self._console.height - 2)
        if excess > 0:
            ended = [key for key, row in self._rows.items() if row["took"] is not None]
            for key in ended[:excess]:
                del self._rows[key]

    def line(self, attempt: Attempt, text: str) -> None:
        """Note the last line of a log."""
        self._tails.add(attempt, text)
        row = self._rows.get(attempt.run.opened)
        if row is not None and text.strip():
            row["line"] = one_line(text)

    def _table(self) -> Table:
        from rich.table import Table  # noqa: PLC0415 - on a terminal only
        from rich.text import Text  # noqa: PLC0415 - on a terminal only

        wide = self._console.width >= NARROW
        table = Table(box=None, expand=True)
        table.add_column("activity", ratio=2, min_width=8, no_wrap=True, overflow="ellipsis")
        table.add_column("state", width=9, no_wrap=True)
        table.add_column("time", width=9, no_wrap=True, justify="right")
        if wide:
            table.add_column("last line", ratio=5, no_wrap=True, overflow="ellipsis")
        for row in list(self._rows.values()):
            seconds = row["took"] if row["took"] is not None else time.monotonic() - row["began"]
            cells = [
                Text(one_line(row["name"])),
                Text(_SHOWN.get(row["state"], row["state"]), _STYLES.get(row["state"], "cyan")),
            ]
            cells.append(Text(f"{seconds:.1f} s"))
            table.add_row(*cells, *([Text(row["line"], "dim")] if wide else []))
        return table


def view_for(stream: TextIO, secrets: Secrets, *, verbose: bool) -> PlainView | LiveView:
    """The live table on a terminal that can redraw; lines elsewhere and where every line of the logs is wanted."""
    if not verbose and stream.isatty():
        # rich is imported on a terminal only.
        from rich.console import Console  # noqa: PLC0415

        console = Console(file=stream)
        if not console.is_dumb_terminal:
            return LiveView(console, secrets)
    return PlainView(stream, secrets, verbose=verbose)
