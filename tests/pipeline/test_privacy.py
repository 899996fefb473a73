"""What somebody typed into a text column goes no farther than bronze: no name, telephone number, e-mail address or NHS number."""

from __future__ import annotations

import csv
import json
import re
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import codes
from pipeline.monitoring import Log, Metrics
from pipeline.schemas import TABLES
from pipeline.stages import Run, features_window, ingest, pseudonymise_window
from pipeline.storage import BRONZE, GOLD, SILVER, Lake
from pipeline.windows import ALL_OF_TIME, plausible

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.slow]

KEY = b"a-key-that-only-tests-use-0123456789"
NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)

VALID = {
    codes.ID: ("7c1f0000-0000-4000-8000-000000000001", "7c1f0000-0000-4000-8000-000000000002"),
    codes.DATE: ("1980-02-03",),
    codes.TIME: ("2024-02-03T04:05:06Z",),
    codes.NUMBER: ("1",),
    codes.RESULT: ("1", "Never"),
    codes.SNOMED: ("44054006",),
    codes.LOINC: ("8302-2",),
    codes.RXNORM: ("860975",),
    codes.UCUM: ("cm",),
    codes.ENCOUNTER_CLASS: ("inpatient",),
    codes.GENDER: ("F",),
    codes.MARITAL: ("M",),
    codes.RACE: ("white",),
    codes.ETHNICITY: ("hispanic",),
    codes.STATE: ("Ohio",),
    codes.POSTCODE: ("02139",),
}
SYLLABLES = ("zephyr", "quack", "bram", "thorn", "olu", "wick", "ngo", "sørl", "kowal")

names = st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=3).map(lambda parts: "".join(parts).capitalize())
digits = st.integers(100_000, 999_999).map(str)
SECRETS = st.one_of(
    st.tuples(names, names).map(" ".join),
    names,
    st.tuples(names, digits).map(lambda pair: f"{pair[0]} 07700 {pair[1]}"),
    digits.map(lambda number: f"+44 7700 {number}"),
    digits.map(lambda number: f"07700{number}"),
    names.map(lambda name: f"{name.lower()}@example.org"),
    st.sampled_from(("943 476 5919", "9434765919", "401 023 2137")),
)


def takes_digits(kind: codes.Kind) -> bool:
    """Whether any digits pass: what is a number cannot be told from a telephone number. docs/privacy.md names these columns."""
    return kind in (codes.NUMBER, codes.RESULT)


@given(data=st.data())
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_text_that_somebody_typed_leaves_bronze(
    data: st.DataObject, spark: SparkSession, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    secrets, folder = set(), Path(tempfile.mkdtemp(dir=tmp_path))
    for table in TABLES:
        rows = [
            {column.source: data.draw(st.sampled_from(VALID.get(column.kind, ("",)))) for column in table.columns}
            for _ in range(3)
        ]
        for row in rows:
            typed = data.draw(
                st.sets(st.sampled_from([column.name for column in table.columns]), min_size=1, max_size=6)
            )
            for column in table.columns:
                if column.name in typed:
                    secret = data.draw(SECRETS)
                    if secret.isdigit() and takes_digits(column.kind):
                        continue
                    row[column.source] = secret
                    secrets.add(secret)
        with (folder / f"{table.name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, [column.source for column in table.columns])
            writer.writeheader()
            writer.writerows(rows)
    found = said(spark, folder, capfd)
    fragments = {part for secret in secrets for part in re.split(r"[^\w]+", secret) if len(part) >= 5} | secrets
    assert {part for part in fragments if part.lower() in found} == set()


def said(spark: SparkSession, folder: Path, capfd: pytest.CaptureFixture[str]) -> str:
    """All that the stages write but the tables of bronze: silver, gold, commits, names of files, log lines and standard output."""
    lines: list[Any] = []

    class Kept(Log):
        def __call__(self, event: str, **fields: Any) -> None:
            lines.append({"event": event, **fields})

    run = Run(spark, Lake(spark, str(folder / "lake")), ALL_OF_TIME, Kept(), Metrics("tests", None))
    ingest(run, str(folder), plausible(ALL_OF_TIME, NOW))
    pseudonymise_window(run, KEY)
    features_window(run, ("8302-2",), None, 1)
    texts = [json.dumps(lines, default=str, ensure_ascii=False), *capfd.readouterr()]
    texts += [str(path.relative_to(folder / "lake")) for path in (folder / "lake").rglob("*")]
    texts += [str(row) for zone in (BRONZE, SILVER, GOLD) for row in run.lake.rows(zone).values()]
    for zone in (SILVER, GOLD):
        for path in (folder / "lake" / zone).rglob("*"):
            texts += [path.read_bytes().decode("latin-1")] if path.is_file() else []
        for name in run.lake.commit(zone, ALL_OF_TIME).tables:
            frame = run.lake.table(zone, name)
            assert frame is not None
            texts += [str(row) for row in frame.collect()]
    return "\n".join(texts).lower()
