"""What FlowEHR's Terraform needs of a pipeline, and what it drops."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from activities_gen.findings import Severity
from activities_gen.model.values import is_arm_expression, is_dynamic, kind_of
from activities_gen.rules import scoping
from activities_gen.rules.context import Context, title
from activities_gen.rules.declarations import setters
from activities_gen.rules.model import Violation, quoted, rule
from activities_gen.rules.names import NOUNS
from activities_gen.rules.references import KINDS, references
from activities_gen.rules.subjects import PARAMETER, TEXT, each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.findings import JsonPath
    from activities_gen.model.activities import Activity
    from activities_gen.rules.context import Text

_SILENT = ("concurrency", "policy", "runDimensions")
_COSMETIC = ("annotations", "folder", "description")


def is_bare(context: Context) -> bool:
    """Whether the document is a bare list of activities, FlowEHR's first contract, which has no properties."""
    return isinstance(context.document.raw, list)


@rule("FLO104")
def required_keys(context: Context) -> Iterator[Violation]:
    """No name, activities or parameters."""
    if is_bare(context):
        return
    raw = context.document.raw
    if not isinstance(raw, dict) or not isinstance(raw.get("properties"), dict):
        yield Violation("The pipeline has no object 'properties', which FlowEHR's Terraform reads.", ())
        return
    if not raw.get("name") or not isinstance(raw["name"], str):
        yield Violation(
            "The pipeline has no 'name', which FlowEHR's Terraform reads. Add one.", ("name",) if "name" in raw else ()
        )
    properties = context.document.properties
    if properties.get("activities", 0) is None:
        yield Violation(
            "'activities' is null, which FlowEHR deploys as an empty pipeline. Write a list.",
            ("properties", "activities"),
        )
    parameters = properties.get("parameters", "")
    if parameters == "":
        yield Violation(
            "The pipeline has no 'parameters', which FlowEHR's Terraform reads. Add \"parameters\": {}.",
            ("properties",),
        )
    elif not isinstance(parameters, dict) and parameters != []:
        yield Violation(
            f"'parameters' is {kind_of(parameters)}; FlowEHR's Terraform needs an object.", ("properties", "parameters")
        )


@rule("FLO106", on=PARAMETER)
def missing_default(_: Context, name: str, declared: Any) -> Iterator[Violation]:
    """A parameter without default, or with null."""
    path = ("properties", "parameters", name)
    if not isinstance(declared, dict) or "defaultValue" not in declared:
        yield Violation(
            f"The parameter {quoted(name)} has no 'defaultValue', which FlowEHR's Terraform reads. Add one, at least \"\".",
            path,
        )
    elif declared["defaultValue"] is None:
        yield Violation(
            f'The default of the parameter {quoted(name)} is null, so FlowEHR does not declare the parameter at all. Use "".',
            (*path, "defaultValue"),
        )


@rule("FLO107")
def unfit_default(context: Context) -> Iterator[Violation]:
    """A list or object, or numbers and booleans without a text."""
    defaults = {
        name: declared["defaultValue"]
        for name, declared in context.parameters.items()
        if isinstance(declared, dict) and "defaultValue" in declared
    }
    for name, value in defaults.items():
        if isinstance(value, (list, dict)):
            yield Violation(
                f"The default of the parameter {quoted(name)} is {kind_of(value)}, at which FlowEHR's Terraform stops. Write it as a text and use json().",
                ("properties", "parameters", name, "defaultValue"),
            )
    kinds = {type(value) for value in defaults.values()}
    if bool in kinds and kinds & {int, float} and str not in kinds:
        yield Violation(
            "The defaults are numbers and booleans, which FlowEHR's Terraform cannot put into one map. Write one of them as a text.",
            ("properties", "parameters"),
        )


@rule("FLO108", on=PARAMETER)
def becomes_string(_: Context, name: str, declared: Any) -> Iterator[Violation]:
    """A parameter of another type than string."""
    kind = declared.get("type") if isinstance(declared, dict) else None
    value = declared.get("defaultValue") if isinstance(declared, dict) else None
    other = isinstance(kind, str) and kind.casefold() != "string"
    if other or isinstance(value, (bool, int, float)):
        yield Violation(
            f"The parameter {quoted(name)} becomes a String under FlowEHR, its default a text. Declare it so, and convert it where it is used.",
            ("properties", "parameters", name),
        )


@rule("FLO109")
def dropped(context: Context) -> Iterator[Violation]:
    """Variables, concurrency and other keys of the pipeline."""
    uses = list(_uses_of_variables(context))
    for path, use in uses:
        yield Violation(
            f"FlowEHR does not deploy variables, and {use}. Do without, or pass values through parameters and outputs.",
            path,
            Severity.ERROR,
        )
    if context.variables and not uses:
        yield Violation("FlowEHR does not deploy variables. Delete them.", ("properties", "variables"))
    for key in (*_SILENT, *_COSMETIC):
        value = context.document.properties.get(key)
        if value and not (key == "policy" and value == {"elapsedTimeMetric": {}}):
            yield Violation(
                f"FlowEHR does not deploy {quoted(key)}, so it has no effect.",
                ("properties", key),
                Severity.NOTE if key in _COSMETIC else None,
            )


def _uses_of_variables(context: Context) -> Iterator[tuple[JsonPath, str]]:
    """The places where activities set or read variables, each with who does what."""
    for node, name in setters(context):
        yield (*node.path, "typeProperties", "variableName"), f"{title(node)} sets {quoted(name)}"
    for found, reference in scoping.read(context, "variable"):
        yield found.path, f"{scoping.reader(context, found.owner)} reads {quoted(reference.name)}"


def _is_open(name: str) -> bool:
    """Whether nothing is known of a name; FlowEHR takes an ARM expression as the name itself."""
    return is_dynamic(name) and not is_arm_expression(name)


@rule("FLO150")
def linked_service(context: Context) -> Iterator[Violation]:
    """A linked service that FlowEHR does not create."""
    known = context.options.flowehr.linked_services
    for node, path, value, reference in references(context):
        name = value.get("referenceName")
        if (
            reference == "LinkedServiceReference"
            and isinstance(name, str)
            and name
            and name not in known
            and not _is_open(name)
        ):
            near = context.suggest(name, sorted(known)) or f" There are {', '.join(sorted(known))}."
            yield Violation(
                f"{title(node)} uses the linked service {quoted(name)}, which FlowEHR does not have.{near}",
                (*node.path, *path),
            )


@rule("FLO151", on=each(references))
def dataset(_: Context, node: Activity, path: JsonPath, value: dict[str, Any], reference: str) -> Iterator[Violation]:
    """A reference to a dataset or data flow."""
    if reference in ("DatasetReference", "DataFlowReference"):
        yield Violation(
            f"{title(node)} uses the {NOUNS[KINDS[reference]]} {quoted(value.get('referenceName'))}; FlowEHR deploys none.",
            (*node.path, *path),
        )


@rule("FLO152")
def integration_runtime(context: Context) -> Iterator[Violation]:
    """A ``connectVia`` to another integration runtime."""
    known = context.options.flowehr.integration_runtimes
    for node, path, value, reference in references(context):
        name = value.get("referenceName")
        if (
            reference == "IntegrationRuntimeReference"
            and isinstance(name, str)
            and name not in known
            and not _is_open(name)
        ):
            yield Violation(
                f"{title(node)} uses the integration runtime {quoted(name)}, which FlowEHR does not have. Use 'FlowEHRIntegrationRuntime'.",
                (*node.path, *path),
            )


@rule("FLO154", on=TEXT)
def composed(_: Context, text: Text) -> Iterator[Violation]:
    """A text, or the key of one, that is not in composed form."""
    for value in (text.value, str(text.link[1])):
        if value.isascii() or unicodedata.is_normalized("NFC", value):
            continue
        owner = title(text.owner) if text.owner else "The pipeline"
        yield Violation(
            f"{owner} has the text {quoted(value)}, whose accents Terraform composes (NFC). Write it in that form.",
            text.path,
        )
