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
MODULE = "infrastructure/transform"
_MAX_BYTES = 1_000_000


def read_checkout(root: Path) -> Flowehr:
    """What the Terraform of a FlowEHR checkout creates in the data factory.

    Args:
        root: The root of the checkout.

    Raises:
        ValueError: There is no Terraform of FlowEHR's, or it names no linked service.
    """
    texts = list(_texts(root / MODULE))
    if not texts:
        raise ValueError(f"no Terraform files in {MODULE}")
    names = {match["name"]: match["value"] for text in texts for match in _LOCAL.finditer(text)}
    services, runtimes = set(), set()
    for text in texts:
        for block in _BLOCK.finditer(text):
            name = _name(block["body"], names)
            if name and "linked" in block["type"]:
                services.add(name)
            elif name and "integration_runtime" in block["type"]:
                runtimes.add(name)
    if not services:
        raise ValueError(f"no linked service in {MODULE}")
    known = Flowehr()
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


def _name(body: str, names: dict[str, str]) -> str:
    """The name that a resource is given: a literal, or that of a local; empty where it is computed otherwise."""
    match = _NAME.search(body)
    value = match["value"] if match else ""
    if value.startswith("local."):
        return names.get(value.removeprefix("local."), "")
    return value[1:-1] if re.fullmatch(r'"[^"$]+"', value) else ""
