"""From the place names of a file to areas of one district, and from the names of units to their home areas."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

from grid.choices import Level
from grid.models import Area
from shenzhen_gov.core.exceptions import Refused

SUFFIX = re.compile(r"(街道办事处|办事处|街道办|街道|社区居民委员会|社区居委会|社区工作站|居委会|工作站|社区)$")
OFFICE = r"(?:街道|办事处)"
IN_BRACKETS = r"\({name}(?:街道办事处|街道办|街道|办事处|办|辖区)?\)"


@dataclass(frozen=True)
class Found:
    """Where a row lies, and what in it could not be found; `certain` unless only the district is known."""

    area: Area
    note: str = ""

    @property
    def certain(self) -> bool:
        """Whether more than the district is known."""
        return self.area.level > Level.DISTRICT


class Places:
    """The areas of one district by name. Names are compared without what an area is called (街道, 社区 …)."""

    def __init__(self, code: str):
        district = Area.objects.filter(code=code).first()
        if district is None:
            raise Refused(
                _("There is no area with the code %(code)s; run load_areas first.") % {"code": code}, field="district"
            )
        self.district = district
        below = list(Area.objects.below(district).filter(is_active=True))
        self.subdistricts = {bare(area.short_name): area for area in below if area.level == Level.SUBDISTRICT}
        self.communities = {
            (area.parent_id, bare(area.short_name)): area for area in below if area.level == Level.COMMUNITY
        }
        self._found: dict[tuple[str | None, str | None], Found] = {}

    def find(self, subdistrict: str | None, community: str | None) -> Found:
        """Return the most specific area that the two names agree on, with a note on what is not known here."""
        key = (subdistrict, community)
        if key not in self._found:
            self._found[key] = self._find(subdistrict, community)
        return self._found[key]

    def home_of(self, names: list[str]) -> Area:
        """Return the community or subdistrict that one of a unit's names names, else the district."""
        plain = [_plain(name) for name in names]
        for (_parent, name), area in self.communities.items():
            if any(text.startswith(f"{name}社区") for text in plain):
                return area
        for name, area in self.subdistricts.items():
            pattern = re.compile(f"{name}{OFFICE}|{IN_BRACKETS.format(name=name)}")
            if any(pattern.search(text) for text in plain):
                return area
        return self.district

    def _find(self, subdistrict: str | None, community: str | None) -> Found:
        around = self.subdistricts.get(bare(subdistrict)) if subdistrict else None
        inside = self._community(around, community) if community else None
        notes = []
        if subdistrict and around is None:
            notes.append(_("subdistrict “%(name)s” is unknown") % {"name": subdistrict})
        if community and inside is None:
            notes.append(_("community “%(name)s” is unknown there") % {"name": community})
        return Found(inside or around or self.district, "; ".join(notes))

    def _community(self, around: Area | None, name: str) -> Area | None:
        """Return the community of this name in the subdistrict, or in the whole district if only one is called so."""
        if around is not None:
            return self.communities.get((around.pk, bare(name)))
        found = [area for (_parent, other), area in self.communities.items() if other == bare(name)]
        return found[0] if len(found) == 1 else None


def bare(name: str) -> str:
    """Return a name without what the area is called: 坪山 for 坪山街道办事处."""
    plain = _plain(name)
    return SUFFIX.sub("", plain) or plain


def _plain(name: str) -> str:
    """Return a name without spaces and with half-width brackets."""
    return "".join(unicodedata.normalize("NFKC", name).split())
