"""Watches SDK objects being made, so that a mistake is found at the line where it was written.

The SDK drops a misspelt keyword with a log line, and its objects do not know where they come from. While a recorder is
active, each object's place is kept, and a call that the SDK would answer with a ``TypeError`` is noted and survives, so
that one run finds all mistakes instead of the first.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import inspect
import linecache
import logging
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from activities_gen.findings import Finding, Location, Severity, suggestion
from activities_gen.wire.serialise import Problem, Serialiser, required_keywords

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

_P = ParamSpec("_P")
_R = TypeVar("_R")
_active: list[Recorder] = []


class Broken:
    """Stands in for an SDK object that could not be made; its mistake is already recorded."""

    is_recorded_mistake = True

    def __init__(self, kind: type, attributes: dict[str, Any]) -> None:
        self.kind = kind
        self.__dict__.update({"name": None, **attributes})


@dataclass(frozen=True)
class Call:
    """Where an object was made.

    Attributes:
        file: Absolute path of the user's file.
        line: First line of the call.
    """

    file: str
    line: int


@dataclass
class Recorder:
    """What was made, and where, while ``activities.py`` was loaded.

    Attributes:
        root: The pipeline directory; files in it are shown relative to it.
        models: The SDK objects, in the order made.
        calls: From an object's ``id`` to its place. Holds as long as the object lives, which ``models`` sees to.
        problems: Calls that name an unknown keyword or miss a required one.
    """

    root: Path
    models: list[Any] = field(default_factory=list)
    calls: dict[int, Call] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def note(self, thing: Any) -> None:
        """Remember that the user's code, being called right now, makes ``thing``."""
        call = _user_call()
        if call is not None:
            self.calls[id(thing)] = call
            self.models.append(thing)

    def all_problems(self) -> list[Problem]:
        """Every mistake: in the calls, and in what each object holds now, whether the pipeline uses it or not."""
        serialiser = Serialiser()
        for model in self.models:
            if hasattr(type(model), "_attribute_map"):
                serialiser.serialise(model)
        return [*self.problems, *serialiser.problems]

    def finding(self, problem: Problem) -> Finding:
        """A problem as a finding at the user's line."""
        return Finding(problem.code, Severity.ERROR, problem.message, self.locate(problem.model, problem.attribute))

    def locate(self, thing: Any, keyword: str = "", value: object = None) -> Location:
        """Where an object was made, or one of its keywords was given.

        Args:
            thing: An object that was made while this recorder was active.
            keyword: The keyword whose line is wanted; the call's own where there is none of that name.
            value: A string inside the keyword's value whose line is wanted.
        """
        call = self.calls.get(id(thing))
        if call is None:
            return Location("activities.py")
        return Location(self.shown(call.file), _refined(call, keyword, value))

    def shown(self, file: str) -> str:
        """A file as findings show it."""
        path = Path(file)
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else file


@contextlib.contextmanager
def recording(recorder: Recorder) -> Iterator[None]:
    """Have ``recorder`` watch every SDK object that is made."""
    from azure.mgmt.datafactory._utils.serialization import Model  # noqa: PLC0415 only where definitions are loaded

    def make(kind: type, *args: Any, **kwargs: Any) -> Any:
        return _made(kind, args, kwargs, recorder)

    log = logging.getLogger(Model.__module__)
    log_was_off, log.disabled = log.disabled, True  # it warns of dropped keywords, which are findings here
    _active.append(recorder)
    Model.__new__ = make  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        _active.pop()
        log.disabled = log_was_off
        # Deleting a __new__ from a class leaves object.__new__ refusing arguments, so one that ignores them stays.
        Model.__new__ = lambda kind, *_, **__: object.__new__(kind)  # type: ignore[method-assign]


def _made(kind: type, args: tuple[Any, ...], kwargs: dict[str, Any], recorder: Recorder) -> Any:
    """What ``kind(*args, **kwargs)`` gives: the object, or a stand-in where the call is wrong beyond repair."""
    known = _keywords(kind)
    instance: Any = object.__new__(kind)
    recorder.note(instance)
    if id(instance) not in recorder.calls:  # made by the SDK itself
        return instance
    for name in kwargs.keys() - known:
        message = f"{_called(kind, kwargs)} has no attribute '{name}'; the SDK would drop it.{suggestion(name, known)}"
        recorder.problems.append(Problem(instance, name, "PY101", message))
    missing = [name for name in required_keywords(kind) if name in known and name not in kwargs]
    if args:
        recorder.problems.append(
            Problem(
                instance,
                "",
                "PY104",
                f"{_called(kind, kwargs)} takes keywords only, as in {kind.__name__}({next(iter(known))}=…).",
            )
        )
    elif missing:
        names = ", ".join(f"'{name}'" for name in missing)
        recorder.problems.append(Problem(instance, "", "PY102", f"{_called(kind, kwargs)} needs {names}."))
    else:
        return instance
    recorder.models.pop()  # it was never made; its problems keep it alive
    return Broken(kind, kwargs)


def _called(kind: type, kwargs: dict[str, Any]) -> str:
    name = kwargs.get("name")
    return f"{kind.__name__} '{name}'" if isinstance(name, str) else kind.__name__


@functools.cache
def _keywords(kind: Any) -> dict[str, None]:
    """The keywords of a class's constructor, in order; those it hands on to its bases are among them."""
    return {
        name: None
        for name, parameter in inspect.signature(kind.__init__).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    }


def authoring(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Let a helper of the definition note its unknown keywords instead of ending the load at the first."""
    names = list(inspect.signature(function).parameters)

    @functools.wraps(function)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        unknown = [name for name in kwargs if name not in names]
        if not unknown or not _active:
            return function(*args, **kwargs)
        result = function(*args, **{name: value for name, value in kwargs.items() if name in names})  # type: ignore[arg-type]
        made = args[0] if function.__name__ == "__init__" else result
        shown = type(made).__name__ if made is not result else function.__name__
        for name in unknown:
            message = f"{shown}(…) has no keyword '{name}'.{suggestion(name, names)}"
            _active[-1].note(made)
            _active[-1].problems.append(Problem(made, name, "PY101", message))
        return result

    return call


def note(thing: Any) -> None:
    """Remember where ``thing``, one of our own objects, is made, where somebody wants to know."""
    if _active:
        _active[-1].note(thing)


def object_problem(thing: Any, attribute: str, code: str, message: str) -> None:
    """Report a mistake in one of our own calls.

    Raises:
        ValueError: Nobody collects problems: the definition is being used outside a load.
    """
    if not _active:
        raise ValueError(message)
    _active[-1].problems.append(Problem(thing, attribute, code, message))


def _user_call() -> Call | None:
    """The innermost frame of the user's own code, if no SDK code made the object on its own account."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        file = frame.f_code.co_filename
        if "/azure/mgmt/datafactory/" in file.replace("\\", "/"):
            return None
        if not file.startswith((_PACKAGE, "<frozen")):
            return Call(file, frame.f_lineno)
        frame = frame.f_back
    return None


_PACKAGE = str(Path(__file__).resolve().parents[1])


def _refined(call: Call, keyword: str, value: object) -> int:
    """The line of a keyword inside a call, or of a string inside that keyword's value."""
    if not keyword:
        return call.line
    nodes = _keyword_nodes(call.file).get((call.line, keyword))
    if not nodes:
        return call.line
    node = nodes[0]
    for inner in ast.walk(node) if value is not None else ():
        if isinstance(inner, ast.Constant) and inner.value == value:
            return inner.lineno
    return node.lineno


@functools.cache
def _keyword_nodes(file: str) -> dict[tuple[int, str], list[ast.keyword]]:
    """Every keyword argument of a file, by its call's first line and its name."""
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except SyntaxError:
        return {}
    found: dict[tuple[int, str], list[ast.keyword]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg is not None:
                    found.setdefault((node.lineno, keyword.arg), []).append(keyword)
    return found
