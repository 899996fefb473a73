"""Event triggers: which events of a storage account or an Event Grid topic they listen to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from activities_gen.findings import Layer, Severity
from activities_gen.rules.model import Mark, Subject, quoted, rule
from activities_gen.rules.triggers import AT, content_of, name_of, trigger, type_of
from activities_gen.rules.values import is_arm, is_dynamic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.rules.context import Context

BLOBS = "https://learn.microsoft.com/azure/data-factory/how-to-create-event-trigger"
CUSTOM = "https://learn.microsoft.com/azure/data-factory/how-to-create-custom-event-trigger"
_SCOPE = "/subscriptions/…"


@rule(
    "ADF717",
    "a storage event trigger that listens to nothing",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    on=Subject.TRIGGER,
    why="`events` has `Microsoft.Storage.BlobCreated` or `Microsoft.Storage.BlobDeleted`, and at least one of "
    "`blobPathBeginsWith` and `blobPathEndsWith` is given. `scope` is the id of the storage account; a mere name is a warning.",
    wrong=trigger("BlobEventsTrigger", scope=_SCOPE, events=["BlobCreated"], blobPathEndsWith=".csv"),
    right=trigger("BlobEventsTrigger", scope=_SCOPE, events=["Microsoft.Storage.BlobCreated"], blobPathEndsWith=".csv"),
    source=BLOBS,
)
def blob_events(context: Context) -> Iterator[Mark]:
    """Events that do not exist, no filter of paths, or no id of a storage account."""
    content = content_of(context)
    if type_of(context) != "BlobEventsTrigger":
        return
    known = ("Microsoft.Storage.BlobCreated", "Microsoft.Storage.BlobDeleted")
    events = content.get("events")
    for event in events if isinstance(events, list) else []:
        if event not in known and not is_arm(event):
            near = context.suggest(str(event), list(known)) or f" There are {' and '.join(known)}."
            yield Mark(f"{name_of(context)} listens to {quoted(event)}, which does not exist.{near}", (*AT, "events"))
    if events == []:
        yield Mark(f"{name_of(context)} listens to no events. Add one to 'events'.", (*AT, "events"))
    scope = content.get("scope")
    if isinstance(scope, str) and not is_dynamic(scope) and not scope.startswith("/"):
        yield Mark(
            f"{name_of(context)} has the scope {quoted(scope)}; write the storage account's whole id, '/subscriptions/…'.",
            (*AT, "scope"),
            Severity.WARNING,
        )
    if not content.get("blobPathBeginsWith") and not content.get("blobPathEndsWith"):
        yield Mark(f"{name_of(context)} has neither 'blobPathBeginsWith' nor 'blobPathEndsWith'. Add one of them.", AT)


@rule(
    "ADF718",
    "a blob path without the word blobs",
    Severity.WARNING,
    Layer.RUN,
    on=Subject.TRIGGER,
    why="`blobPathBeginsWith` has the form `/container/blobs/folder/`, the word `blobs` between container and path; without "
    "it the trigger never fires.",
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
)
def blob_path(context: Context) -> Iterator[Mark]:
    """A beginning of a path in another form."""
    value = content_of(context).get("blobPathBeginsWith") if type_of(context) == "BlobEventsTrigger" else None
    if isinstance(value, str) and value and not is_dynamic(value) and not re.match(r"/?[^/]+(/blobs(/|$)|/?$)", value):
        yield Mark(
            f"{name_of(context)} has {quoted(value)} as 'blobPathBeginsWith'. Write '/container/blobs/path'.",
            (*AT, "blobPathBeginsWith"),
        )


@rule(
    "ADF719",
    "a custom event trigger without events",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    on=Subject.TRIGGER,
    why="`events` names the types of events that start the pipeline.",
    wrong=trigger("CustomEventsTrigger", scope=_SCOPE, events=[]),
    right=trigger("CustomEventsTrigger", scope=_SCOPE, events=["copycompleted"]),
    source=CUSTOM,
)
def custom_events(context: Context) -> Iterator[Mark]:
    """An empty list of events."""
    if type_of(context) == "CustomEventsTrigger" and content_of(context).get("events") == []:
        yield Mark(f"{name_of(context)} listens to no events. Add the type of one to 'events'.", (*AT, "events"))
