"""ExecutePipeline: its target, its arguments, and circles of calls."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from activities_gen.model.graph import closed, cycles
from activities_gen.model.pipeline import knows_all
from activities_gen.model.values import Names, is_dynamic, kind_of
from activities_gen.rules.context import Context, lookup, title
from activities_gen.rules.declarations import RETURN_VALUE, fits, is_text_for_another
from activities_gen.rules.evaluated import named_types, template_in, unfit
from activities_gen.rules.model import Violation, quoted, rule
from activities_gen.rules.scoping import read, reader
from activities_gen.rules.subjects import activity, each
from activities_gen.wire.document import Document, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from activities_gen.expressions.reference import Reference
    from activities_gen.model.activities import Activity
    from activities_gen.model.pipeline import Pipeline
    from activities_gen.rules.evaluated import Evaluated


def target_of(node: Activity) -> str:
    """The name of the pipeline that an activity calls; empty if there is none or it is not known."""
    reference = node.type_properties.get("pipeline")
    name = reference.get("referenceName") if isinstance(reference, dict) else None
    return name if isinstance(name, str) and not is_dynamic(name) else ""


def calls(context: Context) -> Iterator[tuple[Activity, str]]:
    """The active ExecutePipeline activities that name their target."""
    return _calls_among(context.active)


def _calls_among(nodes: Iterable[Activity]) -> Iterator[tuple[Activity, str]]:
    for node in nodes:
        if node.type == "ExecutePipeline" and target_of(node):
            yield node, target_of(node)


def _callee(context: Context, name: str) -> Document | None:
    return context.repository.find(Kind.PIPELINE, name)


@rule("ADF501", on=activity("ExecutePipeline"))
def no_target(_: Context, node: Activity) -> Iterator[Violation]:
    """An empty or missing name of the called pipeline."""
    reference = node.type_properties.get("pipeline")
    if isinstance(reference, dict) and reference.get("referenceName") in (None, ""):
        yield Violation(
            f"{title(node)} calls no pipeline. Give its name as 'referenceName'.",
            (*node.path, "typeProperties", "pipeline"),
        )


@rule("ADF502")
def missing_target(context: Context) -> Iterator[Violation]:
    """A name that no pipeline has."""
    if not context.repository.knows_all(Kind.PIPELINE):
        return
    for node, name in calls(context):
        if _callee(context, name) is None:
            near = context.suggest(name, context.repository.names(Kind.PIPELINE))
            yield Violation(
                f"{title(node)} calls the pipeline {quoted(name)}, which is not in this repository.{near}",
                (*node.path, "typeProperties", "pipeline"),
            )


@rule("ADF503")
def missing_argument(context: Context) -> Iterator[Violation]:
    """A parameter of a called pipeline without default that calls leave out; each is reported at the first of them."""
    found: dict[int, list[LeftOut]] = context.repository.once("left out", lambda: _left_out(context))
    for left in found.get(id(context.document), ()):
        yield Violation(
            f"{title(left.place)} calls {quoted(left.pipeline)} without its parameter {quoted(left.parameter)}, which has no default{left.others('call')}. Pass it in 'parameters'.",
            (*left.place.path, "typeProperties"),
        )


@dataclass
class LeftOut:
    """A parameter without default that is left out where its pipeline is started.

    Attributes:
        place: The first place that leaves it out.
        pipeline: The name of the pipeline.
        parameter: The name of the parameter.
        count: How many places leave it out.
    """

    place: Any
    pipeline: str
    parameter: str
    count: int = 0

    def others(self, noun: str) -> str:
        """How many other places leave it out, to stand within a sentence; empty if none does."""
        more = self.count - 1
        return f" (like {more} other {noun}{'s' * (more > 1)})" if more else ""


def gathered(starts: Iterable[tuple[Document, Any, Document, Any]]) -> dict[int, list[LeftOut]]:
    """Returns what is left out, once for each parameter, by the ``id`` of the first document that does so.

    Args:
        starts: Each start of a pipeline: the document and the place in it, the pipeline, and the arguments.
    """
    known: dict[tuple[str, str], LeftOut] = {}
    result: dict[int, list[LeftOut]] = defaultdict(list)
    for document, place, pipeline, arguments in starts:
        for parameter in missing_arguments(pipeline, arguments):
            key = pipeline.name, parameter
            if key not in known:
                known[key] = LeftOut(place, *key)
                result[id(document)].append(known[key])
            known[key].count += 1
    return result


def _left_out(context: Context) -> dict[int, list[LeftOut]]:
    repository = context.repository
    callers = [document for document in repository.documents if document.kind is Kind.PIPELINE]
    return gathered(
        (document, node, callee, node.type_properties.get("parameters"))
        for document in callers
        for node, name in _calls_among(repository.pipeline(document).active)
        if (callee := repository.find(Kind.PIPELINE, name))
    )


def missing_arguments(callee: Document | None, arguments: Any) -> list[str]:
    """The parameters of a pipeline, dataset or linked service that have no default and are not among some arguments."""
    if callee is None or is_dynamic(arguments):
        return []
    given = Names(arguments if isinstance(arguments, dict) else {})
    declared = _parameters(callee)
    return [
        name
        for name, entry in declared.items()
        if isinstance(entry, dict) and "defaultValue" not in entry and lookup(given, name) is None
    ]


def _parameters(document: Document) -> dict[str, Any]:
    value = document.properties.get("parameters")
    return value if isinstance(value, dict) else {}


def _argued(context: Context) -> Iterator[tuple[Activity, str, Document, dict[str, Any]]]:
    """The calls of pipelines that are among the checked documents, with their arguments."""
    for node, name in calls(context):
        callee = _callee(context, name)
        arguments = node.type_properties.get("parameters")
        if callee is not None and isinstance(arguments, dict) and not is_dynamic(arguments):
            yield node, name, callee, arguments


@rule("ADF504", on=each(_argued))
def unknown_argument(
    context: Context, node: Activity, name: str, callee: Document, arguments: dict[str, Any]
) -> Iterator[Violation]:
    """An argument whose name no parameter has."""
    known = Names(_parameters(callee))
    for argument in arguments if knows_all(callee, "parameters") else ():
        if lookup(known, argument) is None:
            near = context.suggest(argument, known)
            yield Violation(
                f"{title(node)} passes {quoted(argument)}, which {quoted(name)} has no parameter for.{near}",
                (*node.path, "typeProperties", "parameters", argument),
            )


@rule("ADF507", on=each(_argued))
def argument_type(
    context: Context, node: Activity, name: str, callee: Document, arguments: dict[str, Any]
) -> Iterator[Violation]:
    """An argument that is, or can only give, something else than its parameter is declared as."""
    known = Names(_parameters(callee))
    for argument, value in arguments.items():
        declared = lookup(known, argument)
        kind = declared.get("type") if isinstance(declared, dict) else None
        given = _other_type(context, value, kind) if isinstance(kind, str) else ""
        if given:
            advice = _advice(value, kind.casefold()) if isinstance(kind, str) else ""
            yield Violation(
                f"{title(node)} passes {given} as {quoted(argument)}, which {quoted(name)} declares as {kind}.{advice}",
                (*node.path, "typeProperties", "parameters", argument),
            )


def _advice(value: Any, declared: str) -> str:
    """How to pass a value of a declared type instead of a text."""
    text = value.get("value") if isinstance(value, dict) else value
    if not isinstance(text, str):
        return ""
    if text.startswith("@{") and text.endswith("}") and text.count("@{") == 1:
        return f" Write {quoted('@' + text[2:-1])}, for '@{{…}}' makes a text of any value."
    examples = {"array": "[\"a\"] or @createArray('a')", "object": "an object or @json('…')", "bool": "true or false"}
    return f" Write {examples[declared]}, without quotes." if declared in examples and not is_dynamic(text) else ""


def _other_type(context: Context, value: Any, declared: str) -> str:
    """What an argument is where it does not fit the declared type of its parameter; empty if it does or may."""
    if value is None or not is_dynamic(value):
        good = value is None or (fits(value, declared) and not is_text_for_another(value, declared))
        return "" if good else kind_of(value)
    wanted = _FITTING.get(declared.casefold())
    found = unfit(context, template_in(context, value, ())[0], wanted) if wanted else None
    return named_types(found[0]) if found else ""


_FITTING = {
    "array": ("Array",),
    "int": ("Integer", "Float", "String"),
    "float": ("Integer", "Float", "String"),
    "bool": ("Boolean",),
    "object": ("Object", "Array"),
    "string": ("String", "Integer", "Float", "Boolean"),
}
"""The types of values that a parameter of a declared type takes, or that are converted to it."""


@rule("ADF508", on=each(lambda context: read(context, "activity")))
def missing_return_value(context: Context, found: Evaluated, reference: Reference) -> Iterator[Violation]:
    """A key of a called pipeline's return value that it does not set."""
    steps = [str(step).casefold() for step in reference.path[:2]]
    nodes = context.by_name.get(reference.name.casefold(), [])
    callee = _callee(context, target_of(nodes[0])) if len(nodes) == 1 and nodes[0].type == "ExecutePipeline" else None
    if steps != ["output", "pipelinereturnvalue"] or callee is None or any(reference.optional):
        return
    keys = _returned(context.repository.pipeline(callee))
    key = reference.path[2] if len(reference.path) > 2 else None
    if keys is None or (keys and (not isinstance(key, str) or key.casefold() in map(str.casefold, keys))):
        return
    wanted = f"the return value {quoted(key)}" if isinstance(key, str) else "the return value"
    near = context.suggest(key, keys) if isinstance(key, str) else ""
    what = f"which returns {', '.join(map(quoted, keys))}" if keys else "which sets none"
    yield Violation(
        f"{reader(context, found.owner)} reads {wanted} of the pipeline {quoted(callee.name)}, {what}.{near}",
        found.path,
    )


def _returned(pipeline: Pipeline) -> list[str] | None:
    """The keys of the return values that a pipeline may set; ``None`` if they cannot all be read."""
    keys: list[str] = []
    for node in pipeline.active_by_type.get("SetVariable", ()):
        name, value = node.type_properties.get("variableName"), node.type_properties.get("value")
        if not isinstance(name, str) or name.casefold() != RETURN_VALUE.casefold():
            continue
        for entry in value if isinstance(value, list) else [None]:
            key = entry.get("key") if isinstance(entry, dict) else None
            if not isinstance(key, str) or is_dynamic(key):
                return None
            keys.append(key)
    return keys if pipeline.knows_activities else None


@rule("ADF505")
def circular_call(context: Context) -> Iterator[Violation]:
    """A call that leads back to the calling pipeline."""
    own = context.document.name or context.options.flowehr.name
    for node, name in calls(context):
        if own and name.casefold() == own.casefold():
            yield Violation(
                f"{title(node)} calls its own pipeline {quoted(name)}, which Azure refuses. Use an Until.",
                (*node.path, "typeProperties", "pipeline"),
            )
    for ring in _rings(context):
        if own.casefold() == ring[0]:
            names = [document.name for name in ring if (document := _callee(context, name))]
            first = next((node for node, name in calls(context) if name.casefold() == ring[1]), None)
            yield Violation(
                f"Pipelines call each other in a circle, which Azure refuses: {' → '.join(names)}.",
                first.path if first else ("name",),
            )


def _rings(context: Context) -> list[list[str]]:
    """The circles of two or more pipelines of the repository, each closed and from the name that comes first."""
    if len(context.repository.documents) < 2:
        return []
    found: list[list[str]] = context.repository.once("calls", lambda: list(map(closed, cycles(_call_graph(context)))))
    return found


def _call_graph(context: Context) -> dict[str, list[str]]:
    return {
        document.name.casefold(): [
            name.casefold()
            for _, name in _calls_among(context.repository.pipeline(document).active)
            if name.casefold() != document.name.casefold()
        ]
        for document in context.repository.documents
        if document.kind is Kind.PIPELINE and document.name
    }


@rule("ADF506", on=activity("ExecutePipeline"))
def waiting_left_open(_: Context, node: Activity) -> Iterator[Violation]:
    """No ``waitOnCompletion``."""
    if node.type_properties.get("waitOnCompletion") is None:
        yield Violation(
            f'{title(node)} does not say whether it waits for the called pipeline. Add "waitOnCompletion": true (or false).',
            (*node.path, "typeProperties"),
        )
