"""The page of a case much was done on, and the queue of a unit, with 1,000,000 cases of which 50,000 are open.

In this process, through Django's test client: all middleware, all queries, the whole template; no network. The cases
looked at were handed down to a community and have 60 entries in their timeline, written by the services:
signed, contacts, urges, a supervision, instructions and the answers to them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from dispatch import services
from dispatch.models import WorkOrder
from dispatch.selectors import get_timeline
from dispatch.workflow import OPEN_STATES
from grid.choices import Level, UnitKind
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.launcher import prepare

from .context import Context
from .dispatch_queue import Page, busiest, city, employ, measure, signed_in
from .generate import generate
from .report import LOWER, Result, median_of

CASES, OPEN = 1_000_000, 50_000
ENTRIES, CASES_OPENED = 60, 30
ROLES = ("subdistrict_officer", "supervisor", "leader")  # of the one person who does everything


def run(ctx: Context) -> list[Result]:
    """Generate, give some cases a long history, then look at the pages."""
    prepare.manage(ctx.env, "collectstatic", "--noinput")
    ctx.say("generating")
    cases = ctx.size(CASES, 20_000)
    generate(cases, open_share=OPEN / CASES)
    community = busiest(kind=UnitKind.COMMUNITY)
    bureau = busiest(kind=UnitKind.BUREAU, level=Level.DISTRICT)
    ctx.say("working on cases")
    by = Actor.staff(employ("bench-everybody", city(), *ROLES))
    worked_on = [_work_on(order, by) for order in _handed_down(ctx.size(CASES_OPENED, 3))]
    opened = WorkOrder.objects.filter(state__in=OPEN_STATES).values("case").distinct().count()
    secretary = signed_in("community_secretary", community, "bench-secretary")
    handler = signed_in("handler", bureau, "bench-handler")
    dispatcher = signed_in("city_dispatcher", city(), "bench-dispatcher")
    pages = {
        f"case page, {ENTRIES} entries": measure(ctx, dispatcher, _addresses("dispatch:case", worked_on)),
        "the rest of it, loaded after": measure(ctx, dispatcher, _addresses("dispatch:case_more", worked_on)),
        "queue of a community": measure(ctx, secretary, [reverse("dispatch:queue")]),
        "queue of a district bureau": measure(ctx, handler, [reverse("dispatch:queue")]),
    }
    aims = dict(zip(pages, ((80, 15), (None, None), (60, 12), (60, 12)), strict=True))
    note = f"{cases:,} cases, {opened:,} open"
    return [result for name, page in pages.items() for result in _told(name, page, *aims[name], note)]


def _handed_down(count: int) -> list[WorkOrder]:
    """Return work orders that lie unsigned at a community, handed down by a subdistrict; the newest cases first."""
    orders = WorkOrder.objects.filter(state="pending_sign", parent__isnull=False, unit__kind=UnitKind.COMMUNITY)
    return list(orders.select_related("case", "unit").order_by("-case")[:count])


def _work_on(order: WorkOrder, by: Actor) -> Case:
    """Let ENTRIES things be done with a case since it was handed down."""
    case, pause = order.case, (timezone.now() - order.assigned_at) / (ENTRIES + 1)
    moments = (order.assigned_at + pause * number for number in range(1, ENTRIES + 1))
    services.sign(order.pk, by=by, now=next(moments))
    services.supervise(case.pk, text="请于限期内办结。", due_at=_soon(), by=by, now=next(moments))
    services.confirm_supervision(case.pk, text="已安排专人。", by=by, now=next(moments))
    kinds = (_contact, _urge, _instruct, _answer)
    for number, now in enumerate(moments):
        kinds[number % len(kinds)](case, order, by, now)
    written = get_timeline(case).count()
    if written < ENTRIES:
        raise RuntimeError(f"{case}: {written} entries")
    return case


def _soon() -> datetime:
    return timezone.now() + timedelta(days=1)


def _contact(case: Case, order: WorkOrder, by: Actor, now: datetime) -> None:
    services.record_contact(order.pk, way="phone", result="reached", note="已说明处理安排。", by=by, now=now)


def _urge(case: Case, order: WorkOrder, by: Actor, now: datetime) -> None:
    services.urge_case(case.pk, text="市民再次来电催问，请抓紧。", by=by, now=now)


def _instruct(case: Case, order: WorkOrder, by: Actor, now: datetime) -> None:
    services.instruct(case.pk, text="请核实并回复。", asks_reply=True, by=by, now=now)


def _answer(case: Case, order: WorkOrder, by: Actor, now: datetime) -> None:
    services.answer_instruction(case.pk, text="已核实，正在处理。", by=by, now=now)


def _addresses(view: str, cases: list[Case]) -> list[str]:
    return [reverse(view, args=[case.number]) for case in cases]


def _told(name: str, page: Page, millis: float | None, statements: int | None, note: str) -> list[Result]:
    return [
        median_of(f"{name}: p95", page.p95s, "ms", millis, LOWER, note=note),
        Result(f"{name}: p50", round(page.p50, 1), "ms", None, LOWER),
        Result(f"{name}: statements", page.statements, "SQL", statements, LOWER),
    ]
