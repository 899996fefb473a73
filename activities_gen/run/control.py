"""What the activities do. One function per type begins it; for containers, another goes on after each pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from activities_gen.expressions import ExpressionError
from activities_gen.model.timespans import DAY, SECOND
from activities_gen.model.values import whole_number
from activities_gen.run.attempts import AttemptPolicy
from activities_gen.run.errors import Error, Failure
from activities_gen.run.evaluation import has_expression
from activities_gen.run.loops import begin_foreach, begin_until, resume_foreach, resume_until, span, wrong_type
from activities_gen.run.outcome import inner_failure, target_failure
from activities_gen.run.parameters import bind
from activities_gen.run.references import started
from activities_gen.run.state import visible
from activities_gen.run.variables import return_value

if TYPE_CHECKING:
    from activities_gen.run.machine import Machine
    from activities_gen.run.state import ActivityRun, PipelineRun, Scope

HALF_A_DAY = DAY // 2
"""Default timeout of an execution activity and of a Validation."""

WEBHOOK_TIMEOUT = 600 * SECOND
"""Default timeout of a WebHook."""

RETRY_INTERVAL = 30
"""Default of a policy's ``retryIntervalInSeconds``."""


def execute(engine: Machine, run: ActivityRun) -> None:
    """Hand an activity to the executor.

    Its expressions are evaluated once; all attempts get the same input.

    Raises:
        Failure: The policy's expressions give no time span or no number.
    """
    run.input = engine.value(run, _raw_input(run.activity.json, run.activity.type_properties))
    policy = run.activity.policy
    interval = policy.get("retryIntervalInSeconds", RETRY_INTERVAL)
    run.state = AttemptPolicy(
        _timeout(engine, run),
        _whole_number(engine.value(run, policy.get("retry", 0)), "retry"),
        _whole_number(interval, "retryIntervalInSeconds") * SECOND,
    )
    engine.attempt(run)


def _raw_input(activity: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    """Returns what an executor may want to know of an activity, before evaluation."""
    beside = {key: activity[key] for key in ("inputs", "outputs") if activity.get(key)}
    service = activity.get("linkedServiceName")
    if isinstance(service, dict) and service.get("parameters"):
        beside["linkedServiceName"] = service
    return {**properties, **beside} if beside else properties


def _timeout(engine: Machine, run: ActivityRun) -> int:
    if run.activity.type == "Validation":
        return span(engine.value(run, run.activity.type_properties.get("timeout")), HALF_A_DAY)
    if run.activity.type == "WebHook":
        return span(engine.value(run, run.activity.type_properties.get("timeout")), WEBHOOK_TIMEOUT)
    return span(engine.value(run, run.activity.policy.get("timeout")), HALF_A_DAY)


def _whole_number(value: Any, what: str) -> int:
    """A number that is not negative, given as number or text.

    Raises:
        Failure: It is none.
    """
    number = whole_number(value)
    if number is None:
        raise Failure("InvalidTemplate", f"'{what}' must be a whole number from 0, not '{value}'.")
    return number


def begin_set_variable(engine: Machine, run: ActivityRun) -> None:
    """SetVariable: a variable, or the pipeline's return value.

    Raises:
        Failure: The variable is not declared or of another type.
    """
    properties = run.activity.type_properties
    name = properties.get("variableName")
    if properties.get("setSystemVariable") is True:
        value = return_value(properties.get("value"), lambda raw: engine.value(run, raw))
        run.scope.pipeline.returned.update(value)
    else:
        name = run.scope.pipeline.variables.spelling(name)
        value = engine.value(run, properties.get("value"))
        run.scope.pipeline.variables.set(name, value)
    run.input = {"variableName": name, "value": value}
    engine.finish(run, {"name": name, "value": value})


def begin_append_variable(engine: Machine, run: ActivityRun) -> None:
    """AppendVariable.

    Raises:
        Failure: The variable is not declared or no array.
    """
    variables = run.scope.pipeline.variables
    name = variables.spelling(run.activity.type_properties.get("variableName"))
    value = engine.value(run, run.activity.type_properties.get("value"))
    variables.append(name, value)
    run.input = {"variableName": name, "value": value}
    engine.finish(run, {"name": name, "value": value})


def begin_wait(engine: Machine, run: ActivityRun) -> None:
    """Wait.

    Raises:
        Failure: The time is no number.
    """
    seconds = _whole_number(
        engine.value(run, run.activity.type_properties.get("waitTimeInSeconds")), "waitTimeInSeconds"
    )
    run.input = {"waitTimeInSeconds": seconds}
    over = engine.now + engine.waits.pause(seconds * SECOND)
    run.timer = engine.timers.set(over, lambda run: engine.finish(run, {}), run)


def begin_fail(engine: Machine, run: ActivityRun) -> None:
    """Fail: with the message and code given, or with those that ADF documents for what it cannot interpret.

    Raises:
        Failure: The message or the code is written as something else than a text or an expression.
    """
    message = _text_of(engine, run, "message")
    code = _text_of(engine, run, "errorCode")
    run.input = {"message": message, "errorCode": code}
    engine.finish(run, None, Error(code or "ErrorCodeNotString", message or _instead_of(message, code, run)))


def _text_of(engine: Machine, run: ActivityRun, key: str) -> str | None:
    """A text property of a Fail; empty if it is blank, ``None`` if it cannot be evaluated or gives no text.

    Raises:
        Failure: It is neither a text nor an expression.
    """
    raw = run.activity.type_properties.get(key)
    if raw is not None and not isinstance(raw, str) and not has_expression(raw):
        raise Failure("InvalidTemplate", f"Invalid value for property '{key}'.")
    try:
        value = engine.value(run, raw)
    except ExpressionError:
        return None
    if value is None:
        return ""
    return value.strip() and value if isinstance(value, str) else None


def _instead_of(message: str | None, code: str | None, run: ActivityRun) -> str:
    """What ADF says for a message that is missing, blank, or no text (documented under "Fail activity error code")."""
    if run.activity.type_properties.get("message") is None:
        return "Fail message wasn't provided"
    if message is None and code is not None:
        return f"{run.name} fail message parameter couldn't be interpreted as a string"
    return f"Failed to interpret {run.name} fail message or error code"


def begin_filter(engine: Machine, run: ActivityRun) -> None:
    """Filter: inside its condition, ``item()`` is the element, also where a loop is around it.

    Raises:
        Failure: The items are no array, or the condition gives no boolean.
    """
    items = engine.value(run, run.activity.type_properties.get("items"))
    if not isinstance(items, list):
        raise wrong_type("filter", run.activity.type_properties.get("items"), items, "array")
    condition = run.activity.type_properties.get("condition")
    seen = visible(run)
    chosen = []
    for item in items:
        keep = engine.value(run, condition, seen, item)
        if not isinstance(keep, bool):
            raise wrong_type("filter", condition, keep, "boolean")
        if keep:
            chosen.append(item)
    run.input = {"items": items}
    engine.finish(run, {"ItemsCount": len(items), "FilteredItemsCount": len(chosen), "value": chosen})


def begin_if(engine: Machine, run: ActivityRun) -> None:
    """IfCondition.

    Raises:
        Failure: The expression gives no boolean.
    """
    expression = run.activity.type_properties.get("expression")
    value = engine.value(run, expression)
    if not isinstance(value, bool):
        raise wrong_type("if condition", expression, value, "boolean")
    run.input = {"expression": value}
    engine.enter(run, "ifTrueActivities" if value else "ifFalseActivities", 0, run.scope.item)


def begin_switch(engine: Machine, run: ActivityRun) -> None:
    """Switch: the case whose value equals the text of ``on``, else the default.

    Raises:
        Failure: ``on`` gives neither text nor a whole number.
    """
    expression = run.activity.type_properties.get("on")
    value = engine.value(run, expression)
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise wrong_type("switch", expression, value, "string or integer")
    run.input = {"on": value}
    branch = f"case {value}"
    known = any(other.key == branch for other in run.activity.branches)
    engine.enter(run, branch if known else "defaultActivities", 0, run.scope.item)


def resume_branch(engine: Machine, run: ActivityRun, scope: Scope, failed: list[ActivityRun]) -> None:  # noqa: ARG001 - one signature for all
    """The branch that was taken has ended; it decides how its container came out."""
    run.passes += 1
    engine.finish(run, {}, inner_failure(failed) if failed else None)


def begin_execute_pipeline(engine: Machine, run: ActivityRun) -> None:
    """ExecutePipeline: start a child run, and wait for it unless told not to.

    Without ``waitOnCompletion`` it waits, as the documentation says and Studio writes. A pipeline that is not known is
    left to the executor.

    Raises:
        Failure: A parameter has no value, or too many runs of the pipeline are queued.
    """
    model = started(run.activity, engine.repository)
    if model is None:
        execute(engine, run)
        return
    given = engine.value(run, run.activity.type_properties.get("parameters") or {})
    run.input = {"pipeline": model.name, "parameters": given}
    values, missing = bind(model.parameters, given)
    if missing:
        names = ", ".join(f"'{parameter}'" for parameter in missing)
        raise Failure("InvalidTemplate", f"The pipeline '{model.name}' needs values for its parameters {names}.")
    child = engine.child(run, model, values)
    run.child = child
    engine.submit(child)
    if run.activity.type_properties.get("waitOnCompletion", True) is False:
        engine.finish(run, {"pipelineName": model.name, "pipelineRunId": child.id})


def child_ended(engine: Machine, child: PipelineRun) -> None:
    """A child run has ended; go on with the activity that waits for it, if one does."""
    run = child.parent
    if run is None or run.status is not None:
        return
    if run.cancelling:
        engine.end_cancelled(run)
        return
    output: dict[str, Any] = {"pipelineName": child.model.name, "pipelineRunId": child.id}
    if child.returned:
        output["pipelineReturnValue"] = child.returned
    if child.culprits:
        engine.finish(run, output, Error("ActionFailed", target_failure(child.culprits)))
    else:
        engine.finish(run, output)


Begin = Callable[["Machine", "ActivityRun"], None]
Resume = Callable[["Machine", "ActivityRun", "Scope", "list[ActivityRun]"], None]

BEGIN: dict[str, Begin] = {
    "AppendVariable": begin_append_variable,
    "ExecutePipeline": begin_execute_pipeline,
    "Fail": begin_fail,
    "Filter": begin_filter,
    "ForEach": begin_foreach,
    "IfCondition": begin_if,
    "SetVariable": begin_set_variable,
    "Switch": begin_switch,
    "Until": begin_until,
    "Wait": begin_wait,
}
"""Activities that the engine runs itself; all others are handed to the executor."""

RESUME: dict[str, Resume] = {
    "ForEach": resume_foreach,
    "IfCondition": resume_branch,
    "Switch": resume_branch,
    "Until": resume_until,
}
"""What a container does when a pass through one of its scopes has ended."""
