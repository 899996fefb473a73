"""What the pages say of the family "Imports"."""

from __future__ import annotations

from typing import Any

from activities_gen.catalogue.examples import pipeline, python, wait, window
from activities_gen.catalogue.page import Page, Session

GUIDE = "docs/import.md"
IMPORT = "activities-gen import"
_ONE = pipeline(wait())
_TWO = {"name": "other", "properties": {"activities": []}}
_OTHER = window({"pipelineReference": {"referenceName": "other", "type": "PipelineReference"}})
_MAKEFILE = "artifacts:\n\tpython3 -m activities_gen artifacts\n"
_SETUP = 'from setuptools import setup\n\nsetup(name="demo", version="{version}", py_modules=["demo"])\n'
_STAMPED = "1.0.0+c6a6c7c9633f"
_WHEEL = "dbfs:/pipelines/demo/artifacts/demo-1.0.0-py3-none-any.whl"


def _runs(wheel: str) -> Any:
    """A pipeline whose activity runs a wheel."""
    return pipeline(python(libraries=[{"whl": wheel}]))


def _import(files: dict[str, Any], more: str = "demo.json") -> Session:
    """An import of a file."""
    return Session(f"{IMPORT} {more}", files)


def _directory(files: dict[str, Any]) -> Session:
    """An import of a pipeline directory whose activity runs a wheel."""
    base = {"pipeline.json": _runs(_WHEEL), "entrypoint.py": "import demo\n", "demo.py": "", "Makefile": _MAKEFILE}
    return Session(IMPORT, base | files)


def _nested(depth: int) -> Any:
    """A list in a list, and so on."""
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def _template(seconds: Any) -> dict[str, Any]:
    """An ARM template with a pipeline that waits."""
    resource = {
        "type": "Microsoft.DataFactory/factories/pipelines",
        "apiVersion": "2018-06-01",
        "name": "[concat(parameters('factoryName'), '/demo')]",
        "properties": {"activities": [wait("Pause", waitTimeInSeconds=seconds)]},
    }
    return {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "resources": [resource],
    }


PAGES = {
    "IMP001": Page(
        why="There is no pipeline in the files that the path leads to.",
        wrong=_import({"demo.json": _OTHER}),
        right=_import({"demo.json": _ONE}),
        source=GUIDE,
    ),
    "IMP002": Page(
        why="`--name` takes the name of one pipeline as the JSON writes it.",
        wrong=_import({"demo.json": _ONE}, "demo.json --name demp"),
        right=_import({"demo.json": _ONE}, "demo.json --name demo"),
        source=GUIDE,
    ),
    "IMP003": Page(
        why="The file does not exist, or may not be read.",
        wrong=_import({"demo.json": _ONE}, "deom.json"),
        right=_import({"demo.json": _ONE}),
        source="operating system",
    ),
    "IMP004": Page(
        why="Azure takes no pipeline of this size or depth, so the file is something else.",
        wrong=_import({"demo.json": pipeline(wait(), annotations=_nested(150))}),
        right=_import({"demo.json": pipeline(wait(), annotations=_nested(2))}),
        source="https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits"
        "#azure-data-factory-limits",
    ),
    "IMP005": Page(
        why="A definition has the triggers that start its pipeline and no other.",
        wrong=_import({"etl/pipeline/demo.json": _ONE, "etl/trigger/daily.json": _OTHER}, "etl"),
        right=_import({"etl/pipeline/demo.json": _ONE, "etl/trigger/daily.json": window()}, "etl"),
        source=GUIDE,
    ),
    "IMP006": Page(
        why="The JSON names a wheel that `setup.py` does not make any more. The definition names the one that it makes.",
        wrong=_directory({"setup.py": _SETUP.format(version="1.1.0")}),
        right=_directory({"setup.py": _SETUP.format(version="1.0.0")}),
        source=GUIDE,
    ),
    "IMP007": Page(
        why="An import writes over nothing without being told to.",
        wrong=_import({"demo.json": _ONE, "activities.py": "# mine\n"}, "demo.json -o activities.py"),
        right=_import({"demo.json": _ONE, "activities.py": "# mine\n"}, "demo.json -o activities.py --force"),
        source=GUIDE,
    ),
    "IMP008": Page(
        why="One `activities.py` defines one pipeline.",
        wrong=_import({"etl/pipeline/demo.json": _ONE, "etl/pipeline/other.json": _TWO}, "etl"),
        right=_import({"etl/pipeline/demo.json": _ONE, "etl/pipeline/other.json": _TWO}, "etl -o new"),
        source=GUIDE,
    ),
    "IMP009": Page(
        why="The JSON names a wheel without a stamp. A cluster that runs does not take a changed wheel of the same name.",
        wrong=_directory({"setup.py": _SETUP.format(version="1.0.0")}),
        right=_directory(
            {"setup.py": _SETUP.format(version="1.0.0"), "pipeline.json": _runs(_WHEEL.replace("1.0.0", _STAMPED))}
        ),
        source=GUIDE,
    ),
    "IMP010": Page(
        why="Each import is proved: the definition is run and its JSON compared. A difference is a mistake of this program.",
        wrong={
            "imported.json": {"name": "demo", "properties": {"concurrency": 1}},
            "generated.json": {"name": "demo", "properties": {"concurrency": 2}},
        },
        right={
            "imported.json": {"name": "demo", "properties": {"concurrency": 1}},
            "generated.json": {"name": "demo", "properties": {"concurrency": 1}},
        },
        source=GUIDE,
    ),
    "IMP011": Page(
        why="A data factory tells triggers apart by their names.",
        wrong=_import({"demo.json": _ONE, "daily.json": window(), "again.json": window()}, "."),
        right=_import({"demo.json": _ONE, "daily.json": window(), "again.json": window() | {"name": "again"}}, "."),
        source="https://learn.microsoft.com/azure/data-factory/naming-rules",
    ),
    "IMP012": Page(
        why="The generator builds wheels by `setup.py`. An import writes one beside a `pyproject.toml` of setuptools.",
        wrong=_directory(
            {
                "pyproject.toml": '[project]\nname = "demo"\nversion = "1.0.0"\n\n[tool.setuptools]\npy-modules = ["demo"]\n'
            }
        ),
        right=_directory({"setup.py": _SETUP.format(version="1.0.0")}),
        source=GUIDE,
    ),
    "IMP013": Page(
        why=(
            "What an ARM template computes is known when it is deployed. The pipeline's own JSON is no template, so the "
            "expression would be a text there. Names and escapes that are constant are resolved."
        ),
        wrong=_import({"demo.json": _template("[parameters('seconds')]")}),
        right=_import({"demo.json": _template(1)}),
        source="https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions",
    ),
}
