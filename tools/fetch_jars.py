"""Fetches Delta's jars for the PySpark of an environment into its folder `jars`; needs Maven.

    ENVIRONMENT/bin/python tools/fetch_jars.py

`requirements/jars.lock` says which jars, and holds their hashes: a jar with another hash is an error. Maven fetches them from
where its own settings say; a jar that is there already is not fetched again. Where there is no Maven this is said and skipped;
with CI_REQUIRED=1 it is an error.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

LOCK = Path(__file__).parents[1] / "requirements" / "jars.lock"
FOLDER = Path(sys.prefix) / "jars"
NO_MAVEN = "No Maven here: Delta is not tested on classic Spark"


class Jar(NamedTuple):
    """A line of the lock file."""

    spark: str
    coordinates: str
    sha256: str

    @property
    def path(self) -> Path:
        """Where it is kept, under the name that Maven gives it."""
        _, name, release = self.coordinates.split(":")
        return FOLDER / f"{name}-{release}.jar"

    @property
    def is_whole(self) -> bool:
        """Whether it is there, with the hash of the lock file."""
        return self.path.is_file() and hashlib.sha256(self.path.read_bytes()).hexdigest() == self.sha256


def locked(spark: str) -> list[Jar]:
    """The jars for a Spark, `4.0` or `4.0.1`."""
    lines = [line.split() for line in LOCK.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [jar for jar in (Jar(*line) for line in lines if line) if f"{spark}.".startswith(f"{jar.spark}.")]


def fetch(maven: str, jar: Jar) -> str | None:
    """Has Maven copy a jar into the folder; says why it is not the one that was locked."""
    command = [maven, "-B", "-q", "dependency:copy", f"-Dartifact={jar.coordinates}", f"-DoutputDirectory={FOLDER}"]
    if subprocess.run(command, check=False, stdout=sys.stderr).returncode:  # noqa: S603 the lock file's own coordinates
        return f"Maven could not fetch {jar.coordinates}"
    return None if jar.is_whole else f"{jar.coordinates} is not the jar whose hash is in {LOCK.name}"


def complete(jars: list[Jar]) -> str | None:
    """Leaves just these jars in the folder; says what hinders."""
    for path in set(FOLDER.iterdir()) - {jar.path for jar in jars if jar.is_whole}:
        path.unlink()
    missing = [jar for jar in jars if not jar.is_whole]
    maven = shutil.which("mvn")
    if missing and maven is None:
        return NO_MAVEN
    return next(filter(None, (fetch(str(maven), jar) for jar in missing)), None)


def main() -> int:
    """Completes the folder, or removes it; returns the exit status."""
    spark = version("pyspark")
    jars = locked(spark)
    if not jars:
        sys.stderr.write(f"No Delta is locked for Spark {spark}: it is not tested there\n")
    FOLDER.mkdir(exist_ok=True)
    problem = complete(jars)
    if problem is None:
        return 0
    shutil.rmtree(FOLDER)  # some of the jars alone would be an error later
    sys.stderr.write(f"{problem}\n")
    return int(problem != NO_MAVEN or os.environ.get("CI_REQUIRED") == "1")


if __name__ == "__main__":
    sys.exit(main())
