"""Two stages of one package: the second waits for the first. A lookup file goes with them."""

from activities_gen import Pipeline, after, artifact, policy, spark_python

clean = spark_python("Clean", entrypoint="clean.py", parameters=["--codes", artifact("lookups/wards.csv")])

report = spark_python(
    "Report",
    entrypoint="report.py",
    depends_on=after(clean),
    policy=policy(timeout="0.02:00:00", retry=2, retry_interval=60),
)

pipeline = Pipeline("two-stages", activities=[clean, report], description="Cleans ward stays and reports on them.")
