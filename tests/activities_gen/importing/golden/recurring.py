"""Pipeline Load tables, imported from recurring.json."""

# The SDK annotates free values as mappings; ADF takes text, numbers and lists there, too.
# mypy: disable-error-code="arg-type"

from azure.mgmt.datafactory.models import (
    ActivityPolicy,
    LinkedServiceReference,
    SqlServerStoredProcedureActivity,
    WebActivity,
)

from activities_gen import Pipeline, after, output_of
from activities_gen import functions as f

pipeline = Pipeline("Load tables", annotations=["@pipeline().parameters.day"], target="adf")

day = pipeline.parameter("day")
pipeline.parameter("fallback", default="@pipeline().parameters.day")

default_policy = ActivityPolicy(
    timeout="0.12:00:00", retry=0, retry_interval_in_seconds=30, secure_input=False, secure_output=False
)

secure_policy = ActivityPolicy(timeout="0.00:10:00", retry=3, secure_output=True)
warehouse_service = LinkedServiceReference(reference_name="Warehouse", type="LinkedServiceReference")

begin = SqlServerStoredProcedureActivity(
    name="Begin", policy=default_policy, stored_procedure_name="[dbo].[Begin]", linked_service_name=warehouse_service
)

end = SqlServerStoredProcedureActivity(
    name="End",
    depends_on=after(begin),
    policy=default_policy,
    stored_procedure_name="[dbo].[End]",
    stored_procedure_parameters={
        "message": {
            "type": "String",
            "value": {
                "value": f.if_(
                    f.equals(output_of(begin).resultSetCount, 0),
                    f.concat("Nothing was loaded on ", day),
                    f.concat("Loaded ", f.string(output_of(begin).resultSetCount), " tables"),
                ),
                "type": "Expression",
            },
        }
    },
    linked_service_name=warehouse_service,
)

ask = WebActivity(name="Ask", policy=secure_policy, method="GET", url="https://example.org")
ask_again = WebActivity(name="Ask again", policy=secure_policy, method="GET", url="https://example.org")

ask_once = WebActivity(
    name="Ask once", policy=ActivityPolicy(timeout=day, retry=0), method="GET", url="https://example.org"
)

ask_twice = WebActivity(
    name="Ask twice", policy=ActivityPolicy(timeout=day, retry=0), method="GET", url="https://example.org"
)

pipeline.add(begin, end, ask, ask_again, ask_once, ask_twice)
