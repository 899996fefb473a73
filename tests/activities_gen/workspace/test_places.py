"""What a path leads to: one answer for all verbs."""

from __future__ import annotations

from pathlib import Path

import pytest

from activities_gen.workspace.places import (
    PlaceKind,
    directory_around,
    is_template,
    kind_of,
    places_below,
    repositories_below,
)

PIPELINE = '{"name": "p", "properties": {"activities": []}}'


def write(root: Path, *names: str, content: str = PIPELINE) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return root


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        (["pipeline.json"], PlaceKind.DIRECTORY),
        (["activities.json"], PlaceKind.DIRECTORY),
        (["activities.py"], PlaceKind.DIRECTORY),
        (["pipeline/p.json"], PlaceKind.REPOSITORY),
        (["dataset/d.json"], PlaceKind.REPOSITORY),
        (["export.json"], PlaceKind.FOLDER),
        (["notes.txt"], None),
        ([], None),
    ],
)
def test_a_folder_is_what_its_files_make_it(tmp_path: Path, files: list[str], kind: PlaceKind | None) -> None:
    assert kind_of(write(tmp_path, *files)) is kind


def test_a_folder_of_other_json_is_nothing(tmp_path: Path) -> None:
    assert kind_of(write(tmp_path, "package.json", content='{"private": true}')) is None


def test_standard_input_and_files_are_kinds_of_their_own(tmp_path: Path) -> None:
    assert kind_of(Path("-")) is PlaceKind.STANDARD_INPUT
    assert kind_of(write(tmp_path, "p.json") / "p.json") is PlaceKind.FILE


def test_a_search_passes_over_modules_that_only_have_the_name(tmp_path: Path) -> None:
    write(tmp_path, "package/activities.py", "mine/activities.py", "mine/Makefile", "theirs/pipeline.json")
    assert [path.name for path, _ in places_below(tmp_path)] == ["mine", "theirs"]


@pytest.mark.parametrize("name", ["GNUmakefile", "makefile", "Makefile"])
def test_a_search_finds_a_module_beside_a_makefile_of_any_name(tmp_path: Path, name: str) -> None:
    write(tmp_path, "mine/activities.py", f"mine/{name}")
    assert [path.name for path, _ in places_below(tmp_path)] == ["mine"]


def test_a_search_does_not_look_into_what_was_built(tmp_path: Path) -> None:
    write(tmp_path, "artifacts/pipeline.json", "build/lib/pipeline.json", ".tox/pipeline.json", "a/pipeline.json")
    assert [path.name for path, _ in places_below(tmp_path)] == ["a"]


def test_an_adf_repository_may_lie_in_a_subfolder(tmp_path: Path) -> None:
    write(tmp_path, "infra/adf/pipeline/p.json", "docs/readme.txt")
    assert repositories_below(tmp_path) == [tmp_path / "infra" / "adf"]


def test_the_pipeline_directory_around_a_folder_is_found(tmp_path: Path) -> None:
    write(tmp_path, "sales/activities.py", "sales/pipeline/deep/x.py")
    (tmp_path / ".git").mkdir()
    assert directory_around(tmp_path / "sales/pipeline/deep") == tmp_path / "sales"


def test_nothing_is_looked_for_above_the_git_repository(tmp_path: Path) -> None:
    write(tmp_path, "activities.py", "repository/src/x.py")
    (tmp_path / "repository" / ".git").mkdir()
    assert directory_around(tmp_path / "repository/src") is None


def test_nothing_is_looked_for_outside_of_git(tmp_path: Path) -> None:
    write(tmp_path, "activities.py", "src/x.py")
    assert directory_around(tmp_path / "src") is None


def test_a_list_of_activities_with_placeholders_alone_is_a_template(tmp_path: Path) -> None:
    assert is_template(write(tmp_path, "activities.json", content='[{"name": "${name}"}]'))


@pytest.mark.parametrize("beside", ["Makefile", "pipeline.json", "activities.py"])
def test_what_flowehr_builds_or_reads_is_no_template(tmp_path: Path, beside: str) -> None:
    assert not is_template(write(tmp_path, "activities.json", beside, content='[{"name": "${name}"}]'))


def test_a_list_of_activities_without_placeholders_is_no_template(tmp_path: Path) -> None:
    assert not is_template(write(tmp_path, "activities.json", content='[{"name": "A$"}]'))
