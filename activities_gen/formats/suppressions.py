"""``suppressions.json``: which findings of ``check`` do not apply here, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import ConfigDict, Field

from activities_gen.formats.model import File
from activities_gen.formats.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from activities_gen.findings import Location


class Suppressions(File):
    """Which findings of `check` do not apply here, each with its reason.

    Each key is `CODE`, `CODE:activity`, `CODE:pipeline/activity` or `CODE:pipeline/`. The value is the reason. The file
    stands beside `pipeline.json`, or in the root of an ADF git repository. It is for JSON that is written by hand: beside
    an `activities.py`, use `Pipeline(suppress=…)`.
    """

    model_config = ConfigDict(extra="allow", title="Suppressions")
    example: ClassVar[dict[str, str]] = {"ADF233": "A quick call."}

    __pydantic_extra__: dict[str, str] = Field(init=False)


def read_suppressions(content: bytes | str, file: str) -> tuple[dict[str, str], Callable[[str], Location]]:
    """Reads a file of suppressions.

    Args:
        content: The file's bytes or text.
        file: The file's path as findings show it.

    Returns:
        The reasons by key, and a function that says where a key stands.

    Raises:
        FindingsError: It is no such file: ``SUP004``.
    """
    checked, source = read(Suppressions, content, file, "SUP004")
    return dict(checked.__pydantic_extra__), lambda key: source.place((key,))
