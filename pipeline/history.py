"""What is known of each record as of a window: what features are computed from.

A window is computed from what the window before it left to be carried on and from its own rows, so that a day costs the same however
many came before it. Where that is not to be had, as after a correction, it is computed from the rows of all windows up to it.

Encounters are most of what is carried on, as those of a whole year count. Not each window writes them anew: most windows take what one of
the windows before left, and the rows of the windows since.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

import pyspark.sql.functions as F
from pyspark.sql import Column, DataFrame

from pipeline import features
from pipeline.schemas import CARRIED_SCHEMAS, OBSERVATIONS, SILVER_SCHEMAS, TABLES
from pipeline.storage import GENERATION, GOLD, SILVER, WINDOW, Commit, Lake

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.schemas import Table
    from pipeline.windows import Window

CARRIED = {name: f"current_{name}" for name in CARRIED_SCHEMAS}
"""The tables that hold what a window leaves to be carried on. They have times, so they stand in the silver zone, beside its tables."""

LEFT_ENCOUNTERS = CARRIED["encounters"]
TOGETHER = 16
"""After so many windows the encounters are written anew: until then each further window is one file more to read."""

VERSION = 3
"""Changes with what `features.carried` holds: what another version left is not used."""


class Basis(NamedTuple):
    """The commits of gold that left what is carried on, each None if it is not to be had.

    Attributes:
        base: That of the window before, which left all but encounters.
        encounters: That of the last window that left encounters.
    """

    base: Commit | None
    encounters: Commit | None

    def of(self, table: str) -> Commit | None:
        """Returns the commit that left a table."""
        return self.encounters if table == "encounters" else self.base


@dataclass(frozen=True)
class History:
    """What features of a window are computed from.

    Attributes:
        new: The window's own rows of the tables of the silver zone.
        current: These tables as of the window, each record once.
        inputs: A text that changes when any row of silver up to the window does.
        older: The latest observations of the window before, where `current` has only those after it.
        basis: What these come from; where it has no commit, they come from all windows.
        renews: Whether the window leaves encounters to be carried on.
    """

    new: Mapping[str, DataFrame]
    current: Mapping[str, DataFrame]
    inputs: str
    older: DataFrame | None
    basis: Basis
    renews: bool

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
    texts = inputs(silver)
    last, text = texts.popitem()
    new = {table.name: _silver(lake, table, [silver[last]]).drop(WINDOW) for table in TABLES}
    basis = _basis(lake, texts, codes)
    if basis.base and _corrects(lake, last, new, basis.base, codes):
        basis = basis._replace(base=None)
    current = {table.name: _current(lake, table, silver, basis.of(table.name)) for table in TABLES}
    older = _carried(lake, "latest_observations", basis.base) if basis.base else None
    renews = basis.encounters is None or len(_since(silver, basis.encounters)) >= TOGETHER
    return History(new, current, text, older, basis, renews)


def _basis(lake: Lake, texts: dict[Window, str], codes: Sequence[str]) -> Basis:
    """Returns what some windows left that can be used."""
    gold = {window: commit for window, commit in lake.commits(GOLD).items() if window in texts}
    found = Basis(
        gold.get(list(texts)[-1]) if texts else None,
        next((commit for commit in reversed(list(gold.values())) if LEFT_ENCOUNTERS in commit.tables), None),
    )
    return Basis(
        *(
            commit
            if commit and _fits(commit, texts[commit.window], codes) and has_carried(lake, name, commit)
            else None
            for name, commit in (("patients", found.base), ("encounters", found.encounters))
        )
    )


def has_carried(lake: Lake, table: str, commit: Commit) -> bool:
    """Whether the lake still has `patients` or `encounters` as a window left them. All others are removed after patients.

    No patients are no sign of what else is there.
    """
    rows = commit.tables[CARRIED[table]]["rows"]
    return bool(_carried(lake, table, commit).count() == rows and (rows or table == "encounters"))


def is_there(lake: Lake, basis: Basis) -> bool:
    """Whether the lake still has what a window is computed from, beside the rows of silver."""
    found = (("patients", basis.base), ("encounters", basis.encounters))
    return all(has_carried(lake, name, commit) for name, commit in found if commit)


def forget(lake: Lake, window: Window) -> None:
    """Removes what the windows before the one before a window left to be carried on: those that come next do not need it.

    Of encounters stays what the last window before it left that left any. It goes by generations that count, as another run may be at work
    on one of these windows.
    """
    before = [commit for each, commit in lake.commits(GOLD).items() if each < window]
    others = [stored for stored in CARRIED.values() if stored != LEFT_ENCOUNTERS]
    for tables in (others, [LEFT_ENCOUNTERS]):
        older = [commit.generation for commit in before if tables[0] in commit.tables][:-1]
        found = lake.table(SILVER, tables[0])
        held = {row[0] for row in found.select(GENERATION).distinct().collect()} if found else set()
        if gone := sorted(held.intersection(older)):
            for stored in tables:
                lake.delete(SILVER, stored, GENERATION, gone)


def details(codes: Sequence[str]) -> dict[str, object]:
    """Returns what a commit says of how its window was computed."""
    return {"codes": list(codes), "carried": VERSION}


def _current(lake: Lake, table: Table, silver: Mapping[Window, Commit], left: Commit | None) -> DataFrame:
    """Returns a table of silver as of the last of some windows, from what one of them left and the rows of those since."""
    since = _since(silver, left)
    rows = _silver(lake, table, since)
    newer = (features.last_versions(rows, table.key) if len(since) > 1 else rows).drop(WINDOW)
    if left is None:
        return newer
    carried = _carried(lake, table.name, left)
    return features.replaced(carried, newer.select(*carried.columns), table.key)


def _since(silver: Mapping[Window, Commit], left: Commit | None) -> list[Commit]:
    return [commit for window, commit in silver.items() if left is None or window > left.window]


def _carried(lake: Lake, table: str, left: Commit) -> DataFrame:
    return lake.read(SILVER, CARRIED[table], CARRIED_SCHEMAS[table], [left]).drop(WINDOW)


def _silver(lake: Lake, table: Table, commits: Iterable[Commit]) -> DataFrame:
    return lake.read(SILVER, table.name, SILVER_SCHEMAS[table.name], commits)


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
