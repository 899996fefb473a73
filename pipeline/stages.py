"""The stages: what each reads, which transforms it passes, and where it goes.

A stage reads one window of one zone and replaces the same window of the next. Only here, in `reading` and in `storage` is anything
read or written.

Features are computed from what the window before left to be carried on, and from the window's own rows, so that a day costs the same
however many came before it. After a correction they are computed from all windows again.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING, Any

import pyspark.sql.functions as F
from pyspark.sql import DataFrame

from pipeline import anonymity, erasure, features, history, pseudonymise
from pipeline.errors import LakeError, SettingsError
from pipeline.gold import GOLD_SCHEMAS
from pipeline.parsing import RAW, distinct, kept, parse, quarantined
from pipeline.reading import read_export
from pipeline.schemas import (
    CARRIED_SCHEMAS,
    COPIES,
    LEFT_OUT,
    PATIENTS,
    PSEUDONYM_KEY,
    QUARANTINE_SCHEMA,
    SILVER_SCHEMAS,
    TABLES,
    Table,
)
from pipeline.storage import BRONZE, GOLD, SILVER, Commit, Lake, Writing
from pipeline.windows import Span, Window, end_of_data, iso

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pyspark.sql import Column, SparkSession

    from pipeline.feature_store import FeatureStore
    from pipeline.monitoring import Log, Metrics

QUARANTINE = "quarantine"
EVENTS = {"encounters": "start", "conditions": "start", "observations": "date", "medications": "start"}
"""The column of each table that says when something happened."""


@dataclass(frozen=True)
class Run:
    """What all stages of a run share.

    Attributes:
        spark: The session.
        lake: The lake.
        window: The window of the run.
        log: Takes log lines.
        metrics: Takes numbers of rows.
    """

    spark: SparkSession
    lake: Lake
    window: Window
    log: Log
    metrics: Metrics

    def wrote(self, zone: str, commit: Commit) -> Commit:
        """Reports what a stage wrote."""
        for table, found in commit.tables.items():
            self.metrics.rows_updated(f"{zone}.{table}", found["rows"])
        rows = {table: found["rows"] for table, found in commit.tables.items()}
        self.log("written", zone=zone, window=commit.window.name, as_of=commit.details["as_of"], rows=rows)
        return commit


@dataclass(frozen=True)
class Ingested:
    """One table of an export, staged.

    Attributes:
        table: The table.
        parsed: Its parsed rows, the unreadable ones among them.
        rows_in: Rows of the export.
        rows_out: Rows that were staged.
        copies: How many rows of the export they stand for.
        incomplete: How many of them were staged without a value that does not fit.
        latest: The latest event among them, in seconds from 1970 UTC, or None.
        clashes: Whether rows shared a unique key.
        erased: Rows of the export that were left out, as they are about patients who stay out.
    """

    table: Table
    parsed: DataFrame
    rows_in: int
    rows_out: int
    copies: int
    latest: int | None
    incomplete: int = 0
    clashes: bool = False
    erased: int = 0


def ingest(run: Run, source: str, span: Span) -> Commit:
    """Export to bronze: typed rows, each once, and a quarantine of those that cannot be read.

    Args:
        run: The run.
        source: Directory of the export.
        span: The plausible dates.

    Returns:
        The commit, whose details hold `accounting`, per table rows in, rows out, duplicates, quarantined, erased and what values were
        left out, the plausible dates, and `as_of`.

    Raises:
        InputError: A file of the export cannot be read at all. The bronze zone is as it was.
        LakeError: The window is all of time and the lake holds others, or the other way round; or the rows do not add up.
    """
    _refuse_to_mix(run)
    exports = read_export(run.spark, source, TABLES)
    found = []
    with run.lake.write(BRONZE, run.window) as writing:
        register = erasure.registered(
            run.lake
        )  # not before the run has begun: an erasure that begins later refuses this run
        for table, export in zip(TABLES, exports):
            run.log("reading", table=table.name, missing_columns=export.missing, columns_left_out=export.left_out)
            parsed, erased = erasure.without(register, parse(export.text, table, span))
            found.append(replace(_stage_table(writing, table, parsed, export.rows), erased=erased))
        accounting = _account(found, *_stage_quarantine(writing, found))
        for table_name, account in accounting.items():
            run.log("rows", table=table_name, **account)
        latest = [each.latest for each in found if each.latest is not None]
        as_of = end_of_data(max(latest, default=None)) if run.window.is_open else run.window.end
        details = {"accounting": accounting, "as_of": iso(as_of), "plausible": [span.earliest, span.latest]}
        return run.wrote(BRONZE, writing.commit(details))


def _refuse_to_mix(run: Run) -> None:
    """Keeps a run without a window out of a lake that has windows: it would be the last of them and have its way in all it mentions.

    Raises:
        LakeError: The lake holds the other kind.
    """
    others = [each for each in run.lake.commits(BRONZE) if each.is_open != run.window.is_open]
    if others and run.window.is_open:
        raise LakeError(
            f"the lake holds windows, such as {others[0].name}: give --window-start and --window-end, or another lake"
        )
    if others:
        raise LakeError("the lake holds a run over all of time: give a window with another lake")


def _stage_table(writing: Writing, table: Table, parsed: DataFrame, rows_in: int) -> Ingested:
    seconds = (
        f"cast(floor(unix_micros(max(`{EVENTS[table.name]}`)) / 1e6) as bigint)" if table.name in EVENTS else "null"
    )
    keys = F.countDistinct(*table.key) if table.unique else F.count(F.lit(1))
    totals = {
        "copies": F.sum(COPIES),
        "incomplete": F.count(LEFT_OUT),
        "latest": F.expr(seconds),
        "keys": keys,
    }
    rows = distinct(parsed, table)
    staged = writing.stage(table.name, rows.drop(RAW), table.schema(), totals)
    clashes = staged.rows != staged.totals["keys"]
    if clashes:  # seldom, and to rank all rows takes longer than all the rest
        staged = writing.stage(table.name, kept(rows, table), table.schema(), totals)
    counts = staged.totals
    return Ingested(
        table, parsed, rows_in, staged.rows, counts["copies"] or 0, counts["latest"], counts["incomplete"], clashes
    )


def _stage_quarantine(writing: Writing, found: Sequence[Ingested]) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """Stages the rows that cannot be read, and those that stay without a value, from the tables that have any.

    Returns:
        How many rows of each table do not stay, and per table how often which value was left out.
    """
    rejected = [
        quarantined(each.parsed, each.table, clashes=each.clashes)
        for each in found
        if each.copies + each.erased != each.rows_in or each.incomplete
    ]
    none = writing.spark.createDataFrame([], QUARANTINE_SCHEMA)
    writing.stage(QUARANTINE, reduce(DataFrame.unionByName, rejected, none), QUARANTINE_SCHEMA)
    staged = writing.frame(QUARANTINE, QUARANTINE_SCHEMA)
    groups = staged.groupBy("table_name", "row_stays", F.when(F.col("row_stays"), F.col("reason")).alias("reason"))
    gone: Counter[str] = Counter()
    left_out: dict[str, Counter[str]] = {}
    for row in groups.agg(F.sum(COPIES).alias(COPIES)).collect():
        if not row["row_stays"]:
            gone[row["table_name"]] += row[COPIES]
        for reason in (row["reason"] or "").split("; ") if row["row_stays"] else ():
            left_out.setdefault(row["table_name"], Counter())[reason] += row[COPIES]
    return dict(gone), {name: dict(sorted(reasons.items())) for name, reasons in left_out.items()}


def _account(
    found: Sequence[Ingested], gone: Mapping[str, int], left_out: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, Any]]:
    """Where the rows of each table went, and how often a value of a row that stays was left out, by reason.

    Raises:
        LakeError: Rows in are not rows out, duplicates, quarantined and erased together.
    """
    accounts = {}
    for each in found:
        account = {
            "rows_in": each.rows_in,
            "rows_out": each.rows_out,
            "duplicates": each.copies - each.rows_out,
            "quarantined": gone.get(each.table.name, 0),
            "erased": each.erased,
        }
        if account["rows_in"] != sum(account.values()) - account["rows_in"]:
            raise LakeError(f"{each.table.name}: the rows do not add up, so none were kept: {account}")
        accounts[each.table.name] = {**account, "values_left_out": left_out.get(each.table.name, {})}
    return accounts


def pseudonymise_window(run: Run, key: bytes) -> Commit:
    """Bronze to silver.

    Args:
        run: The run.
        key: The key of the pseudonyms.

    Raises:
        LakeError: The bronze zone does not hold the window, or rows went missing.
        SettingsError: Another window was pseudonymised with another key.
    """
    bronze, key_id = run.lake.commit(BRONZE, run.window), pseudonymise.key_id(key)
    for window, commit in run.lake.commits(SILVER).items():
        if commit.details.get(PSEUDONYM_KEY) != key_id:
            raise SettingsError(
                f"the key is not the one that the window {window.name} was pseudonymised with: its patients would get other ids; "
                "docs/privacy.md says how to change a key"
            )
    pads, as_of = pseudonymise.key_frame(run.spark, key), bronze.details["as_of"]
    with run.lake.write(SILVER, run.window) as writing:
        for table in TABLES:
            rows = run.lake.read(BRONZE, table.name, table.schema(), [bronze])
            silver = _pseudonymised(table, rows, pads, as_of)
            staged = writing.stage(table.name, silver, SILVER_SCHEMAS[table.name])
            rows_in = bronze.tables[table.name]["rows"]
            unborn = (
                rows.where(F.col("birth_date").cast("timestamp") >= _instant(as_of)).count()
                if (table is PATIENTS and staged.rows != rows_in)
                else 0
            )
            run.log("rows", table=table.name, rows_in=rows_in, rows_out=staged.rows, after_as_of=unborn)
            if staged.rows + unborn != rows_in:
                raise LakeError(f"{table.name}: {rows_in} rows in, {staged.rows} rows out, so none were kept")
        return run.wrote(SILVER, writing.commit({"as_of": as_of, PSEUDONYM_KEY: key_id}))


def _pseudonymised(table: Table, bronze: DataFrame, pads: DataFrame, as_of: str) -> DataFrame:
    if table is PATIENTS:
        rows = pseudonymise.patients(bronze, pads, _instant(as_of))
    else:
        rows = _SILVER[table.name](bronze, pads)
    return rows.select(*SILVER_SCHEMAS[table.name].names)


_SILVER = {
    "encounters": pseudonymise.encounters,
    "conditions": pseudonymise.conditions,
    "observations": pseudonymise.observations,
    "medications": pseudonymise.medications,
}


def features_window(run: Run, codes: Sequence[str], store: FeatureStore | None, k: int = anonymity.K) -> list[Commit]:
    """Silver to gold, and to the feature store where there is one.

    The window is computed from all windows up to it. Later windows are computed again when what they were computed from has changed,
    as after a correction; all others stay as they are.

    Args:
        run: The run.
        codes: LOINC codes of the observations whose latest value counts.
        store: The feature store, or None.
        k: How many patients share each description in gold.

    Returns:
        One commit for each window that was computed.

    Raises:
        LakeError: The silver zone does not hold the window, it changed meanwhile, or a later run writes the window.
        FeatureStoreError: The feature store refused. The gold zone's window is as it was; those before it are written.
    """
    found = [_features(run, run.window, codes, store, k)]
    while (window := _stale(run.lake, run.window)) is not None:
        found.append(_features(run, window, codes, store, k))
    return found


def _stale(lake: Lake, first: Window) -> Window | None:
    """Returns the first window of the gold zone, from one on, that was computed from something else than silver holds now."""
    inputs = history.inputs(lake.commits(SILVER))
    gold = lake.commits(GOLD).items()
    stale = (each for each, commit in gold if each >= first and commit.details["inputs"] != inputs.get(each))
    return next(stale, None)


def _features(run: Run, window: Window, codes: Sequence[str], store: FeatureStore | None, k: int) -> Commit:
    """Computes one window."""
    lake, silver = run.lake, _up_to(run.lake, window)
    with lake.write(GOLD, window, dict.fromkeys(history.CARRIED.values(), SILVER)) as writing:
        known = history.known(lake, silver, codes)
        as_of = silver[window].details["as_of"]
        moment = _instant(as_of)
        current, latest = known.current, known.latest(moment, codes)
        if not window.is_open:  # what is carried on is all that features are computed from, and is there by then
            carried = {**features.carried(current, moment, codes), "latest_observations": latest}
            if not known.renews:
                del carried["encounters"]
            for name, rows in carried.items():
                writing.stage(history.CARRIED[name], rows.select(*CARRIED_SCHEMAS[name].names), CARRIED_SCHEMAS[name])
            current = {
                **current,
                **{name: writing.frame(history.CARRIED[name], CARRIED_SCHEMAS[name]) for name in carried},
            }
            latest = current["latest_observations"]
        people = features.people(current["patients"], moment)
        accounting = _log_account(run, known.new, people, moment)
        described, changed = anonymity.generalised(people, moment, k)
        frames = features.tables(current, described, latest, as_of=moment)
        for name, schema in GOLD_SCHEMAS.items():
            totals = {"not_numeric": F.sum("not_numeric")} if "not_numeric" in schema.names else {}
            staged = writing.stage(name, frames[name], schema, totals)
            run.log(
                "rows", table=name, rows_out=staged.rows, **{each: value or 0 for each, value in staged.totals.items()}
            )
        shared = anonymity.report(writing.frame("patient_features", GOLD_SCHEMAS["patient_features"]), changed, k)
        run.log("k-anonymity", **shared)
        if history.inputs(_up_to(lake, window))[window] != known.inputs or not history.is_there(lake, known.basis):
            raise LakeError(
                f"what the window {window.name} is computed from changed meanwhile: run the stage features again"
            )
        writing.check()
        if store is not None:
            store.replace(window.name, {name: writing.frame(name, schema) for name, schema in GOLD_SCHEMAS.items()})
        details = {
            "as_of": as_of,
            "inputs": known.inputs,
            "accounting": accounting,
            "k_anonymity": shared,
            PSEUDONYM_KEY: silver[window].details[PSEUDONYM_KEY],
            **history.details(codes),
        }
        commit = run.wrote(GOLD, writing.commit(details))
    history.forget(lake, window)
    return commit


def _log_account(run: Run, new: Mapping[str, DataFrame], people: DataFrame, as_of: Column) -> dict[str, dict[str, Any]]:
    """Returns, and logs, how many of a window's rows no feature counts, and which encounter classes have no feature of their own."""
    accounts: dict[str, dict[str, Any]] = {
        name: {"rows_in": 0, "after_as_of": 0, "orphans": 0, "other_classes": {}} for name in EVENTS
    }
    for row in features.account(new, people, as_of, EVENTS).collect():
        account = accounts[row["table_name"]]
        for name in ("rows_in", "after_as_of", "orphans"):
            account[name] += row[name]
        if row["encounter_class"]:
            account["other_classes"][row["encounter_class"]] = row["rows_in"]
    for table, account in accounts.items():
        run.log("counted", table=table, **account)
    return accounts


def _up_to(lake: Lake, window: Window) -> dict[Window, Commit]:
    """Returns what counts of silver, up to a window.

    Raises:
        LakeError: The window is not among it any more.
    """
    found = {each: commit for each, commit in lake.commits(SILVER).items() if each <= window}
    if window not in found:
        lake.commit(SILVER, window)  # an error, unless the window is back by now
        return _up_to(lake, window)
    return found


def _instant(text: str) -> Column:
    return F.lit(text).cast("timestamp")
