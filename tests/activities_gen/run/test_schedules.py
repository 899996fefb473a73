"""When things run: loops, queues and retries against a second formulation of their schedules."""

from __future__ import annotations

import heapq
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from activities_gen.run import fail, sequence, simulate, succeed

DURATIONS = st.lists(st.integers(0, 9), max_size=12)
SECOND = 1_000_000


def expression(text: str) -> dict[str, str]:
    return {"type": "Expression", "value": text}


def by_list(durations: list[int], side_by_side: int) -> list[tuple[int, int]]:
    """Start and end of each job where the next one starts as soon as one of several workers is free."""
    free = [0] * side_by_side
    spans = []
    for duration in durations:
        start = heapq.heappop(free)
        spans.append((start, start + duration))
        heapq.heappush(free, start + duration)
    return spans


def loop(durations: list[int], inner: dict[str, Any], **options: Any) -> dict[str, Any]:
    items = expression(f"@json('{durations}')")
    return {"name": "Loop", "type": "ForEach", "typeProperties": {"items": items, "activities": [inner], **options}}


def spans(result: Any, name: str) -> list[tuple[int, int]]:
    runs = sorted((run.run for run in result[name].runs), key=lambda run: run.scope.index)
    return [(run.started // SECOND, run.ended // SECOND) for run in runs]


@settings(deadline=None)
@given(durations=DURATIONS, batch=st.integers(1, 5))
def test_a_foreach_keeps_its_batch_full(durations: list[int], batch: int) -> None:
    work = {"name": "Work", "type": "Copy", "typeProperties": {"source": expression("@item()")}}
    outcomes = {"Work": lambda given: succeed(duration=given["source"])}
    result = simulate([loop(durations, work, batchCount=batch)], outcomes=outcomes)
    assert spans(result, "Work") == by_list(durations, batch)
    one_by_one = simulate([loop(durations, work, batchCount=batch, isSequential=True)], outcomes=outcomes)
    assert spans(one_by_one, "Work") == by_list(durations, 1)


@settings(deadline=None)
@given(durations=DURATIONS, concurrency=st.integers(1, 4), wait=st.booleans())
def test_runs_of_a_pipeline_queue_for_its_concurrency(durations: list[int], concurrency: int, wait: bool) -> None:
    pause = {
        "name": "Pause",
        "type": "Wait",
        "typeProperties": {"waitTimeInSeconds": expression("@pipeline().parameters.n")},
    }
    child = {
        "name": "child",
        "properties": {"activities": [pause], "parameters": {"n": {"type": "int"}}, "concurrency": concurrency},
    }
    call = {
        "name": "Call",
        "type": "ExecutePipeline",
        "typeProperties": {
            "pipeline": {"referenceName": "child", "type": "PipelineReference"},
            "parameters": {"n": expression("@item()")},
            "waitOnCompletion": wait,
        },
    }
    result = simulate([loop(durations, call)], pipelines=child)
    children = [run.child.run for run in result["Call"].runs if run.child is not None]
    children.sort(key=lambda run: int(run.id[-12:], 16))
    assert [(run.started // SECOND, run.ended // SECOND) for run in children] == by_list(durations, concurrency)
    calls = spans(result, "Call")
    assert calls == ([(0, end) for _, end in by_list(durations, concurrency)] if wait else [(0, 0)] * len(durations))


@settings(deadline=None)
@given(
    tries=st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=5),
    retry=st.integers(0, 4),
    interval=st.integers(30, 90),
)
def test_retries_add_up(tries: list[tuple[int, bool]], retry: int, interval: int) -> None:
    """Each attempt takes its time, at most the timeout of ten seconds; between two lies the interval."""
    outcomes = [(min(10, duration), works and duration <= 10) for duration, works in tries]
    now, ends = 0, []
    for number in range(retry + 1):
        duration, works = outcomes[min(number, len(outcomes) - 1)]
        now += duration
        ends.append(works)
        if works:
            break
        now += interval if number < retry else 0
    policy = {"retry": retry, "retryIntervalInSeconds": interval, "timeout": "00:00:10"}
    answers = [(succeed if works else fail)(duration=duration) for duration, works in tries]
    result = simulate([{"name": "Do", "type": "Copy", "policy": policy}], outcomes={"Do": sequence(*answers)})
    assert (result["Do"].attempts, result.succeeded, result.duration.total_seconds()) == (len(ends), ends[-1], now)
