"""What one pipeline hands to another, what it gets back, and what becomes visible on the way."""

from __future__ import annotations

import json
from typing import Any

import pytest

from activities_gen.catalogue.examples import (
    activity,
    after,
    call,
    expression,
    pipeline,
    set_variable,
    wait,
    web,
)
from activities_gen.findings import Finding, Severity
from activities_gen.rules import check_documents
from activities_gen.wire.document import parse


def of(code: str, *resources: Any) -> list[Finding]:
    documents = [document for resource in resources for document in parse(json.dumps(resource), "demo.json")[0]]
    return [finding for finding in check_documents(documents) if finding.code == code]


def passing(value: Any, kind: str) -> list[Finding]:
    """The findings of a call that passes a value for a parameter of a type."""
    child = pipeline(wait(), name="child", parameters={"it": {"type": kind}})
    own = {"full": {"type": "bool"}, "days": {"type": "array"}, "name": {"type": "string"}}
    return of("ADF507", pipeline(call("child", parameters={"it": value}), parameters=own), child)


TEXTS = {
    "a list as a text": ('["a","b"]', "array"),
    "a boolean as a text": ("true", "bool"),
    "an object as a text": ('{"a": 1}', "object"),
    "a list in a text": ("@{pipeline().parameters.days}", "Array"),
    "a boolean in a text": ("@{pipeline().parameters.full}", "Bool"),
    "a list in an Expression object": (expression("@{pipeline().parameters.days}"), "array"),
    "a text of a parameter": ("@pipeline().parameters.name", "array"),
    "a joined text": ("@concat('[', 'a', ']')", "array"),
}


@pytest.mark.parametrize(("value", "kind"), TEXTS.values(), ids=TEXTS)
def test_a_text_for_a_parameter_of_another_type_is_a_warning(value: Any, kind: str) -> None:
    (warning,) = passing(value, kind)
    assert warning.severity is Severity.WARNING


FITTING = {
    "a list": (["a"], "array"),
    "a boolean": (True, "bool"),
    "an object": ({"a": 1}, "object"),
    "a whole list": ("@pipeline().parameters.days", "array"),
    "a whole boolean": (expression("@pipeline().parameters.full"), "bool"),
    "a list that is made": ("@createArray('a')", "array"),
    "anything that is read": ("@json('[1]')", "array"),
    "a number as a text": ("5", "int"),
    "a text": ("@{pipeline().parameters.full}", "string"),
}


@pytest.mark.parametrize(("value", "kind"), FITTING.values(), ids=FITTING)
def test_a_value_of_the_type_of_its_parameter_is_none(value: Any, kind: str) -> None:
    assert not passing(value, kind)


def test_the_message_says_how_to_keep_the_type() -> None:
    assert passing("@{pipeline().parameters.full}", "bool")[0].message.endswith(
        "Write '@pipeline().parameters.full', for '@{…}' makes a text of any value."
    )


def returning(*keys: Any, **more: Any) -> dict[str, Any]:
    value = [{"key": key, "value": {"type": "Int", "content": 1}} for key in keys]
    step = activity("SetVariable", "Return", variableName="pipelineReturnValue", setSystemVariable=True, value=value)
    return pipeline(step, name="child") | more


def reading(path: str) -> dict[str, Any]:
    step = set_variable("n", f"@string(activity('Run').output{path})") | {"dependsOn": after("Run")}
    return pipeline(call("child"), step, variables={"n": {"type": "String"}})


def test_a_return_value_that_the_called_pipeline_does_not_set_is_an_error() -> None:
    (error,) = of("ADF508", reading(".pipelineReturnValue.row"), returning("rows", "files"))
    assert error.severity is Severity.ERROR
    assert error.message.endswith("which returns 'rows', 'files'. Did you mean 'rows'?")


def test_a_return_value_of_a_pipeline_that_sets_none_is_an_error() -> None:
    (error,) = of("ADF508", reading(".pipelineReturnValue.rows"), pipeline(wait(), name="child"))
    assert error.message.endswith("which sets none.")


@pytest.mark.parametrize(
    "path",
    [
        ".pipelineReturnValue.rows",
        ".pipelineReturnValue.ROWS",
        ".pipelineReturnValue['rows']",
        ".pipelineReturnValue",
        ".pipelineReturnValue?.row",
        ".pipelineRunId",
    ],
)
def test_a_return_value_that_may_be_there_is_none(path: str) -> None:
    assert not of("ADF508", reading(path), returning("rows"))


@pytest.mark.parametrize("key", ["@pipeline().parameters.key", "[parameters('key')]"])
def test_a_key_that_is_computed_may_be_any(key: str) -> None:
    assert not of("ADF508", reading(".pipelineReturnValue.row"), returning("rows", key))


def test_a_pipeline_that_is_not_there_may_return_anything() -> None:
    assert not of("ADF508", reading(".pipelineReturnValue.row"))


def secretive(step: dict[str, Any]) -> list[Finding]:
    return of("ADF809", pipeline(step, parameters={"Key": {"type": "SecureString"}, "name": {"type": "string"}}))


KEY = expression("@pipeline().parameters.key")
NAME = "@pipeline().parameters.name"
HIDDEN = {"policy": {"secureInput": True}}
STEPS = {
    "a call": call("child", parameters={"key": KEY}),
    "a notebook": activity("DatabricksNotebook", "N", notebookPath="/x", baseParameters={"key": KEY}),
    "a header": web(headers={"x": "Bearer @{pipeline().parameters.key}"}),
    "a variable": set_variable("v", KEY),
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_secret_parameter_that_a_run_shows_is_a_warning(step: dict[str, Any]) -> None:
    (warning,) = secretive(step)
    assert warning.severity is Severity.WARNING
    assert "secureInput" in warning.message


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_secret_parameter_in_a_hidden_input_is_none(step: dict[str, Any]) -> None:
    assert not secretive(step | HIDDEN)


def test_a_secret_that_one_activity_reads_twice_is_one_warning() -> None:
    assert len(secretive(web(headers={"a": KEY, "b": KEY}))) == 1


def test_another_parameter_is_no_secret() -> None:
    assert not secretive(web(headers={"x": NAME}))
