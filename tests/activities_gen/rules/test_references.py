"""References to integration runtimes and credentials lead to what the repository holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from activities_gen.catalogue.examples import activity, pipeline, wait, web
from activities_gen.findings import Severity
from activities_gen.rules import Options, inspect_repository

if TYPE_CHECKING:
    from pathlib import Path

    from activities_gen.findings import Finding


def repository(root: Path, **folders: dict[str, Any]) -> list[Finding]:
    """The findings of a repository with one file in each folder."""
    for folder, resource in folders.items():
        (root / folder).mkdir()
        (root / folder / f"{resource['name']}.json").write_text(json.dumps(resource), "utf-8")
    return inspect_repository(root, "", Options())


def resource(name: str, kind: str, **properties: Any) -> dict[str, Any]:
    return {"name": name, "properties": {"type": kind, "typeProperties": {}, **properties}}


def via(name: str) -> dict[str, Any]:
    return {"connectVia": {"referenceName": name, "type": "IntegrationRuntimeReference"}}


RUNTIME = resource("OnPremises", "SelfHosted")
IDENTITY = resource("ward-identity", "ManagedIdentity")


def test_a_linked_service_on_an_integration_runtime_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    found = repository(
        tmp_path, linkedService=resource("Records", "SqlServer", **via("OnPremise")), integrationRuntime=RUNTIME
    )
    (error,) = (finding for finding in found if finding.code == "ADF513")
    assert error.severity is Severity.ERROR
    assert error.message.endswith("which is not in this repository. Did you mean 'OnPremises'?")


def test_an_activity_on_an_integration_runtime_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    calling = web(connectVia=via("OnPremise")["connectVia"])
    found = repository(tmp_path, pipeline=pipeline(calling), integrationRuntime=RUNTIME)
    assert "ADF513" in {finding.code for finding in found}


@pytest.mark.parametrize("name", ["OnPremises", "ONPREMISES", "AutoResolveIntegrationRuntime"])
def test_an_integration_runtime_is_found_in_any_letter_case_and_one_is_in_every_factory(
    tmp_path: Path, name: str
) -> None:
    found = repository(
        tmp_path, linkedService=resource("Records", "SqlServer", **via(name)), integrationRuntime=RUNTIME
    )
    assert not found


def test_without_the_folder_nothing_is_known_of_integration_runtimes(tmp_path: Path) -> None:
    assert not repository(tmp_path, linkedService=resource("Records", "SqlServer", **via("Anything")))


def authenticated(name: str) -> dict[str, Any]:
    credential = {"referenceName": name, "type": "CredentialReference"}
    login = {"type": "UserAssignedManagedIdentity", "resource": "https://example.org", "credential": credential}
    return pipeline(web(authentication=login))


def test_a_credential_that_is_not_there_is_an_error_in_an_activity(tmp_path: Path) -> None:
    found = repository(tmp_path, pipeline=authenticated("ward_identity"), credential=IDENTITY)
    assert [finding.code for finding in found] == ["ADF514"]


def test_a_credential_that_is_not_there_is_an_error_in_a_linked_service(tmp_path: Path) -> None:
    service = resource("Records", "AzureSqlDatabase")
    service["properties"]["typeProperties"] = {"credential": {"referenceName": "other", "type": "CredentialReference"}}
    found = repository(tmp_path, linkedService=service, credential=IDENTITY)
    assert [finding.code for finding in found] == ["ADF514"]


def test_a_credential_that_is_there_is_no_problem(tmp_path: Path) -> None:
    assert not repository(tmp_path, pipeline=authenticated("ward-identity"), credential=IDENTITY)


def test_a_folder_of_credentials_is_no_reason_to_look_for_expressions_there(tmp_path: Path) -> None:
    identity = IDENTITY | {"properties": {"type": "ManagedIdentity", "typeProperties": {"resourceId": "@pipeline(}"}}}
    assert not repository(
        tmp_path, pipeline=pipeline(wait(), activity("Wait", "W", waitTimeInSeconds=1)), credential=identity
    )
