"""Imports point down: each room uses those below it, and the SDK and Spark stay where they belong."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from activities_gen.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parents[2]
LAYERS = [
    {"__main__"},
    {"cli", "testing"},
    {"init"},
    {"generation", "snapshots"},
    {"rules", "run", "importing"},
    {"definition"},
    {"expressions"},
    {"workspace", "model"},
    {"formats"},
    {"wire"},
    {"outputs", "renderings", "sarif", "wheels"},
    {"catalogue"},
    {"findings", "lazy", "bootstrap", "setup_probe"},
]
"""The rooms of the generator, top to bottom; rooms of one layer do not know each other."""

RANK = {room: number for number, layer in enumerate(LAYERS) for room in layer}
SDK_ROOMS = {"definition", "wire", "importing"}
"""What stands left of the JSON document and may know the SDK."""


def modules(package: str) -> list[Path]:
    return sorted(path for path in (ROOT / package).rglob("*.py") if "template" not in path.parts)


Found = tuple[int, str]
"""The line of an import, and the full name of what is imported."""


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[Found]:
    """Every import of a file, inside functions too and those that are put off; not those for types alone."""
    tree = tree_of(path)
    for_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for statement in node.body
        for inner in ast.walk(statement)
    }
    yield from imported(node for node in ast.walk(tree) if node not in for_types)
    yield from put_off(tree)


def imported(nodes: Iterable[ast.AST]) -> Iterator[Found]:
    """What the import statements among nodes import: modules, and names from modules."""
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: a relative import"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)


def put_off(tree: ast.Module) -> Iterator[Found]:
    """What ``activities_gen.lazy`` imports for a file when it is first used: modules, and names from modules."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "lazy_module":
            yield from ((one.lineno, str(one.value)) for one in node.args if isinstance(one, ast.Constant))
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_HOMES":
            homes = ast.literal_eval(node.value)
            yield from ((node.lineno, f"{home}.{name.split()[0]}") for home in homes for name in homes[home])


def room_of(path: Path) -> str:
    parts = path.relative_to(ROOT / "activities_gen").parts
    return parts[0] if len(parts) > 1 else path.stem


def test_every_room_has_its_layer():
    assert {room_of(path) for path in modules("activities_gen")} - {"__init__"} <= set(RANK)


LAUNCHER = "connect_launcher.py"
"""It runs in the process of an activity, on the activity's interpreter."""


@pytest.mark.parametrize("path", modules("activities_gen"), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_point_down(path):
    here = room_of(path)
    if here == "__init__":  # the door to all rooms
        return
    rooms = {(line, name.split(".")[1]) for line, name in imports(path) if name.startswith("activities_gen.")}
    up = [(line, room) for line, room in rooms if room in RANK and room != here and RANK[room] <= RANK[here]]

    assert up == []


def test_the_package_itself_imports_nothing_but_what_puts_imports_off():
    names = {name for _, name in imported(tree_of(ROOT / "activities_gen/__init__.py").body)}

    assert {name for name in names if name.startswith("activities_gen.")} == {"activities_gen.lazy.lazy_names"}


def name_of(path: Path, root: Path) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


HANDED_ON = ("activities_gen.definition.pipeline", "activities_gen.definition.writing")
"""The one circle: ``pipeline.document()`` hands the pipeline to what writes it, which is imported then."""


def circle(paths: Iterable[Path], root: Path) -> list[str]:
    """Modules that import each other, the first of them at the end again; what is for types alone counts."""
    trees = {name_of(path, root): tree_of(path) for path in paths}
    graph = {}
    for name, tree in trees.items():
        found = {found for _, found in (*imported(ast.walk(tree)), *put_off(tree))}
        graph[name] = {one if one in trees else one.rpartition(".")[0] for one in found} - {name}
        graph[name] -= {HANDED_ON[1]} if name == HANDED_ON[0] else set()
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_two_modules_import_each_other():
    assert circle(modules("activities_gen"), ROOT) == []


@pytest.mark.parametrize(
    "text",
    [
        "from a import one",
        "import a.one",
        "from a.one import name",
        "if TYPE_CHECKING:\n    from a.one import name",
        "def inner():\n    from a.one import name",
        "one = lazy_module('a.one')",
        "_HOMES = {'a.one': ('name',)}",
    ],
)
def test_modules_that_import_each_other_are_found_however_they_do(text, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a/one.py").write_text("from a import two")
    (tmp_path / "a/two.py").write_text(text)

    assert sorted(set(circle((tmp_path / "a").iterdir(), tmp_path))) == ["a.one", "a.two"]


@pytest.mark.parametrize("path", modules("activities_gen"), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_is_imported_late_is_imported_by_the_one_helper(path):
    functions = [node for node in ast.walk(tree_of(path)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    inside = imported(node for function in functions for node in ast.walk(function))

    assert [(line, name) for line, name in inside if name.split(".")[0] == "activities_gen"] == []


BY_NAME = {
    "lazy.py": "the helper",
    "cli/__init__.py": "the verb of a command line",
    "rules/__init__.py": "the families of rules, which register what they have",
    "definition/sdk.py": "the SDK",
    "setup_probe.py": "setuptools",
}
"""Where a module is imported by a name that is computed, and what that is."""


def test_no_other_module_is_imported_by_a_computed_name():
    package = ROOT / "activities_gen"
    found = {
        path.relative_to(package).as_posix()
        for path in modules("activities_gen")
        if "import_module" in path.read_text("utf-8")
    }

    assert found == set(BY_NAME)


@pytest.mark.parametrize("path", modules("activities_gen"), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_generator_knows_neither_spark_nor_the_package(path):
    known = {name.split(".")[0] for _, name in imports(path)} & {"pyspark", "pysail", "pipeline"}
    assert known <= ({"pyspark", "pysail"} if path.name == LAUNCHER else set())


def test_nothing_imports_what_is_started_in_a_process_of_its_own():
    name = f"activities_gen.run.{LAUNCHER.removesuffix('.py')}"
    assert [path for path in modules("activities_gen") for _, found in imports(path) if found.startswith(name)] == []


@pytest.mark.parametrize("path", modules("activities_gen"), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_reads_documents_does_not_know_the_sdk(path):
    if room_of(path) not in SDK_ROOMS:
        assert [name for _, name in imports(path) if name.split(".")[0] == "azure"] == []


@pytest.mark.parametrize("path", [*modules("pipeline"), ROOT / "entrypoint.py"], ids=lambda path: path.name)
def test_the_package_knows_neither_the_generator_nor_the_sdk(path):
    assert [name for _, name in imports(path) if name.split(".")[0] in ("activities_gen", "azure")] == []


def loaded_by(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter has after some code."""
    script = f"import sys\n{code}\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(found.stdout.splitlines()[-1].split())


HEAVY = {
    "azure",
    "requests",
    "pyspark",
    "pipeline",
    "rich",
    "lxml",
    "setuptools",
    "packaging",
    "jsonschema",
    "opentelemetry",
    "pydantic",
}


@pytest.mark.parametrize(
    "code",
    [
        "import activities_gen",
        "import activities_gen.findings, activities_gen.wire.document, activities_gen.expressions, activities_gen.rules",
        "import activities_gen.cli; activities_gen.cli.main(['--version'])",
    ],
    ids=["the package", "what reads documents", "the command line"],
)
def test_nothing_heavy_is_loaded_before_it_is_needed(code):
    assert loaded_by(code) & HEAVY == set()


WAIT = {"name": "Rest", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}}
COPY = {"name": "Load", "type": "Copy", "typeProperties": {"source": {}, "sink": {}}}
DEFINITION = """
from azure.mgmt.datafactory.models import WaitActivity
from activities_gen import Pipeline

pipeline = Pipeline("defined", activities=[WaitActivity(name="Rest", wait_time_in_seconds=1)])
"""
SETUP = "from setuptools import setup\nsetup(name='defined', version='1', py_modules=['x'])\n"
FILES = {
    "plain/pipeline.json": {"name": "plain", "properties": {"activities": [WAIT]}},
    "suppressed/pipeline.json": {"name": "suppressed", "properties": {"activities": [WAIT]}},
    "suppressed/suppressions.json": {"ADF203": "A reason."},
    "stubbed/pipeline.json": {"name": "stubbed", "properties": {"activities": [COPY]}},
    "stub.json": {"rowsCopied": 3},
    "defined/activities.py": DEFINITION,
    "defined/setup.py": SETUP,
    "defined/x.py": "",
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with pipeline directories, and with the report of a run."""
    root = tmp_path_factory.mktemp("verbs")
    for name, content in FILES.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    assert main(["run", str(root / "plain"), "--fast-waits"]) == 0
    return root


VERBS = {
    "eval @add(1,2)": set(),
    "explain ADF203": set(),
    "check plain --select ADF": set(),
    "check plain --select ADF --format json": set(),
    "check plain --select ADF --format sarif": set(),
    "check suppressed --select ADF": {"pydantic"},
    "check defined --select ADF": {"azure", "packaging"},
    "generate defined": {"azure", "packaging"},
    "import plain --output imported": {"azure"},
    "init new": {"azure", "packaging"},
    "run plain --fast-waits": set(),
    "run plain --fast-waits --resume": {"pydantic"},
    "run stubbed --stub Load=stub.json": {"pydantic"},
}
"""What is heavy and loaded, by command line."""


@pytest.mark.parametrize(("line", "expected"), VERBS.items(), ids=VERBS.keys())
def test_a_verb_loads_what_is_heavy_only_if_it_needs_it(line: str, expected: set[str], files: Path) -> None:
    code = f"""
import os
sys.path.insert(0, os.getcwd())
os.chdir({str(files)!r})
from activities_gen.cli import main
assert main({line.split()!r}) == 0"""
    assert loaded_by(code) & HEAVY == expected
