"""File names of Python wheels, by the rules of their specification."""

from __future__ import annotations

import re

_NAME = re.compile(r"[\w.]+")
_TAG = re.compile(r"[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*")
_VERSION = re.compile(
    r"v?(?:\d+!)?\d+(?:\.\d+)*"
    r"(?:[-_.]?(?:alpha|beta|preview|pre|a|b|c|rc)[-_.]?\d*)?"
    r"(?:(?:-\d+)|(?:[-_.]?(?:post|rev|r)[-_.]?\d*))?"
    r"(?:[-_.]?dev[-_.]?\d*)?"
    r"(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?",
    re.IGNORECASE,
)


def wheel_problem(file: str) -> str:
    """Returns what is wrong with a wheel's file name; empty if nothing is.

    Args:
        file: The name without a folder, such as ``my_pkg-1.0-py3-none-any.whl``.
    """
    if not file.endswith(".whl"):
        return "does not end with '.whl' in lower case"
    parts = file.removesuffix(".whl").split("-")
    if len(parts) not in (5, 6):
        return f"has {len(parts)} parts between dashes instead of 5: distribution, version, Python, ABI, platform"
    name, version, *build = parts[:-3]
    if not _NAME.fullmatch(name) or "__" in name:
        return f"has the distribution name '{name}', which may have single underscores and dots, but no dash or blank"
    if not _VERSION.fullmatch(version):
        return f"has the version '{version}', which is no version of a Python package (write dashes of the name as underscores)"
    if build and not re.match(r"\d", build[0]):
        return f"has the build number '{build[0]}', which does not begin with a digit"
    bad = next((tag for tag in parts[-3:] if not _TAG.fullmatch(tag)), None)
    return f"has the tag '{bad}', which may have letters, digits, dots and underscores" if bad is not None else ""


def distribution(file: str) -> str:
    """The name of the package in a wheel, normalised; empty if the file name is not a wheel's."""
    if wheel_problem(file):
        return ""
    return re.sub(r"[-_.]+", "-", file.split("-", maxsplit=1)[0]).casefold()
