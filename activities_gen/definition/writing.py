"""The JSON that a pipeline becomes, and the way back from a place in it to the line that wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from activities_gen.definition.recorder import Broken, Recorder
from activities_gen.findings import Finding, FindingsError, JsonPath, Location, Severity
from activities_gen.wire.document import Document, Kind
from activities_gen.wire.placeholders import WheelNames, resolve
from activities_gen.wire.raw import ABSENT, Raw, merge
from activities_gen.wire.sdk import is_kind
from activities_gen.wire.serialise import Problem, Serialiser, shown

if TYPE_CHECKING:
    from activities_gen.definition.pipeline import Declaration, Pipeline


@dataclass
class Written:
    """The JSON of a pipeline.

    Attributes:
        activities: The list for ``activities.json``; something else where the definition says so by ``raw``.
        pipeline: The object for ``pipeline.json``.
        trigger: The object for ``trigger.json``, a list where there are several triggers, ``None`` if there is none.
        artifacts: The files that are uploaded, relative to the pipeline directory, by the name they are uploaded under.
        owners: For each of those, the SDK object that names it first, or the pipeline.
        needs_wheel: Whether the JSON names the wheel or its version.
        problems: What was wrong; the JSON is incomplete then.
        serialiser: Knows which JSON came from which object.
    """

    activities: Any = field(default_factory=list)
    pipeline: dict[str, Any] = field(default_factory=dict)
    trigger: Any = None
    artifacts: dict[str, str] = field(default_factory=dict)
    owners: dict[str, Any] = field(default_factory=dict)
    needs_wheel: bool = False
    problems: list[Problem] = field(default_factory=list)
    serialiser: Serialiser = field(default_factory=Serialiser, repr=False)


def write(pipeline: Pipeline, wheel: WheelNames | None) -> Written:
    """The JSON of a pipeline.

    Args:
        pipeline: The definition.
        wheel: The directory's wheel, ``None`` if there is no ``setup.py``.

    Returns:
        JSON in ADF's own order of keys, and what is wrong with the definition. Every problem is reported, not the
        first.
    """
    written = Written()
    serialiser = written.serialiser
    serialiser.problems = written.problems
    serialiser.resolve = lambda text: resolve(
        text, lambda kind, value: _resolved(kind, value, pipeline, wheel, written)
    )
    _check_triggers(pipeline, written.problems)
    for file in pipeline.artifacts:
        _upload(file, pipeline, written)
    try:
        _fill(written, pipeline)
    except RecursionError:
        message = "A value contains itself, or is nested deeper than any JSON that ADF takes."
        written.problems.append(Problem(serialiser.current or pipeline, "", "PY108", message))
        written.pipeline = {"name": pipeline.name, "properties": {}}
    return written


def _fill(written: Written, pipeline: Pipeline) -> None:
    serialiser = written.serialiser
    written.activities = _activities(pipeline, serialiser)
    written.pipeline = {"name": pipeline.name, "properties": _properties(pipeline, written)}
    merge(written.pipeline, serialiser.attribute(pipeline, "extra", pipeline.extra))
    _check_extra(written, pipeline)
    written.trigger = _trigger(pipeline, serialiser)


def _check_extra(written: Written, pipeline: Pipeline) -> None:
    """Returns what is merged over a pipeline's JSON leaves its properties an object."""
    properties = written.pipeline["properties"]
    if not isinstance(properties, dict):
        message = f"'extra' makes the pipeline's 'properties' {shown(properties)}. Give it a dict."
        written.problems.append(Problem(pipeline, "extra", "PY103", message))
        written.pipeline["properties"] = {}


def _check_triggers(pipeline: Pipeline, problems: list[Problem]) -> None:
    """FlowEHR's Terraform reads one trigger."""
    if isinstance(pipeline.trigger, Mapping) and len(pipeline.trigger) > 1 and pipeline.target == "flowehr":
        message = (
            "FlowEHR reads one trigger.json, and this pipeline has several triggers. Keep one, or say target='adf'."
        )
        problems.append(Problem(pipeline, "trigger", "PY107", message))


def _resolved(kind: str, value: str, pipeline: Pipeline, wheel: WheelNames | None, written: Written) -> str:
    """The text that a placeholder stands for."""
    if kind == "artifact":
        _upload(value, pipeline, written)
        return f"{pipeline.artifacts_directory}/{PurePosixPath(value).name}"
    if kind == "linked_service":
        return pipeline.linked_service
    if kind == "pipeline":
        return pipeline.name
    written.needs_wheel = True
    names = wheel or WheelNames("", "")
    return f"{pipeline.artifacts_directory}/{names.file_name}" if kind == "wheel" else names.version


def _upload(file: str, pipeline: Pipeline, written: Written) -> None:
    """Note that a file is uploaded, under its base name: FlowEHR uploads no folders."""
    file = PurePosixPath(file).as_posix()
    name = PurePosixPath(file).name
    other = written.artifacts.setdefault(name, file)
    written.owners.setdefault(name, written.serialiser.current or pipeline)
    if other != file:
        message = f"'{other}' and '{file}' would both be uploaded as '{name}'. Rename one."
        written.problems.append(Problem(pipeline, "artifacts", "GEN021", message))


def _activities(pipeline: Pipeline, serialiser: Serialiser) -> Any:
    """The list of activities; what is none is a problem."""
    if isinstance(pipeline.activities, Raw):
        return ABSENT if pipeline.activities.value is ABSENT else serialiser.serialise(pipeline.activities)
    result = []
    for activity in pipeline.activities:
        if _is_activity(activity):
            result.append(serialiser.serialise(activity))
        elif isinstance(activity, Broken):  # its name is known, and that others depend on it is no further mistake
            result.append({"name": activity.name, "type": "Broken"})
        else:
            serialiser.wrong(pipeline, "activities", "activities of the SDK", activity)
    return result


def _is_activity(value: Any) -> bool:
    if isinstance(value, Raw):
        return isinstance(value.value, dict) and isinstance(value.value.get("type"), str)
    return is_kind(type(value), "Activity")


def _properties(pipeline: Pipeline, written: Written) -> dict[str, Any]:
    """What ADF calls the pipeline's ``properties``; FlowEHR reads ``parameters`` always, even when there are none."""
    serialiser = written.serialiser
    parameters = _declarations(pipeline.parameters, serialiser)
    variables = _declarations(pipeline.variables, serialiser)
    properties: dict[str, Any] = {
        "description": pipeline.description,
        "activities": written.activities,
        "policy": pipeline.policy,
        "parameters": parameters or ({} if pipeline.target == "flowehr" else None),
        "variables": variables or None,
        "concurrency": pipeline.concurrency,
        "runDimensions": pipeline.run_dimensions,
        "folder": None if pipeline.folder is None else {"name": pipeline.folder},
        "annotations": pipeline.annotations,
    }
    return {
        key: value if key in _WRITTEN else serialiser.attribute(pipeline, _KEYWORDS.get(key, key), value)
        for key, value in properties.items()
        if (value is not None or key == "activities") and value is not ABSENT
    }


_WRITTEN = frozenset({"activities", "parameters", "variables"})
_KEYWORDS = {"runDimensions": "run_dimensions"}
"""The keywords of ``Pipeline(…)`` that are called otherwise in the JSON."""


def _declarations(declared: Mapping[str, Declaration], serialiser: Serialiser) -> dict[str, Any]:
    return {name: serialiser.attribute(one, "default", one.json()) for name, one in declared.items()}


def _trigger(pipeline: Pipeline, serialiser: Serialiser) -> Any:
    """The trigger, or the list of them where they are several."""
    if pipeline.trigger is None:
        return None
    named = (
        pipeline.trigger
        if isinstance(pipeline.trigger, Mapping)
        else {f"TumblingWindowTrigger{pipeline.directory or pipeline.name}": pipeline.trigger}
    )
    triggers = []
    for name, trigger in named.items():
        if is_kind(type(trigger), "Trigger") or isinstance(trigger, Raw):
            triggers.append({"name": name, "properties": serialiser.serialise(trigger)})
        elif not isinstance(trigger, Broken):
            serialiser.wrong(pipeline, "trigger", "a trigger of the SDK", trigger)
    return triggers[0] if len(triggers) == 1 else triggers or None


# --- back from the JSON to the line -----------------------------------------------------------------------------------


def document(written: Written, pipeline: Pipeline, recorder: Recorder) -> Document:
    """What was written, as the document that rules and engine read; its places are lines of ``activities.py``."""
    properties = written.pipeline["properties"]
    locate = _locator(written.pipeline, written, pipeline, recorder)
    return Document(Kind.PIPELINE, pipeline.name, properties, written.pipeline, "activities.py", locate)


_SOME_WHEEL = WheelNames("wheel-0-py3-none-any.whl", "0")


def standalone_document(pipeline: Pipeline, wheel: WheelNames | None) -> Document:
    """The document of a pipeline that no recorder watched; its places are the file alone.

    Raises:
        FindingsError: The definition is wrong.
    """
    written = write(pipeline, wheel or _SOME_WHEEL)
    recorder = Recorder(Path())
    if written.problems:
        raise FindingsError(findings(written.problems, recorder))
    return document(written, pipeline, recorder)


def trigger_documents(written: Written, pipeline: Pipeline, recorder: Recorder) -> list[Document]:
    """The triggers that were written, as documents."""
    triggers = written.trigger if isinstance(written.trigger, list) else [written.trigger] if written.trigger else []
    return [
        Document(
            Kind.TRIGGER,
            trigger["name"],
            trigger["properties"],
            trigger,
            "activities.py",
            _locator(trigger, written, pipeline, recorder),
        )
        for trigger in triggers
    ]


def _locator(root: Any, written: Written, pipeline: Pipeline, recorder: Recorder) -> Any:
    def locate(path: JsonPath) -> Location:
        thing, rest, value = _origin(root, path, written.serialiser)
        if thing is None:
            declared = _declaration(pipeline, path)
            owner = declared or written.serialiser.origins.get(id(root.get("properties")), pipeline)
            return recorder.locate(owner, _pipeline_keyword(rest) if owner is pipeline else "", value)
        return recorder.locate(thing, _attribute(thing, rest), value)

    return locate


def _declaration(pipeline: Pipeline, path: JsonPath) -> Any:
    """The parameter or variable that a place belongs to."""
    if len(path) < 3 or path[1] not in ("parameters", "variables"):
        return None
    return (pipeline.parameters if path[1] == "parameters" else pipeline.variables).get(str(path[2]))


def _origin(root: Any, path: JsonPath, serialiser: Serialiser) -> tuple[Any, JsonPath, Any]:
    """The innermost SDK object that a place came from, the path inside it, and the value there."""
    value, thing, rest = root, None, path
    for index, step in enumerate(path):
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            break
        if id(value) in serialiser.origins:
            thing, rest = serialiser.origins[id(value)], path[index + 1 :]
    return thing, rest, value if isinstance(value, (str, int)) else None


def _attribute(thing: Any, rest: JsonPath) -> str:
    """The attribute of an SDK object that a path inside its JSON belongs to."""
    keys = [str(step) for step in rest[:2]]
    for attribute, entry in getattr(type(thing), "_attribute_map", {}).items():
        if entry["key"] in (".".join(keys), keys[0] if keys else None):
            return str(attribute)
    return ""


def _pipeline_keyword(path: JsonPath) -> str:
    """The keyword of ``Pipeline(…)`` that a path outside the activities belongs to."""
    if path[:1] == ("name",):
        return "name"
    key = str(path[1]) if len(path) > 1 and path[0] == "properties" else ""
    return _KEYWORDS.get(key, key)


def left_out(written: Written, recorder: Recorder) -> list[Finding]:
    """A warning for each activity that was made and stands nowhere in the pipeline."""
    used = set(map(id, written.serialiser.origins.values()))
    return [
        Finding(
            "GEN023",
            Severity.WARNING,
            f"'{activity.name}' is made here and is not in the pipeline. Add it with pipeline.add(…), or delete it.",
            recorder.locate(activity),
        )
        for activity in recorder.left_out(used)
    ]


def findings(problems: list[Problem], recorder: Recorder) -> list[Finding]:
    """Problems as findings, each mistake once, in the order of the lines."""
    found = dict.fromkeys(recorder.finding(problem) for problem in problems)
    return sorted(found, key=lambda finding: finding.location)
