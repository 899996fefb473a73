"""The README is true: its commands are run in a copy of the repository, and print what it says they print."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from activities_gen.cli import VERBS, _module

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"(<!-- not run: .*? -->\n)?```console\n(.*?)```", README, re.DOTALL)
HOOKS = re.findall(r"^- id: (\S+)$", (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"), re.MULTILINE)
NOT_HERE = ("make test",)
"""Commands that run this very test."""


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of what is in the working tree, with a git history of one commit."""
    root = tmp_path_factory.mktemp("clone") / "clinical-features"
    files = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    for name in filter(None, files):
        if (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name)
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
        subprocess.run([*git, *command], cwd=root, check=True)
    if (ROOT / ".venv").is_dir():
        (root / ".venv").symlink_to(ROOT / ".venv")
    return root


def steps(block: str) -> list[tuple[str, list[str]]]:
    """The commands of a block, each with the lines that it prints."""
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def matches(expected: list[str], printed: str) -> bool:
    """Whether lines were printed; ``…`` stands for any lines, or any text of a line, ``<stamp>`` for a wheel's stamp."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("<stamp>", "[0-9a-f]{12}").replace("…", ".*") + r"\n"
        for line in expected
    )
    return re.fullmatch(pattern + ("" if expected else r"(?:.*\n)*"), printed) is not None


def environment() -> dict[str, str]:
    """The environment of a user's shell: nothing of this test run."""
    return {key: value for key, value in os.environ.items() if key not in ("MAKEFLAGS", "PYTHONPATH", "CI")}


@pytest.mark.slow
def test_the_commands_of_the_readme_print_what_it_says(clone: Path) -> None:
    for skipped, block in BLOCKS:
        for command, expected in () if skipped else steps(block):
            if command in NOT_HERE:
                continue
            asked = re.sub("^make ", f"make PYTHON={sys.executable} ", command)
            made = subprocess.run(
                ["bash", "-c", f"{asked} 2>&1"],
                cwd=clone,
                env=environment(),
                capture_output=True,
                text=True,
                check=False,
            )
            printed = "".join(
                line for line in made.stdout.splitlines(keepends=True) if not line.startswith(("WARNING:", "make"))
            )
            assert matches(expected, printed), f"$ {command}\n{printed}\n-- the README says:\n" + "\n".join(expected)


def test_the_readme_names_every_verb_with_its_summary() -> None:
    table = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", README, re.MULTILINE))
    assert {verb: table.get(verb) for verb in VERBS} == {verb: _module(verb).SUMMARY for verb in VERBS}


def test_the_python_of_the_readme_stands_in_the_repository() -> None:
    code = [(ROOT / name).read_text(encoding="utf-8") for name in ("activities.py", "tests/test_activities.py")]
    for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL):
        assert any(block in text for text in code), block


def test_the_readme_names_the_hooks_for_other_repositories() -> None:
    assert re.findall(r"`(activities-gen-check[\w-]*)`", README) == HOOKS


@pytest.mark.parametrize("page", [*sorted(ROOT.glob("docs/**/*.md")), ROOT / "README.md"], ids=lambda page: page.stem)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
