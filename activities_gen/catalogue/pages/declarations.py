"""What the pages say of the family "Parameters and variables"."""

from __future__ import annotations

from typing import Any

from activities_gen.catalogue.examples import activity, loop, pipeline, set_variable, wait
from activities_gen.catalogue.page import Page

VARIABLES = "https://learn.microsoft.com/azure/data-factory/concepts-parameters-variables"

SETTING = "https://learn.microsoft.com/azure/data-factory/control-flow-set-variable-activity"

RETURN_VALUE = "pipelineReturnValue"


def _factory(**declared: Any) -> dict[str, Any]:
    return {"name": "adf", "properties": {"globalParameters": declared}}


PAGES = {
    "ADF301": Page(
        why="The types are String, Int, Float, Bool, Array, Object and SecureString, in any case.",
        wrong=pipeline(wait(), parameters={"day": {"type": "date"}}),
        right=pipeline(wait(), parameters={"day": {"type": "string"}}),
        source=VARIABLES,
    ),
    "ADF302": Page(
        why="The default is used instead of an argument, so expressions get a value of another type than declared. A text is no list, boolean or object, whatever stands in it.",
        wrong=pipeline(wait(), parameters={"days": {"type": "array", "defaultValue": "1"}}),
        right=pipeline(wait(), parameters={"days": {"type": "array", "defaultValue": ["1"]}}),
        source=VARIABLES,
    ),
    "ADF304": Page(
        why="The types are String, Bool and Array, in any case; Studio also writes Boolean and Integer. Int and Float are a note.",
        wrong=pipeline(set_variable("day", "1"), variables={"day": {"type": "Object"}}),
        right=pipeline(set_variable("day", "1"), variables={"day": {"type": "String"}}),
        source=VARIABLES,
    ),
    "ADF305": Page(
        why="Default values are not evaluated: `@utcnow()` there stays that text.",
        wrong=pipeline(wait(), parameters={"day": {"type": "string", "defaultValue": "@utcnow()"}}),
        right=pipeline(wait(), parameters={"day": {"type": "string", "defaultValue": "2024-01-01"}}),
        source=VARIABLES,
    ),
    "ADF307": Page(
        why="Variables are declared in `properties.variables`, with a type. FlowEHR's Terraform passes none of them on.",
        wrong=pipeline(set_variable("dya", "1"), variables={"day": {"type": "String"}}),
        right=pipeline(set_variable("day", "1"), variables={"day": {"type": "String"}}),
        source=SETTING,
    ),
    "ADF308": Page(
        why="Append Variable adds one element to a variable of type Array.",
        wrong=pipeline(
            activity("AppendVariable", "Add", variableName="days", value="1"), variables={"days": {"type": "String"}}
        ),
        right=pipeline(
            activity("AppendVariable", "Add", variableName="days", value="1"), variables={"days": {"type": "Array"}}
        ),
        source="https://learn.microsoft.com/azure/data-factory/control-flow-append-variable-activity",
    ),
    "ADF310": Page(
        why="The run stops if the value is not of the variable's type.",
        wrong=pipeline(set_variable("done", "finished"), variables={"done": {"type": "Bool"}}),
        right=pipeline(set_variable("done", value=True), variables={"done": {"type": "Bool"}}),
        source=SETTING,
    ),
    "ADF311": Page(
        why="Variables belong to the whole pipeline. Iterations that run at once overwrite each other's values. Appending is safe, but the order is undefined.",
        wrong=pipeline(loop(set_variable("day", "@{item()}")), variables={"day": {"type": "String"}}),
        right=pipeline(
            loop(set_variable("day", "@{item()}"), isSequential=True), variables={"day": {"type": "String"}}
        ),
        source=VARIABLES,
    ),
    "ADF313": Page(
        why="With `setSystemVariable` the variable is `pipelineReturnValue`, and the value is a list of objects with `key` and a `value` that has `type` and `content`. The types are String, Expression, Array, Boolean, Null, Int, Float and Object.",
        wrong=[activity("SetVariable", "Return", variableName=RETURN_VALUE, setSystemVariable=True, value="42")],
        right=[
            activity(
                "SetVariable",
                "Return",
                variableName=RETURN_VALUE,
                setSystemVariable=True,
                value=[{"key": "answer", "value": {"type": "Int", "content": 42}}],
            )
        ],
        source="https://learn.microsoft.com/azure/data-factory/tutorial-pipeline-return-value",
    ),
    "ADF315": Page(
        why="Each has a `type` and a `value`. The types are String, Int, Float, Bool, Array and Object; SecureString is not allowed.",
        wrong=_factory(key={"type": "SecureString", "value": ""}),
        right=_factory(stage={"type": "string", "value": "dev"}),
        source="https://learn.microsoft.com/azure/data-factory/author-global-parameters",
    ),
    "ADF316": Page(
        why="Publishing ends in `Missing parameter definition`: Azure looks for parameters in defaults too, although it does not evaluate them there.",
        wrong=pipeline(wait(), parameters={"path": {"type": "string", "defaultValue": "@pipeline().parameters.day"}}),
        right=pipeline(wait(), parameters={"path": {"type": "string", "defaultValue": "2024-01-01"}}),
        source="https://github.com/Azure/Azure-DataFactory/issues/199",
    ),
}
