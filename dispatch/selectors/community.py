"""What a community's desk has beside its queue: whose desk it is, and what a phone has at the thumb."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from grid.access import areas_with, holds
from grid.choices import Act, UnitKind
from grid.models import Area, Unit
from shenzhen_gov.core.addresses import address_or_none

from .community_week import CommunityWeek, get_week, subdistrict_of
from .queue import Rows, Units, of_units


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
    ("grid", _("To do"), "dispatch:community", Act.MANAGE_GRID),
    ("walk", _("Rounds"), "grid:round_today", Act.GRID_ROUND),
    ("camera", _("Photo report"), "dispatch:found_new", Act.GRID_ROUND),
    ("house", _("Visits"), "grid:rentals", Act.GRID_ROUND),
    ("person", _("My week"), "dispatch:community_week", Act.MANAGE_GRID),
)


def get_phone_bar(user) -> list[BarEntry]:
    """Return what stands at the thumb of this person."""
    entries = []
    for icon, label, view, act in PHONE_BAR:
        address = address_or_none(view)
        if address and holds(user, act):
            entries.append(BarEntry(icon, label, address, view, icon == "camera"))
    return entries
