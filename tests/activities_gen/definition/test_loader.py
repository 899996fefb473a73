"""Loading is strict: what the SDK would drop, convert or send on is a finding at the line that wrote it."""

from __future__ import annotations

import logging
import os
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest
from azure.mgmt.datafactory.models import WaitActivity

from activities_gen.definition.loader import load
from activities_gen.definition.pipeline import Pipeline
from activities_gen.findings import FindingsError
from activities_gen.generation import generate
from activities_gen.wheels import Wheel

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "from activities_gen import *\nfrom azure.mgmt.datafactory.models import *\n"


@pytest.fixture(autouse=True)
def described_wheel(monkeypatch):
    """A wheel without asking ``setup.py``: nothing here is about wheels, and each question takes a process."""

    class Probe:
        def __init__(self, root: Path) -> None:
            pass

        def __enter__(self) -> Probe:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def wheel(self, *, stamped: bool) -> Wheel:  # noqa: ARG002 as the probe's own
            return Wheel("code", "1", "code-1-py3-none-any.whl", ("code",), b"")

    monkeypatch.setattr("activities_gen.generation.WheelProbe", Probe)


def found_in(root: Path) -> list[str]:
    """The findings of a directory as ``line code message``; those of other files begin with the file."""
    with pytest.raises(FindingsError) as error:
        generate(root)
    return [
        f"{'' if one.location.file == 'activities.py' else one.location.file + ':'}{one.location.line} {one.code} {one.message}"
        for one in error.value.findings
    ]


CASES = {
    "unknown keyword of an SDK class, on its own line": (
        """
        a = DatabricksSparkPythonActivity(
            name="A",
            python_file="dbfs:/a.py",
            paramters=["x"],
        )
        p = Pipeline("p", [a])
        """,
        [
            "6 PY101 DatabricksSparkPythonActivity 'A' has no attribute 'paramters'; the SDK would drop it. Did you mean 'parameters'?"
        ],
    ),
    "unknown keyword of a helper": (
        'p = Pipeline("p", [spark_python("A", timeout=3)])',
        ["3 PY101 spark_python(…) has no keyword 'timeout'."],
    ),
    "unknown keyword of the pipeline": (
        'p = Pipeline("p", [],\n  concurency=3)',
        ["4 PY101 Pipeline(…) has no keyword 'concurency'. Did you mean 'concurrency'?"],
    ),
    "unknown keyword of a nested object": (
        'p = Pipeline("p", [spark_python("A", policy=ActivityPolicy(\n  timeout="1.00:00:00",\n  retires=3))])',
        ["5 PY101 ActivityPolicy has no attribute 'retires'; the SDK would drop it. Did you mean 'retry'?"],
    ),
    "unknown keyword handed over in a dict": (
        'o = dict(parm=1)\np = Pipeline("p", [spark_python("A", **o)])',
        ["4 PY101 spark_python(…) has no keyword 'parm'."],
    ),
    "a misspelt required keyword is one mistake, not two": (
        'p = Pipeline("p", [DatabricksSparkPythonActivity(name="A", python_fil="x")])',
        [
            "3 PY101 DatabricksSparkPythonActivity 'A' has no attribute 'python_fil'; the SDK would drop it. Did you mean 'python_file'?"
        ],
    ),
    "attribute set afterwards that the class does not have": (
        'a = spark_python("A")\na.polcy = None\na.paramters = ["x"]\np = Pipeline("p", [a])',
        [
            "3 PY101 DatabricksSparkPythonActivity 'A' has no attribute 'paramters'; the SDK would drop it. Did you mean 'parameters'?",
            "3 PY101 DatabricksSparkPythonActivity 'A' has no attribute 'polcy'; the SDK would drop it. Did you mean 'policy'?",
        ],
    ),
    "required None": (
        'a = DatabricksSparkPythonActivity(\n  name=None,\n  python_file=None)\np = Pipeline("p", [a])',
        [
            "4 PY102 DatabricksSparkPythonActivity: 'name' is required and was None. Give it a value.",
            "5 PY102 DatabricksSparkPythonActivity: 'python_file' is required and was None. Give it a value.",
        ],
    ),
    "missing required keyword": (
        'p = Pipeline("p", [ForEachActivity(name="A")])',
        ["3 PY102 ForEachActivity 'A' needs 'items', 'activities'."],
    ),
    "helper without what it needs": ('p = Pipeline("p", [spark_python()])', ["3 PY102 spark_python(…) needs 'name'."]),
    "pipeline without a name": ("p = Pipeline()", ["3 PY102 Pipeline(…) needs 'name'."]),
    "positional call of an SDK class": (
        'p = Pipeline("p", [spark_python("A", depends_on=[ActivityDependency("B", ["Succeeded"])])])',
        ["3 PY104 ActivityDependency takes keywords only, as in ActivityDependency(activity=…)."],
    ),
    "positional call of a helper": (
        'p = Pipeline("p", [spark_python("A", "other.py")])',
        ["3 PY104 spark_python(…) takes 'name' by position; name the rest, as in entrypoint=…."],
    ),
    "a string for a dependency, at the string": (
        """
        a = spark_python(
            "A",
            depends_on=[
                *after(),
                "Ingest",
            ],
        )
        p = Pipeline("p", [a])
        """,
        [
            "7 PY103 DatabricksSparkPythonActivity 'A': 'depends_on' takes an ActivityDependency, not 'Ingest' (str). Write after(…) with the activity it waits for."
        ],
    ),
    "an activity for a list of dependencies": (
        'a = spark_python("A")\nb = spark_python("B",\n  depends_on=a)\np = Pipeline("p", [a, b])',
        [
            "5 PY103 DatabricksSparkPythonActivity 'B': 'depends_on' takes a list of ActivityDependency, not DatabricksSparkPythonActivity 'A'. Write after(…) with the activity it waits for."
        ],
    ),
    "a number for a name": (
        'p = Pipeline("p", [spark_python(5)])',
        ["3 PY103 DatabricksSparkPythonActivity: 'name' takes a string, not 5 (int)."],
    ),
    "a string for a number": (
        'p = Pipeline("p", [WaitActivity(name="W", wait_time_in_seconds=1), ForEachActivity(name="F", items=Expression(type="Expression", value="@x"), activities=[],\n  batch_count="3")])',
        ["4 PY103 ForEachActivity 'F': 'batch_count' takes a whole number, not '3' (str)."],
    ),
    "True for a number": (
        'p = Pipeline("p", [], concurrency=True)',
        ["3 PY103 Pipeline 'p': 'concurrency' takes a whole number, not True (bool)."],
    ),
    "a string for an SDK object": (
        'p = Pipeline("p", [ExecutePipelineActivity(name="E", pipeline="other")])',
        ["3 PY103 ExecutePipelineActivity 'E': 'pipeline' takes a PipelineReference, not 'other' (str)."],
    ),
    "wrong kinds of the pipeline's own keywords": (
        'p = Pipeline(\n  5,\n  {},\n  description=5,\n  artifacts="x.csv",\n  stamp_wheel="no",\n  suppress=["ADF101"],\n  target="flowher")',
        [
            "3 PY103 Pipeline: 'activities' takes a list of activities, not {} (dict).",
            "4 PY103 Pipeline: 'name' takes a string, not 5 (int).",
            "6 PY103 Pipeline: 'description' takes a string, not 5 (int).",
            "7 PY103 Pipeline: 'artifacts' takes a list of files, not 'x.csv' (str). Put it in square brackets.",
            "8 PY103 Pipeline: 'stamp_wheel' takes True or False, not 'no' (str).",
            "9 PY103 Pipeline: 'suppress' takes a dict of reasons by code, not ['ADF101'] (list).",
            "10 PY105 Pipeline: 'target' is 'flowehr' or 'adf', not 'flowher'. Did you mean 'flowehr'?",
        ],
    ),
    "what is no activity, in the list": (
        'p = Pipeline(\n  "p",\n  activities=[\n    spark_python("A"),\n    "B",\n    None, spark_python, WaitActivity, ActivityPolicy(), raw(5), raw({"name": "x"})])',
        [
            "5 PY103 Pipeline 'p': 'activities' takes activities of the SDK, not None (NoneType).",
            "5 PY103 Pipeline 'p': 'activities' takes activities of the SDK, not a function.",
            "5 PY103 Pipeline 'p': 'activities' takes activities of the SDK, not the class WaitActivity.",
            "5 PY103 Pipeline 'p': 'activities' takes activities of the SDK, not ActivityPolicy.",
            "5 PY103 Pipeline 'p': 'activities' takes activities of the SDK, not raw(5) (Raw).",
            "5 PY103 Pipeline 'p': 'activities' takes activities of the SDK, not raw({'name': 'x'}) (Raw).",
            "7 PY103 Pipeline 'p': 'activities' takes activities of the SDK, not 'B' (str).",
        ],
    ),
    "what is no list of activities": (
        'p = Pipeline("p", (spark_python(n) for n in "ab"))',
        ["3 PY103 Pipeline 'p': 'activities' takes a list of activities, not a generator."],
    ),
    "what is no trigger": (
        'p = Pipeline("p", [],\n  trigger="daily")',
        ["4 PY103 Pipeline 'p': 'trigger' takes a trigger of the SDK, not 'daily' (str)."],
    ),
    "unknown dependency condition": (
        'a = spark_python("A")\np = Pipeline("p", [a, spark_python("B", depends_on=after(a,\n  on="Success"))])',
        [
            "5 PY105 after(…, on='Success'): a dependency condition is one of 'Succeeded', 'Failed', 'Skipped', 'Completed'. Did you mean 'Succeeded'?"
        ],
    ),
    "unknown dependency condition of no activity": (
        'a = spark_python("A")\np = Pipeline("p", [spark_python("B", depends_on=after(\n  on="Success"))])',
        [
            "5 PY105 after(…, on='Success'): a dependency condition is one of 'Succeeded', 'Failed', 'Skipped', 'Completed'. Did you mean 'Succeeded'?"
        ],
    ),
    "a dependency on what is no activity": (
        'p = Pipeline("p", [spark_python("B", depends_on=after(None, 3))])',
        [
            "3 PY103 after(…) takes activities or their names, not None (NoneType).",
            "3 PY103 after(…) takes activities or their names, not 3 (int).",
        ],
    ),
    "a parameter declared twice": (
        'p = Pipeline("p", [])\np.parameter("day", "1")\np.parameter("day", "2")',
        ["5 PY106 The parameter 'day' is declared twice. Rename one."],
    ),
    "a parameter's default that JSON does not have": (
        'p = Pipeline("p", [])\np.parameter(\n  "day",\n  default={1})',
        ["6 PY103 parameter 'day': 'default' takes a JSON value or an SDK object, not {1} (set)."],
    ),
    "numbers that JSON does not have": (
        'p = Pipeline("p", [spark_python("A", parameters=[float("nan")])])',
        ["3 PY103 DatabricksSparkPythonActivity 'A': 'parameters' takes a finite number, not nan (float)."],
    ),
    "half a character": (
        'p = Pipeline("p", [spark_python(\n  "A",\n  parameters=["\\ud800"])])',
        [r"5 GEN022 '\ud800' holds half a character, a lone surrogate. Write the whole character."],
    ),
    "half a character in a key": (
        'p = Pipeline("p", [WebActivity(name="A", method="GET", url="x",\n  headers={"\\udc00": 1})])',
        [r"4 GEN022 '\udc00' holds half a character, a lone surrogate. Write the whole character."],
    ),
    "a value that contains itself": (
        'loop = []\nloop.append(loop)\np = Pipeline("p", [spark_python("A", parameters=loop)])',
        ["5 PY108 A value contains itself, or is nested deeper than any JSON that ADF takes."],
    ),
    "a comprehension reports its line once": (
        'p = Pipeline("p", [\n  spark_python(f"A{i}", parm=1)\n  for i in range(3)])',
        ["4 PY101 spark_python(…) has no keyword 'parm'."],
    ),
    "two activities of one name": (
        'p = Pipeline("p", [spark_python("A"),\n  spark_python("A")])',
        ["4 ADF106 A second activity is called 'A'; the first is at the top level (line 3). Rename one of them."],
    ),
    "a dependency on something that is not there": (
        'p = Pipeline("p", [\n  spark_python("Ingest"),\n  spark_python("B",\n    depends_on=after(\n      "Ingst"))])',
        ["6 ADF203 'B' depends on 'Ingst', which is not an activity of this pipeline. Did you mean 'Ingest'?"],
    ),
    "a circle of dependencies": (
        'p = Pipeline("p", [\n  spark_python("A", depends_on=after("B")),\n  spark_python("B", depends_on=after("A"))])',
        ["4 ADF206 These activities depend on each other in a circle: A → B → A. Delete one of the dependencies."],
    ),
    "a name that ADF refuses": (
        'p = Pipeline(\n  "a/b", target="adf")',
        ["4 ADF101 The pipeline name 'a/b' has / in it, which Azure refuses. Use a dash or an underscore."],
    ),
    "an empty name": (
        'p = Pipeline("p", [spark_python("")])',
        ["3 ADF103 The activity at properties.activities[0] has no name. Add one, of at most 55 characters."],
    ),
    "a dependency of a broken activity is no further mistake": (
        'a = spark_python("A", parm=1)\nb = WaitActivity(name="B")\np = Pipeline("p", [a, b, spark_python("C", depends_on=after(a, b))])',
        [
            "3 PY101 spark_python(…) has no keyword 'parm'.",
            "4 PY102 WaitActivity 'B' needs 'wait_time_in_seconds'.",
        ],
    ),
    "several mistakes of all kinds in one go": (
        """
        a = spark_python("A", paramters=["x"])
        b = DatabricksSparkPythonActivity(name="B")
        c = DatabricksSparkPythonActivity(name=None, python_file="f", depends_on=["A"])
        d = spark_python("D", entrypoint="nope.py", depends_on=after(b, on="succeeded"))
        p = Pipeline("p", [a, b, c, d, 5], concurrency="3")
        """,
        [
            "3 PY101 spark_python(…) has no keyword 'paramters'. Did you mean 'parameters'?",
            "4 PY102 DatabricksSparkPythonActivity 'B' needs 'python_file'.",
            "5 PY102 DatabricksSparkPythonActivity: 'name' is required and was None. Give it a value.",
            "5 PY103 DatabricksSparkPythonActivity: 'depends_on' takes an ActivityDependency, not 'A' (str). Write after(…) with the activity it waits for.",
            "6 PY105 after(…, on='succeeded'): a dependency condition is one of 'Succeeded', 'Failed', 'Skipped', 'Completed'. Did you mean 'Succeeded'?",
            "6 GEN020 'nope.py' does not exist in the pipeline directory; it would be uploaded as 'nope.py'.",
            "7 PY103 Pipeline 'p': 'concurrency' takes a whole number, not '3' (str).",
            "7 PY103 Pipeline 'p': 'activities' takes activities of the SDK, not 5 (int).",
        ],
    ),
    "what went before an exception is reported with it": (
        'a = spark_python("A", parm=1)\nb = a.nam\np = Pipeline("p", [a])',
        [
            "3 PY101 spark_python(…) has no keyword 'parm'.",
            "4 PY003 AttributeError: 'DatabricksSparkPythonActivity' object has no attribute 'nam'. Did you mean 'name'?",
        ],
    ),
    "the parameters for the method": (
        'p = Pipeline("p")\np.parameters("day")',
        ["4 PY003 TypeError: 'parameters' are those declared; declare one with parameter(…)."],
    ),
    "the variables for the method": (
        'p = Pipeline("p")\np.variables("day", default="")',
        ["4 PY003 TypeError: 'variables' are those declared; declare one with variable(…)."],
    ),
    "a declaration for its value": (
        'p = Pipeline("p")\np.parameter("day")\npath = f"bronze/{p.parameters[\'day\']}"',
        ["5 PY003 TypeError: a declaration has no value; use what parameter('day', …) returns."],
    ),
    # --- files that cannot be loaded at all
    "an empty file": (
        "",
        ['0 PY004 No pipeline in it. Add a line like: pipeline = Pipeline("my-pipeline", activities=[…])'],
    ),
    "pipelines that are not variables": (
        'p = [Pipeline("p", [])]',
        ['0 PY004 No pipeline in it. Add a line like: pipeline = Pipeline("my-pipeline", activities=[…])'],
    ),
    "two pipelines": (
        'p = Pipeline("p", [])\nq = Pipeline("q", [])',
        [
            "4 PY005 2 pipelines: 'p' (line 3), 'q' (line 4). A pipeline directory defines one; move the others to directories of their own."
        ],
    ),
    "a syntax error": ("p = Pipeline(\n", ["3 PY002 Not valid Python: '(' was never closed."]),
    "a tab among spaces": (
        "if 1:\n    a = 1\n\tb = 2",
        ["5 PY002 Not valid Python: inconsistent use of tabs and spaces in indentation."],
    ),
    "a list given to add and to after": (
        """
        a, b = [WaitActivity(name=name, wait_time_in_seconds=1) for name in "AB"]
        c = WaitActivity(name="C", wait_time_in_seconds=1, depends_on=after([a, b]))
        p = Pipeline("p")
        p.add([a, b, c])
        """,
        [
            "4 PY103 after(…) takes activities or their names, not a list. Name them one by one: after(a, b).",
            "6 PY104 Pipeline 'p': add(…) takes activities one by one. Put a star before the list: add(*…).",
        ],
    ),
    "a syntax error with a question": (
        "p = Pipeline(1 2)",
        ["3 PY002 Not valid Python: invalid syntax. Perhaps you forgot a comma?"],
    ),
    "a null character": ("a = '\0'", ["0 PY002 Not valid Python: source code string cannot contain null bytes."]),
    "an exception": ('def f():\n  raise ValueError("bad\\nthing")\nf()', ["4 PY003 ValueError: bad thing."]),
    "an exception without a message": ("raise KeyError", ["3 PY003 KeyError: it has no message."]),
    "endless recursion": ("def f(): f()\nf()", ["3 PY003 RecursionError: maximum recursion depth exceeded."]),
    "an exception that is no Exception": ("raise GeneratorExit", ["3 PY003 GeneratorExit: it has no message."]),
    "sys.exit": ("import sys\nsys.exit(3)", ["4 PY003 It ends the process: sys.exit(3). Delete that."]),
    "sys.exit without status": ("raise SystemExit", ["3 PY003 It ends the process: sys.exit(). Delete that."]),
    "os._exit": ("import os\nos._exit(0)", ["4 PY003 It ends the process: os._exit(0). Delete that."]),
    "os._exit under its bare name": (
        "from os import _exit\n_exit(0)",
        ["4 PY003 It ends the process: os._exit(0). Delete that."],
    ),
    "a module that is not installed": (
        "import no_such_module.part",
        [
            (
                "3 PY003 ModuleNotFoundError: No module named 'no_such_module'. Name its package in requirements/build.txt, "
                "with its version and hash: 'make artifacts' installs nothing else."
            )
        ],
    ),
    "a misspelt import of ours": (
        "from activities_gen import spark_pyton",
        ["3 PY003 ImportError: cannot import name 'spark_pyton' from 'activities_gen'. Did you mean 'spark_python'?"],
    ),
    "a misspelt import of the SDK": (
        "from azure.mgmt.datafactory.models import WaitActivty",
        [
            "3 PY003 ImportError: cannot import name 'WaitActivty' from 'azure.mgmt.datafactory.models'. Did you mean 'WaitActivity'?"
        ],
    ),
    "a misspelt variable": (
        'ingest = spark_python("A")\np = Pipeline("p", [ingst])',
        ["4 PY003 NameError: name 'ingst' is not defined. Did you mean 'ingest'?"],
    ),
}


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES)
def test_a_bad_definition_gets_these_findings(make_directory, source, expected):
    root = make_directory({"activities.py": HEAD + textwrap.dedent(source).lstrip("\n")})
    if "null bytes" in expected[0] and sys.version_info >= (3, 12):
        pytest.skip("Python 3.12 and newer know the line of a null byte; the message is their own")

    assert found_in(root) == expected


def test_a_bad_definition_leaves_every_file_as_it_was(make_directory):
    root = make_directory({"activities.py": "import sys", "pipeline.json": "mine", "artifacts/x": "mine"})
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}

    found_in(root)

    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_no_file(tmp_path):
    assert found_in(tmp_path)[0].startswith("0 PY001 There is no activities.py in '")


def test_a_directory_called_activities_py(tmp_path):
    (tmp_path / "activities.py").mkdir()

    assert found_in(tmp_path) == ["0 PY001 It cannot be read: Is a directory."]


def test_a_file_that_cannot_be_read(make_directory, monkeypatch):
    root = make_directory()

    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("tokenize.open", refuse)

    assert found_in(root) == ["0 PY001 It cannot be read: Permission denied."]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            "name = 'a'\nother = 'é'\n".encode("latin-1"),
            "2 PY002 The file is no text in UTF-8. Save it as UTF-8, or name its encoding in the first line.",
        ),
        (
            "name = 'a'\n".encode("utf-16"),
            "1 PY002 The file is no text in UTF-8. Save it as UTF-8, or name its encoding in the first line.",
        ),
        (b"# coding: nonsense\n", "1 PY002 Python knows no encoding 'nonsense'. Save the file as UTF-8."),
    ],
    ids=["Latin-1", "UTF-16", "unknown encoding"],
)
def test_a_wrong_encoding(make_directory, content, expected):
    assert found_in(make_directory({"activities.py": content})) == [expected]


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""], ids=["byte order mark", "none"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_a_file_as_any_editor_saves_it(make_directory, mark, end):
    source = 'from activities_gen import Pipeline\n\np = Pipeline("é", [], parm=1)\n'
    root = make_directory({"activities.py": mark + source.replace("\n", end).encode()})

    assert found_in(root)[0].startswith("3 PY101 ")


def test_what_it_prints_keeps_out_of_the_way_of_the_output(make_directory, capsys):
    root = make_directory({"activities.py": HEAD + 'print("so far")\np = Pipeline("p", [])'})

    load(root)

    assert capsys.readouterr() == ("", "so far\n")


def test_an_encoding_that_is_named_is_taken(make_directory):
    source = '# coding: latin-1\nfrom activities_gen import Pipeline, raw\np = Pipeline("p", [raw({"name": "é", "type": "Wait"})])\n'
    root = make_directory({"activities.py": source.encode("latin-1")})

    assert load(root).pipeline.activities[0].name == "é"


def test_a_mistake_in_a_module_beside_it_is_reported_there(make_directory):
    root = make_directory(
        {
            "activities.py": "from team.jobs import pipeline",
            "team/jobs.py": "from activities_gen import *\n\npipeline = Pipeline('p', [spark_python('A', parm=1)])",
        }
    )

    assert found_in(root) == ["team/jobs.py:3 PY101 spark_python(…) has no keyword 'parm'."]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = 1\n1 / 0\n", "jobs.py:2 PY003 ZeroDivisionError: division by zero."),
        ("a = 1\n1 /\n", "jobs.py:2 PY002 Not valid Python: invalid syntax."),
    ],
)
def test_an_exception_in_a_module_beside_it_is_reported_there(make_directory, source, expected):
    root = make_directory({"activities.py": "import jobs", "jobs.py": source})

    assert found_in(root) == [expected]


def test_one_directory_does_not_see_the_modules_of_another(make_directory):
    source = "from activities_gen import Pipeline\nimport jobs\np = Pipeline(jobs.NAME, [])"
    first = make_directory({"activities.py": source, "jobs.py": "NAME = 'first'"}, name="first")
    second = make_directory({"activities.py": source, "jobs.py": "NAME = 'second'"}, name="second")

    assert [load(root).pipeline.name for root in (first, second, first)] == ["first", "second", "first"]
    assert "jobs" not in sys.modules


PACKAGES = ".venv/lib/python3.12/site-packages"
USES_INSTALLED = f"""
import sys
sys.path.insert(0, str(__import__("pathlib").Path(__file__).parent / "{PACKAGES}"))
import activities_gen_third
activities_gen_third.use()
p = activities_gen_third.Pipeline("p", [])
"""


@pytest.fixture
def installed(make_directory, monkeypatch):
    """Makes a directory with a virtual environment in it, whose one package has a function with the given body."""

    def make(body: str) -> Path:
        monkeypatch.delitem(sys.modules, "activities_gen_third", raising=False)
        module = f"from activities_gen import Pipeline\ndef use():\n    {body}\n"
        return make_directory({"activities.py": USES_INSTALLED, f"{PACKAGES}/activities_gen_third.py": module})

    yield make
    sys.modules.pop("activities_gen_third", None)


def test_an_exception_in_an_installed_package_is_reported_where_the_author_called_it(installed):
    assert found_in(installed('raise ValueError("no")')) == ["4 PY003 ValueError: no."]


def test_an_installed_package_stays_loaded_when_the_next_directory_is(installed):
    load(installed("pass"))

    assert "activities_gen_third" in sys.modules


def test_a_pipeline_directory_may_lie_below_a_folder_of_packages(make_directory):
    root = make_directory({"activities.py": 'raise ValueError("no")'})
    root.rename(root.parent / "site-packages")

    assert found_in(root.parent / "site-packages") == ["1 PY003 ValueError: no."]


def test_lines_are_those_of_the_file_as_it_is_now(make_directory):
    root = make_directory({"activities.py": HEAD + "p = Pipeline('p', [],\n\n\n  parm=1)"})
    assert found_in(root)[0].startswith("6 ")
    (root / "activities.py").write_text(HEAD + "p = Pipeline('p', [],\n  parm=1)")
    assert found_in(root)[0].startswith("4 ")


def test_a_dataclass_with_postponed_annotations_works(make_directory):
    source = """
        from __future__ import annotations
        from dataclasses import dataclass
        from typing import ClassVar
        from activities_gen import Pipeline
        @dataclass
        class Table:
            name: str
            count: ClassVar[int] = 0
        p = Pipeline(Table("p").name, [])
    """
    assert load(make_directory({"activities.py": source})).pipeline.name == "p"


def test_a_process_that_it_forks_ends_as_it_likes(make_directory):
    source = """
        import os
        from activities_gen import Pipeline
        child = os.fork()
        if child == 0:
            os._exit(3)
        p = Pipeline(f"status-{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}", [])
    """
    assert load(make_directory({"activities.py": source})).pipeline.name == "status-3"


def test_loading_leaves_the_interpreter_as_it_was(make_directory):
    root = make_directory()
    log = logging.getLogger("azure.mgmt.datafactory._utils.serialization")

    def state() -> tuple[object, ...]:
        return list(sys.path), log.disabled, sys.dont_write_bytecode, sys.modules.get("activities"), os._exit

    before = state()
    load(root)

    assert state() == before
    assert WaitActivity(name="w", wait_time_in_seconds=1).name == "w"
    with pytest.raises(TypeError):
        WaitActivity(name="w")


def test_one_pipeline_under_two_names_is_one(make_directory):
    root = make_directory({"activities.py": HEAD + "p = Pipeline('p', [])\nq = p"})

    assert isinstance(load(root).pipeline, Pipeline)


@pytest.mark.parametrize(
    "name",
    ["Überwachung", "数据清洗", "تنظيف", "Данные", "😀", "it's", 'say "so"', "two\nlines", "a\u2028b", "tab\there"],
)
def test_names_in_every_script_arrive_and_findings_stay_on_one_line(make_directory, name):
    good = make_directory({"activities.py": HEAD + f"p = Pipeline('p', [spark_python({name!r})])"}, name="good")
    assert generate(good).written.activities[0]["name"] == name

    bad = make_directory(
        {"activities.py": HEAD + f"p = Pipeline('p', [spark_python({name!r}, depends_on=[''])])"}, name="bad"
    )
    with pytest.raises(FindingsError) as error:
        generate(bad)
    assert len(str(error.value).splitlines()) == 1
