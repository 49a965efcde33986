"""The figures of dispatch in one week, in time order: what was decided first, by whom, and how it turned out.

Every figure is a pair of counts (part, of), so that weeks and districts add up and a share is never shown without what
it is a share of. Reads only what happened in the week, by index.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.utils import timezone

from dispatch.choices import Evidence

WEEK = timedelta(days=7)
BUCKETS = 10  # of the calibration
RANKS = (1, 3, 5)
UNITS_KEPT = 200

# One row for each case first dispatched in the week: its district, whether by the machine, whether it came back,
# whether any case of its item had been seen at its place before. Imported cases were never dispatched here.
FIRSTS = """
SELECT split_part(a.path, '/', 3)::bigint AS district, d.mode = 'automatic' AS automatic,
       w.state IN ('returned', 'recalled') AS came_back, w.unit_id,
       NOT EXISTS (SELECT 1 FROM intake_case e WHERE e.item_id = c.item_id AND e.area_id = c.area_id AND e.id < c.id)
       AS unseen, w.state = 'returned' AS returned
  FROM dispatch_decision d
  JOIN dispatch_workorder w ON w.decision_id = d.id AND w.parent_id IS NULL AND w.role = 'lead'
  JOIN intake_case c ON c.id = d.case_id
  LEFT JOIN grid_area a ON a.id = c.area_id
 WHERE d.made_at >= %s AND d.made_at < %s AND d.outcome = 'dispatched' AND d.mode <> 'imported' AND w.seq = 1
"""
OUTCOMES = """
SELECT split_part(a.path, '/', 3), o.evidence, o.is_right, o.rank, o.confidence
  FROM dispatch_gateoutcome o LEFT JOIN grid_area a ON a.id = o.area_id
 WHERE o.at >= %s AND o.at < %s
"""

Figures = dict[str, list[int]]


def monday_of(day: date) -> date:
    """Return the first day of the week."""
    return day - timedelta(days=day.weekday())


def week_figures(monday: date) -> dict[int | None, dict]:
    """Return district id → figures of the week that begins on `monday`; None is the whole city."""
    span = (_midnight(monday), _midnight(monday + WEEK))
    counts: dict[int | None, Figures] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    with connection.cursor() as cursor:
        cursor.execute(FIRSTS, span)
        for district, *row in cursor:
            for area in {district, None}:
                _add_first(counts[area], *row)
        cursor.execute(OUTCOMES, span)
        for text, *row in cursor:
            for area in {int(text) if text else None, None}:
                _add_outcome(counts[area], *row)
    return {area: _packed(figures) for area, figures in counts.items()}


def _add_first(figures: Figures, automatic, came_back, unit_id, unseen, returned) -> None:
    _count(figures, "first_right", not came_back)
    _count(figures, "automatic", automatic)
    _count(figures, "unseen", unseen)
    if automatic:
        _count(figures, "automatic_kept", not returned)
    _count(figures, f"unit:{unit_id}", returned)


def _add_outcome(figures: Figures, evidence, is_right, rank, confidence) -> None:
    if evidence == Evidence.AUDITED:
        _count(figures, "audited_right", is_right)
    if rank is not None and evidence != Evidence.AGENT:
        for top in RANKS:
            _count(figures, f"top{top}", 0 < rank <= top)
    if evidence == Evidence.AGENT:
        _count(figures, "agent_took", is_right)
    if confidence is not None:
        _count(figures, f"bucket:{min(BUCKETS - 1, int(confidence * BUCKETS))}", is_right)


def _count(figures: Figures, name: str, hit: bool) -> None:
    pair = figures[name]
    pair[0] += bool(hit)
    pair[1] += 1


def _packed(figures: Figures) -> dict:
    """Return the figures as they are kept: plain ones, the units with most returns, the buckets of the calibration."""
    units = [[int(name[5:]), *pair] for name, pair in figures.items() if name.startswith("unit:") and pair[0]]
    units.sort(key=lambda row: (-row[1], row[2], row[0]))
    buckets = [[int(name[7:]), *pair] for name, pair in figures.items() if name.startswith("bucket:")]
    plain = {name: pair for name, pair in figures.items() if ":" not in name}
    return plain | {"units": units[:UNITS_KEPT], "buckets": sorted(buckets)}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
