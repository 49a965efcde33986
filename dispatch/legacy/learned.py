"""What was learned, as rows of the duty list: item × area → unit, at the widest area where one unit does it all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dutylist.models import ItemVersion, Responsibility
from dutylist.selectors import versions_in_force
from dutylist.services import NewResponsibility, set_responsibilities
from grid.choices import Level
from grid.models import Area
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused

from .backoff import BackOff
from .history import Past, roles
from .replay import LEAST_CASES, LEAST_SHARE


@dataclass(frozen=True)
class Learned:
    """Who is responsible in an area, and on how many earlier cases that rests."""

    item: int
    area: int
    unit: int
    cases: int


def learn_rows(cases: Iterable[Past], district: Area, *, earned_only: bool = False) -> list[Learned]:
    """Return who is responsible for every item seen, by area.

    Where the communities of a subdistrict (or the subdistricts of the district) have different units, the row stands at
    the narrower area only: a case whose place is not known that closely goes to a person. With `earned_only`, only
    cells with at least 10 cases, 90 % of them at one unit.
    """
    cases = list(cases)
    model = BackOff(lambda case: case.unit, roles({case.unit for case in cases}))
    examples: dict[int, Past] = {}
    for case in cases:
        model.learn(case)
        examples.setdefault(case.item, case)
    tree = _tree(district)
    return [row for example in examples.values() for row in _rows_of(example, model, district, tree, earned_only)]


@transaction.atomic
def write_rows(rows: Iterable[Learned], *, until: date, source: str, by: Actor, now: datetime) -> int:
    """Write learned rows into the duty list, labelled with their source; returns how many are new.

    Rows that are there already must say the same: raises Refused when they were learned otherwise, since a published
    version is never changed (and a list that knows later cases would spoil a replay).
    """
    rows = list(rows)
    versions = versions_in_force({row.item for row in rows}, until)
    wanted = {(versions[row.item].pk, row.area): row for row in rows if row.item in versions}
    there = _already_there(versions.values())
    if there and there != {key: row.unit for key, row in wanted.items()}:
        raise Refused(
            _(
                "The duty list has rows for these items that differ from what is learned until %(day)s; published "
                "versions are not changed."
            )
            % {"day": until}
        )
    if there:
        return 0
    return set_responsibilities(
        (
            NewResponsibility(version_id, area_id, row.unit, note=_note(row, until, source))
            for (version_id, area_id), row in wanted.items()
        ),
        by=by,
        now=now,
    )


def _already_there(versions: Iterable[ItemVersion]) -> dict[tuple[int, int], int]:
    rows = Responsibility.objects.filter(version__in=[version.pk for version in versions])
    return {(version, area): unit for version, area, unit in rows.values_list("version_id", "area_id", "lead_unit_id")}


def _note(row: Learned, until: date, source: str) -> str:
    return _("%(source)s: learned from %(count)s cases before %(day)s") % {
        "source": source,
        "count": row.cases,
        "day": until,
    }


def _tree(district: Area) -> dict[int, list[int]]:
    """Return subdistrict → its communities."""
    tree: dict[int, list[int]] = {}
    areas = list(Area.objects.below(district).filter(is_active=True).order_by("level", "code"))
    for area in areas:
        if area.level == Level.SUBDISTRICT:
            tree[area.pk] = []
        elif area.level == Level.COMMUNITY and area.parent_id in tree:
            tree[area.parent_id].append(area.pk)
    return tree


def _rows_of(
    example: Past, model: BackOff, district: Area, tree: dict[int, list[int]], earned_only: bool
) -> Iterator[Learned]:
    """Yield the rows of one item, as wide as the units allow."""
    by_street: dict[int, dict[int, Learned]] = defaultdict(dict)
    for street, communities in tree.items():
        for community in communities or [street]:
            case = replace(example, subdistrict=street, community=community if communities else None)
            if (row := _best(case, community, model, earned_only)) is not None:
                by_street[street][community] = row
    complete = sum(len(rows) for rows in by_street.values()) == sum(len(found) or 1 for found in tree.values())
    units = {row.unit for rows in by_street.values() for row in rows.values()}
    if complete and len(units) == 1:
        yield Learned(example.item, district.pk, units.pop(), model.seen(example.item))
        return
    for street, rows in by_street.items():
        if len(rows) == (len(tree[street]) or 1) and len({row.unit for row in rows.values()}) == 1:
            yield replace(next(iter(rows.values())), area=street)
        else:
            yield from rows.values()


def _best(case: Past, area: int, model: BackOff, earned_only: bool) -> Learned | None:
    """Return the most probable unit at one place.

    None where the trust asked for was not earned, or no case of the very item says anything about that place: what is
    only guessed from like items is no entry of a list.
    """
    ranked = model.rank(case)
    if not ranked:
        return None
    unit = ranked[0][0]
    cell = model.cell(case, LEAST_CASES if earned_only else 1)
    if not cell.cases:
        return None
    if earned_only and (cell.cases < LEAST_CASES or cell.share < LEAST_SHARE or cell.label != unit):
        return None
    return Learned(case.item, area, int(str(unit)), cell.cases)
