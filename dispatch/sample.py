"""Sample cases (样例): example requests of the sample catalogue, taken to different stages by the ordinary services."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle
from typing import Any

from django.db import transaction
from django.utils import timezone

from dutylist.models import ItemVersion
from grid.models import Area, Staff
from intake.choices import RequestType
from intake.models import Case
from intake.services import NewCase, register_once
from shenzhen_gov.core.actor import Actor

from .models import WorkOrder
from .services import approve, dispatch_awaiting, record_contact, report, sign

# Where the sample accounts work: community → (its secretary's and its reviewers' usernames).
PLACES = {"北站社区": ("secretary", "reviewer_street", "reviewer_district")}
OTHER_PLACES = ("民治社区", "六联社区", "龙塘社区", "坪山社区")
# (hours ago, steps taken): the newest are unsigned, the older ones further on, some were left lying.
STAGES = ((1, 0), (3, 0), (6, 1), (20, 1), (26, 2), (44, 2), (50, 1), (70, 3), (90, 2), (120, 4), (170, 5), (200, 1))
CALLERS = 40  # fewer than the cases: some people call again; the first is 13800138000


@dataclass(frozen=True)
class Planned:
    """A sample case to come: when it is registered, and what makes it (False: it was there already)."""

    at: datetime
    make: Callable[[], bool]


def create_planned(cases: Iterable[Planned]) -> int:
    """Make the cases in the order of their days, as real ones come; returns how many are new."""
    return sum(case.make() for case in sorted(cases, key=lambda case: case.at))


def sample_cases(*, by: Actor, now: datetime) -> Iterator[Planned]:
    """Yield cases of the last days, some of them worked on."""
    stages = cycle(STAGES)
    for number, (area, version) in enumerate(_subjects(now)):
        hours, steps = next(stages)
        at = now - timedelta(hours=hours, minutes=number % 50)
        yield Planned(at, partial(_create, area, version, number, steps, by, at))


@transaction.atomic
def _create(area: Area, version: ItemVersion, number: int, steps: int, by: Actor, at: datetime) -> bool:
    """Register one case and take it `steps` steps on; False when it was there already."""
    case = new_case(_request(area, version, number), f"sample-{area.code}-{version.item.code}", by=by, at=at)
    if case and area.short_name in PLACES:
        _work_on(case, PLACES[area.short_name], steps, at)
    return case is not None


def new_case(data: NewCase, key: str, *, by: Actor, at: datetime) -> Case | None:
    """Register a case and dispatch it; None when it was there already."""
    registration = register_once(data, by=Actor.system("sample"), now=at, idempotency_key=key)
    if not registration.created:
        return None
    dispatch_awaiting(by=by, now=at + timedelta(seconds=2))
    return registration.case


def _subjects(now: datetime):
    """Yield (area, version in force) pairs: community items for the sample secretaries, others for the bureaus."""
    in_force = ItemVersion.objects.in_force(timezone.localdate(now)).exclude(examples=[]).filter(is_component=False)
    in_force = in_force.select_related("item").order_by("item__code")
    of_community = list(in_force.filter(responsibilities__lead_unit__kind="community").distinct()[:36])
    of_others = list(in_force.exclude(responsibilities__lead_unit__kind="community").distinct()[:24:2])
    areas = {area.short_name: area for area in Area.objects.filter(short_name__in=[*PLACES, *OTHER_PLACES], level=4)}
    home = areas["北站社区"]
    elsewhere = cycle([areas[name] for name in OTHER_PLACES if name in areas] or [home])
    for version in of_community:
        yield home, version
    for version in of_others:
        yield next(elsewhere), version


def _request(area: Area, version, number: int) -> NewCase:
    kinds = (RequestType.HELP, RequestType.COMPLAINT, RequestType.SUGGESTION)
    return NewCase(
        channel=("hotline", "ishenzhen", "wechat")[number % 3],
        content=version.examples[number % len(version.examples)],
        request_type=kinds[number % 3],
        phone=f"1380013{8000 + 40 * (number % CALLERS)}",
        name=("陈女士", "李先生", "王女士")[number % 3],
        area=area.code,
        item=version.item.code,
        urgency="urgent" if number % 11 == 0 else "normal",
    )


def _work_on(case, usernames: tuple[str, ...], steps: int, at: datetime) -> None:
    """Take the case's work order `steps` steps on: sign, contact, report, street review, district review."""
    order = WorkOrder.objects.filter(case=case).first()
    if order is None:
        return
    people = {person.username: Actor.staff(person) for person in Staff.objects.filter(username__in=usernames)}
    secretary, street, district = (people[name] for name in usernames)
    later = at + timedelta(minutes=40)
    # What the closing criteria ask for, whatever the kind of request.
    outcome: dict[str, Any] = {
        "done_on": timezone.localdate(later), "result": "已处理完毕",
        "adoption": "adopted", "adoption_reason": "合理可行",
    }  # fmt: skip
    verbs = (
        lambda: sign(order.pk, by=secretary, now=at + timedelta(minutes=15)),
        lambda: record_contact(
            order.pk, way="phone", result="reached", note="已了解情况，约定上门时间", by=secretary, now=later
        ),
        lambda: report(
            order.pk, text="已到现场处理完毕，已告知诉求人。", told_way="phone", by=secretary, now=later, **outcome
        ),
        lambda: approve(order.pk, opinion="同意", by=street, now=at + timedelta(hours=5)),
        lambda: approve(order.pk, opinion="同意办结", by=district, now=at + timedelta(hours=8)),
    )
    for verb in verbs[:steps]:
        verb()
