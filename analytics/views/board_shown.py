"""What the situation board shows: the figures of its selectors as tiles, stages, shades and rows of tables."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from analytics import wording
from analytics.choices import IndicatorGroup, Measure
from analytics.models import IndicatorVersion
from analytics.selectors import board as boards
from analytics.selectors import hot
from analytics.selectors.board import Board, Card, Line, Span
from analytics.selectors.figures import Parts, Period, Value
from analytics.selectors.situation import TREND, Situation
from analytics.selectors.unit_figures import UnitBoard
from grid.choices import Level
from shenzhen_gov.core.parameters import get_parameter

from . import figure_links as links

SHADES = 5


@dataclass(frozen=True)
class Change:
    """A change as the tile shows it."""

    label: str
    words: str
    spoken: str
    arrow: str
    tone: str
    against: str


@dataclass(frozen=True)
class Figure:
    """An indicator with everything its popover says: what it means, what it was counted from."""

    code: str
    name: str
    number: str
    unit: str
    is_good: bool | None
    target: str
    version: IndicatorVersion
    numerator: list[links.PartLink]
    denominator: list[links.PartLink]

    @property
    def told(self) -> str:
        """Return number and unit."""
        return f"{self.number}{self.unit}" if self.unit == "%" and self.number != wording.NOTHING else self.number


@dataclass(frozen=True)
class Tile:
    """One indicator of the first row; its number leads to the cases of its first part."""

    figure: Figure
    address: str
    changes: list[Change]
    beside: Figure | None


@dataclass(frozen=True)
class Stage:
    """One step of the funnel; `share` of the one before, in per cent."""

    label: str
    count: str
    address: str
    width: int
    share: str
    note: str


@dataclass(frozen=True)
class AreaTile:
    """An area of the map in short."""

    code: str
    name: str
    address: str
    satisfaction: str
    evaluated: str
    change: Change
    shade: int
    is_thin: bool


@dataclass(frozen=True)
class HotRow:
    """A duty item that many ask about."""

    name: str
    address: str
    count: str
    share: str
    change: Change


def board_context(situation: Situation) -> dict:
    """Return what the board and the big screen share."""
    found = situation.board
    scope, span = found.scope, found.span
    return time_context(span) | {
        "area": scope.area,
        "place": scope.area,
        "state": situation.state,
        "tiles": [tile_of(found, card) for card in found.cards],
        "dispatch": [_figure(found, value) for value in found.dispatch],
        "stages": stages_of(found),
        "area_tiles": _area_tiles(found.tiles),
        "trend": _trend(situation),
        "hot": _hot(situation),
        "hot_months": wording.days_of(hot.months_of(span.period)) if situation.has_items else "",
        "has_items": situation.has_items,
        "is_city": scope.area.level == Level.CITY,
        "narrowed": scope.key,
        "least": f"{float(get_parameter('board.least_evaluated', span.today)):g}",
    }


def time_context(span: Span) -> dict:
    """Return the time a board shows and up to which day its rates go."""
    return {
        "period": wording.days_of(span.period),
        "until": wording.day_words(span.over.last) if span.running and span.has_over else "",
        "nothing_over": not span.has_over,
    }


def tile_of(found: Board | UnitBoard, card: Card) -> Tile:
    """Return one tile: the figure, how it moved, what stands beside it."""
    measure = card.value.version.measure
    over = found.span.over
    times = (
        (pgettext("comparison of figures", "year ago"), card.year, over.year_before),
        (pgettext("comparison of figures", "before"), card.before, over.before),
    )
    changes = [_change(label, change, measure, then) for label, change, then in times]
    figure = _figure(found, card.value)
    beside = _figure(found, card.beside) if card.beside else None
    return Tile(figure, next((part.address for part in figure.numerator), ""), changes, beside)


def _change(label: str, change: boards.Change, measure: str, then: Period | None) -> Change:
    moved = change.by is not None and round(change.by, 1) != 0
    return Change(
        label=label,
        words=wording.change_words(change, measure),
        spoken=wording.change_spoken(change),
        arrow=("s-up" if (change.by or 0) > 0 else "s-down") if moved else "",
        tone="" if change.is_better is None else "ok" if change.is_better else "bad",
        against=wording.days_of(then) if then else "",
    )


def _figure(found: Board | UnitBoard, value: Value) -> Figure:
    version = value.version
    period = found.span.period if not version.denominator else found.span.over
    return Figure(
        code=version.indicator.code, name=str(version.indicator), version=version, is_good=value.is_good,
        number=wording.number(value.value, version.measure), unit=wording.unit_of(version.measure),
        target=wording.target_of(version),
        numerator=links.parts_of(version, version.numerator, found.scope, period, _parts(found, version)),
        denominator=links.parts_of(version, version.denominator, found.scope, period, _parts(found, version)),
    )  # fmt: skip


def _parts(found: Board | UnitBoard, version: IndicatorVersion) -> Parts:
    """Return what a figure was counted from: up to now for a count, the days that are over for a rate."""
    return found.parts_over if version.denominator else found.parts


def stages_of(found: Board | UnitBoard) -> list[Stage]:
    """Return the funnel: what happened in the time, each step beside the one before. A unit's begins with dispatch."""
    parts, period = found.parts.everything, found.span.period
    said = {code: f"{amount:,}" for code, amount in parts.items()}
    held = parts["closed"] - parts["false_closures"]
    rows = (
        (IndicatorGroup.COLLECT, "accepted", parts["accepted"], _("%(answered)s answered at once")),
        (IndicatorGroup.DISPATCH, "dispatched", parts["dispatched"], _("%(dispatched_right)s not given back")),
        (IndicatorGroup.HANDLE, "closed", parts["closed"], _("%(closed_in_time)s of %(case_due)s due closed in time")),
        (IndicatorGroup.SUPERVISE, "", held, _("closings that stand · %(urged)s urges · %(supervised)s supervisions")),
        (IndicatorGroup.EVALUATE, "evaluated", parts["evaluated"], _("%(satisfied)s satisfied")),
    )
    shown = rows[1:] if isinstance(found, UnitBoard) else rows
    most = max((row[2] for row in shown), default=0)
    stages, before = [], 0
    for group, part, count, note in shown:
        share = f"{100 * count / before:.1f}%" if before else ""
        address = links.behind(found.scope, part, period) if part else ""
        width = 100 * count // most if most else 0
        stages.append(Stage(str(group.label), f"{count:,}", address, width, share, note % said))
        before = count
    return stages


def _area_tiles(lines: list[Line]) -> list[AreaTile]:
    return [
        AreaTile(
            line.area.code, line.area.short_name, reverse("analytics:board", args=[line.area.code]),
            _told(line, "satisfaction"), _told(line, "evaluated"), _change("", line.change, Measure.PERCENT, None),
            shade, line.is_thin,
        )
        for line, shade in zip(lines, shades(lines), strict=True)
    ]  # fmt: skip


def shades(lines: list[Line]) -> list[int]:
    """Return for each area which fifth it lies in by satisfaction, 0 for those that are not compared."""
    found = [_compared(line) for line in lines]
    values = sorted(value for value in found if value is not None)
    return [0 if value is None else 1 + SHADES * values.index(value) // len(values) for value in found]


def _hot(situation: Situation) -> list[HotRow]:
    """Return the items asked about most, each with the cases behind it."""
    scope = situation.board.scope
    months = hot.months_of(situation.board.span.period)
    return [
        HotRow(
            one.name, links.behind(replace(scope, item_id=one.item_id), "accepted", months), f"{one.count:,}",
            f"{one.share:.1f}%", _change("", boards.Change(one.moved), Measure.PERCENT, months.before),
        )
        for one in situation.hot
    ]  # fmt: skip


def _compared(line: Line) -> float | None:
    """Return the satisfaction of an area, None where it is not compared."""
    return None if line.is_thin or "satisfaction" not in line.values else line.values["satisfaction"].value


def _told(line: Line, code: str) -> str:
    return _said(line.values.get(code))


def _said(value: Value | None) -> str:
    return wording.told(value) if value is not None else wording.NOTHING


def _trend(situation: Situation) -> dict:
    months, found = situation.months, situation.trend
    series = []
    for code in (code for code in TREND if any(code in found[month] for month in months)):
        values = [found[month].get(code) for month in months]
        series.append((next(value.version for value in reversed(values) if value), values))
    return trend_of([f"{month:%Y-%m}" for month in months], series)


def trend_of(months: list[str], series: list[tuple[IndicatorVersion, list[Value | None]]]) -> dict:
    """Return the last months as the chart and the table beside it take them: each figure with its values by month."""
    drawn = [
        {
            "code": version.indicator.code,
            "name": str(version.indicator),
            "unit": wording.unit_of(version.measure),
            "target": float(version.target) if version.target is not None else None,
            "values": [_rounded(value) for value in values],
        }
        for version, values in series
    ]
    told = [(month, [_said(values[at]) for _, values in series]) for at, month in enumerate(months)]
    return {"chart": {"months": months, "series": drawn}, "rows": told[::-1]}


def _rounded(value: Value | None) -> float | None:
    return None if value is None or value.value is None else round(value.value, 2)
