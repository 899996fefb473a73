"""Libraries of Databricks activities, and the clusters of their linked services."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from activities_gen.findings import Layer, Severity
from activities_gen.rules.context import Context, title
from activities_gen.rules.databricks import cluster_of, linked_service_of, of_databricks, runtime_major
from activities_gen.rules.examples import python
from activities_gen.rules.model import Mark, Subject, Target, quoted, rule
from activities_gen.rules.values import is_arm, is_dynamic, kind_of
from activities_gen.rules.wheels import WHEEL_NAMES, wheel_problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.findings import JsonPath
    from activities_gen.wire.document import Nested

LIBRARIES = "https://docs.databricks.com/api/azure/workspace/libraries"
DBFS = "https://learn.microsoft.com/azure/databricks/archive/legacy/dbfs-libraries"
KINDS = ("jar", "egg", "whl", "pypi", "maven", "cran", "requirements")
_OBJECTS = {"pypi": "package", "maven": "coordinates", "cran": "package"}
_REENABLE = "spark.databricks.driver.dbfsLibraryInstallationAllowed"
_WHEEL = "/Workspace/Shared/demo-1.0-py3-none-any.whl"


def libraries(context: Context) -> Iterator[tuple[Nested, JsonPath, Any]]:
    """The libraries of the Databricks activities: activity, path in the document, entry."""
    for node in of_databricks(context):
        entries = node.type_properties.get("libraries")
        for index, entry in enumerate(entries if isinstance(entries, list) else []):
            yield node, (*node.path, "typeProperties", "libraries", index), entry


def _files(context: Context) -> Iterator[tuple[Nested, JsonPath, str, str]]:
    """The libraries that are files: activity, path, kind, address."""
    for node, path, entry in libraries(context):
        for kind in ("jar", "egg", "whl"):
            value = entry.get(kind) if isinstance(entry, dict) else None
            if isinstance(value, str) and not is_dynamic(value):
                yield node, (*path, kind), kind, value


@rule(
    "ADF604",
    "a library that is not one of the known kinds",
    Severity.ERROR,
    Layer.RUN,
    why=f"Each entry of `libraries` is an object with exactly one of the keys {', '.join(f'`{kind}`' for kind in KINDS)}.",
    wrong=[python(libraries=[{"wheel": _WHEEL}])],
    right=[python(libraries=[{"whl": _WHEEL}])],
    source=LIBRARIES,
)
def library_kind(context: Context) -> Iterator[Mark]:
    """An entry without a known key, or with several."""
    for node, path, entry in libraries(context):
        if is_dynamic(entry) or is_arm(entry):
            continue
        if not isinstance(entry, dict):
            yield Mark(
                f'{title(node)} has {kind_of(entry)} among its libraries; write an object such as {{"whl": …}}.', path
            )
            continue
        known = [key for key in entry if key in KINDS]
        if len(known) != 1 or len(entry) != 1:
            keys = ", ".join(map(quoted, entry)) or "no key"
            near = "".join(context.suggest(key, list(KINDS)) for key in entry if key not in KINDS)[:60]
            yield Mark(
                f"{title(node)} has a library with {keys}; it takes exactly one of {', '.join(KINDS)}.{near}", path
            )


@rule(
    "ADF605",
    "a library whose value has another form than its kind",
    Severity.ERROR,
    Layer.RUN,
    why="jar, egg, whl and requirements take a path; pypi and cran an object with `package`; maven one with `coordinates` "
    "of the form `group:artifact:version`.",
    wrong=[python(libraries=[{"pypi": "simplejson==3.8.0"}])],
    right=[python(libraries=[{"pypi": {"package": "simplejson==3.8.0"}}])],
    source=LIBRARIES,
)
def library_value(context: Context) -> Iterator[Mark]:
    """A text where an object belongs, or the other way round."""
    for node, path, entry in libraries(context):
        for kind, value in entry.items() if isinstance(entry, dict) else ():
            problem = "" if is_dynamic(value) else _value_problem(kind, value)
            if problem:
                yield Mark(f"{title(node)} has the {kind} library {problem}.", (*path, kind))


def _value_problem(kind: str, value: Any) -> str:
    """What is wrong with a library's value; empty where nothing is."""
    key = _OBJECTS.get(kind)
    if key is None:
        good = kind not in KINDS or (isinstance(value, str) and value)
        return "" if good else f"{quoted(value)}, {kind_of(value)}; it takes the path of a file"
    inner = value.get(key) if isinstance(value, dict) else None
    if not isinstance(inner, str) or not inner:
        return f'{quoted(value)}; it takes an object {{"{key}": "…"}}'
    if kind == "maven" and not is_dynamic(inner) and not 2 <= inner.count(":") <= 4:
        return f"{quoted(inner)}; coordinates have the form 'group:artifact:version'"
    return ""


@rule(
    "ADF606",
    "a wheel whose file name is not a wheel's",
    Severity.ERROR,
    Layer.RUN,
    why="A wheel is called `{distribution}-{version}-{python}-{abi}-{platform}.whl`, dashes in the distribution written as "
    "underscores. Renamed to `latest`, it cannot be installed. A zip of wheels ends with `.wheelhouse.zip`.",
    wrong=[python(libraries=[{"whl": "/Workspace/Shared/demo-latest.whl"}])],
    right=[python(libraries=[{"whl": _WHEEL}])],
    source=WHEEL_NAMES,
)
def wheel_name(context: Context) -> Iterator[Mark]:
    """A file name that pip and Databricks refuse."""
    for node, path, kind, value in _files(context):
        file = value.rsplit("/", 1)[-1]
        problem = wheel_problem(file) if kind == "whl" and not value.endswith(".wheelhouse.zip") else ""
        if problem:
            yield Mark(f"{title(node)} installs the wheel {quoted(file)}, which {problem}.", path)


@rule(
    "ADF607",
    "a library in DBFS",
    Severity.WARNING,
    Layer.RUN,
    why="From Databricks runtime 15 on, libraries are not installed from DBFS. Where the linked service names such a "
    "runtime and does not allow it again, it is an error. FlowEHR keeps its artifacts there, so nothing is said when "
    "checking for it. Prefer workspace files or `/Volumes/…`.",
    wrong=[python(libraries=[{"whl": "dbfs:/FileStore/jars/demo-1.0-py3-none-any.whl"}])],
    right=[python(libraries=[{"whl": "/Volumes/main/code/wheels/demo-1.0-py3-none-any.whl"}])],
    source=DBFS,
)
def dbfs_library(context: Context) -> Iterator[Mark]:
    """A library file whose address begins with ``dbfs:/``."""
    if context.options.target is Target.FLOWEHR:
        return
    for node, path, _, value in _files(context):
        if not value.startswith("dbfs:/"):
            continue
        service = linked_service_of(context, node)
        major = runtime_major(service)
        allowed = service is not None and _REENABLE in str(cluster_of(service).get("newClusterSparkConf", ""))
        fatal = major is not None and major >= 15 and not allowed
        tail = (
            f", which runtime {major} of its linked service does not install"
            if fatal
            else ", which runtimes from 15 on do not install"
        )
        yield Mark(
            f"{title(node)} installs {quoted(value)} from DBFS{tail}. Put it into the workspace or a volume.",
            path,
            Severity.ERROR if fatal else None,
        )


@rule(
    "ADF608",
    "an egg",
    Severity.WARNING,
    Layer.RUN,
    why="Eggs are deprecated and not installed from Databricks runtime 14 on. Where the linked service names such a runtime, "
    "it is an error.",
    wrong=[python(libraries=[{"egg": "/Workspace/Shared/demo-1.0-py3.8.egg"}])],
    right=[python(libraries=[{"whl": _WHEEL}])],
    source=LIBRARIES,
)
def egg(context: Context) -> Iterator[Mark]:
    """A library of the kind egg."""
    for node, path, kind, value in _files(context):
        if kind == "egg":
            major = runtime_major(linked_service_of(context, node))
            severity = Severity.ERROR if major is not None and major >= 14 else None
            yield Mark(
                f"{title(node)} installs the egg {quoted(value)}, which runtimes from 14 on refuse. Build a wheel.",
                path,
                severity,
            )


@rule(
    "ADF616",
    "a library that stands twice",
    Severity.NOTE,
    Layer.RUN,
    why="The second entry installs nothing.",
    wrong=[python(libraries=[{"whl": _WHEEL}, {"whl": _WHEEL}])],
    right=[python(libraries=[{"whl": _WHEEL}])],
    source=LIBRARIES,
)
def duplicate_library(context: Context) -> Iterator[Mark]:
    """Two equal entries of one activity."""
    seen: set[tuple[int, str]] = set()
    for node, path, kind, value in _files(context):
        key = (id(node), f"{kind}:{value}")
        if key in seen:
            yield Mark(f"{title(node)} installs {quoted(value)} twice. Delete one.", path)
        seen.add(key)


def _service(**properties: Any) -> dict[str, Any]:
    base = {
        "domain": "https://adb-1.1.azuredatabricks.net",
        "authentication": "MSI",
        "workspaceResourceId": "/subscriptions/…",
    }
    return {"name": "Databricks", "properties": {"type": "AzureDatabricks", "typeProperties": base | properties}}


@rule(
    "ADF617",
    "a Databricks linked service without a workspace, a login or a cluster",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    on=Subject.LINKED_SERVICE,
    why="It needs `domain`; `accessToken`, or `authentication` with `workspaceResourceId`, or a credential; and one of "
    "`existingClusterId`, `instancePoolId`, or `newClusterVersion` with `newClusterNumOfWorker` and `newClusterNodeType`. "
    "Only the missing domain is an error; the rest is a warning.",
    wrong=_service(domain=None),
    right=_service(existingClusterId="0101-000000-abcdefgh"),
    source="https://learn.microsoft.com/azure/data-factory/compute-linked-services#azure-databricks-linked-service",
)
def databricks_service(context: Context) -> Iterator[Mark]:
    """A linked service of type AzureDatabricks that cannot work."""
    properties = context.document.properties
    if properties.get("type") != "AzureDatabricks" or is_arm(properties.get("typeProperties")):
        return
    cluster = cluster_of(context.document)
    path = ("properties", "typeProperties")
    name = quoted(context.document.name)
    if not cluster.get("domain"):
        yield Mark(
            f"The linked service {name} has no 'domain'. Add the workspace's address, https://adb-….azuredatabricks.net.",
            path,
        )
    encrypted = cluster.get("encryptedCredential")
    if not any(cluster.get(key) for key in ("accessToken", "authentication", "credential")) and not encrypted:
        yield Mark(f"The linked service {name} has neither 'accessToken' nor 'authentication'.", path, Severity.WARNING)
    choices = [key for key in ("existingClusterId", "instancePoolId", "newClusterVersion") if cluster.get(key)]
    if not choices:
        yield Mark(
            f"The linked service {name} names no cluster: add 'existingClusterId', 'instancePoolId' or 'newClusterVersion'.",
            path,
            Severity.WARNING,
        )
    workers = cluster.get("newClusterNumOfWorker")
    if workers is not None and not is_dynamic(workers) and not re.fullmatch(r"\d+(:\d+)?", str(workers)):
        yield Mark(
            f'The linked service {name} has {quoted(workers)} as \'newClusterNumOfWorker\'; write "2" or "2:8".',
            (*path, "newClusterNumOfWorker"),
            Severity.WARNING,
        )
