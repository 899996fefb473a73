"""How fast expressions are parsed, evaluated and checked, and how long their modules take to import.

Run: ``make benchmark NAME=expressions``. Besides microseconds it prints each figure as a part of the time in which this
machine imports ``azure.mgmt.datafactory.models``, so that figures of different machines can be compared.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from timeit import repeat

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from activities_gen.expressions import Context, check, evaluate, references  # noqa: E402 the path must be set first
from activities_gen.expressions.parser import parse_uncached  # noqa: E402

TEXT = (
    "@concat('https://example.com/jobs/', string(pipeline().parameters.n), '/', "
    "toUpper(substring(pipeline().parameters.s,0,2)))"
)
CONTEXT = Context(parameters={"n": 42, "s": "foo"})
MODELS_SECONDS = 0.18
"""The import of the SDK's models on the machine for which the limits were set."""

IMPORTS = {
    "azure.mgmt.datafactory.models": "",
    "activities_gen.expressions": "typing, re",
    "activities_gen.expressions.evaluator": "typing, re, dataclasses, difflib, datetime",
    "activities_gen.expressions.build": "typing, re",
    "activities_gen.expressions.calls": "typing, re",
}
"""The modules that are timed, and what a program has loaded before."""


def microseconds(function: object, number: int) -> float:
    """The best of five rounds, for one call."""
    return min(repeat(function, number=number, repeat=5)) / number * 1e6  # type: ignore[arg-type]  # a callable


def import_seconds(module: str, before: str) -> float:
    """The best of five imports, each in a process of its own, with the byte code cached where that is allowed."""
    code = f"import {before or 'sys'}; from time import perf_counter as t; a = t(); import {module}; print(t() - a)"
    runs = [
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
        for _ in range(5)
    ]
    return min(float(run.stdout) for run in runs)


def main() -> None:
    """Print all figures."""
    assert evaluate(TEXT, CONTEXT) == "https://example.com/jobs/42/FO"
    imports = {module: import_seconds(module, before) for module, before in IMPORTS.items()}
    models = imports["azure.mgmt.datafactory.models"]
    scale = MODELS_SECONDS / models
    print(
        f"import azure.mgmt.datafactory.models: {models:.3f} s on this machine, {MODELS_SECONDS} s on the one of the limits"
    )
    figures = (
        ("evaluate, limit 15", microseconds(lambda: evaluate(TEXT, CONTEXT), 20_000)),
        ("parse without cache, limit 100", microseconds(lambda: parse_uncached(TEXT), 3_000)),
        ("references", microseconds(lambda: references(TEXT), 3_000)),
        ("check", microseconds(lambda: check(TEXT), 1_000)),
    )
    for name, value in figures:
        print(f"{name}: {value:.1f} us, {value * scale:.1f} us on the machine of the limits")
    for module, seconds in imports.items():
        print(f"import {module}: {seconds * 1e3:.2f} ms, {seconds / models:.1%} of the models")


if __name__ == "__main__":
    main()
