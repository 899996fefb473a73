"""Loads ``activities.py``: runs it, and finds the pipeline in it."""

from __future__ import annotations

import contextlib
import os
import sys
import tokenize
import types
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from activities_gen.definition.pipeline import Pipeline
from activities_gen.definition.raised import FILE, Exit, raised, sentence
from activities_gen.definition.recorder import Recorder, recording
from activities_gen.definition.sdk import prepare
from activities_gen.definition.writing import findings
from activities_gen.findings import Finding, FindingsError, Location, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Definition:
    """A pipeline and the record of how it was made.

    Attributes:
        pipeline: The pipeline that the file defines.
        recorder: Knows the line of each object.
        findings: What is wrong with the objects; the pipeline's JSON is incomplete if there are any.
        source: The text of ``activities.py``.
        names: What the names of the module stand for.
    """

    pipeline: Pipeline
    recorder: Recorder
    findings: tuple[Finding, ...]
    source: str
    names: Mapping[str, Any]


def load(root: Path) -> Definition:
    """Run a pipeline directory's ``activities.py`` and find its pipeline.

    Args:
        root: The pipeline directory, an absolute path. Modules beside ``activities.py`` can be imported by it.

    Returns:
        The definition. Where its recorder has problems, the SDK would have changed the definition in silence: it must
        not be deployed, and is good for finding further mistakes only.

    Raises:
        FindingsError: The file is missing or no Python, raises, or defines no pipeline or several; with all that was
            found up to there.
    """
    if not prepare():
        message = "The Azure SDK is not installed for this Python. 'make activities' installs it into .venv."
        raise FindingsError([_finding("PY006", message, 0)])
    recorder = Recorder(root)
    module = types.ModuleType("activities")
    module.__file__ = str(root / FILE)
    source = _source(root / FILE)
    code = _compiled(root, source)
    problem = _run(code, module, root, recorder)
    found = findings(recorder.all_problems(), recorder)
    pipelines = list({id(value): value for value in vars(module).values() if isinstance(value, Pipeline)}.values())
    if problem is None and len(pipelines) != 1:
        problem = _count_finding(pipelines, recorder)
    if problem is not None:
        raise FindingsError([*found, problem])
    return Definition(pipelines[0], recorder, tuple(found), source, vars(module))


def _compiled(root: Path, source: str) -> types.CodeType:
    """The code of ``activities.py``."""
    try:
        return compile(source, str(root / FILE), "exec", dont_inherit=True)
    except SyntaxError as error:
        raise FindingsError(
            [_finding("PY002", f"Not valid Python: {sentence(error.msg)}", error.lineno or 0)]
        ) from error
    except ValueError as error:
        raise FindingsError([_finding("PY002", f"Not valid Python: {error}.", 0)]) from error


def _source(path: Path) -> str:
    """The text of ``activities.py``, in the encoding that its first lines name, else in UTF-8."""
    try:
        with tokenize.open(path) as file:
            return file.read()
    except FileNotFoundError:
        message = f"There is no {FILE} in '{path.parent}'. Start one with: python -m activities_gen init DIR, or name a pipeline directory; --all takes all below a folder."
        raise FindingsError([_finding("PY001", message, 0)]) from None
    except OSError as error:
        raise FindingsError([_finding("PY001", f"It cannot be read: {error.strerror}.", 0)]) from error
    except (
        SyntaxError,
        UnicodeDecodeError,
    ) as error:  # the former of an encoding that is named, or of a mark in UTF-16
        message, line = _no_text(path, error)
        raise FindingsError([_finding("PY002", message, line)]) from error


def _no_text(path: Path, error: SyntaxError | UnicodeDecodeError) -> tuple[str, int]:
    """Why a file is no text, and the first line that shows it."""
    if isinstance(error, SyntaxError) and error.msg.startswith("unknown encoding"):
        return f"Python knows no encoding '{error.msg.rpartition(': ')[2]}'. Save the file as UTF-8.", 1
    encoding = error.encoding if isinstance(error, UnicodeDecodeError) else "utf-8"
    message = "The file is no text in UTF-8. Save it as UTF-8, or name its encoding in the first line."
    lines = enumerate(path.read_bytes().splitlines(), start=1)
    return message, next((number for number, line in lines if "\ufffd" in line.decode(encoding, "replace")), 0)


def _run(code: types.CodeType, module: types.ModuleType, root: Path, recorder: Recorder) -> Finding | None:
    """Run the module; what it raises is the finding returned."""
    before, modules, bytecode = list(sys.path), dict(sys.modules), sys.dont_write_bytecode
    sys.path.insert(0, str(root))
    sys.modules[module.__name__] = module  # where dataclasses and pickle look for it
    sys.dont_write_bytecode = True
    try:
        # What it prints is for people; standard output belongs to the verb, which may write JSON there.
        with recording(recorder), _exit_raised(), contextlib.redirect_stdout(sys.stderr):
            exec(code, vars(module))  # noqa: S102 running the user's definition is what loading means
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 the user's code may raise anything; all of it is the user's finding
        return raised(error, recorder)
    finally:
        sys.path[:] = before
        sys.dont_write_bytecode = bytecode
        _forget(modules, recorder)
    return None


@contextlib.contextmanager
def _exit_raised() -> Iterator[None]:
    """Have ``os._exit`` raise: it would end the command there and then, with all well if it is given 0."""
    leave, process = os._exit, os.getpid()

    def refuse(status: int) -> NoReturn:
        if os.getpid() != process:  # a process that the file forks ends so
            leave(status)
        raise Exit(status)

    os._exit = refuse
    try:
        yield
    finally:
        os._exit = leave


def _forget(before: dict[str, types.ModuleType], recorder: Recorder) -> None:
    """Unload the pipeline directory's modules, so that the next directory's of the same names are loaded anew."""
    for name, module in list(sys.modules.items()):
        if module is not before.get(name) and recorder.owns(getattr(module, "__file__", None) or ""):
            del sys.modules[name]
            if name in before:
                sys.modules[name] = before[name]


def _count_finding(pipelines: list[Pipeline], recorder: Recorder) -> Finding:
    if not pipelines:
        return _finding(
            "PY004", 'No pipeline in it. Add a line like: pipeline = Pipeline("my-pipeline", activities=[…])', 0
        )
    names = ", ".join(f"'{pipeline.name}' (line {recorder.locate(pipeline).line})" for pipeline in pipelines)
    message = f"{len(pipelines)} pipelines: {names}. A pipeline directory defines one; move the others to directories of their own."
    return Finding("PY005", Severity.ERROR, message, recorder.locate(pipelines[1]))


def _finding(code: str, message: str, line: int) -> Finding:
    return Finding(code, Severity.ERROR, message, Location(FILE, line))
