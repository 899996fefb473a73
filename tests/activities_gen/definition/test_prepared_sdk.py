"""The SDK's models come without its client, and the client comes when somebody asks for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PREPARE = "from activities_gen.definition.sdk import prepare\nassert prepare()\n"


def printed(code: str) -> str:
    """What a fresh interpreter prints."""
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return found.stdout.strip()


def test_the_models_load_no_http_stack():
    code = PREPARE + (
        "import sys, azure.mgmt.datafactory.models\n"
        "print([name for name in ('requests', 'http.client', 'ssl', 'azure.core._pipeline_client') if name in sys.modules])"
    )
    assert printed(code) == "[]"


@pytest.mark.parametrize(
    "asked",
    [
        "from azure.mgmt.datafactory import DataFactoryManagementClient as asked",
        "import azure.mgmt.datafactory; asked = azure.mgmt.datafactory.DataFactoryManagementClient",
        "from azure.core import PipelineClient as asked",
        "from azure.core.pipeline import Pipeline as asked",
        "from azure.core.exceptions import HttpResponseError as asked",
        "from azure.core import CaseInsensitiveEnumMeta as asked",
    ],
)
def test_whatever_is_asked_for_is_what_it_would_have_been(asked):
    show = "\nprint(asked.__module__, asked.__qualname__)"

    assert printed(PREPARE + "import azure.mgmt.datafactory.models\n" + asked + show) == printed(asked + show)


def test_a_name_that_is_not_there_is_an_attribute_error():
    code = (
        PREPARE
        + "import azure.core\ntry:\n    azure.core.nothing\nexcept AttributeError as error:\n    print('missing')"
    )

    assert printed(code) == "missing"


def test_models_imported_before_are_left_alone():
    code = (
        "import azure.mgmt.datafactory.models as before\n"
        + PREPARE
        + "import azure.mgmt.datafactory.models as after\nprint(before is after)"
    )

    assert printed(code) == "True"
