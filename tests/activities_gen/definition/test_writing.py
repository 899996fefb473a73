"""From any place in the JSON the way leads back to the line of ``activities.py`` that wrote it."""

from __future__ import annotations

import textwrap

import pytest

from activities_gen.definition.loader import load
from activities_gen.definition.writing import document, trigger_documents, write
from activities_gen.model.pipeline import Pipeline
from activities_gen.wire.placeholders import WheelNames

SOURCE = textwrap.dedent(
    """\
    from activities_gen import *
    from azure.mgmt.datafactory.models import *

    ingest = spark_python(
        "Ingest",
        parameters=[
            "--stage",
            "ingest",
        ],
    )
    loop = ForEachActivity(
        name="Loop",
        items=Expression(type="Expression", value="@x"),
        activities=[
            WaitActivity(name="Inner",
                         wait_time_in_seconds=1),
        ],
        depends_on=after(
            ingest,
            on="Completed",
        ),
    )
    pipeline = Pipeline(
        "p",
        [ingest, loop],
        description="d",
        run_dimensions={"a": "b"},
        trigger=tumbling_window(
            frequency="Hour",
            interval=1,
            start_time="2024-01-01T00:00:00Z",
        ),
    )
    day = pipeline.parameter(
        "day",
        default="x",
    )
    """
)
ACTIVITIES = ("properties", "activities")
PLACES = [
    ((), 23),
    (("name",), 24),
    (("properties", "description"), 26),
    (("properties", "runDimensions", "a"), 27),
    (("properties", "parameters", "day"), 34),
    (("properties", "parameters", "day", "defaultValue"), 36),
    ((*ACTIVITIES, 0), 4),
    ((*ACTIVITIES, 0, "name"), 5),
    ((*ACTIVITIES, 0, "typeProperties", "parameters"), 6),
    ((*ACTIVITIES, 0, "typeProperties", "parameters", 1), 8),
    ((*ACTIVITIES, 1), 11),
    ((*ACTIVITIES, 1, "name"), 12),
    ((*ACTIVITIES, 1, "typeProperties", "items", "value"), 13),
    ((*ACTIVITIES, 1, "typeProperties", "activities", 0), 15),
    ((*ACTIVITIES, 1, "typeProperties", "activities", 0, "typeProperties", "waitTimeInSeconds"), 16),
    ((*ACTIVITIES, 1, "dependsOn", 0), 18),
    ((*ACTIVITIES, 1, "dependsOn", 0, "dependencyConditions", 0), 20),
    ((*ACTIVITIES, 1, "no", "such", "place"), 11),
]


@pytest.fixture
def definition(make_directory):
    return load(make_directory({"activities.py": SOURCE}))


@pytest.mark.parametrize(("path", "line"), PLACES, ids=["/".join(map(str, path)) for path, _ in PLACES])
def test_the_line_of_a_place_in_the_json(definition, path, line):
    written = write(definition.pipeline, WheelNames("w.whl", "1"))

    place = document(written, definition.pipeline, definition.recorder).locate(path)

    assert (place.file, place.line) == ("activities.py", line)


@pytest.mark.parametrize(
    ("path", "line"),
    [((), 28), (("properties", "typeProperties", "frequency"), 29), (("properties", "typeProperties", "interval"), 30)],
)
def test_the_line_of_a_place_in_a_trigger(definition, path, line):
    written = write(definition.pipeline, WheelNames("w.whl", "1"))

    [trigger] = trigger_documents(written, definition.pipeline, definition.recorder)

    assert trigger.locate(path).line == line


def test_the_document_is_what_rules_and_engine_read(definition):
    written = write(definition.pipeline, WheelNames("w.whl", "1"))

    found = document(written, definition.pipeline, definition.recorder)

    assert found.name == "p"
    assert [activity.name for activity in Pipeline(found).activities] == ["Ingest", "Loop", "Inner"]
