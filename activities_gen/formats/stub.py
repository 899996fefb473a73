"""The file of ``run --stub``: what an activity gives, or why it fails, in place of a run of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, model_validator

from activities_gen.formats.model import File, Format
from activities_gen.formats.reading import read

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

_KEYS = ("output", "error")
_IS_WRAPPED = {
    "type": "object",
    "propertyNames": {"enum": ["$schema", *_KEYS]},
    "anyOf": [{"required": [key]} for key in _KEYS],
}
_EITHER = [{"required": ["output"]}, {"required": ["error"], "properties": {"error": {"type": "object"}}}]


class StubError(Format):
    """Why the activity fails, as expressions read it."""

    code: str = Field(default="UserErrorStubbed", alias="errorCode", description="`activity('X').error.errorCode`.")
    message: str = Field(default="The activity was made to fail.", description="`activity('X').error.message`.")
    failure_type: Literal["UserError", "SystemError"] = Field(
        default="UserError", description="`activity('X').error.failureType`."
    )
    target: Any = Field(
        default=None, description="Not used: it is the activity. So an error can be copied from a report or from ADF."
    )
    details: Any = Field(default=None, description="Not used, as `target`.")


class Stub(File):
    """The outcome of an activity that is not run, for `run --stub NAME=FILE`.

    The file has the key `output`, the key `error`, or both for an activity that fails with an output: a Copy then has
    `errors`, a notebook `runError`. A file with other content is the output itself; of its keys only
    `$schema` is left out. An output that has no other key than `output` or `error` must stand under `output`.
    """

    model_config = ConfigDict(title="Stub")
    example: ClassVar[dict[str, Any]] = {"output": {"rowsCopied": 3}}

    output: Any = Field(default=None, description="What expressions read as `activity('X').output`: any JSON value.")
    error: StubError | None = Field(default=None, description="Why the activity fails. `null` is the same as no key.")

    @model_validator(mode="before")
    @classmethod
    def _wrapped(cls, value: Any) -> Any:
        """A bare output as one under ``output``."""
        if not isinstance(value, dict):
            return {"output": value}
        given = {key: member for key, member in value.items() if key != "$schema"}
        return value if given and given.keys() <= set(_KEYS) else {"output": given}

    @model_validator(mode="after")
    def _either(self) -> Stub:
        if self.error is None and "output" not in self.model_fields_set:
            raise ValueError("A stub has 'output' or 'error': what the activity gives, or why it fails. Write one.")
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The schema: what holds for ``output`` and ``error`` holds only if there is no other key."""
        schema = handler.resolve_ref_schema(handler(core))
        title, description = schema.pop("title"), schema.pop("description")
        wrapped = {**schema, "anyOf": _EITHER}
        return {"title": title, "description": description, "if": _IS_WRAPPED, "then": wrapped}


def read_stub(content: bytes | str, file: str) -> Stub:
    """Reads the file of a stub.

    Args:
        content: The file's bytes or text.
        file: The file's path as findings show it.

    Raises:
        FindingsError: It is no such file: ``RUN029``.
    """
    return read(Stub, content, file, "RUN029")[0]
