"""How fast SDK objects become JSON: this package's serialiser and the SDK's own, on the same activities in one run.

    make benchmark NAME=serialise ARGS="[COUNT]"

Prints the seconds of each for COUNT mixed activities (10,000 where it is left out), and how the cost grows with their
number. Exits with 1 where ours is not at least three times as fast, or grows faster than the number does.
"""

from __future__ import annotations

import sys
import time
import timeit
from typing import TYPE_CHECKING, Any

from azure.mgmt.datafactory.models import (
    ActivityDependency,
    ActivityPolicy,
    AzureSqlSource,
    BlobSink,
    CopyActivity,
    DatabricksSparkPythonActivity,
    DatasetReference,
    Expression,
    ForEachActivity,
    LinkedServiceReference,
    LookupActivity,
    SetVariableActivity,
    UserProperty,
    WaitActivity,
)

from activities_gen.wire.serialise import Serialiser

if TYPE_CHECKING:
    from collections.abc import Callable

FASTER = 3.0
STEEPER = 1.5  # how much more than twice the time twice the activities may take, for noise


def mixed(count: int) -> list[Any]:
    """Activities of five types in turn, each waiting for the one before it."""
    makers = (spark, lookup, copy, each, assign)
    return [makers[number % len(makers)](number) for number in range(count)]


def common(number: int) -> dict[str, Any]:
    """What all activities have."""
    waits = [ActivityDependency(activity=f"Step {number - 1}", dependency_conditions=["Succeeded"])]
    return {"name": f"Step {number}", "description": "One of many", "depends_on": waits}


def executed(number: int) -> dict[str, Any]:
    """What activities have that run something."""
    policy = ActivityPolicy(timeout="0.02:00:00", retry=2, retry_interval_in_seconds=60, secure_output=False)
    return {**common(number), "policy": policy, "user_properties": [UserProperty(name="owner", value="team")]}


def spark(number: int) -> Any:
    """A Python file on Databricks."""
    return DatabricksSparkPythonActivity(
        python_file="dbfs:/pipelines/p/artifacts/entrypoint.py",
        parameters=["--day", "@pipeline().parameters.day", "--step", number],
        libraries=[{"whl": "dbfs:/pipelines/p/artifacts/p-1.0.0-py3-none-any.whl"}],
        linked_service_name=LinkedServiceReference(type="LinkedServiceReference", reference_name="Databricks"),
        **executed(number),
    )


def lookup(number: int) -> Any:
    """A query."""
    query: Any = {"value": f"SELECT {number}", "type": "Expression"}
    return LookupActivity(
        source=AzureSqlSource(sql_reader_query=query), dataset=dataset(), first_row_only=True, **executed(number)
    )


def copy(number: int) -> Any:
    """A copy between two stores."""
    return CopyActivity(
        source=AzureSqlSource(query_timeout="02:00:00"),
        sink=BlobSink(),
        inputs=[dataset()],
        outputs=[dataset()],
        **executed(number),
    )


def each(number: int) -> Any:
    """A loop with an activity in it."""
    wait = WaitActivity(name=f"Wait {number}", wait_time_in_seconds=1)
    items = Expression(type="Expression", value="@range(0, 3)")
    return ForEachActivity(items=items, is_sequential=True, activities=[wait], **common(number))


def assign(number: int) -> Any:
    """A variable."""
    value: Any = ["@item()", number, {"deep": [True, None, 1.5]}]
    return SetVariableActivity(variable_name="result", value=value, **common(number))


def dataset() -> DatasetReference:
    """A dataset with a parameter."""
    return DatasetReference(type="DatasetReference", reference_name="Table", parameters={"name": "t"})


def seconds(work: Callable[[], object]) -> float:
    """The shortest of five runs, in processor time and without the garbage collector, as ``timeit`` measures."""
    return min(timeit.repeat(work, timer=time.process_time, repeat=5, number=1))


def main(count: int) -> int:
    """Measure, print, judge."""
    activities = mixed(count)
    half = activities[: count // 2]
    assert Serialiser().serialise(activities) == [activity.serialize() for activity in activities]
    ours = seconds(lambda: Serialiser().serialise(activities))
    sdk = seconds(lambda: [activity.serialize() for activity in activities])
    growth = ours / seconds(lambda: Serialiser().serialise(half))
    print(f"{count:,} activities: ours {ours:.3f} s, the SDK's {sdk:.3f} s, {sdk / ours:.1f} times as fast")
    print(f"twice the activities take {growth:.2f} times as long")
    return 0 if sdk / ours >= FASTER and growth <= 2 * STEEPER else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
