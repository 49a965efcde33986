"""党群服务中心 1+11+N: where they are, what they offer, when they are open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grid.choices import HOLIDAY, KindOf, Level, SiteTier
from grid.models import ServiceSite
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput

from .keeping import keep
from .kinds import refuse_kind_of_others

LEVELS = {SiteTier.CITY: (Level.CITY,), SiteTier.DISTRICT: (Level.DISTRICT,)}
BELOW = (Level.SUBDISTRICT, Level.COMMUNITY, Level.CELL, Level.SUBCELL)


@dataclass(frozen=True, kw_only=True)
class SiteData:
    """A service site. `hours`: ISO weekday as text → spans of two times, e.g. {"1": [["09:00", "12:00"]]}.

    Under HOLIDAY stand the hours of public holidays; without them the site is closed on those.
    """

    area_id: int
    name: str
    address: str
    tier: str = SiteTier.LOCAL
    kind_id: int | None = None
    phone: str = ""
    services: str = ""
    hours: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    has_counter: bool = True
    is_active: bool = True
    source: str = ""


@transaction.atomic
def keep_site(pk: int | None, data: SiteData, *, by: Actor, now: datetime) -> ServiceSite:
    """Add or change a site. Raises BadInput: a tier that does not fit the area, a second site of a district."""
    values = asdict(data) | {"hours": checked_hours(data.hours)}
    return keep(ServiceSite, pk, values, check=_fits, by=by, now=now)


def checked_hours(hours: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, list[list[str]]]:
    """Return opening hours in order; spans of a day may neither be empty nor overlap. Raises BadInput(hours_<day>)."""
    kept = {}
    for day, spans in sorted(hours.items()):
        if day not in {*"1234567", HOLIDAY}:
            raise BadInput(_("Weekdays are 1 (Monday) to 7."), field="hours")
        ordered, last = sorted([_minutes(begin, day), _minutes(end, day)] for begin, end in spans), -1
        for begin, end in ordered:
            if end <= begin or begin < last:
                raise BadInput(_("Opening hours overlap, or end before they begin."), field=f"hours_{day}")
            last = end
        if ordered:
            kept[day] = [[_clock(begin), _clock(end)] for begin, end in ordered]
    return kept


def _minutes(text: str, day: str) -> int:
    hour, _colon, minute = text.partition(":")
    if text.isascii() and hour.isdigit() and minute.isdigit() and len(hour) <= 2 and len(minute) == 2:
        at = int(hour) * 60 + int(minute)
        if int(minute) < 60 and at <= 24 * 60:
            return at
    raise BadInput(_("Write times like 09:00-12:00 14:00-18:00."), field=f"hours_{day}")


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _fits(site: ServiceSite) -> None:
    refuse_kind_of_others(site.kind, KindOf.SITE)
    if site.tier in SiteTier.values and site.area.level not in LEVELS.get(SiteTier(site.tier), BELOW):
        raise BadInput(_("A site of this tier does not lie in an area of this level."), field="tier")
