"""Writes what is made from the models of our JSON formats: their schemas, and ``docs/formats.md``.

Run: ``python tools/write_formats.py``. A test holds both fresh.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from activities_gen.formats.findings import Findings  # noqa: E402 the path must be set first
from activities_gen.formats.report import RunReport  # noqa: E402
from activities_gen.formats.stub import Stub  # noqa: E402
from activities_gen.formats.suppressions import Suppressions  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic import BaseModel

FORMATS: dict[str, type[BaseModel]] = {
    "suppressions": Suppressions,
    "stub": Stub,
    "report": RunReport,
    "findings": Findings,
}
"""The models by the names of their schemas."""

FOLDER = "activities_gen/formats"
PAGE = f"""\
# JSON formats

Written by `tools/write_formats.py` from the models in `{FOLDER}/`; do not edit.

The files that you write or read, apart from those of ADF. A mistake in one that you write is a finding with line and column:
a key that does not exist, a value of another type, a key that stands twice.

## Schemas

Each format has a JSON schema (draft 2020-12), in `{FOLDER}/` of this repository and of an installed `activities-gen`. This
prints the folder of the installed one:

```
python -c "import activities_gen.formats as formats; print(*formats.__path__)"
```

An editor that knows the schema completes keys and marks mistakes. Either name it in the file itself, with a path or URL; the
key `$schema` is allowed at the top of each file that is an object:

```json
{{
  "$schema": "../{FOLDER}/suppressions.schema.json",
  "ADF233": "A quick call."
}}
```

Or name it in the editor's settings, here those of VS Code:

```json
{{
  "json.schemas": [
    {{"fileMatch": ["suppressions.json"], "url": "./{FOLDER}/suppressions.schema.json"}},
    {{"fileMatch": ["runs/*/report.json"], "url": "./{FOLDER}/report.schema.json"}}
  ]
}}
```
"""


class _Schema(GenerateJsonSchema):
    """Schemas without a title for each key, which would only say the key again."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 the base class asks so
        return False


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of a format."""
    written = model.model_json_schema(schema_generator=_Schema)
    head = {key: written.pop(key) for key in ("title", "description")}
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **head, **written}
    return _tidied(schema)


def _tidied(value: Any) -> Any:
    """A schema without defaults that are null, and with each description on one line."""
    if isinstance(value, list):
        return [_tidied(member) for member in value]
    if not isinstance(value, dict):
        return value
    kept = {key: _tidied(member) for key, member in value.items() if not (key == "default" and member is None)}
    description = kept.get("description")
    return kept | {"description": " ".join(description.split())} if isinstance(description, str) else kept


def page() -> str:
    """The reference of all formats."""
    return "\n".join([PAGE, *(line for name, model in FORMATS.items() for line in _section(name, model))])


def _section(name: str, model: type[BaseModel]) -> Iterator[str]:
    schema = schema_of(model)
    paragraphs = (model.__doc__ or "").split("\n\n")
    yield f"## {schema['title']}\n"
    yield "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
    yield f"\nSchema: [`{name}.schema.json`](../{FOLDER}/{name}.schema.json)\n"
    example = getattr(model, "example", None)
    if example is not None:
        yield f"```json\n{json.dumps(example, indent=2)}\n```\n"
    yield from _table(schema.get("then", schema))
    for title, inner in sorted(schema.get("$defs", {}).items()):
        yield f"### {title}\n"
        yield f"{inner['description']}\n"
        yield from _table(inner)


def _table(schema: dict[str, Any]) -> Iterator[str]:
    """The keys of an object, each with its type."""
    if "properties" not in schema:
        yield f"The file is a {_type(schema)}.\n"
        return
    yield "| key | value | required | meaning |\n| --- | --- | --- | --- |"
    required = schema.get("required", ())
    for key, value in schema["properties"].items():
        default = f"Default: `{json.dumps(value['default'])}`." if value.get("default") else ""
        meaning = f"{value.get('description', '')} {default}".strip()
        yield f"| `{key}` | {_type(value)} | {'yes' if key in required else 'no'} | {meaning} |"
    if isinstance(schema.get("additionalProperties"), dict):
        yield f"| any other key | {_type(schema['additionalProperties'])} | no | |"
    yield ""


_NAMES = {"integer": "whole number", "null": "`null`"}


def _type(schema: dict[str, Any]) -> str:
    """The type of a value in words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return _either(map(_type, schema["anyOf"]))
    if "const" in schema or "enum" in schema:
        return _either(f"`{json.dumps(each)}`" for each in schema.get("enum", [schema.get("const")]))
    kind = schema.get("type", "any value")
    if kind == "array":
        return f"list of {_type(schema['items'])}"
    if kind == "object":
        inner = schema.get("additionalProperties")
        return f"object of {_type(inner)}" if isinstance(inner, dict) else "object"
    return str(_NAMES.get(kind, kind))


def _either(parts: Iterable[str]) -> str:
    return " or ".join(parts)


def files() -> dict[Path, str]:
    """What is written, by its path."""
    schemas = {
        ROOT / FOLDER / f"{name}.schema.json": json.dumps(schema_of(model), indent=2, ensure_ascii=False) + "\n"
        for name, model in FORMATS.items()
    }
    return {**schemas, ROOT / "docs" / "formats.md": page()}


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, "utf-8")
