"""What Databricks runs: hands its arguments to the package that stands in the wheel."""

import sys

from pipeline.cli import main

if __name__ == "__main__":
    status = main(sys.argv[1:])
    if status:  # Databricks takes any SystemExit for a failure, also one with status 0
        sys.exit(status)
