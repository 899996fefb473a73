"""The proof of an import: what the Python generates is what was read."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from activities_gen.definition.loader import load
from activities_gen.definition.raised import FILE
from activities_gen.definition.writing import findings, write
from activities_gen.findings import Finding, FindingsError, Location, Severity
from activities_gen.importing.codegen.pipeline import properties_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from activities_gen.definition.writing import Written
    from activities_gen.findings import JsonPath
    from activities_gen.wire.document import Document
    from activities_gen.wire.placeholders import WheelNames

_SHOWN = 20


def prove(source: str, document: Document, triggers: Sequence[Document], wheel: WheelNames | None) -> list[Finding]:
    """Run the source of an ``activities.py`` as every command does, and compare its JSON with what it came from.

    Args:
        source: Python.
        document: The pipeline that it was made from. Its name and properties count, with every type; the order of keys,
            and what ARM and REST write around them, do not.
        triggers: Its triggers.
        wheel: What the document calls the wheel that the Python calls ``wheel()``.

    Returns:
        Nothing where the two are equal, else a finding for each difference, at its place in the document.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="activities-gen-") as directory:
            Path(directory, FILE).write_text(source, encoding="utf-8", newline="\n")
            definition = load(Path(directory))
            written = write(definition.pipeline, wheel)
            wrong = [*definition.findings, *findings(written.problems, definition.recorder)]
    except FindingsError as error:
        return list(error.findings)
    return wrong or [*_compared(document, _pipeline(written, document)), *_compared_triggers(triggers, written)]


def _pipeline(written: Written, document: Document) -> dict[str, Any]:
    """The generated pipeline, without what the document leaves to others: its name, FlowEHR's empty parameters."""
    generated = {**written.pipeline, "properties": dict(written.pipeline["properties"])}
    if not (isinstance(document.raw, dict) and "name" in document.raw):
        del generated["name"]
    if "parameters" not in document.properties and generated["properties"].get("parameters") == {}:
        del generated["properties"]["parameters"]
    return generated


def _compared(document: Document, generated: dict[str, Any]) -> list[Finding]:
    expected: dict[str, Any] = {"properties": properties_of(document)}
    if isinstance(document.raw, dict) and "name" in document.raw:
        expected["name"] = document.raw["name"]
    return _findings(document, expected, generated)


def _compared_triggers(triggers: Sequence[Document], written: Written) -> list[Finding]:
    made = written.trigger if isinstance(written.trigger, list) else [written.trigger] if written.trigger else []
    by_name = {trigger["name"]: trigger for trigger in made}
    found = []
    for trigger in triggers:
        expected = {"name": trigger.name, "properties": trigger.properties}
        found += _findings(trigger, expected, by_name.pop(trigger.name, {}))
    return found


def _findings(document: Document, expected: Any, generated: Any) -> list[Finding]:
    paths = list(differences(expected, generated))
    found = [
        Finding("IMP010", Severity.ERROR, f"{what} at {shown(path)}.", document.locate(path), path)
        for path, what in paths[:_SHOWN]
    ]
    if len(paths) > _SHOWN:
        message = f"{len(paths) - _SHOWN} more places differ."
        found.append(Finding("IMP010", Severity.ERROR, message, Location(document.file)))
    return found


def shown(path: JsonPath) -> str:
    """A JSON path as people write it: ``properties.activities[2].name``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return f"'{text.removeprefix('.')}'" if text else "the root"


def differences(expected: Any, generated: Any, path: JsonPath = ()) -> Iterator[tuple[JsonPath, str]]:
    """Where two JSON values differ; 1, 1.0 and true do.

    Args:
        expected: What was read.
        generated: What was generated.
        path: Where both stand.

    Yields:
        Paths, and what is different there.
    """
    if type(expected) is not type(generated):
        yield path, f"{_kind(generated)} was generated in the place of {_kind(expected)}"
    elif isinstance(expected, dict):
        for key in expected.keys() - generated.keys():
            yield (*path, key), "The imported module does not generate the key"
        for key in generated.keys() - expected.keys():
            yield (*path, key), "The imported module generates another key"
        for key in expected.keys() & generated.keys():
            yield from differences(expected[key], generated[key], (*path, key))
    elif isinstance(expected, list):
        if len(expected) != len(generated):
            yield path, f"{len(generated)} members were generated in the place of {len(expected)}"
        for index, (one, other) in enumerate(zip(expected, generated, strict=False)):
            yield from differences(one, other, (*path, index))
    elif expected != generated:
        yield path, "Another value was generated"


_KINDS = {
    dict: "An object",
    list: "A list",
    str: "A string",
    bool: "A boolean",
    int: "A whole number",
    float: "A number",
}


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), "null")
