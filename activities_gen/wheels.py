"""The wheel of a pipeline directory: built by its ``setup.py``, named by its content.

The version ends in a stamp, a hash of everything in the wheel (``1.4.0+3f9c2ab81d07``), so that each new content has a
file name of its own, and the same content the same name on every machine. The bytes are the same everywhere, too:
entries are sorted, stored without compression, dated 1980 and readable to all, whatever clock, umask and zlib say.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from activities_gen.findings import Finding, FindingsError, Location, Severity

if TYPE_CHECKING:
    from typing_extensions import Self

_PROBE = Path(__file__).with_name("setup_probe.py")
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Wheel:
    """A built wheel.

    Attributes:
        distribution: The name in ``setup.py``.
        version: Its full version, with the stamp unless that is turned off.
        file_name: Its file name by the rules of the packaging library.
        packages: The top-level packages and modules that it installs, sorted.
        content: The file's bytes, the same on every machine.
    """

    distribution: str
    version: str
    file_name: str
    packages: tuple[str, ...]
    content: bytes = field(repr=False)


class WheelProbe:
    """``setup.py``, building its wheel in a process of its own while this one goes on with other work."""

    def __init__(self, root: Path) -> None:
        """Start the process.

        Args:
            root: The pipeline directory; it has a ``setup.py``. Nothing is written into it.
        """
        self._root = root
        self._scratch = tempfile.TemporaryDirectory(prefix="activities-gen-")
        self._process = _start(root, self._scratch.name)

    def __enter__(self) -> Self:
        """The probe, whose process does not outlive the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process where nobody wants to know any more."""
        if self._process.returncode is None:
            self._process.kill()
            self._process.communicate()
        self._scratch.cleanup()

    def wheel(self, *, stamped: bool) -> Wheel:
        """The wheel.

        Args:
            stamped: Whether the version ends in the stamp.

        Raises:
            FindingsError: ``setup.py`` fails, or makes no wheel that Databricks can install.
        """
        with self._scratch as scratch:
            answer = _answer(self._process, self._root)
            problem = _ungiven(answer)
            if problem:
                raise FindingsError([_finding("GEN012", problem)])
            return _finished(Path(scratch, "wheel", answer["wheel"]), answer["name"], stamped=stamped)


def _start(root: Path, scratch: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 our own script, run by the interpreter that runs us
        [sys.executable, str(_PROBE), str(root), scratch],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # where everything goes that setup.py prints, however much it is
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "SOURCE_DATE_EPOCH": "315532800", "PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8"},
    )


_PATIENCE = 120
"""Seconds that a wheel of sources may take; what takes longer waits for something that does not come."""


def _answer(process: subprocess.Popen[str], root: Path) -> dict[str, Any]:
    """Returns what the probe answered.

    Raises:
        FindingsError: It failed, or does not come to an end.
    """
    expired = threading.Event()

    def expire() -> None:
        expired.set()
        process.kill()

    timer = threading.Timer(_PATIENCE, expire)
    timer.start()
    try:
        output, _ = process.communicate()  # with a timeout of its own it would look for the end now and then only
    finally:
        timer.cancel()
    if expired.is_set():
        message = f"setup.py did not end within {_PATIENCE} seconds. Run it by hand to see what it waits for: python setup.py bdist_wheel"
        raise FindingsError([_finding("GEN011", message)])
    try:
        answer: dict[str, Any] = json.loads(output)
    except json.JSONDecodeError:
        message = f"setup.py in '{root.name}' ended its process, with exit status {process.returncode}."
        raise FindingsError([_finding("GEN011", message)]) from None
    if "error" in answer:
        hint = next((hint for text, hint in _HINTS.items() if text in answer["error"]), "")
        message = f"setup.py fails: {' '.join(answer['error'].split()).rstrip('.')}.{hint}"
        raise FindingsError([_finding("GEN011", message, answer["line"] or 0)])
    return answer


_HINTS = {
    "'setuptools'": " Run: make artifacts",
    "in a flat-layout": " Name yours in setup(…), as in packages=find_packages(include=['my_package', 'my_package.*']).",
}
"""What to do about an error, by a part of its text."""


def _ungiven(answer: dict[str, Any]) -> str:
    """What ``setup.py`` does not give and a wheel needs, or the empty string."""
    if answer["wheel"] is None:
        return _COMPILED
    if answer["name"] in (None, "", "UNKNOWN"):
        return "setup.py gives no name. Add name='…' to its setup(…)."
    if not answer["version"]:
        return "setup.py gives no version. Add version='1.0.0' to its setup(…)."
    return ""


_COMPILED = "setup.py describes compiled extensions, whose wheel fits this machine alone. Only pure Python wheels can be staged here."


def _finished(file: Path, distribution: str, *, stamped: bool) -> Wheel:
    """The wheel that setuptools built, under its final version and free of what differs between machines.

    Raises:
        FindingsError: It is empty, or fits this machine alone.
    """
    # Imported here: it takes 40 ms, which the probe's own time hides.
    from packaging.version import Version  # noqa: PLC0415

    name, built, tag = file.name.removesuffix(".whl").split("-", 2)
    entries = _entries(file, f"{name}-{built}")
    packages = sorted({entry.split("/")[0].removesuffix(".py") for entry in entries if not entry.startswith(_BASE)})
    problem = _objection(tag, packages)
    if problem:
        raise FindingsError([_finding("GEN012", problem)])
    version = Version(built)
    local = ".".join(filter(None, [version.local, _stamp(entries)]))
    full = str(Version(f"{version.public}+{local}")) if stamped else str(version)
    return Wheel(
        distribution=distribution,
        version=full,
        file_name=f"{name}-{full}-{tag}.whl",
        packages=tuple(packages),
        content=_assembled(entries, f"{name}-{full}", full),
    )


def _objection(tag: str, packages: list[str]) -> str:
    """Why the built wheel cannot be used, or the empty string."""
    if not packages:
        return "setup.py makes an empty wheel: it names no package that exists. Check its 'packages'."
    if not tag.endswith("-none-any"):
        return _COMPILED
    return ""


_BASE = "\0"
"""Stands for ``{name}-{version}`` in the names of entries, which the stamp becomes a part of."""


def _entries(file: Path, base: str) -> dict[str, bytes]:
    """Returns what a wheel contains, without its version, its record and what a machine left by chance."""
    result = {}
    with zipfile.ZipFile(file) as built:
        for name in built.namelist():
            key = _BASE + name.removeprefix(base) if name.startswith((f"{base}.dist-info/", f"{base}.data/")) else name
            if key != f"{_BASE}.dist-info/RECORD" and "__pycache__/" not in key:
                result[key] = built.read(name)
    metadata, wheel = f"{_BASE}.dist-info/METADATA", f"{_BASE}.dist-info/WHEEL"
    result[metadata] = re.sub(rb"^Version: .*$", b"Version: ", result[metadata], count=1, flags=re.MULTILINE)
    result[wheel] = re.sub(rb"^Generator: .*$", b"Generator: activities_gen", result[wheel], flags=re.MULTILINE)
    return result


def _stamp(entries: dict[str, bytes]) -> str:
    """Twelve hexadecimal digits that change with every byte of what the wheel contains."""
    digest = hashlib.sha256()
    for name, content in sorted(entries.items()):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:12]


def _assembled(entries: dict[str, bytes], base: str, version: str) -> bytes:
    """The wheel file: packages first, then the metadata, the record last."""
    files = {name.replace(_BASE, base): content for name, content in entries.items()}
    metadata = f"{base}.dist-info/METADATA"
    files[metadata] = files[metadata].replace(b"\nVersion: \n", f"\nVersion: {version}\n".encode(), 1)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as result:
        names = sorted(files, key=lambda name: (".dist-info/" in name, name))
        for name, content in [*((name, files[name]) for name in names), _record(base, files, names)]:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            result.writestr(entry, content)
    return target.getvalue()


def _record(base: str, files: dict[str, bytes], names: list[str]) -> tuple[str, bytes]:
    """The RECORD of a wheel: path, hash and size of each file, by the specification of recorded installations."""
    name = f"{base}.dist-info/RECORD"
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    for each in names:
        digest = base64.urlsafe_b64encode(hashlib.sha256(files[each]).digest()).decode().rstrip("=")
        rows.writerow((each, f"sha256={digest}", len(files[each])))
    rows.writerow((name, "", ""))
    return name, text.getvalue().encode()


def _finding(code: str, message: str, line: int = 0) -> Finding:
    return Finding(code, Severity.ERROR, message, Location("setup.py", line))
