"""What the pages say of the family "Limits"."""

from __future__ import annotations

from activities_gen.catalogue.examples import activity, expression, pipeline, wait
from activities_gen.catalogue.page import Page

LIMITS = (
    "https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits"
    "#azure-data-factory-limits"
)


def _switch(cases: int) -> dict[str, object]:
    branches = [{"value": str(number), "activities": [wait(f"Wait {number}")]} for number in range(cases)]
    return activity("Switch", "Choose", on=expression("@pipeline().TriggerName"), cases=branches)


PAGES = {
    "ADF110": Page(
        why="A pipeline has at most 120 activities, including those inside containers, in all branches.",
        wrong=[wait(f"Wait {number}") for number in range(121)],
        right=[wait(f"Wait {number}") for number in range(3)],
        source=LIMITS,
    ),
    "ADF111": Page(
        why="A pipeline has at most 50 parameters.",
        wrong=pipeline(wait(), parameters={f"p{number}": {"type": "string"} for number in range(51)}),
        right=pipeline(wait(), parameters={"settings": {"type": "object"}}),
        source=LIMITS,
    ),
    "ADF112": Page(
        why="A pipeline has at most 200 KB, a dataset 100 KB, a linked service 2,000 KB, counted without white space.",
        wrong=[wait(description="x" * 205_000)],
        right=[wait(description="x")],
        source=LIMITS,
    ),
    "ADF114": Page(
        why="`concurrency` is how many runs of the pipeline may be active at once. Leave it out for no limit. A number in quotes is a warning.",
        wrong=pipeline(wait(), concurrency=0),
        right=pipeline(wait(), concurrency=1),
        source="REST interface of Data Factory, Pipeline.concurrency",
    ),
    "ADF115": Page(
        why="A Switch has 1 to 25 cases. One without cases always takes the default, which is a warning.",
        wrong=[_switch(26)],
        right=[_switch(2)],
        source="https://learn.microsoft.com/azure/data-factory/control-flow-switch-activity",
    ),
}
