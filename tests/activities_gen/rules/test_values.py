"""Time spans as .NET reads them, wheel names as the packaging library does, and other single values."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from activities_gen.model.timespans import means_days, seconds_of
from activities_gen.model.values import is_arm, is_dynamic
from activities_gen.rules.model import quoted
from activities_gen.rules.wheels import distribution, wheel_problem

DAY = 86_400


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("00:00:01", 1),
        ("0.12:00:00", DAY // 2),
        ("7.00:00:00", 7 * DAY),
        ("23:59:59", DAY - 1),
        ("24:00:00", 24 * DAY),
        ("60:00:00", 60 * DAY),
        ("1.24:00:00", None),
        ("00:60:00", None),
        ("00:00:60", None),
        ("1:00:00", None),
        ("0.1:00:00", None),
        ("-00:10:00", None),
        ("PT12H", None),
        ("7", None),
        ("", None),
        ("00:10:00 ", None),
    ],
)
def test_time_spans(text: str, value: int | None) -> None:
    assert seconds_of(text) == value


@given(st.integers(0, 89), st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
@settings(max_examples=50, deadline=None)
def test_time_spans_of_days_hours_minutes_and_seconds(days: int, hours: int, minutes: int, rest: int) -> None:
    text = f"{days}.{hours:02}:{minutes:02}:{rest:02}"
    assert seconds_of(text) == days * DAY + hours * 3600 + minutes * 60 + rest
    assert not means_days(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[parameters('a')]", True),
        ("[concat(parameters('factory'), '/name')]", True),
        ("[variables('a').b]", True),
        ("[1, 2]", False),
        ("[[escaped(1)]", False),
        ("plain", False),
        ("[]", False),
        ("#{token}#", True),
        ("abfss://${container}@${account}.dfs.core.windows.net", True),
        ('${tables["visits"].path}', True),
        ("${lower(name)}", True),
        ("${~ name ~}", True),
        ("$${name}", False),
        ("${}", False),
        ("${item().name}", False),
        ("5 ${", False),
    ],
)
def test_what_is_known_at_deployment_only(text: str, expected: bool) -> None:
    assert is_arm(text) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("@utcNow()", True),
        ("a@{b}", True),
        ("@@a", False),
        ("mail@example.org", False),
        ({"type": "Expression", "value": "@a()"}, True),
        ({"type": "Expression"}, False),
        (5, False),
    ],
)
def test_dynamic_values(value: object, expected: bool) -> None:
    assert is_dynamic(value) is expected


NAMES = st.from_regex(
    r"[A-Za-z_.é -]{1,6}(-[0-9a-z.+_!]{1,6}){0,2}-py[23]-none-any(\.whl|\.WHL| \(1\)\.whl)", fullmatch=True
)


@given(NAMES)
@settings(max_examples=150, deadline=None)
def test_what_the_packaging_library_refuses_is_a_problem(name: str) -> None:
    try:
        parse_wheel_filename(name)
    except InvalidWheelFilename:
        assert wheel_problem(name)


@pytest.mark.parametrize(
    "name",
    [
        "my_pkg-1.0-py3-none-any.whl",
        "A.B-1.0-py3-none-any.whl",
        "a-1.0+local.1-py3-none-any.whl",
        "a-1.0-py2.py3-none-any.whl",
        "a-1.0-1-py3-none-any.whl",
        "a-v1.0-py3-none-any.whl",
        "a-1!2.0.post1.dev3-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    ],
)
def test_good_wheel_names(name: str) -> None:
    assert wheel_problem(name) == ""
    parse_wheel_filename(name)


@pytest.mark.parametrize(
    "name",
    [
        "a-1.0.whl",
        "a-b-1.0-py3-none-any.whl",
        "a-latest-py3-none-any.whl",
        "a-1.0-local-py3-none-any.whl",
        "a-1.0.0-beta-py3-none-any.whl",
        "a-1.0_1-py3-none-any.whl",
        "a-1.0-py3-none-any.WHL",
        "a b-1.0-py3-none-any.whl",
        "a__b-1.0-py3-none-any.whl",
        "a--1.0-py3-none-any.whl",
        "a-1.0-py3-none-any (1).whl",
    ],
)
def test_bad_wheel_names(name: str) -> None:
    assert wheel_problem(name)


def test_distributions_are_normalised() -> None:
    assert distribution("My_Pkg-1.0-py3-none-any.whl") == "my-pkg"
    assert distribution("notes.txt") == ""


def test_shown_values_are_short_and_printable() -> None:
    assert quoted("a\x1b[31m\n") == "'a\\x1b[31m\\n'"
    assert len(quoted("x" * 1000)) < 100
