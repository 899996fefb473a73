"""Clinical features from exports of electronic health records, on Spark.

The package alone goes into the wheel. `entrypoint.py` is what Databricks runs; it hands its arguments to `pipeline.cli.main`.
"""
