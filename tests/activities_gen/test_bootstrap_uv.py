"""uv installs what is locked, and does what the user's pip is configured to do; else pip does."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from base64 import b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from activities_gen import bootstrap

ROOT = Path(__file__).parents[2]
LISTING = "-m pip config list"
INSTALL_UV = "-m pip install"


@pytest.fixture
def lock(tmp_path):
    path = tmp_path / "build.txt"
    path.write_text("one==1.0\n")
    path.with_name("uv.txt").write_text("uv==1.0\n")
    return path


class Commands:
    """Stands in for what would be run: commands that fail are those that begin with ``failing``."""

    def __init__(self) -> None:
        """Nothing was run yet, and pip is not configured."""
        self.run: list[str] = []
        self.listing = ""
        self.failing = "none"
        self.environment: dict[str, str] = {}

    def loud(self, *command: str) -> None:
        self.run.append(" ".join(command[1:4]))
        if command[1:3] == ("-m", "venv"):
            python = Path(command[3]) / "bin/python"
            python.parent.mkdir(parents=True)
            python.write_text("")

    def quiet(self, command, env, **_):
        name = " ".join(
            ["uv", *command[1:3]] if Path(command[0]).name == "uv" else command[1:5][: 4 if "config" in command else 3]
        )
        self.run.append(name)
        self.environment = env or {}
        failed = name.startswith(self.failing)
        error = "error: no answer from https://me:s3cret@host/simple/one\n" if failed else ""
        return subprocess.CompletedProcess(command, int(failed), self.listing if name == LISTING else "", error)


@pytest.fixture
def commands(monkeypatch):
    found = Commands()
    monkeypatch.setattr(bootstrap, "_run", found.loud)
    monkeypatch.setattr(bootstrap.subprocess, "run", found.quiet)
    return found


def complete(tmp_path: Path, lock: Path, *more: str) -> int:
    return bootstrap.main([str(tmp_path / ".venv"), str(lock), *more])


def test_uv_is_installed_by_its_lock_and_installs_the_rest(tmp_path, lock, commands, capsys):
    assert complete(tmp_path, lock) == 0

    assert commands.run[1:] == [LISTING, INSTALL_UV, "uv pip install"]
    assert " with uv in " in capsys.readouterr().err


def test_uv_installs_the_generators_wheel_too(tmp_path, lock, commands):
    wheel = tmp_path / "activities_gen-1-py3-none-any.whl"
    wheel.write_bytes(b"1")

    complete(tmp_path, lock, "--wheel", str(wheel))

    assert commands.run[3:] == ["uv pip install", "uv pip install"]


def test_where_uv_cannot_be_installed_pip_does_it(tmp_path, lock, commands, capsys):
    commands.failing = INSTALL_UV

    assert complete(tmp_path, lock) == 0

    assert commands.run[-1] == INSTALL_UV
    assert capsys.readouterr().err.endswith(" s: uv could not be installed\n")


def test_where_uv_cannot_run_pip_does_it(tmp_path, lock, commands, capsys, monkeypatch):
    def refuse(command, **options):
        if Path(command[0]).name == "uv":
            raise PermissionError
        return commands.quiet(command, **options)

    monkeypatch.setattr(bootstrap.subprocess, "run", refuse)

    assert complete(tmp_path, lock) == 0

    assert commands.run[-1] == INSTALL_UV
    assert capsys.readouterr().err.endswith(" s: uv does not run here\n")


def test_where_uv_fails_it_says_why_without_passwords_and_pip_tries(tmp_path, lock, commands, capsys):
    commands.failing = "uv"

    assert complete(tmp_path, lock) == 0

    said = capsys.readouterr().err
    assert commands.run[-1] == INSTALL_UV
    assert "error: no answer from https://****@host/simple/one\nbootstrap: pip tries again\n" in said
    assert said.endswith(" s: uv failed\n")


@pytest.mark.parametrize(
    "setting", ["no-binary=':all:'", "find-links='a,b'", "timeout='soon'", "keyring-provider='import'"]
)
def test_what_uv_cannot_do_as_pip_does_is_left_to_pip(setting, tmp_path, lock, commands, capsys):
    commands.listing = f"global.{setting}\n"
    name, _, value = setting.partition("=")

    assert complete(tmp_path, lock) == 0

    assert commands.run[1:] == [LISTING, INSTALL_UV]
    said = capsys.readouterr().err
    assert said.endswith(f" s: uv has no equal of pip's setting {name}\n")
    assert value.strip("'") not in said.replace(str(tmp_path), "")


@pytest.mark.parametrize(
    ("settings", "variables"),
    [
        ({"index-url": "https://me:it@host/simple"}, {"UV_INDEX_URL": "https://me:it@host/simple"}),
        ({"extra-index-url": "\nhttps://a\nhttps://b"}, {"UV_EXTRA_INDEX_URL": "https://a https://b"}),
        ({"find-links": "/wheels https://c"}, {"UV_FIND_LINKS": "/wheels,https://c"}),
        ({"trusted-host": "a\nb:8080"}, {"UV_INSECURE_HOST": "a b:8080"}),
        ({"cert": "/our.pem"}, {"SSL_CERT_FILE": "/our.pem"}),
        ({"cert": str(ROOT)}, {"SSL_CERT_DIR": str(ROOT)}),
        ({"client-cert": "/me.pem"}, {"SSL_CLIENT_CERT": "/me.pem"}),
        ({"proxy": "me:it@host:1"}, {"https_proxy": "http://me:it@host:1", "HTTP_PROXY": "http://me:it@host:1"}),
        ({"proxy": "https://host:1"}, {"HTTPS_PROXY": "https://host:1", "http_proxy": "https://host:1"}),
        ({"timeout": "2.5"}, {"UV_HTTP_TIMEOUT": "3"}),
        ({"default-timeout": "180"}, {"UV_HTTP_TIMEOUT": "180"}),
        ({"keyring-provider": "subprocess"}, {"UV_KEYRING_PROVIDER": "subprocess"}),
        ({"no-cache-dir": "true"}, {"UV_NO_CACHE": "1"}),
        ({"progress-bar": "off", "config-file": "/pip.conf", "keyring-provider": "auto", "no-cache-dir": "false"}, {}),
        ({}, {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_SYSTEM_CERTS": "1"}),
    ],
    ids=str,
)
def test_uv_is_told_what_pip_is_configured_with(settings, variables):
    options, told = bootstrap.uv_settings(settings, {})

    assert options == []
    assert told.items() >= variables.items()
    always = {"UV_INDEX_STRATEGY", "UV_SYSTEM_CERTS"}
    assert {name.upper() for name in told} - always <= {name.upper() for name in variables} | {
        "HTTP_PROXY",
        "HTTPS_PROXY",
    }


def test_uv_looks_into_no_index_where_pip_does_not():
    assert bootstrap.uv_settings({"no-index": "1"}, {})[0] == ["--no-index"]
    assert bootstrap.uv_settings({"no-index": "no"}, {})[0] == []


def test_uv_trusts_the_certificates_that_pip_takes_from_the_environment():
    environ = {"REQUESTS_CA_BUNDLE": "/requests.pem", "CURL_CA_BUNDLE": "/curl.pem"}

    assert bootstrap.uv_settings({}, environ)[1]["SSL_CERT_FILE"] == "/requests.pem"
    assert bootstrap.uv_settings({"cert": "/pip.pem"}, environ)[1]["SSL_CERT_FILE"] == "/pip.pem"


def test_settings_of_uv_do_not_change_where_from_it_installs():
    environ = {"UV_INDEX_URL": "https://another", "UV_CACHE_DIR": "/cache", "UV_LINK_MODE": "copy", "HOME": "/me"}

    told = bootstrap.uv_settings({}, environ)[1]

    assert "UV_INDEX_URL" not in told
    assert (told["UV_CACHE_DIR"], told["UV_LINK_MODE"], told["HOME"]) == ("/cache", "copy", "/me")


def test_of_pips_settings_the_one_for_install_counts_and_the_environment_more():
    listing = ":env:.index-url='https://c'\nglobal.index-url='https://a'\ninstall.index-url='https://b'\n"
    assert bootstrap.pip_settings(listing) == {"index-url": "https://c"}
    listing = "global.timeout='1'\ninstall.timeout='2'\ndownload.no-binary=':all:'\n:env:.cert=''\n"
    assert bootstrap.pip_settings(listing) == {"timeout": "2"}


def test_no_address_of_an_index_stands_in_a_command_line(tmp_path, lock, commands, monkeypatch, capsys):
    commands.listing = "global.index-url='https://me:s3cret@host/simple'\n"
    asked: list[str] = []
    monkeypatch.setattr(
        bootstrap.subprocess,
        "run",
        lambda command, **options: asked.extend(command) or commands.quiet(command, **options),
    )

    complete(tmp_path, lock)

    assert commands.environment["UV_INDEX_URL"] == "https://me:s3cret@host/simple"
    assert "s3cret" not in " ".join(asked) + capsys.readouterr().err


@pytest.mark.parametrize("lacking", ["INSTALLER", "RECORD"])
def test_a_package_that_was_installed_by_half_is_installed_again(lacking, tmp_path, lock, commands):
    complete(tmp_path, lock)
    packages = tmp_path / ".venv/lib/python3.11/site-packages"
    for name in ("half-1.0.dist-info", "whole-1.0.dist-info"):
        (packages / name).mkdir(parents=True)
        for file in ("METADATA", "INSTALLER", "RECORD"):
            (packages / name / file).write_text("")
    (packages / "half-1.0.dist-info" / lacking).unlink()
    lock.write_text("one==2.0\n")

    complete(tmp_path, lock)

    assert [path.name for path in packages.iterdir()] == ["whole-1.0.dist-info"]


PASSWORD = "s3cret"


def make_wheel(folder: Path, name: str, files: dict[str, bytes]) -> str:
    """Write a wheel of some files; returns its line of a lock file."""
    info = f"{name}-1.0.dist-info"
    files |= {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for file, content in files.items():
            entry = zipfile.ZipInfo(file)
            entry.external_attr = 0o100755 << 16
            wheel.writestr(entry, content)
        wheel.writestr(f"{info}/RECORD", "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"]))
    return f"{name}==1.0 --hash=sha256:{sha256(path.read_bytes()).hexdigest()}\n"


@contextlib.contextmanager
def index_with_a_password(folder: Path):
    """An index of the wheels of a folder, for those who know the password; gives its address."""
    known = "Basic " + b64encode(f"me:{PASSWORD}".encode()).decode()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            allowed = self.headers.get("Authorization") == known
            file = folder / Path(self.path).name
            links = "".join(f'<a href="/{one.name}">{one.name}</a>' for one in folder.glob(f"{file.name}-*"))
            content = file.read_bytes() if file.is_file() else f"<html><body>{links}</body></html>".encode()
            self.send_response(200 if allowed else 401)
            self.send_header("Content-Type", "application/octet-stream" if file.is_file() else "text/html")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("WWW-Authenticate", "Basic realm=x")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://me:{PASSWORD}@127.0.0.1:{server.server_address[1]}/simple"
    server.shutdown()
    server.server_close()


@pytest.mark.slow
def test_from_an_index_with_a_password_uv_installs_and_tells_nobody(tmp_path):
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if uv is None:
        pytest.skip("uv is not on this machine")
    lock = tmp_path / "build.txt"
    (tmp_path / "wheels").mkdir()
    script = f'#!/bin/sh\nexec "{uv}" "$@"\n'.encode()
    lock.with_name("uv.txt").write_text(make_wheel(tmp_path / "wheels", "uv", {"uv-1.0.data/scripts/uv": script}))
    locked = make_wheel(tmp_path / "wheels", "one", {"one.py": b"ANSWER = 42\n"})
    lock.write_text(locked)

    with index_with_a_password(tmp_path / "wheels") as address:
        (tmp_path / "pip.conf").write_text(f"[global]\nindex-url = {address}\n")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
        environment |= {"PIP_CONFIG_FILE": str(tmp_path / "pip.conf"), "UV_CACHE_DIR": str(tmp_path / "cache")}

        def run() -> subprocess.CompletedProcess[str]:
            command = [sys.executable, "-m", "activities_gen.bootstrap", tmp_path / ".venv", lock]
            return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

        made = run()
        code = "import one; print(one.ANSWER)"
        answer = subprocess.run(
            [tmp_path / ".venv/bin/python", "-c", code], capture_output=True, text=True, check=False
        )
        lock.write_text(f"one==1.0 --hash=sha256:{'0' * 64}\n")
        shutil.rmtree(tmp_path / ".venv")
        refused = run()

    assert made.returncode == 0, made.stderr
    assert " with uv in " in made.stderr
    assert answer.stdout == "42\n"
    assert refused.returncode == 1
    assert "bootstrap: pip tries again" in refused.stderr
    assert PASSWORD not in made.stderr + refused.stderr
