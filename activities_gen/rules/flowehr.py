"""What FlowEHR's Terraform needs of a pipeline, and what it drops."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from activities_gen.findings import Layer, Severity
from activities_gen.rules import scoping
from activities_gen.rules.context import Context, title
from activities_gen.rules.declarations import setters
from activities_gen.rules.examples import pipeline, python, set_variable, web
from activities_gen.rules.model import Mark, Target, quoted, rule
from activities_gen.rules.names import NOUNS
from activities_gen.rules.references import KINDS, read, references
from activities_gen.rules.values import is_dynamic, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.findings import JsonPath

MODULE = "FlowEHR, infrastructure/transform (locals.tf, pipeline.tf)"
_SILENT = ("concurrency", "policy", "runDimensions")
_COSMETIC = ("annotations", "folder", "description")


def is_bare(context: Context) -> bool:
    """Whether the document is a bare list of activities, FlowEHR's first contract, which has no properties."""
    return isinstance(context.document.raw, list)


@rule(
    "FLO104",
    "a key that FlowEHR reads is missing",
    Severity.ERROR,
    Layer.TERRAFORM,
    target=Target.FLOWEHR,
    instead_of=("ADF004", "ADF113", "ADF301"),
    why="Terraform reads `name`, `properties.activities` and `properties.parameters` of every pipeline at once: one missing key "
    "stops the deployment of all pipelines.",
    wrong={"name": "demo", "properties": {"activities": [python()]}},
    right=pipeline(python(), parameters={}),
    source=MODULE,
)
def required_keys(context: Context) -> Iterator[Mark]:
    """No name, activities or parameters."""
    if is_bare(context):
        return
    raw = context.document.raw
    if not isinstance(raw, dict) or not isinstance(raw.get("properties"), dict):
        yield Mark("The pipeline has no object 'properties', which FlowEHR's Terraform reads.", ())
        return
    if not raw.get("name") or not isinstance(raw["name"], str):
        yield Mark(
            "The pipeline has no 'name', which FlowEHR's Terraform reads. Add one.", ("name",) if "name" in raw else ()
        )
    properties = context.document.properties
    if properties.get("activities", 0) is None:
        yield Mark(
            "'activities' is null, which FlowEHR deploys as an empty pipeline. Write a list.",
            ("properties", "activities"),
        )
    parameters = properties.get("parameters", "")
    if parameters == "":
        yield Mark(
            "The pipeline has no 'parameters', which FlowEHR's Terraform reads. Add \"parameters\": {}.",
            ("properties",),
        )
    elif not isinstance(parameters, dict) and parameters != []:
        yield Mark(
            f"'parameters' is {kind_of(parameters)}; FlowEHR's Terraform needs an object.", ("properties", "parameters")
        )


@rule(
    "FLO106",
    "a parameter without a default value",
    Severity.ERROR,
    Layer.TERRAFORM,
    target=Target.FLOWEHR,
    why="ADF allows it; FlowEHR's Terraform reads `defaultValue` of every parameter and stops without it.",
    wrong=pipeline(python(), parameters={"day": {"type": "string"}}),
    right=pipeline(python(), parameters={"day": {"type": "string", "defaultValue": ""}}),
    source=MODULE,
)
def missing_default(context: Context) -> Iterator[Mark]:
    """A parameter without default, or with null."""
    for name, declared in context.parameters.items():
        path = ("properties", "parameters", name)
        if not isinstance(declared, dict) or "defaultValue" not in declared:
            yield Mark(
                f"The parameter {quoted(name)} has no 'defaultValue', which FlowEHR's Terraform reads. Add one, at least \"\".",
                path,
            )
        elif declared["defaultValue"] is None:
            yield Mark(
                f'The default of the parameter {quoted(name)} is null, so FlowEHR does not declare the parameter at all. Use "".',
                (*path, "defaultValue"),
            )


@rule(
    "FLO107",
    "a default value that FlowEHR cannot pass on",
    Severity.ERROR,
    Layer.TERRAFORM,
    target=Target.FLOWEHR,
    why="Terraform makes one map of all defaults: lists and objects do not fit in, and numbers and booleans together only where "
    "a text is among them.",
    wrong=pipeline(python(), parameters={"days": {"type": "array", "defaultValue": []}}),
    right=pipeline(python(), parameters={"days": {"type": "string", "defaultValue": "[]"}}),
    source=MODULE,
)
def unfit_default(context: Context) -> Iterator[Mark]:
    """A list or object, or numbers and booleans without a text."""
    defaults = {
        name: declared["defaultValue"]
        for name, declared in context.parameters.items()
        if isinstance(declared, dict) and "defaultValue" in declared
    }
    for name, value in defaults.items():
        if isinstance(value, (list, dict)):
            yield Mark(
                f"The default of the parameter {quoted(name)} is {kind_of(value)}, at which FlowEHR's Terraform stops. Write it as a text and use json().",
                ("properties", "parameters", name, "defaultValue"),
            )
    kinds = {type(value) for value in defaults.values()}
    if bool in kinds and kinds & {int, float} and str not in kinds:
        yield Mark(
            "The defaults are numbers and booleans, which FlowEHR's Terraform cannot put into one map. Write one of them as a text.",
            ("properties", "parameters"),
        )


@rule(
    "FLO108",
    "a parameter that becomes a String",
    Severity.WARNING,
    Layer.FLOWEHR,
    target=Target.FLOWEHR,
    why='FlowEHR declares every parameter as String and its default as text: `5` becomes `"5"`, `true` becomes `"true"`. '
    "An expression that computes with it needs `int()` or `bool()`.",
    wrong=pipeline(python(), parameters={"days": {"type": "int", "defaultValue": 5}}),
    right=pipeline(python(), parameters={"days": {"type": "string", "defaultValue": "5"}}),
    source=MODULE,
)
def becomes_string(context: Context) -> Iterator[Mark]:
    """A parameter of another type than string."""
    for name, declared in context.parameters.items():
        kind = declared.get("type") if isinstance(declared, dict) else None
        value = declared.get("defaultValue") if isinstance(declared, dict) else None
        other = isinstance(kind, str) and kind.casefold() != "string"
        if other or isinstance(value, (bool, int, float)):
            yield Mark(
                f"The parameter {quoted(name)} becomes a String under FlowEHR, its default a text. Declare it so, and convert it where it is used.",
                ("properties", "parameters", name),
            )


@rule(
    "FLO109",
    "something of the pipeline that FlowEHR does not pass on",
    Severity.WARNING,
    Layer.FLOWEHR,
    target=Target.FLOWEHR,
    instead_of=("ADF307",),
    why="FlowEHR deploys the activities and the parameters. Variables are dropped: an activity that sets or reads one then fails, "
    "which makes it an error. `concurrency` and the like are dropped as well; description, folder and annotations are a note.",
    wrong=pipeline(set_variable("day", "1"), parameters={}, variables={"day": {"type": "String"}}),
    right=pipeline(python(), parameters={}),
    source=MODULE,
)
def dropped(context: Context) -> Iterator[Mark]:
    """Variables, concurrency and other keys of the pipeline."""
    uses = list(_uses_of_variables(context))
    for path, use in uses:
        yield Mark(
            f"FlowEHR does not deploy variables, and {use}. Do without, or pass values through parameters and outputs.",
            path,
            Severity.ERROR,
        )
    if context.variables and not uses:
        yield Mark("FlowEHR does not deploy variables. Delete them.", ("properties", "variables"))
    for key in (*_SILENT, *_COSMETIC):
        value = context.document.properties.get(key)
        if value and not (key == "policy" and value == {"elapsedTimeMetric": {}}):
            yield Mark(
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


@rule(
    "FLO150",
    "a linked service that does not exist in FlowEHR",
    Severity.ERROR,
    Layer.FLOWEHR,
    target=Target.FLOWEHR,
    why="FlowEHR creates the linked services that its Terraform names and no other. With `--flowehr DIR` the names are read "
    "from that checkout.",
    wrong=pipeline(
        python() | {"linkedServiceName": {"referenceName": "Databricks", "type": "LinkedServiceReference"}},
        parameters={},
    ),
    right=pipeline(python(), parameters={}),
    source="FlowEHR, infrastructure/transform/adf.tf",
)
def linked_service(context: Context) -> Iterator[Mark]:
    """A linked service that FlowEHR does not create."""
    known = context.options.flowehr.linked_services
    for node, path, value, reference in references(context):
        name = value.get("referenceName")
        if (
            reference == "LinkedServiceReference"
            and isinstance(name, str)
            and name
            and name not in known
            and not is_dynamic(name)
        ):
            near = context.suggest(name, sorted(known)) or f" There are {', '.join(sorted(known))}."
            yield Mark(
                f"{title(node)} uses the linked service {quoted(name)}, which FlowEHR does not have.{near}",
                (*node.path, *path),
            )


@rule(
    "FLO151",
    "a dataset or data flow, of which FlowEHR has none",
    Severity.ERROR,
    Layer.FLOWEHR,
    target=Target.FLOWEHR,
    why="FlowEHR deploys pipelines and triggers only. Read and write data in the Python code.",
    wrong=pipeline(read("File"), parameters={}),
    right=pipeline(python(), parameters={}),
    source="FlowEHR, infrastructure/transform",
)
def dataset(context: Context) -> Iterator[Mark]:
    """A reference to a dataset or data flow."""
    for node, path, value, reference in references(context):
        if reference in ("DatasetReference", "DataFlowReference"):
            yield Mark(
                f"{title(node)} uses the {NOUNS[KINDS[reference]]} {quoted(value.get('referenceName'))}; FlowEHR deploys none.",
                (*node.path, *path),
            )


@rule(
    "FLO152",
    "an integration runtime that does not exist in FlowEHR",
    Severity.ERROR,
    Layer.FLOWEHR,
    target=Target.FLOWEHR,
    why="There is `FlowEHRIntegrationRuntime`, and the one that every factory has.",
    wrong=pipeline(
        web(connectVia={"referenceName": "OnPremises", "type": "IntegrationRuntimeReference"}), parameters={}
    ),
    right=pipeline(
        web(connectVia={"referenceName": "FlowEHRIntegrationRuntime", "type": "IntegrationRuntimeReference"}),
        parameters={},
    ),
    source="FlowEHR, infrastructure/transform/adf.tf",
)
def integration_runtime(context: Context) -> Iterator[Mark]:
    """A ``connectVia`` to another integration runtime."""
    known = context.options.flowehr.integration_runtimes
    for node, path, value, reference in references(context):
        name = value.get("referenceName")
        if (
            reference == "IntegrationRuntimeReference"
            and isinstance(name, str)
            and name not in known
            and not is_dynamic(name)
        ):
            yield Mark(
                f"{title(node)} uses the integration runtime {quoted(name)}, which FlowEHR does not have. Use 'FlowEHRIntegrationRuntime'.",
                (*node.path, *path),
            )


@rule(
    "FLO154",
    "a text that Terraform changes",
    Severity.WARNING,
    Layer.TERRAFORM,
    target=Target.FLOWEHR,
    why="Terraform writes every text in Unicode's composed form (NFC): a letter with a separate accent becomes one character, "
    "and a name or path may no longer be found.",
    wrong=pipeline(python(parameters=["cafe\u0301"]), parameters={}),
    right=pipeline(python(parameters=["caf\u00e9"]), parameters={}),
    source="Terraform, function jsondecode",
)
def composed(context: Context) -> Iterator[Mark]:
    """A text, or the key of one, that is not in composed form."""
    for text in context.texts:
        for value in (text.value, str(text.link[1])):
            if value.isascii() or unicodedata.is_normalized("NFC", value):
                continue
            owner = title(text.owner) if text.owner else "The pipeline"
            yield Mark(
                f"{owner} has the text {quoted(value)}, whose accents Terraform composes (NFC). Write it in that form.",
                text.path,
            )
