"""What the pages say of the family "References in expressions"."""

from __future__ import annotations

from typing import Any

from activities_gen.catalogue.examples import activity, after, pipeline, set_variable
from activities_gen.catalogue.page import Page

EXPRESSIONS = "https://learn.microsoft.com/azure/data-factory/control-flow-expression-language-functions"


def _lookup(name: str = "Look", *, first: bool = True) -> dict[str, Any]:
    dataset = {"referenceName": "Table", "type": "DatasetReference"}
    return activity("Lookup", name, source={"type": "AzureSqlSource"}, dataset=dataset, firstRowOnly=first)


PAGES = {
    "ADF452": Page(
        why="The run fails with `The action(s) '…' referenced by 'inputs' in action '…' are not defined in the template`.",
        wrong=[_lookup(), set_variable("n", "@activity('Lok').output.firstRow.n") | {"dependsOn": after("Look")}],
        right=pipeline(
            _lookup(),
            set_variable("n", "@activity('Look').output.firstRow.n") | {"dependsOn": after("Look")},
            variables={"n": {"type": "String"}},
        ),
        source=EXPRESSIONS,
    ),
    "ADF453": Page(
        why="The other activity must come before this one, or before a container around it, by dependencies. Without them both start at once. Activities inside a ForEach cannot be read from outside; those inside an If or Switch only if that branch ran, which is a warning; after an Until its last iteration can be read.",
        wrong=pipeline(
            _lookup(), set_variable("n", "@activity('Look').output.firstRow.n"), variables={"n": {"type": "String"}}
        ),
        right=pipeline(
            _lookup(),
            set_variable("n", "@activity('Look').output.firstRow.n") | {"dependsOn": after("Look")},
            variables={"n": {"type": "String"}},
        ),
        source=EXPRESSIONS,
    ),
    "ADF459": Page(
        why="`dataset().x` and `linkedService().x` read the resource's own parameters.",
        wrong={
            "name": "File",
            "properties": {
                "type": "Json",
                "linkedServiceName": {"referenceName": "Store", "type": "LinkedServiceReference"},
                "parameters": {"folder": {"type": "string"}},
                "typeProperties": {"location": {"type": "AzureBlobStorageLocation", "folderPath": "@dataset().fodler"}},
            },
        },
        right={
            "name": "File",
            "properties": {
                "type": "Json",
                "linkedServiceName": {"referenceName": "Store", "type": "LinkedServiceReference"},
                "parameters": {"folder": {"type": "string"}},
                "typeProperties": {"location": {"type": "AzureBlobStorageLocation", "folderPath": "@dataset().folder"}},
            },
        },
        source="https://learn.microsoft.com/azure/data-factory/concepts-parameters-variables",
    ),
    "ADF466": Page(
        why="An inactive activity is not run and has no output.",
        wrong=pipeline(
            _lookup() | {"state": "Inactive"},
            set_variable("n", "@activity('Look').output.firstRow.n") | {"dependsOn": after("Look")},
            variables={"n": {"type": "String"}},
        ),
        right=pipeline(
            _lookup(),
            set_variable("n", "@activity('Look').output.firstRow.n") | {"dependsOn": after("Look")},
            variables={"n": {"type": "String"}},
        ),
        source="https://learn.microsoft.com/azure/data-factory/deactivate-activity",
    ),
}
