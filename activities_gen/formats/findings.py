"""What ``check --format json`` writes; :func:`activities_gen.renderings.as_json` writes it without these models."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field, RootModel

from activities_gen.formats.model import Format


class FindingEntry(Format):
    """One thing that is wrong, or may be."""

    code: str = Field(pattern=r"^[A-Z]+[0-9]{3}$", description="The code: `explain CODE` says more.")
    severity: Literal["error", "warning", "note"] = Field(description="Only an error changes the exit status.")
    message: str = Field(description="What is wrong, and how to mend it.")
    file: str = Field(description="The file, relative to the working directory if possible.")
    line: int = Field(ge=0, description="The line, counted from 1; 0 for the whole file.")
    column: int = Field(ge=0, description="The column in characters, counted from 1; 0 for the whole line.")
    path: list[str | int] = Field(description="Keys and indices from the root of the JSON document; may be empty.")
    layer: Literal["local", "Studio", "deployment", "run", "Terraform", "FlowEHR"] = Field(
        description="Who would notice it first without this check."
    )


class Findings(RootModel[list[FindingEntry]]):
    """What `check --format json` writes: a list with an object for each finding."""

    model_config = ConfigDict(title="Findings")
