"""What the pages say of the family "Generated files"."""

from __future__ import annotations

from typing import Any

from activities_gen.catalogue.examples import GENERATE, WAIT, defining
from activities_gen.catalogue.page import Page, Session

GUIDE = "docs/definitions.md"
FLOWEHR = "FlowEHR, infrastructure/transform/locals.tf"
CLUSTER = "FlowEHR, infrastructure/transform/databricks.tf: one shared cluster"

_SETUP = 'from setuptools import setup\n\nsetup(name="demo", version="1.0.0", py_modules=["demo"])\n'
_MAKEFILE = "artifacts:\n\tpython3 -m activities_gen artifacts\n"
_PYTHON = (
    "from activities_gen import Pipeline, spark_python\n\n"
    'pipeline = Pipeline("{name}", activities=[spark_python("Ingest")])\n'
)
_ADF = 'from activities_gen import Pipeline\n\npipeline = Pipeline("{name}", target="adf", activities=[])\n'


def _wheel(files: dict[str, Any], command: str = GENERATE) -> Session:
    """A command on a pipeline directory whose activity runs the directory's own wheel; ``None`` deletes a file."""
    base = {
        "activities.py": _PYTHON.format(name="demo"),
        "setup.py": _SETUP,
        "demo.py": "",
        "entrypoint.py": "import demo\n",
    }
    return Session(command, {name: text for name, text in (base | files).items() if text is not None})


def _two(text: str, *directories: str, names: tuple[str, str] = ("one", "two"), setup: str = "") -> Session:
    """A generation of two pipeline directories; ``{name}`` stands for the name of each."""
    files: dict[str, Any] = {}
    for directory, name in zip(directories, names, strict=True):
        files |= {f"{directory}/activities.py": text.format(name=name), f"{directory}/Makefile": _MAKEFILE}
        files |= {f"{directory}/setup.py": setup.format(name=name)} if setup else {}
        files |= {f"{directory}/{file}": "" for file in ("demo.py", f"{name}.py", "entrypoint.py") if setup}
    return Session(f"{GENERATE} --all", files)


PAGES = {
    "GEN001": Page(
        why="A folder has the name of the file, the disk is full, or permission is missing. Nothing was changed.",
        wrong=Session(GENERATE, {"activities.py": WAIT, "pipeline.json/notes.txt": "Not a pipeline."}),
        right=Session(GENERATE, {"activities.py": WAIT}),
        source="operating system",
    ),
    "GEN002": Page(
        why="What the folder holds is not looked at, and so is missing from the result.",
        wrong=Session(
            "chmod 000 old; activities-gen generate --all",
            {"demo/activities.py": WAIT, "demo/Makefile": _MAKEFILE, "old/notes.txt": ""},
        ),
        right=Session(
            "activities-gen generate --all",
            {"demo/activities.py": WAIT, "demo/Makefile": _MAKEFILE, "old/notes.txt": ""},
        ),
        source="operating system",
    ),
    "GEN010": Page(
        why="`setup.py` describes the wheel that the activities install on the cluster.",
        wrong=_wheel({"setup.py": None}),
        right=_wheel({}),
        source=GUIDE,
    ),
    "GEN011": Page(
        why="The wheel is built by `setup.py`. The finding has the error that ends it.",
        wrong=_wheel({"setup.py": _SETUP.replace("import setup", "import setups")}),
        right=_wheel({}),
        source=GUIDE,
    ),
    "GEN012": Page(
        why="A wheel needs a name, a version and some Python to install, and it must fit every machine.",
        wrong=_wheel({"setup.py": _SETUP.replace(', version="1.0.0"', "")}),
        right=_wheel({}),
        source="Python packaging, binary distribution format",
    ),
    "GEN020": Page(
        why="FlowEHR uploads the files that the JSON names. The run fails without them.",
        wrong=_wheel({"entrypoint.py": None}),
        right=_wheel({}),
        source=GUIDE,
    ),
    "GEN021": Page(
        why="FlowEHR uploads files into one folder. The second would replace the first.",
        wrong=Session(
            GENERATE,
            {
                "activities.py": WAIT.replace("[pause]", '[pause], artifacts=["uk/codes.csv", "us/codes.csv"]'),
                "uk/codes.csv": "code\n",
                "us/codes.csv": "code\n",
            },
        ),
        right=Session(
            GENERATE,
            {
                "activities.py": WAIT.replace("[pause]", '[pause], artifacts=["uk.csv", "us.csv"]'),
                "uk.csv": "code\n",
                "us.csv": "code\n",
            },
        ),
        source="FlowEHR, infrastructure/transform/pipeline.tf",
    ),
    "GEN022": Page(
        why="UTF-8 cannot hold half a character, so there is no JSON with it.",
        wrong=defining(r'pipeline = Pipeline("demo", activities=[], description="\ud83d")'),
        right=defining(r'pipeline = Pipeline("demo", activities=[], description="\U0001f600")'),
        source="https://www.rfc-editor.org/rfc/rfc8259#section-8.2",
    ),
    "GEN023": Page(
        why="It was probably forgotten: Azure never gets it.",
        wrong=defining(
            'pause = WaitActivity(name="Pause", wait_time_in_seconds=1)',
            'pipeline = Pipeline("demo", activities=[])',
            command="activities-gen check --select GEN023",
        ),
        right=Session("activities-gen check --select GEN023", {"activities.py": WAIT}),
        source=GUIDE,
    ),
    "GEN030": Page(
        why="FlowEHR deploys the committed JSON, which does not say what `activities.py` says now.",
        wrong=Session("activities-gen check --select GEN030", {"activities.py": WAIT}),
        right=Session(GENERATE, {"activities.py": WAIT}),
        source=GUIDE,
    ),
    "GEN031": Page(
        why="FlowEHR deploys a trigger whose definition is gone.",
        wrong=Session("activities-gen check --select GEN031", {"activities.py": WAIT, "trigger.json": {}}),
        right=Session("activities-gen check --select GEN031", {"activities.py": WAIT}),
        source=GUIDE,
    ),
    "GEN032": Page(
        why="FlowEHR uploads what lies in `artifacts/`, which was made from other sources.",
        wrong=_wheel({"artifacts/entrypoint.py": "import old\n"}, "activities-gen check --select GEN032"),
        right=_wheel({"Makefile": _MAKEFILE}, "activities-gen artifacts"),
        source=GUIDE,
    ),
    "GEN033": Page(
        why="FlowEHR uploads every file of `artifacts/`, also an old wheel.",
        wrong=Session("activities-gen check --select GEN033", {"activities.py": WAIT, "artifacts/old.csv": "code\n"}),
        right=Session("activities-gen check --select GEN033", {"activities.py": WAIT}),
        source=GUIDE,
    ),
    "GEN040": Page(
        why="A new pipeline directory is made in an empty one, and its name is the pipeline's. Nothing is written over.",
        wrong=Session("activities-gen init etl", {"etl/notes.txt": "Not a pipeline."}),
        right=Session("activities-gen init etl", {"notes.txt": "Not a pipeline."}),
        source="README.md",
    ),
    "GEN041": Page(
        why="A new pipeline directory takes one pipeline, and no files of another directory.",
        wrong=Session(
            "activities-gen init etl --from old",
            {
                "old/pipeline/one.json": {"name": "one", "properties": {"activities": []}},
                "old/pipeline/two.json": {"name": "two", "properties": {"activities": []}},
            },
        ),
        right=Session(
            "activities-gen init etl --from old --name one",
            {
                "old/pipeline/one.json": {"name": "one", "properties": {"activities": []}},
                "old/pipeline/two.json": {"name": "two", "properties": {"activities": []}},
            },
        ),
        source="docs/import.md",
    ),
    "GEN050": Page(
        why="A data factory tells pipelines apart by their names, without case. One would replace the other, or Terraform's apply stops: the resource already exists.",
        wrong=_two(_ADF, "one", "two", names=("etl", "ETL")),
        right=_two(_ADF, "one", "two"),
        source="https://learn.microsoft.com/azure/data-factory/naming-rules",
    ),
    "GEN051": Page(
        why="FlowEHR names the folder of the artifacts and the trigger by the directory, and Terraform stops at two of one name in any of its repositories: `Duplicate object key`.",
        wrong=_two(_ADF.replace('"adf"', '"flowehr"'), "uk/etl", "us/etl"),
        right=_two(_ADF.replace('"adf"', '"flowehr"'), "uk-etl", "us-etl"),
        source=FLOWEHR,
    ),
    "GEN052": Page(
        why="FlowEHR runs all pipelines on one cluster. Of two packages of one name the first that is installed is imported.",
        wrong=_two(_PYTHON, "one", "two", setup=_SETUP.replace('"demo", v', '"{name}", v')),
        right=_two(_PYTHON, "one", "two", setup=_SETUP.replace("demo", "{name}")),
        source=CLUSTER,
    ),
    "GEN053": Page(
        why="FlowEHR runs all pipelines on one cluster. Of two wheels of one name the last that is installed remains.",
        wrong=_two(_PYTHON, "one", "two", setup=_SETUP.replace('["demo"]', '["{name}"]')),
        right=_two(_PYTHON, "one", "two", setup=_SETUP.replace("demo", "{name}")),
        source=CLUSTER,
    ),
}
