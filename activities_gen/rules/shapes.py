"""What is known of the values that expressions read of activities."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from activities_gen.expressions.reference import Reference, references
from activities_gen.expressions.syntax import Access, Whole
from activities_gen.model.outputs import UNKNOWN, Shape, merged, output_of

if TYPE_CHECKING:
    from activities_gen.expressions.reference import Path
    from activities_gen.expressions.syntax import Template
    from activities_gen.model.activities import Activity
    from activities_gen.rules.context import Context


class Miss(NamedTuple):
    """The first step of a reference that leads nowhere.

    Attributes:
        shape: What the step is taken from.
        place: The index of the step in the reference's path.
    """

    shape: Shape
    place: int


def target_of(context: Context, reference: Reference) -> Activity | None:
    """The activity that a reference means; ``None`` if there is none or there are several of that name."""
    found = context.by_name.get(reference.name.casefold(), [])
    return found[0] if len(found) == 1 and not found[0].inactive else None


def shape_of(target: Activity, endings: frozenset[str]) -> Shape | None:
    """Returns what is known of an output, by the endings that are possible."""
    shapes = [output_of(target, ending) for ending in ("Succeeded", "Failed") if ending in endings]
    return merged([shape for shape in shapes if shape is not None])


def follow(shape: Shape, reference: Reference, start: int = 1) -> Shape | Miss:
    """Returns what a reference leads to from a shape on, or the step at which it leads nowhere."""
    for place in range(start, len(reference.path)):
        step = reference.path[place]
        if shape.type == "Array":
            if isinstance(step, str):
                return Miss(shape, place)
            shape = shape.element or UNKNOWN
        elif shape.type in ("", "Object"):
            member = shape.find(step) if isinstance(step, str) else None
            if member is None and isinstance(step, str) and (shape.closed or step.casefold() in shape.instead):
                return Miss(shape, place)
            shape = member or UNKNOWN
        elif isinstance(step, str):
            return Miss(shape, place)
    return shape


def output_types(context: Context, name: str, path: Path) -> frozenset[str]:
    """The types that a property of an activity can have once it has succeeded; empty if they are not known."""
    found = _at(context, Reference("activity", name, path, (False,) * len(path)))
    return frozenset({found.type}) if found is not None and found.type else frozenset()


def read_shape(context: Context, template: Template | None) -> Shape | None:
    """What is known of the value of an expression that reads an output and does nothing with it; ``None`` for others."""
    if not (isinstance(template, Whole) and isinstance(template.node, Access)):
        return None
    whole = [found for found in references(template) if found.kind == "activity" and found.end == template.node.end]
    return _at(context, whole[0]) if len(whole) == 1 else None


def _at(context: Context, reference: Reference) -> Shape | None:
    """What a reference to an activity that has succeeded leads to; ``None`` if that is not known, or nothing."""
    target = target_of(context, reference) if str(next(iter(reference.path), "")).casefold() == "output" else None
    shape = shape_of(target, frozenset({"Succeeded"})) if target is not None else None
    found = follow(shape, reference) if shape is not None else None
    return found if isinstance(found, Shape) else None
