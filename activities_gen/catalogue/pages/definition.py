"""What the pages say of the family "Definitions in Python"."""

from __future__ import annotations

from activities_gen.catalogue.examples import GENERATE, WAIT, defining
from activities_gen.catalogue.page import Page, Session

GUIDE = "docs/definitions.md"
SDK = "the models of azure-mgmt-datafactory 9.3"

PAGES = {
    "PY001": Page(
        why="A pipeline directory is defined by the `activities.py` in it.",
        wrong=Session(GENERATE, {"pipeline.py": WAIT}),
        right=Session(GENERATE, {"activities.py": WAIT}),
        source=GUIDE,
    ),
    "PY002": Page(
        why="Python cannot read the file, so there is no pipeline. The finding has the line at which Python stops.",
        wrong=defining('pipeline = Pipeline("demo", activities=['),
        right=defining('pipeline = Pipeline("demo", activities=[])'),
        source=GUIDE,
    ),
    "PY003": Page(
        why="The file is run to get the pipeline. An error ends it, and so does `sys.exit`.",
        wrong=defining('pipeline = Pipelin("demo", activities=[])'),
        right=defining('pipeline = Pipeline("demo", activities=[])'),
        source=GUIDE,
    ),
    "PY004": Page(
        why="The pipeline is the one `Pipeline` that a variable of the module holds.",
        wrong=defining('activities = [WaitActivity(name="Pause", wait_time_in_seconds=1)]'),
        right=Session(GENERATE, {"activities.py": WAIT}),
        source=GUIDE,
    ),
    "PY005": Page(
        why="FlowEHR deploys one pipeline from each directory.",
        wrong=defining('first = Pipeline("first", activities=[])', 'second = Pipeline("second", activities=[])'),
        right=defining('first = Pipeline("first", activities=[])'),
        source=GUIDE,
    ),
    "PY006": Page(
        why="Activities are objects of the Azure SDK, `azure-mgmt-datafactory`. JSON is checked without it.",
        wrong=Session("python3 -m activities_gen generate", {"activities.py": WAIT}),
        right=Session("make activities", {"activities.py": WAIT}),
        source=GUIDE,
    ),
    "PY101": Page(
        why="The SDK drops an attribute that it does not know, and only logs it.",
        wrong=defining(
            'pause = WaitActivity(name="Pause", wait_time_in_second=1)',
            'pipeline = Pipeline("demo", activities=[pause])',
        ),
        right=Session(GENERATE, {"activities.py": WAIT}),
        source=SDK,
    ),
    "PY102": Page(
        why="The SDK leaves out a required value that is `None`, and Azure refuses the activity.",
        wrong=defining('pause = WaitActivity(name="Pause")', 'pipeline = Pipeline("demo", activities=[pause])'),
        right=Session(GENERATE, {"activities.py": WAIT}),
        source=SDK,
    ),
    "PY103": Page(
        why="The SDK takes any value and writes it as it is, or turns it into something else.",
        wrong=defining('pipeline = Pipeline("demo", activities=[], concurrency="one")'),
        right=defining('pipeline = Pipeline("demo", activities=[], concurrency=1)'),
        source=SDK,
    ),
    "PY104": Page(
        why="Models of the SDK take keywords only, and `add` takes activities one by one.",
        wrong=defining('pipeline = Pipeline("demo", activities=[WaitActivity("Pause", 1)])'),
        right=Session(GENERATE, {"activities.py": WAIT}),
        source=GUIDE,
    ),
    "PY105": Page(
        why="The message lists the words that are allowed.",
        wrong=defining('pipeline = Pipeline("demo", activities=[], target="azure")'),
        right=defining('pipeline = Pipeline("demo", activities=[], target="adf")'),
        source=GUIDE,
    ),
    "PY106": Page(
        why="The second declaration would replace the first, with its type and default value.",
        wrong=defining(
            'pipeline = Pipeline("demo", activities=[])',
            'pipeline.parameter("day")',
            'pipeline.parameter("day", "2024-01-01")',
        ),
        right=defining('pipeline = Pipeline("demo", activities=[])', 'pipeline.parameter("day", "2024-01-01")'),
        source=GUIDE,
    ),
    "PY107": Page(
        why="FlowEHR reads one trigger from `trigger.json`; the others would never be deployed.",
        wrong=defining(
            "from datetime import datetime, timezone",
            "from activities_gen import tumbling_window",
            "start = datetime(2024, 1, 1, tzinfo=timezone.utc)",
            'daily = tumbling_window(frequency="Hour", interval=24, start_time=start)',
            'hourly = tumbling_window(frequency="Hour", interval=1, start_time=start)',
            'pipeline = Pipeline("demo", activities=[], trigger={"daily": daily, "hourly": hourly})',
        ),
        right=defining(
            "from datetime import datetime, timezone",
            "from activities_gen import tumbling_window",
            "start = datetime(2024, 1, 1, tzinfo=timezone.utc)",
            'daily = tumbling_window(frequency="Hour", interval=24, start_time=start)',
            'pipeline = Pipeline("demo", activities=[], trigger={"daily": daily})',
        ),
        source="FlowEHR, infrastructure/transform/pipeline.tf",
    ),
    "PY108": Page(
        why="JSON cannot hold a value that contains itself.",
        wrong=defining(
            "extra = {}", 'extra["annotations"] = extra', 'pipeline = Pipeline("demo", activities=[], extra=extra)'
        ),
        right=defining(
            'extra = {"properties": {"annotations": []}}', 'pipeline = Pipeline("demo", activities=[], extra=extra)'
        ),
        source=GUIDE,
    ),
    "PY109": Page(
        why="Azure gets the braces as they are. An f-string puts the expression there.",
        wrong=defining(
            "from activities_gen import system",
            'pause = WaitActivity(name="Pause", wait_time_in_seconds=1, description="of {system.run_id}")',
            'pipeline = Pipeline("demo", activities=[pause])',
            command="activities-gen check --select PY109",
        ),
        right=defining(
            "from activities_gen import system",
            'pause = WaitActivity(name="Pause", wait_time_in_seconds=1, description=f"of {system.run_id}")',
            'pipeline = Pipeline("demo", activities=[pause])',
            command="activities-gen check --select PY109",
        ),
        source=GUIDE,
    ),
}
