"""The whole of a generated module: docstring, remarks for linters, imports, statements."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from activities_gen.importing.codegen.pipeline import REFERENCES, build
from activities_gen.importing.codegen.printer import LINE
from activities_gen.importing.codegen.text import remark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from activities_gen.importing.codegen.models import Builder
    from activities_gen.importing.codegen.pipeline import Settings
    from activities_gen.wire.document import Document

_SUSPECTS = {
    "S104": r"""["']0\.0\.0\.0""",
    "S106": r"(?i)(pas+wo?r?d|pass(phrase)?|pwd|token|secrete?)\w*=[\"']",
    "S108": r"""["'](/tmp|/var/tmp|/dev/shm)""",
    "FBT003": r"\b(raw\(|f\.\w+\(.*\b)(True|False)\b",
    "S608": r"(?is)\bf[\"'].*\b(select|insert|update|delete|create|drop|alter|with|merge|replace|truncate)\b",
}
"""What linters suspect of a program and is plain text of a pipeline, by rule."""


def source(document: Document, settings: Settings) -> str:
    """The source of a module that defines the pipeline of a document.

    Args:
        document: A pipeline.
        settings: What the document does not say.

    Returns:
        Python as ``ruff format`` leaves it at 120 columns, clean to ``ruff check`` and ``mypy --strict``.
    """
    builder = build(document, settings)
    head = f'"""Pipeline {remark(settings.title)}, imported from {remark(settings.source)}."""'
    parts = [head, *_remarks(builder), "\n".join(_imports(builder)), *_paragraphs(builder.statements)]
    return "\n\n".join(parts) + "\n"


def _remarks(builder: Builder) -> Iterator[str]:
    """Comments that tell linters and type checkers what is meant."""
    body = "\n".join(line for lines in builder.statements for line in lines)
    rules = [rule for rule, pattern in _SUSPECTS.items() if re.search(pattern, body)]
    rules += [] if builder.plain else ["RUF001"]
    if rules:
        yield f"# Text stands here as it was imported.\n# ruff: noqa: {', '.join(sorted([*rules, 'RUF100']))}"
    if builder.loose:
        codes = ", ".join(sorted(builder.loose))
        yield f'# The SDK annotates free values as mappings; ADF takes text, numbers and lists there, too.\n# mypy: disable-error-code="{codes}"'


def _imports(builder: Builder) -> Iterator[str]:
    """The import statements, sorted as ``ruff check`` wants them."""
    if builder.sdk:
        yield from _import("azure.mgmt.datafactory.models", sorted(builder.sdk, key=_natural))
        yield ""
    yield from _import("activities_gen", ["Pipeline", *sorted(builder.helpers | builder.used & REFERENCES)])
    if "f" in builder.used:
        yield "from activities_gen import functions as f"


def _import(module: str, names: list[str]) -> Iterator[str]:
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= LINE:
        yield line
    else:
        yield f"from {module} import ("
        yield from (f"    {name}," for name in names)
        yield ")"


def _natural(name: str) -> list[tuple[str, int]]:
    """Letters in any case, numbers by their value."""
    return [(text, int(digits or 0)) for text, digits in re.findall(r"(\D+)(\d*)", name.casefold())]


def _paragraphs(statements: Iterable[list[str]]) -> Iterator[str]:
    """Statements with a blank line between them, but for neighbours of one line each."""
    paragraph: list[str] = []
    for lines in statements:
        if len(lines) == 1 and paragraph and not paragraph[-1].startswith((" ", ")", "]", "}")):
            paragraph += lines
            continue
        if paragraph:
            yield "\n".join(paragraph)
        paragraph = list(lines)
    if paragraph:
        yield "\n".join(paragraph)
