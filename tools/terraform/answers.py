"""Write ``tests/activities_gen/model/terraform_answers.jsonl``: what the real decoder says of small activities.

Run by hand when ``terraform_schema.json`` changes, with the decoder built from this folder:

    go build -o /tmp/decode ./decode && python answers.py /tmp/decode

Each line has one activity, made from the table: the way to one key of one class, and there a value that fits or does
not. Its answer is ``same`` or ``changed`` by what the decoder writes, or the text of its error.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
TABLE = json.loads((ROOT / "activities_gen" / "model" / "terraform_schema.json").read_text("utf-8"))
TARGET = ROOT / "tests" / "activities_gen" / "model" / "terraform_answers.jsonl"
ARM = "[parameters('p')]"
EXPRESSION = {"value": "@pipeline().RunId", "type": "Expression"}
VALUES = [
    None,
    "text",
    5,
    True,
    {},
    [],
    ["a"],
    {"a": "b"},
    EXPRESSION,
    ARM,
    30.5,
    [None],
    "",
    3_000_000_000,
    {"a": None},
]
"""What is put into a place."""

_ENOUGH = 2
"""Classes in which a key of the same name and type is tried; most activities share half of their keys."""


def ways(kind: str, wrap: Any, seen: set[str]) -> Iterator[tuple[dict[str, Any], Any]]:
    """Each class below a type once, with a function that puts its object into an activity.

    Args:
        kind: A type of the table.
        wrap: From a value of the type to the activity around it.
        seen: The classes that there were.
    """
    if kind[0] == "[":
        yield from ways(kind[1:-1], lambda value: wrap([value]), seen)
    elif kind[0] == "{":
        yield from ways(kind[1:-1], lambda value: wrap({"one": value}), seen)
    for name in TABLE["bases"].get(kind, {"": kind}).values():
        if name in seen or name not in TABLE["classes"]:
            continue
        seen.add(name)
        found = TABLE["classes"][name]
        fixed = {"type": found["type"]} if "type" in found else {}

        def put(value: dict[str, Any], fixed: dict[str, Any] = fixed, wrap: Any = wrap) -> Any:
            return wrap({**fixed, **value})

        yield found, put
        for key, inner in found["keys"].items():
            yield from ways(inner, lambda value, key=key, put=put: put({key: value}), seen)


def activities() -> Iterator[Any]:
    """The activities, in the order of the table."""
    values, tried = cycle(VALUES), Counter[tuple[str, str]]()
    for found, put in ways("BasicActivity", lambda value: value, set()):
        for entry in found["keys"].items():
            tried[entry] += 1
            if tried[entry] <= _ENOUGH:
                yield from (put({entry[0]: next(values)}) for _ in range(1 if entry[1] == "any" else 4))
        yield put({"unknown": 1})
        yield put({next(iter(found["keys"])).swapcase(): "text"})
    yield {"name": "A", "type": "Newer", "typeProperties": 5, "policy": "text"}
    yield None
    yield "text"


def ask(decoder: str, lists: list[Any]) -> Iterator[tuple[str, Any]]:
    """The decoder's answers to lists of activities: the text of an error, or ``""`` and what it writes."""
    lines = "".join(json.dumps(as_terraform_writes(value)) + "\n" for value in lists)
    done = subprocess.run([decoder], input=lines, capture_output=True, text=True, check=True)  # noqa: S603 built by hand
    for line in done.stdout.splitlines():
        value = json.loads(line[2:])
        yield (value, None) if line.startswith("E ") else ("", value)


def as_terraform_writes(value: Any) -> Any:
    """A value as Terraform hands it on: whole numbers without a fraction."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: as_terraform_writes(member) for key, member in value.items()}
    return [as_terraform_writes(member) for member in value] if isinstance(value, list) else value


def verdict(given: Any, error: str, written: Any) -> str:
    """An answer in a word."""
    if error:
        return "panic" if error.startswith("panic") else error
    return "same" if written == as_terraform_writes(given) else "changed"


if __name__ == "__main__":
    asked = list(activities())
    answers = ask(sys.argv[1], [[activity] for activity in asked])
    with TARGET.open("w", encoding="utf-8") as stream:
        for activity, (error, written) in zip(asked, answers, strict=True):
            line = {"activity": activity, "answer": verdict([activity], error, written)}
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.write(f"{TARGET}\n")
