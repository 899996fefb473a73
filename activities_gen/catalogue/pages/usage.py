"""What the pages say of the family "Use of parameters and variables"."""

from __future__ import annotations

from activities_gen.catalogue.examples import pipeline, python, set_variable
from activities_gen.catalogue.page import Page

USE = "https://learn.microsoft.com/azure/data-factory/concepts-parameters-variables"


_LENGTH = set_variable("n", "@string(length(variables('u')))")


PAGES = {
    "ADF303": Page(
        why="A value that is passed for it has no effect.",
        wrong=pipeline(python(), parameters={"day": {"type": "string", "defaultValue": "1"}}),
        right=pipeline(
            python(parameters=["@pipeline().parameters.day"]),
            parameters={"day": {"type": "string", "defaultValue": "1"}},
        ),
        source=USE,
    ),
    "ADF306": Page(
        why="It is neither set nor read.",
        wrong=pipeline(python(), variables={"day": {"type": "String"}}),
        right=pipeline(
            set_variable("day", "1"), python(parameters=["@variables('day')"]), variables={"day": {"type": "String"}}
        ),
        source=USE,
    ),
    "ADF312": Page(
        why="Setting it has no effect, except that the run's report shows its value.",
        wrong=pipeline(set_variable("day", "1"), variables={"day": {"type": "String"}}),
        right=pipeline(
            set_variable("day", "1"), python(parameters=["@variables('day')"]), variables={"day": {"type": "String"}}
        ),
        source=USE,
    ),
    "ADF317": Page(
        why="It is not documented whether such a variable is null or an empty text. `length()` of the one fails, and of the other is 0.",
        wrong=pipeline(_LENGTH, variables={"u": {"type": "String"}, "n": {"type": "String"}}),
        right=pipeline(
            _LENGTH,
            variables={"u": {"type": "String", "defaultValue": ""}, "n": {"type": "String"}},
        ),
        source="https://learn.microsoft.com/azure/data-factory/concepts-parameters-variables",
    ),
}
