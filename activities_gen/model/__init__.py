"""The pipeline as ADF understands it: activities, dependencies, order, types and time spans, built once from a document."""
