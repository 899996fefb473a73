"""Databricks activities: paths, parameters and the linked service that they need."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from activities_gen.model.values import is_arm, is_dynamic, is_expression_object, kind_of
from activities_gen.rules.context import Context, title
from activities_gen.rules.evaluated import named_types, shown_expression, template_in, unfit
from activities_gen.rules.keys import CLUSTERS
from activities_gen.rules.model import Violation, quoted, rule
from activities_gen.rules.subjects import activity, each
from activities_gen.wire.document import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.model.activities import Activity
    from activities_gen.wire.document import Document

SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:/", re.IGNORECASE)


def of_databricks(context: Context) -> Iterator[Activity]:
    """The active activities that run on Databricks."""
    return (node for node in context.active if node.type in CLUSTERS)


def _python_files(context: Context) -> Iterator[tuple[Activity, str]]:
    for node in context.active:
        value = node.type_properties.get("pythonFile") if node.type == "DatabricksSparkPython" else None
        if isinstance(value, str) and value and not is_arm(value) and not value.startswith("@"):
            yield node, value


@rule("ADF601", on=each(_python_files))
def relative_python_file(_: Context, node: Activity, value: Any) -> Iterator[Violation]:
    """A path that is neither absolute nor an address."""
    if not value.startswith(("/", "@{")) and not SCHEME.match(value):
        yield Violation(
            f"{title(node)} runs {quoted(value)}, a relative path. Write 'dbfs:/…' or an absolute workspace path.",
            (*node.path, "typeProperties", "pythonFile"),
        )


@rule("ADF602", on=each(_python_files))
def mounted_python_file(_: Context, node: Activity, value: Any) -> Iterator[Violation]:
    """A FUSE path."""
    if value.startswith("/dbfs/"):
        yield Violation(
            f"{title(node)} runs {quoted(value)}. Write {quoted('dbfs:/' + value.removeprefix('/dbfs/'))}.",
            (*node.path, "typeProperties", "pythonFile"),
        )


@rule("ADF603", on=activity("DatabricksNotebook"))
def relative_notebook(_: Context, node: Activity) -> Iterator[Violation]:
    """A notebook path without a slash first."""
    value = node.type_properties.get("notebookPath")
    if isinstance(value, str) and value and not is_arm(value) and not value.startswith(("/", "@")):
        yield Violation(
            f"{title(node)} runs the notebook {quoted(value)}; its path must begin with '/'.",
            (*node.path, "typeProperties", "notebookPath"),
        )


@rule("ADF609", on=activity("DatabricksSparkPython", "DatabricksSparkJar"))
def parameter_texts(context: Context, node: Activity) -> Iterator[Violation]:
    """A number, boolean, null, list or object among the parameters, or an expression that gives one."""
    values = node.type_properties.get("parameters")
    for index, value in enumerate(values if isinstance(values, list) else []):
        problem = _no_text(context, value)
        if problem:
            yield Violation(
                f"{title(node)} has {problem} as parameter {index + 1}; write it as a text.",
                (*node.path, "typeProperties", "parameters", index),
            )


def _no_text(context: Context, value: Any) -> str:
    """Returns what a parameter is if it is no text; empty if it is one, or may be."""
    if not is_dynamic(value):
        shown = "" if isinstance(value, (dict, list)) or value is None else f" {quoted(value)}"
        return "" if isinstance(value, str) else f"{kind_of(value)}{shown}"
    template, text, _ = template_in(context, value, ())
    found = unfit(context, template, ("String",))
    return f"the expression {quoted(shown_expression(text))}, which gives {named_types(found[0])}," if found else ""


@rule("ADF610", on=activity("DatabricksNotebook"))
def empty_base_parameter(_: Context, node: Activity) -> Iterator[Violation]:
    """An empty or null base parameter."""
    values = node.type_properties.get("baseParameters")
    for name, value in values.items() if isinstance(values, dict) else ():
        if value is None or value == "" or (is_expression_object(value) and value["value"] == ""):
            yield Violation(
                f"{title(node)} passes {quoted(name)} without a value, which Databricks refuses. Give one, or leave it out for the notebook's own default.",
                (*node.path, "typeProperties", "baseParameters", name),
            )


@rule("ADF611", on=each(of_databricks))
def missing_linked_service(_: Context, node: Activity) -> Iterator[Violation]:
    """No linked service, or one without a name."""
    service = node.json.get("linkedServiceName")
    if service is None or (isinstance(service, dict) and service.get("referenceName") is None):
        yield Violation(
            f'{title(node)} has no \'linkedServiceName\', so it has no cluster to run on. Add {{"referenceName": …, "type": "LinkedServiceReference"}}.',
            node.path,
        )


def linked_service_of(context: Context, node: Activity) -> Document | None:
    """The linked service that an activity refers to, where it is among the checked documents."""
    service = node.json.get("linkedServiceName")
    name = service.get("referenceName") if isinstance(service, dict) else None
    return context.repository.find(Kind.LINKED_SERVICE, name) if isinstance(name, str) else None


def cluster_of(document: Document) -> dict[str, Any]:
    """The ``typeProperties`` of a linked service."""
    value = document.properties.get("typeProperties")
    return value if isinstance(value, dict) else {}


def runtime_major(document: Document | None) -> int | None:
    """The major Databricks runtime version that a linked service asks for; ``None`` if that is not known."""
    version = cluster_of(document).get("newClusterVersion") if document else None
    match = re.match(r"(\d{1,3})\.", version) if isinstance(version, str) else None
    return int(match.group(1)) if match else None


@rule("ADF612", on=each(of_databricks))
def service_type(context: Context, node: Activity) -> Iterator[Violation]:
    """A linked service whose type is not AzureDatabricks."""
    service = linked_service_of(context, node)
    kind = service.properties.get("type") if service else None
    if isinstance(kind, str) and not is_arm(kind) and not kind.startswith("AzureDatabricks"):
        yield Violation(
            f"{title(node)} uses the linked service {quoted(service.name if service else '')}, which is of type {quoted(kind)}, not 'AzureDatabricks'.",
            (*node.path, "linkedServiceName"),
        )


@rule("ADF613", on=activity("DatabricksSparkJar"))
def jarless_class(_: Context, node: Activity) -> Iterator[Violation]:
    """No jar and no Maven package among the libraries."""
    libraries = node.type_properties.get("libraries")
    if libraries is not None and not isinstance(libraries, list):
        return
    if not any(isinstance(entry, dict) and ("jar" in entry or "maven" in entry) for entry in libraries or []):
        yield Violation(
            f"{title(node)} has no jar among its 'libraries'. Add {{\"jar\": …}} with the file that holds its class.",
            node.path,
        )


@rule("ADF618", on=each(of_databricks))
def blank_before_path(_: Context, node: Activity) -> Iterator[Violation]:
    """A path that begins or ends with a blank."""
    for key in ("pythonFile", "notebookPath"):
        value = node.type_properties.get(key)
        if isinstance(value, str) and value != value.strip() and not is_dynamic(value.rstrip()):
            yield Violation(
                f"{title(node)} has {quoted(value)} as {quoted(key)}, with a blank at an end. Delete the blank.",
                (*node.path, "typeProperties", key),
            )
