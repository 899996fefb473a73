"""Each description of a patient in gold stands for k patients."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import pyspark.sql.functions as F
import pytest

from pipeline import anonymity, features
from pipeline.anonymity import IDENTIFYING

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyspark.sql import DataFrame, SparkSession

pytestmark = pytest.mark.spark

PEOPLE = (
    "patient_id string, birth_month date, death_date date, age_at_death int, gender string, race string, ethnicity string, "
    "marital string, state string, postcode_area string, pseudonym_key string"
)
AS_OF = "2024-06-01T00:00:00Z"

Person = tuple  # of the values of a row


def drawn(size: int, seed: int) -> list[tuple[Any, ...]]:
    """Some people, a few of whom are alike."""
    draw = random.Random(seed)
    found = []
    for number in range(size):
        born = draw.choice((draw.randrange(1934, 2024), 1980, 1981))
        lived = draw.choice((None, None, None, draw.randrange(2024 - born + 1)))
        died = None if lived is None else date(born + lived, 1, 1)
        groups = [draw.choice(values) for values in ("MF", ("white", "black"), ("hispanic", None), ("M", "S", None))]
        state, area = draw.choice((("Ohio", "441"), ("Ohio", "442"), ("Utah", "000"), ("England", "NW1"), (None, None)))
        found.append((f"p{number}", date(born, 1, 1), died, lived, *groups, state, area, "2-key"))
    return found


@pytest.mark.parametrize(
    ("size", "k", "seed"),
    [(0, 5, 0), (3, 5, 1), (5, 5, 2), (7, 5, 3), (40, 5, 4), (300, 5, 5), (300, 20, 6), (60, 1, 7)],
)
def test_k_patients_share_each_description_and_what_it_says_is_true(
    size: int, k: int, seed: int, spark: SparkSession, frame: Callable[..., DataFrame]
) -> None:
    as_of = F.lit(AS_OF).cast("timestamp")
    people = features.people(frame(PEOPLE, *drawn(size, seed)), as_of)
    found, generalised = anonymity.generalised(people, as_of, k)
    exact = {row["patient_id"]: row.asDict() for row in people.collect()}
    described = {row["patient_id"]: row.asDict() for row in found.collect()}
    assert exact.keys() == described.keys()

    shared = Counter(tuple(row[name] for name in IDENTIFYING) for row in described.values())
    assert min(shared.values(), default=k) >= min(k, size)
    if size < k:
        assert set(shared) <= {(None,) * len(IDENTIFYING)}
    if k == 1:
        assert described == exact
    for patient, row in described.items():
        told, band = exact[patient], row["birth_year_band"]
        for name in ("gender", "race", "ethnicity", "marital", "state", "deceased", "death_year"):
            assert row[name] in (None, told[name])
        if band is not None:
            assert told["birth_year"] - band < row["birth_year"] <= told["birth_year"]
            assert told["age"] <= row["age"] < told["age"] + band
        assert row["postcode_area"] in (None, told["postcode_area"], *(told["postcode_area"] or "-")[:1], "NW")

    report = anonymity.report(found, generalised, k)
    assert (report["k"], report["asked"], report["patients"]) == (min(shared.values(), default=0), k, size)
    changed = {
        name: sum(exact[patient][name] != row[name] for patient, row in described.items())
        for name in ("deceased", "death_year", "gender", "race", "ethnicity", "marital", "state")
    }
    assert {name: count for name, count in changed.items() if count} == {
        name: count
        for name, count in report["generalised"].items()  # type: ignore[attr-defined]
        if name in changed
    }


def test_patients_who_are_alike_enough_are_described_exactly(frame: Callable[..., DataFrame]) -> None:
    as_of = F.lit(AS_OF).cast("timestamp")
    crowd = [(f"p{n}", date(1980, 1, 1), None, None, "F", "white", None, "M", "Ohio", "441", "2-key") for n in range(5)]
    loner = ("q", date(1981, 1, 1), None, None, "F", "white", None, "S", "Ohio", "441", "2-key")
    people = features.people(frame(PEOPLE, *crowd, loner), as_of)
    exact, generalised = anonymity.generalised(people.where("patient_id != 'q'"), as_of, 5)
    assert {(row["birth_year"], row["postcode_area"]) for row in exact.collect()} == {(1980, "441")}
    assert generalised == {}
    # with the one who is alone, nobody is told apart any more
    together, _ = anonymity.generalised(people, as_of, 5)
    assert {(row["birth_year"], row["gender"]) for row in together.collect()} == {(None, None)}


def test_what_was_empty_already_is_not_counted_as_generalised(frame: Callable[..., DataFrame]) -> None:
    as_of = F.lit(AS_OF).cast("timestamp")
    dead = ("p", date(1980, 1, 1), date(2020, 1, 1), 40, "F", "white", None, "M", "Ohio", "441", "2-key")
    living = ("q", date(1981, 1, 1), None, None, "M", None, None, None, "Ohio", None, "2-key")
    _, generalised = anonymity.generalised(features.people(frame(PEOPLE, dead, living), as_of), as_of, 5)
    everybody = dict.fromkeys(("birth_year", "deceased", "gender", "state"), 2)
    assert generalised == {**everybody, **dict.fromkeys(("death_year", "race", "marital", "postcode_area"), 1)}


def test_who_is_withheld_so_that_another_is_not_alone_is_counted_too(frame: Callable[..., DataFrame]) -> None:
    as_of = F.lit(AS_OF).cast("timestamp")
    crowd = [(f"p{n}", date(1980, 1, 1), None, None, "F", None, None, "M", "Ohio", "441", "2-key") for n in range(5)]
    loner = ("q", date(1940, 1, 1), date(2020, 1, 1), 80, "M", "white", None, None, None, None, "2-key")
    _, generalised = anonymity.generalised(features.people(frame(PEOPLE, *crowd, loner), as_of), as_of, 5)
    assert generalised == {
        **dict.fromkeys(("birth_year", "deceased", "gender"), 6),
        **dict.fromkeys(("marital", "state", "postcode_area"), 5),
        **dict.fromkeys(("death_year", "race"), 1),
    }
