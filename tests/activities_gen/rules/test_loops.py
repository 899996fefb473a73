"""Loops that end after one pass or never, and iterations that nobody waits for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from activities_gen.catalogue.examples import activity, after, call, expression, loop, pipeline, set_variable, wait, web
from activities_gen.findings import Finding, Severity
from activities_gen.rules import check_documents
from activities_gen.wire.document import parse


def of(code: str, *activities: dict[str, Any]) -> list[Finding]:
    declared = {
        "parameters": {"limit": {"type": "int"}},
        "variables": {"state": {"type": "String"}, "seen": {"type": "Array"}},
    }
    documents, _ = parse(json.dumps(pipeline(*activities, **declared)), "demo.json")
    return [finding for finding in check_documents(documents) if finding.code == code]


def until(condition: str, *inner: dict[str, Any], name: str = "Poll") -> dict[str, Any]:
    return activity("Until", name, expression=expression(condition), activities=list(inner) or [wait("Pause")])


CONSTANT = {
    "a parameter": "@greater(pipeline().parameters.limit, 3)",
    "a system variable": "@equals(pipeline().TriggerType, 'Manual')",
    "a variable that nothing sets": "@equals(variables('state'), 'done')",
    "nothing": "@equals(1, 2)",
    "a global parameter": "@equals(pipeline().globalParameters.stage, 'test')",
}


@pytest.mark.parametrize("condition", CONSTANT.values(), ids=CONSTANT)
def test_an_until_on_what_stays_as_it_is_is_a_warning(condition: str) -> None:
    (warning,) = of("ADF326", until(condition))
    assert warning.severity is Severity.WARNING
    assert "never changes" in warning.message


@pytest.mark.parametrize("condition", ["@greater(utcNow(), '2024')", "@equals(rand(1, 6), 6)", "@equals(body('x'), 1)"])
def test_an_until_on_what_is_new_each_time_or_unknown_is_none(condition: str) -> None:
    assert not of("ADF326", until(condition))


READS = "@equals(variables('state'), 'done')"


def test_a_variable_that_the_loop_sets_may_change() -> None:
    assert not of("ADF326", until(READS, set_variable("State", "done")))


def test_a_variable_that_is_set_deep_in_the_loop_may_change() -> None:
    choice = activity(
        "IfCondition", "If", expression=expression("@equals(1, 2)"), ifFalseActivities=[set_variable("state", "done")]
    )
    assert not of("ADF326", until(READS, choice))


def test_a_list_that_the_loop_appends_to_may_change() -> None:
    appending = activity("AppendVariable", "Append", variableName="seen", value="x")
    assert not of("ADF326", until("@greater(length(variables('seen')), 3)", appending))


def test_a_variable_that_is_set_beside_the_loop_may_change() -> None:
    assert not of("ADF326", until(READS), set_variable("state", "done"))


def test_a_variable_that_is_set_before_or_after_the_loop_does_not_change_in_it() -> None:
    before = set_variable("state", "new", name="Before")
    behind = set_variable("state", "old", name="Behind") | {"dependsOn": after("Poll")}
    assert of("ADF326", before, until(READS) | {"dependsOn": after("Before")}, behind)


def test_what_an_activity_of_the_loop_gives_may_change() -> None:
    assert not of("ADF326", until("@equals(activity('Ask').output.state, 'done')", web("Ask")))


def test_what_an_activity_before_the_loop_gave_does_not_change() -> None:
    asking = until("@equals(activity('Ask').output.state, 'done')") | {"dependsOn": after("Ask")}
    (warning,) = of("ADF326", web("Ask"), asking)
    assert "'Ask' has ended before the loop begins" in warning.message


def test_an_expression_that_cannot_be_read_is_not_judged() -> None:
    assert not of("ADF326", until("@equals(variables('state'"))


def test_a_sequential_loop_over_pipelines_that_nobody_waits_for_is_a_warning() -> None:
    (warning,) = of("ADF325", loop(call("child", waitOnCompletion=False), isSequential=True))
    assert "run side by side" in warning.message


def test_such_a_call_is_found_in_a_branch_too() -> None:
    inner = activity(
        "Switch", "S", on=expression("@item()"), defaultActivities=[call("child", waitOnCompletion=False)], cases=[]
    )
    assert of("ADF325", loop(inner, isSequential=True))


@pytest.mark.parametrize(("waits", "sequential"), [(True, True), (False, False), (True, False)])
def test_a_loop_that_waits_or_need_not_is_no_problem(waits: bool, sequential: bool) -> None:
    assert not of("ADF325", loop(call("child", waitOnCompletion=waits), isSequential=sequential))


@pytest.mark.parametrize("value", ["@item()", "a@{item()}"])
def test_the_value_of_a_case_that_is_an_expression_is_never_chosen(value: str) -> None:
    choice = activity("Switch", "S", on=expression("@item()"), cases=[{"value": value, "activities": [wait()]}])
    assert "an expression that is not evaluated" in of("ADF323", loop(choice))[0].message


@pytest.mark.parametrize("name", ["Load @{item()}", "@concat('Load ', item())"])
def test_an_expression_as_the_name_of_an_activity_is_a_warning(name: str) -> None:
    assert "names are not evaluated" in of("ADF117", loop(wait(name)))[0].message


def test_an_expression_as_the_name_of_a_variable_is_a_warning() -> None:
    assert of("ADF117", set_variable("@pipeline().parameters.which", 1))


@pytest.mark.parametrize("name", ["Load", "Load {item}", "[parameters('name')]", "a@b"])
def test_other_names_are_no_expressions(name: str) -> None:
    assert not of("ADF117", wait(name))
