"""A lake and an export in Azure's storage, which Azurite stands for: the same tables as on a disk, whatever happens meanwhile."""

from __future__ import annotations

import os
import subprocess
from datetime import datetime, timezone
from itertools import islice
from typing import TYPE_CHECKING

import apart
import pytest

import azurite
from pipeline.erasure import erase
from pipeline.errors import LakeError
from pipeline.stages import ingest
from pipeline.storage import BRONZE, GOLD, ZONES, Lake
from pipeline.windows import plausible

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pyspark.sql import SparkSession

    from pipeline.stages import Run

pytestmark = [pytest.mark.spark, pytest.mark.azurite, pytest.mark.slow]

LINES = 8
"""Lines of the log after which a run is killed: ingest has staged some tables by then, or has just committed."""


def run_and_kill(folder: Path, lake: str, source: str) -> None:
    """Runs the stages on a Sail of their own, and kills them in their midst."""
    with subprocess.Popen(
        apart.command("sail", folder, (lake, apart.SECOND, source, apart.ALL)),
        env=apart.environment(dict(os.environ)),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        seen = len(list(islice(process.stdout, LINES)))
        process.kill()
    assert seen == LINES


def test_a_lake_in_azure_has_the_tables_of_one_on_a_disk(
    spark: SparkSession, container: Callable[[str], str], azurite_port: int, tmp_path: Path
) -> None:
    old, new, local = (
        apart.write(tmp_path / "old", apart.OLD),
        apart.write(tmp_path / "new", apart.NEW),
        str(tmp_path / "lake"),
    )
    for zone in ZONES:
        container(zone)
    remote = f"{container('exports')}/old"
    for name, content in apart.OLD.items():
        azurite.upload(azurite_port, "exports", f"old/{name}.csv", content.encode())
    lake = f"abfss://{{zone}}@{azurite.ACCOUNT}.dfs.core.windows.net/clinical-features"

    apart.run_stages(spark, local, apart.span(apart.FIRST), old)
    for _ in range(2):  # and a rerun
        apart.run_stages(spark, lake, apart.span(apart.FIRST), remote)
        assert apart.fingerprints(spark, lake) == apart.fingerprints(spark, local)

    given_up = Lake(spark, lake).write(BRONZE, apart.span(apart.FIRST))
    apart.run_stages(spark, lake, apart.span(apart.FIRST), old)
    with pytest.raises(LakeError, match="began later: this run was given up"):
        given_up.commit({"accounting": {}, "as_of": ""})
    assert apart.fingerprints(spark, lake) == apart.fingerprints(spark, local)

    run_and_kill(tmp_path, lake, new)
    assert {key: text for key, text in apart.fingerprints(spark, lake).items() if key[0] == GOLD} == {
        key: text for key, text in apart.fingerprints(spark, local).items() if key[0] == GOLD
    }
    for each in (local, lake):
        apart.run_stages(spark, each, apart.span(apart.SECOND), new)
    assert apart.fingerprints(spark, lake) == apart.fingerprints(spark, local)


def test_old_versions_of_tables_in_azure_go_when_patients_are_erased(
    run: Callable[..., Run], spark: SparkSession, container: Callable[[str], str], tmp_path: Path, azurite_port: int
) -> None:
    deltalake = pytest.importorskip("deltalake", reason="Sail has no VACUUM")
    fs = pytest.importorskip("pyarrow.fs")
    for zone in ZONES:
        container(zone)
    lake = Lake(spark, f"abfss://{{zone}}@{azurite.ACCOUNT}.dfs.core.windows.net/erased")
    found = run(lake=lake)
    ingest(found, apart.write(tmp_path / "old", apart.OLD), plausible(found.window, datetime.now(timezone.utc)))
    table = deltalake.DeltaTable(lake.location(BRONZE, "patients"))
    patient, *others = table.to_pyarrow_table()["patient_id"].to_pylist()
    erase(found, b"a-key-that-only-tests-use", [patient], None)
    table.update_incremental()
    assert table.to_pyarrow_table()["patient_id"].to_pylist() == others
    everything = table.to_pyarrow_dataset().filesystem.get_file_info(fs.FileSelector("", recursive=True))
    rows = {each.base_name for each in everything if each.base_name.startswith("part-")}
    assert rows == {each.rsplit("/", 1)[-1] for each in table.file_uris()} != set()
