"""What the pages say of the family "Schedules"."""

from __future__ import annotations

from activities_gen.catalogue.examples import schedule
from activities_gen.catalogue.page import Page

SCHEDULE = "https://learn.microsoft.com/azure/data-factory/how-to-create-schedule-trigger"


PAGES = {
    "ADF712": Page(
        why="The frequencies are Minute, Hour, Day, Week, Month; the interval is a whole number from 1 to 1,000.",
        wrong=schedule(frequency="Daily"),
        right=schedule(frequency="Day"),
        source=SCHEDULE,
    ),
    "ADF713": Page(
        why="In UTC times end with `Z`; in any other zone they do not.",
        wrong=schedule(startTime="2024-01-01T00:00:00"),
        right=schedule(startTime="2024-01-01T00:00:00Z"),
        source=SCHEDULE,
    ),
    "ADF714": Page(
        why="`timeZone` takes Windows' names, such as `W. Europe Standard Time`; neither `PST` nor `Europe/Berlin`.",
        wrong=schedule(startTime="2024-01-01T00:00:00", timeZone="Europe/London"),
        right=schedule(startTime="2024-01-01T00:00:00", timeZone="GMT Standard Time"),
        source=SCHEDULE,
    ),
    "ADF715": Page(
        why="The minutes are 0 to 59, the hours 0 to 23, the monthDays 1 to 31 or -31 to -1, the weekDays English names, the occurrences 1 to 5 or -5 to -1.",
        wrong=schedule(schedule={"hours": [24]}),
        right=schedule(schedule={"hours": [0]}),
        source=SCHEDULE,
    ),
    "ADF716": Page(
        why="`weekDays` goes with Week only, `monthDays` and `monthlyOccurrences` with Month only. The service refuses an empty list of `weekDays` as well; another empty list is a warning.",
        wrong=schedule(frequency="Day", schedule={"weekDays": ["Monday"]}),
        right=schedule(frequency="Week", schedule={"weekDays": ["Monday"]}),
        source=SCHEDULE,
    ),
}
