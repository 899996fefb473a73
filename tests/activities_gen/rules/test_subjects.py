"""What a rule is handed: the activities of a type, all of them, or whatever a function finds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from activities_gen.catalogue.examples import loop, pipeline, wait
from activities_gen.rules import Options, check_documents
from activities_gen.rules.context import Context, Repository
from activities_gen.rules.model import Each, Violation
from activities_gen.rules.subjects import EVERY_ACTIVITY, PARAMETER, activity, each
from activities_gen.wire.document import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

OFF = {"state": "Inactive"}
DOCUMENT = pipeline(
    loop(wait("Inner", type="WAIT")), wait("First"), wait("Off") | OFF, parameters={"p": {"type": "string"}}
)


def context_of(document: Any) -> Context:
    documents, _ = parse(json.dumps(document), "demo.json")
    return Context(documents[0], Repository(documents), Options())


def seen(subject: Each) -> list[str]:
    def check(_: Context, *things: Any) -> Iterator[Violation]:
        yield Violation(", ".join(getattr(thing, "name", str(thing)) for thing in things))

    return [violation.message for violation in subject.apply(check)(context_of(DOCUMENT))]


@pytest.mark.parametrize(
    ("subject", "names"),
    [
        (activity("Wait"), ["Inner", "First"]),
        (activity("Wait", "ForEach"), ["Inner", "First", "Each"]),
        (activity(), ["Each", "Inner", "First"]),
        (EVERY_ACTIVITY, ["Each", "Inner", "First", "Off"]),
        (each(lambda context: context.parameters), ["p"]),
        (PARAMETER, ["p, {'type': 'string'}"]),
    ],
    ids=["one type in any case", "two types", "every active one", "inactive ones too", "things", "pairs of things"],
)
def test_a_rule_is_handed_what_it_looks_at(subject: Each, names: list[str]) -> None:
    assert seen(subject) == names


def test_a_rule_of_a_type_finds_it_in_any_case() -> None:
    document = pipeline({"name": "Pause", "type": "wait", "typeProperties": {"waitTimeInSeconds": -1}})
    documents, _ = parse(json.dumps(document), "demo.json")
    assert "ADF331" in {finding.code for finding in check_documents(documents)}
