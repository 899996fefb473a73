"""The activities of a pipeline as variables, each defined after those that it waits for and those that it holds."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any

from azure.mgmt.datafactory.models import Activity, ActivityDependency, DatabricksSparkPythonActivity

from activities_gen.importing.codegen.models import attributes, model, reference, unknown, with_extra
from activities_gen.importing.codegen.printer import Atom, Bracketed, Choice, Item, Node, Text, sequence
from activities_gen.model.activities import ACCEPTS, Siblings
from activities_gen.wire.placeholders import escaped

if TYPE_CHECKING:
    from activities_gen.importing.codegen.models import Builder

_FREE = frozenset({"python_file", "parameters", "libraries"})


class Activities:
    """Defines activities in a module, list by list."""

    def __init__(self, builder: Builder) -> None:
        """Have ``builder`` define the lists of activities inside containers, too."""
        self._builder = builder
        self._scope: dict[str, str] = {}
        builder.activities = self.define
        builder.dependencies = self._dependencies

    def define(self, activities: list[Any]) -> list[Node]:
        """Define the activities of one list.

        Args:
            activities: As they stand in JSON; what is no activity becomes a raw value in its place.

        Returns:
            The names of their variables, in the list's order.
        """
        outer, self._scope = self._scope, {}
        count = Counter(map(_name, activities))
        defined: dict[int, Node] = {}
        for index in _order(activities):
            activity = activities[index]
            if not isinstance(activity, dict):
                defined[index] = self._builder.raw(activity)
                continue
            name = _name(activity)
            variable = self._builder.names.give(name or "", "activity")
            self._builder.state(self._expression(activity), variable)
            defined[index] = Atom(variable)
            if name is not None and count[name] == 1:
                self._scope[name] = self._builder.vocabulary.activities[name] = variable
        self._scope = outer
        return [defined[index] for index in range(len(activities))]

    def _expression(self, activity: dict[str, Any]) -> Node:
        """Returns what makes one activity."""
        if _has_derived_parts(activity):
            return self._spark_python(activity)
        made = model(self._builder, activity, Activity)
        return self._builder.raw(activity) if made is None else made

    def _spark_python(self, activity: dict[str, Any]) -> Node:
        """A call of ``spark_python`` with what it does not derive."""
        builder, properties = self._builder, activity["typeProperties"]
        artifact = builder.helped.get(properties["pythonFile"], ("",))
        wheels = [[{"whl": path}] for path, made in builder.helped.items() if made == ("wheel",)]
        derived = {
            "name": True,
            "python_file": artifact[0] == "artifact",
            "libraries": properties["libraries"] in wheels,
            "linked_service_name": activity["linkedServiceName"] == reference(builder.linked_service),
        }
        skip = [attribute for attribute, is_derived in derived.items() if is_derived]
        options = attributes(builder, activity, DatabricksSparkPythonActivity, _FREE, skip)
        if derived["python_file"] and artifact[1] != "entrypoint.py":
            options = {"entrypoint": Text(artifact[1]), **options}
        made = builder.helper("spark_python", builder.value(activity["name"]), **options)
        return with_extra(builder, made, unknown(activity, DatabricksSparkPythonActivity))

    def _dependencies(self, dependencies: list[Any]) -> Node:
        """``after(…)`` for the dependencies that it can make, SDK objects for the others."""
        if not dependencies:
            return Atom("[]")
        items: list[Item] = []
        for conditions, group in groupby(dependencies, _conditions):
            if conditions is None:
                items += [Item("", self._odd(dependency)) for dependency in group]
            else:
                items.append(Item("*", self._after([dependency["activity"] for dependency in group], conditions)))
        if any(not item.head for item in items):
            return Bracketed("[", items, "]")
        if len(items) == 1:
            return items[0].value
        return Choice(" + ".join(item.value.flat() for item in items), Bracketed("[", items, "]"))

    def _odd(self, dependency: Any) -> Node:
        made = model(self._builder, dependency, ActivityDependency) if isinstance(dependency, dict) else None
        return self._builder.raw(dependency) if made is None else made

    def _after(self, names: list[str], conditions: tuple[str, ...]) -> Node:
        activities = [
            Atom(self._scope[name]) if name in self._scope else Atom(Text(escaped(name)).flat()) for name in names
        ]
        options: dict[str, Node] = {}
        if conditions != ("Succeeded",):
            texts = [Text(condition) for condition in conditions]
            options["on"] = texts[0] if len(texts) == 1 else sequence(texts)
        return self._builder.helper("after", *activities, **options)


def _has_derived_parts(activity: dict[str, Any]) -> bool:
    """Whether ``spark_python`` can make the activity: it always writes a file, libraries and a linked service."""
    properties = activity.get("typeProperties")
    return (
        activity.get("type") == "DatabricksSparkPython"
        and isinstance(activity.get("name"), str)
        and isinstance(properties, dict)
        and isinstance(properties.get("pythonFile"), str)
        and isinstance(properties.get("libraries"), list)
        and isinstance(properties.get("parameters", []), list)
        and isinstance(activity.get("linkedServiceName"), dict)
    )


def _conditions(dependency: Any) -> tuple[str, ...] | None:
    """What ``after`` can say of a dependency: its conditions; ``None`` if it cannot make it."""
    if not isinstance(dependency, dict) or set(dependency) != {"activity", "dependencyConditions"}:
        return None
    conditions = dependency["dependencyConditions"]
    if not isinstance(conditions, list) or not conditions or not isinstance(dependency["activity"], str):
        return None
    known = all(isinstance(condition, str) and condition in ACCEPTS for condition in conditions)
    return tuple(conditions) if known else None


def _name(activity: Any) -> str | None:
    name = activity.get("name") if isinstance(activity, dict) else None
    return name if isinstance(name, str) else None


def _order(activities: list[Any]) -> list[int]:
    """The indices of a list's activities, dependencies first, and otherwise in the list's own order."""
    siblings = Siblings(activities, ())
    places = [place for place, activity in enumerate(activities) if isinstance(activity, dict)]
    ordered = [places[activity.index] for activity in siblings.order]
    return list(dict.fromkeys([*ordered, *range(len(activities))]))  # the rest waits in a circle
