"""What to say about a name that is no function of the language: the nearest one, or what it is elsewhere."""

from __future__ import annotations

from activities_gen.expressions.functions import READERS, all_functions
from activities_gen.findings import suggestion

ENGINE_ONLY = frozenset(
    [
        "nthindexof",
        "sort",
        "reverse",
        "chunk",
        "isint",
        "isfloat",
        "decimal",
        "formatnumber",
        "slice",
        "urihost",
        "uripath",
        "uripathandquery",
        "uriport",
        "urischeme",
        "uriquery",
        "addproperty",
        "setproperty",
        "removeproperty",
        "datedifference",
        "parsedatetime",
        "actions",
        "body",
        "outputs",
        "items",
        "result",
        "parameters",
        "workflow",
        "action",
        "listcallbackurl",
        "multipartbody",
        "formdatavalue",
        "formdatamultivalues",
        "triggerformdatavalue",
        "triggerformdatamultivalues",
        "triggermultipartbody",
        "triggeroutputs",
        "iterationindexes",
        "appsetting",
        "encodebase64",
        "parse",
    ]
)
"""Functions of Logic Apps that ADF does not document; Studio flags them as unknown."""

DATA_FLOW: dict[str, str] = {
    "tostring": "string(...)",
    "tointeger": "int(...)",
    "tolong": "int(...)",
    "toshort": "int(...)",
    "tofloat": "float(...)",
    "todouble": "float(...)",
    "todecimal": "float(...)",
    "toboolean": "bool(...)",
    "tobool": "bool(...)",
    "todate": "formatDateTime(..., 'yyyy-MM-dd')",
    "totimestamp": "formatDateTime(...)",
    "iif": "if(...)",
    "iifnull": "coalesce(...)",
    "ifnull": "coalesce(...)",
    "isnull": "equals(..., null)",
    "isnotnull": "not(equals(..., null))",
    "currentutc": "utcNow()",
    "currenttimestamp": "utcNow()",
    "currentdate": "utcNow('yyyy-MM-dd')",
    "regexreplace": "replace(...) for fixed text",
    "regexmatch": "contains(...) for fixed text",
    "regexextract": "substring(...)",
    "regexsplit": "split(...)",
    "rlike": "contains(...)",
    "like": "contains(...)",
    "instr": "indexOf(...)",
    "locate": "indexOf(...)",
    "ltrim": "trim(...)",
    "rtrim": "trim(...)",
    "lpad": "",
    "rpad": "",
    "initcap": "",
    "upper": "toUpper(...)",
    "lower": "toLower(...)",
    "left": "substring(..., 0, n)",
    "right": "substring(...)",
    "concatws": "join(createArray(...), ',')",
    "size": "length(...)",
    "addmonths": "addToTime(..., n, 'Month')",
    "addyears": "addToTime(..., n, 'Year')",
    "subdays": "addDays(..., -n)",
    "submonths": "subtractFromTime(..., n, 'Month')",
    "month": "int(formatDateTime(..., '%M'))",
    "year": "int(formatDateTime(..., 'yyyy'))",
    "hour": "int(formatDateTime(..., '%H'))",
    "minute": "int(formatDateTime(..., '%m'))",
    "second": "int(formatDateTime(..., '%s'))",
    "lastdayofmonth": "addDays(startOfMonth(addToTime(..., 1, 'Month')), -1)",
    "round": "",
    "floor": "",
    "ceil": "",
    "abs": "",
    "power": "",
    "multiply": "mul(...)",
    "minus": "sub(...)",
    "divide": "div(...)",
    "nvl": "coalesce(...)",
    "md5": "",
    "sha1": "",
    "sha2": "",
    "crc32": "",
    "uuid": "guid()",
    "byname": "",
    "case": "if(...)",
    "between": "and(greaterOrEquals(...), lessOrEquals(...))",
    "notequals": "not(equals(...))",
    "isinteger": "",
    "array_contains": "contains(...)",
}
"""Functions of mapping data flows, in lower case, and what stands for each in a pipeline, empty where nothing does.

Those that a pipeline has too, such as ``addDays``, never come here.
"""


def is_data_flow_function(name: str) -> bool:
    """Whether ``name`` is a function of mapping data flows that pipelines do not have."""
    return name.lower() in DATA_FLOW


def unknown_function(name: str) -> str:
    """The message for a function that ADF does not have."""
    key = name.lower()
    if len(name) > 100:
        return f"'{name[:60]}…' is not a function of Data Factory."
    if key in DATA_FLOW:
        instead = f" Write {DATA_FLOW[key]}." if DATA_FLOW[key] else " Pipelines have nothing like it."
        return f"'{name}' is a function of mapping data flows, not of pipelines.{instead}"
    if key in ENGINE_ONLY:
        return f"'{name}' is a function of Logic Apps that Data Factory does not have."
    known = (*(function.name for function in all_functions()), *READERS)
    return f"'{name}' is not a function of Data Factory.{suggestion(name, known)}"
