"""Killed at any moment, or run twice at once: the directory holds the old outputs or the new ones, or is said to be stale."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from activities_gen.generation import Generated, generate, stage, staleness

HEAD = "from activities_gen import *\n"


def outputs(root: Path) -> dict[str, bytes]:
    """The JSON files and everything in artifacts/."""
    files = [*root.glob("*.json"), *(path for path in (root / "artifacts").rglob("*") if path.is_file())]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def start(root: Path, repository: Path, verb: str = "artifacts") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "activities_gen", verb, root],
        cwd=repository,
        env={**os.environ, "TMPDIR": str(root.parent)},  # what a killed process leaves there goes with the test
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def variant_files(number: int) -> dict[str, str]:
    """What differs in the sources between their two states."""
    return {
        "activities.py": HEAD + f'pipeline = Pipeline("hello-world", [spark_python("A", entrypoint="e{number}.py")])',
        "e1.py": "x = 1\n" * 20_000,
        "e2.py": "x = 2\n" * 20_000,
        "Makefile": "artifacts:\n\techo\n",
        "code_here/__init__.py": f"ANSWER = {number}\n" * 50_000,
    }


def variant(make_directory, number: int) -> Path:
    """The directory with its sources in one of two states."""
    return make_directory(variant_files(number))


SERVE = """
import os, sys
from activities_gen.cli import main
root = sys.argv[1]
main(["generate", root])
sys.stdout.flush()
for line in sys.stdin:
    child = os.fork()
    if not child:
        os.setsid()
        os._exit(main(["artifacts", root]))
    print("started", child, flush=True)
    print("ended", os.waitstatus_to_exitcode(os.wait()[1]), flush=True)
"""
"""Runs in processes of their own that have imported all they need: that is most of a run, and writes nothing."""


class Runs:
    """Starts runs in a directory, one after the other."""

    def __init__(self, root: Path, repository: Path) -> None:
        """Start the process that the runs are copies of."""
        self.server = subprocess.Popen(
            [sys.executable, "-c", SERVE, root],
            cwd=repository,
            env={**os.environ, "TMPDIR": str(root.parent)},  # what a killed process leaves there goes with the test
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self) -> int:
        """Start a run; returns the number of its process, and of its group."""
        self.server.stdin.write("run\n")
        self.server.stdin.flush()
        return self.answer("started")

    def answer(self, word: str) -> int:
        """Wait for the number behind a word."""
        return next(int(line.split()[1]) for line in iter(self.server.stdout.readline, "") if line.startswith(word))

    def finish(self) -> float:
        """A whole run; returns the seconds that it took."""
        begun = time.monotonic()
        self.start()
        assert self.answer("ended") == 0
        return time.monotonic() - begun


@pytest.fixture
def runs(make_directory, repository):
    found = Runs(variant(make_directory, 2), repository)
    yield found
    found.server.communicate()


@pytest.mark.slow
def test_killed_at_any_moment_it_holds_the_old_or_the_new_or_is_said_to_be_stale(make_directory, runs):
    made = {}
    for number in (2, 1):
        root = variant(make_directory, number)
        took = runs.finish()
        made[number] = outputs(root)
    chance = random.Random(197)
    variant(make_directory, 2)
    generated = generate(root)
    old = root.with_name("old")
    shutil.copytree(root, old)
    seen = set()

    for _ in range(50):
        process = runs.start()
        # Most of the time is spent before the first file is touched: aim at the moments that matter.
        time.sleep(took * chance.choice([chance.random(), 0.75 + chance.random() / 2]))
        with contextlib.suppress(ProcessLookupError):  # it has ended
            os.killpg(process, signal.SIGKILL)
        runs.answer("ended")
        now = outputs(root)
        state = next((number for number in made if now == made[number]), 0)
        seen.add(state)
        assert state or staleness(generated), "a mixture that checks as good"
        for name, content in now.items():
            assert content in (made[1].get(name), made[2].get(name)), f"{name} is neither the old nor the new"
        if state == 2:  # begin again with the old outputs
            shutil.rmtree(root)
            shutil.copytree(old, root)

    runs.finish()
    assert outputs(root) == made[2]
    assert not list(root.glob(".activities-gen-*"))
    assert 1 in seen


MOMENTS = range(14)
"""How many of the steps of writing are done when the process is killed."""

KILL = """
import os, shutil, sys
from pathlib import Path
from activities_gen.generation import generate, stage
root, before, after, moments = (*map(Path, sys.argv[1:4]), int(sys.argv[4]))
generated = generate(root)
for moment in range(moments):
    shutil.rmtree(root)
    shutil.copytree(before, root)
    if not os.fork():
        left = moment
        def watch(event, arguments):
            global left
            if event in ("os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir", "shutil.rmtree"):
                if left == 0:
                    os.kill(os.getpid(), 9)
                left -= 1
        sys.addaudithook(watch)
        stage(generated)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.wait()[1]) == -9, moment
    shutil.copytree(root, after / str(moment), symlinks=True)
"""
"""One process, as importing takes most of its time: it lets a copy of itself be killed at each moment."""


class Killed:
    """A directory, and what is left of it when writing is killed at each moment."""

    def __init__(self, root: Path, left: Path, generated: Generated, made: dict[int, dict[str, bytes]]) -> None:
        """Remember what was made of each variant of the sources, and what is to be written over the first."""
        self.root, self.left, self.generated, self.made = root, left, generated, made

    def at(self, moment: int) -> None:
        """Put the directory into the state in which the process left it."""
        shutil.rmtree(self.root)
        shutil.copytree(self.left / str(moment), self.root, symlinks=True)


@pytest.fixture(scope="module")
def killed(make_directory_in, tmp_path_factory):
    place = tmp_path_factory.mktemp("killed")
    root, made = place / "hello-world", {}
    for number in (2, 1):
        make_directory_in(root, variant_files(number))
        stage(generate(root))
        made[number] = outputs(root)
    make_directory_in(root, variant_files(2))
    generated = generate(root)
    shutil.copytree(root, place / "before")
    command = [sys.executable, "-c", KILL, root, place / "before", place / "after", str(len(MOMENTS))]
    subprocess.run(command, cwd=Path(__file__).parents[2], check=True)
    return Killed(root, place / "after", generated, made)


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_between_any_two_steps_of_writing(killed, moment):
    killed.at(moment)

    assert outputs(killed.root) in killed.made.values() or staleness(killed.generated), "a mixture that checks as good"
    stage(killed.generated)
    assert outputs(killed.root) == killed.made[2]
    assert not list(killed.root.glob(".activities-gen-*"))


def test_two_at_once_both_succeed_with_one_result(make_directory, repository):
    root = variant(make_directory, 1)

    runs = [start(root, repository) for _ in range(3)]
    answers = [(run.communicate()[1], run.returncode) for run in runs]

    assert answers == [("", 0)] * 3
    assert staleness(generate(root)) == []
    assert not list(root.glob(".activities-gen-*"))


def test_a_check_beside_a_run_does_not_disturb_it(make_directory, repository):
    root = variant(make_directory, 1)

    runs = [start(root, repository, verb) for verb in ("artifacts", "generate", "artifacts")]

    assert [(run.communicate()[1], run.returncode) for run in runs] == [("", 0)] * 3


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_asked_to_stop_leaves_no_traceback(make_directory, repository, tmp_path, number):
    begun = tmp_path / "begun"
    root = make_directory({"setup.py": f"import time\nopen({str(begun)!r}, 'w').close()\ntime.sleep(20)\n"})
    process = start(root, repository)
    while not begun.exists():
        time.sleep(0.02)

    os.killpg(process.pid, number)

    _, errors = process.communicate(timeout=20)
    assert "Traceback" not in errors
    assert process.returncode in (130, -signal.SIGTERM)
    assert outputs(root) == {}
