"""What the pages say of the family "Secrets"."""

from __future__ import annotations

from activities_gen.catalogue.examples import after, pipeline, wait, web
from activities_gen.catalogue.page import Page

KEY_VAULT = "https://learn.microsoft.com/azure/data-factory/store-credentials-in-key-vault"


_SECURE = {"key": {"type": "SecureString"}}


PAGES = {
    "ADF801": Page(
        why="The definition is stored in git and shown in Studio and in every run report. The key gives access to the whole account.",
        wrong=[web(headers={"x-store": "AccountName=demo;AccountKey=" + "A" * 86 + "=="})],
        right=[web(headers={"x-store": "AccountName=demo"})],
        source=KEY_VAULT,
    ),
    "ADF802": Page(
        why="Until it expires, the signature gives everybody who reads the definition access to what the address names.",
        wrong=[web(url="https://demo.blob.core.windows.net/in/a.csv?sv=2022-11-02&sig=" + "A" * 43 + "%3D")],
        right=[web(url="https://demo.blob.core.windows.net/in/a.csv")],
        source=KEY_VAULT,
    ),
    "ADF803": Page(
        why="Everybody who can read the definition can read it.",
        wrong={
            "name": "Sql",
            "properties": {
                "type": "SqlServer",
                "typeProperties": {"connectionString": "Server=a;User ID=b;Password=Winter2024!"},
            },
        },
        right={
            "name": "Sql",
            "properties": {"type": "SqlServer", "typeProperties": {"connectionString": "Server=a;User ID=b"}},
        },
        source=KEY_VAULT,
    ),
    "ADF804": Page(
        why="Scanners recognise tokens by their form, and so do attackers who find the file.",
        wrong=[web(headers={"x-token": "dapi" + "0123456789abcdef" * 2})],
        right=[
            web("Get token"),
            web(headers={"x-token": "@activity('Get token').output.value"}) | {"dependsOn": after("Get token")},
        ],
        source=KEY_VAULT,
    ),
    "ADF805": Page(
        why="`Basic …` is a user name and a password that everybody can read; `Bearer …` is a token.",
        wrong=[web(headers={"Authorization": "Basic ZGVtbzpXaW50ZXIyMDI0IQ=="})],
        right=[
            web("Get token"),
            web(headers={"Authorization": "@concat('Bearer ', activity('Get token').output.value)"})
            | {"dependsOn": after("Get token")},
        ],
        source=KEY_VAULT,
    ),
    "ADF806": Page(
        why="`code=…` in the address of an Azure function is its key.",
        wrong=[web(url="https://demo.azurewebsites.net/api/run?code=" + "Ab1" * 18)],
        right=[web(url="https://demo.azurewebsites.net/api/run")],
        source=KEY_VAULT,
    ),
    "ADF807": Page(
        why="`password`, `pfx`, `clientSecret`, `x-functions-key` and the like take a reference to Key Vault; `client_secret=…` in the body of a request or in an address takes an expression.",
        wrong=[
            web(
                authentication={
                    "type": "Basic",
                    "username": "demo",
                    "password": {"type": "SecureString", "value": "Winter2024!"},
                }
            )
        ],
        right=[web(authentication={"type": "MSI", "resource": "https://example.org"})],
        source=KEY_VAULT,
    ),
    "ADF808": Page(
        why="The value is hidden in runs, but everybody can read it in the definition.",
        wrong=pipeline(wait(), parameters={"key": {"type": "SecureString", "defaultValue": "Winter2024!"}}),
        right=pipeline(wait(), parameters={"key": {"type": "SecureString"}}),
        source=KEY_VAULT,
    ),
    "ADF809": Page(
        why="The value is hidden in the run of the pipeline, and shown in the input of each activity that gets it, unless the activity's policy has `secureInput`.",
        wrong=pipeline(web(headers={"x-token": "@pipeline().parameters.key"}), parameters=_SECURE),
        right=pipeline(
            web(headers={"x-token": "@pipeline().parameters.key"}) | {"policy": {"secureInput": True}},
            parameters=_SECURE,
        ),
        source="https://learn.microsoft.com/azure/data-factory/concepts-pipelines-activities",
    ),
}
