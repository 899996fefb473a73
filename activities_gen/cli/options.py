"""The values of options, read from a command line and from the files that it names, and all that is wrong with them."""

from __future__ import annotations

import json
import os
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from activities_gen.cli import UsageError, show
from activities_gen.findings import Finding, FindingsError
from activities_gen.formats import models
from activities_gen.lazy import lazy_module
from activities_gen.run.stub import Outcome, fail, succeed
from activities_gen.run.trigger import parse_window

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from activities_gen.formats import stub as stub_format
else:
    stub_format = lazy_module("activities_gen.formats.stub")  # needs pydantic, which runs without stubs do without


@dataclass
class Wrong:
    """What is wrong with a command, gathered so that all of it is said in one go."""

    usage: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @contextmanager
    def noted(self, about: str = "") -> Iterator[None]:
        """Note what is wrong and go on behind; ``about`` stands before what is wrong with the command line."""
        try:
            yield
        except UsageError as error:
            self.usage += [f"{about}{problem}" for problem in error.args]
        except FindingsError as error:
            self.note(error.findings)

    def note(self, findings: Iterable[Finding]) -> None:
        """Note findings, each once."""
        self.findings += [finding for finding in findings if finding not in self.findings]

    def refuse(self) -> None:
        """End the command where anything is wrong with it.

        Raises:
            UsageError: With the command line; what else is wrong has been shown.
            FindingsError: With the pipelines alone.
        """
        if self.usage:
            show(FindingsError(self.findings))
            raise UsageError(*self.usage)
        if self.findings:
            raise FindingsError(self.findings)


def pairs_of(texts: Iterable[str], option: str, wrong: Wrong, form: str = "NAME=VALUE") -> dict[str, str]:
    """The values of an option by their names; what is of another form is noted."""
    pairs = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if name and equals:
            pairs[name] = value
        else:
            wrong.usage.append(f"{option} takes {form}, not '{text}'.{_misplaced(text)}")
    return pairs


def _misplaced(text: str) -> str:
    """Returns what to do with a directory that an option in front of it took for a value."""
    is_directory = os.path.isdir(text)  # noqa: PTH112 Path's own raises where a text is too long for a name
    return " Name directories before the option." if is_directory else ""


def window_of(text: str | None) -> tuple[datetime, datetime] | None:
    """The window that an option gives, ``None`` if it is not given.

    Raises:
        UsageError: It is none.
    """
    if text is None:
        return None
    start, slash, end = text.partition("/")
    if not slash:
        raise UsageError(f"--window takes START/END, not '{text}'.")
    try:
        return parse_window(start, end)
    except ValueError as error:
        raise UsageError(str(error)) from error


def event_of(text: str | None, wrong: Wrong) -> str | dict[str, Any] | None:
    """The event that an option gives: a file's path, or an object as JSON; ``None`` if it is not given."""
    if text is None or not text.lstrip().startswith("{"):
        return text
    try:
        found: dict[str, Any] = json.loads(text)
    except json.JSONDecodeError as error:
        wrong.usage.append(f"--event is not JSON: {error}.")
        return None
    return found


def conf_of(files: Iterable[Path], settings: Iterable[str], wrong: Wrong) -> dict[str, str]:
    """Spark's configuration; a setting of the command line counts before those of files."""
    conf: dict[str, str] = {}
    for path in files:
        with wrong.noted():
            for line in _text(path, "--conf-file").splitlines():
                match = re.fullmatch(r"\s*([^#\s=]+)\s*(?:=|\s)\s*(.*?)\s*", line)
                if match:
                    conf[match[1]] = match[2]
    return conf | pairs_of(settings, "--conf", wrong)


def stubs_of(texts: Iterable[str], wrong: Wrong) -> dict[str, Outcome]:
    """Returns what stands in for activities, by name; any outcome in the place of one whose file is wrong."""
    stubs = {}
    for name, file in pairs_of(texts, "--stub", wrong, "NAME=FILE").items():
        stubs[name] = succeed()
        with wrong.noted():
            stubs[name] = _stub(Path(file))
    return stubs


def _stub(path: Path) -> Outcome:
    """Returns the outcome that a file gives to an activity.

    Raises:
        UsageError: There is no such file.
        FindingsError: Its content is wrong.
    """
    content = _bytes(path, "--stub")
    with models(str(path), "RUN029"):
        stub = stub_format.read_stub(content, str(path))
    if stub.error is None:
        return succeed(stub.output)
    error = stub.error
    return fail(error.message, code=error.code, failure_type=error.failure_type, output=stub.output)


def _bytes(path: Path, option: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{option}: {path} cannot be read: {error.strerror or error}.") from error


def _text(path: Path, option: str) -> str:
    try:
        return _bytes(path, option).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{option}: {path} cannot be read: it is no text in UTF-8.") from error
