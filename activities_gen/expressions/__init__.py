"""The ADF expression language: parsed, evaluated, checked, built.

Everything is imported when it is first used, so that a definition that only builds expressions stays fast to import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from activities_gen.expressions.lazy import lazy_module

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
    "MISSING": "context",
    "ActivityResult": "context",
    "Context": "context",
    "EvaluationError": "errors",
    "ExpressionError": "errors",
    "ExpressionSyntaxError": "errors",
    "LimitError": "errors",
    "Problem": "checks.problem",
    "Reference": "reference",
    "Scope": "checks.scope",
    "check": "checks.template",
    "evaluate": "evaluator",
    "evaluate_tree": "evaluator",
    "is_expression": "parser",
    "parse": "parser",
    "references": "reference",
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


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(lazy_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
