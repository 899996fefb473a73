"""What expressions read of activities that have ended: that it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.expressions.syntax import Call, walk
from activities_gen.findings import Severity, suggestion
from activities_gen.model.outputs import ERROR, FIELDS, first_row_only, output_of, own_keys
from activities_gen.model.reachability import endings_before
from activities_gen.model.values import is_dynamic
from activities_gen.rules.context import Context, title
from activities_gen.rules.model import Violation, quoted, rule
from activities_gen.rules.scoping import ACTIVITY_READ, reader
from activities_gen.rules.shapes import Miss, follow, shape_of, target_of
from activities_gen.rules.subjects import activity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.expressions.reference import Reference
    from activities_gen.model.activities import Activity
    from activities_gen.rules.evaluated import Evaluated

_SURE = frozenset({"Lookup", "GetMetadata"})
"""The types whose output has no key that is not documented."""

_LAZY = frozenset({"if", "and", "or", "coalesce"})
"""The functions that may leave an argument unread."""


def _endings(owner: Activity | None, target: Activity) -> frozenset[str]:
    """How an activity may have ended when another reads it."""
    return endings_before(owner, target) if owner is not None else frozenset({"Succeeded", "Failed", "Skipped"})


def _first(reference: Reference) -> str:
    """The first property behind ``activity('…')``, in lower case."""
    return str(next(iter(reference.path), "")).casefold()


@rule("ADF455", on=ACTIVITY_READ)
def missing_output(context: Context, found: Evaluated, reference: Reference) -> Iterator[Violation]:
    """A key that the output of an activity of that type does not have."""
    target = target_of(context, reference)
    if target is None or _first(reference) != "output":
        return
    endings = _endings(found.owner, target)
    shape = shape_of(target, endings)
    miss = follow(shape, reference) if shape else None
    if not isinstance(miss, Miss) or miss.shape.type != "Object" or _is_return_value(target, reference):
        return
    key = str(reference.path[miss.place])
    trail = ".".join(map(str, reference.path[: miss.place + 1]))
    sure = target.type in _SURE and miss.place == 1 and not reference.optional[miss.place]
    yield Violation(
        f"{reader(context, found.owner)} reads {trail} of {title(target)}, {_why(target, miss, key, endings)}",
        found.path,
        None if sure else Severity.WARNING,
    )


def _is_return_value(target: Activity, reference: Reference) -> bool:
    """Whether it is the return value of a pipeline that is not waited for, which another rule reports."""
    return target.type == "ExecutePipeline" and str(reference.path[1]).casefold() == "pipelinereturnvalue"


def _why(target: Activity, miss: Miss, key: str, endings: frozenset[str]) -> str:
    """Why an output does not have a key, and what to read instead."""
    if target.type == "Lookup" and miss.place == 1 and key.casefold() in ("value", "count", "firstrow"):
        first = first_row_only(target)
        mend = f'{"output.firstRow" if first else "output.value"}, or set "firstRowOnly": {"false" if first else "true"} there'
        return f"which {'gives one row' if first else 'gives all rows'}. Read {mend}."
    if target.type == "GetMetadata" and miss.place == 1:
        field = next((field for field in FIELDS if field.casefold() == key.casefold()), "")
        return f"which does not ask for it. Add {quoted(field)} to its 'fieldList'." if field else _other(miss, key)
    if key.casefold() == "runoutput" and target.type != "DatabricksNotebook":
        return (
            "which has none: only notebooks give a value back. Let the code write it where the next activity reads it."
        )
    failed = " when it has failed" if endings == {"Failed"} else ""
    return f"of type {target.type}, which has no {quoted(key)}{failed}. {_other(miss, key)}"


def _other(miss: Miss, key: str) -> str:
    """Returns what may be read in the place of a key, as a sentence."""
    instead = miss.shape.instead.get(key.casefold())
    if instead:
        return f"Read {quoted(instead)}."
    near = suggestion(key, miss.shape.keys).strip()
    if near:
        return near
    keys = own_keys(miss.shape)
    return f"It has {', '.join(keys)}." if keys else "It gives nothing that can be read."


@rule("ADF462", on=ACTIVITY_READ)
def property_of_no_object(context: Context, found: Evaluated, reference: Reference) -> Iterator[Violation]:
    """A property of a list, of a text or of a number."""
    target = target_of(context, reference)
    if target is None or _first(reference) not in ("output", "error"):
        return
    shape = ERROR if _first(reference) == "error" else shape_of(target, _endings(found.owner, target))
    miss = follow(shape, reference) if shape else None
    if not isinstance(miss, Miss) or miss.shape.type == "Object":
        return
    key = reference.path[miss.place]
    trail = ".".join(map(str, reference.path[: miss.place]))
    noun = {"Array": "a list", "String": "a text", "Boolean": "true or false"}.get(miss.shape.type, "a number")
    mend = f"Read {trail}[0].{key}, or loop over the list." if miss.shape.type == "Array" else f"Read {trail} alone."
    yield Violation(
        f"{reader(context, found.owner)} reads {quoted(key)} of {trail} of {title(target)}, which is {noun}. {mend}",
        found.path,
        Severity.WARNING if reference.optional[miss.place] else None,
    )


@rule("ADF460", on=ACTIVITY_READ)
def forgotten_output(context: Context, found: Evaluated, reference: Reference) -> Iterator[Violation]:
    """Yields what an activity gives, read without ``output``."""
    target = target_of(context, reference)
    shape = output_of(target) if target is not None else None
    step = next(iter(reference.path), None)
    if shape is not None and isinstance(step, str) and step.casefold() != "error" and shape.find(step) is not None:
        yield Violation(
            f"{reader(context, found.owner)} reads {quoted(step)} of activity('{reference.name}'), which has 'output', 'error' and 'Status'. Write activity('{reference.name}').output.{step}.",
            found.path,
        )


@rule("ADF461", on=ACTIVITY_READ)
def error_of_success(context: Context, found: Evaluated, reference: Reference) -> Iterator[Violation]:
    """The error of an activity that has succeeded, or may have."""
    target = target_of(context, reference)
    if target is None or found.owner is None or _first(reference) != "error" or all(reference.optional):
        return
    endings = endings_before(found.owner, target)
    write = f"activity('{reference.name}')?.error?.message"
    if "Failed" not in endings:
        how = f"has ended as {' or '.join(sorted(endings))}" if endings else "never ends so that it runs"
        yield Violation(
            f"{title(found.owner)} reads the error of {title(target)}, which {how} and has none.", found.path
        )
    elif endings == {"Succeeded", "Failed"} and not _is_guarded(found, target):
        yield Violation(
            f"{title(found.owner)} reads the error of {title(target)}, which may have succeeded and then has none. Write {write}.",
            found.path,
        )


def _is_guarded(found: Evaluated, target: Activity) -> bool:
    """Whether an expression may be left out of a run: in a branch, or in an argument that is not always evaluated."""
    owner = found.owner
    while owner is not None and owner.siblings is not target.siblings:
        owner = owner.parent
        if owner is not None and owner.type in ("IfCondition", "Switch"):
            return True
    return found.template is not None and any(
        isinstance(node, Call) and node.name.lower() in _LAZY for node in walk(found.template)
    )


@rule("ADF463", on=activity("GetMetadata"))
def unknown_field(context: Context, node: Activity) -> Iterator[Violation]:
    """An entry of ``fieldList`` that is none of the documented fields."""
    fields = node.type_properties.get("fieldList")
    for index, field in enumerate(fields if isinstance(fields, list) else []):
        if isinstance(field, str) and not is_dynamic(field) and field.casefold() not in map(str.casefold, FIELDS):
            near = context.suggest(field, list(FIELDS)) or f" The fields are {', '.join(FIELDS)}."
            yield Violation(
                f"{title(node)} asks for {quoted(field)}, which is none of Get Metadata's fields.{near}",
                (*node.path, "typeProperties", "fieldList", index),
            )


@rule("ADF468", on=ACTIVITY_READ)
def unawaited_value(context: Context, found: Evaluated, reference: Reference) -> Iterator[Violation]:
    """``pipelineReturnValue`` of a call that does not wait."""
    target = target_of(context, reference)
    steps = [str(step).casefold() for step in reference.path[:2]]
    if target is None or steps != ["output", "pipelinereturnvalue"] or target.type != "ExecutePipeline":
        return
    if target.type_properties.get("waitOnCompletion") is False:
        yield Violation(
            f'{reader(context, found.owner)} reads the return value of {title(target)}, which does not wait for it. Set "waitOnCompletion": true there.',
            found.path,
        )
