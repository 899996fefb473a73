"""Text that is known only when JSON is written: artifact paths, the wheel's name and version, the linked service.

A definition is written before the pipeline's name and the wheel's version are known to it. So the helpers leave marks
in their strings, enclosed in the noncharacters U+FDD0 and U+FDD1, which Unicode reserves for a program's internal use.
They may stand anywhere in a string, f-strings included; :func:`resolve` puts the final text in their place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_MARK = re.compile(f"{_OPEN}([a-z_]+)(?::([^{_OPEN}{_CLOSE}]*))?{_CLOSE}")


@dataclass(frozen=True)
class WheelNames:
    """What the JSON says of the wheel.

    Attributes:
        file_name: As in ``clinical_features-1.4.0+3f9c2ab81d07-py3-none-any.whl``.
        version: As in ``1.4.0+3f9c2ab81d07``.
    """

    file_name: str
    version: str


class Placeholder(str):
    """A string that holds one mark and nothing else."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Returns what the mark stands for, readable in a debugger: ``<artifact entrypoint.py>``."""
        return f"<{self[1:-1].replace(':', ' ')}>"


def artifact(file: str) -> str:
    """The path on Databricks of a file that is uploaded with the pipeline.

    Args:
        file: The file, relative to the pipeline directory, as in ``"entrypoint.py"`` or ``"lookups/codes.csv"``.
            Uploaded under its base name, for FlowEHR uploads no folders.

    Returns:
        A string that becomes ``{artifacts root}/{pipeline name}/artifacts/{base name}`` in the JSON.
    """
    return Placeholder(f"{_OPEN}artifact:{file}{_CLOSE}")


def wheel() -> str:
    """The path on Databricks of the wheel that the pipeline directory's ``setup.py`` builds.

    Use it to list further libraries beside it: ``libraries=[{"whl": wheel()}, {"pypi": {"package": "pydicom"}}]``.
    """
    return Placeholder(f"{_OPEN}wheel{_CLOSE}")


def wheel_version() -> str:
    """The full version of that wheel, content stamp included, as in ``1.4.0+3f9c2ab81d07``.

    Pass it to an entrypoint that compares it with the version it was imported from: a shared cluster may hold several.
    """
    return Placeholder(f"{_OPEN}wheel_version{_CLOSE}")


def linked_service() -> str:
    """The name of the pipeline's Databricks linked service, as its ``Pipeline(linked_service=…)`` says."""
    return Placeholder(f"{_OPEN}linked_service{_CLOSE}")


def pipeline_name() -> str:
    """The name of the pipeline that the text ends up in."""
    return Placeholder(f"{_OPEN}pipeline{_CLOSE}")


def resolve(text: str, replace: Callable[[str, str], str]) -> str:
    """Put the final text in the place of every mark.

    Args:
        text: Any string of a definition.
        replace: Called with a mark's kind and argument, as in ``("artifact", "entrypoint.py")``.
    """
    if _OPEN not in text:
        return text
    return _MARK.sub(lambda match: _OPEN if match[1] == "open" else replace(match[1], match[2] or ""), text)


def escaped(text: str) -> str:
    """Foreign text, which may look like a mark and is none, in the form that :func:`resolve` makes ``text`` of."""
    return text.replace(_OPEN, f"{_OPEN}open{_CLOSE}")
