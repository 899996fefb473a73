"""Foreign text in generated Python: it means what it meant, shows what it is, and never becomes code."""

from __future__ import annotations

import ast
import keyword
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities_gen.importing.codegen.text import Field, Names, constant, formatted, identifier, literal, remark, width

anything = st.text(st.characters(exclude_categories=()))


@given(anything)
def test_a_literal_means_the_text(text: str) -> None:
    assert ast.literal_eval(literal(text)) == text


@given(anything)
def test_a_literal_is_one_line_of_characters_that_show_what_they_are(text: str) -> None:
    for character in literal(text):
        assert unicodedata.category(character)[0] in "LNPS" or character == " "


@given(st.lists(anything | st.just(Field("x")), max_size=5))
def test_an_f_string_means_its_parts(parts: list[str | Field]) -> None:
    meant = "".join("X" if isinstance(part, Field) else part for part in parts)
    assert eval(formatted(parts), {"x": "X"}) == meant


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", '"plain"'),
        ("it's", '"it\'s"'),
        ('say "x"', "'say \"x\"'"),
        ("both ' and \"", '"both \' and \\""'),
        ("a\\b\n", '"a\\\\b\\n"'),
        ("Prüfung 漢字", '"Prüfung 漢字"'),
        ("\u202eevil\u2066", '"\\u202eevil\\u2066"'),
        ("e\u0301", '"e\\u0301"'),
        ("\ud800", '"\\ud800"'),
        ("\ufdd0", '"\\ufdd0"'),
        ("\U0001f600", '"\\U0001f600"'),
        ("\xa0", '"\\xa0"'),
    ],
    ids=ascii,
)
def test_what_could_mislead_a_reader_is_escaped(text: str, shown: str) -> None:
    assert literal(text) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(1e300, "1e300"), (-1e-5, "-1e-05"), (1.0, "1.0"), (None, "None"), (True, "True")]
)
def test_constants_are_written_as_a_formatter_does(value: float | None, shown: str) -> None:
    assert constant(value) == shown


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Copy Data", "copy_data"),
        ("CopyData2", "copy_data2"),
        ("ADFPipelineRun", "adf_pipeline_run"),
        ("Überprüfung", "uberprufung"),
        ("a--b__c", "a_b_c"),
        ("漢字", ""),
        ("x" * 80, "x" * 50),
    ],
)
def test_names_are_in_snake_case(text: str, name: str) -> None:
    assert identifier(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("for", "for_activity"),
        ("Filter", "filter_activity"),
        ("match", "match_activity"),
        ("after", "after_activity"),
        ("l", "l_activity"),
        ("1st", "activity_1st"),
        ("漢字", "activity"),
        ("", "activity"),
    ],
)
def test_a_name_that_means_something_else_gets_another(text: str, name: str) -> None:
    assert Names({"after"}).give(text, "activity") == name


def test_each_name_is_given_once() -> None:
    names = Names(())
    assert [names.give(text, "activity") for text in ("Copy", "copy", "copy_2", "COPY")] == [
        "copy",
        "copy_2",
        "copy_2_2",
        "copy_3",
    ]


@given(st.lists(anything, max_size=20))
@settings(max_examples=50)
def test_names_are_plain_identifiers(texts: list[str]) -> None:
    names = Names(())
    given_names = [names.give(text, "activity") for text in texts]
    assert len(set(given_names)) == len(texts)
    assert all(name.isidentifier() and name.isascii() and not keyword.iskeyword(name) for name in given_names)


def test_a_column_of_ideographs_counts_twice() -> None:
    assert (width("ab"), width("漢字"), width("é")) == (2, 4, 1)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ärzte Überblick", "Ärzte Überblick"),
        ("smlčk, łódź", "smlčk, łódź"),
        ("ward 🏥 ×2", "ward ? ?2"),
        ("аlias", "?lias"),
    ],
)
def test_a_remark_keeps_latin_letters(text: str, shown: str) -> None:
    assert remark(text) == shown


@given(anything)
def test_a_remark_cannot_end_its_docstring_or_comment(text: str) -> None:
    shown = remark(text)
    assert all(character.isascii() or (character <= "ž" and character.isalpha()) for character in shown)
    assert not set(shown) & set('"\\\n\r')
    assert len(shown) <= 80
