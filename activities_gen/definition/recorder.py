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
from types import NoneType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from activities_gen.findings import Finding, Location, Severity, suggestion
from activities_gen.wire.sdk import is_kind, keywords, required_keywords
from activities_gen.wire.serialise import Problem, Serialiser

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from types import FrameType

_P = ParamSpec("_P")
_R = TypeVar("_R")
_active: list[Recorder] = []


class Broken:
    """Stands in for an SDK object that could not be made, or a value not given; the mistake is already recorded."""

    name: Any
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
class Lines:
    """The lines of calls and keywords in the user's files, each file parsed when it is first asked about."""

    calls: dict[str, dict[int, list[ast.Call]]] = field(default_factory=dict)

    def of(self, call: Call, keyword: str, value: object) -> int:
        """The line of a keyword inside a call, of a value inside that keyword, or of the call itself."""
        found = self._calls(call.file).get(call.line, [])
        keywords = [one for node in found for one in node.keywords if keyword and one.arg == keyword]
        nodes: list[ast.AST] = [*(keywords[:1] or found[:1])]
        inner = _constant(nodes[0], value) if nodes and value is not None else None
        if inner is not None:
            return inner.lineno
        return keywords[0].lineno if keywords else call.line

    def _calls(self, file: str) -> dict[int, list[ast.Call]]:
        if file not in self.calls:
            self.calls[file] = _calls_by_line(file)
        return self.calls[file]


@dataclass
class Recorder:
    """What was made, and where, while ``activities.py`` was loaded.

    Attributes:
        root: The pipeline directory; files in it are shown relative to it.
        models: The SDK objects, in the order made.
        calls: From an object's ``id`` to its place. Holds as long as the object lives, which ``models`` sees to.
        problems: Calls that name an unknown keyword or miss a required one.
        broken: Whether an object could not be made at all.
        lines: Finds lines inside calls.
    """

    root: Path
    models: list[Any] = field(default_factory=list)
    calls: dict[int, Call] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broken: bool = False
    lines: Lines = field(default_factory=Lines, repr=False)

    def note(self, thing: Any) -> None:
        """Remember that the user's code, being called right now, makes ``thing``."""
        call = _user_call()
        if call is not None:
            self.calls[id(thing)] = call
            self.models.append(thing)

    def all_problems(self) -> list[Problem]:
        """Every mistake: in the calls, and in what each object holds now, whether the pipeline uses it or not."""
        serialiser = Serialiser()
        models = [model for model in self.models if hasattr(type(model), "_attribute_map")]
        activities = [model for model in models if is_kind(type(model), "Activity")]
        met = _met(activities, serialiser)  # first, for a mistake in a part of an activity names that
        _met([model for model in models if id(model) not in met], serialiser)
        return [*self.problems, *serialiser.problems]

    def left_out(self, used: Collection[int]) -> list[Any]:
        """The activities that are not among ``used``, by their ids, nor in one that is left out itself."""
        activities = [model for model in self.models if is_kind(type(model), "Activity") and id(model) not in used]
        held = [_met([activity], Serialiser()) - {id(activity)} for activity in activities]
        return [activity for activity in activities if not any(id(activity) in inner for inner in held)]

    def finding(self, problem: Problem) -> Finding:
        """A problem as a finding at the user's line."""
        place = self.locate(problem.model, problem.attribute, problem.value)
        return Finding(problem.code, Severity.ERROR, problem.message, place)

    def locate(self, thing: Any, keyword: str = "", value: object = None) -> Location:
        """Where an object was made, or one of its keywords was given.

        Args:
            thing: An object that was made while this recorder was active.
            keyword: The keyword whose line is wanted; the call's own if there is none of that name.
            value: A string or number inside the keyword's value, or inside the call where the keyword is not in it,
                whose line is wanted.
        """
        call = self.calls.get(id(thing))
        if call is None:
            return Location("activities.py")
        return Location(self.shown(call.file), self.lines.of(call, keyword, value))

    def owns(self, file: str) -> bool:
        """Whether a file belongs to the pipeline directory, and not to a virtual environment in it."""
        path = Path(file)
        return path.is_relative_to(self.root) and "site-packages" not in path.relative_to(self.root).parts

    def shown(self, file: str) -> str:
        """A file as findings show it."""
        path = Path(file)
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else file


def _met(models: Iterable[Any], serialiser: Serialiser) -> set[int]:
    """The ids of the SDK objects that ``models`` are and hold, met by writing them."""
    written = []  # the serialiser knows what it has met as long as the JSON lives
    for model in models:
        with contextlib.suppress(RecursionError):  # what contains itself is reported where JSON is written
            written.append(serialiser.serialise(model))
    return set(map(id, serialiser.origins.values()))


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
    known = keywords(kind)
    instance: Any = object.__new__(kind)
    recorder.note(instance)
    if id(instance) not in recorder.calls:  # made by the SDK itself
        return instance
    title = _called(kind, kwargs)
    unknown = [name for name in kwargs if name not in known]
    for name in unknown:
        message = f"{title} has no attribute '{name}'; the SDK would drop it.{suggestion(name, known)}"
        recorder.problems.append(Problem(instance, name, "PY101", message))
    absent = [name for name in required_keywords(kind) if name in known and name not in kwargs]
    missing = _missing(absent, known, unknown)
    if args:
        message = f"{title} takes keywords only, as in {kind.__name__}({next(iter(known), '')}=…)."
        recorder.problems.append(Problem(instance, "", "PY104", message))
    elif missing:
        recorder.problems.append(Problem(instance, "", "PY102", f"{title} needs {_listed(missing)}."))
    if not args and not absent:
        return instance
    recorder.models.pop()  # it was never made; its problems keep it alive
    recorder.broken = True
    return Broken(kind, kwargs)


def _called(kind: type, kwargs: dict[str, Any]) -> str:
    name = kwargs.get("name")
    return f"{kind.__name__} '{name}'" if isinstance(name, str) else kind.__name__


def authoring(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Let a helper of the definition note wrong arguments instead of ending the load at the first.

    What the helper needs and was not given is a stand-in then, so that the load goes on.
    """
    signature = _Signature.of(function)

    @functools.wraps(function)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        mistakes = signature.mistakes(len(args), kwargs) if _active else []
        if not mistakes:
            return function(*args, **kwargs)
        place: Any = args[0] if function.__name__ == "__init__" else Broken(NoneType, {})
        _active[-1].note(place)
        _active[-1].problems += [Problem(place, keyword, code, message) for keyword, code, message in mistakes]
        taken, filled = signature.mended(args, kwargs)
        return function(*taken, **filled)

    return call


@dataclass(frozen=True)
class _Signature:
    """What a helper takes."""

    title: str
    keywords: tuple[str, ...]
    positional: tuple[str, ...]
    required: tuple[str, ...]
    any_number: bool

    @classmethod
    def of(cls, function: Callable[..., Any]) -> _Signature:
        parameters = inspect.signature(function).parameters.values()
        kinds = inspect.Parameter
        named = [one for one in parameters if one.kind not in (kinds.VAR_POSITIONAL, kinds.VAR_KEYWORD)]
        initialises = function.__name__ == "__init__"
        return cls(
            title=function.__qualname__.split(".")[0] if initialises else function.__name__,
            keywords=tuple(one.name for one in named if one.name != "self"),
            positional=tuple(one.name for one in named if one.kind is kinds.POSITIONAL_OR_KEYWORD),
            required=tuple(one.name for one in named if one.default is kinds.empty),
            any_number=any(one.kind is kinds.VAR_POSITIONAL for one in parameters),
        )

    def mistakes(self, count: int, given: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """Keyword, code and message of everything wrong with a call of ``count`` positional arguments."""
        unknown = [name for name in given if name not in self.keywords]
        found = [
            (name, "PY101", f"{self.title}(…) has no keyword '{name}'.{suggestion(name, self.keywords)}")
            for name in unknown
        ]
        missing = _missing(self._without(count, given), self.keywords, unknown)
        if missing:
            found.append(("", "PY102", f"{self.title}(…) needs {_listed(missing)}."))
        if count > len(self.positional) and not self.any_number:
            allowed = [name for name in self.positional if name != "self"]
            example = next((name for name in self.keywords if name not in allowed), "")
            message = (
                f"{self.title}(…) takes {_listed(allowed) or 'nothing'} by position; name the rest, as in {example}=…."
            )
            found.append(("", "PY104", message))
        return found

    def mended(self, args: tuple[Any, ...], given: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Arguments that the helper takes, as near as can be to those given."""
        known = {name: value for name, value in given.items() if name in self.keywords}
        taken = args if self.any_number else args[: len(self.positional)]
        return taken, known | dict.fromkeys(self._without(len(args), given), Broken(NoneType, {}))

    def _without(self, count: int, given: Mapping[str, Any]) -> list[str]:
        """Returns what is required and not given."""
        return [name for name in self.required if name not in given and name not in self.positional[:count]]


def _missing(names: list[str], known: Iterable[str], unknown: Iterable[str]) -> list[str]:
    """Missing names without those that are merely misspelt: one mistake is one finding."""
    hints = [suggestion(name, known) for name in unknown]
    return [name for name in names if not any(f"'{name}'" in hint for hint in hints)]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def note(thing: Any) -> None:
    """Remember where ``thing``, one of our own objects, is made, where somebody wants to know."""
    if _active:
        _active[-1].note(thing)


def object_problem(thing: Any, attribute: str, code: str, message: str, value: object = None) -> None:
    """Report a mistake in one of our own calls.

    Args:
        thing: What the call made.
        attribute: The keyword that is wrong, empty if the call as a whole is.
        code: The finding's code.
        message: What is wrong and how to mend it.
        value: The wrong value, where its line is to be found.

    Raises:
        ValueError: Nobody collects problems: the definition is being used outside a load.
    """
    if not _active:
        raise ValueError(message)
    _active[-1].problems.append(Problem(thing, attribute, code, message, value))


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


def _constant(node: ast.AST, value: object) -> ast.Constant | None:
    """The first place where a value is spelt out below a node, in the order of the file."""
    same = [
        inner
        for inner in ast.walk(node)
        if isinstance(inner, ast.Constant) and type(inner.value) is type(value) and inner.value == value
    ]
    return min(same, key=lambda inner: (inner.lineno, inner.col_offset), default=None)


def _calls_by_line(file: str) -> dict[int, list[ast.Call]]:
    """Every call of a file by its first line."""
    linecache.checkcache(file)
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except SyntaxError:
        return {}
    found: dict[int, list[ast.Call]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found.setdefault(node.lineno, []).append(node)
    return found
