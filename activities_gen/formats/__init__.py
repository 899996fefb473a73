"""Our own JSON formats: one module each, with the pydantic models and the function that reads a file.

This module imports no pydantic, which takes time. Import the module of a format only if there is a file to read, and inside
of :func:`models`.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from activities_gen.findings import Finding, FindingsError, Location, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

SUPPRESSIONS = "suppressions.json"
"""The file beside a pipeline that says which findings do not apply."""

REPORT_VERSION = 1
"""The version of a run's report. A change that a reader must know of gets a new one."""


@contextmanager
def models(file: str, code: str) -> Iterator[None]:
    """Turns an import of models that fails for lack of pydantic into a finding.

    Args:
        file: The file that is to be read, as findings show it.
        code: The code of the finding.

    Raises:
        FindingsError: pydantic is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("pydantic"):
            raise
        message = "This file is read by pydantic, which is not installed for this Python. 'make activities' installs it into .venv."
        raise FindingsError([Finding(code, Severity.ERROR, message, Location(file))]) from error
