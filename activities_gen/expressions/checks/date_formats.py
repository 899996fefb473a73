"""Date formats that .NET accepts, and that mean something else than their author will have meant."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|\\.")


def format_traps(pattern: str) -> list[str]:
    """Returns what in a date format is text or another field than its author will have meant."""
    if len(pattern) < 2:
        return []
    bare = _QUOTED.sub(" ", pattern)
    traps = [
        f"'{wrong}' is text in a date format, not the {what}: write '{right}'."
        for wrong, right, what in (("YYYY", "yyyy", "year"), ("DD", "dd", "day"), ("SS", "ss", "second"))
        if wrong in bare
    ]
    if "YYYY" not in bare and re.search(r"(?<!Y)YY(?!Y)", bare):
        traps.append("'YY' is text in a date format, not the year: write 'yy'.")
    if re.search(r"[yY][-/._ ]?mm(?!m)|(?<!m)mm[-/._ ]?[dD]", bare) and "MM" not in bare:
        traps.append("'mm' is the minute, not the month: write 'MM'.")
    if re.search(r"[hH][:.]?MM", bare):
        traps.append("'MM' is the month, not the minute: write 'mm'.")
    if re.search(r"(?<!h)hh?(?!h)", bare) and "t" not in bare and "H" not in bare:
        traps.append("'hh' is the hour from 1 to 12: write 'HH', or add 'tt' for AM and PM.")
    return traps
