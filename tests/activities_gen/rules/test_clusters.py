"""The values of a Databricks cluster: which have the form that their key takes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from activities_gen.catalogue.examples import expression
from activities_gen.rules import Options, check_documents
from activities_gen.wire.document import parse


def messages(kind: str = "AzureDatabricks", **values: Any) -> list[str]:
    service = {"name": "ADB", "properties": {"type": kind, "typeProperties": values}}
    documents, _ = parse(json.dumps(service), "linkedService/ADB.json")
    return [found.message for found in check_documents(documents, Options()) if found.code == "ADF640"]


@pytest.mark.parametrize(
    "values",
    [
        {"newClusterNumOfWorker": "2"},
        {"newClusterNumOfWorker": "2:8"},
        {"newClusterNumOfWorker": "4:4"},
        {"newClusterNumOfWorker": "@linkedService().workers"},
        {"newClusterNumOfWorker": expression("@linkedService().workers")},
        {"newClusterNumOfWorker": "[parameters('workers')]"},
        {"newClusterNumOfWorker": "${workers}"},
        {"newClusterInitScripts": ["dbfs:/a.sh", "@linkedService().script"]},
        {"newClusterInitScripts": []},
        {"newClusterInitScripts": expression("@createArray('dbfs:/a.sh')")},
        {"newClusterSparkConf": {"spark.speculation": True}},
        {"newClusterCustomTags": None},
        {"dataSecurityMode": "SINGLE_USER"},
    ],
)
def test_what_a_key_takes_is_not_reported(values: dict[str, Any]) -> None:
    assert messages(**values) == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"newClusterNumOfWorker": 2}, "has a number, '2', as 'newClusterNumOfWorker'; it takes a text such as"),
        ({"newClusterNumOfWorker": [2, 8]}, "has a list as 'newClusterNumOfWorker'"),
        ({"newClusterNumOfWorker": "8:2"}, "asks for '8:2' workers, which is no range. Write '2:8'."),
        ({"newClusterNumOfWorker": "10:9"}, "Write '9:10'."),
        ({"newClusterInitScripts": "dbfs:/a.sh"}, "it takes a list of paths"),
        ({"newClusterInitScripts": [{"dbfs": {"destination": "dbfs:/a.sh"}}]}, "it takes a list of paths"),
        ({"newClusterVersion": 13.3}, "it takes a text"),
        ({"newClusterSparkConf": ["spark.speculation true"]}, "it takes an object"),
        ({"newClusterSparkEnvVars": "A=1"}, "it takes an object"),
    ],
)
def test_another_form_is_named_with_the_right_one(values: dict[str, Any], said: str) -> None:
    (message,) = messages(**values)
    assert message.startswith("The linked service 'ADB' ")
    assert said in message


def test_other_linked_services_have_other_keys() -> None:
    assert messages("AzureSqlDatabase", newClusterNumOfWorker=2) == []
