"""Reads a file of one of our formats. What is wrong with it becomes findings with line and column, all in one go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from activities_gen.findings import Finding, FindingsError, Location, Severity
from activities_gen.formats.messages import messages
from activities_gen.wire.json_text import read as read_json

if TYPE_CHECKING:
    from activities_gen.findings import JsonPath
    from activities_gen.formats.model import File
    from activities_gen.wire.positions import Positions

Model = TypeVar("Model", bound="File")


@dataclass(frozen=True)
class Source:
    """The text that a model was read from.

    Attributes:
        file: The file's path as findings show it.
        positions: Where each value stands.
    """

    file: str
    positions: Positions

    def place(self, path: JsonPath = ()) -> Location:
        """Returns where the value at a path stands."""
        return Location(self.file, *self.positions.of(path))


def read(model: type[Model], content: bytes | str, file: str, code: str) -> tuple[Model, Source]:
    """Reads a file of one of our formats.

    Args:
        model: What the file must hold.
        content: The file's bytes or text.
        file: The file's path as findings show it.
        code: The code of the findings.

    Returns:
        The content, and the text that it was read from.

    Raises:
        FindingsError: The file is not JSON, a key stands in an object twice, or a value is not as the model says.
    """
    value, positions, repeated = _json(content, file, code)
    source = Source(file, positions)
    found = [replace(finding, code=code) for finding in repeated]
    try:
        checked = model.model_validate(value)
    except ValidationError as error:
        found += [
            Finding(code, Severity.ERROR, message, source.place(path), path) for path, message in messages(model, error)
        ]
        raise _refused(found) from error
    if found:
        raise _refused(found)
    return checked, source


def _json(content: bytes | str, file: str, code: str) -> tuple[Any, Positions, list[Finding]]:
    """Returns what the strict JSON reader returns; its refusals with the code of the format."""
    try:
        return read_json(content, file)
    except FindingsError as error:
        raise _refused([replace(finding, code=code) for finding in error.findings]) from error


def _refused(found: list[Finding]) -> FindingsError:
    return FindingsError(sorted(found, key=lambda finding: finding.location))
