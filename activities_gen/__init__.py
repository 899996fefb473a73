"""Azure Data Factory pipelines as typed Python: defined, checked, run and deployed from one definition."""
