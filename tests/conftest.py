"""What all tests share: a failed assertion about a pipeline's run shows the run."""

pytest_plugins = ["activities_gen.testing", "pytester"]
