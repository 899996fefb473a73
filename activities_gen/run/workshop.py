"""Where real activities run: their files, their environment, and the command that starts each."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from activities_gen.run.errors import Failure
from activities_gen.run.libraries import Libraries, missing_file, packages, resolve, staged, unpack, uses_spark
from activities_gen.run.processes import MARKER
from activities_gen.run.sources import directory_of
from activities_gen.run.spark_engines import BY_VALUE, LAUNCHER, REMOTE
from activities_gen.workspace.places import STAGED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from activities_gen.run.spark_engines import SparkEngine
    from activities_gen.run.state import Attempt

ISOLATION = Path(__file__).with_name("isolation.py")
"""Runs a command without a network."""

RUNNABLE = ("DatabricksSparkPython",)
"""The activity types that can be run here."""

SHORT_LIVED = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.shuffle.partitions": "4",
    "spark.databricks.delta.snapshotPartitions": "2",
}
"""Settings of a Spark in local mode that lives for seconds: most of its time went into compiling code that it ran once."""

_NOT_INHERITED = (
    *("PYTHONHOME", "PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONSAFEPATH"),
    *("SPARK_REMOTE", "SPARK_CONNECT_MODE_ENABLED"),  # each activity has a session of its own
)


@dataclass(frozen=True)
class Settings:
    """How real activities are run.

    Attributes:
        directory: The pipeline directory whose staged files are meant by pipelines that lie in none.
        engine: What runs their Spark code.
        conf: Further Spark configuration.
        python: The interpreter.
        output: The folder for what the run leaves.
        scratch: A folder of this run alone, deleted afterwards.
        isolated: Whether activities have no network.
    """

    directory: Path
    engine: SparkEngine
    conf: Mapping[str, str]
    python: str
    output: Path
    scratch: Path
    isolated: bool = False


@dataclass(frozen=True)
class Command:
    """What starts an attempt.

    Attributes:
        arguments: Interpreter, script and parameters.
        environment: All environment variables.
        folder: The working directory.
    """

    arguments: list[str]
    environment: dict[str, str]
    folder: Path


@dataclass
class Workshop:
    """Prepares attempts. Wheels are unpacked once for each set of them."""

    settings: Settings
    _unpacked: dict[tuple[Path, ...], Path] = field(default_factory=dict)
    _prepared: int = 0

    def prepare(self, attempt: Attempt, mark: str) -> Command:
        """The command of an attempt, with its files laid out.

        Raises:
            Failure: Its script or a library of it is not there.
        """
        given: Mapping[str, Any] = attempt.run.input
        directory = directory_of(attempt.run.scope.pipeline.model, self.settings.directory)
        artifacts = directory / STAGED
        script = staged(given.get("pythonFile"), artifacts)
        if script is None:
            raise Failure("3201", missing_file(given.get("pythonFile"), artifacts))
        libraries = resolve(given.get("libraries"), artifacts, self.settings.python)
        if libraries.problems:
            raise Failure("3204", " ".join(libraries.problems))
        self._prepared += 1
        place = self.settings.scratch / f"{self._prepared:04}"
        (place / "work").mkdir(parents=True)
        (place / "code").mkdir()
        # Alone in its folder, as on a cluster: what happens to lie beside it is no module there.
        copy = Path(shutil.copy(script, place / "code"))
        parameters = given.get("parameters") or []
        connect = self.settings.engine.is_connect and any(map(uses_spark, [script, *libraries.wheels]))
        launcher = [str(shutil.copy(LAUNCHER, place))] if connect else []
        arguments = [self.settings.python, *launcher, str(copy), *map(_text, parameters)]
        if self.settings.isolated:
            arguments = [self.settings.python, str(shutil.copy(ISOLATION, place)), *arguments]
        inherited = _inherited_path(directory)
        return Command(arguments, self._environment(libraries, inherited, place, mark), place / "work")

    def _environment(self, libraries: Libraries, inherited: list[str], place: Path, mark: str) -> dict[str, str]:
        settings = self.settings
        modules = self._modules(tuple(libraries.wheels))
        own = {
            MARKER: mark,
            "PYTHONPATH": os.pathsep.join(([str(modules)] if modules else []) + inherited),
            "PYTHONUNBUFFERED": "1",
            "PYTHONIOENCODING": "utf-8",  # as on a cluster, whatever the locale here
            "PYSPARK_PYTHON": settings.python,
            "PYSPARK_DRIVER_PYTHON": settings.python,
            "SPARK_CONF_DIR": str(self._spark_configuration(libraries, modules, place)),
            "SPARK_LOCAL_DIRS": str(place / "spark"),
        }
        own |= settings.engine.environment()
        if settings.engine.name == REMOTE:
            # What a model carries must not need what the endpoint lacks, nor find another version of it there.
            own[BY_VALUE] = ",".join(packages(libraries.wheels))
        if settings.engine.master.startswith("local"):
            own.setdefault("SPARK_LOCAL_IP", os.environ.get("SPARK_LOCAL_IP", "127.0.0.1"))
        kept = {key: value for key, value in os.environ.items() if key not in _NOT_INHERITED}
        return kept | own

    def _modules(self, wheels: tuple[Path, ...]) -> Path | None:
        if not wheels:
            return None
        if wheels not in self._unpacked:
            target = self.settings.scratch / f"modules-{len(self._unpacked) + 1}"
            unpack(wheels, target)
            self._unpacked[wheels] = target
        return self._unpacked[wheels]

    def _spark_configuration(self, libraries: Libraries, modules: Path | None, place: Path) -> Path:
        """A configuration folder: the user's own, with this run's settings after it; on an endpoint this run's alone."""
        folder = place / "conf"
        folder.mkdir()
        inherited = _user_configuration()
        if inherited is not None and self.settings.engine.name != REMOTE:
            shutil.copytree(inherited, folder, dirs_exist_ok=True)
        defaults = folder / "spark-defaults.conf"
        before = defaults.read_text("utf-8") + "\n" if defaults.exists() else ""
        defaults.unlink(missing_ok=True)
        # Readable by its owner alone: secrets are passed as configuration.
        with os.fdopen(os.open(defaults, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            if self.settings.engine.is_local:
                file.writelines(
                    f"{key} {value}\n" for key, value in SHORT_LIVED.items()
                )  # whoever sets them wants others
            file.write(before)
            file.writelines(
                f"{_escape(key)} {_escape(value)}\n" for key, value in self._conf(libraries, modules, place).items()
            )
        return folder

    def _conf(self, libraries: Libraries, modules: Path | None, place: Path) -> dict[str, str]:
        settings, master = self.settings, self.settings.engine.master
        if settings.engine.name == REMOTE:
            return dict(settings.conf)
        classic = {"spark.master": master, "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
        conf = {} if settings.engine.is_connect else classic
        conf["spark.sql.warehouse.dir"] = str(settings.output / "spark-warehouse")
        if libraries.jars:
            conf["spark.jars"] = ",".join(map(str, libraries.jars))
        if libraries.maven:
            conf["spark.jars.packages"] = ",".join(libraries.maven)
        if modules is not None and not _one_process(master):
            conf["spark.executorEnv.PYTHONPATH"] = str(modules)
        if libraries.wheels and not master.startswith("local"):
            conf["spark.submit.pyFiles"] = ",".join(map(str, _as_zips(libraries.wheels, place)))
        return conf | dict(settings.conf)


def _inherited_path(directory: Path) -> list[str]:
    """What the user has on PYTHONPATH, without a pipeline directory's sources: the staged wheel is what counts."""
    root = directory.resolve()
    entries = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    return [entry for entry in entries if not Path(entry).resolve().is_relative_to(root)]


def _one_process(master: str) -> bool:
    """Whether Spark runs inside one process, so that no executor has to be sent anything."""
    return master == "local" or master.startswith("local[")


def _as_zips(wheels: list[Path], place: Path) -> list[Path]:
    """Wheels under the name that Spark ships and imports: it takes ``.zip``, not ``.whl``."""
    return [Path(shutil.copy(wheel, place / f"{wheel.name}.zip")) for wheel in wheels]


def _user_configuration() -> Path | None:
    home = os.environ.get("SPARK_HOME")
    folder = os.environ.get("SPARK_CONF_DIR") or (str(Path(home) / "conf") if home else "")
    return Path(folder) if folder and Path(folder).is_dir() else None


def _text(parameter: Any) -> str:
    return parameter if isinstance(parameter, str) else json.dumps(parameter, ensure_ascii=False)


def _escape(text: str) -> str:
    """Text for a Java properties file, as a key or as a value."""
    escaped = {
        "\\": "\\\\",
        "\n": "\\n",
        "\r": "\\r",
        "\t": "\\t",
        " ": "\\ ",
        "=": "\\=",
        ":": "\\:",
        "#": "\\#",
        "!": "\\!",
    }
    return "".join(escaped.get(character, character) for character in text)
