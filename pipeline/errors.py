"""What can go wrong for a reason that a user can mend.

```
PipelineError          exit status 1, one line on stderr
├── InputError         an export that cannot be read
├── SettingsError      an argument or a Spark setting
├── VersionError       another version of the package runs than the activity was generated with
├── LakeError          the lake, or what an earlier stage should have left in it
└── FeatureStoreError  the SQL database
```

No message holds a value from a record: messages end up in logs, and logs are read by people who may not see records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py4j.protocol import Py4JJavaError


class PipelineError(Exception):
    """Base of all errors that end a stage with one line instead of a traceback."""


class InputError(PipelineError):
    """An export is missing, empty, not UTF-8 or without the columns that its table cannot do without."""


class SettingsError(PipelineError):
    """An argument or a Spark setting is missing or cannot be understood."""


class VersionError(PipelineError):
    """The running package is not the one that the activity was generated with."""


class LakeError(PipelineError):
    """The lake does not hold what an earlier stage should have left in it, or cannot take what a stage writes."""


class FeatureStoreError(PipelineError):
    """The feature store refused a connection or a statement."""


def java_reason(error: Py4JJavaError) -> str:
    """The first line of the innermost cause of an error of the JVM, with its class where that is Java's own."""
    found = error.java_exception
    while found.getCause() is not None:
        found = found.getCause()
    name = str(found.getClass().getName())
    message = str(found.getMessage() or name).splitlines()[0]
    return f"{name}: {message}" if name.startswith("java.") else message
