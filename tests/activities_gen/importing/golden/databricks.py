"""Pipeline nightly, imported from databricks.json."""

# The SDK annotates free values as mappings; ADF takes text, numbers and lists there, too.
# mypy: disable-error-code="arg-type, dict-item"

from azure.mgmt.datafactory.models import ActivityPolicy, DatabricksNotebookActivity, WebActivity

from activities_gen import Pipeline, after, databricks, spark_python, system
from activities_gen import functions as f

pipeline = Pipeline(
    "nightly",
    description="Loads and scores",
    concurrency=1,
    annotations=["scores"],
    folder="scores/nightly",
    target="adf",
    linked_service="Clusters",
)

day = pipeline.parameter("day", default="")
pipeline.parameter("unused", type="string")

load = DatabricksNotebookActivity(
    name="Load", notebook_path="/load", base_parameters={"day": day}, linked_service_name=databricks()
)

score = spark_python(
    "Score",
    depends_on=after(load),
    python_file="dbfs:/shared/score.py",
    parameters=["--day", day, "--run", f"{system.run_id}"],
    libraries=[{"pypi": {"package": "scikit-learn==1.5.0"}}],
)

report_failure = WebActivity(
    name="Report failure",
    depends_on=after(load, on="Failed") + after(score, on=["Failed", "Skipped"]),
    policy=ActivityPolicy(timeout="0.00:10:00", retry=2),
    method="POST",
    url="https://example.org/hook",
    body={"value": f.concat("failed on ", day), "type": "Expression"},
)

pipeline.add(score, load, report_failure)
