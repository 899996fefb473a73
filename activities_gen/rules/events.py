"""Event triggers: which events of a storage account or an Event Grid topic they listen to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from activities_gen.findings import Severity
from activities_gen.model.values import is_arm, is_dynamic
from activities_gen.rules.model import Subject, Violation, quoted, rule
from activities_gen.rules.triggers import AT, content_of, name_of, type_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.rules.context import Context


@rule("ADF717", on=Subject.TRIGGER)
def blob_events(context: Context) -> Iterator[Violation]:
    """Events that do not exist, no filter of paths, or no id of a storage account."""
    content = content_of(context)
    if type_of(context) != "BlobEventsTrigger":
        return
    known = ("Microsoft.Storage.BlobCreated", "Microsoft.Storage.BlobDeleted")
    events = content.get("events")
    for event in events if isinstance(events, list) else []:
        if event not in known and not is_arm(event):
            near = context.suggest(str(event), list(known)) or f" There are {' and '.join(known)}."
            yield Violation(
                f"{name_of(context)} listens to {quoted(event)}, which does not exist.{near}", (*AT, "events")
            )
    if events == []:
        yield Violation(f"{name_of(context)} listens to no events. Add one to 'events'.", (*AT, "events"))
    scope = content.get("scope")
    if isinstance(scope, str) and not is_dynamic(scope) and not scope.startswith("/"):
        yield Violation(
            f"{name_of(context)} has the scope {quoted(scope)}; write the storage account's whole id, '/subscriptions/…'.",
            (*AT, "scope"),
            Severity.WARNING,
        )
    if not content.get("blobPathBeginsWith") and not content.get("blobPathEndsWith"):
        yield Violation(
            f"{name_of(context)} has neither 'blobPathBeginsWith' nor 'blobPathEndsWith'. Add one of them.", AT
        )


@rule("ADF718", on=Subject.TRIGGER)
def blob_path(context: Context) -> Iterator[Violation]:
    """A beginning of a path in another form."""
    value = content_of(context).get("blobPathBeginsWith") if type_of(context) == "BlobEventsTrigger" else None
    if isinstance(value, str) and value and not is_dynamic(value) and not re.match(r"/?[^/]+(/blobs(/|$)|/?$)", value):
        yield Violation(
            f"{name_of(context)} has {quoted(value)} as 'blobPathBeginsWith'. Write '/container/blobs/path'.",
            (*AT, "blobPathBeginsWith"),
        )


@rule("ADF719", on=Subject.TRIGGER)
def custom_events(context: Context) -> Iterator[Violation]:
    """An empty list of events."""
    if type_of(context) == "CustomEventsTrigger" and content_of(context).get("events") == []:
        yield Violation(f"{name_of(context)} listens to no events. Add the type of one to 'events'.", (*AT, "events"))
