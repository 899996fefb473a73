"""The engines that the tests of the package run on: Sail, classic Spark, and Spark's own Connect server.

`PIPELINE_ENGINE` chooses: `sail` (unless it is set, where Sail is installed), `spark` or `connect`. The two that need Java have
Delta where its jars are in the environment's folder `jars`; `tools/fetch_jars.py` puts them there.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyspark
from pyspark.sql import SparkSession

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

JARS = Path(sys.prefix) / "jars"
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
"""Settings of a JVM that sees a few rows of each of many queries."""


def chosen() -> str:
    """The engine of this run of the tests."""
    engine = os.environ.get("PIPELINE_ENGINE") or ("sail" if find_spec("pysail") else "spark")
    if engine not in ENGINES:
        raise ValueError(f"PIPELINE_ENGINE is {engine!r}, not one of {', '.join(ENGINES)}")
    return engine


def has_delta(engine: str) -> bool:
    """Whether an engine can write Delta here."""
    return engine == "sail" or bool(delta_settings())


def delta_settings() -> dict[str, str]:
    """What makes a Spark of the JVM know Delta; empty where the jars are missing."""
    jars = sorted(JARS.glob("*.jar"))
    if not jars:
        return {}
    return {
        "spark.jars": ",".join(map(str, jars)),
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.databricks.delta.snapshotPartitions": "1",  # else each look at a table is fifty tasks
    }


def jvm_settings(warehouse: Path) -> dict[str, str]:
    """A local Spark: one shuffle partition, no pages."""
    return {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.adaptive.enabled": "false",  # small frames need no plan anew
        **SHORT_LIVED,
        "spark.sql.warehouse.dir": str(warehouse),
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        **delta_settings(),
    }


@contextlib.contextmanager
def environment(**wanted: str) -> Iterator[None]:
    """Sets variables of the environment for a while; the time zone of the process follows `TZ`."""
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    time.tzset()
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            os.environ.update({name: value} if value is not None else {})
        time.tzset()


def free_port() -> int:
    """A port that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def await_port(port: int, process: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
    """Waits until a server listens; one that has ended, or takes too long, is an error with the end of its log."""
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    process.kill()
    raise RuntimeError(
        f"no server listens at port {port}:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}"
    )


@contextlib.contextmanager
def server(command: list[str], port: int, log: Path) -> Iterator[None]:
    """A server as a process of its own, from when it listens."""
    with (
        log.open("wb") as lines,
        subprocess.Popen(command, stdout=lines, stderr=lines) as process,
    ):
        try:
            await_port(port, process, log)
            yield
        finally:
            process.terminate()


@contextlib.contextmanager
def connected(port: int) -> Iterator[SparkSession]:
    """A session of a Connect server on this machine, which `getOrCreate` takes here, and connects to in processes started from here.

    A process that shall have an engine of its own is to be started without these two variables.
    """
    url = f"sc://127.0.0.1:{port}"
    builder: Any = SparkSession.builder
    with environment(SPARK_REMOTE=url, SPARK_CONNECT_MODE_ENABLED="1"):
        spark = builder.remote(url).getOrCreate()
        yield spark
        spark.stop()


@contextlib.contextmanager
def sail(_: Path) -> Iterator[SparkSession]:
    """Sail, in this very process."""
    os.environ.setdefault("RUST_LOG", "error")
    from pysail.spark import SparkConnectServer  # noqa: PLC0415 it is not installed for each Spark

    running = SparkConnectServer(port=0)  # it ends when nobody refers to it
    running.start(background=True)
    with connected(running.listening_address[1]) as spark:  # to be stopped before the server
        yield spark
    running.stop()


@contextlib.contextmanager
def classic(folder: Path) -> Iterator[SparkSession]:
    """Classic Spark: a JVM that this process talks to by Py4J."""
    builder = SparkSession.builder.appName("tests").master("local[2]")
    for key, value in jvm_settings(folder / "warehouse").items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    yield spark
    spark.stop()


@contextlib.contextmanager
def connect(folder: Path) -> Iterator[SparkSession]:
    """Spark's own Connect server, in a process of its own."""
    port = free_port()
    settings = {
        **jvm_settings(folder / "warehouse"),
        "spark.master": "local[2]",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
    }
    command = [str(Path(pyspark.__file__).parent / "bin" / "spark-submit")]
    command += [part for key, value in settings.items() for part in ("--conf", f"{key}={value}")]
    command += ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer"]
    with server(command, port, folder / "connect.log"), connected(port) as spark:
        yield spark


ENGINES: Mapping[str, Any] = {"sail": sail, "spark": classic, "connect": connect}


@contextlib.contextmanager
def started(engine: str, folder: Path) -> Iterator[SparkSession]:
    """A session of an engine, in UTC."""
    variables = {
        "TZ": "UTC",  # a time that Spark gives to Python is in the zone of the machine
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,  # a foreign one would have another PySpark
    }
    with environment(**variables), ENGINES[engine](folder) as spark:
        yield spark
