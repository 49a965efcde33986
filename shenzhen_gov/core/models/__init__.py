"""Tables of the mechanisms."""

from .audit import AuditEntry, AuditSeal
from .calendar import CalendarDay, CalendarYear
from .jobs import JobRun
from .parameters import Parameter

__all__ = ["AuditEntry", "AuditSeal", "CalendarDay", "CalendarYear", "JobRun", "Parameter"]
