"""Suppressions: findings that somebody decided to live with, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.findings import Layer, Severity
from activities_gen.rules.examples import wait
from activities_gen.rules.model import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.rules.context import Context
    from activities_gen.rules.model import Mark

HERE = "activities-gen"
_SLOW = [wait("Load: all")]
_QUIET = [wait("Load all")]


def _reported_by_the_engine(_: Context) -> Iterator[Mark]:
    """Reported when all other findings are known."""
    yield from ()


rule(
    "SUP001",
    "a suppression without a reason",
    Severity.ERROR,
    Layer.LOCAL,
    why="Who reads it later must be able to see whether it still holds. It suppresses nothing.",
    wrong={"activities.json": _SLOW, "suppressions.json": {"ADF104:Load: all": ""}},
    right={"activities.json": _SLOW, "suppressions.json": {"ADF104:Load: all": "Named so in the data contract."}},
    source=HERE,
)(_reported_by_the_engine)

rule(
    "SUP002",
    "a suppression of a rule that does not exist",
    Severity.WARNING,
    Layer.LOCAL,
    why="A slip in the code: what was meant is still reported.",
    wrong={"activities.json": _QUIET, "suppressions.json": {"ADF999": "We know."}},
    right={"activities.json": _SLOW, "suppressions.json": {"ADF104": "Named so in the data contract."}},
    source=HERE,
)(_reported_by_the_engine)

rule(
    "SUP003",
    "a suppression that suppresses nothing",
    Severity.WARNING,
    Layer.LOCAL,
    why="What it was for is mended. Left there, it would hide the next mistake of the kind.",
    wrong={"activities.json": _QUIET, "suppressions.json": {"ADF104": "Named so in the data contract."}},
    right={"activities.json": _SLOW, "suppressions.json": {"ADF104": "Named so in the data contract."}},
    source=HERE,
)(_reported_by_the_engine)

rule(
    "SUP004",
    "suppressions that cannot be read",
    Severity.ERROR,
    Layer.LOCAL,
    why="`suppressions.json` is an object from `CODE`, `CODE:activity`, `CODE:pipeline/activity` or `CODE:pipeline/` to the "
    "reason. It stands beside `pipeline.json`, or in the root of an ADF git repository.",
    wrong={"activities.json": _SLOW, "suppressions.json": ["ADF104"]},
    right={"activities.json": _SLOW, "suppressions.json": {"ADF104": "Named so in the data contract."}},
    source=HERE,
)(_reported_by_the_engine)
