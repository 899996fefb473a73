"""Single control and web activities: values that cannot work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.findings import Severity
from activities_gen.model.values import get, is_arm, is_dynamic, whole_number
from activities_gen.rules.context import Context, title
from activities_gen.rules.elsewhere import foreign
from activities_gen.rules.model import Violation, quoted, rule
from activities_gen.rules.subjects import activity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.model.activities import Activity


@rule("ADF330", on=activity("Fail"))
def blank_failure(_: Context, node: Activity) -> Iterator[Violation]:
    """A message or error code that is blank."""
    for key in ("message", "errorCode"):
        value = node.type_properties.get(key)
        if isinstance(value, str) and not value.strip():
            message = f"{title(node)} has a blank text as {quoted(key)}. Say why the pipeline fails."
            yield Violation(message, (*node.path, "typeProperties", key))


@rule("ADF331", on=activity("Wait"))
def waiting_time(_: Context, node: Activity) -> Iterator[Violation]:
    """A negative, fractional or unreadable time; a time of 0 seconds is a note."""
    value = node.type_properties.get("waitTimeInSeconds")
    if value is None or is_dynamic(value) or isinstance(value, (dict, list, bool)):
        return
    path = (*node.path, "typeProperties", "waitTimeInSeconds")
    if whole_number(value) is None:
        yield Violation(f"{title(node)} waits {quoted(value)} seconds; it must be a whole number from 0.", path)
    elif whole_number(value) == 0:
        yield Violation(f"{title(node)} waits 0 seconds, so it does nothing. Delete it.", path, Severity.NOTE)


@rule("ADF332", on=activity("WebActivity"))
def web_body(_: Context, node: Activity) -> Iterator[Violation]:
    """A missing or a surplus body."""
    method = node.type_properties.get("method")
    if not isinstance(method, str):
        return
    body = get(node.type_properties, "body")
    if method.upper() in ("POST", "PUT") and body is None:
        yield Violation(f"{title(node)} sends {method} without a 'body'. Add one.", (*node.path, "typeProperties"))
    elif method.upper() == "GET" and body not in (None, ""):
        yield Violation(
            f"{title(node)} has a 'body', which GET does not send. Delete it.",
            (*node.path, "typeProperties", "body"),
        )


@rule("ADF333", on=activity("WebHook"))
def webhook_method(_: Context, node: Activity) -> Iterator[Violation]:
    """A method that a WebHook does not have."""
    method = node.type_properties.get("method")
    if isinstance(method, str) and not is_dynamic(method) and method.upper() != "POST":
        yield Violation(
            f"{title(node)} has the method {quoted(method)}; a WebHook has 'POST' only.",
            (*node.path, "typeProperties", "method"),
        )


@rule("ADF334", on=activity("WebActivity", "WebHook"))
def web_address(_: Context, node: Activity) -> Iterator[Violation]:
    """A literal address without a scheme, or without encryption."""
    url = node.type_properties.get("url")
    if not isinstance(url, str) or is_arm(url) or url.startswith("@"):
        return
    path = (*node.path, "typeProperties", "url")
    if not url.strip():  # a required key without a value, which is another rule's
        return
    if url.startswith("http://"):
        yield Violation(f"{title(node)} calls {quoted(url)} in clear text. Prefer https.", path, Severity.NOTE)
    elif not url.startswith(("https://", "@{")):
        yield Violation(f"{title(node)} calls {quoted(url)}, which begins with no 'https://'.", path)


@rule("ADF337", on=activity())
def user_property(_: Context, node: Activity) -> Iterator[Violation]:
    """An entry of userProperties that lacks a key."""
    entries = node.json.get("userProperties")
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        lacking = [key for key in ("name", "value") if isinstance(entry, dict) and get(entry, key) is None]
        if lacking:
            yield Violation(
                f"{title(node)} has a user property without {quoted(lacking[0])}.",
                (*node.path, "userProperties", index),
            )


@rule("ADF338", on=activity("Copy"))
def copy_ends(context: Context, node: Activity) -> Iterator[Violation]:
    """A Copy that lacks one of its two datasets."""
    lacking = [key for key in ("inputs", "outputs") if not node.json.get(key)]
    if lacking and id(node) not in foreign(context):
        yield Violation(
            f"{title(node)} is a Copy without {' and '.join(map(quoted, lacking))}. Add a reference to a dataset.",
            node.path,
        )


_ON_LINKED_SERVICES = frozenset(
    [
        "AzureDataExplorerCommand",
        "AzureFunctionActivity",
        "AzureMLBatchExecution",
        "AzureMLExecutePipeline",
        "AzureMLUpdateResource",
        "Custom",
        "DataLakeAnalyticsU-SQL",
        "HDInsightHive",
        "HDInsightMapReduce",
        "HDInsightPig",
        "HDInsightSpark",
        "HDInsightStreaming",
        "Script",
        "SqlServerStoredProcedure",
    ]
)


@rule("ADF339", on=activity(*_ON_LINKED_SERVICES))
def service_less(_: Context, node: Activity) -> Iterator[Violation]:
    """No ``linkedServiceName`` on an activity whose type needs one."""
    if node.json.get("linkedServiceName") is None:
        message = f'{title(node)} has no \'linkedServiceName\', so it has nothing to work on. Add {{"referenceName": …, "type": "LinkedServiceReference"}}.'
        yield Violation(message, node.path)
