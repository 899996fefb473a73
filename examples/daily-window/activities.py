"""One run for each day since the start of 2024: a tumbling window hands its bounds to the job."""

from activities_gen import Pipeline, spark_python, tumbling_window, wheel_version, window_end, window_start

pipeline = Pipeline(
    "daily-window",
    trigger=tumbling_window(
        frequency="Hour",
        interval=24,
        start_time="2024-01-01T00:00:00Z",
        delay="02:00:00",
        max_concurrency=1,
        retries=3,
        parameters={"begin": window_start(), "end": window_end()},
    ),
)
begin = pipeline.parameter("begin", "2024-01-01T00:00:00Z")
end = pipeline.parameter("end", "2024-01-02T00:00:00Z")

pipeline.add(
    spark_python("Day", parameters=["--from", begin, "--until", end, "--expected-version", wheel_version()]),
)
