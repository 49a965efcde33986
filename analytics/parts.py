"""The parts that figures are made of: what a case counts for, on which day, for which unit. A closed list.

A part is a column of DayFigures and MonthFigures, written by one row of `sql/postings.sql`. Indicators are data and
may only use these names (models/indicators.py). Numbers are stored in postings: never give one a second meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FIRST_DAY = date(2000, 1, 1)
DAYS_OF_A_PART = 1 << 16  # more days than a part will ever see: 179 years


@dataclass(frozen=True)
class Part:
    """One count or sum. `words` say what is counted and on which day."""

    number: int
    code: str
    words: str | Promise


PARTS = (
    Part(1, "registered", _("Requests registered, on the day they were")),
    Part(2, "accepted", _("Cases accepted, on the day they were; those answered at once are among them")),
    Part(3, "not_accepted", _("Requests not accepted, on the day they were refused")),
    Part(4, "answered", _("Cases answered on the spot, on the day they were")),
    Part(5, "repeated", _("Cases of somebody who asks again, on the day they were registered")),
    Part(6, "dispatched", _("Cases dispatched for the first time, on the day they were; of the unit they went to")),
    Part(7, "dispatched_right", _("Of those, the ones the first unit did not give back")),
    Part(8, "dispatched_alone", _("Of those, the ones the machine dispatched")),
    Part(9, "sign_due", _("Work orders that had to be signed, on the day of the deadline")),
    Part(10, "signed_in_time", _("Of those, the ones signed in time")),
    Part(11, "contact_due", _("Work orders whose citizen had to be contacted, on the day of the deadline")),
    Part(12, "contacted_in_time", _("Of those, the ones contacted in time")),
    Part(13, "handling_due", _("Work orders that had to be handled, on the day of the deadline")),
    Part(14, "handled_in_time", _("Of those, the ones handled in time")),
    Part(15, "case_due", _("Cases that had to be closed, on the day of their overall deadline")),
    Part(16, "closed_in_time", _("Of those, the ones closed in time")),
    Part(17, "extended", _("Of those, the ones that had been extended")),
    Part(18, "late_minutes", _("Minutes by which those closed late were late")),
    Part(19, "late_limit_minutes", _("Minutes that those closed late had been given")),
    Part(20, "closed", _("Cases closed for the first time, on the day they were")),
    Part(21, "natural_minutes", _("Minutes from acceptance to the first closing of those")),
    Part(22, "working_minutes", _("The same in working time")),
    Part(23, "rateable", _("Cases closed after handling that a citizen can evaluate, on the day of the last closing")),
    Part(24, "evaluated", _("Of those, the ones with a verdict on their last round that counts")),
    Part(25, "satisfied", _("Of those, the ones found good")),
    Part(26, "dissatisfied", _("Rounds found not good, on the day of the verdict")),
    Part(27, "redone", _("Of those, the ones that were done again")),
    Part(28, "returns_decided", _("Requests to return that were decided, on the day they were")),
    Part(29, "returns_agreed", _("Of those, the ones agreed to")),
    Part(30, "to_tell", _("Cases closed whose citizen is known, on the day of the first closing")),
    Part(31, "told_acceptance", _("Of those, the ones told that the case was taken on")),
    Part(32, "told_result", _("Of those, the ones told the result")),
    Part(33, "asked_solved", _("Call-backs that asked whether the matter is solved, on the day they ended")),
    Part(34, "solved", _("Of those, the ones where it is")),
    Part(35, "urged", _("Urges, on the day of each")),
    Part(36, "supervised", _("Supervisions opened, on the day of each")),
    Part(37, "false_closures", _("Closings found to be none, on the day that was decided")),
    Part(38, "voided", _("Cases voided, on the day they were")),
    Part(39, "calls", _("Telephone calls, on the day they rang")),
    Part(40, "calls_answered_fast", _("Of those, the ones answered within 15 seconds")),
)
BY_CODE = {part.code: part for part in PARTS}
BY_NUMBER = {part.number: part for part in PARTS}
CODES = tuple(BY_CODE)
# What stands on the day of a deadline. A rate of a day is known when the day is over: until then these are posted, but
# not yet in the roll-ups (docs/adr/0011-figures-from-postings.md).
ON_DEADLINES = PARTS[8:19]


def key_of(part: Part, day: date) -> int:
    """Return the key under which a posting of this part on this day is stored and found."""
    return part.number * DAYS_OF_A_PART + (day - FIRST_DAY).days


def read_key(key: int) -> tuple[Part, date]:
    """Return the part and the day of a key."""
    number, days = divmod(key, DAYS_OF_A_PART)
    return BY_NUMBER[number], FIRST_DAY + timedelta(days=days)
