"""One Spark session for all tests of the package, and small ways to write exports and compare frames."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("pyspark", reason="the package `pipeline` runs on Spark")

from pyspark.sql import DataFrame, SparkSession

from pipeline import session
from pipeline.monitoring import Log, Metrics
from pipeline.stages import Run
from pipeline.storage import Lake
from pipeline.windows import ALL_OF_TIME, Window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SHORT_LIVED = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmn256m -XX:MetaspaceSize=256m "
    "-XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote",  # one quick compiler, and Spark's classes as they are
    "spark.sql.codegen.wholeStage": "false",  # no class compiled for a query
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",  # nor for an expression
    # Few files: Hadoop starts a process for the permissions of each.
    "spark.hadoop.fs.file.impl": "org.apache.hadoop.fs.RawLocalFileSystem",
    "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
    "spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version": "2",
}

SHARED = Path(__file__).parents[2].parent / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Py4J leaves sockets to the garbage collector."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"))


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A local session: UTC, one shuffle partition, no pages."""
    zone = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"  # a time that Spark gives to Python is in the zone of the machine
    time.tzset()
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    os.environ["PYSPARK_PYTHON"] = sys.executable  # a foreign one would have another PySpark
    builder = SparkSession.builder.appName("tests").master("local[2]")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.adaptive.enabled": "false",  # small frames need no plan anew
        **SHORT_LIVED,
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
    }
    if driver := next(Path("/usr/share/java").glob("postgresql.jar"), None):
        settings["spark.jars"] = str(driver)
    for key, value in settings.items():
        builder = builder.config(key, value)
    found = builder.getOrCreate()
    found.sparkContext.setLogLevel("OFF")
    session.configure(found)
    for name in ("functions", "PythonUtils", "SparkSession"):  # else Py4J looks through all jars at each use
        setattr(found._jvm, name, getattr(found._jvm, name))
    yield found
    found.stop()
    os.environ.pop("TZ")
    os.environ.update({"TZ": zone} if zone else {})
    time.tzset()


@pytest.fixture(scope="session")
def short_lived() -> dict[str, str]:
    """Settings of a Spark that sees a few rows of each of many queries."""
    return SHORT_LIVED


def _literal(value: object) -> str:
    if isinstance(value, datetime):
        return f"timestamp'{value.isoformat(sep=' ')}'"
    if isinstance(value, date):
        return f"date'{value.isoformat()}'"
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return "null" if value is None else repr(value).lower()


@pytest.fixture
def frame(spark: SparkSession) -> Callable[..., DataFrame]:
    """Makes a small literal frame: `frame("name string, age int", ("Ann", 3), (None, None))`.

    It is made in SQL: a frame made of Python objects starts a Python worker and takes ten times as long.
    """

    def make(schema: str, *rows: tuple[object, ...]) -> DataFrame:
        columns = [column.rsplit(" ", 1) for column in schema.split(", ")]
        casts = ", ".join(f"cast(c{position} as {kind}) as {name}" for position, (name, kind) in enumerate(columns))
        values = ", ".join(f"({', '.join(map(_literal, row))})" for row in rows or [(None,) * len(columns)])
        names = ", ".join(f"c{position}" for position in range(len(columns)))
        return spark.sql(f"select {casts} from values {values} as t({names}) where {bool(rows)}")

    return make


def _rows(found: DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return sorted((tuple(row) for row in found.select(*columns or ["*"]).collect()), key=repr)


@pytest.fixture
def rows() -> Callable[..., list[tuple[object, ...]]]:
    """The rows of a frame, in an order of their own."""
    return _rows


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., str]:
    """Writes CSV files, `name=text or bytes`, and returns their directory."""

    def write(**files: str | bytes) -> str:
        directory = tmp_path / "export"
        directory.mkdir(exist_ok=True)
        for name, content in {**HEADERS, **files}.items():
            data = content if isinstance(content, bytes) else content.encode("utf-8")
            (directory / f"{name}.csv").write_bytes(data)
        return str(directory)

    return write


HEADERS: dict[str, str] = {
    "patients": "Id,BIRTHDATE\n",
    "encounters": "Id,START,STOP,PATIENT,ENCOUNTERCLASS,CODE\n",
    "conditions": "START,STOP,PATIENT,ENCOUNTER,CODE,DESCRIPTION\n",
    "observations": "DATE,PATIENT,ENCOUNTER,CODE,DESCRIPTION,VALUE,UNITS,TYPE\n",
    "medications": "START,STOP,PATIENT,ENCOUNTER,CODE\n",
}


@pytest.fixture
def logged() -> list[dict[str, Any]]:
    """The log lines of the runs that `run` made."""
    return []


@pytest.fixture
def run(spark: SparkSession, tmp_path: Path, logged: list[dict[str, Any]]) -> Callable[..., Run]:
    """Makes a run over one lake of the test."""

    class Kept(Log):
        def __call__(self, event: str, **fields: Any) -> None:
            logged.append({"event": event, **fields})

    def make(window: Window = ALL_OF_TIME, lake: Lake | None = None) -> Run:
        return Run(spark, lake or Lake(spark, str(tmp_path / "lake")), window, Kept(), Metrics("tests", None))

    return make


WHOLE = {
    "made up": (99, 58, 7),
    "synthea_massachusetts": (113, 222, 46),
    "synthea_nine_states": (922, 457, 1),
}
"""Whole exports, with their patients, inpatient stays and 30-day readmissions as a few lines of plain Python count them."""


@pytest.fixture(params=WHOLE)
def whole_export(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, tuple[int, int, int]]:
    """A made-up export, and those that stand beside the repository on some machines, with what is to be counted in it."""
    if request.param != "made up":
        return _shared(request.param), WHOLE[request.param]
    generator = Path(__file__).parents[2] / "benchmarks" / "export.py"
    command = [sys.executable, str(generator), "--patients", "100", "--output", str(tmp_path / "made-up")]
    subprocess.run(command, check=True)
    return str(tmp_path / "made-up"), WHOLE[request.param]


@pytest.fixture
def massachusetts() -> str:
    """The export of 113 patients."""
    return _shared("synthea_massachusetts")


def _shared(name: str) -> str:
    path = SHARED / name
    if not path.is_dir():
        pytest.skip("the folder shared/data is not beside the repository")
    return str(path)
