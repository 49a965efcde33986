"""Reading co-handlers and orders to the spot: for the page of a case, forms of steps, the list, the printed sheet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from dispatch.choices import Verdict, WorkRole
from dispatch.models import Attendance, CoTask, Report, Review, SpotOrder, Telling, WorkOrder
from dispatch.workflow import OPEN_STATES
from dutylist.selectors import duty_for
from grid.access import can_see, why_not
from grid.choices import Act, Level, UnitKind
from grid.models import Unit
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import OutOfSight
from shenzhen_gov.core.lists import Sort

from .cases import find_case
from .queue import CAP, get_own_units
from .steps import get_steps

PARTS_SHOWN = 40
CALLED_KINDS = (UnitKind.BUREAU, UnitKind.SECTION, UnitKind.COMPANY)
SIDES = {"by": "caller", "of": "unit"}  # asked by one's own units, or of them
DUE_FIRST = Sort("due", gettext_lazy("Deadline"), ("due_at", "id"))
NEWEST_FIRST = Sort("newest", gettext_lazy("Newest first"), ("-id",))


@dataclass(frozen=True)
class TaskTab:
    """One tab of the list of co-tasks: the queryset method behind it."""

    code: str
    label: str | Promise
    sort: Sort = DUE_FIRST
    tone: str = ""


TASK_TABS = (
    TaskTab("to_arrive", pgettext_lazy("tab", "To arrive"), tone="warn"),
    TaskTab("at_work", pgettext_lazy("tab", "At work")),
    TaskTab("to_judge", pgettext_lazy("tab", "Reported")),
    TaskTab("ended", pgettext_lazy("tab", "Done"), NEWEST_FIRST),
)


@dataclass(frozen=True)
class AcceptedPart:
    """What an accepted co-handler or a department on the spot wrote: ready to be taken into the reply."""

    unit: str
    text: str


def list_parts(case: Case) -> list[CoTask]:
    """Return the co-tasks of a case, newest first, with reports, verdicts and who came."""
    reports = Report.objects.prefetch_related(Prefetch("reviews", Review.objects.order_by("id"))).order_by("id")
    found = CoTask.objects.filter(work_order__case=case).select_related(
        "work_order__unit", "work_order__review_unit", "unit", "caller", "sheet"
    )
    found = found.prefetch_related(Prefetch("work_order__reports", reports), "attendances")
    rows = list(found.order_by("-id")[:PARTS_SHOWN])
    for row in rows:
        row.work_order.case, row.work_order.co_task = case, row
    return rows


def list_accepted(order: WorkOrder) -> list[AcceptedPart]:
    """Return the last report of every part of this round that was accepted, for the lead's one reply."""
    reports = Report.objects.filter(
        work_order__case_id=order.case_id, work_order__round=order.round, reviews__verdict=Verdict.APPROVED
    ).exclude(work_order__role=WorkRole.LEAD)
    rows = reports.select_related("work_order__unit").order_by("work_order__seq", "id")
    last = {report.work_order_id: AcceptedPart(report.work_order.unit.name, report.text) for report in rows}
    return list(last.values())


def find_helpers(order: WorkOrder, on: date) -> list[tuple[str, list[Unit]]]:
    """Return the units that can be asked for a part, under headings: first those the duty list names as co-handlers.

    Then the units around the place of the case, from the subdistrict up to the city.
    """
    area = order.area or order.unit.home_area
    around = [int(part) for part in area.path.strip("/").split("/")]
    busy = WorkOrder.objects.filter(case=order.case, state__in=OPEN_STATES).values("unit")
    free = Unit.objects.open_on(on).exclude(kind=UnitKind.CENTRE).exclude(pk__in=busy)
    duty = duty_for(order.case.item_id, order.area, on) if order.case.item_id and order.area else None
    named = list(free.filter(pk__in=duty.row.co_units.values("pk")).order_by("path")) if duty and duty.row else []
    rest = free.filter(home_area__in=around).exclude(pk__in=[unit.pk for unit in named]).order_by("-level", "path")
    groups: dict[int, list[Unit]] = {}
    for unit in rest:
        groups.setdefault(unit.level, []).append(unit)
    headings = [(str(Level(level).label), units) for level, units in groups.items()]
    return [(_("Named in the duty list"), named), *headings]


def list_tellings(case: Case) -> list[Telling]:
    """Return when and how the citizen was told, oldest first."""
    return list(Telling.objects.filter(work_order__case=case).order_by("id")[:PARTS_SHOWN])


def find_callable(order: WorkOrder, now: datetime) -> QuerySet[Unit]:
    """Return the departments that can be called to the place of a case: of its subdistrict, its district, the city."""
    area = order.area or order.unit.home_area
    around = [int(part) for part in area.path.strip("/").split("/")]
    rows = Unit.objects.open_on(timezone.localdate(now)).filter(kind__in=CALLED_KINDS, home_area__in=around)
    return rows.exclude(pk=order.unit_id).select_related("home_area").order_by("-level", "path")


def calls_for(user, order: WorkOrder) -> bool:
    """Whether this person acts for the unit that ordered a department to the spot."""
    return why_not(Actor.staff(user), (Act.ORDER_DEPARTMENT.value,), order.co_task.caller) is None


def count_to_judge(user) -> int:
    """Return how many reported parts wait for the verdict of this person's units, at most CAP."""
    return len(list_tasks(user, "by", TASK_TABS[2]).order_by().values_list("pk")[:CAP])


def list_tasks(user, side: str, tab: TaskTab) -> QuerySet[CoTask]:
    """Return the co-tasks asked by one's own units (`by`), or of them (`of`), in one tab."""
    rows = getattr(get_own_units(user).narrow(CoTask.objects.all(), SIDES[side]), tab.code)()
    found = rows.select_related(
        "work_order__case__area", "work_order__unit", "work_order__review_unit", "unit", "caller", "sheet"
    )
    found = found.defer("work_order__case__content", "work_order__case__legacy")
    return found.prefetch_related("attendances")


def with_steps(tasks: Iterable[CoTask], by: Actor) -> list[CoTask]:
    """Return the co-tasks, each with the steps that `by` may take on it now as `steps`."""
    tasks = list(tasks)
    for task in tasks:
        order = task.work_order
        order.co_task = task
        steps = get_steps(order, by) if order.state in OPEN_STATES else []
        task.steps = [step for step in steps if step.permitted and step.allowed]  # type: ignore[attr-defined]  # for pages
    return tasks


def get_sheet(user, pk: int) -> SpotOrder:
    """Return an order sheet whose case `user` sees, or raise OutOfSight."""
    sheet = SpotOrder.objects.select_related("case__area", "caller").filter(pk=pk).first()
    if sheet is None or (not can_see(user, sheet) and find_case(user, sheet.case.number) is None):
        raise OutOfSight(_("Not found."))
    return sheet


def list_sheet_tasks(sheet: SpotOrder) -> list[CoTask]:
    """Return what each department of a sheet has to do, who came, and what it reported."""
    reports = Prefetch("work_order__reports", Report.objects.order_by("id"))
    rows = sheet.tasks.select_related("work_order", "unit").prefetch_related(
        Prefetch("attendances", Attendance.objects.order_by("arrived_at", "id")), reports
    )
    tasks = list(rows.order_by("id"))
    for task in tasks:
        task.work_order.case = sheet.case
    return tasks


def list_absent(now: datetime) -> QuerySet[CoTask]:
    """Return the orders to the spot that nobody came to in time, for supervision."""
    return CoTask.objects.absent(now).select_related("work_order__case", "unit", "caller").order_by("-due_at", "id")
