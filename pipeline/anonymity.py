"""k-anonymity of what gold says of patients: each combination of it stands for k patients or more.

Who is one of fewer than k patients of the same sex, age, race, place and so on is described in less detail, step by step, until there are
k. Each patient goes as few steps as possible. Two steps never describe one patient, so a combination has the patients of one step only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyspark.sql.functions as F
from pyspark.sql import Window

from pipeline.pseudonymise import AGE_CAP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyspark.sql import Column, DataFrame

K = 5
"""How many patients share each combination, unless a setting says otherwise."""

BIRTH = ("birth_year", "birth_year_band", "age")
IDENTIFYING = (*BIRTH, "deceased", "death_year", "gender", "race", "ethnicity", "marital", "state", "postcode_area")
"""The quasi-identifiers: what others may know of a patient, too."""

REGION = "case when postcode_area rlike '^[1-9]' then substring(postcode_area, 1, 1) else nullif(regexp_extract(postcode_area, '^[A-Z]+', 0), '') end"
"""The first digit of a ZIP code, or the letters of a British or Canadian postcode."""


def _birth(years: int | None) -> dict[str, str | None]:
    """Returns the year of birth and the age as the first year of a band tells them; of None years there is no band."""
    if years is None:
        return dict.fromkeys(BIRTH)
    born = "coalesce(death_year, year(as_of)) - age"
    return {
        "birth_year": f"greatest(birth_year - pmod(birth_year, {years}), year(as_of) - {AGE_CAP})",
        "birth_year_band": str(years),
        "age": f"case when age is not null then least(age + pmod({born}, {years}), {AGE_CAP}) end",
    }


STEPS: tuple[Mapping[str, str | None], ...] = (
    {},
    _birth(5),
    {**_birth(10), "postcode_area": REGION},
    {**_birth(10), "postcode_area": None, "marital": None},
    {**_birth(20), "postcode_area": None, "marital": None, "race": None, "ethnicity": None},
    {**_birth(20), **dict.fromkeys(("postcode_area", "marital", "race", "ethnicity", "state", "death_year"))},
    {**_birth(None), **dict.fromkeys(("postcode_area", "marital", "race", "ethnicity", "state", "death_year"))},
    dict.fromkeys(IDENTIFYING),
)
"""What each step makes of a column, as SQL or null; a column that it does not name stays as it is."""


def generalised(people: DataFrame, as_of: Column, k: int) -> tuple[DataFrame, dict[str, int]]:
    """Describes each patient so that k or more share each description.

    Args:
        people: A row per patient with the columns `IDENTIFYING`.
        as_of: The moment that the ages are of, a timestamp.
        k: How many patients shall share a description. Of fewer patients than that in all, nothing is said.

    Returns:
        The rows in less detail, and how many values of each column were there and are told in less detail, or not at all.
    """
    stepped = people.withColumn("as_of", as_of).withColumn("_step", F.lit(None).cast("string"))
    is_open = F.col("_step").isNull()
    for number, step in enumerate(STEPS):
        alike = Window.partitionBy(*[_said(step, name) for name in IDENTIFYING if step.get(name, name)] or [F.lit(1)])
        crowd = F.count(F.when(is_open, 1)).over(alike)
        settles = is_open & ((crowd >= k) | F.lit(number == len(STEPS) - 1))
        stepped = stepped.withColumn("_step", F.when(settles, str(number)).otherwise(F.col("_step")))
    counts = _counts(stepped)
    last = len(STEPS) - 1
    if last in counts and counts[last]["patients"] < k and len(counts) > 1:
        stepped = _joined(stepped, max(counts.keys() - {last}))
        counts = _counts(stepped)
    columns = {name: _by_step(name) for name in IDENTIFYING}
    return stepped.select(*[columns.get(name, F.col(name)) for name in people.columns]), _changed(counts)


def _counts(stepped: DataFrame) -> dict[int, Mapping[str, int]]:
    """Returns how many patients went which step, and how many of them have a value in each column."""
    values = [F.count(name).alias(name) for name in IDENTIFYING]
    rows = stepped.groupBy("_step").agg(F.count(F.lit(1)).alias("patients"), *values).collect()
    return {int(row["_step"]): row.asDict() for row in rows}


def _changed(counts: Mapping[int, Mapping[str, int]]) -> dict[str, int]:
    """Returns how many values of each column were there and went a step that changes the column; a year of birth stands for its band and age."""
    names = [name for name in IDENTIFYING if name not in ("birth_year_band", "age")]
    changed = {name: sum(row[name] for step, row in counts.items() if name in STEPS[step]) for name in names}
    return {name: count for name, count in changed.items() if count}


def _joined(stepped: DataFrame, last: int) -> DataFrame:
    """Lets the smallest group of a step go the last one too, where fewer than k patients are alone."""
    said = {name: _said(STEPS[last], name).alias(name) for name in IDENTIFYING}
    groups = stepped.where(F.col("_step") == str(last)).select(*said.values()).groupBy(*IDENTIFYING).count()
    group = groups.orderBy("count", *IDENTIFYING).limit(1).collect()[0]
    same = F.col("_step") == str(last)
    for name in IDENTIFYING:
        same = same & _said(STEPS[last], name).eqNullSafe(F.lit(group[name]))
    step = F.when(same, str(len(STEPS) - 1)).otherwise(F.col("_step"))
    return stepped.withColumn("_step", step)


def _said(step: Mapping[str, str | None], name: str) -> Column:
    return F.expr(step.get(name, f"`{name}`") or f"nullif(`{name}`, `{name}`)")


def _by_step(name: str) -> Column:
    cases = " ".join(
        f"when '{number}' then {step.get(name, name)}" for number, step in enumerate(STEPS) if step.get(name, name)
    )
    return F.expr(f"case _step {cases} end").alias(name)


def report(features: DataFrame, changed: Mapping[str, int], k: int) -> dict[str, object]:
    """Returns what is said of the k-anonymity of a table: how many patients the rarest description has, and what was generalised.

    Args:
        features: The table as it was written.
        changed: How many values of each column were generalised.
        k: How many were asked for.
    """
    groups = features.groupBy(*IDENTIFYING).agg(F.sum(F.lit(1)).alias("n"))  # Sail fails at the least of many counts
    (found,) = groups.agg(F.min("n").alias("k"), F.sum("n").alias("n")).collect()
    return {
        "k": found["k"] or 0,
        "asked": k,
        "patients": found["n"] or 0,
        "generalised": changed,
    }
