"""What the pages say of the family "Policies and time spans"."""

from __future__ import annotations

from activities_gen.catalogue.examples import python, wait
from activities_gen.catalogue.page import Page

POLICY = "https://learn.microsoft.com/azure/data-factory/concepts-pipelines-activities#activity-policy"

MODEL = "REST interface of Data Factory, ActivityPolicy"


PAGES = {
    "ADF223": Page(
        why=(
            "Control activities have no timeout and no retries. ExecutePipeline takes `secureInput` only, Set Variable and "
            "WebHook `secureInput` and `secureOutput`. Anything else is ignored."
        ),
        wrong=[wait("Pause", policy={"retry": 3})],
        right=[wait("Pause")],
        source=POLICY,
    ),
    "ADF224": Page(
        why="A policy is one object with keys such as `timeout`.",
        wrong=[python() | {"policy": [{"timeout": "0.12:00:00"}]}],
        right=[python() | {"policy": {"timeout": "0.12:00:00"}}],
        source=MODEL,
    ),
    "ADF230": Page(
        why="Time spans are strings of the form `[d.]hh:mm:ss`, with two digits for hours below 24, minutes and seconds below 60: `0.12:00:00` is twelve hours. Other forms that .NET reads and the model's pattern does not, such as `1:00:00` or `7`, are a warning.",
        wrong=[python() | {"policy": {"timeout": "12h"}}],
        right=[python() | {"policy": {"timeout": "0.12:00:00"}}],
        source=POLICY,
    ),
    "ADF231": Page(
        why="If the hours are over 23, .NET reads the first number as days: `24:00:00` is 24 days, not one, and more than the 7 that an activity may run. An Until may run 90 days, and a query has no limit; there it is a warning.",
        wrong=[python() | {"policy": {"timeout": "24:00:00"}}],
        right=[python() | {"policy": {"timeout": "1.00:00:00"}}],
        source="TimeSpan.Parse of .NET, which the service uses",
    ),
    "ADF232": Page(
        why="An activity runs for at most 7 days, an Until for at most 90, a Web activity's request for 10 minutes. Azure deploys more; what a run makes of it is not documented.",
        wrong=[python() | {"policy": {"timeout": "8.00:00:00"}}],
        right=[python() | {"policy": {"timeout": "7.00:00:00"}}],
        source=POLICY,
    ),
    "ADF233": Page(
        why=(
            "The policy's timeout is at least 10 minutes by the documentation, a Web activity's request timeout one minute. "
            "The timeouts of Until, Validation and WebHook may be shorter."
        ),
        wrong=[python() | {"policy": {"timeout": "0.00:05:00"}}],
        right=[python() | {"policy": {"timeout": "0.00:10:00"}}],
        source=POLICY,
    ),
    "ADF234": Page(
        why="`retry` is how often the activity is tried again; 0 is the default.",
        wrong=[python() | {"policy": {"retry": -1}}],
        right=[python() | {"policy": {"retry": 2}}],
        source=MODEL,
    ),
    "ADF235": Page(
        why="`retryIntervalInSeconds` is a whole number from 30 to 86,400. A shorter one is a warning, because pipelines with it have been deployed. So is an expression, which the model does not allow there.",
        wrong=[python() | {"policy": {"retry": 1, "retryIntervalInSeconds": 100_000}}],
        right=[python() | {"policy": {"retry": 1, "retryIntervalInSeconds": 30}}],
        source=MODEL,
    ),
    "ADF236": Page(
        why="They are booleans. FlowEHR's Terraform stops at a string or an expression there (FLO132).",
        wrong=[python() | {"policy": {"secureInput": "true"}}],
        right=[python() | {"policy": {"secureInput": True}}],
        source=MODEL,
    ),
    "ADF237": Page(
        why="A policy has only the keys `timeout`, `retry`, `retryIntervalInSeconds`, `secureInput` and `secureOutput`.",
        wrong=[python() | {"policy": {"retries": 2}}],
        right=[python() | {"policy": {"retry": 2}}],
        source=POLICY,
    ),
}
