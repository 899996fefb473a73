"""What is reported of files that this program alone reads."""

from __future__ import annotations

from activities_gen.catalogue.code import ERROR, LOCAL, WARNING, Code

PROGRAM_CODES = (
    Code("SUP001", "suppressions", ERROR, LOCAL, "a suppression without a reason"),
    Code("SUP002", "suppressions", WARNING, LOCAL, "a suppression of a rule that does not exist"),
    Code("SUP003", "suppressions", WARNING, LOCAL, "a suppression that suppresses nothing"),
    Code("SUP004", "suppressions", ERROR, LOCAL, "suppressions that cannot be read"),
)
