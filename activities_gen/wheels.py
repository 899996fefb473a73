"""The wheel of a pipeline directory: its name and version before it is built, and the build.

The version ends in a stamp, a hash of what the wheel contains (``1.4.0+3f9c2ab81d07``), so that each new content has a
file name of its own, and the same content the same name on every machine. The bytes are the same everywhere, too:
entries are sorted, stored without compression, dated 1980 and readable to all, whatever clock, umask and zlib say.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from activities_gen.findings import Finding, FindingsError, Location, Severity

_PROBE = Path(__file__).with_name("setup_probe.py")
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Wheel:
    """A wheel as ``setup.py`` describes it.

    Attributes:
        distribution: The name in ``setup.py``.
        version: Its full version, with the stamp unless that is turned off.
        file_name: Its file name by the rules of the packaging library.
        packages: The top-level packages and modules that it installs.
        files: For each file in it, from where it comes: path in the wheel, path in the pipeline directory.
        stamped: Whether the version ends in the stamp, so that the name alone tells the content.
    """

    distribution: str
    version: str
    file_name: str
    packages: tuple[str, ...]
    files: tuple[tuple[str, str], ...]
    stamped: bool


class WheelProbe:
    """``setup.py``, being asked in a process of its own while this one goes on with other work."""

    def __init__(self, root: Path) -> None:
        """Start the process.

        Args:
            root: The pipeline directory; it has a ``setup.py``.
        """
        self._root = root
        self._process = _start("describe", root)

    def stop(self) -> None:
        """End the process; nobody wants to know any more."""
        self._process.kill()
        self._process.communicate()

    def wheel(self, *, stamped: bool) -> Wheel:
        """The wheel's description.

        Args:
            stamped: Whether the version ends in the stamp.

        Raises:
            FindingsError: ``setup.py`` fails, or describes no wheel that Databricks can install.
        """
        answer = _answer(self._process, self._root)
        problem = _objection(answer)
        if problem:
            raise FindingsError([_finding("GEN012", problem)])
        return _wheel(answer, stamped=stamped)


def build_wheel(root: Path, wheel: Wheel) -> bytes:
    """Build the wheel of a pipeline directory.

    Args:
        root: The pipeline directory.
        wheel: What its ``setup.py`` described.

    Returns:
        The wheel file's bytes, the same on every machine.

    Raises:
        FindingsError: The build fails, or makes another wheel than was described.
    """
    with tempfile.TemporaryDirectory(prefix="activities-gen-") as directory:
        _answer(_start("build", root, wheel.version, directory), root)
        built = sorted(file.name for file in Path(directory).iterdir())
        if built != [wheel.file_name]:
            message = f"setup.py built {', '.join(built) or 'nothing'} where it had described {wheel.file_name}. Make it give the same name and version each time."
            raise FindingsError([_finding("GEN013", message)])
        return _normalised(Path(directory, wheel.file_name))


def is_built(root: Path, wheel: Wheel, file: Path) -> bool:
    """Whether a file is the whole wheel, undamaged and of the present sources. Only a stamped wheel can tell.

    Args:
        root: The pipeline directory.
        wheel: What its ``setup.py`` describes now.
        file: The built wheel.
    """
    if not wheel.stamped:
        return False
    try:
        with zipfile.ZipFile(file) as built:
            return built.testzip() is None and all(
                built.read(name) == (root / source).read_bytes() for name, source in wheel.files
            )
    except (OSError, KeyError, zipfile.BadZipFile):
        return False


def _start(command: str, root: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start the probe."""
    return subprocess.Popen(  # noqa: S603 our own script, run by the interpreter that runs us
        [sys.executable, str(_PROBE), command, str(root), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "SOURCE_DATE_EPOCH": "315532800", "PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8"},
    )


def _answer(process: subprocess.Popen[str], root: Path) -> dict[str, Any]:
    """What the probe printed.

    Raises:
        FindingsError: It failed.
    """
    output, errors = process.communicate()
    try:
        answer: dict[str, Any] = json.loads(output.splitlines()[-1]) if output else {}
    except json.JSONDecodeError:
        answer = {}
    if not answer:
        last = (errors.strip().splitlines() or [f"exit status {process.returncode}"])[-1]
        hint = " Install setuptools: pip install setuptools." if "setuptools" in last else ""
        raise FindingsError([_finding("GEN011", f"setup.py in '{root.name}' could not be run: {last}.{hint}")])
    if "error" in answer:
        hint = " Install setuptools: pip install setuptools." if "setuptools" in answer["error"] else ""
        message = f"setup.py fails: {answer['error'].rstrip('.')}.{hint}"
        raise FindingsError([_finding("GEN011", message, answer["line"] or 0)])
    return answer


def _objection(answer: dict[str, Any]) -> str:
    """Why the described wheel cannot be used, or the empty string."""
    if not answer["files"]:
        return "setup.py describes an empty wheel: it names no package that exists. Check its 'packages'."
    if not answer["pure"]:
        return "setup.py describes compiled extensions, whose wheel fits this machine alone. Only pure Python wheels can be staged here."
    if answer["name"] in (None, "", "UNKNOWN"):
        return "setup.py gives no name. Add name='…' to its setup(…)."
    return ""


def _wheel(answer: dict[str, Any], *, stamped: bool) -> Wheel:
    """The wheel's full version and file name, by the packaging library's rules."""
    # Imported here: it takes 40 ms, which the probe's own time hides.
    from packaging.utils import canonicalize_name  # noqa: PLC0415
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415

    try:
        version = Version(answer["version"])
    except InvalidVersion:
        message = (
            f"setup.py gives the version '{answer['version']}', which PEP 440 does not allow. Write it like 1.4.0."
        )
        raise FindingsError([_finding("GEN012", message)]) from None
    local = ".".join(filter(None, [version.local, answer["stamp"]]))
    full = str(Version(f"{version.public}+{local}")) if stamped else str(version)
    name = canonicalize_name(answer["name"]).replace("-", "_")
    return Wheel(
        distribution=answer["name"],
        version=full,
        file_name=f"{name}-{full}-{answer['tag']}.whl",
        packages=tuple(answer["packages"]),
        files=tuple((target, file) for target, file in answer["files"]),
        stamped=stamped,
    )


def _normalised(file: Path) -> bytes:
    """A wheel with everything removed that differs between machines."""
    target = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as result:
        for name in sorted(source.namelist(), key=lambda name: (".dist-info/" in name, name)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            result.writestr(entry, source.read(name))
    return target.getvalue()


def _finding(code: str, message: str, line: int = 0) -> Finding:
    return Finding(code, Severity.ERROR, message, Location("setup.py", line))
