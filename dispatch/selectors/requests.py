"""Requests: the desk of those who decide, the open ones of those who asked, the history of a case, and its choices."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dispatch.choices import ClockKind, RequestKind, RequestState, WorkRole
from dispatch.clocks import ClockBook
from dispatch.models import CaseRequest, WorkOrder
from dispatch.querysets import CaseRequestQuerySet
from dispatch.workflow import DONE
from dutylist.selectors import duties_for
from grid import access
from grid.access import grants_of, holds_everywhere, units_with
from grid.choices import Act
from grid.models import Staff, Unit
from intake.models import Attachment, Case
from intake.selectors import suggest_items
from intake.workflow import IN_HANDLING, OPEN_STATES
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import OutOfSight
from shenzhen_gov.core.lists import Sort

from .cases import find_case, read_work_orders
from .queue import CAP, CappedCount, Units

Rows = CaseRequestQuerySet
BY_DEADLINE = Sort("due", _("Deadline"), ("due_at", "id"))
LATEST_FIRST = Sort("decided", _("Decided"), ("-decided_at", "-id"))
SOON = timedelta(hours=8)
MOST_SHOWN = 60


@dataclass(frozen=True)
class RequestTab:
    """One tab of the desk: whose requests, which of them, in which order; `asked` ones are of one's own units."""

    code: str
    label: str | Promise
    rows: Callable[[Rows], Rows]
    sort: Sort = BY_DEADLINE
    asked: bool = False
    counted: bool = True
    is_kind: bool = False

    def is_shown(self, decides: bool, counts: dict[str, int]) -> bool:
        """Whether the tab is offered: that of a kind only while something of it is open."""
        return (decides or self.asked) and (not self.is_kind or bool(counts.get(self.code)))


def _of_kind(kind: str) -> Callable[[Rows], Rows]:
    return lambda rows: rows.open().filter(kind=kind)


REQUEST_TABS = (
    RequestTab("open", _("To be decided"), lambda rows: rows.open()),
    *(
        RequestTab(str(kind.value), kind.label, _of_kind(kind.value), is_kind=True)
        for kind in RequestKind
        if kind != RequestKind.SEE_IDENTITY
    ),
    RequestTab("mine", _("Asked by us"), lambda rows: rows.open(), asked=True),
    RequestTab(
        "decided", pgettext_lazy("requests", "Decided"), lambda rows: rows.decided(), LATEST_FIRST, counted=False
    ),
)


@dataclass(frozen=True)
class RequestDesk:
    """The requests somebody decides: of the own level, or of everything below as well; and those they ask."""

    deciding: Units
    asking: Units

    def rows(self, tab: RequestTab) -> Rows:
        """Return the rows of a tab."""
        units, column = (self.asking, "asked_by_unit") if tab.asked else (self.deciding, "deciding_unit")
        rows = CaseRequest.objects.all()
        return tab.rows(rows if units.everywhere else rows.filter(**{f"{column}__in": units.ids}))

    def count(self, user) -> dict[str, int]:
        """Return tab code → number of rows, at most CAP, with one statement."""
        counts = {
            f"in_{tab.code}": CappedCount(self.rows(tab).order_by().values("pk")[:CAP])
            for tab in REQUEST_TABS
            if tab.counted
        }
        found: dict = dict(Staff.objects.filter(pk=user.pk).values(**counts).get())
        return {tab.code: found[f"in_{tab.code}"] or 0 for tab in REQUEST_TABS if tab.counted}


def get_request_desk(user, *, everything: bool) -> RequestDesk:
    """Return the desk of a person: what their own level decides or, where wanted, everything below it too."""
    return RequestDesk(_deciding(user, everything), _asking(user))


def get_request_tab(code: str | None) -> RequestTab:
    """Return the tab with this code, else the first."""
    return next((tab for tab in REQUEST_TABS if tab.code == code), REQUEST_TABS[0])


def with_row_parts(rows: Rows) -> Rows:
    """Return rows with everything a line of the desk shows."""
    parts = ("case__area", "work_order", "asked_by_unit", "deciding_unit", "ground", "proposed_unit", "cited_item")
    return rows.select_related(*parts).defer("case__content", "case__legacy")


def get_request(user, pk: int) -> CaseRequest:
    """Return a request about a case that `user` sees, or raise OutOfSight."""
    request = CaseRequest.objects.select_related("case").filter(pk=pk).first()
    if request is None or find_case(user, request.case.number) is None:
        raise OutOfSight(_("Not found."))
    return request


def get_open_requests(case: Case) -> Rows:
    """Return the open requests of a case that was found to be in sight."""
    return CaseRequest.objects.open().filter(case=case)


@dataclass
class ShownRequest:
    """A request as the page of its case shows it to somebody."""

    row: CaseRequest
    by: Actor
    now: datetime

    @cached_property
    def why_not(self) -> str | None:
        """Return why this person does not decide it, None when they do."""
        return why_not_decide(self.row, self.by)

    @cached_property
    def files(self) -> list[Attachment]:
        """Return its evidence; the page of a case has read that with the other files of the case."""
        read = getattr(self.row, "shown_files", None)
        return list(self.row.files.all()) if read is None else read

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided."""
        return self.row.state == RequestState.OPEN

    @property
    def may_decide(self) -> bool:
        """Whether this person decides it."""
        return self.is_open and self.why_not is None

    @property
    def may_withdraw(self) -> bool:
        """Whether this person may take it back: who asked it, or works for the unit that did."""
        user = self.by.user
        is_asker = user is not None and user.pk == self.row.asker_id
        return self.is_open and (
            is_asker or access.why_not(self.by, (Act.HANDLE_CASE.value,), self.row.asked_by_unit) is None
        )

    @property
    def tone(self) -> str:
        """Return how the state is coloured."""
        if self.is_open:
            return "bad" if self.row.due_at and self.row.due_at <= self.now else "acc"
        return {RequestState.AGREED: "ok", RequestState.REFUSED: "warn"}.get(RequestState(self.row.state), "plain")


def show_requests(rows: Iterable[CaseRequest], user: Any, now: datetime) -> list[ShownRequest]:
    """Return requests as the page of their case shows them to `user`."""
    by = Actor.staff(user)
    return [ShownRequest(row, by, now) for row in rows]


def list_requests(case: Case, user: Any, now: datetime) -> list[ShownRequest]:
    """Return the requests of a case that are no longer open, newest first, with their evidence."""
    rows = (
        CaseRequest.objects.decided()
        .filter(case=case)
        .select_related(
            "work_order", "asked_by_unit", "deciding_unit", "ground", "cited_item", "proposed_unit", "evaluation"
        )
    )
    return show_requests(rows.prefetch_related("files").order_by("-id")[:MOST_SHOWN], user, now)


def closing_order(case: Case) -> WorkOrder | None:
    """Return the work order whose unit did the work of the round that was rated last: the deepest one of the lead."""
    done = WorkOrder.objects.filter(case=case, round=rated_round(case), role=WorkRole.LEAD, state=DONE)
    return done.select_related("unit__parent", "unit__home_area", "parent__unit", "area").order_by("-seq").first()


APPEALS = ("appeal", "appeal_in_redo")


def rated_round(case: Case) -> int:
    """Return the round whose score may be appealed against: a bad one opens the next round at once."""
    return case.round - 1 if case.state in OPEN_STATES else case.round


def may_be_asked(step: str, case: Case, by: Actor) -> bool:
    """Whether a request about a case itself is offered: an appeal to the unit that closed it, after a bad score.

    Who works on the case asks to void it about their work order.
    """
    if step == "ask_void":
        return case.state != IN_HANDLING or access.why_not(by, (Act.HANDLE_CASE.value,), case) is not None
    if step not in APPEALS:
        return True
    done = (rated_round(case), WorkRole.LEAD, DONE)
    orders = [row for row in read_work_orders(case) if (row.round, row.role, row.state) == done]
    order = max(orders, key=lambda row: row.seq, default=None)
    if order is None or not vars(order)["may_be_appealed"]:
        return False
    return access.why_not(by, (Act.HANDLE_CASE.value,), order.unit) is None


def most_days(work_order: WorkOrder, now: datetime) -> int:
    """Return how many working days more may usually be asked for."""
    return ClockBook(now).limit(ClockKind.EXTENSION, work_order.case, unit=work_order.unit).amount


def find_other_entries(work_order: WorkOrder, on: date) -> list[tuple[str, str]]:
    """Return (code, words) of the duty items the text speaks for, each with the unit of the list: what to cite."""
    case = work_order.case
    found = [
        one for one in suggest_items(case.content, title=case.title, on=on, limit=6) if one.item_id != case.item_id
    ]
    duties = duties_for([(one.item_id, case.area) for one in found], on) if case.area else {}
    entries = []
    for one in found[:5]:
        duty = duties.get((one.item_id, case.area_id))
        if duty is not None:
            unit = f" — {duty.row.lead_unit.name}" if duty.row else ""
            entries.append((duty.version.item.code, f"{duty.version.path_text}{unit}"))
    return entries


def why_not_decide(request: CaseRequest, by: Actor) -> str | None:
    """Return None when `by` may decide this request, else the reason."""
    if reason := access.why_not(by, (Act.DECIDE_REQUEST.value,), request.deciding_unit):
        return reason
    if by.user is not None and by.user.pk == request.asker_id:
        return str(_("Nobody decides on the own request."))
    return None


def _deciding(user, everything: bool) -> Units:
    act = Act.DECIDE_REQUEST
    if everything:
        if holds_everywhere(user, act):
            return Units(everywhere=True)
        return Units(everywhere=False, ids=tuple(units_with(user, act).values_list("pk", flat=True)))
    paths = {grant.unit_path for grant in grants_of(user).rows if grant.act == act}
    return Units(everywhere=False, ids=tuple(Unit.objects.filter(path__in=paths).values_list("pk", flat=True)))


def _asking(user) -> Units:
    if holds_everywhere(user, Act.HANDLE_CASE):
        return Units(everywhere=True)
    return Units(everywhere=False, ids=tuple(units_with(user, Act.HANDLE_CASE).values_list("pk", flat=True)))
