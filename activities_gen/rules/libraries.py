"""Libraries of Databricks activities, and the clusters of their linked services."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from activities_gen.catalogue import Target
from activities_gen.findings import Severity
from activities_gen.model.values import is_arm, is_dynamic, kind_of
from activities_gen.rules.context import Context, title
from activities_gen.rules.databricks import SCHEME, cluster_of, linked_service_of, of_databricks, runtime_major
from activities_gen.rules.model import Subject, Violation, quoted, rule
from activities_gen.rules.subjects import each
from activities_gen.rules.wheels import wheel_problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.findings import JsonPath
    from activities_gen.model.activities import Activity

KINDS = ("jar", "egg", "whl", "pypi", "maven", "cran", "requirements")
_OBJECTS = {"pypi": "package", "maven": "coordinates", "cran": "package"}
_REENABLE = "spark.databricks.driver.dbfsLibraryInstallationAllowed"


def libraries(context: Context) -> Iterator[tuple[Activity, JsonPath, Any]]:
    """The libraries of the Databricks activities: activity, path in the document, entry."""
    for node in of_databricks(context):
        entries = node.type_properties.get("libraries")
        for index, entry in enumerate(entries if isinstance(entries, list) else []):
            yield node, (*node.path, "typeProperties", "libraries", index), entry


def _files(context: Context) -> Iterator[tuple[Activity, JsonPath, str, str]]:
    """The libraries that are files, addresses with expressions in them too: activity, path, kind, address."""
    for node, path, entry in libraries(context):
        for kind in ("jar", "egg", "whl", "requirements"):
            value = entry.get(kind) if isinstance(entry, dict) else None
            if isinstance(value, str) and value:
                yield node, (*path, kind), kind, value


@rule("ADF604", on=each(libraries))
def library_kind(context: Context, node: Activity, path: JsonPath, entry: Any) -> Iterator[Violation]:
    """An entry without a known key, or with several."""
    if is_dynamic(entry) or is_arm(entry):
        return
    if not isinstance(entry, dict):
        yield Violation(
            f'{title(node)} has {kind_of(entry)} among its libraries; write an object such as {{"whl": …}}.', path
        )
        return
    known = [key for key in entry if key in KINDS]
    if len(known) != 1 or len(entry) != 1:
        keys = ", ".join(map(quoted, entry)) or "no key"
        near = "".join(context.suggest(key, list(KINDS)) for key in entry if key not in KINDS)[:60]
        yield Violation(
            f"{title(node)} has a library with {keys}; it takes exactly one of {', '.join(KINDS)}.{near}", path
        )


@rule("ADF605", on=each(libraries))
def library_value(_: Context, node: Activity, path: JsonPath, entry: Any) -> Iterator[Violation]:
    """A text where an object belongs, or the other way round."""
    for kind, value in entry.items() if isinstance(entry, dict) else ():
        problem = "" if is_dynamic(value) else _value_problem(kind, value)
        if problem:
            yield Violation(f"{title(node)} has the {kind} library {problem}.", (*path, kind))


def _value_problem(kind: str, value: Any) -> str:
    """Returns what is wrong with a library's value; empty if nothing is."""
    key = _OBJECTS.get(kind)
    if key is None:
        good = kind not in KINDS or (isinstance(value, str) and value)
        return "" if good else f"{quoted(value)}, {kind_of(value)}; it takes the path of a file"
    inner = value.get(key) if isinstance(value, dict) else None
    if not isinstance(inner, str) or not inner:
        return f'{quoted(value)}; it takes an object {{"{key}": "…"}}'
    surplus = next((name for name in value if name not in (key, "repo", *_ALSO.get(kind, ()))), None)
    if surplus is not None:
        return f"with the key {quoted(surplus)}, which it does not have"
    return _coordinates_problem(inner, value.get("exclusions")) if kind == "maven" else ""


_ALSO = {"maven": ("exclusions",)}


def _coordinates_problem(coordinates: str, exclusions: Any) -> str:
    """Returns what is wrong with a Maven library; empty if nothing is."""
    if not is_dynamic(coordinates) and not 2 <= coordinates.count(":") <= 4:
        return f"{quoted(coordinates)}; coordinates have the form 'group:artifact:version'"
    if exclusions is None or is_dynamic(exclusions):
        return ""
    if not isinstance(exclusions, list):
        return f"with {kind_of(exclusions)} as 'exclusions'; it takes a list"
    bad = next((entry for entry in exclusions if not isinstance(entry, str) or ":" not in entry), None)
    return "" if bad is None else f"with the exclusion {quoted(bad)}; they have the form 'group:artifact'"


@rule("ADF606", on=each(_files))
def wheel_name(_: Context, node: Activity, path: JsonPath, kind: Any, value: Any) -> Iterator[Violation]:
    """A file name that pip and Databricks refuse."""
    file = value.rsplit("/", 1)[-1]
    readable = kind == "whl" and not is_dynamic(value) and not value.endswith(".wheelhouse.zip")
    problem = wheel_problem(file) if readable else ""
    if problem:
        yield Violation(f"{title(node)} installs the wheel {quoted(file)}, which {problem}.", path)


@rule("ADF607")
def dbfs_library(context: Context) -> Iterator[Violation]:
    """A library file whose address begins with ``dbfs:/``, or with ``/dbfs/``."""
    if context.options.target is Target.FLOWEHR:
        return
    for node, path, _, value in _files(context):
        if not value.casefold().startswith(("dbfs:/", "/dbfs/")):
            continue
        service = linked_service_of(context, node)
        major = runtime_major(service)
        conf = cluster_of(service).get("newClusterSparkConf") if service else None
        allowed = isinstance(conf, dict) and str(conf.get(_REENABLE, "false")).casefold() != "false"
        fatal = major is not None and major >= 15 and not allowed
        tail = (
            f", which runtime {major} of its linked service does not install"
            if fatal
            else ", which runtimes from 15 on do not install"
        )
        yield Violation(
            f"{title(node)} installs {quoted(value)} from DBFS{tail}. Put it into the workspace or a volume.",
            path,
            Severity.ERROR if fatal else None,
        )


@rule("ADF608", on=each(_files))
def egg(context: Context, node: Activity, path: JsonPath, kind: Any, value: Any) -> Iterator[Violation]:
    """A library of the kind egg."""
    if kind == "egg":
        major = runtime_major(linked_service_of(context, node))
        severity = Severity.ERROR if major is not None and major >= 14 else None
        yield Violation(
            f"{title(node)} installs the egg {quoted(value)}, which runtimes from 14 on refuse. Build a wheel.",
            path,
            severity,
        )


@rule("ADF616")
def duplicate_library(context: Context) -> Iterator[Violation]:
    """Two equal entries of one activity."""
    seen: set[tuple[int, str]] = set()
    for node, path, entry in libraries(context):
        key = (id(node), json.dumps(entry, sort_keys=True))
        if key in seen and entry:
            shown = next(iter(entry.values())) if isinstance(entry, dict) else entry
            yield Violation(f"{title(node)} installs {quoted(shown)} twice. Delete one.", path)
        seen.add(key)


@rule("ADF614", on=each(_files))
def early_requirements(context: Context, node: Activity, path: JsonPath, kind: Any, value: Any) -> Iterator[Violation]:
    """A requirements file where the linked service's runtime is older than 15."""
    major = runtime_major(linked_service_of(context, node)) if kind == "requirements" else None
    if major is not None and major < 15:
        yield Violation(
            f"{title(node)} installs {quoted(value)}, which runtime {major} of its linked service does not read. Use 15.0 or later, or list the packages.",
            path,
        )


@rule("ADF615", on=each(_files))
def relative_library(_: Context, node: Activity, path: JsonPath, _unused: Any, value: Any) -> Iterator[Violation]:
    """A path that is neither absolute nor an address."""
    if not value.startswith(("/", "@")) and not is_arm(value) and not SCHEME.match(value):
        yield Violation(
            f"{title(node)} installs {quoted(value)}, a relative path. Write '/Workspace/…' or '/Volumes/…'.", path
        )


@rule("ADF617", on=Subject.LINKED_SERVICE)
def databricks_service(context: Context) -> Iterator[Violation]:
    """A linked service of type AzureDatabricks that cannot work."""
    properties = context.document.properties
    if properties.get("type") != "AzureDatabricks" or is_arm(properties.get("typeProperties")):
        return
    cluster = cluster_of(context.document)
    path = ("properties", "typeProperties")
    if not cluster.get("domain"):
        yield Violation(
            f"The linked service {quoted(context.document.name)} has no 'domain'. Add the workspace's address, https://adb-….azuredatabricks.net.",
            path,
        )
    for problem in (*_login_problems(cluster), *_cluster_problems(cluster)):
        yield Violation(f"The linked service {quoted(context.document.name)} {problem}.", path, Severity.WARNING)


def _login_problems(service: dict[str, Any]) -> Iterator[str]:
    """Yields what is wrong with a Databricks linked service's address and login."""
    domain = service.get("domain")
    if isinstance(domain, str) and domain and not is_dynamic(domain) and not domain.startswith("https://"):
        yield f"has the domain {quoted(domain)}, which begins with no 'https://'"
    if not any(service.get(key) for key in ("accessToken", "authentication", "credential", "encryptedCredential")):
        yield "has neither 'accessToken' nor 'authentication'"
    elif service.get("authentication") == "MSI" and not service.get("workspaceResourceId"):
        yield "has the authentication 'MSI' without 'workspaceResourceId'"


def _cluster_problems(service: dict[str, Any]) -> Iterator[str]:
    """Yields what is wrong with the cluster that a Databricks linked service asks for."""
    if not any(service.get(key) for key in ("existingClusterId", "instancePoolId", "newClusterVersion")):
        yield "names no cluster: add 'existingClusterId', 'instancePoolId' or 'newClusterVersion'"
    elif not service.get("existingClusterId"):
        needed = ["newClusterVersion", "newClusterNumOfWorker"]
        needed += [] if service.get("instancePoolId") else ["newClusterNodeType"]
        lacking = [key for key in needed if not service.get(key)]
        if lacking:
            yield f"asks for a new cluster without {' and '.join(map(quoted, lacking))}"
    surplus = [key for key in ("instancePoolId", "newClusterVersion") if service.get(key)]
    if service.get("existingClusterId") and surplus:
        names = " and ".join(map(quoted, surplus))
        yield f"has 'existingClusterId' and {names}; one of them is used and the rest is ignored, so keep one"
    workers = service.get("newClusterNumOfWorker")
    if workers is not None and not is_dynamic(workers) and not re.fullmatch(r"\d+(:\d+)?", str(workers)):
        yield f'has {quoted(workers)} as \'newClusterNumOfWorker\'; write "2" or "2:8"'
