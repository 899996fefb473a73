"""What the pages say of the family "Runs"."""

from __future__ import annotations

from typing import Any

from activities_gen.catalogue.examples import activity, after, call, pipeline, python, set_variable, wait, window
from activities_gen.catalogue.page import Page, Session

GUIDE = "docs/run.md"
RUN = "activities-gen run"
ENGINE = "https://learn.microsoft.com/azure/data-factory/concepts-pipelines-activities"
_DAY = "--window 2024-01-01/2024-01-02"
_COPY = activity("Copy", "Copy", source={"type": "BlobSource"}, sink={"type": "BlobSink"})
_SHOW = set_variable("rows", "@string(activity('Copy').output.rowsCopied)", name="Show") | {"dependsOn": after("Copy")}
_READS = pipeline(_COPY, _SHOW, variables={"rows": {"type": "String"}})
_STAGED = {"pipeline.json": pipeline(python()), "artifacts/entrypoint.py": "from pyspark.sql import SparkSession\n"}


def _run(document: Any, more: str = "", **files: Any) -> Session:
    """A run of a pipeline directory."""
    command = f"{RUN} {more}".rstrip()
    return Session(command, {"pipeline.json": document} | {f"{name}.json": content for name, content in files.items()})


def _dependent(*dependencies: Any) -> Session:
    """A run of two activities, the second of which has dependencies."""
    return _run(pipeline(wait("First"), wait("Second", dependsOn=list(dependencies))))


def _bounded(timeout: str) -> Session:
    """A run of an activity with a timeout."""
    return _run(pipeline(python() | {"policy": {"timeout": timeout}}), "--stub Ingest=done.json", done={})


def _trigger(started: str, day: str) -> dict[str, Any]:
    """A trigger that passes a day."""
    reference = {"referenceName": started, "type": "PipelineReference"}
    return window({"pipelineReference": reference, "parameters": {"day": day}})


_DAILY = pipeline(wait(), parameters={"day": {"type": "string"}})
_START = "@trigger().outputs.windowStartTime"

PAGES = {
    "RUN001": Page(
        why="Azure starts a pipeline only if `properties.activities` is a list of objects with `name` and `type`.",
        wrong=_run(pipeline({"name": "Pause"})),
        right=_run(pipeline(wait("Pause"))),
        source=ENGINE,
    ),
    "RUN002": Page(
        why="Dependencies and expressions find activities by their names, without case.",
        wrong=_run(pipeline(wait("Pause"), wait("PAUSE"))),
        right=_run(pipeline(wait("Pause"), wait("Rest"))),
        source=ENGINE,
    ),
    "RUN003": Page(
        why="An activity waits for activities of the same list. The message names the nearest.",
        wrong=_dependent(*after("Frist")),
        right=_dependent(*after("First")),
        source=ENGINE,
    ),
    "RUN004": Page(
        why="A dependency has at least one condition: Succeeded, Failed, Skipped or Completed. Without one it is undefined when the activity starts.",
        wrong=_dependent({"activity": "First", "dependencyConditions": []}),
        right=_dependent({"activity": "First", "dependencyConditions": ["Succeeded"]}),
        source=ENGINE,
    ),
    "RUN005": Page(
        why="None of them would ever start.",
        wrong=_run(pipeline(wait("First", dependsOn=after("Second")), wait("Second", dependsOn=after("First")))),
        right=_dependent(*after("First")),
        source=ENGINE,
    ),
    "RUN006": Page(
        why="A timeout is written as `d.hh:mm:ss`.",
        wrong=_bounded("2 hours"),
        right=_bounded("0.02:00:00"),
        source=f"{ENGINE}#activity-policy",
    ),
    "RUN007": Page(
        why="Azure refuses it: each would start the next without end.",
        wrong=_run(pipeline(call("demo"))),
        right=_run(pipeline(call("child")), "--pipelines child.json", child=pipeline(wait(), name="child")),
        source="https://learn.microsoft.com/azure/data-factory/control-flow-execute-pipeline-activity",
    ),
    "RUN010": Page(
        why="A pipeline directory has one pipeline in `pipeline.json`, and one trigger in `trigger.json`.",
        wrong=_run(window()),
        right=_run(pipeline(wait())),
        source=GUIDE,
    ),
    "RUN011": Page(
        why="The file does not exist, or may not be read.",
        wrong=_run(pipeline(call("child")), "--pipelines chlid.json", child=pipeline(wait(), name="child")),
        right=_run(pipeline(call("child")), "--pipelines child.json", child=pipeline(wait(), name="child")),
        source="operating system",
    ),
    "RUN012": Page(
        why="The values of a window come from the trigger, which gives them to the pipelines that it starts.",
        wrong=_run(_DAILY, _DAY, trigger=_trigger("other", _START)),
        right=_run(_DAILY, _DAY, trigger=_trigger("demo", _START)),
        source=GUIDE,
    ),
    "RUN013": Page(
        why="A trigger's parameters are expressions over the window and `trigger()`. Azure would start no run.",
        wrong=_run(_DAILY, _DAY, trigger=_trigger("demo", "@trigger().outputs.windowStart")),
        right=_run(_DAILY, _DAY, trigger=_trigger("demo", _START)),
        source="https://learn.microsoft.com/azure/data-factory/how-to-use-trigger-parameterization",
    ),
    "RUN014": Page(
        why=(
            "A tumbling window starts in windows, a schedule at its own times, a storage event trigger for files whose "
            "path it names. The run would be one that Azure never starts."
        ),
        wrong=_run(_DAILY, "--event container/in/a.csv", trigger=_trigger("demo", _START)),
        right=_run(_DAILY, _DAY, trigger=_trigger("demo", _START)),
        source="https://learn.microsoft.com/azure/data-factory/concepts-pipeline-execution-triggers",
    ),
    "RUN020": Page(
        why="A run reads `pipeline.json` or `activities.json`, and for a window `trigger.json`.",
        wrong=_run(_DAILY, _DAY),
        right=_run(_DAILY, "--parameters day=2024-01-01"),
        source=GUIDE,
    ),
    "RUN021": Page(
        why="A run here executes Python and the control flow. Other activities get their outcome from a file.",
        wrong=_run(pipeline(_COPY)),
        right=_run(pipeline(_COPY), "--stub Copy=copied.json", copied={"rowsCopied": 3}),
        source=GUIDE,
    ),
    "RUN022": Page(
        why="The file or a library is not in `artifacts/`, or the engine for Spark code is not installed.",
        wrong=_run(pipeline(python())),
        right=_run(pipeline(python()), "--stub Ingest=done.json", done={}),
        source=GUIDE,
    ),
    "RUN023": Page(
        why="Two runs would write one report.",
        wrong=_run(pipeline(wait()), "--output report & activities-gen run --output report"),
        right=_run(pipeline(wait()), "--output first & activities-gen run --output second"),
        source=GUIDE,
    ),
    "RUN024": Page(
        why="The report and the logs of a run need a folder.",
        wrong=_run(pipeline(wait()), "--output report.json", report={}),
        right=_run(pipeline(wait()), "--output report", report={}),
        source=GUIDE,
    ),
    "RUN025": Page(
        why="`--resume` takes outputs and variables from the last report. It must be whole, and of this pipeline.",
        wrong=_run(pipeline(wait()), "--resume"),
        right=_run(pipeline(wait())),
        source=GUIDE,
    ),
    "RUN026": Page(
        why="The expression has no value if the activity neither runs nor has an outcome from elsewhere.",
        wrong=_run(_READS, "--only Show"),
        right=_run(_READS, "--only Show --stub Copy=copied.json", copied={"rowsCopied": 3}),
        source=GUIDE,
    ),
    "RUN027": Page(
        why="All Spark code of the run would fail. The message has what the endpoint, or the client, says.",
        wrong=Session(f"{RUN} --remote sc://localhost:1", _STAGED),
        right=Session(f"{RUN} --remote sc://localhost:15002", _STAGED),
        source=GUIDE,
    ),
    "RUN028": Page(
        why="`--no-network` needs user namespaces, which the system may forbid. Nothing runs with less protection than asked for.",
        wrong=Session(f"{RUN} --no-network", _STAGED),
        right=Session(RUN, _STAGED),
        source=GUIDE,
    ),
    "RUN029": Page(
        why="The file of `--stub` holds what the activity gives, under `output` or alone, or why it fails, under `error`.",
        wrong=_run(pipeline(python()), "--stub Ingest=done.json", done={"error": "no rows"}),
        right=_run(pipeline(python()), "--stub Ingest=done.json", done={"output": {"rows": 3}}),
        source="docs/formats.md",
    ),
}
