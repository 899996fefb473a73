"""A staged pipeline directory with tiny activities: plain Python, no Spark."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from activities_gen import formats
from activities_gen.formats.report import RunReport
from activities_gen.outputs import json_bytes

if TYPE_CHECKING:
    from collections.abc import Callable


class Staged:
    """A pipeline directory, filled piece by piece."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.output = root.parent / "out"
        self.activities: list[dict[str, Any]] = []
        self.properties: dict[str, Any] = {}
        (root / "artifacts").mkdir(parents=True)

    def script(self, name: str, text: str) -> str:
        """Stage a script; gives its path as the JSON names it."""
        (self.root / "artifacts" / name).write_text(text)
        return f"dbfs:/pipelines/{self.root.name}/artifacts/{name}"

    def wheel(self, package: str, version: str, text: str, requires: tuple[str, ...] = ()) -> dict[str, str]:
        """Stage a wheel of one module; gives the library that names it."""
        name = f"{package}-{version}-py3-none-any.whl"
        metadata = "".join(
            [
                f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n",
                *(f"Requires-Dist: {r}\n" for r in requires),
            ]
        )
        with zipfile.ZipFile(self.root / "artifacts" / name, "w") as archive:
            archive.writestr(f"{package}/__init__.py", text)
            archive.writestr(f"{package}-{version}.dist-info/METADATA", metadata + "\n")
            archive.writestr(f"{package}-{version}.dist-info/RECORD", "")
            archive.writestr(f"{package}-{version}.data/purelib/{package}_extra.py", "here = True\n")
        return {"whl": f"dbfs:/pipelines/{self.root.name}/artifacts/{name}"}

    def add(
        self, name: str, text: str, *parameters: Any, after: tuple[str, ...] = (), libraries: Any = (), **more: Any
    ) -> None:
        """Add an activity that runs a script of its own."""
        python_file = self.script(f"{name.lower().replace(' ', '_')}.py", text)
        properties = {"pythonFile": python_file, "parameters": list(parameters), "libraries": list(libraries)}
        self.raw(name, "DatabricksSparkPython", after, **more, typeProperties=properties)

    def raw(self, name: str, kind: str, after: tuple[str, ...] = (), **more: Any) -> None:
        """Add any activity."""
        entries = [{"activity": other, "dependencyConditions": ["Succeeded"]} for other in after]
        self.activities.append({"name": name, "type": kind, "dependsOn": entries, **more})

    def write(self) -> Path:
        """Write the JSON; gives the directory."""
        document = {"name": self.root.name, "properties": {"activities": self.activities, **self.properties}}
        (self.root / "pipeline.json").write_text(json.dumps(document))
        return self.root

    def arguments(self, *more: str) -> list[str]:
        """The command line of a run."""
        return ["run", str(self.write()), "--output", str(self.output), *more]

    def report(self) -> dict[str, Any]:
        """The report of the last run."""
        report: dict[str, Any] = json.loads((self.output / "report.json").read_text())
        return report

    def statuses(self) -> dict[str, str]:
        """Name and status of each activity in the report."""
        return {activity["name"]: activity["status"] for activity in self.report()["activities"]}

    def log(self, name: str) -> str:
        """What an attempt wrote."""
        return (self.output / "logs" / name).read_text()


@pytest.fixture
def staged(tmp_path: Path) -> Staged:
    return Staged(tmp_path / "clinical")


@pytest.fixture
def stage(tmp_path: Path) -> Callable[[str], Staged]:
    """Makes a pipeline directory at a place below the test's own."""
    return lambda place: Staged(tmp_path / place)


@pytest.fixture
def report_schema() -> Any:
    """What a report must keep to."""
    return json.loads((Path(formats.__file__).parent / "report.schema.json").read_text("utf-8"))


@pytest.fixture(autouse=True)
def written_reports(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The reports that a test writes; each must come out of the model as it went in, to the byte."""
    written = []

    def checked(value: dict[str, Any]) -> bytes:
        content = json_bytes(value)
        again = RunReport.model_validate(json.loads(content)).model_dump(by_alias=True, exclude_unset=True)
        assert json_bytes(again) == content
        written.append(value)
        return content

    monkeypatch.setattr("activities_gen.run.report.json_bytes", checked)
    return written
