"""A pipeline, built once from a document."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

from activities_gen.model.activities import Siblings
from activities_gen.model.types import CONTAINERS
from activities_gen.model.values import Names, is_arm

if TYPE_CHECKING:
    from activities_gen.model.activities import Activity
    from activities_gen.wire.document import Document


class Pipeline:
    """A pipeline as ADF understands it. What is malformed in its document is data here, with its place.

    Attributes:
        document: What it was made from.
        name: Its name; empty for a bare list of activities.
        top: The activities at the top level.
    """

    def __init__(self, document: Document, name: str = "") -> None:
        """Read a document; ``name`` replaces the name that stands in it."""
        self.document = document
        self.name = name or document.name
        self.top = Siblings(document.activities, ("properties", "activities"))

    @cached_property
    def activities(self) -> list[Activity]:
        """Every activity, containers before what they hold."""
        return list(self.top.walk())

    @cached_property
    def active(self) -> list[Activity]:
        """The activities that ADF validates: neither switched off nor in a container that is."""
        return list(self.top.active())

    @cached_property
    def active_by_type(self) -> dict[str, list[Activity]]:
        """Those by type, in ADF's spelling."""
        result: dict[str, list[Activity]] = defaultdict(list)
        for activity in self.active:
            result[activity.type].append(activity)
        return result

    @cached_property
    def by_name(self) -> dict[str, list[Activity]]:
        """The activities by name in lower case."""
        result: dict[str, list[Activity]] = defaultdict(list)
        for activity in self.activities:
            if activity.name:
                result[activity.name.casefold()].append(activity)
        return result

    @cached_property
    def lists(self) -> list[Siblings]:
        """Every list of activities, in the order of the file; without empty ones."""
        return list(dict.fromkeys(activity.siblings for activity in self.activities))

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """The parameters as they are declared, by name."""
        return Names(declared(self.document, "parameters"))

    @cached_property
    def variables(self) -> dict[str, Any]:
        """The variables as they are declared, by name."""
        return Names(declared(self.document, "variables"))

    @property
    def concurrency(self) -> int | None:
        """How many runs of it may be under way at once; ``None`` for any number."""
        value = self.document.properties.get("concurrency")
        return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None

    @cached_property
    def knows_activities(self) -> bool:
        """Whether the names of all activities are written here; an ARM expression may stand for more."""
        if _may_hide(self.document.properties.get("activities")):
            return False
        return not any(is_arm(activity.name) or _hides(activity) for activity in self.activities)


def declared(document: Document, key: str) -> dict[str, Any]:
    """Returns the ``parameters`` or ``variables`` of a document by name; empty if they are missing or malformed."""
    value = document.properties.get(key)
    return value if isinstance(value, dict) else {}


def knows_all(document: Document, key: str) -> bool:
    """Whether all names that a document declares under a key are written in it; an ARM expression may stand for more."""
    value = document.properties.get(key)
    return not is_arm(value) and not any(map(is_arm, value if isinstance(value, dict) else ()))


def _hides(activity: Activity) -> bool:
    """Whether a container may hold activities that are not written in it."""
    properties = activity.type_properties
    inner = [activity.json.get("typeProperties"), *(properties.get(key) for key in CONTAINERS.get(activity.type, ()))]
    return any(map(_may_hide, inner)) or any(_may_hide(branch.entries) for branch in activity.branches)


def _may_hide(value: object) -> bool:
    """Whether a list of activities is computed at deployment, as a whole or in part."""
    return is_arm(value) or (isinstance(value, list) and any(map(is_arm, value)))
