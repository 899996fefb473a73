"""Text for people."""

from __future__ import annotations

import pytest

from activities_gen.run.words import columns, one_line, padded


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("as it is", "as it is"),
        ("two\nlines\tand a tab ", "two lines and a tab"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;a window's title\x07text", "text"),
        ("[Stage 0:>  ]\r[Stage 0:=> ]\r", "[Stage 0:=> ]"),
        ("bell\x07and\x85more", "bell and more"),
        ("Grüße \u2028 日本", "Grüße   日本"),
    ],
)
def test_what_would_move_the_cursor_is_taken_out(text: str, line: str) -> None:
    assert one_line(text) == line


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("\U0001f389", 2), ("", 0)])
def test_width_is_counted_in_columns(text: str, width: int) -> None:
    assert columns(text) == width
    assert columns(padded(text, 9)) == 9
