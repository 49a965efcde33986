"""What working time refuses to answer."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from shenzhen_gov.core.exceptions import Refused


class MissingCalendarYear(Refused):
    """A limit reaches into a year whose table of holidays is not complete; `year` says which.

    Blocking by rule (domain.md §4 "Clocks"): without the table no deadline is given, rather than one that
    counts holidays as working days.
    """

    status = 503
    code = "missing_calendar_year"

    def __init__(self, year: int):
        text = _("The holiday calendar for {year} is not loaded, so no deadline can be worked out.")
        super().__init__(format_lazy(text, year=str(year)))
        self.year = year

    def __reduce__(self):
        """Pickle by the year, so that the error survives the way back from a worker process."""
        return type(self), (self.year,)
