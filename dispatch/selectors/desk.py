"""The dispatch desk: for a waiting case the candidates with their reasons, and what speaks against them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from dispatch.choices import NeedsPerson, RequestKind
from dispatch.gate.cells import get_records
from dispatch.gate.opinion import fuse, is_set_up
from dispatch.models import CaseOpinion, CaseRequest, GateCell
from dutylist.models import ItemVersion, Responsibility
from dutylist.selectors import FoundItem, duties_for, search_items
from grid.access import units_with, why_not
from grid.choices import Act
from grid.models import Unit
from grid.querysets import UnitQuerySet
from intake.models import Case
from intake.selectors import SimilarCase, find_similar_to, suggest_items
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.parameters import get_parameter

from .waiting import find_alike_waiting

CANDIDATES = 5


@dataclass(frozen=True)
class Candidate:
    """One way to dispatch: a duty item and, where the list names one, the unit responsible at the place.

    `reason` says why it cannot be chosen: a gap in the list, a closed unit, or a unit this dispatcher has no say over.
    `returns` counts how often the unit lately gave cases of this item back; `record` says how often the machine was
    right with the item around here; `opinion` is its place in the answer of the language model, if one named it.
    """

    item: FoundItem
    version: ItemVersion
    row: Responsibility | None
    reason: str | Promise | None
    returns: int = 0
    record: GateCell | None = None
    opinion: int | None = None

    @property
    def unit(self) -> Unit | None:
        """Return the responsible unit, None where the list has a gap."""
        return self.row.lead_unit if self.row else None

    @property
    def limit(self) -> str:
        """Return the item's handling limit in the reader's language."""
        version = self.version
        return f"{version.limit_normal} {version.get_limit_unit_display()}" if version.limit_normal else ""

    @property
    def percent(self) -> int:
        """Return how well the item fits, against the best one found."""
        return round(self.item.score * 100)

    @property
    def record_percent(self) -> int:
        """Return the precision that the record proves (Wilson's lower bound)."""
        return int(self.record.bound * 100) if self.record else 0

    @property
    def like_cases(self) -> int:
        """Return how many confirmed cases of the item there are, when the text is like them."""
        return getattr(self.item, "like_cases", 0)

    @property
    def like_example(self) -> bool:
        """Whether the text is like an example of the list."""
        return getattr(self.item, "like_example", False)


@dataclass(frozen=True)
class Alike:
    """A waiting case that may be dispatched together with another one, and what speaks for it."""

    case: Case
    similar: SimilarCase | None

    @property
    def holder(self):
        """Return the claim by which somebody has it before them, if any."""
        return getattr(self.case, "claim", None)


def get_candidates(case: Case, by: Actor, on: date, text: str = "") -> list[Candidate]:
    """Return the items that fit the case (or `text`), best first, each with the unit the list names at the place.

    An item chosen at registration comes first.
    """
    found, chosen = _with_opinion(case, _found_items(case, on, text))
    duties = duties_for([(item.item_id, case.area) for item in found], on)
    known = [(item, duty) for item in found if (duty := duties.get((item.item_id, case.area_id)))]
    records = get_records({item.item_id for item, _duty in known}, case.area, on)
    returns = _count_returns({duty.row.lead_unit_id for _item, duty in known if duty.row}, on)
    return [
        Candidate(
            item, duty.version, duty.row, _why_not_to(duty.row, by),
            returns.get((duty.row.lead_unit_id, item.item_id), 0) if duty.row else 0,
            records.get(item.item_id), chosen.get(item.code),
        )
        for item, duty in known
    ]  # fmt: skip


def get_alike(user, case: Case, now: datetime) -> list[Alike]:
    """Return the waiting cases like this one: possibly the same matter, or the same item in the same area."""
    limit = get_parameter("dispatch.most_together", timezone.localdate(now))
    similar = {row.case.pk: row for row in find_similar_to(user, case, now=now, limit=2 * limit)}
    rows = [Alike(row, similar.get(row.pk)) for row in find_alike_waiting(user, case, list(similar), limit)]
    return sorted(rows, key=lambda row: -(row.similar.score if row.similar else 0))


def get_dispatchable_units(user) -> UnitQuerySet:
    """Return the units this dispatcher may send cases to."""
    return units_with(user, Act.DISPATCH_CASE)


def find_units(user, name: str, on: date, limit: int = 12) -> QuerySet[Unit]:
    """Return the open units this dispatcher may send to that have or had a name containing `name`."""
    own = get_dispatchable_units(user).open_on(on)
    return own.filter(names__name__icontains=name.strip()).distinct().order_by("level", "path")[:limit]


def _found_items(case: Case, on: date, text: str) -> list[FoundItem]:
    found: list[FoundItem] = [
        *suggest_items(text or case.content, title="" if text else case.title, on=on, limit=CANDIDATES)
    ]
    if text or case.item_version is None or case.item is None:
        return found
    chosen = search_items(case.item.code, on=on, limit=1)
    known = {item.item_id: item for item in found}
    first = [known.get(item.item_id, item) for item in chosen]
    return [*first, *(item for item in found if item not in first)][:CANDIDATES]


def _with_opinion(case: Case, found: list[FoundItem]) -> tuple[list[FoundItem], dict[str, int]]:
    """Return the items in the order that ranking and language model give together, and code → the model's place."""
    opinion = CaseOpinion.objects.filter(case=case).first() if is_set_up() else None
    if opinion is None or not opinion.codes:
        return found, {}
    order = fuse([item.code for item in found], opinion.codes)
    chosen = {code: place for place, code in enumerate(opinion.codes, start=1)}
    return sorted(found, key=lambda item: order.index(item.code)), chosen


def _count_returns(unit_ids: set[int], on: date) -> dict[tuple[int, int], int]:
    """Return (unit, item) → how often the unit asked to give a case of the item back lately."""
    if not unit_ids:
        return {}
    since = timezone.now() - timedelta(days=get_parameter("dispatch.return_days", on))
    asked = CaseRequest.objects.filter(kind=RequestKind.RETURN, asked_by_unit__in=unit_ids, asked_at__gte=since)
    counted = asked.order_by().values_list("asked_by_unit", "case__item").annotate(Count("pk"))
    return {(unit, item): count for unit, item, count in counted}


def _why_not_to(row: Responsibility | None, by: Actor) -> str | Promise | None:
    """Return why the row's unit cannot be chosen by this dispatcher, or None."""
    if row is None:
        return NeedsPerson.NO_ROW.label
    if row.lead_unit.closed_on is not None:
        return NeedsPerson.UNIT_CLOSED.label
    return why_not(by, (Act.DISPATCH_CASE.value,), row.lead_unit)
