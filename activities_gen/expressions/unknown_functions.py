"""What to say about a name that is no function of the language: the nearest one, or what it is elsewhere."""

from __future__ import annotations

from activities_gen.expressions.functions import READERS, all_functions
from activities_gen.findings import suggestion

ENGINE_ONLY: dict[str, str] = {
    "parameters": "pipeline().parameters.{name}",
    "actions": "activity('{name}')",
    "action": "",
    "body": "activity('{name}').output",
    "outputs": "activity('{name}').output",
    "actionbody": "activity('{name}').output",
    "actionoutputs": "activity('{name}').output",
    "items": "item()",
    "iterationindexes": "",
    "result": "",
    "workflow": "pipeline()",
    "triggeroutputs": "triggerBody()",
    "triggerformdatavalue": "",
    "triggerformdatamultivalues": "",
    "triggermultipartbody": "",
    "multipartbody": "",
    "formdatavalue": "",
    "formdatamultivalues": "",
    "listcallbackurl": "",
    "appsetting": "pipeline().globalParameters.{name}",
    "encodebase64": "base64(...)",
    "parse": "json(...)",
    "nthindexof": "",
    "sort": "",
    "reverse": "",
    "chunk": "",
    "isint": "",
    "isfloat": "",
    "decimal": "float(...)",
    "formatnumber": "",
    "slice": "substring(...)",
    "urihost": "",
    "uripath": "",
    "uripathandquery": "",
    "uriport": "",
    "urischeme": "",
    "uriquery": "",
    "addproperty": "",
    "setproperty": "",
    "removeproperty": "",
    "datedifference": "",
    "parsedatetime": "formatDateTime(...)",
}
"""Functions of Logic Apps that ADF does not document, in lower case, and what stands for each, empty if nothing does.

Studio flags them as unknown. ``{name}`` is the name that the call gives.
"""

ELSEWHERE: dict[str, str] = {
    **dict.fromkeys(
        ("now", "today", "getdate", "getutcdate", "sysdatetime", "sysutcdatetime", "sysdate", "utcdate", "datetime"),
        "utcNow()",
    ),
    **dict.fromkeys(("len", "count", "strlen", "datalength"), "length(...)"),
    **dict.fromkeys(("lcase", "tolowercase", "lowercase"), "toLower(...)"),
    **dict.fromkeys(("ucase", "touppercase", "uppercase"), "toUpper(...)"),
    **dict.fromkeys(("str", "text", "tochar", "to_char"), "string(...)"),
    **dict.fromkeys(("number", "integer", "parseint", "cint", "bigint"), "int(...)"),
    **dict.fromkeys(("double", "real", "parsefloat", "cdbl"), "float(...)"),
    **dict.fromkeys(("boolean", "cbool"), "bool(...)"),
    **dict.fromkeys(("substr", "mid"), "substring(...)"),
    **dict.fromkeys(("strcat", "concatenate", "concat_ws", "interpolate"), "concat(...)"),
    **dict.fromkeys(("charindex", "patindex", "strpos", "position", "search"), "indexOf(...)"),
    **dict.fromkeys(("includes", "exists", "has"), "contains(...)"),
    **dict.fromkeys(("isempty", "isblank"), "empty(...)"),
    **dict.fromkeys(("isnullorempty", "isnullorwhitespace"), "empty(...)"),
    **dict.fromkeys(("newid", "newguid", "newsequentialid"), "guid()"),
    **dict.fromkeys(("iff", "ifelse", "ternary"), "if(...)"),
    **dict.fromkeys(("eq", "equal", "isequal"), "equals(...)"),
    **dict.fromkeys(("ne", "neq", "notequal", "not_equals"), "not(equals(...))"),
    **dict.fromkeys(("gt", "greaterthan"), "greater(...)"),
    **dict.fromkeys(("lt", "lessthan"), "less(...)"),
    **dict.fromkeys(("ge", "gte", "greaterthanorequals", "greaterorequal"), "greaterOrEquals(...)"),
    **dict.fromkeys(("le", "lte", "lessthanorequals", "lessorequal"), "lessOrEquals(...)"),
    **dict.fromkeys(("plus", "sum"), "add(...)"),
    **dict.fromkeys(("subtract",), "sub(...)"),
    **dict.fromkeys(("times", "product"), "mul(...)"),
    **dict.fromkeys(("modulo", "remainder"), "mod(...)"),
    **dict.fromkeys(("dateadd", "date_add", "adddate"), "addDays(...) or addToTime(...)"),
    **dict.fromkeys(("datesub", "date_sub", "subtractdays"), "addDays(..., -n)"),
    **dict.fromkeys(
        ("dateformat", "date_format", "format", "formatdate", "strftime", "todatestring"), "formatDateTime(...)"
    ),
    **dict.fromkeys(("day", "dayofthemonth"), "dayOfMonth(...)"),
    **dict.fromkeys(("weekday",), "dayOfWeek(...)"),
    **dict.fromkeys(("datediff", "timediff"), "div(sub(ticks(...), ticks(...)), 864000000000) for days"),
    **dict.fromkeys(("list", "arrayof"), "createArray(...)"),
    **dict.fromkeys(("append", "push", "concatarrays"), "union(...)"),
    **dict.fromkeys(("parsejson", "fromjson", "json_parse"), "json(...)"),
    **dict.fromkeys(("tojson", "stringify"), "string(...)"),
    **dict.fromkeys(("urlencode", "encodeuri"), "encodeUriComponent(...)"),
    **dict.fromkeys(("urldecode", "decodeuri"), "decodeUriComponent(...)"),
    **dict.fromkeys(("and_", "all"), "and(...)"),
    **dict.fromkeys(("any",), "or(...)"),
    **dict.fromkeys(("parameter", "params", "param"), "pipeline().parameters.{name}"),
    **dict.fromkeys(("globalparameters", "globalparameter"), "pipeline().globalParameters.{name}"),
    **dict.fromkeys(("activities", "activityoutput"), "activity('{name}').output"),
}
"""Names that other languages have for what a function does, in lower case."""

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
"""Functions of mapping data flows, in lower case, and what stands for each in a pipeline, empty if nothing does.

Those that a pipeline has too, such as ``addDays``, never come here.
"""


def is_data_flow_function(name: str) -> bool:
    """Whether ``name`` is a function of mapping data flows that pipelines do not have."""
    return name.lower() in DATA_FLOW


def unknown_function(name: str, argument: object = None) -> str:
    """The message for a function that ADF does not have.

    Args:
        name: Its name.
        argument: Its first argument, if that is a literal.
    """
    key = name.lower()
    if len(name) > 100:
        return f"'{name[:60]}…' is not a function of Data Factory."
    if key in DATA_FLOW:
        instead = _write(DATA_FLOW[key], argument) or " Pipelines have nothing like it."
        return f"'{name}' is a function of mapping data flows, not of pipelines.{instead}"
    if key in ENGINE_ONLY:
        instead = _write(ENGINE_ONLY[key], argument)
        return f"'{name}' is a function of Logic Apps that Data Factory does not have.{instead}"
    if key in ELSEWHERE:
        return f"'{name}' is not a function of Data Factory.{_write(ELSEWHERE[key], argument)}"
    known = (*(function.name for function in all_functions()), *READERS)
    return f"'{name}' is not a function of Data Factory.{suggestion(name, known)}"


def _write(instead: str, argument: object) -> str:
    """The sentence that says what to write, empty if there is nothing."""
    name = argument if isinstance(argument, str) and len(argument) <= 100 else "name"
    written = instead.replace("{name}", name if "'{name}'" in instead or name.isidentifier() else f"['{name}']")
    return f" Write {written.replace('.[', '[')}." if instead else ""
