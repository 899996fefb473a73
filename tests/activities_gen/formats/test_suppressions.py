"""``suppressions.json``: what is read, and what is wrong with it, each with line and column."""

from __future__ import annotations

import pytest

from activities_gen.findings import FindingsError, Location
from activities_gen.formats.suppressions import read_suppressions


def refused(content: bytes | str) -> list[str]:
    with pytest.raises(FindingsError) as caught:
        read_suppressions(content, "suppressions.json")
    return [str(finding).removeprefix("suppressions.json:") for finding in caught.value.findings]


def test_the_value_of_a_key_is_its_reason() -> None:
    reasons, _ = read_suppressions('{"ADF104": "Agreed.", "ADF233:A: b": "Quick."}', "suppressions.json")
    assert reasons == {"ADF104": "Agreed.", "ADF233:A: b": "Quick."}


def test_a_key_has_a_place() -> None:
    _, place = read_suppressions('{\n  "ADF104": "Agreed.",\n  "ADF\\u0032\\u0030\\u0033": "Later."\n}', "s.json")
    assert place("ADF203") == Location("s.json", 3, 3)


def test_the_address_of_the_schema_is_no_suppression() -> None:
    reasons, _ = read_suppressions('{"$schema": "s.json", "ADF104": "Agreed."}', "suppressions.json")
    assert reasons == {"ADF104": "Agreed."}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_unicode_encoding_is_read(encoding: str) -> None:
    reasons, _ = read_suppressions('{"ADF104": "Für später."}'.encode(encoding), "suppressions.json")
    assert reasons == {"ADF104": "Für später."}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "1:1  error  SUP004  The file is empty."),
        (" \n\n", "1:1  error  SUP004  The file is empty."),
        ("no JSON", "1:1  error  SUP004  A value is expected here."),
        ('{\n "ADF104": "Agreed.",\n}', "2:21  error  SUP004  A comma stands before a closing bracket. Delete it."),
        ('{"ADF104": "Agreed."', "1:21  error  SUP004  The file ends before the '{' of line 1, column 1 is closed."),
        (
            b'{\n "ADF104": "F\xfcr"}',
            "2:14  error  SUP004  The file is neither UTF-8 nor UTF-16 from here on. Save it as UTF-8.",
        ),
        (
            '\n["ADF104"]',
            '2:1  error  SUP004  The whole file must be an object, not a list. Write for example {"ADF233": "A quick call."}.',
        ),
        (
            '{"ADF104": "Once.",\n "ADF104": "Twice."}',
            "2:2  error  SUP004  The key 'ADF104' stands in this object before, in line 1; the last one wins. Delete the other.",
        ),
        ('{\n  "ADF104": null}', "2:3  error  SUP004  'ADF104' must be text in double quotes, not null."),
        ('{"ADF104": 5}', "1:2  error  SUP004  'ADF104' must be text in double quotes, not the number 5. Write \"5\"."),
        ('{"ADF104": true}', "1:2  error  SUP004  'ADF104' must be text in double quotes, not true. Write \"true\"."),
        ('{"ADF104": {"why": "x"}}', "1:2  error  SUP004  'ADF104' must be text in double quotes, not an object."),
        ('{"$schema": []}', "1:2  error  SUP004  '$schema' must be text in double quotes, not a list."),
    ],
)
def test_a_mistake_is_one_finding_with_its_place(content: bytes | str, expected: str) -> None:
    assert refused(content) == [expected]


def test_all_mistakes_are_found_at_once_in_the_order_of_the_file() -> None:
    found = refused('{"ADF1": 1,\n "ADF2": "Fine.",\n "ADF3": [],\n "ADF2": 2}')
    assert [finding.split("  ")[0] for finding in found] == ["1:2", "3:2", "4:2", "4:2"]


def test_a_long_key_and_a_long_value_are_cut_in_the_message() -> None:
    [finding] = refused(f'{{"{"A" * 5000}": {"1" * 300}}}')
    assert len(finding) < 700
