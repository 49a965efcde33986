"""Working time: when a limit falls due, and which table of holidays that answer rests on.

`clock` is arithmetic only, `calendar` reads the table from the database, `loading` writes it. Typical use:

    calendar = get_calendar()  # once per service call or batch
    due_at = add_limit(case.accepted_at, 5, LimitUnit.WORKDAY, calendar)
"""

from .calendar import (
    ALARM_DAYS,
    LimitUnit,
    calendar_alarms,
    get_calendar,
    is_working_day,
    missing_years,
    next_working_moment,
    provisional_years,
)
from .clock import SHANGHAI, WorkCalendar, add_limit, working_seconds_between
from .errors import MissingCalendarYear
from .hours import DEFAULT_HOURS, WorkingHours

__all__ = [
    "ALARM_DAYS",
    "DEFAULT_HOURS",
    "SHANGHAI",
    "LimitUnit",
    "MissingCalendarYear",
    "WorkCalendar",
    "WorkingHours",
    "add_limit",
    "calendar_alarms",
    "get_calendar",
    "is_working_day",
    "missing_years",
    "next_working_moment",
    "provisional_years",
    "working_seconds_between",
]
