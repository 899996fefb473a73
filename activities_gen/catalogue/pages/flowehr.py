"""What the pages say of the family "FlowEHR: pipelines"."""

from __future__ import annotations

from activities_gen.catalogue.examples import pipeline, python, read, set_variable, web
from activities_gen.catalogue.page import Page

MODULE = "FlowEHR, infrastructure/transform (locals.tf, pipeline.tf)"


PAGES = {
    "FLO104": Page(
        why=(
            "Terraform reads `name`, `properties.activities` and `properties.parameters` of every pipeline at once: one missing key "
            "stops the deployment of all pipelines."
        ),
        wrong={"name": "demo", "properties": {"activities": [python()]}},
        right=pipeline(python(), parameters={}),
        source=MODULE,
    ),
    "FLO106": Page(
        why="ADF allows it; FlowEHR's Terraform reads `defaultValue` of every parameter and stops without it.",
        wrong=pipeline(python(), parameters={"day": {"type": "string"}}),
        right=pipeline(python(), parameters={"day": {"type": "string", "defaultValue": ""}}),
        source=MODULE,
    ),
    "FLO107": Page(
        why="Terraform makes one map of all defaults: lists and objects do not fit into it, and numbers and booleans together only if there is also a string.",
        wrong=pipeline(python(), parameters={"days": {"type": "array", "defaultValue": []}}),
        right=pipeline(python(), parameters={"days": {"type": "string", "defaultValue": "[]"}}),
        source=MODULE,
    ),
    "FLO108": Page(
        why='FlowEHR declares every parameter as String and its default as text: `5` becomes `"5"`, `true` becomes `"true"`. An expression that computes with it needs `int()` or `bool()`.',
        wrong=pipeline(python(), parameters={"days": {"type": "int", "defaultValue": 5}}),
        right=pipeline(python(), parameters={"days": {"type": "string", "defaultValue": "5"}}),
        source=MODULE,
    ),
    "FLO109": Page(
        why="FlowEHR deploys the activities and the parameters. It drops variables: an activity that sets or reads one then fails, which is an error. It drops `concurrency` and the like as well; description, folder and annotations are a note.",
        wrong=pipeline(set_variable("day", "1"), parameters={}, variables={"day": {"type": "String"}}),
        right=pipeline(python(), parameters={}),
        source=MODULE,
    ),
    "FLO150": Page(
        why="FlowEHR has only the linked services that its Terraform creates. With `--flowehr DIR` their names are read from that checkout.",
        wrong=pipeline(
            python() | {"linkedServiceName": {"referenceName": "Databricks", "type": "LinkedServiceReference"}},
            parameters={},
        ),
        right=pipeline(python(), parameters={}),
        source="FlowEHR, infrastructure/transform/adf.tf",
    ),
    "FLO151": Page(
        why="FlowEHR deploys only pipelines and triggers. Read and write data in the Python code.",
        wrong=pipeline(read("File"), parameters={}),
        right=pipeline(python(), parameters={}),
        source="FlowEHR, infrastructure/transform",
    ),
    "FLO152": Page(
        why="There is `FlowEHRIntegrationRuntime`, and the one that every factory has.",
        wrong=pipeline(
            web(connectVia={"referenceName": "OnPremises", "type": "IntegrationRuntimeReference"}), parameters={}
        ),
        right=pipeline(
            web(connectVia={"referenceName": "FlowEHRIntegrationRuntime", "type": "IntegrationRuntimeReference"}),
            parameters={},
        ),
        source="FlowEHR, infrastructure/transform/adf.tf",
    ),
    "FLO154": Page(
        why=(
            "Terraform writes every text in Unicode's composed form (NFC): a letter with a separate accent becomes one character, "
            "and a name or path may no longer be found."
        ),
        wrong=pipeline(python(parameters=["cafe\u0301"]), parameters={}),
        right=pipeline(python(parameters=["caf\u00e9"]), parameters={}),
        source="Terraform, function jsondecode",
    ),
}
