"""Sample cases (样例) with a past: a month that is closed and rated, and one matter many people call about.

What figures need to show anything: the ledger a month whose cases have ended, early warnings a burst of like texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from dutylist.models import ItemVersion
from grid.models import Area, Staff
from intake.choices import RequestType
from intake.services import NewCase, Scores, evaluate_case
from shenzhen_gov.core.actor import Actor

from .models import WorkOrder
from .sample import Planned, new_case
from .services import approve, dispatch_awaiting, record_contact, report, sign
from .workflow import ACTIVE_STATES

CHANNELS = ("hotline", "ishenzhen", "wechat")
# Community → its secretary, and who reviews on the two levels above; how many cases of the month it closes.
PLACES = (
    ("440309002021", ("secretary", "reviewer_street", "reviewer_district"), 7),
    ("440310001001", ("secretary_pingshan", "reviewer_pingshan", "reviewer_city"), 6),
)
SCORES = (5, 5, 4, 5, 1, 5)
FIRST_DAY = 9  # of the month: its holidays are over, and every deadline falls within it
HOTLINE_HOURS = (9, 10, 14, 16)


@dataclass(frozen=True)
class Matter:
    """One matter that many people call about in a few days: where, which duty item, in which words."""

    code: str
    area: str
    item: str
    texts: tuple[str, ...]


MATTERS = (
    Matter(
        "stairs", "440309002021", "S0101002",
        (
            "龙胜苑二期楼道里堆满了纸箱和旧家具，疏散通道走不通，请尽快清理。",
            "龙胜苑二期三栋楼道堆放旧家具纸箱，把疏散通道堵死了，有火灾隐患。",
            "龙胜苑二期的疏散通道又被纸箱和旧家具堵住了，楼道根本过不去人。",
            "反映龙胜苑二期五栋楼道堆物，纸箱旧家具占了疏散通道，物业不管。",
            "龙胜苑二期楼道堆满旧家具，疏散通道堵塞，老人上下楼很危险。",
            "龙胜苑二期一栋楼道纸箱堆到顶，疏散通道被旧家具占了一半，要求清理。",
            "投诉龙胜苑二期楼道长期堆放纸箱旧家具，消防疏散通道不通畅。",
            "龙胜苑二期楼道疏散通道旁堆着旧家具和纸箱，报过物业没有人处理。",
        ),
    ),
    Matter(
        "factory", "440310001001", "S0301001",
        (
            "金龙路五金厂夜里冲压机噪声很大，吵得睡不着，请来检查。",
            "金龙路五金厂冲压机晚上十一点还在开，噪声扰民。",
            "反映金龙路五金厂冲压机噪声扰民，连续几个晚上没法睡。",
            "金龙路五金厂又在夜里开冲压机，噪声很大，孩子睡不着。",
            "投诉金龙路五金厂夜间冲压机噪声，整栋楼都能听到。",
            "金龙路五金厂冲压机夜间噪声扰民，希望环保部门来测一下。",
            "夜里金龙路五金厂冲压机一直响，噪声很大，影响休息。",
        ),
    ),
)  # fmt: skip


def past_cases(month: date, *, by: Actor) -> Iterator[Planned]:
    """Yield cases of a past month that are closed and rated."""
    for area, usernames, count in PLACES:
        people = {person.username: Actor.staff(person) for person in Staff.objects.filter(username__in=usernames)}
        place = Area.objects.filter(code=area).first()
        if place is None or len(people) < len(set(usernames)):
            continue
        workers = [people[name] for name in usernames]
        for number, version in enumerate(_items(count, month)):
            at = _moment(month + timedelta(days=FIRST_DAY - 1 + number % 6), number)
            yield Planned(at, partial(_past_case, place, version, number, workers, by, at))


def calls_about_matters(*, by: Actor, now: datetime) -> Iterator[Planned]:
    """Yield the calls about the sample matters, of the three days before."""
    today = timezone.localdate(now)
    for matter in MATTERS:
        version = ItemVersion.objects.in_force(today).filter(item__code=matter.item).first()
        if version is None or not Area.objects.filter(code=matter.area).exists():
            continue
        for number, text in enumerate(matter.texts):
            at = _moment(today - timedelta(days=1 + number % 3), number)
            data = NewCase(
                channel=CHANNELS[number % 3], content=text, request_type=RequestType.COMPLAINT, area=matter.area,
                item=matter.item, phone=f"1380013{8010 + number}", name="样例来电人",
            )  # fmt: skip
            yield Planned(at, partial(_call, data, f"sample-{matter.code}-{number}", by, at))


def matter_item() -> str:
    """Return the code of the duty item that the first matter is about."""
    return MATTERS[0].item


@transaction.atomic
def _call(data: NewCase, key: str, by: Actor, at: datetime) -> bool:
    return new_case(data, key, by=by, at=at) is not None


@transaction.atomic
def _past_case(area: Area, version: ItemVersion, number: int, workers: list[Actor], by: Actor, at: datetime) -> bool:
    """Take one case from its registration to the verdict of its citizen; False when it was there already."""
    data = NewCase(
        channel=CHANNELS[number % 3], content=version.examples[number % len(version.examples)],
        request_type=RequestType.HELP, area=area.code, item=version.item.code, phone=f"1380013{8030 + number}",
        name="样例来电人",
    )  # fmt: skip
    case = new_case(data, f"sample-past-{area.code}-{number}", by=by, at=at)
    if case is None:
        return False
    order = WorkOrder.objects.filter(case=case).first()
    if order is not None:
        _close(order, workers, at, is_late=number == 1)
        if number % 4 != 3:
            verdict = at + timedelta(days=4 if number == 1 else 2)
            score = Scores(SCORES[number % len(SCORES)])
            evaluate_case(case.pk, score, via="track", by=Actor.citizen("track"), now=verdict)
            _close_again(case.pk, workers, by, verdict + timedelta(hours=1))
    return True


def _close_again(case_id: int, workers: list[Actor], by: Actor, at: datetime) -> None:
    """Do again what its citizen found not good."""
    dispatch_awaiting(by=by, now=at)
    order = WorkOrder.objects.filter(case=case_id, state__in=ACTIVE_STATES).first()
    if order is not None:
        _close(order, workers, at + timedelta(minutes=5), is_late=False)


def _close(order: WorkOrder, workers: list[Actor], at: datetime, *, is_late: bool) -> None:
    """Sign, contact, report and approve on both levels; what is late is contacted two days after."""
    secretary, first, second = workers
    contacted = at + (timedelta(days=2) if is_late else timedelta(minutes=40))
    sign(order.pk, by=secretary, now=at + timedelta(minutes=15))
    record_contact(order.pk, way="phone", result="reached", note="已了解情况", by=secretary, now=contacted)
    report(
        order.pk, text="已到现场处理完毕，已告知诉求人。", told_way="phone", by=secretary,
        now=contacted + timedelta(minutes=20), done_on=timezone.localdate(contacted), result="已处理完毕",
    )  # fmt: skip
    approve(order.pk, opinion="同意", by=first, now=contacted + timedelta(hours=1))
    approve(order.pk, opinion="同意办结", by=second, now=contacted + timedelta(hours=2))


def _items(count: int, month: date) -> list[ItemVersion]:
    """Return items that communities handle, with examples, in the order of the list."""
    rows = ItemVersion.objects.in_force(month).exclude(examples=[]).filter(is_component=False)
    rows = rows.filter(responsibilities__lead_unit__kind="community").select_related("item")
    return list(rows.distinct().order_by("item__code")[:count])


def _moment(day: date, number: int) -> datetime:
    at = time(HOTLINE_HOURS[number % len(HOTLINE_HOURS)], 5 * number % 60)
    return datetime.combine(day, at, tzinfo=timezone.get_current_timezone())
