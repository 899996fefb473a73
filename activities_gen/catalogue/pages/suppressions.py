"""What the pages say of the family "Suppressions"."""

from __future__ import annotations

from activities_gen.catalogue.examples import wait
from activities_gen.catalogue.page import Page

HERE = "activities-gen"

_SLOW = [wait("Load: all")]

_QUIET = [wait("Load all")]


PAGES = {
    "SUP001": Page(
        why="A reader must be able to judge later whether it still applies. Without a reason it suppresses nothing.",
        wrong={"activities.json": _SLOW, "suppressions.json": {"ADF104:Load: all": ""}},
        right={"activities.json": _SLOW, "suppressions.json": {"ADF104:Load: all": "Named so in the data contract."}},
        source=HERE,
    ),
    "SUP002": Page(
        why="The code is probably a typing error: the intended finding is still reported.",
        wrong={"activities.json": _QUIET, "suppressions.json": {"ADF999": "We know."}},
        right={"activities.json": _SLOW, "suppressions.json": {"ADF104": "Named so in the data contract."}},
        source=HERE,
    ),
    "SUP003": Page(
        why="The finding is gone. Left there, it would hide the next mistake of this kind.",
        wrong={"activities.json": _QUIET, "suppressions.json": {"ADF104": "Named so in the data contract."}},
        right={"activities.json": _SLOW, "suppressions.json": {"ADF104": "Named so in the data contract."}},
        source=HERE,
    ),
    "SUP004": Page(
        why=(
            "`suppressions.json` is an object from `CODE`, `CODE:activity`, `CODE:pipeline/activity` or `CODE:pipeline/` to the "
            "reason. It is beside `pipeline.json`, or in the root of an ADF git repository."
        ),
        wrong={"activities.json": _SLOW, "suppressions.json": ["ADF104"]},
        right={"activities.json": _SLOW, "suppressions.json": {"ADF104": "Named so in the data contract."}},
        source=HERE,
    ),
}
