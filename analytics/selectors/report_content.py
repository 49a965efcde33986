"""What a report says: the figures of an area or a unit in a time, beside the time before and the year before.

Rates look at whole days, so a report is about days that are over. What is open is read at the moment of making.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from analytics.choices import Dimension, Measure, ReportKind
from analytics.models import EarlyWarning, FiguresState, IndicatorVersion, SpecialTheme
from analytics.reporting.document import Cell, Document, Section, number
from analytics.reporting.sentences import Compared, hottest, open_work, said, satisfaction, sentence
from analytics.workflow import WARNING_FALSE
from dispatch.selectors import loads
from grid.choices import UnitKind
from grid.models import Area, Unit
from shenzhen_gov.core.parameters import get_parameter

from .figures import Parts, Period, Value, evaluate, read_parts, versions_for
from .hot_items import hot_items
from .levels import get_levels

# What is said in words, in this order; satisfaction follows with its evaluated share.
SPOKEN = ("accepted", "first_dispatch", "signing", "contact", "on_time", "unit_on_time", "natural_hours")
SATISFACTION, EVALUATED = "satisfaction", "evaluated"
OFFICES = (UnitKind.BUREAU, UnitKind.COMPANY, UnitKind.SECTION)


@dataclass(frozen=True)
class Wanted:
    """Which report: about `area`, or about `unit` with those below it."""

    kind: str
    area: Area
    unit: Unit | None
    period: Period

    @property
    def name(self) -> str:
        """Return what it is about."""
        return self.unit.name if self.unit else self.area.name


@dataclass(frozen=True)
class Gathered:
    """The figures of a report, read once for all languages."""

    wanted: Wanted
    now: datetime
    as_of: datetime
    indicators: Mapping[str, Compared]
    areas: list[tuple[str, Mapping]]
    units: list[tuple[str, Mapping]]
    items: list[tuple[str, int]]
    accepted: int
    open_rows: list[tuple[str, tuple[int, int, int]]]
    open_total: tuple[int, int, int]
    themes: list[SpecialTheme]
    warnings: list[EarlyWarning]


def content_of(wanted: Wanted, languages: Iterable[str], now: datetime) -> dict[str, dict]:
    """Return language → the report as it is stored."""
    gathered = _gather(wanted, now)
    content = {}
    for language in languages:
        with override(language):
            content[language] = _document(gathered).to_json()
    return content


def _gather(wanted: Wanted, now: datetime) -> Gathered:
    versions, period = versions_for(wanted.period.last), wanted.period
    current = _parts(wanted, period)
    values = [evaluate(versions, _parts(wanted, one)) for one in (period.before, period.year_before)]
    indicators = {
        code: Compared(value, *(older[code] for older in values)) for code, value in evaluate(versions, current).items()
    }
    most = get_parameter("report.hot_items", timezone.localdate(now))
    total, rows = _open(wanted, now)
    refreshed = FiguresState.objects.values_list("refreshed_at", flat=True).first()
    return Gathered(
        wanted, now, refreshed or now, indicators, _areas(wanted, versions), _units(wanted, versions),
        [] if wanted.unit else hot_items(wanted.area, period, most), current.everything["accepted"], rows, total,
        [] if wanted.unit else list(SpecialTheme.objects.running().filter(area__path__startswith=wanted.area.path)),
        [] if wanted.unit else _warnings(wanted, most),
    )  # fmt: skip


def _parts(wanted: Wanted, period: Period) -> Parts:
    if wanted.unit is None:
        return read_parts(Dimension.AREA, [wanted.area.pk], period)[wanted.area.pk]
    units = list(Unit.objects.below(wanted.unit).values_list("pk", flat=True))
    return _sum(read_parts(Dimension.UNIT, units, period).values())


def _warnings(wanted: Wanted, most: int) -> list[EarlyWarning]:
    """Return the early warnings found in the time that are not false alarms, the weightiest first."""
    found = EarlyWarning.objects.filter(area__path__startswith=wanted.area.path).exclude(state=WARNING_FALSE)
    found = found.filter(first_day__lte=wanted.period.last, last_day__gte=wanted.period.first)
    return list(found.select_related("area").order_by("-score", "pk")[:most])


def _sum(parts: Iterable[Parts]) -> Parts:
    total = Parts()
    for one in parts:
        total = total.plus(one)
    return total


def _areas(wanted: Wanted, versions: Mapping[str, IndicatorVersion]) -> list[tuple[str, Mapping]]:
    """Return (name, values) of the areas one level below, those first that closed most in time."""
    if wanted.unit:
        return []
    below = list(Area.objects.filter(parent=wanted.area, is_active=True).order_by("code"))
    found = read_parts(Dimension.AREA, [one.pk for one in below], wanted.period)
    return _ranked([(one.name, evaluate(versions, found[one.pk])) for one in below], "on_time")


def _units(wanted: Wanted, versions: Mapping[str, IndicatorVersion]) -> list[tuple[str, Mapping]]:
    """Return (name, values) of the offices of the area, or of the units right below the unit, with those below each."""
    if wanted.unit:
        heads = Unit.objects.filter(parent=wanted.unit)
        members = Unit.objects.below(wanted.unit)
    else:
        heads = Unit.objects.filter(home_area=wanted.area, kind__in=(UnitKind.BUREAU, UnitKind.COMPANY))
        members = Unit.objects.filter(home_area=wanted.area, kind__in=OFFICES)
    return _ranked(
        _of_heads(list(heads), dict(members.values_list("pk", "path")), wanted.period, versions), "unit_on_time"
    )


def _of_heads(heads: Collection[Unit], paths: dict[int, str], period: Period, versions) -> list[tuple[str, Mapping]]:
    found = read_parts(Dimension.UNIT, list(paths), period)
    rows: list[tuple[str, Mapping]] = []
    for head in heads:
        parts = _sum(found[pk] for pk, path in paths.items() if path.startswith(head.path))
        if any(parts.everything.values()):
            rows.append((head.name, evaluate(versions, parts)))
    return rows


def _ranked(rows: list[tuple[str, Mapping]], code: str) -> list[tuple[str, Mapping]]:
    """Order by an indicator, best first; what has no value of it comes last, in the order given."""

    def key(row: tuple[str, Mapping]) -> tuple[bool, float]:
        found = row[1].get(code)
        value = found.value if found else None
        return value is None, -(value or 0)

    return sorted(rows, key=key)


def _open(wanted: Wanted, now: datetime) -> tuple[tuple[int, int, int], list[tuple[str, tuple[int, int, int]]]]:
    """Return (open, due today, overdue) of all, and of each area below."""
    if wanted.unit:
        orders = loads.leads_of_open_cases().filter(unit__path__startswith=wanted.unit.path)
        due = loads.due_by(now)
        counts = [orders.filter(q).count() for q in (Q(), due[loads.DUE_TODAY], due[loads.OVERDUE])]
        return (counts[0], counts[1], counts[2]), []
    levels = get_levels(wanted.area, now)
    rows = [(row.name, _three(row.figures)) for row in levels.rows if not row.is_rest]
    rows.sort(key=lambda row: -row[1][2])
    return _three(levels.total), rows


def _three(figures) -> tuple[int, int, int]:
    return figures.open, figures.due_today, figures.overdue


def _document(given: Gathered) -> Document:
    wanted = given.wanted
    sections = [
        _overview(given), _figures(given), _ranking(given), _offices(given), _hot(given), _overdue(given),
        _early(given), _themes(given), _definitions(given),
    ]  # fmt: skip
    return Document(
        title=f"{wanted.name} · {ReportKind(wanted.kind).label}",
        period=period_words(wanted.period),
        as_of=f"{timezone.localtime(given.as_of):%Y-%m-%d %H:%M}",
        sections=[section for section in sections if section.sentences or section.rows],
    )


def period_words(period: Period) -> str:
    """Return the days of a report."""
    if period.days == 1:
        return period.first.isoformat()
    return pgettext("report", "%(first)s to %(last)s") % {"first": period.first, "last": period.last}


def _overview(given: Gathered) -> Section:
    spoken = [sentence(given.indicators[code]) for code in SPOKEN if _counts(given, code)]
    if {SATISFACTION, EVALUATED} <= given.indicators.keys():
        spoken.append(satisfaction(given.indicators[SATISFACTION], given.indicators[EVALUATED]))
    spoken.append(hottest(given.items, given.accepted))
    spoken.append(open_work(*given.open_total, f"{timezone.localtime(given.now):%Y-%m-%d %H:%M}"))
    return Section(pgettext("report", "Overview"), said(spoken))


def _counts(given: Gathered, code: str) -> bool:
    """Whether there is anything to say: a unit is not told that it took on no cases, which it never does."""
    one = given.indicators.get(code)
    if one is None or given.wanted.unit is None or one.now.denominator:
        return one is not None
    return bool(one.now.value)


def _figures(given: Gathered) -> Section:
    rows = []
    for code, one in given.indicators.items():
        version = one.now.version
        if one.now.value is None or not _counts(given, code):
            continue
        target = number(float(version.target), version.measure) if version.target is not None else ""
        rows.append([
            version.indicator.label, number(one.now.value, version.measure), _whole(one),
            number(one.from_before, one.measure_of_change), number(one.from_year_before, one.measure_of_change),
            target, _reached(one),
        ])  # fmt: skip
    columns = [
        _("Indicator"), pgettext("report", "Value"), pgettext("report", "Of"), _("On the period before"),
        _("On the year before"), _("Target"), pgettext("report", "Reached"),
    ]  # fmt: skip
    note = _("Changes of shares are in percentage points, of anything else in per cent.")
    return Section(pgettext("report", "Indicators"), (), columns, [1, 2, 3, 4, 5], rows, note)


def _whole(one: Compared) -> Cell:
    if one.now.version.measure != Measure.PERCENT or not one.now.denominator:
        return ""
    return number(one.now.denominator, Measure.COUNT)


def _reached(one: Compared) -> str:
    if one.now.is_good is None:
        return ""
    return _("yes") if one.now.is_good else _("no")


def _ranking(given: Gathered) -> Section:
    codes = ("accepted", "on_time", SATISFACTION, EVALUATED)
    note = _("By cases closed in time. Satisfaction is without law enforcement and mediation.")
    return _table(pgettext("report", "Areas"), _("Area"), given.areas, codes, given.indicators, note)


def _offices(given: Gathered) -> Section:
    codes = ("unit_on_time", "contact", "returns", SATISFACTION, EVALUATED)
    note = _("By work orders handled in time; units without any are left out.")
    return _table(pgettext("report", "Units"), _("Unit"), given.units, codes, given.indicators, note)


def _table(title: str, first: str, rows, codes, indicators: Mapping[str, Compared], note: str) -> Section:
    """Return a ranking by the first rate of `codes`: the place, none without a figure, the name, some indicators."""
    ranked_by = next((code for code in codes if code.endswith("on_time")), codes[0])
    known = [code for code in codes if code in indicators]
    labels = [indicators[code].now.version.indicator.label for code in known]
    lines = [
        [
            number(_place(place, v.get(ranked_by)), Measure.COUNT),
            name,
            *(number(v[code].value, v[code].version.measure) for code in known),
        ]
        for place, (name, v) in enumerate(rows, 1)
    ]
    numeric = [0, *range(2, 2 + len(known))]
    return Section(title, (), [pgettext("report", "Place"), first, *labels], numeric, lines, note if lines else "")


def _place(place: int, value: Value | None) -> int | None:
    return None if value is None or value.value is None else place


def _hot(given: Gathered) -> Section:
    rows = [
        [number(place, Measure.COUNT), name, number(count, Measure.COUNT),
         number(100 * count / given.accepted if given.accepted else None, Measure.PERCENT)]
        for place, (name, count) in enumerate(given.items, 1)
    ]  # fmt: skip
    columns = [pgettext("report", "Place"), _("Duty item"), pgettext("report", "Cases"), _("Share of all accepted")]
    return Section(pgettext("report", "Hot items"), (), columns, [0, 2, 3], rows)


def _overdue(given: Gathered) -> Section:
    rows = [[name, *(number(count, Measure.COUNT) for count in counts)] for name, counts in given.open_rows]
    columns = [_("Area"), pgettext("report", "Open"), _("Due today"), _("Overdue")]
    return Section(pgettext("report", "Open and overdue"), (), columns, [1, 2, 3], rows)


def _early(given: Gathered) -> Section:
    rows = [
        [one.get_kind_display(), one.name, one.area.name, number(one.count, Measure.COUNT), one.get_state_display()]
        for one in given.warnings
    ]
    columns = [_("Kind"), pgettext("report", "Matter"), _("Area"), pgettext("report", "Cases"), _("State")]
    return Section(pgettext("report", "Early warnings"), (), columns, [3], rows)


def _themes(given: Gathered) -> Section:
    rows = [[one.title, str(one.owner), one.started_on.isoformat(), one.target_on.isoformat()] for one in given.themes]
    columns = [_("Special theme"), _("Unit in charge"), _("First day"), _("To be reached by")]
    return Section(_("Special themes under way"), (), columns, [], rows)


def _definitions(given: Gathered) -> Section:
    rows = []
    for one in given.indicators.values():
        version = one.now.version
        rows.append([version.indicator.label, f"V{version.number}", version.effective_from.isoformat(), version.words])
    columns = [_("Indicator"), _("Version"), _("In force from"), _("In words")]
    return Section(_("Definitions"), (), columns, [], rows)
