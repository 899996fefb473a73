"""What all models of our formats have in common."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Format(BaseModel):
    """An object of one of our formats: its keys are in camel case, and it has no others than those named here."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, alias_generator=to_camel)


class File(Format):
    """A whole file of one of our formats.

    Attributes:
        schema_uri: Where the JSON schema of the file is.
        example: A short file, for messages and the documentation; ``None`` for what nobody writes by hand.
    """

    example: ClassVar[Any] = None

    schema_uri: str | None = Field(
        default=None, alias="$schema", description="Where the JSON schema is, for editors. It is not data."
    )
