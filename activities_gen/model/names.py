"""Names that FlowEHR can deploy."""

from __future__ import annotations

import re

FLOWEHR_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,144}")
"""A pipeline's name: FlowEHR makes a dashboard called ``<name>StatusDashboard`` of at most 160 characters (azurerm 3.47)."""
