"""Parameters and variables: their types and defaults, and the activities that set variables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from activities_gen.catalogue import Target
from activities_gen.findings import Severity
from activities_gen.model.values import is_arm, is_dynamic, kind_of
from activities_gen.rules.context import Context, lookup, title
from activities_gen.rules.evaluated import parsed, template_in
from activities_gen.rules.model import Subject, Violation, quoted, rule
from activities_gen.rules.subjects import activity, each
from activities_gen.wire.document import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.findings import JsonPath
    from activities_gen.model.activities import Activity

PARAMETER_TYPES = ("String", "Int", "Float", "Bool", "Array", "Object", "SecureString")
VARIABLE_TYPES = ("String", "Bool", "Array", "Boolean", "Integer")
"""The types of variables: the model's three, and the two that Studio writes beside them."""

_LENIENT_VARIABLE_TYPES = ("Int", "Float")
RETURN_VALUE = "pipelineReturnValue"


@rule("ADF301", on=Subject.RESOURCE)
def parameter_type(context: Context) -> Iterator[Violation]:
    """A missing or unknown parameter type, or parameters that are no object."""
    yield from _no_object(context, "parameters")
    for name, declared in context.parameters.items():
        path = ("properties", "parameters", name)
        yield from _type_violations(
            context, f"parameter {quoted(name)}", declared, path, known=PARAMETER_TYPES, lenient=("Boolean", "Integer")
        )


GLOBAL_TYPES = tuple(kind for kind in PARAMETER_TYPES if kind != "SecureString")


@rule("ADF315", on=Subject.RESOURCE)
def global_parameter(context: Context) -> Iterator[Violation]:
    """A global parameter of a factory that lacks its type or value, or has a type that there is not."""
    names = context.document.properties.get("globalParameters") if context.document.kind is Kind.OTHER else None
    for name, declared in names.items() if isinstance(names, dict) else ():
        path = ("properties", "globalParameters", name)
        what = f"global parameter {quoted(name)}"
        yield from _type_violations(context, what, declared, path, known=GLOBAL_TYPES, lenient=("Boolean", "Integer"))
        if isinstance(declared, dict) and "value" not in declared:
            yield Violation(f"The {what} has no 'value'. Add one.", path)


@rule("ADF304")
def variable_type(context: Context) -> Iterator[Violation]:
    """A missing or unknown variable type, or variables that are no object."""
    yield from _no_object(context, "variables")
    for name, declared in context.variables.items():
        path = ("properties", "variables", name)
        yield from _type_violations(
            context, f"variable {quoted(name)}", declared, path, known=VARIABLE_TYPES, lenient=_LENIENT_VARIABLE_TYPES
        )


def _no_object(context: Context, key: str) -> Iterator[Violation]:
    """A violation if declarations are something else than an object; FlowEHR reads an empty list as one."""
    value = context.document.properties.get(key)
    harmless = value == [] and context.options.target is Target.FLOWEHR
    if value is not None and not isinstance(value, dict) and not is_arm(value) and not harmless:
        yield Violation(
            f"{quoted(key)} is {kind_of(value)}; it must be an object with the names as keys.", ("properties", key)
        )


def _type_violations(
    context: Context, what: str, declared: Any, path: JsonPath, *, known: tuple[str, ...], lenient: tuple[str, ...]
) -> Iterator[Violation]:
    if is_arm(declared):
        return
    if not isinstance(declared, dict):
        yield Violation(f"The {what} is {kind_of(declared)}; it must be an object with a 'type'.", path)
        return
    kind = declared.get("type")
    folded = str(kind).casefold()
    if not isinstance(kind, str) or not kind:
        yield Violation(f"The {what} has no 'type'. There are {', '.join(known)}.", path)
    elif not is_arm(kind) and folded not in map(str.casefold, known):
        near = context.suggest(kind, known) or f" There are {', '.join(known)}."
        severity = Severity.NOTE if folded in map(str.casefold, lenient) else None
        yield Violation(
            f"The {what} has the type {quoted(kind)}, which is not documented.{near}", (*path, "type"), severity
        )


@rule("ADF302")
def default_type(context: Context) -> Iterator[Violation]:
    """A default of another JSON type."""
    for key, names in (("parameters", context.parameters), ("variables", context.variables)):
        for name, declared in names.items():
            value = declared.get("defaultValue") if isinstance(declared, dict) else None
            if value is None or value == "" or is_dynamic(value):
                continue
            kind = str(declared.get("type", ""))
            text = is_text_for_another(value, kind) and context.options.target is not Target.FLOWEHR
            if text or not fits(value, kind):
                tail = " Write it without quotes." if text and fits(value, kind) else ""
                message = f"The {key[:-1]} {quoted(name)} is declared {quoted(kind)} and its default is {kind_of(value)}.{tail}"
                yield Violation(message, ("properties", key, name, "defaultValue"))


_NEVER_TEXT = ("array", "bool", "boolean", "object")


def is_text_for_another(value: Any, declared: str) -> bool:
    """Whether a value is a text and the declared type one for which a text stays a text, whatever stands in it."""
    return isinstance(value, str) and declared.casefold() in _NEVER_TEXT


def fits(value: Any, declared: str) -> bool:
    """Whether a literal is of a declared type, or would be converted to it without loss."""
    kind = declared.casefold()
    if kind in ("string", "securestring"):
        return not isinstance(value, (dict, list))
    if kind in ("int", "integer"):
        return _is_number(value, int)
    if kind == "float":
        return _is_number(value, float)
    if kind in ("bool", "boolean"):
        return isinstance(value, bool) or str(value).casefold() in ("true", "false")
    if kind == "array":
        return isinstance(value, list) or (isinstance(value, str) and value.strip().startswith("["))
    return kind != "object" or isinstance(value, dict) or (isinstance(value, str) and value.strip().startswith("{"))


def _is_number(value: Any, reader: type[int] | type[float]) -> bool:
    if isinstance(value, (bool, dict, list)):
        return False
    try:
        return len(str(value)) < 400 and reader(str(value)) is not None
    except ValueError:
        return False


@rule("ADF305", on=Subject.RESOURCE)
def computed_default(context: Context) -> Iterator[Violation]:
    """A default that begins like an expression."""
    for key, names in (("parameters", context.parameters), ("variables", context.variables)):
        for name, declared in names.items():
            value = declared.get("defaultValue") if isinstance(declared, dict) else None
            if is_dynamic(value) and not is_arm(value):
                message = f"The default of the {key[:-1]} {quoted(name)} is an expression, which is not evaluated there. Use a plain value."
                yield Violation(message, ("properties", key, name, "defaultValue"))


@rule("ADF316")
def default_of_undeclared(context: Context) -> Iterator[Violation]:
    """A default that reads a parameter that the pipeline does not have; Azure looks for parameters in defaults too."""
    for key, names in (("parameters", context.parameters), ("variables", context.variables)):
        for name, declared in names.items() if context.knows_parameters else ():
            value = declared.get("defaultValue") if isinstance(declared, dict) else None
            path: JsonPath = ("properties", key, name, "defaultValue")
            text, path = template_in(context, value, path)[1:]
            for reference in parsed(context, text)[1]:
                if reference.kind == "parameter" and reference.name and not lookup(context.parameters, reference.name):
                    near = context.suggest(reference.name, context.parameters)
                    message = f"The default of the {key[:-1]} {quoted(name)} reads the parameter {quoted(reference.name)}, which is not declared; Azure refuses the pipeline.{near} Use a plain value."
                    yield Violation(message, path)


def setters(context: Context) -> Iterator[tuple[Activity, str]]:
    """The activities that set a variable of the pipeline, each with the variable's name."""
    for node in context.active:
        name = node.type_properties.get("variableName")
        system = node.type_properties.get("setSystemVariable") is True
        if (
            node.type in ("SetVariable", "AppendVariable")
            and isinstance(name, str)
            and name
            and not system
            and not is_dynamic(name)
        ):
            yield node, name


@rule("ADF307", on=each(setters))
def undeclared_variable(context: Context, node: Activity, name: str) -> Iterator[Violation]:
    """A Set or Append Variable whose variable is not declared."""
    if name == RETURN_VALUE or lookup(context.variables, name) is not None or not context.knows_variables:
        return
    near = context.suggest(name, context.variables) or " Declare it in 'variables'."
    yield Violation(
        f"{title(node)} sets the variable {quoted(name)}, which is not declared.{near}",
        (*node.path, "typeProperties", "variableName"),
    )


@rule("ADF308", on=each(setters))
def append_to_scalar(context: Context, node: Activity, name: str) -> Iterator[Violation]:
    """An Append Variable on a String or Bool."""
    declared = lookup(context.variables, name)
    kind = declared.get("type") if isinstance(declared, dict) else None
    if node.type == "AppendVariable" and isinstance(kind, str) and kind.casefold() != "array" and not is_arm(kind):
        yield Violation(
            f"{title(node)} appends to the variable {quoted(name)}, which is a {kind}. Declare it as Array, or use Set Variable.",
            (*node.path, "typeProperties", "variableName"),
        )


@rule("ADF310", on=each(setters))
def assigned_type(context: Context, node: Activity, name: str) -> Iterator[Violation]:
    """A Set Variable whose literal value does not fit."""
    declared = lookup(context.variables, name)
    kind = declared.get("type") if isinstance(declared, dict) else None
    value = node.type_properties.get("value")
    if node.type != "SetVariable" or not isinstance(kind, str) or value is None or is_dynamic(value):
        return
    if isinstance(value, list) and any(map(is_dynamic, value)):
        return
    if not fits(value, kind) and kind.casefold() != "object":
        yield Violation(
            f"{title(node)} sets the variable {quoted(name)}, a {kind}, to {kind_of(value)}.",
            (*node.path, "typeProperties", "value"),
        )


@rule("ADF311", on=each(setters))
def racing_variable(_: Context, node: Activity, name: str) -> Iterator[Violation]:
    """A Set Variable under a ForEach that is not sequential."""
    around = next((outer for outer in node.containers() if outer.type == "ForEach"), None)
    if node.type != "SetVariable" or around is None:
        return
    sequential = around.type_properties.get("isSequential") in (True, "true", "True")
    if not sequential and around.type_properties.get("batchCount") != 1:
        yield Violation(
            f'{title(node)} sets the variable {quoted(name)} in {title(around)}, whose iterations run at once and overwrite it. Set "isSequential": true there.',
            node.path,
        )


@rule("ADF313", on=activity("SetVariable"))
def return_value(context: Context, node: Activity) -> Iterator[Violation]:
    """A system variable of another name, a return value of another form, or one that is not said to be one."""
    properties = node.type_properties
    name, value = properties.get("variableName"), properties.get("value")
    if properties.get("setSystemVariable") is not True:
        if name == RETURN_VALUE and lookup(context.variables, name) is None:
            message = f"{title(node)} sets the return value without \"setSystemVariable\": true. Add it, beside 'variableName'."
            yield Violation(message, (*node.path, "typeProperties"))
        return
    if isinstance(name, str) and name.casefold() != RETURN_VALUE.casefold():
        yield Violation(
            f"{title(node)} sets the system variable {quoted(name)}; there is '{RETURN_VALUE}' only.",
            (*node.path, "typeProperties", "variableName"),
        )
    elif (
        value is not None and not is_arm(value) and not (isinstance(value, list) and all(map(_is_return_entry, value)))
    ):
        yield Violation(
            f'{title(node)} returns {kind_of(value)} of another form than [{{"key": …, "value": {{"type": …, "content": …}}}}].',
            (*node.path, "typeProperties", "value"),
        )


def _is_return_entry(entry: Any) -> bool:
    """Whether a member of a return value has a key, a type that exists, and content, which Null alone may lack."""
    value = entry.get("value") if isinstance(entry, dict) else None
    if not isinstance(value, dict) or not isinstance(entry.get("key"), str):
        return False
    kind = str(value.get("type")).casefold()
    return kind in _RETURN_TYPES and ("content" in value or kind == "null")


_RETURN_TYPES = frozenset({"string", "expression", "array", "boolean", "null", "int", "float", "object"})
