"""The command line of `entrypoint.py`."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from pipeline import erasure, feature_store, monitoring, session, settings, stages, summary, version
from pipeline.errors import PipelineError, reason
from pipeline.storage import Lake
from pipeline.windows import ALL_OF_TIME, plausible, window

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pyspark.sql import SparkSession

    from pipeline.windows import Span, Window

NAME = "clinical-features"
SUMMARY, ERASE = "summary", "erase"


def parser() -> argparse.ArgumentParser:
    """The arguments of all stages. An empty value is as good as none, as ADF passes one for a parameter that is not set."""
    found = argparse.ArgumentParser(
        prog="entrypoint.py",
        description="Clinical features from exports of electronic health records. Exit status: 0 done, 1 failed, 2 wrong usage.",
    )
    found.add_argument("--stage", choices=(SUMMARY, *STAGES), default=SUMMARY, help="what to run (default: summary)")
    found.add_argument(
        "--input", metavar="DIR", help=f"directory of the export's CSV files (default: {settings.INPUT})"
    )
    found.add_argument("--output", metavar="DIR", help="directory that the stage summary writes to")
    found.add_argument(
        "--lake",
        metavar="DIR",
        help=f"directory of the lake, or <catalog>.<schema> (default: {settings.LAKE}, else {settings.DATALAKE_URI}, else lake)",
    )
    found.add_argument(
        "--window-start", metavar="TIME", help="first instant of the window, ISO 8601, UTC (default: all of time)"
    )
    found.add_argument(
        "--window-end", metavar="TIME", help="end of the window, not included (default: the end of the data)"
    )
    found.add_argument(
        "--patients", metavar="FILE", help="identifiers of the patients to erase, one in a line, for the stage erase"
    )
    found.add_argument(
        "--expected-version", metavar="VERSION", help="end with an error unless this version of the package runs"
    )
    found.add_argument(
        "--pipeline",
        metavar="NAME",
        help=f"name under which the pipeline is deployed, for metrics and the lake's place (default: {NAME})",
    )
    return found


def main(argv: Sequence[str]) -> int:
    """Runs a stage.

    Args:
        argv: The arguments, without the program's name.

    Returns:
        The exit status: 0 done, 1 failed. Wrong usage leaves with 2, as argparse does.
    """
    arguments = parser().parse_args(argv)
    arguments.pipeline = arguments.pipeline or NAME
    if arguments.stage == SUMMARY and not (arguments.input and arguments.output):
        parser().error("the stage summary needs --input and --output")
    if arguments.stage == ERASE and not arguments.patients:
        parser().error("the stage erase needs --patients")
    try:
        if arguments.expected_version:
            version.check(arguments.expected_version)
        window(arguments.window_start, arguments.window_end)
        if arguments.stage == ERASE:
            arguments.patients = erasure.identifiers(arguments.patients)
        _run(arguments)
    except PipelineError as error:
        return _failed(str(error))
    except KeyboardInterrupt:
        return _failed("interrupted; run the stage again")
    except Exception as error:  # noqa: BLE001  a disk that is full, a file that may not be read: what the engine says of it
        return _failed(reason(error))
    return 0


def _failed(why: str) -> int:
    sys.stderr.write(f"entrypoint.py: error: {why}\n")
    return 1


def _run(arguments: argparse.Namespace) -> None:
    log = monitoring.Log(stage=arguments.stage, version=" ".join(version.versions(version.imported_from())))
    spark = session.start(arguments.pipeline, log)
    metrics = monitoring.Metrics(arguments.pipeline, monitoring.azure_monitor(log))
    try:
        if arguments.stage == SUMMARY:
            dates = _dates(spark, ALL_OF_TIME)
            file = summary.write_summary(spark, arguments.input, arguments.output, dates, settings.k(spark))
            log("written", file=file)
        else:
            lake = Lake(spark, settings.lake(spark, arguments.lake, arguments.pipeline))
            span = window(arguments.window_start, arguments.window_end)
            STAGES[arguments.stage](stages.Run(spark, lake, span, log, metrics), arguments)
    finally:
        metrics.close()
        if not session.on_databricks():
            spark.stop()


def _dates(spark: SparkSession, span: Window) -> Span:
    earliest, latest = settings.get(spark, settings.EARLIEST), settings.get(spark, settings.LATEST)
    return plausible(span, datetime.now(timezone.utc), earliest, latest)


def _ingest(run: stages.Run, arguments: argparse.Namespace) -> None:
    stages.ingest(run, settings.source(run.spark, arguments.input), _dates(run.spark, run.window))


def _pseudonymise(run: stages.Run, _arguments: argparse.Namespace) -> None:
    stages.pseudonymise_window(run, settings.key(run.spark))


def _features(run: stages.Run, _arguments: argparse.Namespace) -> None:
    store = feature_store.configured(run.spark, run.log)
    stages.features_window(run, settings.loinc_codes(run.spark), store, settings.k(run.spark))


def _erase(run: stages.Run, arguments: argparse.Namespace) -> None:
    erasure.erase(run, settings.key(run.spark), arguments.patients, feature_store.configured(run.spark, run.log))


STAGES: dict[str, Callable[[stages.Run, argparse.Namespace], None]] = {
    "ingest": _ingest,
    "pseudonymise": _pseudonymise,
    "features": _features,
    ERASE: _erase,
}
"""What works on a lake."""
