"""What the pages say of the family "Event triggers"."""

from __future__ import annotations

from activities_gen.catalogue.examples import trigger
from activities_gen.catalogue.page import Page

BLOBS = "https://learn.microsoft.com/azure/data-factory/how-to-create-event-trigger"

CUSTOM = "https://learn.microsoft.com/azure/data-factory/how-to-create-custom-event-trigger"

_SCOPE = "/subscriptions/…"


PAGES = {
    "ADF717": Page(
        why="`events` has `Microsoft.Storage.BlobCreated` or `Microsoft.Storage.BlobDeleted`, and at least one of `blobPathBeginsWith` and `blobPathEndsWith` is given. `scope` is the id of the storage account; only its name is a warning.",
        wrong=trigger("BlobEventsTrigger", scope=_SCOPE, events=["BlobCreated"], blobPathEndsWith=".csv"),
        right=trigger(
            "BlobEventsTrigger", scope=_SCOPE, events=["Microsoft.Storage.BlobCreated"], blobPathEndsWith=".csv"
        ),
        source=BLOBS,
    ),
    "ADF718": Page(
        why="`blobPathBeginsWith` has the form `/container/blobs/folder/`, with the word `blobs` between container and path. Without it the trigger never fires.",
        wrong=trigger(
            "BlobEventsTrigger", scope=_SCOPE, events=["Microsoft.Storage.BlobCreated"], blobPathBeginsWith="/in/daily/"
        ),
        right=trigger(
            "BlobEventsTrigger",
            scope=_SCOPE,
            events=["Microsoft.Storage.BlobCreated"],
            blobPathBeginsWith="/in/blobs/daily/",
        ),
        source=BLOBS,
    ),
    "ADF719": Page(
        why="`events` names the types of events that start the pipeline.",
        wrong=trigger("CustomEventsTrigger", scope=_SCOPE, events=[]),
        right=trigger("CustomEventsTrigger", scope=_SCOPE, events=["copycompleted"]),
        source=CUSTOM,
    ),
}
