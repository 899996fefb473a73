"""A pipeline as its author writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import TYPE_CHECKING, Any, NoReturn

from activities_gen.definition.recorder import authoring, note, object_problem
from activities_gen.expressions.build import parameter, variable
from activities_gen.expressions.expr import Expr
from activities_gen.findings import suggestion
from activities_gen.lazy import lazy_module
from activities_gen.wire.raw import Raw
from activities_gen.wire.serialise import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from azure.mgmt.datafactory.models import Activity, PipelinePolicy, Trigger

    from activities_gen.wire.document import Document
    from activities_gen.wire.placeholders import WheelNames

_writing = lazy_module("activities_gen.definition.writing")

TARGETS = ("flowehr", "adf")
"""For whom JSON can be written."""

DEFAULT_ROOT = "dbfs:/pipelines"
DEFAULT_LINKED_SERVICE = "ADBLinkedServiceViaMSI"


class _Unset(Enum):
    """Tells "no default" from "the default is null"."""

    UNSET = "unset"


UNSET = _Unset.UNSET
_TYPES: tuple[tuple[Any, str], ...] = (
    (bool, "Bool"),
    (int, "Int"),
    ((float, Decimal), "Float"),
    ((list, tuple), "Array"),
    (Mapping, "Object"),
)
"""The ADF type of a default value by its Python type, the first that fits; of all others it is ``String``."""


@dataclass(frozen=True)
class Declaration:
    """A parameter or variable of a pipeline.

    Attributes:
        name: Its name.
        type: Its ADF type, as in ``String``.
        default: Its default value; unset where a parameter has none.
        noun: What messages call it.
    """

    name: str
    type: str
    default: Any = UNSET
    noun: str = "parameter"

    def json(self) -> dict[str, Any]:
        """As it stands in the pipeline's JSON."""
        return {"type": self.type} | ({} if self.default is UNSET else {"defaultValue": self.default})

    def __format__(self, _: str) -> NoReturn:
        """Refuse to be a part of a text, where its value was meant."""
        raise TypeError(f"a declaration has no value; use what {self.noun}('{self.name}', …) returns")


class _Declarations(dict[str, Declaration]):
    """The parameters or variables of a pipeline by name, with what messages call one of them."""

    def __init__(self, noun: str) -> None:
        super().__init__()
        self._noun = noun

    def __call__(self, *_: Any, **__: Any) -> NoReturn:
        """Say which method was meant."""
        raise TypeError(f"'{self._noun}s' are those declared; declare one with {self._noun}(…)")


class Pipeline:
    """One ADF pipeline.

    Args:
        name: The pipeline's name: letters, digits, ``-`` and ``_``.
        activities: SDK activities, made by hand or by helpers such as :func:`~activities_gen.spark_python`.
        description: For people who read the pipeline in Studio.
        concurrency: How many runs may be under way at once; ADF's default is no limit.
        annotations: Tags that ADF's monitoring filters by.
        folder: Where Studio shows the pipeline, as in ``"clinical/features"``.
        policy: ADF's policy for the pipeline as a whole: an elapsed time metric.
        run_dimensions: Values that ADF's monitoring can filter runs by.
        trigger: An SDK trigger, such as :func:`~activities_gen.tumbling_window` gives, or several by their names.
        target: For whom the JSON is written: ``"flowehr"``, whose Terraform takes a part of ADF's language only and
            drops the rest in silence, or ``"adf"``, for everything that ADF takes.
        artifacts_root: Where pipelines' artifacts are uploaded to: ``"dbfs:/pipelines"`` as in FlowEHR,
            ``"/Volumes/<catalog>/<schema>/<volume>"`` or an ``abfss://`` address.
        directory: The directory under ``artifacts_root`` that FlowEHR uploads to, which it takes from the name of the
            pipeline directory; the pipeline's name if it is left out.
        linked_service: Name of the Databricks linked service.
        artifacts: Further files to upload, relative to the pipeline directory; files that an activity names by
            :func:`~activities_gen.artifact` are uploaded anyway.
        stamp_wheel: Whether the wheel's version ends in a hash of its content, which is what makes a running cluster
            take a changed wheel.
        suppress: Findings of ``check`` that do not apply: reason by code, or by ``CODE:activity name``.
        extra: JSON merged over ``{"name": …, "properties": {…}}``, for keys that ADF has and this class does not.
    """

    parameters: dict[str, Declaration]
    variables: dict[str, Declaration]

    @authoring
    def __init__(
        self,
        name: str,
        activities: Sequence[Activity | Any] = (),
        *,
        description: str | None = None,
        concurrency: int | None = None,
        annotations: Sequence[str] | None = None,
        folder: str | None = None,
        policy: PipelinePolicy | None = None,
        run_dimensions: Mapping[str, Any] | None = None,
        trigger: Trigger | Mapping[str, Trigger] | None = None,
        target: str = "flowehr",
        artifacts_root: str = DEFAULT_ROOT,
        directory: str | None = None,
        linked_service: str = DEFAULT_LINKED_SERVICE,
        artifacts: Sequence[str] = (),
        stamp_wheel: bool = True,
        suppress: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        note(self)
        vars(self).update(parameters=_Declarations("parameter"), variables=_Declarations("variable"))
        self.name = name
        self.activities: Any = activities
        self.description = description
        self.concurrency = concurrency
        self.annotations = annotations
        self.folder = folder
        self.policy = policy
        self.run_dimensions = run_dimensions
        self.trigger = trigger
        self.target = target
        self.artifacts_root = artifacts_root
        self.directory = directory
        self.linked_service = linked_service
        self.artifacts = artifacts
        self.stamp_wheel = stamp_wheel
        self.suppress: Mapping[str, str] = {} if suppress is None else suppress
        self.extra: Mapping[str, Any] = {} if extra is None else extra

    if not TYPE_CHECKING:  # a checker knows the attributes, and would take any name for one

        def __setattr__(self, name: str, value: Any) -> None:
            """Set an attribute; what the class does not have, or a value of a wrong kind, is reported where it is set."""
            place = _Place() if name in vars(self) or name not in _VALUES else self
            if place is not self:
                note(place)
            if name in _VALUES:
                object.__setattr__(self, name, _checked(self, place, name, value))
                return
            hint = _DECLARED.get(name) or suggestion(name, _VALUES)
            object_problem(place, "", "PY101", f"{_title(self)} has no attribute '{name}' to set.{hint}")

    def add(self, *activities: Activity) -> None:
        """Add activities behind those that the pipeline has."""
        for given in activities:
            if isinstance(given, (list, tuple)):
                place = _Place()
                note(place)
                message = f"{_title(self)}: add(…) takes activities one by one. Put a star before the list: add(*…)."
                object_problem(place, "", "PY104", message)
            self.activities.extend(given if isinstance(given, (list, tuple)) else [given])

    @authoring
    def parameter(self, name: str, default: Any = UNSET, *, type: str | None = None) -> Expr:  # noqa: A002 ADF's own word
        """Declare a parameter of the pipeline.

        Args:
            name: Unique in the pipeline, whatever its case.
            default: Its value where a run gives none. FlowEHR demands one, and makes every parameter a string.
            type: ``String``, ``Int``, ``Float``, ``Bool``, ``Array``, ``Object`` or ``SecureString``; that of the
                default if it is left out, else ``String``.

        Returns:
            An expression that stands for the parameter's value, alone or in an f-string.
        """
        return self._declare(self.parameters, parameter, Declaration(name, type or _type_of(default), default))

    @authoring
    def variable(self, name: str, default: Any = UNSET, *, type: str | None = None) -> Expr:  # noqa: A002 ADF's own word
        """Declare a variable of the pipeline.

        Args:
            name: Unique in the pipeline, whatever its case.
            default: Its value at the start of a run.
            type: ``String``, ``Bool`` or ``Array``; that of the default if it is left out, else ``String``.

        Returns:
            An expression that stands for the variable's value, alone or in an f-string.
        """
        declaration = Declaration(name, type or _type_of(default), default, "variable")
        return self._declare(self.variables, variable, declaration)

    def _declare(
        self, known: dict[str, Declaration], reference: Callable[[str], Expr], declaration: Declaration
    ) -> Expr:
        """Note a declaration, or what is wrong with it, and give the expression for its value."""
        note(declaration)
        name: Any = declaration.name
        if not isinstance(name, str) or isinstance(name, Expr):
            _wrong(declaration, f"{declaration.noun}(…)", "name", "a string", name)
            return reference("unnamed")
        if name in known:
            message = f"The {declaration.noun} '{name}' is declared twice. Rename one."
            object_problem(declaration, "name", "PY106", message)
        known.setdefault(name, declaration)
        return reference(name)

    @property
    def artifacts_directory(self) -> str:
        """Where this pipeline's artifacts are uploaded to."""
        return f"{str(self.artifacts_root).rstrip('/')}/{self.directory or self.name}/artifacts"

    def document(self, wheel: WheelNames | None = None) -> Document:
        """The pipeline's JSON as rules and engine read it, for tests: ``simulate(pipeline.document(), …)``.

        Args:
            wheel: What the JSON says of the wheel; stand-ins if it is left out, for tests care for the control flow.

        Raises:
            FindingsError: The definition is wrong.
        """
        made: Document = _writing.standalone_document(self, wheel)
        return made

    def __repr__(self) -> str:
        """``Pipeline('name', 3 activities)``."""
        return f"Pipeline({self.name!r}, {len(self.activities)} activities)"


class _Place:
    """The place where something is added or set after the pipeline was made."""


_VALUES: dict[str, tuple[tuple[Any, ...], str, Any]] = {
    "name": ((str,), "a string", ""),
    "activities": ((list, tuple, Raw), "a list of activities", ()),
    "description": ((str, Raw, NoneType), "a string", None),
    "concurrency": ((int, Raw, NoneType), "a whole number", None),
    "annotations": ((list, tuple, Raw, NoneType), "a list", None),
    "folder": ((str, NoneType), "a string", None),
    "policy": ((object,), "a PipelinePolicy", None),
    "run_dimensions": ((Mapping, Raw, NoneType), "a dict", None),
    "trigger": ((object,), "a trigger", None),
    "target": ((str,), "a string", TARGETS[0]),
    "artifacts_root": ((str,), "a string", DEFAULT_ROOT),
    "directory": ((str, NoneType), "a string", None),
    "linked_service": ((str,), "a string", DEFAULT_LINKED_SERVICE),
    "artifacts": ((list, tuple), "a list of files", ()),
    "stamp_wheel": ((bool,), "True or False", True),
    "suppress": ((Mapping,), "a dict of reasons by code", {}),
    "extra": ((Mapping,), "a dict", {}),
}
"""What the attributes of a pipeline take, how a message says that, and what stands in for a wrong value.

Policy and trigger are looked at where their JSON is written.
"""

_DECLARED = {
    "parameters": " Declare each with pipeline.parameter(…).",
    "variables": " Declare each with pipeline.variable(…).",
}


def _checked(pipeline: Pipeline, place: Any, keyword: str, value: Any) -> Any:
    """The value of an attribute as it is kept; what is wrong with it is reported, and something stands in."""
    kinds, expected, stand_in = _VALUES[keyword]
    fits = isinstance(value, kinds) and not isinstance(value, Expr)
    if not fits or (isinstance(value, bool) and bool not in kinds):
        _wrong(place, _title(pipeline), keyword, expected, value)
        value = stand_in
    if keyword == "activities":
        return value if isinstance(value, Raw) else [*value]
    if keyword == "artifacts":
        return tuple(_files(pipeline, place, value))
    if keyword == "target" and value not in TARGETS:
        allowed = " or ".join(f"'{target}'" for target in TARGETS)
        message = f"{_title(pipeline)}: 'target' is {allowed}, not '{value}'.{suggestion(value, TARGETS)}"
        object_problem(place, keyword, "PY105", message)
        return stand_in
    return value


def _files(pipeline: Pipeline, place: Any, files: Sequence[Any]) -> Iterator[str]:
    """The names of files among ``files``; what is none is reported."""
    for file in files:
        if isinstance(file, str):
            yield file
        else:
            _wrong(place, _title(pipeline), "artifacts", "names of files", file)


def _wrong(place: Any, title: str, keyword: str, expected: str, value: Any) -> None:
    """Report a value of a wrong kind, unless it stands for a mistake that is known already."""
    if getattr(type(value), "is_recorded_mistake", False):
        return
    hint = " Put it in square brackets." if isinstance(value, str) and expected.startswith("a list") else ""
    message = f"{title}: '{keyword}' takes {expected}, not {shown(value)}.{hint}"
    object_problem(place, keyword, "PY103", message, value)


def _title(pipeline: Pipeline) -> str:
    name = vars(pipeline).get("name")
    return f"Pipeline '{name}'" if name else "Pipeline"


def _type_of(default: Any) -> str:
    """The ADF type of a default value."""
    return next((name for kinds, name in _TYPES if isinstance(default, kinds)), "String")
