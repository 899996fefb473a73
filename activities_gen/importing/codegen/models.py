"""From JSON to the SDK object that writes it.

The way back of :mod:`activities_gen.wire.serialise`, driven by the same tables. What a class of the SDK cannot say stays
JSON: a key that it does not know stands in ``with_json(…, {…})``, a value that its attribute does not take in
``raw(…)``. Nothing is converted, so that the object writes again what was read.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from azure.mgmt.datafactory import models as sdk

from activities_gen.importing.codegen.printer import Atom, Bracketed, Node, Phrase, Text, call, mapping, sequence
from activities_gen.importing.codegen.text import Names, constant, is_plain
from activities_gen.wire.placeholders import escaped
from activities_gen.wire.sdk import Member, keywords, members

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_SCALARS: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "iso-8601": (str,),
    "bool": (bool,),
    "int": (int,),
    "float": (int, float),
    "{object}": (dict,),
}


@dataclass(frozen=True)
class Vocabulary:
    """What expressions of a module can name.

    Attributes:
        parameters: The variables of the pipeline's parameters, by their names in ADF.
        variables: The variables of the pipeline's variables.
        activities: The variables of the activities defined so far.
    """

    parameters: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    activities: dict[str, str] = field(default_factory=dict)


Phrasing = Callable[[str, Vocabulary], "tuple[Node, frozenset[str]] | None"]
"""Gives the Python for an expression and the names it uses, ``None`` if none means exactly that text."""


def no_phrase(_text: str, _vocabulary: Vocabulary) -> None:
    """Leaves every expression text."""


@dataclass
class Builder:
    """What a module needs, gathered while its parts are made.

    Attributes:
        names: The names that it defines.
        pipeline: The name of its pipeline.
        linked_service: What ``databricks()`` stands for; empty if it is not used.
        helped: Strings that a helper gives: its name and arguments.
        phrase: Writes expressions as Python.
        vocabulary: What those can name.
        activities: Defines the activities of a list, and gives the names of their variables in the list's order.
        dependencies: Writes a list of dependencies.
        shared: The variables of objects that several activities have, by class and JSON.
        sdk: The SDK classes that it uses.
        helpers: What it uses of this package.
        loose: mypy's codes for values that the SDK takes and annotates too narrowly.
        used: The names that its expressions use.
        plain: Whether all its text is beyond doubt for a linter that looks for characters with doubles.
        statements: Its lines, by statement.
    """

    names: Names
    pipeline: str
    linked_service: str = ""
    helped: dict[str, tuple[str, ...]] = field(default_factory=dict)
    phrase: Phrasing = no_phrase
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    activities: Callable[[list[Any]], list[Node]] = field(default=lambda _: [])
    dependencies: Callable[[list[Any]], Node] = field(default=lambda _: Atom("[]"))
    shared: dict[tuple[str, str], str] = field(default_factory=dict)
    sdk: set[str] = field(default_factory=set)
    helpers: set[str] = field(default_factory=set)
    loose: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    plain: bool = True
    statements: list[list[str]] = field(default_factory=list)
    _written: list[Phrase] = field(default_factory=list)

    def state(self, expression: Node, name: str = "") -> None:
        """Add a statement: an assignment where there is a name."""
        self.statements.append(self.lines(expression, name))

    def lines(self, expression: Node, name: str = "") -> list[str]:
        """The lines of a statement, laid out anew for as long as expressions in it turn out too long for a line."""
        given_up = -1
        lines: list[str] = []
        while given_up != sum(phrase.given_up for phrase in self._written):
            given_up = sum(phrase.given_up for phrase in self._written)
            expression.measure()
            lines.clear()
            self._written.clear()
            expression.write(lines, 0, f"{name} = " if name else "")
        self.used.update(*(phrase.uses for phrase in self._written if not phrase.given_up))
        self._written.clear()
        self.plain = self.plain and all(map(is_plain, lines))
        return lines

    def helper(self, name: str, *arguments: Node, **options: Node) -> Bracketed:
        """A call of one of this package's public functions."""
        self.helpers.add(name)
        return call(name, *arguments, **options)

    def raw(self, value: Any) -> Node:
        """A value of the document as it is."""
        return self.helper("raw", self.value(value))

    @contextmanager
    def naming_nothing(self) -> Iterator[None]:
        """Keep expressions text inside the block: what they name is not defined where the block's values stand."""
        phrase, self.phrase = self.phrase, no_phrase
        yield
        self.phrase = phrase

    def text(self, value: str) -> Node:
        """A string of the document."""
        if value in self.helped:
            name, *arguments = self.helped[value]
            return self.helper(name, *map(Text, arguments))
        phrased = self.phrase(value, self.vocabulary) if "@" in value else None
        text = Text(escaped(value))
        return text if phrased is None else Phrase(phrased[0], text, phrased[1], self._written)

    def value(self, value: Any) -> Node:
        """A JSON value as plain Python."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return mapping({key: self.value(member) for key, member in value.items()})
        if isinstance(value, list):
            return sequence([self.value(member) for member in value])
        return Atom(constant(value))


def typed(builder: Builder, value: Any, kind: str) -> Node:
    """The Python for a value whose type the SDK's tables name; raw where it is of another type.

    Args:
        builder: The module.
        value: Any JSON value.
        kind: As in ``str``, ``object``, ``[Activity]``, ``{str}`` or a class.
    """
    if kind == "object":
        return _free(builder, value, "arg-type")
    if kind in _SCALARS:
        fits = isinstance(value, _SCALARS[kind]) and (kind == "bool" or not isinstance(value, bool))
        if kind == "iso-8601":
            builder.loose.add("arg-type")  # the SDK annotates a datetime, and would normalise one
        return _object(builder, value) if fits and kind == "{object}" else _scalar(builder, value, fits=fits)
    if kind == "[Activity]" and isinstance(value, list):
        return sequence(builder.activities(value))
    if kind == "[ActivityDependency]" and isinstance(value, list):
        return builder.dependencies(value)
    if kind == "TriggerPipelineReference" and starts_pipeline(value, builder.pipeline):
        return builder.helper("this_pipeline", *([builder.value(value["parameters"])] if value["parameters"] else []))
    if builder.shared and isinstance(value, dict) and (kind, same(value)) in builder.shared:
        return Atom(builder.shared[kind, same(value)])
    if kind == "LinkedServiceReference" and value == reference(builder.linked_service):
        return builder.helper("databricks")
    if kind[0] == "[" and isinstance(value, list):
        return sequence([_member(builder, member, kind[1:-1], "list-item") for member in value])
    if kind[0] == "{" and isinstance(value, dict):
        inner = {key: _member(builder, member, kind[1:-1], "dict-item") for key, member in value.items()}
        return mapping(inner)
    made = model(builder, value, getattr(sdk, kind)) if kind[0] not in "[{" and isinstance(value, dict) else None
    return builder.raw(value) if made is None else made


def starts_pipeline(value: Any, name: str) -> bool:
    """Whether a trigger's reference is to a pipeline, with parameters or an empty object of them, and nothing else."""
    return (
        isinstance(value, dict)
        and set(value) == {"pipelineReference", "parameters"}
        and value["pipelineReference"] == {"referenceName": name, "type": "PipelineReference"}
        and isinstance(value["parameters"], dict)
    )


def same(value: Any) -> str:
    """A text that JSON values have in common which are equal, types included, whatever the order of their keys."""
    return json.dumps(value, sort_keys=True)


def reference(linked_service: str) -> dict[str, str]:
    """The JSON of a plain reference to a linked service."""
    return {"referenceName": linked_service, "type": "LinkedServiceReference"}


def _member(builder: Builder, value: Any, kind: str, code: str) -> Node:
    return _free(builder, value, code) if kind == "object" else typed(builder, value, kind)


def _free(builder: Builder, value: Any, code: str) -> Node:
    """A value that may be anything; the SDK annotates all of those as mappings."""
    if value is None:
        return builder.raw(value)
    if not isinstance(value, dict):
        builder.loose.add(code)
    return builder.value(value)


def _object(builder: Builder, value: dict[str, Any]) -> Node:
    """An object with free values, annotated as one of mappings."""
    if not all(isinstance(member, dict) for member in value.values()):
        builder.loose.add("dict-item")
    return builder.value(value)


def _scalar(builder: Builder, value: Any, *, fits: bool) -> Node:
    return builder.value(value) if fits else builder.raw(value)


def model(builder: Builder, value: dict[str, Any], base: Any) -> Node | None:
    """The call that makes the SDK object for a JSON object.

    Args:
        builder: The module.
        value: The JSON object.
        base: The SDK class, or the base of those that ``type`` tells apart.

    Returns:
        ``None`` if no class of the SDK writes the object: its ``type`` is unknown or missing, or it lacks what the
        SDK demands. An activity may lack that.
    """
    kind = variant(base, value)
    if kind is None:
        return None
    value, spellings = _respelled(value, kind)
    extra = unknown(value, kind)
    constant = discriminator(kind)
    if constant is not None and value["type"] != constant:
        extra["type"] = value["type"]
    missing = [member for member in _own(kind) if member.required and not _has(value, member)]
    if missing and not issubclass(kind, sdk.Activity):
        return None
    options = attributes(builder, value, kind)
    builder.sdk.add(kind.__name__)
    made: Node = call(kind.__name__, **options)
    if spellings:
        made = builder.helper("with_spelling", made, *map(Text, spellings))
    return with_extra(builder, made, extra)


def _respelled(value: dict[str, Any], kind: Any) -> tuple[dict[str, Any], list[str]]:
    """A JSON object with its keys in the letter case of the SDK, and those that had another."""
    inner = value.get("typeProperties")
    if not isinstance(inner, dict):
        return _in_case(value, _cases(kind, None), ())
    outer, spellings = _in_case(value, _cases(kind, None), inner)
    inner, more = _in_case(inner, _cases(kind, "typeProperties"), value)
    return ({**outer, "typeProperties": inner}, [*spellings, *more]) if spellings or more else (value, [])


def _in_case(value: dict[str, Any], cases: dict[str, str], others: Collection[str]) -> tuple[dict[str, Any], list[str]]:
    """An object with its keys in the case that a table gives; but for keys that stand in ``others`` in any case."""
    odd = {key: case for key in value if (case := cases.get(key.casefold(), key)) != key and case not in value}
    taken = {other.casefold() for other in others} if odd else set()
    renamed = {case: key for key, case in reversed(odd.items()) if key.casefold() not in taken}
    spellings = list(renamed.values())
    return {odd[key] if key in spellings else key: member for key, member in value.items()}, spellings


@cache
def _cases(kind: Any, inside: str | None) -> dict[str, str]:
    """The keys of a class in one place, by themselves in lower case."""
    return {member.key.casefold(): member.key for member in members(kind) if member.inside == inside}


def attributes(
    builder: Builder, value: dict[str, Any], kind: Any, free: frozenset[str] = frozenset(), skip: Collection[str] = ()
) -> dict[str, Node]:
    """The keywords of the call that makes an SDK object; ``raw()`` for those that the SDK demands and JSON lacks.

    Args:
        builder: The module.
        value: The JSON object.
        kind: The SDK class.
        free: Attributes that the called function annotates as what they are, and not as the SDK does.
        skip: Attributes that are written otherwise.
    """
    options: dict[str, Node] = {}
    for member in _own(kind):
        if member.attribute in skip:
            continue
        if _has(value, member):
            holder = value if member.inside is None else value[member.inside]
            options[member.attribute] = _attribute(builder, holder[member.key], member, free)
        elif member.required:
            options[member.attribute] = builder.helper("raw")
    return options


def _attribute(builder: Builder, value: Any, member: Member, free: frozenset[str]) -> Node:
    if member.attribute in ("name", "description") and isinstance(value, str):
        return Text(escaped(value))  # never an expression
    return builder.value(value) if member.attribute in free else typed(builder, value, member.type)


def with_extra(builder: Builder, made: Node, extra: dict[str, Any]) -> Node:
    """An SDK object that also writes keys which its class does not know."""
    return builder.helper("with_json", made, builder.value(extra)) if extra else made


def _has(value: dict[str, Any], member: Member) -> bool:
    if member.inside is None:
        return member.key in value
    holder = value.get(member.inside)
    return isinstance(holder, dict) and member.key in holder


def _own(kind: Any) -> list[Member]:
    """Returns what the constructor of a class takes; its constant ``type`` is not among that."""
    return [member for member in members(kind) if member.attribute in keywords(kind)]


def unknown(value: dict[str, Any], kind: Any) -> dict[str, Any]:
    """Returns what of a JSON object a class of the SDK does not know, in the object's own shape."""
    known = {member.key for member in members(kind) if member.inside is None}
    nested: dict[str, set[str]] = {}
    for member in members(kind):
        if member.inside is not None:
            nested.setdefault(member.inside, set()).add(member.key)
    extra = {}
    for key, member_value in value.items():
        if key in nested and isinstance(member_value, dict):
            rest = {inner: item for inner, item in member_value.items() if inner not in nested[key]}
            if rest or not member_value:
                extra[key] = rest
        elif key not in known:
            extra[key] = member_value
    return extra


def variant(base: Any, value: dict[str, Any]) -> Any:
    """The class that a JSON object's ``type`` names, in any letter case; ``None`` if there is none."""
    kinds = _variants(base)
    if not kinds:
        constant = discriminator(base)
        return base if constant is None or isinstance(value.get("type"), str) else None
    kind = value.get("type")
    if not isinstance(kind, str):
        return None
    return kinds.get(kind) or _folded(base).get(kind.casefold())


@cache
def _variants(base: Any) -> dict[str, Any]:
    """The classes below a base by their ``type``."""
    found = {}
    for key, name in vars(base).get("_subtype_map", {}).get("type", {}).items():
        kind = getattr(sdk, name)
        found.update(_variants(kind))
        found[key] = kind
    return found


@cache
def _folded(base: Any) -> dict[str, Any]:
    return {key.casefold(): kind for key, kind in _variants(base).items()}


@cache
def discriminator(kind: Any) -> str | None:
    """The constant ``type`` that objects of a class write, ``None`` if there is none."""
    for base in kind.__mro__[1:]:
        for key, name in vars(base).get("_subtype_map", {}).get("type", {}).items():
            if name == kind.__name__:
                return str(key)
    return None
