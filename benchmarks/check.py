"""How long ``check`` takes: on real pipelines, and on one that grows to 100,000 activities.

Run: ``make benchmark NAME=check ARGS="[CORPUS]"``. CORPUS is a folder of pipeline files, by default ``shared/corpus`` beside the
repository; without it the first measurement is left out. Figures are seconds of one core.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from time import process_time
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from activities_gen.rules import Options, check_documents  # noqa: E402 the path must be set first
from activities_gen.wire.document import parse  # noqa: E402

SIZES = (1_000, 10_000, 100_000)


def corpus(folder: Path) -> None:
    """The whole process, start-up included, for all files of a folder at once."""
    files = sorted(map(str, folder.glob("*.json")))
    if not files:
        return
    before = os.times()
    subprocess.run(
        [sys.executable, "-m", "activities_gen", "check", *files], cwd=ROOT, check=False, stdout=subprocess.DEVNULL
    )
    after = os.times()
    seconds = after.children_user + after.children_system - before.children_user - before.children_system
    print(f"{len(files)} real pipelines, start-up included: {seconds:.2f} s")


def step(number: int) -> dict[str, Any]:
    """One activity of a chain; every tenth holds two others, every one reads what came before."""
    depends = [{"activity": f"Step {number - 1}", "dependencyConditions": ["Succeeded"]}] if number else []
    base: dict[str, Any] = {"name": f"Step {number}", "dependsOn": depends}
    value = f"@concat(activity('Step {number - 1}').output.runId, pipeline().parameters.day)" if number else "1"
    if number % 10:
        properties = {"variableName": "v", "value": value}
        return base | {"type": "SetVariable", "typeProperties": properties}
    inner = [
        {"name": f"Inner {number} {letter}", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}}
        for letter in "ab"
    ]
    items = {"value": "@createArray(1, 2)", "type": "Expression"}
    return base | {"type": "ForEach", "typeProperties": {"items": items, "activities": inner}}


def growing(size: int) -> None:
    """One pipeline of about ``size`` activities, a fifth of them inside loops."""
    activities = [step(number) for number in range(size * 10 // 12)]
    parameters = {"day": {"type": "string", "defaultValue": "1"}}
    variables = {"v": {"type": "String"}}
    properties = {"activities": activities, "parameters": parameters, "variables": variables}
    text = json.dumps({"name": "big", "properties": properties})
    start = process_time()
    documents, _ = parse(text, "big.json")
    read = process_time()
    findings = check_documents(documents, Options())
    done = process_time()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{size:>7,} activities, {len(text) / 1e6:5.1f} MB: read {read - start:6.2f} s, checked {done - read:6.2f} s, "
        f"{(done - read) / size * 1e6:5.0f} µs each, {len(findings):,} findings, peak {memory:,} MB"
    )


if __name__ == "__main__":
    corpus(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "corpus")
    for count in SIZES:
        growing(count)
