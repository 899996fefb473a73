"""Functions on arrays, objects and strings as collections."""

from __future__ import annotations

from typing import Any

from activities_gen.expressions.errors import FunctionError
from activities_gen.expressions.folding import fold
from activities_gen.expressions.numbers import to_int32
from activities_gen.expressions.registry import COUNTS, LISTS, Family
from activities_gen.expressions.text import characters, units
from activities_gen.expressions.values import check_size, identity, kind, to_text

FUNCTIONS = Family("collection")


@FUNCTIONS.add("contains", "collection: string|array|object, value: any -> boolean")
def contains(collection: str | list[Any] | dict[str, Any], item: Any) -> bool:
    """Whether a string has a part (letter case matters), an array an element (1 is not 1.0), an object a key (any case)."""
    if isinstance(collection, list):
        if type(item) in (str, int, bool):
            return any(type(element) is type(item) and element == item for element in collection)
        wanted = identity(item)
        return any(identity(element) == wanted for element in collection)
    if not isinstance(item, str):
        raise FunctionError(
            f"looks in {_article(kind(collection))} for a string; it was given one of type {kind(item)}"
        )
    if isinstance(collection, str):
        return item in collection
    return item in collection or fold(item) in map(fold, collection)


def _article(name: str) -> str:
    return f"an {name}" if name[0] in "AEIO" else f"a {name}"


@FUNCTIONS.add("empty", "collection: string|array|object -> boolean", engine="string|array|object|null -> boolean")
def empty(collection: str | list[Any] | dict[str, Any] | None) -> bool:
    """Whether a string, array or object has nothing in it. The engine takes null for empty; a blank is not."""
    return not collection


@FUNCTIONS.add("first", "collection: string|array -> any")
def first(collection: str | list[Any]) -> Any:
    """The first element of an array, null of an empty one; the first character of a string."""
    if isinstance(collection, str):
        return characters(units(collection)[:1])
    return collection[0] if collection else None


@FUNCTIONS.add("last", "collection: string|array -> any")
def last(collection: str | list[Any]) -> Any:
    """The last element of an array, null of an empty one; the last character of a string."""
    if isinstance(collection, str):
        return characters(units(collection)[-1:])
    return collection[-1] if collection else None


@FUNCTIONS.add(
    "intersection",
    "first: array|object, second: array|object, *more: array|object -> array|object",
    engine="any, any, *any -> array|object",
)
def intersection(*collections: Any) -> list[Any] | dict[str, Any]:
    """Returns what all arrays have, each element once, or all objects: the pairs of key and value that are the same.

    The order is that of the first argument; of values that are the same, such as 0.0 and -0.0, the last argument's is
    taken.
    """
    if _one_kind(collections) == "Array":
        members = [{identity(item): item for item in reversed(collection)} for collection in collections[1:]]
        keys = dict.fromkeys(identity(item) for item in collections[0])
        return [members[-1][key] for key in keys if all(key in others for others in members)]
    pairs = [{(key, identity(value)) for key, value in collection.items()} for collection in collections]
    common = pairs[0].intersection(*pairs)
    return {key: collections[-1][key] for key, value in collections[0].items() if (key, identity(value)) in common}


@FUNCTIONS.add(
    "union",
    "first: array|object, second: array|object, *more: array|object -> array|object",
    engine="any, any, *any -> array|object",
)
def union(*collections: Any) -> list[Any] | dict[str, Any]:
    """Returns what any array has, each element once, or all keys of the objects.

    The order is that of the first occurrence; of values that are the same, or have the same key, the last is taken.
    """
    if _one_kind(collections) == "Array":
        return list({identity(item): item for collection in collections for item in collection}.values())
    return {key: value for collection in collections for key, value in collection.items()}


def _one_kind(collections: tuple[Any, ...]) -> str:
    """The one type of all arguments, which must be arrays or objects."""
    kinds = list(dict.fromkeys(map(kind, collections)))
    if len(kinds) > 1 or kinds[0] not in ("Array", "Object"):
        raise FunctionError(f"takes arrays only, or objects only; it was given {' and '.join(kinds)}")
    return kinds[0]


@FUNCTIONS.add("join", "array: array, delimiter: string -> string")
def join(collection: list[Any], delimiter: str) -> str:
    """The elements as text with a delimiter between; null is empty, objects are JSON."""
    texts = [to_text(item) for item in collection]
    check_size(sum(map(len, texts)) + len(delimiter) * len(texts))
    return characters(delimiter.join(texts))


@FUNCTIONS.add("length", "collection: string|array -> integer")
def length(collection: str | list[Any]) -> int:
    """The number of elements of an array, or of UTF-16 units of a string. Null and objects are refused."""
    return len(units(collection)) if isinstance(collection, str) else len(collection)


@FUNCTIONS.add(
    "skip",
    "array: array, count: integer -> array",
    engine="array|string, integer -> array|string",
    samples=(LISTS, COUNTS),
)
def skip(collection: list[Any] | str, count: int) -> list[Any] | str:
    """All but the first ``count`` elements; nothing if there are not more.

    A negative count is refused. The engine takes strings too.
    """
    number = _count(count)
    return characters(units(collection)[number:]) if isinstance(collection, str) else collection[number:]


@FUNCTIONS.add("take", "collection: array|string, count: integer -> array|string", samples=(LISTS, COUNTS))
def take(collection: list[Any] | str, count: int) -> list[Any] | str:
    """The first ``count`` elements or characters; all where there are not more. A negative count is refused."""
    number = _count(count)
    return characters(units(collection)[:number]) if isinstance(collection, str) else collection[:number]


def _count(count: int) -> int:
    number = to_int32(count)
    if number < 0:
        raise FunctionError(f"needs a count of 0 or more; it is {count}")
    return number
