"""Simulated runs: what each activity type does, and what the result tells."""

from __future__ import annotations

import time
import tracemalloc
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from activities_gen.findings import FindingsError
from activities_gen.run import Answer, RunResult, SimulationError, fail, sequence, simulate, succeed
from activities_gen.run.report import report, report_bytes
from activities_gen.run.variables import Variables
from activities_gen.wire.document import parse


def code_of(result: RunResult, name: str) -> str:
    error = result[name].error
    return "" if error is None else str(error["errorCode"])


def message_of(result: RunResult, name: str) -> str:
    error = result[name].error
    return "" if error is None else str(error["message"])


def expression(text: str) -> dict[str, str]:
    return {"type": "Expression", "value": text}


def activity(
    name: str, kind: str = "WebActivity", *after: str, policy: Any = None, **properties: Any
) -> dict[str, Any]:
    """An activity after others: ``"A"`` on success, ``"A:Failed"`` otherwise."""
    entries = [entry.partition(":") for entry in after]
    return {
        "name": name,
        "type": kind,
        "dependsOn": [{"activity": other, "dependencyConditions": [how or "Succeeded"]} for other, _, how in entries],
        **({"policy": policy} if policy else {}),
        "typeProperties": properties,
    }


def pipeline(*activities: dict[str, Any], name: str = "main", **properties: Any) -> dict[str, Any]:
    return {"name": name, "properties": {"activities": list(activities), **properties}}


VARIABLES = {"text": {"type": "String"}, "list": {"type": "Array"}, "flag": {"type": "Boolean", "defaultValue": False}}


class TestVariables:
    def test_are_set_and_appended_to(self) -> None:
        result = simulate(
            pipeline(
                activity("Set", "SetVariable", variableName="TEXT", value="@concat('a', 'b')"),
                activity("Append", "AppendVariable", "Set", variableName="list", value="@variables('text')"),
                activity("Again", "AppendVariable", "Append", variableName="list", value="c"),
                variables=VARIABLES,
            )
        )
        assert result.variables == {"text": "ab", "list": ["ab", "c"], "flag": False}

    @pytest.mark.parametrize(
        ("properties", "message"),
        [
            (
                {"variableName": "txet", "value": "a"},
                "The variable 'txet' is not a variable of the current pipeline. Did you mean 'text'?",
            ),
            (
                {"variableName": "flag", "value": "yes"},
                "The variable 'flag' of type 'Boolean' cannot be initialized or updated with value of type 'String'. The variable 'flag' only supports values of types 'Boolean'.",
            ),
            (
                {"variableName": "text", "value": 1},
                "The variable 'text' of type 'String' cannot be initialized or updated with value of type 'Integer'. The variable 'text' only supports values of types 'String'.",
            ),
        ],
    )
    def test_refuse_what_they_cannot_hold(self, properties: dict[str, Any], message: str) -> None:
        result = simulate(pipeline(activity("Set", "SetVariable", **properties), variables=VARIABLES))
        assert result["Set"].error == {
            "errorCode": "InvalidTemplate",
            "message": message,
            "failureType": "UserError",
            "target": "Set",
        }

    def test_what_was_read_of_an_array_does_not_change_when_it_grows(self) -> None:
        grow = [
            activity(f"Add {n}", "AppendVariable", *([f"Read {n - 1}"] if n else []), variableName="list", value=n)
            for n in range(3)
        ]
        read = [
            activity(f"Read {n}", "WebActivity", f"Add {n}", body=expression("@variables('list')")) for n in range(3)
        ]
        result = simulate(pipeline(*grow, *read, variables=VARIABLES), default=succeed())
        assert [result[f"Read {n}"].input["body"] for n in range(3)] == [[0], [0, 1], [0, 1, 2]]

    def test_an_array_is_copied_only_where_somebody_else_may_hold_it(self) -> None:
        values = Variables(VARIABLES)
        values.append("list", 1)
        own = values["list"]
        values.append("list", 2)
        assert values["list"] is own
        dict(values.items())
        values.append("list", 3)
        assert (values["list"], own) == ([1, 2, 3], [1, 2])

    def test_only_arrays_are_appended_to(self) -> None:
        result = simulate(
            pipeline(activity("Add", "AppendVariable", variableName="text", value="a"), variables=VARIABLES)
        )
        assert result["Add"].status == "Failed"

    def test_start_with_given_values(self) -> None:
        assert simulate(pipeline(variables=VARIABLES), variables={"Text": "now"}).variables["text"] == "now"

    def test_the_return_value_is_made_of_typed_contents(self) -> None:
        value = [
            {"key": "rows", "value": {"type": "Expression", "content": "@add(1, 2)"}},
            {"key": "tags", "value": {"type": "Array", "content": [{"type": "String", "content": "a"}]}},
            {"key": "none", "value": {"type": "Null"}},
            {"key": "size", "value": {"type": "Int", "content": 5}},
        ]
        setter = activity(
            "Return", "SetVariable", variableName="pipelineReturnValue", value=value, setSystemVariable=True
        )
        assert simulate(pipeline(setter)).return_value == {"rows": 3, "tags": ["a"], "none": None, "size": 5}


class TestWaitAndFail:
    def test_wait_takes_virtual_time(self) -> None:
        result = simulate(pipeline(activity("Wait", "Wait", waitTimeInSeconds=expression("@add(1, 2)"))))
        assert result.duration == timedelta(seconds=3)

    @pytest.mark.parametrize("seconds", ["soon", -1, True, 1.5, None])
    def test_wait_needs_a_whole_number(self, seconds: Any) -> None:
        assert simulate(pipeline(activity("Wait", "Wait", waitTimeInSeconds=seconds))).outcome == "Failed"

    @pytest.mark.parametrize(
        ("message", "code", "told"),
        [
            ("boom", "500", ("500", "boom")),
            ("@concat('b', 'c')", "@string(1)", ("1", "bc")),
            (None, "500", ("500", "Fail message wasn't provided")),
            ("", "500", ("500", "Failed to interpret Stop fail message or error code")),
            ("@trim('  ')", "500", ("500", "Failed to interpret Stop fail message or error code")),
            ("@add(1, 2)", "500", ("500", "Stop fail message parameter couldn't be interpreted as a string")),
            ("@item()", "500", ("500", "Stop fail message parameter couldn't be interpreted as a string")),
            ("boom", None, ("ErrorCodeNotString", "boom")),
            ("boom", " ", ("ErrorCodeNotString", "boom")),
            ("boom", "@add(1, 2)", ("ErrorCodeNotString", "boom")),
            ("boom", "@item()", ("ErrorCodeNotString", "boom")),
            ("@item()", "@item()", ("ErrorCodeNotString", "Failed to interpret Stop fail message or error code")),
            (5, "500", ("InvalidTemplate", "Invalid value for property 'message'.")),
            ("boom", 500, ("InvalidTemplate", "Invalid value for property 'errorCode'.")),
        ],
    )
    def test_fail_fails_with_its_message_or_the_documented_one(
        self, message: Any, code: Any, told: tuple[str, str]
    ) -> None:
        result = simulate(pipeline(activity("Stop", "Fail", message=message, errorCode=code)))
        assert (code_of(result, "Stop"), message_of(result, "Stop")) == told


class TestBranches:
    @pytest.mark.parametrize(("parameter", "ran"), [(1, ["If", "Yes"]), (2, ["If", "No"])])
    def test_if_takes_one_branch(self, parameter: int, ran: list[str]) -> None:
        branch = activity(
            "If",
            "IfCondition",
            expression=expression("@equals(pipeline().parameters.p, 1)"),
            ifTrueActivities=[activity("Yes")],
            ifFalseActivities=[activity("No")],
        )
        result = simulate(
            pipeline(branch, parameters={"p": {"type": "int"}}), parameters={"p": parameter}, default=succeed()
        )
        assert result.ran == ran

    def test_an_activity_of_the_other_branch_did_not_run(self) -> None:
        branch = activity(
            "If", "IfCondition", expression=expression("@equals(1, 1)"), ifFalseActivities=[activity("No")]
        )
        result = simulate(pipeline(branch))
        assert (result.outcome, result["No"].status, result.statuses) == ("Succeeded", "NotRun", {"If": "Succeeded"})

    def test_if_needs_a_boolean(self) -> None:
        error = simulate(pipeline(activity("If", "IfCondition", expression=expression("@concat('tr', 'ue')"))))[
            "If"
        ].error
        assert error is not None
        assert (
            error["message"]
            == "The result of the evaluation of 'if condition' expression '@concat('tr', 'ue')' is of type 'String'. The result must be a valid boolean."
        )

    @pytest.mark.parametrize(
        ("on", "ran"), [("'a'", "A"), ("'b'", "B"), ("'c'", "Other"), ("2", "Two"), ("'A'", "Other")]
    )
    def test_switch_takes_the_equal_case(self, on: str, ran: str) -> None:
        cases = [
            {"value": "a", "activities": [activity("A")]},
            {"value": "b", "activities": [activity("B")]},
            {"value": "2", "activities": [activity("Two")]},
        ]
        switch = activity(
            "Switch", "Switch", on=expression(f"@coalesce({on})"), cases=cases, defaultActivities=[activity("Other")]
        )
        assert simulate(pipeline(switch), default=succeed()).ran == ["Switch", ran]

    def test_of_two_equal_cases_of_a_switch_the_first_is_taken(self) -> None:
        cases = [{"value": "a", "activities": [activity(name)]} for name in ("First", "Second")]
        switch = activity("Switch", "Switch", on=expression("@toLower('A')"), cases=cases)
        assert simulate(pipeline(switch), default=succeed()).ran == ["Switch", "First"]

    def test_a_branch_fails_its_container_by_the_rule_of_the_leaves(self) -> None:
        handled = [activity("A"), activity("Handler", "WebActivity", "A:Failed")]
        branch = activity("If", "IfCondition", expression=expression("@equals(1, 1)"), ifTrueActivities=handled)
        outcomes = {"A": fail("boom"), "Handler": succeed()}
        assert simulate(pipeline(branch), outcomes=outcomes).outcome == "Succeeded"
        unhandled = activity("If", "IfCondition", expression=expression("@equals(1, 1)"), ifTrueActivities=handled[:1])
        error = simulate(pipeline(unhandled), outcomes={"A": fail("boom")})["If"].error
        assert error is not None
        assert (
            error["message"] == "Activity failed because an inner activity failed; Inner activity name: A, Error: boom"
        )


def loop(*activities: dict[str, Any], items: str = "@createArray(1, 2, 3, 4)", **more: Any) -> dict[str, Any]:
    return activity("Loop", "ForEach", items=expression(items), activities=list(activities), **more)


class TestForEach:
    def test_passes_the_item_down(self) -> None:
        seen: list[Any] = []
        simulate(
            pipeline(loop(activity("Do", url="@{item()}/@{pipeline().Pipeline}"))),
            outcomes={"Do": lambda given: seen.append(given["url"])},
        )
        assert seen == ["1/main", "2/main", "3/main", "4/main"]

    @pytest.mark.parametrize(
        ("options", "seconds"),
        [({"isSequential": True}, 40), ({"batchCount": 2}, 20), ({"batchCount": 3}, 20), ({}, 10)],
    )
    def test_runs_as_many_side_by_side_as_it_may(self, options: dict[str, Any], seconds: int) -> None:
        result = simulate(pipeline(loop(activity("Do"), **options)), default=succeed(duration=10))
        assert result.duration == timedelta(seconds=seconds)

    @pytest.mark.parametrize(
        ("batch", "seconds"), [(50, 20), (100, 20), (49, 30), (20, 50), (None, 50), (True, 50), (0, 1000), (-1, 1000)]
    )
    def test_runs_from_one_to_fifty_side_by_side_whatever_the_batch_says(self, batch: Any, seconds: int) -> None:
        looped = loop(activity("Do"), items="@range(0, 100)", batchCount=batch)
        assert simulate(pipeline(looped), default=succeed(duration=10)).duration == timedelta(seconds=seconds)

    def test_starts_the_next_item_when_one_has_ended(self) -> None:
        lengths = lambda given: succeed(duration=given["url"])  # noqa: E731
        result = simulate(
            pipeline(loop(activity("Do", url=expression("@item()")), items="@createArray(9, 1, 1, 1)", batchCount=2)),
            outcomes={"Do": lengths},
        )
        assert [(run.iteration, run.run.started // 1_000_000) for run in result["Do"].runs] == [
            (1, 0),
            (2, 1),
            (3, 2),
            (0, 0),
        ]

    def test_goes_on_when_a_pass_fails_and_fails_in_the_end(self) -> None:
        result = simulate(
            pipeline(loop(activity("Do"), isSequential=True)), outcomes={"Do": sequence(fail("first"), succeed())}
        )
        assert (result.outcome, dict(result["Do"].counts)) == ("Failed", {"Failed": 1, "Succeeded": 3})

    def test_without_items_succeeds(self) -> None:
        result = simulate(pipeline(loop(activity("Do"), items="@json('[]')")))
        assert (result.statuses, result["Loop"].output) == ({"Loop": "Succeeded"}, {})

    def test_needs_an_array(self) -> None:
        error = simulate(pipeline(loop(activity("Do"), items="@{createArray(1)}")))["Loop"].error
        assert error is not None
        assert (
            "'foreach' expression '@{createArray(1)}' is of type 'String'. The result must be a valid array."
            in error["message"]
        )

    def test_sees_what_ran_before_the_loop_and_before_in_the_pass(self) -> None:
        seen: list[Any] = []
        inner = [
            activity("One"),
            activity(
                "Two", "WebActivity", "One", url="@{activity('Before').output.v}@{activity('One').output.v}@{item()}"
            ),
        ]
        graph = pipeline(
            activity("Before"),
            {
                **loop(*inner, items="@createArray('x')"),
                "dependsOn": [{"activity": "Before", "dependencyConditions": ["Succeeded"]}],
            },
        )
        simulate(
            graph, outcomes={"Before": {"v": "a"}, "One": {"v": "b"}, "Two": lambda given: seen.append(given["url"])}
        )
        assert seen == ["abx"]

    def test_keeps_the_item_inside_a_branch(self) -> None:
        seen: list[Any] = []
        branch = activity(
            "If",
            "IfCondition",
            expression=expression("@greater(item(), 2)"),
            ifTrueActivities=[activity("Do", url="@item()")],
        )
        simulate(pipeline(loop(branch)), outcomes={"Do": lambda given: seen.append(given["url"])})
        assert seen == [3, 4]

    @pytest.mark.slow
    def test_takes_a_hundred_thousand_items(self) -> None:
        graph = pipeline(loop(activity("Do", url="@string(item())"), items="@range(0, 100000)"))
        result = simulate(graph, default=succeed(duration=1))
        assert result["Do"].counts == {"Succeeded": 100_000}
        assert len(report_bytes(result)) < 1_000_000

    def test_needs_no_more_memory_for_more_items(self) -> None:
        def held(items: int) -> int:
            graph = pipeline(loop(activity("Do", url="@string(item())"), items=f"@range(0, {items})"))
            tracemalloc.start()
            simulate(graph, outcomes={"Do": sequence(*[fail()] * 400, succeed(duration=1))})
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            return peak

        held(600)  # what stays is caches
        assert held(6_000) < 2 * held(1_500)

    def test_refuses_more_items_than_adf_takes(self) -> None:
        many = activity(
            "Loop", "ForEach", items=expression("@union(range(0, 100000), createArray('one more'))"), activities=[]
        )
        assert simulate(pipeline(many))["Loop"].status == "Failed"


class TestFilter:
    def test_keeps_what_meets_the_condition(self) -> None:
        keep = activity(
            "Keep", "Filter", items=expression("@createArray(1, 2, 3)"), condition=expression("@greater(item(), 1)")
        )
        assert simulate(pipeline(keep))["Keep"].output == {"ItemsCount": 3, "FilteredItemsCount": 2, "value": [2, 3]}

    def test_inside_a_loop_the_item_is_the_element(self) -> None:
        keep = activity(
            "Keep", "Filter", items=expression("@createArray('a', 'b')"), condition=expression("@equals(item(), 'b')")
        )
        assert simulate(pipeline(loop(keep, items="@createArray('b')")))["Keep"].output["value"] == ["b"]

    def test_its_type_is_found_in_any_case(self) -> None:
        keep = activity("Keep", "filter", items=expression("@createArray(1)"), condition=expression("@equals(1, 1)"))
        assert simulate(pipeline(keep))["Keep"].output["value"] == [1]


def until(condition: str, *activities: dict[str, Any], **more: Any) -> dict[str, Any]:
    return activity("Until", "Until", expression=expression(condition), activities=list(activities), **more)


class TestUntil:
    def test_asks_after_each_pass(self) -> None:
        poll = sequence(succeed({"s": "Running"}), succeed({"s": "Running"}), succeed({"s": "Done"}))
        result = simulate(
            pipeline(until("@equals(activity('Poll').output.s, 'Done')", activity("Poll"))), outcomes={"Poll": poll}
        )
        assert (result.outcome, result["Until"].passes, result.ran) == (
            "Succeeded",
            3,
            ["Until", "Poll", "Poll", "Poll"],
        )

    def test_goes_on_when_a_pass_fails_and_the_last_one_decides(self) -> None:
        poll = sequence(fail(), fail(), succeed())
        result = simulate(
            pipeline(until("@equals(activity('Poll').Status, 'Succeeded')", activity("Poll"))), outcomes={"Poll": poll}
        )
        assert result.outcome == "Succeeded"
        assert (
            simulate(pipeline(until("@equals(1, 1)", activity("Poll"))), outcomes={"Poll": fail()}).outcome == "Failed"
        )

    def test_ends_what_runs_when_its_time_is_over(self) -> None:
        result = simulate(
            pipeline(until("@equals(1, 2)", activity("Long"), timeout="00:00:05")),
            outcomes={"Long": succeed(duration=60)},
        )
        assert (result["Long"].status, code_of(result, "Until"), result.duration) == (
            "Cancelled",
            "ActivityTimedOut",
            timedelta(seconds=5),
        )

    @pytest.mark.parametrize(("timeout", "days"), [(None, 7), ("90.00:00:00", 90)])
    def test_of_months_takes_no_time(self, timeout: str | None, days: int) -> None:
        more = {"timeout": timeout} if timeout else {}
        body = [activity("Poll"), activity("Pause", "Wait", "Poll", waitTimeInSeconds=10)]
        before = time.process_time()
        result = simulate(
            pipeline(until("@equals(activity('Poll').output.s, 'Done')", *body, **more)),
            outcomes={"Poll": {"s": "Running"}},
        )
        assert time.process_time() - before < 2
        assert result.duration == timedelta(days=days)
        assert result["Until"].passes in (days * 8640, days * 8640 - 1)

    def test_over_instant_activities_reaches_its_timeout(self) -> None:
        setter = activity("Set", "SetVariable", variableName="text", value="@{utcNow()}")
        graph = pipeline(until("@equals(1, 2)", setter, timeout="00:10:00"), variables=VARIABLES)
        assert simulate(graph).duration == timedelta(minutes=10)

    def test_counts_equal_passes_beside_others_exactly(self) -> None:
        counted = until("@equals(variables('text'), 'stop')", activity("Tick", "Wait", waitTimeInSeconds=7))
        other = [
            activity("Pause", "Wait", waitTimeInSeconds=100),
            activity("Stop", "SetVariable", "Pause", variableName="text", value="stop"),
        ]
        result = simulate(pipeline(counted, *other, variables=VARIABLES))
        assert (result["Until"].passes, result.duration) == (15, timedelta(seconds=105))


class TestRetriesAndTimeouts:
    def test_retries_until_it_succeeds(self) -> None:
        policy = {"retry": 2, "retryIntervalInSeconds": 40}
        result = simulate(
            pipeline(activity("Do", policy=policy)), outcomes={"Do": sequence(fail(), fail(), succeed({"n": 1}))}
        )
        assert (result.outcome, result["Do"].attempts, result["Do"].output, result.duration) == (
            "Succeeded",
            3,
            {"n": 1},
            timedelta(seconds=80),
        )

    def test_fails_when_all_attempts_have(self) -> None:
        result = simulate(
            pipeline(activity("Do", policy={"retry": "1"})), outcomes={"Do": sequence(fail("one"), fail("two"))}
        )
        assert (result["Do"].attempts, result.error, result.duration) == (
            2,
            "Operation on target Do failed: two",
            timedelta(seconds=30),
        )

    @pytest.mark.parametrize(("seconds", "status"), [(7 * 86_400, "Succeeded"), (7 * 86_400 + 1, "Failed")])
    def test_a_timeout_of_seven_days_takes_no_time(self, seconds: int, status: str) -> None:
        result = simulate(
            pipeline(activity("Do", policy={"timeout": "7.00:00:00"})), outcomes={"Do": succeed(duration=seconds)}
        )
        assert (result["Do"].status, result.duration) == (status, timedelta(days=7))

    def test_each_attempt_has_the_whole_timeout(self) -> None:
        policy = {"timeout": "00:10:00", "retry": 1}
        result = simulate(
            pipeline(activity("Do", policy=policy)),
            outcomes={"Do": sequence(succeed(duration=3600), succeed(duration=599))},
        )
        assert (result.outcome, result.duration) == ("Succeeded", timedelta(seconds=600 + 30 + 599))

    def test_the_default_is_twelve_hours(self) -> None:
        result = simulate(pipeline(activity("Do")), outcomes={"Do": succeed(duration=86_400)})
        assert result.duration == timedelta(hours=12)

    def test_a_webhook_has_ten_minutes(self) -> None:
        result = simulate(pipeline(activity("Call", "WebHook")), outcomes={"Call": succeed(duration=86_400)})
        assert result.duration == timedelta(minutes=10)

    def test_may_be_expressions(self) -> None:
        policy = {"timeout": expression("@concat('00:', '20:00')"), "retry": expression("@add(0, 1)")}
        result = simulate(
            pipeline(activity("Do", policy=policy)), outcomes={"Do": sequence(succeed(duration=3600), succeed())}
        )
        assert result["Do"].attempts == 2

    def test_what_cannot_be_evaluated_is_not_tried_again(self) -> None:
        result = simulate(
            pipeline(activity("Do", policy={"retry": 3}, url="@activity('None').output")), default=succeed()
        )
        assert (code_of(result, "Do"), result["Do"].run.attempts) == ("InvalidTemplate", [])


class TestValidation:
    def test_asks_again_until_it_is_there(self) -> None:
        answers = iter([False, False, True])
        result = simulate(
            pipeline(activity("There", "Validation", sleep=20)), outcomes={"There": lambda _: next(answers)}
        )
        assert (result.outcome, result.duration) == ("Succeeded", timedelta(seconds=40))

    def test_times_out(self) -> None:
        result = simulate(
            pipeline(activity("There", "Validation", timeout="00:01:00")), outcomes={"There": lambda _: False}
        )
        assert (result.outcome, result.duration) == ("Failed", timedelta(minutes=1))


def call(name: str, child: str, *after: str, **more: Any) -> dict[str, Any]:
    return activity(
        name, "ExecutePipeline", *after, pipeline={"referenceName": child, "type": "PipelineReference"}, **more
    )


CHILD = pipeline(
    activity("Work", url="@pipeline().parameters.day"),
    activity(
        "Return",
        "SetVariable",
        "Work",
        variableName="pipelineReturnValue",
        setSystemVariable=True,
        value=[{"key": "rows", "value": {"type": "Expression", "content": "@activity('Work').output.rows"}}],
    ),
    name="child",
    parameters={"day": {"type": "string"}, "size": {"type": "int", "defaultValue": 3}},
)


class TestExecutePipeline:
    def test_waits_and_gives_the_return_value(self) -> None:
        parent = pipeline(
            call("Call", "Child", parameters={"day": "@utcNow('yyyy')"}, waitOnCompletion=True),
            activity("Use", "WebActivity", "Call", url="@{activity('Call').output.pipelineReturnValue.rows}"),
        )
        seen: list[Any] = []
        result = simulate(
            parent, pipelines=[CHILD], outcomes={"Work": {"rows": 7}, "Use": lambda given: seen.append(given["url"])}
        )
        child = result["Call"].child
        assert child is not None
        assert (seen, child.parameters, child.run.system["TriggeredByPipelineName"]) == (
            ["7"],
            {"day": "2026", "size": 3},
            "main",
        )

    def test_fails_with_its_child(self) -> None:
        result = simulate(
            pipeline(call("Call", "child", parameters={"day": "x"})),
            pipelines={"child": CHILD},
            outcomes={"Work": fail("boom")},
        )
        assert result.error == "Operation on target Call failed: Operation on target Work failed: boom"

    def test_does_not_wait_when_told_so(self) -> None:
        parent = pipeline(
            call("Call", "child", parameters={"day": "x"}, waitOnCompletion=False),
            activity("Next", "WebActivity", "Call"),
        )
        result = simulate(parent, pipelines=CHILD, outcomes={"child/Work": fail(duration=60), "Next": succeed()})
        child = result["Call"].child
        assert child is not None
        assert (result.outcome, result.duration, child.outcome, child.duration) == (
            "Succeeded",
            timedelta(0),
            "Failed",
            timedelta(seconds=60),
        )

    def test_may_be_stubbed_as_a_whole(self) -> None:
        result = simulate(pipeline(call("Call", "elsewhere")), outcomes={"Call": {"pipelineReturnValue": {"a": 1}}})
        assert result.outcome == "Succeeded"

    def test_a_child_needs_its_parameters(self) -> None:
        result = simulate(pipeline(call("Call", "child")), pipelines=CHILD, default=succeed())
        assert message_of(result, "Call") == "The pipeline 'child' needs values for its parameters 'day'."

    def test_runs_of_one_pipeline_queue_for_its_concurrency(self) -> None:
        single = pipeline(activity("Work"), name="child", concurrency=1)
        result = simulate(pipeline(loop(call("Call", "child"))), pipelines=single, default=succeed(duration=10))
        assert result.duration == timedelta(seconds=40)

    def test_a_pipeline_must_not_start_itself(self) -> None:
        with pytest.raises(
            FindingsError, match="Circular reference not allowed in pipeline 'child': 'main' -> 'child' -> 'main'"
        ):
            simulate(pipeline(call("Call", "child")), pipelines=pipeline(call("Back", "MAIN"), name="child"))


class TestExpressions:
    def test_only_what_runs_before_may_be_referred_to(self) -> None:
        result = simulate(
            pipeline(activity("A"), activity("B", url="@activity('A').output.x")), default=succeed({"x": 1})
        )
        assert code_of(result, "B") == "InvalidTemplate"

    @pytest.mark.parametrize(
        "container",
        [
            activity("Box", "Until", expression=expression("@equals(1, 1)"), activities=[activity("In")]),
            activity("Box", "IfCondition", expression=expression("@equals(1, 1)"), ifTrueActivities=[activity("In")]),
            activity("Box", "Switch", on=expression("@string(1)"), defaultActivities=[activity("In")]),
        ],
        ids=lambda container: container["type"],
    )
    def test_what_ran_last_inside_of_a_container_is_seen_after_it(self, container: dict[str, Any]) -> None:
        seen: list[Any] = []
        after = activity("After", "WebActivity", "Box", url="@activity('In').output.x")
        outcomes: dict[str, Answer] = {"In": {"x": 5}, "After": lambda given: seen.append(given["url"])}
        simulate(pipeline(container, after), outcomes=outcomes)
        assert seen == [5]

    def test_what_ran_inside_of_a_foreach_is_not_seen_after_it(self) -> None:
        after = activity("After", "WebActivity", "Loop", url="@activity('In').output.x")
        result = simulate(pipeline(loop(activity("In")), after), default=succeed({"x": 5}))
        assert code_of(result, "After") == "InvalidTemplate"

    def test_an_error_is_read_by_what_handles_it(self) -> None:
        seen: list[Any] = []
        text = "@{activity('A').error.errorCode} @{activity('A').error.message} @{activity('A').error.failureType}"
        outcomes: dict[str, Answer] = {
            "A": fail("boom", code="42", failure_type="SystemError"),
            "Handler": lambda given: seen.append(given["url"]),
        }
        simulate(pipeline(activity("A"), activity("Handler", "WebActivity", "A:Failed", url=text)), outcomes=outcomes)
        assert seen == ["42 boom SystemError"]

    def test_a_skipped_or_inactive_activity_has_no_output(self) -> None:
        off = {**activity("A"), "state": "Inactive"}
        result = simulate(
            pipeline(off, activity("B", "WebActivity", "A", url="@activity('A').output.x")), default=succeed()
        )
        assert result["B"].status == "Failed"

    def test_the_run_knows_itself(self) -> None:
        seen: list[Any] = []
        text = "@{pipeline().Pipeline} @{pipeline().TriggerType} @{pipeline().DataFactory} @{pipeline().globalParameters.g}"
        simulate(
            pipeline(activity("A", url=text)),
            global_parameters={"g": 5},
            system={"DataFactory": "df"},
            outcomes={"A": lambda given: seen.append(given["url"])},
        )
        assert seen == ["main Manual df 5"]

    def test_the_clock_is_virtual(self) -> None:
        start = datetime(2030, 5, 6, tzinfo=timezone.utc)
        seen: list[Any] = []
        graph = pipeline(
            activity("Wait", "Wait", waitTimeInSeconds=86_400),
            activity("A", "WebActivity", "Wait", url="@utcNow('yyyy-MM-dd')"),
        )
        result = simulate(graph, clock=start, outcomes={"A": lambda given: seen.append(given["url"])})
        assert (seen, result.start) == (["2030-05-07"], start)

    def test_a_clock_in_another_zone_is_the_same_moment(self) -> None:
        start = datetime(2030, 5, 6, 2, tzinfo=timezone(timedelta(hours=2)))
        assert report(simulate(pipeline(), clock=start))["start"] == "2030-05-06T00:00:00.000000Z"
        assert report(simulate(pipeline(), clock=datetime(2030, 5, 6)))["start"] == "2030-05-06T00:00:00.000000Z"


TRIGGER = {
    "name": "Daily",
    "properties": {
        "type": "TumblingWindowTrigger",
        "pipeline": {
            "pipelineReference": {"referenceName": "main", "type": "PipelineReference"},
            "parameters": {
                "start": "@trigger().outputs.windowStartTime",
                "day": "@formatDateTime(trigger().outputs.windowEndTime, 'yyyy-MM-dd')",
            },
        },
        "typeProperties": {"frequency": "Hour", "interval": 24, "startTime": "2026-01-01T00:00:00Z"},
    },
}


class TestTrigger:
    def test_a_window_binds_the_parameters(self) -> None:
        graph = pipeline(
            parameters={
                "start": {"type": "string"},
                "day": {"type": "string"},
                "other": {"type": "int", "defaultValue": 1},
            }
        )
        result = simulate(graph, trigger=TRIGGER, window=("2026-03-01", "2026-03-02T00:00:00+00:00"))
        assert result.parameters == {"start": "2026-03-01T00:00:00Z", "day": "2026-03-02", "other": 1}
        assert result.run.system["TriggerType"] == "TumblingWindowTrigger"

    def test_of_another_pipeline_is_refused(self) -> None:
        with pytest.raises(FindingsError, match="The trigger starts 'main', not 'another'"):
            simulate(pipeline(name="another"), trigger=TRIGGER, window=("2026-03-01", "2026-03-02"))


class TestWhatIsAskedFor:
    def test_an_activity_without_outcome_is_named_with_all_others(self) -> None:
        graph = pipeline(
            activity("A"),
            activity("B", "WebActivity", "A"),
            activity("C", "WebActivity", "A:Failed"),
            activity("W", "Wait", waitTimeInSeconds=1),
        )
        with pytest.raises(SimulationError) as caught:
            simulate(graph, outcomes={"A": succeed()})
        assert caught.value.problems == (
            "'B' has no outcome. Give it one: outcomes={'B': succeed()}, or default=succeed().",
            "Others without an outcome that it may come to: 'C'.",
        )

    def test_an_activity_that_never_runs_needs_no_outcome(self) -> None:
        graph = pipeline(activity("A"), activity("C", "WebActivity", "A:Failed"))
        assert simulate(graph, outcomes={"A": succeed()}).outcome == "Succeeded"

    @pytest.mark.parametrize(
        ("outcomes", "problem"),
        [
            ({"Ingst": succeed()}, "There is no activity 'Ingst' to give an outcome to. Did you mean 'Ingest'?"),
            ({"Wait": succeed()}, "'Wait' is of type Wait, which runs by itself; it takes no outcome."),
            ({"Ingest": fail}, "The outcome of 'Ingest' is the function fail; call it: fail()."),
            (
                {"Ingest": sequence(fail(), succeed)},
                "The outcome of 'Ingest' is the function succeed; call it: succeed().",
            ),
            (
                {"Ingest": "ok"},
                "The outcome of 'Ingest' cannot be 'ok': give succeed(…), fail(…), an output as a dict, or a function.",
            ),
            (
                {"Ingest": lambda _: True},
                "The outcome of 'Ingest' cannot be True: give succeed(…), fail(…), an output as a dict, or a function.",
            ),
            (
                {"Ingest": succeed(), "INGEST": fail()},
                "'Ingest' and 'INGEST' are one activity; names are compared without case.",
            ),
        ],
    )
    def test_an_outcome_must_be_of_an_activity_that_takes_one(self, outcomes: Any, problem: str) -> None:
        with pytest.raises(SimulationError) as caught:
            simulate(pipeline(activity("Ingest"), activity("Wait", "Wait", waitTimeInSeconds=1)), outcomes=outcomes)
        assert caught.value.problems == (problem,)

    def test_parameters_must_be_known_and_complete(self) -> None:
        with pytest.raises(SimulationError) as caught:
            simulate(pipeline(parameters={"day": {"type": "string"}}), parameters={"dya": 1})
        assert caught.value.problems == (
            "The pipeline has no parameter 'dya'. Did you mean 'day'?",
            "The parameter 'day' has no default; give it a value.",
        )

    def test_variables_must_be_known(self) -> None:
        with pytest.raises(SimulationError, match=r"The pipeline has no variable 'txet'. Did you mean 'text'?"):
            simulate(pipeline(variables=VARIABLES), variables={"txet": 1})

    def test_any_form_of_a_pipeline_is_taken(self, tmp_path: Any) -> None:
        (tmp_path / "activities.json").write_text(
            '[{"name": "A", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}}]'
        )
        assert simulate(tmp_path / "activities.json").ran == ["A"]
        assert simulate(tmp_path).ran == ["A"]
        assert simulate([activity("A")], default=succeed()).ran == ["A"]

    def test_a_definition_is_asked_for_its_document(self) -> None:
        class Definition:
            def document(self) -> Any:
                return parse('[{"name": "A", "type": "WebActivity"}]', "activities.json")[0][0]

        assert simulate(Definition(), default=succeed()).ran == ["A"]

    def test_an_unknown_activity_of_a_result_is_an_error(self) -> None:
        with pytest.raises(KeyError, match="Did you mean 'Ingest'"):
            simulate([activity("Ingest")], default=succeed())["Ingets"]


class TestResult:
    def test_tells_the_order_of_events(self) -> None:
        graph = pipeline(activity("A"), activity("B"), activity("C", "WebActivity", "A", "B"))
        result = simulate(graph, outcomes={"A": succeed(duration=2), "B": succeed(duration=1), "C": succeed()})
        assert [(event.activity, event.what) for event in result.events] == [
            ("A", "started"), ("B", "started"), ("B", "Succeeded"), ("A", "Succeeded"), ("C", "started"), ("C", "Succeeded"),
        ]  # fmt: skip

    def test_the_same_simulation_gives_the_same_report_to_the_byte(self) -> None:
        graph = pipeline(
            loop(activity("A", url="@concat(guid(), string(rand(1, 1000)), utcNow())")),
            activity("B", policy={"retry": 1}),
        )
        reports = [
            report_bytes(simulate(graph, outcomes={"A": succeed(duration=0.1), "B": sequence(fail(), succeed())}))
            for _ in range(2)
        ]
        assert reports[0] == reports[1]

    def test_a_run_of_120_activities_takes_milliseconds(self) -> None:
        chain = [activity("A0")] + [
            activity(f"A{n}", "WebActivity", f"A{n - 1}", url=f"@activity('A{n - 1}').output.n") for n in range(1, 120)
        ]

        def spent() -> float:
            before = time.process_time()  # what else the machine does is no concern of this test
            assert simulate(chain, default=succeed({"n": 1})).outcome == "Succeeded"
            return time.process_time() - before

        assert min(spent() for _ in range(5)) < 0.1
