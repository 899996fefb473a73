"""What the pages say of the family "Python entrypoints"."""

from __future__ import annotations

from typing import Any

from activities_gen.catalogue.examples import pipeline, python
from activities_gen.catalogue.page import Page

JOBS = "https://learn.microsoft.com/azure/databricks/jobs/python-script"

_SPARK = "from pyspark.sql import SparkSession\n\nspark = SparkSession.builder.getOrCreate()\nspark.range(3).count()\n"
_WHEEL = {"whl": "dbfs:/pipelines/demo/artifacts/demo-1.0-py3-none-any.whl"}


def _running(text: str, **properties: Any) -> dict[str, Any]:
    """A pipeline directory with an entrypoint."""
    return {"pipeline.json": pipeline(python(**properties)), "entrypoint.py": text}


def _with_package(**properties: Any) -> dict[str, Any]:
    text = "from features.job import main\n\nmain()\n"
    return _running(text, **properties) | {"features/__init__.py": "", "features/job.py": "def main(): ...\n"}


PAGES = {
    "ADF620": Page(
        why="The functions `exit` and `quit` belong to interactive Python. Databricks runs the file without them, so the job fails at its very end with a NameError.",
        wrong=_running("print('done')\nexit(0)\n"),
        right=_running("print('done')\n"),
        source=JOBS,
    ),
    "ADF621": Page(
        why="The session is that of the whole cluster. Stopped by a job, it is gone for all others, and Databricks reports the job as failed.",
        wrong=_running(_SPARK + "spark.stop()\n"),
        right=_running(_SPARK),
        source="https://learn.microsoft.com/azure/databricks/jobs/jar-create",
    ),
    "ADF622": Page(
        why='Databricks reads the file and executes its text, so there is no `__file__`: it ends in a NameError. A use inside of a `try` that catches it, or behind `"__file__" in globals()`, is not reported.',
        wrong=_running("from pathlib import Path\n\nprint(Path(__file__).parent)\n"),
        right=_running("import sys\nfrom pathlib import Path\n\nprint(Path(sys.argv[1]))\n"),
        source=JOBS,
    ),
    "ADF623": Page(
        why="Only the file itself is uploaded. A package of the directory comes to the cluster in a wheel, which the activity lists in `libraries`; without it the import fails.",
        wrong=_with_package(libraries=[]),
        right=_with_package(libraries=[_WHEEL]),
        source="https://learn.microsoft.com/azure/data-factory/transform-data-databricks-python",
    ),
    "ADF624": Page(
        why="An upload or a build that broke off leaves an empty file with a good name. The cluster cannot install it.",
        wrong=_running("print('done')\n") | {"artifacts/demo-1.0-py3-none-any.whl": ""},
        right=_running("print('done')\n"),
        source="https://packaging.python.org/specifications/binary-distribution-format/",
    ),
}
