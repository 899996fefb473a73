"""A PostgreSQL server for the tests."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import engines

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server of its own."""

    port: int
    psql: str
    password: str = "right"

    def ask(self, query: str) -> list[str]:
        """Runs SQL and returns the lines that psql prints."""
        command = [self.psql, "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-Atc", query]
        environment = {**os.environ, "PGPASSWORD": self.password}
        return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.splitlines()


def _binary(name: str) -> str:
    found = [str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))] or [
        shutil.which(name) or ""
    ]
    if not found[-1]:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    return found[-1]


def _somebody_else() -> dict[str, Any]:
    """How to start a process as another user than root: PostgreSQL refuses to run as root."""
    users = {user.pw_name: user for user in pwd.getpwall()}
    owner = users.get("postgres", users.get("nobody"))
    if os.getuid() != 0 or owner is None:
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """A server on a free port, in a directory that another user than root can reach; skips the test if PostgreSQL is not installed."""
    pytest.importorskip("pg8000", reason="the driver of PostgreSQL")
    initdb, postgres, ready, psql = (_binary(name) for name in ("initdb", "postgres", "pg_isready", "psql"))
    port, options = engines.free_port(), _somebody_else()
    with tempfile.TemporaryDirectory() as base:
        os.chown(base, options.get("user", -1), options.get("group", -1))
        Path(base, "password").write_text(Server.password)
        subprocess.run(
            [
                initdb,
                "-D",
                f"{base}/data",
                "-U",
                "postgres",
                "-A",
                "scram-sha-256",
                "--pwfile",
                f"{base}/password",
                "-N",
            ],
            check=True,
            capture_output=True,
            cwd=base,
            **options,
        )
        arguments = ["-D", f"{base}/data", "-p", str(port), "-h", "127.0.0.1", "-k", base, "-F"]
        with Path(base, "log").open("wb") as log:
            process = subprocess.Popen([postgres, *arguments], stdout=log, stderr=log, cwd=base, **options)
        deadline = time.monotonic() + 30
        while (
            subprocess.run([ready, "-h", "127.0.0.1", "-p", str(port)], capture_output=True, check=False).returncode
            != 0
        ):
            assert process.poll() is None, Path(base, "log").read_text()
            assert time.monotonic() < deadline, "PostgreSQL did not start in 30 seconds"
            time.sleep(0.1)
        yield Server(port, psql)
        process.send_signal(signal.SIGINT)  # a fast shutdown
        process.wait(30)
