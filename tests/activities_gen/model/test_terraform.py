"""The provider's decoder: where it stops and what it changes is what the real one does."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities_gen.model.terraform import Deviation, Effect, deviations, go_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
ANSWERS = Path(__file__).with_name("terraform_answers.jsonl")
CORPUS = sorted((ROOT.parent / "shared" / "corpus").glob("*.json"))
DECODER = os.environ.get("TERRAFORM_DECODER", "")
"""The real decoder, built from ``tools/terraform``; what it said of small activities is in a file beside this one."""


def tool() -> Any:
    spec = importlib.util.spec_from_file_location("answers", ROOT / "tools" / "terraform" / "answers.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def text_of(found: Deviation) -> str:
    """The decoder's words for a deviation that stops it."""
    if found.effect is Effect.CRASHES:
        return "panic"
    shown = f" {found.value}" if found.wanted == "int32" and go_kind(found.value) == "number" else ""
    return f"json: cannot unmarshal {go_kind(found.value)}{shown} into {found.into}"


def expected(activities: list[Any]) -> set[str]:
    """The answers that the decoder may give: the first error that it meets, else whether something changes."""
    found = list(deviations(activities))
    stops = {text_of(one) for one in found if one.effect in (Effect.STOPS, Effect.CRASHES)}
    return stops or {"changed" if found else "same"}


def recorded() -> Iterator[tuple[Any, str]]:
    for line in ANSWERS.read_text("utf-8").splitlines():
        entry = json.loads(line)
        yield entry["activity"], entry["answer"]


def test_every_recorded_answer_of_the_real_decoder_is_foreseen_to_the_letter() -> None:
    wrong = [(activity, answer) for activity, answer in recorded() if answer not in expected([activity])]
    assert wrong == []


def test_the_recorded_answers_are_of_the_activities_that_the_table_asks_for() -> None:
    assert [activity for activity, _ in recorded()] == list(tool().activities()), "run: tools/terraform/answers.py"


def effects(*activities: Any) -> list[tuple[Effect, str]]:
    return [(found.effect, ".".join(map(str, found.path))) for found in deviations(list(activities))]


def of(kind: str, **properties: Any) -> dict[str, Any]:
    return {"name": "A", "type": kind, "typeProperties": properties}


@pytest.mark.parametrize(
    ("activity", "found"),
    [
        (of("Wait", waitTimeInSeconds=1), []),
        (of("ForEach", batchCount="[parameters('n')]"), [(Effect.STOPS, "0.typeProperties.batchCount")]),
        (of("ForEach", batchCount="${count}"), []),
        (of("ForEach", batchCount=3.0), []),
        (of("ForEach", isSequential="#{sequential}#"), []),
        (of("Script", scripts=[{"foo": 1}]), [(Effect.DROPS, "0.typeProperties.scripts.0.foo")]),
        (of("Copy", Source={}), [(Effect.DROPS, "0.typeProperties.Source")]),
        (of("Wait", WaitTimeInSeconds=1), [(Effect.RENAMES, "0.typeProperties.WaitTimeInSeconds")]),
        (of("SqlServerStoredProcedure", storedProcedureParameters={"p": {"value": None}}), []),
        (of("Newer") | {"policy": "text"}, [(Effect.RETYPES, "0.type")]),
        (of("SetVariable") | {"policy": {"secureInput": "text"}}, []),
        (of("${kind}", anything=None), []),
    ],
)
def test_one_place_has_one_effect(activity: dict[str, Any], found: list[tuple[Effect, str]]) -> None:
    assert effects(activity) == found


def test_null_parameters_of_a_source_are_lost() -> None:
    source = {"type": "SqlServerSource", "storedProcedureParameters": {"p": {"value": None, "type": "String"}}}
    place = "0.typeProperties.source.storedProcedureParameters.p.value"
    assert effects(of("Lookup", source=source)) == [(Effect.EMPTIES, place)]


def test_compression_is_written_as_null_and_may_stand_there() -> None:
    def looking(**more: Any) -> dict[str, Any]:
        return of("GetMetadata", formatSettings={"type": "BinaryReadSettings"} | more)

    assert effects(looking()) == [(Effect.ADDS, "0.typeProperties.formatSettings")]
    assert effects(looking(compressionProperties=None)) == []


def positions(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, member in members:
        yield (*path, step)
        yield from positions(member, (*path, step))


@st.composite
def mutants(draw: st.DrawFn) -> list[Any]:
    """The activities of a real pipeline, of which one value or key is another."""
    document = json.loads(draw(st.sampled_from(CORPUS)).read_text("utf-8"))
    activities: list[Any] = document["properties"]["activities"]
    *around, last = draw(st.sampled_from(list(positions(activities))))
    parent: Any = activities
    for step in around:
        parent = parent[step]
    spellings = [lambda key: f"{key}x", str.swapcase, str.capitalize] if isinstance(last, str) else []
    change = draw(st.sampled_from([*tool().VALUES, *spellings, del_key]))
    if callable(change):
        value = parent.pop(last)
        if change is not del_key:
            parent[change(last)] = value
    else:
        parent[last] = change
    return activities


def del_key(_: str) -> str:
    """Stands for a key that is deleted."""
    return ""


@pytest.mark.skipif(
    not (DECODER and CORPUS), reason="needs TERRAFORM_DECODER, and the real pipelines beside this repository"
)
@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(activities=mutants())
def test_the_real_decoder_says_the_same_of_mutants_of_real_pipelines(activities: list[Any]) -> None:
    asking = tool()
    ((error, written),) = asking.ask(DECODER, [activities])
    assert asking.verdict(activities, error, written) in expected(activities)
