"""Writes a made-up export in the shape of Synthea's CSV, with what real exports have in store.

```
python benchmarks/export.py --patients 1000 --seed 1 --output sample
```

Each patient is drawn from the seed and their number alone: the same seed gives the same bytes, and more patients leave the first ones
as they are. Nobody in it exists.

What is odd in it, each of it seen in real exports: rows that stand twice, dates with and without times, a blank ZIP or ENCOUNTER, the
units `null` and `n/a`, words among numbers, an address over two lines, encounters after death, stays that begin at the same instant,
a stay of decades, a row that is cut off, a date that is none.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

END = datetime(2025, 1, 1)
"""The day on which the export is drawn."""

HEADERS = {
    "patients": (
        "Id,BIRTHDATE,DEATHDATE,SSN,DRIVERS,PASSPORT,PREFIX,FIRST,LAST,SUFFIX,MAIDEN,MARITAL,RACE,ETHNICITY,GENDER,BIRTHPLACE,ADDRESS,"
        "CITY,STATE,COUNTY,ZIP,LAT,LON,HEALTHCARE_EXPENSES,HEALTHCARE_COVERAGE"
    ),
    "encounters": (
        "Id,START,STOP,PATIENT,ORGANIZATION,PROVIDER,PAYER,ENCOUNTERCLASS,CODE,DESCRIPTION,BASE_ENCOUNTER_COST,TOTAL_CLAIM_COST,"
        "PAYER_COVERAGE,REASONCODE,REASONDESCRIPTION"
    ),
    "conditions": "START,STOP,PATIENT,ENCOUNTER,CODE,DESCRIPTION",
    "observations": "DATE,PATIENT,ENCOUNTER,CODE,DESCRIPTION,VALUE,UNITS,TYPE",
    "medications": (
        "START,STOP,PATIENT,PAYER,ENCOUNTER,CODE,DESCRIPTION,BASE_COST,PAYER_COVERAGE,DISPENSES,TOTALCOST,REASONCODE,REASONDESCRIPTION"
    ),
}

SYLLABLES = (
    "ba",
    "der",
    "gor",
    "han",
    "jo",
    "ka",
    "lun",
    "mé",
    "nor",
    "o'ri",
    "pa",
    "quin",
    "ros",
    "sa",
    "tor",
    "vi",
    "wen",
    "ze",
)
STATES = (("Massachusetts", 21), ("Ohio", 432), ("Kentucky", 405), ("Texas", 787))
CLASSES = (
    ("wellness", 40, 0.25),
    ("ambulatory", 25, 0.5),
    ("outpatient", 20, 0.75),
    ("urgentcare", 6, 0.25),
    ("emergency", 4, 1.5),
    ("inpatient", 5, 48.0),
)
"""Class, weight and usual hours."""

VITALS = (
    ("8302-2", "Body Height", 168.0, 10.0, "cm"),
    ("29463-7", "Body Weight", 76.0, 15.0, "kg"),
    ("39156-5", "Body Mass Index", 27.0, 5.0, "kg/m2"),
    ("8480-6", "Systolic Blood Pressure", 124.0, 14.0, "mm[Hg]"),
    ("8462-4", "Diastolic Blood Pressure", 79.0, 9.0, "mm[Hg]"),
    ("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", 5.8, 0.9, "%"),
    ("72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported", 3.0, 2.0, "{score}"),
)
"""LOINC code, description, mean, deviation, unit."""

CONDITIONS = (
    (59621000, "Hypertension"),
    (15777000, "Prediabetes"),
    (444814009, "Viral sinusitis (disorder)"),
    (40055000, "Chronic sinusitis (disorder)"),
)
MEDICATIONS = (
    (314076, "lisinopril 10 MG Oral Tablet"),
    (860975, "24 HR Metformin hydrochloride 500 MG"),
    (313782, "Acetaminophen 325 MG Oral Tablet"),
)


@dataclass(frozen=True)
class Encounter:
    """An encounter that is drawn."""

    id: str
    start: datetime
    stop: datetime
    kind: str


def write(output: Path, patients: int, seed: int) -> None:
    """Writes the five files of an export.

    Args:
        output: The directory, made if it is not there.
        patients: How many patients.
        seed: What the patients are drawn from.
    """
    output.mkdir(parents=True, exist_ok=True)
    files = {name: (output / f"{name}.csv").open("w", encoding="utf-8", newline="") for name in HEADERS}
    for name, file in files.items():
        file.write(f"{HEADERS[name]}\n")
    for number in range(patients):
        write_patient(files, random.Random(f"{seed}/{number}"), number)
    for file in files.values():
        file.close()


def write_patient(files: Mapping[str, TextIO], draw: random.Random, number: int) -> None:
    """Writes a patient and all that happened to them."""
    patient = identifier(draw)
    birth = END - timedelta(days=draw.randrange(1, 36500))
    death = birth + (END - birth) * draw.uniform(0.5, 1) if draw.random() < 0.1 else None
    files["patients"].write(patient_row(draw, patient, birth, death, number))
    # one in 200 has an encounter after death, as a certificate is issued
    last = (death or END) + timedelta(days=20 if death and draw.random() < 0.05 else 0)
    found = list(encounters(draw, birth, last))
    for encounter in found:
        files["encounters"].write(encounter_row(draw, patient, encounter))
        if encounter.kind == "wellness":
            files["observations"].writelines(observation_rows(draw, patient, encounter))
    files["observations"].writelines(yearly_rows(draw, patient, birth, last))
    files["conditions"].writelines(condition_rows(draw, patient, found))
    files["medications"].writelines(medication_rows(draw, patient, found))


def identifier(draw: random.Random) -> str:
    """Text in the form of a UUID."""
    digits = f"{draw.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def name(draw: random.Random) -> str:
    """A name as Synthea makes them, with a number."""
    return "".join(draw.choices(SYLLABLES, k=2)).capitalize() + str(draw.randrange(1000))


def row(*values: object) -> str:
    """A line of CSV; None is a blank field."""
    return ",".join(["" if value is None else str(value) for value in values]) + "\n"


def instant(moment: datetime) -> str:
    """A time as Synthea writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def patient_row(draw: random.Random, patient: str, birth: datetime, death: datetime | None, number: int) -> str:
    """A row of patients.csv. Patient 7 and each thousandth after has a birth date that is none."""
    state, area = draw.choice(STATES)
    street = f"{draw.randrange(1, 999)} {name(draw)} Street"
    address = f'"{street}\nUnit {draw.randrange(1, 99)}"' if draw.random() < 0.002 else street
    return row(
        patient,
        "unknown" if number % 1000 == 7 else f"{birth:%Y-%m-%d}",
        death and f"{death:%Y-%m-%d}",
        f"999-{draw.randrange(10, 99)}-{draw.randrange(1000, 9999)}",
        f"S999{draw.randrange(10000, 99999)}" if draw.random() < 0.8 else None,
        f"X{draw.randrange(10000000, 99999999)}X" if draw.random() < 0.7 else None,
        draw.choice(("Mr.", "Mrs.", "Ms.", None)),
        name(draw),
        name(draw),
        None,
        name(draw) if draw.random() < 0.25 else None,
        draw.choice(("M", "S", None)),
        draw.choice(("white", "black", "asian", "native", "other")),
        draw.choice(("nonhispanic", "hispanic")),
        draw.choice("FM"),
        f"{name(draw)}  {state}  US",
        address,
        name(draw),
        state,
        f"{name(draw)} County",
        f"{area:03d}{draw.randrange(100):02d}" if draw.random() < 0.6 else None,
        draw.uniform(30, 45),
        draw.uniform(-100, -70),
        round(draw.uniform(1000, 900000), 2),
        round(draw.uniform(0, 90000), 2),
    )


def encounters(draw: random.Random, birth: datetime, last: datetime) -> Iterator[Encounter]:
    """Encounters from birth on, some of them followed by a readmission, a second one at the same instant, or one of decades."""
    days = max((last - birth).days, 1)
    for _ in range(1 + int(draw.expovariate(0.1))):
        ((kind, _, hours),) = draw.choices(CLASSES, [weight for _, weight, _ in CLASSES])
        start = birth + timedelta(days=draw.randrange(days), seconds=draw.randrange(86400))
        stop = start + timedelta(seconds=int(hours * 3600 * draw.uniform(0.9, 1.5)))
        if kind == "inpatient" and draw.random() < 0.005:
            stop = start + timedelta(days=39 * 365)
        yield Encounter(identifier(draw), start, stop, kind)
        if kind == "inpatient" and draw.random() < 0.25:
            again = stop + timedelta(days=draw.uniform(-1, 40))
            yield Encounter(identifier(draw), again, again + timedelta(hours=24), kind)
        if draw.random() < 0.01:
            yield Encounter(identifier(draw), start, stop, kind)


def encounter_row(draw: random.Random, patient: str, encounter: Encounter) -> str:
    """A row of encounters.csv."""
    provider, cost = f"00000000-0000-3000-8000-{draw.randrange(2000):012d}", round(draw.uniform(70, 160), 2)
    return row(
        encounter.id, instant(encounter.start), instant(encounter.stop), patient, provider, provider, provider[:-1] + "7", encounter.kind,
        185349003, "Encounter for check up (procedure)", cost, cost, 0.0, None, None,
    )  # fmt: skip


def observation_rows(draw: random.Random, patient: str, encounter: Encounter) -> Iterator[str]:
    """Rows of observations.csv for one encounter: some in words, some twice, one in 5,000 cut off."""
    for code, text, mean, deviation, unit in VITALS[: draw.randrange(3, len(VITALS) + 1)]:
        value = f"{draw.gauss(mean, deviation):.1f}"
        written = row(instant(encounter.start), patient, encounter.id, code, text, value, unit, "numeric")
        chance = draw.random()
        if chance < 0.01:
            written = row(
                f"{encounter.start:%Y-%m-%d}",
                patient,
                encounter.id,
                code,
                text,
                "not taken",
                draw.choice(("null", "n/a")),
                "text",
            )
        yield written
        if 0.01 <= chance < 0.0105:
            yield written
        if chance > 0.9998:
            yield f"{instant(encounter.start)},{patient}\n"


def yearly_rows(draw: random.Random, patient: str, birth: datetime, last: datetime) -> Iterator[str]:
    """Rows of observations.csv that belong to no encounter: quality of life in some of the years."""
    for year in range(max(birth.year + 1, last.year - 3), last.year + 1):
        for code in ("QALY", "DALY", "QOLS"):
            yield row(
                f"{year}-01-01T00:00:00Z",
                patient,
                None,
                code,
                code,
                f"{draw.uniform(0, 1):.1f}",
                "a" if code != "QOLS" else "{score}",
                "numeric",
            )


def condition_rows(draw: random.Random, patient: str, found: Sequence[Encounter]) -> Iterator[str]:
    """Rows of conditions.csv, dates without times."""
    for encounter in draw.sample(found, min(len(found), 3)):
        code, text = draw.choice(CONDITIONS)
        stop = f"{encounter.start + timedelta(days=draw.randrange(5, 60)):%Y-%m-%d}" if draw.random() < 0.6 else None
        yield row(f"{encounter.start:%Y-%m-%d}", stop, patient, encounter.id, code, text)


def medication_rows(draw: random.Random, patient: str, found: Sequence[Encounter]) -> Iterator[str]:
    """Rows of medications.csv."""
    for encounter in draw.sample(found, min(len(found), 2)):
        code, text = draw.choice(MEDICATIONS)
        stop = instant(encounter.start + timedelta(days=30)) if draw.random() < 0.7 else None
        yield row(
            instant(encounter.start),
            stop,
            patient,
            None,
            encounter.id,
            code,
            text,
            12.5,
            0.0,
            draw.randrange(1, 12),
            25.0,
            None,
            None,
        )


def main() -> None:
    """Writes an export from the command line."""
    parser = argparse.ArgumentParser(description="Write a made-up export in the shape of Synthea's CSV.")
    parser.add_argument("--patients", type=int, default=1000, metavar="N", help="how many patients (default: 1000)")
    parser.add_argument(
        "--seed", type=int, default=1, metavar="N", help="the same seed gives the same bytes (default: 1)"
    )
    parser.add_argument(
        "--output", type=Path, default=Path("sample"), metavar="DIR", help="where the files go (default: sample)"
    )
    arguments = parser.parse_args()
    if arguments.patients < 0:
        parser.error(f"--patients {arguments.patients} is less than 0")
    write(arguments.output, arguments.patients, arguments.seed)


if __name__ == "__main__":
    main()
