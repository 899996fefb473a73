"""Loads ``activities.py``: runs it, and finds the pipeline in it."""

from __future__ import annotations

import sys
import tokenize
import traceback
import types
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from activities_gen.definition.pipeline import Pipeline
from activities_gen.definition.recorder import Recorder, recording
from activities_gen.definition.sdk import prepare
from activities_gen.definition.writing import findings
from activities_gen.findings import Finding, FindingsError, Location, Severity

if TYPE_CHECKING:
    from pathlib import Path

FILE = "activities.py"


@dataclass(frozen=True)
class Definition:
    """A pipeline and the record of how it was made.

    Attributes:
        pipeline: The pipeline that the file defines.
        recorder: Knows the line of each object.
        findings: What is wrong with the objects; the pipeline's JSON is incomplete where there are any.
    """

    pipeline: Pipeline
    recorder: Recorder
    findings: tuple[Finding, ...]


def load(root: Path) -> Definition:
    """Run a pipeline directory's ``activities.py`` and find its pipeline.

    Args:
        root: The pipeline directory, an absolute path. Modules beside ``activities.py`` can be imported by it.

    Raises:
        FindingsError: The file is missing or no Python, raises, or defines no pipeline or several; with all that was
            found up to there.
    """
    if not prepare():
        message = "The Azure SDK is not installed. Run: pip install 'azure-mgmt-datafactory>=9.3,<9.4'"
        raise FindingsError([_finding("PY006", message, 0)])
    recorder = Recorder(root)
    module = types.ModuleType("activities")
    module.__file__ = str(root / FILE)
    code = _compiled(root)
    problem = _run(code, module, root, recorder)
    found = findings(recorder.all_problems(), recorder)
    if problem is not None:
        raise FindingsError([*found, problem])
    pipelines = list({id(value): value for value in vars(module).values() if isinstance(value, Pipeline)}.values())
    if len(pipelines) != 1:
        raise FindingsError([*found, _count_finding(pipelines, recorder)])
    return Definition(pipelines[0], recorder, tuple(found))


def _compiled(root: Path) -> Any:
    path = root / FILE
    try:
        with tokenize.open(path) as file:
            source = file.read()
        return compile(source, str(path), "exec", dont_inherit=True)
    except FileNotFoundError:
        message = f"There is no {FILE} in '{root}'. Start one with: python -m activities_gen init, or name the pipeline directory."
        raise FindingsError([_finding("PY001", message, 0)]) from None
    except OSError as error:
        raise FindingsError([_finding("PY001", f"{error.strerror}.", 0)]) from error
    except SyntaxError as error:
        raise FindingsError([_finding("PY002", f"Not valid Python: {error.msg}.", error.lineno or 0)]) from error
    except (UnicodeDecodeError, ValueError) as error:
        raise FindingsError([_finding("PY002", f"The file is no text in UTF-8: {error}.", 0)]) from error


def _run(code: Any, module: types.ModuleType, root: Path, recorder: Recorder) -> Finding | None:
    """Run the module; what it raises is the finding returned."""
    before, modules, bytecode = list(sys.path), set(sys.modules), sys.dont_write_bytecode
    sys.path.insert(0, str(root))
    sys.dont_write_bytecode = True
    try:
        with recording(recorder):
            exec(code, vars(module))  # noqa: S102 running the user's definition is what loading means
    except (Exception, SystemExit) as error:  # noqa: BLE001 the user's code may raise anything; all of it is the user's finding
        return _raised(error, recorder)
    finally:
        sys.path[:] = before
        sys.dont_write_bytecode = bytecode
        for name in set(sys.modules) - modules:
            _forget(name, root)
    return None


def _forget(name: str, root: Path) -> None:
    """Unload a module of the pipeline directory, so that the next directory's of the same name is loaded anew."""
    file = getattr(sys.modules[name], "__file__", None)
    if file and file.startswith(f"{root}/") and "site-packages" not in file:
        del sys.modules[name]


def _raised(error: BaseException, recorder: Recorder) -> Finding:
    """The finding for an exception, at the innermost line of the user's own files."""
    root = str(recorder.root)
    own = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith(root) and "site-packages" not in frame.filename
    ]
    line, file = (own[-1].lineno or 0, recorder.shown(own[-1].filename)) if own else (0, FILE)
    if isinstance(error, SyntaxError) and error.filename and error.filename.startswith(root):
        line, file = error.lineno or 0, recorder.shown(error.filename)
    text = str(error) or "without a message"
    hint = f" Install it: pip install {error.name}." if isinstance(error, ModuleNotFoundError) and error.name else ""
    return Finding("PY003", Severity.ERROR, f"{type(error).__name__}: {text.rstrip('.')}.{hint}", Location(file, line))


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
