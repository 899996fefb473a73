"""What the pages say of the family "Settings that belong together"."""

from __future__ import annotations

from typing import Any

from activities_gen.catalogue.examples import activity
from activities_gen.catalogue.page import Page

COPY = "https://learn.microsoft.com/azure/data-factory/copy-activity-overview"

_FILES = [{"referenceName": "Files", "type": "DatasetReference"}]
_STAGED = {"linkedServiceName": {"referenceName": "Store", "type": "LinkedServiceReference"}, "path": "staging"}


def _copy(**properties: Any) -> list[dict[str, Any]]:
    ends = {"source": {"type": "BlobSource"}, "sink": {"type": "BlobSink"}}
    return [activity("Copy", "Copy", **(ends | properties)) | {"inputs": _FILES, "outputs": _FILES}]


def _from_files(**more: Any) -> list[dict[str, Any]]:
    return _copy(source={"type": "DelimitedTextSource", **more})


_STORE = {"type": "AzureBlobFSReadSettings", "recursive": True}
_FORMAT = {"type": "DelimitedTextReadSettings", "skipLineCount": 1}

PAGES = {
    "ADF340": Page(
        why="Staging in a Copy needs `stagingSettings`, logging in a Delete `logStorageSettings`, and each kind of authentication of a Web activity or WebHook its own keys. Studio does not publish the activity without them, and a run fails.",
        wrong=_copy(enableStaging=True),
        right=_copy(enableStaging=True, stagingSettings=_STAGED),
        source=COPY,
    ),
    "ADF341": Page(
        why="The key belongs to the object around this one, or to one inside of it. Where it stands it is ignored, and the copy runs with the default.",
        wrong=_from_files(storeSettings=_STORE | {"formatSettings": _FORMAT}),
        right=_from_files(storeSettings=_STORE, formatSettings=_FORMAT),
        source=COPY,
    ),
}
