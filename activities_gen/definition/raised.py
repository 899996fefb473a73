"""What to say of an exception that ``activities.py`` raised while it was loaded."""

from __future__ import annotations

import builtins
import re
import sys
import traceback
from typing import TYPE_CHECKING

from activities_gen.findings import Finding, Location, Severity, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from activities_gen.definition.recorder import Recorder

FILE = "activities.py"


class Exit(SystemExit):
    """What ``os._exit`` raises while ``activities.py`` is loaded."""


def raised(error: BaseException, recorder: Recorder) -> Finding:
    """The finding for an exception, at the innermost line of the user's own files.

    ``PY002`` for a file that is no Python, ``PY003`` for everything else.
    """
    file, line = _place(error, recorder)
    code = "PY003"
    if isinstance(error, SyntaxError):
        code, message = "PY002", f"Not valid Python: {sentence(error.msg)}"
    elif isinstance(error, SystemExit):
        function = "os._exit" if isinstance(error, Exit) else "sys.exit"
        message = f"It ends the process: {function}({'' if error.code is None else repr(error.code)}). Delete that."
    else:
        message = f"{type(error).__name__}: {sentence(str(error)) or 'it has no message.'}{_hint(error)}"
    return Finding(code, Severity.ERROR, message, Location(file, line))


def _place(error: BaseException, recorder: Recorder) -> tuple[str, int]:
    """File and line: where a file cannot be parsed, or the innermost of the user's lines that raised."""
    if isinstance(error, SyntaxError) and recorder.owns(error.filename or ""):
        return recorder.shown(error.filename or ""), error.lineno or 0
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if recorder.owns(frame.filename)]
    return (recorder.shown(own[-1].filename), own[-1].lineno or 0) if own else (FILE, 0)


def sentence(text: str) -> str:
    """A message on one line, without the paths that only this machine has, with a full stop."""
    line = " ".join(re.sub(r" \((?:unknown location|/[^)]*)\)$", "", text.strip()).split())
    return line if line.endswith("?") or not line else f"{line.rstrip('.')}."


MISSING = (
    "Name its package in requirements/build.txt, with its version and hash: 'make artifacts' installs nothing else."
)
"""What to do about a module that is not there. Installed by hand it would be missing where FlowEHR deploys."""


def _hint(error: BaseException) -> str:
    """Returns what to do about it, if that is known."""
    if isinstance(error, ModuleNotFoundError) and error.name:
        return f" {MISSING}"
    wrong, known = _names(error)
    return suggestion(wrong, known) if wrong else ""


def _names(error: BaseException) -> tuple[str, Iterable[str]]:
    """The name that was not found, and those that could have been meant."""
    if isinstance(error, ImportError):
        match = re.match(r"cannot import name '(\w+)' from '([\w.]+)'", str(error))
        return (match[1], dir(sys.modules.get(match[2]))) if match else ("", ())
    if isinstance(error, AttributeError) and error.name:
        return error.name, [name for name in dir(error.obj) if not name.startswith("_")]
    if isinstance(error, NameError) and error.name:
        frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
        return error.name, [*frames[-1].f_locals, *frames[-1].f_globals, *dir(builtins)] if frames else ()
    return "", ()
