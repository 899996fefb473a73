"""Makes the virtual environment that a pipeline directory's Makefile uses. Needs nothing but Python.

    python -m activities_gen.bootstrap VENV REQUIREMENTS [--wheel FILE]

Installs exactly the locked versions, once for each content of the lock files; two runs at once wait for each other, and
one that was killed is begun anew. A `uv.txt` beside the lock file names the uv that installs: pip takes minutes for what
uv does in seconds. Where uv cannot be had, fails, or would not do what the user's pip is configured to do, pip installs.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import hashlib
import math
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


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
    python = _program(venv, "python")
    marks = {each: each.read_text(encoding="utf-8") for each in venv.glob("*.installed")}
    if marks.get(mark) == wanted and python.exists():
        mark.touch()
        return
    begun = time.monotonic()
    _say(f"installing {requirements}")
    if not (marks and python.exists() and all(text.endswith(_python()) for text in marks.values())):
        if venv.exists():
            shutil.rmtree(venv)
        _run(sys.executable, "-m", "venv", str(venv))
    mark.unlink(missing_ok=True)  # until all is installed, nothing is
    installer, why = _install(venv, requirements, wheel)
    mark.write_text(wanted, encoding="utf-8")
    _say(f"installed {requirements} into {venv} with {installer} in {time.monotonic() - begun:.1f} s{why}")


class _NotUvError(Exception):
    """The reason why uv does not install, for the user to read; it quotes no value of a setting."""


def _install(venv: Path, requirements: Path, wheel: Path | None) -> tuple[str, str]:
    """Install a lock file, and the generator's wheel if there is one.

    Returns:
        What installed them, and why it was not uv, if one was asked for.
    """
    locked = ["--require-hashes", "--no-deps", "--no-build-isolation", "-r", str(requirements)]
    wanted = [locked] if wheel is None else [locked, ["--no-deps", "--force-reinstall", str(wheel)]]
    uv_lock, why = requirements.with_name("uv.txt"), ""
    if uv_lock.exists():
        try:
            uv, environment = _uv(venv, uv_lock)
            for arguments in wanted:
                _remove_halves(venv)
                _quietly(*uv, *arguments, environment=environment)
        except _NotUvError as error:
            why = f": {error}"
        else:
            return "uv", ""
    for arguments in wanted:
        _remove_halves(venv)
        _run(*_pip(venv), *arguments)
    return "pip", why


def _uv(venv: Path, lock: Path) -> tuple[list[str], dict[str, str]]:
    """Put the locked uv into the environment.

    Returns:
        The beginning of its command, and the variables with which it does as pip is configured to do.

    Raises:
        _NotUvError: It cannot be had, or does not know what pip is configured to do.
    """
    python = str(_program(venv, "python"))
    settings = pip_settings(_quietly(python, "-m", "pip", "config", "list"))
    options, environment = uv_settings(settings, os.environ)
    # One retry: what no network reaches is for pip to report.
    once = ("--retries", "1", "--only-binary", ":all:", "--require-hashes", "--no-deps", "-r", str(lock))
    _quietly(*_pip(venv), *once)
    uv = [str(_program(venv, "uv")), "pip", "install", "--quiet", "--no-config", "--no-python-downloads"]
    return [*uv, "--python", python, *options], environment


def _pip(venv: Path) -> tuple[str, ...]:
    python = str(_program(venv, "python"))
    return (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input")


def pip_settings(listing: str) -> dict[str, str]:
    """Returns what ``pip install`` is configured with, by name, from what ``pip config list`` prints."""
    lines = [line.partition("=") for line in listing.splitlines() if "=" in line]
    found = {}
    for section in ("global.", "install.", ":env:."):  # the later one counts
        for name, _, value in lines:
            if name.startswith(section):
                found[name[len(section) :]] = str(ast.literal_eval(value))
    return {name: value for name, value in found.items() if value}  # pip ignores empty ones


def uv_settings(settings: Mapping[str, str], environ: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """Has uv do what pip is configured to do; it reads none of pip's files and variables.

    Args:
        settings: pip's, by name.
        environ: The user's environment variables.

    Returns:
        Options for ``uv pip install``, and its environment variables: addresses may hold passwords, and other users of
        the machine see a command line.

    Raises:
        _NotUvError: uv has no equal of a setting.
    """
    variables = {name: value for name, value in environ.items() if not name.startswith("UV_") or name.startswith(_OWN)}
    variables |= {"UV_SYSTEM_CERTS": "1", "UV_INDEX_STRATEGY": "unsafe-best-match"}  # as pip; hashes make it safe
    bundle = environ.get("REQUESTS_CA_BUNDLE") or environ.get("CURL_CA_BUNDLE")
    for name, value in {**({"cert": bundle} if bundle else {}), **settings}.items():
        if name not in _HARMLESS:
            try:
                variables |= _TRANSLATED[name](value)
            except (KeyError, ValueError):
                raise _NotUvError(f"uv has no equal of pip's setting {name}") from None
    return ["--no-index"] * _is_true(settings.get("no-index", "")), variables


_OWN = ("UV_CACHE_DIR", "UV_NO_CACHE", "UV_LINK_MODE", "UV_CONCURRENT_")
"""uv's own variables that do not change what is installed, nor from where."""

_HARMLESS = frozenset(
    [
        "break-system-packages",
        "cache-dir",
        "config-file",
        "debug",
        "disable-pip-version-check",
        "exists-action",
        "isolated",
        "log",
        "no-color",
        "no-input",
        "no-python-version-warning",
        "no-warn-conflicts",
        "no-warn-script-location",
        "progress-bar",
        "quiet",
        "require-hashes",
        "require-virtualenv",
        "resume-retries",
        "retries",
        "root-user-action",
        "upgrade",
        "upgrade-strategy",
        "user",
        "verbose",
    ]
)
"""Settings of pip that do not change what is installed from where, when every version is locked."""


def _is_true(value: str) -> bool:
    return value.lower() in ("1", "true", "t", "yes", "y", "on")


def _find_links(value: str) -> dict[str, str]:
    if "," in value:
        raise ValueError
    return {"UV_FIND_LINKS": ",".join(map(os.path.expanduser, value.split()))}


def _certificates(value: str) -> dict[str, str]:
    path = Path(value).expanduser()
    return {"SSL_CERT_DIR" if path.is_dir() else "SSL_CERT_FILE": str(path)}


def _proxy(value: str) -> dict[str, str]:
    address = value if "://" in value else f"http://{value}"
    return dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), address)


def _keyring(value: str) -> dict[str, str]:
    return {"auto": {}, "disabled": {}, "subprocess": {"UV_KEYRING_PROVIDER": "subprocess"}}[value]


_TRANSLATED: dict[str, Callable[[str], dict[str, str]]] = {
    "cert": _certificates,
    "client-cert": lambda value: {"SSL_CLIENT_CERT": str(Path(value).expanduser())},
    "default-timeout": lambda value: {"UV_HTTP_TIMEOUT": str(math.ceil(float(value)))},
    "extra-index-url": lambda value: {"UV_EXTRA_INDEX_URL": " ".join(value.split())},
    "find-links": _find_links,
    "index-url": lambda value: {"UV_INDEX_URL": value},
    "keyring-provider": _keyring,
    "no-cache-dir": lambda value: {"UV_NO_CACHE": "1"} if _is_true(value) else {},
    "no-index": lambda _: {},  # an option
    "proxy": _proxy,
    "timeout": lambda value: {"UV_HTTP_TIMEOUT": str(math.ceil(float(value)))},
    "trusted-host": lambda value: {"UV_INSECURE_HOST": " ".join(value.split())},
}
"""The variables by which uv is told what a setting of pip says."""


def _remove_halves(venv: Path) -> None:
    """Forget packages that an installer was killed in the middle of.

    uv writes the files of a package in any order, so its metadata may be there and its code not; it, and pip, would take
    it for installed. Which installer it was is written when all else is.
    """
    for packages in (*venv.glob("lib/python*/site-packages"), venv / "Lib/site-packages"):
        for folder in packages.glob("*.dist-info"):
            if not ((folder / "INSTALLER").exists() and (folder / "RECORD").exists()):
                shutil.rmtree(folder)


def _program(venv: Path, name: str) -> Path:
    return venv / ("Scripts" if os.name == "nt" else "bin") / name


def _fingerprint(requirements: Path, wheel: Path | None) -> str:
    """Returns what is installed: the lock file's content, the generator's wheel, the Python."""
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


def _quietly(*command: str, environment: Mapping[str, str] | None = None) -> str:
    """Run what pip stands in for if it fails.

    Returns:
        What it wrote to its standard output.

    Raises:
        _NotUvError: It failed. What uv itself says of that is shown, without the credentials in addresses.
    """
    program = Path(command[0]).name
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 as below
    except OSError:  # such as a file system on which no program may run
        raise _NotUvError("uv does not run here") from None
    if done.returncode == 0:
        return done.stdout
    if program != "uv":
        raise _NotUvError("uv could not be installed")
    sys.stderr.write(without_credentials(done.stderr))
    _say("pip tries again")
    raise _NotUvError("uv failed")


def without_credentials(text: str) -> str:
    """Returns a text with asterisks for what stands before the ``@`` of an address."""
    return re.sub(r"://\S*@", "://****@", text)


def _say(message: str) -> None:
    sys.stderr.write(f"bootstrap: {message}\n")
    sys.stderr.flush()


def _fail(message: str) -> int:
    _say(message)
    return 1


if __name__ == "__main__":
    sys.exit(main())
