"""What an entrypoint may not do on Databricks, although it works on a laptop."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from activities_gen.catalogue.examples import pipeline, python
from activities_gen.findings import Severity
from activities_gen.rules import Options, inspect_directory

if TYPE_CHECKING:
    from pathlib import Path

    from activities_gen.findings import Finding

WHEEL = {"whl": "dbfs:/pipelines/demo/artifacts/demo-1.0-py3-none-any.whl"}


def found(root: Path, text: str, *codes: str, file: str = "entrypoint.py", **properties: Any) -> list[Finding]:
    """The findings of some codes in a pipeline directory with an entrypoint."""
    activity = python(pythonFile=f"dbfs:/pipelines/demo/artifacts/{file.rpartition('/')[2]}", **properties)
    (root / "pipeline.json").write_text(json.dumps(pipeline(activity)), "utf-8")
    (root / file).parent.mkdir(exist_ok=True)
    (root / file).write_text(text, "utf-8")
    return [finding for finding in inspect_directory(root, Options(), "") if finding.code in codes]


LEAVING = ["print(1)\nexit(0)", "print(1)\nquit()", "def main():\n    exit(1)", "if True:\n    exit()"]


@pytest.mark.parametrize("text", LEAVING)
def test_a_bare_exit_is_a_warning_at_its_line(tmp_path: Path, text: str) -> None:
    (warning,) = found(tmp_path, text, "ADF620")
    assert warning.severity is Severity.WARNING
    assert (warning.location.file, warning.location.line) == ("entrypoint.py", 2)


@pytest.mark.parametrize(
    "text",
    [
        "import sys\nsys.exit(1)",
        "from sys import exit\nexit(1)",
        "def exit(): ...\nexit()",
        "raise SystemExit(1)",
        "exit",
    ],
)
def test_an_exit_of_its_own_is_none(tmp_path: Path, text: str) -> None:
    assert not found(tmp_path, text, "ADF620")


MAKE = "from pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\n"
STOPPING = {
    "the session": MAKE + "spark.stop()",
    "under another name": MAKE.replace("spark =", "session =") + "session.stop()",
    "its context": MAKE + "spark.sparkContext.stop()",
    "at once": "from pyspark.sql import SparkSession\nSparkSession.builder.appName('a').getOrCreate().stop()",
    "the active session": "from pyspark.sql import SparkSession\nSparkSession.getActiveSession().stop()",
    "by a with": "from pyspark.sql import SparkSession\nwith SparkSession.builder.getOrCreate() as s:\n    s.range(1)",
    "in the end": MAKE + "try:\n    pass\nfinally:\n    spark.stop()",
    "that is handed over": "def main(session: 'SparkSession'):\n    session.stop()",
    "a context": "from pyspark import SparkContext\ncontext = SparkContext()\ncontext.stop()",
}


@pytest.mark.parametrize("text", STOPPING.values(), ids=STOPPING)
def test_a_session_that_is_stopped_is_a_warning(tmp_path: Path, text: str) -> None:
    (warning,) = found(tmp_path, text, "ADF621")
    assert "stops Spark" in warning.message


@pytest.mark.parametrize(
    "text", [MAKE, "timer = object()\ntimer.stop()", MAKE + "query = 1\nquery.stop()", "with open('x') as f:\n    pass"]
)
def test_anything_else_may_be_stopped(tmp_path: Path, text: str) -> None:
    assert not found(tmp_path, text, "ADF621")


@pytest.mark.parametrize("text", ["print(__file__)", "from pathlib import Path\nROOT = Path(__file__).parent"])
def test_a_use_of_the_own_path_is_a_warning(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text, "ADF622")


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    here = __file__\nexcept NameError:\n    here = '.'",
        "here = __file__ if '__file__' in globals() else '.'",
        "print('__file__')",
        "__file__ = 'x'",
    ],
)
def test_a_use_that_provides_for_its_absence_is_none(tmp_path: Path, text: str) -> None:
    assert not found(tmp_path, text, "ADF622")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "__init__.py").touch()
    return tmp_path


IMPORTS = ["import features", "import features.job as job", "from features.job import main", "from features import job"]


@pytest.mark.parametrize("text", IMPORTS)
def test_a_package_of_the_directory_without_a_wheel_is_a_warning(package: Path, text: str) -> None:
    (warning,) = found(package, text, "ADF623", libraries=[{"pypi": {"package": "pandas"}}])
    assert "imports the package 'features'" in warning.message


def test_no_libraries_at_all_have_no_wheel_either(package: Path) -> None:
    assert found(package, IMPORTS[0], "ADF623")


@pytest.mark.parametrize(
    "libraries",
    [[WHEEL], [{"requirements": "/Workspace/r.txt"}], [{"pypi": {"package": "features==1.0"}}], "@variables('all')"],
)
def test_libraries_that_may_bring_the_package_are_no_problem(package: Path, libraries: Any) -> None:
    assert not found(package, IMPORTS[0], "ADF623", libraries=libraries)


def test_a_package_from_elsewhere_needs_no_wheel(package: Path) -> None:
    assert not found(package, "import json\nimport pandas", "ADF623", libraries=[])


def test_an_entrypoint_that_is_only_staged_is_read_there(tmp_path: Path) -> None:
    assert found(tmp_path, "exit()", "ADF620", file="artifacts/main.py")


@pytest.mark.parametrize("text", ["def broken(:", "\0"])
def test_a_file_that_is_no_python_is_not_looked_into(tmp_path: Path, text: str) -> None:
    assert not found(tmp_path, text, "ADF620", "ADF621", "ADF622", "ADF623")


@pytest.mark.parametrize(("content", "problem"), [(b"", "is empty"), (b"<html>", "is no wheel")])
def test_a_staged_wheel_that_cannot_be_opened_is_an_error(tmp_path: Path, content: bytes, problem: str) -> None:
    (tmp_path / "artifacts").mkdir()
    (tmp_path / "artifacts" / "demo-1.0-py3-none-any.whl").write_bytes(content)
    (error,) = found(tmp_path, "print(1)", "ADF624", libraries=[WHEEL])
    assert error.severity is Severity.ERROR
    assert problem in error.message


def test_a_staged_wheel_that_can_be_opened_is_none(tmp_path: Path) -> None:
    (tmp_path / "artifacts").mkdir()
    with zipfile.ZipFile(tmp_path / "artifacts" / "demo-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("demo/__init__.py", "")
    assert not found(tmp_path, "print(1)", "ADF624", libraries=[WHEEL])
