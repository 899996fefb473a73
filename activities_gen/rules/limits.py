"""Limits of the service that can be counted in the JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from activities_gen.findings import Severity
from activities_gen.model.values import is_dynamic, kind_of, whole_number
from activities_gen.rules.context import Context, title
from activities_gen.rules.model import Subject, Violation, quoted, rule
from activities_gen.rules.subjects import activity
from activities_gen.wire.document import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.model.activities import Activity

MAX_ACTIVITIES = 120
MAX_PARAMETERS = 50
MAX_CASES = 25
MAX_BYTES = {Kind.PIPELINE: 200 * 1024, Kind.DATASET: 100 * 1024, Kind.LINKED_SERVICE: 2000 * 1024}


@rule("ADF110")
def activity_count(context: Context) -> Iterator[Violation]:
    """Too many activities."""
    count = len(context.activities)
    if count > MAX_ACTIVITIES:
        message = f"The pipeline has {count} activities, those in containers counted; at most {MAX_ACTIVITIES} are allowed. Move some to a pipeline of their own and call it with ExecutePipeline."
        yield Violation(message, ("properties", "activities"))


@rule("ADF111")
def parameter_count(context: Context) -> Iterator[Violation]:
    """Too many parameters."""
    count = len(context.parameters)
    if count > MAX_PARAMETERS:
        message = f"The pipeline has {count} parameters; at most {MAX_PARAMETERS} are allowed. Put some into one parameter of type object."
        yield Violation(message, ("properties", "parameters"))


_BYTES_OF_A_CHARACTER = 4
"""At most, in UTF-8."""


@rule("ADF112", on=Subject.RESOURCE)
def size(context: Context) -> Iterator[Violation]:
    """Too many bytes."""
    limit = MAX_BYTES.get(context.document.kind)
    if limit is None or 0 < context.document.length <= limit // _BYTES_OF_A_CHARACTER:
        return
    text = json.dumps(context.document.properties, ensure_ascii=False, separators=(",", ":"))
    count = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
    if count > limit:
        yield Violation(
            f"The JSON has {count:,} bytes without white space; at most {limit:,} are allowed.",
            ("properties",),
        )


@rule("ADF114")
def concurrency(context: Context) -> Iterator[Violation]:
    """A concurrency below one, or no number."""
    value = context.document.properties.get("concurrency")
    if value is None or is_dynamic(value):
        return
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        yield Violation(
            f"'concurrency' is {quoted(value)}, {kind_of(value)}; it must be a whole number from 1.",
            ("properties", "concurrency"),
            Severity.WARNING if isinstance(value, str) and whole_number(value) else None,
        )


@rule("ADF115", on=activity("Switch"))
def case_count(_: Context, node: Activity) -> Iterator[Violation]:
    """Too many cases, or no case at all beside the default."""
    cases = node.type_properties.get("cases")
    if isinstance(cases, list) and len(cases) > MAX_CASES:
        message = f"{title(node)} has {len(cases)} cases; at most {MAX_CASES} are allowed. Look the choice up in an object parameter instead, or split it."
        yield Violation(message, (*node.path, "typeProperties", "cases"))
    elif node.type == "Switch" and not cases and node.type_properties.get("defaultActivities"):
        message = f"{title(node)} has no case, so it always runs 'defaultActivities'. Add a case, or move them out."
        yield Violation(message, (*node.path, "typeProperties"), Severity.WARNING)
