"""The pages of the codes, in Markdown: what ``explain`` prints and what ``docs/rules`` holds."""

from __future__ import annotations

import json
import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from activities_gen.catalogue import CODES, FAMILIES, Target, page_of
from activities_gen.catalogue.page import Session
from activities_gen.findings import Layer

if TYPE_CHECKING:
    from activities_gen.catalogue import Code
    from activities_gen.catalogue.page import Example

_TOKEN = re.compile(r"[A-Za-z0-9]{32,}")
_WIDTH = 110
_LONGEST = 16
"""Most lines of an example that a page shows."""

_NOTICED = {
    Layer.LOCAL: "this program alone",
    Layer.STUDIO: "Studio",
    Layer.DEPLOYMENT: "the deployment",
    Layer.RUN: "the run",
    Layer.TERRAFORM: "Terraform",
    Layer.FLOWEHR: "FlowEHR",
}


def page(code: Code) -> str:
    """The page of one code, in Markdown."""
    said = page_of(code.code)
    where = " Checked for FlowEHR only." if code.target is Target.FLOWEHR else ""
    replaced = " and ".join(filter(None, [", ".join(code.instead_of[:-1]), *code.instead_of[-1:]]))
    instead = f" What {replaced} would say of the same place is left out." if replaced else ""
    return "\n".join(
        [
            f"## {code.code}: {code.title}",
            "",
            f"{code.severity.value.capitalize()}, first noticed by {_NOTICED[code.layer]}.{where}{instead}",
            "",
            said.why,
            "",
            "Wrong:",
            "",
            *_shown(said.wrong),
            "",
            "Right:",
            "",
            *_shown(said.right),
            "",
            f"Source: {said.source}",
            "",
        ]
    )


def _shown(example: Example) -> list[str]:
    """An example as a block of code, long ones cut, secrets blackened."""
    if isinstance(example, Session):
        return ["```console", f"$ {example.command}", "```", "", *_files(example.files)]
    if isinstance(example, dict) and "properties" not in example:
        return _files(example)
    return _block(example)


def _files(contents: dict[str, Any]) -> list[str]:
    """A block of code for each file, below its name."""
    return [line for name, content in contents.items() for line in (f"`{name}`", "", *_block(content, name), "")][:-1]


def compact(value: Any, indent: int = 0) -> str:
    """A JSON value as a person writes it: on one line where it fits, else a line for each member."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + indent <= _WIDTH or not isinstance(value, (dict, list)):
        return flat
    inner = indent + 2
    if isinstance(value, dict):
        members = [f"{json.dumps(key, ensure_ascii=False)}: {compact(item, inner)}" for key, item in value.items()]
    else:
        members = [compact(item, inner) for item in value]
    lines = ",\n".join(" " * inner + member for member in members)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n{lines}\n{' ' * indent}{closing}"


def _block(content: Any, name: str = "") -> list[str]:
    text = content if isinstance(content, str) else compact(content)
    language = "python" if name.endswith(".py") else "" if isinstance(content, str) else "json"
    lines = [_TOKEN.sub(lambda match: f"{match.group()[:8]}…", line) for line in text.rstrip("\n").split("\n")]
    if len(lines) > _LONGEST + 8:
        lines = [*lines[:_LONGEST], "…"]
    return [f"```{language}", *lines, "```"]


def pages() -> dict[str, str]:
    """The files of ``docs/rules`` by name: an index, and a page for each family."""
    families = {family: list(codes) for family, codes in groupby(CODES.values(), key=lambda code: code.family)}
    files = {"README.md": _index(families)}
    for family, codes in families.items():
        files[_file(family)] = "\n".join([f"# {FAMILIES[family]}", "", _GENERATED, "", *map(page, codes)])
    return files


_GENERATED = "Generated from the catalogue by `tools/write_rule_pages.py`. [All codes](README.md)"


def _file(family: str) -> str:
    return f"{family.replace('_', '-')}.md"


def _index(families: dict[str, list[Code]]) -> str:
    lines = [
        "# Rules",
        "",
        "Everything that can be reported: the code, how much it matters, who would notice first, and what is wrong.",
        "`check` looks for it; what stands under definitions, generated files, imports and runs is found by other verbs too.",
        "What no local check can know is in [not-checkable.md](../not-checkable.md).",
        "",
    ]
    for family, codes in families.items():
        lines += [f"## [{FAMILIES[family]}]({_file(family)})", "", "| code | severity | noticed by | what |"]
        lines += ["| --- | --- | --- | --- |", *(_row(code) for code in codes), ""]
    return "\n".join(lines)


def _row(code: Code) -> str:
    link = f"[{code.code}]({_file(code.family)}#{_anchor(code)})"
    return f"| {link} | {code.severity.value} | {code.layer.value} | {code.title} |"


def _anchor(code: Code) -> str:
    """The anchor that GitHub gives a page's heading."""
    text = f"{code.code}: {code.title}".casefold()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")
