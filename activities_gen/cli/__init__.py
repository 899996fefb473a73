"""The command line: one module per verb, each a thin call into one room.

A verb's module is imported when the verb is used, so that no verb pays for another's imports. It has

* ``SUMMARY``, one line for the overview,
* ``configure(parser)``, which adds the verb's arguments,
* ``run(arguments)``, which does the work and returns the exit status.

Exit status: 0 all well, 1 findings of severity error (or the run failed), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import os
import sys
from typing import TYPE_CHECKING, NoReturn

from activities_gen.findings import FindingsError, suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

VERBS = ("generate", "artifacts", "check", "explain", "eval", "import", "init", "run")
_EPILOG = "Exit status: 0 all well, 1 something is wrong with the pipeline (or its run failed), 2 wrong usage."


class UsageError(Exception):
    """A command line asks for what makes no sense; each argument says one thing that is wrong with it."""


class _Parser(argparse.ArgumentParser):
    """A parser whose usage errors name what was probably meant."""

    def error(self, message: str) -> NoReturn:
        """Print the usage and the error, exit with 2."""
        wrong = message.removeprefix("unrecognized arguments: ").split("=")[0].split(" ")[0]
        options = [option for action in self._actions for option in action.option_strings]
        hint = suggestion(wrong, options) if wrong.startswith("-") else ""
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {message}.{hint}\nTry '{self.prog} --help'.\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb.

    Args:
        argv: The arguments without the program's name; those of this process where it is ``None``.

    Returns:
        The exit status.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a name in any script can be shown in any locale
            stream.reconfigure(errors="backslashreplace")
    try:
        status = _dispatch(list(sys.argv[1:] if argv is None else argv))
        if sys.stdout is not None:
            sys.stdout.flush()
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130
    except OSError as error:
        return _output_lost(error)
    return status


def _dispatch(arguments: list[str]) -> int:
    """Run the verb that the arguments name."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(overview())
        return 0 if arguments else 2
    if arguments[0] == "--version":
        print(f"activities-gen {installed_version() or 'run from its sources'}")
        return 0
    verb, *rest = arguments
    if verb not in VERBS:
        print(f"activities-gen: there is no verb '{verb}'.{suggestion(verb, VERBS)} See --help.", file=sys.stderr)
        return 2
    return _run(verb, rest)


def _output_lost(error: OSError) -> int:
    """Exit status where the output cannot be written, or a folder not entered; keeps the interpreter's own last flush quiet."""
    if not isinstance(error, BrokenPipeError):  # there, whoever read the output has gone
        place = f"{error.filename}: " if error.filename is not None else ""
        print(f"activities-gen: {place}{error.strerror or error}.", file=sys.stderr)
    with contextlib.suppress(OSError, AttributeError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


def overview() -> str:
    """The text of ``--help``."""
    width = max(map(len, VERBS))
    lines = [f"  {verb:<{width}}  {_module(verb).SUMMARY}" for verb in VERBS]
    return "\n".join(
        ["usage: activities-gen VERB …", "", *lines, "", "'activities-gen VERB --help' says more.", _EPILOG]
    )


def _module(verb: str) -> ModuleType:
    # Imported when used: no verb pays for another's imports.
    return importlib.import_module(
        f"activities_gen.cli.{verb}_verb" if verb == "import" else f"activities_gen.cli.{verb}"
    )


def installed_version() -> str:
    """The version of this program; empty if it runs from its sources."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 slow to import, and rarely asked for

    try:
        return version("activities-gen")
    except PackageNotFoundError:
        return ""


def _run(verb: str, rest: list[str]) -> int:
    module = _module(verb)
    parser = _Parser(
        prog=f"activities-gen {verb}",
        description=module.__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.configure(parser)
    try:
        status: int = module.run(parser.parse_intermixed_args(rest))
    except UsageError as error:
        problems = "\n".join(map(str, error.args))
        print(f"{parser.prog}: {problems}\nTry '{parser.prog} --help'.", file=sys.stderr)
        return 2
    except FindingsError as error:
        show(error)
        return 1
    return status


def show(error: FindingsError) -> None:
    """Print the findings that ended a verb."""
    for finding in error.findings:
        print(finding, file=sys.stderr)
