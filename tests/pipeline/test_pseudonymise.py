"""Pseudonyms."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import date, datetime
from typing import TYPE_CHECKING

import pyspark.sql.functions as F
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import pseudonymise
from pipeline.pseudonymise import key_frame
from pipeline.schemas import CONDITIONS, ENCOUNTERS, MEDICATIONS, SILVER_SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyspark.sql import DataFrame, SparkSession

    from pipeline.schemas import Table

KEY = b"a-key-that-only-tests-use-0123456789"


@given(key=st.binary(min_size=1, max_size=130), message=st.binary(max_size=100))
@settings(deadline=None, max_examples=50)
def test_the_pads_are_those_of_hmac(key: bytes, message: bytes) -> None:
    inner, outer = pseudonymise.pads(key)
    found = hashlib.sha256(outer + hashlib.sha256(inner + message).digest()).hexdigest()
    assert found == hmac.new(key, message, hashlib.sha256).hexdigest()


@pytest.mark.spark
@pytest.mark.parametrize(
    "key", [KEY, b"k", b"k" * 64, b"k" * 65], ids=["usual", "short", "one block", "longer than a block"]
)
def test_a_pseudonym_is_the_hmac_of_the_id(key: bytes, spark: SparkSession, frame: Callable[..., DataFrame]) -> None:
    ids = ["812ebb2d-45d2-4af0-bf97-9c56c807dfe9", "Müller", "", " a "]
    texts = frame("position int, `the id` string", *enumerate(ids), (len(ids), None))
    keyed = texts.crossJoin(key_frame(spark, key)).select("position", pseudonymise.hmac_sha256("the id", "patient"))
    expected = [hmac.new(key, f"patient:{text}".encode(), hashlib.sha256).hexdigest() for text in ids]
    assert [row[1] for row in sorted(keyed.collect())] == [*expected, None]


@pytest.mark.spark
def test_no_plan_shows_the_key(
    spark: SparkSession, frame: Callable[..., DataFrame], capsys: pytest.CaptureFixture[str]
) -> None:
    texts = frame("id string", ("a",))
    keyed = texts.crossJoin(F.broadcast(key_frame(spark, KEY))).select(pseudonymise.hmac_sha256("id", "patient"))
    keyed.collect()
    keyed.explain(extended=True)
    plan = capsys.readouterr().out.lower()
    assert "plan" in plan
    for secret in (KEY, *pseudonymise.pads(KEY)):
        assert secret.hex() not in plan
        assert secret.decode("latin-1").lower() not in plan
        assert str(list(secret))[1:-1] not in plan


@pytest.mark.spark
def test_a_patient_keeps_the_month_of_birth_the_day_of_death_an_area_and_groups(
    spark: SparkSession, frame: Callable[..., DataFrame], rows: Callable[..., object]
) -> None:
    schema = "patient_id string, birth_date date, death_date date, gender string, race string, ethnicity string, marital string, state string, zip string"
    people = frame(
        schema,
        ("a", date(1950, 6, 30), None, "F", "white", "nonhispanic", "M", "Ohio", "02139-1234"),
        ("b", date(1900, 1, 1), None, None, None, None, None, None, "nw1 2bu"),
        ("c", date(1900, 5, 1), date(1995, 1, 1), None, None, None, None, None, "e1 6an"),
        ("d", date(1934, 5, 1), date(2000, 1, 31), None, None, None, None, None, "03601"),
        ("e", date(2023, 12, 31), None, None, None, None, None, None, None),
        ("not born yet", date(2024, 1, 1), None, None, None, None, None, None, None),
    )
    as_of = F.lit("2024-01-01T00:00:00Z").cast("timestamp")
    found = pseudonymise.patients(people, key_frame(spark, KEY), as_of)
    assert rows(found, "birth_month", "death_date", "age_at_death", "postcode_area", "gender", "state") == [
        (date(1934, 1, 1), None, None, "NW1", None, None),
        (date(1934, 1, 1), date(1995, 1, 1), 90, "E1", None, None),
        (date(1934, 5, 1), date(2000, 1, 31), 66, "000", None, None),
        (date(1950, 6, 1), None, None, "021", "F", "Ohio"),
        (date(2023, 12, 1), None, None, None, None, None),
    ]
    assert found.columns == SILVER_SCHEMAS["patients"].names


def test_a_key_has_a_name_of_its_own_with_the_scheme() -> None:
    assert re.fullmatch("2-[0-9a-f]{12}", pseudonymise.key_id(KEY))
    assert pseudonymise.key_id(KEY) != pseudonymise.key_id(KEY + b"x")


@pytest.mark.spark
def test_a_patient_and_an_encounter_of_one_id_have_two_pseudonyms(
    spark: SparkSession, frame: Callable[..., DataFrame]
) -> None:
    when = datetime(2024, 1, 1)
    stays = frame(
        "patient_id string, encounter_id string, start timestamp, stop timestamp, code string",
        ("123", "123", when, None, "1"),
    )
    (found,) = pseudonymise.conditions(stays, key_frame(spark, KEY)).collect()
    assert found["patient_id"] != found["encounter_id"]


@pytest.mark.spark
def test_a_value_in_words_goes_but_leaves_a_sign(
    spark: SparkSession, frame: Callable[..., DataFrame], rows: Callable[..., object]
) -> None:
    when = datetime(2024, 1, 1)
    observed = frame(
        "patient_id string, encounter_id string, date timestamp, code string, value string, units string",
        ("p", None, when, "1", "12.5", "kg"),
        ("p", "e", when, "2", "Ann Smith lives at 1 Main St", None),
        ("p", "e", when, "3", None, None),
        ("p", "e", when, "4", "1d", None),
    )
    found = pseudonymise.observations(observed, key_frame(spark, KEY))
    assert rows(found, "code", "value", "is_numeric", "units") == [
        ("1", 12.5, True, "kg"),
        ("2", None, False, None),
        ("3", None, None, None),
        ("4", None, False, None),
    ]
    assert {row["encounter_id"] is None for row in found.where("code = '1'").collect()} == {True}


def pseudonym(text: str, domain: str) -> str:
    return hmac.new(KEY, f"{domain}:{text}".encode(), hashlib.sha256).hexdigest()


WHEN, THEN = datetime(2024, 1, 1, 12), datetime(2024, 1, 2, 12)
EVENT = {
    "encounter_id": "e",
    "patient_id": "p",
    "organization_id": "the clinic",
    "provider_id": "the doctor",
    "payer_id": "the insurance",
    "start": WHEN,
    "stop": THEN,
    "encounter_class": "inpatient",
    "code": "185349003",
    "description": "Ann Smith comes for a check up",
    "dispenses": 12.0,
    "reason_code": "38341003",
    "reason_description": "as Ann Smith's mother did",
}
"""A value for each column of the bronze zone's encounters, conditions and medications."""

ENCOUNTER_ID, PATIENT_ID = pseudonym("e", "encounter"), pseudonym("p", "patient")


@pytest.mark.spark
@pytest.mark.parametrize(
    ("table", "transform", "expected"),
    [
        (
            ENCOUNTERS,
            pseudonymise.encounters,
            {
                "encounter_id": ENCOUNTER_ID,
                "patient_id": PATIENT_ID,
                "start": WHEN,
                "stop": THEN,
                "encounter_class": "inpatient",
                "code": "185349003",
                "reason_code": "38341003",
            },
        ),
        (
            CONDITIONS,
            pseudonymise.conditions,
            {
                "patient_id": PATIENT_ID,
                "encounter_id": ENCOUNTER_ID,
                "start": WHEN,
                "stop": THEN,
                "code": "185349003",
            },
        ),
        (
            MEDICATIONS,
            pseudonymise.medications,
            {
                "patient_id": PATIENT_ID,
                "encounter_id": ENCOUNTER_ID,
                "start": WHEN,
                "stop": THEN,
                "code": "185349003",
                "dispenses": 12.0,
                "reason_code": "38341003",
            },
        ),
    ],
    ids=["encounters", "conditions", "medications"],
)
def test_of_an_event_keyed_ids_times_and_codes_stay_and_what_is_null_stays_null(
    table: Table,
    transform: Callable[[DataFrame, DataFrame], DataFrame],
    expected: dict[str, object],
    spark: SparkSession,
    frame: Callable[..., DataFrame],
) -> None:
    schema = ", ".join(f"{column.name} {column.dataType.simpleString()}" for column in table.schema()[:-2])
    bronze = frame(schema, tuple(EVENT[name] for name in table.column_names()), (None,) * len(table.columns))
    found = [row.asDict() for row in transform(bronze, key_frame(spark, KEY)).collect()]
    assert {row.pop("pseudonym_key") for row in found} == {pseudonymise.key_id(KEY)}
    assert sorted(found, key=str, reverse=True) == sorted([expected, dict.fromkeys(expected)], key=str, reverse=True)
