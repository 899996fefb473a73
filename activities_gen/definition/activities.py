"""Helpers that return genuine SDK activities with everything filled in that can be derived."""

from __future__ import annotations

from datetime import timedelta
from types import NoneType
from typing import TYPE_CHECKING, Any

from azure.mgmt.datafactory.models import (
    ActivityDependency,
    ActivityPolicy,
    DatabricksSparkPythonActivity,
    LinkedServiceReference,
    UserProperty,
)

from activities_gen.definition.recorder import Broken, authoring, note, object_problem
from activities_gen.findings import suggestion
from activities_gen.wire.placeholders import artifact, linked_service, wheel
from activities_gen.wire.raw import Raw
from activities_gen.wire.serialise import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from azure.mgmt.datafactory.models import Activity

CONDITIONS = ("Succeeded", "Failed", "Skipped", "Completed")
"""What a dependency can wait for; ADF knows no other."""


@authoring
def spark_python(
    name: str,
    *,
    entrypoint: str = "entrypoint.py",
    parameters: Sequence[Any] | None = None,
    depends_on: Sequence[ActivityDependency] | None = None,
    policy: ActivityPolicy | None = None,
    python_file: str | None = None,
    libraries: Sequence[Mapping[str, Any]] | None = None,
    linked_service_name: LinkedServiceReference | None = None,
    description: str | None = None,
    user_properties: Sequence[UserProperty] | None = None,
    state: str | None = None,
    on_inactive_mark_as: str | None = None,
) -> DatabricksSparkPythonActivity:
    """An activity that runs one of the directory's Python files on Databricks, with the directory's wheel installed.

    Args:
        name: The activity's name: at most 55 characters, unique in the pipeline.
        entrypoint: The file to run, relative to the pipeline directory.
        parameters: What the file finds in ``sys.argv[1:]``: strings or expressions.
        depends_on: What it waits for: ``after(…)``.
        policy: Timeout, retries, secure input and output.
        python_file: Runs this path instead of ``entrypoint``, as in ``"dbfs:/shared/job.py"``.
        libraries: Replaces the list of libraries, which holds the directory's wheel alone. To add to it, begin with
            ``{"whl": wheel()}``.
        linked_service_name: Runs on this linked service instead of the pipeline's.
        description: For people who read the pipeline in Studio.
        user_properties: Shown in ADF's monitoring.
        state: ``"Active"`` or ``"Inactive"``.
        on_inactive_mark_as: What an inactive activity counts as: ``"Succeeded"``, ``"Failed"`` or ``"Skipped"``.

    Returns:
        A ``DatabricksSparkPythonActivity`` of the SDK; whatever is passed wins over what is derived.
    """
    file: Any = entrypoint
    attributes: dict[str, Any] = {  # the SDK annotates free values as mappings, which strings are not
        "python_file": (artifact(file) if isinstance(file, str) else "") if python_file is None else python_file,
        "parameters": parameters,
        "libraries": [{"whl": wheel()}] if libraries is None else libraries,
        "linked_service_name": databricks() if linked_service_name is None else linked_service_name,
        "depends_on": depends_on,
        "policy": policy,
        "description": description,
        "user_properties": user_properties,
        "state": state,
        "on_inactive_mark_as": on_inactive_mark_as,
    }
    activity = DatabricksSparkPythonActivity(name=name, **attributes)
    note(activity)
    if not isinstance(file, str):
        message = f"spark_python('{name}'): 'entrypoint' takes the name of a file, not {shown(file)}."
        object_problem(activity, "entrypoint", "PY103", message, file)
    return activity


@authoring
def policy(
    *,
    timeout: timedelta | str | None = None,
    retry: int | str | None = None,
    retry_interval: int | None = None,
    secure_input: bool | None = None,
    secure_output: bool | None = None,
) -> ActivityPolicy:
    """How long an activity may take and how often it is tried; for ``policy=`` of every activity that executes.

    Args:
        timeout: For one attempt, 10 minutes to 7 days: a ``timedelta``, or ADF's ``d.hh:mm:ss``. ADF's default is 12
            hours.
        retry: How often a failed attempt is repeated, or an expression.
        retry_interval: Seconds between attempts, 30 to 86,400.
        secure_input: Keep the input out of ADF's monitoring.
        secure_output: Keep the output out of ADF's monitoring.
    """
    values: dict[str, Any] = {  # the SDK annotates free values as mappings, which strings and numbers are not
        "timeout": timespan(timeout) if isinstance(timeout, timedelta) else timeout,
        "retry": retry,
        "retry_interval_in_seconds": retry_interval,
        "secure_input": secure_input,
        "secure_output": secure_output,
    }
    made = ActivityPolicy(**values)
    note(made)
    return made


def timespan(duration: timedelta) -> str:
    """A duration as ADF writes it: ``d.hh:mm:ss``."""
    hours, rest = divmod(duration.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{duration.days}.{hours:02}:{minutes:02}:{seconds:02}"


def databricks() -> LinkedServiceReference:
    """A reference to the pipeline's Databricks linked service, for activities built by hand."""
    return LinkedServiceReference(type="LinkedServiceReference", reference_name=linked_service())


@authoring
def after(*activities: Activity | str, on: str | Sequence[str] = "Succeeded") -> list[ActivityDependency]:
    """Returns what an activity waits for.

    Args:
        activities: Activities, or their names. All of them must have ended as ``on`` says.
        on: ``"Succeeded"``, ``"Failed"``, ``"Skipped"`` or ``"Completed"`` (succeeded or failed), or several of which
            one must hold.

    Returns:
        A list for ``depends_on``. To wait for activities in different ways, add lists:
        ``after(load) + after(validate, on="Failed")``.
    """
    conditions = _conditions(on)
    dependencies = []
    for activity in activities:
        name = activity if isinstance(activity, str) else getattr(activity, "name", None)
        dependency = ActivityDependency(
            activity="" if name is None else name,
            dependency_conditions=[one for one in conditions if isinstance(one, str)],
        )
        note(dependency)
        if name is None and not isinstance(activity, (Raw, Broken)):
            hint = " Name them one by one: after(a, b)." if isinstance(activity, (list, tuple)) else ""
            message = f"after(…) takes activities or their names, not {shown(activity)}.{hint}"
            object_problem(dependency, "", "PY103", message, activity)
        dependencies.append(dependency)
    for condition in conditions:
        if condition not in CONDITIONS:
            allowed = ", ".join(f"'{known}'" for known in CONDITIONS)
            message = f"after(…, on={condition!r}): a dependency condition is one of {allowed}.{suggestion(str(condition), CONDITIONS)}"
            object_problem(dependencies[0] if dependencies else _noted(), "on", "PY105", message)
    return dependencies


def _noted() -> Broken:
    """A stand-in for what a call makes nothing of, so that its line is known."""
    place = Broken(NoneType, {})
    note(place)
    return place


def _conditions(on: Any) -> list[Any]:
    """The conditions, whatever was given: what is none of ADF's is reported with the others."""
    return [*on] if isinstance(on, (list, tuple)) else [on]
