"""From a directory to its JSON and its artifacts: exactly what the JSON names is staged, and what is stale is said."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from activities_gen.findings import FindingsError
from activities_gen.generation import Generated, generate, stage, staleness, write_json

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "from activities_gen import *\nfrom azure.mgmt.datafactory.models import *\n"
TWO = HEAD + (
    'a = spark_python("A", parameters=["--codes", artifact("lookups/codes.csv")])\n'
    'b = spark_python("B", entrypoint="jobs/second.py", depends_on=after(a))\n'
    'pipeline = Pipeline("hello-world", [a, b], artifacts=["notes.txt"])\n'
)
TWO_FILES = {
    "activities.py": TWO,
    "jobs/second.py": "import code_here\n",
    "lookups/codes.csv": "code\n1\n",
    "notes.txt": "",
}


def staged(root: Path) -> list[str]:
    """What is in artifacts/, with the wheel's stamp left out."""
    return sorted("wheel" if path.suffix == ".whl" else path.name for path in (root / "artifacts").iterdir())


def paths(root: Path) -> set[str]:
    """Every path below the pipeline's own folder that the JSON names."""

    def walk(value):
        if isinstance(value, str):
            yield value
        elif isinstance(value, (dict, list)):
            for member in value.values() if isinstance(value, dict) else value:
                yield from walk(member)

    prefix = "dbfs:/pipelines/hello-world/artifacts/"
    found = walk(json.loads((root / "pipeline.json").read_text()))
    return {text.removeprefix(prefix) for text in found if text.startswith(prefix)}


def refused(root: Path) -> list[str]:
    with pytest.raises(FindingsError) as error:
        generate(root)
    return [f"{one.location} {one.code} {one.message}" for one in error.value.findings]


def stale_codes(generated: Generated) -> list[str]:
    return [f"{one.code} {one.location}" for one in staleness(generated)]


def test_artifacts_holds_exactly_what_the_json_names(make_directory):
    root = make_directory(TWO_FILES)

    stage(generate(root))

    assert staged(root) == ["codes.csv", "entrypoint.py", "notes.txt", "second.py", "wheel"]
    assert paths(root) | {"notes.txt"} == {path.name for path in (root / "artifacts").iterdir()}
    assert (root / "artifacts/second.py").read_text() == "import code_here\n"


def test_both_contracts_name_the_same_activities(make_directory):
    root = make_directory(TWO_FILES)
    write_json(generate(root))

    pipeline = json.loads((root / "pipeline.json").read_text())
    assert json.loads((root / "activities.json").read_text()) == pipeline["properties"]["activities"]
    assert pipeline["name"] == "hello-world"
    assert not (root / "trigger.json").exists()


def test_what_nothing_names_any_more_goes(make_directory):
    root = make_directory(
        {**TWO_FILES, "artifacts/old-1.0-py3-none-any.whl": "x", "artifacts/.hidden": "", "artifacts/sub/x": ""}
    )

    changed = stage(generate(root))

    assert staged(root) == ["codes.csv", "entrypoint.py", "notes.txt", "second.py", "wheel"]
    assert {"artifacts/old-1.0-py3-none-any.whl", "artifacts/.hidden", "artifacts/sub"} <= set(changed)


def test_nothing_changes_where_nothing_changed(make_directory):
    root = make_directory(TWO_FILES)
    stage(generate(root))
    times = {path: path.stat().st_mtime_ns for path in root.rglob("*")}

    assert stage(generate(root)) == []
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == times


def test_a_change_of_the_code_is_a_new_wheel_and_a_new_name_in_the_json(make_directory):
    root = make_directory()
    stage(generate(root))
    before = paths(root)
    (root / "code_here/__init__.py").write_text("ANSWER = 43\n")

    stage(generate(root))

    assert len(before - paths(root)) == 1
    assert paths(root) == {path.name for path in (root / "artifacts").iterdir()}


def test_an_unstamped_wheel_is_built_anew_under_its_old_name(make_directory):
    root = make_directory(
        {"activities.py": HEAD + 'pipeline = Pipeline("hello-world", [spark_python("A")], stamp_wheel=False)'}
    )
    stage(generate(root))
    wheel = root / "artifacts/my_code-1.2.0-py3-none-any.whl"
    before = wheel.read_bytes()
    (root / "code_here/__init__.py").write_text("ANSWER = 43\n")

    assert stale_codes(generate(root)) == ["GEN032 artifacts/my_code-1.2.0-py3-none-any.whl"]
    assert stage(generate(root)) == ["artifacts/my_code-1.2.0-py3-none-any.whl"]
    assert wheel.read_bytes() != before


def test_a_trigger_has_a_file_of_its_own_that_goes_with_it(make_directory):
    trigger = 'tumbling_window(frequency="Hour", interval=24, start_time="2024-01-01T00:00:00Z")'
    root = make_directory(
        {"activities.py": HEAD + f'pipeline = Pipeline("hello-world", [spark_python("A")], trigger={trigger})'}
    )
    assert write_json(generate(root)) == ["activities.json", "pipeline.json", "trigger.json"]

    (root / "activities.py").write_text(HEAD + 'pipeline = Pipeline("hello-world", [spark_python("A")])')

    assert stale_codes(generate(root)) == ["GEN031 trigger.json"]
    assert write_json(generate(root)) == ["trigger.json"]
    assert not (root / "trigger.json").exists()


def test_plain_adf_gets_no_bare_list(make_directory):
    root = make_directory(
        {"activities.py": HEAD + 'pipeline = Pipeline("hello-world", [spark_python("A")], target="adf")'}
    )

    assert write_json(generate(root)) == ["pipeline.json"]


# --- paths written by hand --------------------------------------------------------------------------------------------

BY_HAND = HEAD + (
    'a = DatabricksSparkPythonActivity(name="A",\n'
    "  python_file={file!r},\n"
    '  libraries=[{{"whl": {wheel}}}], linked_service_name=databricks())\n'
    'pipeline = Pipeline("hello-world", [a], artifacts_root={root!r})\n'
)


@pytest.mark.parametrize(
    "root", ["dbfs:/pipelines", "/Volumes/main/clinical/files", "abfss://a@lake.dfs.core.windows.net"]
)
def test_a_file_that_is_named_by_hand_is_staged(make_directory, root):
    here = f"{root}/hello-world/artifacts"
    source = BY_HAND.format(file=f"{here}/entrypoint.py", wheel="wheel()", root=root)
    directory = make_directory({"activities.py": source})

    stage(generate(directory))

    assert staged(directory) == ["entrypoint.py", "wheel"]


def test_a_file_that_is_named_by_hand_and_not_there_is_refused_at_its_line(make_directory):
    here = "dbfs:/pipelines/hello-world/artifacts"
    root = make_directory(
        {
            "activities.py": BY_HAND.format(
                file=f"{here}/nope.py", wheel=repr(f"{here}/my_code-1.2.0-py3-none-any.whl"), root="dbfs:/pipelines"
            )
        }
    )

    [file, wheel] = refused(root)
    assert file == f"activities.py:4 GEN020 '{here}/nope.py' names 'nope.py', which is not in the pipeline directory."
    assert wheel.startswith(
        f"activities.py:5 GEN020 '{here}/my_code-1.2.0-py3-none-any.whl' names 'my_code-1.2.0-py3-none-any.whl'"
    )
    assert wheel.endswith("write wheel().")


@pytest.mark.parametrize("name", ["my job.py", "it's.py", "(1).py", "数据.py", "a{b}.py", 'say "so".py'])
def test_a_file_may_have_any_name(make_directory, name):
    root = make_directory(
        {
            "activities.py": HEAD + f'pipeline = Pipeline("hello-world", [spark_python("A", entrypoint={name!r})])',
            name: "",
        }
    )

    stage(generate(root))

    assert staged(root) == sorted([name, "wheel"])


def test_paths_of_others_are_left_alone(make_directory):
    root = make_directory(
        {
            "activities.py": HEAD
            + 'pipeline = Pipeline("hello-world", [spark_python("A", python_file="dbfs:/shared/job.py", libraries=[{"jar": "dbfs:/jars/x.jar"}])])'
        }
    )

    stage(generate(root))

    assert not (root / "artifacts").exists()


def test_two_spellings_of_one_file_are_one(make_directory):
    root = make_directory(
        {
            "activities.py": HEAD
            + 'pipeline = Pipeline("hello-world", [spark_python("A", entrypoint="./entrypoint.py"), spark_python("B")])'
        }
    )

    stage(generate(root))

    assert staged(root) == ["entrypoint.py", "wheel"]


# --- what is refused --------------------------------------------------------------------------------------------------


def test_an_entrypoint_that_does_not_exist(make_directory):
    root = make_directory({"entrypoint.py": None})

    assert refused(root) == [
        "activities.py:3 GEN020 'entrypoint.py' does not exist in the pipeline directory; it would be uploaded as 'entrypoint.py'."
    ]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("/etc/hosts", "'/etc/hosts' is an absolute path, which no other machine has. Name it relative to the pipeline directory."),
        ("", "An entrypoint or artifact has no name. Name a file of the pipeline directory."),
        ("nope.py", "'nope.py' does not exist in the pipeline directory; it would be uploaded as 'nope.py'."),
    ],
    ids=["absolute", "empty", "missing"],
)  # fmt: skip
@pytest.mark.parametrize("keyword", ["[spark_python('A', entrypoint={!r})]", "[], artifacts=[{!r}]"])
def test_a_file_that_cannot_be_uploaded(make_directory, keyword, file, expected):
    root = make_directory({"activities.py": f'{HEAD}pipeline = Pipeline("hello-world", {keyword.format(file)})\n'})

    assert refused(root) == [f"activities.py:3 GEN020 {expected}"]


def test_an_artifacts_folder_that_is_a_file(make_directory):
    generated = generate(make_directory({"artifacts": "x"}))

    for look in (stage, staleness):
        with pytest.raises(FindingsError, match="artifacts  error  GEN001  Not a directory"):
            look(generated)
    assert not (generated.root / "pipeline.json").exists()


def test_an_entrypoint_that_is_a_directory(make_directory):
    root = make_directory({"entrypoint.py": None, "entrypoint.py/x": ""})

    assert "GEN020" in refused(root)[0]


def test_no_setup_py(make_directory):
    root = make_directory({"setup.py": None})

    [finding] = refused(root)
    assert "GEN010" in finding
    assert "there is no setup.py" in finding


def test_no_setup_py_is_needed_where_no_wheel_is_named(make_directory):
    source = HEAD + 'pipeline = Pipeline("hello-world", [spark_python("A", libraries=[])])'
    root = make_directory({"setup.py": None, "activities.py": source})

    stage(generate(root))

    assert staged(root) == ["entrypoint.py"]


def test_mistakes_in_setup_py_and_in_the_definition_are_reported_together(make_directory):
    source = HEAD + 'pipeline = Pipeline("hello-world", [spark_python("A", parm=1, entrypoint="nope.py")])'
    root = make_directory({"setup.py": "1 / 0", "activities.py": source})

    assert [line.split(" ")[1] for line in refused(root)] == ["PY101", "GEN020", "GEN011"]


@pytest.mark.parametrize(
    "broken",
    [{"activities.py": "1 / 0"}, {"setup.py": "1 / 0"}, {"entrypoint.py": None}, {"code_here/__init__.py": None}],
    ids=["definition", "setup.py", "entrypoint", "package"],
)
def test_what_is_refused_leaves_every_file_as_it_was(make_directory, broken):
    root = make_directory()
    stage(generate(root))
    make_directory({"code_here/__init__.py": "ANSWER = 1\n", **broken})
    for name, content in broken.items():
        if content is None and name.startswith("code_here"):
            (root / "code_here").rmdir()
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}

    refused(root)

    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


# --- what is stale ----------------------------------------------------------------------------------------------------


def edit(root: Path) -> None:
    path = root / "pipeline.json"
    path.write_text(path.read_text().replace("Hello", "Hallo"))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (edit, ["GEN030 pipeline.json"]),
        (lambda root: (root / "activities.json").unlink(), ["GEN030 activities.json"]),
        (lambda root: (root / "activities.json").write_bytes((root / "activities.json").read_bytes()[:-1]), ["GEN030 activities.json"]),
        (lambda root: (root / "trigger.json").write_text("{}"), ["GEN031 trigger.json"]),
        (lambda root: (root / "entrypoint.py").write_text("new"), ["GEN032 artifacts/entrypoint.py"]),
        (lambda root: (root / "artifacts/entrypoint.py").unlink(), ["GEN032 artifacts/entrypoint.py"]),
        (lambda root: (root / "artifacts/extra.whl").write_text(""), ["GEN033 artifacts/extra.whl"]),
    ],
    ids=["edited by hand", "missing", "cut", "a trigger too many", "new entrypoint", "not staged", "staged too much"],
)  # fmt: skip
def test_what_is_stale_is_said_and_mended(make_directory, change, expected):
    root = make_directory()
    generated = generate(root)
    stage(generated)
    assert stale_codes(generated) == []

    change(root)

    assert stale_codes(generated) == expected
    stage(generated)
    assert stale_codes(generated) == []


def test_a_damaged_wheel_is_stale(make_directory):
    root = make_directory()
    generated = generate(root)
    stage(generated)
    [wheel] = (root / "artifacts").glob("*.whl")
    wheel.write_bytes(wheel.read_bytes()[:-10])

    assert stale_codes(generated) == [f"GEN032 artifacts/{wheel.name}"]
    assert stage(generated) == [f"artifacts/{wheel.name}"]


def test_without_an_artifacts_folder_only_the_json_can_be_stale(make_directory):
    generated = generate(make_directory())
    write_json(generated)

    assert stale_codes(generated) == []


def test_an_old_wheel_in_the_json_of_changed_code_is_stale(make_directory):
    root = make_directory()
    write_json(generate(root))
    (root / "code_here/__init__.py").write_text("ANSWER = 43\n")

    assert stale_codes(generate(root)) == ["GEN030 activities.json", "GEN030 pipeline.json"]


def test_generating_leaves_nothing_else_behind(make_directory):
    root = make_directory()
    before = set(root.iterdir())

    write_json(generate(root))

    assert {path.name for path in {*root.iterdir()} - before} == {"activities.json", "pipeline.json"}
