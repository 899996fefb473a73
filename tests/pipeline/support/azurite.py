"""Azurite, Microsoft's emulator of Azure storage: started for the tests, with what Sail must be told of it.

`make azurite` installs it into the environment's folder `azurite`.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import http.client
import shutil
import sys
from email.utils import formatdate
from pathlib import Path
from typing import TYPE_CHECKING

import engines

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = Path(sys.prefix) / "azurite" / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""The account and the key that every emulator has, and that Microsoft's documentation prints."""


def missing() -> str | None:
    """Why Azurite cannot be started here."""
    if shutil.which("node") is None:
        return "node is not on this machine"
    return None if PROGRAM.is_file() else "Azurite is not installed: run make azurite"


def variables(port: int) -> dict[str, str]:
    """What makes Sail take Azurite for Azure: variables of the process that it runs in, set before it first sees the address."""
    return {
        "AZURE_STORAGE_USE_EMULATOR": "true",
        "AZURITE_BLOB_STORAGE_URL": f"http://127.0.0.1:{port}",
        "AZURE_ALLOW_HTTP": "true",
        "AZURE_STORAGE_ACCOUNT_NAME": ACCOUNT,
        "AZURE_STORAGE_ACCOUNT_KEY": KEY,
    }


@contextlib.contextmanager
def running(folder: Path) -> Iterator[int]:
    """Azurite with its data in a folder; gives its port."""
    port = engines.free_port()
    command = ["node", str(PROGRAM), "--blobHost", "127.0.0.1", "--blobPort", str(port), "--location", str(folder)]
    command += ["--skipApiVersionCheck", "--disableTelemetry", "--silent"]
    with engines.server(command, port, folder / "azurite.log"):
        yield port


def make_container(port: int, name: str) -> str:
    """Makes a container unless it is there, and returns its address."""
    put(port, name, {"restype": "container"})
    return f"abfss://{name}@{ACCOUNT}.dfs.core.windows.net"


def upload(port: int, container: str, path: str, content: bytes) -> None:
    """Writes a file into a container."""
    put(port, f"{container}/{path}", {}, content, {"x-ms-blob-type": "BlockBlob"})


def put(port: int, path: str, query: dict[str, str], content: bytes = b"", more: dict[str, str] | None = None) -> None:
    """Sends a signed PUT."""
    headers = {**(more or {}), "x-ms-date": formatdate(usegmt=True), "x-ms-version": "2021-08-06"}
    signed = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    length = str(len(content)) if content else ""
    text = f"PUT\n\n\n{length}" + "\n" * 9 + signed + f"/{ACCOUNT}/{ACCOUNT}/{path}"
    text += "".join(f"\n{name}:{value}" for name, value in query.items())
    digest = hmac.digest(base64.b64decode(KEY), text.encode(), hashlib.sha256)
    headers["Authorization"] = f"SharedKey {ACCOUNT}:{base64.b64encode(digest).decode()}"
    target = f"/{ACCOUNT}/{path}?" + "&".join(f"{name}={value}" for name, value in query.items())
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("PUT", target.rstrip("?"), content, {**headers, "Content-Length": str(len(content))})
        answer = connection.getresponse()
        if answer.status not in {http.client.CREATED, http.client.CONFLICT}:
            raise RuntimeError(f"Azurite refuses {path}: {answer.status} {answer.read()!r}")
