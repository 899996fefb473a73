"""Python entrypoints and wheels of a pipeline directory: what runs on a laptop and fails on Databricks."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from zipfile import is_zipfile

from activities_gen.model.pipeline import Pipeline
from activities_gen.model.values import is_dynamic
from activities_gen.rules.context import title
from activities_gen.rules.model import Each, Subject, Violation, quoted, rule
from activities_gen.workspace.places import STAGED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from activities_gen.findings import Location
    from activities_gen.model.activities import Activity
    from activities_gen.rules.directory import Directory
    from activities_gen.wire.document import Document

_MOST_BYTES = 1_000_000


@dataclass
class Entrypoint:
    """A Python file that an activity runs.

    Attributes:
        directory: The pipeline directory that it lies in.
        document: The pipeline.
        node: The activity; the first, where several run it.
        name: The file's name.
        tree: What is written in it.
    """

    directory: Directory
    document: Document
    node: Activity
    name: str
    tree: ast.Module

    def at(self, line: int) -> Location:
        """A line of it, as findings show it."""
        return self.directory.place(self.name, line)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Everything that is written in it, in the order of its lines."""
        return sorted(ast.walk(self.tree), key=lambda node: getattr(node, "lineno", 0))

    @cached_property
    def bound(self) -> set[str]:
        """The names that it gives to things of its own."""
        names = {node.id for node in self.nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        names |= {node.arg for node in self.nodes if isinstance(node, ast.arg)}
        names |= {node.name for node in self.nodes if isinstance(node, _DEFINITIONS)}
        return names | {
            alias.asname or alias.name
            for node in self.nodes
            for alias in getattr(node, "names", ())
            if isinstance(alias, ast.alias)
        }


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _entrypoints(directory: Directory) -> Iterator[Entrypoint]:
    """The entrypoints that lie in a directory and are correct Python, each once."""
    document = next(iter(directory.pipelines), None)
    seen: set[str] = set()
    for node in Pipeline(document).active_by_type.get("DatabricksSparkPython", ()) if document else ():
        value = node.type_properties.get("pythonFile")
        name = PurePosixPath(value).name if isinstance(value, str) and "/artifacts/" in value else ""
        tree = _parsed(directory.root, name) if name not in seen and name.endswith(".py") else None
        seen.add(name)
        if tree is not None and document is not None:
            yield Entrypoint(directory, document, node, name, tree)


def _parsed(root: Path, name: str) -> ast.Module | None:
    path = next((path for path in (root / name, root / STAGED / name) if path.is_file()), None)
    try:
        if path is None or path.stat().st_size > _MOST_BYTES:
            return None
        return ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


ENTRYPOINT = Each(_entrypoints, Subject.DIRECTORY)
"""Each entrypoint of a pipeline directory."""


@rule("ADF620", on=ENTRYPOINT)
def bare_exit(_: Directory, entrypoint: Entrypoint) -> Iterator[Violation]:
    """A call of ``exit`` or ``quit``, which the module ``site`` adds to an interactive Python."""
    for node in entrypoint.nodes:
        name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        if name in ("exit", "quit") and name not in entrypoint.bound and isinstance(node, ast.Call):
            yield Violation(
                f"{quoted(entrypoint.name)} calls {name}(), which does not exist on Databricks (NameError). Let the file end, or raise an exception.",
                location=entrypoint.at(node.lineno),
            )


_SESSIONS = ("getActiveSession", "active", "newSession")
_WELL_KNOWN = frozenset({"spark", "sc", "sparkContext"})


@rule("ADF621", on=ENTRYPOINT)
def stopped_session(_: Directory, entrypoint: Entrypoint) -> Iterator[Violation]:
    """A Spark session or context that is stopped, or that ends with a ``with``."""
    sessions = _WELL_KNOWN | {name for node in entrypoint.nodes for name in _assigned_session(node)}
    for node in entrypoint.nodes:
        if any(_is_session(stopped, sessions) for stopped in _stopped(node)):
            yield Violation(
                f"{quoted(entrypoint.name)} stops Spark, and with it the session of the whole cluster: Databricks reports the job as failed, although its work is done. Delete that.",
                location=entrypoint.at(getattr(node, "lineno", 0)),
            )


def _stopped(node: ast.AST) -> list[ast.expr]:
    """Returns what a call of ``stop``, or a ``with``, ends."""
    if isinstance(node, (ast.With, ast.AsyncWith)):
        return [item.context_expr for item in node.items if isinstance(item.context_expr, ast.Call)]
    stops = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "stop"
    return [node.func.value] if stops and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else []


def _assigned_session(node: ast.AST) -> Iterator[str]:
    """The names that are given to a Spark session."""
    if isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and node.value and _is_session(node.value, set()):
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Name):
                yield target.id
    if isinstance(node, ast.arg) and node.annotation and "SparkSession" in ast.unparse(node.annotation):
        yield node.arg


def _is_session(node: ast.expr, names: set[str] | frozenset[str]) -> bool:
    """Whether an expression is a Spark session or context: by its name, or by how it is made."""
    if isinstance(node, ast.Name):
        return node.id in names
    if isinstance(node, ast.Attribute):
        return node.attr in _WELL_KNOWN
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute):
        return node.func.attr == "getOrCreate" or (node.func.attr in _SESSIONS and "Session" in ast.unparse(node.func))
    return isinstance(node.func, ast.Name) and node.func.id == "SparkContext"


@rule("ADF622", on=ENTRYPOINT)
def own_path(_: Directory, entrypoint: Entrypoint) -> Iterator[Violation]:
    """A use of ``__file__`` that is not prepared for its absence."""
    for node in _unguarded(entrypoint.tree):
        yield Violation(
            f"{quoted(entrypoint.name)} reads __file__, which Databricks does not set for the file that a job runs (NameError). Pass paths as parameters, or read files of a package with importlib.resources.",
            location=entrypoint.at(node.lineno),
        )


def _unguarded(root: ast.AST) -> Iterator[ast.Name]:
    """The uses of ``__file__`` for which neither a ``try`` nor an ``if`` provides."""
    pending = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Name) and node.id == "__file__" and isinstance(node.ctx, ast.Load):
            yield node
        skipped = node.body if isinstance(node, ast.Try) and any(map(_catches, node.handlers)) else []
        if isinstance(node, (ast.If, ast.IfExp)) and _asks(node.test):
            continue
        pending.extend(child for child in reversed(list(ast.iter_child_nodes(node))) if child not in skipped)


def _catches(handler: ast.ExceptHandler) -> bool:
    caught = ast.unparse(handler.type) if handler.type else "Exception"
    return re.search(r"\b(NameError|Exception|BaseException)\b", caught) is not None


def _asks(test: ast.expr) -> bool:
    return any(isinstance(node, ast.Constant) and node.value == "__file__" for node in ast.walk(test))


@rule("ADF623", on=ENTRYPOINT)
def package_without_wheel(directory: Directory, entrypoint: Entrypoint) -> Iterator[Violation]:
    """An import of a package of the directory, in a file whose activity installs no wheel."""
    entries = entrypoint.node.type_properties.get("libraries")
    imported = sorted({name for node in entrypoint.nodes for name in _imported(node)})
    own = [name for name in imported if _is_own(directory.root, name)]
    if own and not is_dynamic(entries) and not _may_install(entries, own):
        path = (*entrypoint.node.path, "typeProperties")
        yield Violation(
            f"{title(entrypoint.node)} runs {quoted(entrypoint.name)}, which imports the package {quoted(own[0])}, and its 'libraries' have no wheel. Add {{\"whl\": …}}.",
            location=entrypoint.document.locate(path),
        )


def _imported(node: ast.AST) -> list[str]:
    """The top-level packages that a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    return (
        [node.module.partition(".")[0]] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
    )


def _is_own(root: Path, name: str) -> bool:
    return any((folder / name / "__init__.py").is_file() for folder in (root, root / "src"))


def _may_install(entries: Any, packages: list[str]) -> bool:
    """Whether libraries may bring one of some packages."""
    for entry in entries if isinstance(entries, list) else []:
        if (
            not isinstance(entry, dict)
            or is_dynamic(entry)
            or any(key in entry for key in ("whl", "egg", "requirements"))
        ):
            return True
        package = entry.get("pypi", {}).get("package") if isinstance(entry.get("pypi"), dict) else None
        if isinstance(package, str) and re.split(r"[^\w.-]", package)[0].replace("-", "_") in packages:
            return True
    return False


@rule("ADF624", on=Subject.DIRECTORY)
def broken_wheel(directory: Directory) -> Iterator[Violation]:
    """A staged wheel that is empty or no archive."""
    for name in directory.artifacts or []:
        path = directory.root / STAGED / name
        if name.endswith(".whl") and path.is_file() and not is_zipfile(path):
            problem = "is empty" if path.stat().st_size == 0 else "is no wheel, for it is no zip archive"
            yield Violation(
                f"{quoted(name)} in {STAGED}/ {problem}. Run: make artifacts",
                location=directory.place(f"{STAGED}/{name}"),
            )
