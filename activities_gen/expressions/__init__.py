"""The ADF expression language: parsed, evaluated, checked, built.

Everything is imported when it is first used, so that a definition that only builds expressions stays fast to import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.lazy import lazy_names

if TYPE_CHECKING:
    from activities_gen.expressions.checks.problem import Problem
    from activities_gen.expressions.checks.scope import Scope
    from activities_gen.expressions.checks.template import check
    from activities_gen.expressions.context import MISSING, ActivityResult, Context
    from activities_gen.expressions.errors import EvaluationError, ExpressionError, ExpressionSyntaxError, LimitError
    from activities_gen.expressions.evaluator import evaluate, evaluate_tree
    from activities_gen.expressions.parser import is_expression, parse
    from activities_gen.expressions.reference import Reference, references

_HOMES = {
    "activities_gen.expressions.checks.problem": ("Problem",),
    "activities_gen.expressions.checks.scope": ("Scope",),
    "activities_gen.expressions.checks.template": ("check",),
    "activities_gen.expressions.context": ("MISSING", "ActivityResult", "Context"),
    "activities_gen.expressions.errors": ("EvaluationError", "ExpressionError", "ExpressionSyntaxError", "LimitError"),
    "activities_gen.expressions.evaluator": ("evaluate", "evaluate_tree"),
    "activities_gen.expressions.parser": ("is_expression", "parse"),
    "activities_gen.expressions.reference": ("Reference", "references"),
}

__all__ = [
    "MISSING",
    "ActivityResult",
    "Context",
    "EvaluationError",
    "ExpressionError",
    "ExpressionSyntaxError",
    "LimitError",
    "Problem",
    "Reference",
    "Scope",
    "check",
    "evaluate",
    "evaluate_tree",
    "is_expression",
    "parse",
    "references",
]

__getattr__, __dir__ = lazy_names(__name__, _HOMES)
