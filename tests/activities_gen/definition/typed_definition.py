"""A definition as a careful user writes it. `make lint` checks it with mypy --strict, a test generates it.

Each `type: ignore` stands where a checker must object: mypy --strict reports those that nothing needs.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from azure.mgmt.datafactory.models import (
    ActivityDependency,
    ActivityPolicy,
    DatabricksSparkPythonActivity,
    Expression,
    ForEachActivity,
    IfConditionActivity,
    SetVariableActivity,
    TumblingWindowTrigger,
    WaitActivity,
)
from typing_extensions import assert_type

from activities_gen import (
    Expr,
    Pipeline,
    after,
    error_of,
    item,
    literal,
    output_of,
    policy,
    raw,
    spark_python,
    status_of,
    system,
    this_pipeline,
    tumbling_window,
    wheel_version,
    window_end,
    window_start,
    with_json,
)
from activities_gen import (
    functions as f,
)

pipeline = Pipeline(
    "typed", target="adf", concurrency=1, annotations=["a"], folder="a/b", suppress={"ADF303": "a sample"}
)
day = assert_type(pipeline.parameter("day", default=""), Expr)
tables = pipeline.parameter("tables", ["patients"])
seen = assert_type(pipeline.variable("seen", []), Expr)

assert_type(f"in/{day}", str)
assert_type(str("in/" + day + "/x"), str)
assert_type(f.add_days(day, 1, "yyyy-MM-dd"), Expr)
assert_type(system.run_id, Expr)
assert_type(item().count, Any)
assert_type(policy(timeout=timedelta(hours=1), retry=1), ActivityPolicy)

first = spark_python("First", parameters=["--day", day, "--version", wheel_version(), literal("@home")])
assert_type(first, DatabricksSparkPythonActivity)
assert_type(after(first, on=["Succeeded", "Skipped"]), list[ActivityDependency])
each = ForEachActivity(
    name="Each",
    items=Expression(type="Expression", value=tables),
    activities=[spark_python("Load", parameters=[item(), item().format, item()["row count"], item()[0].x])],
    depends_on=after(first) + after("First", on="Completed"),
)
decide = IfConditionActivity(
    name="Decide",
    expression=Expression(type="Expression", value=f.greater(output_of(first).runOutput.count, 3)),
    if_true_activities=[WaitActivity(name="Wait", wait_time_in_seconds=output_of(first).runOutput.seconds)],
    depends_on=after(first),
)
keep = SetVariableActivity(
    name="Keep",
    variable_name="seen",
    value=raw([status_of(first), f"{error_of(first).message}"]),
    depends_on=after(first, on="Failed"),
)
pipeline.add(first, with_json(each, {"newKey": 1}), decide, keep)
pipeline.trigger = tumbling_window(
    frequency="Hour",
    interval=24,
    start_time="2024-01-01T00:00:00Z",
    parameters={"day": f.format_date_time(window_start(), "yyyy-MM-dd"), "tables": f.create_array(window_end())},
)
assert_type(pipeline.trigger, TumblingWindowTrigger)
this_pipeline({"day": day})


def mistakes() -> None:
    """What a checker reports before anything runs; nobody calls it."""
    Pipeline(5)  # type: ignore[arg-type]
    Pipeline("p", concurency=1)  # type: ignore[call-arg]
    pipeline.parametre("x")  # type: ignore[attr-defined]
    spark_python("A", "entrypoint.py")  # type: ignore[call-arg]
    spark_python("A", timeout=3)  # type: ignore[call-arg]
    policy(retry_interval="30")  # type: ignore[arg-type]
    tumbling_window(frequency="Hour", interval=24)  # type: ignore[call-arg]
    f.format_date_time()  # type: ignore[call-arg]
    f.if_(True, 1)  # type: ignore[call-arg]
    f.utcnow()  # type: ignore[attr-defined]
    print(system.run)  # type: ignore[attr-defined]
