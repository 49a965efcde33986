"""What the public may see of cases through Open311: of listed channels only, never secret ones, in bounded bites.

A question with filters looks through at most SCAN cases (or entries) and says where to go on, so that its cost does not
depend on how many cases there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from dutylist.models import ItemVersion
from intake.models import Case, Channel
from intake.workflow import DRAFT, OPEN_STATES, state_told
from shenzhen_gov.core.models import AuditEntry

from .stages import CASE_TYPE, state_after

SCAN = 5_000


@dataclass(frozen=True)
class Place:
    """Where in the list of cases, newest first, a page ends."""

    at: datetime
    id: int


@dataclass(frozen=True)
class PublicPage:
    """Some cases, and where to go on when there may be more."""

    cases: list[Case]
    next: Place | None


@dataclass(frozen=True)
class Update:
    """A change of state of a public case; `id` is that of its audit entry."""

    id: int
    number: str
    state: str
    at: datetime


def services_offered(on: date) -> QuerySet[ItemVersion]:
    """Return the duty items that citizens are offered on a day: in force, not secret, no district's overlay."""
    found = ItemVersion.objects.in_force(on).filter(is_secret=False, item__narrows=None)
    return found.select_related("item").order_by("item__code")


def service_offered(code: str, on: date) -> ItemVersion | None:
    """Return one of them, or None."""
    return services_offered(on).filter(item__code=code).first()


def public_cases() -> QuerySet[Case]:
    """Return what may be shown at all."""
    shown = Case.objects.filter(channel__in=listed_channels(), is_secret=False, is_sensitive=False)
    return shown.exclude(state=DRAFT).select_related("area", "item", "item_version", "holder")


def listed_channels() -> list[int]:
    """Return the ids of the channels whose cases are listed."""
    return list(Channel.objects.filter(is_listed=True, is_active=True).values_list("pk", flat=True))


def public_cases_numbered(numbers: Collection[str]) -> list[Case]:
    """Return the public cases among these numbers, the newest first."""
    return list(public_cases().filter(number__in=numbers).order_by("-registered_at", "-pk"))


def list_public_cases(
    *, since: datetime, until: datetime, size: int, after: Place | None, services: Collection[str], status: str
) -> PublicPage:
    """Return a page of public cases registered in a span of time, the newest first."""
    narrowed = bool(services or status)
    most = SCAN if narrowed else size + 1
    scanned = _newest(since, until, after, most)
    cases = public_cases().filter(pk__in=[pk for _at, pk in scanned])
    if services:
        cases = cases.filter(item__code__in=services)
    if status:
        cases = cases.filter(state__in=OPEN_STATES) if status == "open" else cases.exclude(state__in=OPEN_STATES)
    found = list(cases.order_by("-registered_at", "-pk")[: size + 1])
    if len(found) > size:
        return PublicPage(found[:size], Place(found[size - 1].registered_at, found[size - 1].pk))
    return PublicPage(found, Place(*scanned[-1]) if len(scanned) == most else None)


def updates_of(cases: Iterable[Case], since: datetime | None, until: datetime | None) -> list[Update]:
    """Return the changes of state of these public cases, the newest first."""
    numbers = {case.pk: case.number for case in cases}
    entries = AuditEntry.objects.filter(object_type=CASE_TYPE, object_id__in=numbers)
    return _updates(_in_time(entries, since, until), numbers)


def list_updates(*, since: datetime, until: datetime, before: int | None) -> tuple[list[Update], int | None]:
    """Return the newest changes of state of public cases, and the entry to go on before when there may be more."""
    top = before or (AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    low = max(top - SCAN, 0)
    entries = AuditEntry.objects.filter(pk__gte=low, pk__lt=top, object_type=CASE_TYPE)
    entries = _in_time(entries, since, until)
    ids = set(entries.filter(changes__has_key="state").values_list("object_id", flat=True))
    numbers = dict(public_cases().filter(pk__in=ids).values_list("pk", "number"))
    is_over = AuditEntry.objects.filter(pk__gte=low, pk__lt=top, at__lt=since).exists()
    return _updates(entries.filter(object_id__in=numbers), numbers), None if is_over or not low else low


def _newest(since: datetime, until: datetime, after: Place | None, most: int) -> list[tuple[datetime, int]]:
    """Return (moment, id) of the newest cases of the listed channels: one look into the index for each channel."""
    rows: list[tuple[datetime, int]] = []
    for channel in listed_channels():
        cases = Case.objects.filter(channel=channel, registered_at__gte=since, registered_at__lt=until)
        if after:
            behind = Q(registered_at__lt=after.at) | Q(registered_at=after.at, pk__lt=after.id)
            cases = cases.filter(behind, registered_at__lte=after.at)
        rows += cases.order_by("-registered_at", "-pk").values_list("registered_at", "pk")[:most]
    return sorted(rows, reverse=True)[:most]


def _in_time(entries: QuerySet, since: datetime | None, until: datetime | None) -> QuerySet:
    if since:
        entries = entries.filter(at__gte=since)
    return entries.filter(at__lt=until) if until else entries


def _updates(entries: QuerySet, numbers: dict[int, str]) -> list[Update]:
    rows = entries.filter(changes__has_key="state").order_by("-pk").values_list("pk", "object_id", "changes", "at")
    found = []
    for pk, case_id, changes, at in rows:
        state = state_told(state_after(changes))
        if state and changes["state"][0] != changes["state"][1]:
            found.append(Update(pk, numbers[case_id], state, at))
    return found
