"""The rules' pages: what ``explain`` prints and what ``docs/rules.md`` holds."""

from __future__ import annotations

import json
import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

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


def page(rule: Rule) -> str:
    """One rule's page, in Markdown."""
    where = " Checked for FlowEHR only." if rule.target is Target.FLOWEHR else ""
    return "\n".join(
        [
            f"### {rule.code}: {rule.title}",
            "",
            f"{rule.severity.value.capitalize()}; noticed by: {rule.layer.value}.{where}",
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


def pages() -> str:
    """The text of ``docs/rules.md``."""
    chapters = [
        "# Rules",
        "",
        "Generated from the rules themselves by `activities-gen explain --all`; a test holds it fresh.",
        "What no local check can know is in [not-checkable.md](not-checkable.md).",
        "",
        *_overview(),
    ]
    for family, rules in groupby(_sorted(RULES.values()), key=lambda rule: rule.family):
        chapters += [f"## {heading(family)}", "", *(page(rule) for rule in rules)]
    return "\n".join(chapters).rstrip("\n") + "\n"


def _overview() -> list[str]:
    rows = [
        f"| [{rule.code}](#{_anchor(rule)}) | {rule.severity.value} | {rule.layer.value} | {rule.title} |"
        for rule in sorted(RULES.values(), key=lambda rule: rule.code)
    ]
    return ["| code | severity | noticed by | what |", "| --- | --- | --- | --- |", *rows, ""]


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
    return {rule.code: RuleInfo(rule.code, rule.title, rule.severity, rule.why, page(rule)) for rule in RULES.values()}
