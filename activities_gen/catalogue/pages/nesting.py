"""What the pages say of the family "Nesting"."""

from __future__ import annotations

from activities_gen.catalogue.examples import activity, expression, loop, wait
from activities_gen.catalogue.page import Page

NESTING = "https://learn.microsoft.com/azure/data-factory/concepts-nested-activities"


def _check(name: str, *inner: dict[str, object]) -> dict[str, object]:
    return activity("IfCondition", name, expression=expression("@equals(1, 1)"), ifTrueActivities=list(inner))


PAGES = {
    "ADF320": Page(
        why="ForEach and Until may hold If and Switch, but no loop; If and Switch may hold no container at all. Azure deploys a loop in a container, and the run fails with `Container activity cannot include another container activity`. An If or Switch inside another one is a warning: the documentation forbids it, and deployed factories hold some.",
        wrong=[_check("Is Monday", loop(wait(), name="Each file"))],
        right=[loop(_check("Is Monday", wait()), name="Each file")],
        source=NESTING,
    ),
    "ADF321": Page(
        why="A Validation activity is allowed only at the top level of a pipeline.",
        wrong=[
            loop(
                activity("Validation", "File is there", dataset={"referenceName": "File", "type": "DatasetReference"}),
            )
        ],
        right=[activity("Validation", "File is there", dataset={"referenceName": "File", "type": "DatasetReference"})],
        source=NESTING,
    ),
    "ADF322": Page(
        why="A loop or a branch without activities does nothing. Studio does not publish an empty loop.",
        wrong=[loop()],
        right=[loop(wait())],
        source="https://learn.microsoft.com/azure/data-factory/control-flow-for-each-activity",
    ),
    "ADF323": Page(
        why="Of two cases with the same value only the first is chosen, and a case without a value, or with an expression as its value, never: values of cases are not evaluated.",
        wrong=[
            activity(
                "Switch",
                "Choose",
                on=expression("@pipeline().TriggerName"),
                cases=[{"value": "a", "activities": [wait("W1")]}, {"value": "a", "activities": [wait("W2")]}],
            )
        ],
        right=[
            activity(
                "Switch",
                "Choose",
                on=expression("@pipeline().TriggerName"),
                cases=[{"value": "a", "activities": [wait("W1")]}, {"value": "b", "activities": [wait("W2")]}],
            )
        ],
        source="https://learn.microsoft.com/azure/data-factory/control-flow-switch-activity",
    ),
    "ADF324": Page(
        why="`batchCount` says how many iterations run at once; with `isSequential` it is one.",
        wrong=[loop(wait(), isSequential=True, batchCount=10)],
        right=[loop(wait(), isSequential=False, batchCount=10)],
        source="https://learn.microsoft.com/azure/data-factory/control-flow-for-each-activity",
    ),
}
