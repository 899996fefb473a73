"""The gold zone, as data: each feature in one place, with its type, its definition and what null means.

The code computes what stands here, the schema and the table in docs/features.md are made from it, and the benchmark compares each of it
with DuckDB.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.codes import CLASSES
from pipeline.schemas import PSEUDONYM_KEY, struct

READMISSION_DAYS = 30
POLYPHARMACY = 5
"""Medications from which on one speaks of polypharmacy: WHO, "Medication Safety in Polypharmacy" (2019)."""

ZERO = "0"
"""What null means where a feature has none: a patient without events has 0."""

WITHHELD = "not known, or withheld so that a patient is one of k"


@dataclass(frozen=True)
class Feature:
    """One feature of a patient.

    Attributes:
        name: Its column.
        type: The type of the column, as Spark names it.
        source: The table that it is computed from.
        sql: The aggregate over the rows of `features.prepared` of a patient; none for what is said of a patient by itself.
        definition: What it is, in one sentence.
        null: What null means, or `0` where a patient without events has 0.
    """

    name: str
    type: str
    source: str
    sql: str
    definition: str
    null: str = ZERO


def _person(name: str, kind: str, definition: str) -> Feature:
    return Feature(name, kind, "patients", "", definition, WITHHELD)


def _encounters(name: str) -> Feature:
    where = "is null" if name == "other" else f"= '{name}'"
    what = "of no class that is known, or of another one" if name == "other" else f"of class {name}"
    klass = f"case when encounter_class in ({', '.join(map(repr, CLASSES))}) then encounter_class end"
    return Feature(
        f"encounters_{name}",
        "bigint",
        "encounters",
        f"count(case when last_year and ({klass}) {where} then 1 end)",
        f"Encounters {what} that started in the 12 months before `as_of`.",
    )


def _emergencies(days: int) -> Feature:
    return Feature(
        f"emergency_visits_{days}d",
        "bigint",
        "encounters",
        f"count(case when encounter_class = 'emergency' and days_ago <= {days} then 1 end)",
        f"Encounters of class emergency that started in the {days} days before `as_of`.",
    )


FEATURES = (
    _person("birth_year", "int", "Year of birth, no earlier than 90 years before `as_of`; the first one of its band."),
    _person("birth_year_band", "int", "How many years the band of the year of birth has: 1, 5, 10 or 20."),
    _person("age", "int", "Years from the year of birth to that of `as_of`, or of death; 90 stands for 90 or more."),
    _person("deceased", "boolean", "Whether the day of death is before `as_of`."),
    _person("death_year", "int", "Year of the death before `as_of`; null for who lives."),
    _person("gender", "string", "Administrative sex."),
    _person("race", "string", "Race, as the export has it."),
    _person("ethnicity", "string", "Ethnicity, as the export has it."),
    _person("marital", "string", "Marital status, in codes of HL7 v3."),
    _person("state", "string", "State, country of the United Kingdom or province."),
    _person("postcode_area", "string", "First three characters of the postcode, or its region."),
    Feature(
        "inpatient_stays",
        "bigint",
        "stays",
        "count(1)",
        "Encounters of class inpatient.",
    ),
    Feature(
        "inpatient_hours",
        "double",
        "stays",
        "sum(hours)",
        "Hours from admission to discharge (length of stay), summed over the stays that ended by `as_of`.",
        "no stay ended",
    ),
    Feature(
        "inpatient_hours_median",
        "double",
        "stays",
        "percentile(hours, 0.5)",
        "Median of these hours.",
        "no stay ended",
    ),
    Feature("inpatient_hours_longest", "double", "stays", "max(hours)", "Longest of these stays.", "no stay ended"),
    Feature(
        "readmissions_30d",
        "bigint",
        "stays",
        f"count(case when days_to_next > 0 and days_to_next <= {READMISSION_DAYS} then 1 end)",
        f"Stays after whose discharge the very next stay began within {READMISSION_DAYS} days, from whatever cause, as in CMS's "
        "Hospital-Wide Readmission measure, but planned ones too.",
    ),
    Feature(
        "days_since_discharge",
        "bigint",
        "stays",
        "cast(floor(min(days_since_stop)) as bigint)",
        "Whole days from the latest end of an inpatient stay to `as_of`.",
        "no stay ended",
    ),
    *map(_emergencies, (30, 90, 365)),
    *map(_encounters, (*CLASSES, "other")),
    Feature(
        "active_conditions",
        "bigint",
        "conditions",
        "count(distinct code)",
        "Distinct codes of conditions that are active as of `as_of`.",
    ),
    Feature(
        "active_medications",
        "bigint",
        "medications",
        "count(distinct code)",
        "Distinct codes of medications that are active as of `as_of`.",
    ),
    Feature(
        "polypharmacy",
        "boolean",
        "medications",
        f"count(distinct code) >= {POLYPHARMACY}",
        f"Whether {POLYPHARMACY} or more medications are active (WHO, Medication Safety in Polypharmacy, 2019).",
        "false",
    ),
)

GOLD_SCHEMAS = {
    "patient_features": struct(
        f"as_of date, patient_id string, {', '.join(f'{each.name} {each.type}' for each in FEATURES)}, {PSEUDONYM_KEY} string"
    ),
    "latest_observations": struct(
        "as_of date, patient_id string, code string, value double, units string, date date, not_numeric bigint, "
        f"{PSEUDONYM_KEY} string"
    ),
    "active_conditions": struct(f"as_of date, patient_id string, code string, since date, {PSEUDONYM_KEY} string"),
    "active_medications": struct(f"as_of date, patient_id string, code string, since date, {PSEUDONYM_KEY} string"),
}
"""The explicit schemas of the gold zone: dates, no times of day."""
