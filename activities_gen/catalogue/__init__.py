"""The catalogue: every code that can be reported.

What each start needs, such as severities and titles, is one table of rows. What only a page shows, such as examples, is
one module for each family in ``pages``, imported when a page is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.catalogue.code import Code, Target
from activities_gen.catalogue.expressions import EXPRESSIONS_CODES
from activities_gen.catalogue.flowehr import FLOWEHR_CODES
from activities_gen.catalogue.pipelines import PIPELINES_CODES
from activities_gen.catalogue.program import PROGRAM_CODES
from activities_gen.catalogue.resources import RESOURCES_CODES
from activities_gen.lazy import lazy_module

if TYPE_CHECKING:
    from activities_gen.catalogue.page import Page

__all__ = ["CODES", "FAMILIES", "RETIRED", "Code", "Target", "codes_of", "page_of"]

FAMILIES = {
    "reading": "Reading files",
    "names": "Names",
    "limits": "Limits",
    "keys": "Keys and types of values",
    "elsewhere": "Activities of other products",
    "policy": "Policies and time spans",
    "dependencies": "Dependencies",
    "nesting": "Nesting",
    "loops": "Loops",
    "control": "Control and web activities",
    "settings": "Settings that belong together",
    "declarations": "Parameters and variables",
    "usage": "Use of parameters and variables",
    "expressions": "Expressions",
    "scoping": "References in expressions",
    "results": "Results of expressions",
    "outputs": "Outputs of activities",
    "databricks": "Databricks activities",
    "libraries": "Databricks libraries",
    "entrypoints": "Python entrypoints",
    "clusters": "Databricks clusters",
    "execute_pipeline": "ExecutePipeline",
    "references": "References",
    "triggers": "Triggers",
    "windows": "Tumbling windows",
    "schedules": "Schedules",
    "events": "Event triggers",
    "secrets": "Secrets",
    "flowehr": "FlowEHR: pipelines",
    "flowehr_trigger": "FlowEHR: triggers",
    "terraform": "FlowEHR: what its Terraform provider reads",
    "directories": "FlowEHR: pipeline directories",
    "definition": "Definitions in Python",
    "generation": "Generated files",
    "importing": "Imports",
    "run": "Runs",
    "suppressions": "Suppressions",
}
"""The headings of the families, in the order in which they are shown."""

CODES = {
    code.code: code for code in (*PIPELINES_CODES, *EXPRESSIONS_CODES, *RESOURCES_CODES, *FLOWEHR_CODES, *PROGRAM_CODES)
}
"""Every code that can be reported, in the order of families and codes."""


RETIRED = {"FLO160": "GEN051", "FLO161": "GEN050"}
"""Codes that are reported no more, each with the one that is reported instead."""


def codes_of(family: str) -> list[str]:
    """Returns the codes of a family, in order."""
    return [code.code for code in CODES.values() if code.family == family]


def page_of(code: str) -> Page:
    """Returns the explanation of a code.

    Args:
        code: A key of ``CODES``.
    """
    pages: dict[str, Page] = lazy_module(f"{__name__}.pages.{CODES[code].family}").PAGES
    return pages[code]
