"""Codes in arguments: whole, or by their beginnings."""

from __future__ import annotations

from activities_gen.catalogue import CODES, RETIRED
from activities_gen.findings import suggestion


def matching(given: str) -> list[str]:
    """The codes that are, or begin with, what was given, sorted; in any letter case."""
    return sorted(code for code in CODES if given and code.startswith(given.upper()))


def unknown(given: str) -> str:
    """The sentences that say that a code does not exist, and which one may have been meant."""
    code = given.upper()
    if code in RETIRED:
        return f"there is no code '{code}' any more: it is {RETIRED[code]} now."
    return f"there is no code '{given}'.{_nearest(code)} 'activities-gen explain' lists them."


def _nearest(wrong: str) -> str:
    """The code that was meant: the one that differs at its end alone, else one with a slip in it."""
    alike = [code for code in sorted(CODES) if wrong.startswith(code[:-1])]
    near = next((code for code in alike if wrong.startswith(code)), alike[0] if alike else None)
    return f" Did you mean '{near}'?" if near else suggestion(wrong, CODES, cutoff=0.82)
