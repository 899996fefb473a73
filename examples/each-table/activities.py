"""One activity for each table of a list, four at a time; a last one when all of them are through."""

from azure.mgmt.datafactory.models import Expression, ForEachActivity

from activities_gen import Pipeline, after, item, spark_python

pipeline = Pipeline("each-table", target="adf")
tables = pipeline.parameter("tables", ["patients", "encounters", "conditions"])

load = spark_python("Load table", parameters=["--table", item()])
each = ForEachActivity(
    name="Each table",
    items=Expression(type="Expression", value=str(tables)),
    is_sequential=False,
    batch_count=4,
    activities=[load],
)
check = spark_python("Check", parameters=["--check"], depends_on=after(each, on="Completed"))
pipeline.add(each, check)
