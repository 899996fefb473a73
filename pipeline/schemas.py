"""The tables of an export and of the silver zone, as data.

Synthea renamed and added columns over the years. A column is therefore found by name, in any position and any case, under its
own name or one of its older ones; unknown columns are left out and named in the log.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import types as T

from pipeline.codes import (
    DATE,
    ENCOUNTER_CLASS,
    ETHNICITY,
    GENDER,
    ID,
    LOINC,
    MARITAL,
    NAME,
    NUMBER,
    POSTCODE,
    RACE,
    RESULT,
    RXNORM,
    SNOMED,
    STATE,
    TEXT,
    TIME,
    UCUM,
    Kind,
)

COPIES = "copies"
"""How often the row of a bronze table stood in the export."""

LEFT_OUT = "left_out"
"""Which values of a row of a bronze table were left out, since they do not fit; null for most rows."""

PSEUDONYM_KEY = "pseudonym_key"
"""The column that says with which scheme and key the ids of a row were made."""


@dataclass(frozen=True)
class Column:
    """One column of an export.

    Attributes:
        name: The name in the lake.
        source: The name in the header of the export.
        kind: What may stand in it. What is a free `TEXT` or a `NAME` goes no farther than bronze.
        required: Whether the header must have it and a row without a value that fits is quarantined.
        aliases: Names that older exports used; they count where the header lacks the name of today.
    """

    name: str
    source: str
    kind: Kind = TEXT
    required: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One file of an export.

    Attributes:
        name: Name of the table, and of the file without `.csv`.
        columns: What is read.
        key: The columns that tell one record from another. A later window's rows of a key replace those of earlier windows.
        unique: Whether two rows of one export may not share the key.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    unique: bool = False

    @property
    def file(self) -> str:
        """Name of the file in an export."""
        return f"{self.name}.csv"

    def column_names(self) -> list[str]:
        """Names of the columns in the lake, in order."""
        return [column.name for column in self.columns]

    def schema(self) -> T.StructType:
        """The explicit schema of the table in the bronze zone, without the columns that the lake adds."""
        columns = [T.StructField(column.name, column.kind.type) for column in self.columns]
        return T.StructType([*columns, *struct(f"{LEFT_OUT} string, {COPIES} bigint")])


PATIENTS = Table(
    "patients",
    (
        Column("patient_id", "Id", ID, required=True),
        Column("birth_date", "BIRTHDATE", DATE, required=True),
        Column("death_date", "DEATHDATE", DATE),
        Column("ssn", "SSN", NAME),
        Column("drivers", "DRIVERS", NAME),
        Column("passport", "PASSPORT", NAME),
        Column("prefix", "PREFIX", NAME),
        Column("first", "FIRST", NAME),
        Column("middle", "MIDDLE", NAME),
        Column("last", "LAST", NAME),
        Column("suffix", "SUFFIX", NAME),
        Column("maiden", "MAIDEN", NAME),
        Column("marital", "MARITAL", MARITAL),
        Column("race", "RACE", RACE),
        Column("ethnicity", "ETHNICITY", ETHNICITY),
        Column("gender", "GENDER", GENDER),
        Column("birthplace", "BIRTHPLACE", NAME),
        Column("address", "ADDRESS", NAME),
        Column("city", "CITY", NAME),
        Column("state", "STATE", STATE),
        Column("county", "COUNTY", NAME),
        Column("zip", "ZIP", POSTCODE),
        Column("lat", "LAT", NUMBER),
        Column("lon", "LON", NUMBER),
    ),
    key=("patient_id",),
    unique=True,
)

ENCOUNTERS = Table(
    "encounters",
    (
        Column("encounter_id", "Id", ID, required=True),
        Column("start", "START", TIME, required=True, aliases=("DATE",)),
        Column("stop", "STOP", TIME),
        Column("patient_id", "PATIENT", ID, required=True),
        Column("organization_id", "ORGANIZATION", ID),
        Column("provider_id", "PROVIDER", ID),
        Column("payer_id", "PAYER", ID),
        Column("encounter_class", "ENCOUNTERCLASS", ENCOUNTER_CLASS),
        Column("code", "CODE", SNOMED),
        Column("description", "DESCRIPTION"),
        Column("reason_code", "REASONCODE", SNOMED),
        Column("reason_description", "REASONDESCRIPTION"),
    ),
    key=("encounter_id",),
    unique=True,
)

CONDITIONS = Table(
    "conditions",
    (
        Column("start", "START", TIME, required=True),
        Column("stop", "STOP", TIME),
        Column("patient_id", "PATIENT", ID, required=True),
        Column("encounter_id", "ENCOUNTER", ID),
        Column("code", "CODE", SNOMED, required=True),
        Column("description", "DESCRIPTION"),
    ),
    key=("patient_id", "encounter_id", "code", "start"),
)

OBSERVATIONS = Table(
    "observations",
    (
        Column("date", "DATE", TIME, required=True),
        Column("patient_id", "PATIENT", ID, required=True),
        Column("encounter_id", "ENCOUNTER", ID),
        Column("code", "CODE", LOINC, required=True),
        Column("description", "DESCRIPTION"),
        Column("value", "VALUE", RESULT),
        Column("units", "UNITS", UCUM),
        Column("type", "TYPE"),
    ),
    key=("patient_id", "encounter_id", "code", "date"),
)

MEDICATIONS = Table(
    "medications",
    (
        Column("start", "START", TIME, required=True),
        Column("stop", "STOP", TIME),
        Column("patient_id", "PATIENT", ID, required=True),
        Column("payer_id", "PAYER", ID),
        Column("encounter_id", "ENCOUNTER", ID),
        Column("code", "CODE", RXNORM, required=True),
        Column("description", "DESCRIPTION"),
        Column("dispenses", "DISPENSES", NUMBER),
        Column("reason_code", "REASONCODE", SNOMED),
        Column("reason_description", "REASONDESCRIPTION"),
    ),
    key=("patient_id", "encounter_id", "code", "start"),
)

TABLES = (PATIENTS, ENCOUNTERS, CONDITIONS, OBSERVATIONS, MEDICATIONS)


_TYPES = {
    "bigint": T.LongType(),
    "string": T.StringType(),
    "int": T.IntegerType(),
    "double": T.DoubleType(),
    "boolean": T.BooleanType(),
    "timestamp": T.TimestampType(),
    "date": T.DateType(),
}


def struct(columns: str) -> T.StructType:
    """Returns a schema from names and types, such as `code string, since date`."""
    pairs = (column.split() for column in columns.split(","))
    return T.StructType([T.StructField(name, _TYPES[kind]) for name, kind in pairs])


SILVER_SCHEMAS = {
    "patients": struct(
        "patient_id string, birth_month date, death_date date, age_at_death int, gender string, race string, ethnicity string, "
        f"marital string, state string, postcode_area string, {PSEUDONYM_KEY} string"
    ),
    "encounters": struct(
        "encounter_id string, patient_id string, start timestamp, stop timestamp, encounter_class string, code string, "
        f"reason_code string, {PSEUDONYM_KEY} string"
    ),
    "conditions": struct(
        f"patient_id string, encounter_id string, start timestamp, stop timestamp, code string, {PSEUDONYM_KEY} string"
    ),
    "observations": struct(
        "patient_id string, encounter_id string, date timestamp, code string, value double, is_numeric boolean, units string, "
        f"{PSEUDONYM_KEY} string"
    ),
    "medications": struct(
        "patient_id string, encounter_id string, start timestamp, stop timestamp, code string, dispenses double, reason_code string, "
        f"{PSEUDONYM_KEY} string"
    ),
}
"""The explicit schemas of the silver zone."""

CARRIED_SCHEMAS = {
    **SILVER_SCHEMAS,
    "encounters": struct(
        "encounter_id string, patient_id string, start timestamp, stop timestamp, encounter_class string"
    ),
    "latest_observations": struct(
        "patient_id string, code string, value double, units string, date timestamp, not_numeric bigint, "
        f"{PSEUDONYM_KEY} string"
    ),
}
"""The schemas of what a window leaves to be carried on to the next one."""

QUARANTINE_SCHEMA = struct(f"table_name string, reason string, row_stays boolean, raw string, {COPIES} bigint")
"""The rows of an export that cannot be read, and those that stay without a value that does not fit."""
