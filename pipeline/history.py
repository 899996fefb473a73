"""What is known of each record as of a window: what features are computed from.

A window is computed from what the window before it left to be carried on and from its own rows, so that a day costs the same however
many came before it. Where that is not to be had, as after a correction, it is computed from the rows of all windows up to it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import pyspark.sql.functions as F
from pyspark.sql import Column, DataFrame

from pipeline import features
from pipeline.schemas import CARRIED_SCHEMAS, OBSERVATIONS, SILVER_SCHEMAS, TABLES
from pipeline.storage import GENERATION, GOLD, SILVER, WINDOW, Commit, Lake

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.windows import Window

CARRIED = {name: f"current_{name}" for name in CARRIED_SCHEMAS}
"""The tables that hold what a window leaves to be carried on. They have times, so they stand in the silver zone, beside its tables."""

VERSION = 2
"""Changes with what `features.carried` holds: what another version left is not used."""


@dataclass(frozen=True)
class History:
    """What features of a window are computed from.

    Attributes:
        new: The window's own rows of the tables of the silver zone.
        current: These tables as of the window, each record once.
        older: The latest observations of the window before, where `current` has only those after it.
        base: The commit of the window before that both come from, or None where they come from all windows.
        inputs: A text that changes when any row of silver up to the window does.
    """

    new: Mapping[str, DataFrame]
    current: Mapping[str, DataFrame]
    older: DataFrame | None
    base: Commit | None
    inputs: str

    def latest(self, as_of: Column, codes: Sequence[str]) -> DataFrame:
        """Returns the latest observations as of a moment."""
        newer = features.latest_observations(self.current["observations"], as_of, codes)
        return newer if self.older is None else features.renewed(self.older, newer)


def inputs(silver: Mapping[Window, Commit]) -> dict[Window, str]:
    """Returns for each window a text that changes when any row of it, or of a window before it, does."""
    found, before = {}, ""
    for window, commit in silver.items():
        before = hashlib.sha256(f"{before} {window.name} {commit.fingerprint}".encode()).hexdigest()[:16]
        found[window] = before
    return found


def known(lake: Lake, silver: Mapping[Window, Commit], codes: Sequence[str]) -> History:
    """Returns what is known as of the last of some windows.

    Args:
        lake: The lake.
        silver: What counts of each window of the silver zone, in order; at least one window.
        codes: LOINC codes of the observations whose latest value counts.
    """
    *before, (last, text) = inputs(silver).items()
    base = lake.commits(GOLD).get(before[-1][0]) if before else None
    new = {table.name: _silver(lake, table.name, [silver[last]]).drop(WINDOW) for table in TABLES}
    usable = base and _fits(base, before[-1][1], codes) and has_carried(lake, base)
    if base and usable and not _corrects(lake, last, new, base, codes):
        keys = {table.name: table.key for table in TABLES}
        carried = {name: _carried(lake, name, base).drop(WINDOW) for name in CARRIED}
        current = {name: features.replaced(carried[name], rows, keys[name]) for name, rows in new.items()}
        return History(new, current, carried["latest_observations"], base, text)
    if not before:
        return History(new, new, None, None, text)
    rows = {table: _silver(lake, table.name, silver.values()) for table in TABLES}
    every = {table.name: features.last_versions(found, table.key).drop(WINDOW) for table, found in rows.items()}
    return History(new, every, None, None, text)


def has_carried(lake: Lake, base: Commit) -> bool:
    """Whether the lake still has what a window left to be carried on; patients are removed first."""
    return bool(_carried(lake, "patients", base).count() == base.tables[CARRIED["patients"]]["rows"] > 0)


def forget(lake: Lake, window: Window) -> None:
    """Removes what the windows before the one before a window left to be carried on: those that come next do not need it.

    It goes by generations that count, as another run may be at work on one of these windows.
    """
    older = [commit.generation for each, commit in lake.commits(GOLD).items() if each < window][:-1]
    found = lake.table(SILVER, CARRIED["patients"])
    held = {row[0] for row in found.select(GENERATION).distinct().collect()} if found else set()
    if gone := sorted(held.intersection(older)):
        for stored in CARRIED.values():
            lake.delete(SILVER, stored, GENERATION, gone)


def details(codes: Sequence[str]) -> dict[str, object]:
    """Returns what a commit says of how its window was computed."""
    return {"codes": list(codes), "carried": VERSION}


def _carried(lake: Lake, table: str, base: Commit) -> DataFrame:
    return lake.read(SILVER, CARRIED[table], CARRIED_SCHEMAS[table], [base])


def _silver(lake: Lake, table: str, commits: Iterable[Commit]) -> DataFrame:
    return lake.read(SILVER, table, SILVER_SCHEMAS[table], commits)


def _fits(base: Commit, expected: str, codes: Sequence[str]) -> bool:
    return details(codes).items() <= base.details.items() and base.details["inputs"] == expected


def _corrects(lake: Lake, window: Window, new: Mapping[str, DataFrame], base: Commit, codes: Sequence[str]) -> bool:
    """Whether a window has another version of an observation that has been counted: the latest one before it is not carried on."""
    counted = (F.col("date") < F.lit(base.details["as_of"]).cast("timestamp")) & F.col("code").isin(*codes)
    late, silver = new["observations"].where(counted), lake.table(SILVER, "observations")
    if silver is None or late.limit(1).count() == 0:
        return False
    older = silver.where(counted & (F.col(WINDOW) != window.name)).select(*OBSERVATIONS.key)
    same = [late[name].eqNullSafe(older[name]) for name in OBSERVATIONS.key]
    return late.join(older, reduce(Column.__and__, same), "left_semi").limit(1).count() > 0
