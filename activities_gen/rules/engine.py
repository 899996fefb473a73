"""Applies the rules to documents and turns what they yield into findings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from activities_gen.catalogue import CODES, RETIRED, Target
from activities_gen.findings import Finding, Location, Severity
from activities_gen.rules.context import Context, Repository
from activities_gen.rules.model import RULES, Options, Rule, Subject, Violation, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from activities_gen.findings import JsonPath
    from activities_gen.wire.document import Document

_LISTS = frozenset({"activities", "ifTrueActivities", "ifFalseActivities", "defaultActivities"})


@dataclass(frozen=True)
class Reported:
    """A finding, and the names by which a suppression can mean it."""

    finding: Finding
    pipeline: str = ""
    activity: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key of a suppression that means this finding."""
        code = self.finding.code
        return (
            code,
            f"{code}:{self.activity}",
            f"{code}:{self.pipeline}/{self.activity}",
            f"{code}:{self.pipeline}/",
        )


def check_documents(documents: Iterable[Document], options: Options | None = None) -> list[Finding]:
    """Check documents together, as one repository.

    Args:
        documents: Pipelines, triggers and whatever else they refer to.
        options: How to check; as for plain ADF, with every rule, when not given.

    Returns:
        The findings by file, line, column and code.
    """
    options = options or Options()
    return conclude(report_documents(documents, options), options)


def report_documents(documents: Iterable[Document], options: Options) -> Iterator[Reported]:
    """Yields what the rules find in documents, before suppressions and selection."""
    repository = Repository(list(documents), options)
    for document in repository.documents:
        context = Context(document, repository, options)
        for rule in rules_for(options, Subject(document.kind) if _has_rules(document) else Subject.RESOURCE):
            for violation in rule.check(context):
                location = violation.location or document.locate(violation.path)
                yield Reported(
                    _finding(rule, violation, location), document.name, activity_at(document, violation.path)
                )


_SUBJECTS = frozenset(subject.value for subject in Subject)


def _has_rules(document: Document) -> bool:
    return document.kind in _SUBJECTS


def rules_for(options: Options, subject: Subject) -> list[Rule]:
    """The rules that look at a subject, under some options."""
    return _rules_for(options.target, subject, len(RULES))


@lru_cache(maxsize=64)
def _rules_for(target: Target, subject: Subject, _known: int) -> list[Rule]:
    """The rules for a subject; ``_known`` is how many there are, so that families loaded later are not missed."""
    subjects = (subject,) if subject is Subject.DIRECTORY else (subject, Subject.RESOURCE)
    return [rule for rule in RULES.values() if rule.subject in subjects and rule.code.target in (None, target)]


def apply_rules(subject: Any, options: Options, location: Location) -> Iterator[Reported]:
    """What the rules for pipeline directories find in one; ``location`` is where findings without a place are shown."""
    for rule in rules_for(options, Subject.DIRECTORY):
        for violation in rule.check(subject):
            yield Reported(_finding(rule, violation, violation.location or location))


def _finding(rule: Rule, violation: Violation, location: Location) -> Finding:
    code = rule.code
    return Finding(code.code, violation.severity or code.severity, violation.message, location, violation.path)


def activity_at(document: Document, path: JsonPath) -> str:
    """The name of the innermost activity around a path; empty if there is none."""
    name = ""
    value: Any = {"name": document.name, "properties": document.properties}
    previous: str | int = ""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            break
        if previous in _LISTS and isinstance(value, dict) and isinstance(value.get("name"), str):
            name = value["name"]
        previous = step
    return name


def conclude(reported: Iterable[Reported], options: Options) -> list[Finding]:
    """Findings after suppressions, selection and changed severities, in order and each mistake once."""
    kept, used = _suppress(reported, options)
    findings = [*kept, *_about_suppressions(used, options)]
    changed = [_changed(finding, options) for finding in findings if _selected(finding.code, options)]
    return sorted(_said_once(changed), key=lambda found: (found.location, found.code, found.message))


def _said_once(findings: list[Finding]) -> set[Finding]:
    """The findings without those of a place of which another rule says more, and no less severely."""
    said: dict[tuple[str, Location, JsonPath], int] = {}
    for finding in findings:
        for code in CODES[finding.code].instead_of if finding.code in CODES else ():
            place = (code, finding.location, finding.path)
            said[place] = min(_RANKS[finding.severity], said.get(place, len(_RANKS)))
    return {
        finding
        for finding in findings
        if _RANKS[finding.severity] < said.get((finding.code, finding.location, finding.path), len(_RANKS))
    }


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}
"""The severities by rank, the worst first."""


def _suppress(reported: Iterable[Reported], options: Options) -> tuple[list[Finding], set[str]]:
    reasons = {key for key, reason in options.suppressions.items() if reason.strip()}
    kept, used = [], set()
    for report in reported:
        key = next((key for key in report.keys if key in reasons), None)
        if key is None:
            kept.append(report.finding)
        else:
            used.add(key)
    return kept, used


def _about_suppressions(used: set[str], options: Options) -> Iterator[Finding]:
    """Findings about the suppressions themselves."""
    for key, reason in options.suppressions.items():
        code = key.partition(":")[0]
        if not reason.strip():
            number, message = (
                "SUP001",
                f"The suppression {quoted(key)} has no reason. Say why the finding is no defect.",
            )
        elif code not in CODES:
            hint = f"It is {RETIRED[code]} now." if code in RETIRED else "Codes look like 'ADF203'."
            number, message = "SUP002", f"The suppression {quoted(key)} names no code that exists. {hint}"
        elif key not in used and _selected(code, options):
            number, message = "SUP003", f"The suppression {quoted(key)} suppresses nothing. Delete it."
        else:
            continue
        at = options.suppressions_at
        severity = Severity.ERROR if number == "SUP001" else Severity.WARNING
        yield Finding(number, severity, message, at if isinstance(at, Location) else at(key))


def _selected(code: str, options: Options) -> bool:
    chosen = not options.select or code.startswith(options.select)
    return chosen and not (options.ignore and code.startswith(options.ignore))


def _changed(finding: Finding, options: Options) -> Finding:
    return replace(finding, severity=options.severities.get(finding.code, finding.severity))
