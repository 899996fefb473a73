"""Marks that get their text when the JSON is written, wherever in a string they stand."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from activities_gen.wire.placeholders import artifact, linked_service, pipeline_name, resolve, wheel, wheel_version

FILES = st.text(st.characters(codec="utf-8", exclude_characters="\ufdd0\ufdd1"), max_size=12)


def shown(kind: str, argument: str) -> str:
    return f"<{kind}|{argument}>"


def test_each_kind_of_mark():
    marks = [artifact("a/b.py"), wheel(), wheel_version(), linked_service(), pipeline_name()]

    assert [resolve(mark, shown) for mark in marks] == [
        "<artifact|a/b.py>",
        "<wheel|>",
        "<wheel_version|>",
        "<linked_service|>",
        "<pipeline|>",
    ]


@settings(deadline=None, max_examples=100)
@given(FILES, FILES, FILES)
def test_a_mark_may_stand_anywhere_in_a_string(before, file, after):
    text = f"{before}{artifact(file)}{after}{wheel()}"

    assert resolve(text, shown) == f"{before}<artifact|{file}>{after}<wheel|>"


@settings(deadline=None, max_examples=50)
@given(FILES)
def test_text_without_a_mark_stays_as_it_is(text):
    assert resolve(text, shown) is text


def test_a_half_mark_is_text():
    assert resolve("\ufdd0wheel", shown) == "\ufdd0wheel"


def test_a_mark_shows_what_it_stands_for():
    assert repr(artifact("x.py")) == "<artifact x.py>"
    assert repr(wheel()) == "<wheel>"


def test_marks_survive_the_usual_operations_on_strings():
    assert resolve("--file=" + artifact("x.csv").strip(), shown) == "--file=<artifact|x.csv>"
    assert resolve(f"{wheel()},{artifact('y')}", shown).split(",") == ["<wheel|>", "<artifact|y>"]
