"""What the pages say of the family "Dependencies"."""

from __future__ import annotations

from activities_gen.catalogue.examples import after, loop, wait
from activities_gen.catalogue.page import Page

BRANCHING = "https://learn.microsoft.com/azure/data-factory/tutorial-pipeline-failure-error-handling"

DEPENDENCY = "https://learn.microsoft.com/azure/data-factory/concepts-pipelines-activities#activity-dependency"


PAGES = {
    "ADF201": Page(
        why='`dependsOn` is a list of objects `{"activity": "…", "dependencyConditions": ["Succeeded"]}`.',
        wrong=[wait("A"), wait("B", dependsOn=["A"])],
        right=[wait("A"), wait("B", dependsOn=after("A"))],
        source=DEPENDENCY,
    ),
    "ADF202": Page(
        why="It would have to end before it starts.",
        wrong=[wait("A", dependsOn=after("A"))],
        right=[wait("A")],
        source=DEPENDENCY,
    ),
    "ADF203": Page(
        why="Studio and the service accept it; the run fails with `'runAfter' property … contains non-existent action`.",
        wrong=[wait("Ingest"), wait("Pseudonymise", dependsOn=after("Ingst"))],
        right=[wait("Ingest"), wait("Pseudonymise", dependsOn=after("Ingest"))],
        source=DEPENDENCY,
    ),
    "ADF204": Page(
        why="An activity can depend only on activities of the same list. To wait for an activity inside a container, depend on the container.",
        wrong=[loop(wait("Inner"), name="Each"), wait("After", dependsOn=after("Inner"))],
        right=[loop(wait("Inner"), name="Each"), wait("After", dependsOn=after("Each"))],
        source=DEPENDENCY,
    ),
    "ADF205": Page(
        why="One entry holds all conditions for an activity. If there are two, a reader may keep only one.",
        wrong=[wait("A"), wait("B", dependsOn=after("A") + after("A", on="Failed"))],
        right=[wait("A"), wait("B", dependsOn=after("A", on="Completed"))],
        source=DEPENDENCY,
    ),
    "ADF206": Page(
        why="None of them can start first.",
        wrong=[wait("A", dependsOn=after("B")), wait("B", dependsOn=after("A"))],
        right=[wait("A"), wait("B", dependsOn=after("A"))],
        source=DEPENDENCY,
    ),
    "ADF207": Page(
        why="The conditions are Succeeded, Failed, Skipped and Completed. FlowEHR's Terraform passes any other on unchecked.",
        wrong=[wait("A"), wait("B", dependsOn=after("A", on="OnSuccess"))],
        right=[wait("A"), wait("B", dependsOn=after("A", on="Succeeded"))],
        source=DEPENDENCY,
    ),
    "ADF208": Page(
        why="ADF's interface requires `dependencyConditions`. Without a condition nothing says when the activity runs, and no run can start.",
        wrong=[wait("A"), wait("B", dependsOn=[{"activity": "A", "dependencyConditions": []}])],
        right=[wait("A"), wait("B", dependsOn=after("A"))],
        source=DEPENDENCY,
    ),
    "ADF209": Page(
        why="Completed already means Succeeded or Failed. Studio does not allow both for one activity, nor the same one twice.",
        wrong=[wait("A"), wait("B", dependsOn=[{"activity": "A", "dependencyConditions": ["Completed", "Failed"]}])],
        right=[wait("A"), wait("B", dependsOn=after("A", on="Completed"))],
        source=BRANCHING,
    ),
    "ADF210": Page(
        why="All its dependencies must hold at once, and they cannot: one needs an activity to have failed, another needs an activity that runs only if the first succeeded. It is skipped in every run. So is what needs an inactive activity to end in another way than its `onInactiveMarkAs` says.",
        wrong=[
            wait("Load"),
            wait("Report", dependsOn=after("Load")),
            wait("Alert", dependsOn=after("Load", on="Failed")),
            wait("Clean up", dependsOn=after("Report", "Alert")),
        ],
        right=[
            wait("Load"),
            wait("Report", dependsOn=after("Load")),
            wait("Alert", dependsOn=after("Load", on="Failed")),
            wait("Clean up", dependsOn=after("Load", on="Completed")),
        ],
        source=BRANCHING,
    ),
    "ADF211": Page(
        why="`onInactiveMarkAs` is the status that an inactive activity reports to those that depend on it; an active one ignores it.",
        wrong=[wait("A", onInactiveMarkAs="Failed")],
        right=[wait("A", state="Inactive", onInactiveMarkAs="Failed")],
        source="https://learn.microsoft.com/azure/data-factory/deactivate-activity",
    ),
}
