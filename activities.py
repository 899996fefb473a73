"""The activities of this pipeline. `make activities` writes the JSON that FlowEHR deploys."""

from datetime import timedelta

from activities_gen import (
    Pipeline,
    after,
    policy,
    spark_python,
    system,
    tumbling_window,
    wheel,
    wheel_version,
    window_end,
    window_start,
)

pipeline = Pipeline("clinical-features")
start = pipeline.parameter("window_start", default="")
end = pipeline.parameter("window_end", default="")


def arguments(stage: str) -> list[str]:
    """What a stage is called with: its pipeline and window, and the version of the wheel that it must find."""
    window = ["--window-start", start, "--window-end", end]
    return ["--stage", stage, "--pipeline", system.pipeline, *window, "--expected-version", wheel_version()]


ingest = spark_python(
    "Ingest",
    parameters=arguments("ingest"),
    policy=policy(timeout=timedelta(hours=2), retry=2, retry_interval=300),
)
pseudonymise = spark_python(
    "Pseudonymise",
    parameters=arguments("pseudonymise"),
    policy=policy(timeout=timedelta(hours=2), retry=2, retry_interval=300),
    depends_on=after(ingest),
)
FEATURE_STORE = ["SQLAlchemy>=2.0,<2.1", "sqlalchemy-pytds>=1.0.3,<2", "python-tds>=1.17,<2", "pyOpenSSL>=24,<26.2"]
"""What writes to SQL Server. Without a feature store it can go; for PostgreSQL it is SQLAlchemy and pg8000."""
features = spark_python(
    "Features",
    parameters=arguments("features"),
    libraries=[{"whl": wheel()}, *({"pypi": {"package": package}} for package in FEATURE_STORE)],
    policy=policy(timeout=timedelta(hours=4), retry=2, retry_interval=300),
    depends_on=after(pseudonymise),
)
pipeline.add(ingest, pseudonymise, features)

pipeline.trigger = tumbling_window(
    frequency="Hour",
    interval=24,
    start_time="2024-01-01T00:00:00Z",
    parameters={"window_start": window_start(), "window_end": window_end()},
)
