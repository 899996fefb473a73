"""How an activity fails, and how a run is ended early."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Error:
    """Why an activity failed, in the words that ADF's expressions read.

    Attributes:
        code: ``activity('X').error.errorCode``.
        message: ``activity('X').error.message``.
        failure_type: ``activity('X').error.failureType``: ``UserError`` or ``SystemError``.
    """

    code: str
    message: str
    failure_type: str = "UserError"


class Failure(Exception):  # noqa: N818 - how an activity ends, not a defect of the program
    """An activity fails, with the error that expressions read."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.error = Error(code, message)


class Interrupted(Exception):  # noqa: N818 - a wish, not a defect
    """The run is to be ended early; raised by an executor's ``wait`` alone, where the engine's state is whole."""
