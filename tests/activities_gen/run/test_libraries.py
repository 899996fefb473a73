"""Libraries laid out as on a cluster, and the settings that Spark is given."""

from __future__ import annotations

import io
import shlex
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from activities_gen.cli import main
from activities_gen.run.libraries import resolve, staged, unpack

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Staged


@pytest.mark.parametrize(
    ("uri", "found"),
    [
        ("dbfs:/pipelines/x/artifacts/a.py", True),
        ("/Volumes/c/s/v/artifacts/a.py", True),
        ("abfss://c@a.dfs.core.windows.net/artifacts/a.py", True),
        ("artifacts/a.py", True),
        ("dbfs:/pipelines/x/artifacts/other.py", False),
        ("dbfs:/pipelines/x/artifacts/deeper/a.py", False),
        ("dbfs:/pipelines/x/a.py", False),
        ("dbfs:/pipelines/artifacts/../a.py", False),
        (None, False),
    ],
)
def test_a_path_means_the_staged_file_of_its_name(tmp_path: Path, uri: str, found: bool) -> None:
    (tmp_path / "a.py").touch()
    assert (staged(uri, tmp_path) is not None) == found


def test_packages_must_be_installed_for_the_interpreter_of_the_activities(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho Some_Package 3.0\n")
    python.chmod(0o755)
    entries = [{"pypi": {"package": f"some-package{version}"}} for version in (">=3", ">4")] + [
        {"pypi": {"package": "pytest"}}
    ]
    assert resolve(entries, tmp_path, str(python)).problems == [
        f"the activity names 'some-package>4'; installed is 3.0. Install it: {python} -m pip install 'some-package>4'",
        f"the activity names 'pytest', which is not installed here. Install it: {python} -m pip install 'pytest'",
    ]


@pytest.fixture
def bare(tmp_path: Path) -> str:
    """An interpreter without packages."""
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -I -S "$@"\n')
    python.chmod(0o755)
    return str(python)


@pytest.mark.parametrize("line", ["import pyspark", "from pyspark.sql import SparkSession"])
def test_spark_must_be_there_for_what_imports_it(
    line: str, bare: str, staged: Staged, capsys: pytest.CaptureFixture[str]
) -> None:
    staged.add("Wheel", "import demo\n", libraries=[staged.wheel("demo", "1.0", f"{line}\n")])
    staged.add("Script", f"{line}\n")
    assert main(staged.arguments("--python", bare)) == 1
    said = capsys.readouterr().err
    how = f"Install it: {bare} -m pip install 'pyspark[connect]==4.2.*'"
    for name, file in (("Wheel", "demo-1.0-py3-none-any.whl"), ("Script", "script.py")):
        assert f"'{name}' cannot run: {file} imports pyspark, which is not installed here. {how}" in said
    assert said.count("RUN022") == 2
    assert not staged.output.exists()


def test_what_imports_spark_for_types_alone_does_not_need_it(bare: str, staged: Staged) -> None:
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pyspark\n"
    staged.add("Script", text)
    assert main(staged.arguments("--python", bare)) == 0


def test_a_wheelhouse_holds_several_wheels(staged: Staged, tmp_path: Path) -> None:
    for name in ("one", "two"):
        staged.wheel(name, "1.0", f"name = '{name}'")
    artifacts = staged.root / "artifacts"
    with zipfile.ZipFile(artifacts / "all.wheelhouse.zip", "w") as house:
        for wheel in artifacts.glob("*.whl"):
            house.write(wheel, wheel.name)
    unpack([artifacts / "all.wheelhouse.zip"], tmp_path / "modules")
    assert sorted(path.name for path in (tmp_path / "modules").iterdir() if path.suffix != ".py") == [
        "one", "one-1.0.dist-info", "two", "two-1.0.dist-info",
    ]  # fmt: skip


def test_a_wheel_that_leads_out_of_its_folder_is_refused(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("../outside.py", "")
    (tmp_path / "bad-1.0-py3-none-any.whl").write_bytes(content.getvalue())
    with pytest.raises(ValueError, match="leads out of it"):
        unpack([tmp_path / "bad-1.0-py3-none-any.whl"], tmp_path / "modules")
    assert not (tmp_path / "outside.py").exists()


def test_a_file_that_is_no_wheel_is_named(tmp_path: Path) -> None:
    (tmp_path / "a-1.0-py3-none-any.whl").write_text("no zip")
    (problem,) = resolve([{"whl": "dbfs:/x/artifacts/a-1.0-py3-none-any.whl"}], tmp_path).problems
    assert problem.endswith("a-1.0-py3-none-any.whl is no wheel: not a zip file.")


def test_the_users_own_settings_come_first(staged: Staged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "spark-defaults.conf").write_text("spark.master yarn\nspark.mine yes")
    (tmp_path / "mine" / "log4j2.properties").write_text("x=1")
    monkeypatch.setenv("SPARK_CONF_DIR", str(tmp_path / "mine"))
    staged.script("lib.jar", "")
    text = "import os, pathlib; f = pathlib.Path(os.environ['SPARK_CONF_DIR']); print(sorted(os.listdir(f))); print((f / 'spark-defaults.conf').read_text())"
    jar = {"jar": "dbfs:/x/artifacts/lib.jar"}
    maven = {"maven": {"coordinates": "org.postgresql:postgresql:42.7.3"}}
    staged.add("Conf", text, libraries=[jar, maven])
    assert main(staged.arguments("--master", "spark://host:7077")) == 0
    lines = staged.log("Conf.1.log").splitlines()
    assert lines[:4] == [
        "['log4j2.properties', 'spark-defaults.conf']",
        "spark.master yarn",
        "spark.mine yes",
        "spark.master spark\\://host\\:7077",
    ]
    assert f"spark.jars {staged.root}/artifacts/lib.jar" in lines
    assert "spark.jars.packages org.postgresql\\:postgresql\\:42.7.3" in lines


def test_a_cluster_is_sent_the_wheel(staged: Staged) -> None:
    text = "import os, pathlib, zipfile; lines = pathlib.Path(os.environ['SPARK_CONF_DIR'], 'spark-defaults.conf').read_text().splitlines(); files = [line.split()[1] for line in lines if line.startswith('spark.submit.pyFiles')]; print(zipfile.ZipFile(files[0]).namelist()[0])"
    staged.add("Conf", text, libraries=[staged.wheel("demo", "1.0", "")])
    assert main(staged.arguments("--master", "spark://host:7077")) == 0
    assert staged.log("Conf.1.log").strip() == "demo/__init__.py"
