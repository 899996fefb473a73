"""What can go wrong for a reason that a user can mend.

```
PipelineError          exit status 1, one line on stderr
├── InputError         an export that cannot be read
├── SettingsError      an argument or a setting
├── VersionError       another version of the package runs than the activity was generated with
├── LakeError          the lake, or what an earlier stage should have left in it
└── FeatureStoreError  the SQL database
```

No message holds a value from a record: messages end up in logs, and logs are read by people who may not see records.
"""

from __future__ import annotations

import re


class PipelineError(Exception):
    """Base of all errors that end a stage with one line instead of a traceback."""


class InputError(PipelineError):
    """An export is missing, empty, not UTF-8 or without the columns that its table cannot do without."""


class SettingsError(PipelineError):
    """An argument or a setting is missing or cannot be understood."""


class VersionError(PipelineError):
    """The running package is not the one that the activity was generated with."""


class LakeError(PipelineError):
    """The lake does not hold what an earlier stage should have left in it, or cannot take what a stage writes."""


class FeatureStoreError(PipelineError):
    """The feature store refused a connection or a statement."""


def reason(error: BaseException) -> str:
    """Returns one line that says why an engine, or Python, gave up.

    It is the innermost cause that the error's text names, else its first line. What stands in quotes may be a value from a record
    and is left out.
    """
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    found = causes[-1] if causes else next(iter(lines), "")
    hidden = re.sub(r"""'[^']*'|"[^"]*"|`[^`]*`""", "…", found)
    return hidden if causes or type(error).__module__.startswith("pyspark") else f"{type(error).__name__}: {hidden}"
