"""Runs a script with a Sail server in its own process, as Databricks would run it with a cluster's Spark.

    python sail_launcher.py SCRIPT [ARGUMENT …]

The server listens on this machine alone, at a port that the system chooses, and ends with the process, whatever ends it. The
session has the settings of `spark-defaults.conf` in the folder that `SPARK_CONF_DIR` names, so that no secret stands in a command
line. It imports the standard library, Sail and PySpark alone: the interpreter may be another than that of this package.
"""

from __future__ import annotations

import os
import re
import runpy
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

NEEDS_JVM = "JVM_ATTRIBUTE_NOT_SUPPORTED"
"""PySpark's name for code that calls into the JVM, where there is none."""

_SETTING = re.compile(r"((?:\\.|[^\\\s=:])+)\s*[=:\s]\s*(.*)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def main(argv: list[str]) -> None:
    """Run the script; what it raises goes on."""
    from pysail.spark import SparkConnectServer  # noqa: PLC0415 what follows takes a second; wrong usage should not

    server = SparkConnectServer(port=0)
    server.start(background=True)
    os.environ["SPARK_REMOTE"] = f"sc://127.0.0.1:{server.listening_address[1]}"
    session = _session(settings(Path(os.environ["SPARK_CONF_DIR"], "spark-defaults.conf").read_text("utf-8")))
    sys.argv = argv
    sys.path[0] = str(Path(argv[0]).parent)
    try:
        runpy.run_path(argv[0], run_name="__main__")
    except Exception as error:
        if NEEDS_JVM in str(error):
            sys.stderr.write("This code needs the JVM, and Sail has none. Run it on classic Spark: --engine spark\n")
        raise
    finally:
        sys.stdout.flush()
        with suppress(Exception):  # the script may have stopped it
            session.stop()
        server.stop()


def settings(text: str) -> dict[str, str]:
    """The settings of a `spark-defaults.conf`, which is a Java properties file of one line each."""
    found = (_SETTING.fullmatch(line.strip()) for line in text.splitlines() if not re.match(r"\s*[#!]", line))
    return {_plain(match[1]): _plain(match[2]) for match in found if match}


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), text)


def _session(conf: dict[str, str]) -> Any:
    """The session that the script gets from `SparkSession.builder.getOrCreate()`."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 as above

    session = SparkSession.builder.getOrCreate()
    for key, value in conf.items():
        session.conf.set(key, value)
    return session


if __name__ == "__main__":
    main(sys.argv[1:])
