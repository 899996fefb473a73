"""What the pages say of the family "Results of expressions"."""

from __future__ import annotations

from typing import Any

from activities_gen.catalogue.examples import activity, after, expression, loop, pipeline, set_variable, wait
from activities_gen.catalogue.page import Page

LOOKUP = "https://learn.microsoft.com/azure/data-factory/control-flow-lookup-activity"

SETTING = "https://learn.microsoft.com/azure/data-factory/control-flow-set-variable-activity"


def _look(*, first: bool) -> dict[str, Any]:
    dataset = {"referenceName": "Table", "type": "DatasetReference"}
    return activity("Lookup", "Look", source={"type": "AzureSqlSource"}, dataset=dataset, firstRowOnly=first)


PAGES = {
    "ADF309": Page(
        why="Azure refuses it: `The expression contains self referencing variable`. Keep the old value in another variable.",
        wrong=pipeline(set_variable("n", "@concat(variables('n'), 'x')"), variables={"n": {"type": "String"}}),
        right=pipeline(
            set_variable("next", "@concat(variables('n'), 'x')", name="Work out"),
            set_variable("n", "@variables('next')") | {"dependsOn": after("Work out")},
            variables={"n": {"type": "String"}, "next": {"type": "String"}},
        ),
        source=SETTING,
    ),
    "ADF314": Page(
        why=(
            "The run fails with `The variable '…' of type 'String' cannot be initialized or updated with value of type 'Integer'`. Use "
            "`string()`, `bool()` or `@` without braces."
        ),
        wrong=pipeline(set_variable("n", "@add(1, 1)"), variables={"n": {"type": "String"}}),
        right=pipeline(set_variable("n", "@string(add(1, 1))"), variables={"n": {"type": "String"}}),
        source=SETTING,
    ),
    "ADF456": Page(
        why="`@{…}` turns any value into a string, lists too; `activity('…').output` of a Lookup or GetMetadata is an object whose list is in `.value` or `.childItems`. The run fails with `The result must be a valid array`.",
        wrong=pipeline(
            loop(wait(), items="@{pipeline().parameters.days}"),
            parameters={"days": {"type": "array", "defaultValue": []}},
        ),
        right=pipeline(
            loop(wait(), items="@pipeline().parameters.days"),
            parameters={"days": {"type": "array", "defaultValue": []}},
        ),
        source="https://learn.microsoft.com/azure/data-factory/control-flow-for-each-activity",
    ),
    "ADF457": Page(
        why="The expression of If Condition and Until, and the condition of Filter, give a boolean. `@{…}` turns it into the string `True`.",
        wrong=[activity("IfCondition", "If", expression=expression("@add(1, 1)"), ifTrueActivities=[wait()])],
        right=[activity("IfCondition", "If", expression=expression("@equals(1, 1)"), ifTrueActivities=[wait()])],
        source="https://learn.microsoft.com/azure/data-factory/control-flow-if-condition-activity",
    ),
    "ADF458": Page(
        why="The run fails with error 2105, `The value type … in key … is not expected type`, if the service does not convert the value.",
        wrong=[activity("Wait", "Pause", waitTimeInSeconds=expression("@createArray(1)"))],
        right=[activity("Wait", "Pause", waitTimeInSeconds=expression("@add(1, 1)"))],
        source="https://learn.microsoft.com/azure/data-factory/data-factory-troubleshoot-guide",
    ),
}
