"""From JSON documents to Python source: the module that a good engineer would have written."""
