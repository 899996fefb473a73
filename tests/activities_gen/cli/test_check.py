"""The verb check: what it reads, how it speaks, how it ends."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from activities_gen.catalogue import page_of
from activities_gen.catalogue.examples import after, dataset, pipeline, python, read, wait
from activities_gen.cli import main
from activities_gen.rules.checkout import read_checkout

if TYPE_CHECKING:
    from collections.abc import Iterator

BAD = [wait("A", dependsOn=after("B"))]
MAKEFILE = "artifacts:\n\ttrue\n"
GOOD = {"pipeline.json": pipeline(python(), parameters={}), "Makefile": MAKEFILE}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working directory called demo."""
    root = tmp_path / "demo"
    root.mkdir()
    monkeypatch.chdir(root)
    monkeypatch.delenv("NO_COLOR", raising=False)
    return root


def write(root: Path, files: dict[str, Any]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), "utf-8")


def usage(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["check", *arguments]) == 2
    return capsys.readouterr().err


def test_a_good_directory_ends_with_nought(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, GOOD)
    assert main(["check"]) == 0
    assert capsys.readouterr().out == "No findings in 1 pipeline directory.\n"


def test_an_error_ends_with_one_and_a_warning_does_not(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"a.json": BAD, "b.json": [wait("a:b")]})
    assert main(["check", "a.json"]) == 1
    assert capsys.readouterr().out.splitlines()[0].startswith("a.json:9:4  error  ADF203  'A' depends on 'B'")
    assert main(["check", "b.json"]) == 0
    assert main(["check", "a.json", "--severity", "ADF203=warning"]) == 0
    assert main(["check", "a.json", "--ignore", "adf203"]) == 0
    assert main(["check", "a.json", "--select", "ADF1,ADF3"]) == 0
    assert main(["check", "b.json", "--severity", "ADF104=error"]) == 1


def test_codes_may_be_given_by_their_beginnings(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"a.json": BAD})
    assert main(["check", "a.json", "--severity", "ADF2,flo=note"]) == 0
    assert "note  ADF203" in capsys.readouterr().out


def test_a_file_may_come_by_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.TextIOWrapper(io.BytesIO(json.dumps(BAD).encode()))
    monkeypatch.setattr("sys.stdin", stream)
    assert main(["check", "-"]) == 1
    assert capsys.readouterr().out.startswith("stdin:1:")


@pytest.mark.parametrize(("no_color", "coloured"), [("1", False), ("", True)])
def test_colour_is_for_terminals_unless_it_is_declined(
    no_color: str, coloured: bool, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, {"a.json": BAD})
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    main(["check", "a.json"])
    assert ("\x1b[" in capsys.readouterr().out) is coloured


def test_a_directory_is_for_flowehr_and_a_file_for_adf_unless_said_otherwise(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, GOOD | {"pipeline.json": pipeline(python(), name="a b")})
    assert main(["check"]) == 1
    assert "FLO101" in capsys.readouterr().out
    assert main(["check", "--for", "adf"]) == 0
    assert main(["check", "pipeline.json"]) == 0
    assert main(["check", "pipeline.json", "--for", "flowehr"]) == 1


def test_a_repository_is_checked_as_a_whole(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"pipeline/demo.json": pipeline(read("Fiel")), "dataset/File.json": dataset()})
    assert main(["check", "."]) == 1
    assert "pipeline/demo.json:9:6  error  ADF511  'Look' refers to the dataset 'Fiel'" in capsys.readouterr().out


def test_all_looks_below_and_passes_over_hidden_and_built_folders(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = {"activities.json": BAD, "Makefile": MAKEFILE}
    for folder in ("one", "two/three", ".hidden", "build/lib", "node_modules/x"):
        write(here / folder, broken)
    assert main(["check", "--all"]) == 1
    out = capsys.readouterr().out
    assert [line.split(":")[0] for line in out.splitlines() if "ADF203" in line] == [
        "one/activities.json",
        "two/three/activities.json",
    ]
    assert out.endswith("in 2 pipeline directories.\n")


def test_all_passes_over_a_module_that_is_called_like_a_definition(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, GOOD | {"library/activities.py": "MINUTES = 60\n", "etl/activities.py": "", "etl/Makefile": MAKEFILE})
    assert main(["check", "--all"]) == 1
    out = capsys.readouterr().out
    assert "etl/activities.py  error  PY004" in out
    assert "library" not in out


def test_a_name_is_told_which_first_letters_there_are(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"a.json": pipeline(wait("Überblick"))})
    assert main(["check", "a.json"]) == 0
    assert (
        "The activity name 'Überblick' begins with 'Ü'. Begin it with a letter from A to Z, a digit or an underscore."
        in capsys.readouterr().out
    )


def test_what_is_named_twice_is_checked_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here / "one", {"activities.json": BAD, "Makefile": MAKEFILE})
    Path("link").symlink_to("one")
    assert main(["check", "one", "./one/", "one/../one", "link", "one/activities.json", "one/activities.json"]) == 1
    assert capsys.readouterr().out.endswith(" in 1 file and 1 pipeline directory.\n")


def test_directories_of_one_name_cannot_be_deployed_together(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in ("one/etl", "two/etl"):
        write(here / folder, {"pipeline.json": pipeline(wait(), name="etl", parameters={}), "Makefile": MAKEFILE})
    assert main(["check", "--all"]) == 1
    assert [line.split()[:3] for line in capsys.readouterr().out.splitlines() if "GEN05" in line] == [
        ["two/etl/pipeline.json:2:2", "error", "GEN050"],
        ["two/etl/pipeline.json:2:2", "error", "GEN051"],
    ]


def test_directories_of_one_name_that_go_to_a_factory_alone_may_have_it(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder, name in (("one/etl", "a"), ("two/etl", "b")):
        write(here / folder, {"pipeline.json": pipeline(wait(), name=name)})
    assert main(["check", "--all", "--for", "adf", "--select", "GEN"]) == 0
    assert capsys.readouterr().out == "No findings in 2 pipeline directories.\n"


def test_a_hand_written_pipeline_and_a_defined_one_share_no_name(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here / "one", {"pipeline.json": pipeline(wait(), name="P")})
    write(here / "two", page_of("GEN050").right.files)
    name = "one"
    write(here / "hand", {"pipeline.json": pipeline(wait(), name=name.upper())})
    main(["check", "--all", "--select", "GEN050"])
    assert capsys.readouterr().out.splitlines()[0].split()[:3] == ["two/one/activities.py", "error", "GEN050"]


def test_a_retired_code_is_told_with_the_one_that_is_reported_now(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, {"a.json": BAD, "suppressions.json": {"FLO161": "they are two factories"}})
    assert "there is no code 'FLO161' any more: it is GEN050 now." in usage(capsys, "a.json", "--ignore", "flo161")
    main(["check", "a.json"])
    assert "The suppression 'FLO161' names no code that exists. It is GEN050 now." in capsys.readouterr().out


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_machines_get_json_and_nothing_else(form: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"a.json": BAD})
    assert main(["check", "a.json", "--format", form]) == 1
    captured = capsys.readouterr()
    assert "ADF203" in json.dumps(json.loads(captured.out))
    assert captured.err == ""


def test_github_gets_annotations(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"a.json": BAD})
    assert main(["check", "a.json", "--format", "github"]) == 1
    assert capsys.readouterr().out.startswith("::error file=a.json,line=9,col=4,title=ADF203::")


def test_a_folder_of_json_files_is_checked_together(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"a.json": BAD, "package.json": {"private": True}})
    assert main(["check"]) == 1
    assert capsys.readouterr().out.endswith("\n1 error in 1 folder of JSON files.\n")


def test_an_adf_repository_may_lie_in_a_subfolder(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"infra/adf/pipeline/p.json": BAD})
    assert main(["check"]) == 1
    assert capsys.readouterr().out.startswith("infra/adf/pipeline/p.json:9:4  error  ADF203")
    write(here, {"other/pipeline/p.json": BAD})
    assert "several ADF repositories: 'infra/adf', 'other'" in usage(capsys)


def test_a_verb_started_below_a_pipeline_directory_takes_it_and_says_so(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(here, {"pipeline.json": BAD, "src/deep/x.json": {}})
    (here / ".git").mkdir()
    monkeypatch.chdir(here / "src" / "deep")
    assert main(["check", "--for", "adf", "--select", "ADF203"]) == 1
    said = capsys.readouterr()
    assert said.err == "Pipeline directory: ../..\n"
    assert "/pipeline.json" in said.out


FORGOTTEN = """
from activities_gen import Pipeline
from azure.mgmt.datafactory.models import WaitActivity

pause = WaitActivity(name="Pause", wait_time_in_seconds=1)
pipeline = Pipeline("demo", activities=[], suppress={suppress})
"""


@pytest.mark.parametrize(
    ("arguments", "suppress", "said"),
    [
        (["--select", "GEN023"], {}, "warning"),
        (["--select", "gen02", "--ignore", "GEN023"], {}, ""),
        (["--select", "GEN023", "--severity", "GEN=error"], {}, "error"),
        (["--select", "GEN023"], {"GEN023": "It is added by hand."}, ""),
    ],
    ids=["selected", "ignored", "more severe", "suppressed"],
)
def test_what_is_found_in_a_definition_is_chosen_like_a_rule(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], suppress: dict[str, str], said: str
) -> None:
    write(here, {"activities.py": FORGOTTEN.replace("{suppress}", repr(suppress))})
    assert main(["check", *arguments]) == (said == "error")
    assert (f"  {said}  GEN023  " in capsys.readouterr().out) == bool(said)


def test_wheels_that_clash_are_chosen_like_a_rule(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = page_of("GEN053").wrong.files
    write(here, files)
    assert main(["check", "--all", "--select", "GEN053"]) == 1
    assert capsys.readouterr().out.startswith("two/activities.py  error  GEN053  ")
    assert main(["check", "--all", "--select", "GEN052"]) == 0


def test_usage_errors(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"package.json": {"private": True}})
    assert "'nowhere' does not exist" in usage(capsys, "nowhere")
    assert "is no pipeline directory" in usage(capsys)
    write(here, {"a.json": BAD})
    assert "holds no pipeline directory" in usage(capsys, "--all")
    assert "there is no code 'ADF9999'. 'activities-gen explain'" in usage(capsys, "a.json", "--select", "ADF9999")
    assert "Did you mean 'ADF203'?" in usage(capsys, "a.json", "--select", "ADF2033")
    assert "Did you mean 'ADF203'?" in usage(capsys, "a.json", "--ignore", "AFD203")
    assert "Did you mean 'ADF2" in usage(capsys, "a.json", "--severity", "ADF2O3=note")
    assert "names no severity" in usage(capsys, "a.json", "--severity", "ADF203=bad")
    assert "no checkout of FlowEHR" in usage(capsys, "a.json", "--flowehr", "nowhere")


def test_a_format_that_does_not_exist_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["check", "a.json", "--format", "xml"])
    assert ended.value.code == 2
    assert "invalid choice" in capsys.readouterr().err


def test_each_code_that_does_not_exist_is_named(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"a.json": BAD})
    said = usage(capsys, "a.json", "--select", "ADF9998,ADF9999")
    assert "there is no code 'ADF9998'" in said
    assert "there is no code 'ADF9999'" in said


CHECKOUT = {
    "infrastructure/transform/locals.tf": 'locals {\n  adb_linked_service_name = "ClusterService"\n}\n',
    "infrastructure/transform/adf.tf": """
resource "azurerm_data_factory_integration_runtime_azure" "ir" {
  name = "TheRuntime"
}
resource "azurerm_data_factory_linked_service_azure_databricks" "msi" {
  name            = local.adb_linked_service_name
  data_factory_id = azurerm_data_factory.adf.id
}
resource "azurerm_data_factory_linked_service_key_vault" "kv" {
  name = "Vault"
}
resource "azurerm_data_factory_linked_service_web" "computed" {
  name = "web-${var.suffix}"
}
""",
}


def test_names_of_linked_services_are_read_from_a_checkout(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here / "flowehr", CHECKOUT)
    write(here / "demo", GOOD)
    assert main(["check", "demo", "--flowehr", "flowehr"]) == 1
    out = capsys.readouterr().out
    assert "FLO150" in out
    assert "There are ClusterService, Vault." in out
    reference = {"referenceName": "ClusterService", "type": "LinkedServiceReference"}
    write(here / "demo", {"pipeline.json": pipeline(python() | {"linkedServiceName": reference}, parameters={})})
    assert main(["check", "demo", "--flowehr", "flowehr"]) == 0


def test_names_of_a_checkout_may_be_put_together_from_locals_and_variables(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "infrastructure/transform/variables.tf": 'variable "stage" {\n  type    = string\n  default = "Dev"\n}\n',
            "infrastructure/transform/locals.tf": 'locals {\n  prefix = "Our"\n}\n',
            "infrastructure/transform/adf.tf": """
resource "azurerm_data_factory_linked_service_azure_databricks" "msi" {
  name = "${local.prefix}Databricks${var.stage}"
}
resource "azurerm_data_factory_linked_service_key_vault" "kv" {
  name = "KV${random_id.suffix.hex}"
}
""",
        },
    )
    assert read_checkout(tmp_path).linked_services == {"OurDatabricksDev", "KVLinkedServiceViaMSI"}


def test_files_outside_are_shown_with_their_whole_path(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"a.json": BAD})
    assert main(["check", str(tmp_path / "a.json")]) == 1
    assert capsys.readouterr().out.startswith(f"{tmp_path}/a.json:9:4")


def test_suppressions_with_a_reason_are_kept(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"activities.json": BAD, "Makefile": MAKEFILE, "suppressions.json": {"ADF203:A": "B comes later."}})
    assert main(["check"]) == 0


@pytest.mark.parametrize("folder", ["folder", "folder/pipeline"])
def test_what_is_wrong_with_suppressions_is_said_once(
    here: Path, capsys: pytest.CaptureFixture[str], folder: str
) -> None:
    write(here, {f"{folder}/demo.json": GOOD["pipeline.json"], "folder/suppressions.json": '{\n "ADF104": 5,\n}'})
    assert main(["check", "folder"]) == 1
    assert capsys.readouterr().out.splitlines()[0] == (
        "folder/suppressions.json:2:13  error  SUP004  A comma stands before a closing bracket. Delete it."
    )
    assert main(["check", "folder", "--format", "json"]) == 1
    assert len(json.loads(capsys.readouterr().out)) == 1


DEFINITION = """
from azure.mgmt.datafactory.models import ActivityDependency, WaitActivity
from activities_gen import Pipeline

first = WaitActivity(name="First: one", wait_time_in_seconds=1)
second = WaitActivity(
    name="Second",
    wait_time_in_seconds=-1,
    depends_on=[ActivityDependency(activity="First: one", dependency_conditions=["Succeeded"])],
)
pipeline = Pipeline("demo", activities=[first, second], suppress={"ADF104": "Named so in the contract."})
"""


def test_findings_of_a_definition_point_to_its_lines(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"activities.py": DEFINITION, "Makefile": MAKEFILE})
    assert main(["generate"]) == 0
    capsys.readouterr()
    assert main(["check"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[:3] for line in lines if line.startswith("activities.py")] == [
        ["activities.py:8", "error", "ADF331"]
    ]


def test_stale_files_of_a_definition_are_findings(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    makefile = f"activities:\n\ttrue\n{MAKEFILE}"
    write(here, {"activities.py": DEFINITION.replace("-1", "1"), "Makefile": makefile, "pipeline.json": {}})
    assert main(["check"]) == 1
    out = capsys.readouterr().out
    assert "pipeline.json is not what activities.py generates. Run: make activities" in out
    assert "activities.json is missing; activities.py generates it. Run: make activities" in out


def test_stale_files_beside_a_makefile_written_by_hand_are_mended_by_the_verb(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, {"activities.py": DEFINITION.replace("-1", "1"), "Makefile": MAKEFILE, "pipeline.json": {}})
    assert main(["check"]) == 1
    assert "activities.py generates. Run: python -m activities_gen generate\n" in capsys.readouterr().out


def test_a_broken_definition_is_a_finding_and_all_of_it(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"activities.py": "import nothing_like_it\n"})  # no Makefile: that matters to FlowEHR, if to anybody
    assert main(["check"]) == 1
    found, *_, summary = capsys.readouterr().out.splitlines()
    assert found.startswith("activities.py:1  error  PY003")
    assert summary == "1 error in 1 pipeline directory."


LEFT_OUT = """
from azure.mgmt.datafactory.models import ForEachActivity, WaitActivity
from activities_gen import Pipeline, item

def wait(name):
    return WaitActivity(name=name, wait_time_in_seconds=1)

used = ForEachActivity(name="Used", items="@createArray(1)", activities=[wait("Inner")])
unused = ForEachActivity(
    name="Unused",
    items="@createArray(1)",
    activities=[wait("Inner of unused")],
)
pipeline = Pipeline("demo", activities=[used], target="adf")
"""


def test_an_activity_that_is_in_no_pipeline_is_a_warning(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"activities.py": LEFT_OUT})
    assert main(["generate"]) == 0
    capsys.readouterr()
    assert main(["check"]) == 0
    found, *_, summary = capsys.readouterr().out.splitlines()
    assert found.startswith("activities.py:9  warning  GEN023  'Unused' is made here and is not in the pipeline.")
    assert summary == "1 warning in 1 pipeline directory."


TEXTS = """
\"\"\"Waits for {day}.\"\"\"
from azure.mgmt.datafactory.models import WaitActivity
from activities_gen import Pipeline, functions as f, item, system

pipeline = Pipeline("demo", target="adf")
day = pipeline.parameter("day", default="")
other = 1

def wait(name, text):
    pipeline.add(WaitActivity(name=name, description=text, wait_time_in_seconds=1))

wait("A", "of {day}")
wait("B", "of {system.run_id} and {f.to_upper(day)}")
wait("C", f"of {day}")
wait("D", f"of {{day}}")
wait("E", "of {other} and {nothing}")
wait("F", "of @{item().x}")
wait("F2", "of @{{item().x}}")
wait("G", "of {day}".format(day=1))
wait("H", f.concat("of {day}", day))
"""


def test_a_text_that_lacks_its_f_is_a_warning(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, {"activities.py": TEXTS})
    main(["check"])
    found = [line for line in capsys.readouterr().out.splitlines() if "PY109" in line]
    assert [line.split("  ")[0] for line in found] == [f"activities.py:{line}" for line in (13, 14, 14, 21)]
    assert found[0].endswith("'{day}' stays as it is in a plain text. Put an f before the quote.")


def test_rules_need_no_sdk() -> None:
    import subprocess  # noqa: PLC0415 for this test alone
    import sys  # noqa: PLC0415

    code = "import sys; import activities_gen.cli.check; sys.exit(any('azure' in name or name == 'rich' for name in sys.modules))"
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=root).returncode == 0
