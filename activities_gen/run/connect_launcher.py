"""Runs a script with a session of Spark Connect, as Databricks would run it with a cluster's Spark.

    python connect_launcher.py SCRIPT [ARGUMENT …]
    python connect_launcher.py --probe

`SPARK_REMOTE` in the environment names the endpoint. Without it a Sail server is started in this process: it listens on this
machine alone, at a port that the system chooses, and ends with the process, whatever ends it. The session has the settings of
`spark-defaults.conf` in the folder that `SPARK_CONF_DIR` names, so that no secret stands in a command line. With `--probe` the
endpoint's version is printed, or in one line why there is none.

It imports the standard library, Sail and PySpark alone: the interpreter may be another than that of this package.
"""

from __future__ import annotations

import os
import re
import runpy
import socket
import sys
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

NEEDS_JVM = "JVM_ATTRIBUTE_NOT_SUPPORTED"
"""PySpark's name for code that calls into the JVM, if there is none."""

BY_VALUE = "ACTIVITIES_GEN_BY_VALUE"
"""The environment variable that names the packages whose functions a plan carries as they are, separated by commas."""

PATIENCE = 5.0
"""Seconds that an endpoint has to take a connection."""

DEFAULT_PORT = 15002
"""Spark Connect's own."""

_SETTING = re.compile(r"((?:\\.|[^\\\s=:])+)\s*[=:\s]\s*(.*)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def main(argv: list[str]) -> None:
    """Run the script; what it raises goes on."""
    remote = os.environ.get("SPARK_REMOTE")
    server = None if remote else _sail()
    if remote:
        why = silence(remote)
        if why:
            sys.exit(f"{endpoint(remote)} does not answer: {why}.")
    session = _session()
    if argv == ["--probe"]:
        sys.stdout.write(f"{session.version}\n")
        return
    by_value(filter(None, os.environ.get(BY_VALUE, "").split(",")))
    _configure(session, settings(Path(os.environ["SPARK_CONF_DIR"], "spark-defaults.conf").read_text("utf-8")))
    sys.argv = argv
    sys.path[0] = str(Path(argv[0]).parent)
    try:
        runpy.run_path(argv[0], run_name="__main__")
    except Exception as error:
        if NEEDS_JVM in str(error):
            sys.stderr.write(
                "This code needs the JVM, and Spark Connect has none. Run it on classic Spark: --engine spark\n"
            )
        raise
    finally:
        sys.stdout.flush()
        if not (remote and silence(remote)):
            with suppress(Exception):  # the script may have stopped it
                session.stop()
        if server is not None:
            server.stop()


def _sail() -> Any:
    """A Sail server in this process."""
    from pysail.spark import SparkConnectServer  # noqa: PLC0415 what follows takes a second; wrong usage should not

    server = SparkConnectServer(port=0)
    server.start(background=True)
    os.environ["SPARK_REMOTE"] = f"sc://127.0.0.1:{server.listening_address[1]}"
    return server


def endpoint(remote: str) -> str:
    """An endpoint without what else its URL says: a token may stand there."""
    parts = urlsplit(remote)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"sc://{host}:{parts.port or DEFAULT_PORT}"


def silence(remote: str) -> str:
    """Why nothing takes a connection at an endpoint; empty where something does.

    PySpark's client asks a server that is gone again and again for ten minutes.
    """
    parts = urlsplit(remote)
    try:
        socket.create_connection((parts.hostname or "", parts.port or DEFAULT_PORT), PATIENCE).close()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def by_value(packages: Iterable[str]) -> None:
    """Let functions and classes of packages travel as they are: the server need not have them, or has another version."""
    from pyspark.cloudpickle import register_pickle_by_value  # noqa: PLC0415 as above

    for name in packages:
        # It wants a module that is imported; importing all that a wheel holds could have effects that the script would not.
        imported = sys.modules.get(name)
        sys.modules[name] = module = imported or ModuleType(name)
        register_pickle_by_value(module)  # type: ignore[no-untyped-call]
        if imported is None:
            del sys.modules[name]


def settings(text: str) -> dict[str, str]:
    """The settings of a `spark-defaults.conf`, which is a Java properties file of one line each."""
    found = (_SETTING.fullmatch(line.strip()) for line in text.splitlines() if not re.match(r"\s*[#!]", line))
    return {_plain(match[1]): _plain(match[2]) for match in found if match}


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), text)


def _session() -> Any:
    """The session that the script gets from `SparkSession.builder.getOrCreate()`, which does not ask a dead server for long."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 as above
    from pyspark.sql.connect.client.retries import DefaultPolicy  # noqa: PLC0415 as above

    session: Any = SparkSession.builder.getOrCreate()
    session.client.set_retry_policies([DefaultPolicy(max_retries=5, max_backoff=3_000)])
    return session


def _configure(session: Any, conf: dict[str, str]) -> None:
    """Give the session its settings; one that the endpoint does not take ends the process with a line."""
    from pyspark.errors import PySparkException  # noqa: PLC0415 as above

    for key, value in conf.items():
        try:
            session.conf.set(key, value)
        except PySparkException as error:
            sys.exit(f"The endpoint does not take the setting {key}: {str(error).splitlines()[0]}")


if __name__ == "__main__":
    main(sys.argv[1:])
