"""What Azure deploys and runs is no error; what is doubtful is said once, and as what it is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from activities_gen.catalogue import CODES
from activities_gen.catalogue.examples import (
    activity,
    after,
    call,
    dataset,
    expression,
    loop,
    pipeline,
    wait,
    web,
    window,
)
from activities_gen.findings import Finding, Layer, Severity
from activities_gen.rules import check_documents
from activities_gen.wire.document import parse


def found(*resources: Any) -> list[Finding]:
    documents = [document for resource in resources for document in parse(json.dumps(resource), "demo.json")[0]]
    return check_documents(documents)


def of(code: str, *resources: Any) -> list[Finding]:
    return [finding for finding in found(*resources) if finding.code == code]


def located(text: str) -> dict[str, Any]:
    resource = dataset()
    resource["properties"]["typeProperties"] = {"location": {"fileName": expression(text)}}
    return resource


def test_a_dataset_may_read_the_pipeline_that_uses_it() -> None:
    assert not of("ADF425", located("@concat('increment-', pipeline().RunId, '.txt')"))


def test_a_parameter_of_the_pipeline_in_a_dataset_is_a_note() -> None:
    (note,) = of("ADF425", located("@pipeline().parameters.folder"))
    assert note.severity is Severity.NOTE
    assert "without the parameter 'folder'" in note.message


@pytest.mark.parametrize("text", ["@variables('v')", "@activity('A').output", "@trigger().startTime"])
def test_what_a_dataset_cannot_read_is_an_error(text: str) -> None:
    assert {finding.severity for finding in of("ADF425", located(text))} == {Severity.ERROR}


def child(*names: str) -> dict[str, Any]:
    return pipeline(wait(), name="child", parameters={name: {"type": "string"} for name in names})


def test_a_parameter_that_many_calls_leave_out_is_one_warning() -> None:
    callers = [pipeline(call("child", "A"), call("child", "B"), name=name) for name in ("first", "second")]
    (warning,) = of("ADF503", child("day"), *callers)
    assert warning.severity is Severity.WARNING
    assert "(like 3 other calls)" in warning.message


def test_each_parameter_that_a_call_leaves_out_is_a_warning_of_its_own() -> None:
    assert len(of("ADF503", child("day", "table"), pipeline(call("child")))) == 2


def test_a_parameter_that_many_triggers_leave_out_is_one_warning() -> None:
    started = pipeline(wait(), name="demo", parameters={"day": {"type": "string"}})
    triggers = [window() | {"name": name} for name in ("first", "second")]
    (warning,) = of("ADF707", started, *triggers)
    assert warning.severity is Severity.WARNING
    assert "(like 1 other start)" in warning.message


def test_a_web_activity_may_patch() -> None:
    assert not of("ADF219", [web(method="PATCH", body="{}")])
    assert of("ADF219", [web(method="PTACH", body="{}")])


@pytest.mark.parametrize("value", [{"value": 5, "type": "int"}, {"value": True, "type": "bool"}])
def test_a_parameter_of_a_synapse_notebook_has_its_type(value: dict[str, Any]) -> None:
    notebook = activity(
        "SynapseNotebook",
        "N",
        notebook={"referenceName": "n", "type": "NotebookReference"},
        parameters={"days": value},
        snapshot=True,
    )
    assert not found([notebook])


@pytest.mark.parametrize(
    ("kind", "key"),
    [("ExecuteDataFlow", "cacheSinks"), ("Copy", "cloudDataMovementUnits"), ("SynapseNotebook", "snapshot")],
)
def test_keys_that_studio_writes_are_known(kind: str, key: str) -> None:
    assert not of("ADF213", [activity(kind, "A", **{key: 1})])


@pytest.mark.parametrize("code", ["ADF106", "ADF214", "ADF232", "ADF320"])
def test_what_published_factories_hold_is_not_said_to_be_refused_at_deployment(code: str) -> None:
    assert CODES[code].layer is not Layer.DEPLOYMENT


def branching(name: str, *inner: dict[str, Any]) -> dict[str, Any]:
    return activity("IfCondition", name, expression=expression("@equals(1, 2)"), ifTrueActivities=list(inner))


def test_a_branching_in_a_branching_is_a_warning() -> None:
    (warning,) = of("ADF320", [branching("Outer", branching("Inner", wait()))])
    assert warning.severity is Severity.WARNING


def test_a_loop_in_a_branching_is_an_error() -> None:
    (error,) = of("ADF320", [branching("Outer", loop(wait()))])
    assert error.severity is Severity.ERROR


OFF = {"state": "Inactive", "onInactiveMarkAs": "Skipped"}


def test_an_inactive_activity_is_not_said_to_never_run() -> None:
    steps = [wait("A", **OFF), wait("B", dependsOn=after("A"), **OFF)]
    assert not of("ADF210", steps)


def test_why_an_activity_behind_an_inactive_one_never_runs_is_said() -> None:
    (warning,) = of("ADF210", [wait("A", **OFF), wait("B", dependsOn=after("A"))])
    assert warning.message == "'A' is inactive and counts as Skipped, so 'B', which needs Succeeded, never runs."


def test_an_activity_that_waits_for_the_skip_of_an_inactive_one_runs() -> None:
    assert not of("ADF210", [wait("A", **OFF), wait("B", dependsOn=after("A", on="Skipped"))])


@pytest.mark.parametrize("name", ["utcnow", "UtcNow", "utcNow"])
def test_the_case_of_a_function_is_not_looked_at(name: str) -> None:
    value = activity("SetVariable", "S", variableName="v", value=expression(f"@{name}()"))
    assert not of("ADF428", pipeline(value, variables={"v": {"type": "String"}}))
