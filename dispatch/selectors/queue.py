"""The desk of a unit: its own work orders in tabs, red first; and the reports that wait for review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import IntegerField, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dispatch.choices import WorkRole
from dispatch.models import WorkOrder
from dispatch.querysets import WorkOrderQuerySet
from dispatch.workflow import HANDED_DOWN, HANDLING, PENDING_SIGN, UNDER_REVIEW
from grid.access import grants_of, holds_everywhere, units_with
from grid.choices import Act
from grid.models import Staff
from shenzhen_gov.core.lists import Sort

CAP = 1000  # counts beyond are shown as 999+, so that a tab costs the same however much lies behind it
OWN_STATES = (PENDING_SIGN, HANDLING, HANDED_DOWN)  # what the unit answers for; a review clock is the reviewer's
# Whose lateness it is: who has the work. What was handed down is late at the unit below, and is followed from above.
ACTING = (PENDING_SIGN, HANDLING)
Rows = WorkOrderQuerySet
AnyRows = TypeVar("AnyRows", bound=QuerySet)
RED_FIRST = Sort("due", _("Deadline"), ("next_due_at", "id"))
DAY_BEGINS = ("overdue", "sign", "review", "handling")  # the first of these tabs that has rows is opened
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
    bulk: str = ""  # what may be done with the ticked rows: sign, or urge the unit below


TABS = (
    Tab("sign", _("To be signed"), lambda rows, now: rows.to_sign(), bulk="sign"),
    Tab("handling", _("Handling"), lambda rows, now: rows.handling()),
    Tab("warned", _("Due soon"), lambda rows, now: rows.filter(state__in=ACTING).warned(now), tone="warn"),
    Tab("overdue", _("Overdue"), lambda rows, now: rows.filter(state__in=ACTING).overdue(now), tone="bad"),
    Tab("redo", _("Redo"), lambda rows, now: rows.filter(state__in=OWN_STATES).redo(), tone="info"),
    Tab("elsewhere", _("Followed"), lambda rows, now: rows.filter(state__in=(HANDED_DOWN, UNDER_REVIEW)), bulk="urge"),
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


def with_reviews(tabs: tuple[Tab, ...], units: Units) -> tuple[Tab, ...]:
    """Return the tabs with one more for whoever reviews, at these units, what the own teams report."""
    if units.everywhere or not units.ids:
        return tabs
    waiting = {"state": UNDER_REVIEW, "role": WorkRole.LEAD, "review_unit__in": units.ids}
    tab = Tab("review", pgettext_lazy("tab", "To review"), lambda rows, now: rows.filter(**waiting))
    return (*tabs[:2], tab, *tabs[2:])


@dataclass(frozen=True)
class Units:
    """The units somebody works for: every one in the city, or those with these ids."""

    everywhere: bool
    ids: tuple[int, ...] = ()

    def narrow(self, rows: AnyRows, name: str) -> AnyRows:
        """Return the rows whose unit `name` is one of these."""
        return rows.filter(**{f"{name}__isnull": False} if self.everywhere else {f"{name}__in": self.ids})


class CappedCount(Subquery):
    """Counts the rows of a queryset, but no further than its slice."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS few)"
    output_field = IntegerField()
    empty_result_set_value = 0


def get_own_units(user) -> Units:
    """Return the units whose work orders are this person's to handle."""
    return _units(user, Act.HANDLE_CASE)


def get_reviewing_units(user, own: Units | None = None) -> Units:
    """Return the units for which this person reviews reports; `own` is taken where both roles are held at the same."""
    is_same = own is not None and _held_at(user, Act.REVIEW_CASE) == _held_at(user, Act.HANDLE_CASE)
    return own if own is not None and is_same else _units(user, Act.REVIEW_CASE)


def of_units(units: Units) -> Rows:
    """Return the work orders of these units, with everything a row shows."""
    return _with_row_parts(units.narrow(WorkOrder.objects.all(), "unit"))


def reviewed_by(units: Units) -> Rows:
    """Return the work orders whose reports these units review now."""
    return _with_row_parts(units.narrow(WorkOrder.objects.filter(role=WorkRole.LEAD), "review_unit"))


def count_tabs(tabs: tuple[Tab, ...], rows: Rows, now: datetime, user) -> dict[str, int]:
    """Return tab code → number of rows, at most CAP, for all counted tabs with one statement."""
    counts = {
        f"in_{tab.code}": CappedCount(tab.rows(rows, now).order_by().values("pk")[:CAP]) for tab in tabs if tab.counted
    }
    found: Mapping[str, Any] = Staff.objects.filter(pk=user.pk).values(**counts).get()
    return {tab.code: found[f"in_{tab.code}"] or 0 for tab in tabs if tab.counted}


def get_tab(tabs: tuple[Tab, ...], code: str | None, counts: dict[str, int]) -> Tab:
    """Return the tab asked for; else the reddest one that has rows, so that the day begins with it."""
    for tab in tabs:
        if tab.code == code:
            return tab
    with_rows = [name for name in DAY_BEGINS if counts.get(name)]
    first = [tab for name in with_rows for tab in tabs if tab.code == name]
    return first[0] if first else tabs[0]


def list_urgeable(rows: list[WorkOrder]) -> list[int]:
    """Return the ids of the rows that were handed down and whose report does not wait for review yet."""
    cases = {row.pk: row.case_id for row in rows if row.state == HANDED_DOWN}
    if not cases:
        return []
    below = WorkOrder.objects.filter(case__in=cases.values(), parent__in=cases, state=UNDER_REVIEW)
    reported = set(below.values_list("parent", flat=True))
    return [pk for pk in cases if pk not in reported]


def _held_at(user, act: str) -> set[str]:
    return {grant.unit_path for grant in grants_of(user).rows if grant.act == act}


def _units(user, act: str) -> Units:
    if holds_everywhere(user, act):
        return Units(everywhere=True)
    return Units(everywhere=False, ids=tuple(units_with(user, act).values_list("pk", flat=True)))


def _with_row_parts(rows: Rows) -> Rows:
    return rows.select_related("case__channel", "case__area", "case__item_version", "unit", "handler", "co_task").defer(
        "case__content",
        "case__legacy",
        "case__item_version__criteria",
        "case__item_version__exclusions",
        "case__item_version__examples",
        "case__item_version__legal_basis",
    )
