"""Pipeline Each table, imported from control_flow.json."""

# The SDK annotates free values as mappings; ADF takes text, numbers and lists there, too.
# mypy: disable-error-code="arg-type, dict-item"

from azure.mgmt.datafactory.models import (
    AzureBlobFSWriteSettings,
    AzureSqlSource,
    CopyActivity,
    DatasetReference,
    Expression,
    FailActivity,
    ForEachActivity,
    JsonReadSettings,
    JsonSource,
    LookupActivity,
    ParquetSink,
    SecureInputOutputPolicy,
    SetVariableActivity,
    SwitchActivity,
    SwitchCase,
)

from activities_gen import Pipeline, after, item, output_of
from activities_gen import functions as f

pipeline = Pipeline("Each table", target="adf")
pipeline.variable("count")

tables = LookupActivity(
    name="Tables",
    depends_on=[],
    source=JsonSource(format_settings=JsonReadSettings()),
    dataset=DatasetReference(reference_name="Tables", type="DatasetReference"),
    first_row_only=False,
)

copy = CopyActivity(
    name="Copy",
    depends_on=[],
    source=AzureSqlSource(
        sql_reader_query={
            "value": (
                "SELECT *\n"
                f"FROM {item().schema}.{item().table}\n"
                f"WHERE day = '{f.format_date_time(f.utc_now(), 'yyyy-MM-dd')}'"
            ),
            "type": "Expression",
        }
    ),
    sink=ParquetSink(store_settings=AzureBlobFSWriteSettings()),
    enable_staging=False,
    inputs=[DatasetReference(reference_name="Sql", type="DatasetReference", parameters={"table": item().table})],
    outputs=[DatasetReference(reference_name="Lake", type="DatasetReference")],
)

unknown_kind = FailActivity(name="Unknown kind", depends_on=[], message=f"{item().kind} is not known", error_code="400")

by_kind = SwitchActivity(
    name="By kind",
    depends_on=[],
    user_properties=[],
    on=Expression(value=item().kind, type="Expression"),
    cases=[SwitchCase(value="full", activities=[copy])],
    default_activities=[unknown_kind],
)

each_table = ForEachActivity(
    name="Each table",
    depends_on=after(tables),
    user_properties=[],
    is_sequential=False,
    batch_count=4,
    items=Expression(value=output_of(tables)["value"], type="Expression"),
    activities=[by_kind],
)

count_activity = SetVariableActivity(
    name="Count",
    depends_on=after(tables, on="Completed"),
    policy=SecureInputOutputPolicy(secure_input=False, secure_output=False),
    variable_name="count",
    value=f.string(output_of(tables).count),
)

pipeline.add(each_table, tables, count_activity)
