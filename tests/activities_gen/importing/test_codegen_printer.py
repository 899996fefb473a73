"""The layout of generated Python is that of ``ruff format``: formatting it again changes nothing."""

from __future__ import annotations

import subprocess
import sys

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from activities_gen.importing.codegen.printer import Atom, Choice, Node, Phrase, Text, call, mapping, sequence
from activities_gen.importing.codegen.text import Field

names = st.sampled_from(["a", "some_activity", "a_name_of_a_good_length", "x" * 40])
texts = st.text("ab \"'\\\n{}é漢", max_size=12) | st.sampled_from(["w" * size for size in (30, 60, 85, 95, 105, 115)])
long_texts = st.lists(texts, min_size=2, max_size=4).map("\n".join)


def leaves() -> st.SearchStrategy[Node]:
    """Expressions without parts."""
    fields = st.lists(texts | long_texts | names.map(Field) | st.just(Field("a['b']")), min_size=1, max_size=3).map(
        lambda parts: Text(*parts)
    )
    constants = st.sampled_from(["None", "True", "-1.5", "1e300"])
    return names.map(Atom) | constants.map(Atom) | (texts | long_texts).map(Text) | fields


def nodes() -> st.SearchStrategy[Node]:
    """Calls, lists and dicts of anything."""
    return st.recursive(
        leaves(),
        lambda inner: st.one_of(
            st.lists(inner, max_size=4).map(sequence),
            st.dictionaries(texts, inner, max_size=4).map(mapping),
            st.builds(lambda name, options: call(name, **options), names, st.dictionaries(names, inner, max_size=4)),
            st.builds(lambda name, arguments: call(f"f.{name}", *arguments), names, st.lists(inner, max_size=3)),
            st.lists(names.map(Atom), max_size=3).map(lambda arguments: call("f.x", *arguments).with_attribute("a")),
        ),
        max_leaves=12,
    )


def statement(node: Node) -> list[str]:
    lines: list[str] = []
    call("define", value=node).write(lines, 0, "variable = ")
    return lines


def reformatted(source: str) -> str:
    """What ``ruff format`` makes of a module."""
    command = [
        sys.executable,
        "-m",
        "ruff",
        "format",
        "--line-length",
        "120",
        "--target-version",
        "py310",
        "--isolated",
        "-",
    ]
    return subprocess.run(command, input=source, capture_output=True, check=True, encoding="utf-8").stdout


@given(st.lists(nodes(), min_size=30, max_size=60))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
def test_a_formatter_changes_nothing(expressions: list[Node]) -> None:
    source = "\n".join(line for node in expressions for line in statement(node)) + "\n"
    assert reformatted(source) == source


def test_what_fits_is_on_one_line() -> None:
    assert statement(sequence([Text("a"), Atom("b")])) == ['variable = define(value=["a", b])']


def test_arguments_share_a_line_where_they_fit() -> None:
    lines: list[str] = []
    call("f" * 60, a=Atom("x" * 40), b=Atom("y" * 40)).write(lines, 0)
    assert lines == ["f" * 60 + "(", f"    a={'x' * 40}, b={'y' * 40}", ")"]


def test_long_text_is_broken_at_its_own_lines() -> None:
    assert statement(Text(f"{'a' * 70}\n{'b' * 70}\n")) == [
        "variable = define(",
        "    value=(",
        f'        "{"a" * 70}\\n"',
        f'        "{"b" * 70}\\n"',
        "    )",
        ")",
    ]


def test_a_choice_is_made_by_what_fits() -> None:
    long = sequence([Atom("x" * 60), Atom("y" * 60)])
    assert statement(Choice("x + y", long)) == ["variable = define(value=x + y)"]
    assert statement(Choice("x" * 130, long))[1] == "    value=["


def test_the_only_argument_of_a_call_needs_no_parentheses_of_its_own() -> None:
    assert statement(call("f.json", Text(f"{'a' * 70}\n{'b' * 70}"))) == [
        "variable = define(",
        "    value=f.json(",
        f'        "{"a" * 70}\\n"',
        f'        "{"b" * 70}"',
        "    )",
        ")",
    ]


def test_a_phrase_is_laid_out_over_several_lines() -> None:
    phrase = Phrase(call("f.or_", Atom("x" * 70), Atom("y" * 70)), Text("@or(x, y)"), frozenset(), [])
    assert statement(phrase)[1:-1] == ["    value=f.or_(", f"        {'x' * 70},", f"        {'y' * 70},", "    )"]


def test_a_phrase_too_long_for_a_line_is_written_as_text() -> None:
    used: list[Phrase] = []
    phrase = Phrase(call("f", Atom("x" * 120)), Text("@f(x)"), frozenset({"f"}), used)
    statement(phrase)
    phrase.measure()
    assert statement(phrase) == ['variable = define(value="@f(x)")']
    assert all(one.given_up for one in used)
