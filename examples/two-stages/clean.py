"""Runs the stage `clean` of the package on Databricks."""
