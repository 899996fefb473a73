"""The rules: everything that would go wrong in Azure, found in the JSON before it gets there."""

from activities_gen.rules import control, databricks, declarations, dependencies, execute_pipeline, keys, libraries, limits, names, nesting, policy, reading, references, schedules, secrets, triggers
from activities_gen.rules.engine import check_documents
from activities_gen.rules.model import RULES, Flowehr, Options, Rule, Target

__all__ = ["RULES", "Flowehr", "Options", "Rule", "Target", "check_documents"]
_FAMILIES = (reading, names, limits, keys, policy, dependencies, nesting, control, declarations, databricks, libraries, execute_pipeline, references, triggers, schedules, secrets)
