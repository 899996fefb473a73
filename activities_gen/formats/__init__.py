"""Our own JSON formats: one module each, with the pydantic models and the function that reads a file.

This module imports no pydantic, which takes time. Import the module of a format only if there is a file to read.
"""

from __future__ import annotations

SUPPRESSIONS = "suppressions.json"
"""The file beside a pipeline that says which findings do not apply."""

REPORT_VERSION = 1
"""The version of a run's report. A change that a reader must know of gets a new one."""
