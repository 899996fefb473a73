"""What runs the Spark code of an activity here: Sail, embedded and without Java, classic Spark, or an endpoint of Spark Connect."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from activities_gen.findings import Finding, Location, Severity
from activities_gen.run.bounds import MASK
from activities_gen.run.libraries import finds, has_jars, install_engine

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SAIL, SPARK = ENGINES = ("sail", "spark")
REMOTE = "remote"
LAUNCHER = Path(__file__).with_name("connect_launcher.py")
"""Starts a script with a session of Spark Connect."""

TOKEN = "SPARK_CONNECT_AUTHENTICATE_TOKEN"  # noqa: S105 - a name, not a token
"""The environment variable in which PySpark looks for a token that no command line shall show."""

BY_VALUE = "ACTIVITIES_GEN_BY_VALUE"
"""The environment variable that tells the launcher which packages' functions a plan carries as they are."""

PATIENCE = 30
"""Seconds that an endpoint has to say its version."""

LOCAL = "local[*]"
MEMORY_SHARE = 0.6
"""Of the machine's memory, how much Sail's queries may take before they spill to the disk."""


@dataclass(frozen=True)
class SparkEngine:
    """What runs Spark code.

    Attributes:
        name: ``sail``, ``spark`` or ``remote``.
        master: Spark's master, where it is ``spark``.
        url: The endpoint, where it is ``remote``.
    """

    name: str
    master: str = LOCAL
    url: str = ""

    @property
    def is_connect(self) -> bool:
        """Whether scripts get a session of Spark Connect, which knows no JVM."""
        return self.name != SPARK

    @property
    def is_local(self) -> bool:
        """Whether it is classic Spark on this machine."""
        return self.name == SPARK and self.master.startswith("local")

    def problems(self, python: str) -> list[str]:
        """Returns what an interpreter lacks to run Spark code on it, one sentence each."""
        if self.name == REMOTE:
            missing = [package for package in ("pyspark", "grpc") if not finds(package, python)]
            return [
                f"Spark Connect needs {each}, which is not installed here. {install_engine(python, 'pyspark')}"
                for each in missing[:1]
            ]
        if self.name == SAIL:
            missing = [package for package in ("pysail", "pyspark") if not finds(package, python)]
            return [
                f"the engine Sail needs {each}, which is not installed here. {install_engine(python, each)}"
                for each in missing
            ]
        return list(_lacks_of_classic(python)) if self.is_local and finds("pyspark", python) else []

    def environment(self) -> Mapping[str, str]:
        """Returns what its process finds in its environment."""
        if self.name == REMOTE:
            return {"SPARK_REMOTE": self.url}
        if self.name == SPARK:
            return {}
        return {
            "RUST_LOG": os.environ.get("RUST_LOG", "error"),
            "SAIL_RUNTIME__MEMORY_POOL__TYPE": "fair",
            "SAIL_RUNTIME__MEMORY_POOL__FAIR__MAX_SIZE": str(int(_memory() * MEMORY_SHARE)),
        } | {name: value for name, value in os.environ.items() if name.startswith("SAIL_")}


def choose(name: str | None, master: str | None, remote: str | None, python: str) -> SparkEngine:
    """The engine that a command line asks for: classic Spark where it names a master, else Sail where it is installed.

    Args:
        name: The engine, or None.
        master: Spark's master, or None.
        remote: An endpoint of Spark Connect, or None.
        python: The interpreter of the activities.
    """
    if remote:
        return SparkEngine(REMOTE, url=remote)
    if name == SPARK or master or (name is None and not finds("pysail", python)):
        return SparkEngine(SPARK, master or LOCAL)
    return SparkEngine(SAIL)


def unfit(name: str | None, master: str | None, remote: str | None, *, isolated: bool) -> Iterator[str]:
    """Yields what is wrong with the options that choose an engine."""
    if name == SAIL and master:
        yield "--master is of classic Spark: leave out --engine sail, or --master."
    if remote is not None and (name or master):
        yield "--remote takes an engine elsewhere: leave out --engine and --master, or --remote."
    if isolated and (remote is not None or not (master or LOCAL).startswith("local")):
        yield "--no-network leaves no way to an engine elsewhere: leave it out, or --remote and --master."
    if remote is not None and not _is_endpoint(remote):
        yield f"--remote takes sc://HOST:PORT, not '{_endpoint(remote)}'."


def _is_endpoint(url: str) -> bool:
    """Whether a text is the URL of an endpoint of Spark Connect: ``sc://HOST[:PORT][/;KEY=VALUE…]``."""
    try:
        parts = urlsplit(url)
        return parts.scheme == "sc" and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _endpoint(url: str) -> str:
    """An endpoint's URL without what follows host and port, which may be a token."""
    return url.partition(";")[0].rstrip("/")


def tokens(engine: SparkEngine) -> list[str]:
    """The secrets of an endpoint: the token in its URL, and that in the environment."""
    pairs = [part.partition("=") for part in engine.url.split(";")[1:]]
    named = [form for key, _, value in pairs if key.casefold() == "token" for form in (value, unquote(value))]
    inherited = os.environ.get(TOKEN) if engine.name == REMOTE else None
    return [*named, *([inherited] if inherited else [])]


def silence(engine: SparkEngine, python: str) -> list[Finding]:
    """That an endpoint does not answer; nothing if it does, or where no activity would ask it."""
    if engine.name != REMOTE or engine.problems(python):
        return []
    command = [python, str(LAUNCHER), "--probe"]
    environment = {**os.environ, **engine.environment()}
    try:
        asked = subprocess.run(  # noqa: S603 - the user's own interpreter
            command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        why = f"it takes connections, but did not say its version in {PATIENCE} seconds"
    else:
        if asked.returncode == 0:
            return []
        why = _last_line(asked.stderr)
    for secret in tokens(engine):
        why = why.replace(secret, MASK)
    message = (
        f"Nothing can run here: {why.rstrip('.')}. Start it, give another one with --remote, or leave --remote out."
    )
    return [Finding("RUN027", Severity.ERROR, message, Location(_endpoint(engine.url)))]


def _last_line(text: str) -> str:
    """The last line of an error that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip(" >\t")]
    return lines[-1] if lines else "it gives no reason"


def _lacks_of_classic(python: str) -> Iterator[str]:
    """Yields what classic Spark lacks on this machine."""
    if not has_jars(python):
        how = install_engine(python, "pyspark")
        yield f"classic Spark needs the jars of Spark, and the PySpark that is installed here is a client without them. {how}"
    if not _java():
        yield "classic Spark needs Java, which is not on this machine. Install Java 17, or run on Sail: --engine sail"


def _java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return bool(shutil.which("java") or (home and Path(home, "bin", "java").exists()))


def _memory() -> int:
    """The machine's memory in bytes, or that of the container."""
    limit = Path("/sys/fs/cgroup/memory.max")
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    text = limit.read_text("ascii").strip() if limit.exists() else ""
    return min(whole, int(text)) if text.isdigit() else whole
