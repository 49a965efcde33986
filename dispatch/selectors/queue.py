"""The desk of a unit: its own work orders in tabs, red first; and the reports that wait for review."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import IntegerField, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dispatch.models import WorkOrder
from dispatch.workflow import HANDED_DOWN, HANDLING, PENDING_SIGN, UNDER_REVIEW
from grid.access import units_with
from grid.choices import Act
from grid.models import Staff, Unit
from shenzhen_gov.core.lists import Sort

CAP = 1000  # counts beyond are shown as 999+, so that a tab costs the same however much lies behind it
OWN_STATES = (PENDING_SIGN, HANDLING, HANDED_DOWN)  # what the unit answers for; a review clock is the reviewer's
Rows = QuerySet[WorkOrder]
RED_FIRST = Sort("due", _("Deadline"), ("next_due_at", "id"))
LATEST_FIRST = Sort("ended", _("Ended"), ("-ended_at", "-id"))


@dataclass(frozen=True)
class Tab:
    """One tab of the desk: which rows, in which order, and how its figure is coloured."""

    code: str
    label: str | Promise
    rows: Callable[[Rows, datetime], Rows]
    sort: Sort = RED_FIRST
    tone: str = ""
    counted: bool = True


TABS = (
    Tab("sign", _("To be signed"), lambda rows, now: rows.to_sign()),
    Tab("handling", _("Handling"), lambda rows, now: rows.handling()),
    Tab("warned", _("Due soon"), lambda rows, now: rows.filter(state__in=OWN_STATES).warned(now), tone="warn"),
    Tab("overdue", _("Overdue"), lambda rows, now: rows.filter(state__in=OWN_STATES).overdue(now), tone="bad"),
    Tab("redo", _("Redo"), lambda rows, now: rows.filter(state__in=OWN_STATES).redo(), tone="info"),
    Tab("elsewhere", _("Followed"), lambda rows, now: rows.filter(state__in=(HANDED_DOWN, UNDER_REVIEW))),
    Tab(
        "done",
        pgettext_lazy("tab", "Done"),
        lambda rows, now: rows.filter(ended_at__isnull=False),
        LATEST_FIRST,
        counted=False,
    ),
)
REVIEW_TABS = (
    Tab("waiting", _("To be reviewed"), lambda rows, now: rows.filter(state=UNDER_REVIEW)),
    Tab("warned", _("Due soon"), lambda rows, now: rows.filter(state=UNDER_REVIEW).warned(now), tone="warn"),
    Tab("overdue", _("Overdue"), lambda rows, now: rows.filter(state=UNDER_REVIEW).overdue(now), tone="bad"),
)


class CappedCount(Subquery):
    """Counts the rows of a queryset, but no further than its slice."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS few)"
    output_field = IntegerField()
    empty_result_set_value = 0


def get_own_units(user) -> list[Unit]:
    """Return the units whose work orders are this person's to handle, in the order of the tree."""
    return list(units_with(user, Act.HANDLE_CASE).only("pk", "name", "path").order_by("path"))


def get_reviewing_units(user) -> list[Unit]:
    """Return the units for which this person reviews reports."""
    return list(units_with(user, Act.REVIEW_CASE).only("pk", "name", "path").order_by("path"))


def of_units(units: list[Unit]) -> Rows:
    """Return the work orders of these units, with everything a row shows."""
    return _with_row_parts(WorkOrder.objects.filter(unit__in=[unit.pk for unit in units]))


def reviewed_by(units: list[Unit]) -> Rows:
    """Return the work orders whose reports these units review now."""
    return _with_row_parts(WorkOrder.objects.filter(review_unit__in=[unit.pk for unit in units]))


def count_tabs(tabs: tuple[Tab, ...], rows: Rows, now: datetime, user) -> dict[str, int]:
    """Return tab code → number of rows, at most CAP, for all counted tabs with one statement."""
    counts = {
        f"in_{tab.code}": CappedCount(tab.rows(rows, now).order_by().values("pk")[:CAP]) for tab in tabs if tab.counted
    }
    found = Staff.objects.filter(pk=user.pk).values(**counts).get()
    return {tab.code: found[f"in_{tab.code}"] or 0 for tab in tabs if tab.counted}


def get_tab(tabs: tuple[Tab, ...], code: str | None, counts: dict[str, int]) -> Tab:
    """Return the tab asked for; else the reddest one that has rows, so that the day begins with it."""
    for tab in tabs:
        if tab.code == code:
            return tab
    first = [tab for name in ("overdue", "sign", "handling") for tab in tabs if tab.code == name and counts.get(name)]
    return first[0] if first else tabs[0]


def _with_row_parts(rows: Rows) -> Rows:
    return rows.select_related("case__channel", "case__area", "case__item_version", "unit", "handler").defer(
        "case__content",
        "case__legacy",
        "case__item_version__criteria",
        "case__item_version__exclusions",
        "case__item_version__examples",
        "case__item_version__legal_basis",
    )
