"""On every engine the command line writes the same tables from the same exports, value by value.

The tables stand in `tables.txt`, a line for each row: what Sail, classic Spark and Spark's Connect server write is compared with it, and so
with each other. `make accept` writes it anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyspark.sql.functions as F
import pytest

from pipeline.cli import main
from pipeline.history import CARRIED
from pipeline.storage import BRONZE, GENERATION, GOLD, SILVER, Lake

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyspark.sql import Column, DataFrame, SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.slow, pytest.mark.every_spark]

EXPECTED = Path(__file__).with_name("tables.txt")
KEY = "a-key-that-only-tests-use-0123456789"
SETTINGS = {
    "DATABRICKS_RUNTIME_VERSION": "14.3",  # so that no stage stops the session of the tests
    "SPARK_SECRET_PSEUDONYMISATION_KEY": KEY,
    "SPARK_PIPELINE_LOINC_CODES": "8302-2,4548-4,72514-3",
    "SPARK_PIPELINE_K": "2",
    "SPARK_PIPELINE_EARLIEST_DATE": "1500-01-01",
    "SPARK_PIPELINE_LATEST_DATE": "2100-01-01",
}
STAGES = {"ingest": BRONZE, "pseudonymise": SILVER, "features": GOLD}
"""Each with the zone that it writes."""
FIRST = ("1900-01-01T00:00:00Z", "2024-03-01T00:00:00Z")
SECOND = ("2024-03-01T00:00:00Z", "2024-04-01T00:00:00Z")

ODD = {
    "patients": """\
Id,BIRTHDATE,DEATHDATE,SSN,LAST,ADDRESS,MARITAL,RACE,GENDER,STATE,ZIP,LAT,LON
p1,1850-02-28,1931-12-31,,Null,"1 Main St, Apt ""2\""",M,white,F,Zürich,02139,-0.0,1e2
p2,1582-10-04,,999,None,"over
two lines",nan,N/A,m,, 2139-4307 ,0.285,-71.0601
p3,2024-02-29T23:59:59Z,,,Ng,,S,,F,Ohio,,1e400,.5
p3,2024-02-28,,,Ng,,S,,F,Ohio,,1,1
p4,2023-02-29,,,x,,,,,,,,
p5,1999-12-31,9999-12-31,,"O'Neill, Ann" Jr,5" pipe,,,,,"K1A 0B1",,
p6,1960-01-01,,,Stray,"never closed,,,,,,,,
""",
    "encounters": """\
Id,START,STOP,PATIENT,ENCOUNTERCLASS,CODE,REASONCODE
e1,1899-12-31T23:59:59.999999Z,1900-01-02T00:00:00.5Z,p1,INPATIENT,185349003,
e2,1969-12-31 23:59:59.25,1970-01-01T00:00:00+05:30,p1,inpatient,185349003,10509002
e3,2024-03-10T01:30-08:00,2024-03-10T03:30:00-0700,p2,Inpatient,185349003,
e4,2024-03-10T10:00:00Z,2024-03-09T10:00:00Z,p2,inpatient,185349003,
e5,2024-02-29,2024-03-31T01:30:00.123456789Z,p2,emergency,185349003,
e6,2023-04-01T00:00:00Z,,p3,ünknown,185349003,
e7,2023-03-31T23:59:59Z,,p3,wellness,185349003,
e8,2024-03-31T23:59:59.999Z,,nobody,wellness,185349003,
e9,2024-04-01T00:00:00Z,,p2,FLD,1853470,
e2,1969-12-31 23:59:59.25,1970-01-01T00:00:00+05:30,p1,inpatient,2,
""",
    "conditions": """\
START,STOP,PATIENT,ENCOUNTER,CODE
2024-01-01,,p1,e1,44054006
2024-01-01,2024-03-01,p1,e1,38341003
2024-01-01,2024-03-01T00:00:01Z,p1,,38341003
2023-01-01,,p2,,38341003
2022-01-01,2023-01-01,p2,,38341003
""",
    "observations": """\
DATE,PATIENT,ENCOUNTER,CODE,VALUE,UNITS
2024-01-01,p1,e1,8302-2,171.5,cm
2024-01-01,p1,e1,8302-2,171.5,
2024-01-01T00:00:00Z,p1,e2,8302-2,171.5,in
2024-01-01,p1,,8302-2,-0.0,cm
2023-12-31T23:59:59.999Z,p1,e1,8302-2,999,cm
2024-02-01,p2,e3,4548-4,1e1,%
2024-02-01,p2,e3,4548-4,NaN,%
2024-02-01,p2,e3,4548-4,Never smoked,
2024-02-01,p2,e4,4548-4,+7.,%
2024-02-01,p2,e4,72514-3,,
2024-03-15,p2,e4,4548-4,6.5,%
2024-02-02,p2,e4,72514-3,ten,{score}
2024-02-02,p2,e4,72514-3,5,{Jane}
2024-02-02,p2,e4,72514-3,1e400,{score}
2024-02-02,p2,e4,72514-4,5,{score}
""",
    "medications": """\
START,STOP,PATIENT,ENCOUNTER,CODE,DISPENSES
2024-01-01T00:00:00Z,,p1,e1,860975,12
2024-01-01T00:00:00Z,,p1,e1,860975,12
2024-01-01T00:00:00Z,,p1,e1,860975,1.20e1
2024-01-01T00:00:00Z,2024-02-01,p1,e1,197361,3
2024-01-01T00:00:00Z,,p2,943 476 5919,0860975,1
""",
}
CORRECTED = {
    "patients": "Id,BIRTHDATE,STATE\np2,1934-03-01,Ohio\n",
    "encounters": "Id,START,STOP,PATIENT,ENCOUNTERCLASS,CODE\ne3,2024-03-02T00:00:00Z,2024-03-05T06:00:00Z,p2,IMP,185349003\n",
    "conditions": "START,STOP,PATIENT,ENCOUNTER,CODE\n2024-01-01,2024-02-01,p1,e1,44054006\n",
    "observations": "DATE,PATIENT,ENCOUNTER,CODE,VALUE,UNITS\n2024-01-01,p1,e2,8302-2,,\n2024-03-01,p1,,8302-2,168,cm\n",
    "medications": "START,STOP,PATIENT,ENCOUNTER,CODE\n",
}


def text(frame: DataFrame, name: str) -> Column:
    """A column in letters that no engine chooses for itself."""
    kind = dict(frame.dtypes)[name]
    if kind == "timestamp":
        return F.expr(f"cast(unix_micros(`{name}`) as string)")
    if kind == "date":
        return F.expr(f"cast(unix_date(`{name}`) as string)")
    return F.col(name)


def lines(lake: Lake) -> list[str]:
    """Each row that counts of each table, its pseudonyms cut short."""
    found = []
    for zone in (BRONZE, SILVER, GOLD):
        commits = {commit.generation: commit for commit in lake.commits(zone).values()}
        found += [f"{zone} {each.window.name} is {each.fingerprint}" for each in commits.values()]
        for name in sorted({name for commit in commits.values() for name in commit.tables}):
            frame = lake.table(SILVER if name in CARRIED.values() else zone, name)
            assert frame is not None
            kept = frame.where(F.col(GENERATION).isin(*commits))
            columns = sorted(set(kept.columns) - {"generation"})
            for row in kept.select(*[text(kept, column).alias(column) for column in columns]).collect():
                values = {column: shown(row[column]) for column in columns}
                found.append(f"{zone}.{name} {values}")
    return sorted(found)


def shown(value: Any) -> Any:
    return value[:8] if isinstance(value, str) and len(value) == 64 else value


def write(directory: Path, files: dict[str, str]) -> str:
    directory.mkdir()
    for name, content in files.items():
        (directory / f"{name}.csv").write_text(content, encoding="utf-8")
    return str(directory)


def run_stages(lake: Path, span: tuple[str, str], source: str) -> None:
    options = ["--input", source, "--lake", str(lake), "--window-start", span[0], "--window-end", span[1]]
    for stage in STAGES:
        assert main(["--stage", stage, *options]) == 0


@pytest.mark.usefixtures("delta")
def test_odd_exports_become_the_same_tables_on_every_engine(
    spark: SparkSession,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    golden: Callable[[Path, str], None],
) -> None:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    lake = tmp_path / "lake"
    run_stages(lake, FIRST, write(tmp_path / "odd", ODD))
    run_stages(lake, SECOND, write(tmp_path / "corrected", CORRECTED))
    found = lines(Lake(spark, str(lake)))
    golden(EXPECTED, "\n".join(found) + "\n")
    said = capsys.readouterr()
    assert [line["zone"] for line in map(json.loads, said.out.splitlines()) if line["event"] == "written"] == [
        *STAGES.values(),
        *STAGES.values(),
    ]
    assert KEY not in said.out + said.err
