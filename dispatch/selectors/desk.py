"""The dispatch desk: cases that need a person, and for each the candidates with their reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.functional import Promise

from dispatch.choices import ClockKind, ClockOutcome, NeedsPerson
from dispatch.models import Clock, Decision
from dutylist.models import ItemVersion, Responsibility
from dutylist.selectors import FoundItem, duties_for, search_items
from grid.access import units_with, why_not
from grid.choices import Act
from grid.models import Area, Unit
from intake.models import Case
from intake.selectors import suggest_items
from shenzhen_gov.core.actor import Actor

CANDIDATES = 5
WAITING_SHOWN = 100


@dataclass(frozen=True)
class Candidate:
    """One way to dispatch: a duty item and, where the list names one, the unit responsible at the place.

    `reason` says why it cannot be chosen: a gap in the list, a closed unit, or a unit this dispatcher has no say over.
    """

    item: FoundItem
    version: ItemVersion
    row: Responsibility | None
    reason: str | Promise | None

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


def get_waiting(user) -> QuerySet[Case]:
    """Return the cases that wait for a person at the dispatch desks this person works at, shortest deadline first."""
    latest = Decision.objects.filter(case=OuterRef("pk")).order_by("-id")
    clock = Clock.objects.filter(case=OuterRef("pk"), kind=ClockKind.DISPATCH, outcome=ClockOutcome.RUNNING)
    return (
        Case.objects.awaiting_person()
        .filter(holder__in=units_with(user, Act.DISPATCH_CASE))
        .annotate(
            why=Subquery(latest.values("needs_person")[:1]),
            dispatch_due=Subquery(clock.values("due_at")[:1]),
            dispatch_yellow=Subquery(clock.values("yellow_at")[:1]),
        )
        .select_related("area", "channel", "item_version", "citizen")
        .defer("legacy", "citizen__name", "citizen__phone", "citizen__identity_number", "citizen__address")
        .order_by(F("dispatch_due").asc(nulls_last=True), "id")
    )


def why_label(code: str | None) -> str:
    """Return why the machine did not dispatch, in words."""
    return str(NeedsPerson(code or "").label)


def get_candidates(case: Case, by: Actor, on: date, text: str = "") -> list[Candidate]:
    """Return the items that fit the case (or `text`), best first, each with the unit the list names at the place.

    An item chosen at registration comes first.
    """
    found = _found_items(case, on, text)
    duties = duties_for([(item.item_id, case.area) for item in found], on)
    known = [(item, duties.get((item.item_id, case.area_id))) for item in found]
    return [Candidate(item, duty.version, duty.row, _why_not_to(duty.row, by)) for item, duty in known if duty]


def get_dispatchable_units(user) -> QuerySet[Unit]:
    """Return the units this dispatcher may send cases to."""
    return units_with(user, Act.DISPATCH_CASE)


def find_units(user, name: str, on: date, limit: int = 12) -> QuerySet[Unit]:
    """Return the open units this dispatcher may send to that have or had a name containing `name`."""
    own = get_dispatchable_units(user).open_on(on)
    return own.filter(names__name__icontains=name.strip()).distinct().order_by("level", "path")[:limit]


def get_area_chain(area: Area | None) -> list[Area]:
    """Return the area and everything it lies in, widest first."""
    return list(Area.objects.containing(area)) if area else []


def _found_items(case: Case, on: date, text: str) -> list[FoundItem]:
    found: list[FoundItem] = [
        *suggest_items(text or case.content, title="" if text else case.title, on=on, limit=CANDIDATES)
    ]
    if text or case.item_version is None:
        return found
    chosen = search_items(case.item.code, on=on, limit=1)
    known = {item.item_id for item in chosen}
    return [*chosen, *(item for item in found if item.item_id not in known)][:CANDIDATES]


def _why_not_to(row: Responsibility | None, by: Actor) -> str | Promise | None:
    """Return why the row's unit cannot be chosen by this dispatcher, or None."""
    if row is None:
        return NeedsPerson.NO_ROW.label
    if row.lead_unit.closed_on is not None:
        return NeedsPerson.UNIT_CLOSED.label
    return why_not(by, (Act.DISPATCH_CASE.value,), row.lead_unit)
