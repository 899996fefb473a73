"""From existing JSON to a pipeline directory: what there is to import, the Python for it, and the proof."""
