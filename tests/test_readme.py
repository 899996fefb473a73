"""The README and the page for contributors are true: their commands are run in a copy of the repository, and print what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from activities_gen.cli import VERBS, _module

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
HOOKS = re.findall(r"^- id: (\S+)$", (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"), re.MULTILINE)
NOT_HERE = ("make test",)
"""Commands that run this very test."""


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
@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_the_commands_of_a_page_print_what_it_says(text: str, clone: Path) -> None:
    for skipped, block in re.findall(r"(<!-- not run: .*? -->\n)?```console\n(.*?)```", text, re.DOTALL):
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
            assert matches(expected, printed), f"$ {command}\n{printed}\n-- the page says:\n" + "\n".join(expected)


def test_the_readme_names_every_verb_with_its_summary() -> None:
    table = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", README, re.MULTILINE))
    assert {verb: table.get(verb) for verb in VERBS} == {verb: _module(verb).SUMMARY for verb in VERBS}


def test_the_python_of_the_readme_stands_in_the_repository() -> None:
    code = [(ROOT / name).read_text(encoding="utf-8") for name in ("activities.py", "tests/test_activities.py")]
    for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL):
        assert any(block in text for text in code), block


def test_the_python_for_contributors_stands_in_the_repository() -> None:
    code = [path.read_text(encoding="utf-8") for path in (ROOT / "activities_gen").rglob("*.py")]
    blocks = re.findall(r"```python\n(.*?)```", CONTRIBUTING, re.DOTALL)
    assert [block for block in blocks if not any(textwrap.dedent(block) in text for text in code)] == []


def test_the_files_that_contributors_are_sent_to_are_there() -> None:
    named = re.findall(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:md|py))`", CONTRIBUTING)
    known = {path.name for path in ROOT.glob("activities_gen/**/*.py")} | {"activities.py", "setup.py"}
    built = ("artifacts/",)
    assert [name for name in named if name not in built and not (ROOT / name).exists() and name not in known] == []


def test_the_targets_that_contributors_are_told_of_are_there() -> None:
    makefiles = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("Makefile", "local.mk"))
    targets = set(re.findall(r"^([a-z-]+):", makefiles, re.MULTILINE))
    assert set(re.findall(r"(?:`|^\$ )make ([a-z-]+)", CONTRIBUTING, re.MULTILINE)) <= targets


def test_the_readme_names_the_hooks_for_other_repositories() -> None:
    assert re.findall(r"`(activities-gen-check[\w-]*)`", README) == HOOKS


@pytest.mark.parametrize(
    "page",
    [*sorted(ROOT.glob("docs/**/*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"],
    ids=lambda page: page.stem,
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
