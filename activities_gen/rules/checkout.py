"""What a FlowEHR checkout says about the deployment: the linked services and integration runtimes it creates."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from activities_gen.rules.model import Flowehr

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BLOCK = re.compile(
    r'^resource\s+"(?P<type>azurerm_data_factory_\w+)"\s+"[^"]+"\s*\{(?P<body>.*?)^\}', re.MULTILINE | re.DOTALL
)
_NAME = re.compile(r"^\s*name\s*=\s*(?P<value>.+?)\s*$", re.MULTILINE)
_LOCAL = re.compile(r'^\s*(?P<name>\w+)\s*=\s*"(?P<value>[^"$]*)"\s*$', re.MULTILINE)
_VARIABLE = re.compile(r'^variable\s+"(?P<name>\w+)"\s*\{(?P<body>.*?)^\}', re.MULTILINE | re.DOTALL)
_DEFAULT = re.compile(r'^\s*default\s*=\s*"(?P<value>[^"$]*)"\s*$', re.MULTILINE)
_INTERPOLATION = re.compile(r"\$\{\s*(?P<name>(?:local|var)\.\w+)\s*\}")
_USUAL = {
    "databricks": "ADBLinkedServiceViaMSI",
    "key_vault": "KVLinkedServiceViaMSI",
    "data_lake": "ADLSLinkedServiceViaMSI",
}
"""The names that FlowEHR gives its linked services, by a part of the resource's type."""

MODULE = "infrastructure/transform"
_MAX_BYTES = 1_000_000


def read_checkout(root: Path) -> Flowehr:
    """Returns what the Terraform of a FlowEHR checkout creates in the data factory.

    Where a name is computed from what the checkout does not say, the usual name of that resource is taken for it.

    Args:
        root: The root of the checkout.

    Raises:
        ValueError: There is no Terraform of FlowEHR's, or it names no linked service.
    """
    texts = list(_texts(root / MODULE))
    if not texts:
        raise ValueError(f"no Terraform files in {MODULE}")
    names = _plain_names(texts)
    services: set[str] = set()
    runtimes: set[str] = set()
    known = Flowehr()
    for text in texts:
        for block in _BLOCK.finditer(text):
            kind, name = block["type"], _name(block["body"], names)
            if "linked" in kind:
                services |= {name or usual for part, usual in _USUAL.items() if name or part in kind}
            elif "integration_runtime" in kind:
                runtimes |= {name} if name else known.integration_runtimes
    if not services:
        raise ValueError(f"no linked service in {MODULE}")
    return replace(
        known,
        linked_services=frozenset(services),
        integration_runtimes=frozenset(runtimes | {"AutoResolveIntegrationRuntime"}),
    )


def _texts(folder: Path) -> Iterator[str]:
    """The text of each Terraform file of the module and its own modules."""
    for path in sorted(folder.rglob("*.tf")):
        if path.is_file() and path.stat().st_size <= _MAX_BYTES:
            yield path.read_text("utf-8", "replace")


def _plain_names(texts: list[str]) -> dict[str, str]:
    """The locals that are a literal and the variables that have one as default, as ``local.…`` and ``var.…``."""
    names = {f"local.{match['name']}": match["value"] for text in texts for match in _LOCAL.finditer(text)}
    for text in texts:
        for block in _VARIABLE.finditer(text):
            default = _DEFAULT.search(block["body"])
            if default:
                names[f"var.{block['name']}"] = default["value"]
    return names


def _name(body: str, names: dict[str, str]) -> str:
    """The name that a resource is given; empty if it is computed from what is not known here."""
    match = _NAME.search(body)
    value = match["value"] if match else ""
    text = value[1:-1] if value.startswith('"') and value.endswith('"') else f"${{{value}}}"
    resolved = _INTERPOLATION.sub(lambda found: names.get(found["name"], found[0]), text)
    return "" if "$" in resolved else resolved
