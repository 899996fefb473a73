"""Has a pipeline directory's ``setup.py`` build its wheel.

Runs as a script in a process of its own, for a ``setup.py`` may do anything, and imports nothing of this package.

    python setup_probe.py ROOT DIRECTORY

Leaves the wheel in ``DIRECTORY/wheel`` and writes one line of JSON: ``{"name": …, "version": …, "wheel": file name}``,
with null for what ``setup.py`` does not give and for a wheel that is not pure Python, or ``{"error": …, "line": …}``.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import sys
import tokenize
import traceback
import warnings
from pathlib import Path
from typing import Any


def build(scratch: Path) -> dict[str, Any]:
    """Run ``setup.py`` of the working directory; everything that a build leaves behind goes to ``scratch``."""
    options = {
        "egg_info": {"egg_base": str(scratch)},
        "build": {"build_base": str(scratch / "build")},
        "bdist_wheel": {"bdist_dir": str(scratch / "bdist"), "dist_dir": str(scratch / "wheel")},
    }
    dist = distribution(["egg_info", "--egg-base", str(scratch)])
    version = dist.metadata.version  # the commands below put 0.0.0 in the place of none
    if dist.has_ext_modules():
        return {"name": dist.metadata.name, "version": version, "wheel": None}
    for command, values in options.items():
        dist.get_option_dict(command).update({name: ("activities_gen", value) for name, value in values.items()})
    dist.run_command("bdist_wheel")
    [wheel] = (scratch / "wheel").glob("*.whl")
    return {"name": dist.metadata.name, "version": version, "wheel": wheel.name}


def distribution(arguments: list[str]) -> Any:
    """What ``setup.py`` hands to setuptools, before any command is run.

    As ``distutils.core.run_setup`` does it, which forgets the lines of ``setup.py`` and swallows its ``sys.exit``.
    """
    # Too slow for a mere import of this module; and setuptools must come first, for it provides distutils.
    importlib.import_module("setuptools")
    core: Any = importlib.import_module("distutils.core")
    path = Path.cwd() / "setup.py"
    code = compile(_source(path), str(path), "exec", dont_inherit=True)
    sys.argv = ["setup.py", *arguments]
    core._setup_stop_after = "commandline"
    exec(code, {"__name__": "__main__", "__file__": str(path)})  # noqa: S102 running setup.py is what building means
    if core._setup_distribution is None:
        raise SystemExit("it calls no setup(…)")
    return core._setup_distribution


def _source(path: Path) -> str:
    try:
        with tokenize.open(path) as file:
            return file.read()
    except OSError as error:
        raise SystemExit(f"it cannot be read: {error.strerror}") from error
    except (SyntaxError, UnicodeDecodeError) as error:
        raise SystemExit("it is no text in UTF-8. Save it as UTF-8, or name its encoding in the first line") from error


def explain(error: BaseException) -> dict[str, Any]:
    """Returns what went wrong, and the innermost line of ``setup.py`` that it passed through."""
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_own(frame.filename)]
    line = own[-1].lineno if own else 0
    if isinstance(error, SyntaxError) and error.lineno and _is_own(error.filename or ""):
        return {"error": f"not valid Python: {error.msg}", "line": error.lineno}
    if isinstance(error, SystemExit):
        text = str(error).removeprefix("error: ")  # so distutils ends a command that failed
        shown = f"it ends the process: sys.exit({text})" if text.isdigit() or not text else text
        return {"error": shown, "line": line}
    if type(error).__module__.startswith(("distutils.", "setuptools.")):
        # Its first sentences are about setup(…), what follows is advice on packaging at large; its class is no news.
        return {"error": str(error).strip().split("\n\n")[0], "line": 0}
    return {"error": f"{type(error).__name__}: {error}", "line": line}


def _is_own(file: str) -> bool:
    path = Path(file).resolve()
    return path.name == "setup.py" and path.parent == Path.cwd().resolve()


def main(arguments: list[str]) -> int:
    """Build; the answer is all that reaches standard output, whatever ``setup.py`` and its own processes print."""
    answers = os.dup(1)
    os.dup2(2, 1)
    root, directory = arguments
    os.chdir(root)
    sys.path[0] = os.getcwd()  # noqa: PTH109 a string, as setup.py expects it; and this package's modules are not its own
    sys.dont_write_bytecode = True
    warnings.simplefilter("ignore")
    try:
        answer = build(Path(directory))
    except BaseException as error:  # noqa: BLE001 setup.py is foreign code; whatever it raises is reported
        answer = explain(error)
    with os.fdopen(answers, "w", encoding="utf-8") as stream:
        stream.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    status = main(sys.argv[1:])
    atexit._run_exitfuncs()
    os._exit(status)  # to take setuptools apart again is a tenth of a second that somebody waits for
