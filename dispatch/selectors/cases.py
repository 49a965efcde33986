"""One case as its page shows it: where it stands, who has it, what was done and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import ClockKind, ClockOutcome, RequestState, WorkRole
from dispatch.models import CaseRequest, Clock, Decision, Report, Review, WorkOrder
from dispatch.workflow import ACTIVE_STATES, UNDER_REVIEW
from grid.access import can_see, holds
from grid.choices import Act
from grid.models import Unit
from intake.choices import AttachmentKind
from intake.models import Attachment, Case, Evaluation
from intake.workflow import ANSWERED, ARCHIVED, CLOSED, IN_HANDLING, OPEN_STATES
from intake.workflow import UNDER_REVIEW as CASE_UNDER_REVIEW
from shenzhen_gov.core.exceptions import OutOfSight
from shenzhen_gov.core.models import AuditEntry
from shenzhen_gov.core.parameters import get_parameter

from .supervision import Marks, marks_of

ENDED_STATES = (ANSWERED, CLOSED, ARCHIVED)
CASE_PARTS = ("channel", "area", "item_version__item", "holder", "citizen")
# No page of a case shows who called: only that somebody did, and whether in confidence.
UNSEEN = ("citizen__name", "citizen__phone", "citizen__identity_number", "citizen__address")


@dataclass
class CasePage:
    """Everything the page of a case shows; each part is read once, whatever the number of work orders."""

    case: Case
    now: datetime
    work_orders: list[WorkOrder]
    open_requests: list[CaseRequest]
    clocks: list[Clock]
    decision: Decision | None  # the latest
    attachments: list[Attachment]
    timeline: list[AuditEntry]
    user: object = field(repr=False)

    @cached_property
    def current(self) -> WorkOrder | None:
        """Return the work order somebody must act on now: the deepest active lead."""
        return get_current(self.work_orders)

    @cached_property
    def label(self) -> str:
        """Return the state as users read it, e.g. 待签收 · 北站社区."""
        return state_label(self.case, self.work_orders, self.open_requests)

    @cached_property
    def tone(self) -> str:
        """Return how the state is coloured: by the clock of whoever has it now, or green when it is over."""
        if self.case.state in ENDED_STATES:
            return "ok"
        order = self.current
        if order is None or order.next_due_at is None:
            return ""
        if order.next_due_at <= self.now:
            return "bad"
        is_warned = order.next_yellow_at is not None and order.next_yellow_at <= self.now
        return "warn" if is_warned else "acc"

    @cached_property
    def photos(self) -> list[Attachment]:
        """Return what came with the request."""
        return [file for file in self.attachments if file.kind == AttachmentKind.EVIDENCE]

    @cached_property
    def running_clocks(self) -> list[Clock]:
        """Return the clocks that still run, soonest first."""
        return [clock for clock in self.clocks if clock.outcome == ClockOutcome.RUNNING]

    @cached_property
    def reports(self) -> list[Report]:
        """Return the lead's reports on the case, oldest first; those of parts stand with their tasks."""
        leads = [order for order in self.work_orders if order.role == WorkRole.LEAD]
        return sorted((report for order in leads for report in order.reports.all()), key=lambda row: row.at)

    @cached_property
    def contacts(self) -> list:
        """Return every contact with the citizen, oldest first."""
        return sorted((row for order in self.work_orders for row in order.contacts.all()), key=lambda row: row.at)

    @property
    def marks(self) -> Marks:
        """Return what the line above has said, as chips show it."""
        return marks_of(self.case)

    @property
    def may_ask_identity(self) -> bool:
        """Whether the link to see the citizen is offered (the service decides)."""
        return bool(self.case.citizen_id) and holds(self.user, Act.VIEW_IDENTITY)


def find_case(user, number: str) -> Case | None:
    """Return the case when `user` sees it, or sees one of its work orders; None otherwise."""
    case = Case.objects.select_related(*CASE_PARTS).defer(*UNSEEN).filter(number=number).first()
    if case is None or can_see(user, case):
        return case
    orders = case.work_orders.select_related("unit", "area")
    return case if any(can_see(user, order) for order in orders) else None


def get_case(user, number: str) -> Case:
    """Return the case, or raise OutOfSight."""
    case = find_case(user, number)
    if case is None:
        raise OutOfSight(_("Case %(number)s was not found, or lies outside your territory.") % {"number": number})
    return case


def get_case_by_id(user, pk: int) -> Case:
    """Return the case with this id, or raise OutOfSight."""
    number = Case.objects.filter(pk=pk).values_list("number", flat=True).first()
    return get_case(user, number or "?")


def get_work_order(user, pk: int) -> WorkOrder:
    """Return a work order of a case that `user` sees, or raise OutOfSight."""
    work_order = WorkOrder.objects.select_related("case", "unit", "review_unit").filter(pk=pk).first()
    if work_order is None or find_case(user, work_order.case.number) is None:
        raise OutOfSight(_("Not found."))
    return work_order


def get_attachment(user, pk: int) -> Attachment:
    """Return a file of a case that `user` sees, or raise OutOfSight."""
    attachment = Attachment.objects.select_related("case").filter(pk=pk).first()
    if attachment is None or find_case(user, attachment.case.number) is None:
        raise OutOfSight(_("Not found."))
    return attachment


def get_case_page(user, case: Case, now: datetime) -> CasePage:
    """Return the page of a case that `user` was found to see; the steps on it are computed from the same rows."""
    page = CasePage(
        case=case,
        now=now,
        user=user,
        work_orders=read_work_orders(case),
        open_requests=list(
            case.requests.filter(state=RequestState.OPEN).select_related(
                "deciding_unit", "asked_by_unit", "ground", "work_order", "proposed_unit", "cited_item"
            )
        ),
        clocks=list(case.clocks.select_related("work_order__unit").order_by("due_at")),
        decision=case.decisions.order_by("-id").first(),
        attachments=list(_attachments(case)),
        timeline=list(get_timeline(case)),
    )
    _hand_out_files(page)
    return page


def read_work_orders(case: Case) -> list[WorkOrder]:
    """Return the work orders of a case with everything its page and its steps ask of them; read once."""
    prefetch_related_objects([case], Prefetch("work_orders", _work_orders()))
    return list(case.work_orders.all())


def _work_orders() -> QuerySet[WorkOrder]:
    most = int(get_parameter("appeal.most_score", timezone.localdate()))
    of_round = Evaluation.objects.filter(case=OuterRef("case"), round=OuterRef("round"))
    reports = Report.objects.prefetch_related(Prefetch("reviews", Review.objects.select_related("unit").order_by("id")))
    return (
        WorkOrder.objects.select_related("unit", "review_unit", "handler", "area", "co_task__caller")
        .annotate(
            has_units_below=Exists(Unit.objects.filter(parent=OuterRef("unit"))),
            may_be_appealed=Exists(of_round.filter(overall__lte=most, appeals=None)),
        )
        .prefetch_related("contacts", Prefetch("reports", reports))
        .order_by("seq")
    )


def _attachments(case: Case) -> QuerySet[Attachment]:
    """Return the files of a case, each with the ids of the reports and requests it belongs to."""
    photos = Report.photos.through.objects.filter(attachment=OuterRef("pk")).values("report")
    evidence = CaseRequest.files.through.objects.filter(attachment=OuterRef("pk")).values("caserequest")
    return case.attachments.annotate(of_reports=ArraySubquery(photos), of_requests=ArraySubquery(evidence))


def _hand_out_files(page: CasePage) -> None:
    """Give every report and open request its files, which were read with the case."""
    for rows, name in ((page.reports, "of_reports"), (page.open_requests, "of_requests")):
        for row in rows:
            vars(row)["shown_files"] = [file for file in page.attachments if row.pk in vars(file)[name]]


def get_timeline(case: Case) -> QuerySet[AuditEntry]:
    """Return what happened to a case, oldest first; files are shown where they belong, not as steps."""
    entries = AuditEntry.objects.filter(object_type=Case._meta.label_lower, object_id=case.pk)
    return entries.exclude(action="case.attachment_added").order_by("seq")


@dataclass(frozen=True)
class Ahead:
    """A step that is still to come: what, until when, and whether it is the one that is due now."""

    label: str
    due_at: datetime | None
    is_now: bool


def get_ahead(page: CasePage) -> list[Ahead]:
    """Return the steps from now to the end, for the lower half of the timeline."""
    order, state = page.current, page.case.state
    if state not in OPEN_STATES:
        return []
    due = {clock.kind: clock.due_at for clock in reversed(page.running_clocks)}
    if order is None:
        return [Ahead(str(ClockKind.DISPATCH.label), due.get(ClockKind.DISPATCH), True)]
    line = [ClockKind.SIGN, ClockKind.FIRST_CONTACT, ClockKind.HANDLING, ClockKind.REVIEW]
    if order.state == UNDER_REVIEW:
        reached = 3
    else:
        reached = (order.signed_at is not None) + (order.signed_at is not None and order.contacted_at is not None)
    return [Ahead(str(kind.label), due.get(kind), place == 0) for place, kind in enumerate(line[reached:])]


def get_current(work_orders: list[WorkOrder]) -> WorkOrder | None:
    """Return the deepest active lead work order, or None when nobody has to act on one."""
    active = [row for row in work_orders if row.role == WorkRole.LEAD and row.state in ACTIVE_STATES]
    return max(active, key=lambda row: row.seq) if active else None


def state_label(case: Case, work_orders: list[WorkOrder], open_requests: list[CaseRequest]) -> str:
    """Return the state as users read it: from the deepest active work order and the open requests."""
    current = get_current(work_orders)
    if case.state not in {IN_HANDLING, CASE_UNDER_REVIEW} or current is None:
        return str(case.get_state_display())
    if open_requests:
        asked = open_requests[0]
        return _("Asked: %(what)s · %(unit)s decides") % {
            "what": asked.get_kind_display(),
            "unit": asked.deciding_unit.name,
        }
    unit = current.review_unit if current.state == UNDER_REVIEW and current.review_unit else current.unit
    return f"{current.get_state_display()} · {unit.name}"
