"""Print a rule's page: what goes wrong, a wrong and a right example, and where the rule comes from."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from activities_gen.findings import suggestion
from activities_gen.rules import RULES
from activities_gen.rules.pages import page, pages

if TYPE_CHECKING:
    import argparse

SUMMARY = "print a rule's page, with a wrong and a right example"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("codes", nargs="*", metavar="CODE", help="code of a rule, as in ADF203; without one, list all")
    parser.add_argument("--all", action="store_true", help="print all pages, as in docs/rules.md")


def run(arguments: argparse.Namespace) -> int:
    """Print the pages."""
    if arguments.all:
        sys.stdout.write(pages())
        return 0
    codes = [code.upper() for code in arguments.codes]
    for code in codes:
        if code not in RULES:
            print(f"activities-gen explain: there is no rule '{code}'.{suggestion(code, RULES)}", file=sys.stderr)
            return 2
    if codes:
        print("\n".join(page(RULES[code]) for code in codes), end="")
    else:
        print(
            "\n".join(
                f"{rule.code}  {rule.severity.value:<7}  {rule.title}"
                for rule in sorted(RULES.values(), key=lambda rule: rule.code)
            )
        )
    return 0
