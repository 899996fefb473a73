"""Makes the virtual environment that a pipeline directory's Makefile uses. Needs nothing but Python.

    python -m activities_gen.bootstrap VENV REQUIREMENTS [--wheel FILE]

Installs exactly the locked versions, once for each content of the lock files; two runs at once wait for each other, and
one that was killed is begun anew.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Make or complete the environment; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m activities_gen.bootstrap",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("venv", type=Path, help="directory of the virtual environment")
    parser.add_argument("requirements", type=Path, help="lock file with hashes")
    parser.add_argument("--wheel", type=Path, help="the generator's own wheel, where it is not run from its sources")
    arguments = parser.parse_args(argv)
    try:
        with _locked(arguments.venv):
            _complete(arguments.venv, arguments.requirements, arguments.wheel)
    except subprocess.CalledProcessError as error:
        return _fail(
            f"'{' '.join(map(str, error.cmd[:4]))} …' failed with status {error.returncode}. Its own message stands above."
        )
    except KeyboardInterrupt:
        return _fail("interrupted. The next run begins anew.")
    except OSError as error:
        return _fail(f"{error.filename or arguments.venv}: {error.strerror}.")
    return 0


def _complete(venv: Path, requirements: Path, wheel: Path | None) -> None:
    """Install a lock file into the environment unless it is there already."""
    mark = venv / f"{requirements.stem}.installed"
    wanted = _fingerprint(requirements, wheel)
    python = venv / ("Scripts" if os.name == "nt" else "bin") / "python"
    marks = {each: each.read_text(encoding="utf-8") for each in venv.glob("*.installed")}
    if marks.get(mark) == wanted and python.exists():
        mark.touch()
        return
    if not (marks and python.exists() and all(text.endswith(_python()) for text in marks.values())):
        if venv.exists():
            shutil.rmtree(venv)
        _run(sys.executable, "-m", "venv", str(venv))
    mark.unlink(missing_ok=True)  # until all is installed, nothing is
    pip = (str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input")
    _run(*pip, "--require-hashes", "--no-deps", "--no-build-isolation", "-r", str(requirements))
    if wheel is not None:
        _run(*pip, "--no-deps", "--force-reinstall", str(wheel))
    mark.write_text(wanted, encoding="utf-8")


def _fingerprint(requirements: Path, wheel: Path | None) -> str:
    """What is installed: the lock file's content, the generator's wheel, the Python."""
    digest = hashlib.sha256(requirements.read_bytes())
    if wheel is not None:
        digest.update(wheel.read_bytes())
    return f"{digest.hexdigest()} {_python()}"


def _python() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}\n"


@contextlib.contextmanager
def _locked(venv: Path) -> Iterator[None]:
    """Keep a second run out of the environment until this one is done."""
    try:
        import fcntl  # noqa: PLC0415 Unix alone has it; elsewhere two runs at once are not kept apart
    except ImportError:
        yield
        return
    handle = os.open(venv.absolute().parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=sys.stderr)  # noqa: S603 pip and venv of this very interpreter


def _fail(message: str) -> int:
    sys.stderr.write(f"bootstrap: {message}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
