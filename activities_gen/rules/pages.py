"""The rules' pages: what ``explain`` prints and what ``docs/rules`` holds."""

from __future__ import annotations

import json
import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from activities_gen.findings import Layer
from activities_gen.renderings import RuleInfo
from activities_gen.rules.model import RULES, Target

if TYPE_CHECKING:
    from collections.abc import Iterable

    from activities_gen.rules.model import Example, Rule

_TOKEN = re.compile(r"[A-Za-z0-9]{32,}")
_WIDTH = 110
_LONGEST = 16
"""Most lines of an example that a page shows."""

_HEADINGS = {
    "reading": "Reading files",
    "names": "Names",
    "limits": "Limits",
    "keys": "Keys and types of values",
    "elsewhere": "Activities of other products",
    "policy": "Policies and time spans",
    "dependencies": "Dependencies",
    "nesting": "Nesting",
    "control": "Control and web activities",
    "declarations": "Parameters and variables",
    "usage": "Use of parameters and variables",
    "expressions": "Expressions",
    "scoping": "References in expressions",
    "results": "Results of expressions",
    "databricks": "Databricks activities",
    "libraries": "Databricks libraries",
    "execute_pipeline": "ExecutePipeline",
    "references": "References",
    "triggers": "Triggers",
    "windows": "Tumbling windows",
    "schedules": "Schedules",
    "events": "Event triggers",
    "secrets": "Secrets",
    "flowehr": "FlowEHR: pipelines",
    "flowehr_trigger": "FlowEHR: triggers",
    "terraform": "FlowEHR: what its Terraform provider reads",
    "directories": "FlowEHR: pipeline directories",
    "suppressions": "Suppressions",
}


_NOTICED = {
    Layer.LOCAL: "this program alone",
    Layer.STUDIO: "Studio",
    Layer.DEPLOYMENT: "the deployment",
    Layer.RUN: "the run",
    Layer.TERRAFORM: "Terraform",
    Layer.FLOWEHR: "FlowEHR",
}


def page(rule: Rule) -> str:
    """One rule's page, in Markdown."""
    where = " Checked for FlowEHR only." if rule.target is Target.FLOWEHR else ""
    replaced = " and ".join(filter(None, [", ".join(rule.instead_of[:-1]), *rule.instead_of[-1:]]))
    instead = f" What {replaced} would say of the same place is left out." if replaced else ""
    return "\n".join(
        [
            f"## {rule.code}: {rule.title}",
            "",
            f"{rule.severity.value.capitalize()}, first noticed by {_NOTICED[rule.layer]}.{where}{instead}",
            "",
            rule.why,
            "",
            "Wrong:",
            "",
            *_shown(rule.wrong),
            "",
            "Right:",
            "",
            *_shown(rule.right),
            "",
            f"Source: {rule.source}",
            "",
        ]
    )


def _shown(example: Example) -> list[str]:
    """An example as a block of code, long ones cut, secrets blackened."""
    if isinstance(example, dict) and "properties" not in example:
        return [line for name, content in example.items() for line in (f"`{name}`", "", *_block(content), "")][:-1]
    return _block(example)


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


def _block(content: Any) -> list[str]:
    text = content if isinstance(content, str) else compact(content)
    lines = [_TOKEN.sub(lambda match: f"{match.group()[:8]}…", line) for line in text.rstrip("\n").split("\n")]
    if len(lines) > _LONGEST + 8:
        lines = [*lines[:_LONGEST], "…"]
    return ["```" if isinstance(content, str) else "```json", *lines, "```"]


def pages() -> dict[str, str]:
    """The files of ``docs/rules`` by name: an index, and a page for each family."""
    families = {family: list(rules) for family, rules in groupby(_sorted(RULES.values()), key=lambda rule: rule.family)}
    files = {"README.md": _index(families)}
    for family, rules in families.items():
        files[_file(family)] = "\n".join([f"# {heading(family)}", "", _GENERATED, "", *map(page, rules)])
    return files


_GENERATED = "Generated from the rules themselves by `tools/write_rule_pages.py`. [All rules](README.md)"


def _file(family: str) -> str:
    return f"{family.replace('_', '-')}.md"


def _index(families: dict[str, list[Rule]]) -> str:
    lines = [
        "# Rules",
        "",
        "What `check` looks for: the code, how much it matters, who would notice first, and what is wrong.",
        "What no local check can know is in [not-checkable.md](../not-checkable.md).",
        "",
    ]
    for family, rules in families.items():
        lines += [f"## [{heading(family)}]({_file(family)})", "", "| code | severity | noticed by | what |"]
        lines += ["| --- | --- | --- | --- |", *(_row(rule) for rule in rules), ""]
    return "\n".join(lines)


def _row(rule: Rule) -> str:
    link = f"[{rule.code}]({_file(rule.family)}#{_anchor(rule)})"
    return f"| {link} | {rule.severity.value} | {rule.layer.value} | {rule.title} |"


def _anchor(rule: Rule) -> str:
    """The anchor that GitHub gives a page's heading."""
    text = f"{rule.code}: {rule.title}".casefold()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def _sorted(rules: Iterable[Rule]) -> list[Rule]:
    order = list(_HEADINGS)
    return sorted(rules, key=lambda rule: (order.index(rule.family), rule.code))


def heading(family: str) -> str:
    """The heading of a family of rules."""
    return _HEADINGS[family]


def infos() -> dict[str, RuleInfo]:
    """What SARIF says of each rule."""
    return {
        rule.code: RuleInfo(rule.code, rule.title, rule.severity, rule.why, page(rule), heading(rule.family))
        for rule in RULES.values()
    }
