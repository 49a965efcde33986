"""Reading special themes: who may read which, what a page shows, and what became of the cases of their items.

Before and after are equally long. Of the city items are counted by day, below districts from the postings of the very
cases; of a district by whole months, so there the month of the first day is left out unless it begins with it. All
other cases of the same area are the control: what they did, too, was not the theme's doing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from analytics.choices import LEVEL_READERS, Dimension, ThemeTarget
from analytics.models import CasePosting, DayFigures, MonthFigures, SpecialTheme
from analytics.parts import BY_CODE, read_key
from analytics.workflow import HANDLE, JUDGE
from dutylist.selectors.items import versions_in_force
from grid.access import grants_of, visible_to, why_not
from grid.choices import Level
from grid.models import Area, Staff
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight
from shenzhen_gov.core.parameters import get_parameter

from .figures import Period, evaluate, month_end, read_days, read_parts, reading, versions_for

READERS = (*LEVEL_READERS, JUDGE, HANDLE)
DAYS_OF_A_WEEK = 7
DAYS_OF_A_MONTH = 30


@dataclass(frozen=True)
class Span:
    """Cases accepted in a time: of the items of the theme, and all others of the area."""

    period: Period
    own: int
    others: int

    @property
    def own_weekly(self) -> float:
        """Return the cases of the items a week."""
        return DAYS_OF_A_WEEK * self.own / self.period.days

    @property
    def others_weekly(self) -> float:
        """Return all other cases a week."""
        return DAYS_OF_A_WEEK * self.others / self.period.days


@dataclass(frozen=True)
class Effect:
    """Before and after; `bars` are (first day, own, others, is after) of each week, or of each month of a district."""

    before: Span
    after: Span
    bars: list[tuple[date, int, int, bool]]
    by_month: bool

    @cached_property
    def own_change(self) -> float | None:
        """Return by how many per cent the items changed, per week."""
        return _change(self.before.own_weekly, self.after.own_weekly)

    @cached_property
    def others_change(self) -> float | None:
        """Return by how many per cent all others changed."""
        return _change(self.before.others_weekly, self.after.others_weekly)

    @property
    def difference(self) -> float | None:
        """Return by how many points the items changed more than all others."""
        if self.own_change is None or self.others_change is None:
            return None
        return self.own_change - self.others_change

    @property
    def most(self) -> int:
        """Return the highest bar."""
        return max((own for _first, own, _others, _after in self.bars), default=0)


@dataclass(frozen=True)
class Progress:
    """Where the target stands: the value reached, None where there is nothing to divide yet."""

    value: float | None
    is_reached: bool | None


def list_themes(user) -> QuerySet[SpecialTheme]:
    """Return the themes `user` may read, with what a row shows."""
    rows = visible_to(SpecialTheme.objects.all(), user).select_related("area", "owner", "lead")
    if user.is_superuser:
        return rows
    allowed = Q(pk__in=[])
    for grant in grants_of(user).rows:
        if grant.act in READERS:
            if grant.whole_city:
                return rows
            allowed |= Q(owner__path__startswith=grant.unit_path)
            allowed |= Q(area__path__startswith=grant.area_path) if grant.area_path else Q(pk__in=[])
    return rows.filter(allowed)


def get_theme(theme_id: int, user) -> SpecialTheme:
    """Return a theme. Raises OutOfSight outside of one's territory, NotAllowed within it without an act."""
    rows = visible_to(SpecialTheme.objects.all(), user).select_related("area", "owner", "lead", "indicator", "warning")
    theme = rows.filter(pk=theme_id).first()
    if theme is None:
        raise OutOfSight(_("Not found."))
    if not user.is_superuser and (reason := why_not(Actor.staff(user), READERS, theme)):
        raise NotAllowed(reason)
    return theme


def linked_cases(theme: SpecialTheme, user) -> list[Case]:
    """Return the cases linked by hand that `user` may see, the newest first."""
    cases = visible_to(Case.objects.filter(pk__in=theme.links.values("case")), user)
    return list(cases.select_related("area", "item_version", "holder").order_by("-pk"))


def items_of(theme: SpecialTheme, day: date) -> list[tuple[str, str]]:
    """Return (code, name) of the items of a theme."""
    codes = dict(theme.items.order_by("code").values_list("pk", "code"))
    versions = versions_in_force(list(codes), day)
    return [(code, versions[pk].name if pk in versions else code) for pk, code in codes.items()]


def area_of_code(code: str, user) -> Area | None:
    """Return the area in sight with this code, or None."""
    return visible_to(Area.objects.filter(code=code[:20]), user).first() if code and "\x00" not in code else None


def find_staff(name: str, user) -> Staff | None:
    """Return the person in sight with this user name."""
    return visible_to(Staff.objects.filter(username=name, is_active=True), user).first()


def effect_of(theme: SpecialTheme, today: date) -> Effect | None:
    """Return before and after as far as days, or months, are over; None when none is."""
    end = min(today - timedelta(days=1), theme.ended_on or today)
    items = list(theme.items.values_list("pk", flat=True))
    longest = get_parameter("theme.longest", today)
    if theme.area.level == Level.DISTRICT:
        return _by_months(theme.area, items, theme.started_on, end, longest // DAYS_OF_A_MONTH)
    days = min((end - theme.started_on).days + 1, longest)
    return _by_days(theme.area, items, theme.started_on, days) if days > 0 else None


def progress_of(theme: SpecialTheme, effect: Effect | None) -> Progress:
    """Return where the target stands."""
    wanted = float(theme.target_value)
    if effect is None:
        return Progress(None, None)
    if theme.target == ThemeTarget.FEWER:
        change = effect.own_change
        return Progress(change, None if change is None else change <= -wanted)
    code = theme.indicator.code if theme.indicator else ""
    parts = read_parts(Dimension.AREA, [theme.area_id], effect.after.period)[theme.area_id]
    found = evaluate(versions_for(effect.after.period.last), parts).get(code)
    if found is None or found.value is None:
        return Progress(None, None)
    return Progress(found.value, found.value <= wanted if found.version.better == "lower" else found.value >= wanted)


def _by_days(area: Area, items: list[int], start: date, days: int) -> Effect:
    before = Period(start - timedelta(days=days), start - timedelta(days=1))
    after = Period(start, start + timedelta(days=days - 1))
    whole = Period(before.first, after.last)
    own = _own_of_city(area, items, whole) if area.level == Level.CITY else _own_posted(area, items, whole)
    found = read_days(Dimension.AREA, area.pk, whole, ["accepted"])
    every = Counter({day: amounts["accepted"] for day, amounts in found.items()})
    spans = [_span(period, own, every) for period in (before, after)]
    bars = [_bar(one, own, every, start) for one in _weeks(before, after)]
    return Effect(spans[0], spans[1], bars, by_month=False)


def _by_months(area: Area, items: list[int], start: date, end: date, most: int) -> Effect | None:
    first = start if start.day == 1 else _next_month(start)
    after = [month for month in _months_from(first, end) if month_end(month) <= end][:most]
    if not after:
        return None
    before = [start.replace(day=1)]
    while len(before) <= len(after):
        before.insert(0, (before[0] - timedelta(days=1)).replace(day=1))
    before = before[:-1]
    months = [*before, *after]
    rows = MonthFigures.objects.using(reading()).of(Dimension.ITEM, [area.pk], months[0], months[-1])
    own = Counter(dict(rows.filter(key_id__in=items).order_by().values_list("period").annotate(Sum("accepted"))))
    rows = MonthFigures.objects.using(reading()).of(Dimension.AREA, [area.pk], months[0], months[-1])
    every = Counter(dict(rows.order_by().values_list("period").annotate(Sum("accepted"))))
    spans = [_span(Period(some[0], month_end(some[-1])), own, every) for some in (before, after)]
    bars = [_bar(Period(month, month_end(month)), own, every, first) for month in months]
    return Effect(spans[0], spans[1], bars, by_month=True)


def _own_of_city(area: Area, items: list[int], period: Period) -> Counter[date]:
    rows = DayFigures.objects.using(reading()).of(Dimension.ITEM, [area.pk], period.first, period.last)
    return Counter(dict(rows.filter(key_id__in=items).order_by().values_list("period").annotate(Sum("accepted"))))


def _own_posted(area: Area, items: list[int], period: Period) -> Counter[date]:
    """Count the postings of the cases of a few items in a small area: as many rows as it ever had of them."""
    areas = Area.objects.below(area).values("pk")
    cases = Case.objects.using(reading()).filter(item__in=items, area__in=areas).values("pk")
    counts: Counter[date] = Counter()
    for keys in CasePosting.objects.using(reading()).filter(case__in=cases).values_list("keys", flat=True):
        counts.update(day for part, day in map(read_key, keys) if part == BY_CODE["accepted"])
    return Counter({day: count for day, count in counts.items() if period.first <= day <= period.last})


def _span(period: Period, own: Counter[date], every: Counter[date]) -> Span:
    mine = sum(count for day, count in own.items() if period.first <= day <= period.last)
    return Span(period, mine, sum(n for day, n in every.items() if period.first <= day <= period.last) - mine)


def _bar(period: Period, own: Counter[date], every: Counter[date], start: date) -> tuple[date, int, int, bool]:
    span = _span(period, own, every)
    return period.first, span.own, span.others, period.first >= start


def _weeks(before: Period, after: Period) -> Iterable[Period]:
    """Return the weeks counted from the first day of the theme, both ways; the outermost ones may be cut short."""
    ends: list[Period] = []
    end = before.last
    while end >= before.first:
        ends.insert(0, Period(max(before.first, end - timedelta(days=DAYS_OF_A_WEEK - 1)), end))
        end -= timedelta(days=DAYS_OF_A_WEEK)
    yield from ends
    first = after.first
    while first <= after.last:
        yield Period(first, min(after.last, first + timedelta(days=DAYS_OF_A_WEEK - 1)))
        first += timedelta(days=DAYS_OF_A_WEEK)


def _next_month(day: date) -> date:
    return month_end(day) + timedelta(days=1)


def _months_from(first: date, end: date) -> Iterable[date]:
    while first <= end:
        yield first
        first = _next_month(first)


def _change(before: float, after: float) -> float | None:
    return 100 * (after - before) / before if before else None
