"""Every value of a JSON text is found at its line and column."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities_gen.wire.positions import Positions

Place = tuple[int, int]
TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


class Writer:
    """Writes JSON with white space by chance, and notes as it goes where each value begins: an independent way."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.text = ""
        self.places: dict[tuple[str | int, ...], Place] = {}

    def here(self) -> Place:
        before, _, last = self.text.rpartition("\n")
        return (before.count("\n") + 2 if "\n" in self.text else 1), len(last) + 1

    def space(self) -> None:
        self.text += "".join(self.chance.choices([" ", "\n", "\t", "\r", ""], k=self.chance.randrange(3)))

    def string(self, value: str) -> None:
        self.text += json.dumps(value, ensure_ascii=self.chance.random() < 0.5)

    def write(self, value: Any, path: tuple[str | int, ...] = (), place: Place | None = None) -> None:
        self.space()
        self.places[path] = place or self.here()
        if isinstance(value, dict):
            self.members("{", "}", list(value.items()), path)
        elif isinstance(value, list):
            self.members("[", "]", list(enumerate(value)), path)
        elif isinstance(value, str):
            self.string(value)
        else:
            self.text += json.dumps(value)
        self.space()

    def members(self, begin: str, end: str, members: list[tuple[Any, Any]], path: tuple[str | int, ...]) -> None:
        self.text += begin
        for index, (key, member) in enumerate(members):
            self.text += "," if index else ""
            place = None
            if begin == "{":
                self.space()
                place = self.here()
                self.string(key)
                self.space()
                self.text += ":"
            self.write(member, (*path, key), place)
        if not members:
            self.space()
        self.text += end


@settings(deadline=None, max_examples=150)
@given(JSON, st.integers(0, 10**6))
def test_the_place_of_every_value_is_right(value, seed):
    writer = Writer(seed)
    writer.write(value)
    assert json.loads(writer.text) == value

    positions = Positions(writer.text)

    assert {path: positions.of(path) for path in writer.places} == writer.places


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((), (1, 1)),
        (("a",), (2, 3)),
        (("a", 1), (2, 13)),
        (("b", "c"), (3, 9)),
        (("b", "nothing", 3), (3, 3)),
        (("a", 7), (2, 3)),
        (("a", "0"), (2, 3)),
    ],
)
def test_a_place_that_is_not_there_is_that_of_the_nearest_around_it(path, expected):
    assert Positions('{\n  "a": [10, 20],\n  "b": {"c": null}\n}').of(path) == expected


def test_a_key_that_stands_twice_is_the_last_one_as_the_decoder_takes_it():
    assert Positions('{"a": 1,\n "a": 2}').of(("a",)) == (2, 2)


def test_columns_count_characters_not_bytes():
    assert Positions('{"😀é": {"x": 1}}').of(("😀é", "x")) == (1, 9)


@pytest.mark.parametrize(("offset", "expected"), [(0, (1, 1)), (2, (1, 3)), (3, (2, 1)), (4, (3, 1))])
def test_line_and_column_of_an_offset(offset, expected):
    assert Positions("ab\n\nc").of_offset(offset) == expected
