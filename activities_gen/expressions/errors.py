"""The errors of the expression language.

::

    ExpressionError            base of all
    ├── ExpressionSyntaxError  the text is no expression: raised by ``parse`` and everything that parses
    └── EvaluationError        the expression has no value: raised by ``evaluate``
        └── LimitError         its value would be larger than any that ADF could hold
"""

from __future__ import annotations

from typing import Literal

Fault = Literal["token", "character", "string", "segment", "number", "length"]
"""What breaks the syntax: a token of the wrong kind, a character that begins no token, a string or an ``@{`` without end,
a number beyond 64 bits, or too many characters."""


class ExpressionError(Exception):
    """What is wrong with an expression, and where.

    Attributes:
        message: What is wrong, and how to mend it if that is known.
        position: Offset in characters of the place in ``expression``, counted from 0.
        end: Offset behind the last character of the place.
        expression: The whole text that was parsed or evaluated, as it is written in the JSON.
    """

    def __init__(self, message: str, position: int = 0, expression: str = "", end: int | None = None) -> None:
        super().__init__(message, position, expression, end)
        self.message = message
        self.position = position
        self.expression = expression
        self.end = position + 1 if end is None else end

    @property
    def part(self) -> str:
        """The sub-expression that is meant."""
        return self.expression[self.position : self.end]

    def __str__(self) -> str:
        """The message, with the sub-expression if there is one."""
        if not self.part.strip() or self.part in self.message:
            return f"{self.message} (at position {self.position})" if self.expression else self.message
        return f"{self.message} (at position {self.position}: {shorten(self.part)})"


class ExpressionSyntaxError(ExpressionError):
    """The text is not an expression of the language.

    Attributes:
        fault: What breaks the syntax.
        wanted: For a wrong token, the kind that the grammar wants, by the engine's name: ``RightParenthesis``.
        found: For a wrong token, the kind that stands there; ``EndOfData`` where the text has ended.
    """

    def __init__(
        self,
        message: str,
        position: int,
        expression: str,
        end: int | None = None,
        *,
        fault: Fault,
        wanted: str = "",
        found: str = "",
    ) -> None:
        super().__init__(message, position, expression, end)
        self.fault = fault
        self.wanted = wanted
        self.found = found


class EvaluationError(ExpressionError):
    """The expression cannot be evaluated, as in ADF it would fail at run time."""


class LimitError(EvaluationError):
    """The expression would need more memory than a run of ADF could ever pass on."""


class FunctionError(Exception):
    """Raised inside a function of the language; the evaluator adds the function's name and the position."""

    @property
    def sentence(self) -> str:
        """What the function does or needs, to follow its name, with a full stop or a question mark."""
        text = str(self)
        return text if text.endswith(("?", ".")) else f"{text}."


class NoZoneDataError(FunctionError):
    """This machine has no data of time zones; nothing is said about the expression."""


def shorten(text: str, limit: int = 60) -> str:
    """``text`` on one line, cut to ``limit`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
