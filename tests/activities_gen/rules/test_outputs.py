"""What an activity gives, by its type and by how it ended, as the checks see it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from activities_gen.catalogue.examples import activity, after, loop, pipeline, set_variable, wait
from activities_gen.rules import check_documents
from activities_gen.wire.document import parse

NAMES = ("ADF455", "ADF456", "ADF457", "ADF458", "ADF460", "ADF461", "ADF462", "ADF463", "ADF468")


def found(document: Any, *codes: str) -> list[str]:
    """Code, severity and message of what is found of some codes."""
    documents, _ = parse(json.dumps(document), "p.json")
    findings = check_documents(documents)
    return [f"{one.code} {one.severity.value} {one.message}" for one in findings if one.code in (codes or NAMES)]


def read(text: str, source: dict[str, Any], on: str | tuple[str, ...] = "Succeeded") -> list[str]:
    """What is found of an expression that reads an activity once it has ended."""
    entry = {"activity": source["name"], "dependencyConditions": [on] if isinstance(on, str) else list(on)}
    show = set_variable("n", text, name="Show") | {"dependsOn": [entry]}
    return found(pipeline(source, show, variables={"n": {"type": "String"}}))


def lookup(**properties: Any) -> dict[str, Any]:
    return activity(
        "Lookup",
        "A",
        source={"type": "AzureSqlSource"},
        dataset={"referenceName": "t", "type": "DatasetReference"},
        **properties,
    )


def metadata(*fields: Any) -> dict[str, Any]:
    return activity(
        "GetMetadata", "A", dataset={"referenceName": "f", "type": "DatasetReference"}, fieldList=list(fields)
    )


NOTEBOOK = activity("DatabricksNotebook", "A", notebookPath="/x")
PYTHON = activity("databrickssparkpython", "A", pythonFile="dbfs:/x.py")
COPY = activity("Copy", "A", source={"type": "BlobSource"}, sink={"type": "BlobSink"})
CALL = activity(
    "ExecutePipeline", "A", pipeline={"referenceName": "q", "type": "PipelineReference"}, waitOnCompletion=True
)


@pytest.mark.parametrize(
    ("source", "text", "said"),
    [
        (
            lookup(),
            "@string(activity('A').output.count)",
            "error 'Show' reads output.count of 'A', which gives one row. Read output.firstRow, or set",
        ),
        (
            lookup(firstRowOnly=False),
            "@string(activity('A').output.firstRow.n)",
            "error 'Show' reads output.firstRow of 'A', which gives all rows. Read output.value",
        ),
        (
            lookup(),
            "@string(activity('A').output.rows)",
            "error 'Show' reads output.rows of 'A', of type Lookup, which has no 'rows'.",
        ),
        (
            metadata("exists"),
            "@string(activity('A').output.childItems)",
            "error 'Show' reads output.childItems of 'A', which does not ask for it. Add 'childItems' to its 'fieldList'.",
        ),
        (
            metadata("EXISTS"),
            "@string(activity('A').output.Size)",
            "error 'Show' reads output.Size of 'A', which does not ask for it. Add 'size'",
        ),
        (
            COPY,
            "@string(activity('A').output.rowsWritten)",
            "warning 'Show' reads output.rowsWritten of 'A', of type Copy, which has no 'rowsWritten'. Read 'rowsCopied'.",
        ),
        (
            PYTHON,
            "@activity('A').output.runOutput",
            "warning 'Show' reads output.runOutput of 'A', which has none: only notebooks give a value back.",
        ),
        (
            CALL,
            "@activity('A').output.result",
            "warning 'Show' reads output.result of 'A', of type ExecutePipeline, which has no 'result'. Read 'pipelineReturnValue'.",
        ),
        (
            loop(wait("In"), name="A"),
            "@string(activity('A').output.results)",
            "warning 'Show' reads output.results of 'A', of type ForEach, which has no 'results'. It gives nothing",
        ),
        (
            activity("SqlServerStoredProcedure", "A"),
            "@string(activity('A').output.firstRow)",
            "warning 'Show' reads output.firstRow of 'A', of type SqlServerStoredProcedure, which has no 'firstRow'.",
        ),
    ],
)
def test_an_output_that_is_not_there_is_told_with_what_to_read(source: dict[str, Any], text: str, said: str) -> None:
    assert [one[: len(said) + 7] for one in read(text, source)] == [f"ADF455 {said}"]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (lookup(), "@string(activity('A').output.firstRow['any column'])"),
        (lookup(firstRowOnly={"value": "@equals(1, 1)", "type": "Expression"}), "@string(activity('A').output.value)"),
        (lookup(firstRowOnly=False), "@string(activity('A').output.value[0].n)"),
        (lookup(), "@string(activity('A').output.effectiveIntegrationRuntime)"),
        (metadata("exists", "childItems"), "@string(activity('A').output.childItems[0].name)"),
        (metadata({"value": "@pipeline().RunId", "type": "Expression"}), "@string(activity('A').output.size)"),
        (COPY, "@string(activity('A').output.rowsCopied)"),
        (COPY, "@string(activity('A').output.somethingOfOneConnector)"),
        (NOTEBOOK, "@activity('A').output.runOutput.anything"),
        (activity("WebActivity", "A", url="https://example.org", method="GET"), "@activity('A').output.token"),
        (activity("DatabricksJob", "A", jobId="1"), "@string(activity('A').output.whatever)"),
        (CALL, "@string(activity('A').output.pipelineReturnValue.n)"),
        (activity("Script", "A"), "@string(activity('A').output.resultSets[0].rows[0].n)"),
    ],
)
def test_what_is_there_or_not_known_is_nothing_to_say_of(source: dict[str, Any], text: str) -> None:
    assert read(text, source) == []


def test_a_failed_notebook_has_an_error_and_no_output() -> None:
    assert read("@activity('A').output.runError", NOTEBOOK, "Failed") == []
    said = read("@activity('A').output.runOutput", NOTEBOOK, "Failed")
    assert said == [
        "ADF455 warning 'Show' reads output.runOutput of 'A', of type DatabricksNotebook, which has no 'runOutput' when it has failed. Read 'runError'."
    ]
    assert read("@activity('A').output.runOutput", NOTEBOOK, "Completed") == []


def test_an_optional_step_is_a_warning() -> None:
    assert [one.split()[:2] for one in read("@string(activity('A').output?.count)", lookup())] == [
        ["ADF455", "warning"]
    ]


@pytest.mark.parametrize(
    ("source", "text", "said"),
    [
        (
            lookup(firstRowOnly=False),
            "@string(activity('A').output.value.n)",
            "reads 'n' of output.value of 'A', which is a list. Read output.value[0].n, or loop over the list.",
        ),
        (
            metadata("childItems"),
            "@string(activity('A').output.childItems.name)",
            "which is a list. Read output.childItems[0].name",
        ),
        (COPY, "@string(activity('A').output.rowsCopied.n)", "which is a number. Read output.rowsCopied alone."),
    ],
)
def test_lists_and_numbers_have_no_properties(source: dict[str, Any], text: str, said: str) -> None:
    [one] = read(text, source)
    assert one.startswith("ADF462 error")
    assert said in one


def test_a_forgotten_output_is_told() -> None:
    said = read("@string(activity('A').firstRow.n)", lookup())
    assert [one.split(" Write ")[1] for one in said] == ["activity('A').output.firstRow."]
    assert read("@activity('A').Status", lookup()) == []


@pytest.mark.parametrize(
    ("on", "text", "count"),
    [
        ("Succeeded", "@activity('A').error.message", 1),
        ("Completed", "@activity('A').error.message", 1),
        (("Succeeded", "Failed"), "@activity('A')?.error.message", 1),
        ("Completed", "@activity('A')?.error?.message", 0),
        ("Completed", "@if(equals(activity('A').Status, 'Failed'), activity('A').error.message, '')", 0),
        ("Failed", "@activity('A').error.message", 0),
        (("Failed", "Skipped"), "@activity('A').error.message", 0),
    ],
)
def test_only_what_has_failed_has_an_error(on: Any, text: str, count: int) -> None:
    said = read(text, COPY, on)
    assert [one[:14] for one in said] == ["ADF461 warning"] * count


def test_an_error_behind_a_branch_that_asks_for_it_is_fine() -> None:
    show = set_variable("n", "@activity('A').error.message", name="Show")
    branch = activity(
        "IfCondition",
        "If",
        expression={"value": "@equals(activity('A').Status, 'Failed')", "type": "Expression"},
        ifTrueActivities=[show],
    )
    assert (
        found(pipeline(COPY, branch | {"dependsOn": after("A", on="Completed")}, variables={"n": {"type": "String"}}))
        == []
    )


def test_an_error_far_behind_a_success_is_told() -> None:
    show = set_variable("n", "@activity('A').error.message", name="Show") | {"dependsOn": after("B")}
    middle = wait("B") | {"dependsOn": after("A")}
    assert len(found(pipeline(COPY, middle, show, variables={"n": {"type": "String"}}))) == 1


def test_a_field_that_get_metadata_does_not_have_is_told() -> None:
    assert found([metadata("childitems", "existz")]) == [
        "ADF463 warning 'A' asks for 'existz', which is none of Get Metadata's fields. Did you mean 'exists'?"
    ]


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ("@activity('A').output", "gives an object, not a list. Its list is in 'value'."),
        ("@activity('A').output.count", "gives a number, not a list."),
        ("@activity('A').output.value", ""),
    ],
)
def test_a_loop_takes_lists_alone(items: str, said: str) -> None:
    said_of = found([lookup(firstRowOnly=False), loop(wait(), items=items) | {"dependsOn": after("A")}])
    assert [one.split("which ", 1)[1] for one in said_of] == ([said] if said else [])


def test_an_object_may_be_the_body_of_a_web_call() -> None:
    call = activity(
        "WebActivity", "Send", url="https://example.org", method="POST", body="@activity('A').output.firstRow"
    )
    assert found([lookup(), call | {"dependsOn": after("A")}]) == []


@pytest.mark.parametrize(
    ("source", "text", "said"),
    [
        (
            lookup(firstRowOnly=False),
            "@string(length(activity('A').output))",
            "The function 'length' needs a string or an array here; this is an object.",
        ),
        (lookup(firstRowOnly=False), "in (@{activity('A').output.value})", "In a text an array becomes its JSON."),
        (
            COPY,
            "@string(equals(activity('A').output.rowsCopied, '0'))",
            "This is always false: an integer never equals a string.",
        ),
        (
            metadata("exists"),
            "@string(equals(activity('A').output.exists, 'true'))",
            "This is always false: a boolean never equals a string.",
        ),
    ],
)
def test_functions_know_the_types_of_outputs(source: dict[str, Any], text: str, said: str) -> None:
    entry = {"activity": "A", "dependencyConditions": ["Succeeded"]}
    show = set_variable("n", text, name="Show") | {"dependsOn": [entry]}
    [one] = found(pipeline(source, show, variables={"n": {"type": "String"}}), "ADF404")
    assert said in one
