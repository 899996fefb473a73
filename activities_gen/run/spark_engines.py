"""What runs the Spark code of an activity here: Sail, embedded and without Java, or classic Spark."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from activities_gen.run.libraries import finds, install

if TYPE_CHECKING:
    from collections.abc import Mapping

SAIL, SPARK = ENGINES = ("sail", "spark")
LOCAL = "local[*]"
MEMORY_SHARE = 0.6
"""Of the machine's memory, how much Sail's queries may take before they spill to the disk."""


@dataclass(frozen=True)
class SparkEngine:
    """What runs Spark code.

    Attributes:
        name: ``sail`` or ``spark``.
        master: Spark's master, where it is ``spark``.
    """

    name: str
    master: str = LOCAL

    def problems(self, python: str) -> list[str]:
        """What an interpreter lacks to run Spark code on it, one sentence each."""
        if self.name == SAIL:
            missing = [package for package in ("pysail", "pyspark") if not finds(package, python)]
            return [
                f"the engine Sail needs {each}, which is not installed here. {install(python, each)}"
                for each in missing
            ]
        if self.master.startswith("local") and not _java():
            return [
                "classic Spark needs Java, which is not on this machine. Install Java 17, or run on Sail: --engine sail"
            ]
        return []

    def environment(self) -> Mapping[str, str]:
        """What its process finds in its environment."""
        if self.name == SPARK:
            return {}
        return {
            "RUST_LOG": os.environ.get("RUST_LOG", "error"),
            "SAIL_RUNTIME__MEMORY_POOL__TYPE": "fair",
            "SAIL_RUNTIME__MEMORY_POOL__FAIR__MAX_SIZE": str(int(_memory() * MEMORY_SHARE)),
        } | {name: value for name, value in os.environ.items() if name.startswith("SAIL_")}


def choose(name: str | None, master: str | None, python: str) -> SparkEngine:
    """The engine that a command line asks for: classic Spark where it names a master, else Sail where it is installed.

    Args:
        name: The engine, or None.
        master: Spark's master, or None.
        python: The interpreter of the activities.
    """
    if name == SPARK or master or (name is None and not finds("pysail", python)):
        return SparkEngine(SPARK, master or LOCAL)
    return SparkEngine(SAIL)


def _java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return bool(shutil.which("java") or (home and Path(home, "bin", "java").exists()))


def _memory() -> int:
    """The machine's memory in bytes, or that of the container."""
    limit = Path("/sys/fs/cgroup/memory.max")
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    text = limit.read_text("ascii").strip() if limit.exists() else ""
    return min(whole, int(text)) if text.isdigit() else whole
