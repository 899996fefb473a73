"""Time zones by their Windows names, as ADF documents them, and by their IANA names, as the engine takes them too."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING

from activities_gen.expressions.errors import FunctionError, NoZoneDataError, shorten
from activities_gen.expressions.moment import MAX_TICKS, TICKS_PER_SECOND, UNSPECIFIED, UTC, Moment
from activities_gen.expressions.windows_zones import WINDOWS_ZONES
from activities_gen.findings import suggestion

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_IANA = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*")
_NOT_ZONES = frozenset({"localtime", "posixrules", "Factory"})
_BY_FOLDED = {name.lower(): iana for name, iana in WINDOWS_ZONES.items()}


@lru_cache(maxsize=512)
def find_zone(name: str) -> ZoneInfo | None:
    """The zone of a Windows or IANA name; ``None`` for UTC itself.

    Raises:
        FunctionError: There is no such zone.
        NoZoneDataError: There may be one, but this machine has no data of it.
    """
    if name.lower() == "utc":
        return None
    iana = _BY_FOLDED.get(name.lower())
    zone = _load(iana or name)
    if zone is not None:
        return zone
    if iana is not None or _load("Etc/UTC") is None:
        raise NoZoneDataError(f"has no data for the time zone '{name}' on this machine; install the package tzdata")
    hint = suggestion(name, WINDOWS_ZONES)
    raise FunctionError(
        f"does not know the time zone '{shorten(name)}'.{hint} Use a Windows name, such as 'W. Europe Standard Time'"
    )


def _load(name: str) -> ZoneInfo | None:
    """The data of an IANA zone; letter case matters, as in the engine."""
    import zoneinfo  # noqa: PLC0415 - only when a zone is used

    if _IANA.fullmatch(name) is None or name in _NOT_ZONES:
        return None
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def to_zone(moment: Moment, zone: ZoneInfo | None) -> Moment:
    """A UTC time in a zone; without a suffix, but for UTC itself. What leaves the years 1 to 9999 is cut there."""
    if zone is None:
        return Moment(moment.ticks, UTC)
    wall = _wall(moment, zone)
    try:
        offset = zone.fromutc(wall) - wall
    except OverflowError:
        offset = _delta(wall)
    return Moment(_within_years(moment.ticks + _ticks(offset, zone)), UNSPECIFIED)


def from_zone(moment: Moment, zone: ZoneInfo | None, name: str) -> Moment:
    """A zone's time in UTC.

    Raises:
        FunctionError: The time does not exist in the zone, or it exists twice, because daylight saving begins or ends.
    """
    if zone is None:
        return Moment(moment.ticks, UTC)
    return Moment(_within_years(moment.ticks - _ticks(_local_offset(moment, zone, name), zone)), UTC)


def _within_years(ticks: int) -> int:
    return ticks if 0 <= ticks <= MAX_TICKS else min(max(ticks, 0), MAX_TICKS)


def check_unambiguous(moment: Moment, zone: ZoneInfo | None, name: str) -> None:
    """Refuse a UTC time at which the clocks of a zone show what they show twice.

    Raises:
        FunctionError: The time exists twice in the zone.
    """
    if zone is not None:
        _local_offset(to_zone(moment, zone), zone, name)


def _local_offset(moment: Moment, zone: ZoneInfo, name: str) -> timedelta:
    """The offset of a zone's time, on the side of a change of the clocks that .NET chooses.

    Only daylight saving makes times that .NET refuses. If the standard offset changes, it takes the first of two times
    that read the same, and the new offset for a time that the clocks skip.
    """
    local = _wall(moment, zone)
    other = local.replace(fold=1)
    before, after = _delta(local), _delta(other)
    if before == after:
        return before
    repeated = before > after
    saving = (local if repeated else other).dst() or _NOTHING
    if saving and _within(local, before, saving if repeated else -saving):
        shown = local.replace(tzinfo=None).isoformat()
        raise FunctionError(
            f"was given {shown}, which in '{name}' does not exist or exists twice: the clocks change then"
        )
    return before if repeated else after


def _within(local: datetime, before: timedelta, distance: timedelta) -> bool:
    """Whether the clocks change between a time and another in some distance, which are counted by the offset before."""
    utc = local.replace(tzinfo=timezone.utc) - before
    zone = local.tzinfo
    return _delta(utc.astimezone(zone)) != _delta((utc + distance).astimezone(zone))


def _delta(local: datetime) -> timedelta:
    return local.utcoffset() or _NOTHING


_NOTHING = timedelta(0)


def _wall(moment: Moment, zone: ZoneInfo) -> datetime:
    """The time to the second, as the clocks of a zone show it."""
    return _first_second(zone) + timedelta(seconds=moment.ticks // TICKS_PER_SECOND)


@lru_cache(maxsize=64)
def _first_second(zone: ZoneInfo) -> datetime:
    return datetime(1, 1, 1, tzinfo=zone)


def _ticks(offset: timedelta, zone: ZoneInfo) -> int:
    """An offset in ticks. What differs from today's standard time is cut to whole minutes, as .NET does.

    Only the local mean times of old have seconds.
    """
    seconds = offset.days * 86400 + offset.seconds
    if seconds % 60:
        standard = _standard_seconds(zone)
        difference = seconds - standard
        whole = abs(difference) // 60 * 60
        seconds = standard + (whole if difference > 0 else -whole)
    return seconds * TICKS_PER_SECOND


def _standard_seconds(zone: tzinfo) -> int:
    """The offset that a zone has now, without daylight saving."""
    now = datetime(2026, 1, 1, tzinfo=zone)
    standard = _delta(now) - (now.dst() or _NOTHING)
    return standard.days * 86400 + standard.seconds
