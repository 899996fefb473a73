"""Several writers of a lake, and writers that are killed: readers see all of one run."""

from __future__ import annotations

import contextlib
import itertools
from typing import TYPE_CHECKING, Any

import pytest

from lakes import FIRST, SCHEMA, SECOND, begin, content, counted, generations, numbers, write
from pipeline.errors import LakeError
from pipeline.storage import BRONZE, SILVER, Lake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


pytestmark = [pytest.mark.spark, pytest.mark.lake]


class KilledError(Exception):
    """Stands for the end of the process."""


@pytest.mark.every_spark
def test_of_two_writers_the_one_that_began_last_wins_and_the_other_is_refused_by_name(lake: Lake, delta: None) -> None:
    write(lake, FIRST, 1)
    earlier = begin(lake, FIRST, 2)
    later = begin(lake, FIRST, 3)
    with pytest.raises(
        LakeError,
        match=f"the window {FIRST.name} of .*bronze is being written by a run that began later: this run was given up",
    ):
        earlier.commit({})
    assert content(lake) == [(FIRST.name, 1)]
    assert earlier.generation not in {generation for _, generation in generations(lake)}
    later.commit({})
    assert content(lake) == [(FIRST.name, 3)]
    assert generations(lake) == generations(lake, "two") == counted(lake)


def test_the_claim_of_a_dead_writer_stops_nobody_and_its_rows_are_removed_by_the_next_run(
    lake: Lake, delta: None
) -> None:
    write(lake, FIRST, 1)
    dead = begin(lake, FIRST, 2)
    assert content(lake) == [(FIRST.name, 1)]
    assert dead.generation in {generation for _, generation in generations(lake)}
    write(lake, FIRST, 3)
    assert content(lake) == [(FIRST.name, 3)]
    assert generations(lake) == generations(lake, "two") == counted(lake)


def test_the_rows_of_a_dead_first_writer_are_removed_by_the_next_run(lake: Lake, delta: None) -> None:
    begin(lake, FIRST, 2)
    assert lake.commits(BRONZE) == {}
    write(lake, FIRST, 3)
    assert generations(lake) == generations(lake, "two") == counted(lake)


def orders(steps: int) -> list[str]:
    """All orders in which two writers, a and b, can take their steps; b begins last."""
    found = {"".join(each) for each in itertools.permutations("a" * steps + "b" * steps)}
    return sorted(each for each in found if each.startswith("a"))


def steps_of(lake: Lake, value: int) -> Iterator[str]:
    """A writer that stops after each of its steps: its claim, a table, another one, and its commit."""
    writing = lake.write(BRONZE, FIRST)
    yield writing.generation
    for table in ("one", "two"):
        writing.stage(table, numbers(lake, value), SCHEMA)
        yield writing.generation
    with contextlib.suppress(LakeError):
        writing.commit({"writer": value})
    yield writing.generation


@pytest.mark.slow
@pytest.mark.parametrize("order", orders(4))
def test_in_every_order_of_two_writers_steps_tables_agree_and_the_one_that_began_last_wins(
    order: str, lake: Lake, delta: None
) -> None:
    writers = {"a": steps_of(lake, 1), "b": steps_of(lake, 2)}
    for each in order:
        next(writers[each])
        ones, twos = ([value for _, value in content(lake, table)] for table in ("one", "two"))
        assert ones == twos
    assert content(lake) == content(lake, "two") == [(FIRST.name, 2)]
    assert generations(lake) == generations(lake, "two") == counted(lake)


def killed_before(step: int) -> Callable[[], bool]:
    """Lets the process end before the write operation of a number; what it returns brings it back and says whether it ended."""
    done, ended, patches = itertools.count(), [], pytest.MonkeyPatch()

    def patched(name: str) -> None:
        original: Any = getattr(Lake, name)

        def operation(self: Lake, *arguments: Any) -> None:
            if next(done) >= step:
                ended.append(name)
                raise KilledError
            original(self, *arguments)

        patches.setattr(Lake, name, operation)

    for name in ("_write", "sql"):  # rows are only appended, and all else is a statement: MERGE or DELETE
        patched(name)

    def revive() -> bool:
        patches.undo()
        return bool(ended)

    return revive


@pytest.mark.slow
@pytest.mark.parametrize("older", [True, False], ids=["a rerun", "a first run"])
def test_killed_before_any_write_readers_see_all_of_the_old_run_or_of_the_new_one_and_a_rerun_mends_it(
    older: bool, lake: Lake, delta: None
) -> None:
    old, new = ([(SECOND.name, 7)], [(SECOND.name, 8)])
    seen = []
    for step in itertools.count():
        each = Lake(lake.spark, lake.location(SILVER) + str(step))
        write(each, FIRST, 1)
        if older:
            write(each, SECOND, 7)
        revive = killed_before(step)
        with contextlib.suppress(KilledError):
            write(each, SECOND, 8)
        if not revive():
            break
        found = [row for row in content(each) if row[0] == SECOND.name]
        assert found == [row for row in content(each, "two") if row[0] == SECOND.name]
        assert found in (old if older else [], new)
        seen.append(found == new)
        write(each, SECOND, 8)
        assert content(each) == content(each, "two") == [(FIRST.name, 1), *new]
        assert generations(each) == generations(each, "two") == counted(each)
    assert seen == sorted(seen), "the new run counts from one moment on"
    claim, two_tables, commit, two_deletes = 1, 2, 1, 2
    assert len(seen) == claim + two_tables + commit + (two_deletes if older else 0)


@pytest.mark.slow
def test_killed_before_any_write_of_the_first_window_of_a_lake_a_rerun_mends_it(lake: Lake, delta: None) -> None:
    for step in itertools.count():
        each = Lake(lake.spark, lake.location(SILVER) + str(step))
        revive = killed_before(step)
        with contextlib.suppress(KilledError):
            write(each, FIRST, 1)
        if not revive():
            break
        assert each.commits(BRONZE) == {}
        write(each, FIRST, 1)
        assert content(each) == content(each, "two") == [(FIRST.name, 1)]
        assert generations(each) == generations(each, "two") == counted(each)
    assert step == 8, "commits is made, gets its first row, and that counts; two tables are each made and filled"


def fail_in(lake: Lake, value: int, *, committed: bool) -> None:
    """Writes a value, and ends in one of our errors before or after the commit."""
    with lake.write(BRONZE, FIRST) as writing:
        writing.stage("one", numbers(lake, value), SCHEMA)
        if committed:
            writing.commit({})
        raise LakeError("given up")


@pytest.mark.usefixtures("delta")
def test_a_run_that_gives_up_takes_its_rows_away_and_one_that_has_committed_keeps_them(lake: Lake) -> None:
    with pytest.raises(LakeError, match="given up"):
        fail_in(lake, 1, committed=False)
    table = lake.table(BRONZE, "one")
    assert table is not None
    assert table.count() == 0
    with pytest.raises(LakeError, match="given up"):
        fail_in(lake, 2, committed=True)
    assert content(lake) == [(FIRST.name, 2)]
