"""Pipeline odd, imported from raw_pieces.json."""

# The SDK annotates free values as mappings; ADF takes text, numbers and lists there, too.
# mypy: disable-error-code="arg-type"

from azure.mgmt.datafactory.models import (
    ActivityDependency,
    DataFlowReference,
    ExecuteDataFlowActivity,
    ExecuteDataFlowActivityTypePropertiesCompute,
    LookupActivity,
    PipelineElapsedTimeMetricPolicy,
    PipelinePolicy,
    WaitActivity,
)

from activities_gen import Pipeline, raw, with_json, with_spelling

flow = with_spelling(
    ExecuteDataFlowActivity(
        name="Flow",
        depends_on=[ActivityDependency(activity="later", dependency_conditions=["succeeded"])],
        data_flow=DataFlowReference(reference_name="clean", type="DataFlowReference"),
        compute=with_json(
            ExecuteDataFlowActivityTypePropertiesCompute(compute_type="General", core_count=8), {"nodes": None}
        ),
    ),
    "dataflow",
)

future = raw({"name": "Future", "type": "QuantumCopy", "typeProperties": {"qubits": [1, 2.0, True, None]}})
off = with_json(LookupActivity(name="Off", state="Inactive", source=raw(), dataset=raw()), {"typeProperties": {}})

wait_a_bit = with_json(
    WaitActivity(name="Wait a bit", description=raw(None), wait_time_in_seconds="[parameters('seconds')]"),
    {"policy": {"retry": 1}, "type": "wait"},
)

pipeline = Pipeline(
    "odd",
    activities=[flow, future, off, wait_a_bit],
    annotations=[],
    policy=with_json(PipelinePolicy(elapsed_time_metric=PipelineElapsedTimeMetricPolicy()), {"cancelAfter": {}}),
    target="adf",
    extra={
        "properties": {"lastPublishTime": "2024-01-01T00:00:00Z", "parameters": "[parameters('pipelineParameters')]"}
    },
)
