"""Runs the stage `report` of the package on Databricks."""
