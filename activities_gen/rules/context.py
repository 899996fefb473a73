"""What rules ask of a document: the activities, the strings and the names in it, each worked out once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from activities_gen.findings import JsonPath, suggestion
from activities_gen.model.pipeline import Pipeline, knows_all
from activities_gen.model.values import get
from activities_gen.rules.model import Options, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from activities_gen.model.activities import Activity
    from activities_gen.wire.document import Document, Kind

MAX_SUGGESTIONS = 200
"""Nearest names looked up in one document; looking one up is slow, and a document with more mistakes has other worries."""

MAX_CANDIDATES = 300
"""Names among which the nearest is looked for."""


class Text(NamedTuple):
    """One string of a document.

    Attributes:
        value: The string.
        link: The steps that lead to it, innermost first.
        owner: The activity that it belongs to, the innermost if they are nested.
    """

    value: str
    link: Any
    owner: Activity | None

    @property
    def path(self) -> JsonPath:
        """Where it stands in its document."""
        steps = []
        link = self.link
        while link is not None:
            link, step = link
            steps.append(step)
        return tuple(reversed(steps))


@dataclass
class Repository:
    """The documents that are checked together.

    Attributes:
        documents: All of them.
        options: How they are checked.
    """

    documents: list[Document]
    options: Options = field(default_factory=Options)
    _done: dict[str, Any] = field(default_factory=dict, repr=False)
    _pipelines: dict[int, Pipeline] = field(default_factory=dict, repr=False)

    @cached_property
    def _by_name(self) -> dict[tuple[Kind, str], Document]:
        return {(document.kind, document.name.casefold()): document for document in reversed(self.documents)}

    def once(self, key: str, work: Callable[[], Any]) -> Any:
        """The result of ``work``, done when it is first asked for under that key."""
        if key not in self._done:
            self._done[key] = work()
        return self._done[key]

    def pipeline(self, document: Document) -> Pipeline:
        """A document as a pipeline, built once."""
        key = id(document)
        if key not in self._pipelines:
            self._pipelines[key] = Pipeline(document)
        return self._pipelines[key]

    def find(self, kind: Kind, name: str) -> Document | None:
        """The document of that name, compared as ADF does; ``None`` if it is not among these."""
        return self._by_name.get((kind, name.casefold()))

    def names(self, kind: Kind) -> list[str]:
        """The names of all documents of a kind."""
        return [document.name for document in self.documents if document.kind is kind]

    def knows_all(self, kind: Kind) -> bool:
        """Whether what is not among the documents of a kind does not exist."""
        return kind in self.options.complete


@dataclass
class Context:
    """One document under check.

    Attributes:
        document: The document.
        repository: What it is checked together with.
        options: How.
    """

    document: Document
    repository: Repository
    options: Options
    _suggested: int = 0
    _done: dict[str, Any] = field(default_factory=dict, repr=False)

    def once(self, key: str, work: Callable[[], Any]) -> Any:
        """The result of ``work``, done when it is first asked for under that key."""
        if key not in self._done:
            self._done[key] = work()
        return self._done[key]

    @cached_property
    def pipeline(self) -> Pipeline:
        """The document as a pipeline."""
        return self.repository.pipeline(self.document)

    @property
    def activities(self) -> list[Activity]:
        """Every activity, containers before what they hold."""
        return self.pipeline.activities

    @property
    def active(self) -> list[Activity]:
        """The activities that ADF validates: neither inactive nor in a container that is."""
        return self.pipeline.active

    @property
    def by_name(self) -> dict[str, list[Activity]]:
        """Activities by name, compared without letter case."""
        return self.pipeline.by_name

    @cached_property
    def texts(self) -> list[Text]:
        """Every string of the document."""
        owners = {id(node.json): node for node in self.activities}
        return list(_texts(self.document.properties, owners))

    @cached_property
    def texts_by_owner(self) -> dict[int, list[Text]]:
        """The strings of each activity, by the ``id`` of its :class:`Activity`; 0 for those of the document."""
        result: dict[int, list[Text]] = defaultdict(list)
        for text in self.texts:
            result[id(text.owner) if text.owner else 0].append(text)
        return result

    @property
    def parameters(self) -> dict[str, Any]:
        """The document's parameters, as they are declared."""
        return self.pipeline.parameters

    @property
    def variables(self) -> dict[str, Any]:
        """The pipeline's variables, as they are declared."""
        return self.pipeline.variables

    @cached_property
    def knows_parameters(self) -> bool:
        """Whether the names of all parameters are written here; an ARM expression may stand for more."""
        return knows_all(self.document, "parameters")

    @cached_property
    def knows_variables(self) -> bool:
        """Whether the names of all variables are written here; an ARM expression may stand for more."""
        return knows_all(self.document, "variables")

    @property
    def knows_activities(self) -> bool:
        """Whether the names of all activities are written here; an ARM expression may stand for more."""
        return self.pipeline.knows_activities

    def suggest(self, wrong: str, known: Iterable[str], cutoff: float = 0.6) -> str:
        """A sentence with the nearest known name, or nothing; bounded work for one document."""
        self._suggested += 1
        if self._suggested > MAX_SUGGESTIONS or len(wrong) > 200:
            return ""
        names = list(islice(known, MAX_CANDIDATES + 1))
        if len(names) > MAX_CANDIDATES:
            return ""
        return suggestion(wrong, [name for name in names if len(name) <= 200], cutoff)


def title(node: Activity) -> str:
    """An activity as messages name it."""
    if node.name:
        return quoted(node.name)
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in node.path)
    return f"The activity at {place.lstrip('.')}"


def lookup(names: dict[str, Any], name: str) -> Any:
    """The declaration of a parameter or variable, whatever its case; ``None`` if there is none."""
    return get(names, name)


def _texts(properties: dict[str, Any], owners: dict[int, Activity]) -> Iterator[Text]:
    """All strings below an object, each with the innermost activity around it."""
    stack: list[tuple[Any, Any, Activity | None]] = [(properties, (None, "properties"), None)]
    while stack:
        value, link, owner = stack.pop()
        owner = owners.get(id(value), owner)
        members = value.items() if isinstance(value, dict) else enumerate(value)
        inner = []
        for step, member in members:
            if isinstance(member, str):
                yield Text(member, (link, step), owner)
            elif isinstance(member, (dict, list)):
                inner.append((member, (link, step), owner))
        stack.extend(reversed(inner))
