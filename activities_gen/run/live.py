"""Show a run while it goes on: as lines anywhere, as a live table on a terminal."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, TextIO

from activities_gen.run.outcome import message_of
from activities_gen.run.timespan import show

if TYPE_CHECKING:
    from types import TracebackType

    from rich.console import Console
    from rich.table import Table

    from activities_gen.run.executor import Attempt
    from activities_gen.run.redaction import Secrets
    from activities_gen.run.state import ActivityRun

TAIL = 20
"""Lines of a failed attempt's log that are shown."""

_ENDS = ("Succeeded", "Failed", "Skipped", "Inactive", "Cancelled")


def news(run: ActivityRun, what: str) -> str:
    """What to say of a change, empty where nothing is worth saying."""
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
        return f"{what}{number}{took}"
    return ""


class PlainView:
    """One line for each change; the log's lines too where that is wanted, and the end of a failed one always."""

    def __init__(self, stream: TextIO, secrets: Secrets, *, verbose: bool = False) -> None:
        self._stream = stream
        self._secrets = secrets
        self._verbose = verbose
        self._tails: dict[str, list[str]] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> PlainView:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is held open."""

    def changed(self, run: ActivityRun, what: str) -> None:
        """Print a change."""
        text = news(run, what)
        if text:
            self._print(f"{time.strftime('%H:%M:%S')}  {run.name}  {self._secrets.mask(text)}")
        if what in ("Failed", "retrying") and not self._verbose:
            for line in self._tails.pop(run.name, []):
                self._print(f"          {run.name} | {line}")

    def line(self, attempt: Attempt, text: str) -> None:
        """Remember a line of a log, or print it."""
        name = attempt.run.name
        if self._verbose:
            self._print(f"          {name} | {text}")
        else:
            self._tails[name] = [*self._tails.get(name, [])[1 - TAIL :], text]

    def _print(self, text: str) -> None:
        with self._lock:
            self._stream.write(text + "\n")
            self._stream.flush()


class LiveView:
    """A table that is redrawn: each activity's state, time and last line of log."""

    def __init__(self, console: Console, secrets: Secrets) -> None:
        # rich is imported on a terminal only; a run elsewhere does not pay for it.
        from rich.live import Live  # noqa: PLC0415

        self._secrets = secrets
        self._rows: dict[int, dict[str, Any]] = {}
        self._live = Live(console=console, refresh_per_second=8, get_renderable=self._table)

    def __enter__(self) -> LiveView:
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Draw the last state and leave it on the screen."""
        self._live.__exit__(kind, error, trace)

    def changed(self, run: ActivityRun, what: str) -> None:
        """Note a change; the next drawing shows it."""
        row = self._rows.setdefault(run.opened, {"name": run.name, "began": time.monotonic(), "line": "", "took": None})
        row["state"] = what
        row["line"] = self._secrets.mask(news(run, what)) if what in ("Failed", "Skipped", "retrying") else row["line"]
        if what in _ENDS:
            row["took"] = time.monotonic() - row["began"]
            if len(self._rows) > 50:
                self._forget_one()

    def _forget_one(self) -> None:
        """Keep the table as long as a screen: the first row that has ended goes."""
        done = next((key for key, row in self._rows.items() if row["took"] is not None), None)
        if done is not None:
            del self._rows[done]

    def line(self, attempt: Attempt, text: str) -> None:
        """Note the last line of a log."""
        row = self._rows.get(attempt.run.opened)
        if row is not None and text.strip():
            row["line"] = text

    def _table(self) -> Table:
        from rich.table import Table  # noqa: PLC0415 on a terminal only
        from rich.text import Text  # noqa: PLC0415 on a terminal only

        table = Table(box=None, expand=True)
        for title, ratio, width in (
            ("activity", 2, None),
            ("state", None, 9),
            ("time", None, 9),
            ("last line", 5, None),
        ):
            table.add_column(title, ratio=ratio, width=width, no_wrap=True, overflow="ellipsis")
        for row in list(self._rows.values()):
            seconds = row["took"] if row["took"] is not None else time.monotonic() - row["began"]
            style = _STYLES.get(row["state"], "cyan")
            table.add_row(Text(row["name"]), Text(row["state"], style), f"{seconds:.1f} s", Text(row["line"], "dim"))
        return table


_STYLES = {"Succeeded": "green", "Failed": "bold red", "Skipped": "yellow", "Cancelled": "magenta", "Inactive": "dim"}


def view_for(stream: TextIO, secrets: Secrets, *, verbose: bool) -> PlainView | LiveView:
    """The live table on a terminal, lines elsewhere and where every line of the logs is wanted."""
    if verbose or not stream.isatty():
        return PlainView(stream, secrets, verbose=verbose)
    # rich is imported on a terminal only.
    from rich.console import Console  # noqa: PLC0415

    return LiveView(Console(file=stream), secrets)
