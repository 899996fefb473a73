"""A pipeline document as the source of an ``activities.py``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from azure.mgmt.datafactory.models import PipelinePolicy

from activities_gen.importing.codegen.activities import Activities
from activities_gen.importing.codegen.models import Builder, Phrasing, Vocabulary, model, no_phrase
from activities_gen.importing.codegen.printer import Atom, Node, Text, call, sequence
from activities_gen.importing.codegen.recurring import define_recurring
from activities_gen.importing.codegen.text import Names
from activities_gen.importing.codegen.triggers import trigger_value
from activities_gen.wire.placeholders import escaped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from activities_gen.wire.document import Document

HELPERS = frozenset(
    {
        "after",
        "artifact",
        "databricks",
        "raw",
        "spark_python",
        "this_pipeline",
        "tumbling_window",
        "wheel",
        "wheel_version",
        "with_json",
        "with_spelling",
    }
)
"""The functions of this package that make a pipeline."""

REFERENCES = frozenset(
    {"error_of", "global_parameter", "item", "output_of", "status_of", "system", "trigger", "trigger_body"}
)
"""Those that make expressions, beside the functions of the language."""

ENVELOPE = frozenset({"id", "name", "type", "etag", "resourceGroup"})
"""What REST writes beside a pipeline's own keys where those do not stand in ``properties``."""

_TYPES = {str: "String", bool: "Bool", int: "Int", float: "Float", list: "Array", dict: "Object"}


@dataclass(frozen=True)
class Settings:
    """What a module says that its document does not.

    Attributes:
        source: From where it was imported, for the docstring.
        title: What the docstring calls it.
        name: The pipeline's name.
        target: For whom JSON is written from it: ``flowehr`` or ``adf``.
        options: Further keywords of ``Pipeline(…)``, such as ``directory``, with their values.
        linked_service: What ``databricks()`` stands for; empty if it is not used.
        helped: Strings that a helper gives: its name and arguments.
        phrase: Writes expressions as Python.
        triggers: The documents of the pipeline's triggers.
        trigger_name: What a trigger is called where the definition gives no name.
    """

    source: str
    title: str
    name: str
    target: str = "adf"
    options: dict[str, Any] = field(default_factory=dict)
    linked_service: str = ""
    helped: dict[str, tuple[str, ...]] = field(default_factory=dict)
    phrase: Phrasing = no_phrase
    triggers: Sequence[Document] = ()
    trigger_name: str = ""


def properties_of(document: Document) -> dict[str, Any]:
    """A pipeline's properties, without what REST's flat form writes beside them."""
    if document.raw is not document.properties:
        return document.properties
    return {key: value for key, value in document.properties.items() if key not in ENVELOPE}


def build(document: Document, settings: Settings) -> Builder:
    """The statements of a module that defines the pipeline of a document.

    Args:
        document: A pipeline.
        settings: What the document does not say.

    Returns:
        The statements, and what they import. Running them defines the pipeline and does nothing else, whatever the
        document holds.
    """
    names = Names({"Pipeline", "pipeline", "functions", "f", *HELPERS, *REFERENCES})
    builder = Builder(names, settings.name, settings.linked_service, settings.helped, settings.phrase)
    properties = properties_of(document)
    declared, undeclared = _declared(properties, flowehr=settings.target == "flowehr")
    _name(builder, declared)
    with builder.naming_nothing():
        options, extra = _options(builder, properties)
        extra |= undeclared
        whole: dict[str, Any] = {"properties": extra} if extra else {}
        if isinstance(document.raw, dict) and document.raw.get("name", settings.name) != settings.name:
            whole["name"] = document.raw["name"]
        options |= _settings(settings) | ({"extra": builder.value(whole)} if whole else {})
    _state(builder, options, declared, document)
    builder.vocabulary = Vocabulary()  # what a trigger hands over is made before the pipeline runs
    trigger = trigger_value(builder, settings.triggers, settings.trigger_name)
    if trigger is not None:
        builder.state(trigger, "pipeline.trigger")
    return builder


def _state(builder: Builder, options: dict[str, Node], declared: Declared, document: Document) -> None:
    """The pipeline, before its activities where it declares something that they may use, else behind them."""
    given = document.properties.get("activities")
    listed = isinstance(given, list) and all(map(_is_activity, given))
    if not listed:
        with builder.naming_nothing():
            unlisted = builder.raw(given) if "activities" in document.properties else builder.helper("raw")
        options = {"activities": unlisted, **options}
    name = Atom(Text(builder.pipeline).flat())
    if not any(declared.values()):
        defined = _activities(builder, document) if listed else []
        options = {"activities": sequence(defined), **options} if defined else options
        builder.state(call("Pipeline", name, **options), "pipeline")
        return
    builder.state(call("Pipeline", name, **options), "pipeline")
    block: list[str] = []
    builder.statements.append(block)
    defined = _activities(builder, document) if listed else []
    with builder.naming_nothing():
        block += _declarations(builder, declared)  # now it is known which of them are used
    if defined:
        builder.state(call("pipeline.add", *defined))


def _activities(builder: Builder, document: Document) -> list[Node]:
    """Define the activities, and before them what they have in common; gives the names of their variables."""
    define_recurring(builder, document)
    return Activities(builder).define(document.activities)


def _is_activity(value: Any) -> bool:
    """Whether a raw value may stand in the list of activities."""
    return isinstance(value, dict) and isinstance(value.get("type"), str)


def _options(builder: Builder, properties: dict[str, Any]) -> tuple[dict[str, Node], dict[str, Any]]:
    """Returns what keywords of ``Pipeline(…)`` say, in their order, and the properties that none says."""
    options: dict[str, Node] = {}
    extra = {}
    for key, value in properties.items():
        if key in ("activities", "parameters", "variables"):
            continue
        option = _option(builder, key, value)
        if option is None:
            extra[key] = value
        else:
            options[_KEYWORDS[key]] = option
    return {keyword: options[keyword] for keyword in _KEYWORDS.values() if keyword in options}, extra


_KEYWORDS = {
    "description": "description",
    "concurrency": "concurrency",
    "annotations": "annotations",
    "folder": "folder",
    "policy": "policy",
    "runDimensions": "run_dimensions",
}
_PLAIN: dict[str, type] = {"concurrency": int, "annotations": list, "runDimensions": dict}


def _option(builder: Builder, key: str, value: Any) -> Node | None:
    """The value of a keyword of ``Pipeline(…)``; ``None`` if there is no keyword for what it is."""
    if key == "description" and isinstance(value, str):
        return Text(escaped(value))
    if key == "folder" and isinstance(value, dict) and set(value) == {"name"} and isinstance(value["name"], str):
        return Text(escaped(value["name"]))
    if key in _PLAIN and type(value) is _PLAIN[key]:
        if isinstance(value, list) and not all(isinstance(tag, str) for tag in value):
            builder.loose.add("list-item")
        return builder.value(value)
    if key == "policy" and isinstance(value, dict):
        return model(builder, value, PipelinePolicy)
    return builder.raw(value) if key == "description" or key in _PLAIN else None


def _settings(settings: Settings) -> dict[str, Node]:
    """The keywords that no document says."""
    target: dict[str, Any] = {} if settings.target == "flowehr" else {"target": settings.target}
    options = target | settings.options
    return {key: Text(value) if isinstance(value, str) else Atom(repr(value)) for key, value in options.items()}


Declared = dict[str, dict[str, dict[str, Any]]]
"""The specifications that ``pipeline.parameter(…)`` and ``pipeline.variable(…)`` make, by method and name."""


def _declared(properties: dict[str, Any], *, flowehr: bool) -> tuple[Declared, dict[str, Any]]:
    """Returns what can be declared of parameters and variables, and what of those properties cannot."""
    declared: Declared = {"parameter": {}, "variable": {}}
    extra: dict[str, Any] = {}
    for key, method in (("parameters", "parameter"), ("variables", "variable")):
        specifications = properties.get(key, {})
        if isinstance(specifications, dict) and specifications:
            declared[method] = {name: value for name, value in specifications.items() if _can_declare(value)}
            rest = _undeclared(specifications)
            extra |= {key: rest} if rest else {}
        elif key in properties and (specifications != {} or not flowehr or key != "parameters"):
            extra[key] = specifications  # but for the empty object that FlowEHR's pipelines have anyway
    return declared, extra


def _name(builder: Builder, declared: Declared) -> None:
    """Give each parameter and variable a name in the module."""
    for method, known in (("parameter", builder.vocabulary.parameters), ("variable", builder.vocabulary.variables)):
        known.update({name: builder.names.give(name, method) for name in declared[method]})


def _declarations(builder: Builder, declared: Declared) -> list[str]:
    """The lines that declare parameters and variables; what the activities use is assigned."""
    lines = []
    for method, known in (("parameter", builder.vocabulary.parameters), ("variable", builder.vocabulary.variables)):
        for name, specification in declared[method].items():
            made = _declaration(builder, f"pipeline.{method}", name, specification)
            lines += builder.lines(made, known[name] if known[name] in builder.used else "")
    return lines


_SAID = ("type", "defaultValue")


def _can_declare(specification: Any) -> bool:
    return (
        isinstance(specification, dict) and isinstance(specification.get("type"), str) and specification["type"] != ""
    )


def _undeclared(specifications: dict[str, Any]) -> dict[str, Any]:
    """Returns what declarations do not say of parameters or variables."""
    rest = {}
    for name, value in specifications.items():
        unsaid = {key: inner for key, inner in value.items() if key not in _SAID} if _can_declare(value) else value
        if unsaid or not _can_declare(value):
            rest[name] = unsaid
    return rest


def _declaration(builder: Builder, method: str, name: str, specification: dict[str, Any]) -> Node:
    """``pipeline.parameter("name", default=…)``, with the type where the default does not tell it."""
    options = {"default": builder.value(specification["defaultValue"])} if "defaultValue" in specification else {}
    derived = _TYPES.get(type(specification.get("defaultValue")), "String")
    if specification["type"] != derived:
        options["type"] = builder.value(specification["type"])
    return call(method, Atom(Text(name).flat()), **options)
