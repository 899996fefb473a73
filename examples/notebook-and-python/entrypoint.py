"""Scores what the notebook found."""
