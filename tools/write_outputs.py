"""Writes ``expressions/outputs.py``, what editors complete behind ``output_of(…)``, from the table of outputs.

Run: ``python tools/write_outputs.py``. A test holds it fresh.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from activities_gen.model import outputs, schema  # noqa: E402 the path must be set first
from activities_gen.model.activities import Siblings  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.model.outputs import Shape

HEAD = '''\
"""``output_of``: the output of an activity, with what is documented of it for editors to complete.

Written by ``tools/write_outputs.py`` from the table of outputs; do not edit.
"""

# fmt: off
# ruff: noqa: N815 the names are ADF's
from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from activities_gen.expressions.build import name_of
from activities_gen.expressions.expr import Expr, quote

if TYPE_CHECKING:
    from azure.mgmt.datafactory import models
'''
TAIL = '''
@overload
def output_of(activity: Any) -> Expr: ...
def output_of(activity: Any) -> Expr:
    """The output of an activity that ran before: ``output_of(lookup).firstRow.count``.

    Args:
        activity: The activity, or its name.
    """
    return Expr(f"@activity({quote(name_of(activity))}).output")
'''
_OPEN = {"firstRowOnly": {"value": "@true", "type": "Expression"}, "fieldList": {"value": "@x", "type": "Expression"}}
"""Properties for which nothing of an output is left out."""


def shapes() -> Iterator[tuple[str, Shape]]:
    """The SDK's classes with what is known of the outputs of their activities."""
    for kind, name in schema.activity_types().items():
        [activity] = Siblings([{"name": "x", "type": kind, "typeProperties": _OPEN}], ()).activities
        found = [shape for ending in ("Succeeded", "Failed") if (shape := outputs.output_of(activity, ending))]
        shape = outputs.merged(found)
        if shape is not None and any(key.isidentifier() and key != "value" for key in outputs.own_keys(shape)):
            yield name, shape


def files() -> dict[Path, str]:
    """The files that are written, by path."""
    lines = [HEAD]
    rows = list(shapes())
    for name, shape in rows:
        keys = [key for key in outputs.own_keys(shape) if key.isidentifier() and key != "value"]
        lines += [
            f"    class {name.removesuffix('Activity')}Output(Expr):",
            f'        """The output of a ``{name}``."""',
            "",
        ]
        lines += [*(f"        {key}: Expr" for key in keys), ""]
    lines.append("")
    for name, _ in rows:
        lines += ["@overload", f"def output_of(activity: models.{name}) -> {name.removesuffix('Activity')}Output: ..."]
    return {ROOT / "activities_gen" / "expressions" / "outputs.py": "\n".join(lines) + TAIL}


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
