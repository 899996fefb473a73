"""Whatever a file holds, it is read or refused with findings that have a place; nothing else is raised."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities_gen.findings import Finding, FindingsError, Location, Severity
from activities_gen.formats.report import read_report
from activities_gen.formats.stub import read_stub
from activities_gen.formats.suppressions import read_suppressions
from activities_gen.run import fail, sequence, simulate, succeed
from activities_gen.run.report import report

if TYPE_CHECKING:
    from collections.abc import Callable

NOTHING = Finding("NONE", Severity.ERROR, "Refused, and nobody says why", Location("file.json"))
READERS = {"suppressions": read_suppressions, "stub": read_stub, "report": read_report}
EACH_READER = pytest.mark.parametrize("reader", READERS.values(), ids=READERS.keys())
KEYS = st.sampled_from(
    [
        "$schema",
        "output",
        "error",
        "errorCode",
        "version",
        "mode",
        "activities",
        "schema_uri",
        "model_config",
        "__class__",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
REPORT = report(
    simulate(
        [
            {
                "name": "Loop",
                "type": "ForEach",
                "typeProperties": {
                    "items": {"type": "Expression", "value": "@range(0, 2)"},
                    "activities": [{"name": "Inner", "type": "Copy"}],
                },
            }
        ],
        outcomes={"Inner": sequence(fail(), succeed({"rows": 1}))},
    ),
    "real",
)


def refusals(reader: Callable[[Any, str], Any], content: bytes | str) -> tuple[Finding, ...]:
    """The findings of a file that is refused, none of one that is read."""
    try:
        reader(content, "file.json")
    except FindingsError as error:
        return error.findings or (NOTHING,)
    return ()


def read_or_refused(reader: Callable[[Any, str], Any], content: bytes | str) -> None:
    for finding in refusals(reader, content):
        assert finding.location.line > 0
        assert finding.location.column > 0
        assert finding.message.endswith((".", "?"))
        assert len(finding.message) < 700


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all members of a JSON value."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for step, member in steps for found in ((*path, step), *paths(member, (*path, step)))]


@EACH_READER
@given(content=st.binary(max_size=60))
def test_any_bytes(reader: Any, content: bytes) -> None:
    read_or_refused(reader, content)


@EACH_READER
@given(value=VALUES)
def test_any_json(reader: Any, value: Any) -> None:
    read_or_refused(reader, json.dumps(value))


@given(path=st.sampled_from(paths(REPORT)), value=VALUES)
def test_a_report_with_any_value_anywhere(path: tuple[Any, ...], value: Any) -> None:
    changed = json.loads(json.dumps(REPORT))
    holder = changed
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    read_or_refused(read_report, json.dumps(changed))


@EACH_READER
@pytest.mark.parametrize(
    "content",
    ["[" * 100_000, '{"a":' * 300 + "1" + "}" * 300, '{"a": 1e999}', "9" * 5000, '"\\ud800"', '{"\\ud800": 1}'],
)
def test_what_json_readers_stumble_over(reader: Any, content: str) -> None:
    read_or_refused(reader, content)


def test_a_suppression_may_be_called_as_anything_of_the_model() -> None:
    text = '{"schema_uri": "a", "model_config": "b", "example": "c", "__class__": "d"}'
    assert read_suppressions(text, "s.json")[0] == json.loads(text)
