"""One Spark session for all tests of the package, and small ways to write exports and compare frames."""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("pyspark", reason="the package `pipeline` runs on Spark")

import azurite
import engines
import postgres
from pipeline import session
from pipeline.feature_store import FeatureStore
from pipeline.monitoring import Log, Metrics
from pipeline.stages import Run
from pipeline.storage import Lake
from pipeline.windows import ALL_OF_TIME, Window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyspark.sql import DataFrame, SparkSession

SHARED = Path(__file__).parents[2].parent / "shared" / "data"


IGNORED = (
    "ignore:unclosed <socket:ResourceWarning",  # Py4J leaves sockets to the garbage collector
    # Before Spark 4 PySpark uses of distutils, NumPy and pandas what they no longer want used.
    "ignore:distutils Version classes:DeprecationWarning",
    "ignore:np.find_common_type:DeprecationWarning",
    "ignore:is_datetime64tz_dtype:DeprecationWarning",
    "ignore:iteritems:FutureWarning",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Lets pass what PySpark itself is warned of."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            for warning in IGNORED:
                item.add_marker(pytest.mark.filterwarnings(warning))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skips what needs Java where there is none."""
    if item.get_closest_marker("java") and shutil.which("java") is None:
        pytest.skip("java is not on this machine")


@pytest.fixture(scope="session")
def engine() -> str:
    """What runs the tests: `sail`, `spark` (classic), or `connect` (Spark's own Connect server)."""
    return engines.chosen()


@pytest.fixture(scope="session")
def spark(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """One session of the engine for all tests, with the settings that the transforms rely on."""
    with engines.started(engine, tmp_path_factory.mktemp(engine)) as found:
        session.configure(found, Log())
        yield found


@pytest.fixture(scope="session")
def delta(engine: str) -> None:
    """For tests that need Delta: skips them where the engine does not have it."""
    if not engines.has_delta(engine):
        pytest.skip(f"Delta's jars are not in {engines.JARS}: run tools/fetch_jars.py with this Python")


@pytest.fixture(scope="session")
def azurite_port(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a running Azurite; skips the test where it is not installed, or Spark would need Hadoop's jars for it."""
    reason = azurite.missing() if engine == "sail" else f"the engine {engine} has no jars for Azure's storage here"
    if reason:
        pytest.skip(reason)
    with azurite.running(tmp_path_factory.mktemp("azurite")) as port:
        yield port


@pytest.fixture
def container(azurite_port: int) -> Iterator[Callable[[str], str]]:
    """Makes containers in Azurite: `container("bronze")` is `abfss://bronze@…`, for Sail here and in processes started from here."""
    with engines.environment(**azurite.variables(azurite_port)):
        yield functools.partial(azurite.make_container, azurite_port)


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    """A running PostgreSQL; skips the test where it is not installed."""
    with postgres.running() as found:
        yield found


@pytest.fixture
def store(server: postgres.Server, logged: list[dict[str, Any]]) -> FeatureStore:
    """A feature store in an empty schema of that server, whose log lines are kept."""
    server.ask("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return FeatureStore(
        "postgresql", "127.0.0.1", server.port, "postgres", "postgres", server.password, "public", kept(logged)
    )


@pytest.fixture(scope="session")
def short_lived() -> dict[str, str]:
    """Settings of a Spark that sees a few rows of each of many queries."""
    return engines.SHORT_LIVED


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
    """The log lines of the runs that `run` made, and of the feature store."""
    return []


def kept(lines: list[dict[str, Any]]) -> Log:
    """A log whose lines are kept in a list."""

    class Kept(Log):
        def __call__(self, event: str, **fields: Any) -> None:
            lines.append({"event": event, **fields})

    return Kept()


@pytest.fixture
def lake(spark: SparkSession, tmp_path: Path) -> Lake:
    """A lake of the test's own."""
    return Lake(spark, str(tmp_path / "lake"))


@pytest.fixture
def run(spark: SparkSession, tmp_path: Path, logged: list[dict[str, Any]]) -> Callable[..., Run]:
    """Makes a run over one lake of the test."""

    def make(window: Window = ALL_OF_TIME, lake: Lake | None = None) -> Run:
        return Run(spark, lake or Lake(spark, str(tmp_path / "lake")), window, kept(logged), Metrics("tests", None))

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
