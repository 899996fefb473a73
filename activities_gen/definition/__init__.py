"""What a pipeline's author writes: the pipeline, its activities and triggers, and how it is loaded."""
