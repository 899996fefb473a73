"""Settings that belong together, and settings that stand in the wrong object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from activities_gen.model.values import get, is_dynamic
from activities_gen.rules.context import Context, title
from activities_gen.rules.keys import TypedObject, typed_objects
from activities_gen.rules.model import Violation, quoted, rule
from activities_gen.rules.subjects import each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.findings import JsonPath
    from activities_gen.model.activities import Activity


class Need(NamedTuple):
    """A setting that needs others.

    Attributes:
        types: The activity types that have it.
        setting: Where it stands below ``typeProperties``.
        value: The value that needs them, in lower case.
        needed: What must be there as well.
    """

    types: tuple[str, ...]
    setting: tuple[str, ...]
    value: str
    needed: tuple[tuple[str, ...], ...]


_WEB = ("WebActivity", "WebHook")
_LOGIN = ("authentication", "type")


def _of_login(*keys: str) -> tuple[tuple[str, ...], ...]:
    return tuple(("authentication", key) for key in keys)


NEEDS = (
    Need(("Copy",), ("enableStaging",), "true", (("stagingSettings",),)),
    Need(("Delete",), ("enableLogging",), "true", (("logStorageSettings",),)),
    Need(("Script",), ("logSettings", "logDestination"), "externalstore", (("logSettings", "logLocationSettings"),)),
    Need(_WEB, _LOGIN, "basic", _of_login("username", "password")),
    Need(_WEB, _LOGIN, "clientcertificate", _of_login("pfx")),
    Need(_WEB, _LOGIN, "msi", _of_login("resource")),
    Need(_WEB, _LOGIN, "serviceprincipal", _of_login("userTenant", "username", "resource")),
    Need(_WEB, _LOGIN, "userassignedmanagedidentity", _of_login("resource", "credential")),
)


def _needing(context: Context) -> Iterator[tuple[Activity, Need]]:
    """The settings of active activities that need others."""
    for need in NEEDS:
        for kind in need.types:
            for node in context.pipeline.active_by_type.get(kind, ()):
                if str(_at(node.type_properties, need.setting)).casefold() == need.value:
                    yield node, need


def _at(value: Any, path: tuple[str, ...]) -> Any:
    """Returns what stands at a path; ``None`` if nothing does."""
    for key in path:
        value = get(value, key) if isinstance(value, dict) else None
    return value


@rule("ADF340", on=each(_needing))
def missing_setting(_: Context, node: Activity, need: Need) -> Iterator[Violation]:
    """A setting without another one that it needs."""
    lacking = [path for path in need.needed if _at(node.type_properties, path) in (None, "", {})]
    if lacking:
        names = " and ".join(quoted(".".join(path)) for path in lacking)
        given = _at(node.type_properties, need.setting)
        shown = "true" if given is True else quoted(given)
        yield Violation(
            f"{title(node)} has {shown} as '{'.'.join(need.setting)}' and lacks {names}. Add {'it' if len(lacking) == 1 else 'them'}.",
            (*node.path, "typeProperties", *need.setting),
        )


@rule("ADF341", on=each(typed_objects))
def misplaced_setting(context: Context, found: TypedObject) -> Iterator[Violation]:
    """A key that the object around its own has, or one inside of its own."""
    if len(found.path) < 2 or found.path[0] != "typeProperties" or found.keys.keys() >= found.value.keys():
        return
    if "type" in found.keys and (is_dynamic(found.value.get("type")) or "type" not in found.value):
        return  # its class, and so what it may hold, is not known here
    known = {name.casefold() for name in found.keys}
    for key in found.value:
        where = "" if key.casefold() in known else _home_of(context, found, key)
        if where:
            inner = ".".join(map(str, found.path[1:]))
            yield Violation(
                f"{title(found.node)} has the key {quoted(key)} in '{inner}', where it has no effect. It belongs {where}.",
                (*found.node.path, *found.path, key),
            )


def _home_of(context: Context, found: TypedObject, key: str) -> str:
    """Where a key belongs, as the end of a sentence; empty if neither the object around nor one inside has it."""
    objects = _objects(context)[id(found.node)]
    around = next(objects[found.path[:end]] for end in range(len(found.path) - 1, 0, -1) if found.path[:end] in objects)
    if key.casefold() in map(str.casefold, around.keys):
        return f"beside {quoted(str(next(step for step in reversed(found.path) if isinstance(step, str))))}"
    inner = [other for path, other in objects.items() if path[:-1] == found.path and path != found.path]
    better = next((other for other in inner if key.casefold() in map(str.casefold, other.keys)), None)
    return f"into {quoted(str(better.path[-1]))}" if better else ""


def _objects(context: Context) -> dict[int, dict[JsonPath, TypedObject]]:
    """The objects of each activity by their paths, by the ``id`` of the activity."""

    def by_path() -> dict[int, dict[JsonPath, TypedObject]]:
        result: dict[int, dict[JsonPath, TypedObject]] = {}
        for found in typed_objects(context):
            result.setdefault(id(found.node), {})[found.path] = found
        return result

    objects: dict[int, dict[JsonPath, TypedObject]] = context.once("objects by path", by_path)
    return objects
