"""The wheel is named by its content: the same content the same name and bytes everywhere, new content a new name."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from packaging.utils import parse_wheel_filename

from activities_gen.findings import FindingsError
from activities_gen.wheels import Wheel, WheelProbe

ROOT = Path(__file__).parents[2]
SETUP = "from setuptools import setup\nsetup({})\n"


def built(root: Path, *, stamped: bool = True) -> Wheel:
    return WheelProbe(root).wheel(stamped=stamped)


def entries(wheel: Wheel) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(wheel.content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def contained(wheel: Wheel) -> list[str]:
    """What the wheel installs, its metadata aside."""
    return [name for name in entries(wheel) if ".dist-info/" not in name]


def refused(root: Path) -> str:
    with pytest.raises(FindingsError) as error:
        built(root)
    [finding] = error.value.findings
    return f"{finding.location} {finding.code} {finding.message}"


def test_the_file_name_is_that_of_the_packaging_library(make_directory):
    wheel = built(make_directory())

    name, version, build, tags = parse_wheel_filename(wheel.file_name)
    assert (name, str(version), build) == ("my-code", wheel.version, ())
    assert re.fullmatch(r"my_code-1\.2\.0\+[0-9a-f]{12}-py3-none-any\.whl", wheel.file_name)
    assert [str(tag) for tag in tags] == ["py3-none-any"]
    assert (wheel.distribution, wheel.packages) == ("my-code", ("code_here",))


@pytest.mark.parametrize(
    ("name", "version", "expected"),
    [
        ("my.dotted.name", "1", r"my_dotted_name-1\+S"),
        ("Mixed_Case--name", "1.0", r"mixed_case_name-1\.0\+S"),
        ("x", "1.0-RC1", r"x-1\.0rc1\+S"),
        ("x", "1!2.0.post1.dev3", r"x-1!2\.0\.post1\.dev3\+S"),
        ("x", "1.0+mine", r"x-1\.0\+mine\.S"),
        ("x", "1.0+Mine-2", r"x-1\.0\+mine\.2\.S"),
        ("x", "0.0.1", r"x-0\.0\.1\+S"),
    ],
)
def test_names_and_versions_are_normalised_as_pip_does(make_directory, name, version, expected):
    root = make_directory({"setup.py": SETUP.format(f"name={name!r}, version={version!r}, packages=['code_here']")})

    assert re.fullmatch(expected.replace("S", "[0-9a-f]{12}") + r"-py3-none-any\.whl", built(root).file_name)


def test_the_stamp_can_be_turned_off(make_directory):
    wheel = built(make_directory(), stamped=False)

    assert (wheel.version, wheel.file_name) == ("1.2.0", "my_code-1.2.0-py3-none-any.whl")


def test_a_local_version_of_ones_own_stays_where_the_stamp_is_off(make_directory):
    root = make_directory({"setup.py": SETUP.format("name='x', version='1.0+mine', packages=['code_here']")})

    assert built(root, stamped=False).version == "1.0+mine"


def test_pip_finds_it_whole_and_installs_it(make_directory, tmp_path):
    wheel = built(make_directory())
    file = tmp_path / wheel.file_name
    file.write_bytes(wheel.content)

    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-index",
            "--no-deps",
            "--target",
            tmp_path / "site",
            file,
        ],
        check=True,
    )

    code = "import code_here; from importlib.metadata import version; print(code_here.ANSWER, version('my-code'))"
    found = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout == f"42 {wheel.version}\n"


def test_the_record_names_every_file_with_its_hash_and_size(make_directory):
    wheel = built(make_directory({"code_here/data, with comma.py": "x = 1"}))

    files = entries(wheel)
    [record] = [name for name in files if name.endswith("/RECORD")]
    rows = list(csv.reader(io.StringIO(files[record].decode())))
    assert [row[0] for row in rows] == list(files)
    for name, digest, size in rows[:-1]:
        expected = base64.urlsafe_b64encode(hashlib.sha256(files[name]).digest()).decode().rstrip("=")
        assert (digest, size) == (f"sha256={expected}", str(len(files[name])))
    assert rows[-1] == [record, "", ""]


# --- what is in it ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "files", "expected"),
    [
        ("packages=find_packages()", {"code_here/part/__init__.py": ""}, ["code_here/__init__.py", "code_here/part/__init__.py"]),
        (
            "packages=find_packages('src'), package_dir={'': 'src'}",
            {"src/inner/__init__.py": "", "src/inner/jobs.py": ""},
            ["inner/__init__.py", "inner/jobs.py"],
        ),
        ("py_modules=['one', 'two']", {"one.py": "", "two.py": ""}, ["one.py", "two.py"]),
        (
            "packages=['code_here'], package_data={'code_here': ['*.csv', 'deep/**/*.txt']}",
            {"code_here/a.csv": "1", "code_here/b.bin": "2", "code_here/deep/er/c.txt": "3"},
            ["code_here/__init__.py", "code_here/a.csv", "code_here/deep/er/c.txt"],
        ),
        (
            "packages=['code_here'], include_package_data=True",
            {"MANIFEST.in": "include code_here/*.sql\n", "code_here/q.sql": "select 1"},
            ["code_here/__init__.py", "code_here/q.sql"],
        ),
        (
            "packages=['code_here'], package_data={'code_here': ['**']}",
            {"code_here/__pycache__/__init__.cpython-311.pyc": "chance"},
            ["code_here/__init__.py"],
        ),
        ("packages=['code_here'], data_files=[('share', ['x.csv'])]", {"x.csv": "1"}, ["V.data/data/share/x.csv", "code_here/__init__.py"]),
        ("packages=['code_here'], scripts=['run.sh']", {"run.sh": "echo"}, ["V.data/scripts/run.sh", "code_here/__init__.py"]),
    ],
    ids=["sub-package", "src layout", "py_modules", "package_data", "include_package_data", "compiled leftovers", "data_files", "scripts"],
)  # fmt: skip
def test_it_contains_what_setup_py_names(make_directory, arguments, files, expected):
    setup = f"from setuptools import find_packages, setup\nsetup(name='x', version='1', {arguments})\n"
    wheel = built(make_directory({"setup.py": setup, **files}))

    assert sorted(name.replace(f"x-{wheel.version}", "V") for name in contained(wheel)) == expected


BASE = "name='x', version='1', packages=['code_here'], package_data={'code_here': ['*.csv']}"
CHANGES = {
    "a module": {"code_here/__init__.py": "ANSWER = 43\n"},
    "a new module": {"code_here/new.py": ""},
    "white space": {"code_here/__init__.py": "ANSWER = 42\n\n"},
    "package data": {"code_here/a.csv": "2"},
    "a renamed file": {"code_here/a.csv": None, "code_here/b.csv": "1"},
    "the licence": {"LICENSE": "other"},
    "a dependency": {"setup.py": SETUP.format(BASE + ", install_requires=['pydicom']")},
    "the description": {"setup.py": SETUP.format(BASE + ", long_description='new'")},
    "an entry point": {"setup.py": SETUP.format(BASE + ", entry_points={'console_scripts': ['x = code_here:main']}")},
    "a script": {"setup.py": SETUP.format(BASE + ", scripts=['run.sh']"), "run.sh": "echo"},
    "the name": {"setup.py": SETUP.format(BASE.replace("'x'", "'y'"))},
}
NO_CHANGES = {
    "nothing": {},
    "the entrypoint": {"entrypoint.py": "other"},
    "a test": {"tests/test_x.py": ""},
    "a comment in setup.py": {"setup.py": "# why\n" + SETUP.format(BASE)},
    "what a build left": {"build/lib/code_here/old.py": "", "x.egg-info/SOURCES.txt": "code_here/old.py"},
    "compiled leftovers": {"code_here/__pycache__/__init__.cpython-311.pyc": "chance"},
    "another repository's file": {"../other/code_here/__init__.py": "x"},
}


BASED = {"setup.py": SETUP.format(BASE), "code_here/a.csv": "1", "LICENSE": "mine"}


@pytest.fixture
def based(make_directory):
    return lambda files: make_directory({**BASED, **files})


@pytest.fixture(scope="module")
def before(tmp_path_factory, make_directory_in):
    """The wheel before any change."""
    return built(make_directory_in(tmp_path_factory.mktemp("before"), BASED))


@pytest.mark.parametrize("files", CHANGES.values(), ids=CHANGES)
def test_a_change_of_the_content_is_a_new_name(based, before, files):
    assert built(based(files)).version != before.version


@pytest.mark.parametrize("files", NO_CHANGES.values(), ids=NO_CHANGES)
def test_a_change_beside_the_content_is_none(based, before, files):
    assert built(based(files)) == before


def test_a_new_version_is_a_new_name_under_the_same_stamp(based):
    first = built(based({}))
    second = built(based({"setup.py": SETUP.format(BASE.replace("version='1'", "version='2'"))}))

    assert first.version.split("+")[1] == second.version.split("+")[1]
    assert (first.version[:2], second.version[:2]) == ("1+", "2+")


def test_a_script_is_in_the_stamp(based):
    setup = {"setup.py": SETUP.format(BASE + ", scripts=['run.sh']")}

    assert built(based({**setup, "run.sh": "echo 1"})).version != built(based({**setup, "run.sh": "echo 2"})).version


def test_building_leaves_nothing_in_the_directory(make_directory):
    root = make_directory()
    before = sorted(root.rglob("*"))

    built(root)

    assert sorted(root.rglob("*")) == before


# --- the same bytes ---------------------------------------------------------------------------------------------------

PRINT = (
    "import hashlib, pathlib, sys; from activities_gen.wheels import WheelProbe; "
    "wheel = WheelProbe(pathlib.Path(sys.argv[1])).wheel(stamped=True); "
    "print(wheel.file_name, hashlib.sha256(wheel.content).hexdigest())"
)


def built_elsewhere(
    root: Path, repository: Path, python: str = sys.executable, cwd: Path | None = None, **environment: str
) -> str:
    """Name and hash of the wheel that another process makes."""
    site = [find_spec(name).origin for name in ("setuptools", "packaging")]  # type: ignore[union-attr]
    path = os.pathsep.join([str(repository), *{str(Path(origin).parents[1]) for origin in site}])  # type: ignore[arg-type]
    variables = {**os.environ, "PYTHONPATH": path, **environment}
    found = subprocess.run(
        [python, "-c", PRINT, root], env=variables, cwd=cwd, capture_output=True, text=True, check=True
    )
    return found.stdout


ENVIRONMENTS = {
    "time zone": {"TZ": "Pacific/Kiritimati"},
    "locale": {"LC_ALL": "C", "LANG": "C"},
    "Turkish": {"LC_ALL": "tr_TR.UTF-8"},
    "hash seed 0": {"PYTHONHASHSEED": "0"},
    "hash seed 4242": {"PYTHONHASHSEED": "4242"},
    "clock": {"SOURCE_DATE_EPOCH": "1700000000"},
    "bytecode": {"PYTHONDONTWRITEBYTECODE": ""},
}


@pytest.fixture(scope="module")
def rich(tmp_path_factory, make_directory_in):
    """A directory with everything that could differ: letters, nesting, a licence."""
    arguments = (
        "name='x', version='1', packages=find_packages(), package_data={'code_here': ['**/*.csv']}, author='Ünï'"
    )
    return make_directory_in(
        tmp_path_factory.mktemp("rich"),
        {
            "setup.py": f"from setuptools import find_packages, setup\nsetup({arguments})\n",
            "LICENSE": "é",
            "code_here/é.py": "# 😀\n",
            "code_here/b/__init__.py": "",
            "code_here/B/__init__.py": "",
            "code_here/data/z.csv": "1",
        },
    )


@pytest.fixture(scope="module")
def expected(rich):
    """Name and hash of the wheel as it is made here."""
    return built_elsewhere(rich, ROOT)


@pytest.mark.parametrize("environment", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_the_bytes_do_not_depend_on_the_environment(rich, expected, environment):
    assert built_elsewhere(rich, ROOT, **environment) == expected


def test_the_bytes_do_not_depend_on_place_umask_modes_and_dates_of_files(rich, expected, tmp_path):
    copy = tmp_path / "elsewhere" / "other-name"
    shutil.copytree(rich, copy)
    for path in copy.rglob("*.py"):
        path.chmod(stat.S_IRUSR | stat.S_IXUSR)
        os.utime(path, (10**9, 10**9))

    umask = os.umask(0o077)
    try:
        assert built_elsewhere(copy, ROOT, cwd=tmp_path) == expected
    finally:
        os.umask(umask)


@pytest.mark.slow
@pytest.mark.parametrize("minor", [10, 11, 12, 13])
def test_the_bytes_do_not_depend_on_the_python(rich, expected, minor):
    python = _python(minor)
    if python is None:
        pytest.skip(f"no Python 3.{minor} here")

    assert built_elsewhere(rich, ROOT, python) == expected


def _python(minor: int) -> str | None:
    """A Python 3.``minor``: on the path, or one of pyenv's."""
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    candidates = [*sorted(versions.glob(f"3.{minor}.*/bin/python")), shutil.which(f"python3.{minor}")]
    for candidate in filter(None, candidates):
        if subprocess.run([candidate, "-c", ""], capture_output=True, check=False).returncode == 0:
            return str(candidate)
    return None


# --- what cannot be built ---------------------------------------------------------------------------------------------

BAD = {
    "it raises": ("import os\n\nraise ValueError('no\\nnetwork')", "setup.py:3 GEN011 setup.py fails: ValueError: no network."),
    "it is no Python": ("from setuptools import setup\nsetup(", "setup.py:2 GEN011 setup.py fails: not valid Python: '(' was never closed."),
    "it exits": ("import sys\nsys.exit(3)", "setup.py:2 GEN011 setup.py fails: it ends the process: sys.exit(3)."),
    "it exits with a message": ("import sys\nsys.exit('Use make.')", "setup.py:2 GEN011 setup.py fails: Use make."),
    "it dies": ("import os\nos._exit(9)", "setup.py GEN011 setup.py in 'hello-world' ended its process, with exit status 9."),
    "it raises what is no Exception": ("raise BaseException('x')", "setup.py:1 GEN011 setup.py fails: BaseException: x."),
    "it is no text": (
        b"\xff\xfes\x00",
        "setup.py GEN011 setup.py fails: it is no text in UTF-8. Save it as UTF-8, or name its encoding in the first line.",
    ),
    "it calls no setup": (
        "x = 1",
        "setup.py GEN011 setup.py fails: it calls no setup(…).",
    ),
    "its package is missing": (
        SETUP.format("name='x', version='1', packages=['nope']"),
        "setup.py GEN011 setup.py fails: package directory 'nope' does not exist.",
    ),
    "it finds no package": (
        "from setuptools import find_packages, setup\nsetup(name='x', version='1', packages=find_packages(include=['nope']))",
        "setup.py GEN012 setup.py makes an empty wheel: it names no package that exists. Check its 'packages'.",
    ),
    "it has no name": (
        SETUP.format("version='1', py_modules=['setup', 'entrypoint']"),
        "setup.py GEN012 setup.py gives no name. Add name='…' to its setup(…).",
    ),
    "it has no version": (
        SETUP.format("name='x', packages=['code_here']"),
        "setup.py GEN012 setup.py gives no version. Add version='1.0.0' to its setup(…).",
    ),
    "it leaves setuptools to choose among packages": (
        "import os\nos.makedirs('artifacts', exist_ok=True)\n" + SETUP.format("name='x', version='1'"),
        "setup.py GEN011 setup.py fails: Multiple top-level packages discovered in a flat-layout: ['artifacts', 'code_here']. Name yours in setup(…), as in packages=find_packages(include=['my_package', 'my_package.*']).",
    ),
    "it has compiled parts": (
        "from setuptools import Extension, setup\nsetup(name='x', version='1', packages=['code_here'], ext_modules=[Extension('a', ['a.c'])])",
        "setup.py GEN012 setup.py describes compiled extensions, whose wheel fits this machine alone. Only pure Python wheels can be staged here.",
    ),
    "its wheel is for one platform": (
        SETUP.format("name='x', version='1', packages=['code_here'], options={'bdist_wheel': {'plat_name': 'linux_x86_64'}}"),
        "setup.py GEN012 setup.py describes compiled extensions, whose wheel fits this machine alone. Only pure Python wheels can be staged here.",
    ),
    "its package imports what is not there": (
        "import pyspark_that_is_not_installed",
        "setup.py:1 GEN011 setup.py fails: ModuleNotFoundError: No module named 'pyspark_that_is_not_installed'.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("setup", "expected"), BAD.values(), ids=BAD)
def test_what_setup_py_does_wrong_is_a_finding(make_directory, setup, expected):
    found = refused(make_directory({"setup.py": setup}))

    # setuptools lists packages in the order of the directory's entries.
    assert found.replace("['code_here', 'artifacts']", "['artifacts', 'code_here']") == expected


def test_a_setup_py_that_does_not_end(make_directory, monkeypatch):
    monkeypatch.setattr("activities_gen.wheels._PATIENCE", 0.5)
    root = make_directory({"setup.py": "import time\ntime.sleep(60)"})

    assert refused(root) == (
        "setup.py GEN011 setup.py did not end within 0.5 seconds. "
        "Run it by hand to see what it waits for: python setup.py bdist_wheel"
    )


def test_a_version_that_pep_440_does_not_allow(make_directory):
    root = make_directory({"setup.py": SETUP.format("name='x', version='first', packages=['code_here']")})

    assert "InvalidVersion" in refused(root)
    assert "'first'" in refused(root)


@pytest.mark.parametrize(
    "noise",
    ["print('{}')", "import os; os.write(1, b'no line end')", "import subprocess; subprocess.run(['echo', 'x'])", "import subprocess; subprocess.Popen(['sleep', '60'])", "import sys; sys.stdout.close()", "print('x' * 10_000_000)"],
    ids=["print", "raw write", "child process", "child process that goes on", "closed output", "very much"],
)  # fmt: skip
def test_what_setup_py_prints_does_not_matter(make_directory, noise):
    root = make_directory({"setup.py": f"{noise}\n" + SETUP.format("name='x', version='1', packages=['code_here']")})

    assert built(root).distribution == "x"


def test_setup_py_may_read_its_version_from_the_package(make_directory):
    root = make_directory(
        {
            "setup.py": "import code_here\n" + SETUP.format("name='x', version=code_here.V, packages=['code_here']"),
            "code_here/__init__.py": "V = '3.4'",
        }
    )

    assert built(root).version.startswith("3.4+")


def test_it_does_not_outlive_its_block(make_directory):
    with WheelProbe(make_directory({"setup.py": "import time\ntime.sleep(60)"})):
        pass
