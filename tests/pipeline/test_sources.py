"""What the sources of the package must not use: what no Spark Connect server has, and what engines answer differently without an error."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyspark
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
SOURCES = sorted([*ROOT.glob("pipeline/*.py"), ROOT / "entrypoint.py"])


class Rule(NamedTuple):
    """What must not stand in the code, and where it may all the same."""

    pattern: str
    reason: str
    allowed: dict[str, str] = {}  # noqa: RUF012 a tuple's default is never changed
    """Pieces of a line that is let pass, each with its reason."""


IN_CODE = [
    Rule(r"\b_(jvm|jsc|jdf|jmap|jcol|jreader|gateway)\b|py4j", "no Connect server has a JVM to call"),
    Rule(r"\bsparkContext\b|\bSparkContext\b|\.rdd\b|\.foreach(Partition)?\(", "no Connect server has RDDs"),
    Rule(r"(?i)hadoop", "files are listed by the engine, and Sail has no Hadoop"),
    Rule(r"\.(cache|persist|unpersist|checkpoint|localCheckpoint)\(", "does nothing on Sail"),
    Rule(r"\bobserve\(|\bObservation\b", "fails on Sail"),
    Rule(r"_metadata\b|input_file_name", "Sail does not know which file a row comes from"),
    Rule(
        r"\.(read|write|writer)\.(csv|json|jdbc)\(|\.csv\(|\.jdbc\(|[\"'](csv|jdbc)[\"']\)",
        "Sail reads and writes these its own way",
    ),
    Rule(r"\b(from_csv|to_csv|schema_of_csv)\b", "Sail reads and writes fields its own way"),
    Rule(r"escapedStringLiterals", "the engine's own dialect of texts"),
    Rule(
        r"\b(max|min)(_by)?\((F\.)?(struct|named_struct)\(|\bF\.(max|min)\(order\)",
        "a null in a struct is the lowest on Spark and the highest on Sail",
        {"latest = F.max(order)": "the struct is made of the name of a window, which is never null"},
    ),
    Rule(r"\bround\(", "0.285 is rounded differently"),
    Rule(
        r"(?i)cast\([^()]*\bas (long|bigint|int|integer)\)|\.cast\(\"(long|bigint|int|integer)\"\)|\.cast\(T\.(Long|Integer)Type",
        "a time before 1970 goes towards zero on Sail",
        {
            ".otherwise(0).cast(": "a number, no time",
            "F.lit(1).cast(": "a number, no time",
        },
    ),
    Rule(r"\btimestamp_seconds\(|\bfrom_unixtime\(|\bunix_timestamp\(", "before 1970 they go towards zero on Sail"),
    Rule(r"\binitcap\(", "capitals after a hyphen differ"),
    Rule(r"\barray_contains\(", "null in an array gives false on Sail"),
    Rule(r"(?i)\bleft\((?![^()]*, [1-9][0-9]*\))|\bsubstr(ing)?\([^()]*, -", "a negative length or position differs"),
    Rule(
        r"(?i)\binterval\s+'?[0-9]+'?\s+(day|hour|week)|\bmake_(dt_)?interval\(",
        "a day is 24 hours on Sail, whatever the clock does",
    ),
    Rule(
        r"\bmonotonically_increasing_id\(",
        "the numbers are in no order that all engines share",
        {'F.monotonically_increasing_id().alias("_number")': "a fence for the planner; the numbers are dropped"},
    ),
    Rule(
        r"\bwholetext\b",
        "Sail splits a whole text that is not compressed",
        {"spark.read.text(literal(path), wholetext=True)": "of a compressed file"},
    ),
    Rule(
        r"\bbinaryFile\b",
        "Sail gives the bytes of a file twice",
        {
            '.select("path", "length")': "no bytes",
            ".limit(1)": "one of the two",
            'spark.read.format("binaryFile").load(literal(path)).select("content")': "limited in the next line",
        },
    ),
]
IN_TEXTS = [
    Rule(r"\(\?<?[=!]", "Sail has no look-around"),
    Rule(r"\\[1-9]", "Sail has no back-references"),
    Rule(r"\\[dDwWsSbB]", "these are Unicode on Sail and ASCII on Spark"),
    Rule(
        r"[^\\\[]\$(?![{0-9])|^\$",
        "Java's $ stands before a last line end, too",
        {
            '^"[^"]*$': "Python's own pattern",
            "on Sail a lake's path": "no pattern",
            ", '([0-4]*[5-9]|[0-4]+)([0-4]*[5-9]?)', '$": "what a match becomes, no pattern",
            "|$)')": "in front of it, all characters but a quote and the mark are taken, a line end too",
            '(?s)^"(.*)"$': "a field ends with what is no line end, if it has another quote",
        },
    ),
]
"""Of texts that are no patterns of Python's `re`."""


def without_comments(text: str) -> list[str]:
    """The lines of a source without comments and docstrings."""
    lines = text.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column].rstrip()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            for number in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                lines[number - 1] = ""
    return lines


def texts(text: str) -> Iterator[tuple[int, str]]:
    """The texts of a source with their lines: no docstrings, and nothing that goes to Python's `re` or to `strptime`."""
    todo: list[ast.AST] = [ast.parse(text)]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if (isinstance(owner, ast.Name) and owner.id == "re") or node.func.attr == "strptime":
                continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
        todo += ast.iter_child_nodes(node)


def hits(rule: Rule, lines: list[tuple[int, str]], name: str) -> Iterator[str]:
    """Where a rule is broken."""
    for number, line in lines:
        if re.search(rule.pattern, line) and not any(piece in line for piece in rule.allowed):
            yield f"{name}:{number}: {line.strip()}: {rule.reason}"


def broken(rule: Rule, *, in_texts: bool) -> list[str]:
    found = []
    for path in SOURCES:
        source = path.read_text(encoding="utf-8")
        lines = list(texts(source)) if in_texts else list(enumerate(without_comments(source), 1))
        found += hits(rule, lines, path.name)
    return found


@pytest.mark.parametrize("rule", IN_CODE, ids=lambda rule: rule.pattern)
def test_nothing_is_used_that_some_engine_lacks_or_answers_differently(rule: Rule) -> None:
    assert broken(rule, in_texts=False) == []


@pytest.mark.parametrize("rule", IN_TEXTS, ids=lambda rule: rule.pattern)
def test_patterns_mean_the_same_to_java_and_to_rust(rule: Rule) -> None:
    assert broken(rule, in_texts=True) == []


def test_each_exception_is_needed() -> None:
    code = "\n".join(line for path in SOURCES for line in without_comments(path.read_text(encoding="utf-8")))
    within = "\n".join(text for path in SOURCES for _, text in texts(path.read_text(encoding="utf-8")))
    pieces = [(piece, code) for rule in IN_CODE for piece in rule.allowed]
    pieces += [(piece, within) for rule in IN_TEXTS for piece in rule.allowed]
    assert [piece for piece, where in pieces if piece not in where] == []


@pytest.mark.parametrize(
    "line",
    [
        "spark.sparkContext.parallelize([])",
        "frame.rdd.map(len)",
        "frame.cache()",
        'spark.read.csv("x")',
        'spark.read.format("csv").load("x")',
        "F.max(F.struct('a', 'b'))",
        'F.expr("max(struct(a, b))")',
        'F.expr("cast(at as long)")',
        'F.col("at").cast("long")',
        'F.expr("left(x, n)")',
        'F.expr("at + interval 1 day")',
        'F.round("x", 2)',
    ],
)
def test_finds_what_it_looks_for(line: str) -> None:
    assert [rule for rule in IN_CODE if list(hits(rule, [(1, line)], "x.py"))]


@pytest.mark.parametrize("pattern", [r"^\d+", r"^[0-9]+$", "(?=x)", r"(a)\1", "(a|$)"])
def test_finds_patterns_that_it_looks_for(pattern: str) -> None:
    assert [rule for rule in IN_TEXTS if list(hits(rule, list(texts(f"column.rlike({pattern!r})")), "x.py"))]


def writes(tree: ast.AST) -> list[str]:
    """The functions in which a frame is written."""
    return [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any(
            isinstance(each, ast.Attribute)
            and each.attr in {"write", "writeTo", "writeStream"}
            and not calls(node, each)
            for each in ast.walk(node)
        )
    ]


def calls(function: ast.AST, attribute: ast.Attribute) -> bool:
    """Whether an attribute is called, as `lake.write(…)` is and `frame.write` is not."""
    return any(isinstance(each, ast.Call) and each.func is attribute for each in ast.walk(function))


def test_frames_are_written_in_one_place_which_sorts_nothing() -> None:
    """Sail ignores an order before a write, so nobody may rely on one; and one place is to be known to append only."""
    trees = {path.name: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}
    assert [(name, function) for name, tree in trees.items() for function in writes(tree)] == [("storage.py", "_write")]
    sorted_in = {
        name
        for name, tree in trees.items()
        for each in ast.walk(tree)
        if isinstance(each, ast.Attribute) and each.attr in {"orderBy", "sort", "sortWithinPartitions"}
    }
    # a window's order in two of them, the order of what is collected in the others
    assert sorted_in == {"anonymity.py", "features.py", "parsing.py", "reading.py", "summary.py"}


@pytest.mark.skipif(int(pyspark.__version__.split(".")[0]) < 4, reason="there is no client alone before Spark 4")
def test_the_package_needs_nothing_but_the_client() -> None:
    """A full PySpark without its core and Py4J is what `pyspark-client` installs."""
    code = (
        'import sys; sys.modules["py4j"] = sys.modules["pyspark.core"] = None\n'
        "import importlib, pkgutil, pipeline.cli\n"
        'for module in pkgutil.iter_modules(pipeline.__path__): importlib.import_module(f"pipeline.{module.name}")\n'
        'print([name for name in sys.modules if name.startswith(("py4j.", "pyspark.core."))])\n'
    )
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (found.stdout, found.stderr) == ("[]\n", "")
