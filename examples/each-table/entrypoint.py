"""Loads the table that it is given."""
