"""FlowEHR takes the directory as it is: what its script runs, and what its Terraform then reads.

The evaluation in Python and the one by Terraform are written from FlowEHR's own files: ``scripts/build_artifacts.sh``
and ``infrastructure/transform/locals.tf``, for the present contract (``pipeline.json``) and the first one
(``activities.json``).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NAME = "clinical-features"
CONTRACTS = ["pipeline.json", "activities.json"]


@pytest.fixture(scope="module")
def flowehr(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """FlowEHR's tree with this repository as its only pipeline, built as FlowEHR builds it."""
    root = tmp_path_factory.mktemp("FlowEHR")
    repository = Path(__file__).parents[2]
    place = root / "transform/pipelines" / NAME
    (root / "infrastructure/transform").mkdir(parents=True)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=repository,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("no git checkout: what is to be copied is not known")
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (repository / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(repository / name, place / name)
    _build_artifacts(root)
    return root


def _build_artifacts(root: Path) -> None:
    """As ``scripts/build_artifacts.sh``: ``make artifacts`` in each directory that holds a pipeline."""
    directories = sorted({path.parent for path in (root / "transform/pipelines").glob("**/pipeline.json")})
    for directory in directories:
        environment = directory / ".venv"
        environment.mkdir()
        (environment / "bin").mkdir()
        # The environment that the tests run in stands for the one that `make` would install from the lock file.
        (environment / "bin/python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        (environment / "bin/python").chmod(0o755)
        (environment / "build.installed").write_text("")
        subprocess.run(
            ["make", "artifacts", f"PYTHON={sys.executable}"], cwd=directory, check=True, capture_output=True
        )


def dbfs_paths(value: Any) -> list[str]:
    """Every path on DBFS in a JSON value."""
    if isinstance(value, str):
        return re.findall(r"dbfs:/[^'\"\s]+", value)
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [path for member in members for path in dbfs_paths(member)]


def uploaded(directory: Path) -> set[str]:
    """What FlowEHR's Terraform uploads from a pipeline's directory: plain files directly in ``artifacts/``."""
    return {
        f"dbfs:/pipelines/{directory.name}/artifacts/{path.name}"
        for path in (directory / "artifacts").iterdir()
        if path.is_file()
    }


@pytest.mark.parametrize("contract", CONTRACTS)
def test_exactly_one_pipeline_is_found(flowehr, contract):
    # Terraform's ** also looks into hidden folders, as Path.glob does.
    found = list((flowehr / "transform/pipelines").glob(f"**/{contract}"))

    assert found == [flowehr / "transform/pipelines" / NAME / contract]


@pytest.mark.parametrize("contract", CONTRACTS)
def test_each_dbfs_path_is_a_file_that_is_uploaded(flowehr, contract):
    directory = flowehr / "transform/pipelines" / NAME

    paths = set(dbfs_paths(json.loads((directory / contract).read_text())))

    assert paths
    assert paths == uploaded(directory)


def test_what_flowehr_reads_of_the_pipeline_is_there(flowehr):
    pipeline = json.loads((flowehr / "transform/pipelines" / NAME / "pipeline.json").read_text())

    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,144}", pipeline["name"])
    assert isinstance(pipeline["properties"]["activities"], list)
    assert all("defaultValue" in one for one in pipeline["properties"]["parameters"].values())


def test_what_flowehr_reads_of_the_trigger_is_there(flowehr):
    directory = flowehr / "transform/pipelines" / NAME
    if not (directory / "trigger.json").exists():
        pytest.skip("this repository's pipeline has no trigger")
    trigger = json.loads((directory / "trigger.json").read_text())["properties"]

    assert {"startTime", "frequency", "interval"} <= set(trigger["typeProperties"])
    assert trigger["typeProperties"]["retryPolicy"]["count"] >= 1
    assert trigger["pipeline"]["pipelineReference"]["referenceName"] == NAME
    assert all(isinstance(value, (str, int, float, bool)) for value in trigger["pipeline"]["parameters"].values())


def test_building_again_changes_nothing(flowehr):
    directory = flowehr / "transform/pipelines" / NAME
    before = {path: path.stat().st_mtime_ns for path in directory.glob("artifacts/*")}

    subprocess.run(["make", "artifacts"], cwd=directory, check=True, capture_output=True)

    assert {path: path.stat().st_mtime_ns for path in directory.glob("artifacts/*")} == before


TERRAFORM = """
locals {
  files = fileset("../../transform/pipelines", "**/pipeline.json")
  pipelines = [for file in local.files : {
    name       = jsondecode(file("../../transform/pipelines/${file}")).name
    dir        = basename(dirname("../../transform/pipelines/${file}"))
    activities = jsonencode(jsondecode(file("../../transform/pipelines/${file}")).properties.activities)
    parameters = { for key, value in jsondecode(file("../../transform/pipelines/${file}")).properties.parameters :
                   key => value.defaultValue }
    artifacts  = fileset("../../transform/pipelines/${dirname(file)}/artifacts", "*")
  }]
  first = fileset("../../transform/pipelines", "**/activities.json")
}
"""


@pytest.mark.terraform
@pytest.mark.skipif(shutil.which("terraform") is None, reason="Terraform is not installed")
def test_terraform_itself_reads_it_so(flowehr):
    module = flowehr / "infrastructure/transform"
    (module / "main.tf").write_text(TERRAFORM)
    expression = "jsonencode({pipelines = local.pipelines, first = local.first})"
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "NO_COLOR": "1"}

    found = subprocess.run(
        ["terraform", "console"],
        cwd=module,
        input=expression,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    read = json.loads(json.loads(found.stdout.strip().splitlines()[-1]))
    [pipeline] = read["pipelines"]
    assert (pipeline["name"], pipeline["dir"]) == (NAME, NAME)
    assert read["first"] == [f"{NAME}/activities.json"]
    here = f"dbfs:/pipelines/{pipeline['dir']}/artifacts"
    assert set(dbfs_paths(pipeline["activities"].replace('"', " "))) == {
        f"{here}/{name}" for name in pipeline["artifacts"]
    }


@pytest.mark.slow
def test_the_environment_that_make_installs_holds_no_pipeline(repository):
    site = repository / ".venv"
    if not site.is_dir():
        pytest.skip("no environment made by make stands here")

    assert [path for name in (*CONTRACTS, "trigger.json") for path in site.glob(f"**/{name}")] == []


@pytest.mark.parametrize(
    ("place", "severity", "status"), [("transform/pipelines/other", "error", 1), ("somewhere/other", "note", 0)]
)
def test_a_directory_that_is_not_called_as_its_pipeline(tmp_path, make_directory, repository, place, severity, status):
    root = tmp_path / place
    root.parent.mkdir(parents=True)
    make_directory({"Makefile": "artifacts:\n\techo\n"}).rename(root)
    run = [sys.executable, "-m", "activities_gen"]
    environment = {**os.environ, "PYTHONPATH": str(repository)}
    subprocess.run([*run, "generate"], cwd=root, env=environment, check=True, capture_output=True)

    found = subprocess.run([*run, "check"], cwd=root, env=environment, capture_output=True, text=True, check=False)

    line = next(line for line in found.stdout.splitlines() if "FLO102" in line)
    assert f"  {severity}  FLO102  The directory is called 'other' and its pipeline 'hello-world'." in line
    assert found.returncode == status
