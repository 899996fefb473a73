"""What the pages say of the family "FlowEHR: pipeline directories"."""

from __future__ import annotations

from typing import Any

from activities_gen.catalogue.examples import pipeline, python
from activities_gen.catalogue.page import Page, Session

LOCALS = "FlowEHR, infrastructure/transform/locals.tf"

PIPELINE = "FlowEHR, infrastructure/transform/pipeline.tf"

BUILD = "FlowEHR, scripts/build_artifacts.sh"

_MAKEFILE = "artifacts:\n\tmkdir -p artifacts && cp entrypoint.py artifacts/\n"

_FILE = "pass\n"


def _directory(document: Any = None, **files: Any) -> dict[str, Any]:
    """A pipeline directory called ``demo``, for examples."""
    base = {"pipeline.json": document or pipeline(python(), parameters={}), "Makefile": _MAKEFILE}
    named = {"artifacts/entrypoint.py": _FILE} | {name.replace("__", "/"): content for name, content in files.items()}
    return base | named


PAGES = {
    "FLO102": Page(
        why="FlowEHR names the pipeline by `name` in `pipeline.json`, and the folder of its artifacts by the directory. In a `transform/pipelines` folder, from which it is deployed, a difference is an error.",
        wrong=_directory(pipeline(python(), name="other", parameters={})),
        right=_directory(),
        source=LOCALS,
    ),
    "FLO103": Page(
        why="The name becomes part of a dashboard's JSON, which a quote or backslash breaks, and of the trigger's name, which may contain none of `<>*#.%&:\\+?/`. In a `transform/pipelines` folder, from which it is deployed, that is an error.",
        wrong={"my.demo/pipeline.json": pipeline(python(), name="demo", parameters={}), "my.demo/trigger.json": "{}"},
        right=_directory(),
        source=PIPELINE,
    ),
    "FLO105": Page(
        why="Terraform reads UTF-8 without a byte order mark, and stops at anything else.",
        wrong=_directory() | {"trigger.json": "\ufeff{}"},
        right=_directory(),
        source="Terraform, functions file and jsondecode",
    ),
    "FLO140": Page(
        why="FlowEHR deploys every folder of a checkout that holds a `pipeline.json` (or, in its first contract, `activities.json`), including hidden folders and test fixtures. If the folder has a Makefile it may be intended, which is a warning.",
        wrong=_directory(tests__fixture__pipeline_json="x") | {"tests/fixture/pipeline.json": pipeline(python())},
        right=_directory() | {"tests/fixture/golden.json": pipeline(python())},
        source=LOCALS,
    ),
    "FLO141": Page(
        why="`Pipeline.json` or `pipeline.JSON` deploys nothing, without a message.",
        wrong=_directory() | {"Trigger.json": "{}"},
        right=_directory(),
        source=LOCALS,
    ),
    "FLO142": Page(
        why="They are the same pipeline for two versions of FlowEHR. Generate both from `activities.py`.",
        wrong=_directory() | {"activities.json": [python("Another")]},
        right=_directory() | {"activities.json": [python()]},
        source=PIPELINE,
    ),
    "FLO143": Page(
        why="FlowEHR runs `make artifacts` in every pipeline directory before it plans, and stops if that fails.",
        wrong={"pipeline.json": pipeline(python(), parameters={})},
        right=_directory(),
        source=BUILD,
    ),
    "FLO144": Page(
        why="FlowEHR uploads to `dbfs:/pipelines/<directory>/artifacts/`. A renamed or copied directory keeps old paths.",
        wrong=_directory(
            pipeline(python(pythonFile="dbfs:/pipelines/helloworld/artifacts/entrypoint.py"), parameters={})
        ),
        right=_directory(),
        source=PIPELINE,
    ),
    "FLO145": Page(
        why="Nothing checks before the run that a path leads to an uploaded file. Checked if `artifacts/` has been built.",
        wrong=_directory(pipeline(python(pythonFile="dbfs:/pipelines/demo/artifacts/main.py"), parameters={})),
        right=_directory(),
        source=PIPELINE,
    ),
    "FLO146": Page(
        why="FlowEHR uploads every file in `artifacts/`, including old wheels and `.gitkeep`.",
        wrong=_directory() | {"artifacts/demo-0.9-py3-none-any.whl": "old"},
        right=_directory(),
        source=PIPELINE,
    ),
    "FLO147": Page(
        why="FlowEHR uploads only the files directly in `artifacts/` and drops folders silently.",
        wrong=_directory() | {"artifacts/models/model.bin": "x"},
        right=_directory(),
        source=PIPELINE,
    ),
    "FLO148": Page(
        why="FlowEHR clones the repository: what was never added to git is not there, and the pipeline is not deployed, without a message. It is an error if `.gitignore` has git ignore the file. Nothing is said outside of a git work tree, or without git.",
        wrong=Session("git init && activities-gen check", _directory() | {".gitignore": "*.json\n"}),
        right=Session(
            "git init && git add --all && activities-gen check", _directory() | {".gitignore": "artifacts/\n"}
        ),
        source=LOCALS,
    ),
}
