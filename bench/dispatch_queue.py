"""The queue page of 50 rows and the page of a case, with 100,000 and with 1,000,000 cases in the database.

In this process, through Django's test client: all middleware, all queries, the whole template; no network.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dispatch.models import WorkOrder
from dispatch.workflow import OPEN_STATES
from grid.choices import Level, UnitKind
from grid.models import Role, Staff, Unit
from grid.services import NewStaff, create_staff, grant_role
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.launcher import prepare

from .context import Context
from .generate import add_audit, generate
from .report import LOWER, Result, median_of, percentile

SIZES = (100_000, 1_000_000)
RUNS = 3
PASSWORD = "bench-2026-only"  # noqa: S105 - of accounts in a database that is dropped at the end
CASES_OPENED = 200


@dataclass(frozen=True)
class Desk:
    """A page and who looks at it: the role, and how the unit is found at which it is held."""

    name: str
    role: str
    unit: Callable[[], Unit]
    view: str = "dispatch:queue"
    tab: str = "handling"


def busiest(**given) -> Unit:
    """Return the unit of this kind with the most open work orders."""
    rows = WorkOrder.objects.filter(state__in=OPEN_STATES, **{f"unit__{name}": value for name, value in given.items()})
    return Unit.objects.get(pk=rows.values_list("unit").annotate(Count("pk")).order_by("-pk__count")[0][0])


def community() -> Unit:
    """Return the busiest community."""
    return busiest(kind=UnitKind.COMMUNITY)


def bureau() -> Unit:
    """Return the busiest bureau of a district."""
    return busiest(kind=UnitKind.BUREAU, level=Level.DISTRICT)


def district() -> Unit:
    """Return a district's centre: everything in the district is below it."""
    return Unit.objects.get(code="centre-440309")


def city() -> Unit:
    """Return the city's centre."""
    return Unit.objects.get(kind=UnitKind.CENTRE, level=Level.CITY)


DESKS = (
    Desk("queue, community", "community_secretary", community),
    Desk("queue, community, done", "community_secretary", community, tab="done"),
    Desk("queue, district bureau", "handler", bureau),
    Desk("queue, whole district", "handler", district),
    Desk("queue, whole district, done", "handler", district, tab="done"),
    Desk("queue, whole city", "handler", city),
    Desk("queue, whole city, done", "handler", city, tab="done"),
    Desk("reviews, whole district", "reviewer", district, "dispatch:review", "waiting"),
    Desk("reviews, whole city", "reviewer", city, "dispatch:review", "waiting"),
    Desk("all cases, whole district", "district_dispatcher", district, "dispatch:cases"),
    Desk("all cases, whole city", "city_dispatcher", city, "dispatch:cases"),
)


@dataclass(frozen=True)
class Page:
    """Milliseconds and number of statements of one page."""

    p50: float
    p95s: list[float]
    statements: int


def run(ctx: Context) -> list[Result]:
    """Measure every sight at both sizes; growth is the ratio of the medians."""
    prepare.manage(ctx.env, "collectstatic", "--noinput")
    small, large = (ctx.size(size, size // 100) for size in SIZES)
    measured = []
    for size, missing in ((small, small), (large, large - small)):
        ctx.say(f"generating {missing:,} cases")
        started = time.monotonic()
        generate(missing)
        ctx.say(f"{missing:,} cases generated in {time.monotonic() - started:.0f} s")
        measured.append(_all_pages(ctx, size))
    results = []
    for name in measured[0]:
        results += _told(name, small, measured[0][name], large, measured[1][name])
    return results


def _all_pages(ctx: Context, size: int) -> dict[str, Page]:
    found = {}
    for place, one in enumerate(DESKS):
        ctx.say(f"{size:,} cases: {one.name}")
        client = signed_in(one.role, one.unit(), f"bench-{place}-{size}")
        found[one.name] = measure(ctx, client, [f"{reverse(one.view)}?tab={one.tab}"])
    newest = list(Case.objects.filter(state="in_handling").order_by("-pk")[: ctx.size(CASES_OPENED, 10)])
    add_audit(newest)
    found["case page, whole city"] = measure(ctx, client, [reverse("dispatch:case", args=[c.number]) for c in newest])
    return found


def employ(username: str, unit: Unit, *roles: str) -> Staff:
    """Return a new account with these roles at a unit."""
    by, now = Actor.system("bench"), timezone.now()
    staff = create_staff(NewStaff(username, PASSWORD, unit.pk), by=by, now=now)
    for role in roles:
        grant_role(staff.pk, Role.objects.get(code=role).pk, unit.pk, by=by, now=now)
    return staff


def signed_in(role: str, unit: Unit, username: str) -> Client:
    """Return a browser of a new account with this role at this unit."""
    client = Client(HTTP_HOST="localhost")
    client.force_login(employ(username, unit, role), backend="grid.backends.StaffBackend")
    return client


def measure(ctx: Context, client: Client, addresses: list[str]) -> Page:
    """Ask for the pages again and again; the first round fills caches and is not counted."""
    count = ctx.size(60, 5)
    wanted = [addresses[number % len(addresses)] for number in range(count)]
    for address in wanted[:5]:
        _get(client, address)
    runs = [[_get(client, address) for address in wanted] for _ in range(ctx.size(RUNS, 1))]
    with CaptureQueriesContext(connection) as queries:
        _get(client, addresses[0])
        statements = len(queries)
    return Page(
        p50=statistics.median([one for run in runs for one in run]),
        p95s=[percentile(run, 0.95) for run in runs],
        statements=statements,
    )


def _get(client: Client, address: str) -> float:
    """Return the milliseconds of one page."""
    started = time.perf_counter()
    answer = client.get(address)
    taken = (time.perf_counter() - started) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return taken


def _told(name: str, small: int, few: Page, large: int, many: Page) -> list[Result]:
    return [
        median_of(f"{name}: p95 at {small:,}", few.p95s, "ms", 80, LOWER),
        median_of(f"{name}: p95 at {large:,}", many.p95s, "ms", 80, LOWER),
        Result(f"{name}: growth of the median", round(many.p50 / few.p50, 2), "×", 1.3, LOWER),
        Result(f"{name}: statements", max(few.statements, many.statements), "SQL", 12, LOWER),
    ]
