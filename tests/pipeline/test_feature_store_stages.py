"""What the stage features leaves in the feature store."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("sqlalchemy", reason="the feature store is written through SQLAlchemy")

from pipeline.errors import FeatureStoreError
from pipeline.gold import GOLD_SCHEMAS
from pipeline.schemas import SILVER_SCHEMAS
from pipeline.stages import Run, features_window
from pipeline.storage import GOLD, SILVER
from pipeline.windows import Window, iso, window

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyspark.sql import DataFrame, SparkSession

    from pipeline.feature_store import FeatureStore
    from postgres import Server

JANUARY = window("2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z")
FEBRUARY = window("2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z")


@pytest.fixture
def computed(run: Callable[..., Run], frame: Callable[..., DataFrame], store: FeatureStore) -> Callable[..., Run]:
    """Writes a window of the silver zone, patients with their years of birth and nothing else, and computes its features."""

    def make(window: Window, **born: int) -> Run:
        found = run(window)
        writing = found.lake.write(SILVER, window)
        for table, schema in SILVER_SCHEMAS.items():
            columns = ", ".join(f"{column.name} {column.dataType.simpleString()}" for column in schema)
            patients = [(name, date(year, 1, 1), *[None] * (len(schema) - 3), "2-key") for name, year in born.items()]
            writing.stage(table, frame(columns, *(patients if table == "patients" else [])), schema)
        writing.commit({"as_of": iso(window.end), "pseudonym_key": "2-key"})
        features_window(found, ["8302-2"], store, 1)
        return found

    return make


@pytest.mark.postgres
@pytest.mark.spark
@pytest.mark.slow
def test_after_a_correction_the_store_holds_the_new_rows_of_the_window_and_of_the_later_ones(
    computed: Callable[..., Run], server: Server
) -> None:
    computed(JANUARY, p=1950)
    computed(FEBRUARY, q=1960)
    computed(JANUARY, p=1951)
    assert server.ask("SELECT window_id, patient_id, birth_year, age FROM patient_features ORDER BY 1, 2") == [
        f"{JANUARY.name}|p|1951|73",
        f"{FEBRUARY.name}|p|1951|73",
        f"{FEBRUARY.name}|q|1960|64",
    ]


@pytest.mark.postgres
@pytest.mark.spark
@pytest.mark.slow
def test_a_store_that_refuses_leaves_the_gold_zone_as_it_was(
    computed: Callable[..., Run], server: Server, spark: SparkSession
) -> None:
    lake = computed(JANUARY, p=1950).lake
    before = lake.commit(GOLD, JANUARY)
    server.ask("ALTER TABLE patient_features ADD CONSTRAINT young CHECK (birth_year < 1951)")
    with pytest.raises(FeatureStoreError, match="young"):
        computed(JANUARY, p=1951)
    assert lake.commit(GOLD, JANUARY) == before
    features = lake.read(GOLD, "patient_features", GOLD_SCHEMAS["patient_features"], [before])
    found = features.select("patient_id", "birth_year").collect()
    assert [tuple(row) for row in found] == [("p", 1950)]
    assert server.ask("SELECT patient_id, birth_year FROM patient_features") == ["p|1950"]
