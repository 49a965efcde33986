"""What a community's desk has beside its queue: the counts of the day, and what may still be taken back.

A count is a small function that answers with a Tile, or with None where it has nothing to say. Another module adds its
own by the decorator `tile`; the order on the page is `place`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from dispatch.models import CoTask
from dispatch.workflow import UNDER_REVIEW
from grid.access import areas_with, holds
from grid.choices import Act, UnitKind
from grid.models import Area, Unit
from intake.models import Channel, Lead
from intake.workflow import LEAD_FOUND

from .community_week import CommunityWeek, get_week, subdistrict_of
from .queue import CAP, Rows, Units, of_units

SCAN_CHANNEL = "scan"


@dataclass(frozen=True)
class Tile:
    """One count of the strip: a picture, what it counts, the figure, a remark, and where it leads."""

    icon: str
    label: str | Promise
    figure: str
    remark: str = ""
    url: str = ""
    done: int | None = None  # of `planned`, drawn as a bar
    planned: int | None = None


class Place:
    """Whose desk it is: the person, the units whose work is theirs, the areas they plan for, and the moment."""

    def __init__(self, user, units: Units, now: datetime):
        self.user, self.units, self.now = user, units, now

    @cached_property
    def areas(self) -> QuerySet[Area]:
        """Return the areas whose grid this person plans."""
        return areas_with(self.user, Act.MANAGE_GRID)

    @cached_property
    def rows(self) -> Rows:
        """Return the work orders of the desk."""
        return of_units(self.units)

    @cached_property
    def own(self) -> Unit | None:
        """Return the community whose desk it is; None above the communities."""
        if self.units.everywhere:
            return None
        found = Unit.objects.filter(pk__in=self.units.ids, kind=UnitKind.COMMUNITY, closed_on=None)[:2]
        return found[0] if len(found) == 1 else None

    @cached_property
    def subdistrict(self) -> Unit | None:
        """Return the subdistrict whose communities are compared; None above it."""
        return None if self.units.everywhere else subdistrict_of(Unit.objects.filter(pk__in=self.units.ids))

    @cached_property
    def week(self) -> list[CommunityWeek]:
        """Return the week of the subdistrict's communities."""
        return get_week(self.subdistrict, self.now) if self.subdistrict else []

    @property
    def own_week(self) -> CommunityWeek | None:
        """Return the week of the community itself."""
        return next((week for week in self.week if self.own and week.unit_id == self.own.pk), None)


TileMaker = Callable[[Place], Tile | None]
_tiles: list[tuple[int, TileMaker]] = []


def tile(place: int) -> Callable[[TileMaker], TileMaker]:
    """Decorate a function that answers with a count of the strip."""

    def add(make: TileMaker) -> TileMaker:
        _tiles.append((place, make))
        return make

    return add


def get_tiles(place: Place) -> list[Tile]:
    """Return the counts of the day, in their order."""
    made = [make(place) for _order, make in sorted(_tiles, key=lambda row: row[0])]
    return [one for one in made if one is not None]


@tile(30)
def scanned(place: Place) -> Tile:
    """扫码上报: open work orders that came from a QR code."""
    channel = Channel.objects.filter(code=SCAN_CHANNEL).first()
    rows = place.rows.open().filter(case__channel=channel)
    count = rows.values("pk")[:CAP].count() if channel else 0
    address = f"{reverse('dispatch:community')}?tab=handling&channel={channel.pk}" if count and channel else ""
    return Tile("qr", _("QR reports"), str(count), url=address)


@tile(40)
def leads(place: Place) -> Tile | None:
    """线索: found in one's area and not verified yet."""
    found = Lead.objects.filter(state=LEAD_FOUND, area__in=place.areas).values("pk")[:CAP].count()
    is_reader = holds(place.user, Act.VERIFY_LEAD)
    return Tile("radar", _("Leads"), str(found), url=reverse("intake:leads") if is_reader else "")


@tile(50)
def ordered(place: Place) -> Tile | None:
    """发令: departments that were called and have not come, or wait for a word."""
    if not holds(place.user, Act.ORDER_DEPARTMENT):
        return None
    called = place.units.narrow(CoTask.objects.open().filter(sheet__isnull=False), "caller")
    count = called.values("pk")[:CAP].count()
    to_judge = called.filter(work_order__state=UNDER_REVIEW).values("pk")[:CAP].count() if count else 0
    remark = _("%(count)s to accept") % {"count": to_judge} if to_judge else ""
    return Tile("people", _("Orders to the spot"), str(count), remark, reverse("dispatch:orders"))


@tile(90)
def week_on_time(place: Place) -> Tile | None:
    """本周按时办结, and the rank among the communities of the subdistrict."""
    own = place.own_week
    if not place.week:
        return None
    if own is None or own.on_time.percent is None:
        return Tile("pulse", _("On time this week"), "—", url=reverse("dispatch:community_week"))
    remark = _("%(rank)s of %(count)s communities") % {"rank": own.rank, "count": len(place.week)}
    return Tile(
        "pulse", _("On time this week"), f"{own.on_time.percent:g} %", remark, reverse("dispatch:community_week")
    )  # fmt: skip


@dataclass(frozen=True)
class BarEntry:
    """One place at the thumb: a picture, a word, where it leads; the camera stands out."""

    icon: str
    label: str | Promise
    url: str
    view: str
    is_camera: bool = False


# What a phone has at the thumb, in its order; a page that does not exist or is not open to somebody is left out.
PHONE_BAR = (
    ("grid", _lazy("To do"), "dispatch:community", Act.MANAGE_GRID),
    ("walk", _lazy("Rounds"), "grid:round", Act.GRID_ROUND),
    ("camera", _lazy("Photo report"), "dispatch:found_new", Act.GRID_ROUND),
    ("house", _lazy("Visits"), "grid:rentals", Act.GRID_ROUND),
    ("person", _lazy("My week"), "dispatch:community_week", Act.MANAGE_GRID),
)


def get_phone_bar(user) -> list[BarEntry]:
    """Return what stands at the thumb of this person."""
    entries = []
    for icon, label, view, act in PHONE_BAR:
        address = _address_of(view)
        if address and holds(user, act):
            entries.append(BarEntry(icon, label, address, view, icon == "camera"))
    return entries


@cache
def _address_of(view: str) -> str | None:
    """Return the address of a page, None where there is none. Addresses never change at run time."""
    try:
        return reverse(view)
    except NoReverseMatch:
        return None
