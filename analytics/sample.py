"""The sample (样例) of what analytics keeps: one special theme and one report of the sample district."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from dutylist.models import Item
from grid.models import Area, Unit
from shenzhen_gov.core.actor import Actor

from .choices import ReportKind
from .models import SpecialTheme
from .services import NewStep, NewTheme, ReportScope, make_report, move_theme, open_theme

DISTRICT, OFFICE = "440309", "urban_management-440309"  # 龙华区 and its office, of the sample units
ENTRIES = ("楼道疏散通道杂物堵塞", "灭火器缺失或过期")
STEPS = (
    ("全面排查楼道堆物", "龙华区城市管理和综合执法局", 14),
    ("推动物业落实日巡查", "各街道", 30),
    ("回访复查", "各社区", 60),
)


def create_sample_theme(*, by: Actor, now: datetime) -> int:
    """Make the sample theme and report that are not there yet; returns how many are new themes."""
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
