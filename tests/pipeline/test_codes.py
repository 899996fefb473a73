"""What may stand in a coded column: check digits, value sets, and nobody's name."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pyspark.sql.functions as F
import pytest

from pipeline import codes
from pipeline.schemas import SILVER_SCHEMAS, TABLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyspark.sql import DataFrame

    from pipeline.codes import Kind

pytestmark = pytest.mark.spark

DIHEDRAL = [
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
]
"""The multiplication table of D5, as the SNOMED CT specification prints it."""


def verhoeff(text: str) -> bool:
    """Whether the last digit is the check digit, step by step as it is defined."""
    found = 0
    for place, digit in enumerate(reversed(text)):
        found = int(DIHEDRAL[found][int(codes.VERHOEFF[place % 8][int(digit)])])
    return found == 0


def luhn(text: str) -> bool:
    """Whether the digit after the hyphen is the mod 10 check digit of those before it."""
    body, check = text.split("-")
    doubled = [int(digit) * (1 + (place + 1) % 2) for place, digit in enumerate(reversed(body))]
    return (sum(number // 10 + number % 10 for number in doubled) + int(check)) % 10 == 0


def taken(kind: Kind, texts: list[str], frame: Callable[..., DataFrame]) -> dict[str, str | None]:
    """What each text becomes in a column of a kind."""
    helped = frame("text string", *[(text,) for text in texts]).withColumn("helper", F.expr(kind.helper.format("text")))
    return {row[0]: row[1] for row in helped.select("text", F.expr(kind.sql.format("text", "helper"))).collect()}


def test_a_snomed_ct_code_has_its_partition_and_check_digit(frame: Callable[..., DataFrame]) -> None:
    draw = random.Random(1)
    digits = [str(draw.randrange(10 ** (size - 1), 10**size)) for size in range(6, 19) for _ in range(40)]
    concepts = [text[:-3] + draw.choice(("00", "10")) + text[-1] for text in digits]
    found = taken(codes.SNOMED, concepts, frame)
    assert {text for text, value in found.items() if value} == {text for text in concepts if verhoeff(text)}
    assert sum(value is not None for value in found.values()) > 20


def test_a_loinc_code_has_its_check_digit(frame: Callable[..., DataFrame]) -> None:
    draw = random.Random(1)
    texts = [f"{draw.randrange(1, 10**size)}-{draw.randrange(10)}" for size in range(1, 8) for _ in range(40)]
    texts = [text for text in texts if not text.startswith("99999-")]
    found = taken(codes.LOINC, texts, frame)
    assert {text for text, value in found.items() if value} == {text for text in texts if luhn(text)}
    known = ["8302-2", "QALY", "99999-1", "99999-11"]
    assert set(taken(codes.LOINC, known, frame).values()) == set(known)


TAKEN = {
    "ID": {
        "943 476 5919": "9434765919",
        "943-476-5919": "9434765919",
        "943-476-5918": "943-476-5918",
        "ABCDEF12-0000-4000-8000-ABCDEFABCDEF": "abcdef12-0000-4000-8000-abcdefabcdef",
        "a b": "ab",
    },
    "ENCOUNTER_CLASS": {
        **dict.fromkeys(("AMB", "ambulatory", "Ambulatory"), "ambulatory"),
        **dict.fromkeys(("IMP", "ACUTE", "NONAC", "INPATIENT"), "inpatient"),
        **dict.fromkeys(("OBSENC", "SS", "outpatient"), "outpatient"),
        "EMER": "emergency",
        "HH": "home",
        "VR": "virtual",
        "FLD": "field",
        "spa": None,
    },
    "GENDER": {"m": "M", "Female": "F", "Jane": None},
    "MARITAL": {"M": "M", "UNK": "UNK", "Mrs Jane Secretname 07700900123": None},
    "RACE": {"White": "white", "2106-3": "white", "Jane": None},
    "ETHNICITY": {"puerto_rican": "puerto_rican", "Jane": None},
    "STATE": {"massachusetts": "Massachusetts", "MA": "MA", "Jane": None},
    "POSTCODE": {
        **{text: text for text in ("02139", "02139-4307", "NW1 2BU", "e16an", "K1A 0B1")},
        **dict.fromkeys(("021394307", "07700900123", "943 476 5919", "Jane"), None),
    },
    "RXNORM": {"860975": "860975", **dict.fromkeys(("9434765919", "07700900", "Jane"), None)},
    "UCUM": {
        **{
            text: text
            for text in [
                "mg/dL",
                "mm[Hg]",
                "{score}",
                "kg/m2",
                "10*3/uL",
                "mL/min/{1.73_m2}",
                "%",
                "/min",
                "Cel",
                "pg",
                "fL",
                "a",
                "kU/L",
                "[degF]",
                "(score)",
            ]
        },
        **dict.fromkeys(("{Jane}", "Jane", "Mrs Jane", "077", "kg m", "jane@example.org"), None),
    },
    "RESULT": {"1e400": None, "-1e400": None, "1.5": "1.5", "Never smoked": "Never smoked"},
}


@pytest.mark.parametrize("kind", TAKEN)
def test_a_column_takes_what_it_is_declared_for(kind: str, frame: Callable[..., DataFrame]) -> None:
    assert taken(getattr(codes, kind), list(TAKEN[kind]), frame) == TAKEN[kind]


def test_no_free_text_reaches_silver() -> None:
    free = {(table.name, c.name) for table in TABLES for c in table.columns if c.kind in (codes.TEXT, codes.NAME)}
    silver = {(name, column) for name, schema in SILVER_SCHEMAS.items() for column in schema.names}
    assert len(free) == 20
    assert free & silver == set()
