"""What a rule is, how it is registered, and what it may be asked about."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

from activities_gen.catalogue import CODES, Code, Target
from activities_gen.findings import JsonPath, Location, Severity
from activities_gen.wire.document import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping


ARTIFACT_ROOT = "dbfs:/pipelines"
"""The folder that FlowEHR uploads artifacts to, one folder for each pipeline directory in it."""


class Subject(Enum):
    """What a rule looks at: one resource of a kind, any resource, or a pipeline directory."""

    PIPELINE = Kind.PIPELINE
    TRIGGER = Kind.TRIGGER
    DATASET = Kind.DATASET
    LINKED_SERVICE = Kind.LINKED_SERVICE
    DATA_FLOW = Kind.DATA_FLOW
    RESOURCE = "resource"
    DIRECTORY = "directory"


@dataclass(frozen=True)
class Each:
    """The things in a resource that a rule looks at one by one.

    Attributes:
        find: The things of a context; the members of a plain tuple become arguments of the check.
        of: The resources in which they are looked for.
    """

    find: Callable[[Any], Iterable[Any]]
    of: Subject = Subject.PIPELINE

    def apply(self, check: Callable[..., Iterator[Violation]]) -> Callable[[Any], Iterator[Violation]]:
        """Returns the check of all things in a context, from the check of one."""

        def every(context: Any) -> Iterator[Violation]:
            for found in self.find(context):
                yield from check(context, *found) if type(found) is tuple else check(context, found)

        return every


@dataclass(frozen=True)
class Violation:
    """One violation of a rule; the engine turns it into a finding.

    Attributes:
        message: What is wrong, which activity, and how to mend it.
        path: Where, in the document that the rule looks at.
        severity: How much it matters, if that is not the severity of the code.
        location: Where, if it is not in a document.
    """

    message: str
    path: JsonPath = ()
    severity: Severity | None = None
    location: Location | None = None


@dataclass(frozen=True)
class Rule:
    """One check of documents or directories.

    Attributes:
        code: What its findings report.
        subject: What it looks at.
        check: The function, from a context (or directory) to what is wrong with it.
    """

    code: Code
    subject: Subject
    check: Callable[[Any], Iterator[Violation]] = field(repr=False)


RULES: dict[str, Rule] = {}
"""Every rule that is loaded by its code, in the order of registration."""

Check = TypeVar("Check", bound="Callable[..., Iterator[Violation]]")


def rule(code: str, *, on: Subject | Each = Subject.PIPELINE) -> Callable[[Check], Check]:
    """Register the decorated function as the rule of a code.

    Args:
        code: A code of the catalogue.
        on: What the function looks at. It takes the context (or directory); if it looks at things in a resource one by
            one, also the thing.

    Raises:
        ValueError: The code has a rule, or is not in the catalogue.
    """
    if code in RULES or code not in CODES:
        raise ValueError(f"{code} has a rule, or is not in the catalogue")

    def register(function: Check) -> Check:
        subject, check = (on.of, on.apply(function)) if isinstance(on, Each) else (on, function)
        RULES[code] = Rule(CODES[code], subject, check)
        return function

    return register


@dataclass(frozen=True, kw_only=True)
class Flowehr:
    """What is known of the FlowEHR deployment that a pipeline goes to.

    Attributes:
        linked_services: The names of the linked services that its Terraform creates.
        integration_runtimes: The names of the integration runtimes that exist there.
        artifact_root: The folder that artifacts are uploaded to.
        name: The name of the pipeline directory, which FlowEHR uses for the folder of its artifacts; empty when unknown.
    """

    linked_services: frozenset[str] = frozenset(
        {"ADBLinkedServiceViaMSI", "KVLinkedServiceViaMSI", "ADLSLinkedServiceViaMSI"}
    )
    integration_runtimes: frozenset[str] = frozenset({"FlowEHRIntegrationRuntime", "AutoResolveIntegrationRuntime"})
    artifact_root: str = ARTIFACT_ROOT
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Options:
    """How to check.

    Attributes:
        target: Where the pipelines are going; some rules hold for FlowEHR alone.
        flowehr: What is known of that FlowEHR deployment.
        complete: The kinds of which every resource of the factory is among the documents, so that one that is not
            there does not exist.
        global_parameters: The global parameters of the factory; ``None`` if they are not known.
        select: Codes, or beginnings of codes, to report; all when empty.
        ignore: Codes, or beginnings of codes, not to report.
        severities: Severities by code, in place of the rules' own.
        suppressions: Reasons by ``CODE``, ``CODE:activity``, ``CODE:pipeline/activity`` or ``CODE:pipeline/``.
        suppressions_at: Where those were written, for findings about them.
    """

    target: Target = Target.ADF
    flowehr: Flowehr = field(default_factory=Flowehr)
    complete: frozenset[Kind] = frozenset()
    global_parameters: frozenset[str] | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    suppressions: Mapping[str, str] = field(default_factory=dict)
    suppressions_at: Location | Callable[[str], Location] = field(default_factory=lambda: Location("suppressions.json"))


_MAX_SHOWN = 80


def quoted(value: object) -> str:
    """A value as messages show it: in single quotes, cut where it is long, without control characters."""
    text = value if isinstance(value, str) else repr(value)
    text = text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"
    return "'" + "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text) + "'"
