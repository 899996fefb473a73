"""The environment that make builds: exactly the locked versions, once for each lock file, whole or begun anew."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from activities_gen import bootstrap
from activities_gen.wheels import WheelProbe

ROOT = Path(__file__).parents[2]


@pytest.fixture
def commands(monkeypatch):
    """The commands that would be run; ``-m venv`` makes what a virtual environment has."""
    run: list[str] = []

    def record(*command: str) -> None:
        run.append(" ".join(command[1:3]))
        if command[1:3] == ("-m", "venv"):
            python = Path(command[3]) / "bin/python"
            python.parent.mkdir(parents=True)
            python.write_text("")

    def record_quietly(*command: str, environment: object = None) -> str:
        run.append("uv" if Path(command[0]).name == "uv" else " ".join(command[1:3]))
        return ""

    monkeypatch.setattr(bootstrap, "_run", record)
    monkeypatch.setattr(bootstrap, "_quietly", record_quietly)
    return run


@pytest.fixture
def lock(tmp_path):
    path = tmp_path / "build.txt"
    path.write_text("one==1.0\n")
    return path


def complete(tmp_path: Path, lock: Path, *more: str) -> int:
    return bootstrap.main([str(tmp_path / ".venv"), str(lock), *more])


NEW = ["-m venv", "-m pip"]


def test_the_first_run_makes_it_and_the_second_does_nothing(tmp_path, lock, commands):
    assert complete(tmp_path, lock) == 0
    assert commands == NEW
    mark = tmp_path / ".venv/build.installed"
    os.utime(mark, (1, 1))

    assert complete(tmp_path, lock) == 0

    assert commands == NEW
    assert mark.stat().st_mtime > 1, "make would run it again and again"


def test_a_second_lock_file_completes_it(tmp_path, lock, commands):
    complete(tmp_path, lock)
    other = tmp_path / "test.txt"
    other.write_text("two==1.0\n")

    complete(tmp_path, other)

    assert commands == [*NEW, "-m pip"]


def test_a_changed_lock_file_is_installed_over_it(tmp_path, lock, commands):
    complete(tmp_path, lock)
    lock.write_text("one==2.0\n")

    complete(tmp_path, lock)

    assert commands == [*NEW, "-m pip"]


def test_a_changed_wheel_of_the_generator_is_installed(tmp_path, lock, commands):
    wheel = tmp_path / "activities_gen-1-py3-none-any.whl"
    wheel.write_bytes(b"1")
    complete(tmp_path, lock, "--wheel", str(wheel))
    assert commands == [*NEW, "-m pip"]
    wheel.write_bytes(b"2")

    complete(tmp_path, lock, "--wheel", str(wheel))

    assert commands == [*NEW, "-m pip", "-m pip", "-m pip"]


def test_what_a_killed_run_left_is_begun_anew(tmp_path, lock, commands):
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").write_text("")
    (tmp_path / ".venv/half").write_text("")

    complete(tmp_path, lock)

    assert commands == NEW
    assert not (tmp_path / ".venv/half").exists()


def test_killed_while_installing_it_is_not_taken_for_whole(tmp_path, lock, commands, monkeypatch):
    complete(tmp_path, lock)
    lock.write_text("one==2.0\n")

    def die(*command):
        raise KeyboardInterrupt

    monkeypatch.setattr(bootstrap, "_run", die)

    assert complete(tmp_path, lock) == 1
    assert not (tmp_path / ".venv/build.installed").exists()


def test_an_environment_of_another_python_is_begun_anew(tmp_path, lock, commands):
    with pytest.MonkeyPatch.context() as older:
        older.setattr(bootstrap, "_python", lambda: "3.9\n")
        complete(tmp_path, lock)

    complete(tmp_path, lock)

    assert commands == NEW * 2


def test_an_environment_whose_python_has_gone_is_begun_anew(tmp_path, lock, commands):
    complete(tmp_path, lock)
    (tmp_path / ".venv/bin/python").unlink()

    complete(tmp_path, lock)

    assert commands == NEW * 2


def test_a_lock_file_that_is_not_there_is_one_line(tmp_path, capsys):
    assert complete(tmp_path, tmp_path / "nope.txt") == 1
    assert capsys.readouterr().err == f"bootstrap: {tmp_path / 'nope.txt'}: No such file or directory.\n"


def test_it_says_what_it_installed_with_what_and_how_long_that_took(tmp_path, lock, commands, capsys):
    complete(tmp_path, lock)
    first, second = capsys.readouterr().err.splitlines()
    assert first == f"bootstrap: installing {lock}"
    assert re.fullmatch(rf"bootstrap: installed {lock} into {tmp_path / '.venv'} with pip in \d+\.\d s", second)

    complete(tmp_path, lock)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("version", ["2, 7, 18", "3, 6, 15", "3, 9, 18"])
def test_an_old_python_is_one_line(tmp_path, version):
    python = tmp_path / "python"
    claims = f'"{sys.executable}" -c "import sys; sys.version_info = ({version}); exec(sys.argv[1])"'
    python.write_text(f'#!/bin/sh\nexec {claims} "$2"\n')
    python.chmod(0o755)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements/build.txt").touch()
    command = ["make", "--no-print-directory", "-f", ROOT / "Makefile", f"PYTHON={python}", "artifacts"]

    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    major, minor, _ = version.split(", ")
    assert found.returncode != 0
    assert found.stderr.splitlines()[0] == (
        f"Python 3.10 or newer is needed; {python} is {major}.{minor}. Run: make PYTHON=python3.12 artifacts"
    )
    assert not (tmp_path / ".venv").exists()


def test_it_needs_nothing_but_python():
    code = "import activities_gen.bootstrap, sys; print([name for name in sys.modules if 'site-packages' in str(getattr(sys.modules[name], '__file__', ''))])"

    found = subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert found.stdout == "[]\n"


@pytest.mark.slow
def test_two_at_once_install_what_is_locked_and_refuse_what_is_not(make_directory, tmp_path):
    wheel = WheelProbe(make_directory()).wheel(stamped=False)
    links = tmp_path / "links"
    links.mkdir()
    (links / wheel.file_name).write_bytes(wheel.content)
    digest = hashlib.sha256(wheel.content).hexdigest()
    lock = tmp_path / "build.txt"
    lock.write_text(f"my-code==1.2.0 --hash=sha256:{digest}\n")
    environment = {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(links)}
    command = [sys.executable, "-m", "activities_gen.bootstrap", tmp_path / ".venv", lock]

    runs = [subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(2)]

    said = sorted((run.communicate()[1], run.returncode) for run in runs)
    assert said[0] == ("", 0), "the second has nothing to do"
    assert re.fullmatch(rf"bootstrap: installing {lock}\nbootstrap: installed {lock} .* with pip in .* s\n", said[1][0])
    code = "import code_here; print(code_here.ANSWER)"
    found = subprocess.run([tmp_path / ".venv/bin/python", "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "42\n"

    lock.write_text(f"my-code==1.2.0 --hash=sha256:{'0' * 64}\n")
    refused = subprocess.run(
        [*command[:-2], tmp_path / "other", lock],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in refused.stderr
    assert refused.stderr.splitlines()[-1].endswith("failed with status 1. Its own message stands above.")
    assert not (tmp_path / "other/build.installed").exists()
