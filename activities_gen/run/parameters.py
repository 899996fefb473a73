"""Values for a pipeline's parameters: given, or by default."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from activities_gen.findings import suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


def bind(declared: Mapping[str, Any], given: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Values for all declared parameters; names are compared without case.

    Args:
        declared: The pipeline's ``parameters``.
        given: Values by name. A name that is not declared is passed over.

    Returns:
        The values by declared name, and the names of those that have neither value nor default.
    """
    by_name = {name.casefold(): value for name, value in given.items()}
    values: dict[str, Any] = {}
    missing: list[str] = []
    for name, declaration in declared.items():
        if name.casefold() in by_name:
            values[name] = by_name[name.casefold()]
        elif isinstance(declaration, dict) and "defaultValue" in declaration:
            values[name] = declaration["defaultValue"]
        else:
            missing.append(name)
    return values, missing


def unknown(
    declared: Mapping[str, Any], given: Iterable[str], says: str = "The pipeline has no parameter"
) -> list[str]:
    """Returns what to say of each given name that is not declared: ``says`` and the name."""
    known = {name.casefold() for name in declared}
    return [f"{says} '{name}'.{suggestion(name, declared)}" for name in given if name.casefold() not in known]


def secure_names(declared: Mapping[str, Any]) -> set[str]:
    """The parameters whose values are secret: those of type SecureString."""
    return {
        name
        for name, declaration in declared.items()
        if isinstance(declaration, dict) and str(declaration.get("type")).casefold() == "securestring"
    }


def from_text(declared: Mapping[str, Any], name: str, text: str) -> Any:
    """The value of a parameter given on the command line, by its declared type.

    Raises:
        ValueError: ``text`` is no value of that type; the message says which one is expected.
    """
    declaration = {key.casefold(): value for key, value in declared.items()}.get(name.casefold())
    kind = str(declaration.get("type", "String")).casefold() if isinstance(declaration, dict) else "string"
    read = _READERS.get(kind)
    if read is None:
        return text
    try:
        return read(text)
    except ValueError as error:
        raise ValueError(f"The parameter '{name}' is of type {kind}; '{text}' is not.") from error


def _json(expected: type) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        value = json.loads(text)
        if not isinstance(value, expected):
            raise ValueError(text)
        return value

    return read


def _boolean(text: str) -> bool:
    if text.strip().casefold() not in ("true", "false"):
        raise ValueError(text)
    return text.strip().casefold() == "true"


_READERS: dict[str, Callable[[str], Any]] = {
    "int": int,
    "float": float,
    "bool": _boolean,
    "array": _json(list),
    "object": _json(dict),
}
