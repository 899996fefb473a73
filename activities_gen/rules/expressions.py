"""Expressions: everything that the static check of the language finds, at its place in the document."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any

from activities_gen.catalogue import codes_of
from activities_gen.expressions.checks.scope import Scope
from activities_gen.expressions.checks.syntax import diagnose
from activities_gen.expressions.checks.template import check_tree
from activities_gen.findings import Severity
from activities_gen.rules.evaluated import Parsed, candidates, declared_types, parsed, shown_expression
from activities_gen.rules.model import RULES, Subject, Violation, quoted, rule
from activities_gen.rules.scoping import read, reader
from activities_gen.rules.shapes import output_types
from activities_gen.wire.document import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from activities_gen.expressions.checks.problem import Problem
    from activities_gen.rules.context import Context, Text

_DOCUMENTS: dict[Kind, Any] = {
    Kind.PIPELINE: "pipeline",
    Kind.DATASET: "dataset",
    Kind.LINKED_SERVICE: "linked_service",
    Kind.TRIGGER: "trigger",
}


def _found(context: Context) -> dict[str, list[tuple[Text, Problem]]]:
    """The problems of a document's expressions by code."""
    result: dict[str, list[tuple[Text, Problem]]] = defaultdict(list)
    document = _DOCUMENTS.get(context.document.kind)
    if document is None:
        return result
    outside = _scope(context, document, item=False)
    inside = _scope(context, document, item=True)
    known: dict[tuple[str, bool, bool], list[Problem]] = {}
    for text, wrapped in candidates(context):
        in_loop = _has_item(text)
        key = (text.value, wrapped, in_loop)
        if key not in known:
            known[key] = _problems(parsed(context, text.value), inside if in_loop else outside, wrapped=wrapped)
        for problem in known[key]:
            result[problem.code].append((text, problem))
    return result


def _problems(tree: Parsed, scope: Scope, *, wrapped: bool) -> list[Problem]:
    """Returns what is wrong with a string that has been parsed, or could not be."""
    template, references, error = tree
    if error is not None:
        return [diagnose(error)]
    return check_tree(template, references, scope, wrapped=wrapped) if template else []


def _scope(context: Context, document: Any, *, item: bool) -> Scope:
    """Returns what is known at the places of a document; activities have rules of their own."""
    bare = isinstance(context.document.raw, list)
    known = context.options.global_parameters
    return Scope(
        document=document,
        parameters=declared_types(context.parameters) if context.knows_parameters and not bare else None,
        variables=declared_types(context.variables) if context.knows_variables and not bare else None,
        global_parameters=None if known is None else dict.fromkeys(known, ""),
        item_in_scope=item,
        outputs=partial(output_types, context),
    )


def _has_item(text: Text) -> bool:
    """Whether ``item()`` has a meaning at a place: inside a ForEach, or in a Filter's condition."""
    owner = text.owner
    if owner is None:
        return False
    in_filter = owner.type == "Filter" and "condition" in text.path[len(owner.path) :]
    return in_filter or any(node.type == "ForEach" for node in owner.containers())


def _reporter(code: str) -> Callable[[Context], Iterator[Violation]]:
    """The check of one code: what the language's check found under it."""

    def report(context: Context) -> Iterator[Violation]:
        found: dict[str, list[tuple[Text, Problem]]] = context.once("problems", lambda: _found(context))
        for text, problem in found.get(code, ()):
            message = (
                f"{reader(context, text.owner)} has the expression '{shown_expression(text.value)}': {problem.message}"
            )
            # The names of columns in a mapping may begin with an at sign, as XML attributes do.
            mapped = problem.severity is Severity.ERROR and "translator" in text.path and text.path[-1] == "name"
            yield Violation(message, text.path, Severity.WARNING if mapped else problem.severity)

    return report


@rule("ADF428", on=Subject.RESOURCE)
def other_case(context: Context) -> Iterator[Violation]:
    """Names in another letter case: what the language's check found, and activities, which it is not told of."""
    yield from _reporter("ADF428")(context)
    written = {node.name for node in context.activities}
    for found, reference in read(context, "activity"):
        nodes = context.by_name.get(reference.name.casefold())
        if nodes and reference.name not in written:
            message = (
                f"{reader(context, found.owner)} reads the activity {quoted(reference.name)}. "
                f"The name is written {quoted(nodes[0].name)}; it works, and Studio marks it."
            )
            yield Violation(message, found.path)


for _code in codes_of("expressions"):
    if _code not in RULES:
        rule(_code, on=Subject.RESOURCE)(_reporter(_code))
