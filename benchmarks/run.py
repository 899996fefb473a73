"""What running costs: simulations in virtual time, and what `run` adds to activities that run for real.

    make benchmark NAME=run ARGS="[--repeat N]"

Prints one line for each measurement and what it is held against.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from activities_gen.run import RunResult, simulate, succeed  # noqa: E402 - the path comes first

if TYPE_CHECKING:
    from collections.abc import Callable


def expression(text: str) -> dict[str, str]:
    return {"type": "Expression", "value": text}


def activity(name: str, *after: str, kind: str = "DatabricksSparkPython", **properties: Any) -> dict[str, Any]:
    entries = [{"activity": other, "dependencyConditions": ["Succeeded"]} for other in after]
    policy = {"timeout": "0.12:00:00", "retry": 1}
    return {"name": name, "type": kind, "dependsOn": entries, "policy": policy, "typeProperties": properties}


def chain(length: int) -> dict[str, Any]:
    """As many activities as ADF allows, each with two expressions."""
    first = activity("A0", parameters=["--day", "@pipeline().parameters.day"])
    rest = [
        activity(f"A{n}", f"A{n - 1}", parameters=["@pipeline().parameters.day", f"@activity('A{n - 1}').output.rows"])
        for n in range(1, length)
    ]
    day = {"day": {"type": "string", "defaultValue": "2026-01-01"}}
    return {"name": "chain", "properties": {"parameters": day, "activities": [first, *rest]}}


def loop(items: int) -> list[dict[str, Any]]:
    inner = [activity("Inner", parameters=["@string(item())"])]
    return [activity("Loop", kind="ForEach", items=expression(f"@range(0, {items})"), activities=inner)]


def poll(days: int) -> list[dict[str, Any]]:
    inner = [activity("Poll"), activity("Pause", "Poll", kind="Wait", waitTimeInSeconds=30)]
    until = expression("@equals(activity('Poll').output.rows, 0)")
    return [activity("Until", kind="Until", expression=until, timeout=f"{days}.00:00:00", activities=inner)]


def times(work: Callable[[], Any], repeat: int, clock: Callable[[], float] = time.perf_counter) -> list[float]:
    """The seconds of several tries, after one that warms up."""
    work()
    taken = []
    for _ in range(repeat):
        before = clock()
        work()
        taken.append(clock() - before)
    return taken


def seconds(work: Callable[[], Any], repeat: int) -> float:
    """The least processor time of several tries: a simulation waits for nothing but other programs."""
    return min(times(work, repeat, time.process_time))


def run(pipeline: Any, duration: float = 0) -> RunResult:
    return simulate(pipeline, default=succeed({"rows": 1}, duration=duration))


def stage(folder: Path, count: int) -> None:
    """A staged pipeline of activities that sleep for a moment."""
    (folder / "artifacts").mkdir()
    (folder / "artifacts" / "sleep.py").write_text("import time; time.sleep(0.2)")
    names = [f"A{n}" for n in range(count)]
    file = "dbfs:/pipelines/x/artifacts/sleep.py"
    activities = [activity(name, *names[max(0, n - 1) : n], pythonFile=file) for n, name in enumerate(names)]
    (folder / "activities.json").write_text(json.dumps(activities))


def overhead(count: int, repeat: int) -> float:
    """Seconds that `run` takes longer than the same scripts one after the other."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stage(folder, count)
        script = [sys.executable, str(folder / "artifacts" / "sleep.py")]
        command = [sys.executable, "-m", "activities_gen", "run", name, "--output", str(folder / "out")]

        def directly() -> None:
            for _ in range(count):
                subprocess.run(script, check=True)

        def through_run() -> None:
            subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)

        # The best of each: what else the machine does only ever adds.
        return min(times(through_run, repeat)) - min(times(directly, repeat))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=5, help="measurements of each kind (default: %(default)s)")
    repeat = parser.parse_args().repeat
    graph, before = chain(120), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"simulate 120 activities, 240 expressions   {seconds(lambda: run(graph), 5 * repeat) * 1000:8.1f} ms   held against 20 ms"
    )
    print(
        f"simulate an Until of 90 days               {seconds(lambda: run(poll(90)), repeat):8.3f} s    held against seconds"
    )
    print(
        f"simulate a ForEach of 100,000 items        {seconds(lambda: run(loop(100_000), 1), 1):8.2f} s    held against seconds"
    )
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"  memory that it needed at most            {grown:8.1f} MiB")
    print(f"run adds to one activity                   {overhead(1, repeat):8.3f} s    held against 0.5 s")
    print(f"run adds to five in a row                  {overhead(5, repeat):8.3f} s    held against 0.5 s")


if __name__ == "__main__":
    main()
