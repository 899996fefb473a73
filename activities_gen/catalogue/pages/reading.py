"""What the pages say of the family "Reading files"."""

from __future__ import annotations

from activities_gen.catalogue.examples import pipeline, wait
from activities_gen.catalogue.page import Page

JSON_RFC = "https://www.rfc-editor.org/rfc/rfc8259"

_GOOD = '[{"name": "Pause", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}}]\n'


PAGES = {
    "ADF001": Page(
        why="A comment, a trailing comma, single quotes, another encoding than Unicode or a number out of range: neither Azure nor Terraform can read the file.",
        wrong={"activities.json": '[{"name": "Pause",}]  // not yet\n'},
        right={"activities.json": _GOOD},
        source=JSON_RFC,
    ),
    "ADF002": Page(
        why="The last value wins silently.",
        wrong={"activities.json": _GOOD.replace('"type"', '"name": "Rest", "type"')},
        right={"activities.json": _GOOD},
        source=JSON_RFC,
    ),
    "ADF003": Page(
        why="A pipeline is an object with `properties`. FlowEHR's first contract is a bare list of activities.",
        wrong={"activities.json": '{"steps": []}\n'},
        right={"activities.json": _GOOD},
        source="https://learn.microsoft.com/azure/data-factory/concepts-pipelines-activities#pipeline-json",
    ),
    "ADF004": Page(
        why="`properties.activities` is a list. With null or an object there, the pipeline is empty or invalid. If the key is missing the pipeline is empty, which is a warning; for FlowEHR it is an error, because its Terraform stops there.",
        wrong={"name": "demo", "properties": {"activities": {"Pause": wait("Pause")}}},
        right=pipeline(wait("Pause")),
        source="https://learn.microsoft.com/azure/data-factory/concepts-pipelines-activities#pipeline-json",
    ),
    "ADF005": Page(
        why="Each member is an object with `name` and `type`. A null there crashes FlowEHR's Terraform provider.",
        wrong=[wait("Pause"), None],
        right=[wait("Pause")],
        source="https://learn.microsoft.com/azure/data-factory/concepts-pipelines-activities#activity-json",
    ),
}
