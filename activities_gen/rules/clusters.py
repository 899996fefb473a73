"""What a Databricks linked service says of its cluster: values that are stored and then break Studio or the start."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from activities_gen.model.values import is_arm, is_dynamic, kind_of
from activities_gen.rules.model import Subject, Violation, quoted, rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from activities_gen.rules.context import Context

_AT = ("properties", "typeProperties")
_WORKERS = "newClusterNumOfWorker"
_RANGE = re.compile(r"(\d{1,9}):(\d{1,9})", re.ASCII)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(member, str) or is_dynamic(member) for member in value)


def _is_map(value: Any) -> bool:
    return isinstance(value, dict)


_Form = tuple["Callable[[Any], bool]", str]
_TEXT: _Form = (_is_text, "a text")
_MAP: _Form = (_is_map, "an object")
_FORMS: dict[str, _Form] = {
    "domain": _TEXT,
    "existingClusterId": _TEXT,
    "instancePoolId": _TEXT,
    "newClusterVersion": _TEXT,
    _WORKERS: (_is_text, 'a text such as "2", or "2:8" for two to eight'),
    "newClusterNodeType": _TEXT,
    "newClusterDriverNodeType": _TEXT,
    "newClusterLogDestination": _TEXT,
    "newClusterInitScripts": (_is_list_of_texts, 'a list of paths such as ["dbfs:/init.sh"]'),
    "newClusterSparkConf": _MAP,
    "newClusterSparkEnvVars": _MAP,
    "newClusterCustomTags": _MAP,
    "policyId": _TEXT,
    "dataSecurityMode": _TEXT,
}
"""The keys of a cluster, each with what its value is and how messages say that."""


@rule("ADF640", on=Subject.LINKED_SERVICE)
def cluster_value(context: Context) -> Iterator[Violation]:
    """A value of another form than its key takes, or workers of which the least are more than the most."""
    properties = context.document.properties
    cluster = properties.get("typeProperties")
    if properties.get("type") != "AzureDatabricks" or not isinstance(cluster, dict):
        return
    for key, (fits, wanted) in _FORMS.items():
        value = cluster.get(key)
        if value is not None and not is_dynamic(value) and not fits(value):
            shown = kind_of(value) if isinstance(value, (list, dict)) else f"{kind_of(value)}, {quoted(value)},"
            yield Violation(
                f"The linked service {quoted(context.document.name)} has {shown} as {quoted(key)}; it takes {wanted}.",
                (*_AT, key),
            )
    yield from _turned(context.document.name, cluster.get(_WORKERS))


def _turned(name: str, workers: Any) -> Iterator[Violation]:
    """A range of workers that ends before it begins."""
    match = _RANGE.fullmatch(workers) if isinstance(workers, str) and not is_arm(workers) else None
    if match and int(match[1]) > int(match[2]):
        yield Violation(
            f"The linked service {quoted(name)} asks for {quoted(workers)} workers, which is no range. Write {quoted(f'{match[2]}:{match[1]}')}.",
            (*_AT, _WORKERS),
        )
