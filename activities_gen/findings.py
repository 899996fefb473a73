"""What every check reports: a finding, where it is, and how it is shown to a person or a machine.

The lowest layer of the package: it imports nothing of it.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

JsonPath = tuple["str | int", ...]
"""Keys and indices from the root of a JSON document, as in ``("properties", "activities", 0, "name")``."""


class Severity(Enum):
    """How much a finding matters. Only an error changes the exit status."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Layer(Enum):
    """Who would notice a mistake first if it were not found here."""

    LOCAL = "local"
    STUDIO = "Studio"
    DEPLOYMENT = "deployment"
    RUN = "run"
    TERRAFORM = "Terraform"
    FLOWEHR = "FlowEHR"


@dataclass(frozen=True, order=True)
class Location:
    """A place in a file.

    Attributes:
        file: Path as it is shown, relative to the directory of the command if that is possible.
        line: Line, counted from 1; 0 if the file as a whole is meant.
        column: Column in characters, counted from 1; 0 if the line as a whole is meant.
    """

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """``file``, ``file:line`` or ``file:line:column``."""
        return ":".join([self.file, *(str(number) for number in (self.line, self.column) if number)])


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or may be.

    Attributes:
        code: Stable identifier, three letters and three digits, as in ``ADF203``.
        severity: How much it matters.
        message: What is wrong, with the value in quotes, and how to mend it. Ends with a full stop.
        location: Where it was written.
        path: Where it is in the JSON document, empty if it is not of a document.
    """

    code: str
    severity: Severity
    message: str
    location: Location
    path: JsonPath = field(default=(), compare=False)

    def __str__(self) -> str:
        """The one line that a person reads."""
        line = f"{self.location}  {self.severity.value}  {self.code}  {self.message}"
        return "".join(character if character.isprintable() else _escaped(character) for character in line)


def _escaped(character: str) -> str:
    """Returns what would break the line or not show, as Python spells it."""
    return character.encode("unicode_escape").decode("ascii")


class FindingsError(Exception):
    """A step could not go on; what was found says why.

    Raised by library functions that cannot return a result; the command line shows the findings and exits with 1.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any of ``findings`` is of severity error."""
    return any(finding.severity is Severity.ERROR for finding in findings)


_ALIKE = str.maketrans("oli", "011")
"""Letters that many fonts show like a digit."""


def suggestion(wrong: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The sentence `` Did you mean 'x'?`` with the nearest of ``known``, or the empty string where none is near.

    Names that differ in letter case alone are nearest of all, then those that look the same, as ``O`` and ``0`` do.
    ``cutoff`` is how alike the nearest must be otherwise, from 0 to 1.
    """
    names = list(known)
    near = _same(wrong, names, str.casefold) or _same(wrong, names, lambda name: name.casefold().translate(_ALIKE))
    near = near or next(iter(difflib.get_close_matches(wrong, names, n=1, cutoff=cutoff)), None)
    near = near or _close_folded(wrong, names, cutoff)
    return f" Did you mean '{near}'?" if near is not None and near != wrong else ""


def _close_folded(wrong: str, names: list[str], cutoff: float) -> str | None:
    """The name that is nearest if letter case counts for nothing."""
    folded = {name.casefold(): name for name in names}
    found = difflib.get_close_matches(wrong.casefold(), folded, n=1, cutoff=cutoff)
    return folded[found[0]] if found else None


def _same(wrong: str, names: list[str], fold: Callable[[str], str]) -> str | None:
    """The first of ``names`` that is ``wrong`` once both are folded."""
    return next((name for name in names if fold(name) == fold(wrong)), None)
