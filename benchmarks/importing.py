"""How long it takes to import a pipeline of 100 activities: Python from JSON, and the proof that it generates the same.

    make benchmark NAME=importing ARGS="[COUNT]"

Prints the seconds of both for COUNT activities of five types (100 where it is left out), start-up aside. Exits with 1
where 100 take a second or longer.
"""

from __future__ import annotations

import json
import sys
import timeit
from typing import Any

from activities_gen.definition.sdk import prepare

prepare()

from activities_gen.importing.imported import import_pipeline  # noqa: E402 behind prepare(), as the command does
from activities_gen.importing.sources import Source  # noqa: E402
from activities_gen.wire.document import parse  # noqa: E402

SECONDS = 1.0


def activity(number: int) -> dict[str, Any]:
    """One of five types in turn, waiting for the one before it, with expressions and a policy."""
    before = f"Step {number - 1}"
    policy = {"timeout": "0.12:00:00", "retry": 0, "secureInput": False, "secureOutput": False}
    query = {"value": f"SELECT * FROM t{number}\nWHERE day = '@{{pipeline().parameters.day}}'", "type": "Expression"}
    rows = {"value": f"@greater(activity('{before}').output.count, {number})", "type": "Expression"}
    table = {"referenceName": "Table", "type": "DatasetReference", "parameters": {"name": "@item().name"}}
    kinds: tuple[tuple[str, dict[str, Any]], ...] = (
        ("Lookup", {"source": {"type": "AzureSqlSource", "sqlReaderQuery": query}, "dataset": table}),
        ("Copy", {"source": {"type": "AzureSqlSource"}, "sink": {"type": "ParquetSink"}}),
        ("IfCondition", {"expression": rows, "ifTrueActivities": [{"name": f"Wait {number}", "type": "Wait"}]}),
        ("SetVariable", {"variableName": "count", "value": rows}),
        ("DatabricksNotebook", {"notebookPath": "/load", "baseParameters": {"day": "@pipeline().parameters.day"}}),
    )
    kind, properties = kinds[number % len(kinds)]
    depends = [{"activity": before, "dependencyConditions": ["Succeeded"]}] if number else []
    return {
        "name": f"Step {number}",
        "type": kind,
        "dependsOn": depends,
        "policy": policy,
        "typeProperties": properties,
    }


def main(count: int) -> int:
    """Measure, print, judge."""
    properties = {"parameters": {"day": {"type": "String"}}, "activities": [activity(one) for one in range(count)]}
    text = json.dumps({"name": "p", "properties": properties})

    def once() -> None:
        (document,), _ = parse(text, "p.json")
        wrong = import_pipeline(Source("p", document)).findings
        if wrong:
            raise SystemExit(str(wrong[0]))

    seconds = min(timeit.repeat(once, number=1, repeat=5))
    print(f"{count:,} activities: imported and proven in {seconds:.3f} s")
    return int(seconds * 100 / count >= SECONDS)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
