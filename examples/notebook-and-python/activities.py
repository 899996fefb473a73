"""A notebook that others wrote, then a job of our own; a message where either fails."""

from azure.mgmt.datafactory.models import DatabricksNotebookActivity, WebActivity

from activities_gen import Pipeline, after, databricks, error_of, output_of, spark_python

explore = DatabricksNotebookActivity(
    name="Explore",
    notebook_path="/Shared/explore",
    base_parameters={"site": "uclh"},
    linked_service_name=databricks(),
)
score = spark_python("Score", parameters=["--rows", output_of(explore).runOutput], depends_on=after(explore))
tell = WebActivity(
    name="Tell",
    method="POST",
    url="https://example.org/hooks/pipelines",
    headers={"Content-Type": "application/json"},
    body={"text": f"Scoring failed: {error_of(score).message}"},
    depends_on=after(score, on="Failed"),
)

pipeline = Pipeline("notebook-and-python", activities=[explore, score, tell])
