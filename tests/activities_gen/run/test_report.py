"""The report: its schema, its table, what it must not show."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from activities_gen.cli import main
from activities_gen.run import fail, sequence, simulate, succeed
from activities_gen.run.redaction import Secrets
from activities_gen.run.report import report, report_bytes, table

if TYPE_CHECKING:
    from conftest import Staged

    from activities_gen.run import RunResult


def expression(text: str) -> dict[str, str]:
    return {"type": "Expression", "value": text}


EVERYTHING = {
    "name": "all",
    "properties": {
        "variables": {"v": {"type": "String", "defaultValue": "x"}},
        "activities": [
            {"name": "Off", "type": "Copy", "state": "Inactive"},
            {"name": "Tried", "type": "Copy", "policy": {"retry": 2}},
            {
                "name": "Skipped",
                "type": "Copy",
                "dependsOn": [{"activity": "Tried", "dependencyConditions": ["Failed"]}],
            },
            {
                "name": "Loop",
                "type": "ForEach",
                "typeProperties": {
                    "items": expression("@range(0, 300)"),
                    "activities": [{"name": "Inner", "type": "Copy"}],
                },
            },
            {
                "name": "Poll",
                "type": "Until",
                "typeProperties": {
                    "expression": expression("@equals(1, 2)"),
                    "timeout": "00:01:00",
                    "activities": [{"name": "Long", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 50}}],
                },
            },
            {"name": "Call", "type": "ExecutePipeline", "typeProperties": {"pipeline": {"referenceName": "child"}}},
        ],
    },
}
CHILD = {
    "name": "child",
    "properties": {
        "activities": [{"name": "Stop", "type": "Fail", "typeProperties": {"message": "no", "errorCode": "1"}}]
    },
}


def everything() -> RunResult:
    inner = sequence(*[fail()] * 150, succeed())
    return simulate(
        EVERYTHING, pipelines=CHILD, outcomes={"Tried": sequence(fail(duration=1), succeed(duration=2)), "Inner": inner}
    )


def test_a_simulations_report_keeps_to_the_schema(report_schema: Any) -> None:
    jsonschema.Draft202012Validator.check_schema(report_schema)
    jsonschema.Draft202012Validator(report_schema).validate(report(everything()))


def test_a_real_runs_report_keeps_to_schema_and_model(
    staged: Staged, report_schema: Any, written_reports: list[Any]
) -> None:
    staged.add("Works", "print('fine')")
    staged.add("Fails", "raise SystemExit(1)", after=("Works",))
    staged.add("Skipped", "", after=("Fails",))
    main(staged.arguments())
    jsonschema.Draft202012Validator(report_schema).validate(staged.report())
    assert written_reports == [staged.report()]  # and so has come out of the model as it went in


def test_the_schema_refuses_what_is_not_in_it(report_schema: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(report_schema).validate({**report(everything()), "more": 1})


def test_loops_are_counted_in_full_and_remembered_in_part() -> None:
    loop = next(activity for activity in report(everything())["activities"] if activity["name"] == "Loop")
    assert (loop["passes"], loop["counts"], len(loop["scopes"])) == (
        300,
        {"Inner": {"Failed": 150, "Succeeded": 150}},
        150,
    )


def test_each_pass_says_its_item() -> None:
    activities = {activity["name"]: activity for activity in report(everything())["activities"]}
    assert [scope["item"] for scope in activities["Loop"]["scopes"][:3]] == [0, 1, 2]
    assert activities["Poll"]["scopes"][0]["item"] is None


def test_a_report_is_the_same_whatever_the_hash_seed(tmp_path: Path) -> None:
    (tmp_path / "graph.json").write_text(json.dumps(SECURE))
    script = f"""
import sys
from activities_gen.run import fail, sequence, simulate, succeed
from activities_gen.run.report import report_bytes, table
outcomes = {{"Get": {{"token": "output-secret", "user": "someone", "n": 987654}}, "Put": sequence(fail(), succeed())}}
result = simulate({str(tmp_path / "graph.json")!r}, parameters={{"key": "first second third"}}, outcomes=outcomes)
sys.stdout.buffer.write(report_bytes(result) + table(result).encode() + repr(result).encode())
"""
    root = str(Path(__file__).parents[3])
    written = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONPATH": root, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert written[0] == written[1] != b""


def test_long_lists_are_cut_short() -> None:
    graph = [
        {
            "name": "L",
            "type": "Filter",
            "typeProperties": {"items": expression("@range(0, 5000)"), "condition": expression("@equals(1, 2)")},
        }
    ]
    items = report(simulate(graph))["activities"][0]["input"]["items"]
    assert (len(items), items[-1]) == (1001, "\u2026 and 4000 more")


def test_the_table_shows_the_timeline_and_the_reasons() -> None:
    graph = [
        {"name": "A", "type": "Copy", "policy": {"retry": 1}},
        {"name": "B", "type": "Copy", "dependsOn": [{"activity": "A", "dependencyConditions": ["Succeeded"]}]},
        {"name": "C", "type": "Copy", "dependsOn": [{"activity": "A", "dependencyConditions": ["Failed"]}]},
    ]
    result = simulate(graph, outcomes={"A": sequence(fail(duration=5), succeed(duration=5)), "B": succeed(duration=40)})
    assert table(result).splitlines() == [
        "pipeline: Succeeded after 80.0 s",
        "",
        "activity  status           start     duration  tries  timeline",
        "A         Succeeded     +0.000 s       40.0 s      2  ####################",
        "B         Succeeded      +40.0 s       40.0 s      1                      ####################",
        "C         Skipped        +40.0 s      0.000 s      0                      .                     'A' was Succeeded, needed Failed",
    ]


SECURE = {
    "name": "p",
    "properties": {
        "parameters": {"key": {"type": "SecureString"}},
        "variables": {"copy": {"type": "String"}},
        "activities": [
            {"name": "Get", "type": "WebActivity", "policy": {"secureOutput": True}},
            {
                "name": "Put",
                "type": "WebActivity",
                "policy": {"secureInput": True},
                "typeProperties": {"url": "https://x", "body": "@concat('in', 'put-secret')"},
            },
            {
                "name": "Set",
                "type": "SetVariable",
                "dependsOn": [{"activity": "Get", "dependencyConditions": ["Succeeded"]}],
                "typeProperties": {"variableName": "copy", "value": "@{activity('Get').output.token}!"},
            },
            {
                "name": "Stop",
                "type": "Fail",
                "dependsOn": [{"activity": "Set", "dependencyConditions": ["Succeeded"]}],
                "typeProperties": {
                    "message": "@concat('key ', base64(pipeline().parameters.key))",
                    "errorCode": "@pipeline().parameters.key",
                },
            },
        ],
    },
}


def test_secrets_are_masked_wherever_they_turn_up() -> None:
    result = simulate(
        SECURE,
        parameters={"key": 'k"ey\n12345'},
        outcomes={"Get": {"token": "output-secret", "n": 987654}, "Put": succeed()},
    )
    everywhere = report_bytes(result).decode() + table(result) + repr(result)
    assert [
        secret
        for secret in ('k"ey', 'k\\"ey', "12345", "output-secret", "input-secret", "987654", "ayJle")
        if secret in everywhere
    ] == []
    activities = {activity["name"]: activity for activity in report(result)["activities"]}
    assert (activities["Put"]["input"], activities["Get"]["output"], report(result)["variables"]) == (
        "***",
        "***",
        {"copy": "***!"},
    )


def test_a_childs_secure_parameters_are_masked_too() -> None:
    child = {"name": "child", "properties": {"parameters": {"k": {"type": "SecureString"}}, "activities": []}}
    call = {
        "name": "Call",
        "type": "ExecutePipeline",
        "typeProperties": {"pipeline": {"referenceName": "child"}, "parameters": {"k": "@concat('s3', 'cr3t')"}},
    }
    everywhere = report_bytes(simulate([call], pipelines=child)).decode()
    assert "s3cr3t" not in everywhere
    assert "***" in everywhere


def test_expressions_still_see_what_is_secure() -> None:
    result = simulate(SECURE, parameters={"key": "k"}, outcomes={"Get": {"token": "output-secret"}, "Put": succeed()})
    assert result.variables == {"copy": "output-secret!"}


@pytest.mark.parametrize(
    ("secret", "text", "masked"),
    [
        ("abc", "abc abcd xabc", "*** abcd xabc"),
        ("abcd", "abcd abcde", "*** ***e"),
        ("a.b+c", "a.b+c aXb+c", "*** aXb+c"),
        ("pass word", "pass%20word", "***"),
        ("first line\nsecond line", "second line", "***"),
        ("", "nothing", "nothing"),
        (True, "True", "True"),
        (None, "None", "None"),
    ],
)
def test_masking(secret: Any, text: str, masked: str) -> None:
    secrets = Secrets()
    secrets.add(secret)
    assert secrets.mask(text) == masked


def test_longer_secrets_are_masked_first() -> None:
    secrets = Secrets()
    secrets.add(["abcd", {"x": "abcdef"}])
    assert secrets.mask("abcdef") == "***"
