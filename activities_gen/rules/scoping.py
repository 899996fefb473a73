"""What expressions refer to: that it is declared, in scope, and there when it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from activities_gen.findings import Layer, Severity
from activities_gen.rules.context import Context, is_inactive, lookup, title
from activities_gen.rules.evaluated import evaluated
from activities_gen.rules.examples import activity, after, loop, pipeline, python, set_variable
from activities_gen.rules.model import Mark, Subject, quoted, rule
from activities_gen.rules.names import NOUNS
from activities_gen.rules.upstream import Upstream
from activities_gen.wire.document import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.expressions.references import Reference
    from activities_gen.rules.evaluated import Evaluated
    from activities_gen.wire.document import Nested

EXPRESSIONS = "https://learn.microsoft.com/azure/data-factory/control-flow-expression-language-functions"
SYSTEM = "https://learn.microsoft.com/azure/data-factory/control-flow-system-variables"
TRIGGERED = "https://learn.microsoft.com/azure/data-factory/how-to-use-trigger-parameterization"
_DAY = {"day": {"type": "string", "defaultValue": "1"}}


def read(context: Context, *kinds: str) -> Iterator[tuple[Evaluated, Reference]]:
    """The references of some kinds in a document's expressions, each with its expression."""
    for found in evaluated(context):
        for reference in found.references:
            if reference.kind in kinds:
                yield found, reference


def reader(context: Context, found: Evaluated) -> str:
    """Who reads something, as messages name it."""
    if found.owner is not None:
        return title(found.owner)
    return f"The {NOUNS[context.document.kind]} {quoted(context.document.name)}"


@rule(
    "ADF450",
    "an expression reads a parameter that is not declared",
    Severity.ERROR,
    Layer.STUDIO,
    why="Parameters are declared in `properties.parameters`. Letter case does not count.",
    wrong=pipeline(python(parameters=["@pipeline().parameters.dya"]), parameters=_DAY),
    right=pipeline(python(parameters=["@pipeline().parameters.day"]), parameters=_DAY),
    source=EXPRESSIONS,
)
def unknown_parameter(context: Context) -> Iterator[Mark]:
    """A parameter that the pipeline does not declare."""
    if isinstance(context.document.raw, list):
        return
    for found, reference in read(context, "parameter"):
        if reference.name and lookup(context.parameters, reference.name) is None:
            near = context.suggest(reference.name, list(context.parameters)) or " Declare it in 'parameters'."
            yield Mark(
                f"{reader(context, found)} reads the parameter {quoted(reference.name)}, which the pipeline does not declare.{near}",
                found.path,
            )


@rule(
    "ADF451",
    "an expression reads a variable that is not declared",
    Severity.ERROR,
    Layer.STUDIO,
    why="Variables are declared in `properties.variables`. Letter case does not count.",
    wrong=pipeline(python(parameters=["@variables('dya')"]), variables={"day": {"type": "String"}}),
    right=pipeline(python(parameters=["@variables('day')"]), variables={"day": {"type": "String"}}),
    source=EXPRESSIONS,
)
def unknown_variable(context: Context) -> Iterator[Mark]:
    """A variable that the pipeline does not declare."""
    for found, reference in read(context, "variable"):
        if reference.name and lookup(context.variables, reference.name) is None:
            near = context.suggest(reference.name, list(context.variables)) or " Declare it in 'variables'."
            yield Mark(
                f"{reader(context, found)} reads the variable {quoted(reference.name)}, which the pipeline does not declare.{near}",
                found.path,
            )


def _lookup(name: str = "Look", *, first: bool = True) -> dict[str, Any]:
    dataset = {"referenceName": "Table", "type": "DatasetReference"}
    return activity("Lookup", name, source={"type": "AzureSqlSource"}, dataset=dataset, firstRowOnly=first)


@rule(
    "ADF452",
    "an expression reads an activity that is not there",
    Severity.ERROR,
    Layer.RUN,
    why="The run fails with `The action(s) '…' referenced by 'inputs' in action '…' are not defined in the template`.",
    wrong=[_lookup(), set_variable("n", "@activity('Lok').output.firstRow.n") | {"dependsOn": after("Look")}],
    right=pipeline(
        _lookup(),
        set_variable("n", "@activity('Look').output.firstRow.n") | {"dependsOn": after("Look")},
        variables={"n": {"type": "String"}},
    ),
    source=EXPRESSIONS,
)
def unknown_activity(context: Context) -> Iterator[Mark]:
    """A name that no activity of the pipeline has."""
    for found, reference in read(context, "activity"):
        if reference.name and reference.name.casefold() not in context.by_name:
            near = context.suggest(reference.name, [node.name for node in context.activities])
            yield Mark(
                f"{reader(context, found)} reads the activity {quoted(reference.name)}, which is not in this pipeline.{near}",
                found.path,
            )


@rule(
    "ADF453",
    "an expression reads an activity that may not have run",
    Severity.ERROR,
    Layer.RUN,
    why="The other activity must come before this one, or before a container around it, by dependencies. Without them both "
    "start at once. What a ForEach holds cannot be read from outside it, what an If or Switch holds only where that branch "
    "ran, which is a warning; after an Until its last pass can be read.",
    wrong=pipeline(
        _lookup(), set_variable("n", "@activity('Look').output.firstRow.n"), variables={"n": {"type": "String"}}
    ),
    right=pipeline(
        _lookup(),
        set_variable("n", "@activity('Look').output.firstRow.n") | {"dependsOn": after("Look")},
        variables={"n": {"type": "String"}},
    ),
    source=EXPRESSIONS,
)
def not_upstream(context: Context) -> Iterator[Mark]:
    """A reference without a path of dependencies."""
    order: Upstream = context.once("upstream", lambda: Upstream(context))
    for found, reference in read(context, "activity"):
        owner, targets = found.owner, context.by_name.get(reference.name.casefold(), [])
        if owner is not None and targets and not any(order.visible(owner, target) for target in targets):
            message, severity = _hidden(order, owner, targets[0])
            if message:
                yield Mark(f"{title(owner)} reads {message}", found.path, severity)


def _hidden(order: Upstream, owner: Nested, target: Nested) -> tuple[str, Severity | None]:
    """Why an activity cannot be read from another; empty where it can be, out of the last pass of an Until."""
    if owner is target:
        return "its own output, which is there when it has ended only.", None
    around = {id(owner), *(id(node) for node in owner.ancestors())}
    walls = [node for node in target.ancestors() if id(node) not in around]
    outer = walls[-1] if walls else target
    own_pass = owner.type == "Until" and any(node is owner for node in target.ancestors())
    if walls and any(node.type == "ForEach" for node in walls):
        loop = next(node for node in walls if node.type == "ForEach")
        return (
            f"{title(target)}, which is inside {title(loop)} and cannot be read from outside it. Append what it gives to a variable.",
            None,
        )
    if not own_pass and not order.visible(owner, outer):
        return (
            f"{title(target)}, which may not have run: no dependency leads there. Add {title(outer)} to 'dependsOn'.",
            None,
        )
    branch = next((node for node in walls if node.type != "Until"), None)
    if branch is not None:
        return (
            f"{title(target)}, which is inside {title(branch)} and there only where that branch ran. Set a variable in the branch.",
            Severity.WARNING,
        )
    return "", None


@rule(
    "ADF454",
    "item() outside a loop",
    Severity.ERROR,
    Layer.STUDIO,
    why="`item()` is the element at hand: inside a ForEach, at any depth, or in the condition of a Filter.",
    wrong=[python(parameters=["@item().name"])],
    right=[loop(python(parameters=["@item().name"]))],
    source=EXPRESSIONS,
)
def stray_item(context: Context) -> Iterator[Mark]:
    """An ``item()`` that no ForEach or Filter surrounds."""
    for found, _ in read(context, "item"):
        owner = found.owner
        looped = owner is not None and any(node.type == "ForEach" for node in owner.ancestors())
        inside = owner is not None and owner.type == "Filter" and "condition" in found.path[len(owner.path) :]
        if not looped and not inside:
            yield Mark(
                f"{reader(context, found)} uses item(), which is there inside a ForEach or in a Filter's condition only.",
                found.path,
            )


@rule(
    "ADF458",
    "an expression uses what belongs to another kind of resource",
    Severity.ERROR,
    Layer.STUDIO,
    on=Subject.RESOURCE,
    why="`pipeline()`, `activity()`, `variables()` and `item()` are for pipelines, `dataset()` for datasets, `linkedService()` for "
    "linked services, `trigger()` and `triggerBody()` for triggers. Values are handed from one to the other as parameters.",
    wrong=pipeline(python(parameters=["@trigger().outputs.windowStartTime"])),
    right=pipeline(python(parameters=["@pipeline().parameters.day"]), parameters=_DAY),
    source=TRIGGERED,
)
def foreign_function(context: Context) -> Iterator[Mark]:
    """A function that reads what is not there."""
    allowed = _ALLOWED.get(context.document.kind, ())
    for found, reference in read(context, *_NEEDS):
        if reference.kind not in allowed:
            name, place, hint = _NEEDS[reference.kind]
            yield Mark(f"{reader(context, found)} uses {name}, which is there in {place} only. {hint}.", found.path)


_IN_PIPELINE = "Give the resource a parameter and pass the value from the pipeline"
_NEEDS = {
    "parameter": ("pipeline().parameters", "pipelines", _IN_PIPELINE),
    "variable": ("variables()", "pipelines", _IN_PIPELINE),
    "activity": ("activity()", "pipelines", _IN_PIPELINE),
    "system": ("pipeline()", "pipelines", _IN_PIPELINE),
    "dataset": ("dataset()", "datasets", "Use a parameter of the pipeline"),
    "linked_service": ("linkedService()", "linked services", "Pass the value as a parameter"),
    "trigger": ("trigger()", "triggers", "Pass the value from the trigger to a parameter of the pipeline"),
    "trigger_body": ("triggerBody()", "triggers", "Pass the value from the trigger to a parameter of the pipeline"),
}
_ALLOWED: dict[Kind, tuple[str, ...]] = {
    Kind.PIPELINE: ("parameter", "variable", "activity", "system"),
    Kind.DATASET: ("dataset",),
    Kind.LINKED_SERVICE: ("linked_service",),
    Kind.TRIGGER: ("trigger", "trigger_body", "system", "parameter"),
}


@rule(
    "ADF459",
    "a dataset or linked service reads a parameter that it does not declare",
    Severity.ERROR,
    Layer.STUDIO,
    on=Subject.RESOURCE,
    why="`dataset().x` and `linkedService().x` read the resource's own parameters.",
    wrong={
        "name": "File",
        "properties": {
            "type": "Json",
            "linkedServiceName": {"referenceName": "Store", "type": "LinkedServiceReference"},
            "parameters": {"folder": {"type": "string"}},
            "typeProperties": {"location": {"type": "AzureBlobStorageLocation", "folderPath": "@dataset().fodler"}},
        },
    },
    right={
        "name": "File",
        "properties": {
            "type": "Json",
            "linkedServiceName": {"referenceName": "Store", "type": "LinkedServiceReference"},
            "parameters": {"folder": {"type": "string"}},
            "typeProperties": {"location": {"type": "AzureBlobStorageLocation", "folderPath": "@dataset().folder"}},
        },
    },
    source="https://learn.microsoft.com/azure/data-factory/concepts-parameters-variables",
)
def unknown_own_parameter(context: Context) -> Iterator[Mark]:
    """A parameter of a dataset or linked service that is not declared."""
    wanted = {Kind.DATASET: "dataset", Kind.LINKED_SERVICE: "linked_service"}.get(context.document.kind)
    for found, reference in read(context, wanted) if wanted else ():
        if reference.name and lookup(context.parameters, reference.name) is None:
            near = context.suggest(reference.name, list(context.parameters)) or " Declare it in 'parameters'."
            yield Mark(
                f"{reader(context, found)} reads its parameter {quoted(reference.name)}, which it does not declare.{near}",
                found.path,
            )


@rule(
    "ADF460",
    "an expression reads a global parameter that the factory does not have",
    Severity.ERROR,
    Layer.STUDIO,
    why="Checked where the repository has the factory's file, in the folder `factory`.",
    wrong={
        "pipeline/demo.json": pipeline(python(parameters=["@pipeline().globalParameters.enviroment"])),
        "factory/adf.json": {
            "name": "adf",
            "properties": {"globalParameters": {"environment": {"type": "string", "value": "dev"}}},
        },
    },
    right={
        "pipeline/demo.json": pipeline(python(parameters=["@pipeline().globalParameters.environment"])),
        "factory/adf.json": {
            "name": "adf",
            "properties": {"globalParameters": {"environment": {"type": "string", "value": "dev"}}},
        },
    },
    source="https://learn.microsoft.com/azure/data-factory/author-global-parameters",
)
def unknown_global_parameter(context: Context) -> Iterator[Mark]:
    """A global parameter that the factory's file does not have."""
    known = context.options.global_parameters
    folded = {name.casefold() for name in known or ()}
    for found, reference in read(context, "global_parameter") if known is not None else ():
        if reference.name and reference.name.casefold() not in folded:
            near = context.suggest(reference.name, sorted(known or ()))
            yield Mark(
                f"{reader(context, found)} reads the global parameter {quoted(reference.name)}, which the factory does not have.{near}",
                found.path,
            )


_SYSTEM = (
    "DataFactory",
    "Pipeline",
    "RunId",
    "TriggerType",
    "TriggerId",
    "TriggerName",
    "TriggerTime",
    "GroupId",
    "TriggeredByPipelineName",
    "TriggeredByPipelineRunId",
)


@rule(
    "ADF461",
    "an expression reads a system variable that does not exist",
    Severity.ERROR,
    Layer.RUN,
    why=f"`pipeline()` has {', '.join(_SYSTEM)}, `parameters` and `globalParameters`. What resembles none of them is a warning: "
    "it may be new.",
    wrong=[python(parameters=["@pipeline().RunID2"])],
    right=[python(parameters=["@pipeline().RunId"])],
    source=SYSTEM,
)
def unknown_system_variable(context: Context) -> Iterator[Mark]:
    """A property that ``pipeline()`` does not have."""
    folded = set(map(str.casefold, _SYSTEM))
    for found, reference in read(context, "system"):
        if reference.name and reference.name.casefold() not in folded:
            near = context.suggest(reference.name, [*_SYSTEM, "parameters", "globalParameters"])
            yield Mark(
                f"{reader(context, found)} reads pipeline().{reference.name}, which does not exist.{near}",
                found.path,
                None if near else Severity.WARNING,
            )


@rule(
    "ADF462",
    "a system variable that may be missing is read without a question mark",
    Severity.WARNING,
    Layer.RUN,
    why="`TriggeredByPipelineName` and `TriggeredByPipelineRunId` are there only when another pipeline started this one; otherwise "
    "the run fails, but for `pipeline()?.TriggeredByPipelineName`.",
    wrong=[python(parameters=["@pipeline().TriggeredByPipelineName"])],
    right=[python(parameters=["@pipeline()?.TriggeredByPipelineName"])],
    source=SYSTEM,
)
def unguarded_system_variable(context: Context) -> Iterator[Mark]:
    """``TriggeredByPipeline…`` without ``?``."""
    for found, reference in read(context, "system"):
        if reference.name.casefold().startswith("triggeredbypipeline") and not reference.name_optional:
            yield Mark(
                f"{reader(context, found)} reads pipeline().{reference.name}, which is missing unless another pipeline started this one. Write pipeline()?.{reference.name}.",
                found.path,
            )


@rule(
    "ADF466",
    "an expression reads an inactive activity",
    Severity.WARNING,
    Layer.RUN,
    why="An inactive activity is not run and has no output.",
    wrong=pipeline(
        _lookup() | {"state": "Inactive"},
        set_variable("n", "@activity('Look').output.firstRow.n") | {"dependsOn": after("Look")},
        variables={"n": {"type": "String"}},
    ),
    right=pipeline(
        _lookup(),
        set_variable("n", "@activity('Look').output.firstRow.n") | {"dependsOn": after("Look")},
        variables={"n": {"type": "String"}},
    ),
    source="https://learn.microsoft.com/azure/data-factory/deactivate-activity",
)
def inactive_source(context: Context) -> Iterator[Mark]:
    """The output of an activity that is switched off."""
    for found, reference in read(context, "activity"):
        targets = context.by_name.get(reference.name.casefold(), [])
        if len(targets) == 1 and is_inactive(targets[0].activity) and reference.path[:1] != ("Status",):
            yield Mark(
                f"{reader(context, found)} reads {title(targets[0])}, which is inactive and has no output.", found.path
            )
