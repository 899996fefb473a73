"""Dependencies, nesting, variables and expressions: for each documented rule the bad JSON and the finding it gets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from activities_gen.catalogue.examples import (
    activity,
    after,
    call,
    dataset,
    expression,
    loop,
    pipeline,
    set_variable,
    wait,
    window,
)
from activities_gen.rules import check_documents
from activities_gen.wire.document import parse


def codes(value: Any) -> set[str]:
    documents, findings = parse(value if isinstance(value, str) else json.dumps(value), "demo.json")
    return {finding.code for finding in [*findings, *check_documents(documents)]}


def table(*rows: tuple[str, str, Any]) -> Any:
    return pytest.mark.parametrize(
        ("code", "bad"), [(code, bad) for _, code, bad in rows], ids=[f"{code}-{name}" for name, code, _ in rows]
    )


def switch(cases: Any, **more: Any) -> dict[str, Any]:
    return activity("Switch", "Choose", on=expression("@pipeline().TriggerName"), cases=cases, **more)


def container(kind: str, *inner: Any, name: str = "Outer") -> dict[str, Any]:
    """A container of a kind around some activities."""
    if kind == "ForEach":
        return loop(*inner, name=name)
    if kind == "Until":
        return activity("Until", name, expression=expression("@equals(1, 1)"), activities=list(inner))
    if kind == "Switch":
        return activity(
            "Switch", name, on=expression("@pipeline().TriggerName"), cases=[{"value": "a", "activities": list(inner)}]
        )
    return activity("IfCondition", name, expression=expression("@equals(1, 1)"), ifTrueActivities=list(inner))


def lookup(**more: Any) -> dict[str, Any]:
    table_reference = {"referenceName": "Table", "type": "DatasetReference"}
    return activity("Lookup", "Look", source={"type": "AzureSqlSource"}, dataset=table_reference, **more)


def then(node: dict[str, Any]) -> dict[str, Any]:
    return node | {"dependsOn": after("Look")}


@table(
    ("unknown", "ADF203", [wait("A"), wait("B", dependsOn=after("C"))]),
    ("itself", "ADF202", [wait("A", dependsOn=after("a"))]),
    ("other scope, inward", "ADF204", [loop(wait("A")), wait("B", dependsOn=after("A"))]),
    ("other scope, outward", "ADF204", [wait("A"), loop(wait("B", dependsOn=after("A")))]),
    ("duplicate", "ADF205", [wait("A"), wait("B", dependsOn=after("A", "A"))]),
    (
        "circle",
        "ADF206",
        [wait("A", dependsOn=after("C")), wait("B", dependsOn=after("A")), wait("C", dependsOn=after("B"))],
    ),
    ("OnSuccess", "ADF207", [wait("A"), wait("B", dependsOn=after("A", on="OnSuccess"))]),
    ("lower case", "ADF207", [wait("A"), wait("B", dependsOn=after("A", on="succeeded"))]),
    ("no condition", "ADF208", [wait("A"), wait("B", dependsOn=[{"activity": "A"}])]),
    (
        "Completed and Succeeded",
        "ADF209",
        [wait("A"), wait("B", dependsOn=[{"activity": "A", "dependencyConditions": ["Succeeded", "Completed"]}])],
    ),
    ("list of names", "ADF201", [wait("A"), wait("B", dependsOn=["A"])]),
    ("object", "ADF201", [wait("A"), wait("B", dependsOn={"activity": "A", "dependencyConditions": ["Succeeded"]})]),
    (
        "conditions as text",
        "ADF201",
        [wait("A"), wait("B", dependsOn=[{"activity": "A", "dependencyConditions": "Succeeded"}])],
    ),
    ("entry without name", "ADF201", [wait("B", dependsOn=[{"dependencyConditions": ["Succeeded"]}])]),
    (
        "after both branches",
        "ADF210",
        [
            wait("A"),
            wait("S", dependsOn=after("A")),
            wait("F", dependsOn=after("A", on="Failed")),
            wait("N", dependsOn=after("S", "F")),
        ],
    ),
    ("success of Fail", "ADF210", [activity("Fail", "A", message="m", errorCode="1"), wait("B", dependsOn=after("A"))]),
    ("skip of the first", "ADF210", [wait("A"), wait("B", dependsOn=after("A", on="Skipped"))]),
    (
        "success of inactive marked failed",
        "ADF210",
        [wait("A", state="Inactive", onInactiveMarkAs="Failed"), wait("B", dependsOn=after("A"))],
    ),
    (
        "failure in a chain, joined",
        "ADF210",
        [
            wait("A"),
            wait("B", dependsOn=after("A")),
            wait("C", dependsOn=after("B")),
            wait("D", dependsOn=after("A", on="Failed") + after("C")),
        ],
    ),
)
def test_dependencies(code: str, bad: Any) -> None:
    assert code in codes(bad)


PATTERNS = {
    "try-catch": [wait("A"), wait("F", dependsOn=after("A", on="Failed"))],
    "do-if-else": [wait("A"), wait("F", dependsOn=after("A", on="Failed")), wait("S", dependsOn=after("A"))],
    "do-if-skip-else": [
        wait("A"),
        wait("F", dependsOn=after("A", on="Failed")),
        wait("S", dependsOn=after("A")),
        wait("D", dependsOn=after("S", on="Skipped")),
    ],
    "try-catch-proceed": [
        wait("A"),
        wait("F", dependsOn=after("A", on="Failed")),
        wait("N", dependsOn=[{"activity": "F", "dependencyConditions": ["Succeeded", "Skipped"]}]),
    ],
    "generic handler": [
        wait("A"),
        wait("B", dependsOn=after("A")),
        wait("C", dependsOn=after("B")),
        wait("E", dependsOn=[{"activity": "C", "dependencyConditions": ["Failed", "Skipped"]}]),
    ],
    "best effort": [wait("A"), wait("B", dependsOn=after("A", on="Completed"))],
    "join of two": [wait("A"), wait("B"), wait("C", dependsOn=after("A", "B"))],
    "both completed": [
        wait("A"),
        wait("B", dependsOn=after("A")),
        wait("C", dependsOn=after("A", "B", on="Completed")),
    ],
}


@pytest.mark.parametrize("good", PATTERNS.values(), ids=PATTERNS)
def test_documented_patterns_of_error_handling_are_fine(good: Any) -> None:
    assert not {code for code in codes(good) if code.startswith("ADF2")}


CONTAINERS = ("ForEach", "Until", "IfCondition", "Switch")
ALLOWED = {(outer, inner) for outer in ("ForEach", "Until") for inner in ("IfCondition", "Switch")}


@pytest.mark.parametrize("outer", CONTAINERS)
@pytest.mark.parametrize("inner", CONTAINERS)
def test_nesting_of_containers(outer: str, inner: str) -> None:
    found = codes([container(outer, container(inner, wait(), name="Inner"))])
    assert ("ADF320" in found) is ((outer, inner) not in ALLOWED)


@pytest.mark.parametrize("outer", CONTAINERS)
def test_validation_stands_in_no_container(outer: str) -> None:
    validation = activity("Validation", "V", dataset={"referenceName": "D", "type": "DatasetReference"})
    assert "ADF321" in codes([container(outer, validation)])


def test_a_third_container_is_too_deep() -> None:
    assert "ADF320" in codes([loop(container("IfCondition", container("Switch", wait(), name="S"), name="I"))])


VARIABLES = {"s": {"type": "String"}, "b": {"type": "Bool"}, "a": {"type": "Array"}}


def with_variables(*nodes: dict[str, Any]) -> dict[str, Any]:
    return pipeline(*nodes, variables=VARIABLES)


@table(
    ("items a text", "ADF456", [loop(wait(), items="@{createArray(1)}")]),
    ("items without at", "ADF456", [loop(wait(), items="createArray(1)")]),
    ("items a text function", "ADF456", [loop(wait(), items="@concat('a', 'b')")]),
    ("items the whole output", "ADF456", [lookup(), then(loop(wait(), items="@activity('Look').output"))]),
    ("items a row", "ADF456", [lookup(), then(loop(wait(), items="@activity('Look').output.firstRow"))]),
    ("variable in a parallel loop", "ADF311", with_variables(loop(set_variable("s", "@{item()}")))),
    (
        "inner read from outside",
        "ADF453",
        [loop(lookup()), set_variable("s", "@string(activity('Look').output)") | {"dependsOn": after("Each")}],
    ),
    (
        "condition a text",
        "ADF457",
        [container("IfCondition", wait()) | {"typeProperties": {"expression": expression("@concat('tr', 'ue')")}}],
    ),
    (
        "condition interpolated",
        "ADF457",
        [container("IfCondition", wait()) | {"typeProperties": {"expression": expression("@{equals(1, 1)}")}}],
    ),
    (
        "Until condition a number",
        "ADF457",
        [activity("Until", "U", expression=expression("@add(1, 1)"), activities=[wait()])],
    ),
    ("no cases worth having", "ADF323", [switch([{"value": "a", "activities": []}, {"value": "a", "activities": []}])]),
    ("case value a number", "ADF220", [switch([{"value": 5, "activities": [wait()]}])]),
    ("Fail without message", "ADF330", [activity("Fail", "F", message=" ", errorCode="1")]),
    ("Fail with a number", "ADF220", [activity("Fail", "F", message="m", errorCode=500)]),
    ("Wait below nought", "ADF331", [activity("Wait", "W", waitTimeInSeconds=-1)]),
    ("Wait of a fraction", "ADF331", [activity("Wait", "W", waitTimeInSeconds=1.5)]),
    ("ExecutePipeline of itself", "ADF505", pipeline(call("demo"))),
    ("ExecutePipeline without target", "ADF501", [call("")]),
    ("waiting left open", "ADF506", [call("child", waitOnCompletion=None)]),
    (
        "return value not waited for",
        "ADF468",
        with_variables(
            call("child", waitOnCompletion=False),
            set_variable("s", "@activity('Run').output.pipelineReturnValue.x") | {"dependsOn": after("Run")},
        ),
    ),
    ("undeclared variable set", "ADF307", with_variables(set_variable("x", "1"))),
    ("variable from itself", "ADF309", with_variables(set_variable("s", "@{variables('S')}x"))),
    ("text into Bool", "ADF310", with_variables(set_variable("b", "yes"))),
    ("text into Array", "ADF310", with_variables(set_variable("a", "yes"))),
    ("list into String", "ADF310", with_variables(set_variable("s", ["x"]))),
    ("interpolation into Array", "ADF314", with_variables(set_variable("a", "@{createArray(1)}"))),
    ("number into String", "ADF314", with_variables(set_variable("s", "@add(1, 1)"))),
    ("append to String", "ADF308", with_variables(activity("AppendVariable", "A", variableName="s", value="1"))),
    (
        "append to an undeclared one",
        "ADF307",
        with_variables(activity("AppendVariable", "A", variableName="x", value="1")),
    ),
    (
        "another system variable",
        "ADF313",
        [activity("SetVariable", "R", variableName="runId", setSystemVariable=True, value=[])],
    ),
    (
        "return value of another form",
        "ADF313",
        [
            activity(
                "SetVariable", "R", variableName="pipelineReturnValue", setSystemVariable=True, value=[{"key": "a"}]
            )
        ],
    ),
    ("undeclared variable read", "ADF422", with_variables(set_variable("s", "@variables('x')"))),
    ("item() outside", "ADF424", with_variables(set_variable("s", "@item()"))),
    (
        "item() in a Filter's items",
        "ADF424",
        [activity("Filter", "F", items=expression("@item()"), condition=expression("@equals(1, 1)"))],
    ),
    (
        "activity not upstream",
        "ADF453",
        with_variables(lookup(), set_variable("s", "@string(activity('Look').output)")),
    ),
    ("activity that reads itself", "ADF453", with_variables(set_variable("s", "@string(activity('Set').output)"))),
    ("trigger() in a pipeline", "ADF425", with_variables(set_variable("s", "@trigger().outputs.windowStartTime"))),
    ("triggerBody() in a pipeline", "ADF425", with_variables(set_variable("s", "@triggerBody().fileName"))),
    (
        "pipeline() in a dataset",
        "ADF425",
        {**dataset(), "properties": dataset()["properties"] | {"typeProperties": {"x": "@pipeline().parameters.p"}}},
    ),
    ("dataset() in a pipeline", "ADF425", with_variables(set_variable("s", "@dataset().p"))),
)
def test_single_activities_and_scopes(code: str, bad: Any) -> None:
    assert code in codes(bad)


@pytest.mark.parametrize(("name", "noted"), [("look", True), ("Look", False)])
def test_an_activity_in_another_letter_case_is_found_and_noted(name: str, noted: bool) -> None:
    reading = set_variable("n", f"@string(activity('{name}').output)")
    found = codes(pipeline(lookup(), then(reading), variables={"n": {"type": "String"}}))
    assert ("ADF428" in found) is noted
    assert "ADF452" not in found


def test_item_is_visible_below_an_if_in_a_loop_and_in_a_filters_condition() -> None:
    good = with_variables(
        loop(container("IfCondition", set_variable("s", "@{item()}"), name="If")),
        activity("Filter", "F", items=expression("@createArray(1)"), condition=expression("@equals(item(), 1)")),
    )
    assert "ADF424" not in codes(good)


def test_the_condition_of_an_until_reads_what_is_inside_it_and_what_follows_reads_its_last_pass() -> None:
    until = activity(
        "Until", "U", expression=expression("@equals(activity('Look').output.firstRow.n, 1)"), activities=[lookup()]
    )
    reader = set_variable("s", "@string(activity('Look').output.firstRow.n)") | {"dependsOn": after("U")}
    assert "ADF453" not in codes(with_variables(until, reader))


def test_an_activity_in_a_container_reads_what_is_upstream_of_the_container() -> None:
    inner = set_variable("s", "@string(activity('Look').output)")
    good = with_variables(lookup(), then(loop(inner, isSequential=True)))
    assert "ADF453" not in codes(good)


@table(
    ("parameter type", "ADF301", pipeline(wait(), parameters={"p": {"type": "Date"}})),
    ("parameter without type", "ADF301", pipeline(wait(), parameters={"p": {"defaultValue": "1"}})),
    ("parameter that is no object", "ADF301", pipeline(wait(), parameters={"p": "1"})),
    ("variable type", "ADF304", pipeline(wait(), variables={"v": {"type": "Object"}})),
    ("list for Int", "ADF302", pipeline(wait(), parameters={"p": {"type": "int", "defaultValue": [1]}})),
    ("text for Bool", "ADF302", pipeline(wait(), parameters={"p": {"type": "bool", "defaultValue": "maybe"}})),
    ("text for Object", "ADF302", pipeline(wait(), parameters={"p": {"type": "object", "defaultValue": "x"}})),
    ("fraction for Int", "ADF302", pipeline(wait(), parameters={"p": {"type": "int", "defaultValue": 1.5}})),
    (
        "expression as default",
        "ADF305",
        pipeline(wait(), parameters={"p": {"type": "string", "defaultValue": "@utcNow()"}}),
    ),
    (
        "unknown parameter read",
        "ADF420",
        pipeline(set_variable("v", "@pipeline().parameters.x"), parameters={}, variables={"v": {"type": "String"}}),
    ),
    ("parameter nobody reads", "ADF303", pipeline(wait(), parameters={"p": {"type": "string"}})),
    ("variable nobody uses", "ADF306", pipeline(wait(), variables={"v": {"type": "String"}})),
    (
        "pipelines on a tumbling window",
        "ADF705",
        {"name": "t", "properties": {"type": "TumblingWindowTrigger", "pipelines": []}},
    ),
    (
        "pipeline on a schedule",
        "ADF705",
        {"name": "t", "properties": {"type": "ScheduleTrigger", "pipeline": {}, "typeProperties": {}}},
    ),
    (
        "no parameters in an entry",
        "ADF720",
        window({"pipelineReference": {"referenceName": "demo", "type": "PipelineReference"}}),
    ),
    (
        "empty base parameter",
        "ADF610",
        [activity("DatabricksNotebook", "N", notebookPath="/a", baseParameters={"p": None})],
    ),
)
def test_parameters_and_variables(code: str, bad: Any) -> None:
    assert code in codes(bad)


def test_parameter_types_are_compared_without_letter_case() -> None:
    kinds = ("object", "STRING", "Int", "float", "BOOL", "array", "SecureString")
    assert "ADF301" not in codes(pipeline(wait(), parameters={kind: {"type": kind} for kind in kinds}))


@table(
    ("arity", "ADF403", "@and(equals(1, 1), equals(1, 1), equals(1, 1), equals(1, 1), equals(1, 1))"),
    ("arity of a function that reads", "ADF403", "@variables('v', 's')"),
    ("index of no string", "ADF404", "@substring(pipeline().RunId, -1, 4)"),
    ("type", "ADF404", "@concat(toUpper(5), 'a')"),
    ("dot missing", "ADF415", "@pipeline().parameters.p x"),
    ("pipeline without parentheses", "ADF410", "@pipeline.parameters.n"),
    ("variables without quotes", "ADF401", "@variables(v)"),
    ("parenthesis missing", "ADF401", "@concat('a', 'b'"),
    ("data flow function", "ADF407", "@toString(1)"),
    ("unknown function", "ADF402", "@dateDif('a', 'b')"),
    ("int of nothing", "ADF404", "@int('')"),
    ("date of nothing", "ADF404", "@formatDateTime('', 'yyyy')"),
    ("text beginning with at", "ADF401", "@_c1"),
    ("unknown activity", "ADF452", "@activity('X').output"),
)
def test_messages_of_expressions(code: str, bad: Any) -> None:
    assert code in codes(with_variables(set_variable("s", bad)))


@table(
    ("value of a single row", "ADF455", [lookup(), then(loop(wait(), items="@activity('Look').output.value"))]),
    (
        "count of a single row",
        "ADF455",
        [lookup(), then(activity("Wait", "W", waitTimeInSeconds=expression("@activity('Look').output.count")))],
    ),
    (
        "first row of a list",
        "ADF455",
        [
            lookup(firstRowOnly=False),
            then(activity("Wait", "W", waitTimeInSeconds=expression("@activity('Look').output.firstRow.n"))),
        ],
    ),
)
def test_lookup_is_read_in_its_own_form(code: str, bad: Any) -> None:
    assert code in codes(bad)


def test_lookup_whose_form_is_computed_may_be_read_in_both() -> None:
    look = lookup(firstRowOnly=expression("@equals(1, 1)"))
    good = [look, then(loop(wait(), items="@activity('Look').output.value"))]
    assert "ADF455" not in codes(good)
