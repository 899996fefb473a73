"""What is known of a code at each start: what the findings of it look like."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from activities_gen.findings import Layer, Severity

ERROR, WARNING, NOTE = Severity
LOCAL, STUDIO, DEPLOYMENT, RUN, TERRAFORM, FLOWEHR = Layer


class Target(Enum):
    """Where a pipeline is going."""

    ADF = "adf"
    FLOWEHR = "flowehr"


class Code(NamedTuple):
    """One kind of mistake that can be reported.

    Attributes:
        code: Stable identifier, three letters and three digits or two letters and three digits, as in ``ADF203``.
        family: The family it belongs to, a key of ``FAMILIES``.
        severity: How much a finding of it matters, unless the finding says otherwise.
        layer: Who would notice first.
        title: The mistake in half a sentence.
        instead_of: Codes of which it says more: their findings in a place that it reports itself are left out.
    """

    code: str
    family: str
    severity: Severity
    layer: Layer
    title: str
    instead_of: tuple[str, ...] = ()

    @property
    def target(self) -> Target | None:
        """Where it is a mistake; ``None`` means everywhere."""
        return Target.FLOWEHR if self.code.startswith("FLO") else None
