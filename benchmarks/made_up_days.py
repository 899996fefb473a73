"""Made-up days for `days.py`: a population and the rows of a day's export."""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

from pipeline.features import LOINC_CODES  # noqa: E402 - the path comes first
from pipeline.schemas import TABLES  # noqa: E402
from pipeline.windows import Window  # noqa: E402

START = datetime(2022, 1, 1, tzinfo=timezone.utc)
SHARES = {"encounters": 0.10, "conditions": 0.03, "medications": 0.04}
"""Of the rows of a day; the rest, but for the patients, are observations."""

KINDS = np.array(["ambulatory", "outpatient", "wellness", "emergency", "inpatient"])
CODES = np.array([*LOINC_CODES, "QALY", "DALY", "QOLS"])
ILLNESSES = np.array(
    ["44054006", "38341003", "10509002", "195662009", "444814009", "55822004", "162864005", "15777000"]
)
DRUGS = np.array(["314076", "860975", "313782"])


def window(number: int) -> Window:
    return Window(start=START + timedelta(days=number), end=START + timedelta(days=number + 1))


@dataclass
class Population:
    """Who is in the lake.

    Attributes:
        name: What is printed.
        first: Patients on the first day.
        joining: Patients who join on each further day; where it is 0, each day's export has all patients.
    """

    name: str
    first: int
    joining: int
    ids: list[str] = field(default_factory=list)

    def exported(self, number: int) -> list[int]:
        """The numbers of the patients in a day's export."""
        if not self.joining:
            return list(range(self.first))
        return list(range(self.size(number - 1) if number else 0, self.size(number)))

    def size(self, number: int) -> int:
        """How many patients there are on a day."""
        return self.first + self.joining * number


def day(population: Population, number: int, rows: int) -> dict[str, pa.Table]:
    """The rows of a day: bronze's columns, but for those that are null in all rows."""
    draw = np.random.default_rng(number)
    begin, size, people = window(number).start, population.size(number), population.exported(number)
    counts = {name: int(rows * share) for name, share in SHARES.items()}
    counts["observations"] = rows - len(people) - sum(counts.values())

    def patients(count: int) -> Any:
        return np.char.add("p", draw.integers(0, size, count).astype(str))

    def moments(count: int) -> Any:
        micros = draw.integers(0, 86_400, count) * 1_000_000 + int(begin.timestamp()) * 1_000_000
        return pa.array(micros, pa.int64()).cast(pa.timestamp("us", "UTC"))

    def later(start: Any, seconds: Any, chance: float) -> Any:
        stop = pc.add(start.cast(pa.int64()), pa.array(seconds * 1_000_000)).cast(pa.timestamp("us", "UTC"))
        return pc.if_else(pa.array(draw.random(len(start)) < chance), stop, None)

    one = counts["encounters"]
    visits, came, who = np.char.add(f"e{number}-", np.arange(one).astype(str)), moments(one), patients(one)
    known, began = draw.integers(0, one, counts["conditions"]), draw.integers(0, one, counts["medications"])
    seen = draw.integers(0, one, counts["observations"])
    born = np.array([f"{1930 + person % 90}-06-15" for person in people])
    return {
        "patients": pa.table(
            {
                "patient_id": [f"p{person}" for person in people],
                "birth_date": pa.array(born).cast(pa.date32()),
                "gender": draw.choice(["F", "M"], len(people)),
                "state": ["Ohio"] * len(people),
                "zip": ["30000"] * len(people),
            }
        ),
        "encounters": pa.table(
            {
                "encounter_id": visits,
                "start": came,
                "stop": later(came, draw.integers(900, 200_000, one), 0.95),
                "patient_id": who,
                "encounter_class": draw.choice(KINDS, one, p=[0.45, 0.25, 0.2, 0.05, 0.05]),
                "code": ["185349003"] * one,
            }
        ),
        "conditions": pa.table(
            {
                "start": came.take(pa.array(known)),
                "stop": later(came.take(pa.array(known)), draw.integers(5, 60, len(known)) * 86_400, 0.95),
                "patient_id": who[known],
                "encounter_id": visits[known],
                "code": draw.choice(ILLNESSES, len(known)),
            }
        ),
        "observations": pa.table(
            {
                "date": came.take(pa.array(seen)),
                "patient_id": who[seen],
                "encounter_id": visits[seen],
                "code": np.char.add(draw.choice(CODES, len(seen)), ""),
                "value": np.round(draw.normal(80, 10, len(seen)), 1).astype(str),
                "units": ["kg"] * len(seen),
                "type": ["numeric"] * len(seen),
            }
        ),
        "medications": pa.table(
            {
                "start": came.take(pa.array(began)),
                "stop": later(came.take(pa.array(began)), draw.integers(1, 90, len(began)) * 86_400, 0.9),
                "patient_id": who[began],
                "encounter_id": visits[began],
                "code": draw.choice(DRUGS, len(began)),
                "dispenses": draw.integers(1, 12, len(began)).astype(float),
            }
        ),
    }


def export(folder: Path, found: dict[str, pa.Table]) -> None:
    """Writes a day as CSV."""
    folder.mkdir(parents=True)
    for table in TABLES:
        names = {
            column.name: column.source for column in table.columns if column.name in found[table.name].column_names
        }
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(names.values())
            for row in found[table.name].select(list(names)).to_pylist():
                writer.writerow(
                    [
                        value.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else value
                        for value in row.values()
                    ]
                )
