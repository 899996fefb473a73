"""What ``activity('…').output`` holds, by the type of the activity and by how it ended.

The table says what is documented, and nothing else: where a type is not in it, or its output is what somebody else
answers, nothing is known. Sources are the pages of ADF's documentation about the activity, unless a row names another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from activities_gen.model.values import get, is_dynamic

if TYPE_CHECKING:
    from activities_gen.model.activities import Activity


@dataclass(frozen=True)
class Shape:
    """What is known of a value.

    Attributes:
        type: Its type in the engine's words: ``Object``, ``Array``, ``String``, ``Integer``, ``Float`` or ``Boolean``;
            empty if it is not known.
        keys: Of an object, the members that are known, by name.
        closed: Whether an object has no other members than these.
        element: Of an array, what each element is.
        instead: Of an object, what to read in the place of keys that it does not have, by their name in lower case.
    """

    type: str = ""
    keys: Mapping[str, Shape] = field(default_factory=dict)
    closed: bool = False
    element: Shape | None = None
    instead: Mapping[str, str] = field(default_factory=dict)

    def find(self, key: str) -> Shape | None:
        """Returns a member, whatever its letter case; ``None`` if it is not known."""
        found: Shape | None = get(self.keys, key)
        return found


UNKNOWN = Shape()
TEXT, INTEGER, FLOAT, BOOLEAN = (Shape(kind) for kind in ("String", "Integer", "Float", "Boolean"))
ROW = Shape("Object")


def _object(keys: Mapping[str, Shape], *, closed: bool = False, **instead: str) -> Shape:
    return Shape("Object", keys, closed, instead=instead)


def _list(element: Shape = UNKNOWN) -> Shape:
    return Shape("Array", element=element)


_RUNTIME: Mapping[str, Shape] = {
    "effectiveIntegrationRuntime": TEXT,
    "executionDuration": INTEGER,
    "durationInQueue": Shape("Object"),
    "billingReference": Shape("Object"),
}
"""What every activity that runs on an integration runtime tells of that."""


def own_keys(shape: Shape) -> list[str]:
    """Returns the keys of an output without those that tell of the integration runtime."""
    return [key for key in shape.keys if key not in _RUNTIME]


_NAMED = _object({"name": TEXT, "type": TEXT}, closed=True)

_FIELDS: Mapping[str, Shape] = {
    "childItems": _list(_NAMED),
    "columnCount": INTEGER,
    "contentMD5": TEXT,
    "created": TEXT,
    "exists": BOOLEAN,
    "itemName": TEXT,
    "itemType": TEXT,
    "lastModified": TEXT,
    "size": INTEGER,
    "structure": _list(_NAMED),
}
FIELDS = tuple(_FIELDS)
"""What a Get Metadata can be asked for in its ``fieldList``."""

# Some connectors add keys of their own, so others than these may be there.
_COPY = _object(
    {
        **_RUNTIME,
        "copyDuration": INTEGER,
        "dataConsistencyVerification": Shape("Object"),
        "dataRead": INTEGER,
        "dataWritten": INTEGER,
        "errors": _list(_object({"Code": INTEGER, "Message": TEXT})),
        "executionDetails": _list(Shape("Object")),
        "filesRead": INTEGER,
        "filesSkipped": INTEGER,
        "filesWritten": INTEGER,
        "hdfsDistcp": UNKNOWN,
        "logFilePath": TEXT,
        "logPath": TEXT,
        "profile": Shape("Object"),
        "redshiftUnload": BOOLEAN,
        "reportLineageToPurview": Shape("Object"),
        "rowsCopied": INTEGER,
        "rowsRead": INTEGER,
        "rowsSkipped": INTEGER,
        "sinkPeakConnections": INTEGER,
        "sourcePeakConnections": INTEGER,
        "sqlDwPolyBase": BOOLEAN,
        "throughput": FLOAT,
        "usedDataIntegrationUnits": INTEGER,
        "usedParallelCopies": INTEGER,
    },
    rowswritten="rowsCopied",
    rows="rowsCopied",
    rowcount="rowsCopied",
    rowsinserted="rowsCopied",
    rowsaffected="rowsCopied",
    firstrow="rowsCopied",
    error="errors",
)

_PAGE: Mapping[str, Shape] = {**_RUNTIME, "runPageUrl": TEXT}
"""What Databricks activities tell: the page of the run."""

_JOB_OF_CODE = _object(_PAGE, closed=True)
"""A Python file or a jar: only notebooks give a value back (``dbutils.notebook.exit``)."""


def _lookup(activity: Activity) -> Shape:
    """One row or all rows, by ``firstRowOnly``; both forms if that is computed."""
    first = first_row_only(activity)
    one: Mapping[str, Shape] = {"firstRow": ROW} if first is not False else {}
    every: Mapping[str, Shape] = {"count": INTEGER, "value": _list(ROW)} if first is not True else {}
    return _object({**_RUNTIME, **one, **every}, closed=True)


def first_row_only(activity: Activity) -> bool | None:
    """Returns what a Lookup says, by default true; ``None`` if that is computed."""
    value = activity.type_properties.get("firstRowOnly", True)
    if isinstance(value, str) and value.casefold() in ("true", "false"):
        return value.casefold() == "true"
    return value if isinstance(value, bool) else None


def _metadata(activity: Activity) -> Shape:
    """Exactly what its ``fieldList`` asks for."""
    fields = activity.type_properties.get("fieldList")
    if fields is not None and not isinstance(fields, list):
        return _object(_FIELDS)
    names = [name for name in fields or [] if isinstance(name, str) and not is_dynamic(name)]
    known = {key: shape for key, shape in _FIELDS.items() if key.casefold() in map(str.casefold, names)}
    return _object({**_RUNTIME, **known}, closed=len(names) == len(fields or []))


def _called(activity: Activity) -> Shape:
    """The run of a pipeline; what the pipeline returns is there if it is waited for."""
    keys = {"pipelineName": TEXT, "pipelineRunId": TEXT}
    if activity.type_properties.get("waitOnCompletion") is not False:
        keys["pipelineReturnValue"] = Shape("Object")
    instead = {"result": "pipelineReturnValue", "returnvalue": "pipelineReturnValue", "value": "pipelineReturnValue"}
    return Shape("Object", keys, closed=True, instead=instead)


_SCRIPT = _object(
    {
        **_RUNTIME,
        "outputLogs": TEXT,
        "outputLogsLocation": TEXT,
        "outputParameters": Shape("Object"),
        "outputTruncated": BOOLEAN,
        "recordsAffected": INTEGER,
        "resultSetCount": INTEGER,
        "resultSets": _list(_object({"rowCount": INTEGER, "rows": _list(ROW)}, closed=True)),
    },
    closed=True,
    firstrow="resultSets[0].rows[0]",
    value="resultSets[0].rows",
    rows="resultSets[0].rows",
    count="resultSets[0].rowCount",
    rowsaffected="recordsAffected",
)

_FILTERED = _object({"ItemsCount": INTEGER, "FilteredItemsCount": INTEGER, "Value": _list()}, closed=True)
_VARIABLE = _object({"name": TEXT, "value": UNKNOWN}, closed=True)
_NOTHING = _object({}, closed=True)
_PROCEDURE = _object(_RUNTIME, closed=True)
_DELETED = _object({**_RUNTIME, "datasetName": TEXT, "filesDeleted": INTEGER, "logPath": TEXT, "path": TEXT})

Row = Shape | Callable[["Activity"], Shape]

_SUCCEEDED: Mapping[str, Row] = {
    "AppendVariable": _VARIABLE,
    "Copy": _COPY,
    "DatabricksNotebook": _object({**_PAGE, "runOutput": UNKNOWN}, closed=True, runerror="runOutput"),
    "DatabricksSparkJar": _JOB_OF_CODE,
    "DatabricksSparkPython": _JOB_OF_CODE,
    "Delete": _DELETED,
    "ExecutePipeline": _called,
    "Filter": _FILTERED,
    "ForEach": _NOTHING,
    "GetMetadata": _metadata,
    "IfCondition": _NOTHING,
    "Lookup": _lookup,
    "Script": _SCRIPT,
    "SetVariable": _VARIABLE,
    "SqlServerStoredProcedure": _PROCEDURE,
    "Switch": _NOTHING,
    "Until": _NOTHING,
    "Wait": _NOTHING,
}

_FAILED: Mapping[str, Row] = {
    "Copy": _COPY,
    "DatabricksNotebook": _object({**_PAGE, "runError": TEXT}, closed=True, runoutput="runError"),
    "ExecutePipeline": _called,
}
"""What is there of an activity that failed (MicrosoftDocs/azure-docs issue 97020 for notebooks)."""

ERROR = _object(
    {"errorCode": TEXT, "failureType": TEXT, "message": TEXT, "target": TEXT}, details="message", code="errorCode"
)
"""``activity('…').error`` of an activity that failed."""


def output_of(activity: Activity, ending: str = "Succeeded") -> Shape | None:
    """Returns what is known of an activity's output; ``None`` if nothing is.

    Args:
        activity: The activity.
        ending: ``Succeeded`` or ``Failed``.
    """
    row = (_FAILED if ending == "Failed" else _SUCCEEDED).get(activity.type)
    return row(activity) if callable(row) else row


_SAMPLES: Mapping[str, Any] = {"Object": {}, "Array": [], "String": "", "Integer": 0, "Float": 0.0, "Boolean": False}


def sample_of(shape: Shape) -> Any:
    """Returns the plainest value of a shape: no rows, no files, nothing read; without what only some runs have."""
    if shape.type == "Object":
        return {key: sample_of(member) for key, member in shape.keys.items() if key not in _RUNTIME and member.type}
    sample = _SAMPLES.get(shape.type)
    return sample.copy() if isinstance(sample, list) else sample


def merged(shapes: list[Shape]) -> Shape | None:
    """Returns what is known of a value that has one of several shapes: all keys of any, and no more than is sure."""
    if not shapes:
        return None
    keys = {key: member for shape in reversed(shapes) for key, member in shape.keys.items()}
    return replace(shapes[0], keys=keys, closed=all(shape.closed for shape in shapes))
