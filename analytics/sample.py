"""The sample (样例) of what analytics keeps: a frozen month, warnings, themes, one report; by the real services."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from dutylist.models import Item
from grid.models import Area, Staff, Unit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.parameters import get_parameter

from .choices import ReportKind
from .models import AssessmentMonth, EarlyWarning, SpecialTheme
from .selectors.figures import month_end
from .services import (
    NewStep,
    NewTheme,
    ReportScope,
    accept_warning,
    detect_due,
    make_report,
    move_theme,
    open_theme,
    record_action,
    watch_risks,
)
from .services.ledger import freeze, move_month
from .workflow import MONTH_FROZEN, WARNING_OPEN

DISTRICT, OFFICE = "440309", "urban_management-440309"  # 龙华区 and its office, of the sample units
ENTRIES = ("楼道疏散通道杂物堵塞", "灭火器缺失或过期")
STEPS = (
    ("全面排查楼道堆物", "龙华区城市管理和综合执法局", 14),
    ("推动物业落实日巡查", "各街道", 30),
    ("回访复查", "各社区", 60),
)
ANALYST, KEEPER = "analyst", "assessor"


def past_month(now: datetime) -> date:
    """Return the first day of the newest month whose window for evaluations is over."""
    today = timezone.localdate(now)
    month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    window = timedelta(days=1 + int(get_parameter("ledger.days_after_month", today)))
    return month if today >= month_end(month) + window else (month - timedelta(days=1)).replace(day=1)


def create_sample_figures(matter: str, *, by: Actor, now: datetime) -> dict[str, int]:
    """Make what is not there yet; returns how many months were frozen, warnings found and themes made.

    `matter` is the duty item whose warning is judged and becomes a theme.
    """
    return {
        "months": _freeze(past_month(now), by, now),
        "warnings": detect_due(by=by, now=now) + watch_risks(by=by, now=now),
        "themes": _long_theme(by, now) + _theme_of_warning(matter, now),
    }


def _freeze(month: date, by: Actor, now: datetime) -> int:
    """Propose and freeze a month, unless one is frozen."""
    keeper = Staff.objects.filter(username=KEEPER).first()
    if keeper is None or AssessmentMonth.objects.filter(state=MONTH_FROZEN).exists():
        return 0
    move_month(month, "propose", by=Actor.staff(keeper), now=now)
    freeze(month, by=by, now=now)
    return 1


def _theme_of_warning(matter: str, now: datetime) -> int:
    """Judge the warning of the sample matter, say what was done, and make a theme of it."""
    analyst = Staff.objects.filter(username=ANALYST).first()
    found = EarlyWarning.objects.filter(item__code=matter, state=WARNING_OPEN).order_by("-score", "pk").first()
    if analyst is None or found is None or SpecialTheme.objects.filter(warning__isnull=False).exists():
        return 0
    by, today = Actor.staff(analyst), timezone.localdate(now)
    owner = Unit.objects.filter(code=OFFICE).first()
    if owner is None:
        return 0
    accept_warning(found.pk, reason="多名市民反映同一小区，情况属实。", owner_unit_id=owner.pk, by=by, now=now)
    action = "已约谈物业，三日内清理楼道并每日巡查。"
    record_action(found.pk, action=action, by=by, now=now)
    plan = [NewStep(text, who, today + timedelta(days=days)) for text, who, days in STEPS]
    theme = open_theme(
        NewTheme(
            title=f"{found.area.short_name}楼道堆物专项治理", area_id=found.area_id, item_ids=[found.item_id or 0],
            owner_id=owner.pk, target_value=Decimal(50), started_on=today, target_on=today + timedelta(days=90),
            words=["楼道", "堆物"], reason="由预警转入专项治理。", warning_id=found.pk, steps=plan, is_sample=True,
        ),
        by=by, now=now,
    )  # fmt: skip
    move_theme(theme.pk, "start", by=by, now=now)
    return 1


def _long_theme(by: Actor, now: datetime) -> int:
    """Make the theme of the sample district that has been under way for months, and its report of yesterday."""
    today = timezone.localdate(now)
    district, office = Area.objects.filter(code=DISTRICT).first(), Unit.objects.filter(code=OFFICE).first()
    items = list(Item.objects.filter(entry__name__in=ENTRIES).values_list("pk", flat=True))
    if district is None or office is None or not items:
        return 0
    make_report(ReportKind.DAILY, ReportScope(area_id=district.pk), today - timedelta(days=1), by=by, now=now)
    if SpecialTheme.objects.filter(is_sample=True).exists():
        return 0
    start = (today - timedelta(days=100)).replace(day=1)
    plan = [NewStep(text, who, start + timedelta(days=days)) for text, who, days in STEPS]
    theme = open_theme(
        NewTheme(
            title="楼道消防通道堵塞专项治理", area_id=district.pk, item_ids=items, owner_id=office.pk, steps=plan,
            target_value=Decimal(20), started_on=start, target_on=start + timedelta(days=180), words=["堆物", "通道"],
            reason="同类诉求反复出现，由个案办理转为专项治理。", is_sample=True,
        ),
        by=by, now=now,
    )  # fmt: skip
    move_theme(theme.pk, "start", by=by, now=now)
    return 1
