"""One rule of checking = one function: from the list with the batch to findings. RULES names them all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date

from dutylist.choices import LimitUnit
from dutylist.coverage import Leads
from dutylist.findings import Finding, finding
from dutylist.models import UnitPlan
from dutylist.selectors.conflicts import get_conflicts
from dutylist.similarity import find_similar, words_of
from grid.models import Unit
from shenzhen_gov.core.parameters import get_parameter

from .after import ListAfter, Reading

Rule = Callable[[ListAfter], Iterator[Finding]]

# How long one unit of a limit lasts on the clock, in hours: a week has five working days of eight hours.
HOURS = {
    LimitUnit.WORKDAY: 24 * 7 / 5,
    LimitUnit.DAY: 24,
    LimitUnit.WORKHOUR: 24 * 7 / 40,
    LimitUnit.HOUR: 1,
    LimitUnit.MINUTE: 1 / 60,
}


def stale_lines(after: ListAfter) -> Iterator[Finding]:
    """Find lines whose item has had another version since they were entered."""
    for item in after.draft.items.values():
        newest = after.before.get(item.code)
        if newest and newest.version_id != (item.before.pk if item.before else None):
            yield finding(item.code, "stale", number=newest.number)


def gaps(after: ListAfter) -> Iterator[Finding]:
    """Find areas where nobody would answer: those the batch opens block, those that were there before do not."""
    place = after.territory
    for item in after.kept:
        reading, codes = after.after[item.code], [item.code, *after.partners(item.code)]
        with_row = {area for code in codes for area in after.leads_after(code)}
        had_row = {area for code in codes for area in after.leads_before(code)}
        is_new = not reading.narrows_id and (item.before is None or item.before.is_retired)
        known = () if is_new else place.gaps(had_row, reading.owner_area_id)
        opened = place.gaps(with_row.union(known), reading.owner_area_id)
        for kind, areas in (("gap", opened), ("old_gap", place.gaps(with_row.union(opened), reading.owner_area_id))):
            if areas:
                yield finding(item.code, kind, areas=[place.names[area] for area in areas])


def closed_units(after: ListAfter) -> Iterator[Finding]:
    """Find rows that name a unit which is closed, or planned to be, on the day the batch takes effect."""
    named: dict[tuple[str, int], int] = defaultdict(int)
    for item in after.kept:
        for row in item.rows or ():
            for unit in {row["lead"], row["fallback"], *row["co"]} - {None}:
                named[item.code, unit] += 1
    closed = _closed({unit for _code, unit in named}, after.day)
    for (code, unit), count in named.items():
        if unit in closed:
            yield finding(code, "unit_closed", unit=closed[unit][0], day=closed[unit][1], count=count)


def _closed(unit_ids: set[int], day: date) -> dict[int, tuple[str, date]]:
    """Return unit → name and the day from which it no longer exists; a plan that names who follows ends its unit."""
    planned = UnitPlan.objects.due(day).filter(unit__in=unit_ids, into__isnull=False)
    closed = Unit.objects.filter(pk__in=unit_ids, closed_on__lte=day)
    rows = [*planned.values_list("unit", "unit__name", "effective_on"), *closed.values_list("pk", "name", "closed_on")]
    return {pk: (name, end) for pk, name, end in rows}


def same_paths(after: ListAfter) -> Iterator[Finding]:
    """Find two items that would be in force under one path."""
    by_path: dict[str, list[str]] = defaultdict(list)
    for reading in after.after.values():
        if reading.competes:
            by_path[reading.path_text].append(reading.code)
    for item in after.kept:
        codes = by_path.get(after.after[item.code].path_text, ())
        if len(codes) > 1 and item.code in codes:
            yield finding(item.code, "same_path", codes=codes)


def successors(after: ListAfter) -> Iterator[Finding]:
    """Find successors of ended items that would not be there to take over."""
    for item in after.ended:
        if lost := [code for code in item.successors if not after.is_in_force(code)]:
            yield finding(item.code, "successor_missing", codes=lost)


def overlays_left(after: ListAfter) -> Iterator[Finding]:
    """Find overlays of items that end."""
    for item in after.ended:
        if left := after.overlays.get(item.item_id or 0):
            yield finding(item.code, "overlay_left", codes=sorted(left))


def overlay_limits(after: ListAfter) -> Iterator[Finding]:
    """Find overlays that allow more time than the item they narrow."""
    for item in after.kept:
        reading = after.after[item.code]
        for partner in after.partners(item.code):
            local, wide = (reading, after.after[partner]) if reading.narrows_id else (after.after[partner], reading)
            if _hours(local) > _hours(wide) > 0:
                yield finding(item.code, "overlay_longer", overlay=local.code, local=local.limit, wide=wide.limit)


def _hours(reading: Reading) -> float:
    return reading.limit_normal * HOURS[LimitUnit(reading.limit_unit)] if reading.limit_normal else 0


def other_batches(after: ListAfter) -> Iterator[Finding]:
    """Find other batches on their way that change an item of this one."""
    for other in get_conflicts(after.batch):
        kind = "scheduled" if other.is_scheduled else "conflict"
        yield finding(other.code, kind, batch=other.batch.number, owner=other.owner)


def missing_fields(after: ListAfter) -> Iterator[Finding]:
    """Find what an item should say and does not; an overlay inherits it."""
    least = get_parameter("duty.least_examples", after.day)
    for item in after.kept:
        content = item.content or {}
        if after.after[item.code].narrows_id:
            continue
        if not content.get("limit_normal"):
            yield finding(item.code, "no_limit")
        if (count := len(content.get("examples") or ())) < least:
            yield finding(item.code, "few_examples", count=count, least=least)
        for name, kind in (("criteria", "no_criteria"), ("close_criteria", "no_close_criteria")):
            if not content.get(name):
                yield finding(item.code, kind)


def missing_fallbacks(after: ListAfter) -> Iterator[Finding]:
    """Find rows that name nobody to fall back on."""
    for item in after.kept:
        if count := sum(not row["fallback"] for row in item.rows or ()):
            yield finding(item.code, "no_fallback", count=count)


def confusables(after: ListAfter) -> Iterator[Finding]:
    """Find links to easily confused items that lead nowhere or only one way."""
    for item in after.kept:
        found: dict[str, list[str]] = defaultdict(list)
        for code in after.after[item.code].confusable:
            if code not in after.after:
                found["confusable_unknown"].append(code)
            elif not after.is_in_force(code):
                found["confusable_ended"].append(code)
            elif item.code not in after.after[code].confusable:
                found["confusable_one_way"].append(code)
        for kind, codes in found.items():
            yield finding(item.code, kind, codes=codes)


def still_named(after: ListAfter) -> Iterator[Finding]:
    """Find items in force that still name an ended one as easily confused."""
    naming: dict[str, list[str]] = defaultdict(list)
    for reading in after.after.values():
        if not reading.is_retired:
            for code in reading.confusable:
                naming[code].append(reading.code)
    for item in after.ended:
        if item.code in naming:
            yield finding(item.code, "still_named", codes=sorted(naming[item.code]))


def two_owners(after: ListAfter) -> Iterator[Finding]:
    """Find items of nearly the same words that lead to other units in the same area."""
    words = {
        reading.code: words_of(reading.name, reading.keywords) for reading in after.after.values() if reading.competes
    }
    of = [item.code for item in after.kept if item.code in words]
    similar = find_similar(words, of, get_parameter("duty.similar_words", after.day))
    leads = after.leads_of_all({other for others in similar.values() for other in others})
    for code, others in similar.items():
        for other in others:
            if areas := _clashes(after, after.leads_after(code), leads[other]):
                yield finding(code, "two_owners", other=f"{other} {after.after[other].name}", areas=areas)


def _clashes(after: ListAfter, one: Leads, other: Leads) -> list[str]:
    """Return the areas in which both answer, by different units."""
    place, found = after.territory, []
    for area in dict.fromkeys((*one, *other)):
        units = {place.answering(one, area), place.answering(other, area)} - {None}
        if len(units) > 1:
            found.append(place.names.get(area, str(area)))
    return found


RULES: tuple[Rule, ...] = (
    stale_lines,
    other_batches,
    gaps,
    closed_units,
    same_paths,
    successors,
    overlays_left,
    overlay_limits,
    missing_fields,
    missing_fallbacks,
    confusables,
    still_named,
    two_owners,
)
