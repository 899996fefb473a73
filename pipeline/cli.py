"""The command line of `entrypoint.py`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from pipeline import session, stages
from pipeline.errors import PipelineError


def parser() -> argparse.ArgumentParser:
    """The arguments of all stages."""
    found = argparse.ArgumentParser(
        prog="entrypoint.py",
        description="Clinical features from exports of electronic health records. Exit status: 0 done, 1 failed, 2 wrong usage.",
    )
    found.add_argument("--stage", choices=("summary",), default="summary", help="what to run (default: summary)")
    found.add_argument("--input", metavar="DIR", help="directory of the export's CSV files")
    found.add_argument("--output", metavar="DIR", help="directory that the stage summary writes to")
    return found


def main(argv: Sequence[str]) -> int:
    """Runs a stage.

    Args:
        argv: The arguments, without the program's name.

    Returns:
        The exit status: 0 done, 1 failed. Wrong usage leaves with 2, as argparse does.
    """
    arguments = parser().parse_args(argv)
    if not arguments.input or not arguments.output:
        parser().error("the stage summary needs --input and --output")
    spark = session.start("clinical-features")
    try:
        stages.summary(spark, arguments.input, arguments.output)
    except PipelineError as error:
        sys.stderr.write(f"entrypoint.py: error: {error}\n")
        return 1
    finally:
        if not session.on_databricks():
            spark.stop()
    return 0
