"""The clinical features pipeline."""
