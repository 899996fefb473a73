"""The activities of this pipeline. `make activities` writes the JSON that FlowEHR deploys."""

from activities_gen import Pipeline, spark_python

summary = spark_python("Summary", parameters=["--stage", "summary"])

pipeline = Pipeline("clinical-features", activities=[summary])
