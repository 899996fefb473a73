"""A pipeline as its author writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from activities_gen.definition.recorder import authoring, note

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from azure.mgmt.datafactory.models import Activity, Trigger

DEFAULT_ROOT = "dbfs:/pipelines"
DEFAULT_LINKED_SERVICE = "ADBLinkedServiceViaMSI"
TARGETS = ("flowehr", "adf")


class Pipeline:
    """One ADF pipeline.

    Args:
        name: The pipeline's name, and that of the directory that FlowEHR deploys it from: letters, digits, ``-`` and
            ``_``.
        activities: SDK activities, made by hand or by helpers such as :func:`~activities_gen.spark_python`.
        description: For people who read the pipeline in Studio.
        concurrency: How many runs may be under way at once; ADF's default is no limit.
        annotations: Tags that ADF's monitoring filters by.
        folder: Where Studio shows the pipeline, as in ``"clinical/features"``.
        trigger: An SDK trigger, such as :func:`~activities_gen.tumbling_window` gives, or several by their names.
        target: For whom the JSON is written: ``"flowehr"``, whose Terraform takes a part of ADF's language only and
            drops the rest in silence, or ``"adf"``, for everything that ADF takes.
        artifacts_root: Where pipelines' artifacts are uploaded to: ``"dbfs:/pipelines"`` as in FlowEHR,
            ``"/Volumes/<catalog>/<schema>/<volume>"`` or an ``abfss://`` address.
        linked_service: Name of the Databricks linked service.
        artifacts: Further files to upload, relative to the pipeline directory; files that an activity names by
            :func:`~activities_gen.artifact` are uploaded anyway.
        stamp_wheel: Whether the wheel's version ends in a hash of its content, which is what makes a running cluster
            take a changed wheel.
        suppress: Findings of ``check`` that do not apply: reason by code, or by ``CODE:activity name``.
    """

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
        trigger: Trigger | Mapping[str, Trigger] | None = None,
        target: str = "flowehr",
        artifacts_root: str = DEFAULT_ROOT,
        linked_service: str = DEFAULT_LINKED_SERVICE,
        artifacts: Sequence[str] = (),
        stamp_wheel: bool = True,
        suppress: Mapping[str, str] | None = None,
    ) -> None:
        note(self)
        self.name = name
        given: Any = activities  # what is no list is a finding later, with the line of this call
        self.activities: Any = list(given) if isinstance(given, (list, tuple)) else given
        self.description = description
        self.concurrency = concurrency
        self.annotations = annotations
        self.folder = folder
        self.trigger = trigger
        self.target = target
        self.artifacts_root = artifacts_root.rstrip("/") if isinstance(artifacts_root, str) else artifacts_root
        self.linked_service = linked_service
        self.artifacts = tuple(artifacts)
        self.stamp_wheel = stamp_wheel
        self.suppress = dict(suppress or {})

    def add(self, *activities: Activity) -> None:
        """Add activities behind those that the pipeline has."""
        self.activities.extend(activities)

    @property
    def artifacts_directory(self) -> str:
        """Where this pipeline's artifacts are uploaded to."""
        return f"{self.artifacts_root}/{self.name}/artifacts"

    def __repr__(self) -> str:
        """``Pipeline('name', 3 activities)``."""
        return f"Pipeline({self.name!r}, {len(self.activities)} activities)"
