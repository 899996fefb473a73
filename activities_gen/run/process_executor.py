"""Real work in real time: each attempt is a process of its own, with a log of its own."""

from __future__ import annotations

import re
import select
import signal
import subprocess
import threading
import time
import uuid
from queue import Empty, SimpleQueue
from typing import IO, TYPE_CHECKING, Protocol

from activities_gen.model.timespans import SECOND
from activities_gen.run.errors import Error, Failure, Interrupted
from activities_gen.run.executor import Completion
from activities_gen.run.processes import end_tree, members, outwait
from activities_gen.run.references import given_for

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence
    from pathlib import Path

    from activities_gen.run.processes import Janitor
    from activities_gen.run.redaction import Secrets
    from activities_gen.run.state import ActivityRun, Attempt
    from activities_gen.run.stub import Outcome
    from activities_gen.run.workshop import Workshop

GRACE = 10.0
"""Seconds that a process has to end by itself, between being asked and being killed."""

LONGEST_NAME = 55
"""Characters of an activity's name that stand in its log's; ADF takes no longer ones."""

LONGEST_LINE = 1 << 16
"""A longer line of a log is cut into several."""

FAILED = "3204"
"""ADF's code for a Databricks job whose execution failed."""


class Listener(Protocol):
    """Is told of each line that an attempt writes; called from other threads."""

    def line(self, attempt: Attempt, text: str) -> None:
        """One line, with secrets masked, without its end."""


class ProcessExecutor:
    """Starts a process for each attempt, follows it, and ends its whole tree when told to.

    `interrupt` may be called from a signal handler.
    """

    def __init__(
        self,
        workshop: Workshop,
        stubs: Mapping[str, Outcome],
        secrets: Secrets,
        logs: Path,
        listener: Listener,
        janitor: Janitor,
        *,
        grace: float = GRACE,
    ) -> None:
        self._workshop = workshop
        self._stubs = stubs
        self._secrets = secrets
        self._logs = logs
        self._listener = listener
        self._janitor = janitor
        self._grace = grace
        self._begin = time.monotonic_ns()
        # Of all queues this one alone may be put to from a signal handler.
        self._events: SimpleQueue[Completion | None] = SimpleQueue()
        self._processes: dict[Attempt, _Process] = {}
        self._asked = 0
        self._taken: set[str] = set()

    def now(self) -> int:
        """Microseconds since the run began."""
        return (time.monotonic_ns() - self._begin) // 1000

    def start(self, attempt: Attempt) -> None:
        """Start the attempt's process, or answer with what stands in for the activity."""
        stub = self._stub(attempt.run)
        if stub is not None:
            self._events.put(Completion(attempt, stub.output, stub.error))
            return
        try:
            self._spawn(attempt)
        except Failure as failure:
            self._events.put(Completion(attempt, None, failure.error))
        except (OSError, ValueError) as error:
            # ValueError: a zero byte in a parameter, or a wheel that leads out of its folder.
            self._events.put(Completion(attempt, None, Error(FAILED, f"It could not be started: {error}.")))

    def _spawn(self, attempt: Attempt) -> None:
        mark = uuid.uuid4().hex
        command = self._workshop.prepare(attempt, mark)
        log = self._logs / log_name(attempt, self._taken)
        self._taken.add(log.name)
        attempt.log = str(log)
        child = subprocess.Popen(  # noqa: S603 - running the user's script is what this is for
            command.arguments,
            cwd=command.folder,
            env=command.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        if child.stdout is None:
            raise OSError("no pipe")
        self._janitor.look_after(mark, child.pid)
        process = _Process(attempt, child, child.stdout, mark)
        self._processes[attempt] = process
        reader = threading.Thread(target=self._copy, args=(attempt, child.stdout, log), daemon=True)
        reader.start()
        threading.Thread(target=self._follow, args=(process, reader), daemon=True).start()

    def _copy(self, attempt: Attempt, source: IO[bytes], log: Path) -> None:
        """Copy what the process writes to its log, line by line, with secrets masked."""
        try:
            with log.open("w", encoding="utf-8") as sink:
                for line in self._lines(attempt, source):
                    sink.write(line + "\n")
                    sink.flush()
        except OSError as error:
            self._listener.line(attempt, f"The log cannot be written any further: {error.strerror}.")
            # Somebody has to read on: a process waits where a pipe is full.
            for _ in self._lines(attempt, source):
                pass

    def _lines(self, attempt: Attempt, source: IO[bytes]) -> Iterator[str]:
        """The lines that a process writes, as the listener is told of them too."""
        for raw in iter(lambda: source.readline(LONGEST_LINE), b""):
            line = self._secrets.mask(raw.decode("utf-8", "replace").rstrip("\r\n"))
            self._listener.line(attempt, line)
            yield line

    def _follow(self, process: _Process, reader: threading.Thread) -> None:
        """Wait for the process and for what it leaves behind.

        After a success the run goes on meanwhile: Java takes half a second to end. Else nothing may be left that could
        get in the way of another attempt.
        """
        status = process.child.wait()
        completion = self._completion(process.attempt, status)
        if completion.error is None and not process.attempt.stopping:
            _drain(process.output, reader)
            self._events.put(completion)
            if not outwait(process.mark, process.child.pid, self._grace):
                self._end(process)
            reader.join()
        else:
            self._end(process)
            reader.join()
            self._events.put(completion)
        process.output.close()
        del self._processes[process.attempt]

    def _completion(self, attempt: Attempt, status: int) -> Completion:
        if status == 0:
            return Completion(attempt, {"runPageUrl": f"file://{attempt.log}"})
        how = f"was ended by {_signal_name(-status)}" if status < 0 else f"ended with exit status {status}"
        return Completion(attempt, None, Error(FAILED, f"The process {how}; see {attempt.log}."))

    def stop(self, attempt: Attempt) -> None:
        """End the attempt's whole process tree; its completion follows once nothing of it runs any more."""
        process = self._processes.get(attempt)
        if process is not None:
            threading.Thread(target=self._end, args=(process,), daemon=True).start()

    def _end(self, process: _Process) -> None:
        end_tree(process.mark, process.child.pid, 0 if process.killed else self._grace)

    def wait(self, deadline: int | None) -> Sequence[Completion]:
        """The next completion, or none where the deadline comes first.

        Raises:
            Interrupted: `interrupt` was called.
        """
        seconds = None if deadline is None else max(0.0, (deadline - self.now()) / SECOND)
        try:
            event = self._events.get(timeout=seconds)
        except Empty:
            return ()
        if event is None:
            raise Interrupted
        return (event,)

    def interrupt(self) -> None:
        """End the run: the first time by asking its processes, the second time by killing them."""
        self._asked += 1
        if self._asked == 1:
            self._events.put(None)
        else:
            for process in list(self._processes.values()):
                process.killed = True
                threading.Thread(target=self._end, args=(process,), daemon=True).start()

    def is_quiet(self) -> bool:
        """Whether nothing that was started runs any more."""
        return not any(members(process.mark, process.child.pid) for process in list(self._processes.values()))

    def replaces(self, run: ActivityRun) -> bool:
        """Whether a file stands in for an ``ExecutePipeline`` activity."""
        return self._stub(run) is not None

    def _stub(self, run: ActivityRun) -> Outcome | None:
        return given_for(run.scope.pipeline.model.name, run.name, self._stubs)

    def next_event(self) -> int | None:
        """In real time something may happen at any moment."""
        return self.now()

    def volatile(self) -> int:
        """In real time no answer need be the same the next time."""
        return self.now()


class _Process:
    """A process, and whether its grace is over."""

    def __init__(self, attempt: Attempt, child: subprocess.Popen[bytes], output: IO[bytes], mark: str) -> None:
        self.attempt = attempt
        self.child = child
        self.output = output
        self.mark = mark
        self.killed = False


def _drain(output: IO[bytes], reader: threading.Thread) -> None:
    """Wait until all that was written before the process ended has been read; others may still hold the pipe."""
    deadline = time.monotonic() + 1
    while reader.is_alive() and time.monotonic() < deadline and select.select([output], [], [], 0)[0]:
        time.sleep(0.001)


def log_name(attempt: Attempt, taken: Container[str] = ()) -> str:
    """The file name of an attempt's log: of the activity's name what every system takes, the pass, the attempt.

    Args:
        attempt: The attempt.
        taken: Names in use; if it is one of them, the activity's place among all events of the run is added.
    """
    run = attempt.run
    # Of four bytes each at most, so many characters leave room for the rest in every file system.
    name = re.sub(r"[^\w.-]+", "_", run.name)[:LONGEST_NAME]
    inner = run.scope.owner is not None or run.scope.pipeline.parent is not None
    short = f"{name}.{attempt.number}.log"
    return f"{name}.{run.opened}.{attempt.number}.log" if inner or short in taken else short


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
