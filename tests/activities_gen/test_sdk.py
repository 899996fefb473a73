"""Why the SDK is pinned to 9.3: in 10.0.0 every activity serialises under the type of its base class.

There ``DatabricksSparkPythonActivity(…).as_dict()["type"]`` is ``"Execution"``, and Azure refuses it. The pin can be
lifted to the first version for which these tests pass.
"""

from __future__ import annotations

import re
from importlib.metadata import version
from typing import Any

import pytest
from azure.mgmt.datafactory import models
from azure.mgmt.datafactory.models import Activity

from activities_gen.wire.serialise import Serialiser


def concrete(base: type) -> list[Any]:
    """The classes of activities that ADF has; the two in between are no activities of their own."""
    found = [kind for kind in vars(models).values() if isinstance(kind, type) and issubclass(kind, base)]
    between = {base, models.ExecutionActivity, models.ControlActivity}
    return sorted(set(found) - between, key=lambda kind: kind.__name__)


def types() -> dict[Any, str]:
    """The type that Azure knows each class by: its key in the table of its base."""
    result = {}
    for base in (Activity, models.ExecutionActivity, models.ControlActivity):
        for name, kind in base._subtype_map.get("type", {}).items():  # type: ignore[attr-defined]
            result[getattr(models, kind)] = name
    return result


def test_the_version_is_the_one_that_is_locked(repository):
    locked = re.search(
        r"^azure-mgmt-datafactory==(\S+)", (repository / "requirements/build.txt").read_text(), re.MULTILINE
    )

    assert locked
    assert locked[1].startswith("9.3.")
    assert version("azure-mgmt-datafactory") == locked[1]


def test_all_activities_are_covered():
    assert len(concrete(Activity)) >= 40


@pytest.mark.parametrize("kind", concrete(Activity), ids=lambda kind: kind.__name__)
def test_each_activity_serialises_under_its_own_type(kind):
    required = {
        name: "x" for name, rules in kind._validation.items() if rules.get("required") and name not in ("type", "name")
    }

    made = kind(name="x", **required)

    assert made.type == types()[kind]
    assert Serialiser().serialise(made)["type"] == types()[kind]
