"""Names: which characters they may have, how long they may be, and that each stands once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from activities_gen.catalogue import Target
from activities_gen.findings import Severity
from activities_gen.model.names import FLOWEHR_NAME
from activities_gen.model.values import is_arm, is_dynamic, kind_of
from activities_gen.rules.context import Context, title
from activities_gen.rules.model import Subject, Violation, quoted, rule
from activities_gen.rules.subjects import EVERY_ACTIVITY, each
from activities_gen.wire.document import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.findings import JsonPath
    from activities_gen.model.activities import Activity


FORBIDDEN = r"<>*#.%&:\+?/"
_RESOURCE = re.compile(r"[A-Za-z0-9_][^<>*#.%&:\\+?/]*")
_ACTIVITY_FORBIDDEN = ".+?/<>*%&:\\"
_SIMPLE = re.compile(r"[^\W\d]\w*")

NOUNS = {
    Kind.PIPELINE: "pipeline",
    Kind.TRIGGER: "trigger",
    Kind.DATASET: "dataset",
    Kind.LINKED_SERVICE: "linked service",
    Kind.DATA_FLOW: "data flow",
    Kind.INTEGRATION_RUNTIME: "integration runtime",
    Kind.CREDENTIAL: "credential",
    Kind.OTHER: "resource",
}


def _own_name(context: Context) -> str:
    """The document's name where it is a plain one: neither missing nor an ARM expression."""
    name = context.document.name
    return "" if is_arm(name) else name


@rule("ADF101", on=Subject.RESOURCE)
def resource_name(context: Context) -> Iterator[Violation]:
    """A name that the REST interface refuses."""
    name = _own_name(context)
    noun = NOUNS[context.document.kind]
    if not name:
        return
    if not _RESOURCE.fullmatch(name):
        yield Violation(f"The {noun} name {quoted(name)} {_complaint(name, FORBIDDEN)}.", ("name",))
    elif len(name) > 260:
        yield Violation(
            f"The {noun} name {quoted(name)} has {len(name)} characters; at most 260 are allowed.", ("name",)
        )


def _complaint(name: str, forbidden: str, who: str = "Azure") -> str:
    """Returns what is wrong with the characters of a name, and what to do."""
    bad = sorted({char for char in name if char in forbidden})
    if bad:
        return f"has {' '.join(bad)} in it, which {who} refuses. Use a dash or an underscore"
    return f"begins with {quoted(name[0])}. Begin it with a letter from A to Z, a digit or an underscore"


@rule("ADF102")
def pipeline_name_length(context: Context) -> Iterator[Violation]:
    """A long pipeline name."""
    name = _own_name(context)
    if 140 < len(name) <= 260:
        yield Violation(
            f"The pipeline name {quoted(name)} has {len(name)} characters; at most 140 are documented.", ("name",)
        )


@rule("ADF113", on=Subject.RESOURCE)
def nameless_resource(context: Context) -> Iterator[Violation]:
    """No name, or one that is no text; for FlowEHR, whose Terraform reads it, another rule says so."""
    raw, kind = context.document.raw, context.document.kind
    if context.document.name or not isinstance(raw, dict) or kind is Kind.OTHER:
        return
    given = raw.get("name")
    if given not in (None, ""):
        yield Violation(
            f"The {NOUNS[kind]} has {kind_of(given)} as its name; it must be a text.", ("name",), Severity.ERROR
        )
    elif context.options.target is not Target.FLOWEHR:
        yield Violation(f'The {NOUNS[kind]} has no name. Add "name" beside "properties".')


@rule("ADF103", on=EVERY_ACTIVITY)
def nameless_activity(_: Context, node: Activity) -> Iterator[Violation]:
    """A missing, empty or non-string name."""
    name = node.json.get("name")
    if not isinstance(name, str) and name is not None:
        yield Violation(f"{title(node)} has the name {quoted(name)}, which is no string.", (*node.path, "name"))
    elif not name or not name.strip():
        yield Violation(f"{title(node)} has no name. Add one, of at most 55 characters.", node.path)


@rule("ADF104", on=EVERY_ACTIVITY)
def activity_name_characters(_: Context, node: Activity) -> Iterator[Violation]:
    """An activity name that Studio does not accept."""
    name = node.name
    if name.strip() and not is_arm(name) and not _activity_name_is_good(name):
        yield Violation(
            f"The activity name {quoted(name)} {_complaint(name, _ACTIVITY_FORBIDDEN, 'Studio')}.",
            (*node.path, "name"),
        )


def _activity_name_is_good(name: str) -> bool:
    starts = name[0].isascii() and (name[0].isalnum() or name[0] == "_")
    return starts and not any(char in _ACTIVITY_FORBIDDEN for char in name)


@rule("ADF105", on=EVERY_ACTIVITY)
def activity_name_length(_: Context, node: Activity) -> Iterator[Violation]:
    """A long activity name."""
    if len(node.name) > 55 and not is_arm(node.name):
        message = f"The activity name {quoted(node.name)} has {len(node.name)} characters; at most 55 are allowed."
        yield Violation(message, (*node.path, "name"))


@rule("ADF117", on=EVERY_ACTIVITY)
def computed_name(_: Context, node: Activity) -> Iterator[Violation]:
    """An expression as the name of an activity, or of the variable that it sets."""
    variable = node.type_properties.get("variableName")
    for what, value, path in (
        ("name", node.name, ("name",)),
        ("variable", variable, ("typeProperties", "variableName")),
    ):
        if isinstance(value, str) and is_dynamic(value) and not is_arm(value):
            tail = "Put what varies into 'userProperties'." if what == "name" else "Name the variable."
            yield Violation(
                f"{title(node)} has the expression {quoted(value)} as its {what}; names are not evaluated. {tail}",
                (*node.path, *path),
            )


@rule("ADF106")
def duplicate_activity(context: Context) -> Iterator[Violation]:
    """A name that an earlier activity has."""
    for nodes in context.by_name.values():
        first = nodes[0]
        for node in nodes[1:]:
            line = context.document.locate(first.path).line
            where = f" (line {line})" if line else ""
            same = "" if node.name == first.name else f", which is {quoted(first.name)} but for letter case"
            message = f"A second activity is called {quoted(node.name)}{same}; the first is {_place(first.path)}{where}. Rename one of them."
            yield Violation(message, (*node.path, "name"))


def _place(path: JsonPath) -> str:
    depth = sum(isinstance(step, int) for step in path)
    return "at the top level" if depth == 1 else "inside a container"


def _declarations(context: Context) -> list[tuple[str, dict[str, Any], str]]:
    return [("parameters", context.parameters, "parameter"), ("variables", context.variables, "variable")]


@rule("ADF107", on=each(_declarations, of=Subject.RESOURCE))
def duplicate_declaration(_: Context, key: Any, declared: Any, noun: Any) -> Iterator[Violation]:
    """A parameter or variable whose name differs from an earlier one in case alone."""
    seen: dict[str, str] = {}
    for name in declared:
        first = seen.setdefault(name.casefold(), name)
        if first != name:
            message = f"The {noun}s {quoted(first)} and {quoted(name)} differ in letter case alone, so ADF takes them for one. Rename one of them."
            yield Violation(message, ("properties", key, name))


@rule("ADF108", on=Subject.RESOURCE)
def awkward_declaration(context: Context) -> Iterator[Violation]:
    """A parameter name that is no identifier."""
    for name in context.parameters:
        if not _SIMPLE.fullmatch(name.replace("$", "_")):
            reach = "dataset()" if context.document.kind is Kind.DATASET else "pipeline().parameters"
            message = f"The parameter {quoted(name)} can be reached as {reach}[{quoted(name)}] only. Prefer letters, digits and underscores."
            yield Violation(message, ("properties", "parameters", name))


@rule("ADF109", on=Subject.RESOURCE)
def dashed_resource(context: Context) -> Iterator[Violation]:
    """A dash, or a digit first, where the documentation forbids it."""
    name = _own_name(context)
    kind = context.document.kind
    if not name or kind not in (Kind.DATASET, Kind.LINKED_SERVICE, Kind.DATA_FLOW):
        return
    if "-" in name or not name[0].isalpha():
        problem = "has a dash in it" if "-" in name else "does not start with a letter"
        yield Violation(
            f"The {NOUNS[kind]} name {quoted(name)} {problem}. Use letters, digits and underscores.", ("name",)
        )


_TRANSFORMATION = re.compile(r"[A-Za-z][A-Za-z0-9]*")


@rule("ADF116", on=Subject.DATA_FLOW)
def transformation_name(context: Context) -> Iterator[Violation]:
    """A stream's name that the script language does not take."""
    seen: set[str] = set()
    content = context.document.properties.get("typeProperties")
    for key in ("sources", "sinks", "transformations"):
        entries = content.get(key) if isinstance(content, dict) else None
        for index, entry in enumerate(entries if isinstance(entries, list) else []):
            name = entry.get("name") if isinstance(entry, dict) else None
            if not isinstance(name, str) or is_arm(name):
                continue
            path = ("properties", "typeProperties", key, index, "name")
            if not _TRANSFORMATION.fullmatch(name):
                yield Violation(
                    f"The transformation name {quoted(name)} has other than letters and digits. Rename it.", path
                )
            elif name.casefold() in seen:
                yield Violation(f"A second transformation is called {quoted(name)}. Rename one of them.", path)
            seen.add(name.casefold())


@rule("FLO101")
def flowehr_name(context: Context) -> Iterator[Violation]:
    """A name with other characters, or too long."""
    name = context.document.name
    if name and not isinstance(context.document.raw, list) and not FLOWEHR_NAME.fullmatch(name):
        yield Violation(
            f"The pipeline name {quoted(name)} cannot be deployed by FlowEHR. Use letters, digits, underscores and dashes, at most 145.",
            ("name",),
        )
