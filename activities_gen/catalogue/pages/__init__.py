"""What the pages say, one module for each family of codes."""
