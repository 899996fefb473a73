"""Real runs on Sail: a server inside of each activity's process."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from activities_gen.cli import main
from activities_gen.run import spark_engines
from activities_gen.run.connect_launcher import settings
from activities_gen.run.libraries import ENGINES, has_jars, install_engine
from activities_gen.run.spark_engines import SparkEngine, choose

if TYPE_CHECKING:
    from conftest import Staged

sail = pytest.mark.skipif(importlib.util.find_spec("pysail") is None, reason="Sail is not installed here")

JOB = """
import os, sys
from pyspark.sql import SparkSession

import demo

spark = SparkSession.builder.appName("demo").getOrCreate()
rows = spark.range(10).mapInArrow(demo.double, "id long")
rows.write.format("delta").save(sys.argv[1])
print("secret is", len(spark.conf.get("spark.secret.key")), "long; remote", os.environ["SPARK_REMOTE"], "main", __name__, sys.argv[2:])
spark.stop()
"""
READ = """
import sys
from pyspark.sql import SparkSession

print("sum", SparkSession.builder.getOrCreate().read.format("delta").load(sys.argv[1]).selectExpr("sum(id)").collect()[0][0])
"""
WHEEL = """
def double(batches):
    for batch in batches:
        yield type(batch).from_pydict({"id": [FACTOR * value for value in batch.column(0).to_pylist()]})
"""


@sail
@pytest.mark.spark
def test_activities_hand_a_delta_table_on_each_with_its_own_server_and_wheel(staged: Staged, tmp_path: Path) -> None:
    table = str(tmp_path / "table")
    code = {version: staged.wheel("demo", version, WHEEL.replace("FACTOR", version[0])) for version in ("2.0", "3.0")}
    staged.add("Twice", JOB, table, "an argument", libraries=[code["2.0"]])
    staged.add("Thrice", JOB, f"{table}3", libraries=[code["3.0"]])
    staged.add("Read", READ, table, after=("Twice", "Thrice"))
    staged.add("Read thrice", READ, f"{table}3", after=("Twice", "Thrice"))
    assert main(staged.arguments("--engine", "sail", "--conf", "spark.secret.key=a=b c:d#e")) == 0
    assert "secret is 9 long; remote sc://127.0.0.1:" in staged.log("Twice.1.log")
    assert "main __main__ ['an argument']" in staged.log("Twice.1.log")
    assert staged.log("Read.1.log").endswith("sum 90\n")
    assert staged.log("Read_thrice.1.log").endswith("sum 135\n")
    port = int(staged.log("Twice.1.log").split("sc://127.0.0.1:")[1].split()[0])
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0  # nobody listens any more


@sail
@pytest.mark.spark
def test_code_that_needs_the_jvm_is_told_of_classic_spark(staged: Staged) -> None:
    staged.add("Old", "from pyspark.sql import SparkSession\nSparkSession.builder.getOrCreate().sparkContext\n")
    assert main(staged.arguments("--engine", "sail")) == 1
    assert "Run it on classic Spark: --engine spark" in staged.log("Old.1.log")


@sail
@pytest.mark.spark
def test_a_server_ends_with_a_script_that_is_killed(staged: Staged) -> None:
    text = "import os, signal\nfrom pyspark.sql import SparkSession\nprint(os.environ['SPARK_REMOTE'], flush=True)\nos.kill(os.getpid(), signal.SIGKILL)\n"
    staged.add("Dies", text)
    assert main(staged.arguments("--engine", "sail")) == 1
    assert staged.report()["activities"][0]["error"]["message"].startswith("The process was ended by SIGKILL")
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(staged.log("Dies.1.log").rsplit(":", 1)[1]))) != 0


HANGS = "import os, pathlib, sys, time\nfrom pyspark.sql import SparkSession\nSparkSession.builder.getOrCreate().range(3).count()\npathlib.Path(sys.argv[1]).write_text(os.environ['SPARK_REMOTE'])\ntime.sleep(300)\n"


def is_open(remote: str) -> bool:
    """Whether somebody listens at an endpoint on this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(remote.rpartition(":")[2]))) == 0


@sail
@pytest.mark.spark
@pytest.mark.parametrize(
    "number",
    [
        signal.SIGKILL,
        pytest.param(signal.SIGTERM, marks=pytest.mark.slow),
        pytest.param(signal.SIGINT, marks=pytest.mark.slow),
    ],
)
def test_a_server_ends_with_its_run_whatever_ends_that(staged: Staged, tmp_path: Path, number: signal.Signals) -> None:
    staged.add("Hangs", HANGS, str(tmp_path / "remote"))
    command = [sys.executable, "-m", "activities_gen", *staged.arguments("--engine", "sail")]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while not (tmp_path / "remote").exists() or not (tmp_path / "remote").read_text():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        remote = (tmp_path / "remote").read_text()
        assert is_open(remote)
        process.send_signal(number)
    deadline = time.monotonic() + 30
    while is_open(remote):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@sail
@pytest.mark.spark
@pytest.mark.slow
def test_a_server_ends_with_an_attempt_whose_time_is_over(staged: Staged, tmp_path: Path) -> None:
    staged.add("Hangs", HANGS, str(tmp_path / "remote"), policy={"timeout": "00:00:15"})
    assert main(staged.arguments("--engine", "sail")) == 1
    assert staged.report()["activities"][0]["error"]["errorCode"] == "ActivityTimedOut"
    assert not is_open((tmp_path / "remote").read_text())


@sail
def test_a_script_without_spark_gets_no_server(staged: Staged) -> None:
    staged.add("Plain", "import os, sys\nprint('SPARK_REMOTE' in os.environ, 'pysail' in sys.modules)\n")
    assert main(staged.arguments("--engine", "sail")) == 0
    assert staged.log("Plain.1.log") == "False False\n"


def test_the_engine_is_sail_where_it_is_installed_unless_a_master_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark_engines, "finds", lambda _module, python: python == "has sail")
    assert choose(None, None, None, "has sail") == SparkEngine("sail")
    assert choose(None, None, None, "has none") == SparkEngine("spark", "local[*]")
    assert choose(None, "local[2]", None, "has sail") == SparkEngine("spark", "local[2]")
    assert choose("spark", None, None, "has sail") == SparkEngine("spark", "local[*]")
    assert choose("sail", None, None, "has none") == SparkEngine("sail")


def test_an_engine_that_is_not_here_is_said_of_each_activity_before_anything_starts(
    staged: Staged, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(spark_engines, "finds", lambda module, _python: module != "pysail")
    for name in ("A", "B"):
        staged.add(name, "import pyspark\n")
    staged.add("C", "print('plain')\n")
    assert main(staged.arguments("--engine", "sail")) == 1
    said = capsys.readouterr().err
    how = install_engine(sys.executable, "pysail")
    assert said.count(f"the engine Sail needs pysail, which is not installed here. {how}") == 2
    assert not staged.output.exists()


def test_classic_spark_without_java_is_said_before_anything_starts(
    staged: Staged, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(spark_engines, "_java", lambda: False)
    staged.add("A", "import pyspark\n")
    assert main(staged.arguments("--engine", "spark")) == 1
    assert "'A' cannot run: classic Spark needs Java, which is not on this machine." in capsys.readouterr().err


def test_a_jar_is_no_library_for_sail(staged: Staged, capsys: pytest.CaptureFixture[str]) -> None:
    (staged.root / "artifacts" / "x.jar").write_bytes(b"PK")
    staged.add("A", "print(1)\n", libraries=[{"jar": f"dbfs:/pipelines/{staged.root.name}/artifacts/x.jar"}])
    assert main(staged.arguments("--engine", "sail")) == 1
    assert "Sail has no JVM for a jar. Run it on classic Spark: --engine spark" in capsys.readouterr().err


def test_a_master_is_of_classic_spark(staged: Staged, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(staged.arguments("--engine", "sail", "--master", "local[2]")) == 2
    assert "--master is of classic Spark" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("spark.a b", {"spark.a": "b"}),
        ("spark.a\\ b\\=c d\\:\\\\n\\n", {"spark.a b=c": "d:\\n\n"}),
        ("spark.a=b", {"spark.a": "b"}),
        ("# spark.a b", {}),
        ("", {}),
    ],
)
def test_settings_are_read_as_spark_reads_them(line: str, expected: dict[str, str]) -> None:
    assert settings(line) == expected


def test_classic_spark_without_its_jars_is_said_before_anything_starts(
    staged: Staged, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(spark_engines, "finds", lambda _module, _python: True)
    monkeypatch.setattr(spark_engines, "has_jars", lambda _python: False)
    monkeypatch.setattr(spark_engines, "_java", lambda: True)
    for name in ("A", "B"):
        staged.add(name, "import pyspark\n")
    assert main(staged.arguments("--engine", "spark")) == 1
    error = capsys.readouterr().err
    assert error.count("classic Spark needs the jars of Spark, and the PySpark that is installed here is a client") == 2
    assert not staged.output.exists()


def test_a_pipeline_directorys_own_command_installs_what_its_environment_lacks(staged: Staged) -> None:
    (staged.root / "Makefile").touch()
    inside = str(staged.root / ".venv" / "bin" / "python")
    assert install_engine(inside, "pysail") == "'make test' and 'make run' install it"
    elsewhere = str(staged.root / "other" / "bin" / "python")
    assert install_engine(elsewhere, "pyspark") == f"Install it: {elsewhere} -m pip install 'pyspark[connect]==4.2.*'"


@pytest.mark.parametrize("package", ["pyspark", "pysail"])
def test_an_engine_is_named_in_the_version_that_is_locked(repository: Path, package: str) -> None:
    lines = (repository / "requirements" / "test.in").read_text().splitlines()
    assert next(line for line in lines if line.startswith(package)).startswith(ENGINES[package])


def test_a_client_of_spark_has_no_jars(tmp_path: Path) -> None:
    (tmp_path / "pyspark").mkdir()
    (tmp_path / "pyspark" / "__init__.py").touch()
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH={tmp_path} exec {sys.executable} "$@"\n')
    python.chmod(0o755)
    assert not has_jars(str(python))
    (tmp_path / "pyspark" / "jars").mkdir()
    has_jars.cache_clear()
    assert has_jars(str(python))
    has_jars.cache_clear()


def test_classic_spark_in_local_mode_is_set_for_a_short_life_unless_others_are_set(
    staged: Staged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "spark-defaults.conf").write_text("spark.sql.shuffle.partitions 7\n")
    monkeypatch.setenv("SPARK_CONF_DIR", str(tmp_path / "conf"))
    staged.add(
        "Conf",
        "import os, pathlib\nprint(pathlib.Path(os.environ['SPARK_CONF_DIR'], 'spark-defaults.conf').read_text())",
    )
    assert main(staged.arguments("--master", "local[2]")) == 0
    lines = staged.log("Conf.1.log").splitlines()
    assert "spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC" in lines
    shuffle = [line for line in lines if line.startswith("spark.sql.shuffle.partitions")]
    assert shuffle == ["spark.sql.shuffle.partitions 4", "spark.sql.shuffle.partitions 7"]  # Java takes the last one
    assert main(staged.arguments("--master", "spark://elsewhere:7077")) == 0
    assert "TieredStopAtLevel" not in staged.log("Conf.1.log")
