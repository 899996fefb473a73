"""The few rules without which JSON is not even written: names that are refused, and dependencies that lead nowhere.

``check`` applies every rule. These are asked each time JSON is generated, for what they find is a slip of the pen in
``activities.py`` and never a matter of taste.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.rules.engine import report_documents
from activities_gen.rules.model import Options, Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from activities_gen.findings import Finding
    from activities_gen.wire.document import Document

CODES = frozenset({"ADF101", "ADF103", "ADF106", "ADF202", "ADF203", "ADF204", "ADF206", "FLO101"})


def refusals(documents: Iterable[Document], target: str, suppressions: Mapping[str, str]) -> list[Finding]:
    """What keeps documents from being written.

    Args:
        documents: A pipeline and its triggers.
        target: For whom they are written: ``"flowehr"`` or ``"adf"``.
        suppressions: Reasons by ``CODE`` or ``CODE:activity``, as ``check`` takes them.
    """
    options = Options(target=Target(target))
    reasons = {key for key, reason in suppressions.items() if str(reason).strip()}
    return [
        reported.finding
        for reported in report_documents(documents, options, CODES)
        if not reasons.intersection(reported.keys)
    ]
