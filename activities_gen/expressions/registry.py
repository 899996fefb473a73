"""How a function of the language is declared: its signature in Studio, and what the engine takes where that is wider.

A signature is written as in ``"string, integer, [integer] -> string"``. A type is one of :data:`TYPES`, or several
with ``|`` between; ``[type]`` may be left out; ``type...`` stands for one or more.
"""

from __future__ import annotations

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


@dataclass(frozen=True)
class Parameter:
    """One parameter of a function.

    Attributes:
        types: The engine's types that fit; empty when all do.
        shown: The types as the signature writes them, for messages.
        classes: The Python classes of values that fit; empty when all do.
    """

    types: frozenset[str]
    shown: str
    classes: frozenset[type]


@dataclass(frozen=True)
class Signature:
    """Parameters and result of a function.

    Attributes:
        text: The signature as it is written.
        parameters: The parameters; the last stands for all further ones where ``most`` is ``None``.
        fewest: How many arguments there must be.
        most: How many there may be, ``None`` for any number.
        returns: The engine's types that the result may have; empty when it may be any.
    """

    text: str
    parameters: tuple[Parameter, ...]
    fewest: int
    most: int | None
    returns: frozenset[str]

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


def signature(text: str) -> Signature:
    """Read a signature such as ``"array|string, integer -> any"``."""
    left, _, right = text.partition(" -> ")
    parts = [part.strip() for part in left.split(",") if part.strip()]
    repeated = bool(parts) and parts[-1].endswith("...")
    parameters = tuple(_parameter(part.strip("[].")) for part in parts)
    fewest = sum(not part.startswith("[") for part in parts)
    return Signature(text, parameters, fewest, None if repeated else len(parts), types_of(right))


def _parameter(text: str) -> Parameter:
    types = types_of(text)
    classes = frozenset(python for name in types for python in _CLASSES[name])
    return Parameter(types, text.replace("|", " or "), classes)


@dataclass(frozen=True, eq=False)
class Function:
    """A function of the language.

    Attributes:
        name: The name as ADF documents it.
        run: What computes its value; takes the arguments, with the context before them where ``needs_context`` is set.
        adf: The signature that ADF documents and Studio enforces.
        engine: The signature that the engine enforces when it runs.
        needs_context: Whether the value depends on the clock or the random source.
    """

    name: str
    run: Callable[..., Any]
    adf_text: str = field(repr=False)
    engine_text: str = field(repr=False)
    needs_context: bool = False

    @cached_property
    def adf(self) -> Signature:
        """The signature in Studio."""
        return signature(self.adf_text)

    @cached_property
    def engine(self) -> Signature:
        """The signature when it runs."""
        return signature(self.engine_text)

    @property
    def documentation(self) -> str:
        """What the function does."""
        return self.run.__doc__ or ""


class Family(dict[str, Function]):
    """The functions of one module, by their name in lower case."""

    def add(
        self, name: str, adf: str, *, engine: str = "", needs_context: bool = False
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Decorate the Python function that computes the function ``name``.

        Args:
            name: The name as ADF writes it.
            adf: Its signature in Studio.
            engine: Its signature in the engine, where that is another.
            needs_context: Whether it is called with the context first.
        """

        def register(run: Callable[..., Any]) -> Callable[..., Any]:
            self[name.lower()] = Function(name, run, adf, engine or adf, needs_context)
            return run

        return register
