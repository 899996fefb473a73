"""Works on one day."""
