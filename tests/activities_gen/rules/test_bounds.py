"""The work of a check grows with the size of a file, and not with its square."""

from __future__ import annotations

import json
from time import process_time
from typing import Any

import pytest

from activities_gen.catalogue.examples import activity, after, pipeline, set_variable, wait, web
from activities_gen.rules import check_documents
from activities_gen.wire.document import parse

VARIABLES = {"v": {"type": "String"}}


def _many(count: int) -> range:
    return range(count)


LARGE = {
    "activities of one name": lambda: pipeline(*[wait() for _ in _many(20_000)]),
    "readers of one name": lambda: pipeline(
        *[wait("W") for _ in _many(8_000)],
        *[set_variable("v", "@activity('W').output") for _ in _many(8_000)],
        variables=VARIABLES,
    ),
    "dependencies on nothing": lambda: pipeline(
        *[wait(f"a{number}", dependsOn=after(f"z{number}")) for number in _many(20_000)]
    ),
    "reads of nothing": lambda: pipeline(
        *[set_variable("v", f"@activity('z{number}').output", f"a{number}") for number in _many(15_000)],
        variables=VARIABLES,
    ),
    "variables beside those declared": lambda: pipeline(
        *[set_variable(f"w{number}", "x", f"a{number}") for number in _many(15_000)],
        variables={f"v{number}": {"type": "String"} for number in _many(15_000)},
    ),
    "parameters in another letter case": lambda: pipeline(
        web(headers={f"h{number}": f"@pipeline().parameters.P{number}" for number in _many(20_000)}),
        parameters={f"p{number}": {"type": "string"} for number in _many(20_000)},
    ),
    "interpolations of undeclared names": lambda: pipeline(
        web(url="https://x/" + "".join(f"@{{pipeline().parameters.{'q' * 40}{number}}}" for number in _many(25_000))),
        parameters={"p": {"type": "string"}},
    ),
    "unknown keys": lambda: pipeline(activity("Copy", "Copy", **{f"k{number}": 1 for number in _many(30_000)})),
}


@pytest.mark.slow
@pytest.mark.parametrize("large", LARGE.values(), ids=LARGE)
def test_a_large_file_takes_seconds(large: Any) -> None:
    documents, _ = parse(json.dumps(large()), "demo.json")
    start = process_time()
    assert check_documents(documents)
    assert process_time() - start < 15
