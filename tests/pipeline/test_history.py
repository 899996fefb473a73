"""Features that are computed window by window are those that are computed from all windows at once.

`PIPELINE_HISTORIES` says how many random histories are tried, two unless it is set.
"""

from __future__ import annotations

import os
import random
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from pipeline import history
from pipeline.gold import GOLD_SCHEMAS
from pipeline.schemas import SILVER_SCHEMAS
from pipeline.stages import Run, features_window
from pipeline.storage import GENERATION, GOLD, SILVER, WINDOW, Commit, Lake
from pipeline.windows import Window, iso

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

pytestmark = [pytest.mark.spark, pytest.mark.slow]

HISTORIES = int(os.environ.get("PIPELINE_HISTORIES", "2"))
CODES = ("weight", "pulse")
KEY = "2-key"


def day(number: int) -> datetime:
    return datetime(2024, 1, 1, tzinfo=timezone.utc) + timedelta(days=number)


def span(first: int, last: int) -> Window:
    return Window(start=day(first), end=day(last))


DAYS = [span(number, number + 1) for number in range(4)]
WINDOWS = [*DAYS, span(1, 3), span(-500, 0), span(400, 401)]
"""Four days, two of them together, one long before and one long after."""

Rows = dict[str, list[tuple[Any, ...]]]


def moments(draw: random.Random, window: Window) -> datetime:
    """Mostly within a window, at either end of it, or long before or after."""
    inside = window.start + (window.end - window.start) * draw.random()
    late, future = (
        window.start + timedelta(days=draw.choice(days)) for days in ((-1, -2, -370, -800), (1, 2, 30, 380))
    )
    return draw.choice([inside, inside, inside, window.start, window.end, late, future]).replace(microsecond=0)


def drawn(draw: random.Random, window: Window, earlier: Sequence[Rows]) -> Rows:
    """The rows of a window: new ones, and some of the keys of earlier ones with other values."""

    def some(table: str, most: int) -> list[tuple[Any, ...]]:
        seen = [row for rows in earlier for row in rows[table]]
        return [draw.choice(seen) for _ in range(draw.randrange(most))] if seen else []

    def moment() -> datetime:
        return moments(draw, window)

    def patient() -> str:
        return f"p{draw.randrange(3)}"

    def stop(start: datetime) -> datetime | None:
        return draw.choice([None, start + timedelta(hours=draw.randrange(-1, 60)), start, moment()])

    patients = {patient(): (draw.randrange(1920, 2024), draw.choice([None, 2023, 2024])) for _ in range(3)}
    starts = {f"e{draw.randrange(12)}": moment() for _ in range(draw.randrange(6))}
    conditions = [(patient(), f"e{draw.randrange(3)}", moment(), f"c{draw.randrange(2)}") for _ in range(3)]
    conditions += [(row[0], row[1], row[2], row[4]) for row in some("conditions", 4)]
    medications = [(patient(), f"e{draw.randrange(3)}", moment(), f"m{draw.randrange(3)}") for _ in range(3)]
    medications += [(row[0], row[1], row[2], row[4]) for row in some("medications", 4)]
    observations = [
        (patient(), draw.choice([None, "e1"]), moment(), draw.choice([*CODES, "other"]))
        for _ in range(draw.randrange(5))
    ]
    observations += [row[:4] for row in some("observations", 3)]
    return {
        "patients": [
            (name, date(born, 1, 1), died and date(died, 6, 1), died and died - born, *[None] * 6, KEY)
            for name, (born, died) in patients.items()
        ],
        "encounters": [
            (
                name,
                patient(),
                start,
                stop(start),
                draw.choice(["inpatient", "inpatient", "wellness", "odd", None]),
                "1",
                None,
                KEY,
            )
            for name, start in starts.items()
        ],
        "conditions": [(*key[:3], stop(key[2]), key[3], KEY) for key in conditions],
        "observations": [
            (
                *key,
                *draw.choice([(1.0, True), (2.0, True), (None, False), (None, None)]),
                draw.choice([None, "kg", "g"]),
                KEY,
            )
            for key in observations
            for _ in range(draw.choice([1, 1, 2]))
        ],
        "medications": [(*key[:3], stop(key[2]), key[3], 1.0, None, KEY) for key in medications],
    }


def put(run: Run, rows: Rows) -> None:
    writing = run.lake.write(SILVER, run.window)
    for table, schema in SILVER_SCHEMAS.items():
        writing.stage(table, run.spark.createDataFrame(rows[table], schema), schema)
    writing.commit({"as_of": iso(run.window.end), "pseudonym_key": KEY})


def gold(lake: Lake) -> dict[tuple[str, str], list[str]]:
    """The rows of each table in each window, without the columns `generation` and `window`."""
    return {
        (window.name, name): sorted(str(row) for row in lake.read(GOLD, name, schema, [commit]).drop(WINDOW).collect())
        for window, commit in lake.commits(GOLD).items()
        for name, schema in GOLD_SCHEMAS.items()
    }


def uncounted(lake: Lake) -> dict[str, set[str]]:
    """The generations of what is carried on that no commit counts, by the table."""
    counts = {commit.generation for commit in lake.commits(GOLD).values()}
    found = {name: lake.table(SILVER, name) for name in history.CARRIED.values()}
    held = {
        name: {row[GENERATION] for row in rows.select(GENERATION).distinct().collect()}
        for name, rows in found.items()
        if rows
    }
    return {name: generations - counts for name, generations in held.items() if generations - counts}


def visit(number: int) -> Rows:
    """A day on which a patient came once, and nothing else."""
    rows: Rows = {table: [] for table in SILVER_SCHEMAS}
    rows["patients"] = [("p", date(1950, 1, 1), None, None, *[None] * 6, KEY)]
    rows["encounters"] = [(f"e{number}", "p", day(number), day(number), "wellness", "1", None, KEY)]
    return rows


def computed(run: Run, number: int) -> Commit:
    """Runs a day on which a patient came once."""
    step = replace(run, window=DAYS[number])
    put(step, visit(number))
    (commit,) = features_window(step, CODES, None, 1)
    return commit


def test_encounters_are_carried_on_by_one_window_for_several(
    run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "TOGETHER", 2)
    found = run(DAYS[0])
    commits = [computed(found, number) for number in range(4)]
    assert [history.LEFT_ENCOUNTERS in commit.tables for commit in commits] == [True, False, True, False]
    table = found.lake.read(GOLD, "patient_features", GOLD_SCHEMAS["patient_features"], commits)
    counts = {row[WINDOW]: row["encounters_wellness"] for row in table.collect()}
    assert counts == {window.name: number + 1 for number, window in enumerate(DAYS)}
    held = found.lake.table(SILVER, history.LEFT_ENCOUNTERS)
    assert held is not None
    assert {row[WINDOW] for row in held.select(WINDOW).collect()} == {DAYS[2].name}


def test_a_rerun_that_leaves_no_encounters_removes_those_of_the_run_before(
    run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = run(DAYS[0])
    computed(found, 0)
    monkeypatch.setattr(history, "TOGETHER", 1)
    assert history.LEFT_ENCOUNTERS in computed(found, 1).tables
    monkeypatch.setattr(history, "TOGETHER", 16)
    assert history.LEFT_ENCOUNTERS not in computed(found, 1).tables
    assert uncounted(found.lake) == {}


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_window_by_window_in_any_order_and_with_reruns_features_are_those_of_all_windows_at_once(
    seed: int, run: Callable[..., Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = random.Random(seed)
    windows = draw.sample(WINDOWS, draw.randrange(3, 6))
    if draw.random() < 0.5:
        windows.sort()
    windows.append(draw.choice(windows))
    stepwise, latest, fast = run(DAYS[0]), {}, []
    monkeypatch.setattr(history, "TOGETHER", draw.choice([1, 2, 16]))
    used = history.has_carried
    monkeypatch.setattr(history, "has_carried", lambda *found: fast.append(used(*found)) or fast[-1])
    for window in windows:
        latest[window] = drawn(draw, window, list(latest.values()))
        step = replace(stepwise, window=window)
        put(step, latest[window])
        features_window(step, CODES, None, 1)
    assert any(fast), "what was carried on was used"
    assert uncounted(stepwise.lake) == {}
    monkeypatch.setattr(history, "has_carried", lambda *_: False)
    at_once = run(DAYS[0], Lake(stepwise.spark, str(tmp_path / "at-once")))
    for window, rows in latest.items():
        put(replace(at_once, window=window), rows)
    for window in latest:
        features_window(replace(at_once, window=window), CODES, None, 1)
    assert gold(stepwise.lake) == gold(at_once.lake)
