"""The registry of functions: each is declared once, by a decorator of the Python function that computes it.

Everything else is made from the declarations: what the evaluator calls, what the checks know of a call, the Python
functions that build calls (``calls.py``) and the page ``docs/functions.md``; ``tools/write_functions.py`` writes both.

A signature is written as in ``"text: string, start: integer, [count: integer] -> string"``. A type is one of
:data:`TYPES`, or several with ``|`` between. A parameter in brackets is optional; ``*`` stands before one that takes any
number of arguments. The engine's signature has types alone, as in ``"any, *any -> string"``.
"""

from __future__ import annotations

import builtins
import keyword
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

TYPES: dict[str, frozenset[str]] = {
    "any": frozenset(),
    "string": frozenset({"String"}),
    "integer": frozenset({"Integer"}),
    "number": frozenset({"Integer", "Float"}),
    "boolean": frozenset({"Boolean"}),
    "array": frozenset({"Array"}),
    "object": frozenset({"Object"}),
    "xml": frozenset({"Object"}),
    "null": frozenset({"Null"}),
}
"""The names of types in signatures, and the engine's types that fit each; ``any`` takes all."""

_CLASSES: dict[str, tuple[type, ...]] = {
    "String": (str,),
    "Integer": (int,),
    "Float": (float,),
    "Boolean": (bool,),
    "Array": (list,),
    "Object": (dict,),
    "Null": (type(None),),
}


FORMATS = ("o",)
"""Samples of a date format."""
COUNTS = (0,)
"""Samples of a count."""
LISTS: tuple[Any, ...] = ([], "")
"""Samples of a value that has elements or characters."""

Samples = tuple[tuple[Any, ...], ...]
"""For each parameter, the values that stand for any other when a call is judged without a run."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a function.

    Attributes:
        name: Its name in Python; empty in the engine's signature.
        types: The engine's types that fit; empty if all do.
        shown: The types as the signature writes them, for messages.
        classes: The Python classes of values that fit; empty if all do.
        optional: Whether the argument may be left out.
        repeated: Whether it takes any number of arguments.
    """

    name: str
    types: frozenset[str]
    shown: str
    classes: frozenset[type]
    optional: bool
    repeated: bool


@dataclass(frozen=True)
class Signature:
    """Parameters and result of a function.

    Attributes:
        parameters: The parameters; a repeated one is the last.
        returns: The engine's types that the result may have; empty if it may be any.
        shown: The types of the result as the signature writes them.
    """

    parameters: tuple[Parameter, ...]
    returns: frozenset[str]
    shown: str

    @cached_property
    def fewest(self) -> int:
        """How many arguments there must be."""
        return sum(not (parameter.optional or parameter.repeated) for parameter in self.parameters)

    @cached_property
    def most(self) -> int | None:
        """How many arguments there may be, ``None`` for any number."""
        return None if any(parameter.repeated for parameter in self.parameters) else len(self.parameters)

    def accepts(self, count: int) -> bool:
        """Whether the function takes ``count`` arguments."""
        return count >= self.fewest and (self.most is None or count <= self.most)

    def parameter(self, index: int) -> Parameter:
        """The parameter that the argument ``index``, from 0, belongs to."""
        return self.parameters[min(index, len(self.parameters) - 1)]

    @property
    def arity(self) -> str:
        """How many arguments there must be, in words."""
        if self.most is None:
            return f"at least {_count(self.fewest)}"
        if self.most == self.fewest:
            return "no arguments" if not self.most else f"exactly {_count(self.most)}"
        return f"{self.fewest} to {self.most} arguments"


def _count(number: int) -> str:
    return f"{number} argument" if number == 1 else f"{number} arguments"


def types_of(text: str) -> frozenset[str]:
    """The engine's types that a type in a signature names."""
    names = text.split("|")
    return frozenset() if "any" in names else frozenset[str]().union(*(TYPES[name] for name in names))


_PARAMETER = re.compile(r"(\[?)(\*?)(?:(\w+): )?([\w|]+)\]?")


def signature(text: str) -> Signature:
    """Read a signature such as ``"list: array|string, count: integer -> any"``."""
    left, _, right = text.partition("-> ")
    return Signature(tuple(_parameter(*found) for found in _PARAMETER.findall(left)), types_of(right), right)


def _parameter(bracket: str, star: str, name: str, text: str) -> Parameter:
    types = types_of(text)
    classes = frozenset(python for kind in types for python in _CLASSES[kind])
    return Parameter(name, types, text.replace("|", " or "), classes, bool(bracket), bool(star))


@dataclass(frozen=True, eq=False)
class Function:
    """A function of the language.

    Attributes:
        name: The name as ADF documents it.
        family: The family that ADF's documentation puts it into.
        run: What computes its value; takes the arguments, with the context before them if ``needs_context`` is set.
        needs_context: Whether the value depends on the clock or the random source.
        lazy: Whether the evaluator decides which arguments are evaluated.
        samples: What stands for arguments that are not known; empty if the function is judged by all of them only.
    """

    name: str
    family: str
    run: Callable[..., Any]
    adf_text: str = field(repr=False)
    engine_text: str = field(repr=False)
    needs_context: bool = False
    lazy: bool = False
    samples: Samples = field(repr=False, default=())

    @cached_property
    def adf(self) -> Signature:
        """The signature that ADF documents and Studio enforces."""
        return signature(self.adf_text)

    @cached_property
    def engine(self) -> Signature:
        """The signature that the engine enforces when it runs."""
        return signature(self.engine_text)

    @property
    def documentation(self) -> str:
        """What the function does."""
        return self.run.__doc__ or ""

    @property
    def python_name(self) -> str:
        """The name in snake case, with an underscore behind those that Python or its library has taken."""
        snake = re.sub("[A-Z]", lambda match: "_" + match[0].lower(), self.name)
        taken = keyword.iskeyword(snake) or hasattr(builtins, snake) or snake == "json"
        return f"{snake}_" if taken else snake

    @property
    def format_argument(self) -> int | None:
        """Which argument is a date format, from 0; ``None`` if there is none."""
        return self.samples.index(FORMATS) if FORMATS in self.samples else None


class Family(dict[str, Function]):
    """The functions of one module, by their name in lower case."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def add(
        self,
        name: str,
        adf: str,
        *,
        engine: str = "",
        needs_context: bool = False,
        lazy: bool = False,
        samples: Samples = (),
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Decorate the Python function that computes the function ``name``.

        Args:
            name: The name as ADF writes it.
            adf: Its signature in Studio.
            engine: Its signature in the engine, if that is another.
            needs_context: Whether it is called with the context first.
            lazy: Whether the evaluator decides which arguments are evaluated.
            samples: For each parameter, the values that stand for any other. They must hold one that fits any literal
                of the other parameters that could fit at all: what fails with each of them fails with everything.
        """

        def register(run: Callable[..., Any]) -> Callable[..., Any]:
            self[name.lower()] = Function(name, self.name, run, adf, engine or adf, needs_context, lazy, samples)
            return run

        return register
