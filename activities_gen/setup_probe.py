"""Asks a pipeline directory's ``setup.py`` what wheel it makes, and has it made.

Runs as a script in a process of its own, for a ``setup.py`` may do anything, and imports nothing of this package.

    python setup_probe.py describe ROOT
    python setup_probe.py build ROOT VERSION DIRECTORY

Prints one line of JSON: what :mod:`activities_gen.wheels` reads, or ``{"error": …, "file": …, "line": …}``.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import sys
import tempfile
import traceback
import warnings
from pathlib import Path
from typing import Any


def distribution(scratch: str) -> Any:
    """The ``Distribution`` that ``setup.py`` of the working directory describes; nothing is built."""
    from distutils.core import run_setup  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415 setuptools provides it

    import setuptools  # noqa: F401, PLC0415 must come before distutils; too slow for a mere import of this module

    # What a build would leave in the directory (egg-info) goes elsewhere.
    sys.argv = ["setup.py", "egg_info", "--egg-base", scratch]
    return run_setup("setup.py", sys.argv[1:], stop_after="commandline")


def sources(dist: Any) -> list[tuple[str, str]]:
    """Where each file of the wheel comes from: path in the wheel, path in the directory."""
    build = dist.get_command_obj("build_py")
    build.ensure_finalized()
    found = []
    for package, module, file in build.find_all_modules() if dist.packages or dist.py_modules else []:
        found.append(("/".join([*package.split("."), f"{module}.py"]).lstrip("/"), file))
    for package, directory, _, names in build.data_files if dist.packages else []:
        found.extend(("/".join([*package.split("."), name]), os.path.join(directory, name)) for name in names)  # noqa: PTH118 a path as setuptools writes it
    return sorted({(target, os.path.normpath(file)) for target, file in found})


def metadata(dist: Any) -> str:
    """The wheel's METADATA without its version, which the stamp becomes a part of."""
    text = io.StringIO()
    dist.metadata.write_pkg_file(text)
    lines = [line for line in text.getvalue().splitlines() if not line.startswith("Version:")]
    requirements = [f"Requires-Dist: {requirement}" for requirement in dist.install_requires or ()]
    licences = [Path(file).read_text(encoding="utf-8", errors="replace") for file in dist.metadata.license_files or ()]
    return "\n".join(
        [*lines, *requirements, *licences, json.dumps(dist.entry_points or {}, sort_keys=True, default=str)]
    )


def stamp_of(files: list[tuple[str, str]], description: str) -> str:
    """Twelve hexadecimal digits that change with every byte of what the wheel contains."""
    digest = hashlib.sha256(description.encode())
    for target, file in files:
        content = Path(file).read_bytes()
        digest.update(f"\0{target}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:12]


def describe(scratch: str) -> dict[str, Any]:
    """Name, version, tag, stamp and top-level names of the wheel."""
    dist = distribution(scratch)
    files = sources(dist)
    wheel = dist.get_command_obj("bdist_wheel")
    wheel.ensure_finalized()
    return {
        "name": dist.get_name(),
        "version": dist.get_version(),
        "tag": "-".join(wheel.get_tag()),
        "pure": not dist.has_ext_modules(),
        "stamp": stamp_of(files, metadata(dist)),
        "packages": sorted({target.split("/")[0].removesuffix(".py") for target, _ in files}),
        "files": files,
    }


def build(scratch: str, version: str, directory: str) -> dict[str, Any]:
    """Build the wheel with ``version`` into ``directory``."""
    dist = distribution(scratch)
    dist.metadata.version = version
    for command, options in {
        "egg_info": {"egg_base": scratch},
        "build": {"build_base": f"{scratch}/build"},
        "bdist_wheel": {"bdist_dir": f"{scratch}/wheel", "dist_dir": directory},
    }.items():
        dist.get_option_dict(command).update({name: ("activities_gen", value) for name, value in options.items()})
    dist.run_command("bdist_wheel")
    return {"wheels": sorted(file.name for file in Path(directory).iterdir())}


def explain(error: BaseException) -> dict[str, Any]:
    """What went wrong, and the innermost line of the directory's own files that it passed through."""
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_own(frame.filename)]
    line = own[-1].lineno if own else 0
    if isinstance(error, SyntaxError) and error.lineno and _is_own(error.filename or ""):
        line = error.lineno
    shown = "it called exit()" if isinstance(error, SystemExit) and not str(error) else f"{error}"
    return {"error": f"{type(error).__name__}: {shown}", "file": "setup.py", "line": line}


def _is_own(file: str) -> bool:
    path = Path(file).resolve()
    return path.name == "setup.py" and path.parent == Path.cwd().resolve()


def main(arguments: list[str]) -> int:
    """Run one command; everything that ``setup.py`` prints is kept apart from the answer."""
    command, root, *rest = arguments
    os.chdir(root)
    sys.path[0] = os.getcwd()  # noqa: PTH109 a string, as setup.py expects it; and this package's modules are not its own
    sys.dont_write_bytecode = True
    warnings.simplefilter("ignore")
    noise = io.StringIO()
    with tempfile.TemporaryDirectory(prefix="activities-gen-") as scratch:
        try:
            with contextlib.redirect_stdout(noise), contextlib.redirect_stderr(noise):
                answer = describe(scratch) if command == "describe" else build(scratch, *rest)
        except (Exception, SystemExit) as error:  # noqa: BLE001 setup.py is foreign code; whatever it raises is reported
            answer = explain(error)
    sys.__stdout__.write(json.dumps(answer) + "\n")  # type: ignore[union-attr]
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
