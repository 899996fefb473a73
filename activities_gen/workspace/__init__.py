"""What lies in a folder: a pipeline directory, an ADF git repository, JSON files. All verbs find and read through it."""
