"""The tables of an export and of the silver zone, as data.

Synthea renamed and added columns over the years. A column is therefore found by name, in any position and any case, under its
own name or one of its older ones; unknown columns are left out and named in the log.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import types as T

ID, NAME, TEXT, DATE, TIME, NUMBER = "id", "name", "text", "date", "time", "number"

SPARK_TYPES: dict[str, T.DataType] = {
    ID: T.StringType(),
    NAME: T.StringType(),
    TEXT: T.StringType(),
    DATE: T.DateType(),
    TIME: T.TimestampType(),
    NUMBER: T.DoubleType(),
}


@dataclass(frozen=True)
class Column:
    """One column of an export.

    Attributes:
        name: The name in the lake.
        source: The name in the header of the export.
        kind: `id`, `name` (a word such as None is a value), `text`, `date`, `time` (UTC; a date alone is its midnight) or `number`.
        required: Whether the header must have it and a row without it is quarantined.
        aliases: Names that older exports used; they count where the header lacks the name of today.
    """

    name: str
    source: str
    kind: str = TEXT
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
        columns = [T.StructField(column.name, SPARK_TYPES[column.kind]) for column in self.columns]
        return T.StructType([*columns, T.StructField(COPIES, T.LongType())])


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
        Column("marital", "MARITAL"),
        Column("race", "RACE"),
        Column("ethnicity", "ETHNICITY"),
        Column("gender", "GENDER"),
        Column("birthplace", "BIRTHPLACE", NAME),
        Column("address", "ADDRESS", NAME),
        Column("city", "CITY", NAME),
        Column("state", "STATE"),
        Column("county", "COUNTY", NAME),
        Column("zip", "ZIP"),
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
        Column("encounter_class", "ENCOUNTERCLASS"),
        Column("code", "CODE"),
        Column("description", "DESCRIPTION"),
        Column("reason_code", "REASONCODE"),
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
        Column("code", "CODE", required=True),
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
        Column("code", "CODE", required=True),
        Column("description", "DESCRIPTION"),
        Column("value", "VALUE", NAME),
        Column("units", "UNITS"),
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
        Column("code", "CODE", required=True),
        Column("description", "DESCRIPTION"),
        Column("dispenses", "DISPENSES", NUMBER),
        Column("reason_code", "REASONCODE"),
        Column("reason_description", "REASONDESCRIPTION"),
    ),
    key=("patient_id", "encounter_id", "code", "start"),
)

TABLES = (PATIENTS, ENCOUNTERS, CONDITIONS, OBSERVATIONS, MEDICATIONS)


CLASSES = (
    "ambulatory",
    "emergency",
    "home",
    "hospice",
    "inpatient",
    "outpatient",
    "snf",
    "urgentcare",
    "virtual",
    "wellness",
)
"""The encounter classes that Synthea knows; any other is counted as `other`."""

_TYPES = {
    "bigint": T.LongType(),
    "string": T.StringType(),
    "int": T.IntegerType(),
    "double": T.DoubleType(),
    "boolean": T.BooleanType(),
    "timestamp": T.TimestampType(),
}


def _schema(columns: str) -> T.StructType:
    pairs = (column.split() for column in columns.split(","))
    return T.StructType([T.StructField(name, _TYPES[kind]) for name, kind in pairs])


SILVER_SCHEMAS = {
    "patients": _schema(
        "patient_id string, birth_year int, death_year int, age_at_death int, gender string, race string, ethnicity string, "
        "marital string, state string, postcode_area string"
    ),
    "encounters": _schema(
        "encounter_id string, patient_id string, start timestamp, stop timestamp, encounter_class string, code string, reason_code string"
    ),
    "conditions": _schema("patient_id string, encounter_id string, start timestamp, stop timestamp, code string"),
    "observations": _schema(
        "patient_id string, encounter_id string, date timestamp, code string, value double, is_numeric boolean, units string"
    ),
    "medications": _schema(
        "patient_id string, encounter_id string, start timestamp, stop timestamp, code string, dispenses double, reason_code string"
    ),
}
"""The explicit schemas of the silver zone."""

GOLD_SCHEMAS = {
    "patient_features": _schema(
        "as_of timestamp, patient_id string, birth_year int, death_year int, gender string, race string, ethnicity string, "
        "marital string, state string, postcode_area string, age int, deceased boolean, inpatient_stays bigint, "
        "inpatient_hours double, inpatient_hours_median double, inpatient_hours_longest double, readmissions_30d bigint, "
        + "".join(f"encounters_{name} bigint, " for name in (*CLASSES, "other"))
        + "active_conditions bigint"
    ),
    "latest_observations": _schema(
        "as_of timestamp, patient_id string, code string, value double, units string, date timestamp, not_numeric bigint"
    ),
    "active_conditions": _schema("as_of timestamp, patient_id string, code string, since timestamp"),
}
"""The explicit schemas of the gold zone."""

COPIES = "copies"
"""How often the row of a bronze table stood in the export."""

QUARANTINE_SCHEMA = _schema(f"table_name string, reason string, raw string, {COPIES} bigint")
"""The rows of an export that cannot be read."""
