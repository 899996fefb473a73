"""Real runs on an endpoint of Spark Connect that all activities share."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from activities_gen.cli import main
from activities_gen.run import spark_engines
from activities_gen.run.connect_launcher import endpoint, silence
from activities_gen.run.libraries import packages
from activities_gen.run.spark_engines import SparkEngine, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Staged

sail = pytest.mark.skipif(importlib.util.find_spec("pysail") is None, reason="Sail is not installed here")

SERVER = """
import time
from pysail.spark import SparkConnectServer

server = SparkConnectServer(port=0)
server.start(background=True)
print(server.listening_address[1], flush=True)
time.sleep(600)
"""
WHEEL = """
from pyspark.sql.functions import udf

from demo_extra import here

@udf("long")
def times(value):
    return FACTOR * value

class Doubler:
    def __call__(self, batches):
        assert here
        for batch in batches:
            yield type(batch).from_pydict({"id": [FACTOR * value for value in batch.column(0).to_pylist()]})
"""
JOB = """
from pyspark.sql import SparkSession

import demo

spark = SparkSession.builder.getOrCreate()
for _ in range(5):  # while another activity sends its own version
    mapped = spark.range(10).mapInArrow(demo.Doubler(), "id long").selectExpr("sum(id)").collect()[0][0]
    each = spark.range(10).select(demo.times("id").alias("id")).selectExpr("sum(id)").collect()[0][0]
    print("sums", mapped, each)
print("secret", spark.conf.get("spark.secret.key"))
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A Sail server in a process of its own, which has no wheel of anybody's."""
    environment = {**os.environ, "RUST_LOG": "error"}
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        yield f"sc://127.0.0.1:{process.stdout.readline().strip()}"
        process.kill()


@sail
@pytest.mark.spark
def test_activities_with_two_versions_of_a_wheel_share_an_endpoint(staged: Staged, server: str) -> None:
    code = {version: staged.wheel("demo", version, WHEEL.replace("FACTOR", version[0])) for version in ("2.0", "3.0")}
    staged.add("Twice", JOB, libraries=[code["2.0"]])
    staged.add("Thrice", JOB, libraries=[code["3.0"]])
    assert main(staged.arguments("--remote", server, "--limit", "2", "--conf", "spark.secret.key=for-both")) == 0
    assert staged.log("Twice.1.log") == "sums 90 90\n" * 5 + "secret ***\n"
    assert staged.log("Thrice.1.log") == "sums 135 135\n" * 5 + "secret ***\n"


@sail
@pytest.mark.spark
@pytest.mark.slow
def test_an_endpoint_that_dies_fails_the_activity_soon(staged: Staged) -> None:
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = f"sc://127.0.0.1:{process.stdout.readline().strip()}"
        text = "import os, sys\nfrom pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\nspark.range(1).count()\nos.kill(int(sys.argv[1]), 9)\nspark.range(1).count()\n"
        staged.add("Loses it", text, str(process.pid))
        began = time.monotonic()
        assert main(staged.arguments("--remote", url)) == 1
        assert time.monotonic() - began < 60
        assert process.wait(5) == -signal.SIGKILL
    assert "UNAVAILABLE" in staged.log("Loses_it.1.log")


def nobody() -> int:
    """A port at which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.skipif(importlib.util.find_spec("grpc") is None, reason="Spark Connect is not installed here")
def test_an_endpoint_that_does_not_answer_is_one_finding_before_anything_starts(
    staged: Staged, capsys: pytest.CaptureFixture[str]
) -> None:
    staged.add("A", "import pyspark\n")
    staged.add("B", "import pyspark\n")
    url = f"sc://127.0.0.1:{nobody()}"
    assert main(staged.arguments("--remote", f"{url}/;token=s3cr3t")) == 1
    error = capsys.readouterr().err
    assert error == (
        f"{url}  error  RUN027  Nothing can run here: {url} does not answer: Connection refused. "
        "Start it, give another one with --remote, or leave --remote out.\n"
    )
    assert not staged.output.exists()


@pytest.mark.skipif(importlib.util.find_spec("grpc") is None, reason="Spark Connect is not installed here")
def test_an_endpoint_that_is_something_else_is_one_finding(
    staged: Staged, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spark_engines, "PATIENCE", 4)
    staged.add("A", "import pyspark\n")
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        assert main(staged.arguments("--remote", f"sc://127.0.0.1:{mute.getsockname()[1]}")) == 1
    assert "it takes connections, but did not say its version in 4 seconds" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--remote", "localhost:15002"], "--remote takes sc://HOST:PORT, not 'localhost:15002'."),
        (["--remote", "sc://host:port/;token=s3cr3t"], "--remote takes sc://HOST:PORT, not 'sc://host:port'."),
        (["--remote", ""], "--remote takes sc://HOST:PORT, not ''."),
        (["--remote", "sc://host", "--engine", "sail"], "--remote takes an engine elsewhere: leave out --engine"),
        (["--remote", "sc://host", "--master", "local"], "--remote takes an engine elsewhere: leave out --engine"),
    ],
)
def test_what_is_no_endpoint_is_wrong_usage(
    staged: Staged, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    staged.add("A", "print(1)\n")
    assert main(staged.arguments(*arguments)) == 2
    error = capsys.readouterr().err
    assert message in error
    assert "s3cr3t" not in error


def test_a_jar_is_not_sent_to_an_endpoint(staged: Staged, capsys: pytest.CaptureFixture[str]) -> None:
    staged.add("A", "print(1)\n", libraries=[{"maven": {"coordinates": "a:b:1"}}])
    assert main(staged.arguments("--remote", "sc://nowhere.invalid")) == 1
    error = capsys.readouterr().err
    assert "no jar is sent to an endpoint. Run it on classic Spark: --engine spark" in error
    assert "RUN027" not in error  # what is wrong here is said first


def test_a_token_is_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARK_CONNECT_AUTHENTICATE_TOKEN", "of the environment")
    remote = SparkEngine("remote", url="sc://host:443/;use_ssl=true;token=a%2Bb")
    assert tokens(remote) == ["a%2Bb", "a+b", "of the environment"]
    assert tokens(SparkEngine("sail")) == []


def test_an_endpoint_is_named_without_its_token() -> None:
    assert endpoint("sc://host/;token=x") == "sc://host:15002"
    assert endpoint("sc://[::1]:7/;token=x") == "sc://[::1]:7"


def test_an_endpoint_that_has_no_address_is_silent() -> None:
    assert silence("sc://nowhere.invalid:1") != ""


def test_the_packages_of_a_wheel_are_those_that_it_puts_on_the_path(staged: Staged) -> None:
    staged.wheel("demo", "1.0", "")
    assert packages(sorted((staged.root / "artifacts").glob("*.whl"))) == ["demo", "demo_extra"]
