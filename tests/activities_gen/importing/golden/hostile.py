"""Pipeline ????import os??, imported from hostile.json."""

# Text stands here as it was imported.
# ruff: noqa: RUF001, RUF100, S108

# The SDK annotates free values as mappings; ADF takes text, numbers and lists there, too.
# mypy: disable-error-code="arg-type"

from azure.mgmt.datafactory.models import WaitActivity

from activities_gen import Pipeline

import_activity = WaitActivity(name="import", wait_time_in_seconds="{x}\"'\\\ud800\n\u2066")
pipeline_activity = WaitActivity(name="pipeline", wait_time_in_seconds=1)
activity = WaitActivity(name="漢字", wait_time_in_seconds="\ufdd0open\ufdd1wheel\ufdd1 漢字 ’")

pipeline = Pipeline(
    '"""\nimport os\n\u202e',
    activities=[import_activity, pipeline_activity, activity],
    annotations=["/tmp/x", "\U0001f600"],
    target="adf",
)
