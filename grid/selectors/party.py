"""What is asked of the registers of party and partners."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db.models import Count, Exists, F, Model, OuterRef, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from grid.choices import HOLIDAY, Act, KindOf, Level
from grid.models import (
    Adviser,
    Area,
    CommunityTask,
    Estate,
    GatheringItem,
    Liaison,
    PartyKind,
    Reporter,
    ServiceDay,
    ServiceSite,
    Staff,
    TaskClaim,
    Unit,
)
from grid.workflow import ITEM_ESCALATED, ITEM_OPEN
from shenzhen_gov.core.exceptions import BadInput, OutOfSight
from shenzhen_gov.core.models import CalendarDay

from .territory import BUILDING_DIGITS, find_units

PAGE = 50  # entries of a list
OFFERED = 40  # areas to choose from
DAYS_SHOWN = 60  # of service of one who reported
Row = TypeVar("Row", bound=Model)


def list_entries(model: type[Row], user, before: int | None = None, related: tuple[str, ...] = ()) -> QuerySet[Row]:
    """Return one page of a register in sight, newest first; `before`: the id after which it goes on."""
    rows = access.visible_to(model._default_manager.select_related("area", *related), user)
    return (rows.filter(pk__lt=before) if before is not None else rows).order_by("-pk")[:PAGE]


def get_entry(model: type[Row], user, pk: int) -> Row:
    """Return an entry in sight; raises OutOfSight for any other."""
    row = access.visible_to(model._default_manager.select_related("area"), user).filter(pk=pk).first()
    if row is None:
        raise OutOfSight(_("Not found."))
    return row


@dataclass(frozen=True)
class Opening:
    """A site on one day: whether it is open at the moment, its hours of that day, the holiday or make-up day it is."""

    is_open: bool
    spans: list[list[str]]
    special: CalendarDay | None


def openings_of(sites: Iterable[ServiceSite], now: datetime) -> dict[int, Opening]:
    """Return site → how it is open on the day of `now`, by its own hours and the calendar of holidays.

    On a public holiday the hours for holidays count; on a make-up working day, where the site has no hours on that
    weekday, those of its first one.
    """
    local = timezone.localtime(now)
    at, special = f"{local:%H:%M}", CalendarDay.objects.filter(date=local.date()).first()
    found = {}
    for site in sites:
        spans = _spans(site.hours, str(local.isoweekday()), special) if site.is_active else []
        found[site.pk] = Opening(any(begin <= at < end for begin, end in spans), spans, special)
    return found


def _spans(hours: dict[str, list[list[str]]], weekday: str, special: CalendarDay | None) -> list[list[str]]:
    if special is not None and special.kind == CalendarDay.Kind.HOLIDAY:
        return hours.get(HOLIDAY, [])
    if special is not None and weekday not in hours:
        return next((hours[day] for day in sorted(hours) if day != HOLIDAY), [])
    return hours.get(weekday, [])


def find_area_planned(user, text: str) -> Area:
    """Return the one area in use that `text` names or codes, of those where `user` plans. Raises BadInput(area)."""
    areas = access.areas_with(user, Act.MANAGE_GRID).filter(is_active=True)
    found = list(areas.filter(Q(name=text) | Q(short_name=text) | Q(code=text)).order_by("level", "path")[:2])
    if not found:
        raise BadInput(_("No area of your territory is called so."), field="area")
    if len(found) > 1 and found[0].level == found[1].level:
        raise BadInput(_("Several areas are called so; give the code."), field="area")
    return found[0]


def home_area_planned(user) -> str:
    """Return the name of the widest area where `user` plans, if there is one."""
    areas = access.areas_with(user, Act.MANAGE_GRID).order_by("level", "path").values_list("name", flat=True)
    return areas.first() or ""


def areas_offered(user, row: Model | None = None) -> list[tuple[str, str]]:
    """Return (code, name) to choose from, widest first, where there are few: so that nobody types on a phone.

    The area of `row` is among them even where `user` plans in a part of it only.
    """
    areas = access.areas_with(user, Act.MANAGE_GRID).filter(is_active=True, level__lt=Level.SUBCELL)
    found = list(areas.select_related("parent").order_by("level", "path")[: OFFERED + 1])
    if len(found) > OFFERED:
        return []
    if row is not None and row.area not in found:  # type: ignore[attr-defined]
        found.append(row.area)  # type: ignore[attr-defined]
    return [(area.code, f"{area.parent} {area}" if area.level == Level.CELL else str(area)) for area in found]


def find_unit_named(text: str, on: date) -> Unit:
    """Return the one unit called so today. Raises BadInput(unit)."""
    found = find_units(text, on)
    if len(found) != 1:
        raise BadInput(_("Several units are called so.") if found else _("No unit is called so."), field="unit")
    return found[0]


def kinds_of(register: KindOf, on: date) -> list[PartyKind]:
    """Return the kinds in use of a register on that day, in their order."""
    return list(PartyKind.objects.filter(of=register, is_active=True, effective_from__lte=on))


def find_account(username: str) -> Staff:
    """Return the active account with this user name. Raises BadInput(account)."""
    found = Staff.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise BadInput(_("No account has this user name."), field="account")
    return found


def liaisons_for(user, on: date) -> QuerySet[Liaison]:
    """Return the liaisons in force in sight: for the form of a visit."""
    rows = access.visible_to(Liaison.objects.select_related("unit", "area"), user)
    return rows.filter(begins_on__lte=on).exclude(ends_on__lt=on).order_by("area__path")


def estate_units(area: Area | None, house_code: str, on: date) -> dict[int, bool]:
    """Return the units that look after the estate a case lies in on that day, and whether its building is named.

    Those of the building come first, then those of the smallest area.
    """
    code = house_code[:BUILDING_DIGITS]
    line = [int(part) for part in area.path.strip("/").split("/")] if area is not None else []
    of_building = Estate.objects.filter(buildings__code=code) if len(code) == BUILDING_DIGITS else Estate.objects.none()
    found: dict[int, bool] = {}
    for rows, is_named in ((of_building, True), (Estate.objects.filter(area__in=line, buildings=None), False)):
        rows = rows.filter(begins_on__lte=on).exclude(ends_on__lt=on).order_by("-area__level", "pk")
        for unit_id in rows.values_list("unit", flat=True):
            found.setdefault(unit_id, is_named)
    return found


def advisers_for(area: Area | None, on: date) -> list[Adviser]:
    """Return the advisers of an area and of those around it on that day, who is on duty then first."""
    if area is None:
        return []
    line = [int(part) for part in area.path.strip("/").split("/")]
    rows = Adviser.objects.filter(area__in=line, begins_on__lte=on).exclude(ends_on__lt=on).select_related("area")
    today = str(on.isoweekday())
    return sorted(rows, key=lambda row: (today not in row.weekdays, -row.area.level, row.pk))


def days_of(reporter: Reporter) -> list[ServiceDay]:
    """Return the last days of service, newest first."""
    return list(reporter.service_days.order_by("-day")[:DAYS_SHOWN])


def sum_of_days(reporter: Reporter) -> dict:
    """Return {"days", "hours"} of all days of service; an organisation's hours count for each of its people."""
    return reporter.service_days.aggregate(days=Count("pk"), hours=Sum(F("hours") * F("people")))


def takers_for(task: CommunityTask, kinds: tuple[str, ...]) -> list[Reporter]:
    """Return who could still take a task on: reported around or below its area, and without a claim."""
    line = [int(part) for part in task.area.path.strip("/").split("/")]
    claimed = task.claims.filter(withdrawn_at=None, reporter=OuterRef("pk"))
    rows = Reporter.objects.filter(Q(area__in=line) | Q(area__path__startswith=task.area.path))
    return list(rows.filter(is_active=True, kind__in=kinds).exclude(Exists(claimed)).order_by("kind", "pk")[:300])


def claims_of(task: CommunityTask) -> list[TaskClaim]:
    """Return the claims of a task, those that stand first."""
    return list(task.claims.select_related("reporter").order_by(F("withdrawn_at").asc(nulls_first=True), "pk")[:400])


def claim_in(task: CommunityTask, pk: int | None) -> TaskClaim | None:
    """Return the claim of this task with that id."""
    return None if pk is None else task.claims.filter(pk=pk).first()


def waiting_items(gathering_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return meeting or visit → {state: items} of what nobody has answered or handed on yet."""
    rows = GatheringItem.objects.filter(gathering__in=list(gathering_ids), state__in=[ITEM_OPEN, ITEM_ESCALATED])
    found: dict[int, dict[str, int]] = {}
    for gathering, state, count in rows.values_list("gathering", "state").annotate(Count("pk")).order_by("gathering"):
        found.setdefault(gathering, {})[state] = count
    return found
