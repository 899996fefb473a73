"""How fast expressions are parsed, evaluated and checked, and how long their modules take to import.

Run: ``make benchmark NAME=expressions``. Besides microseconds it prints each figure as a part of the time in which this
machine imports ``azure.mgmt.datafactory.models``, so that figures of different machines can be compared.

``python benchmarks/expressions.py --against FOLDER`` measures first evaluations, parsing included, here and in another
checkout in turns, and prints the ratios; ``--pipelines FOLDER`` adds the expressions of the pipelines in a folder.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
from itertools import count
from pathlib import Path
from time import process_time
from timeit import repeat
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, os.environ.get("CHECKOUT") or str(ROOT))

from activities_gen.expressions import Context, ExpressionError, check, evaluate, references  # noqa: E402 the path must be set first
from activities_gen.expressions.parser import is_expression, parse_uncached  # noqa: E402

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

FIRST: dict[str, str] = {
    "concat": "@concat('a#', pipeline().parameters.s, '-', string(pipeline().parameters.n))",
    "if(and(...))": "@if(and(greater(pipeline().parameters.n, #), equals(pipeline().parameters.s, 'foo')), 'yes', 'no')",
    "formatDateTime(addDays(...))": "@formatDateTime(addDays('2024-03-05T10:00:@Z', #), 'yyyy-MM-dd HH:mm')",
    "convertTimeZone": "@convertTimeZone('2024-%T10:00:@', 'W. Europe Standard Time', 'Tokyo Standard Time', 'yyyy-MM-dd HH:mm')",
    "convertFromUtc": "@convertFromUtc('2024-%T10:00:@Z', 'GMT Standard Time')",
    "json": '@json(\'{"a": [1, 2, {"b": "c#"}], "d": true, "e": null, "f": 1.5}\').a[2].b',
    "xpath": "@xpath(xml('<r><a i=\"#\">10</a><a>20</a><b><a>30</a></b></r>'), 'sum(//a) + count(/r/*)')",
    "20 nested calls": f"@{'toUpper(toLower(' * 10}'a#'{'))' * 10}",
}
"""Expressions by name: ``#`` is another number, ``@`` another second and ``%`` another day at each evaluation."""


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


def instances(text: str, numbers: list[int]) -> list[str]:
    """The expression of a row with other numbers at each place."""
    body = text[1:]
    return [
        "@"
        + body.replace("#", str(number))
        .replace("@", f"{number % 60:02d}")
        .replace("%", f"{number // 28 % 12 + 1:02d}-{number % 28 + 1:02d}")
        for number in numbers
    ]


def generated(number: int) -> list[str]:
    """Expressions that a seed generates: calls of common functions with literals and parameters."""
    source = random.Random(11)
    texts = ("'a'", "'some text'", "pipeline().parameters.s", "'2024-03-05T10:00:00Z'")
    numbers = ("1", "42", "pipeline().parameters.n")

    def text(depth: int) -> str:
        if not depth:
            return source.choice(texts)
        forms = (
            lambda: f"concat({text(depth - 1)}, {text(depth - 1)})",
            lambda: f"toUpper({text(depth - 1)})",
            lambda: f"replace({text(depth - 1)}, 'a', {text(0)})",
            lambda: f"string({integer(depth - 1)})",
            lambda: f"if(greater({integer(depth - 1)}, {integer(0)}), {text(depth - 1)}, {text(0)})",
            lambda: f"if(equals({text(depth - 1)}, {text(0)}), 'yes', {text(0)})",
            lambda: f"join(split({text(depth - 1)}, 't'), '-')",
        )
        return source.choice(forms)()

    def integer(depth: int) -> str:
        if not depth:
            return source.choice(numbers)
        forms = (lambda: f"add({integer(depth - 1)}, {integer(0)})", lambda: f"length({text(depth - 1)})")
        return source.choice(forms)()

    return list({f"@{text(source.randint(1, 4))}": None for _ in range(number)})


def of_pipelines(folder: Path, most: int) -> tuple[list[str], Context]:
    """Distinct expressions of the pipelines in a folder, and a context that has what they read."""
    found: dict[str, None] = {}
    for path in sorted(folder.glob("*.json")):
        pending: list[Any] = [json.loads(path.read_text("utf-8"))]
        while pending:
            value = pending.pop()
            if isinstance(value, (dict, list)):
                pending.extend(value.values() if isinstance(value, dict) else value)
            elif isinstance(value, str) and is_expression(value):
                found[value] = None
    chosen = random.Random(11).sample(sorted(found), min(most, len(found)))
    return chosen, _context(chosen)


def _context(texts: list[str]) -> Context:
    """A context with a value for everything that is read."""
    known: dict[str, Any] = {}
    for text in texts:
        try:
            found = references(text)
        except ExpressionError:
            continue
        for reference in found:
            names = [reference.name] if reference.name else []
            known[reference.kind] = _with(known.get(reference.kind), [*names, *reference.path])
    return Context(
        parameters=known.get("parameter") or {},
        global_parameters=known.get("global_parameter") or {},
        variables=known.get("variable") or {},
        activities=known.get("activity") or {},
        item=known.get("item"),
        system=known.get("system") or {},
    )


def _with(value: Any, path: list[Any]) -> Any:
    """A value that has a text where a path leads."""
    if not path:
        return value if isinstance(value, (dict, list)) else "2024-03-05"
    if isinstance(path[0], int):
        first = value[0] if isinstance(value, list) else None
        return [_with(first, path[1:])]
    table = value if isinstance(value, dict) else {}
    return {**table, str(path[0]): _with(table.get(str(path[0])), path[1:])}


def first_times(pipelines: Path | None) -> dict[str, float]:
    """Microseconds of CPU for one first evaluation of each row."""
    numbers = count(1000)
    rows: dict[str, tuple[Context, list[list[str]]]] = {}
    for name, text in FIRST.items():
        rows[name] = CONTEXT, [instances(text, [next(numbers) for _ in range(300)]) for _ in range(7)]
    made = generated(3000)
    rows[f"{len(made)} generated"] = CONTEXT, [[f"{text[:-1]} )" if turn else text for text in made] for turn in (0, 1)]
    if pipelines is not None:
        texts, context = of_pipelines(pipelines, 500)
        rows[f"{len(texts)} of pipelines"] = context, [texts] * 7
    return {name: min(_first_time(context, texts) for texts in rounds) for name, (context, rounds) in rows.items()}


def _first_time(context: Context, texts: list[str]) -> float:
    _forget()
    start = process_time()
    for text in texts:
        try:
            evaluate(text, context)
        except ExpressionError:
            continue
    return (process_time() - start) / len(texts) * 1e6


def _forget() -> None:
    """Forget the trees and programs of all expressions."""
    for name in ("evaluator", "parser", "program"):
        module = sys.modules.get(f"activities_gen.expressions.{name}")
        for value in list(vars(module).values()) if module else []:
            if hasattr(value, "cache_clear") and getattr(value, "__module__", "") == module.__name__:  # type: ignore[union-attr]  # there is one
                value.cache_clear()


def compare(checkout: Path, pipelines: Path | None, rounds: int) -> None:
    """Print first evaluations here and in another checkout, measured in turns."""
    best: list[dict[str, float]] = [{}, {}]
    for _ in range(rounds):
        for place, root in enumerate((ROOT, checkout)):
            command = [sys.executable, __file__, "--first", *(["--pipelines", str(pipelines)] if pipelines else [])]
            environment = {**os.environ, "CHECKOUT": str(root.resolve())}
            run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
            for name, value in json.loads(run.stdout).items():
                best[place][name] = min(value, best[place].get(name, value))
    for name, value in best[0].items():
        print(f"{name}: {value:.1f} us here, {best[1][name]:.1f} us there, {best[1][name] / value:.2f} times as fast")


def report() -> None:
    """Print the figures of this checkout."""
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
    for name, value in first_times(None).items():
        print(f"first evaluation, {name}: {value:.1f} us, {value * scale:.1f} us on the machine of the limits")
    for module, seconds in imports.items():
        print(f"import {module}: {seconds * 1e3:.2f} ms, {seconds / models:.1%} of the models")


def main() -> None:
    """Measure what the options say."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])  # type: ignore[union-attr]  # there is one
    parser.add_argument("--against", type=Path, metavar="FOLDER", help="another checkout to compare with")
    parser.add_argument("--pipelines", type=Path, metavar="FOLDER", help="pipelines whose expressions are a row")
    parser.add_argument("--rounds", type=int, default=5, help="how often each checkout is measured")
    parser.add_argument("--first", action="store_true", help="print first evaluations as JSON")
    options = parser.parse_args()
    if options.first:
        print(json.dumps(first_times(options.pipelines)))
    elif options.against:
        compare(options.against, options.pipelines, options.rounds)
    else:
        report()


if __name__ == "__main__":
    main()
