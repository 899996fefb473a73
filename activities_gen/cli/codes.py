"""The codes of rules in arguments: whole, or by their beginnings."""

from __future__ import annotations

from activities_gen.catalogue import CODES
from activities_gen.findings import suggestion

_WITHOUT_PAGES = ("PY", "GEN", "IMP", "RUN")
"""How the codes begin of what keeps a definition, an import or a run from going on."""


def matching(given: str) -> list[str]:
    """The codes that are, or begin with, what was given, sorted; in any letter case."""
    return sorted(code for code in CODES if given and code.startswith(given.upper()))


def unknown(given: str) -> str:
    """The sentences that say that no rule has a code, and which one may have been meant."""
    if given.upper().startswith(_WITHOUT_PAGES):
        return f"'{given}' is no rule and has no page: its message says how to mend it. 'activities-gen explain' lists the rules."
    return f"there is no rule '{given}'.{_nearest(given.upper())} 'activities-gen explain' lists them."


def _nearest(wrong: str) -> str:
    """The code that was meant: the one that differs at its end alone, else one with a slip in it."""
    alike = [code for code in sorted(CODES) if wrong.startswith(code[:-1])]
    near = next((code for code in alike if wrong.startswith(code)), alike[0] if alike else None)
    return f" Did you mean '{near}'?" if near else suggestion(wrong, CODES, cutoff=0.82)
