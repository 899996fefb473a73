"""Print the page of a code: what goes wrong, a wrong and a right example, and where the rule comes from.

A CODE is what a finding shows, as in ADF203 or RUN004; the beginning of one, as in ADF2 or FLO, lists the codes with it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from activities_gen.catalogue import CODES
from activities_gen.catalogue.markdown import page, pages
from activities_gen.cli import UsageError
from activities_gen.cli.codes import matching, unknown

if TYPE_CHECKING:
    import argparse

SUMMARY = "print the page of a code, with a wrong and a right example"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("codes", nargs="*", metavar="CODE", help="a code, or its beginning (default: list all)")
    parser.add_argument("--all", action="store_true", help="print the pages of all codes")


def run(arguments: argparse.Namespace) -> int:
    """Print the pages."""
    if arguments.all:
        sys.stdout.write("\n".join(pages().values()))
        return 0
    wrong = [unknown(code) for code in arguments.codes if not matching(code)]
    if wrong:
        raise UsageError(*wrong)
    parts = [_explained(code) for code in arguments.codes] or [_listed(sorted(CODES))]
    sys.stdout.write("\n".join(parts))
    return 0


def _explained(code: str) -> str:
    """The page of a code, or a list of the codes that begin so."""
    found = matching(code)
    return page(CODES[found[0]]) if found == [code.upper()] else _listed(found)


def _listed(codes: list[str]) -> str:
    listed = [CODES[code] for code in codes]
    return "".join(f"{code.code}  {code.severity.value:<7}  {code.title}\n" for code in listed)
